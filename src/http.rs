//! One HTTP exchange in plain words: what is asked, what came back, how it broke. Begin with the trait [`Http`].
//!
//! `client` sends a request over the network, `retry` decides what is tried again, and `rate_limit` reads what a limit asks
//! for. Commands put them together: `Retry` over `ReqwestClient`, or over a recording.

pub mod client;
pub mod rate_limit;
pub mod retry;

use crate::protocol::secret::Secret;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::time::Duration;

/// Something that answers one HTTP request: the network, a recording, or a script in a test.
pub trait Http: Send + Sync {
    /// Sends `request` and reads the whole answer.
    ///
    /// # Errors
    /// [`TransportError`] when no complete answer came; it says how far the request got.
    fn send(&self, request: &Request) -> Result<Response, TransportError>;

    /// The answer to `request` where it is known without asking: a limit that another request has met still holds.
    /// `left` is the time that the run has for it.
    fn refusal(&self, _request: &Request, _left: Duration) -> Option<Response> {
        None
    }

    /// Opens a connection to `url`'s host ahead of need, sending no HTTP bytes. Best effort, returns at once.
    fn prepare(&self, _url: &str) {}
}

impl<H: Http + ?Sized> Http for &H {
    fn send(&self, request: &Request) -> Result<Response, TransportError> {
        (**self).send(request)
    }
    fn refusal(&self, request: &Request, left: Duration) -> Option<Response> {
        (**self).refusal(request, left)
    }
    fn prepare(&self, url: &str) {
        (**self).prepare(url);
    }
}

impl<H: Http + ?Sized> Http for std::sync::Arc<H> {
    fn send(&self, request: &Request) -> Result<Response, TransportError> {
        (**self).send(request)
    }
    fn refusal(&self, request: &Request, left: Duration) -> Option<Response> {
        (**self).refusal(request, left)
    }
    fn prepare(&self, url: &str) {
        (**self).prepare(url);
    }
}

impl<H: Http + ?Sized> Http for Box<H> {
    fn send(&self, request: &Request) -> Result<Response, TransportError> {
        (**self).send(request)
    }
    fn refusal(&self, request: &Request, left: Duration) -> Option<Response> {
        (**self).refusal(request, left)
    }
    fn prepare(&self, url: &str) {
        (**self).prepare(url);
    }
}

/// The methods that Zoom's endpoints use here.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// Reads.
    Get,
    /// Creates; asks for a token as well.
    Post,
    /// Changes fields.
    Patch,
    /// Sets a state.
    Put,
    /// Removes.
    Delete,
}

impl Method {
    /// The method's name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The credentials of a request.
#[derive(Clone, Debug)]
pub enum Credentials {
    /// `Authorization: Bearer TOKEN`.
    Bearer(Secret<String>),
    /// `Authorization: Basic base64(user:password)`.
    Basic {
        /// The user name, a client id here.
        user: String,
        /// The password, a client secret here.
        password: Secret<String>,
    },
}

/// The body of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// `application/json`, as it goes over the wire.
    Json(String),
    /// `application/x-www-form-urlencoded` pairs, not yet encoded.
    Form(Vec<(String, String)>),
}

/// One request.
#[derive(Clone, Debug)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The absolute address, path and query encoded.
    pub url: String,
    /// The `Authorization` header.
    pub credentials: Option<Credentials>,
    /// The body.
    pub body: Option<Body>,
    /// The timeout of this one try, connecting and reading included.
    pub timeout: Duration,
}

impl Request {
    /// True for a request that changes something at Zoom, so that a second try could do harm. The token request, the one
    /// form, changes nothing.
    #[must_use]
    pub const fn is_change(&self) -> bool {
        !matches!(self.method, Method::Get) && !matches!(self.body, Some(Body::Form(_)))
    }
}

/// One whole answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// The status, 100 to 599.
    pub status: u16,
    /// Header names in lower case, in the order they came. Only text headers are kept.
    pub headers: Vec<(String, String)>,
    /// The body after decompression.
    pub body: Vec<u8>,
    /// True when the request went over a connection that an earlier one had used.
    pub kept_connection: bool,
}

impl Response {
    /// The first header called `name` (lower case).
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

/// The stage that a request reached before it broke: it tells what may have happened at the other end.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Looking up the host's address.
    #[serde(rename = "dns")]
    Resolving,
    /// Opening the TCP connection, through a proxy perhaps.
    #[serde(rename = "connect")]
    Connecting,
    /// The TLS handshake.
    #[serde(rename = "tls")]
    Securing,
    /// The connection stood; the request was being sent or its answer awaited.
    #[serde(rename = "response")]
    Waiting,
    /// The answer's head had come; its body broke off.
    #[serde(rename = "body")]
    Reading,
}

impl Stage {
    /// True where not one byte of the request can have reached the other end.
    #[must_use]
    pub const fn is_before_send(self) -> bool {
        matches!(self, Self::Resolving | Self::Connecting | Self::Securing)
    }
}

/// Why no answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The try's own time ran out.
    #[serde(rename = "timeout")]
    TimedOut,
    /// The peer, the proxy or the name service failed.
    #[serde(rename = "io")]
    Failed,
    /// The peer's certificate is not trusted, or is for another host.
    #[serde(rename = "certificate")]
    Untrusted,
    /// The proxy was reached, and did not connect: it wants credentials, or does not allow it.
    ProxyRefused,
    /// This machine or container gives no more threads, files or memory.
    HostLimit,
    /// The answer's body is larger than [`client::MAX_BODY`], or its head larger than hyper reads.
    TooLarge,
    /// The answer is not HTTP, or does not decompress.
    #[serde(rename = "decode")]
    Garbled,
    /// The client could not be built from the resource (a certificate or a proxy that does not parse).
    #[serde(rename = "config")]
    Unusable,
}

/// A request that ended without a whole answer.
#[derive(Clone, Debug)]
pub struct TransportError {
    /// The stage that it reached.
    pub stage: Stage,
    /// Why it broke.
    pub cause: Cause,
    /// The chain of causes, outermost first, one sentence each; holds no secret.
    pub chain: Vec<String>,
}
