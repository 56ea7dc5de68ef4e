//! Page tokens: opaque, bound to their query, and short-lived. Knows no list.

use std::hash::{DefaultHasher, Hash, Hasher};

/// Where a page starts and how long it is.
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
pub fn window(path: &str, query: &[(String, String)], lifetime: u64, now: u64) -> Result<Window, &'static str> {
    let get = |wanted: &str| query.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
    let size = get("page_size").and_then(|size| size.parse().ok()).unwrap_or(30).clamp(1, 300);
    let mut hasher = DefaultHasher::new();
    path.hash(&mut hasher);
    let mut rest: Vec<_> = query.iter().filter(|(name, _)| name != "next_page_token").collect();
    rest.sort();
    rest.hash(&mut hasher);
    let binding = hasher.finish();
    let token = get("next_page_token").unwrap_or_default();
    if token.is_empty() {
        return Ok(Window { start: 0, size, binding });
    }
    let invalid = "The next page token is invalid or expired.";
    let part = |range: std::ops::Range<usize>| u64::from_str_radix(token.get(range)?, 16).ok();
    let (Some(masked), Some(bound), Some(issued), 48) = (part(0..16), part(16..32), part(32..48), token.len()) else {
        return Err(invalid);
    };
    let issued = issued ^ bound.rotate_left(17);
    if bound != binding || now.saturating_sub(issued) >= lifetime {
        return Err(invalid);
    }
    Ok(Window { start: masked ^ bound, size, binding })
}

impl Window {
    /// The token of the page behind this one, in a list of `total`; empty at its end.
    pub fn next(&self, total: u64, now: u64) -> String {
        let start = self.start + self.size;
        if start >= total {
            return String::new();
        }
        let (bound, issued) = (self.binding, now ^ self.binding.rotate_left(17));
        format!("{:016x}{bound:016x}{issued:016x}", start ^ bound)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_token_leads_on_and_only_for_its_query_and_time() {
        let query = |extra: &[(&str, &str)]| -> Vec<(String, String)> {
            extra.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        let first = window("/users", &query(&[("page_size", "2")]), 900, 1000).unwrap();
        let token = first.next(5, 1000);
        let with =
            |size: &str, now| window("/users", &query(&[("next_page_token", &token), ("page_size", size)]), 900, now);
        assert_eq!(with("2", 1899).unwrap().start, 2);
        assert!(with("2", 1900).is_err());
        assert!(with("3", 1000).is_err());
        assert!(window("/users", &query(&[("next_page_token", "x")]), 900, 1000).is_err());
        assert_eq!(with("2", 1000).unwrap().next(4, 1000), "");
    }
}
