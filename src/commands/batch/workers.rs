//! The workers of a batch, and the thread that watches them for signals, deadlines and bugs.

use super::in_flight::InFlight;
use super::input::{Line, Lines};
use super::output::Output;
use super::pace::{Pace, Place};
use super::resume::Done;
use crate::actions;
use crate::clock::Clock;
use crate::commands::placeholders::Placeholders;
use crate::commands::spool::Spool;
use crate::http::Http;
use crate::http::client::ReqwestClient;
use crate::protocol::envelope::Head;
use crate::protocol::failure::{Code, Failure};
use crate::protocol::request::{Refused, Request, parse};
use crate::protocol::resource::{self, Resource};
use crate::run::session::EnvelopeSession;
use crate::run::supervise::{
    DEADLINE_GRACE, OUTPUT_TIMEOUT, POLL_INTERVAL, Signals, cancelled, catch_panic, no_thread,
    overdue,
};
use crate::run::{Connect, Engine, answer, changes};
use crate::zoom::token::TokenStore;
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::io::Write;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The time after a signal in which the lines under way may still end by themselves: hosts that stop a process kill it soon after,
/// Kubernetes after 30 s.
const LAST_LINES: Duration = Duration::from_secs(20);

/// The time after all that is cut short in which answers that are there already are waited for.
const LAST_ANSWERS: Duration = Duration::from_secs(2);

/// The most clients that are kept. There is more than one only where lines differ in proxy or certificates.
const WIRES: usize = 16;

/// The state that the workers share.
pub(super) struct Batch<W> {
    pub(super) lines: Lines,
    pub(super) done: Done,
    pub(super) resource: Option<Map<String, Value>>,
    pub(super) output: Output<W>,
    pub(super) running: InFlight,
    pub(super) pace: Pace,
    pub(super) wires: Mutex<HashMap<Common, Arc<ReqwestClient>>>,
    pub(super) tokens: Arc<dyn TokenStore>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) signals: Signals,
    /// The resource that replaces those of the lines: the sandbox's.
    pub(super) instead: Option<Map<String, Value>>,
    pub(super) placeholders: Placeholders,
}

