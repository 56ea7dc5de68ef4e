//! Free text: finds links, addresses, numbers and known values in it and puts stand-ins in their place. Knows no JSON.

use super::stand_ins::StandIns;
use crate::zoom::endpoint::encoded;
use percent_encoding::percent_decode_str;
use std::net::IpAddr;

/// How many digits a meeting's number has.
const MEETING: std::ops::RangeInclusive<usize> = 9..=11;

/// The hosts of Zoom's own that name no customer, by their first label.
const ZOOMS: [&str; 6] = ["api", "marketplace", "support", "us", "www", "zoom"];

/// `text` with stand-ins for all that is personal in it. Known names and ids are looked for where there are several
/// words: a single one, such as `Europe/Berlin`, is more likely a value of Zoom's.
pub fn text(text: &str, all: &mut StandIns) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let starts = !out_of_word(text, at);
        let found = if starts {
            piece(text, at, rest, all)
        } else {
            None
        };
        let (length, stand_in) = found.unwrap_or_else(|| {
            let length = rest.chars().next().map_or(1, char::len_utf8);
            (length, rest.get(..length).unwrap_or_default().to_owned())
        });
        out.push_str(&stand_in);
        at += length;
    }
    out
}

/// A meeting's invitation, line by line: who invites, the topic under whatever name a language gives it, the passcode,
/// and what is personal in any text. Its times and its numbers' places stay.
pub fn invitation(text: &str, all: &mut StandIns) -> String {
    let mut first = true;
    let line = |line: &str| {
        let end = line.trim_end();
        let (start, rest) = (end.trim_start(), line.get(end.len()..).unwrap_or_default());
        let indent = end.get(..end.len() - start.len()).unwrap_or_default();
        let new = match start.split_once(':') {
            _ if start.is_empty() => String::new(),
            _ if std::mem::take(&mut first) => match start.split_once(" is inviting you") {
                Some((name, rest)) => format!("{} is inviting you{rest}", all.name(name)),
                None => all.text("invitation", start),
            },
            Some((label, value)) if is_label(label) && is_words(value) => {
                format!("{label}: {}", all.text("topic", value.trim()))
            }
            _ => self::text(start, all),
        };
        format!("{indent}{new}{rest}")
    };
    text.split_inclusive('\n').map(line).collect()
}

/// True for what stands before the colon of a line with a value.
fn is_label(label: &str) -> bool {
    let passcode = ["passcode", "password"]
        .iter()
        .any(|word| label.trim().eq_ignore_ascii_case(word));
    !passcode && label.len() <= 40 && !label.contains(|c: char| c.is_ascii_digit())
}

/// True for a value in words: neither a number, nor a time of day, nor a link.
fn is_words(value: &str) -> bool {
    let value = value.trim();
    let time = value
        .as_bytes()
        .windows(4)
        .any(|four| matches!(four, [a, b':', c, d] if [a, c, d].iter().all(|digit| digit.is_ascii_digit())));
    value.contains(char::is_alphabetic) && !value.starts_with("//") && !time
}

/// True inside a word: what is looked for begins at one.
fn out_of_word(text: &str, at: usize) -> bool {
    text.get(..at)
        .and_then(|before| before.chars().next_back())
        .is_some_and(char::is_alphanumeric)
}

/// What stands at the beginning of `rest` and is to be replaced: its length, and what comes in its place.
fn piece(text: &str, at: usize, rest: &str, all: &mut StandIns) -> Option<(usize, String)> {
    if rest.starts_with("https://") || rest.starts_with("http://") {
        let end = rest
            .find(|c: char| c.is_whitespace() || "\"'<>()[]{}|".contains(c))
            .unwrap_or(rest.len());
        let url = rest.get(..end)?.trim_end_matches(['.', ',', ';', ':', '!']);
        return Some((url.len(), link(url, all)));
    }
    let known = if text.contains(char::is_whitespace) {
        all.words()
    } else {
        &[]
    };
    if let Some(known) = known.iter().find(|(value, _)| {
        rest.strip_prefix(value.as_str())
            .is_some_and(|after| !after.starts_with(char::is_alphanumeric))
    }) {
        // An address begins like a name: the longer of the two counts.
        let address = address(rest).filter(|address| address.len() > known.0.len());
        return Some(match address {
            Some(found) => (found.len(), all.address(found)),
            None => (known.0.len(), known.1.clone()),
        });
    }
    if let Some(found) = address(rest) {
        return Some((found.len(), all.address(found)));
    }
    if let Some((length, address)) = ip(rest) {
        return Some((length, all.ip(address)));
    }
    if let Some(value) = label(text, at, rest) {
        let prefix = rest.len() - rest.split_once(':')?.1.trim_start_matches(' ').len();
        return Some((
            prefix + value.len(),
            format!("{}{}", rest.get(..prefix)?, all.opaque(value)),
        ));
    }
    number(text, at, rest, all)
}

