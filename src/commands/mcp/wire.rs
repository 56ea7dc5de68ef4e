//! JSON-RPC 2.0, one message a line: bounded lines in, whole lines out.

use crate::clock::Clock;
use crate::protocol::json;
use serde_json::{Value, json};
use std::io::{BufRead, ErrorKind, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

/// The longest line that is read, in bytes: 1 MiB.
const LONGEST: usize = 1 << 20;

/// A line of stdin.
pub enum Line {
    Text(Vec<u8>),
    /// Longer than 1 MiB: read away without being kept.
    TooLong,
}

/// JSON-RPC's codes of errors, and one of MCP's.
#[derive(Clone, Copy)]
pub enum Code {
    Parse = -32700,
    InvalidRequest = -32600,
    MethodNotFound = -32601,
    InvalidParams = -32602,
    UnsupportedVersion = -32022,
}

/// A message of the client's.
pub enum Message {
    Request {
        id: Value,
        method: String,
        params: Value,
    },
    Notification {
        method: String,
        params: Value,
    },
    /// An answer to a question of the server's; null where it is an error.
    Response {
        id: Value,
        result: Value,
    },
}

/// An error as the answer to a message.
pub struct Fault {
    pub id: Value,
    pub code: Code,
    pub message: String,
    pub data: Option<Box<Value>>,
}

impl Fault {
    pub fn new(id: &Value, code: Code, message: impl Into<String>) -> Self {
        Self {
            id: id.clone(),
            code,
            message: message.into(),
            data: None,
        }
    }
}

impl Message {
    /// Reads a line's message; `None` for a blank line.
    pub fn parse(line: &Line) -> Option<Result<Self, Fault>> {
        let line = match line {
            Line::Text(line) => line.trim_ascii(),
            Line::TooLong => {
                let message = "The line is longer than 1 MiB.";
                return Some(Err(Fault::new(&Value::Null, Code::InvalidRequest, message)));
            }
        };
        if line.is_empty() {
            return None;
        }
        Some(match serde_json::from_slice(line) {
            Ok(message) => Self::of(message),
            Err(_) => Err(Fault::new(
                &Value::Null,
                Code::Parse,
                "The line is no JSON.",
            )),
        })
    }

    fn of(mut message: Value) -> Result<Self, Fault> {
        let mut take = |key: &str| message.get_mut(key).map(Value::take);
        let id = take("id");
        let usable = id
            .clone()
            .filter(|id| id.is_string() || id.is_i64() || id.is_u64());
        if take("jsonrpc").is_none_or(|version| version != "2.0") {
            let id = usable.unwrap_or_default();
            let message = "The message is no JSON-RPC 2.0 object.";
            return Err(Fault::new(&id, Code::InvalidRequest, message));
        }

        let params = take("params").unwrap_or_default();
        match (take("method"), id, usable, take("result"), take("error")) {
            (Some(Value::String(method)), None, ..) => Ok(Self::Notification { method, params }),
            (Some(Value::String(method)), _, Some(id), ..) => {
                Ok(Self::Request { id, method, params })
            }
            (None, _, Some(id), Some(result), _) => Ok(Self::Response { id, result }),
            (None, _, Some(id), None, Some(_)) => Ok(Self::Response {
                id,
                result: Value::Null,
            }),
            _ => {
                let message = "The message has no method, or no usable id.";
                Err(Fault::new(&Value::Null, Code::InvalidRequest, message))
            }
        }
    }
}

/// Reads the next line; `None` at the end of stdin.
pub fn read_line(input: &mut impl BufRead) -> Option<Line> {
    let mut line = Vec::new();
    let mut too_long = false;

    loop {
        let buffer = match input.fill_buf() {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            buffer => buffer.ok()?,
        };
        if buffer.is_empty() {
            let is_end = line.is_empty() && !too_long;
            return if is_end {
                None
            } else {
                Some(finished(line, too_long))
            };
        }

        let end = memchr::memchr(b'\n', buffer);
        let taken = end.unwrap_or(buffer.len());
        if line.len() + taken > LONGEST {
            too_long = true;
            line.clear();
        } else if !too_long {
            line.extend_from_slice(buffer.get(..taken).unwrap_or_default());
        }
        input.consume(taken + usize::from(end.is_some()));
        if end.is_some() {
            return Some(finished(line, too_long));
        }
    }
}

fn finished(line: Vec<u8>, too_long: bool) -> Line {
    if too_long {
        Line::TooLong
    } else {
        Line::Text(line)
    }
}

/// The way to the client: a thread writes whole lines, so that a client that reads nothing holds up nobody else.
pub struct Out {
    lines: Sender<String>,
    /// Lines that wait to be written.
    backlog: Arc<AtomicUsize>,
    is_gone: Arc<AtomicBool>,
}

impl Out {
    /// Starts the writer.
    pub fn start(mut output: impl Write + Send + 'static) -> std::io::Result<Self> {
        let (lines, received) = channel::<String>();
        let (backlog, is_gone) = (Arc::default(), Arc::default());
        let out = Self {
            lines,
            backlog: Arc::clone(&backlog),
            is_gone: Arc::clone(&is_gone),
        };

        let write = move || {
            for line in received {
                let sent = output
                    .write_all(line.as_bytes())
                    .and_then(|()| output.flush());
                backlog.fetch_sub(1, Ordering::SeqCst);
                if let Err(error) = sent {
                    log::debug!("the client takes no message: {error}");
                    is_gone.store(true, Ordering::SeqCst);
                    return;
                }
            }
        };
        std::thread::Builder::new()
            .name("stdout".to_owned())
            .spawn(write)?;
        Ok(out)
    }

    /// Sends a message. Readers of lines take more than line feeds for a line's end: such characters are escaped.
    pub fn send(&self, message: &Value) {
        let line = visible_json(&message.to_string()) + "\n";
        self.backlog.fetch_add(1, Ordering::SeqCst);
        let _ = self.lines.send(line);
    }

    /// The lines that the client has not taken.
    pub fn backlog(&self) -> &Arc<AtomicUsize> {
        &self.backlog
    }

    /// True once stdout is closed.
    pub fn is_gone(&self) -> bool {
        self.is_gone.load(Ordering::SeqCst)
    }

    /// Waits for the client to take what was sent, but not long.
    pub fn flush(&self, clock: &dyn Clock) {
        for _ in 0..50 {
            if self.is_gone() || self.backlog.load(Ordering::SeqCst) == 0 {
                return;
            }
            clock.sleep(Duration::from_millis(10));
        }
    }

    pub fn result(&self, id: &Value, result: Value) {
        self.send(&json!({"jsonrpc": "2.0", "id": id, "result": result}));
    }

    pub fn fault(&self, fault: Fault) {
        let mut error = json!({"code": fault.code as i32, "message": fault.message});
        if let Some(data) = fault.data {
            json::set(&mut error, "data", *data);
        }
        self.send(&json!({"jsonrpc": "2.0", "id": fault.id, "error": error}));
    }
}

/// Writes a text of somebody else's so that it can't hide or reorder what stands around it.
pub fn escaped(text: &str, write: impl Fn(char, &mut String)) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        let is_unseen = matches!(letter,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}');
        if letter.is_control() || is_unseen {
            write(letter, &mut out);
        } else {
            out.push(letter);
        }
    }
    out
}

