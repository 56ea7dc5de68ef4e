//! JSON read strictly, where a key given twice is an error at any depth. Begin with [`read`].

use super::MAX_DEPTH;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::fmt;

/// A JSON value in which no object names a key twice. (`serde_json::Value` keeps the last one silently.)
#[derive(Debug, Clone, PartialEq)]
pub struct UniqueKeys(pub Value);

/// The beginning of an error about a key that is given twice; the key follows.
pub const TWICE: &str = "is given twice: ";

/// Reads `text` strictly.
///
/// # Errors
/// serde_json's error, with line and column: not JSON, too deep, or a key twice.
pub fn read(text: &str) -> Result<Value, serde_json::Error> {
    serde_json::from_str::<UniqueKeys>(text).map(|strict| strict.0)
}

impl<'de> Deserialize<'de> for UniqueKeys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(UniqueKeysVisitor).map(Self)
    }
}

struct UniqueKeysSeed;

impl<'de> DeserializeSeed<'de> for UniqueKeysSeed {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(UniqueKeysVisitor)
    }
}

/// The first whole number that 64 bits cannot hold.
const TWO_TO_THE_64: f64 = 18_446_744_073_709_551_616.0;

struct UniqueKeysVisitor;

impl<'de> Visitor<'de> for UniqueKeysVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }
    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }
    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }
    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        // Whole numbers of more than 64 bits come here, and have lost digits.
        if value.abs() >= TWO_TO_THE_64 {
            return Err(E::custom(
                "a number of more than 64 bits loses digits; give it as a text",
            ));
        }
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }
    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }
    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(UniqueKeysSeed)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            if map.contains_key(&key) {
                return Err(A::Error::custom(format_args!("{TWICE}{key}")));
            }
            let value = entries.next_value_seed(UniqueKeysSeed)?;
            map.insert(key, value);
        }

        Ok(Value::Object(map))
    }
}

/// Sets a field of an object; what is no object stays as it is.
pub fn set(object: &mut Value, key: &str, value: impl Into<Value>) {
    if let Value::Object(fields) = object {
        fields.insert(key.to_owned(), value.into());
    }
}

/// Returns the kind of a JSON value, for messages: `a number`, `an object`.
#[must_use]
pub const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// True when the valid JSON in `text` can be passed on: it nests no deeper than [`MAX_DEPTH`], and every number fits into a
/// double. Readers crash on the one, and refuse or change the other. Looks at each byte once, without recursion.
#[must_use]
pub fn is_relayable(text: &[u8]) -> bool {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(byte) = text.get(at) {
        match byte {
            b'"' => at = end_of_text(text, at),
            b'{' | b'[' => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return false;
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'0'..=b'9' => {
                let end = end_of_number(text, at);
                // Only a long number, or one with an exponent, can be too large.
                let number = text.get(at..end).unwrap_or_default();
                if (number.len() > 300 || number.iter().any(|byte| matches!(byte, b'e' | b'E')))
                    && !is_finite(number)
                {
                    return false;
                }
                at = end - 1;
            }
            _ => {}
        }
        at += 1;
    }

    true
}

/// Returns the place of the closing quote of the text that begins at `start`.
pub(super) fn end_of_text(text: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(found) = text
        .get(at..)
        .and_then(|rest| memchr::memchr2(b'"', b'\\', rest))
    {
        at += found;
        if text.get(at) == Some(&b'"') {
            return at;
        }
        at += 2;
    }

    text.len()
}

/// Behind the last byte of the number at `start`.
fn end_of_number(text: &[u8], start: usize) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    let is_part = |byte: &u8| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-');
    start
        + rest
            .iter()
            .position(|byte| !is_part(byte))
            .unwrap_or(rest.len())
}

fn is_finite(number: &[u8]) -> bool {
    std::str::from_utf8(number)
        .ok()
        .and_then(|text| text.parse::<f64>().ok())
        .is_some_and(f64::is_finite)
}

/// The value at a dotted path of object keys; the empty path is the value itself.
#[must_use]
pub fn at<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    if path.is_empty() {
        return Some(value);
    }
    path.split('.').try_fold(value, |value, key| value.get(key))
}

/// Returns the rest of the dotted `path` inside the object at `root`, the whole where that is empty; `None` outside of it, and for
/// the object itself.
#[must_use]
pub fn within<'p>(path: &'p str, root: &str) -> Option<&'p str> {
    let inside = if root.is_empty() {
        path
    } else {
        path.strip_prefix(root)?.strip_prefix('.')?
    };
    (!inside.is_empty()).then_some(inside)
}

/// Puts `value` at a dotted path, making objects on the way. False when something that is no object, or another
/// value, is there already.
pub fn put(map: &mut Map<String, Value>, path: &str, value: Value) -> bool {
    match path.split_once('.') {
        None => {
            let free = !map.contains_key(path);
            if free {
                map.insert(path.to_owned(), value);
            }
            free
        }
        Some((key, rest)) => match map.entry(key).or_insert_with(|| Value::Object(Map::new())) {
            Value::Object(inner) => put(inner, rest, value),
            _ => false,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_twice_is_refused_at_any_depth() {
        assert!(
            read(r#"{"a":{"b":[{"c":1,"c":1}]}}"#)
                .unwrap_err()
                .to_string()
                .contains(TWICE)
        );
        assert!(read(r#"{"a":1,"b":{"a":1}}"#).is_ok());
    }

    #[test]
    fn what_readers_choke_on_cannot_be_passed_on() {
        let deep = |levels: usize| format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
        let good = [
            r#"{"a":["[[[\"{{",[1e308,-2.5E-400,true,576460752303423489]]}"#.to_owned(),
            deep(127),
            "1".repeat(308),
        ];
        for text in good {
            assert!(is_relayable(text.as_bytes()), "{text}");
        }
        for text in [
            deep(128),
            "[1e309]".to_owned(),
            "{\"a\":-1E99999}".to_owned(),
            "9".repeat(310),
        ] {
            assert!(!is_relayable(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn a_number_that_would_lose_digits_is_refused() {
        for text in [
            "18446744073709551616",
            "-18446744073709551616",
            "[123456789012345678901]",
            "1e20",
        ] {
            assert!(
                read(text)
                    .unwrap_err()
                    .to_string()
                    .contains("more than 64 bits"),
                "{text}"
            );
        }
        for text in [
            "18446744073709551615",
            "-9223372036854775808",
            "1.5",
            "1e2",
            "-0",
        ] {
            assert!(read(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn put_refuses_what_is_there() {
        let mut map = Map::new();
        assert!(put(&mut map, "a.b", Value::Bool(true)));
        assert!(!put(&mut map, "a.b", Value::Bool(false)));
        assert!(!put(&mut map, "a.b.c", Value::Bool(false)));
        assert_eq!(at(&Value::Object(map), "a.b"), Some(&Value::Bool(true)));
    }
}