/// An e-mail address at the beginning of `rest`.
fn address(rest: &str) -> Option<&str> {
    let inside = |c: char| c.is_alphanumeric() || "._%+'-".contains(c);
    let (local, _) = rest
        .char_indices()
        .take(LONGEST)
        .find(|(_, c)| !inside(*c))
        .filter(|(length, _)| *length > 0)?;
    let after = rest.get(local..)?.strip_prefix('@')?;
    let host = after
        .find(|c: char| !(c.is_alphanumeric() || ".-".contains(c)))
        .unwrap_or(after.len());
    let host = after.get(..host)?.trim_end_matches(['.', '-']);
    let plausible = host.contains('.') && !host.starts_with('.');
    plausible
        .then(|| rest.get(..local + 1 + host.len()))
        .flatten()
}

/// No address is longer, in characters. What is looked at from each word on must have an end.
const LONGEST: usize = 320;

/// An IP address at the beginning of `rest`.
fn ip(rest: &str) -> Option<(usize, IpAddr)> {
    let end = rest
        .bytes()
        .take(LONGEST)
        .position(|byte| !(byte.is_ascii_hexdigit() || b".:".contains(&byte)));
    let end = end.unwrap_or(rest.len());
    if rest.get(end..)?.starts_with(char::is_alphanumeric) {
        return None;
    }
    let run = rest.get(..end)?.trim_end_matches(['.', ':']);
    if let Ok(address) = run.parse() {
        return Some((run.len(), address));
    }
    // With a port: `203.0.113.9:443`.
    let (host, _) = run.split_once(':').filter(|(host, _)| host.contains('.'))?;
    Some((host.len(), host.parse().ok()?))
}

/// The passcode in an invitation's line: `Passcode: 7aX4mQ`.
fn label<'a>(text: &str, at: usize, rest: &'a str) -> Option<&'a str> {
    if at != 0 && !text.get(..at)?.trim_end_matches(' ').ends_with('\n') {
        return None;
    }
    let line = rest.lines().next()?;
    let (name, value) = line.split_once(':')?;
    let is_passcode = ["passcode", "password"]
        .iter()
        .any(|word| name.trim().eq_ignore_ascii_case(word));
    (is_passcode && !value.trim().is_empty()).then(|| value.trim())
}

/// A telephone number, a meeting's number in any grouping, or a passcode to dial (`*734511#`).
fn number(text: &str, at: usize, rest: &str, all: &mut StandIns) -> Option<(usize, String)> {
    if let Some(digits) = rest
        .strip_prefix('+')
        .filter(|after| after.starts_with(|c: char| c.is_ascii_digit()))
    {
        let end = digits
            .find(|c: char| !(c.is_ascii_digit() || " -().".contains(c)))
            .unwrap_or(digits.len());
        let phone = digits
            .get(..end)?
            .trim_end_matches([' ', '-', '(', ')', '.']);
        let enough = phone.bytes().filter(u8::is_ascii_digit).count() >= 7;
        return enough.then(|| (1 + phone.len(), format!("+{}", all.digits(phone))));
    }
    let run = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    if run == 0 {
        return None;
    }
    // A day is no number: it would be one together with the hour.
    let day = rest
        .get(..10)
        .is_some_and(|day| day.parse::<jiff::civil::Date>().is_ok());
    if day {
        return Some((10, rest.get(..10)?.to_owned()));
    }
    let digits = rest.get(..run)?;
    let dialled = text.get(..at)?.ends_with('*') && rest.get(run..)?.starts_with('#');
    if dialled || all.knows_digits(digits) && run >= 6 {
        return Some((run, all.digits(digits)));
    }
    let whole = grouped(rest)
        .into_iter()
        .find(|part| all.knows_digits(&plain(part)))
        .or_else(|| grouped(rest).into_iter().next());
    let Some(found) = whole else {
        return Some((run, digits.to_owned()));
    };
    Some((found.len(), all.digits(found)))
}

