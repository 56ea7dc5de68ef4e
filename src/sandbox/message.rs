//! What goes in and out: a request with its path decoded, a reply, Zoom's way of refusing; and what is
//! remembered of them.

use serde_json::{Value, json};

/// A request, its path decoded once.
#[derive(Debug, Default)]
pub struct ApiRequest {
    pub method: String,
    pub segments: Vec<String>,
    pub query: Vec<(String, String)>,
    pub target: String,
    pub authorization: String,
    pub content_type: String,
    pub body: String,
}

/// A reply.
#[derive(Clone, Debug, PartialEq)]
pub struct ApiReply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

/// A refusal, boxed: most requests are not refused.
pub type Refusal = Box<ApiReply>;

/// A field or parameter that Zoom objects to, and the reason.
pub type Objection = (String, String);

/// A request that came in, and the status it was answered with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logged {
    /// The method.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// The body.
    pub body: String,
    /// The status; 0 when it was not answered.
    pub status: u16,
    /// Zoom's code, where the answer held one: 300 for what does not fit the endpoint.
    pub code: Option<i64>,
}

impl ApiReply {
    pub fn json(status: u16, body: &Value) -> Self {
        Self::text(status, body.to_string())
    }

    /// A reply whose body is JSON already.
    pub fn text(status: u16, body: String) -> Self {
        Self::empty(status)
            .header("content-type", "application/json;charset=UTF-8")
            .body(body)
    }

    pub const fn empty(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: String::new(),
        }
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_lowercase(), value.to_owned()));
        self
    }

    pub fn body(self, body: String) -> Self {
        Self { body, ..self }
    }
}

/// Returns one of Zoom's errors.
pub fn refusal(status: u16, code: i64, message: &str) -> Refusal {
    let body = json!({"code": code, "message": message});
    Box::new(ApiReply::json(status, &body))
}

/// Returns Zoom's refusal of what does not fit the endpoint, field by field.
pub fn invalid(objections: &[Objection]) -> Refusal {
    let errors: Vec<Value> = objections
        .iter()
        .map(|(field, message)| json!({"field": field, "message": message}))
        .collect();
    let body = json!({"code": 300, "message": "Validation Failed.", "errors": errors});
    Box::new(ApiReply::json(400, &body))
}

/// Returns the refusal of one field.
pub fn invalid_field(field: &str, message: &str) -> Refusal {
    invalid(&[(field.to_owned(), message.to_owned())])
}
