//! zoom-runner: one Zoom action for a SOAR platform, from stdin to envelope.

pub mod action;
pub mod actions;
pub mod catalog;
pub mod cli;
pub mod clock;
pub mod door;
pub mod http;
pub mod protocol;
pub mod run;
pub mod zoom;
