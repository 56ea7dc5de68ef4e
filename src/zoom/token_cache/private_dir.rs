//! The private directory on Unix: opened once, checked, and used through its handle, so that nobody can swap it.
//!
//! A directory or file that is not ours, that others may touch, or that is a symbolic link is refused with an error;
//! nothing is repaired, since what others could write cannot be trusted afterwards.

use super::entry::LONGEST_LIFE;
use super::location::Directory;
use super::shared::LARGEST;
use ring::rand::{SecureRandom, SystemRandom};
use rustix::fs::{AtFlags, CWD, Mode, OFlags, openat, renameat, unlinkat};
use rustix::io::Errno;
use std::fs::{DirBuilder, File, Metadata, TryLockError};
use std::io::{Error, Read, Result, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::Path;
use std::time::{Duration, SystemTime};

/// The age of files that are removed: their tokens expired more than a day ago.
const STALE: Duration = LONGEST_LIFE.saturating_add(Duration::from_secs(86_400));

/// So many files are looked at when old ones are removed.
const SWEPT_AT_ONCE: usize = 256;

const TOKEN: &str = ".token";
const LOCK: &str = ".lock";
const TEMPORARY: &str = ".tmp";

/// An open, private directory.
#[derive(Debug)]
pub struct PrivateDir {
    handle: File,
    owner: u32,
}

impl PrivateDir {
    /// Opens the directory, and creates it when it is missing.
    ///
    /// # Errors
    /// When it is a link, somebody else's, open to others, or cannot be made.
    pub fn open(place: &Directory) -> Result<Self> {
        let owner = rustix::process::geteuid().as_raw();
        let open = || {
            openat(
                CWD,
                &place.path,
                OFlags::RDONLY | OFlags::DIRECTORY | LOOK,
                Mode::empty(),
            )
        };

        let handle = match open() {
            Err(Errno::NOENT) => {
                create(place, owner)?;
                open()
            }
            opened => opened,
        };

        let handle = File::from(handle?);
        check_private(&handle.metadata()?, owner)?;

        Ok(Self { handle, owner })
    }

    /// Returns the content of the file `name`; nothing when there is none.
    ///
    /// # Errors
    /// When the file is not private, too large, no file, or cannot be read.
    pub fn read(&self, name: &str) -> Result<Option<Vec<u8>>> {
        let (mut file, metadata) = match self.file(&format!("{name}{TOKEN}"), OFlags::RDONLY) {
            Err(error) if error.raw_os_error() == Some(Errno::NOENT.raw_os_error()) => {
                return Ok(None);
            }
            opened => opened?,
        };

        // A file is replaced, never written to: its length stands.
        let length = usize::try_from(metadata.len()).unwrap_or(usize::MAX);
        if length > LARGEST {
            return Err(Error::other(format!("{length} bytes are too many")));
        }

        let mut bytes = vec![0; length];
        file.read_exact(&mut bytes)?;

        Ok(Some(bytes))
    }

    /// Keeps `bytes` under `name`, at once and whole, in place of what was there; then removes files of ours that are
    /// long out of date.
    ///
    /// # Errors
    /// When they cannot be written; what was there is then removed, being older.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        match self.replace(name, bytes) {
            Ok(now) => self.sweep(now),
            Err(error) => {
                let _ = self.remove(&format!("{name}{TOKEN}"));
                Err(error)
            }
        }
    }

    /// Answers with the new file's time, which is the file system's.
    fn replace(&self, name: &str, bytes: &[u8]) -> Result<SystemTime> {
        if bytes.len() > LARGEST {
            return Err(Error::other("the token and its scopes are too long"));
        }

        let mut random = [0; 8];
        SystemRandom::new()
            .fill(&mut random)
            .map_err(|_| Error::other("there is no randomness"))?;

        let temporary = format!("{name}-{:016x}{TEMPORARY}", u64::from_be_bytes(random));
        let (mut file, _) =
            self.file(&temporary, OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL)?;

        // Not synced: after a power cut an empty file is found, which costs one token.
        let written = file.write_all(bytes).and_then(|()| {
            renameat(
                &self.handle,
                &temporary,
                &self.handle,
                format!("{name}{TOKEN}"),
            )?;
            file.metadata()?.modified()
        });

        if written.is_err() {
            let _ = self.remove(&temporary);
        }

        written
    }

    /// The lock of `name`, held until the file is dropped or the process ends; nothing while somebody else holds it.
    /// It belongs to the opened file, so it keeps threads apart as well as processes.
    ///
    /// # Errors
    /// When there can be no lock: the directory is read-only, or its file system knows none.
    pub fn lock(&self, name: &str) -> Result<Option<File>> {
        let (file, _) = self.file(&format!("{name}{LOCK}"), OFlags::RDWR | OFlags::CREATE)?;
        match file.try_lock() {
            // Swept away between opening and locking: the next one to come makes a new file.
            Ok(()) if file.metadata()?.nlink() == 0 => Ok(None),
            Ok(()) => Ok(Some(file)),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Removes files of ours that nobody has written for two days, at most a few hundred at a time. `now` is the file
    /// system's time, as theirs is: the machine's clock may have jumped.
    fn sweep(&self, now: SystemTime) -> Result<()> {
        for entry in rustix::fs::Dir::read_from(&self.handle)?.take(SWEPT_AT_ONCE) {
            let entry = entry?;
            let Ok(name) = entry.file_name().to_str() else {
                continue;
            };
            let Some((stem, kind)) = ours(name) else {
                continue;
            };
            let Ok((file, metadata)) = self.file(name, OFlags::RDONLY) else {
                continue;
            };
            let age = metadata
                .modified()
                .ok()
                .and_then(|written| now.duration_since(written).ok());
            if age.is_none_or(|age| age < STALE) {
                continue;
            }
            // A lock is as old as its first use. It goes when its token is gone and nobody holds it.
            let needed = kind == LOCK
                && (self.read(stem).is_ok_and(|kept| kept.is_some()) || file.try_lock().is_err());
            if !needed {
                // Another run may sweep at the same time.
                let _ = self.remove(name);
            }
        }
        Ok(())
    }

    /// Opens or makes a private, regular file. A pipe put there must not make us wait.
    fn file(&self, name: &str, how: OFlags) -> Result<(File, Metadata)> {
        let file = File::from(openat(
            &self.handle,
            name,
            how | OFlags::NONBLOCK | LOOK,
            Mode::RUSR | Mode::WUSR,
        )?);

        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(Error::other("it is no regular file"));
        }

        check_private(&metadata, self.owner)?;
        Ok((file, metadata))
    }

    fn remove(&self, name: &str) -> Result<()> {
        Ok(unlinkat(&self.handle, name, AtFlags::empty())?)
    }
}

