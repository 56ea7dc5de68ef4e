//! The audit: a JSON line for each call, appended to a file that only its owner reads.

use super::wire::visible_json;
use crate::protocol::redact::fields::mask;
use serde_json::{Map, Value, json};
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

/// The party that agreed to a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirmed {
    /// A person was asked, and said yes.
    Person,
    /// Nobody could be asked: the client shows an approval of its own.
    Client,
    /// Nobody was asked.
    Nobody,
}

/// The audit's file, if there is one.
pub struct Audit {
    file: Option<Mutex<File>>,
    broken: AtomicBool,
}

/// One call, as it ended.
pub struct Record<'a> {
    pub time: String,
    pub client: &'a Value,
    pub tool: &'a str,
    pub arguments: &'a Map<String, Value>,
    pub confirmed: Confirmed,
    pub envelope: &'a Value,
}

impl Audit {
    pub fn open(path: Option<&Path>) -> Result<Self, String> {
        let open = |path: &Path| {
            open(path).map_err(|error| {
                format!("the audit file {} can't be opened: {error}", path.display())
            })
        };
        let file = path.map(open).transpose()?.map(Mutex::new);
        Ok(Self {
            file,
            broken: AtomicBool::new(false),
        })
    }

    /// True once a line could not be written: then changes are refused.
    pub fn is_broken(&self) -> bool {
        self.broken.load(Ordering::SeqCst)
    }

    /// Appends a line in one write.
    pub fn keep(&self, record: &Record<'_>) {
        let Some(file) = &self.file else { return };
        let at = |path: &str| record.envelope.pointer(path).cloned().unwrap_or_default();

        // A client says of itself what it likes: these two, and not at any length.
        let client = |key: &str| {
            let said = record.client.get(key).and_then(Value::as_str)?;
            Some(said.chars().take(100).collect::<String>())
        };

        let line = json!({
            "time": record.time,
            "client": {"name": client("name"), "version": client("version")},
            "tool": record.tool,
            "arguments": masked(record.arguments),
            "confirmed": match record.confirmed {
                Confirmed::Person => "person",
                Confirmed::Client => "client",
                Confirmed::Nobody => "nobody",
            },
            "status": at("/status"),
            "code": at("/error/code"),
            "change": at("/error/change"),
            "duration_ms": at("/meta/duration_ms"),
        });
        let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = file.write_all((visible_json(&line.to_string()) + "\n").as_bytes()) {
            log::error!("the audit could not be written: {error}");
            self.broken.store(true, Ordering::SeqCst);
        }
    }
}

/// Opens the file to append to. One that others could read is closed to them: arguments name people.
fn open(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;

    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let about = file.metadata()?;
        if about.is_file() && about.permissions().mode() & 0o077 != 0 {
            file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
        }
    }
    Ok(file)
}

/// The arguments without passcodes and keys.
fn masked(arguments: &Map<String, Value>) -> Value {
    let text = Value::Object(arguments.clone()).to_string();
    let mut shown = String::new();
    mask(
        &text,
        "",
        &mut shown,
        &mut std::collections::BTreeSet::new(),
    );
    serde_json::from_str(&shown).unwrap_or_default()
}
