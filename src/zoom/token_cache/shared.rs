//! The store that processes share, as the cache needs it: bytes under a name, and a lock on each name.

use crate::clock::Budget;
use std::io::Result;
use std::time::Duration;

/// More bytes are none of ours: a token has at most 16 KiB, a list of all scopes some 60.
pub const LARGEST: usize = 256 * 1024;

/// A place where processes leave tokens for each other.
pub trait Shared: Send + Sync {
    /// Gets the place ready for one call, which `budget` bounds. Nothing when it cannot be used; a debug line says why.
    fn open<'a>(&'a self, budget: &'a Budget) -> Option<Box<dyn Access + 'a>>;
}

/// The place during one call.
pub trait Access {
    /// Returns the entry `name`; nothing when there is none.
    ///
    /// # Errors
    /// When it cannot be had, or is too large to be ours.
    fn read(&self, name: &str) -> Result<Option<Vec<u8>>>;

    /// Keeps `bytes` under `name`, at once and whole, in place of what was there. They are worth nothing after `life`.
    ///
    /// # Errors
    /// When they cannot be written; what was there is then removed where that can be done, being older.
    fn write(&self, name: &str, bytes: &[u8], life: Duration) -> Result<()>;

    /// The lock of `name`; nothing while somebody else holds it.
    ///
    /// # Errors
    /// When there can be no lock.
    fn lock(&self, name: &str) -> Result<Option<Box<dyn Held>>>;

    /// The interval at which a waiting process looks again.
    fn longest_pause(&self) -> Duration;
}

/// A lock that is held until this is dropped. It frees itself, soon, when the process ends without dropping it.
pub trait Held {}
