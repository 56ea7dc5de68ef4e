//! zoom-runner: one Zoom action for a SOAR platform, from stdin to envelope.
//!
//! The tour, in the order a request walks through the rooms. Nothing names anything above it.
//!
//! ```text
//! stdin bytes --> door --> Request --> action table --> <A as Action> --> Zoom client --> Http (Retry > ReqwestClient)
//! stdout      <-- door <-- Envelope <-- Result<Outcome, Failure> <-- verbatim answer <---------+
//! ```
//!
//! - [`cli`] reads the command line and opens a [`commands`]: `stdin` for the platform, others for people and other hosts.
//!   Doors own the streams and the environment, and put the HTTP stack together.
//! - [`run`] turns a request into an envelope: finds the action, checks the resource, runs it, and sees to it that an
//!   envelope is written whatever happens: deadline, signal, panic.
//! - [`actions`] holds the one table of actions, and a file for each. An [`action`] is declared once: the struct is its
//!   parameters, its doc comments are what users read.
//! - [`zoom`] knows how to talk to Zoom: tokens, Zoom's error codes, paging, reading back after a change.
//! - [`http`] knows one exchange: `wire` sends it, `retry` decides what may be sent again.
//! - [`protocol`] has the words that the program and its hosts share: request, resource, parameters, envelope, failure.
//! - [`catalog`] derives from the table of actions what others read: schemas, the platform's forms, tables of the README.
//! - [`sandbox`] is a Zoom for trials: an independent judge that imports nothing of the rest.
//! - [`clock`] is time, so that tests need none.
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
