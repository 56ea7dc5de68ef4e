//! The error codes: the name on the wire, the exit code, the meaning and the hint. Begin with [`Code::info`].

use serde::Serialize;
use std::fmt;

/// The error codes. Their wire names are API and are never renamed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Code {
    /// stdin is not one request.
    InvalidRequest,
    /// No such action.
    UnknownAction,
    /// A parameter is missing, unknown or does not fit.
    InvalidParameters,
    /// A resource field is missing or does not fit.
    InvalidResource,
    /// Zoom refused the credentials.
    Unauthorized,
    /// The app lacks a scope.
    MissingScope,
    /// Role, plan, licence or policy forbids it.
    Forbidden,
    /// No such user or meeting.
    NotFound,
    /// The state forbids it now.
    Conflict,
    /// Any other refusal by Zoom.
    Rejected,
    /// Zoom said yes, reading back says no.
    NotApplied,
    /// A 2xx that is not what the API promises.
    BadAnswer,
    /// TLS verification failed.
    UntrustedCertificate,
    /// The proxy did not let the connection through.
    ProxyRefused,
    /// A limit held.
    RateLimited,
    /// No connection, or it broke before an answer.
    Unreachable,
    /// The timeout ran out.
    Timeout,
    /// SIGTERM, SIGINT or SIGHUP.
    Cancelled,
    /// Zoom answered 5xx.
    ZoomUnavailable,
    /// This machine allows no more threads, files or memory.
    HostLimit,
    /// A bug here.
    Internal,
}

/// All that is known of a code.
#[derive(Clone, Copy, Debug)]
pub struct Info {
    /// Its name on the wire.
    pub name: &'static str,
    /// The exit code of a run that ends with it: 1 refused, 2 wrong input, 70 a bug, 75 a temporary failure.
    pub exit: u8,
    /// When it comes, for the documentation and the schema.
    pub meaning: &'static str,
    /// The instruction: the `hint` where a failure has none of its own.
    pub hint: &'static str,
}

impl Info {
    /// True when the same request may succeed later.
    #[must_use]
    pub const fn is_retryable(self) -> bool {
        self.exit == 75
    }
}

impl Code {
    /// Every code, in the order of the documentation.
    pub const ALL: [Self; 21] = [
        Self::InvalidRequest,
        Self::UnknownAction,
        Self::InvalidParameters,
        Self::InvalidResource,
        Self::Unauthorized,
        Self::MissingScope,
        Self::Forbidden,
        Self::NotFound,
        Self::Conflict,
        Self::Rejected,
        Self::NotApplied,
        Self::BadAnswer,
        Self::UntrustedCertificate,
        Self::ProxyRefused,
        Self::RateLimited,
        Self::Unreachable,
        Self::Timeout,
        Self::Cancelled,
        Self::ZoomUnavailable,
        Self::HostLimit,
        Self::Internal,
    ];

