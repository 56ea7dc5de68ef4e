//! "Did you mean": the nearest known word to one that is not. Knows no vocabulary of its own.

/// The word of `known` that `given` was probably meant to be, if one is near enough.
pub fn nearest<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // A long text is no slip of the pen, and comparing it would cost its square.
    if given.len() > 64 {
        return None;
    }
    let plain = |text: &str| text.to_ascii_lowercase().replace(['-', ' ', '.'], "_");
    let given = plain(given);
    known
        .into_iter()
        .map(|word| (strsim::damerau_levenshtein(&given, &plain(word)), word))
        .filter(|(distance, word)| {
            *distance <= 1 + word.len().min(given.len()) / 4
                || shared(&given, &plain(word)) >= 5
                || (given.len() >= 4
                    && (plain(word).contains(&given) || given.contains(&plain(word))))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

/// How many bytes two words begin with alike: `params` and `parameters` share five.
fn shared(a: &str, b: &str) -> usize {
    a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count()
}

/// ` Did you mean "word"?`, or nothing.
pub fn did_you_mean<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(given, known).map_or_else(String::new, |word| format!(" Did you mean \"{word}\"?"))
}

/// `text` for a message: control characters made visible, cut at 60 characters.
#[must_use]
pub fn quoted(text: &str) -> String {
    let mut shown: String = text.chars().take(60).flat_map(char::escape_debug).collect();
    if text.chars().nth(60).is_some() {
        shown.push_str("...");
    }
    format!("\"{shown}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_word_and_nonsense_finds_none() {
        let known = ["user_id", "waiting_room", "status"];
        assert_eq!(nearest("userid", known), Some("user_id"));
        assert_eq!(nearest("waiting-rooom", known), Some("waiting_room"));
        assert_eq!(
            nearest("params", ["action", "parameters", "protocol"]),
            Some("parameters")
        );
        assert_eq!(nearest("id", known), None);
        assert_eq!(nearest("xylophone", known), None);
    }

    #[test]
    fn a_quoted_text_is_short_and_printable() {
        assert_eq!(quoted("a\nb\0"), "\"a\\nb\\0\"");
        assert!(quoted(&"x".repeat(500)).len() < 70);
    }
}
