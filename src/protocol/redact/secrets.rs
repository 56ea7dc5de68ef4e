//! Strikes the secrets of a run out of everything that is written, however they are escaped. Begin with [`Redactor`].

use super::fields::HIDDEN;
use crate::protocol::json::end_of_text;
use crate::protocol::secret::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use memchr::memmem::Finder;
use std::borrow::Cow;

/// A secret shorter than this is not looked for: it would be found in ordinary words.
const SHORTEST: usize = 8;

/// The number of times that a text is looked at without a further layer of escapes.
const MOST_ESCAPES: usize = 4;

/// The forms of a run's secrets that must not be written.
#[derive(Clone, Default)]
pub struct Redactor(Vec<Finder<'static>>);

impl std::fmt::Debug for Redactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[secrets]")
    }
}

impl Redactor {
    /// Strikes out `secret` from now on, as it is and in base64. Escapes of JSON and of addresses need no forms of their own:
    /// a text that holds any is looked at without them too.
    pub fn add(&mut self, secret: &Secret<String>) {
        let plain = secret.reveal();
        if plain.len() >= SHORTEST {
            self.find(plain);
            self.find_base64(plain);
        }
    }

    /// Strikes out the header that a user name and a password make.
    pub fn add_basic(&mut self, user: &str, password: &Secret<String>) {
        self.find_base64(&format!("{user}:{}", password.reveal()));
    }

    /// Strikes out `plain` in both alphabets of base64.
    fn find_base64(&mut self, plain: &str) {
        for alphabet in [STANDARD, URL_SAFE] {
            self.find(alphabet.encode(plain).trim_end_matches('='));
        }
    }

    fn find(&mut self, form: &str) {
        if !self.0.iter().any(|known| known.needle() == form.as_bytes()) {
            self.0.push(Finder::new(form).into_owned());
        }
    }

    /// True where `json` holds a secret, as it is written or decoded.
    #[must_use]
    pub fn finds_in_json(&self, json: &str) -> bool {
        self.finds(json) || self.found_behind_escapes(json).is_some()
    }

    /// Returns `text` without the escapes behind which a secret stands; `None` where there is none. JSON in a text of JSON
    /// escapes twice, an address in one escapes with percent signs as well.
    fn found_behind_escapes(&self, text: &str) -> Option<String> {
        let mut plain = Cow::Borrowed(text);

        for _ in 0..MOST_ESCAPES {
            // memchr looks at 32 bytes at once, which counts in a long list.
            let holds = |byte| memchr::memchr(byte, plain.as_bytes()).is_some();
            let next = match (holds(b'\\'), holds(b'%')) {
                (true, _) => decoded(&plain),
                (false, true) => percent_encoding::percent_decode_str(&plain)
                    .decode_utf8_lossy()
                    .into_owned(),
                (false, false) => return None,
            };
            if self.finds(&next) {
                return Some(next);
            }
            plain = Cow::Owned(next);
        }

        None
    }

    /// True where `text` holds a secret as it is.
    #[must_use]
    pub fn finds(&self, text: &str) -> bool {
        self.0
            .iter()
            .any(|finder| finder.find(text.as_bytes()).is_some())
    }

    /// Strikes out every form in `text` as it is.
    fn scrub(&self, text: &mut String) {
        for finder in &self.0 {
            let mut from = 0;
            while let Some(found) = text
                .as_bytes()
                .get(from..)
                .and_then(|rest| finder.find(rest))
            {
                // A needle of UTF-8 is found at the borders of characters only.
                let at = from + found;
                text.replace_range(at..at + finder.needle().len(), HIDDEN);
                from = at + HIDDEN.len();
            }
        }
    }

    /// Strikes out every form in the texts and numbers of `json`, which is a valid document or pieces of one, and stays
    /// that. Keys that are plain names are left: a secret that is spelt like one would take the envelope apart.
    pub fn scrub_json(&self, json: &mut String) {
        if !self.finds_in_json(json) {
            return;
        }

        let (mut out, mut at) = (String::with_capacity(json.len()), 0);
        while let Some(found) = json.get(at..).and_then(|rest| rest.find('"')) {
            let start = at + found;
            let end = (end_of_text(json.as_bytes(), start) + 1).min(json.len());
            self.copy_outside(json.get(at..start).unwrap_or_default(), &mut out);
            let (text, behind) = (
                json.get(start..end).unwrap_or_default(),
                json.get(end..).unwrap_or_default(),
            );
            let is_key = behind.trim_start().starts_with(':');
            if is_key
                && text
                    .bytes()
                    .all(|byte| matches!(byte, b'a'..=b'z' | b'_' | b'"'))
            {
                out.push_str(text);
            } else {
                self.copy_text(text, &mut out);
            }
            at = end;
        }

        self.copy_outside(json.get(at..).unwrap_or_default(), &mut out);
        *json = out;
    }