/// The beginnings of `rest` that could be a meeting's number, the longest first: groups of digits with one space or
/// dash between them.
fn grouped(rest: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut digits = 0;
    let mut gap = true;
    for (index, c) in rest.char_indices() {
        match c {
            '0'..='9' => {
                digits += 1;
                gap = false;
            }
            ' ' | '-' if !gap => gap = true,
            _ => break,
        }
        let ends = rest
            .get(index + 1..)
            .is_none_or(|after| !after.starts_with(char::is_alphanumeric));
        if !gap && ends && MEETING.contains(&digits) {
            found.extend(rest.get(..=index));
        }
    }
    found.reverse();
    found
}

fn plain(number: &str) -> String {
    number.chars().filter(char::is_ascii_digit).collect()
}

/// A link: the host where it names a customer, ids and numbers in the path, and every value in the query.
pub fn link(url: &str, all: &mut StandIns) -> String {
    rewrite(url, all, |_, step, all| match all.lookup(step) {
        Some(known) => known.to_owned(),
        // Words of a path, as in `/j/` or `/launch/chat`.
        None if step.len() <= 2
            || step.len() <= 10 && step.bytes().all(|byte| byte.is_ascii_lowercase()) =>
        {
            step.to_owned()
        }
        None => all.opaque(step),
    })
}

/// An address: each step of the path and each value of the query by `value`, which gets its name, none for a step.
/// What it changes is encoded as the program encodes; what it leaves stays as it was written.
pub fn rewrite(
    url: &str,
    all: &mut StandIns,
    value: impl Fn(Option<&str>, &str, &mut StandIns) -> String,
) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return value(None, url, all);
    };
    let (place, query) = rest
        .split_once('?')
        .map_or((rest, None), |(place, query)| (place, Some(query)));
    let (host, path) = place
        .split_once('/')
        .map_or((place, None), |(host, path)| (host, Some(path)));
    let mut out = format!("{scheme}://{}", self::host(host, all));
    let mut changed = |name: Option<&str>, text: &str| {
        let decoded = percent_decode_str(text).decode_utf8_lossy().into_owned();
        let new = value(name, &decoded, all);
        if new == decoded {
            text.to_owned()
        } else {
            encoded(&new).to_string()
        }
    };
    if let Some(path) = path {
        let steps: Vec<String> = path.split('/').map(|step| changed(None, step)).collect();
        out.push('/');
        out.push_str(&steps.join("/"));
    }
    if let Some(query) = query {
        let pairs: Vec<String> = query
            .split('&')
            .map(|pair| {
                pair.split_once('=').map_or_else(
                    || pair.to_owned(),
                    |(name, value)| format!("{name}={}", changed(Some(name), value)),
                )
            })
            .collect();
        out.push('?');
        out.push_str(&pairs.join("&"));
    }
    out
}

