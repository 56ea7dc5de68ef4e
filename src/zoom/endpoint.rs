//! An endpoint of Zoom's: method, path, rate label and the scopes that open it. Begin with [`Endpoint::new`]; the endpoints
//! that several actions use are here, the others beside their action.

use crate::http::Method::{self, Get, Put};
use RateLabel::{Light, Medium};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::borrow::Cow;

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

/// The endpoints of an action.
pub type Endpoints = &'static [Endpoint];

impl Endpoint {
    /// An endpoint that its action can't do without.
    #[must_use]
    pub const fn new(
        method: Method,
        path: &'static str,
        label: RateLabel,
        granular: &'static [&'static str],
        classic: &'static [&'static str],
    ) -> Self {
        Self {
            method,
            path,
            label,
            granular,
            classic,
            need: Requirement::Required,
        }
    }

    /// The same endpoint, for a part that the action can do without.
    #[must_use]
    pub const fn serves(self, part: &'static str) -> Self {
        Self {
            need: Requirement::OptionalFor(part),
            ..self
        }
    }

    /// The path with its holes filled, each value encoded as ONE segment. Zoom wants the UUID of a meeting that begins with
    /// `/` or holds `//` encoded twice.
    #[must_use]
    pub fn fill(&self, values: &[&str]) -> String {
        let mut values = values.iter();
        let segments = self.path.split('/').map(|segment| {
            if !segment.starts_with('{') {
                return Cow::Borrowed(segment);
            }
            let value = values.next().copied().unwrap_or_default();
            let once = encoded(value).to_string();

            let is_twice =
                segment.starts_with("{meeting") && (value.starts_with('/') || value.contains("//"));
            Cow::Owned(if is_twice {
                encoded(&once).to_string()
            } else {
                once
            })
        });
        segments.collect::<Vec<_>>().join("/")
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

/// Classic scopes, any of which will do; the first is the one to ask an administrator for.
pub mod classic {
    /// Reads users.
    pub const READ_USER: &[&str] = &[
        "user:read:admin",
        "user:write:admin",
        "user:read",
        "user:write",
    ];
    /// Changes users.
    pub const WRITE_USER: &[&str] = &["user:write:admin", "user:write"];
    /// Reads meetings.
    pub const READ_MEETING: &[&str] = &["meeting:read:admin", "meeting:read"];
    /// Changes meetings.
    pub const WRITE_MEETING: &[&str] = &["meeting:write:admin", "meeting:write"];
    /// Reads recordings.
    pub const READ_RECORDING: &[&str] = &["recording:read:admin", "recording:read"];
    /// Changes recordings.
    pub const WRITE_RECORDING: &[&str] = &["recording:write:admin", "recording:write"];
    /// Reads dashboards.
    pub const READ_DASHBOARD: &[&str] = &["dashboard_meetings:read:admin", "dashboard:read:admin"];
    /// Reads reports.
    pub const READ_REPORT: &[&str] = &["report:read:admin"];
    /// Reads roles.
    pub const READ_ROLE: &[&str] = &["role:read:admin", "role:write:admin"];
    /// Changes roles.
    pub const WRITE_ROLE: &[&str] = &["role:write:admin"];
}

/// GET /users/{userId}
pub const GET_USER: Endpoint = Endpoint::new(
    Get,
    "/users/{userId}",
    Light,
    &["user:read:user:admin", "user:read:user"],
    classic::READ_USER,
);

/// GET /users/{userId}/settings
pub const GET_USER_SETTINGS: Endpoint = Endpoint::new(
    Get,
    "/users/{userId}/settings",
    Medium,
    &["user:read:settings:admin", "user:read:settings"],
    classic::READ_USER,
);

/// GET /meetings/{meetingId}
pub const GET_MEETING: Endpoint = Endpoint::new(
    Get,
    "/meetings/{meetingId}",
    Light,
    &["meeting:read:meeting:admin", "meeting:read:meeting"],
    classic::READ_MEETING,
);

/// PUT /meetings/{meetingId}/status
pub const END_MEETING: Endpoint = Endpoint::new(
    Put,
    "/meetings/{meetingId}/status",
    Light,
    &["meeting:update:status:admin", "meeting:update:status"],
    classic::WRITE_MEETING,
);

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
    fn a_uuid_is_encoded_twice_where_zoom_wants_it() {
        for (uuid, path) in [
            ("85746065432", "/meetings/85746065432"),
            ("aDYlohsHRtCd+A==", "/meetings/aDYlohsHRtCd%2BA%3D%3D"),
            ("/ajXp112==", "/meetings/%252FajXp112%253D%253D"),
            ("a//b", "/meetings/a%252F%252Fb"),
            ("a/b", "/meetings/a%2Fb"),
        ] {
            assert_eq!(GET_MEETING.fill(&[uuid]), path);
        }
        assert_eq!(GET_USER.fill(&["/a"]), "/users/%2Fa");
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
