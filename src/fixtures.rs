//! A fixture's HTTP exchanges: `exchange` is the file's format, `recorder` keeps the exchanges of a run, `player` answers
//! with recorded ones instead of the network.

pub mod exchange;
pub mod player;
pub mod recorder;
