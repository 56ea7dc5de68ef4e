//! The one coercion rule: hosts send text where a number is meant, so values are read as the types that the parameters
//! have. Begin with [`Coerce`], a `serde` deserializer over JSON values.

use super::is_given;
use crate::protocol::json::{self, kind};
use crate::protocol::suggest::quoted;
use serde::de::value::{MapAccessDeserializer, StringDeserializer};
use serde::de::{
    DeserializeSeed, Deserializer, Error, Expected, IntoDeserializer, MapAccess, SeqAccess,
    Unexpected, Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::{Map, Number, Value};
use std::fmt;

/// Reads one value as the type that is asked for.
pub(super) struct Coerce(pub Value);

/// A value that does not fit.
#[derive(Debug)]
pub(super) struct CoerceError {
    /// The dotted path; blank for the value itself.
    pub path: String,
    /// The reason.
    pub reason: Reason,
}

/// The reason why a value does not fit.
#[derive(Debug)]
pub(super) enum Reason {
    /// It is no value of its type; the rest of a sentence that begins with the path.
    Misfit(String),
    /// There is no field of that name; these there are.
    Unknown(&'static [&'static str]),
}

impl CoerceError {
    fn misfit(reason: impl Into<String>) -> Self {
        Self {
            path: String::new(),
            reason: Reason::Misfit(reason.into()),
        }
    }

    fn unlike(expected: &dyn Expected, value: &Value) -> Self {
        let shown = match value {
            Value::String(text) => quoted(text),
            Value::Bool(_) | Value::Number(_) => value.to_string(),
            other => kind(other).to_owned(),
        };
        Self::misfit(format!("must be {}, not {shown}", named(expected)))
    }

    /// The same error, of a value inside the field `name`.
    fn inside(mut self, name: &str) -> Self {
        // A key comes from outside and may be of any length.
        let name: String = name.chars().take(64).collect();
        self.path = if self.path.is_empty() {
            name
        } else {
            format!("{name}.{}", self.path)
        };

        self
    }
}

/// Returns what a type expects, in words for people: serde has its own for the standard types.
fn named(expected: &dyn Expected) -> String {
    let own = expected.to_string();
    let words = match own.as_str() {
        "i64" => "a whole number",
        "u64" => "a whole number of at least 0",
        "f64" => "a number",
        "a boolean" => "true or false",
        "a string" => "a text",
        "a sequence" => "a list",
        "a map" => "an object",
        _ => return own,
    };

    words.to_owned()
}

impl fmt::Display for CoerceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.reason {
            Reason::Misfit(reason) => f.write_str(reason),
            Reason::Unknown(_) => f.write_str("is no field that is known here"),
        }
    }
}

impl std::error::Error for CoerceError {}

impl Error for CoerceError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::misfit(message.to_string())
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let shown = match found {
            Unexpected::Str(text) => quoted(text),
            Unexpected::Signed(number) => number.to_string(),
            Unexpected::Unsigned(number) => number.to_string(),
            other => other.to_string(),
        };
        Self::misfit(format!("must be {}, not {shown}", named(expected)))
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::invalid_value(found, expected)
    }

    fn missing_field(field: &'static str) -> Self {
        Self::misfit("is missing or blank").inside(field)
    }

    fn unknown_field(field: &str, known: &'static [&'static str]) -> Self {
        Self {
            path: String::new(),
            reason: Reason::Unknown(known),
        }
        .inside(field)
    }
}

