//! The log's writer: the run's secrets are struck out of every line, whatever a server repeated.

use super::secrets::Redactor;
use std::io::Write;
use std::sync::{Mutex, PoisonError};

/// The secrets of all runs of this process. Logs have no run of their own.
static SECRETS: Mutex<Option<Redactor>> = Mutex::new(None);

/// Strikes more secrets out of the lines that follow.
pub fn add(add: impl FnOnce(&mut Redactor)) {
    // Without a log there is nothing to keep.
    if log::max_level() > log::LevelFilter::Off {
        let mut secrets = SECRETS.lock().unwrap_or_else(PoisonError::into_inner);
        add(secrets.get_or_insert_default());
    }
}

/// Starts the log that `RUST_LOG` asks for, on stderr.
pub fn start() {
    env_logger::Builder::from_default_env()
        .format(|out, record| {
            let line = format!("[{} {}] {}", record.level(), record.target(), record.args());
            let secrets = SECRETS.lock().unwrap_or_else(PoisonError::into_inner);

            match &*secrets {
                Some(secrets) => writeln!(out, "{}", secrets.scrubbed_line(&line)),
                None => writeln!(out, "{line}"),
            }
        })
        .init();
}
