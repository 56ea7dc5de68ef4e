//! Zoom's refusals to our failures: by Zoom's code first, then by HTTP status. Knows Zoom's sentences; sends nothing.

use crate::http::retry::{Limit, is_daily, limit, retry_after};
use crate::http::{Cause, Response, Stage, TransportError};
use crate::protocol::failure::{Code, Failure, Said};
use serde_json::Value;
use std::fmt;
use std::time::{Duration, SystemTime};

/// The thing that a call is about, for messages.
#[derive(Clone, Copy, Debug)]
pub enum Subject<'a> {
    /// One user, by id or email address.
    User(&'a str),
    /// One meeting, by number or UUID.
    Meeting(&'a str),
    /// The cloud recording of a meeting, by the meeting's number or UUID.
    Recording(&'a str),
    /// A role, by name or id.
    Role(&'a str),
    /// An app, by id.
    App(&'a str),
    /// A list of the account's: `users`, `live meetings`.
    List(&'static str),
    /// The account itself.
    Account,
}

impl fmt::Display for Subject<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(id) => write!(f, "user {id}"),
            Self::Meeting(id) => write!(f, "meeting {id}"),
            Self::Recording(id) => write!(f, "the recording of meeting {id}"),
            Self::Role(id) => write!(f, "role {id}"),
            Self::App(id) => write!(f, "app {id}"),
            Self::List(things) => write!(f, "the list of {things}"),
            Self::Account => f.write_str("the account"),
        }
    }
}

/// How much of a page that is no JSON is quoted.
const QUOTED: usize = 200;

/// The failure that a non-2xx answer, or an error inside a 2xx one, means.
#[must_use]
pub fn refused(response: &Response, about: Subject<'_>, now: SystemTime) -> Failure {
    let body: Option<Value> = serde_json::from_slice(&response.body).ok();
    let said = said(response, body.as_ref());
    let number = said.code.as_ref().and_then(number);
    let words = said.message.clone().unwrap_or_default();
    let is_page = body.is_none() && !response.body.iter().all(u8::is_ascii_whitespace);
    let code = kind(response.status, number, &words, is_page);
    let mut failure = Failure::new(code, sentence(code, about, &said));
    match code {
        Code::Rejected if is_page => {
            failure.message = format!(
                "The request about {} was refused ({}) with a page that is no answer of Zoom's API.",
                about, response.status
            );
            failure.hint = Some(
                "Check `api_url`, and whether a proxy or a gateway answers in Zoom's place."
                    .to_owned(),
            );
        }
        Code::RateLimited => rate_limited(&mut failure, response, now),
        Code::ZoomUnavailable => {
            let asked = response
                .header("retry-after")
                .and_then(|text| retry_after(text, now));
            failure.retry_after = asked.map(whole_seconds);
        }
        Code::NotFound => {
            failure.hint = Some(match about {
                Subject::User(_) => {
                    "Check the id or e-mail address, and that the user belongs to this account.".to_owned()
                }
                Subject::Meeting(_) => {
                    "Check the number. A meeting that was deleted, or was not used for 30 days after it ended, is gone."
                        .to_owned()
                }
                _ => "Check the ids in the request.".to_owned(),
            });
        }
        Code::MissingScope => {
            failure.scopes = scopes(&words);
            if !failure.scopes.is_empty() {
                failure.message = format!(
                    "The Zoom app may not do this: it lacks a scope, one of {}.",
                    failure.scopes.join(", ")
                );
            }
        }
        Code::Rejected if number == Some(3000) => {
            failure.hint = Some(
                "If the number belongs to a webinar: only meetings can be reached here.".to_owned(),
            );
        }
        Code::Rejected if number == Some(1120) => {
            failure.hint = Some(
                "The user is pending: the invitation has to be accepted, or sent again, first."
                    .to_owned(),
            );
        }
        Code::BadAnswer => {
            failure.hint = Some(
                "Redirects are not followed. Check `token_url` and `api_url`: an address that redirects is not the right one."
                    .to_owned(),
            );
        }
        _ => {}
    }
    failure.zoom = Some(said);
    failure
}

/// Which failure it is. `is_page`: the body is something, but no JSON, so that it was not Zoom's API that answered.
fn kind(status: u16, number: Option<i64>, words: &str, is_page: bool) -> Code {
    if status >= 500 {
        return Code::ZoomUnavailable;
    }
    if (300..400).contains(&status) {
        return Code::BadAnswer;
    }
    match number {
        Some(4700 | 4711) => return Code::MissingScope,
        Some(124) => return Code::Unauthorized,
        Some(429) => return Code::RateLimited,
        Some(300) if is_daily(words) => return Code::RateLimited,
        Some(1001 | 1010 | 1034 | 3001 | 3301) => return Code::NotFound,
        Some(3002 | 3007) => return Code::Conflict,
        Some(200 | 1108 | 1109 | 1122 | 1206 | 2034 | 3003 | 3018 | 3037 | 3161) => {
            return Code::Forbidden;
        }
        _ => {}
    }
    match status {
        429 => Code::RateLimited,
        _ if is_page => Code::Rejected,
        401 => Code::Unauthorized,
        403 => Code::Forbidden,
        404 => Code::NotFound,
        409 => Code::Conflict,
        _ => Code::Rejected,
    }
}

/// The seconds, the sentence and the hint of a limit.
fn rate_limited(failure: &mut Failure, response: &Response, now: SystemTime) {
    let limit = limit(response, now);
    failure.retry_after = limit.wait().map(whole_seconds);
    match limit {
        // Only a 429 is waited out; the same in the body of another answer is told at once.
        Limit::PerSecond { .. } if response.status != 429 => {
            failure.message = "Zoom says that a limit on calls was reached.".to_owned();
        }
        Limit::PerSecond { wait: Some(wait) } => {
            failure.message = format!(
                "Zoom's limit on calls per second holds, and the wait that it asks for ({} s) is longer than what is left of the time budget.",
                whole_seconds(wait)
            );
        }
        Limit::PerSecond { wait: None } => {
            failure.message =
                "Zoom's limit on calls per second held to the end of the time budget.".to_owned();
        }
        Limit::Daily { wait } => {
            let until = rfc3339(now + wait);
            failure.message =
                format!("A daily limit of Zoom's is used up; it is lifted at {until}.");
            failure.hint = Some(
                "The account's daily limits are shared by all its apps, and one host's meetings may be changed 100 times a day."
                    .to_owned(),
            );
        }
    }
}

/// Rounded up: a second too early is refused again.
const fn whole_seconds(wait: Duration) -> u64 {
    wait.as_secs() + (wait.subsec_nanos() > 0) as u64
}

/// `time` in UTC, whole seconds.
#[must_use]
pub fn rfc3339(time: SystemTime) -> String {
    let seconds = time
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs();
    let seconds = i64::try_from(seconds).unwrap_or_default();
    jiff::Timestamp::from_second(seconds)
        .map(|stamp| stamp.to_string())
        .unwrap_or_default()
}

fn sentence(code: Code, about: Subject<'_>, said: &Said) -> String {
    let words = said
        .message
        .as_deref()
        .map(|words| format!(": {}", words.trim_end_matches('.')))
        .unwrap_or_default();
    let thing = about;
    match (code, about) {
        (Code::NotFound, Subject::User(id)) => format!("Zoom has no user {id} in this account."),
        (Code::NotFound, Subject::Meeting(id)) => format!("Zoom has no meeting {id}."),
        (Code::Unauthorized, _) => format!("Zoom does not accept the access token{words}."),
        (Code::MissingScope, _) => format!("The Zoom app lacks a scope for this{words}."),
        (Code::Conflict, _) => format!("The state of {thing} forbids it now{words}."),
        (Code::Forbidden, _) => format!("Zoom forbids it for {thing}{words}."),
        (Code::ZoomUnavailable, _) => format!(
            "Zoom answered {} when asked about {thing}.",
            said.http_status
        ),
        (Code::BadAnswer, _) => format!(
            "Zoom's address answered with a redirect ({}).",
            said.http_status
        ),
        _ => format!(
            "Zoom refused the request about {thing} ({}){words}.",
            said.http_status
        ),
    }
}

/// What Zoom said, as much as can be had from its answer.
#[must_use]
pub fn said(response: &Response, body: Option<&Value>) -> Said {
    let tracking_id = response
        .header("x-zm-trackingid")
        .map(|id| id.chars().take(QUOTED).collect());
    let text = |names: &[&str]| {
        names
            .iter()
            .find_map(|name| body?.get(name)?.as_str())
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    let code = body
        .and_then(|body| {
            body.get("code")
                .or_else(|| body.get("errorCode"))
                .or_else(|| body.get("error"))
        })
        .filter(|code| code.is_number() || code.is_string())
        .cloned();
    let message = match body {
        Some(_) => text(&[
            "message",
            "reason",
            "errorMessage",
            "error_message",
            "error_description",
        ]),
        None => {
            let page =
                String::from_utf8_lossy(response.body.get(..4 * QUOTED).unwrap_or(&response.body))
                    .into_owned();
            let page: String = page.split_whitespace().collect::<Vec<_>>().join(" ");
            (!page.is_empty()).then(|| page.chars().take(QUOTED).collect())
        }
    };
    let errors = body
        .and_then(|body| body.get("errors"))
        .filter(|errors| !errors.is_null())
        .cloned();
    Said {
        http_status: response.status,
        code,
        message,
        tracking_id,
        errors,
    }
}

/// The scopes that Zoom lists in brackets: `... does not contain scopes:[a, b].`
fn scopes(words: &str) -> Vec<String> {
    let Some(list) = words
        .split_once('[')
        .and_then(|(_, rest)| rest.split_once(']'))
        .map(|(list, _)| list)
    else {
        return Vec::new();
    };
    let scopes = list
        .split([',', ' '])
        .map(|scope| scope.trim_matches(['"', '\'']))
        .filter(|scope| !scope.is_empty());
    scopes.map(str::to_owned).collect()
}

/// The failure that a broken request means. `host` is where it went, `left` what remains of the time budget.
#[must_use]
pub fn broken(broken: &TransportError, host: &str, left: Duration) -> Failure {
    let during = match broken.stage {
        Stage::Resolving => "looking up",
        Stage::Connecting => "connecting to",
        Stage::Securing => "securing the connection to",
        Stage::Waiting => "waiting for an answer from",
        Stage::Reading => "reading the answer from",
    };
    let why = broken
        .chain
        .last()
        .map(|why| format!(": {why}"))
        .unwrap_or_default();
    let connecting = broken.stage.is_before_send();
    let failure = match broken.cause {
        Cause::TimedOut if connecting && left > Duration::from_millis(250) => Failure::new(
            Code::Unreachable,
            format!("{host} could not be reached in time{why}."),
        ),
        Cause::TimedOut => Failure::new(
            Code::Timeout,
            format!("The time budget ran out while {during} {host}."),
        ),
        Cause::Failed => Failure::new(
            Code::Unreachable,
            format!("The connection failed while {during} {host}{why}."),
        ),
        Cause::Untrusted => Failure::new(
            Code::UntrustedCertificate,
            format!("The certificate of {host} is not trusted{why}."),
        ),
        Cause::TooLarge => Failure::new(
            Code::BadAnswer,
            format!("The answer of {host} is too large{why}."),
        ),
        Cause::Garbled => Failure::new(
            Code::BadAnswer,
            format!("The answer of {host} is not what HTTP promises{why}."),
        ),
        Cause::Unusable => Failure::new(
            Code::InvalidResource,
            format!("The resource cannot be used{why}."),
        ),
    };
    // What is said of a field begins with its name.
    let field = broken.chain.last().and_then(|why| why.split(' ').next());
    let failure = match field.filter(|field| matches!(*field, "ca_certificate" | "proxy_url")) {
        Some(field) if broken.cause == Cause::Unusable => failure.at(field),
        _ => failure,
    };
    failure.caused_by(broken.chain.clone())
}

/// Zoom's code as a number: it is one, or digits in a text.
#[must_use]
pub fn number(code: &Value) -> Option<i64> {
    code.as_i64().or_else(|| code.as_str()?.parse().ok())
}
