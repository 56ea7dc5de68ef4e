//! Masks values that let a stranger in or act as the host, in JSON text, so that everything else stays byte for byte. Begin
//! with [`mask`].

use std::collections::BTreeSet;

/// The text in place of a hidden value.
pub const HIDDEN: &str = "[hidden]";

/// The most paths of hidden values that are listed.
const MOST_PATHS: usize = 1000;

/// Keys whose values let a stranger in or act as the host.
const SECRET: [&str; 6] = [
    "start_url",
    "zak",
    "host_key",
    "dynamic_host_key",
    "download_access_token",
    "authorized_channel_token",
];

/// Words that make a key a rule about passcodes, and no passcode.
const RULES: [&str; 20] = [
    "require",
    "requires",
    "required",
    "requirement",
    "requirements",
    "minimum",
    "maximum",
    "min",
    "max",
    "length",
    "expire",
    "expires",
    "expiration",
    "policy",
    "rule",
    "rules",
    "allow",
    "enable",
    "have",
    "type",
];

/// True when texts and numbers under `key` must not be shown: those that let a stranger in or act as the host, and
/// passwords and passcodes under whatever name.
#[must_use]
pub fn is_secret(key: &str) -> bool {
    if SECRET.contains(&key) {
        return true;
    }
    let words = words(key);
    let holds = |wanted: &[&str]| words.iter().any(|word| wanted.contains(&word.as_str()));

    holds(&["password", "passcode", "passwords", "passcodes"]) && !holds(&RULES)
}

/// Splits a key into its words, in lower case: `pmiPassword` and `pmi_password` alike.
fn words(key: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_lower = false;

    let mut letters = key.chars().peekable();
    while let Some(letter) = letters.next() {
        // A word of capitals ends before the last of them: `PMIPassword`.
        let ends_capitals = letters.peek().is_some_and(|next| next.is_lowercase());
        let begins =
            !letter.is_alphanumeric() || (letter.is_uppercase() && (after_lower || ends_capitals));
        if begins {
            words.push(String::new());
        }
        if let (true, Some(word)) = (letter.is_alphanumeric(), words.last_mut()) {
            word.extend(letter.to_lowercase());
        }
        after_lower = letter.is_lowercase() || letter.is_numeric();
    }

    words
}

/// False when no key in `json` can be a secret's: most answers hold no such word, and are handed on whole.
#[must_use]
pub fn may_hold_secrets(json: &str) -> bool {
    // The last: a key may be written with escapes.
    let words: [&[u8]; 7] = [
        b"assword",
        b"asscode",
        b"start_url",
        b"zak",
        b"host_key",
        b"_token",
        b"\\u",
    ];

    words
        .iter()
        .any(|word| memchr::memmem::find(json.as_bytes(), word).is_some())
}

/// Appends `json` to `out` with every secret text replaced, and notes the paths of what was hidden, each under
/// `prefix` (`meetings.[]`). `json` must be valid JSON.
pub fn mask(json: &str, prefix: &str, out: &mut String, hidden: &mut BTreeSet<String>) {
    if !may_hold_secrets(json) {
        out.push_str(json);
        return;
    }
    Masker {
        json,
        at: 0,
        copied: 0,
        path: prefix.to_owned(),
        open: Vec::new(),
        out,
        hidden,
    }
    .run();
}

/// One pass over the text: where it stands, what is open around it, and the path to there.
struct Masker<'a, 'o> {
    json: &'a str,
    at: usize,
    copied: usize,
    path: String,
    /// For each open object or array: whether it is an object, the length of the path outside it, and whether it stands
    /// under a secret key, so that all texts in it are hidden.
    open: Vec<(bool, usize, bool)>,
    out: &'o mut String,
    hidden: &'o mut BTreeSet<String>,
}

