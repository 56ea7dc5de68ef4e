//! Access tokens shared between the runs of one user: in memory within a process, in sealed files between processes. This page knows the plan, its children the parts.
//!
//! A run that finds a usable token takes it, without a lock: one file opened, checked, read, opened with the client
//! secret. Otherwise one run mints under a lock while the others wait and look again; who has waited long enough mints
//! for itself. Nothing here can make a run fail: whatever is wrong with the cache costs a token request, no more.
//!
//! What is on the disk is worth nothing without the client secret: the file's name is a keyed hash, its content is
//! encrypted and authenticated with a key derived from the secret. The private directory is a second wall, not the first.
//!
//! Children: `kept` (a token as bytes, and how long it may be used), `seal` (those bytes encrypted), `place` (which
//! directory), `folder` (that directory, its safety and its files), `store` (who mints, who waits).

#[cfg(unix)]
pub mod folder;
#[cfg(not(unix))]
#[path = "token_cache/no_folder.rs"]
pub mod folder;
pub mod kept;
pub mod place;
pub mod seal;
pub mod store;