/// As words of a message show it: `\u{202e}`.
pub fn visible(text: &str) -> String {
    escaped(text, |letter, out| out.extend(letter.escape_unicode()))
}

/// As JSON writes it: `\u202e`.
pub fn visible_json(json: &str) -> String {
    escaped(json, |letter, out| {
        for unit in letter.encode_utf16(&mut [0; 2]) {
            out.push_str(&format!("\\u{unit:04x}"));
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn read_line_reads_a_long_line_away_and_goes_on() {
        let text = format!("{}\n{{}}\nlast", "x".repeat(LONGEST + 1));
        let mut input = text.as_bytes();
        assert!(matches!(read_line(&mut input), Some(Line::TooLong)));
        assert!(matches!(read_line(&mut input), Some(Line::Text(line)) if line == b"{}"));
        assert!(matches!(read_line(&mut input), Some(Line::Text(line)) if line == b"last"));
        assert!(read_line(&mut input).is_none());
    }

    #[test]
    fn visible_shows_what_would_hide_or_reorder_text() {
        assert_eq!(
            visible("a\u{202e}b\nc\u{200b}"),
            "a\\u{202e}b\\u{a}c\\u{200b}"
        );
        let json = visible_json("\"a\u{202e}\u{e0041}\"");
        assert_eq!(json, "\"a\\u202e\\udb40\\udc41\"");
        assert_eq!(
            serde_json::from_str::<String>(&json).unwrap(),
            "a\u{202e}\u{e0041}"
        );
    }
}
