//! Zoom's refusals and broken connections as failures: by Zoom's code first, then by HTTP status. Begin with [`refused`].

use crate::http::rate_limit::{Limit, is_daily, limit, server_time, wait_asked};
use crate::http::{Cause, Response, Stage, TransportError};
use crate::protocol::failure::{Code, Failure, Said};
use serde_json::{Map, Value};
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

/// Zoom's own word that a meeting does not exist; a gateway's 404 does not count.
pub const MEETING_MISSING: i64 = 3001;

/// Zoom's own word that a meeting has no recording.
pub const RECORDING_MISSING: i64 = 3301;

/// Zoom's own word that a user does not exist.
pub const USER_MISSING: i64 = 1001;

/// The longest body that can be an error, in bytes.
const LONGEST: usize = 65_536;

/// The most characters of a text from outside that are quoted.
const QUOTED: usize = 200;

/// Returns the failure that a non-2xx answer, or an error inside a 2xx one, means.
#[must_use]
pub fn refused(response: &Response, about: Subject<'_>, now: SystemTime) -> Failure {
    let error = ZoomError::of(response);
    let code = kind(response.status, &error);

    let mut failure = Failure::new(code, sentence(code, about, &error, response.status));
    failure.hint = hint(code, about, &error);

    match code {
        Code::RateLimited => rate_limited(&mut failure, response, now),
        Code::ZoomUnavailable => failure.retry_after = wait_asked(response, now).map(whole_seconds),
        Code::MissingScope => failure.scopes = scopes(&error.words),
        _ => {}
    }

    failure.zoom = Some(error.said);
    failure
}

/// An error of Zoom's, or of whoever answered in its place.
struct ZoomError {
    said: Said,
    /// Zoom's code, where it is a number.
    number: Option<i64>,
    /// The message on one line, with the fields that Zoom objects to; empty where there is none.
    words: String,
    form: Form,
}

/// The kind of text that an answer holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Zoom's JSON, also where its quotes are not escaped.
    Json,
    /// JSON without a code or message that could be an error's.
    Unknown,
    /// A web page: somebody else answered.
    Page,
    /// XML or plain text.
    Text,
    Empty,
}

impl ZoomError {
    fn of(response: &Response) -> Self {
        let text = String::from_utf8_lossy(&response.body);
        let text = text.trim();
        let parsed = short_json(text.as_bytes());
        let said = said(response, parsed.as_ref());

        let form = match &parsed {
            _ if text.is_empty() => Form::Empty,
            Some(_) if said.code.is_none() && said.message.is_none() => Form::Unknown,
            Some(_) => Form::Json,
            None if unescaped(text).is_some() => Form::Json,
            None if is_page(text) => Form::Page,
            None => Form::Text,
        };

        let mut words = said.message.clone().unwrap_or_default();
        words.truncate(words.trim_end_matches('.').len());

        for objection in objections(said.errors.as_ref()) {
            if !words.contains(&objection) {
                let gap = if words.is_empty() { "" } else { "; " };
                words.push_str(&format!("{gap}{objection}"));
            }
        }

        Self {
            number: said.code.as_ref().and_then(number),
            words,
            said,
            form,
        }
    }
}

