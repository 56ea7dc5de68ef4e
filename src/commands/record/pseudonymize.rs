//! Replaces every text and every number of a recorded run that is not on the list in [`super::allowed`] by a pseudonym,
//! the same one for the same value. Begin with [`Pseudonymizer`]; [`Pseudonyms`] makes the pseudonyms.

use super::allowed::{self, Allowed};
use crate::fixtures::exchange::{Outcome, RecordedResponse, ResponseBody};
use crate::protocol::exact::{entries, items};
use percent_encoding::percent_decode_str;
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::LazyLock;

/// Replaces what may be personal or secret in the parts of one run.
pub struct Pseudonymizer {
    allowed: &'static Allowed,
    pseudonyms: Pseudonyms,
}

static ALLOWED: LazyLock<Allowed> = LazyLock::new(Allowed::from_schemas);

impl Pseudonymizer {
    /// Returns a pseudonymizer for a run with these parts. It reads them first, so that no pseudonym is a value that
    /// stands in them.
    #[must_use]
    pub fn new(request: &RawValue, outcomes: &[&Outcome]) -> Self {
        let mut pseudonyms = Pseudonyms::default();
        pseudonyms.avoid(request);

        for outcome in outcomes {
            if let Outcome::Response(RecordedResponse {
                body: ResponseBody::Json(body),
                ..
            }) = outcome
            {
                pseudonyms.avoid(body);
            }
        }

        Self {
            allowed: &ALLOWED,
            pseudonyms,
        }
    }

    /// Returns the request with pseudonyms, as JSON.
    pub fn request(&mut self, request: &RawValue) -> String {
        let Some(members) = entries(request) else {
            return self.json("", request, false);
        };
        let members = members.into_iter().map(|(key, value)| {
            let value = match (key.as_str(), entries(value)) {
                ("resource", Some(fields)) => self.resource(fields),
                ("protocol", None) => value.get().to_owned(),
                _ => self.json(&key, value, false),
            };
            (self.key(&key), value)
        });

        object(members.collect())
    }

    fn resource(&mut self, fields: Vec<(String, &RawValue)>) -> String {
        let fields = fields.into_iter().map(|(key, value)| {
            let text = serde_json::from_str::<String>(value.get()).unwrap_or_default();
            let is_blank = text.trim().is_empty();
            let value = match key.as_str() {
                "timeout" | "verify_certificate" if !text.contains(char::is_alphabetic) => {
                    value.get().to_owned()
                }
                _ if is_blank => self.json(&key, value, false),
                "client_id" | "client_secret" | "account_id" => {
                    let pseudonym = format!("example-{}", key.replace('_', "-"));
                    // The same value elsewhere gets the same pseudonym.
                    quoted(&self.pseudonyms.fixed(text.trim(), pseudonym))
                }
                "label" => quoted("Recorded Zoom"),
                "proxy_url" => quoted("http://proxy.example.com:3128"),
                "ca_certificate" if text.contains("-----BEGIN CERTIFICATE-----") => {
                    quoted("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n")
                }
                _ => self.json(&key, value, false),
            };
            (self.key(&key), value)
        });
        object(fields.collect())
    }

    /// Returns the outcome with pseudonyms.
    pub fn outcome(&mut self, outcome: &Outcome) -> Outcome {
        match outcome {
            Outcome::Response(response) => Outcome::Response(self.response(response)),
            Outcome::Error(error) => {
                let mut error = error.clone();
                error.chain = error.chain.iter().map(|text| self.message(text)).collect();
                Outcome::Error(error)
            }
        }
    }

