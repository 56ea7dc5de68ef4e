//! The HTTP client against servers on loopback.

pub mod authority;
mod change_safety;
mod loopback;
mod prepare;
mod tls;
mod wire;
