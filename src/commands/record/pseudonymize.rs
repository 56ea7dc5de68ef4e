//! Replaces every text and every number of a recorded run that is not on the list in [`super::allowed`] by a pseudonym,
//! the same one for the same value. Begin with [`Pseudonymizer`]; [`Pseudonyms`] makes the pseudonyms.

use super::allowed::{self, Allowed};
use crate::fixtures::exchange::{Outcome, RecordedResponse, ResponseBody};
use crate::protocol::exact::{entries, items};
use percent_encoding::percent_decode_str;
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::LazyLock;
use url::Url;

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
                "content-type" => allowed::content_type(value).to_owned(),
                "x-zm-trackingid" => self
                    .pseudonyms
                    .get(value, |number| format!("v=2.0;clid=us02;rid=WEB_{number}")),
                _ if is_number_or_time(value) => value.clone(),
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
        if self.allowed.is_name(key) || (is_field_name && !self.pseudonyms.taken.contains(key)) {
            key.to_owned()
        } else {
            self.pseudonyms.text(key)
        }
    }

    fn text(&mut self, key: &str, text: &str, is_error: bool) -> String {
        if self.allowed.is_text(key, text) {
            return text.to_owned();
        }

        if matches!(key, "scope" | "scopes") || (is_error && allowed::is_message(key)) {
            return self.message(text);
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
        let mut is_after_code = false;
        let replaced = text.split_inclusive(is_delimiter).map(|chunk| {
            let word = chunk.trim_end_matches(|c| is_delimiter(c) || ".:!?/".contains(c));
            // The program reads Zoom's codes from texts as well. Other numbers may be parts of a phone number.
            let is_code = is_after_code && is_short_number(word.trim_start_matches(':'));
            if !word.is_empty() {
                is_after_code = word.to_ascii_lowercase().ends_with("code");
            }

            match is_code || self.is_harmless(word) {
                true => chunk.to_owned(),
                false => chunk.replacen(word, &self.pseudonyms.text(word), 1),
            }
        });

        replaced.collect()
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

        word.split(['-', '_', '/', '.', ':', '&', '+', '%'])
            .all(|part| part.is_empty() || allowed::is_message_word(part))
    }
}