    fn response(&mut self, response: &RecordedResponse) -> RecordedResponse {
        let headers = response.headers.iter().map(|(name, value)| {
            let value = match name.as_str() {
                "content-type" if allowed::is_content_type(value) => value.clone(),
                "content-type" => "application/octet-stream".to_owned(),
                "x-zm-trackingid" => self.tracking_id(value),
                // A number of seconds, or a date in one of several forms.
                "retry-after" if is_http_date(value) => value.clone(),
                _ if allowed::is_instant(value) => value.clone(),
                _ => self.message(value),
            };
            (name.clone(), value)
        });

        let headers = headers.collect();
        let is_error = response.status >= 300;
        let body = match &response.body {
            ResponseBody::Empty => ResponseBody::Empty,
            ResponseBody::Json(body) => {
                let json = self.json("", body, is_error);
                RawValue::from_string(json).map_or(ResponseBody::Empty, ResponseBody::Json)
            }
            ResponseBody::Text(text) => ResponseBody::Text(self.words(text)),
            // Bytes that are no text cannot be looked through; one such byte has the same effect.
            ResponseBody::Bytes(_) => ResponseBody::Bytes(vec![0xFF]),
        };

        RecordedResponse {
            status: response.status,
            headers,
            body,
        }
    }

    /// Returns a tracking id, `v=2.0;clid=us02;rid=WEB_...`, with another last part.
    fn tracking_id(&mut self, value: &str) -> String {
        let parts = value
            .strip_prefix("v=2.0;clid=")
            .and_then(|rest| rest.split_once(";rid="))
            .filter(|(cluster, _)| allowed::is_host(&format!("{cluster}web.zoom.us")));
        match parts {
            Some((cluster, id)) => {
                format!("v=2.0;clid={cluster};rid={}", self.pseudonyms.opaque(id))
            }
            None => self.pseudonyms.opaque(value),
        }
    }

    /// Returns `value`, which stands under `key`, with pseudonyms. The items of a list stand under the list's key.
    fn json(&mut self, key: &str, value: &RawValue, is_error: bool) -> String {
        if let Some(members) = entries(value) {
            let is_error = is_error || is_error_object(&members);
            let members = members.into_iter().map(|(key, value)| {
                let value = self.json(&key, value, is_error);
                (self.key(&key), value)
            });
            return object(members.collect());
        }

        if let Some(list) = items(value) {
            let list: Vec<String> = list
                .into_iter()
                .map(|value| self.json(key, value, is_error))
                .collect();
            return format!("[{}]", list.join(","));
        }

        let json = value.get();
        match serde_json::from_str::<Value>(json) {
            Ok(Value::String(text)) => quoted(&self.text(key, &text, is_error)),
            Ok(Value::Number(_)) if !self.allowed.is_number(key) => self.number(json),
            // A number that is too long for serde_json is still one.
            Err(_) => self.number(json),
            Ok(_) => json.to_owned(),
        }
    }

    fn number(&mut self, json: &str) -> String {
        let (mantissa, exponent) = json
            .find(['e', 'E'])
            .and_then(|at| json.split_at_checked(at))
            .unwrap_or((json, ""));

        // A single digit is a choice, a count or a switch.
        if mantissa.len() == 1 {
            return json.to_owned();
        }

        self.pseudonyms.digits(mantissa) + exponent
    }

    /// Returns the name of a member. A table's names may be addresses or ids, and are values then.
    fn key(&mut self, key: &str) -> String {
        let is_field_name = {
            let name = key.trim_end_matches(|c: char| c.is_ascii_digit());
            key.len() - name.len() <= 2
                && key.len() <= 60
                && name.starts_with(|c: char| c.is_ascii_lowercase())
                && name
                    .bytes()
                    .all(|byte| byte.is_ascii_alphabetic() || byte == b'_')
        };
        if self.allowed.is_name(key) || (is_field_name && !self.pseudonyms.is_original(key)) {
            key.to_owned()
        } else {
            self.pseudonyms.text(key)
        }
    }

    fn text(&mut self, key: &str, text: &str, is_error: bool) -> String {
        if self.allowed.is_text(key, text) {
            return text.to_owned();
        }

        if is_error && allowed::is_message(key) {
            return self.message(text);
        }

        if matches!(key, "scope" | "scopes") {
            let scopes: Vec<String> = text
                .split(' ')
                .map(|scope| match scope.is_empty() || allowed::is_scope(scope) {
                    true => scope.to_owned(),
                    false => self.pseudonyms.text(scope),
                })
                .collect();
            return scopes.join(" ");
        }

        // An object or a list as text: the platform's forms have only text.
        if text.trim_start().starts_with(['{', '['])
            && let Ok(inner) = serde_json::from_str::<&RawValue>(text)
        {
            return self.json(key, inner, is_error);
        }

        self.pseudonyms.text(text)
    }