impl<'a> Masker<'a, '_> {
    fn run(mut self) {
        let mut under_secret = false;
        let mut key_comes = false;
        while let Some(byte) = self.json.as_bytes().get(self.at).copied() {
            match byte {
                b'{' => {
                    self.open.push((true, self.path.len(), under_secret));
                    key_comes = true;
                    self.at += 1;
                }
                b'[' => {
                    self.open.push((false, self.path.len(), under_secret));
                    self.step("[]");
                    self.at += 1;
                }
                b'}' | b']' => {
                    if let Some((_, outer, secret)) = self.open.pop() {
                        self.path.truncate(outer);
                        under_secret = secret;
                    }
                    key_comes = false;
                    self.at += 1;
                }
                b',' => {
                    if let Some((true, outer, secret)) = self.open.last() {
                        self.path.truncate(*outer);
                        key_comes = true;
                        under_secret = *secret;
                    }
                    self.at += 1;
                }
                b'"' if key_comes => {
                    let key: String = serde_json::from_str(self.text()).unwrap_or_default();
                    under_secret |= is_secret(&key);
                    self.step(&key);
                    key_comes = false;
                }
                b'"' => {
                    let text = self.text();
                    if under_secret && text.len() > 2 {
                        self.hide(text.len());
                    }
                }
                b'-' | b'0'..=b'9' => {
                    let number = self.number();
                    if under_secret {
                        self.hide(number);
                    }
                }
                _ => self.at += 1,
            }
        }

        self.out
            .push_str(self.json.get(self.copied..).unwrap_or_default());
    }

    /// Makes the path one step longer.
    fn step(&mut self, key: &str) {
        if !self.path.is_empty() {
            self.path.push('.');
        }
        self.path.push_str(key);
    }

    /// Passes over the text at the cursor; returns it with its quotes.
    fn text(&mut self) -> &'a str {
        let start = self.at;
        let mut escaped = false;
        self.at += 1;

        while let Some(byte) = self.json.as_bytes().get(self.at) {
            self.at += 1;
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => break,
                _ => {}
            }
        }

        self.json.get(start..self.at).unwrap_or_default()
    }

    /// Passes over the number at the cursor; returns its length.
    fn number(&mut self) -> usize {
        let rest = self.json.as_bytes().get(self.at..).unwrap_or_default();
        let length = rest
            .iter()
            .take_while(|byte| matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9'))
            .count();
        self.at += length;
        length
    }

    /// Puts the mask in place of the `length` bytes before the cursor.
    fn hide(&mut self, length: usize) {
        self.out.push_str(
            self.json
                .get(self.copied..self.at - length)
                .unwrap_or_default(),
        );

        self.out.push('"');
        self.out.push_str(HIDDEN);
        self.out.push('"');
        self.copied = self.at;

        // An answer of nothing but secrets must not fill the memory with their paths.
        if self.hidden.len() < MOST_PATHS {
            self.hidden.insert(self.path.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(json: &str) -> (String, Vec<String>) {
        let (mut out, mut hidden) = (String::new(), BTreeSet::new());
        mask(json, "", &mut out, &mut hidden);
        (out, hidden.into_iter().collect())
    }

    #[test]
    fn texts_and_numbers_under_secret_keys_are_hidden_and_all_else_stays_as_it_was() {
        let (out, hidden) = masked(
            r#"{"a": 576460752303423488,"start_url":"https://x?zak=1", "m":[{"password":"p\"w","x":1.50},{"h323_password":"1","b":{"zak":"z"}}],"host_key":123456,"password":false,"phone_password":true}"#,
        );
        assert_eq!(
            out,
            r#"{"a": 576460752303423488,"start_url":"[hidden]", "m":[{"password":"[hidden]","x":1.50},{"h323_password":"[hidden]","b":{"zak":"[hidden]"}}],"host_key":"[hidden]","password":false,"phone_password":true}"#
        );
        assert_eq!(
            hidden,
            [
                "host_key",
                "m.[].b.zak",
                "m.[].h323_password",
                "m.[].password",
                "start_url"
            ]
        );
    }

    #[test]
    fn a_key_written_with_escapes_hides_no_less() {
        assert_eq!(
            masked(r#"{"p\u0061ssword":"x"}"#).0,
            r#"{"p\u0061ssword":"[hidden]"}"#
        );
    }

    #[test]
    fn a_requirement_is_no_secret_and_an_empty_passcode_says_that_there_is_none() {
        let json = r#"{"meeting_password_requirement":{"length":8},"password":"","pwd":"x"}"#;
        assert_eq!(masked(json).0, json);
    }

    #[test]
    fn mask_knows_passcodes_by_any_name_and_leaves_rules_about_them() {
        for key in [
            "password",
            "pmi_password",
            "default_password_for_scheduled_meetings",
            "recording_play_passcode",
            "passcode",
            "h323_password",
            "zoomPassword",
            "PMIPassword",
            "Passcode",
            "dynamic_host_key",
            "download_access_token",
            "authorized_channel_token",
        ] {
            assert!(is_secret(key), "{key}");
        }
        for key in [
            "require_password_for_scheduled_meetings",
            "meeting_password_requirement",
            "minimum_password_length",
            "host",
            "join_url",
            "token",
            "passwordless",
            "encryption_type",
        ] {
            assert!(!is_secret(key), "{key}");
        }
        assert_eq!(
            masked(r#"{"a":{"passcode":123456}}"#).0,
            r#"{"a":{"passcode":"[hidden]"}}"#
        );
    }

    #[test]
    fn texts_anywhere_under_a_secret_key_are_hidden() {
        let (out, hidden) = masked(
            r#"{"zak":{"a":"x","b":[{"c":"y","on":true}]},"d":"e","x_password":["p",{"q":"r"},"s"],"f":"g"}"#,
        );
        assert_eq!(
            out,
            r#"{"zak":{"a":"[hidden]","b":[{"c":"[hidden]","on":true}]},"d":"e","x_password":["[hidden]",{"q":"[hidden]"},"[hidden]"],"f":"g"}"#
        );
        assert_eq!(
            hidden,
            ["x_password.[]", "x_password.[].q", "zak.a", "zak.b.[].c"]
        );
    }

    #[test]
    fn texts_in_a_list_under_a_secret_key_are_hidden() {
        assert_eq!(
            masked(r#"{"password":["a","b"],"c":"d"}"#).0,
            r#"{"password":["[hidden]","[hidden]"],"c":"d"}"#
        );
    }
}
