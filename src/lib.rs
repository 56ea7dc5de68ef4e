//! zoom-runner: one Zoom action for a SOAR platform, from stdin to envelope.

pub mod clock;
pub mod http;
pub mod protocol;
