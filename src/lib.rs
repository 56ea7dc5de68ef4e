//! zoom-runner: one Zoom action for a SOAR platform, from stdin to envelope.

#![recursion_limit = "256"]

pub mod action;
pub mod actions;
pub mod cli;
pub mod clock;
pub mod door;
pub mod http;
pub mod protocol;
pub mod run;
#[cfg(feature = "sandbox")]
pub mod sandbox;
pub mod zoom;
