//! Takes out of a text what a platform's text area adds: HTML tags, entities, no-break and zero-width spaces. Begin with
//! [`clean`].

use crate::protocol::json;

/// Tags that begin or end a line.
const BLOCKS: &[&str] = &["p", "br", "div", "pre", "li", "ul", "ol"];

/// Tags that stand inside a line. Others are left: `<jane@example.com>` is none.
const INLINE: &[&str] = &["span", "code", "b", "i", "u", "strong", "em", "font", "a"];

/// The entities with names that editors write.
const ENTITIES: &[(&str, char)] = &[
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", ' '),
    ("ZeroWidthSpace", '\u{200b}'),
];

/// False for the ways in which the platform says "not given": nothing, white space, and `None` in any case.
#[must_use]
pub fn is_given(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty() && !text.eq_ignore_ascii_case("none")
}

/// Returns `text` without what a text area adds. `line` stands for a tag that begins or ends a line.
#[must_use]
pub fn clean(text: &str, line: char) -> String {
    without(text, line, &[BLOCKS, INLINE].concat())
}

/// Returns JSON that parses as it is, without what a text area adds inside its texts: of tags, only those of paragraphs and lines
/// are surely the area's. Left as it is where it would be JSON no more.
#[must_use]
pub fn clean_json(text: &str) -> String {
    let cleaned = without(text, ' ', &["p", "br"]);
    if json::read(&cleaned).is_ok() {
        cleaned
    } else {
        text.to_owned()
    }
}

fn without(text: &str, line: char, tags: &[&str]) -> String {
    let mut cleaned = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let found = match first {
            '<' => tag(rest, tags).map(|(length, block)| (length, block.then_some(line))),
            '&' => entity(rest).map(|(length, letter)| (length, Some(letter))),
            _ => None,
        };
        let (length, letter) = found.unwrap_or((first.len_utf8(), Some(first)));
        match letter {
            Some('\u{a0}') => cleaned.push(' '),
            // Zero-width characters come with pasting and can't be seen.
            Some('\u{200b}' | '\u{feff}') | None => {}
            Some(letter) => cleaned.push(letter),
        }
        rest = rest.get(length..).unwrap_or_default();
    }

    cleaned.trim().to_owned()
}

/// Returns the length of the tag that `text` begins with, and true if it begins or ends a line.
fn tag(text: &str, tags: &[&str]) -> Option<(usize, bool)> {
    // Not beyond the next tag's beginning: a text of many `<` would be searched to its end for each.
    let end = text.get(1..)?.find(['<', '>'])? + 1;
    let inside = text
        .get(1..end)
        .filter(|_| text.as_bytes().get(end) == Some(&b'>'))?;
    let name = inside.strip_prefix('/').unwrap_or(inside);
    let name = name
        .split(|c: char| c.is_whitespace() || c == '/')
        .next()?
        .to_ascii_lowercase();

    tags.contains(&name.as_str())
        .then_some((end + 1, BLOCKS.contains(&name.as_str())))
}

/// Returns the length of the entity that `text` begins with, and the letter that it means.
fn entity(text: &str) -> Option<(usize, char)> {
    let end = text.bytes().take(16).position(|byte| byte == b';')?;
    let name = text.get(1..end)?;
    let letter = match name.strip_prefix('#') {
        Some(number) => {
            let hexadecimal = number.strip_prefix(['x', 'X']);
            let number = hexadecimal.map_or_else(
                || number.parse().ok(),
                |hex| u32::from_str_radix(hex, 16).ok(),
            )?;
            char::from_u32(number)?
        }
        None => ENTITIES
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, letter)| *letter)?,
    };

    Some((end + 1, letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_white_space_and_none_are_not_given() {
        for text in ["", "  ", "\u{a0}", "None", "NONE", " none "] {
            assert!(!is_given(text), "{text:?}");
        }
        assert!(is_given("no") && is_given("0") && is_given("null and none"));
    }

    #[test]
    fn what_a_text_area_adds_is_taken_out() {
        for (text, cleaned) in [
            ("<p>{&quot;a&quot;:&nbsp;true}</p>", "{\"a\": true}"),
            ("<p class=\"x\">1</p><P>2<br/>3<BR></P>", "1  2 3"),
            (
                "857\u{a0}4606\u{200b}&#160;5432&#x200B;&#8203;",
                "857 4606 5432",
            ),
            ("a<span style='x'>b</span>c", "abc"),
            ("R&amp;D &amp;lt; &lt;p&gt;", "R&D &lt; <p>"),
        ] {
            assert_eq!(clean(text, ' '), cleaned, "{text}");
        }
        assert_eq!(clean("<div>a<br>b</div>", '\n'), "a\nb");
    }

    #[test]
    fn what_only_looks_like_a_tag_or_an_entity_stays() {
        for text in [
            "Jane <jane@example.com>",
            "1 < 2 & 3 > 2",
            "&nosuch; &",
            "<",
            "&#xD800;",
            "<pa>",
            "&ä;",
            "a&",
        ] {
            assert_eq!(clean(text, ' '), text);
        }
    }

    #[test]
    fn clean_takes_a_time_that_grows_with_the_text_alone() {
        let start = crate::clock::SystemClock::start();
        for part in ["<", "<p ", "&"] {
            let text = part.repeat(1 << 20);
            assert_eq!(clean(&text, ' '), text.trim());
        }
        let took = crate::clock::Clock::now(&start);
        assert!(took < std::time::Duration::from_secs(10), "{took:?}");
    }
}
