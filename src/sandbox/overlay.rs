//! Lays changes over a JSON tree: objects are joined, everything else is replaced. Knows no field.

use serde_json::Value;

/// Lays `changed` over `tree`.
pub fn overlay(tree: &mut Value, changed: &Value) {
    match (tree, changed) {
        (Value::Object(tree), Value::Object(changed)) => {
            for (key, value) in changed {
                overlay(tree.entry(key).or_insert(Value::Null), value);
            }
        }
        (tree, changed) => *tree = changed.clone(),
    }
}
