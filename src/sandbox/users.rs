//! The account's users at the start, made from their number when asked for, so that a million cost nothing: ids,
//! addresses, names. What became of them stands in `directory` and `profiles`.

use super::message::{Refusal, refusal};

const FIRST: [&str; 8] = ["Jane", "Omar", "Li", "Ana", "Tom", "Ada", "Ravi", "Eva"];
const LAST: [&str; 8] = [
    "Doe", "Haddad", "Wei", "Silva", "Berg", "King", "Rao", "Novak",
];
const INACTIVE: u64 = 2;
const PENDING: u64 = 1;
/// The number of the first user who exists only to be refused: see `handler`. No list holds them.
const REFUSALS: u64 = 4_000_000_000;
/// The most active users: beyond them the numbers of meetings and personal meetings would run into others.
const MOST: u64 = 100_000_000;
/// The licenses that List Users filters by, and whose they are: every user whose number ends in this digit.
const LICENSES: [(&str, u64); 2] = [
    ("zoom_workforce_management", 3),
    ("zoom_compliance_management", 7),
];

/// The account's users: numbers from 0, active ones first, then the inactive, then the pending.
#[derive(Clone, Copy, Debug)]
pub struct Users {
    active: u64,
}

/// Some of the users: every `step`th from `first`, `count` of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selection {
    pub first: u64,
    pub step: u64,
    pub count: u64,
}

impl Selection {
    /// Returns the place of a user in the selection.
    pub fn place(self, number: u64) -> Option<u64> {
        let offset = number.checked_sub(self.first)?;
        let place = offset / self.step;
        (offset.is_multiple_of(self.step) && place < self.count).then_some(place)
    }
}

/// A number's own arbitrary number, always the same (splitmix).
pub const fn scramble(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

/// The id of a user: 22 characters, the last eight of them its number.
pub fn id(number: u64) -> String {
    format!("{:014X}{number:08x}", scramble(number) >> 8)
}

/// The first and the last name.
pub const fn name(number: u64) -> (&'static str, &'static str) {
    match number {
        0 => ("Jane", "Doe"),
        _ => (
            FIRST[(scramble(number) % 8) as usize],
            LAST[(number % 8) as usize],
        ),
    }
}

/// The personal meeting id that a user starts with.
pub const fn personal_meeting(number: u64) -> u64 {
    5_551_112_222 + number
}

/// True when a user starts with a paid seat.
pub const fn starts_licensed(number: u64) -> bool {
    number == 0 || (number != 1 && !number.is_multiple_of(3))
}

/// True when a user holds one of the licenses that List Users filters by.
pub fn holds(number: u64, license: &str) -> bool {
    LICENSES
        .iter()
        .any(|(name, digit)| *name == license && number % 10 == *digit)
}

impl Users {
    pub fn new(active: u64) -> Self {
        Self {
            active: active.clamp(2, MOST),
        }
    }

    /// The numbers of the users of a status: where they start, and how many there are.
    fn range(self, status: &str) -> (u64, u64) {
        match status {
            "inactive" => (self.active, INACTIVE),
            "pending" => (self.active + INACTIVE, PENDING),
            _ => (0, self.active),
        }
    }

    /// The users of a status, with a role and a license where these are asked for.
    pub fn select(self, status: &str, role: Option<&str>, license: Option<&str>) -> Selection {
        let (start, count) = self.range(status);

        // The owner alone has role 0, everybody else 2.
        let (first, end) = match role {
            None => (start, start + count),
            Some("0") => (start, start + u64::from(start == 0)),
            Some("2") => (start.max(1), start + count),
            Some(_) => (start, start),
        };

        let Some(license) = license else {
            return Selection {
                first,
                step: 1,
                count: end - first,
            };
        };

        let Some((_, digit)) = LICENSES.iter().find(|(name, _)| *name == license) else {
            return Selection {
                first,
                step: 1,
                count: 0,
            };
        };

        let first = first + (10 + digit - first % 10) % 10;

        Selection {
            first,
            step: 10,
            count: end.saturating_sub(first).div_ceil(10),
        }
    }

    pub const fn status(self, number: u64) -> &'static str {
        match number.checked_sub(self.active) {
            None => "active",
            Some(beyond) if beyond < INACTIVE => "inactive",
            Some(beyond) if beyond < INACTIVE + PENDING => "pending",
            Some(_) if number >= REFUSALS => "active",
            Some(_) => "deleted",
        }
    }

    const fn exists(self, number: u64) -> bool {
        number < self.active + INACTIVE + PENDING
            || (number >= REFUSALS && number < REFUSALS + 100_000)
    }

    /// True for a user who has not accepted the invitation.
    pub fn is_pending(self, number: u64) -> bool {
        self.status(number) == "pending"
    }

    /// True for a user who is or was active: only such have meetings.
    pub const fn may_host(self, number: u64) -> bool {
        number < self.active + INACTIVE || number >= REFUSALS
    }

    pub fn email(self, number: u64) -> String {
        match (number, self.status(number)) {
            (0, _) => "jane@example.com".to_owned(),
            (1, _) => "basic@example.com".to_owned(),
            (REFUSALS.., _) => format!("refusal{}@example.com", number - REFUSALS),
            (_, "active") => format!("user{number}@example.com"),
            (_, "inactive") => format!("inactive{}@example.com", number - self.active + 1),
            _ => format!("pending{}@example.com", number - self.active - INACTIVE + 1),
        }
    }

    /// The number of the user with this id or address.
    pub fn find(self, name: &str) -> Result<u64, Refusal> {
        let name = name.to_lowercase();
        let trailing = |prefix: &str| {
            name.strip_prefix(prefix)?
                .strip_suffix("@example.com")?
                .parse::<u64>()
                .ok()
        };

        let of_kind =
            |prefix: &str, start: u64| start.checked_add(trailing(prefix)?.checked_sub(1)?);

        // A name tells the only number that it may be of; below it is held against that number's names.
        let candidate = match name.as_str() {
            "jane@example.com" => Some(0),
            "basic@example.com" => Some(1),
            _ if name.ends_with("@elsewhere.example") => {
                return Err(refusal(404, 1010, "User does not belong to this account."));
            }
            _ => trailing("user")
                .or_else(|| of_kind("inactive", self.active))
                .or_else(|| of_kind("pending", self.active + INACTIVE))
                .or_else(|| REFUSALS.checked_add(trailing("refusal")?))
                .or_else(|| u64::from_str_radix(name.get(14..22)?, 16).ok()),
        };

        candidate
            .filter(|number| self.exists(*number))
            .filter(|number| {
                let by_id = !self.is_pending(*number) && id(*number).to_lowercase() == name;
                by_id || self.email(*number) == name
            })
            .ok_or_else(|| refusal(404, 1001, &format!("User does not exist: {name}.")))
    }

    /// The number of the user with this employee's number, `E000042`.
    pub fn find_employee(self, name: &str) -> Result<u64, Refusal> {
        let number = name
            .strip_prefix('E')
            .and_then(|digits| digits.parse::<u64>().ok());
        number
            .filter(|number| self.may_host(*number) && employee(*number) == name)
            .ok_or_else(|| refusal(404, 1001, &format!("User does not exist: {name}.")))
    }
}

