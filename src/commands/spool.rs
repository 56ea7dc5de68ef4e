//! Output that is held back until it is whole: in memory, and beyond that in a file without a name. Begin with [`Spool`].

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The most bytes held in memory: 4 MiB. Beyond that they go to a file.
const IN_MEMORY: usize = 4 << 20;

/// Held-back output. Clones share it: one writes, the other reads what came once the writer is done.
#[derive(Clone, Debug, Default)]
pub struct Spool(Arc<Mutex<Held>>);

/// The output so far: `memory` first, then `file`.
#[derive(Debug, Default)]
struct Held {
    memory: Vec<u8>,
    file: Option<File>,
    /// No file could be made, so that memory has to do.
    fileless: bool,
}

impl Spool {
    /// A spool with nothing in it.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Hands everything that was written to `read`, from the start. Writers wait meanwhile.
    ///
    /// # Errors
    /// Those of rewinding the file. Those of reading it come from `read`.
    pub fn read<T>(&self, read: impl FnOnce(&mut dyn Read) -> T) -> io::Result<T> {
        let mut held = self.lock();
        let Held { memory, file, .. } = &mut *held;
        let result = match file {
            None => read(&mut memory.as_slice()),
            Some(file) => {
                file.seek(SeekFrom::Start(0))?;
                let result = read(&mut memory.as_slice().chain(&*file));
                file.seek(SeekFrom::End(0))?;
                result
            }
        };

        Ok(result)
    }

    /// Copies everything that was written to `out`.
    ///
    /// # Errors
    /// Those of reading the file or writing to `out`.
    pub fn copy_to(&self, out: &mut impl Write) -> io::Result<u64> {
        self.read(|mut held| io::copy(&mut held, out))?
    }

    fn lock(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Write for Spool {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.lock().write(bytes, IN_MEMORY, &std::env::temp_dir())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Held {
    fn write(&mut self, bytes: &[u8], most: usize, directory: &Path) -> io::Result<usize> {
        if self.file.is_none() && !self.fileless && self.memory.len() + bytes.len() > most {
            match unnamed(directory) {
                Ok(file) => self.file = Some(file),
                Err(error) => {
                    // A container may have nowhere to write. A large answer is better than none.
                    log::debug!("no temporary file in {}: {error}", directory.display());
                    self.fileless = true;
                }
            }
        }
        match &mut self.file {
            Some(file) => file.write(bytes),
            None => self.memory.write(bytes),
        }
    }
}

/// A new file that only this process can open, and that ends with the process, however that ends: on Unix its name is
/// gone before anything is written to it.
fn unnamed(directory: &Path) -> io::Result<File> {
    let mut tries = 0_u32;
    loop {
        let path = directory.join(format!(".zoom-runner-{}-{tries}", std::process::id()));
        // `create_new` refuses what is there, links too, so that a name that can be guessed does no harm.
        match private(OpenOptions::new().read(true).write(true).create_new(true)).open(&path) {
            Ok(file) => {
                #[cfg(unix)]
                std::fs::remove_file(&path)?;
                return Ok(file);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && tries < 100 => tries += 1,
            Err(error) => return Err(error),
        }
    }
}

#[cfg(unix)]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600)
}

#[cfg(windows)]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::windows::fs::OpenOptionsExt;
    /// FILE_FLAG_DELETE_ON_CLOSE of CreateFile.
    const DELETE_ON_CLOSE: u32 = 0x0400_0000;
    options.share_mode(0).custom_flags(DELETE_ON_CLOSE)
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
    fn what_was_written_is_read_by_every_clone_in_order() {
        let mut spool = Spool::new();
        let other = spool.clone();
        spool.write_all(b"one ").unwrap();
        assert_eq!(text(&other), "one ");
        spool.write_all(b"two").unwrap();
        assert_eq!(text(&other), "one two");
    }

    #[test]
    fn what_does_not_fit_into_memory_goes_to_a_file_that_has_no_name() {
        let before = |directory: &Path| std::fs::read_dir(directory).unwrap().count();
        let directory =
            std::env::temp_dir().join(format!("zoom-runner-spool-{}", std::process::id()));
        std::fs::create_dir_all(&directory).unwrap();
        let mut held = Held::default();
        for bytes in [b"1234".as_slice(), b"5678", b"90"] {
            assert_eq!(held.write(bytes, 6, &directory).unwrap(), bytes.len());
        }
        assert_eq!(held.memory, b"1234");
        assert!(held.file.is_some());
        #[cfg(unix)]
        assert_eq!(before(&directory), 0, "it has a name");
        let spool = Spool(Arc::new(Mutex::new(held)));
        assert_eq!(text(&spool), "1234567890");
        spool.clone().write_all(b"!").unwrap();
        assert_eq!(text(&spool), "1234567890!");
        std::fs::remove_dir(&directory).unwrap();
    }

    #[test]
    fn without_a_place_for_files_memory_has_to_do() {
        let mut held = Held::default();
        let nowhere = Path::new("/nowhere/at/all");
        held.write(b"12345", 4, nowhere).unwrap();
        held.write(b"678", 4, nowhere).unwrap();
        assert_eq!(text(&Spool(Arc::new(Mutex::new(held)))), "12345678");
    }
}