    /// Strikes secrets out of a line for people, where JSON may stand in the middle of words.
    #[must_use]
    pub fn scrubbed_line(&self, line: &str) -> String {
        let mut text = line.to_owned();
        self.scrub(&mut text);

        while let Some(plain) = self.found_behind_escapes(&text) {
            text = plain;
            self.scrub(&mut text);
        }
        text
    }

    /// Copies a text with its quotes, without secrets.
    fn copy_text(&self, text: &str, out: &mut String) {
        let inside = text
            .strip_prefix('"')
            .and_then(|text| text.strip_suffix('"'));
        let inside = inside.unwrap_or(text);
        if !self.finds_in_json(inside) {
            return out.push_str(text);
        }

        let plain = self.scrubbed_line(&decoded(inside));
        out.push_str(&serde_json::to_string(&plain).unwrap_or_default());
    }

    /// Copies a part between texts, without the numbers that are secrets.
    fn copy_outside(&self, between: &str, out: &mut String) {
        if !self.finds(between) {
            return out.push_str(between);
        }

        let is_part =
            |letter: char| letter.is_ascii_digit() || matches!(letter, '.' | '-' | '+' | 'e' | 'E');
        for piece in between.split_inclusive(|letter| !is_part(letter)) {
            let number = piece.trim_end_matches(|letter| !is_part(letter));
            match self.finds(number) {
                true => out.push_str(&format!(
                    "\"{HIDDEN}\"{}",
                    piece.get(number.len()..).unwrap_or_default()
                )),
                false => out.push_str(piece),
            }
        }
    }
}

/// Decodes JSON's escapes wherever they stand. Half of a surrogate pair becomes a replacement character: it must not keep
/// what stands beside it from being found.
fn decoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;

    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        let (letter, length) = unescaped(escape);
        out.push(letter);
        rest = escape.get(length..).unwrap_or_default();
    }

    out.push_str(rest);
    out
}

