//! `record`: what it writes replays at once, and holds no secret and nothing personal.

mod door;
mod process;
