//! One connection to a redis server, in a thread of its own, so that nobody waits for it longer than they mean to. Knows how a connection fails, not what is asked over it.
//!
//! Looking up a name cannot be called off, and a server may answer byte by byte: a socket's time limits bound neither.
//! Who asks waits for the thread instead, and leaves it behind when the time is up; nobody joins it.
//!
//! What goes wrong is told in words of ours only. The URL holds a password, and a server that does not know a command
//! repeats its arguments, the password too.

use crate::clock::{Clock, System};
use crate::protocol::secret::Secret;
use ::redis::{
    Client, Cmd, Connection, ConnectionInfo, ErrorKind, IntoConnectionInfo, RedisError, Value,
};
use std::cell::Cell;
use std::error::Error;
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::time::Duration;

/// Why there is no answer.
#[derive(Clone, Debug)]
pub(super) struct Trouble {
    /// In words that hold nothing of the URL and nothing that the server said.
    pub(super) what: String,
    /// True when the connection is of no use any more.
    pub(super) lost: bool,
}

impl Trouble {
    fn lost(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            lost: true,
        }
    }
}

/// A command for the thread.
enum Order {
    Ask(Cmd, SyncSender<Result<Value, Trouble>>),
    Repeat(Option<(Cmd, Duration)>),
}

/// A connection. It closes when this is dropped.
pub(super) struct Line {
    orders: Sender<Order>,
    lost: Cell<bool>,
}

impl Line {
    /// Begins to connect to the server at `url`, without waiting for it. The server has `patience` for that, and for
    /// each answer.
    ///
    /// # Errors
    /// When the URL describes no server, or there can be no thread.
    pub(super) fn to(url: &Secret<String>, patience: Duration) -> Result<Self, String> {
        let known = |info: ConnectionInfo| {
            // Saves the server two commands.
            let settings = info.redis_settings().clone().set_skip_set_lib_name();
            Client::open(info.set_redis_settings(settings))
        };
        let client = url.reveal().as_str().into_connection_info().and_then(known);
        let client =
            client.map_err(|error| format!("its URL is none ({})", trouble(&error).what))?;
        let (orders, taken) = channel();
        std::thread::Builder::new()
            .name("redis".to_owned())
            .spawn(move || match connect(&client, patience) {
                Ok(connection) => serve(connection, &taken),
                Err(trouble) => refuse(&trouble, &taken),
            })
            .map_err(|error| error.to_string())?;
        Ok(Self {
            orders,
            lost: Cell::new(false),
        })
    }

    /// Sends `command` and waits for its answer, at most for `patience`. Once it was in vain, later ones fail at once.
    ///
    /// # Errors
    /// When the server refuses, or there is no answer.
    pub(super) fn ask(&self, command: Cmd, patience: Duration) -> Result<Value, Trouble> {
        if self.lost.get() {
            return Err(Trouble::lost("the connection is lost"));
        }
        let (give, take) = sync_channel(1);
        let answer = match self.orders.send(Order::Ask(command, give)) {
            Err(_) => Err(RecvTimeoutError::Disconnected),
            Ok(()) => take.recv_timeout(patience),
        };
        let answer = answer.unwrap_or_else(|error| {
            Err(Trouble::lost(match error {
                RecvTimeoutError::Timeout => {
                    format!("no answer within {} ms", patience.as_millis())
                }
                RecvTimeoutError::Disconnected => "the connection is lost".to_owned(),
            }))
        });
        if matches!(&answer, Err(trouble) if trouble.lost) {
            self.lost.set(true);
        }
        answer
    }

    /// Sends nothing more: what answers is no redis.
    pub(super) fn give_up(&self) {
        self.lost.set(true);
    }

    /// Sends a command again and again from now on, each time after so long a pause; with `None`, no more.
    pub(super) fn repeat(&self, command: Option<(Cmd, Duration)>) {
        // The thread is gone when the connection is lost: there is nothing to repeat then.
        let _ = self.orders.send(Order::Repeat(command));
    }
}