impl<'de> Deserializer<'de> for Coerce {
    type Error = CoerceError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CoerceError> {
        self.0
            .deserialize_any(visitor)
            .map_err(|error| CoerceError::misfit(error.to_string()))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CoerceError> {
        if is_given(&self.0) {
            visitor.visit_some(self)
        } else {
            visitor.visit_none()
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, CoerceError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CoerceError> {
        match boolean(&self.0) {
            Some(on) => visitor.visit_bool(on),
            None => Err(CoerceError::unlike(&visitor, &self.0)),
        }
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CoerceError> {
        let number = integer(&self.0);
        let signed = number.as_ref().and_then(Number::as_i64);
        let unsigned = number.as_ref().and_then(Number::as_u64);

        match (signed, unsigned) {
            (_, Some(number)) => visitor.visit_u64(number),
            (Some(number), None) => visitor.visit_i64(number),
            (None, None) => Err(CoerceError::unlike(&visitor, &self.0)),
        }
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CoerceError> {
        self.deserialize_i64(visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CoerceError> {
        match self.0 {
            Value::String(text) => visitor.visit_string(text),
            Value::Number(number) => visitor.visit_string(whole(number).to_string()),
            other => Err(CoerceError::unlike(&visitor, &other)),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CoerceError> {
        self.deserialize_string(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, CoerceError> {
        let given = match &self.0 {
            Value::String(text) => text.trim(),
            _ => "",
        };
        let known = variants
            .iter()
            .find(|known| known.eq_ignore_ascii_case(given));
        match known {
            Some(known) => visitor.visit_enum((*known).into_deserializer()),
            None => Err(CoerceError::unlike(&OneOf(variants), &self.0)),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CoerceError> {
        let items = match self.0 {
            Value::Array(items) => items,
            Value::String(text) => list_of_text(&text)?,
            other => return Err(CoerceError::unlike(&visitor, &other)),
        };
        visitor.visit_seq(Items {
            rest: items.into_iter(),
            index: 0,
        })
    }

    /// Hands an object on as it is: inside it nothing is converted.
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CoerceError> {
        Value::Object(object(self.0, &visitor)?)
            .deserialize_map(visitor)
            .map_err(|error| CoerceError::misfit(error.to_string()))
    }

    /// Reads the fields that are given, each by its type.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, CoerceError> {
        let map = object(self.0, &visitor)?;
        if let Some(name) = map.keys().find(|name| !fields.contains(&name.as_str())) {
            return Err(CoerceError::unknown_field(name, fields));
        }

        let fields = Fields {
            rest: map.into_iter(),
            value: None,
        };

        MapAccessDeserializer::new(fields).deserialize_any(visitor)
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i128 u8 u16 u32 u128 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct identifier
        ignored_any
    }
}

/// The choices of an enumeration, for messages.
struct OneOf(&'static [&'static str]);

impl Expected for OneOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let each: Vec<String> = self.0.iter().map(|name| format!("\"{name}\"")).collect();
        write!(f, "one of {}", each.join(", "))
    }
}

/// The fields of an object, without those that are not given.
struct Fields {
    rest: serde_json::map::IntoIter,
    value: Option<(String, Value)>,
}

impl<'de> MapAccess<'de> for Fields {
    type Error = CoerceError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, CoerceError> {
        let Some((name, value)) = self.rest.find(|(_, value)| is_given(value)) else {
            return Ok(None);
        };
        let key: StringDeserializer<CoerceError> = name.clone().into_deserializer();
        self.value = Some((name, value));
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<S::Value, CoerceError> {
        let (name, value) = self.value.take().unwrap_or_default();
        seed.deserialize(Coerce(value))
            .map_err(|error| error.inside(&name))
    }
}

/// The items of a list.
struct Items {
    rest: std::vec::IntoIter<Value>,
    index: usize,
}

impl<'de> SeqAccess<'de> for Items {
    type Error = CoerceError;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, CoerceError> {
        let Some(item) = self.rest.next() else {
            return Ok(None);
        };
        let index = self.index.to_string();
        self.index += 1;

        seed.deserialize(Coerce(item))
            .map(Some)
            .map_err(|error| error.inside(&index))
    }
}

fn boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(on) => Some(*on),
        Value::Number(number) if number.as_f64() == Some(0.0) => Some(false),
        Value::Number(number) if number.as_f64() == Some(1.0) => Some(true),
        Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" | "on" => Some(true),
            "false" | "0" | "no" | "off" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

fn integer(value: &Value) -> Option<Number> {
    match value {
        Value::Number(number) => Some(whole(number.clone())).filter(|number| !number.is_f64()),
        Value::String(text) => {
            let text = text.trim();
            let digits = text.strip_prefix('-').unwrap_or(text);
            if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            let signed = text.parse::<i64>().map(Number::from);
            signed
                .or_else(|_| text.parse::<u64>().map(Number::from))
                .ok()
        }
        _ => None,
    }
}

/// Returns `number` as a whole one, where it is: 5.0 is a whole number to JSON Schema, so it is one here.
pub(super) fn whole(number: Number) -> Number {
    match number.as_f64() {
        #[expect(clippy::cast_possible_truncation, reason = "it is below 2^53")]
        Some(float)
            if number.is_f64() && float.fract() == 0.0 && float.abs() < 9_007_199_254_740_992.0 =>
        {
            Number::from(float as i64)
        }
        _ => number,
    }
}

/// The error of a text that should be JSON, in words that need no knowledge of parsers.
fn not_json(wanted: &str, error: &serde_json::Error) -> CoerceError {
    let said = error.to_string();
    let said = said.split(" at line ").next().unwrap_or_default();
    let why = match said {
        _ if error.is_eof() => "it ends too early",
        "key must be a string" => "a name in it lacks its quotes",
        "trailing characters" => "something stands behind its end",
        said if said.starts_with("expected") => "it is not written as JSON",
        said if said.starts_with(json::TWICE) => "a name in it is given twice",
        said => said,
    };

    CoerceError::misfit(format!(
        "must be the JSON text of {wanted}: {why} (line {}, column {})",
        error.line(),
        error.column(),
    ))
}

fn list_of_text(text: &str) -> Result<Vec<Value>, CoerceError> {
    let text = text.trim();
    if text.starts_with(['[', '{']) {
        return match json::read(text) {
            Ok(Value::Array(items)) => Ok(items),
            Ok(other) => Err(CoerceError::misfit(format!(
                "must be a list, not {}",
                kind(&other)
            ))),
            Err(error) => Err(not_json("a list", &error)),
        };
    }

    let items = text
        .split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty());
    let items: Vec<Value> = items.map(Value::from).collect();
    if items.is_empty() && !text.is_empty() {
        return Err(CoerceError::misfit(
            "holds nothing but commas; leave it empty, or give [] to empty the list",
        ));
    }

    Ok(items)
}

fn object(value: Value, expected: &dyn Expected) -> Result<Map<String, Value>, CoerceError> {
    match value {
        Value::Object(map) => Ok(map),
        Value::String(text) => match json::read(text.trim()) {
            Ok(Value::Object(map)) => Ok(map),
            Ok(other) => Err(CoerceError::unlike(&"an object", &other)),
            Err(error) => Err(not_json("an object", &error)),
        },
        other => Err(CoerceError::unlike(expected, &other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::parameter::Bounded;
    use serde::Deserialize;
    use serde::de::DeserializeOwned;
    use serde_json::json;

    fn read<T: DeserializeOwned>(value: Value) -> Result<T, String> {
        T::deserialize(Coerce(value)).map_err(|error| format!("{}: {error}", error.path))
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(rename_all = "snake_case")]
    enum Choice {
        First,
        AnyOther,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Parameters {
        name: String,
        #[serde(default)]
        on: bool,
        numbers: Option<Vec<i64>>,
        settings: Option<Map<String, Value>>,
    }

    #[test]
    fn text_that_should_be_json_is_refused_in_plain_words() {
        let refusal = |text: &str| {
            let error = json::read(text).unwrap_err();
            not_json("an object", &error).to_string()
        };
        for (text, words) in [
            ("{\"a\":", "ends too early (line 1, column 5)"),
            ("{a}", "a name in it lacks its quotes"),
            ("{} x", "something stands behind its end"),
            ("hello", "is not written as JSON"),
            ("{\"a\":1,\"a\":2}", "a name in it is given twice"),
        ] {
            assert!(refusal(text).contains(words), "{}", refusal(text));
        }
    }

    #[test]
    fn coerce_converts_each_row_of_the_rule() {
        for on in [json!("YES"), json!("on"), json!(1), json!(1.0), json!("1")] {
            assert_eq!(read::<bool>(on.clone()), Ok(true), "{on}");
        }
        for off in [json!("No"), json!(" off "), json!(0), json!(false)] {
            assert_eq!(read::<bool>(off.clone()), Ok(false), "{off}");
        }
        assert_eq!(read(json!(" 500 ")), Ok(500_u64));
        assert_eq!(read(json!("-7")), Ok(-7_i64));
        assert_eq!(read(json!(5.0)), Ok(5_i64));
        assert_eq!(read(json!(12345)), Ok("12345".to_owned()));
        assert_eq!(read(json!(100.0)), Ok("100".to_owned()));
        assert_eq!(read(json!("FIRST")), Ok(Choice::First));
        assert_eq!(read(json!(" any_Other ")), Ok(Choice::AnyOther));
        assert_eq!(read(json!("1,2")), Ok(vec![1_i64, 2]));
        assert_eq!(read(json!("[]")), Ok(Vec::<String>::new()));
        assert_eq!(
            read(json!("a, b,,c")),
            Ok(vec!["a".to_owned(), "b".to_owned(), "c".to_owned()])
        );
        assert_eq!(
            read::<Vec<Value>>(json!("[{\"a\":\"1\"}]")),
            Ok(vec![json!({"a": "1"})])
        );
    }

    #[test]
    fn coerce_leaves_out_what_is_not_given_and_converts_nothing_inside_an_object() {
        let given =
            json!({"name": "x", "on": " ", "numbers": null, "settings": "{\"a\":\"true\"}"});
        let read: Parameters = read(given).unwrap();
        assert!(!read.on && read.numbers.is_none() && read.name == "x");
        assert_eq!(Value::from(read.settings), json!({"a": "true"}));
    }

    #[test]
    fn coerce_says_where_and_what_was_expected() {
        let rows = [
            (json!({"name": true}), "name: must be a text, not true"),
            (json!({"name": "\u{a0}"}), "name: is missing or blank"),
            (
                json!({"name": "x", "on": "maybe"}),
                "on: must be true or false, not \"maybe\"",
            ),
            (
                json!({"name": "x", "on": 2}),
                "on: must be true or false, not 2",
            ),
            (
                json!({"name": "x", "numbers": [1, "z"]}),
                "numbers.1: must be a whole number, not \"z\"",
            ),
            (
                json!({"name": "x", "numbers": ","}),
                "numbers: holds nothing but commas; leave it empty, or give [] to empty the list",
            ),
            (
                json!({"name": "x", "settings": "7"}),
                "settings: must be an object, not a number",
            ),
            (
                json!({"name": "x", "nam": 1}),
                "nam: is no field that is known here",
            ),
        ];
        for (given, wanted) in rows {
            let error = read::<Parameters>(given.clone()).unwrap_err();
            assert!(
                error == wanted || error.replace(", not 7", ", not a number") == wanted,
                "{given}: {error}"
            );
        }
        assert_eq!(
            read::<Choice>(json!("c")).unwrap_err(),
            ": must be one of \"first\", \"any_other\", not \"c\""
        );
        for (given, shown) in [
            (json!(301), "301"),
            (json!("x"), "\"x\""),
            (json!(-1), "-1"),
        ] {
            let error = read::<Bounded<1, 300>>(given).unwrap_err();
            assert_eq!(
                error,
                format!(": must be a whole number from 1 to 300, not {shown}")
            );
        }
        assert_eq!(
            read::<i64>(json!("1e3")).unwrap_err(),
            ": must be a whole number, not \"1e3\""
        );
    }
}
