//! Bytes to request: size, encoding, JSON, duplicate and unknown keys, the types of the keys. Begin with [`parse`].

use super::failure::{Code, Failure};
use super::json::{TWICE, UniqueKeys, is_relayable, kind};
use super::suggest::{did_you_mean, quoted};
use super::{MAX_REQUEST, VERSION};
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

/// The keys of a request.
pub const KEYS: &[&str] = &["action", "parameters", "resource", "id", "protocol"];

/// One request, its shape checked and its content not yet.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The action's id or title, as given.
    pub action: String,
    /// The parameters as given; empty when there were none.
    pub parameters: Map<String, Value>,
    /// The resource as given.
    pub resource: Option<Map<String, Value>>,
    /// The caller's id: a JSON string or number, exactly as written.
    pub id: Option<Box<RawValue>>,
}

/// Why bytes are no request, with what could be read of them all the same.
#[derive(Debug)]
pub struct Refused {
    /// The reason.
    pub failure: Failure,
    /// The caller's id, where it had been read.
    pub id: Option<Box<RawValue>>,
    /// The action as given, where it had been read.
    pub action: Option<String>,
}

/// Reads one request.
///
/// # Errors
/// [`Refused`] with `invalid_request`, `invalid_parameters` (parameters are no object) or `invalid_resource` (the
/// resource is no object).
pub fn parse(bytes: &[u8]) -> Result<Request, Box<Refused>> {
    let mut parts = Parts::default();
    let result = parts.read(bytes).and_then(|()| parts.check());
    result.map_err(|failure| {
        let id = parts.id.take().filter(|id| is_scalar(id));
        let action = match parts.action.take() {
            Some(Value::String(text)) if !text.trim().is_empty() => Some(text),
            _ => None,
        };
        Box::new(Refused {
            failure,
            id,
            action,
        })
    })
}

/// Reads a resource that stands alone, or the one of a whole request.
///
/// # Errors
/// `invalid_request` for what is no JSON object, `invalid_resource` for a request without a resource.
pub fn parse_resource(bytes: &[u8]) -> Result<Map<String, Value>, Failure> {
    let missing = |kind: &str| {
        Failure::resource(
            "resource",
            format!("`resource` must be an object, not {kind}."),
        )
    };
    match super::json::read(&text(bytes)?).map_err(|error| syntax(&error))? {
        Value::Object(mut map) => match map.remove("resource") {
            Some(Value::Object(resource)) => Ok(resource),
            Some(other) => Err(missing(kind(&other))),
            None if map.contains_key("action") => Err(Failure::resource(
                "resource",
                "`resource` is missing: the request must say how to reach Zoom.",
            )),
            None => Ok(map),
        },
        other => Err(invalid(format!(
            "stdin holds {} where a resource was expected, a JSON object.",
            kind(&other)
        ))),
    }
}

/// Reads the action's name out of a whole request; none where the resource stands alone.
#[must_use]
pub fn parse_action(bytes: &[u8]) -> Option<String> {
    let document = super::json::read(&text(bytes).ok()?).ok()?;
    let map = document.as_object()?;
    map.get("resource")?;

    map.get("action")?.as_str().map(str::to_owned)
}

/// The text of a request: not too long, UTF-8 or marked as UTF-16, not empty; without its byte order mark.
fn text(bytes: &[u8]) -> Result<Cow<'_, str>, Failure> {
    if bytes.len() > MAX_REQUEST {
        let mut failure = invalid("stdin holds more than 1 MiB, the most that a request may have.")
            .hint("Send a smaller request; `zoom-runner batch` takes many, one per line.");
        failure.place = Some(place(bytes.get(..MAX_REQUEST).unwrap_or_default()));
        return Err(failure);
    }

    let text = match bytes {
        [0xFF, 0xFE, units @ ..] => Cow::Owned(utf_16(units, u16::from_le_bytes)?),
        [0xFE, 0xFF, units @ ..] => Cow::Owned(utf_16(units, u16::from_be_bytes)?),
        [0xEF, 0xBB, 0xBF, bytes @ ..] | bytes => Cow::Borrowed(utf_8(bytes)?),
    };

    if text.trim().is_empty() {
        let mut failure = invalid("stdin is empty; it should hold one JSON request.");
        failure.place = Some((1, 1));
        return Err(failure);
    }

    Ok(text)
}

fn utf_8(bytes: &[u8]) -> Result<&str, Failure> {
    std::str::from_utf8(bytes).map_err(|error| {
        let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let (line, column) = place(good);
        let mut failure = invalid(format!(
            "The request is not UTF-8: the byte at line {line}, column {column} begins no character."
        ));
        failure.place = Some((line, column));
        failure
    })
}

