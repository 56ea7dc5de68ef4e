//! Pages of lists, and their tokens: opaque, bound to their query, and short-lived.

use serde_json::{Value, json};
use std::hash::{DefaultHasher, Hash, Hasher};

/// The place of a page in its list, and its size.
#[derive(Debug, PartialEq, Eq)]
pub struct Window {
    pub start: u64,
    pub size: u64,
    binding: u64,
}

/// Reads the window that a query asks for.
///
/// # Errors
/// Zoom's sentence, when the token is not for this query, or too old.
pub fn window(
    path: &str,
    query: &[(String, String)],
    largest: u64,
    lifetime: u64,
    now: u64,
) -> Result<Window, &'static str> {
    let get = |wanted: &str| {
        query
            .iter()
            .find(|(name, _)| name == wanted)
            .map(|(_, value)| value.as_str())
    };

    let number = |name: &str| get(name).and_then(|value| value.parse::<u64>().ok());
    let size = number("page_size").unwrap_or(30).clamp(1, largest);

    // A token belongs to the query it came with; the order of the parameters does not matter.
    let mut hasher = DefaultHasher::new();
    path.hash(&mut hasher);
    let mut rest: Vec<_> = query
        .iter()
        .filter(|(name, _)| name != "next_page_token")
        .collect();
    rest.sort();
    rest.hash(&mut hasher);
    let binding = hasher.finish();
    let token = get("next_page_token").unwrap_or_default();
    if token.is_empty() {
        // The older way, which Zoom is giving up.
        let page = number("page_number").unwrap_or(1).max(1);
        return Ok(Window {
            start: (page - 1).saturating_mul(size),
            size,
            binding,
        });
    }

    let part = |range: std::ops::Range<usize>| u64::from_str_radix(token.get(range)?, 16).ok();

    match (part(0..16), part(16..32), part(32..48), token.len()) {
        (Some(masked), Some(issued), Some(seal), 48) => {
            let (start, issued) = (masked ^ binding, issued ^ binding.rotate_left(17));
            let good =
                seal == sealed(binding, start, issued) && now.saturating_sub(issued) < lifetime;
            if good {
                Ok(Window {
                    start,
                    size,
                    binding,
                })
            } else {
                Err(INVALID)
            }
        }
        _ => Err(INVALID),
    }
}

/// Zoom's refusal of a page token that is not its own, or not any more.
const INVALID: &str = "The next page token is invalid or expired.";

/// Returns the seal that only a token made here holds.
fn sealed(binding: u64, start: u64, issued: u64) -> u64 {
    let mut hasher = DefaultHasher::new();
    ("a page token of the sandbox", binding, start, issued).hash(&mut hasher);
    hasher.finish()
}

impl Window {
    /// Returns the page of `all` that this window shows, its items under `key`.
    pub fn cut(&self, key: &str, all: &[Value], now: u64) -> Value {
        let start = usize::try_from(self.start).unwrap_or(usize::MAX);
        let items: Vec<Value> = all
            .iter()
            .skip(start)
            .take(self.size as usize)
            .cloned()
            .collect();

        self.page(key, &items, all.len() as u64, now)
    }

    /// Returns a page with its items under `key`, in a list of `total`.
    pub fn page(&self, key: &str, items: &[Value], total: u64, now: u64) -> Value {
        json!({
            "page_count": total.div_ceil(self.size),
            "page_size": self.size,
            "total_records": total,
            "next_page_token": self.next(total, now),
            key: items,
        })
    }

    /// Returns the token of the page behind this one, in a list of `total`; empty at its end.
    pub fn next(&self, total: u64, now: u64) -> String {
        let start = self.start.saturating_add(self.size);
        if start >= total {
            return String::new();
        }

        let seal = sealed(self.binding, start, now);

        format!(
            "{:016x}{:016x}{seal:016x}",
            start ^ self.binding,
            now ^ self.binding.rotate_left(17)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_token_leads_on_and_only_for_its_query_and_time() {
        let query = |extra: &[(&str, &str)]| -> Vec<(String, String)> {
            extra
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect()
        };
        let first = window("/users", &query(&[("page_size", "2")]), 300, 900, 1000).unwrap();
        let token = first.next(5, 1000);
        let with = |size: &str, now| {
            window(
                "/users",
                &query(&[("next_page_token", &token), ("page_size", size)]),
                300,
                900,
                now,
            )
        };
        assert_eq!(with("2", 1899).unwrap().start, 2);
        assert!(with("2", 1900).is_err());
        assert!(with("3", 1000).is_err());
        assert!(
            window(
                "/users",
                &query(&[("next_page_token", "x")]),
                300,
                900,
                1000
            )
            .is_err()
        );
        assert_eq!(with("2", 1000).unwrap().next(4, 1000), "");
    }

    #[test]
    fn a_tampered_page_token_is_invalid_and_no_number_overflows() {
        let query = |token: &str| vec![("next_page_token".to_owned(), token.to_owned())];
        let token = window("/users", &[], 300, 900, 1000)
            .unwrap()
            .next(100, 1000);
        for index in 0..token.len() {
            let mut tampered = token.clone().into_bytes();
            tampered[index] = if tampered[index] == b'0' { b'f' } else { b'0' };
            let tampered = String::from_utf8(tampered).unwrap();
            assert_eq!(
                window("/users", &query(&tampered), 300, 900, 1000),
                Err(INVALID),
                "{tampered}"
            );
        }
        for token in [
            "f".repeat(48),
            "é".repeat(24),
            "0".repeat(47),
            format!("{token}0"),
        ] {
            assert_eq!(
                window("/users", &query(&token), 300, 900, 1000),
                Err(INVALID)
            );
        }
        let far = [("page_number".to_owned(), u64::MAX.to_string())];
        assert_eq!(
            window("/users", &far, 300, 900, 1000)
                .unwrap()
                .next(100, 1000),
            ""
        );
    }
}
