//! Reads stdin in lines, numbered, each of a request's size at most, and only as fast as they are worked off. Begin with
//! [`Lines`].

use crate::commands::progress::Progress;
use crate::commands::stdin::unreadable;
use crate::protocol::MAX_REQUEST;
use crate::protocol::failure::{Code, Failure};
use crate::protocol::request::Refused;
use crate::run::supervise::{POLL_INTERVAL, Signals};
use std::io::{self, BufRead, BufReader, Read};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// The wait for stdin after a signal: what is in the pipe is answered, a silent pipe is left.
const LAST_WAIT: Duration = Duration::from_millis(150);

/// A line that holds something.
#[derive(Debug)]
pub struct Line {
    /// Its number in the input, from 1, blank lines counted.
    pub number: u64,
    /// Its turn among the lines that hold something, from 0.
    pub turn: u64,
    /// The request, or the reason why it is refused.
    pub bytes: Result<Vec<u8>, Box<Refused>>,
}

/// The lines that are still to be worked off.
#[derive(Debug)]
pub struct Lines {
    receiver: Mutex<Receiver<Line>>,
    handed_out: AtomicU64,
    signals: Signals,
}

impl Lines {
    /// Reads `input` in a thread of its own, at most `ahead` lines before the workers. `progress` is told how much.
    ///
    /// # Errors
    /// No thread can be started.
    pub fn read(
        input: impl Read + Send + 'static,
        ahead: usize,
        signals: Signals,
        progress: Progress,
    ) -> io::Result<Self> {
        let (sender, receiver) = sync_channel(ahead);

        // The thread ends with stdin or with the process; no other waits for it.
        std::thread::Builder::new()
            .name("input".to_owned())
            .spawn(move || read(BufReader::new(input), &sender, &progress))?;

        Ok(Self {
            receiver: Mutex::new(receiver),
            handed_out: AtomicU64::new(0),
            signals,
        })
    }

    /// The next line; `None` at the end.
    pub fn next(&self) -> Option<Line> {
        let receiver = self.receiver.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let came = self.signals.came();
            match receiver.recv_timeout(if came { LAST_WAIT } else { POLL_INTERVAL }) {
                Ok(line) => {
                    self.handed_out.store(line.turn + 1, Ordering::SeqCst);
                    return Some(line);
                }
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) if came => return None,
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }

    /// The number of lines that were handed out: their turns are below this.
    pub fn handed_out(&self) -> u64 {
        self.handed_out.load(Ordering::SeqCst)
    }
}

fn read(mut input: impl BufRead, lines: &SyncSender<Line>, progress: &Progress) {
    let (mut number, mut turn) = (0, 0);
    loop {
        number += 1;
        let mut bytes = Vec::new();
        // Two more than a line may have: to see that it is longer, and its end.
        let most = MAX_REQUEST as u64 + 2;
        let (bytes, is_last) = match input.by_ref().take(most).read_until(b'\n', &mut bytes) {
            Ok(0) => return,
            Ok(length) => {
                progress.read(length);
                (line(bytes, &mut input), false)
            }
            Err(error) => (Some(Err(refused(unreadable(&error)))), true),
        };
        if let Some(bytes) = bytes {
            let line = Line {
                number,
                turn,
                bytes,
            };
            if lines.send(line).is_err() {
                return;
            }
            turn += 1;
        }
        if is_last {
            return;
        }
    }
}

/// Returns a line without its end, or its refusal where it is too long; `None` for a blank one.
fn line(mut bytes: Vec<u8>, input: &mut impl BufRead) -> Option<Result<Vec<u8>, Box<Refused>>> {
    let is_whole = bytes.last() == Some(&b'\n');
    while matches!(bytes.last(), Some(b'\n' | b'\r')) {
        bytes.pop();
    }

    if bytes.len() > MAX_REQUEST {
        if !is_whole {
            skip_line(input);
        }
        return Some(Err(refused(Failure::new(
            Code::InvalidRequest,
            "The line holds more than 1 MiB, the most that a request may have.",
        ))));
    }

    let is_blank = bytes.iter().all(u8::is_ascii_whitespace);
    (!is_blank).then_some(Ok(bytes))
}

/// Reads on to the end of the line, keeping nothing.
fn skip_line(input: &mut impl BufRead) {
    loop {
        let (used, ended) = match input.fill_buf() {
            Ok([]) | Err(_) => return,
            Ok(buffer) => buffer
                .iter()
                .position(|byte| *byte == b'\n')
                .map_or((buffer.len(), false), |at| (at + 1, true)),
        };
        input.consume(used);
        if ended {
            return;
        }
    }
}

fn refused(failure: Failure) -> Box<Refused> {
    Box::new(Refused {
        failure,
        id: None,
        action: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(input: &[u8]) -> Vec<(u64, u64, Option<usize>)> {
        let (sender, receiver) = sync_channel(100);
        read(input, &sender, &Progress::none());
        drop(sender);
        receiver
            .iter()
            .map(|line| {
                (
                    line.number,
                    line.turn,
                    line.bytes.ok().map(|bytes| bytes.len()),
                )
            })
            .collect()
    }

    #[test]
    fn blank_lines_count_and_are_skipped_and_the_last_needs_no_end() {
        assert_eq!(
            lines(b"a\n\n  \r\nbc\r\nd"),
            [(1, 0, Some(1)), (4, 1, Some(2)), (5, 2, Some(1))]
        );
        assert_eq!(lines(b""), []);
    }

    #[test]
    fn a_line_that_is_too_long_fails_alone() {
        let mut input = vec![b'x'; 3 * MAX_REQUEST];
        input.extend_from_slice(b"\nok\n");
        assert_eq!(lines(&input), [(1, 0, None), (2, 1, Some(2))]);
        let mut input = vec![b'x'; MAX_REQUEST];
        input.extend_from_slice(b"\r\nok\n");
        assert_eq!(lines(&input), [(1, 0, Some(MAX_REQUEST)), (2, 1, Some(2))]);
    }

    #[test]
    fn stdin_that_cannot_be_read_is_a_line_that_fails() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::ErrorKind::IsADirectory.into())
            }
        }

        let (sender, receiver) = sync_channel(100);
        read(BufReader::new(Broken), &sender, &Progress::none());
        let line = receiver.recv().unwrap();
        let refused = line.bytes.unwrap_err();
        assert_eq!(
            (line.number, refused.failure.code),
            (1, Code::InvalidRequest)
        );
        assert!(refused.failure.message.contains("directory"));
    }
}