    /// Returns an error message in which what stands in quotes is replaced as a whole.
    fn message(&mut self, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, quote, inner, after)) = quoted_part(rest) {
            out += &self.words(before);
            out.push(quote);
            out += &match inner.contains(char::is_whitespace) {
                true => self.pseudonyms.text(inner),
                false => self.words(inner),
            };
            out.push(quote);
            rest = after;
        }

        out + &self.words(rest)
    }

    /// Returns `text` with every word replaced that is not one of error messages.
    fn words(&mut self, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            if let Some(length) = phone_number(rest) {
                let (number, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
                out += &self.pseudonyms.digits(number);
                rest = after;
                continue;
            }
            if is_delimiter(first) {
                out.push(first);
                rest = rest.get(first.len_utf8()..).unwrap_or_default();
                continue;
            }
            let length = rest.find(is_delimiter).unwrap_or(rest.len());
            let (word, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
            let core = word.trim_end_matches(['.', ':', '!', '?', '/']);
            out += &match self.is_harmless(core) {
                true => core.to_owned(),
                false => self.pseudonyms.text(core),
            };
            out += word.strip_prefix(core).unwrap_or_default();
            rest = after;
        }

        out
    }

    /// True for a word of an error message that can identify nobody.
    fn is_harmless(&self, word: &str) -> bool {
        if word.split('.').all(|name| self.allowed.is_name(name))
            || allowed::is_scope(word)
            || allowed::is_instant(word)
            || allowed::is_host(word)
        {
            return true;
        }

        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        let is_part = |part: &str| {
            part.bytes().all(|byte| byte.is_ascii_digit()) || allowed::is_message_word(part)
        };

        digits <= 4
            && word
                .split(['-', '_', '/', '.', ':', '&', '+', '%'])
                .all(is_part)
    }
}

fn is_delimiter(character: char) -> bool {
    character.is_whitespace() || "\"'`()[]{}<>,;=|\\*#“”‘’«»".contains(character)
}

/// Returns the length of a phone number at the beginning of `text`: seven or more digits in groups.
fn phone_number(text: &str) -> Option<usize> {
    let is_start = |c: char| c.is_ascii_digit() || c == '+' || c == '(';
    if !text.starts_with(is_start) {
        return None;
    }

    let end = text
        .find(|c: char| !c.is_ascii_digit() && !"+()-. ".contains(c))
        .unwrap_or(text.len());
    let number = text
        .get(..end)?
        .trim_end_matches(|c: char| !c.is_ascii_digit());

    // A time or an id goes on after its digits.
    let goes_on = |c: char| c.is_alphanumeric() || "@:_%/".contains(c);
    if text.get(number.len()..)?.starts_with(goes_on) {
        return None;
    }

    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    (digits >= 7).then_some(number.len())
}

/// Splits `text` at its first part in quotes: what stands before it, the quote, the part, and what comes after it.
fn quoted_part(text: &str) -> Option<(&str, char, &str, &str)> {
    for (at, quote) in text.match_indices(['"', '\'']) {
        let (before, rest) = text.split_at_checked(at)?;
        let rest = rest.get(1..)?;
        // Not the apostrophe of "doesn't".
        if before.ends_with(char::is_alphanumeric) {
            continue;
        }
        let is_end = |end: &usize| {
            !rest
                .get(*end + 1..)
                .is_some_and(|after| after.starts_with(char::is_alphanumeric))
        };
        let end = rest.match_indices(quote).map(|(end, _)| end).find(is_end);
        if let Some(end) = end {
            let quote = quote.chars().next()?;
            return Some((before, quote, rest.get(..end)?, rest.get(end + 1..)?));
        }
    }
    None
}

/// True for an object that tells of an error, whatever the status is.
fn is_error_object(members: &[(String, &RawValue)]) -> bool {
    members
        .iter()
        .any(|(key, _)| matches!(key.as_str(), "code" | "errorCode" | "error"))
        && members.iter().any(|(key, _)| allowed::is_message(key))
}