/// Chooses the failure's code.
fn kind(status: u16, error: &ZoomError) -> Code {
    if status >= 500 {
        return Code::ZoomUnavailable;
    }

    if (300..400).contains(&status) {
        return Code::BadAnswer;
    }

    let number = error.number.unwrap_or_default();

    match number {
        104 | 4700 | 4711 => Code::MissingScope,
        124 => Code::Unauthorized,
        429 | 4001 => Code::RateLimited,
        300 if is_daily(&error.words) => Code::RateLimited,
        1001 | 1010 | 1034 | 1401 | 2001 | 3001 | 3301 | 3322 | 4130 | 4131 => Code::NotFound,
        3002 | 3007 | 3303 | 4927 => Code::Conflict,
        200 | 1102 | 1107..=1122 | 1206..=1211 | 1228 | 1233 | 1234 | 1404 => Code::Forbidden,
        2002 | 2016 | 2032..=2039 | 3003 | 3018 | 3037 | 3161 | 3309 | 3412 => Code::Forbidden,
        12700 | 12702 | 12703 | 30_055_008 => Code::Forbidden,
        _ if error
            .words
            .to_ascii_lowercase()
            .contains("only available for") =>
        {
            Code::Forbidden
        }
        _ => match (status, error.form) {
            (429, _) => Code::RateLimited,
            // The request did not arrive as a whole, or too early: nobody has judged it.
            (408 | 425, _) => Code::Unreachable,
            (200..300, Form::Unknown) => Code::BadAnswer,
            // A gateway's page says nothing about Zoom's reasons.
            (_, Form::Page | Form::Text) => Code::Rejected,
            (401, _) => Code::Unauthorized,
            (403, _) => Code::Forbidden,
            (409, _) => Code::Conflict,
            _ => Code::Rejected,
        },
    }
}

fn sentence(code: Code, about: Subject<'_>, error: &ZoomError, status: u16) -> String {
    let words = match error.words.as_str() {
        "" => String::new(),
        words => format!(": {words}"),
    };

    match code {
        Code::NotFound => missing(about, error),
        Code::Unauthorized => format!("Zoom does not accept the access token{words}."),
        Code::MissingScope => match scopes(&error.words).as_slice() {
            [] => format!("The Zoom app needs another scope for {about}{words}."),
            [one] => format!("The Zoom app needs the scope {one}."),
            all => format!("The Zoom app needs one of the scopes {}.", all.join(", ")),
        },
        Code::Conflict => format!("Zoom can't do this to {about} now{words}."),
        Code::Forbidden => format!("Zoom does not allow this for {about}{words}."),
        Code::ZoomUnavailable => format!("Zoom answered {status} to the request about {about}."),
        Code::BadAnswer if (300..400).contains(&status) => {
            format!("Zoom's address answered with a redirect ({status}).")
        }
        Code::BadAnswer => format!("Zoom answered {status} with an error of unknown form."),
        Code::Unreachable => {
            format!("The request about {about} did not reach Zoom as a whole ({status}){words}.")
        }
        _ if error.form == Form::Page => {
            format!("The request about {about} was refused ({status}) with a web page{words}.")
        }
        _ => format!("Zoom refused the request about {about} ({status}){words}."),
    }
}

/// Names what is missing: not always what was asked about, since a meeting's host can be missing too.
fn missing(about: Subject<'_>, error: &ZoomError) -> String {
    let is_group = error.words.contains("roup");

    match (error.number, about) {
        (Some(1010), _) if is_group => {
            format!("Zoom has no such group in this account: {}.", error.words)
        }
        (Some(1001 | 1010), Subject::User(id)) => format!("Zoom has no user {id} in this account."),
        (Some(1001 | 1010), _) => {
            format!(
                "Zoom has no such user in this account (for {about}): {}.",
                error.words
            )
        }
        (Some(1034), Subject::Role(id)) => format!("Zoom has no role {id} in this account."),
        (Some(1034), _) => format!("Zoom has no such role in this account (for {about})."),
        (Some(2001), _) => format!("Zoom does not have the account: {}.", error.words),
        (Some(1401), Subject::App(id)) => format!("Zoom has no app {id} in this account."),
        // The dashboard says so of a meeting in another state than was asked for.
        (Some(3001), Subject::Meeting(id)) if error.words.contains("not ended") => {
            format!(
                "Zoom's dashboard has no meeting {id} in this state: {}.",
                error.words
            )
        }
        (Some(3001), Subject::Meeting(id) | Subject::Recording(id)) => {
            format!("Zoom has no meeting {id}.")
        }
        (Some(3301), Subject::Recording(id) | Subject::Meeting(id)) => {
            format!("Zoom has no recording of meeting {id}.")
        }
        (Some(3301), _) => format!("Zoom has no recording of {about}."),
        _ => format!("Zoom does not have this (for {about}): {}.", error.words),
    }
}