/// Links are not followed, and children do not inherit.
const LOOK: OFlags = OFlags::NOFOLLOW.union(OFlags::CLOEXEC);

/// Refuses what is somebody else's or open to others.
fn check_private(metadata: &Metadata, owner: u32) -> Result<()> {
    if metadata.uid() != owner {
        return Err(Error::other(format!(
            "it belongs to user {}, not to {owner}",
            metadata.uid()
        )));
    }

    if metadata.mode() & 0o077 != 0 {
        return Err(Error::other(format!(
            "it is open to others: mode {:o}",
            metadata.mode() & 0o7777
        )));
    }

    Ok(())
}

/// Makes the directory, and what is missing above it, for the owner only.
fn create(place: &Directory, owner: u32) -> Result<()> {
    // With sudo the variables may still name another user's home; a directory of root's in it would shut its owner out.
    if owner == 0 && !place.named {
        let above = place
            .path
            .ancestors()
            .skip(1)
            .find_map(|path: &Path| path.metadata().ok());
        if above.is_none_or(|above| above.uid() != owner) {
            return Err(Error::other("it would lie in another user's directory"));
        }
    }

    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&place.path)
}

/// The id and the kind of a file of ours; nothing for any other.
fn ours(name: &str) -> Option<(&str, &str)> {
    let (stem, kind) = name.split_at_checked(name.rfind('.')?)?;
    let (id, rest) = stem.split_at_checked(64)?;
    let hexadecimal = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let fits = match kind {
        TOKEN | LOCK => rest.is_empty(),
        TEMPORARY => rest
            .strip_prefix('-')
            .is_some_and(|random| random.len() == 16 && hexadecimal(random)),
        _ => false,
    };

    (fits && hexadecimal(id)).then_some((id, kind))
}
