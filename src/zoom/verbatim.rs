//! An answer passed on byte for byte, documented as the shape it has: no field that Zoom adds is lost, no number rounded.

use super::model;
use crate::protocol::failure::Failure;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::value::RawValue;
use std::marker::PhantomData;

/// An answer of Zoom's, byte for byte as it came, documented as a `T`.
#[derive(Debug, Clone)]
pub struct Verbatim<T>(Box<RawValue>, PhantomData<fn() -> T>);

impl<T> Verbatim<T> {
    /// Passes on `raw`.
    #[must_use]
    pub const fn new(raw: Box<RawValue>) -> Self {
        Self(raw, PhantomData)
    }

    /// The same object with one more entry of ours at its end.
    ///
    /// # Errors
    /// `internal` when `value` cannot be written.
    pub fn with<U, V: Serialize>(self, key: &str, value: &V) -> Result<Verbatim<U>, Failure> {
        let bug = |error: serde_json::Error| {
            Failure::internal("An answer could not be written.").caused_by(vec![error.to_string()])
        };
        let entry = serde_json::to_string(&serde_json::Map::from_iter([(
            key.to_owned(),
            serde_json::to_value(value).map_err(bug)?,
        )]));
        let entry = entry.map_err(bug)?;
        let object = self.0.get().trim();
        let object = object.strip_suffix('}').unwrap_or(object).trim_end();
        let comma = if object.ends_with('{') { "" } else { "," };
        let text = format!(
            "{object}{comma}{}",
            entry.strip_prefix('{').unwrap_or_default()
        );

        RawValue::from_string(text).map(Verbatim::new).map_err(bug)
    }
}

impl<T> Serialize for Verbatim<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<T: JsonSchema> JsonSchema for Verbatim<T> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        T::schema_name()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        model::lenient(T::json_schema(generator))
    }
}