/// A host, with its port: Zoom's general ones and this machine stay.
fn host(host: &str, all: &mut StandIns) -> String {
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => {
            (name, format!(":{port}"))
        }
        _ => (host, String::new()),
    };
    if let Ok(address) = name.trim_matches(['[', ']']).parse() {
        let address = all.ip(address);
        return if address.contains(':') {
            format!("[{address}]{port}")
        } else {
            format!("{address}{port}")
        };
    }
    let first = name.split(['.', '-']).next().unwrap_or_default();
    let general = ZOOMS.iter().any(|zooms| {
        first.strip_prefix(zooms).is_some_and(|rest| {
            rest.len() <= 5 && !rest.contains(|c: char| c.is_alphabetic()) || rest.ends_with("web")
        })
    }) || name == "zoomgov.com";
    let zooms = ["zoom.us", "zoomgov.com"]
        .iter()
        .find(|zone| name == **zone || name.ends_with(&format!(".{zone}")));
    match zooms {
        _ if name == "localhost" => host.to_owned(),
        Some(_) if general => host.to_owned(),
        Some(zone) => format!("vanity.{zone}{port}"),
        None => format!("{}{port}", all.domain(name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(given: &str) -> String {
        let mut all = StandIns::default();
        all.name("Jane Dee");
        all.opaque("KdYKjnimT4KPd8FFgQt9FQ");
        all.settle();
        text(given, &mut all)
    }

    #[test]
    fn what_is_personal_in_a_text_is_replaced_and_the_rest_stays() {
        let rows = [
            ("Dear Jane, Janet and jane", "Dear Person1, Janet and jane"),
            (
                "User does not exist: jane@corp.test.",
                "User does not exist: person1@example.com.",
            ),
            (
                "<Jane.Dee@corp.test>; KdYKjnim",
                "<person1@example.com>; KdYKjnim",
            ),
            (
                "from 203.0.113.9:443 at 2026-11-24 15:00:00Z",
                "from 192.0.2.1:443 at 2026-11-24 15:00:00Z",
            ),
            (
                "127.0.0.1 and ::1, 2001:db8:1::7",
                "127.0.0.1 and ::1, 2001:db8::1",
            ),
            (
                "5 of 300 in 3600 s, code 4711",
                "5 of 300 in 3600 s, code 4711",
            ),
            (
                "does not contain scopes:[user:read:user:admin]",
                "does not contain scopes:[user:read:user:admin]",
            ),
        ];
        for (given, wanted) in rows {
            assert_eq!(scan(given), wanted);
        }
        assert!(!scan("no user KdYKjnimT4KPd8FFgQt9FQ here").contains("KdYK"));
    }

    #[test]
    fn an_invitation_keeps_its_form_and_loses_its_numbers() {
        let given = "Join\r\nhttps://corp.zoom.us/j/85746065432?pwd=aGVsbG8\r\n\r\nMeeting ID: 857 4606 5432\r\nPasscode: 7aX4mQ\r\n+496950500952,,85746065432#,,,,*734511# Germany\r\n";
        let new = scan(given);
        for gone in [
            "corp",
            "85746065432",
            "857 4606",
            "aGVsbG8",
            "7aX4mQ",
            "6950500952",
            "734511",
        ] {
            assert!(!new.contains(gone), "{new}");
        }
        let number = new.split("/j/").nth(1).unwrap().split('?').next().unwrap();
        assert!(
            new.starts_with("Join\r\nhttps://vanity.zoom.us/j/") && new.len() == given.len() + 2,
            "{new}"
        );
        assert_eq!(
            plain(
                new.split("Meeting ID: ")
                    .nth(1)
                    .unwrap()
                    .split("\r\n")
                    .next()
                    .unwrap()
            ),
            number
        );
        assert!(
            new.contains(&format!(",,{number}#")) && new.ends_with("# Germany\r\n"),
            "{new}"
        );
    }

    #[test]
    fn an_invitation_in_any_language_loses_host_and_topic() {
        let given = "Jane Roe l\u{e4}dt Sie ein.\r\n\r\nThema: Q3: Review\r\nZeit: 1. Dez. 2026 10:00 AM Berlin\r\nMeeting-ID: 857 4606 5432\r\n";
        let new = scan(given);
        assert!(
            new.contains("Roe") && !new.contains("857 4606"),
            "a text of any kind: {new}"
        );
        let mut all = StandIns::default();
        let new = invitation(given, &mut all);
        let lines: Vec<&str> = new.split("\r\n").collect();
        assert_eq!(
            lines[..4],
            [
                "Invitation 1",
                "",
                "Thema: Topic 2",
                "Zeit: 1. Dez. 2026 10:00 AM Berlin"
            ]
        );
        assert!(
            lines[4].starts_with("Meeting-ID: ") && !new.contains("4606"),
            "{new}"
        );
        let english = invitation(
            "Jane Dee is inviting you to a meeting.\n  Topic: Plans\n",
            &mut all,
        );
        assert_eq!(
            english,
            "Person1 Person2 is inviting you to a meeting.\n  Topic: Topic 3\n"
        );
    }

    #[test]
    fn links_keep_what_names_nobody() {
        let mut all = StandIns::default();
        for url in [
            "https://us02web.zoom.us/j/",
            "https://zoom.us/oauth/token",
            "https://api-eu.zoom.us/v2/users",
            "http://127.0.0.1:80/v2",
            "http://localhost:1/x",
            "https://api.zoomgov.com/v2",
        ] {
            assert_eq!(link(url, &mut all), url);
        }
        assert_eq!(
            link("https://pictures.corp.test/a/", &mut all),
            "https://example.com/a/"
        );
        let one = link(
            "https://zoom.us/rec/Ab%2F12345678901?x=Ab%2F12345678901",
            &mut all,
        );
        let (path, query) = one
            .strip_prefix("https://zoom.us/rec/")
            .unwrap()
            .split_once("?x=")
            .unwrap();
        assert!(
            path == query && path.contains("%2F") && !path.contains("Ab"),
            "{one}"
        );
    }
}