/// Reads the escape at the start of `text`: its character and its length in bytes.
fn unescaped(text: &str) -> (char, usize) {
    let unit = |start: usize| u32::from_str_radix(text.get(start..start + 4)?, 16).ok();

    match text.as_bytes().get(1) {
        Some(b'u') => {
            let high = unit(2);
            let low = text
                .get(6..8)
                .filter(|mark| *mark == "\\u")
                .and_then(|_| unit(8));
            match (high, low) {
                (Some(high @ 0xd800..0xdc00), Some(low @ 0xdc00..0xe000)) => {
                    let code = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                    (
                        char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER),
                        12,
                    )
                }
                (Some(code), _) => (
                    char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER),
                    6,
                ),
                (None, _) => ('u', 2),
            }
        }
        Some(b'n') => ('\n', 2),
        Some(b't') => ('\t', 2),
        Some(b'r') => ('\r', 2),
        Some(b'b') => ('\u{8}', 2),
        Some(b'f') => ('\u{c}', 2),
        Some(plain @ (b'"' | b'\\' | b'/')) => (char::from(*plain), 2),
        // No escape: the backslash stands for itself.
        _ => ('\\', 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_secret_is_struck_out_and_a_short_one_is_left() {
        let mut scrubber = Redactor::default();
        let secret = Secret::new("pass/\"word\"".to_owned());
        scrubber.add(&secret);
        scrubber.add_basic("id", &secret);
        scrubber.add(&Secret::new("short".to_owned()));
        let (basic, alone) = (
            STANDARD.encode("id:pass/\"word\""),
            STANDARD.encode("pass/\"word\""),
        );
        let line = format!(r#"pass/\"word\" pass%2F%22word%22 {basic} {alone} short pass/"word""#);
        let text = scrubber.scrubbed_line(&line);
        let words: Vec<&str> = text.split(' ').collect();
        assert_eq!(
            words,
            [
                HIDDEN,
                HIDDEN,
                "aWQ6[hidden]=",
                "[hidden]=",
                "short",
                HIDDEN
            ]
        );
    }

    #[test]
    fn redactor_finds_a_secret_behind_escapes_and_beside_half_a_surrogate_pair() {
        let mut redactor = Redactor::default();
        redactor.add(&Secret::new("canary/secret0123456789".to_owned()));
        for written in [
            r#"{"a":"canary\/secret0123456789"}"#,
            r#"{"a":"\u0063anary/secret0123456789"}"#,
            r#"{"a":"\ud800 canary\/secret0123456789"}"#,
            r#"{"a":["x \u0063\u0061nary\/secret0123456789 y"]}"#,
        ] {
            let mut json = written.to_owned();
            redactor.scrub_json(&mut json);
            assert!(
                json.contains(HIDDEN) && !json.contains("0123456789"),
                "{json}"
            );
            assert!(
                !redactor.scrubbed_line(written).contains("0123456789"),
                "{written}"
            );
        }
        let harmless = r#"{"a":"\ud800 \u0063 \/ x"}"#;
        let mut json = harmless.to_owned();
        redactor.scrub_json(&mut json);
        assert_eq!(json, harmless);
    }

    #[test]
    fn redactor_finds_a_secret_behind_several_layers_of_escapes() {
        let mut redactor = Redactor::default();
        redactor.add(&Secret::new("canary/secret0123456789".to_owned()));
        for written in [
            r#"{"a":"{\"b\":\"canary\\/secret0123456789\"}"}"#,
            r#"{"a":"https://x/?q=c%61nary%2fsecret0123456789"}"#,
            r#"{"a":"%63anary\/secret0123456789"}"#,
            r#"{"a":"c\\u0061nary/secret0123456789"}"#,
        ] {
            let mut json = written.to_owned();
            redactor.scrub_json(&mut json);
            assert!(
                json.contains(HIDDEN) && !json.contains("0123456789"),
                "{json}"
            );
            assert!(
                !redactor.scrubbed_line(written).contains("0123456789"),
                "{written}"
            );
        }
        let mut json = r#"{"a":"100 % of \\n"}"#.to_owned();
        redactor.scrub_json(&mut json);
        assert_eq!(json, r#"{"a":"100 % of \\n"}"#);
    }

    proptest::proptest! {
        #[test]
        fn redactor_finds_a_secret_however_its_letters_are_escaped(secret in "[a-zA-Z0-9/+_-]{12,40}", choice in proptest::collection::vec(proptest::bool::ANY, 40)) {
            let mut redactor = Redactor::default();
            redactor.add(&Secret::new(secret.clone()));
            let written: String = secret.chars().zip(choice).map(|(letter, escape)| {
                if escape { format!("\\u{:04x}", u32::from(letter)) } else { letter.to_string() }
            }).collect();

            let mut json = format!("{{\"a\":\"x{written}y\"}}");
            redactor.scrub_json(&mut json);
            let value: serde_json::Value = serde_json::from_str(&json).unwrap();
            proptest::prop_assert!(!value["a"].as_str().unwrap().contains(&secret), "{}", json);
        }
    }

    #[test]
    fn what_is_struck_out_may_be_any_text_and_json_stays_json() {
        let document = r#"{"protocol":1,"retryable":false,"a":"[hidden] is [hidden]","b":["x\\\"retryable\"",12345678,-1.5],"My Secret":"protocol"}"#;
        for (secret, wanted) in [
            (HIDDEN, document.to_owned()),
            (
                "protocol",
                document.replace("\"protocol\"}", "\"[hidden]\"}"),
            ),
            (
                "\"retryable\"",
                document.replace(r#"\"retryable\""#, HIDDEN),
            ),
            (
                "x\\\"retryable\"",
                document.replace(r#"x\\\"retryable\""#, HIDDEN),
            ),
            ("12345678", document.replace("12345678", "\"[hidden]\"")),
            ("My Secret", document.replace("My Secret", HIDDEN)),
            ("hidden] is", document.replace("hidden] is", HIDDEN)),
            (":false,\"a\":", document.to_owned()),
        ] {
            let mut scrubber = Redactor::default();
            scrubber.add(&Secret::new(secret.to_owned()));
            let mut json = document.to_owned();
            scrubber.scrub_json(&mut json);
            assert_eq!(json, wanted, "{secret}");
            assert!(
                serde_json::from_str::<serde_json::Value>(&json).is_ok(),
                "{json}"
            );
        }
    }
}