fn is_http_date(text: &str) -> bool {
    httpdate::parse_http_date(text).is_ok()
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

fn object(members: Vec<(String, String)>) -> String {
    let members: Vec<String> = members
        .into_iter()
        .map(|(key, value)| format!("{}:{value}", quoted(&key)))
        .collect();
    format!("{{{}}}", members.join(","))
}

/// Pseudonyms by the values they stand for. They come from a counter, so that nothing can be computed back from them.
#[derive(Debug, Default)]
struct Pseudonyms {
    known: BTreeMap<String, String>,
    /// Every pseudonym so far, and every value of the run: a new pseudonym must be none of them.
    taken: BTreeSet<String>,
    originals: BTreeSet<String>,
    counters: BTreeMap<Form, u64>,
}

/// The forms of values, each counted by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    Address,
    Date,
    Ip,
    Opaque,
    Text,
}

impl Pseudonyms {
    /// Notes the texts in `value`, which no pseudonym may equal.
    fn avoid(&mut self, value: &RawValue) {
        if let Some(members) = entries(value) {
            for (_, value) in members {
                self.avoid(value);
            }
        } else if let Some(list) = items(value) {
            for value in list {
                self.avoid(value);
            }
        } else {
            let text = serde_json::from_str::<String>(value.get());
            self.originals
                .insert(text.unwrap_or_else(|_| value.get().to_owned()));
        }
    }

    fn is_original(&self, text: &str) -> bool {
        self.originals.contains(text)
    }

    /// Sets the pseudonym of `value`.
    fn fixed(&mut self, value: &str, pseudonym: String) -> String {
        self.taken.insert(pseudonym.clone());
        self.known
            .entry(value.to_owned())
            .or_insert(pseudonym)
            .clone()
    }

    fn get(&mut self, form: Form, value: &str, make: impl Fn(u64) -> String) -> String {
        if let Some(pseudonym) = self.known.get(value) {
            return pseudonym.clone();
        }

        // A value of few characters has few others of its form; after some attempts any will do.
        let mut pseudonym = String::new();
        for _ in 0..64 {
            let counter = self.counters.entry(form).or_default();
            *counter += 1;
            pseudonym = make(*counter);
            if !self.taken.contains(&pseudonym) && !self.originals.contains(&pseudonym) {
                break;
            }
        }

        self.taken.insert(pseudonym.clone());
        self.known.insert(value.to_owned(), pseudonym.clone());

        pseudonym
    }

    /// Returns a pseudonym of the form of `text`. What surrounds an address or an id when it is pasted stays.
    fn text(&mut self, text: &str) -> String {
        const AROUND: &[char] = &[
            ' ', '\t', '\r', '\n', '<', '>', '"', '\'', '\u{a0}', '\u{200b}', '\u{feff}',
        ];

        if let Some(pseudonym) = self.known.get(text) {
            return pseudonym.clone();
        }

        let core = text.trim_matches(AROUND);
        if core.is_empty() {
            return text.to_owned();
        }

        let start = text.find(core).unwrap_or_default();
        let before = text.get(..start).unwrap_or_default();
        let after = text.get(start + core.len()..).unwrap_or_default();
        if let Some(address) = core.strip_prefix("mailto:") {
            return format!("{before}mailto:{}{after}", self.core(address));
        }

        let pieces: Vec<&str> = core.split([',', ';']).collect();
        if pieces.len() > 1 && pieces.iter().all(|piece| is_address(piece.trim())) {
            let pieces: Vec<String> = pieces.iter().map(|piece| self.text(piece)).collect();
            return format!("{before}{}{after}", pieces.join(","));
        }

        format!("{before}{}{after}", self.core(core))
    }