/// Returns an instruction for this failure, where there is a better one than its code's.
fn hint(code: Code, about: Subject<'_>, error: &ZoomError) -> Option<String> {
    let says = |word: &str| error.words.to_ascii_lowercase().contains(word);

    let hint = match (code, error.number) {
        (Code::NotFound, Some(1001 | 1010)) if matches!(about, Subject::User(_)) => {
            "Check the id or email address, and that the user belongs to this account."
        }
        (Code::NotFound, Some(1001 | 1010)) => {
            "Check the number, and that the meeting's host belongs to this account."
        }
        (Code::NotFound, Some(1034)) => {
            "Check the role: list_role_members shows the roles that users hold."
        }
        (Code::NotFound, Some(2001)) => "Check `account_id`.",
        (Code::NotFound, Some(3301)) => {
            "Check the number: a recording may be in the trash, which list_user_recordings shows with `trash`."
        }
        (Code::NotFound, Some(3001)) if error.words.contains("not ended") => {
            "Check the number, and give `type` live for a meeting that runs, past for one that has ended."
        }
        (Code::NotFound, Some(3001)) => {
            "Check the number. A meeting that was deleted, or was not used for 30 days, is gone."
        }
        (Code::NotFound, _) => "Check the ids in the request.",
        (Code::Unauthorized, _) => {
            "Check that `token_url` and `api_url` belong to the same Zoom cloud, and that the app is activated."
        }
        (Code::Forbidden, Some(1120)) => {
            "The user is pending: have the invitation accepted, or send it again."
        }
        (Code::Forbidden, Some(3309)) => "Free cloud storage, or buy more.",
        (Code::Forbidden, Some(200 | 1117)) if says("admin") => {
            "Take the role from an administrator first, with unassign_role."
        }
        (Code::Forbidden, Some(1107)) => {
            "Deactivate the user instead, or delete the user with `permanently`."
        }
        (Code::Forbidden, Some(2033 | 2034 | 2038 | 3412)) => {
            "Free a license by taking it from another user, or buy more."
        }
        (Code::Forbidden, Some(12702)) => {
            "Look for a later instance of the meeting: Zoom shows those of the last year."
        }
        (Code::Forbidden, Some(400)) if says("dashboard") => {
            "Have the account's Dashboard feature turned on, which takes a Business plan; without it, list_meetings with `type` live shows the running meetings of one user."
        }
        (Code::Rejected, Some(300)) if says("normal/owner") => {
            "Give another role: Zoom gives and takes neither Owner nor Member; unassign_role makes a user a Member."
        }
        (Code::Rejected, Some(1505)) => "Run the action again later: Zoom had an error of its own.",
        (Code::Rejected, Some(3310)) => "Take the recording out of the webinar first.",
        (Code::Rejected, Some(3000)) if says("webinar") => {
            "Give the number of a meeting: webinars can't be reached here."
        }
        (Code::Rejected, Some(3000)) => {
            "Check that the users in the request may schedule and host for each other."
        }
        (Code::Rejected, Some(2300)) => "Check `api_url`: Zoom's API does not know this address.",
        (Code::Rejected, _) if error.form == Form::Page => {
            "Check `api_url`, and whether a proxy or a gateway answers in Zoom's place."
        }
        (Code::Rejected, _) if error.said.http_status == 404 => {
            "Check `api_url`: the answer does not say that anything is missing at Zoom."
        }
        (Code::BadAnswer, _) if error.said.http_status >= 300 => {
            "Check `token_url` and `api_url`: redirects are not followed."
        }
        (Code::Conflict, Some(3007)) if matches!(about, Subject::Meeting(_)) => {
            "The meeting has ended and can't be changed any more."
        }
        _ => return None,
    };

    Some(hint.to_owned())
}

