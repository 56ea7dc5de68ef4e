//! Ids: texts and numbers with rules of their own, each stated in its schema and checked while it is read.

use super::coerce::whole;
use super::text::{clean, is_invisible};
use crate::protocol::secret::Secret;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error};
use serde::{Serialize, Serializer};
use serde_json::Value;
use std::borrow::Cow;
use std::fmt;

/// The largest meeting number that is taken, 18 digits: Zoom's have nine to eleven. A bound of whole digits is one that a
/// schema can state for the text form too.
const LARGEST: u64 = 999_999_999_999_999_999;

/// A meeting's number: 1 to 999,999,999,999,999,999, nine to eleven digits in practice. Zoom writes it as a JSON number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MeetingId(u64);

impl MeetingId {
    /// The number.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }

    /// Reads a number as people paste it: with spaces (also no-break ones) or dashes between the digits, or as a link to
    /// join the meeting.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = clean(text);
        let digits: String = text
            .chars()
            .filter(|c| !is_invisible(*c) && !matches!(c, '-' | '\u{2011}' | '\u{2013}'))
            .collect();
        Self::of_digits(&digits).or_else(|| Self::of_digits(in_link(text)?))
    }

    /// Returns the number that a JSON value gives.
    pub(super) fn of_value(value: &Value) -> Option<Self> {
        match value {
            Value::Number(number) => Self::of_digits(&whole(number.clone()).to_string()),
            Value::String(text) => Self::parse(text),
            _ => None,
        }
    }

    fn of_digits(digits: &str) -> Option<Self> {
        let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let number = digits.parse().ok().filter(|_| plain)?;
        (1..=LARGEST).contains(&number).then_some(Self(number))
    }
}

/// Returns the number in a link of Zoom's to a meeting: `https://acme.zoom.us/j/12345678901?pwd=...`.
fn in_link(text: &str) -> Option<&str> {
    let address = match text.split_once("://") {
        Some((scheme, address)) if ["http", "https"].contains(&scheme) => address,
        Some(_) => return None,
        None => text,
    };

    let (host, path) = address.split_once('/')?;
    let host = host.split_once(':').map_or(host, |(host, port)| {
        let is_port = port.bytes().all(|byte| byte.is_ascii_digit());
        if is_port { host } else { "" }
    });

    let host = host.to_ascii_lowercase();
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    let is_zooms = ["zoom.us", "zoomgov.com"].iter().any(|zoom| {
        let rest = host.strip_suffix(zoom);
        rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    });
    if !is_zooms || !host.chars().all(is_name) {
        return None;
    }

    let end = path.find(['?', '#']).unwrap_or(path.len());
    let mut steps = path.get(..end)?.split('/');
    let number = match steps.next()? {
        "j" | "w" | "s" => steps.next()?,
        "wc" => match steps.next()? {
            "join" => steps.next()?,
            number => number,
        },
        _ => return None,
    };

    // A zero in front is no link of Zoom's.
    (!number.starts_with('0')).then_some(number)
}

impl fmt::Display for MeetingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl<'de> Deserialize<'de> for MeetingId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Self::of_value(&value).ok_or_else(|| {
            D::Error::custom(
                "must be a meeting's number, such as 85746065432, or a link to join it",
            )
        })
    }
}

impl Serialize for MeetingId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(self.0)
    }
}

/// The characters that [`is_invisible`] is true for, for a pattern's brackets: spelled out, since dialects of patterns differ in what they
/// take for white space.
const INVISIBLE: &str = r"\u0009-\u000d\u0020\u0085\u00a0\u00ad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u2069\u3000\ufeff";

/// Control characters, as [`char::is_control`] has them, for a pattern's brackets.
const CONTROL: &str = r"\u0000-\u001f\u007f-\u009f";