    /// Returns all that is known of the code.
    #[must_use]
    pub const fn info(self) -> Info {
        let (name, exit, meaning, hint) = match self {
            Self::InvalidRequest => (
                "invalid_request",
                2,
                "stdin is not one request",
                "Send one JSON object with `action`, `parameters` and `resource`; `line` and `column`, or `field`, say where it went wrong.",
            ),
            Self::UnknownAction => (
                "unknown_action",
                2,
                "there is no such action; the message lists those there are",
                "Use one of the listed ids or titles.",
            ),
            Self::InvalidParameters => (
                "invalid_parameters",
                2,
                "a parameter is missing, unknown or does not fit; nothing was sent",
                "Correct the parameter that `field` names; `zoom-runner actions ACTION` explains them all.",
            ),
            Self::InvalidResource => (
                "invalid_resource",
                2,
                "a resource field is missing or does not fit; nothing was sent",
                "Correct the resource field that `field` names.",
            ),
            Self::Unauthorized => (
                "unauthorized",
                1,
                "Zoom refused the credentials, or the app is not activated",
                "Compare client ID, client secret and account ID with the app's page in the Zoom App Marketplace, and activate the app there.",
            ),
            Self::MissingScope => (
                "missing_scope",
                1,
                "the app lacks a scope (Zoom 4711, 4700, 104)",
                "Add the first scope in `scopes` to the Server-to-Server OAuth app; the next run has it.",
            ),
            Self::Forbidden => (
                "forbidden",
                1,
                "role, plan, license, quota or policy forbids it (403, Zoom 200, 1107, 2034, 3161, 3412, ...)",
                "Read Zoom's message: it names the role, license, quota or policy that stands in the way.",
            ),
            Self::NotFound => (
                "not_found",
                1,
                "no such user, meeting, role or recording (Zoom 1001, 1010, 1034, 3001, 3301)",
                "Check the id, number or email address, and that it belongs to this account.",
            ),
            Self::Conflict => (
                "conflict",
                1,
                "the state forbids it now (Zoom 3002 in progress, 3007 ended, 409)",
                "Wait until the state changes, or change it first.",
            ),
            Self::Rejected => (
                "rejected",
                1,
                "any other refusal by Zoom, a gateway's 4xx page included",
                "Read Zoom's reason in the message, and correct the request.",
            ),
            Self::NotApplied => (
                "not_applied",
                1,
                "Zoom answered 2xx, but reading back shows that some of it did not take; `data` says which",
                "Look in the Zoom web portal whether the setting is locked for the account or the group, and unlock it there.",
            ),
            Self::BadAnswer => (
                "bad_answer",
                1,
                "2xx with something that is not what the API promises (HTML too), or too large; a redirect",
                "Check `token_url` and `api_url`, and whether a proxy answers in Zoom's place.",
            ),
            Self::UntrustedCertificate => (
                "untrusted_certificate",
                1,
                "TLS verification failed",
                "If a proxy inspects TLS on this network, put its root certificate into `ca_certificate`; otherwise somebody else is answering for that host.",
            ),
            Self::ProxyRefused => (
                "proxy_refused",
                1,
                "the proxy answered 407 or 403 to the request for a connection",
                "Put the proxy's user name and password into `proxy_url`, or have the proxy allow Zoom's hosts.",
            ),
            Self::RateLimited => (
                "rate_limited",
                75,
                "a rate limit held until the timeout, or a daily limit was used up (then at once, with `retry_after_seconds`)",
                "Run the action again later, after `retry_after_seconds` where that is given; all apps of the account share Zoom's limits.",
            ),
            Self::Unreachable => (
                "unreachable",
                75,
                "DNS, connect, proxy or TLS handshake failed, or the connection broke before an answer",
                "Check the URLs, the network and `proxy_url`.",
            ),
            Self::Timeout => (
                "timeout",
                75,
                "the timeout ran out",
                "Check that Zoom answers from this network. A long list needs a larger `timeout`, or a `limit`.",
            ),
            Self::Cancelled => (
                "cancelled",
                75,
                "SIGTERM, SIGINT or SIGHUP",
                "Run the action again.",
            ),
            Self::ZoomUnavailable => (
                "zoom_unavailable",
                75,
                "Zoom answered 5xx, whatever the body",
                "Run the action again later; https://status.zoom.us shows outages.",
            ),
            Self::HostLimit => (
                "host_limit",
                75,
                "this machine or container allows no more threads, files or memory",
                "Raise the limit of the container or the service (pids, open files, memory), or run fewer actions at once.",
            ),
            Self::Internal => (
                "internal",
                70,
                "a bug here",
                "Report it, with the request (without secrets) and the version.",
            ),
        };
        Info {
            name,
            exit,
            meaning,
            hint,
        }
    }

    /// The name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.info().name
    }

    /// The code called `name` on the wire.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.name() == name)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_found_by_its_name_and_listed_once() {
        for (index, code) in Code::ALL.into_iter().enumerate() {
            assert_eq!(code as usize, index, "{code}");
            assert_eq!(Code::named(code.name()), Some(code));
        }
    }

    #[test]
    fn code_has_an_exit_code_of_the_contract() {
        for code in Code::ALL {
            assert!([1, 2, 70, 75].contains(&code.info().exit), "{code}");
        }
    }
}
