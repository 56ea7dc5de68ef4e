//! A cache entry: a token as bytes and back, and the time until which it may be used.

use crate::protocol::secret::Secret;
use crate::zoom::token::{Token, is_token};
use serde::{Deserialize, Serialize};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A token is not used in the last five minutes of its life: it would expire under a long action.
const MARGIN: Duration = Duration::from_secs(300);

/// Machines that share tokens differ by some seconds: a token from so far in the future, in parts of its margin, is used
/// at once. That is a minute of the usual five.
const SKEW: u32 = 5;

/// A token that claims to live longer than a day comes from a clock that jumped, or from nowhere: Zoom's live an hour.
pub const LONGEST_LIFE: Duration = Duration::from_secs(86_400);

/// A token and when it was minted.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The token.
    pub token: Token,
    /// When it was minted, by the clock of the machine that did.
    pub minted_at: SystemTime,
}

/// The form on the disk; times in milliseconds since 1970.
#[derive(Serialize, Deserialize)]
struct Form {
    minted: u64,
    expires: u64,
    scope: Option<String>,
    token: String,
}

impl Kept {
    /// A token that was minted at `now`.
    #[must_use]
    pub fn minted(token: &Token, now: SystemTime) -> Self {
        Self {
            token: token.clone(),
            minted_at: now,
        }
    }

    /// True while it may be used: not in its last five minutes (of a short life: the last tenth), and not when the clock
    /// says that it is minted more than a minute (a fifth of those) in the future or lives longer than a day.
    #[must_use]
    pub fn usable(&self, now: SystemTime) -> bool {
        let Ok(life) = self.token.expires_at.duration_since(self.minted_at) else {
            return false;
        };
        let margin = MARGIN.min(life / 10);
        let age = match now.duration_since(self.minted_at) {
            Ok(age) => age,
            Err(ahead) if ahead.duration() <= margin / SKEW => Duration::ZERO,
            Err(_) => return false,
        };

        life <= LONGEST_LIFE && age < life.saturating_sub(margin)
    }

    /// As bytes, in clear; nothing when a time lies before 1970.
    #[must_use]
    pub fn encode(&self) -> Option<Vec<u8>> {
        let form = Form {
            minted: milliseconds(self.minted_at)?,
            expires: milliseconds(self.token.expires_at)?,
            scope: self.token.scope.clone(),
            token: self.token.secret.reveal().clone(),
        };
        serde_json::to_vec(&form).ok()
    }
}

/// Reads the bytes of [`Kept::encode`]; nothing for anything else. Any bytes may be given.
#[must_use]
pub fn decode(bytes: &[u8]) -> Option<Kept> {
    let form: Form = serde_json::from_slice(bytes).ok()?;
    if !is_token(&form.token) {
        return None;
    }

    let time = |milliseconds| UNIX_EPOCH.checked_add(Duration::from_millis(milliseconds));
    let token = Token {
        secret: Secret::new(form.token),
        scope: form.scope,
        expires_at: time(form.expires)?,
    };

    Some(Kept {
        token,
        minted_at: time(form.minted)?,
    })
}

fn milliseconds(time: SystemTime) -> Option<u64> {
    u64::try_from(time.duration_since(UNIX_EPOCH).ok()?.as_millis()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: SystemTime = UNIX_EPOCH;

    fn at(seconds: u64) -> SystemTime {
        NOW + Duration::from_secs(1_800_000_000 + seconds)
    }

    fn kept(life: u64) -> Kept {
        let token = Token {
            secret: Secret::new("t".to_owned()),
            scope: None,
            expires_at: at(life),
        };
        Kept::minted(&token, at(0))
    }

    #[test]
    fn a_token_is_used_until_five_minutes_before_its_end() {
        assert!(kept(3600).usable(at(0)));
        assert!(kept(3600).usable(at(3299)));
        assert!(!kept(3600).usable(at(3300)));
        assert!(!kept(3600).usable(at(99_999_999)));
    }

    #[test]
    fn a_short_lived_token_is_used_for_nine_tenths_of_its_life() {
        assert!(kept(60).usable(at(53)));
        assert!(!kept(60).usable(at(54)));
        assert!(!kept(0).usable(at(0)));
    }

    #[test]
    fn a_token_of_a_machine_whose_clock_is_a_minute_ahead_is_used() {
        assert!(kept(3600).usable(at(0) - Duration::from_secs(60)));
        assert!(!kept(3600).usable(at(0) - Duration::from_secs(61)));
        assert!(kept(60).usable(at(0) - Duration::from_secs(1)));
        assert!(!kept(60).usable(at(0) - Duration::from_secs(2)));
        assert!(!kept(0).usable(at(0)));
    }

    #[test]
    fn a_token_from_the_future_or_with_an_endless_life_is_not_used() {
        assert!(!kept(3600).usable(at(0) - Duration::from_secs(3600)));
        assert!(kept(86_400).usable(at(0)));
        assert!(!kept(86_401).usable(at(0)));
        let backwards = Kept {
            minted_at: at(3601),
            ..kept(3600)
        };
        assert!(!backwards.usable(at(3602)));
    }

    #[test]
    fn what_could_not_stand_in_a_header_is_no_token() {
        for token in ["", "a b", "a\\r\\nX: y", "ä"] {
            let text = format!(r#"{{"minted":0,"expires":1,"scope":null,"token":"{token}"}}"#);
            assert!(decode(text.as_bytes()).is_none(), "{text}");
        }
        let times = format!(
            r#"{{"minted":{0},"expires":{0},"scope":null,"token":"t"}}"#,
            u64::MAX
        );
        let _ = decode(times.as_bytes()).map(|kept| kept.usable(at(0)));
    }

    proptest! {
        #[test]
        fn what_is_kept_comes_back(token in "[!-~]{1,300}", scope in proptest::option::of(".*"), minted in 0..u64::from(u32::MAX), life in 0..90_000_u64) {
            let minted_at = UNIX_EPOCH + Duration::from_millis(minted * 1000 + minted % 1000);
            let expires_at = minted_at + Duration::from_secs(life);
            let kept = Kept { token: Token { secret: Secret::new(token), scope, expires_at }, minted_at };
            let back = decode(&kept.encode().unwrap()).unwrap();
            prop_assert_eq!(back.token.secret, kept.token.secret);
            prop_assert_eq!(back.token.scope, kept.token.scope);
            prop_assert_eq!(back.token.expires_at, expires_at);
            prop_assert_eq!(back.minted_at, minted_at);
        }

        #[test]
        fn no_bytes_make_decoding_fail_loudly(bytes: Vec<u8>) {
            let _ = decode(&bytes);
        }
    }
}
