//! The schema of a type, as it is published and enforced. Knows where it comes from, not what is in it.
//!
//! With the feature `generate` it is made from the type; without, the program carries what was made. Children: `made`
//! (the generator), `settings` (what is known of the fields inside an object that is given as such).

#[cfg(feature = "generate")]
mod made;
#[cfg(feature = "generate")]
mod settings;

#[cfg(not(feature = "generate"))]
use crate::protocol::carried::Pack;
#[cfg(feature = "generate")]
pub use made::{enforced, schema_of_answer};
use schemars::JsonSchema;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// The schema of `T` as it is published and enforced: no references, no `null` (which means "not given"). Without the
/// generator what it only tells people is left out. Made or unpacked once in a process, since a batch asks line by line.
#[must_use]
pub fn schema<T: JsonSchema>() -> &'static Value {
    static KEPT: Mutex<BTreeMap<Cow<'static, str>, &'static Value>> = Mutex::new(BTreeMap::new());
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    kept.entry(name::<T>())
        .or_insert_with(|| Box::leak(Box::new(found::<T>())))
}

/// The name under which the schema of `T` is carried.
#[must_use]
pub fn name<T: JsonSchema>() -> Cow<'static, str> {
    T::schema_id()
}

#[cfg(feature = "generate")]
fn found<T: JsonSchema>() -> Value {
    made::of_parameters::<T>()
}

/// What is not carried is `null`, by which every field is refused as unknown; the tests see to it that all is carried.
#[cfg(not(feature = "generate"))]
fn found<T: JsonSchema>() -> Value {
    let text = Pack::OWN.get(&name::<T>()).unwrap_or_default();
    serde_json::from_slice(&text).unwrap_or_default()
}
