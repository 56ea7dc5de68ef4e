//! What `make generate` makes and the binary that ships carries, compressed: schemas, the platform's definition files, time zones. Knows how they are packed, not what they hold.
//!
//! So what ships needs no generator, which would be a tenth of it, and builds no schema before it reads a request.
//!
//! A pack is entries, one behind the other: the length of the name, of the packed bytes and of the bytes themselves (4 bytes
//! each, little endian), the name, and the packed bytes: deflated (RFC 1951), or as they are where both lengths are the same.
//! Names are unique.

use flate2::bufread::DeflateDecoder;
use std::borrow::Cow;
use std::io::Read;

/// Where the pack lies in the project.
pub const PATH: &str = "src/protocol/carried.bin";

/// A pack, read where it lies.
#[derive(Clone, Copy, Debug)]
pub struct Pack<'a>(&'a [u8]);

#[cfg(not(feature = "generate"))]
impl Pack<'static> {
    /// The one that the program carries.
    pub const OWN: Self = Self(include_bytes!("carried.bin"));
}

impl<'a> Pack<'a> {
    /// The pack in `bytes`. What is cut off, or no pack, ends it.
    #[must_use]
    pub const fn of(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The names, in the order in which they were packed.
    pub fn names(self) -> impl Iterator<Item = &'a str> {
        self.entries().map(|entry| entry.name)
    }

    /// What is packed as `name`; `None` where nothing is.
    #[must_use]
    pub fn get(self, name: &str) -> Option<Cow<'a, [u8]>> {
        let Entry { packed, length, .. } = self.entries().find(|entry| entry.name == name)?;
        if packed.len() == length {
            return Some(Cow::Borrowed(packed));
        }
        let mut bytes = Vec::with_capacity(length);
        DeflateDecoder::new(packed).read_to_end(&mut bytes).ok()?;
        Some(Cow::Owned(bytes))
    }

    /// The text that is packed as `name`.
    #[must_use]
    pub fn text(self, name: &str) -> Option<String> {
        String::from_utf8(self.get(name)?.into_owned()).ok()
    }

    fn entries(self) -> impl Iterator<Item = Entry<'a>> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let (name, packed, length) =
                (number(&mut rest)?, number(&mut rest)?, number(&mut rest)?);
            let name = std::str::from_utf8(rest.split_off(..name)?).ok()?;
            Some(Entry {
                name,
                packed: rest.split_off(..packed)?,
                length,
            })
        })
    }
}

/// An entry: its name, its packed bytes, and how many bytes they are unpacked.
struct Entry<'a> {
    name: &'a str,
    packed: &'a [u8],
    length: usize,
}

/// The number that stands next.
fn number(rest: &mut &[u8]) -> Option<usize> {
    let bytes = rest.split_off(..4)?.try_into().ok()?;
    usize::try_from(u32::from_le_bytes(bytes)).ok()
}

/// How an entry is packed.
#[cfg(feature = "generate")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As small as can be.
    Deflated,
    /// As it is: for little things that every request needs. To inflate one costs some 150,000 instructions.
    Stored,
}

/// Packs `entries`: names, bytes and forms.
///
/// # Errors
/// `InvalidInput` where something is 4 GiB or more.
#[cfg(feature = "generate")]
pub fn pack<'a>(
    entries: impl IntoIterator<Item = (&'a str, &'a [u8], Form)>,
) -> std::io::Result<Vec<u8>> {
    use std::io::Write;
    let too_long = |_| std::io::Error::from(std::io::ErrorKind::InvalidInput);
    let mut out = Vec::new();
    for (name, bytes, form) in entries {
        let mut packed =
            flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
        packed.write_all(bytes)?;
        let mut packed = packed.finish()?;
        if form == Form::Stored || packed.len() >= bytes.len() {
            packed = bytes.to_vec();
        }
        for length in [name.len(), packed.len(), bytes.len()] {
            out.extend(u32::try_from(length).map_err(too_long)?.to_le_bytes());
        }
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(&packed);
    }
    Ok(out)
}

#[cfg(all(test, feature = "generate"))]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_is_found_by_its_name() {
        let long = vec![b'x'; 100_000];
        let entries = [
            ("a", &b"one"[..], Form::Stored),
            ("empty", b"", Form::Deflated),
            ("long", &long, Form::Deflated),
        ];
        let packed = pack(entries).unwrap_or_default();
        let pack = Pack::of(&packed);
        assert_eq!(pack.names().collect::<Vec<_>>(), ["a", "empty", "long"]);
        assert_eq!(pack.text("a").as_deref(), Some("one"));
        assert_eq!(pack.get("empty").as_deref(), Some(&b""[..]));
        assert_eq!(pack.get("long").as_deref(), Some(long.as_slice()));
        assert_eq!(pack.get("b"), None);
        assert!(packed.len() < 1000, "{}", packed.len());
    }

    #[test]
    fn what_is_cut_off_is_not_there() {
        let entries = [
            ("a", &b"one"[..], Form::Stored),
            ("b", &[b'x'; 100], Form::Deflated),
        ];
        let whole = pack(entries).unwrap_or_default();
        for end in 0..whole.len() {
            let cut = Pack::of(whole.get(..end).unwrap_or_default());
            assert_eq!(cut.get("b"), None, "{end}");
            assert!(cut.get("a").is_none_or(|bytes| *bytes == *b"one"), "{end}");
        }
    }
}