/// Reads UTF-16, which some shells write, behind its byte order mark.
fn utf_16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, Failure> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|pair| unit(*pair));
    let text: Result<String, _> = char::decode_utf16(units).collect();

    match text {
        Ok(text) if rest.is_empty() => Ok(text),
        _ => {
            let mut failure =
                invalid("The request begins as UTF-16 text does, and is not valid UTF-16.");
            failure.place = Some((1, 1));
            Err(failure)
        }
    }
}

/// Finds the number in `raw` that is too long to be held, and returns the dotted path to it.
fn long_number(raw: &RawValue, path: &str) -> Option<String> {
    let inside = |step: &str| match path {
        "" => short(step),
        path => format!("{path}.{}", short(step)),
    };
    if let Ok(map) = serde_json::from_str::<BTreeMap<String, &RawValue>>(raw.get()) {
        let mut fields = map.iter();
        return fields.find_map(|(name, raw)| long_number(raw, &inside(name)));
    }

    if let Ok(items) = serde_json::from_str::<Vec<&RawValue>>(raw.get()) {
        let mut items = items.iter().enumerate();
        return items.find_map(|(index, raw)| long_number(raw, &inside(&index.to_string())));
    }

    let is_number = raw
        .get()
        .starts_with(|c: char| c == '-' || c.is_ascii_digit());

    (is_number && serde_json::from_str::<UniqueKeys>(raw.get()).is_err()).then(|| path.to_owned())
}

/// Members read so far, so that an error can still echo `id` and `action`.
#[derive(Default)]
struct Parts {
    action: Option<Value>,
    parameters: Option<Value>,
    resource: Option<Value>,
    id: Option<Box<RawValue>>,
    protocol: Option<Value>,
    seen: Vec<&'static str>,
    unknown: Option<String>,
}

impl Parts {
    fn read(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let text = &*text(bytes)?;
        let start = text.len() - text.trim_start().len();
        if let Some(what) = other_kind(text.get(start..).unwrap_or_default()) {
            let (line, column) = place(text.get(..start).unwrap_or_default().as_bytes());
            let message = format!(
                "The request must be an object, not {what}, at line {line}, column {column}."
            );
            let mut failure = invalid(message);
            failure.place = Some((line, column));
            return Err(failure);
        }

        let mut deserializer = serde_json::Deserializer::from_str(text);
        (Filler { parts: self })
            .deserialize(&mut deserializer)
            .and_then(|()| deserializer.end())
            .map_err(|error| {
                let failure = self.number(text).unwrap_or_else(|| syntax(&error));
                match failure.message.contains("trailing characters") {
                    true => failure.hint(ONE_REQUEST),
                    false => failure,
                }
            })
    }

    /// Returns the failure of a document that is well but for a number inside `parameters` or `resource`.
    fn number(&mut self, text: &str) -> Option<Failure> {
        let (key, code) = match self.seen.last() {
            Some(&"parameters") => ("parameters", Code::InvalidParameters),
            Some(&"resource") => ("resource", Code::InvalidResource),
            _ => return None,
        };

        let mut document: BTreeMap<String, Box<RawValue>> = serde_json::from_str(text).ok()?;
        let field = long_number(document.get(key)?, "")?;

        // What stands behind the number has not been read yet.
        if let Some(action) = document.remove("action") {
            self.action = serde_json::from_str(action.get()).ok();
        }

        if let Some(id) = document.remove("id") {
            self.id = Some(id);
        }

        // Without an action the request is none, whatever its numbers.
        self.action.as_ref()?.as_str()?;
        let message = format!(
            "`{field}` holds a number that is too long, and would lose digits; give it as a text."
        );

        Some(Failure::new(code, message).at(field))
    }