    fn core(&mut self, text: &str) -> String {
        if text.starts_with("https://") || text.starts_with("http://") {
            return self.url(text);
        }

        if is_address(text) {
            let make = |number| format!("person{number}@example.com");
            return self.get(Form::Address, &text.to_lowercase(), make);
        }

        if let Ok(address) = text.parse::<IpAddr>() {
            return self.ip(address);
        }

        if text.parse::<jiff::civil::Date>().is_ok()
            && text.starts_with(|c: char| c.is_ascii_digit())
        {
            let time = if text.len() > 10 { "T00:00:00Z" } else { "" };
            return self.get(Form::Date, text, |number| {
                let (month, day) = (1 + number / 28 % 12, 1 + number % 28);
                format!("2001-{month:02}-{day:02}{time}")
            });
        }

        let is_number = |c: char| c.is_ascii_digit() || " +-().,".contains(c);
        if text.contains(|c: char| c.is_ascii_digit()) && text.chars().all(is_number) {
            return self.digits(text);
        }

        let is_opaque = text.len() >= 20 || text.contains(|c: char| c.is_ascii_digit());
        if text.is_ascii() && !text.contains(char::is_whitespace) && is_opaque {
            return self.opaque(text);
        }

        match text.contains(char::is_whitespace) {
            true => self.get(Form::Text, text, |number| format!("Text {number}")),
            false => self.get(Form::Text, text, |number| format!("text{number}")),
        }
    }

    /// Returns the pseudonym of an id, a passcode or a token: letters for letters, digits for digits, all else as it is.
    fn opaque(&mut self, text: &str) -> String {
        self.get(Form::Opaque, text, |seed| scramble(text, seed))
    }

    /// Returns the pseudonym of a number that may be grouped: as many digits in the same groups, and the same digits
    /// however they are grouped.
    fn digits(&mut self, text: &str) -> String {
        let plain: String = text.chars().filter(char::is_ascii_digit).collect();
        let digits = self.get(Form::Opaque, &plain, |seed| scramble(&plain, seed));
        let mut digits = digits.chars();

        text.chars()
            .map(|c| match c.is_ascii_digit() {
                true => digits.next().unwrap_or(c),
                false => c,
            })
            .collect()
    }

    fn ip(&mut self, address: IpAddr) -> String {
        if address.is_loopback() || address.is_unspecified() {
            return address.to_string();
        }

        // Addresses that are reserved for documentation (RFC 5737, RFC 3849).
        self.get(Form::Ip, &address.to_string(), |number| match address {
            IpAddr::V4(_) => format!("192.0.2.{}", number % 256),
            IpAddr::V6(_) => format!("2001:db8::{number:x}"),
        })
    }

    /// Returns an address with the parts that name nobody: Zoom's hosts, known steps, and the names of parameters.
    fn url(&mut self, text: &str) -> String {
        let Some((scheme, rest)) = text.split_once("://") else {
            return self.opaque(text);
        };
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, rest) = rest.split_at_checked(end).unwrap_or((rest, ""));
        let (rest, fragment) = rest
            .split_once('#')
            .map_or((rest, None), |(a, b)| (a, Some(b)));
        let (path, query) = rest
            .split_once('?')
            .map_or((rest, None), |(a, b)| (a, Some(b)));

        let host = authority
            .rsplit_once('@')
            .map_or(authority, |(_, host)| host);
        let (name, port) = match host.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => {
                (name, format!(":{port}"))
            }
            _ => (host, String::new()),
        };

        let name = match name {
            _ if allowed::is_host(name) => name.to_owned(),
            _ if name.ends_with(".zoom.us") => "vanity.zoom.us".to_owned(),
            _ => "example.com".to_owned(),
        };

        let mut url = format!("{scheme}://{name}{port}");
        let steps: Vec<String> = path
            .split('/')
            .map(|step| match allowed::is_path_step(step) {
                true => step.to_owned(),
                false => self.encoded(step),
            })
            .collect();

        url += &steps.join("/");

        for (mark, part) in [('?', query), ('#', fragment)] {
            let Some(part) = part else { continue };
            let pairs: Vec<String> = part
                .split('&')
                .map(|pair| match pair.split_once('=') {
                    Some((name, value)) if allowed::is_query_name(name) => {
                        format!("{name}={}", self.encoded(value))
                    }
                    Some((name, value)) => {
                        format!("{}={}", self.encoded(name), self.encoded(value))
                    }
                    None => self.encoded(pair),
                })
                .collect();
            url.push(mark);
            url += &pairs.join("&");
        }

        url
    }

    /// Returns the pseudonym of a percent-encoded value, encoded again.
    fn encoded(&mut self, text: &str) -> String {
        let decoded = percent_decode_str(text).decode_utf8_lossy().into_owned();
        crate::zoom::endpoint::encoded(&self.text(&decoded)).to_string()
    }
}

