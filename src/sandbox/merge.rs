//! Lays changes over a JSON tree: objects are joined, everything else is replaced.

use serde_json::Value;

/// Lays `changed` over `tree`.
pub fn merge(tree: &mut Value, changed: &Value) {
    match (tree, changed) {
        (Value::Object(tree), Value::Object(changed)) => {
            for (key, value) in changed {
                merge(tree.entry(key).or_insert(Value::Null), value);
            }
        }
        (tree, changed) => *tree = changed.clone(),
    }
}
