//! `batch` from outside: lines in, envelopes out.

mod pace;
mod runs;
