//! The last line before the output: whatever a server repeated of our secrets is struck out. Knows the secrets of one run, nothing else.

use super::fields::HIDDEN;
use crate::protocol::json::end_of_text;
use crate::protocol::secret::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use memchr::memmem::Finder;

/// A secret shorter than this is not looked for: it would be found in ordinary words.
const SHORTEST: usize = 8;

/// The forms of a run's secrets that must not be written.
#[derive(Clone, Default)]
pub struct Redactor(Vec<Finder<'static>>);

impl std::fmt::Debug for Redactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[secrets]")
    }
}

impl Redactor {
    /// Strikes out `secret` from now on: as it is, as JSON writes it, percent-encoded, and in base64.
    pub fn add(&mut self, secret: &Secret<String>) {
        let plain = secret.reveal();
        if plain.len() < SHORTEST {
            return;
        }
        self.find(plain);
        let json = serde_json::to_string(plain).unwrap_or_default();
        self.find(
            json.strip_prefix('"')
                .and_then(|json| json.strip_suffix('"'))
                .unwrap_or(plain),
        );
        self.find(
            &percent_encoding::utf8_percent_encode(plain, percent_encoding::NON_ALPHANUMERIC)
                .to_string(),
        );
        self.find(STANDARD.encode(plain).trim_end_matches('='));
    }

    /// Strikes out the header that a user name and a password make.
    pub fn add_basic(&mut self, user: &str, password: &Secret<String>) {
        self.find(
            STANDARD
                .encode(format!("{user}:{}", password.reveal()))
                .trim_end_matches('='),
        );
    }

    fn find(&mut self, form: &str) {
        if !self.0.iter().any(|known| known.needle() == form.as_bytes()) {
            self.0.push(Finder::new(form).into_owned());
        }
    }

    /// Whether there is something to strike out of `text`, be it JSON or not.
    #[must_use]
    pub fn finds(&self, text: &str) -> bool {
        self.0
            .iter()
            .any(|finder| finder.find(text.as_bytes()).is_some())
    }

    /// Strikes out every form in `text`, which is no JSON.
    pub fn scrub(&self, text: &mut String) {
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
        if !self.finds(json) {
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

    /// A text with its quotes, without secrets.
    fn copy_text(&self, text: &str, out: &mut String) {
        let told = self
            .finds(text)
            .then(|| serde_json::from_str::<String>(text).ok())
            .flatten();
        match told {
            Some(mut told) => {
                self.scrub(&mut told);
                out.push_str(&serde_json::to_string(&told).unwrap_or_default());
            }
            None => out.push_str(text),
        }
    }

    /// What stands between texts, without numbers that are secrets.
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
        let mut text =
            format!(r#"pass/\"word\" pass%2F%22word%22 {basic} {alone} short pass/"word""#);
        scrubber.scrub(&mut text);
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
