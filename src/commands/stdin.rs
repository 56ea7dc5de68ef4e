//! One request, one envelope: from stdin until its end, or from the words of a command line. Begin with [`serve`].

use super::output::Output;
use super::placeholders::Placeholders;
use super::progress::Progress;
use crate::clock::Clock;
use crate::protocol::MAX_REQUEST;
use crate::protocol::failure::{Code, Failure};
use crate::protocol::meta::RunState;
use crate::protocol::request::{Refused, Request, parse};
use crate::run::session::EnvelopeSession;
use crate::run::supervise::{Signals, supervise};
use crate::run::{Engine, answer, describe};
use serde::de::IgnoredAny;
use std::io::{self, BufWriter, IsTerminal, Stdin, Write};
use std::sync::Arc;
use std::time::Duration;

/// The interval at which a person at a terminal sees the progress of a list.
const TELL: Duration = Duration::from_millis(100);

/// The silence after a whole request that makes it the only one.
const QUIET: Duration = Duration::from_secs(2);

/// The longest wait for a whole request.
const PATIENCE: Duration = Duration::from_secs(120);

/// The interval at which a silent stdin is checked.
const LOOK: Duration = Duration::from_millis(50);

/// The most bytes that are read and dropped of an input that is too long: 64 MiB.
const LONGEST: usize = 64 << 20;

/// A request, or why there is none.
pub type Parsed = Result<Request, Box<Refused>>;

/// Answers the request that `request` reads; returns the exit code.
pub fn serve(
    engine: Engine,
    request: impl Fn() -> Parsed + Clone + Send + 'static,
    (output, is_terminal): (Output, bool),
    signals: &Signals,
) -> u8 {
    let sandbox = engine.instead.is_some();
    let progress = Progress::of_list(is_terminal);
    let session = Arc::new(EnvelopeSession::start(
        BufWriter::new(output),
        Arc::clone(&engine.clock),
        sandbox,
    ));

    if progress.is_shown() {
        watch(
            progress.clone(),
            session.state_shared(),
            Arc::clone(&engine.clock),
        );
    }

    let read = request.clone();
    let exit = supervise(
        &session,
        signals,
        |session| describe(session, read()),
        move |session| {
            answer(&engine, session, request(), None);
        },
    );

    progress.end();
    tell_loss(&session);

    exit
}

/// Says on stderr why the answer could not be handed over, and what became of the change.
pub fn tell_loss<W: Write + Send>(session: &EnvelopeSession<W>) {
    if let Some(sentence) = session.loss() {
        let _ = writeln!(std::io::stderr(), "{sentence}");
    }
}

/// Reads the request on stdin.
pub fn request(clock: &dyn Clock, placeholders: Placeholders) -> Parsed {
    let bytes = read(&std::io::stdin(), clock, || false).map_err(|failure| {
        Box::new(Refused {
            failure,
            id: None,
            action: None,
        })
    })?;
    placeholders.resolve(parse(&bytes)?)
}

/// Tells `progress` how far the list has come, in a thread that ends with the process.
fn watch(progress: Progress, state: Arc<RunState>, clock: Arc<dyn Clock>) {
    let tell = move || {
        loop {
            clock.sleep(TELL);
            if let Some((count, total)) = state.listed() {
                progress.listed(count, total);
            }
        }
    };

    // Without a thread there is no progress to be seen, and nothing else is missed.
    if let Err(error) = std::thread::Builder::new().spawn(tell) {
        log::debug!("no progress is shown: {error}");
    }
}

/// Reads to the end of `input`, or until a whole request has come and nothing followed for a while, or until
/// `is_stopped`.
///
/// # Errors
/// `invalid_request` for a stdin that can't be read, or is never closed.
pub fn read(
    input: &Stdin,
    clock: &dyn Clock,
    is_stopped: impl Fn() -> bool,
) -> Result<Vec<u8>, Failure> {
    // A person may take any time to type.
    let patience = if input.is_terminal() {
        Duration::MAX
    } else {
        PATIENCE
    };

    // Most requests fit into one piece, and a larger one would cost each run the zeros that fill it.
    let mut piece = vec![0; 8 << 10];
    let next = || is_readable(input).then(|| read_piece(input, &mut piece));

    collect(next, patience, clock, is_stopped)
}

/// Collects the pieces that `next` reads; `None` says that none came for the moment. Keeps one byte more than a request
/// may have: the rest is read and dropped, so that a host that writes too much gets its answer instead of a broken pipe.
fn collect(
    mut next: impl FnMut() -> Option<io::Result<Vec<u8>>>,
    patience: Duration,
    clock: &dyn Clock,
    is_stopped: impl Fn() -> bool,
) -> Result<Vec<u8>, Failure> {
    let start = clock.now();
    let (mut last, mut judged, mut length) = (start, 0, 0_usize);
    let mut bytes = Vec::new();

    while !is_stopped() && length < LONGEST {
        match next() {
            None => {}
            Some(Ok(piece)) if piece.is_empty() => break,
            Some(Ok(piece)) => {
                let room = (MAX_REQUEST + 1).saturating_sub(bytes.len());
                bytes.extend(piece.iter().take(room));
                length += piece.len();
                last = clock.now();
            }
            Some(Err(error))
                if matches!(
                    error.kind(),
                    io::ErrorKind::Interrupted | io::ErrorKind::WouldBlock
                ) => {}
            Some(Err(error)) if bytes.is_empty() => return Err(unreadable(&error)),
            // What came before it is judged.
            Some(Err(error)) => {
                log::debug!("stdin broke off: {error}");
                break;
            }
        }

        let now = clock.now();
        if now.saturating_sub(last) >= QUIET && judged < bytes.len() {
            judged = bytes.len();
            if is_whole(&bytes) {
                break;
            }
        }
        if now.saturating_sub(start) >= patience {
            return Err(never_closed(bytes.is_empty()));
        }
    }

    Ok(bytes)
}

