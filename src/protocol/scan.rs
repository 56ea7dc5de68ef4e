//! Walks valid JSON text in one pass and hands out its parts as they stand, for large answers: nothing is copied and no
//! tree is built. Begin with [`Scan::value`].

use super::MAX_DEPTH;

/// A cursor in JSON text. Each step checks what it passes over: that it is JSON, nests no deeper than [`MAX_DEPTH`], and
/// that its numbers fit into a double. `None` means that it is not so, at [`Scan::at`].
#[derive(Clone, Debug)]
pub struct Scan<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
}

impl<'t> Scan<'t> {
    /// A cursor at the beginning of `text`.
    #[must_use]
    pub const fn new(text: &'t str) -> Self {
        Self {
            text,
            at: 0,
            depth: 0,
        }
    }

    /// Returns the place of the cursor, in bytes.
    #[must_use]
    pub const fn at(&self) -> usize {
        self.at
    }

    /// Goes into the object or list that begins here with `bracket`.
    pub fn enter(&mut self, bracket: u8) -> Option<()> {
        self.skip_space();
        self.take(bracket)?;
        self.depth += 1;
        (self.depth <= MAX_DEPTH).then_some(())
    }

    /// Goes to the next part of what was entered, and behind it at the end: `is_first` tells whether a comma is due.
    pub fn has_more(&mut self, close: u8, is_first: bool) -> Option<bool> {
        self.skip_space();
        if self.take(close).is_some() {
            self.depth -= 1;
            return Some(false);
        }

        if !is_first {
            self.take(b',')?;
        }
        Some(true)
    }

    /// Passes over a key and its colon; returns the key with its quotes.
    pub fn key(&mut self) -> Option<&'t str> {
        self.skip_space();
        let start = self.at;
        let end = self.pass_key()?;
        self.text.get(start..end)
    }

    /// Passes over a key and its colon; returns the end of the key.
    #[inline(always)]
    fn pass_key(&mut self) -> Option<usize> {
        self.skip_space();
        self.take(b'"')?;
        self.string()?;
        let end = self.at;

        self.skip_space();
        self.take(b':')?;
        Some(end)
    }

    /// Passes over a value; returns its text.
    pub fn value(&mut self) -> Option<&'t str> {
        self.skip_space();
        let start = self.at;

        // Most of the work of a list is in here; a copy that nobody else sees can stay in registers.
        let mut scan = self.clone();
        let passed = scan.pass_value();
        self.at = scan.at;
        passed?;

        self.text.get(start..self.at)
    }

    #[inline(always)]
    fn pass_value(&mut self) -> Option<()> {
        // A bit for each open object or list around the cursor: 1 for an object.
        let (mut kinds, mut open) = (0_u128, 0_usize);

        loop {
            self.skip_space();
            let mut is_ended = true;
            match self.next()? {
                b'"' => self.string()?,
                bracket @ (b'{' | b'[') => {
                    kinds = kinds << 1 | u128::from(bracket == b'{');
                    open += 1;
                    if self.depth + open > MAX_DEPTH {
                        return None;
                    }
                    is_ended = false;
                }
                b't' => self.word(b"rue")?,
                b'f' => self.word(b"alse")?,
                b'n' => self.word(b"ull")?,
                digit => self.number(digit)?,
            }

            // Behind a value: on to the next one, or out of what ends here.
            loop {
                if open == 0 {
                    return Some(());
                }
                let is_object = kinds & 1 == 1;
                self.skip_space();
                if self.take(if is_object { b'}' } else { b']' }).is_some() {
                    kinds >>= 1;
                    open -= 1;
                    is_ended = true;
                    continue;
                }

                if is_ended {
                    self.take(b',')?;
                }
                if is_object {
                    self.pass_key()?;
                }
                break;
            }
        }
    }

    /// Passes over the space at the end, if there is nothing else.
    pub fn end(&mut self) -> Option<()> {
        self.skip_space();
        (self.at == self.text.len()).then_some(())
    }

    // Built for size, these would be calls for each byte.
    #[inline(always)]
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    #[inline(always)]
    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    #[inline(always)]
    fn take(&mut self, wanted: u8) -> Option<()> {
        (self.peek()? == wanted).then(|| self.at += 1)
    }

    #[inline(always)]
    fn skip_space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
        }
    }

    #[inline(always)]
    fn word(&mut self, rest: &[u8]) -> Option<()> {
        let end = self.at + rest.len();
        let is_it = self.text.as_bytes().get(self.at..end)? == rest;
        self.at = end;
        is_it.then_some(())
    }

    /// Passes over a text behind its opening quote.
    #[inline(always)]
    fn string(&mut self) -> Option<()> {
        let bytes = self.text.as_bytes();

        loop {
            // Most of a list is plain text, so that this is where its time goes: eight bytes at once.
            if let Some(word) = bytes.get(self.at..).and_then(<[u8]>::first_chunk) {
                let plain = plain_bytes(*word);
                self.at += plain;
                if plain == word.len() {
                    continue;
                }
            }

            match self.next()? {
                b'"' => return Some(()),
                b'\\' => self.escape()?,
                0..b' ' => return None,
                _ => {}
            }
        }
    }

    /// Passes over the rest of an escape.
    #[inline(always)]
    fn escape(&mut self) -> Option<()> {
        match self.next()? {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(()),
            b'u' => {
                let digits = self.text.as_bytes().get(self.at..self.at + 4)?;
                self.at += 4;
                digits.iter().all(u8::is_ascii_hexdigit).then_some(())
            }
            _ => None,
        }
    }

    /// Passes over a number behind its first byte.
    #[inline(always)]
    fn number(&mut self, first: u8) -> Option<()> {
        let start = self.at - 1;
        let digit = if first == b'-' { self.next()? } else { first };
        match digit {
            b'0' => {}
            b'1'..=b'9' => self.skip_digits(),
            _ => return None,
        }
        if self.take(b'.').is_some() {
            self.digits()?;
        }

        let has_exponent = matches!(self.peek(), Some(b'e' | b'E'));
        if has_exponent {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }

        // Only a long number, or one with an exponent, can be too large.
        let number = self.text.get(start..self.at)?;
        let is_small = number.len() <= 300 && !has_exponent;
        (is_small || number.parse::<f64>().is_ok_and(f64::is_finite)).then_some(())
    }

    #[inline(always)]
    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        self.skip_digits();
        (self.at > start).then_some(())
    }

    #[inline(always)]
    fn skip_digits(&mut self) {
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
    }
}