impl<W: Write + Send + 'static> Batch<W> {
    /// Runs all lines in `workers` threads and watches over them.
    pub(super) fn run(
        self: &Arc<Self>,
        workers: u16,
        connect: impl Fn(&Arc<Self>) -> Connect,
    ) -> u8 {
        let batch = Arc::clone(self);
        let writer = std::thread::Builder::new()
            .name("output".to_owned())
            .spawn(move || batch.output.drain());
        if let Err(error) = writer {
            let _ = writeln!(std::io::stderr(), "error: {}", no_thread(&error).message);
            return Code::HostLimit.info().exit;
        }

        let (working, ended) = channel::<()>();
        for number in 0..workers {
            let (batch, connections, working) = (Arc::clone(self), connect(self), working.clone());
            let spawned = std::thread::Builder::new()
                .name("worker".to_owned())
                .spawn(move || {
                    batch.work(connections);
                    drop(working);
                });
            if let Err(error) = spawned {
                log::debug!("the system gives {number} threads and no more: {error}");
                if number == 0 {
                    self.refuse_all(&no_thread(&error));
                }
                break;
            }
        }

        drop(working);

        let mut signalled = None;
        let mut is_working = true;

        // Nothing in this loop waits for stdout: whatever its reader does, signals and deadlines hold.
        loop {
            if is_working {
                is_working =
                    ended.recv_timeout(POLL_INTERVAL) != Err(RecvTimeoutError::Disconnected);
            } else if self.output.wait_for(self.lines.handed_out(), POLL_INTERVAL) {
                break;
            }
            self.end_overdue();
            if self.output.is_closed() && self.running.close_if_idle() {
                break;
            }
            let now = self.clock.now();
            if self.signals.came() {
                let since = *signalled.get_or_insert(now);
                if self.signals.times() > 1 || now.saturating_sub(since) > LAST_LINES {
                    self.cut_short();
                    break;
                }
            }
        }

        self.output.exit()
    }

    /// Ends the lines that did not keep their time: they may hang where no timer reaches.
    fn end_overdue(&self) {
        for (turn, line) in self.running.take_overdue(DEADLINE_GRACE) {
            let exit = line.session.finish_within(&overdue(), OUTPUT_TIMEOUT);
            self.output.write_at_once(turn, line.spool, exit);
        }
    }

    /// Ends what runs, and answers what was not begun.
    fn cut_short(&self) {
        for (turn, line) in self.running.close() {
            let exit = line.session.finish_within(&cancelled(), OUTPUT_TIMEOUT);
            self.output.write_at_once(turn, line.spool, exit);
        }

        while let Some(line) = self.lines.next() {
            let (number, turn) = (line.number, line.turn);
            self.cancel(self.request(line), number, turn);
        }

        // A worker may hold an answer that it has yet to write: it may be that of a change, and is not to be lost.
        self.output.wait_for(self.lines.handed_out(), LAST_ANSWERS);
    }

    /// One worker: takes lines until there are none.
    fn work(&self, connect: Connect) {
        let engine = Engine {
            clock: Arc::clone(&self.clock),
            tokens: Box::new(Arc::clone(&self.tokens)),
            connect,
            instead: None,
        };

        while !self.output.is_closed()
            && let Some(line) = self.lines.next()
        {
            self.answer(&engine, line);
        }
    }

    fn answer(&self, engine: &Engine, line: Line) {
        let (number, turn) = (line.number, line.turn);
        let request = self.request(line);
        if request
            .as_ref()
            .is_ok_and(|request| self.done.holds(request.id.as_deref()))
        {
            return self.output.skip(turn);
        }

        let place = self.place(&request);
        let (session, spool) = self.session();
        if place.is_err() || self.signals.came() || !self.running.begin(turn, &session, &spool) {
            return self.cancel(request, number, turn);
        }

        // A worker outlives a bug in one request.
        let exit = catch_panic(|| answer(engine, &session, request, Some(number)))
            .unwrap_or_else(|bug| session.finish(Err(&bug)));

        // The thread that takes it out writes it: the watch may have been faster.
        if let Some(line) = self.running.take(turn) {
            self.output.write(turn, line.spool, exit);
        }
    }

    /// Answers every line with `failure`, where no worker can start.
    fn refuse_all(&self, failure: &Failure) {
        while !self.output.is_closed()
            && let Some(line) = self.lines.next()
        {
            let (number, turn) = (line.number, line.turn);
            self.end_unbegun(self.request(line), number, turn, failure);
            // Lines are taken no faster than their answers are, and a stuck stdout holds up no signal.
            while !self.output.is_closed()
                && self.signals.times() < 2
                && !self.output.wait_for(self.lines.handed_out(), POLL_INTERVAL)
            {}
        }
    }

    /// Answers a line that a signal came before.
    fn cancel(&self, request: Result<Request, Box<Refused>>, number: u64, turn: u64) {
        let failure = Failure::new(
            Code::Cancelled,
            "The batch was cancelled by a signal before this line was begun.",
        );
        self.end_unbegun(request, number, turn, &failure);
    }

    /// Answers a line that was not begun with `failure`.
    fn end_unbegun(
        &self,
        request: Result<Request, Box<Refused>>,
        number: u64,
        turn: u64,
        failure: &Failure,
    ) {
        let (action, id) = match request {
            Ok(request) if self.done.holds(request.id.as_deref()) => {
                return self.output.skip_at_once(turn);
            }
            Ok(request) => (Some(request.action), request.id),
            Err(refused) => (refused.action, refused.id),
        };

        let entry = action.as_deref().and_then(actions::find);
        let action = entry.map(|entry| entry.id.to_owned()).or(action);
        let (session, spool) = self.session();
        session.state().set_mutating(entry.is_some_and(changes));
        session.head(Head {
            action,
            label: None,
            id,
            line: Some(number),
        });

        let exit = session.finish(Err(failure));
        self.output.write_at_once(turn, spool, exit);
    }

    fn session(&self) -> (Arc<EnvelopeSession<Spool>>, Spool) {
        let spool = Spool::new();
        (
            Arc::new(EnvelopeSession::start(
                spool.clone(),
                Arc::clone(&self.clock),
                self.instead.is_some(),
            )),
            spool,
        )
    }

    /// Returns the line's request, with the batch's resource where it has none of its own.
    fn request(&self, line: Line) -> Result<Request, Box<Refused>> {
        let parsed = line.bytes.and_then(|bytes| parse(&bytes));
        let mut request = self.placeholders.resolve(parsed?)?;
        request.resource = request.resource.or_else(|| self.resource.clone());

        if let Some(instead) = &self.instead {
            request
                .resource
                .get_or_insert_default()
                .extend(instead.clone());
        }

        Ok(request)
    }

    /// Waits for a place on the request's account, if it has one; an error when a signal came first.
    fn place(&self, request: &Result<Request, Box<Refused>>) -> Result<Option<Place>, ()> {
        let Ok(request) = request else {
            return Ok(None);
        };
        let (Some(entry), Some(given)) = (actions::find(&request.action), request.resource.clone())
        else {
            return Ok(None);
        };
        let Ok(resource) = resource::check(given) else {
            return Ok(None);
        };

        self.pace
            .place(&resource, entry.routes, || self.signals.came())
            .map(Some)
            .ok_or(())
    }
}

