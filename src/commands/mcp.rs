//! The tool server for agents: the Model Context Protocol over stdio, both eras of it. Begin with [`serve`]; `server`
//! answers messages, `tools` describes the actions, `calls` runs them, `confirm` asks before a change, `audit` keeps a
//! line for each call.

mod audit;
mod calls;
mod confirm;
mod server;
mod tools;
mod wire;

use super::placeholders::Placeholders;
use super::sandbox;
use crate::clock::{Clock, SystemClock};
use crate::protocol::json;
use crate::run::Engine;
use crate::run::supervise::Signals;
use crate::sandbox::Sandbox;
use crate::zoom::token_cache::cache::TokenCache;
use audit::Audit;
use serde_json::{Map, Value};
use server::Server;
use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

/// The options of `zoom-runner mcp`.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// Offer changes too. Without it the tools only read.
    #[arg(long)]
    pub changes: bool,
    /// Offer only these tools, by their names.
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    pub tools: Vec<String>,
    /// Offer all but these tools.
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    pub exclude_tools: Vec<String>,
    /// Ask a person before a change: where the client can, always or not at all, or never.
    #[arg(long, value_name = "ask|require|never", default_value = "ask")]
    pub confirm: confirm::Policy,
    /// Append a JSON line for each call to this file.
    #[arg(long, value_name = "FILE")]
    pub audit: Option<PathBuf>,
    /// Read the resource (how to reach Zoom) from this file instead of the ZOOM_... variables.
    #[arg(long, value_name = "FILE")]
    pub resource: Option<PathBuf>,
    /// Let the sandbox answer in Zoom's place.
    #[arg(long)]
    pub sandbox: bool,
}

/// The resource's fields that may come from a variable: `ZOOM_CLIENT_ID` and so on.
pub(super) const FIELDS: [&str; 10] = [
    "label",
    "token_url",
    "api_url",
    "client_id",
    "client_secret",
    "account_id",
    "timeout",
    "verify_certificate",
    "ca_certificate",
    "proxy_url",
];

/// Serves until stdin ends or a signal comes. Returns the exit code; 2 for options that can't be followed.
pub fn serve(
    options: &Options,
    variable: fn(&str) -> Option<OsString>,
    placeholders: Placeholders,
    output: std::io::Stdout,
    signals: &Signals,
) -> u8 {
    match prepare(options, variable, placeholders) {
        Ok((server, _sandbox)) => server.serve(output, signals),
        Err(reason) => {
            let _ = writeln!(std::io::stderr(), "error: {reason}");
            2
        }
    }
}

/// Checks the options, and opens what they name. The sandbox lives as long as it is held.
fn prepare(
    options: &Options,
    variable: fn(&str) -> Option<OsString>,
    placeholders: Placeholders,
) -> Result<(Server, Option<Sandbox>), String> {
    let tools = tools::chosen(options.changes, &options.tools, &options.exclude_tools)?;
    let audit = Audit::open(options.audit.as_deref())?;

    let resource = match &options.resource {
        Some(path) => placeholders
            .resource(from_file(path)?)
            .map_err(|failure| format!("{}: {}", path.display(), failure.message))?,
        None => from_variables(variable),
    };
    let sandbox = options
        .sandbox
        .then(|| Sandbox::start(crate::sandbox::Options::default()))
        .transpose()
        .map_err(|error| format!("the sandbox can't listen: {error}"))?;

    let engine = engine(sandbox.as_ref());
    let server = Server {
        engine,
        resource,
        tools,
        policy: options.confirm,
        excluded: options.exclude_tools.clone(),
        audit,
    };
    Ok((server, sandbox))
}

/// An engine whose runs share their connections: the resource is always the same.
fn engine(sandbox: Option<&Sandbox>) -> Engine {
    let mut engine = super::engine();
    let shared = std::sync::OnceLock::new();
    engine.connect = Box::new(move |resource| {
        let client = shared.get_or_init(|| Arc::new(super::client(resource)));
        Box::new(Arc::clone(client))
    });

    if let Some(sandbox) = sandbox {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::start());
        engine.tokens = Box::new(TokenCache::new(None, clock));
        engine.instead = Some(sandbox::instead(sandbox));
    }
    engine
}

pub(super) fn from_file(path: &std::path::Path) -> Result<Map<String, Value>, String> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| format!("{} can't be read: {error}", path.display()))?;

    match json::read(text.trim_start_matches('\u{feff}')) {
        Ok(Value::Object(resource)) => Ok(resource),
        Ok(_) => Err(format!("{} holds no JSON object", path.display())),
        Err(error) => Err(format!("{} holds no JSON: {error}", path.display())),
    }
}

/// The resource from the environment. What is missing is told by each call, so that a client still sees the tools.
pub(super) fn from_variables(variable: fn(&str) -> Option<OsString>) -> Map<String, Value> {
    let given = |field: &&str| {
        let value = variable(&format!("ZOOM_{}", field.to_uppercase()))?;
        Some(((*field).to_owned(), Value::from(value.into_string().ok()?)))
    };
    FIELDS.iter().filter_map(given).collect()
}