/// Adds the seconds, the sentence and the hint of a limit.
fn rate_limited(failure: &mut Failure, response: &Response, now: SystemTime) {
    let limit = limit(response, now);
    failure.retry_after = limit.wait().map(whole_seconds);

    match limit {
        // Only a 429 is waited out; the same in the body of another answer is told at once.
        Limit::PerSecond { .. } if response.status != 429 => {
            failure.message = "Zoom says that a rate limit was reached.".to_owned();
        }
        Limit::PerSecond { wait: Some(wait) } => {
            failure.message = format!(
                "Zoom's rate limit holds, and the {} s that it asks to wait are more than is left of the timeout.",
                whole_seconds(wait)
            );
        }
        Limit::PerSecond { wait: None } => {
            failure.message = "Zoom kept rate-limiting until the timeout.".to_owned();
        }
        Limit::Daily { wait } => {
            let until = rfc3339(server_time(response).unwrap_or(now) + wait);
            failure.message = format!("Zoom's daily limit is used up; it resets at {until}.");
            failure.hint = Some(
                "Run the action again after that time; all apps of the account share its daily limits."
                    .to_owned(),
            );
        }
    }
}

/// Rounds up: a second too early is refused again.
const fn whole_seconds(wait: Duration) -> u64 {
    wait.as_secs() + (wait.subsec_nanos() > 0) as u64
}

/// Returns `time` in UTC, whole seconds.
#[must_use]
pub fn rfc3339(time: SystemTime) -> String {
    let seconds = time
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs();

    jiff::Timestamp::from_second(i64::try_from(seconds).unwrap_or_default())
        .map(|stamp| stamp.to_string())
        .unwrap_or_default()
}

/// Reads what Zoom said, as much as can be had from its answer.
#[must_use]
pub fn said(response: &Response, body: Option<&Value>) -> Said {
    let mut said = Said {
        http_status: response.status,
        tracking_id: response
            .header("x-zm-trackingid")
            .map(|id| id.chars().take(QUOTED).collect()),
        ..Said::default()
    };

    let Some(body) = body else {
        let text =
            String::from_utf8_lossy(response.body.get(..16 * QUOTED).unwrap_or(&response.body));
        match unescaped(&text) {
            Some((code, message)) => {
                said.code = Some(code.into());
                said.message = Some(one_line(message).chars().take(5 * QUOTED).collect());
            }
            None => {
                let words: String = one_line(&without_tags(&text))
                    .chars()
                    .take(QUOTED)
                    .collect();
                said.message = Some(words).filter(|words| !words.is_empty());
            }
        }
        return said;
    };

    let text = |names: &[&str]| {
        let found = names
            .iter()
            .find_map(|name| body.get(name)?.as_str().filter(|text| !text.is_empty()));
        found.map(one_line)
    };

    // `error` is a word such as `invalid_client` at the token endpoint, and a sentence elsewhere.
    let is_code = |code: &&Value| {
        code.is_number()
            || code
                .as_str()
                .is_some_and(|text| !text.contains(' ') && !text.is_empty())
    };

    let code = ["code", "errorCode", "error"]
        .iter()
        .filter_map(|name| body.get(name))
        .find(is_code);
    said.code = code.cloned();

    // Gateways put their error into an object of its own.
    if let Some(inner @ Value::Object(_)) = body.get("error")
        && said.code.is_none()
    {
        let inner = self::said(response, Some(inner));
        (said.code, said.message) = (inner.code, inner.message);
    }

    said.message = said
        .message
        .or_else(|| {
            text(&[
                "message",
                "reason",
                "errorMessage",
                "error_message",
                "error_description",
            ])
        })
        .or_else(|| text(&["error"]).filter(|text| text.contains(' ')));

    said.errors = body
        .get("errors")
        .filter(|errors| !errors.is_null())
        .cloned();

    said
}

