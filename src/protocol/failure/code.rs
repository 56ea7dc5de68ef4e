//! The one table of error codes: the name on the wire, the exit code, whether trying again helps, meaning and cure. Knows no failure.

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
    /// The time budget ran out.
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

/// One row of the table: all that is known of a code.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The code.
    pub code: Code,
    /// Its name on the wire.
    pub name: &'static str,
    /// The exit code of a run that ends with it: 1 Zoom said no, 2 the input is wrong, 70 a bug, 75 try again.
    pub exit: u8,
    /// Whether the same request may succeed later.
    pub retryable: bool,
    /// When it comes, for README and schema.
    pub meaning: &'static str,
    /// What to do about it, for README and `hint` where nothing better is known.
    pub cure: &'static str,
}

const fn row(
    code: Code,
    name: &'static str,
    exit: u8,
    retryable: bool,
    meaning: &'static str,
    cure: &'static str,
) -> Row {
    Row {
        code,
        name,
        exit,
        retryable,
        meaning,
        cure,
    }
}

/// Every code, in the order of the documentation.
pub static TABLE: &[Row] = &[
    row(
        Code::InvalidRequest,
        "invalid_request",
        2,
        false,
        "stdin is not one request",
        "Send one JSON object with `action`, `parameters` and `resource`; `line` and `column`, or `field`, say where it went wrong.",
    ),
    row(
        Code::UnknownAction,
        "unknown_action",
        2,
        false,
        "there is no such action; the message lists those there are",
        "Use one of the listed ids or titles.",
    ),
    row(
        Code::InvalidParameters,
        "invalid_parameters",
        2,
        false,
        "a parameter is missing, unknown or does not fit; nothing was sent",
        "Correct the parameter that `field` names; `zoom-runner schema ACTION.input` shows them all.",
    ),
    row(
        Code::InvalidResource,
        "invalid_resource",
        2,
        false,
        "a resource field is missing or does not fit; nothing was sent",
        "Correct the resource field that `field` names.",
    ),
    row(
        Code::Unauthorized,
        "unauthorized",
        1,
        false,
        "Zoom refused the credentials, or the app is not activated",
        "Compare client ID, client secret and account ID with the app's page in the Zoom App Marketplace, and activate the app there.",
    ),
    row(
        Code::MissingScope,
        "missing_scope",
        1,
        false,
        "the app lacks a scope (Zoom 4711, 4700, 104)",
        "Add the first scope in `scopes` to the Server-to-Server OAuth app; the next run has it.",
    ),
    row(
        Code::Forbidden,
        "forbidden",
        1,
        false,
        "role, plan, license, quota or policy forbids it (403, Zoom 200, 1107, 2034, 3161, 3412, ...)",
        "Read Zoom's message: it names the role, license, quota or policy that stands in the way.",
    ),
    row(
        Code::NotFound,
        "not_found",
        1,
        false,
        "no such user, meeting, role or recording (Zoom 1001, 1010, 1034, 3001, 3301)",
        "Check the id, number or email address, and that it belongs to this account.",
    ),
    row(
        Code::Conflict,
        "conflict",
        1,
        false,
        "the state forbids it now (Zoom 3002 in progress, 3007 ended, 409)",
        "Wait until the state changes, or change it first.",
    ),
    row(
        Code::Rejected,
        "rejected",
        1,
        false,
        "any other refusal by Zoom, a gateway's 4xx page included",
        "Read Zoom's reason in the message, and correct the request.",
    ),
    row(
        Code::NotApplied,
        "not_applied",
        1,
        false,
        "Zoom answered 2xx, but reading back shows that some of it did not take; `data` says which",
        "Look in the Zoom web portal whether the setting is locked for the account or the group, and unlock it there.",
    ),
    row(
        Code::BadAnswer,
        "bad_answer",
        1,
        false,
        "2xx with something that is not what the API promises (HTML too), or too large; a redirect",
        "Check `token_url` and `api_url`, and whether a proxy answers in Zoom's place.",
    ),
    row(
        Code::UntrustedCertificate,
        "untrusted_certificate",
        1,
        false,
        "TLS verification failed",
        "If a proxy inspects TLS on this network, put its root certificate into `ca_certificate`; otherwise somebody else is answering for that host.",
    ),
    row(
        Code::ProxyRefused,
        "proxy_refused",
        1,
        false,
        "the proxy answered 407 or 403 to the request for a connection",
        "Put the proxy's user name and password into `proxy_url`, or have the proxy allow Zoom's hosts.",
    ),
    row(
        Code::RateLimited,
        "rate_limited",
        75,
        true,
        "a rate limit held until the timeout, or a daily limit was used up (then at once, with `retry_after_seconds`)",
        "Run the action again later, after `retry_after_seconds` where that is given; all apps of the account share Zoom's limits.",
    ),
    row(
        Code::Unreachable,
        "unreachable",
        75,
        true,
        "DNS, connect, proxy or TLS handshake failed, or the connection broke before an answer",
        "Check the URLs, the network and `proxy_url`.",
    ),
    row(
        Code::Timeout,
        "timeout",
        75,
        true,
        "the timeout ran out",
        "Check that Zoom answers from this network. A long list needs a larger `timeout`, or a `limit`.",
    ),
    row(
        Code::Cancelled,
        "cancelled",
        75,
        true,
        "SIGTERM, SIGINT or SIGHUP",
        "Run the action again.",
    ),
    row(
        Code::ZoomUnavailable,
        "zoom_unavailable",
        75,
        true,
        "Zoom answered 5xx, whatever the body",
        "Run the action again later; https://status.zoom.us shows outages.",
    ),
    row(
        Code::HostLimit,
        "host_limit",
        75,
        true,
        "this machine or container allows no more threads, files or memory",
        "Raise the limit of the container or the service (pids, open files, memory), or run fewer actions at once.",
    ),
    row(
        Code::Internal,
        "internal",
        70,
        false,
        "a bug here",
        "Report it, with the request (without secrets) and the version.",
    ),
];

impl Code {
    /// The code's row.
    #[must_use]
    pub fn row(self) -> &'static Row {
        #[expect(
            clippy::indexing_slicing,
            reason = "a test holds the table to the order and number of the codes"
        )]
        &TABLE[self as usize]
    }

    /// The name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// The code called `name` on the wire.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        TABLE
            .iter()
            .find(|row| row.name == name)
            .map(|row| row.code)
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
    fn the_table_is_in_the_order_of_the_codes() {
        for (index, row) in TABLE.iter().enumerate() {
            assert_eq!(row.code as usize, index, "{}", row.name);
            assert_eq!(Code::named(row.name), Some(row.code));
        }
    }

    #[test]
    fn every_exit_code_is_one_of_the_contract_and_75_means_try_again() {
        for row in TABLE {
            assert!([1, 2, 70, 75].contains(&row.exit), "{}", row.name);
            assert_eq!(row.retryable, row.exit == 75, "{}", row.name);
        }
    }
}
