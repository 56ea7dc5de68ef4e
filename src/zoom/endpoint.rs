//! An endpoint of Zoom's: method, path, rate label and the scopes that open it. Fills paths so that an id stays one segment; sends nothing.

use crate::http::Method;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::fmt::Write as _;

/// Zoom's classes of endpoints, each with its own limits per second and day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RateLabel {
    /// 4 to 80 calls a second, by plan.
    Light,
    /// 2 to 60 calls a second, by plan.
    Medium,
    /// 1 to 40 calls a second, by plan, and a daily quota of the whole account.
    Heavy,
    /// 10 or 20 calls a minute, by plan, within the same daily quota.
    ResourceIntensive,
}

/// The need of an action for an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requirement {
    /// It is the action.
    Required,
    /// It serves the part named here; without its scope that part is left out, with a warning.
    OptionalFor(&'static str),
}

/// One endpoint, as Zoom documents it.
#[derive(Clone, Copy, Debug)]
pub struct Endpoint {
    /// The method.
    pub method: Method,
    /// The path behind the API's base, holes in braces: `/users/{userId}`.
    pub path: &'static str,
    /// The rate label.
    pub label: RateLabel,
    /// The granular scopes, any of which will do; the first is the one to ask an administrator for.
    pub granular: &'static [&'static str],
    /// The classic scopes, any of which will do; the first is the one to ask an administrator for.
    pub classic: &'static [&'static str],
    /// The action's need for it.
    pub need: Requirement,
}

impl Endpoint {
    /// The same endpoint, for a part that the action can do without.
    #[must_use]
    pub const fn serves(self, part: &'static str) -> Self {
        Self {
            need: Requirement::OptionalFor(part),
            ..self
        }
    }

    /// The path with its holes filled, each value encoded as ONE segment.
    #[must_use]
    pub fn fill(&self, values: &[&str]) -> String {
        let mut values = values.iter();
        let mut path = String::new();
        for (index, piece) in self.path.split('{').enumerate() {
            if index == 0 {
                path.push_str(piece);
                continue;
            }
            let rest = piece.split_once('}').map_or("", |(_, rest)| rest);
            let value = values.next().copied().unwrap_or_default();
            let _ = write!(path, "{}{rest}", encoded(value));
        }

        path
    }

    /// True for a path behind the API's base that [`Endpoint::fill`] may have made.
    #[must_use]
    pub fn fits(&self, path: &str) -> bool {
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let (mut ours, mut theirs) = (self.path.split('/'), path.split('/'));
        loop {
            match (ours.next(), theirs.next()) {
                (None, None) => return true,
                (Some(hole), Some(value)) if hole.starts_with('{') && !value.is_empty() => {}
                (Some(ours), Some(theirs)) if ours == theirs => {}
                _ => return false,
            }
        }
    }

    /// True when one of `granted` opens the endpoint.
    #[must_use]
    pub fn is_open_to(&self, granted: &[&str]) -> bool {
        self.granular
            .iter()
            .chain(self.classic)
            .any(|scope| granted.contains(scope))
    }

    /// Returns the scope to add to an app that was granted `granted`: one with classic scopes can't have granular ones.
    #[must_use]
    pub fn scope_to_add(&self, granted: &[&str]) -> Option<&'static str> {
        let has_classic = granted.iter().any(|scope| is_classic(scope));
        let names = if has_classic && !self.classic.is_empty() {
            self.classic
        } else {
            self.granular
        };

        names.first().copied()
    }
}

/// True for a classic scope, such as `meeting:read:admin`: granular ones name the thing as well.
fn is_classic(scope: &str) -> bool {
    match *scope.split(':').collect::<Vec<_>>() {
        [_, "read" | "write"] => true,
        [_, "read" | "write", level] => matches!(level, "admin" | "master"),
        _ => false,
    }
}

/// The characters that RFC 3986 allows in a segment or a query value; all others are encoded.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// `text` encoded for a segment of a path or a value of a query.
#[must_use]
pub fn encoded(text: &str) -> impl std::fmt::Display {
    utf8_percent_encode(text, KEPT)
}

/// GET /users/{userId}
pub const GET_USER: Endpoint = Endpoint {
    method: Method::Get,
    path: "/users/{userId}",
    label: RateLabel::Light,
    granular: &["user:read:user:admin", "user:read:user"],
    classic: &[
        "user:read:admin",
        "user:write:admin",
        "user:read",
        "user:write",
    ],
    need: Requirement::Required,
};

/// GET /users/{userId}/settings
pub const GET_USER_SETTINGS: Endpoint = Endpoint {
    method: Method::Get,
    path: "/users/{userId}/settings",
    label: RateLabel::Medium,
    granular: &["user:read:settings:admin", "user:read:settings"],
    classic: &[
        "user:read:admin",
        "user:write:admin",
        "user:read",
        "user:write",
    ],
    need: Requirement::Required,
};

/// GET /meetings/{meetingId}
pub const GET_MEETING: Endpoint = Endpoint {
    method: Method::Get,
    path: "/meetings/{meetingId}",
    label: RateLabel::Light,
    granular: &["meeting:read:meeting:admin", "meeting:read:meeting"],
    classic: &["meeting:read:admin", "meeting:read"],
    need: Requirement::Required,
};

/// PUT /meetings/{meetingId}/status
pub const END_MEETING: Endpoint = Endpoint {
    method: Method::Put,
    path: "/meetings/{meetingId}/status",
    label: RateLabel::Light,
    granular: &["meeting:update:status:admin", "meeting:update:status"],
    classic: &["meeting:write:admin", "meeting:write"],
    need: Requirement::Required,
};

/// The host of an address, for messages.
#[must_use]
pub fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_stays_one_segment() {
        for (id, path) in [
            ("jane@example.com", "/users/jane%40example.com/settings"),
            ("me/settings?x=", "/users/me%2Fsettings%3Fx%3D/settings"),
            ("a%2e#é", "/users/a%252e%23%C3%A9/settings"),
            ("a b+c", "/users/a%20b%2Bc/settings"),
        ] {
            assert_eq!(GET_USER_SETTINGS.fill(&[id]), path);
        }
    }

    #[test]
    fn a_filled_path_fits_its_route_and_no_other() {
        for id in ["jane@example.com", "settings", "a/b?c", ".."] {
            let (user, settings) = (GET_USER.fill(&[id]), GET_USER_SETTINGS.fill(&[id]));
            assert!(GET_USER.fits(&user) && GET_USER.fits(&format!("{user}?login_type=1")));
            assert!(
                GET_USER_SETTINGS.fits(&settings)
                    && !GET_USER.fits(&settings)
                    && !GET_USER_SETTINGS.fits(&user)
            );
            assert!(!GET_MEETING.fits(&user));
        }
        for path in ["", "/", "/users", "/users/", "/users/a/b", "users/a"] {
            assert!(!GET_USER.fits(path), "{path}");
        }
    }

    #[test]
    fn classic_and_granular_scopes_both_open() {
        assert!(GET_USER.is_open_to(&["x", "user:read:admin"]));
        assert!(GET_USER.is_open_to(&["user:read:user:admin"]));
        assert!(!GET_USER.is_open_to(&["user:read:settings:admin"]));
    }
}
