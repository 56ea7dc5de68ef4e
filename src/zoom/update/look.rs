//! Reads of an answer only the fields that an update asks about, so that a huge answer costs no memory. Begin with
//! [`read`].

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::fmt;

/// The largest part of an answer that is turned into a tree. A tree takes up to a hundred times the room of its text.
const LARGEST_PART: usize = 128 * 1024;

/// The placeholder of a part that is too large for a tree, or that holds half of a surrogate pair. Left out, it would
/// count as empty.
const NOT_READ: &str = "[not read]";

/// Reads from the JSON object `text` what stands at the dotted `paths`, each with all that is inside.
///
/// # Errors
/// serde_json's, for what is no JSON object.
pub fn read(text: &str, paths: &[&str]) -> Result<Value, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let found = Part { paths, depth: 0 }.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(found.unwrap_or_default())
}

/// The object at some depth, of which `paths` are wanted.
struct Part<'p> {
    paths: &'p [&'p str],
    depth: usize,
}

impl Part<'_> {
    /// Returns the step at this depth of each path.
    fn steps(&self) -> impl Iterator<Item = (&str, bool)> {
        self.paths.iter().filter_map(|path| {
            let mut steps = path.split('.').skip(self.depth);
            let step = steps.next()?;
            Some((step, steps.next().is_none()))
        })
    }
}

impl<'de> DeserializeSeed<'de> for Part<'_> {
    type Value = Option<Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<Value>, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Part<'_> {
    type Value = Option<Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<Value>, A::Error> {
        let mut found = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            let whole = self.steps().any(|(step, last)| last && step == key);
            let inside = self.steps().any(|(step, _)| step == key);
            if !inside {
                map.next_value::<IgnoredAny>()?;
                continue;
            }

            let raw = map.next_value::<&RawValue>()?.get();
            let value = if whole {
                Some(tree(raw))
            } else {
                let paths: Vec<&str> = self.below(&key);
                let part = Part {
                    paths: &paths,
                    depth: self.depth + 1,
                };
                // What should be an object and is something else holds none of the paths.
                part.deserialize(&mut serde_json::Deserializer::from_str(raw))
                    .ok()
                    .flatten()
            };
            if let Some(value) = value {
                found.insert(key, value);
            }
        }

        Ok(Some(Value::Object(found)))
    }
}

impl Part<'_> {
    /// Returns the paths that lead on behind `key`.
    fn below(&self, key: &str) -> Vec<&str> {
        let mut below = self.paths.to_vec();
        below.retain(|path| path.split('.').nth(self.depth) == Some(key));
        below
    }
}

fn tree(raw: &str) -> Value {
    let parsed = (raw.len() <= LARGEST_PART).then(|| serde_json::from_str(raw));
    parsed
        .and_then(Result::ok)
        .unwrap_or_else(|| Value::from(NOT_READ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn read_returns_only_what_was_asked_for() {
        let text = r#"{"id":1,"settings":{"a":true,"b":{"c":[1,{"d":2}],"e":null},"x":"\ud800"},"big":[[],[]]}"#;
        let found = read(text, &["settings.a", "settings.b", "id", "none", "big.no"]).unwrap();
        assert_eq!(
            found,
            json!({"id": 1, "settings": {"a": true, "b": {"c": [1, {"d": 2}], "e": null}}})
        );
        assert_eq!(
            read(text, &["settings.x"]).unwrap(),
            json!({"settings": {"x": NOT_READ}})
        );
        assert!(read("[]", &["a"]).is_err() && read("{\"a\":", &["a"]).is_err());
        assert!(read("{} {}", &["a"]).is_err());
    }

    #[test]
    fn read_builds_no_tree_of_a_part_that_is_too_large() {
        let huge = format!(
            "{{\"list\":[{}[]],\"a\":1}}",
            "[],".repeat(LARGEST_PART / 2)
        );
        assert_eq!(
            read(&huge, &["list", "a"]).unwrap(),
            json!({"list": NOT_READ, "a": 1})
        );
    }
}
