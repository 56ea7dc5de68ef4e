//! The private directory where there is no Unix: there is none, since nothing here can tell whether it would be private.

use super::location::Directory;
use std::fs::File;
use std::io::{Error, ErrorKind, Result};

/// A directory that cannot be had: runs of one process share tokens, processes do not.
#[derive(Debug)]
pub enum PrivateDir {}

impl PrivateDir {
    /// Refuses.
    ///
    /// # Errors
    /// Always.
    pub fn open(_: &Directory) -> Result<Self> {
        Err(Error::new(
            ErrorKind::Unsupported,
            "private directories are known on Unix only",
        ))
    }

    /// As on Unix.
    ///
    /// # Errors
    /// Never: there is no such folder.
    pub fn read(&self, _: &str) -> Result<Option<Vec<u8>>> {
        match *self {}
    }

    /// As on Unix.
    ///
    /// # Errors
    /// Never: there is no such folder.
    pub fn write(&self, _: &str, _: &[u8]) -> Result<()> {
        match *self {}
    }

    /// As on Unix.
    ///
    /// # Errors
    /// Never: there is no such folder.
    pub fn lock(&self, _: &str) -> Result<Option<File>> {
        match *self {}
    }
}
