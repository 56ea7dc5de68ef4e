//! Output that is held back until it is whole: in memory, and what does not fit there in a file without a name. Begin with
//! [`Spool`].

use std::io::{self, Seek, SeekFrom, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tempfile::{SpooledData, SpooledTempFile};

/// The part of an output that is held in memory, in bytes: 4 MiB.
const IN_MEMORY: usize = 4 << 20;

/// Held-back output. Clones share it: one writes, another reads it once the writer is done.
#[derive(Clone, Debug)]
pub struct Spool(Arc<Mutex<SpooledTempFile>>);

impl Spool {
    /// Returns a spool with nothing in it.
    #[must_use]
    pub fn new() -> Self {
        Self::over(SpooledTempFile::new(IN_MEMORY))
    }

    fn over(file: SpooledTempFile) -> Self {
        Self(Arc::new(Mutex::new(file)))
    }

    /// Copies everything that was written to `out`. Writers wait meanwhile.
    ///
    /// # Errors
    /// The reason why the file can't be read, or `out` not be written.
    pub fn copy_to(&self, out: &mut impl Write) -> io::Result<u64> {
        let mut held = self.lock();
        held.rewind()?;
        let copied = io::copy(&mut *held, out);
        held.seek(SeekFrom::End(0))?;
        copied
    }

    fn lock(&self) -> MutexGuard<'_, SpooledTempFile> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Spool {
    fn default() -> Self {
        Self::new()
    }
}

impl Write for Spool {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut held = self.lock();
        let error = match held.write(bytes) {
            Err(error) if !held.is_rolled() => error,
            written => return written,
        };

        // A container may have nowhere to write. A large answer is better than none.
        log::debug!("an answer stays in memory, since there is no temporary file: {error}");
        let full = std::mem::replace(&mut *held, SpooledTempFile::new(usize::MAX));
        if let SpooledData::InMemory(memory) = full.into_inner() {
            held.write_all(memory.get_ref())?;
        }
        held.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(spool: &Spool) -> String {
        let mut out = Vec::new();
        spool.copy_to(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn spool_is_read_by_every_clone_in_order() {
        let mut spool = Spool::new();
        let other = spool.clone();
        spool.write_all(b"one ").unwrap();
        assert_eq!(text(&other), "one ");
        spool.write_all(b"two").unwrap();
        assert_eq!(text(&other), "one two");
    }

    #[test]
    fn spool_goes_on_in_a_file_or_in_memory_where_there_is_no_place_for_files() {
        let directory = std::env::temp_dir();
        for (directory, is_rolled) in [(directory.as_path(), true), ("/nowhere".as_ref(), false)] {
            let mut spool = Spool::over(SpooledTempFile::new_in(6, directory));
            for bytes in [b"1234".as_slice(), b"5678", b"90"] {
                spool.write_all(bytes).unwrap();
            }
            assert_eq!(spool.lock().is_rolled(), is_rolled);
            assert_eq!(text(&spool), "1234567890");
            spool.write_all(b"!").unwrap();
            assert_eq!(text(&spool), "1234567890!");
        }
    }
}