fn is_address(text: &str) -> bool {
    text.split_once('@').is_some_and(|(local, host)| {
        !local.is_empty()
            && !host.is_empty()
            && !host.contains('@')
            && !text.contains(|c: char| c.is_whitespace() || ",;<>\"/:".contains(c))
    })
}

/// Returns `value` with its letters and digits exchanged. A number keeps its length: no zero comes first unless one did.
fn scramble(value: &str, seed: u64) -> String {
    let mut state = seed;
    let mut is_first = true;
    let mut pick = |base: u8, from: u64, size: u64| {
        // SplitMix64, a small generator; it needs to be even, not secret.
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let step = from + (z ^ (z >> 31)) % (size - from);
        char::from(base + u8::try_from(step).unwrap_or_default())
    };

    let exchange = |c: char| {
        let new = match c {
            '0' if is_first => '0',
            '0'..='9' => pick(b'0', u64::from(is_first), 10),
            'a'..='z' => pick(b'a', 0, 26),
            'A'..='Z' => pick(b'A', 0, 26),
            _ if c.is_alphanumeric() => pick(b'a', 0, 26),
            _ => return c,
        };
        is_first = false;
        new
    };

    value.chars().map(exchange).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(json: &str) -> Box<RawValue> {
        RawValue::from_string(json.to_owned()).unwrap()
    }

    fn pseudonymizer() -> Pseudonymizer {
        Pseudonymizer::new(&raw("{}"), &[])
    }

    #[test]
    fn pseudonym_is_the_same_for_the_same_value_and_has_its_form() {
        let mut all = Pseudonyms::default();
        let id = all.text("KdYKjnimT4KPd8F_gQt9FQ==");
        assert_eq!(all.text("KdYKjnimT4KPd8F_gQt9FQ=="), id);
        assert!(
            id.len() == 24 && id.ends_with("==") && id.contains('_') && !id.contains("KdYK"),
            "{id}"
        );
        let number = all.digits("85746065432");
        assert_ne!(number, "85746065432");
        assert_eq!(all.text("857 4606 5432").replace(' ', ""), number);
        assert_eq!(all.text("857-4606-5432").replace('-', ""), number);
        assert!(!number.starts_with('0') && number.len() == 11);
        let jane = all.text("Jane@Corp.test");
        assert!(jane.ends_with("@example.com"), "{jane}");
        assert_eq!(all.text("<jane@corp.test>"), format!("<{jane}>"));
        assert_eq!(all.text("mailto:jane@corp.test"), format!("mailto:{jane}"));
        let both = all.text("kim@corp.test, jane@corp.test");
        assert!(both.ends_with(&format!(", {jane}")), "{both}");
        let name = all.text("Jane");
        assert_eq!(all.text("Jane"), name);
        assert!(name.starts_with("text"), "no blank where there was none");
        assert!(all.text("Jane Dee").starts_with("Text "));
        assert!(all.text("203.0.113.9").starts_with("192.0.2."));
        assert_eq!(all.text("127.0.0.1"), "127.0.0.1");
    }

    #[test]
    fn pseudonym_is_no_value_of_the_run() {
        let mut all = Pseudonyms::default();
        all.avoid(&raw(r#"["text1", {"x": "text2"}]"#));
        assert_eq!(all.text("Jane"), "text3");
    }

    #[test]
    fn pseudonym_of_a_link_keeps_zooms_host_and_steps() {
        let mut all = Pseudonyms::default();
        let number = all.digits("85746065432");
        let link = all.text("https://us02web.zoom.us/j/85746065432?pwd=aGVsbG8w");
        assert!(
            link.starts_with(&format!("https://us02web.zoom.us/j/{number}?pwd=")),
            "{link}"
        );
        assert!(!link.contains("aGVsbG8w"), "{link}");
        for (url, wanted) in [
            ("https://corp.zoom.us/my/", "https://vanity.zoom.us/my/"),
            ("https://jane:x@files.corp.test", "https://example.com"),
            (
                "https://api.zoom.us/v2/users",
                "https://api.zoom.us/v2/users",
            ),
            ("http://127.0.0.1:80/v2", "http://127.0.0.1:80/v2"),
        ] {
            assert_eq!(all.text(url), wanted);
        }
        let strange = all.text("https://zoom.us/rec/share/Jane%20Dee?jane=dee#roe");
        for personal in ["Jane", "jane", "Dee", "dee", "roe"] {
            assert!(!strange.contains(personal), "{strange}");
        }
    }

    #[test]
    fn message_keeps_its_words_and_loses_who_it_is_about() {
        let mut all = pseudonymizer();
        let jane = all.pseudonyms.text("jane@corp.test");
        for text in [
            "Invalid access token, does not contain scopes:[user:read:user:admin, user:read:admin].",
            "You have exceeded the daily rate limit (100) of Meeting Create/Update API requests.",
            "You have reached the maximum per-second rate limit for this API. Try again later.",
            "This API endpoint is not recognized.",
            "Validation Failed.",
            "settings.jbh_time",
        ] {
            assert_eq!(all.message(text), text);
        }
        assert_eq!(
            all.message("User does not exist: jane@corp.test."),
            format!("User does not exist: {jane}.")
        );
        for text in [
            "User Jane is blocked.",
            "No topic 'Meeting with user'.",
            "Call +49 30 1234 567 or 555-111-2222 after 2026-11-24T15:00:00Z.",
            "Host wks-17.corp.test refused",
            "Jane\u{e9}, \u{738b} and KdYKjnimT4KPd8FFgQt9FQ",
        ] {
            let new = all.message(text);
            for personal in [
                "Jane", "with", "1234", "567", "2222", "corp", "wks", "\u{738b}", "KdYK",
            ] {
                assert!(!new.contains(personal), "{new}");
            }
        }
    }

    #[test]
    fn json_loses_unknown_texts_and_numbers_and_keeps_its_structure() {
        let mut all = pseudonymizer();
        let body = raw(
            r#"{"type": 2, "manager_name": "Alice Smith", "age": 42, "birthday": "1980-02-03", "nick": ["Ali", ""], "jane@corp.test": {"office": null, "ok": true, "n": 1.50}, "next_page_token": "", "created_at": "2026-01-02T03:04:05Z", "big": 18446744073709551616}"#,
        );
        let json = all.json("", &body, false);
        for personal in [
            "Alice", "Smith", "42", "1980", "Ali", "jane", "1.50", "184467",
        ] {
            assert!(!json.contains(personal), "{personal}: {json}");
        }
        for kept in [
            r#""type":2"#,
            r#""manager_name":"Text "#,
            r#""office":null,"ok":true"#,
            r#""next_page_token":"""#,
            r#""created_at":"2026-01-02T03:04:05Z""#,
        ] {
            assert!(json.contains(kept), "{kept}: {json}");
        }
        assert!(serde_json::from_str::<Value>(&json).is_ok());
    }

    #[test]
    fn request_loses_secrets_under_any_name() {
        let mut all = pseudonymizer();
        let request = raw(
            r#"{"action": "Get User", "protocol": 1, "id": "playbook-7", "parameters": {"user_id": "jane@corp.test", "settings": "{\"dept\": \"Sales\"}"}, "resource": {"client_secret": " canary ", "secret": "canary", "account_id": "acc", "client_id": 12345678, "timeout": 30, "proxy_url": "http://u:canary@proxy.corp.test:1"}}"#,
        );
        let json = all.request(&request);
        for personal in [
            "playbook", "jane", "Sales", "canary", "acc\"", "12345678", "corp",
        ] {
            assert!(!json.contains(personal), "{personal}: {json}");
        }
        for kept in [
            r#""action":"Get User","protocol":1"#,
            r#""client_secret":"example-client-secret""#,
            r#""timeout":30"#,
        ] {
            assert!(json.contains(kept), "{kept}: {json}");
        }
    }
}