/// The employee's number of a user.
pub fn employee(number: u64) -> String {
    format!("E{number:06}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_is_found_by_id_and_address_and_nobody_else() {
        let users = Users::new(12);
        for number in 0..15 {
            assert_eq!(users.find(&users.email(number)).unwrap(), number);
            assert_eq!(users.find(&id(number)).is_ok(), number < 14, "{number}");
        }
        let strangers = [
            "user0@example.com",
            "user12@example.com",
            "inactive3@example.com",
            "pending2@example.com",
            "",
        ];
        for name in strangers.into_iter().chain([
            "inactive18446744073709551615@example.com",
            &id(15),
            "üüüüüüüüüü1",
        ]) {
            assert!(users.find(name).is_err(), "{name}");
        }
    }

    #[test]
    fn a_selection_counts_what_it_yields() {
        let users = Users::new(47);
        for (status, role, license) in [
            ("active", None, None),
            ("active", Some("0"), None),
            ("active", Some("2"), Some("zoom_workforce_management")),
            ("inactive", None, Some("zoom_compliance_management")),
            ("inactive", Some("0"), None),
            ("pending", Some("2"), None),
            ("active", Some("5"), Some("zoom_workforce_management")),
            ("active", None, Some("another")),
        ] {
            let (start, count) = users.range(status);
            let wanted: Vec<u64> = (start..start + count)
                .filter(|number| {
                    role.is_none_or(|role| role == if *number == 0 { "0" } else { "2" })
                })
                .filter(|number| license.is_none_or(|license| holds(*number, license)))
                .collect();
            let selection = users.select(status, role, license);
            let found: Vec<u64> = (0..selection.count)
                .map(|index| selection.first + index * selection.step)
                .collect();
            assert_eq!(found, wanted, "{status} {role:?} {license:?}");
        }
    }
}