fn is_delimiter(character: char) -> bool {
    character.is_whitespace() || "\"'`()[]{}<>,;=|\\*#“”‘’«»".contains(character)
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

fn is_short_number(text: &str) -> bool {
    text.len() <= 6 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// True for the value of `Retry-After` and of the headers about limits: a number of seconds, or a date in one of several forms.
fn is_number_or_time(text: &str) -> bool {
    is_short_number(text) || allowed::is_instant(text) || httpdate::parse_http_date(text).is_ok()
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
    counter: u64,
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
            self.taken
                .insert(text.unwrap_or_else(|_| value.get().to_owned()));
        }
    }

    /// Sets the pseudonym of `value`.
    fn fixed(&mut self, value: &str, pseudonym: String) -> String {
        self.taken.insert(pseudonym.clone());
        self.known
            .entry(value.to_owned())
            .or_insert(pseudonym)
            .clone()
    }

    fn get(&mut self, value: &str, make: impl Fn(u64) -> String) -> String {
        if let Some(pseudonym) = self.known.get(value) {
            return pseudonym.clone();
        }

        // A value of few characters has few others of its form; after some attempts any will do.
        let mut pseudonym = String::new();
        for _ in 0..64 {
            self.counter += 1;
            pseudonym = make(self.counter);
            if !self.taken.contains(&pseudonym) {
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
        const SEPARATORS: [char; 2] = [',', ';'];

        let core = text.trim_matches(AROUND);
        let core = core.strip_prefix("mailto:").unwrap_or(core);
        if core.is_empty() {
            return text.to_owned();
        }

        // A list of addresses is one of people: each keeps the pseudonym that it has elsewhere.
        let is_list = core.contains(SEPARATORS)
            && core.split(SEPARATORS).all(|piece| is_address(piece.trim()));
        let pseudonym = match is_list {
            true => {
                let pieces = core.split(SEPARATORS).map(|piece| self.text(piece));
                pieces.collect::<Vec<_>>().join(",")
            }
            false => self.core(core),
        };

        text.replacen(core, &pseudonym, 1)
    }

    fn core(&mut self, text: &str) -> String {
        if let Some(pseudonym) = self.known.get(text) {
            return pseudonym.clone();
        }

        if text.starts_with("https://") || text.starts_with("http://") {
            return self.url(text);
        }

        if is_address(text) {
            let make = |number| format!("person{number}@example.com");
            return self.get(&text.to_lowercase(), make);
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
            true => self.get(text, |number| format!("Text {number}")),
            false => self.get(text, |number| format!("text{number}")),
        }
    }

    /// Returns the pseudonym of an id, a passcode or a token: letters for letters, digits for digits, all else as it is.
    fn opaque(&mut self, text: &str) -> String {
        self.get(text, |seed| scramble(text, seed))
    }

    /// Returns the pseudonym of a number that may be grouped: as many digits in the same groups, and the same digits
    /// however they are grouped.
    fn digits(&mut self, text: &str) -> String {
        let plain: String = text.chars().filter(char::is_ascii_digit).collect();
        let digits = self.get(&plain, |seed| scramble(&plain, seed));
        let mut digits = digits.chars();

        text.chars()
            .map(|c| match c.is_ascii_digit() {
                true => digits.next().unwrap_or(c),
                false => c,
            })
            .collect()
    }

    /// Returns an address with the parts that name nobody: Zoom's hosts, known steps, and the names of parameters.
    fn url(&mut self, text: &str) -> String {
        let Ok(url) = Url::parse(text) else {
            return self.opaque(text);
        };

        let host = match url.host_str().unwrap_or_default() {
            host if allowed::is_host(host) => host,
            host if host.ends_with(".zoom.us") => "vanity.zoom.us",
            _ => "example.com",
        };
        let port = url.port().map_or(String::new(), |port| format!(":{port}"));
        let steps: Vec<String> = url
            .path()
            .split('/')
            .map(|step| match allowed::is_path_step(step) {
                true => step.to_owned(),
                false => self.encoded(step),
            })
            .collect();

        let mut replaced = format!("{}://{host}{port}{}", url.scheme(), steps.join("/"));
        for (mark, part) in [('?', url.query()), ('#', url.fragment())] {
            let Some(part) = part else { continue };
            let pairs: Vec<String> = part
                .split('&')
                .map(|pair| match pair.split_once('=') {
                    Some((name, value)) if allowed::is_query_name(name) => {
                        format!("{name}={}", self.encoded(value))
                    }
                    _ => self.encoded(pair),
                })
                .collect();
            replaced.push(mark);
            replaced += &pairs.join("&");
        }

        replaced
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

/// Returns `value` with its letters and digits exchanged. No digit becomes a zero, so that a number keeps its length.
fn scramble(value: &str, seed: u64) -> String {
    let exchange = |(at, c): (usize, char)| {
        let choices: &[u8] = match c {
            '0'..='9' => b"123456789",
            'A'..='Z' => b"ABCDEFGHIJKLMNOPQRSTUVWXYZ",
            _ if c.is_alphanumeric() => b"abcdefghijklmnopqrstuvwxyz",
            _ => return c,
        };
        // The hash needs to be even, not secret: nothing of the value goes into it.
        let mut hasher = DefaultHasher::new();
        (seed, at).hash(&mut hasher);
        let choice = hasher.finish() % choices.len() as u64;
        choices
            .get(choice as usize)
            .map_or(c, |byte| char::from(*byte))
    };

    value.chars().enumerate().map(exchange).collect()
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
            ("https://jane:x@files.corp.test", "https://example.com/"),
            (
                "https://api.zoom.us/v2/users",
                "https://api.zoom.us/v2/users",
            ),
            ("http://127.0.0.1:81/v2", "http://127.0.0.1:81/v2"),
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
            "You have exceeded the daily rate limit of Meeting Create/Update API requests.",
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