/// The part that two resources must have in common to use one client: certificates and proxy.
type Common = (bool, Option<String>, Option<String>);

/// The batch's connections, kept from request to request, at the pace that all workers share. A wire has as many clients
/// as requests were ever under way at once, so that there is one connection to a host for each worker at most; what
/// takes long, reading the root certificates, it does once.
pub(super) fn connections<W: Send + 'static>(batch: Arc<Batch<W>>) -> Connect {
    Box::new(move |resource: &Resource| -> Box<dyn Http> {
        let proxy = resource
            .proxy_url
            .as_ref()
            .map(|proxy| proxy.reveal().clone());
        let common = (
            resource.verify_certificate,
            resource.ca_certificate.clone(),
            proxy,
        );
        let mut wires = batch.wires.lock().unwrap_or_else(PoisonError::into_inner);
        if wires.len() >= WIRES && !wires.contains_key(&common) {
            wires.clear();
        }
        let wire = Arc::clone(
            wires
                .entry(common)
                .or_insert_with(|| Arc::new(crate::commands::client(resource))),
        );
        Box::new(batch.pace.over(wire, resource))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{FakeClock, SystemClock};
    use crate::commands::progress::Progress;
    use crate::http::{Request as Asked, Response, TransportError};
    use crate::zoom::token::NoStore;

    /// An output that takes its time: `.1` milliseconds for what it is given at once.
    #[derive(Clone, Default)]
    struct Shared(Arc<Mutex<Vec<u8>>>, u64);

    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            SystemClock::start().sleep(Duration::from_millis(self.1));
            self.0.lock().unwrap().write(bytes)
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    /// A network that is a bug for one account, and a place where nothing comes back from for another.
    struct Network(String);

    impl Http for Network {
        fn send(&self, _: &Asked) -> Result<Response, TransportError> {
            match self.0.as_str() {
                "bug" => panic!("hunter2"),
                "hangs" => loop {
                    SystemClock::start().sleep(Duration::from_secs(60));
                },
                _ => {
                    let token = r#"{"access_token":"t","id":"x"}"#;
                    Ok(Response {
                        status: 200,
                        body: token.as_bytes().to_vec(),
                        ..Response::default()
                    })
                }
            }
        }
    }

    fn batch(accounts: &[&str], output: &Shared, signals: &Signals) -> Arc<Batch<Shared>> {
        batch_in_order(accounts, output, signals, None)
    }

    fn batch_in_order(
        accounts: &[&str],
        output: &Shared,
        signals: &Signals,
        window: Option<usize>,
    ) -> Arc<Batch<Shared>> {
        let clock = Arc::new(SystemClock::start());
        batch_by(clock, 1, accounts, output, signals, window)
    }

    /// A batch by `clock`, of one line for each account; each line has `timeout` seconds.
    fn batch_by(
        clock: Arc<dyn Clock>,
        timeout: u32,
        accounts: &[&str],
        output: &Shared,
        signals: &Signals,
        window: Option<usize>,
    ) -> Arc<Batch<Shared>> {
        let line = |account: &&str| {
            format!(
                r#"{{"action":"get_user","parameters":{{"user_id":"u"}},"id":"{account}","resource":{{"client_id":"i","client_secret":"s","account_id":"{account}","timeout":{timeout}}}}}"#
            ) + "\n"
        };
        let input: String = accounts.iter().map(line).collect();
        Arc::new(Batch {
            lines: Lines::read(
                std::io::Cursor::new(input),
                64,
                signals.clone(),
                Progress::none(),
            )
            .unwrap(),
            done: Done::default(),
            resource: None,
            output: Output::new(output.clone(), window, Progress::none()),
            running: InFlight::default(),
            pace: Pace::new(Arc::clone(&clock), None),
            wires: Mutex::default(),
            tokens: Arc::new(NoStore),
            clock,
            signals: signals.clone(),
            instead: None,
            placeholders: Placeholders::default(),
        })
    }

    fn network(_: &Arc<Batch<Shared>>) -> Connect {
        Box::new(|resource| Box::new(Network(resource.account_id.clone())))
    }

    fn codes(output: &Shared) -> Vec<(String, String)> {
        let text = String::from_utf8(output.0.lock().unwrap().clone()).unwrap();
        assert!(!text.contains("hunter2"));
        let lines = text
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap());
        let mut codes: Vec<_> = lines
            .map(|line| {
                let code = line["error"]["code"].as_str().unwrap_or("success");
                (line["id"].as_str().unwrap().to_owned(), code.to_owned())
            })
            .collect();
        codes.sort();
        codes
    }

    fn pair(id: &str, code: &str) -> (String, String) {
        (id.to_owned(), code.to_owned())
    }

    #[test]
    fn a_bug_in_one_line_ends_that_line_alone() {
        crate::run::supervise::install_panic_hook();
        let output = Shared::default();
        let batch = batch(&["a", "bug", "b", "c"], &output, &Signals::default());
        assert_eq!(batch.run(1, network), 1);
        let wanted = [
            pair("a", "success"),
            pair("b", "success"),
            pair("bug", "internal"),
            pair("c", "success"),
        ];
        assert_eq!(codes(&output), wanted);
    }

    #[test]
    fn a_line_that_hangs_is_answered_soon_after_its_time_and_the_others_go_on() {
        let output = Shared::default();
        let batch = batch(&["hangs", "a"], &output, &Signals::default());
        let since = batch.clock.now();
        std::thread::scope(|scope| {
            let running = scope.spawn(|| {
                while codes(&output).len() < 2 {
                    batch.clock.sleep(POLL_INTERVAL);
                }
                let took = batch.clock.now() - since;
                batch.signals.raise();
                batch.clock.sleep(5 * POLL_INTERVAL);
                batch.signals.raise();
                took
            });
            assert_eq!(batch.run(2, network), 1);
            let took = running.join().unwrap();
            assert!(took < Duration::from_secs(2), "{took:?}");
        });
        assert_eq!(
            codes(&output),
            [pair("a", "success"), pair("hangs", "timeout")]
        );
    }

    /// Two signals, far enough from each other to count as two.
    fn raise_twice(clock: &dyn Clock, signals: &Signals) {
        for _ in 0..2 {
            clock.sleep(5 * POLL_INTERVAL);
            signals.raise();
        }
    }

    #[test]
    fn a_second_signal_loses_no_answer_that_is_there() {
        for window in [Some(4), None] {
            let (output, signals) = (Shared(Arc::default(), 10), Signals::default());
            let accounts = ["hangs", "a", "b", "c", "d", "e", "f", "g", "h", "i"];
            let batch = batch_in_order(&accounts, &output, &signals, window);
            std::thread::scope(|scope| {
                scope.spawn(|| raise_twice(&*batch.clock, &signals));
                assert_eq!(batch.run(4, network), 1);
                // What is written from here on the process would not live to write.
                assert_eq!(codes(&output).len(), accounts.len(), "{window:?}");
            });
        }
    }

    #[test]
    fn a_second_signal_cancels_what_runs_too() {
        let (output, signals) = (Shared::default(), Signals::default());
        let batch = batch(&["hangs", "b", "c"], &output, &signals);
        std::thread::scope(|scope| {
            scope.spawn(|| raise_twice(&*batch.clock, &signals));
            assert_eq!(batch.run(1, network), 1);
        });
        let wanted = [
            pair("b", "cancelled"),
            pair("c", "cancelled"),
            pair("hangs", "cancelled"),
        ];
        assert_eq!(codes(&output), wanted);
    }

    #[test]
    fn batch_cancels_what_still_runs_20_seconds_after_a_signal() {
        let clock = Arc::new(FakeClock::from(std::time::SystemTime::UNIX_EPOCH));
        let (output, signals) = (Shared::default(), Signals::default());
        let batch = batch_by(clock.clone(), 600, &["hangs", "b"], &output, &signals, None);
        std::thread::scope(|scope| {
            let running = scope.spawn(|| batch.run(1, network));
            let real = SystemClock::start();
            real.sleep(5 * POLL_INTERVAL);
            signals.raise();
            real.sleep(5 * POLL_INTERVAL);

            clock.sleep(LAST_LINES);
            real.sleep(5 * POLL_INTERVAL);
            assert!(!running.is_finished(), "it has its 20 seconds");

            clock.sleep(Duration::from_millis(1));
            assert_eq!(running.join().unwrap(), 1);
        });
        assert_eq!(
            codes(&output),
            [pair("b", "cancelled"), pair("hangs", "cancelled")]
        );
    }

    #[test]
    fn batch_without_a_worker_answers_every_line_with_the_limit() {
        let (output, signals) = (Shared::default(), Signals::default());
        let batch = batch_in_order(&["a", "b"], &output, &signals, Some(4));
        let writer = Arc::clone(&batch);
        std::thread::spawn(move || writer.output.drain());
        let error = std::io::Error::from(std::io::ErrorKind::WouldBlock);
        batch.refuse_all(&no_thread(&error));
        assert_eq!(
            codes(&output),
            [pair("a", "host_limit"), pair("b", "host_limit")]
        );
        assert_eq!(batch.output.exit(), 1);
    }
}
