//! Writes YAML of one closed shape: maps, lists, texts in quotes, words, truth values, and code as a block. Knows no manifest.
//!
//! A YAML library would be larger than this, and would have to be told to quote: a key `true` or a version `1.0` without
//! quotes is read as something else. The tests read what is written here with a YAML parser.

use std::fmt::Write;

/// A node of the document.
#[derive(Clone, Debug)]
pub enum Yaml {
    /// `true` or `false`.
    Bool(bool),
    /// One of our own words: letters, digits and `_` only, and nothing that YAML takes for a truth value or a number.
    Word(&'static str),
    /// Any text, in quotes. It is one line.
    Text(String),
    /// Lines of code, as a block.
    Code(String),
    /// Keys, ours and plain, with their values.
    Map(Vec<(String, Yaml)>),
    /// Keys that come from elsewhere, in quotes, with texts.
    Quoted(Vec<(String, String)>),
    /// A list.
    List(Vec<Yaml>),
}

impl Yaml {
    /// A map of plain keys.
    #[must_use]
    pub fn map<'a>(entries: impl IntoIterator<Item = (&'a str, Yaml)>) -> Self {
        Self::Map(
            entries
                .into_iter()
                .map(|(key, value)| (key.to_owned(), value))
                .collect(),
        )
    }

    /// A text.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// The document.
    #[must_use]
    pub fn document(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, 0);
        out
    }

    /// Writes the node's own lines, the first where the line stands, and the line's end.
    fn write(&self, out: &mut String, depth: usize) {
        match self {
            Self::Bool(value) => line(out, &value.to_string()),
            Self::Word(word) => line(out, word),
            Self::Text(text) => line(out, &quoted(text)),
            Self::Code(code) => {
                line(out, "|");
                for text in code.lines() {
                    indent(out, depth);
                    line(out, text);
                }
            }
            Self::Map(entries) => {
                let entries = entries.iter().map(|(key, value)| (key.clone(), value));
                write_map(out, depth, entries);
            }
            Self::Quoted(entries) => {
                for (index, (key, value)) in entries.iter().enumerate() {
                    if index > 0 {
                        indent(out, depth);
                    }
                    line(out, &format!("{}: {}", quoted(key), quoted(value)));
                }
            }
            Self::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        indent(out, depth);
                    }
                    out.push_str("- ");
                    item.write(out, depth + 1);
                }
            }
        }
    }

    /// True for what is written on the key's own line.
    fn is_short(&self) -> bool {
        matches!(
            self,
            Self::Bool(_) | Self::Word(_) | Self::Text(_) | Self::Code(_)
        )
    }

    /// What stands for a list or map that holds nothing.
    fn empty(&self) -> Option<&'static str> {
        match self {
            Self::Map(entries) if entries.is_empty() => Some("{}"),
            Self::Quoted(entries) if entries.is_empty() => Some("{}"),
            Self::List(items) if items.is_empty() => Some("[]"),
            _ => None,
        }
    }
}

fn write_map<'a>(
    out: &mut String,
    depth: usize,
    entries: impl Iterator<Item = (String, &'a Yaml)>,
) {
    for (index, (key, value)) in entries.enumerate() {
        if index > 0 {
            indent(out, depth);
        }
        let _ = write!(out, "{key}:");
        match value.empty() {
            Some(empty) => line(out, &format!(" {empty}")),
            None if value.is_short() => {
                out.push(' ');
                value.write(out, depth + 1);
            }
            None => {
                out.push('\n');
                indent(out, depth + 1);
                value.write(out, depth + 1);
            }
        }
    }
}

fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}

fn indent(out: &mut String, depth: usize) {
    for _ in 0..depth {
        out.push_str("  ");
    }
}

/// A text in single quotes, where nothing but the quote itself means anything. Control characters become spaces.
fn quoted(text: &str) -> String {
    let text: String = text
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect();
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_reads_as_it_should() {
        let document = Yaml::map([
            ("name", Yaml::text("It's: # \"x\"\n-")),
            (
                "script",
                Yaml::map([
                    ("type", Yaml::Word("bash")),
                    ("code", Yaml::Code("exec a\n".into())),
                ]),
            ),
            ("on", Yaml::Bool(true)),
            ("none", Yaml::List(vec![])),
            (
                "fields",
                Yaml::List(vec![Yaml::map([
                    ("id", Yaml::text("a")),
                    (
                        "values",
                        Yaml::Quoted(vec![("no".into(), "No".into()), ("1".into(), "1".into())]),
                    ),
                ])]),
            ),
        ]);
        let wanted = "name: 'It''s: # \"x\" -'\nscript:\n  type: bash\n  code: |\n    exec a\non: true\nnone: []\nfields:\n  - id: 'a'\n    values:\n      'no': 'No'\n      '1': '1'\n";
        assert_eq!(document.document(), wanted);
    }
}
