//! A value that must reach no stream: it can be used, not shown.

use std::fmt;

/// A secret. It has no `Display`, no `Serialize` and no `Deref`; `Debug` shows nothing. Its memory is not wiped:
/// the process lives for one action.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    /// Seals `value`.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// Opens the secret, for the one place that needs it: a header, a form body, a key.
    pub const fn reveal(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", Secret::new("hunter2")), "[secret]");
    }
}