/// Reads Zoom's error where its message holds quotes that are not escaped, so that it is no JSON:
/// `{"code":104,"message":"... scopes:["user:read"]"}`.
fn unescaped(text: &str) -> Option<(i64, &str)> {
    let text = text.trim();
    let (_, rest) = text.strip_prefix('{')?.split_once("\"code\"")?;
    let rest = rest.trim_start().strip_prefix(':')?.trim_start();
    let digits = rest.find(|letter: char| !letter.is_ascii_digit())?;
    let code = rest.get(..digits)?.parse().ok()?;

    let (_, message) = rest.split_once("\"message\"")?;
    let message = message
        .trim_start()
        .strip_prefix(':')?
        .trim_start()
        .strip_prefix('"')?;

    let end = message
        .rfind("\"}")
        .or_else(|| message.rfind('"'))
        .unwrap_or(message.len());

    Some((code, message.get(..end)?))
}

/// True for the text of a web page.
fn is_page(text: &str) -> bool {
    let start: String = text
        .chars()
        .take(1000)
        .collect::<String>()
        .to_ascii_lowercase();
    start.contains("<html") || start.contains("<!doctype html") || start.contains("<body")
}

/// Returns the text between tags.
fn without_tags(text: &str) -> String {
    let mut inside = false;
    let keep = |letter: char| {
        match letter {
            '<' => inside = true,
            '>' if inside => {
                inside = false;
                return ' ';
            }
            _ => {}
        }
        if inside { ' ' } else { letter }
    };

    if text.trim_start().starts_with('<') {
        text.chars().map(keep).collect()
    } else {
        text.to_owned()
    }
}

/// Returns a text of somebody else's on one line.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns the fields that Zoom objects to, each with its reason.
fn objections(errors: Option<&Value>) -> Vec<String> {
    let all = errors.and_then(Value::as_array).into_iter().flatten();

    all.filter_map(|error| {
        let message = one_line(error.get("message")?.as_str()?);
        let message = message.trim_end_matches('.');
        Some(match error.get("field").and_then(Value::as_str) {
            Some(field) => format!("{field}: {message}"),
            None => message.to_owned(),
        })
    })
    .collect()
}

/// Returns the scopes that Zoom lists in brackets, those that a server-to-server app can have first:
/// `... does not contain scopes:[a, b].`
fn scopes(words: &str) -> Vec<String> {
    let list = words
        .split_once('[')
        .and_then(|(_, rest)| rest.split_once(']'))
        .map_or("", |(list, _)| list);
    let scopes = list
        .split([',', ' '])
        .map(|scope| scope.trim_matches(['"', '\'', '\\']))
        .filter(|scope| !scope.is_empty());

    let mut scopes: Vec<String> = scopes.map(str::to_owned).collect();
    scopes.sort_by_key(|scope| !scope.ends_with(":admin"));

    scopes
}

/// Returns the JSON in `body`; `None` where it is none, or too long for an error. A tree of something long could take a
/// hundred times its size.
#[must_use]
pub fn short_json(body: &[u8]) -> Option<Value> {
    (body.len() < LONGEST)
        .then(|| serde_json::from_slice(body).ok())
        .flatten()
}

/// True when a 2xx answer's body says that the call failed.
#[must_use]
pub fn is_error(body: &[u8]) -> bool {
    // A long answer is not read twice.
    if body.len() >= LONGEST {
        return false;
    }

    match serde_json::from_slice::<Map<String, Value>>(body) {
        Ok(object) => {
            let given = |name: &str| object.get(name).filter(|value| is_something(value));
            let code = |name: &str| match given(name) {
                Some(Value::String(code)) => !["0", "ok", "success"]
                    .iter()
                    .any(|good| code.eq_ignore_ascii_case(good)),
                Some(Value::Number(_)) => true,
                _ => false,
            };
            let word = |name: &str, words: &[&str]| {
                let text = object.get(name).and_then(Value::as_str).unwrap_or_default();
                words.iter().any(|word| text.eq_ignore_ascii_case(word))
            };

            code("code")
                || code("errorCode")
                || given("error").is_some()
                || given("error_message").is_some()
                || given("errorMessage").is_some()
                || matches!(given("errors"), Some(Value::Array(_)))
                || word("status", &["error", "fail", "failed", "failure"])
                || object.get("success") == Some(&Value::Bool(false))
        }
        Err(_) => std::str::from_utf8(body).is_ok_and(|text| unescaped(text).is_some()),
    }
}

