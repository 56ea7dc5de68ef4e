//! stdout as hosts hand it over: a pipe that is full for a moment is waited for, and a terminal gets an envelope that a
//! person can read. Begin with [`Output`].

use std::io::{self, Stdout, Write};
use std::sync::atomic::{AtomicBool, Ordering};

/// True where the process was started with a stdout that is closed, or open for reading only.
static IS_CLOSED: AtomicBool = AtomicBool::new(false);

/// Looks at stdout before Rust's runtime starts. The runtime puts /dev/null in the place of a closed stdout and takes a
/// refused write to it for a success, so that a lost answer would pass for one that was handed over.
#[cfg(unix)]
#[ctor::ctor(unsafe)]
fn look_at_stdout() {
    use rustix::fs::{OFlags, fcntl_getfl};

    let mode = fcntl_getfl(rustix::stdio::stdout()).map(|flags| flags & OFlags::RWMODE);
    IS_CLOSED.store(
        matches!(mode, Err(_) | Ok(OFlags::RDONLY)),
        Ordering::Relaxed,
    );
}

/// The indentation of each level of an envelope at a terminal.
const INDENT: &str = "  ";

/// The output of an envelope.
#[derive(Debug)]
pub struct Output {
    out: Stdout,
    /// Set at a terminal.
    layout: Option<Layout>,
}

/// The form in which envelopes are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// One line.
    Line,
    /// Indented.
    Indented,
    /// Indented and colored.
    Colored,
}

impl Output {
    /// Returns an output to `out` in `style`.
    #[must_use]
    pub fn new(out: Stdout, style: Style) -> Self {
        let layout = (style != Style::Line).then(|| Layout::new(style == Style::Colored));
        Self { out, layout }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if IS_CLOSED.load(Ordering::Relaxed) {
            return Err(io::Error::other("it is closed"));
        }
        match &mut self.layout {
            None => WaitingStdout(&self.out).write(bytes),
            Some(layout) => {
                WaitingStdout(&self.out).write_all(&layout.lay_out(bytes))?;
                Ok(bytes.len())
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// stdout that waits while a non-blocking pipe is full.
struct WaitingStdout<'a>(&'a Stdout);

impl Write for WaitingStdout<'_> {
    #[cfg(unix)]
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        use rustix::event::{PollFd, PollFlags, poll};
        use rustix::io::{Errno, write};

        loop {
            // Past the buffer of `Stdout`, which looks through each page of a list for the end of a line.
            match write(self.0, bytes) {
                Err(Errno::AGAIN) => match poll(&mut [PollFd::new(self.0, PollFlags::OUT)], None) {
                    Ok(_) | Err(Errno::INTR) => {}
                    Err(error) => return Err(error.into()),
                },
                result => return Ok(result?),
            }
        }
    }

    #[cfg(not(unix))]
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Lays out JSON as it comes, byte by byte, so that numbers stay as they are written.
#[derive(Debug)]
struct Layout {
    is_colored: bool,
    depth: usize,
    in_text: bool,
    is_escaped: bool,
    /// True behind `{` and `,` in an object: the next text is a key.
    expects_key: bool,
    /// For each level, true in an object.
    levels: Vec<bool>,
    /// True behind an opening bracket, until something follows it.
    just_opened: bool,
    in_word: bool,
}

impl Layout {
    const fn new(is_colored: bool) -> Self {
        Self {
            is_colored,
            depth: 0,
            in_text: false,
            is_escaped: false,
            expects_key: false,
            levels: Vec::new(),
            just_opened: false,
            in_word: false,
        }
    }

    fn lay_out(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut shown = Vec::with_capacity(bytes.len() * 2);
        for byte in bytes {
            self.push(*byte, &mut shown);
        }
        shown
    }

    fn push(&mut self, byte: u8, shown: &mut Vec<u8>) {
        if self.in_text {
            shown.push(byte);
            let ends = byte == b'"' && !self.is_escaped;
            self.is_escaped = byte == b'\\' && !self.is_escaped;
            if ends {
                self.in_text = false;
                self.color("\u{1b}[0m", shown);
            }
            return;
        }

        if self.in_word && !byte.is_ascii_alphanumeric() && !b"+-.".contains(&byte) {
            self.in_word = false;
            self.color("\u{1b}[0m", shown);
        }

        match byte {
            b'}' | b']' => {
                self.levels.pop();
                self.depth = self.depth.saturating_sub(1);
                if !std::mem::take(&mut self.just_opened) {
                    self.new_line(shown);
                }
                self.expects_key = false;
                shown.push(byte);
            }
            b',' => {
                shown.push(byte);
                self.new_line(shown);
                self.expects_key = self.levels.last().copied().unwrap_or_default();
            }
            b':' => shown.extend_from_slice(b": "),
            b'\n' => shown.push(byte),
            byte if byte.is_ascii_whitespace() => {}
            byte => self.begin(byte, shown),
        }
    }

    /// A value or a key begins, or goes on.
    fn begin(&mut self, byte: u8, shown: &mut Vec<u8>) {
        if std::mem::take(&mut self.just_opened) {
            self.new_line(shown);
        }
        match byte {
            b'{' | b'[' => {
                shown.push(byte);
                self.levels.push(byte == b'{');
                self.depth += 1;
                self.just_opened = true;
                self.expects_key = byte == b'{';
            }
            b'"' => {
                let is_key = std::mem::take(&mut self.expects_key);
                self.color(if is_key { "\u{1b}[36m" } else { "\u{1b}[32m" }, shown);
                shown.push(byte);
                self.in_text = true;
            }
            byte => {
                if !std::mem::replace(&mut self.in_word, true) {
                    self.color("\u{1b}[33m", shown);
                }
                shown.push(byte);
            }
        }
    }

    fn new_line(&self, shown: &mut Vec<u8>) {
        shown.push(b'\n');
        shown.extend_from_slice(INDENT.repeat(self.depth).as_bytes());
    }

    fn color(&self, code: &str, shown: &mut Vec<u8>) {
        if self.is_colored {
            shown.extend_from_slice(code.as_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, is_colored: bool) -> String {
        let mut layout = Layout::new(is_colored);
        // In pieces, as a list comes.
        let pieces = text.as_bytes().chunks(3);
        let bytes: Vec<u8> = pieces.flat_map(|piece| layout.lay_out(piece)).collect();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn layout_is_that_of_pretty_json_with_numbers_as_they_were() {
        let text =
            r#"{"a":"x\"{,","b":[1,{"c":null}],"d":{},"e":[],"f":123456789012345678901234.50}"#;
        let wanted = "{\n  \"a\": \"x\\\"{,\",\n  \"b\": [\n    1,\n    {\n      \"c\": null\n    }\n  ],\n  \"d\": {},\n  \"e\": [],\n  \"f\": 123456789012345678901234.50\n}";
        assert_eq!(shown(text, false), wanted);
    }

    #[test]
    fn layout_in_colors_differs_by_colors_only() {
        let text = r#"{"a":"x","b":[1,true,null,-2.5e+3]}"#;
        let mut colored = shown(text, true);
        assert!(colored.contains("\u{1b}[36m\"a\"\u{1b}[0m: \u{1b}[32m\"x\""));
        for code in ["[36m", "[32m", "[33m", "[0m"] {
            colored = colored.replace(&format!("\u{1b}{code}"), "");
        }
        assert_eq!(colored, shown(text, false));
    }
}
