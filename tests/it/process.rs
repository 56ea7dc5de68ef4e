//! The program from outside: bytes in, bytes out, exit code. Servers are scripted on loopback; nothing here knows the
//! program's inside.

mod bad_input;
mod changes;
mod codes;
mod connections;
mod hostile;
mod lists;
mod resource;
#[cfg(unix)]
mod streams;
#[cfg(unix)]
mod terminal;
mod time;
mod updates;