/// False for what says that there is no error: `null`, false, 0 and empty values.
fn is_something(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        Value::Bool(true) => true,
    }
}

/// Returns the failure that a broken request to `host` means; `left` is what remains of the run's timeout at the time of
/// day `now`.
#[must_use]
pub fn broken(broken: &TransportError, host: &str, left: Duration, now: SystemTime) -> Failure {
    let causes = || {
        broken
            .chain
            .iter()
            .skip(1)
            .map(String::as_str)
            .collect::<Vec<_>>()
    };

    // The first link says which machine failed, the last one why.
    let what = broken.chain.first().map_or(host, String::as_str);
    let why = causes()
        .last()
        .map(|why| format!(": {why}"))
        .unwrap_or_default();
    let sentence = capitalized(&format!("{what}{why}."));

    let is_over = left <= Duration::from_millis(250);
    let failure = match broken.cause {
        // No connection ever stood: the network is in the way, not the time.
        Cause::TimedOut if broken.stage < Stage::Securing || (broken.stage.is_before_send() && !is_over) => Failure::new(Code::Unreachable, sentence)
            .hint("Check the network, the firewall and `proxy_url` between this machine and that address."),
        Cause::TimedOut if is_over => Failure::new(Code::Timeout, format!("{host} did not answer within the timeout.")),
        Cause::TimedOut | Cause::Failed => Failure::new(Code::Unreachable, sentence),
        Cause::ProxyRefused => {
            let wants_password = broken.chain.last().is_some_and(|why| why.contains("407"));
            // The first link ends with the variable that names the proxy, where it is not the resource.
            let variable = what.rsplit(' ').next().filter(|word| is_proxy_variable(word));
            let setting = variable.map_or_else(|| "`proxy_url`".to_owned(), |name| format!("the environment variable {name}"));
            Failure::new(Code::ProxyRefused, sentence).hint(if wants_password {
                format!("Put the proxy's user name and password into {setting}.")
            } else {
                format!("Have the people who run the proxy allow CONNECT to {host}, or name another proxy in {setting}.")
            })
        }
        Cause::HostLimit => Failure::new(Code::HostLimit, sentence),
        Cause::Untrusted => {
            let hint = certificate_hint(&sentence, host, now);
            Failure::new(Code::UntrustedCertificate, sentence).hint(hint)
        }
        Cause::TooLarge | Cause::Garbled => Failure::new(Code::BadAnswer, sentence),
        Cause::Unusable => Failure::new(Code::InvalidResource, format!("The resource can't be used: {what}.")),
    };

    // What is said of a field begins with its name.
    let field = what
        .split(' ')
        .next()
        .filter(|field| matches!(*field, "ca_certificate" | "proxy_url"));
    let failure = match field {
        Some(field) if broken.cause == Cause::Unusable => failure.at(field),
        None if broken.cause == Cause::Unusable && is_proxy_variable(what) => {
            let variable = what.split(' ').next().unwrap_or_default();
            failure.hint(format!(
                "Correct or unset the environment variable {variable}."
            ))
        }
        _ => failure,
    };

    failure.caused_by(broken.chain.clone())
}

/// True for a sentence about a variable that names a proxy.
fn is_proxy_variable(what: &str) -> bool {
    let name = what.split(' ').next().unwrap_or_default();
    name.eq_ignore_ascii_case("HTTPS_PROXY") || name.eq_ignore_ascii_case("ALL_PROXY")
}