fn connect(client: &Client, patience: Duration) -> Result<Connection, Trouble> {
    let connected = client
        .get_connection_with_timeout(patience)
        .and_then(|connection| {
            connection.set_read_timeout(Some(patience))?;
            connection.set_write_timeout(Some(patience))?;
            Ok(connection)
        });
    // Whoever is not let in has no connection, whatever the reason.
    connected.map_err(|error| Trouble {
        lost: true,
        ..trouble(&error)
    })
}

/// Answers the same to all.
fn refuse(trouble: &Trouble, orders: &Receiver<Order>) {
    for order in orders {
        if let Order::Ask(_, answer) = order {
            let _ = answer.send(Err(trouble.clone()));
        }
    }
}

/// Works until nobody asks any more, or the connection is lost.
fn serve(mut connection: Connection, orders: &Receiver<Order>) {
    let clock = System::start();
    let mut repeated: Option<(Cmd, Duration, Duration)> = None;
    loop {
        let order = match &repeated {
            Some((_, _, due)) => orders.recv_timeout(due.saturating_sub(clock.now())),
            None => orders.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        match order {
            Ok(Order::Ask(command, answer)) => {
                let said = command
                    .query(&mut connection)
                    .map_err(|error| trouble(&error));
                let lost = matches!(&said, Err(trouble) if trouble.lost);
                // Who asked has left when the answer came too late: what it was for is over.
                if answer.send(said).is_err() || lost {
                    return;
                }
            }
            Ok(Order::Repeat(command)) => {
                repeated = command
                    .map(|(command, pause)| (command, pause, clock.now().saturating_add(pause)));
            }
            Err(RecvTimeoutError::Timeout) => {
                let Some((command, pause, due)) = &mut repeated else {
                    continue;
                };
                if command
                    .query::<Value>(&mut connection)
                    .is_err_and(|error| trouble(&error).lost)
                {
                    return;
                }
                *due = clock.now().saturating_add(*pause);
            }
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

/// The trouble that an error means.
fn trouble(error: &RedisError) -> Trouble {
    match error.kind() {
        ErrorKind::Server(_) | ErrorKind::Extension => {
            let known = |code: &&str| CODES.contains(code);
            let code = error.code().filter(known).unwrap_or("an error of its own");
            Trouble {
                what: format!("it answered {code}"),
                lost: false,
            }
        }
        ErrorKind::Io => Trouble::lost(broken(error.source())),
        _ => Trouble::lost(error.category()),
    }
}

/// The codes of redis that say what is wrong. Others are not repeated: who knows what the server put there.
const CODES: &[&str] = &[
    "ERR",
    "LOADING",
    "MASTERDOWN",
    "MISCONF",
    "MOVED",
    "NOAUTH",
    "NOPERM",
    "OOM",
    "READONLY",
    "WRONGPASS",
    "WRONGTYPE",
];

/// How a connection broke, from what is behind the error.
fn broken(source: Option<&(dyn Error + 'static)>) -> String {
    // The crate shares its errors' causes, and shows the shared pointer as the cause.
    let shared = source.and_then(|source| source.downcast_ref::<Arc<dyn Error + Send + Sync>>());
    let source = shared
        .map(|shared| &**shared as &(dyn Error + 'static))
        .or(source);
    let system: Option<&io::Error> = source.and_then(|source| source.downcast_ref());
    let inner = system
        .and_then(io::Error::get_ref)
        .and_then(|inner| inner.downcast_ref());
    if let Some(tls) = source.and_then(|source| source.downcast_ref()).or(inner) {
        let untrusted = matches!(tls, rustls::Error::InvalidCertificate(_));
        return if untrusted {
            "its certificate is not trusted"
        } else {
            "it does not speak TLS as we do"
        }
        .to_owned();
    }
    let Some(error) = system else {
        return "the connection failed".to_owned();
    };
    match error.kind() {
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => "it does not answer".to_owned(),
        // The system's own words where they are; others may hold a piece of the URL.
        kind if error.raw_os_error().is_none() => kind.to_string(),
        _ => error.to_string(),
    }
}
