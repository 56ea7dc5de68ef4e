//! The choices of the platform's lists: the key that stands for a value.

/// Stands before a choice that the platform would take for something else: `none` means "not given" to it.
pub const PREFIX: &str = "value:";

/// The key under which the platform sends the choice `value`.
#[must_use]
pub fn key_of(value: &str) -> String {
    // A leading `-` was once read as an option's.
    let odd =
        value.eq_ignore_ascii_case("none") || value.starts_with('-') || value.trim().is_empty();
    if odd {
        format!("{PREFIX}{value}")
    } else {
        value.to_owned()
    }
}

/// The choice that the platform means by `key`.
#[must_use]
pub fn value_of(key: &str) -> &str {
    key.strip_prefix(PREFIX).unwrap_or(key)
}
