//! What can go wrong, in one table: the code on the wire, the exit code, whether trying again helps, meaning and cure. Knows nothing of how it came about.

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
    /// A limit held.
    RateLimited,
    /// No connection, or it broke before an answer.
    Unreachable,
    /// The time budget ran out.
    Timeout,
    /// SIGTERM or SIGINT.
    Cancelled,
    /// Zoom answered 5xx.
    ZoomUnavailable,
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
    Row { code, name, exit, retryable, meaning, cure }
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
        "Compare client id, client secret and account id with the app's page in the Zoom App Marketplace, and see that the app is activated there.",
    ),
    row(
        Code::MissingScope,
        "missing_scope",
        1,
        false,
        "the app lacks a scope (Zoom 4711, 4700)",
        "Add one of the scopes in `scopes` to the Server-to-Server OAuth app; the next token carries it.",
    ),
    row(
        Code::Forbidden,
        "forbidden",
        1,
        false,
        "role, plan, licence or policy forbids it (403, Zoom 200, 3161, 3018, 3037, ...)",
        "Read Zoom's message: it names the role, licence or policy that stands in the way.",
    ),
    row(
        Code::NotFound,
        "not_found",
        1,
        false,
        "no such user or meeting (404, Zoom 1001, 1010, 3001)",
        "Check the id or e-mail address, and that it belongs to this account.",
    ),
    row(
        Code::Conflict,
        "conflict",
        1,
        false,
        "the state forbids it now (Zoom 3002 in progress, 3007 ended, 409)",
        "Wait for the state to change, or change it first: `end_if_live` ends a running meeting before it is deleted.",
    ),
    row(
        Code::Rejected,
        "rejected",
        1,
        false,
        "any other refusal by Zoom, a gateway's 4xx page included",
        "Read Zoom's message in `zoom`: it says what it did not like.",
    ),
    row(
        Code::NotApplied,
        "not_applied",
        1,
        false,
        "Zoom answered 2xx, but reading back shows that some of it did not take; `data` says which",
        "An administrator has probably locked the setting for the account or the group, or a policy overrides it.",
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
        Code::RateLimited,
        "rate_limited",
        75,
        true,
        "a limit held to the end of the time budget, or a daily limit (then at once, with `retry_after_seconds`)",
        "Try again after `retry_after_seconds`; Zoom's limits are shared by all apps of the account.",
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
        "the time budget ran out",
        "Raise the resource's `timeout`, or ask for less (`limit`).",
    ),
    row(Code::Cancelled, "cancelled", 75, true, "SIGTERM or SIGINT", "Run the action again."),
    row(
        Code::ZoomUnavailable,
        "zoom_unavailable",
        75,
        true,
        "Zoom answered 5xx, whatever the body",
        "Try again later; https://status.zoom.us shows outages.",
    ),
    row(
        Code::Internal,
        "internal",
        70,
        false,
        "a bug here",
        "Please report it, with the request (without secrets) and the version.",
    ),
];

impl Code {
    /// The code's row.
    #[must_use]
    pub fn row(self) -> &'static Row {
        #[expect(clippy::indexing_slicing, reason = "a test holds the table to the order and number of the codes")]
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
        TABLE.iter().find(|row| row.name == name).map(|row| row.code)
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

/// What became of a change when a run failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Nothing was sent, or Zoom refused it, or none of it took.
    None,
    /// It was sent; no answer came, or a 5xx.
    Unknown,
    /// Some of it took.
    Partial,
    /// It took; something later failed.
    Applied,
}

/// What Zoom itself said about a failure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Said {
    /// The HTTP status.
    pub http_status: u16,
    /// Zoom's own code, a number, or the token endpoint's word such as `invalid_client`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<serde_json::Value>,
    /// Zoom's sentence, or the first 200 characters of a page that is not JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The `x-zm-trackingid` header, which Zoom's support asks for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tracking_id: Option<String>,
    /// The fields Zoom objected to, as it listed them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub errors: Option<serde_json::Value>,
}

/// A failed run: the error type of everything from actions down.
#[derive(Clone, Debug)]
pub struct Failure(Box<Details>);

/// All that a failure can say.
#[derive(Clone, Debug)]
pub struct Details {
    /// What kind of failure.
    pub code: Code,
    /// One sentence for a person, with what was asked.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// The parameter or resource field at fault, dotted.
    pub field: Option<String>,
    /// Line and column in stdin, from 1.
    pub place: Option<(usize, usize)>,
    /// Seconds until trying again makes sense.
    pub retry_after: Option<u64>,
    /// What became of the change; the run fills it in where an action changes something.
    pub change: Option<Change>,
    /// The scopes that would do.
    pub scopes: Vec<String>,
    /// What Zoom said.
    pub zoom: Option<Said>,
    /// The causes, outermost first.
    pub causes: Vec<String>,
    /// True when the request had reached the other end: a change may have happened. Not shown.
    pub sent: bool,
    /// What is known all the same, already JSON: an update's `changes`.
    pub data: Option<Box<serde_json::value::RawValue>>,
}

impl Failure {
    /// A failure with `code` and one sentence.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self(Box::new(Details {
            code,
            message: message.into(),
            hint: None,
            field: None,
            place: None,
            retry_after: None,
            change: None,
            scopes: Vec::new(),
            zoom: None,
            causes: Vec::new(),
            sent: false,
            data: None,
        }))
    }

    /// A parameter at `field` that does not fit.
    pub fn parameter(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(Code::InvalidParameters, message).at(field)
    }

    /// A resource field that does not fit.
    pub fn resource(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(Code::InvalidResource, message).at(field)
    }

    /// A bug: something that cannot happen did.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(Code::Internal, message)
    }

    /// Names the field at fault.
    #[must_use]
    pub fn at(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Says what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds the causes, outermost first.
    #[must_use]
    pub fn caused_by(mut self, chain: Vec<String>) -> Self {
        self.causes = chain;
        self
    }
}

impl std::ops::Deref for Failure {
    type Target = Details;
    fn deref(&self) -> &Details {
        &self.0
    }
}

impl std::ops::DerefMut for Failure {
    fn deref_mut(&mut self) -> &mut Details {
        &mut self.0
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.message, self.code)
    }
}

impl std::error::Error for Failure {}

impl Serialize for Failure {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let row = self.code.row();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("code", row.name)?;
        map.serialize_entry("message", &self.message)?;
        map.serialize_entry("hint", self.hint.as_deref().unwrap_or(row.cure))?;
        if let Some(field) = &self.field {
            map.serialize_entry("field", field)?;
        }
        if let Some((line, column)) = self.place {
            map.serialize_entry("line", &line)?;
            map.serialize_entry("column", &column)?;
        }
        map.serialize_entry("retryable", &row.retryable)?;
        if let Some(seconds) = self.retry_after {
            map.serialize_entry("retry_after_seconds", &seconds)?;
        }
        if let Some(change) = self.change {
            map.serialize_entry("change", &change)?;
        }
        if !self.scopes.is_empty() {
            map.serialize_entry("scopes", &self.scopes)?;
        }
        if let Some(zoom) = &self.zoom {
            map.serialize_entry("zoom", zoom)?;
        }
        if !self.causes.is_empty() {
            map.serialize_entry("caused_by", &self.causes)?;
        }
        map.end()
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
