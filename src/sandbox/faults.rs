//! What goes wrong on purpose: read from an option, and drawn by chance for each request.

use super::limits::{Plan, too_many_a_second};
use super::message::ApiReply;
use serde_json::json;
use std::str::FromStr;

/// Something that goes wrong for a share of the requests.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// The fault itself.
    pub kind: Kind,
    /// The share of requests that it strikes, 0 to 1.
    pub share: f64,
}

/// The faults that can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It is answered with this status.
    Status(u16),
    /// It is answered with the error of this code, where Zoom documents it for the endpoint.
    Code(i64),
    /// It is never answered.
    Hang,
    /// Its connection breaks in the middle of the answer.
    Cut,
}

impl FromStr for Fault {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong =
            || format!("{text:?} is not of the form 503:0.1, code3001:0.1, hang:0.01 or cut:0.01");
        let (what, share) = text.split_once(':').ok_or_else(wrong)?;
        let kind = match what {
            "hang" => Kind::Hang,
            "cut" => Kind::Cut,
            code if code.starts_with("code") => Kind::Code(
                code.trim_start_matches("code")
                    .parse()
                    .map_err(|_| wrong())?,
            ),
            status => Kind::Status(
                status
                    .parse()
                    .ok()
                    .filter(|status| (400..600).contains(status))
                    .ok_or_else(wrong)?,
            ),
        };

        let share: f64 = share.parse().map_err(|_| wrong())?;

        if (0.0..=1.0).contains(&share) {
            Ok(Self { kind, share })
        } else {
            Err(wrong())
        }
    }
}

/// Returns the reply with a status that was asked for, as Zoom gives it: of an endpoint with `label`, or of the token's
/// address, which speaks otherwise.
pub fn answer(status: u16, label: Option<&str>, plan: Option<Plan>, now: u64) -> ApiReply {
    let Some(label) = label else {
        return ApiReply::json(
            status,
            &json!({"reason": "A fault was asked for.", "error": "fault"}),
        );
    };

    match status {
        // These two have forms of their own; of the rest nobody reads more than the status.
        429 => too_many_a_second(label, plan.unwrap_or(Plan::Business).per_period(label), now),
        401 => ApiReply::json(
            401,
            &json!({"code": 124, "message": "Access token is expired."}),
        ),
        _ => ApiReply::json(
            status,
            &json!({"code": status, "message": "A fault was asked for."}),
        ),
    }
}

/// A series of draws, the same for the same seed (xorshift).
#[derive(Debug)]
pub struct Rng(u64);

impl Rng {
    pub const fn new(seed: u64) -> Self {
        Self(seed ^ 0x9E37_79B9_7F4A_7C15)
    }

    /// Draws the next number.
    pub const fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// Draws the fault of the next request, if there is one.
    pub fn next_fault(&mut self, faults: &[Fault]) -> Option<Kind> {
        faults
            .iter()
            .find(|fault| ((self.next() >> 11) as f64 / (1_u64 << 53) as f64) < fault.share)
            .map(|fault| fault.kind)
    }
}
