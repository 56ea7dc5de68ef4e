//! Access tokens shared between runs: in memory within a process, and sealed in files between the processes of one user. Begin
//! with `cache`.
//!
//! A run that finds a usable token takes it, without a lock: one file opened, checked, read, opened with the client
//! secret; or one question to the server. Otherwise one run mints under a lock while the others wait and look again; who
//! has waited long enough mints for itself. Nothing here can make a run fail: whatever is wrong with the cache costs a
//! token request, no more; a server that does not answer costs a second besides.
//!
//! What is kept is worth nothing without the client secret: its name is a keyed hash, its content is encrypted and
//! authenticated with a key derived from the secret. The private directory and the server's password are a second wall,
//! not the first.
//!
//! Children: `kept` (a token as bytes, and how long it may be used), `seal` (those bytes encrypted), `place` (which
//! directory or server), `store` (who mints, who waits), `shared` (what it asks of the place), and the places: `files`
//! with `folder` (the directory, its safety and its files), `redis` (the server, in builds that have it).

pub mod cache;
pub mod entry;
pub mod files;
pub mod location;
#[cfg(unix)]
pub mod private_dir;
#[cfg(not(unix))]
#[path = "token_cache/no_private_dir.rs"]
pub mod private_dir;
pub mod seal;
pub mod shared;