    fn check(&mut self) -> Result<Request, Failure> {
        if let Some(key) = &self.unknown {
            let message = format!(
                "A request has no key {}.{}",
                quoted(key),
                did_you_mean(key, KEYS.iter().copied())
            );
            return Err(invalid(message)
                .at(short(key))
                .hint(format!("There are: {}.", KEYS.join(", "))));
        }

        match &self.protocol {
            None | Some(Value::Null) => {}
            Some(Value::Number(number)) if number.as_f64() == Some(f64::from(VERSION)) => {}
            Some(_) => {
                return Err(
                    invalid("`protocol` must be 1, the only version there is.").at("protocol")
                );
            }
        }

        if let Some(id) = &self.id {
            if id.get() == "null" {
                self.id = None;
            } else if !is_scalar(id) {
                return Err(
                    invalid("`id` must be a text, or a number that fits into a double.").at("id"),
                );
            }
        }

        let action = match &self.action {
            Some(Value::String(text)) if !text.trim().is_empty() => text.trim().to_owned(),
            Some(Value::Null | Value::String(_)) | None => {
                return Err(invalid(
                    "`action` is missing: the request must name the action to run.",
                )
                .at("action"));
            }
            Some(other) => {
                return Err(
                    invalid(format!("`action` must be a text, not {}.", kind(other))).at("action"),
                );
            }
        };

        let parameters = match self.parameters.take() {
            None | Some(Value::Null) => Map::new(),
            Some(Value::Object(map)) => map,
            Some(other) => {
                let message = format!("`parameters` must be an object, not {}.", kind(&other));
                return Err(Failure::new(Code::InvalidParameters, message).at("parameters"));
            }
        };

        let resource = match self.resource.take() {
            None | Some(Value::Null) => None,
            Some(Value::Object(map)) => Some(map),
            Some(other) => {
                let message = format!("`resource` must be an object, not {}.", kind(&other));
                return Err(Failure::new(Code::InvalidResource, message).at("resource"));
            }
        };

        Ok(Request {
            action,
            parameters,
            resource,
            id: self.id.take(),
        })
    }
}

fn is_scalar(id: &RawValue) -> bool {
    // A number that no reader can hold would make the envelope unreadable.
    id.get().starts_with(|first: char| first == '"' || first == '-' || first.is_ascii_digit())
        && is_relayable(id.get().as_bytes())
        // Half of a surrogate pair is no letter, and no reader takes it.
        && (!id.get().starts_with('"') || serde_json::from_str::<String>(id.get()).is_ok())
}

/// The hint where more than one request came.
const ONE_REQUEST: &str = "Send one request a run; `zoom-runner batch` takes many, one per line.";

fn invalid(message: impl Into<String>) -> Failure {
    Failure::new(Code::InvalidRequest, message)
}

/// A key as a field name: cut, since it comes from outside.
fn short(key: &str) -> String {
    key.chars().take(64).collect()
}

/// Line and column behind `bytes`, from 1.
fn place(bytes: &[u8]) -> (usize, usize) {
    let line = 1 + bytes.iter().filter(|byte| **byte == b'\n').count();
    (
        line,
        1 + bytes
            .iter()
            .rev()
            .take_while(|byte| **byte != b'\n')
            .count(),
    )
}

/// Returns the kind of JSON that begins like this, where that is no object.
fn other_kind(text: &str) -> Option<&'static str> {
    let scalar = ["true", "false", "null"]
        .iter()
        .any(|word| text.trim_end() == *word);
    match text.chars().next()? {
        '[' => Some("a list"),
        '"' => Some("a text"),
        '-' | '0'..='9' => Some("a number"),
        _ => scalar.then_some("true, false or null"),
    }
}

fn syntax(error: &serde_json::Error) -> Failure {
    // serde_json counts columns from 0 at the very start of a line.
    let (line, column) = (error.line().max(1), error.column().max(1));
    let full = error.to_string();
    let reason = full
        .rsplit_once(" at line ")
        .map_or(full.as_str(), |(reason, _)| reason);
    let mut failure = match reason.strip_prefix(TWICE) {
        Some(key) => {
            let message = format!(
                "The request gives the key {} twice, at line {line}, column {column}.",
                quoted(key)
            );
            invalid(message).at(short(key))
        }
        None if error.is_eof() => invalid(format!(
            "The request breaks off at line {line}, column {column}: {reason}."
        )),
        None => invalid(format!(
            "The request is not one JSON object: {reason}, at line {line}, column {column}."
        )),
    };

    failure.place = Some((line, column));
    failure
}

struct Filler<'a> {
    parts: &'a mut Parts,
}

