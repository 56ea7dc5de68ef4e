//! JSON as it is written, numbers digit for digit: its entries, its differences, and a readable form.

use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;
use std::fmt;

/// One place where two JSON texts differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The path: `data.users.[0].email`; empty for the whole.
    pub path: String,
    /// The value that should be there; `None` for nothing.
    pub expected: Option<String>,
    /// The value that is there; `None` for nothing.
    pub got: Option<String>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown =
            |side: &Option<String>| side.as_deref().map_or_else(|| "nothing".to_owned(), brief);
        let path = if self.path.is_empty() {
            "the whole"
        } else {
            &self.path
        };

        write!(
            f,
            "{path}: expected {}, got {}",
            shown(&self.expected),
            shown(&self.got)
        )
    }
}

/// On one line, and the first 300 characters: more does not help the eye.
fn brief(text: &str) -> String {
    // No text in JSON holds a line break as it is.
    let text = text.lines().map(str::trim).collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(300) {
        Some((at, _)) => format!("{}...", text.get(..at).unwrap_or_default()),
        None => text,
    }
}

/// The entries of an object in their order; `None` for what is no object.
#[must_use]
pub fn entries(object: &RawValue) -> Option<Vec<(String, &RawValue)>> {
    serde_json::Deserializer::from_str(object.get())
        .deserialize_map(Entries)
        .ok()
}

/// The longest value that [`field`] parses, in bytes: a tree may take a hundred times as much.
const LARGEST_VALUE: usize = 128 * 1024;

/// Returns the value under `name` in the JSON object; `None` also for one that is too large to be parsed.
#[must_use]
pub fn field(object: &str, name: &str) -> Option<Value> {
    let mut found = None;

    let _ = any_entry(object, |key, value| {
        if key == name {
            found = parsed(value);
        }
        found.is_some()
    });

    found
}

/// Returns the value as a tree; `None` for one that is too large for that.
#[must_use]
pub fn parsed(value: &RawValue) -> Option<Value> {
    (value.get().len() <= LARGEST_VALUE)
        .then(|| serde_json::from_str(value.get()).ok())
        .flatten()
}

/// True when `is_it` is true for an entry of the object. Keeps none of them, however many there are.
#[must_use]
pub fn any_entry(object: &str, is_it: impl FnMut(&str, &RawValue) -> bool) -> bool {
    serde_json::Deserializer::from_str(object)
        .deserialize_map(AnyEntry(is_it))
        .unwrap_or(false)
}

struct AnyEntry<F>(F);

impl<'de, F: FnMut(&str, &RawValue) -> bool> Visitor<'de> for AnyEntry<F> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }
    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<bool, A::Error> {
        let mut found = false;
        // To its end, also once it is found: the deserializer wants the object whole.
        while let Some(key) = map.next_key::<String>()? {
            let value: &RawValue = map.next_value()?;
            found = found || (self.0)(&key, value);
        }
        Ok(found)
    }
}

/// The items of a list; `None` for what is no list.
#[must_use]
pub fn items(list: &RawValue) -> Option<Vec<&RawValue>> {
    serde_json::from_str(list.get()).ok()
}

struct Entries;

impl<'de> Visitor<'de> for Entries {
    type Value = Vec<(String, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(entries)
    }
}

/// Lists the differences of `got` from `expected`. The order of keys does not matter; the digits of numbers do.
#[must_use]
pub fn differences(expected: &RawValue, got: &RawValue) -> Vec<Difference> {
    let mut found = Vec::new();
    compare(expected, got, "", &mut found);
    found
}

fn compare(expected: &RawValue, got: &RawValue, path: &str, found: &mut Vec<Difference>) {
    let mut differ = |path: String, expected: Option<&RawValue>, got: Option<&RawValue>| {
        let text = |side: Option<&RawValue>| side.map(|side| side.get().to_owned());
        found.push(Difference {
            path,
            expected: text(expected),
            got: text(got),
        });
    };

    let below = |step: &str| {
        if path.is_empty() {
            step.to_owned()
        } else {
            format!("{path}.{step}")
        }
    };

    if let (Some(expected), Some(got)) = (entries(expected), entries(got)) {
        let mut left: Vec<(&str, &RawValue)> = got
            .iter()
            .map(|(key, value)| (key.as_str(), *value))
            .collect();
        let mut pairs = Vec::new();
        for (key, value) in &expected {
            match left.iter().position(|(other, _)| other == key) {
                Some(at) => pairs.push((key, *value, left.remove(at).1)),
                None => differ(below(key), Some(value), None),
            }
        }
        for (key, value) in left {
            differ(below(key), None, Some(value));
        }
        for (key, expected, got) in pairs {
            compare(expected, got, &below(key), found);
        }
    } else if let (Some(expected), Some(got)) = (items(expected), items(got)) {
        for index in expected.len().min(got.len())..expected.len().max(got.len()) {
            differ(
                below(&format!("[{index}]")),
                expected.get(index).copied(),
                got.get(index).copied(),
            );
        }
        for (index, (expected, got)) in expected.iter().zip(&got).enumerate() {
            compare(expected, got, &below(&format!("[{index}]")), found);
        }
    } else if !same_scalar(expected.get(), got.get()) {
        differ(path.to_owned(), Some(expected), Some(got));
    }
}

