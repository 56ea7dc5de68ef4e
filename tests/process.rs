//! The program from outside: bytes in, bytes out, exit code. Servers are scripted on loopback; nothing here knows the
//! program's inside.

#[path = "process/bad_input.rs"]
mod bad_input;
#[path = "process/changes.rs"]
mod changes;
#[path = "process/codes.rs"]
mod codes;
#[path = "process/harness.rs"]
mod harness;
#[path = "process/hostile.rs"]
mod hostile;
#[path = "process/lists.rs"]
mod lists;
#[path = "process/resource.rs"]
mod resource;
#[path = "process/time.rs"]
mod time;