/// Returns the pattern of what [`MeetingId::parse`] reads: white space and dashes anywhere, zeros in front, then up to 18 digits; or a link.
fn meeting_pattern() -> String {
    let between = format!(r"[{INVISIBLE}\u2011\u2013-]*");
    let number = format!("{between}(?:0{between})*[1-9](?:{between}[0-9]){{0,17}}{between}");

    let around = format!("[{INVISIBLE}]*");
    let host = r"(?:[A-Za-z0-9.-]*\.)?(?:[Zz][Oo][Oo][Mm]\.[Uu][Ss]|[Zz][Oo][Oo][Mm][Gg][Oo][Vv]\.[Cc][Oo][Mm])(?::[0-9]*)?";
    let path = r"/(?:[jws]|wc(?:/join)?)/[1-9][0-9]{0,17}(?:[/?#][^\n]*)?";
    format!("^(?:{number}|{around}(?:https?://)?{host}{path}{around})$")
}

/// A user's id or address in its plain form: nothing that is cleaned away, one `@` at most, and no dot segment.
fn user_pattern() -> String {
    let quotes = r#""'`\u2018\u2019\u201c\u201d"#;
    let plain = format!("[^{INVISIBLE}{CONTROL}<>,;@{quotes}]");
    format!(r"^(?!\.{{1,2}}$)(?![Mm][Aa][Ii][Ll][Tt][Oo]:){plain}+(?:@{plain}*)?$")
}

impl JsonSchema for MeetingId {
    fn schema_name() -> Cow<'static, str> {
        "MeetingId".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": ["integer", "string"],
            "minimum": 1,
            "maximum": LARGEST,
            "pattern": meeting_pattern(),
            "examples": [85_746_065_432_u64, "857 4606 5432"],
        })
    }
}

/// The longest id or address that is taken, in characters.
const LONGEST: usize = 512;

/// A user's id or email address, as one segment of a path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserId(String);

impl UserId {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl UserId {
    /// Reads an id or an address as people paste it: `Jane <jane@example.com>`, `mailto:jane@example.com`, in quotes, or
    /// with characters that nobody sees.
    fn parse(text: &str) -> Result<Self, String> {
        let separator =
            |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '<' | '>') || is_quote(c);
        let visible: String = text
            .chars()
            .filter(|c| c.is_whitespace() || !is_invisible(*c))
            .collect();
        let mut addresses: Vec<&str> = Vec::new();
        for piece in visible.split(separator) {
            let address = without_scheme(piece);
            let is_new = !addresses
                .iter()
                .any(|known| known.eq_ignore_ascii_case(address));
            if address.contains('@') && is_new {
                addresses.push(address);
            }
        }

        let id = match addresses.as_slice() {
            [] => without_scheme(visible.trim_matches(separator)),
            [one] => one,
            [..] => return Err("holds several addresses; give one user".to_owned()),
        };

        let length = id.chars().count();
        if length > LONGEST {
            return Err(format!(
                "must have at most {LONGEST} characters, and has {length}"
            ));
        }

        if id.chars().any(char::is_control) {
            return Err("must be a user's id or email address, without line breaks or other control characters".to_owned());
        }

        if matches!(id, "" | "." | "..") || id.matches('@').count() > 1 {
            return Err("must be a user's id or email address".to_owned());
        }

        Ok(Self(id.to_owned()))
    }
}

fn is_quote(c: char) -> bool {
    matches!(
        c,
        '"' | '\'' | '`' | '\u{201c}' | '\u{201d}' | '\u{2018}' | '\u{2019}'
    )
}

/// Returns an address without `mailto:` in front and what such a link says of the mail behind it.
fn without_scheme(text: &str) -> &str {
    match text.split_at_checked(7) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("mailto:") => {
            rest.split('?').next().unwrap_or(rest)
        }
        _ => text,
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for UserId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(D::Error::custom)
    }
}

impl Serialize for UserId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl JsonSchema for UserId {
    fn schema_name() -> Cow<'static, str> {
        "UserId".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "minLength": 1,
            "maxLength": LONGEST,
            "pattern": user_pattern(),
            "x-identifier": true,
            "examples": ["jane@example.com", "KDcuGIm1QgePTO8WbOqwIQ"],
        })
    }
}

