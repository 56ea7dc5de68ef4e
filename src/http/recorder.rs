//! A fixture's `exchanges.json`: what was asked over HTTP and what came back, without credentials. Knows the form of the file, not what it is about.
//!
//! Children: `recording` plays such exchanges in order, without a socket; `keeper` keeps those that go by.

pub mod keeper;
pub mod recording;

use super::{Broken, Cause, Method, Stage};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

/// The version of the form of `exchanges.json`.
pub const VERSION: u32 = 1;

/// The headers of an answer that are kept: those that the program reads, and the body's type.
pub const HEADERS: [&str; 3] = ["content-type", "retry-after", "x-zm-trackingid"];

/// The beginning of further headers that are kept.
pub const RATE_LIMIT_HEADERS: &str = "x-ratelimit-";

/// The HTTP exchanges of one run, in their order: a fixture's `exchanges.json`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Exchanges {
    /// The version of this form: 1.
    #[schemars(extend("const" = VERSION))]
    pub version: u32,
    /// The time of day at which the run started, RFC 3339; a replay's clock starts there.
    #[schemars(extend("format" = "date-time"))]
    pub started_at: String,
    /// The exchanges, in the order of the requests. Tries that were repeated are exchanges of their own.
    pub exchanges: Vec<Exchange>,
}

impl Exchanges {
    /// Reads the file's text.
    ///
    /// # Errors
    /// A sentence: not this form, another version, a time that is none, or an exchange without an end or with two.
    pub fn read(text: &str) -> Result<Self, String> {
        let read: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if read.version != VERSION {
            return Err(format!(
                "version {} is not known; this program reads version {VERSION}",
                read.version
            ));
        }
        read.start()?;
        for (index, exchange) in read.exchanges.iter().enumerate() {
            if exchange.response.is_some() == exchange.broken.is_some() {
                return Err(format!(
                    "exchange {} needs either `response` or `broken`",
                    index + 1
                ));
            }
        }
        Ok(read)
    }

    /// The time of day at which the run started.
    ///
    /// # Errors
    /// A sentence, when `started_at` is no time.
    pub fn start(&self) -> Result<SystemTime, String> {
        let stamp: jiff::Timestamp = self
            .started_at
            .parse()
            .map_err(|error| format!("`started_at` is no time: {error}"))?;
        let millis = u64::try_from(stamp.as_millisecond())
            .map_err(|_| "`started_at` is before 1970".to_owned())?;
        Ok(SystemTime::UNIX_EPOCH + Duration::from_millis(millis))
    }
}

/// One request with its answer, or with the way it broke: exactly one of `response` and `broken` is given.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("oneOf" = [{ "required": ["response"] }, { "required": ["broken"] }]))]
pub struct Exchange {
    /// What was asked.
    pub request: Asked,
    /// When the answer was there, in milliseconds since `started_at`. Where it is not given, no time goes by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_ms: Option<u64>,
    /// What came back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<Answered>,
    /// How it broke, where nothing whole came back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broken: Option<Broke>,
}

/// A request, without its credentials.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// The method.
    pub method: Method,
    /// The whole address, with its query.
    pub url: String,
    /// The body, where it is JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "serde_json::Value")]
    pub body: Option<Box<RawValue>>,
    /// The body's fields, where it is a form: the token request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<BTreeMap<String, String>>,
}

/// An answer. At most one of `body`, `text` and `base64` is given; none is an empty body.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Answered {
    /// The status, 100 to 599.
    pub status: u16,
    /// The headers that matter, names in lower case.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// The body, where it is JSON; played as it is written here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "serde_json::Value")]
    pub body: Option<Box<RawValue>>,
    /// The body, where it is text of another kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The body, where it is no text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base64: Option<String>,
}

/// How a request ended without a whole answer.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Broke {
    /// How far it got.
    pub stage: Stage,
    /// Why it broke.
    pub cause: Cause,
    /// The chain of causes, outermost first.
    #[serde(default)]
    pub chain: Vec<String>,
}

impl From<Broke> for Broken {
    fn from(
        Broke {
            stage,
            cause,
            chain,
        }: Broke,
    ) -> Self {
        Self {
            stage,
            cause,
            chain,
        }
    }
}
