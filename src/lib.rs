//! zoom-runner runs one Zoom action for a SOAR platform: it reads a JSON request, calls Zoom's REST API with
//! Server-to-Server OAuth, and writes one JSON envelope.
//!
//! # The protocol
//!
//! A platform starts the program once per action. stdin holds one request:
//!
//! - `action`: the id of the action, such as `get_user`, or its title.
//! - `parameters`: an object; `schemas/ACTION.input.json` describes it. Text is accepted in place of numbers, booleans, lists
//!   and objects, since platforms send text.
//! - `resource`: the connection: client id and secret, account id, and where the API is.
//! - `id`: optional, returned unchanged.
//!
//! stdout gets one envelope, a line of JSON. `status` is `success` or `failed`, `message` is for a person, `data` is what
//! Zoom answered, `error` says what failed, why, and what to do; `meta` counts requests and holds warnings. The exit code is
//! 0 for success, 1 where Zoom refused, 2 for invalid input, 75 where trying again may help, and 70 for a bug.
//!
//! Two rules hold on every path: a change is never sent again where it may have happened, and `error.change` says what
//! became of it; and no secret appears on any stream.
//!
//! Here the same happens in one process, with the sandbox as Zoom:
//!
//! ```
//! use std::sync::Arc;
//! use zoom_runner::commands;
//! use zoom_runner::protocol::request::parse;
//! use zoom_runner::run::{answer, session::EnvelopeSession};
//! use zoom_runner::sandbox::{Options, Sandbox};
//! use zoom_runner::zoom::token::NoStore;
//!
//! let sandbox = Sandbox::start(Options::default())?;
//! let mut engine = commands::engine();
//! engine.tokens = Box::new(NoStore);
//! engine.instead = sandbox.resource().as_object().cloned();
//! let session = EnvelopeSession::start(Vec::new(), Arc::clone(&engine.clock), true);
//!
//! let request = parse(br#"{"action": "get_user", "parameters": {"user_id": "jane@example.com"}}"#);
//! let exit = answer(&engine, &session, request, None);
//!
//! let envelope: serde_json::Value = serde_json::from_slice(&session.into_output())?;
//! assert_eq!(exit, 0);
//! assert_eq!(envelope["status"], "success");
//! assert_eq!(envelope["data"]["email"], "jane@example.com");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! `docs/protocol.md` has the whole contract.
//!
//! # The tour
//!
//! A request walks through the rooms in this order. Nothing names anything above it.
//!
//! ```text
//! stdin bytes -> command -> Request -> ACTIONS -> <A as Action> -> zoom::Client -> Http (Retry > RateLimit > ReqwestClient)
//! stdout      <- command <- Envelope <- Result<Outcome, Failure> <- typed answer <---------+
//! ```
//!
//! - [`cli`] reads the command line and starts one of the [`commands`]. A command owns the streams and the environment, and
//!   puts the HTTP stack together.
//! - [`run`] turns a request into an envelope: it finds the action, checks the resource, runs it, and sees to it that an
//!   envelope is written whatever happens: timeout, signal, panic.
//! - [`actions`] holds the table of actions, and one file for each. An [`action`] is declared once: the struct is its
//!   parameters, its doc comments are what users read.
//! - [`zoom`] knows how to talk to Zoom: tokens, error codes, pages, and reading back after a change.
//! - [`http`] sends requests and decides what may be sent again.
//! - [`protocol`] has the types that the program shares with its callers: request, resource, parameters, envelope, failure,
//!   the ledger of changes and the redactor of secrets.
//! - [`catalog`] derives from the table of actions what others read: schemas, forms, reference pages.
//! - [`fixtures`] records and plays runs. [`clock`] is time, so that tests need none.
//! - [`sandbox`] is a simulated Zoom over real HTTP. It is an independent judge and imports nothing of the rest.
#![recursion_limit = "256"]

pub mod action;
pub mod actions;
pub mod catalog;
pub mod cli;
pub mod clock;
pub mod commands;
pub mod fixtures;
pub mod http;
pub mod protocol;
pub mod run;
pub mod sandbox;
pub mod zoom;
