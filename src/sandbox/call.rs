//! One call of an endpoint, after its token, scopes, query and body were checked.

use super::paging::Window;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// A call that fits its endpoint.
#[derive(Debug)]
pub struct Call<'a> {
    pub method: &'a str,
    /// The endpoint's path, parameters in braces.
    pub path: &'a str,
    /// The status that says it was done.
    pub success: u16,
    pub path_params: Vec<String>,
    pub query: HashMap<&'a str, &'a str>,
    pub body: Map<String, Value>,
    /// The page of a list.
    pub window: Window,
    pub now: u64,
}

impl Call<'_> {
    /// The first parameter of the path, as it was given.
    pub fn id(&self) -> &str {
        self.path_params.first().map_or("", String::as_str)
    }

    /// The second parameter of the path.
    pub fn second_id(&self) -> &str {
        self.path_params.get(1).map_or("", String::as_str)
    }

    /// A parameter of the query that holds something.
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query
            .get(name)
            .copied()
            .filter(|text| !text.is_empty())
    }

    /// A text of the body.
    pub fn text(&self, name: &str) -> &str {
        self.body
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }
}