/// Returns how many bytes stand before the first quote, backslash or control character: all of them where there is none.
const fn plain_bytes(word: [u8; 8]) -> usize {
    const HIGHEST: u64 = u64::from_le_bytes([0x80; 8]);
    const SPACES: u64 = u64::from_le_bytes([b' '; 8]);
    const ONES: u64 = u64::from_le_bytes([1; 8]);

    let word = u64::from_le_bytes(word);
    let quotes = word ^ u64::from_le_bytes([b'"'; 8]);
    let backslashes = word ^ u64::from_le_bytes([b'\\'; 8]);

    // Taking more from a byte than it holds sets its highest bit, and may do so in bytes behind it, which do not count.
    let control = word.wrapping_sub(SPACES) & !word;
    let quote = quotes.wrapping_sub(ONES) & !quotes;
    let backslash = backslashes.wrapping_sub(ONES) & !backslashes;
    let ends = (control | quote | backslash) & HIGHEST;

    (ends.trailing_zeros() / u8::BITS) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::json::is_relayable;
    use proptest::prelude::*;
    use serde::de::IgnoredAny;

    fn scans(text: &str) -> bool {
        let mut scan = Scan::new(text);
        scan.value().is_some() && scan.end().is_some()
    }

    fn is_json(text: &str) -> bool {
        serde_json::from_str::<IgnoredAny>(text).is_ok() && is_relayable(text.as_bytes())
    }

    #[test]
    fn scan_takes_json_and_nothing_else() {
        let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let long = "9".repeat(400);
        for text in [
            "0",
            "-0",
            "01",
            "-",
            "1.",
            "1.5e+3",
            "1e999",
            "1E-9",
            ".5",
            "+1",
            "true",
            "tru",
            "nulls",
            "\"a\\u00e9\\n\"",
            "\"\\u12g4\"",
            "\"\\x\"",
            "\"a\u{1}\"",
            "[\"plain enough for eight bytes\", \"a\u{1f}\"]",
            "[\"plain enough for eight bytes\",\n\"\u{7f}é\"]",
            "[\"plain enough for eight bytes\",\n\"a\n\"]",
            "\"open",
            "{}",
            "[]",
            "[1,]",
            "[,1]",
            "{\"a\":1,}",
            "{\"a\" : [ {} , [] ]}",
            "{\"a\"}",
            "{a:1}",
            "[1 2]",
            "{]",
            "[}",
            "",
            " ",
            "1 1",
            "{\"a\":{\"b\":[1,{\"c\":null}]}}",
            &deep(127),
            &deep(128),
            &long,
        ] {
            assert_eq!(scans(text), is_json(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn scan_agrees_with_serde_json(text in "[\\[\\]{},:\"\\\\a0-9eE.+\\- tu]{0,24}") {
            prop_assert_eq!(scans(&text), is_json(&text));
        }

        #[test]
        fn scan_agrees_with_serde_json_on_near_json(
            parts in proptest::collection::vec(proptest::sample::select(&[
                "{", "}", "[", "]", ",", ":", "\"a\"", "1", "-2.5e3", "true", "null", " ", "{}", "\"a\":", "[1,",
            ][..]), 0..12),
        ) {
            let text = parts.concat();
            prop_assert_eq!(scans(&text), is_json(&text));
        }
    }

    #[test]
    fn scan_hands_out_the_parts_as_they_stand() {
        let mut scan = Scan::new(r#" {"a": [ {"x": 1.50} ,2], "b":"c"} "#);
        scan.enter(b'{').unwrap();
        assert_eq!(scan.has_more(b'}', true), Some(true));
        assert_eq!(scan.key(), Some("\"a\""));
        scan.enter(b'[').unwrap();
        assert_eq!(scan.has_more(b']', true), Some(true));
        assert_eq!(scan.value(), Some(r#"{"x": 1.50}"#));
        assert_eq!(scan.has_more(b']', false), Some(true));
        assert_eq!(scan.value(), Some("2"));
        assert_eq!(scan.has_more(b']', false), Some(false));
        assert_eq!(scan.has_more(b'}', false), Some(true));
        assert_eq!(scan.key(), Some("\"b\""));
        assert_eq!(scan.value(), Some("\"c\""));
        assert_eq!(scan.has_more(b'}', false), Some(false));
        assert_eq!(scan.end(), Some(()));
    }
}
