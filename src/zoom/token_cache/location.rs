//! Where tokens are kept: the only part of the cache that reads the environment. Touches no disk and no network.

use super::shared::Shared;
use std::ffi::OsString;
use std::path::PathBuf;

/// Says `off`, or names the directory.
pub const VARIABLE: &str = "ZOOM_RUNNER_TOKEN_CACHE";

/// The place of the token cache.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In files, for one user of one machine.
    Directory(Directory),
}

/// A directory for kept tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directory {
    /// The directory; it need not exist.
    pub path: PathBuf,
    /// True when the user named it; false for the usual place.
    pub named: bool,
}

impl Place {
    /// The place that the environment asks for; nothing when it says `off`, or names no place at all.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "the token cache's place is an environment variable in the contract"
    )]
    pub fn from_environment() -> Option<Self> {
        Self::choose(|name| std::env::var_os(name))
    }

    /// The same, with variables looked up by `variable`. An empty variable counts as unset.
    #[must_use]
    pub fn choose(variable: impl Fn(&str) -> Option<OsString>) -> Option<Self> {
        let variable = |name| variable(name).filter(|value| !value.is_empty());
        if let Some(given) = variable(VARIABLE) {
            if given.eq_ignore_ascii_case("off") {
                return None;
            }
            let text = given.to_string_lossy();
            if text.contains("://") {
                log::debug!(
                    "{VARIABLE} names no directory; tokens are not shared between processes"
                );
                return None;
            }
            return Some(Self::Directory(Directory {
                path: tidy(given.into()),
                named: true,
            }));
        }

        // A relative path would be another directory in each working directory; the XDG specification has it ignored.
        let absolute = |name| {
            variable(name)
                .map(PathBuf::from)
                .filter(|path| path.is_absolute())
        };

        let base = absolute("XDG_RUNTIME_DIR")
            .or_else(|| absolute("XDG_CACHE_HOME"))
            .or_else(|| absolute("HOME").map(|home| home.join(".cache")))?;

        Some(Self::Directory(Directory {
            path: tidy(base.join("zoom-runner")),
            named: false,
        }))
    }

    /// The place as the store uses it.
    #[must_use]
    pub fn shared(self) -> Box<dyn Shared> {
        match self {
            Self::Directory(directory) => Box::new(directory),
        }
    }
}

/// Without a slash at the end: with one, the system would follow a link even when asked not to.
fn tidy(path: PathBuf) -> PathBuf {
    path.components().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(variables: &[(&str, &str)]) -> Option<(String, bool)> {
        match place(variables)? {
            Place::Directory(directory) => Some((
                directory.path.into_os_string().into_string().unwrap(),
                directory.named,
            )),
        }
    }

    fn place(variables: &[(&str, &str)]) -> Option<Place> {
        Place::choose(|name| {
            variables
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| OsString::from(value))
        })
    }

    #[test]
    fn the_runtime_directory_goes_before_the_cache_and_the_cache_before_home() {
        let all = [
            ("XDG_RUNTIME_DIR", "/run/user/7"),
            ("XDG_CACHE_HOME", "/c"),
            ("HOME", "/home/a"),
        ];
        assert_eq!(
            chosen(&all),
            Some(("/run/user/7/zoom-runner".to_owned(), false))
        );
        assert_eq!(
            chosen(&all[1..]),
            Some(("/c/zoom-runner".to_owned(), false))
        );
        assert_eq!(
            chosen(&all[2..]),
            Some(("/home/a/.cache/zoom-runner".to_owned(), false))
        );
        assert_eq!(chosen(&[]), None);
    }

    #[test]
    fn the_variable_overrides_and_off_is_off() {
        let with = |value| chosen(&[(VARIABLE, value), ("HOME", "/home/a")]);
        assert_eq!(with("/tokens"), Some(("/tokens".to_owned(), true)));
        assert_eq!(with("tokens"), Some(("tokens".to_owned(), true)));
        assert_eq!(with("off"), None);
        assert_eq!(with("OFF"), None);
        assert_eq!(with("memcached://127.0.0.1/"), None);
    }

    #[test]
    fn empty_and_relative_variables_count_as_unset() {
        let empty = [
            (VARIABLE, ""),
            ("XDG_RUNTIME_DIR", ""),
            ("XDG_CACHE_HOME", "relative"),
            ("HOME", "/home/a"),
        ];
        assert_eq!(
            chosen(&empty),
            Some(("/home/a/.cache/zoom-runner".to_owned(), false))
        );
        assert_eq!(chosen(&[("HOME", "")]), None);
    }

    #[test]
    fn a_slash_at_the_end_does_not_make_a_link_followed() {
        assert_eq!(
            chosen(&[(VARIABLE, "/tokens/./")]),
            Some(("/tokens".to_owned(), true))
        );
    }
}