/// Returns what to do about a certificate that was refused for the reason in `sentence`.
fn certificate_hint(sentence: &str, host: &str, now: SystemTime) -> String {
    let says = |words: &[&str]| words.iter().any(|word| sentence.contains(word));

    if says(&["expired", "not valid yet"]) {
        let now = rfc3339(now);
        format!(
            "Check this machine's clock, which says {now}. If it is right, have the people who run {host}, or the proxy in its place, renew the certificate."
        )
    } else if says(&["for another host", "names no host"]) {
        format!(
            "Check `token_url` and `api_url`: another server answers for {host}. See that no proxy or name service leads elsewhere."
        )
    } else if says(&["too weak", "too short"]) {
        format!(
            "Have the people who run {host}, or the proxy in its place, use a certificate with SHA-256 and an RSA key of 2048 bits or more."
        )
    } else if says(&["revoked", "malformed", "not for servers"]) {
        format!(
            "Have the people who run {host}, or the proxy in its place, replace the certificate."
        )
    } else {
        Code::UntrustedCertificate.info().hint.to_owned()
    }
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        // The name of a machine is not a word.
        Some(first)
            if !text
                .split(' ')
                .next()
                .is_some_and(|word| word.contains(['.', ':'])) =>
        {
            first.to_uppercase().chain(letters).collect()
        }
        _ => text.to_owned(),
    }
}

/// True when Zoom refused a call with `code`: its own word, which a gateway's answer does not have.
#[must_use]
pub fn has_code(failure: &Failure, code: i64) -> bool {
    let said = failure.zoom.as_ref().and_then(|said| said.code.as_ref());
    said.and_then(number) == Some(code)
}

/// Returns Zoom's code as a number: it is one, or digits in a text.
#[must_use]
pub fn number(code: &Value) -> Option<i64> {
    code.as_i64().or_else(|| code.as_str()?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_tls(why: &str) -> Failure {
        let broken = TransportError {
            stage: Stage::Securing,
            cause: Cause::Untrusted,
            chain: vec![
                "the certificate of zoom.us:443 is not trusted".to_owned(),
                why.to_owned(),
            ],
        };
        super::broken(
            &broken,
            "zoom.us",
            Duration::from_secs(60),
            SystemTime::UNIX_EPOCH,
        )
    }

    #[test]
    fn certificate_hint_fits_the_reason() {
        for (why, hint) in [
            (
                "the certificate expired",
                "clock, which says 1970-01-01T00:00:00Z",
            ),
            ("the certificate is not valid yet", "clock"),
            (
                "the certificate is for another host: x.example",
                "`api_url`",
            ),
            (
                "the certificate's issuer is not trusted: Example CA",
                "`ca_certificate`",
            ),
            (
                "the certificate is signed in a way that is too weak, with SHA-1 or a short key",
                "SHA-256",
            ),
            ("the certificate was revoked", "replace"),
        ] {
            let failure = at_tls(why);
            assert_eq!(failure.code, Code::UntrustedCertificate);
            assert!(failure.message.ends_with(&format!("{why}.")), "{failure}");
            assert!(
                failure
                    .hint
                    .as_deref()
                    .is_some_and(|text| text.contains(hint)),
                "{why}"
            );
        }
    }

    #[test]
    fn error_inside_a_200_counts_in_every_form_and_an_answer_does_not() {
        for body in [
            r#"{"code":300}"#,
            r#"{"code":"300","message":"No."}"#,
            r#"{"code":"ERR_1"}"#,
            r#"{"errorCode":1}"#,
            r#"{"error":"x"}"#,
            r#"{"error":{"code":1}}"#,
            r#"{"error_message":"x"}"#,
            r#"{"status":"error"}"#,
            r#"{"success":false}"#,
            r#"{"errors":[{"message":"No."}]}"#,
            r#"{"code":104,"message":"scopes:["a"]"}"#,
        ] {
            assert!(is_error(body.as_bytes()), "{body}");
        }
        for body in [
            "",
            "{}",
            "[]",
            r#"{"id":"x","status":"active"}"#,
            r#"{"code":0,"message":"ok"}"#,
            r#"{"code":"success"}"#,
            r#"{"error":null,"errors":[],"success":true}"#,
            r#"{"users":[{"code":300,"error":"x"}]}"#,
        ] {
            assert!(!is_error(body.as_bytes()), "{body}");
        }
    }
}