/// A host key: 6 to 10 digits.
#[derive(Clone, PartialEq, Eq)]
pub struct HostKey(Secret<String>);

impl fmt::Debug for HostKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'de> Deserialize<'de> for HostKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if (6..=10).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(Self(Secret::new(text)))
        } else {
            Err(D::Error::custom("must be 6 to 10 digits"))
        }
    }
}

impl Serialize for HostKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.reveal())
    }
}

impl JsonSchema for HostKey {
    fn schema_name() -> Cow<'static, str> {
        "HostKey".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^[0-9]{6,10}$" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn meeting_id_is_read_from_a_link_of_zooms_and_no_other() {
        for text in [
            "https://acme.zoom.us/j/85746065432?pwd=abc.1",
            "http://zoom.us/j/85746065432",
            " zoom.us/w/85746065432#success ",
            "https://acme.zoomgov.com:443/s/85746065432",
            "https://US02web.Zoom.us/wc/join/85746065432",
            "https://zoom.us/wc/85746065432/join",
        ] {
            let number = MeetingId::parse(text).map(MeetingId::number);
            assert_eq!(number, Some(85_746_065_432), "{text}");
        }
        for text in [
            "https://zoom.us.example.com/j/85746065432",
            "https://notzoom.us/j/85746065432",
            "https://zoom.us@example.com/j/85746065432",
            "https://example.com/zoom.us/j/85746065432",
            "https://zoom.us/my/jane",
            "https://zoom.us/j/",
            "ftp://zoom.us/j/85746065432",
        ] {
            assert_eq!(MeetingId::parse(text), None, "{text}");
        }
    }

    #[test]
    fn user_id_is_cleaned_and_is_one() {
        let read = |text: &str| UserId::parse(text).map(|id| id.0);
        for text in [
            "jane@example.com",
            "<jane@example.com>",
            "Jane Doe <jane@example.com>",
            "\"jane@example.com\" <Jane@example.com>",
            "MAILTO:jane@example.com?subject=x",
            "'jane@example.com'",
            "\u{feff}jane\u{200b}@example.com\u{a0}",
        ] {
            let id = read(text).unwrap();
            assert!(id.eq_ignore_ascii_case("jane@example.com"), "{text}: {id}");
        }
        assert_eq!(
            read("\"KDcuGIm1QgePTO8WbOqwIQ\"").as_deref(),
            Ok("KDcuGIm1QgePTO8WbOqwIQ")
        );
        for text in [
            "a@b.c, d@e.f",
            "a@b.c;d@e.f",
            "<a@b.c> <d@e.f>",
            "a@b@c",
            "<>",
            "\"..\"",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
        assert!(
            read(&"x".repeat(70_000))
                .unwrap_err()
                .ends_with("and has 70000")
        );
    }

    #[test]
    fn a_meeting_number_is_read_as_people_paste_it() {
        for text in [
            "85746065432",
            "857 4606 5432",
            "857-4606-5432",
            " 857\u{a0}4606\u{a0}5432 ",
        ] {
            assert_eq!(
                MeetingId::parse(text).map(MeetingId::number),
                Some(85_746_065_432),
                "{text}"
            );
        }
        for text in [
            "",
            "-",
            "0",
            "12/34",
            "..",
            "1e5",
            "+5",
            "9223372036854775808",
            "abc",
            "1.5",
        ] {
            assert_eq!(MeetingId::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_user_id_is_trimmed_and_never_a_dot_segment() {
        let read = |text: &str| serde_json::from_value::<UserId>(text.into());
        assert_eq!(
            read(" jane@example.com ").unwrap().as_str(),
            "jane@example.com"
        );
        assert_eq!(read("me/settings?x=").unwrap().as_str(), "me/settings?x=");
        for text in [".", "..", " .. ", "a\nb"] {
            assert!(read(text).is_err(), "{text:?}");
        }
    }
}
