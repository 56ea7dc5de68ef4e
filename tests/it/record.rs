//! `record`: what it writes replays at once, and holds no secret and nothing personal.

mod command;
mod process;
