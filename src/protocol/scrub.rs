//! The last line before the output: whatever a server repeated of our secrets is struck out. Knows the secrets of one run, nothing else.

use super::mask::HIDDEN;
use super::secret::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use memchr::memmem::Finder;

/// A secret shorter than this is not looked for: it would be found in ordinary words.
const SHORTEST: usize = 8;

/// The forms of a run's secrets that must not be written.
#[derive(Clone, Default)]
pub struct Scrubber(Vec<Finder<'static>>);

impl std::fmt::Debug for Scrubber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[secrets]")
    }
}

impl Scrubber {
    /// Strikes out `secret` from now on: as it is, as JSON writes it, percent-encoded, and in base64.
    pub fn add(&mut self, secret: &Secret<String>) {
        let plain = secret.reveal();
        if plain.len() < SHORTEST {
            return;
        }
        self.find(plain);
        let json = serde_json::to_string(plain).unwrap_or_default();
        self.find(json.strip_prefix('"').and_then(|json| json.strip_suffix('"')).unwrap_or(plain));
        self.find(&percent_encoding::utf8_percent_encode(plain, percent_encoding::NON_ALPHANUMERIC).to_string());
        self.find(STANDARD.encode(plain).trim_end_matches('='));
    }

    /// Strikes out the header that a user name and a password make.
    pub fn add_basic(&mut self, user: &str, password: &Secret<String>) {
        self.find(STANDARD.encode(format!("{user}:{}", password.reveal())).trim_end_matches('='));
    }

    fn find(&mut self, form: &str) {
        if !self.0.iter().any(|known| known.needle() == form.as_bytes()) {
            self.0.push(Finder::new(form).into_owned());
        }
    }

    /// Whether there is something to strike out of `text`.
    #[must_use]
    pub fn finds(&self, text: &str) -> bool {
        self.0.iter().any(|finder| finder.find(text.as_bytes()).is_some())
    }

    /// Strikes out every form in `text`.
    pub fn scrub(&self, text: &mut String) {
        for finder in &self.0 {
            while let Some(at) = finder.find(text.as_bytes()) {
                // A needle of UTF-8 is found at the borders of characters only.
                text.replace_range(at..at + finder.needle().len(), HIDDEN);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_secret_is_struck_out_and_a_short_one_is_left() {
        let mut scrubber = Scrubber::default();
        let secret = Secret::new("pass/\"word\"".to_owned());
        scrubber.add(&secret);
        scrubber.add_basic("id", &secret);
        scrubber.add(&Secret::new("short".to_owned()));
        let (basic, alone) = (STANDARD.encode("id:pass/\"word\""), STANDARD.encode("pass/\"word\""));
        let mut text = format!(r#"pass/\"word\" pass%2F%22word%22 {basic} {alone} short pass/"word""#);
        scrubber.scrub(&mut text);
        let words: Vec<&str> = text.split(' ').collect();
        assert_eq!(words, [HIDDEN, HIDDEN, "aWQ6[hidden]=", "[hidden]=", "short", HIDDEN]);
    }
}