impl<'de> DeserializeSeed<'de> for Filler<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Filler<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with `action`, `parameters` and `resource`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let parts = self.parts;
        while let Some(key) = entries.next_key::<String>()? {
            let Some(known) = KEYS.iter().find(|known| **known == key).copied() else {
                if parts.unknown.as_deref() == Some(key.as_str()) {
                    return Err(A::Error::custom(format_args!("{TWICE}{key}")));
                }
                parts.unknown.get_or_insert(key);
                entries.next_value::<IgnoredAny>()?;
                continue;
            };
            if parts.seen.contains(&known) {
                return Err(A::Error::custom(format_args!("{TWICE}{key}")));
            }
            parts.seen.push(known);
            if known == "id" {
                parts.id = Some(entries.next_value()?);
                continue;
            }
            let UniqueKeys(value) = entries.next_value()?;
            match known {
                "action" => parts.action = Some(value),
                "parameters" => parts.parameters = Some(value),
                "resource" => parts.resource = Some(value),
                _ => parts.protocol = Some(value),
            }
        }

        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> Refused {
        *parse(text.as_bytes()).unwrap_err()
    }

    #[test]
    fn half_of_a_surrogate_pair_is_no_id() {
        let refused = refused(r#"{"action":"x","id":"\ud800"}"#);
        assert_eq!(refused.failure.field.as_deref(), Some("id"));
        assert!(
            refused.id.is_none(),
            "it would make the envelope unreadable"
        );
        assert!(parse(r#"{"action":"x","id":"\ud83d\ude00"}"#.as_bytes()).is_ok());
    }

    #[test]
    fn a_request_is_read_whole_and_its_id_kept_as_written() {
        let request =
            parse("\u{feff}{\"id\":1.50,\"action\":\"x\",\"protocol\":1}".as_bytes()).unwrap();
        assert_eq!(request.id.unwrap().get(), "1.50");
        assert_eq!(request.action, "x");
    }

    #[test]
    fn request_in_utf_16_is_read() {
        let text = "\u{feff}{\"action\":\"ä\"}";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for bytes in [&little, &big] {
            assert_eq!(parse(bytes).unwrap().action, "ä");
            let cut = parse(&bytes[..bytes.len() - 1]).unwrap_err();
            assert_eq!(cut.failure.code, Code::InvalidRequest);
        }
    }

    #[test]
    fn number_that_is_too_long_is_the_error_of_its_field() {
        for (text, code, field) in [
            (
                r#"{"parameters":{"meeting_id":12345678901234567890123},"action":"x","id":7}"#,
                Code::InvalidParameters,
                "meeting_id",
            ),
            (
                r#"{"action":"x","id":7,"parameters":{"settings":{"a":[1,{"b":1e999}]}}}"#,
                Code::InvalidParameters,
                "settings.a.1.b",
            ),
            (
                r#"{"action":"x","id":7,"resource":{"timeout":-1E99999}}"#,
                Code::InvalidResource,
                "timeout",
            ),
        ] {
            let refused = refused(text);
            assert_eq!(refused.failure.code, code, "{text}");
            assert_eq!(refused.failure.field.as_deref(), Some(field), "{text}");
            assert_eq!(refused.action.as_deref(), Some("x"));
            assert_eq!(refused.id.unwrap().get(), "7");
        }
        let broken = refused(r#"{"action":"x","parameters":{"a":1e999}"#);
        assert_eq!(broken.failure.code, Code::InvalidRequest);
    }

    #[test]
    fn what_is_no_request_is_named_with_its_place() {
        for (text, place) in [
            ("", (1, 1)),
            ("{\"action\":", (1, 10)),
            ("{}{}", (1, 3)),
            ("{} x", (1, 4)),
            ("[]", (1, 1)),
        ] {
            let refused = refused(text);
            assert_eq!(refused.failure.code, Code::InvalidRequest, "{text}");
            assert_eq!(
                refused.failure.place,
                Some(place),
                "{text}: {}",
                refused.failure
            );
        }
        let refused = refused("{\"actoin\":\"x\",\"id\":\"7\"}");
        assert!(
            refused
                .failure
                .message
                .ends_with("Did you mean \"action\"?")
        );
        assert_eq!(refused.id.unwrap().get(), "\"7\"");
    }

    #[test]
    fn a_key_twice_is_refused_at_any_depth() {
        for text in [
            "{\"action\":\"x\",\"action\":\"x\"}",
            "{\"action\":\"x\",\"parameters\":{\"a\":{\"action\":1,\"action\":2}}}",
        ] {
            let refused = refused(text);
            assert_eq!(refused.failure.field.as_deref(), Some("action"));
            assert!(refused.failure.message.contains("twice"));
        }
    }

    #[test]
    fn bytes_that_are_not_utf_8_are_placed() {
        assert_eq!(
            parse(b"{\n\"\xff\"}").unwrap_err().failure.place,
            Some((2, 2))
        );
    }

    #[test]
    fn an_id_that_no_reader_can_hold_is_refused_and_not_echoed() {
        let refused = refused("{\"action\":\"x\",\"id\":1E99999}");
        assert_eq!(refused.failure.field.as_deref(), Some("id"));
        assert!(refused.id.is_none());
    }

    #[test]
    fn deep_nesting_is_refused_without_a_crash() {
        let refused = refused(&format!("{{\"parameters\":{}", "[".repeat(200_000)));
        assert!(refused.failure.message.contains("recursion"));
    }
}
