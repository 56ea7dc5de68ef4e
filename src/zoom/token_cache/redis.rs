//! A redis server as a place that machines share: the keys, the commands, and a lock that runs out. Knows no token and no socket; `line` has the connection.
//!
//! Under `zoom-runner:token:NAME` is what a file would hold, sealed; it expires when the token does. Under
//! `zoom-runner:lock:NAME` is a random word of whoever mints: it is set where there is none, runs out two seconds after
//! its holder's machine is gone, is prolonged while the holder mints, and is deleted by nobody but its owner.
//!
//! A server that does not answer is left aside: by the run that noticed to its end, by the process for half a minute.
//! One server is meant, or a proxy that looks like one; a node of a cluster that sends elsewhere counts as unusable.

mod line;

use self::line::{Line, Trouble};
use super::shared::{Access, Held, LARGEST, Shared};
use crate::clock::Budget;
use crate::protocol::secret::Secret;
use ::redis::{Cmd, Value, cmd};
use ring::rand::{SecureRandom, SystemRandom};
use std::cell::Cell;
use std::io::{Error, Result};
use std::rc::Rc;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// The first answer is waited for so long, connecting included, and at most for a quarter of the time that is left.
const GREETING: Duration = Duration::from_secs(1);

/// Any other answer is waited for so long, and at most for an eighth of the time that is left.
const ANSWER: Duration = Duration::from_millis(400);

/// A server that failed is not asked again for so long; a batch lives longer than that.
const ASIDE: Duration = Duration::from_secs(30);

/// A lock runs out after so long when it is not prolonged. Shorter than anybody's patience in the usual case, so that
/// one of those who wait mints in place of a machine that died, and not all of them.
const LEASE: Duration = Duration::from_secs(2);

/// A lock is prolonged so often while its holder mints.
const BEAT: Duration = Duration::from_millis(400);

/// Many machines may wait at once, and each look is two commands.
const LONGEST_PAUSE: Duration = Duration::from_millis(50);

/// Deletes a lock that is still its owner's.
const RELEASE: &str =
    "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0";

/// Prolongs a lock that is still its owner's.
const PROLONG: &str = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end return 0";

/// A server that is asked when a token is wanted, over a connection for each call.
#[derive(Debug)]
pub struct Server {
    url: Secret<String>,
    /// Not asked before this time of the process's clock.
    aside_until: Mutex<Duration>,
}

impl Server {
    /// The server at `url`: `redis://[[user]:password@]host[:port][/database]`, or `rediss://` for TLS.
    #[must_use]
    pub const fn new(url: Secret<String>) -> Self {
        Self {
            url,
            aside_until: Mutex::new(Duration::ZERO),
        }
    }
}

impl Shared for Server {
    fn open<'a>(&'a self, budget: &'a Budget) -> Option<Box<dyn Access + 'a>> {
        if budget.clock().now()
            < *self
                .aside_until
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
        {
            return None;
        }
        let unusable = |why| log::debug!("the token cache in redis is not used: {why}");
        let line = Rc::new(Line::to(&self.url, GREETING).map_err(unusable).ok()?);
        Some(Box::new(Session {
            server: self,
            line,
            budget,
            greeted: Cell::new(false),
        }))
    }
}

/// The server during one call.
struct Session<'a> {
    server: &'a Server,
    line: Rc<Line>,
    budget: &'a Budget,
    greeted: Cell<bool>,
}

impl Session<'_> {
    fn ask(&self, command: Cmd) -> Result<Value> {
        let left = self.budget.left();
        let patience = if self.greeted.replace(true) {
            ANSWER.min(left / 8)
        } else {
            GREETING.min(left / 4)
        };
        let Trouble { what, lost } = match self.line.ask(command, patience) {
            Ok(value) => return Ok(value),
            Err(trouble) => trouble,
        };
        // One that had hardly a chance, because the run is short of time, may serve others.
        if lost && patience >= ANSWER {
            self.leave_aside();
        }
        Err(Error::other(format!("redis: {what}")))
    }

    /// Something answered as redis does not. It is not asked again: a lock of its would be waited for in vain.
    fn no_redis(&self) -> Error {
        self.line.give_up();
        self.leave_aside();
        Error::other("redis: it answers as redis does not")
    }

    fn leave_aside(&self) {
        let until = self.budget.clock().now().saturating_add(ASIDE);
        *self
            .server
            .aside_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = until;
    }
}

impl Access for Session<'_> {
    fn read(&self, name: &str) -> Result<Option<Vec<u8>>> {
        // No more than we would take: somebody else may have put anything there.
        match self.ask(
            cmd("GETRANGE")
                .arg(token_key(name))
                .arg(0)
                .arg(LARGEST)
                .take(),
        )? {
            Value::BulkString(bytes) if bytes.is_empty() => Ok(None),
            Value::BulkString(bytes) if bytes.len() <= LARGEST => Ok(Some(bytes)),
            Value::BulkString(_) => Err(Error::other("it is too long")),
            _ => Err(self.no_redis()),
        }
    }

    fn write(&self, name: &str, bytes: &[u8], life: Duration) -> Result<()> {
        let key = token_key(name);
        let written = if bytes.len() > LARGEST {
            Err(Error::other("the token and its scopes are too long"))
        } else {
            self.ask(
                cmd("SET")
                    .arg(&key)
                    .arg(bytes)
                    .arg("PX")
                    .arg(milliseconds(life))
                    .take(),
            )
        };
        written.map(drop).inspect_err(|_| {
            let _ = self.ask(cmd("DEL").arg(&key).take());
        })
    }

    fn lock(&self, name: &str) -> Result<Option<Box<dyn Held>>> {
        let mut random = [0; 16];
        SystemRandom::new()
            .fill(&mut random)
            .map_err(|_| Error::other("there is no randomness"))?;
        let owner = format!("{:032x}", u128::from_be_bytes(random));
        let key = lock_key(name);
        let lease = milliseconds(LEASE);
        match self.ask(
            cmd("SET")
                .arg(&key)
                .arg(&owner)
                .arg("NX")
                .arg("PX")
                .arg(lease)
                .take(),
        )? {
            Value::Okay => {}
            Value::Nil => return Ok(None),
            _ => return Err(self.no_redis()),
        }
        self.line.repeat(Some((
            script(PROLONG, &key, &owner).arg(lease).take(),
            BEAT,
        )));
        Ok(Some(Box::new(Lock {
            line: Rc::clone(&self.line),
            key,
            owner,
            budget: self.budget.clone(),
        })))
    }

    fn longest_pause(&self) -> Duration {
        LONGEST_PAUSE
    }
}

/// A lock of ours, as long as the server thinks so.
struct Lock {
    line: Rc<Line>,
    key: String,
    owner: String,
    budget: Budget,
}

impl Held for Lock {}

impl Drop for Lock {
    fn drop(&mut self) {
        self.line.repeat(None);
        // It runs out by itself where this fails. A run that is out of time still tries, without waiting.
        let _ = self.line.ask(
            script(RELEASE, &self.key, &self.owner),
            ANSWER.min(self.budget.left() / 8),
        );
    }
}

fn token_key(name: &str) -> String {
    format!("zoom-runner:token:{name}")
}

fn lock_key(name: &str) -> String {
    format!("zoom-runner:lock:{name}")
}

fn script(text: &str, key: &str, owner: &str) -> Cmd {
    cmd("EVAL").arg(text).arg(1).arg(key).arg(owner).take()
}

fn milliseconds(time: Duration) -> u64 {
    // Redis refuses to keep something for no time.
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX).max(1)
}