/// True for one JSON value with a line's end behind it.
fn is_whole(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    text.ends_with(b"\n") && serde_json::from_slice::<IgnoredAny>(text).is_ok()
}

/// Returns the refusal of a stdin that can't be read.
pub fn unreadable(error: &io::Error) -> Failure {
    let reason = match error.kind() {
        io::ErrorKind::IsADirectory => "it is a directory".to_owned(),
        _ => error.to_string(),
    };
    Failure::new(
        Code::InvalidRequest,
        format!("stdin cannot be read: {reason}."),
    )
    .hint("Write the request to stdin, and close it.")
    .caused_by(vec![error.to_string()])
}

fn never_closed(is_empty: bool) -> Failure {
    let what = if is_empty {
        "nothing came"
    } else {
        "no whole request came"
    };

    let seconds = PATIENCE.as_secs();
    Failure::new(
        Code::InvalidRequest,
        format!("stdin was never closed, and {what} within {seconds} seconds."),
    )
    .hint("Write one JSON request to stdin, and close it.")
}

#[cfg(unix)]
fn is_readable(input: &Stdin) -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};

    let time = Timespec {
        tv_sec: 0,
        tv_nsec: i64::from(LOOK.subsec_nanos()),
    };
    let mut watched = [PollFd::new(input, PollFlags::IN)];

    // Where it can't be asked, reading tells why.
    match poll(&mut watched, Some(&time)) {
        Ok(ready) => ready > 0,
        Err(rustix::io::Errno::INTR) => false,
        Err(_) => true,
    }
}

#[cfg(unix)]
fn read_piece(input: &Stdin, room: &mut [u8]) -> io::Result<Vec<u8>> {
    let length = rustix::io::read(input, &mut *room)?;
    Ok(room.get(..length).unwrap_or_default().to_vec())
}

#[cfg(not(unix))]
fn is_readable(_: &Stdin) -> bool {
    true
}

#[cfg(not(unix))]
fn read_piece(input: &Stdin, room: &mut [u8]) -> io::Result<Vec<u8>> {
    let length = io::Read::read(&mut input.lock(), room)?;
    Ok(room.get(..length).unwrap_or_default().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::FakeClock;
    use std::time::SystemTime;

    /// Collects from a stdin that gives one of `pieces` after each `step` and is never closed. Returns when it ended, too.
    fn collected(pieces: &[&str], step: Duration) -> (Result<String, String>, Duration) {
        let clock = FakeClock::from(SystemTime::UNIX_EPOCH);
        let mut pieces = pieces.iter();
        let next = || {
            clock.sleep(step);
            pieces.next().map(|piece| Ok(piece.as_bytes().to_vec()))
        };
        let result = collect(next, PATIENCE, &clock, || false);
        let text = result
            .map(|bytes| String::from_utf8(bytes).unwrap())
            .map_err(|failure| failure.message.clone());
        (text, clock.now())
    }

    #[test]
    fn stdin_that_is_never_closed_is_refused_after_two_minutes() {
        for (pieces, what) in [
            (&[][..], "nothing came"),
            (&["{\"action\":"], "no whole request came"),
            (&["{}"], "no whole request came"),
        ] {
            let (result, ended) = collected(pieces, Duration::from_secs(1));
            let message = result.unwrap_err();
            assert!(message.contains(what), "{message}");
            assert_eq!(ended, PATIENCE);
        }
    }

    #[test]
    fn stdin_is_read_no_further_once_a_whole_request_was_followed_by_nothing_for_two_seconds() {
        let step = Duration::from_millis(500);
        let (result, ended) = collected(&["{\"a\":", "1}\n"], step);
        assert_eq!(result.as_deref(), Ok("{\"a\":1}\n"));
        assert_eq!(ended, 2 * step + QUIET);
    }

    #[test]
    fn request_is_whole_with_its_line_end_only() {
        for (text, is) in [
            ("{\"a\": 1}\n", true),
            ("\u{feff}{\"a\": 1}\r\n", true),
            ("[1]\n\n", true),
            ("{\"a\": 1}", false),
            ("{\"a\": 1\n", false),
            ("{} {}\n", false),
            ("\n", false),
            ("", false),
        ] {
            assert_eq!(is_whole(text.as_bytes()), is, "{text:?}");
        }
    }
}
