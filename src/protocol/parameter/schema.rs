//! The schema of a type, as it is published and enforced. Begin with `made`, which makes it.

mod made;

pub use made::{enforced, schema_of_answer};
use schemars::JsonSchema;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// The schema of `T` as it is published and enforced: no references, no `null` (which means "not given"). Made once in
/// a process, since a batch asks line by line.
#[must_use]
pub fn schema<T: JsonSchema>() -> &'static Value {
    static KEPT: Mutex<BTreeMap<Cow<'static, str>, &'static Value>> = Mutex::new(BTreeMap::new());
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    kept.entry(name::<T>())
        .or_insert_with(|| Box::leak(Box::new(found::<T>())))
}

/// Returns the name that schemars gives the schema of `T`.
#[must_use]
pub fn name<T: JsonSchema>() -> Cow<'static, str> {
    T::schema_id()
}

fn found<T: JsonSchema>() -> Value {
    made::of_parameters::<T>()
}
