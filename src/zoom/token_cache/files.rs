//! The private directory as a store that processes share: an implementation of `shared` over `private_dir`.

use super::location::Directory;
use super::private_dir::PrivateDir;
use super::shared::{Access, Held, Shared};
use crate::clock::Budget;
use std::fs::File;
use std::io::Result;
use std::time::Duration;

/// Looking at a file costs little: a waiting run is late by at most this.
const LONGEST_PAUSE: Duration = Duration::from_millis(20);

impl Shared for Directory {
    fn open<'a>(&'a self, _: &'a Budget) -> Option<Box<dyn Access + 'a>> {
        let unusable = |error| {
            log::debug!(
                "the token cache {} is not used: {error}",
                self.path.display()
            )
        };

        let folder = PrivateDir::open(self).map_err(unusable).ok()?;
        Some(Box::new(folder))
    }
}

impl Access for PrivateDir {
    fn read(&self, name: &str) -> Result<Option<Vec<u8>>> {
        Self::read(self, name)
    }

    /// Files do not expire: later writers sweep old ones away.
    fn write(&self, name: &str, bytes: &[u8], _: Duration) -> Result<()> {
        Self::write(self, name, bytes)
    }

    fn lock(&self, name: &str) -> Result<Option<Box<dyn Held>>> {
        Ok(Self::lock(self, name)?.map(|file| Box::new(file) as Box<dyn Held>))
    }

    fn longest_pause(&self) -> Duration {
        LONGEST_PAUSE
    }
}

/// A locked file: the system unlocks it when it is closed.
impl Held for File {}