/// Texts are the same however they are escaped; everything else must be written the same.
fn same_scalar(a: &str, b: &str) -> bool {
    let text = |side: &str| serde_json::from_str::<String>(side).ok();
    a == b || matches!((text(a), text(b)), (Some(a), Some(b)) if a == b)
}

/// `json` with a line for each entry and item, two spaces a level. Numbers and texts stay as they are written.
#[must_use]
pub fn pretty(json: &str) -> String {
    let (mut out, mut level, mut in_text, mut escaped) = (String::new(), 0_usize, false, false);
    let mut opened = false;
    for character in json.chars() {
        if in_text {
            out.push(character);
            match character {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => in_text = false,
                _ => {}
            }
            continue;
        }
        match character {
            ' ' | '\t' | '\n' | '\r' => continue,
            '}' | ']' => {
                level = level.saturating_sub(1);
                if !opened {
                    line(&mut out, level);
                }
            }
            _ if opened => line(&mut out, level),
            _ => {}
        }
        opened = matches!(character, '{' | '[');
        in_text = character == '"';
        out.push(character);
        match character {
            '{' | '[' => level += 1,
            ',' => line(&mut out, level),
            ':' => out.push(' '),
            _ => {}
        }
    }

    out
}

fn line(out: &mut String, level: usize) {
    out.push('\n');
    out.push_str(&"  ".repeat(level));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn field_parses_the_value_that_is_asked_for_and_none_that_is_too_large() {
        let huge = format!("[{}[]]", "[],".repeat(LARGEST_VALUE / 3));
        let object = format!(r#"{{"huge":{huge},"status":"started","a":{{"status":1}}}}"#);
        assert_eq!(field(&object, "status"), Some(Value::from("started")));
        assert_eq!(field(&object, "huge"), None);
        assert_eq!(field(&object, "none"), None);
        assert_eq!(field("[1]", "status"), None);
    }

    fn differ(expected: &str, got: &str) -> Vec<String> {
        let raw = |text: &str| serde_json::from_str::<Box<RawValue>>(text).unwrap();
        differences(&raw(expected), &raw(got))
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn the_order_of_keys_and_the_way_of_escaping_do_not_matter() {
        assert_eq!(
            differ(
                r#"{"a":1,"b":["\u00e9",null]}"#,
                r#"{ "b":["é", null], "a":1}"#
            ),
            [""; 0]
        );
    }

    #[test]
    fn every_difference_has_its_path_and_both_sides() {
        let found = differ(
            r#"{"a":{"b":[1,{"c":"x"}]},"gone":true,"n":576460752303423488}"#,
            r#"{"a":{"b":[1,{"c":"y"},3]},"n":576460752303423489,"new":null}"#,
        );
        let wanted = [
            "gone: expected true, got nothing",
            "new: expected nothing, got null",
            "a.b.[2]: expected nothing, got 3",
            "a.b.[1].c: expected \"x\", got \"y\"",
            "n: expected 576460752303423488, got 576460752303423489",
        ];
        assert_eq!(found, wanted);
        assert_eq!(differ("1", "1.0"), ["the whole: expected 1, got 1.0"]);
        assert_eq!(differ("{}", "[]"), ["the whole: expected {}, got []"]);
    }

    #[test]
    fn a_readable_form_keeps_every_digit() {
        let json = r#"{"a":1.50,"b":[],"c":[1,{"d":"x, {\"y\"}: \\"}],"e":{}}"#;
        let wanted = "{\n  \"a\": 1.50,\n  \"b\": [],\n  \"c\": [\n    1,\n    {\n      \"d\": \"x, {\\\"y\\\"}: \\\\\"\n    }\n  ],\n  \"e\": {}\n}";
        assert_eq!(pretty(json), wanted);
        assert_eq!(pretty(wanted), wanted);
    }
}
