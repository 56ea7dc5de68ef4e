//! Stand-ins for personal data: the same value gets the same one, of the same form. Knows forms, not where values stand.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Values and what stands in for them. Stand-ins come from a counter, so that nothing can be reckoned back from them.
#[derive(Debug, Default)]
pub struct StandIns {
    known: BTreeMap<(Form, String), String>,
    taken: BTreeSet<String>,
    counts: BTreeMap<Form, u64>,
    /// Values that are looked for inside other texts, the longest first.
    words: Vec<(String, String)>,
}

/// The form of a value, which its stand-in keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    Opaque,
    Digits,
    Address,
    Domain,
    Name,
    Text,
    Ip,
}

/// The domains that stand in for others, kept free for that (RFC 2606).
const DOMAINS: [&str; 3] = ["example.com", "example.net", "example.org"];

/// Words that are names sometimes and everyday words in Zoom's sentences: not looked for inside texts.
const EVERYDAY: [&str; 14] = [
    "access", "account", "admin", "api", "daily", "invalid", "limit", "meeting", "not", "rate",
    "test", "the", "user", "zoom",
];

impl StandIns {
    /// `original` is known by `stand_in` from now on, wherever a whole value is looked up.
    pub fn insert(&mut self, original: &str, stand_in: &str) {
        self.known
            .insert((Form::Opaque, original.to_owned()), stand_in.to_owned());
    }

    /// The stand-in of an id, a credential or a long number that is known.
    #[must_use]
    pub fn lookup(&self, value: &str) -> Option<&str> {
        let digits = (Form::Digits, value.to_owned());
        let number = if value.len() >= 6 {
            self.known.get(&digits)
        } else {
            None
        };
        self.known
            .get(&(Form::Opaque, value.to_owned()))
            .or(number)
            .map(String::as_str)
    }

    /// The values to look for inside texts, with their stand-ins, the longest first.
    #[must_use]
    pub fn words(&self) -> &[(String, String)] {
        &self.words
    }

    /// Takes stock of the values that are to be looked for inside texts.
    pub fn settle(&mut self) {
        let findable = |(form, value): &(Form, String)| match form {
            Form::Opaque => value.len() >= 6,
            Form::Text => value.len() >= 4,
            Form::Name | Form::Domain => {
                value.chars().count() >= 3 && !EVERYDAY.contains(&value.to_lowercase().as_str())
            }
            Form::Digits | Form::Address | Form::Ip => false,
        };
        let words = self.known.iter().filter(|(key, _)| findable(key));
        self.words = words
            .map(|((_, value), stand_in)| (value.clone(), stand_in.clone()))
            .collect();
        self.words
            .sort_by_key(|(value, _)| std::cmp::Reverse(value.len()));
    }

    /// An id, a passcode, a token: letters for letters, digits for digits, everything else as it is.
    pub fn opaque(&mut self, value: &str) -> String {
        if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
            return self.digits(value);
        }
        self.get(Form::Opaque, value, |seed| scramble(value, seed))
    }

    /// A number written in digits, which may be grouped: as many digits, grouped the same way.
    pub fn digits(&mut self, value: &str) -> String {
        let plain: String = value.chars().filter(char::is_ascii_digit).collect();
        let digits = self.get(Form::Digits, &plain, |seed| scramble(&plain, seed));
        let mut digits = digits.chars();
        value
            .chars()
            .map(|c| {
                if c.is_ascii_digit() {
                    digits.next().unwrap_or(c)
                } else {
                    c
                }
            })
            .collect()
    }

    /// True for a number that has a stand-in, in digits alone.
    #[must_use]
    pub fn knows_digits(&self, digits: &str) -> bool {
        self.known.contains_key(&(Form::Digits, digits.to_owned()))
    }

    /// An e-mail address. Zoom's own addresses (chat, SIP) keep their host.
    pub fn address(&mut self, value: &str) -> String {
        let (local, host) = value.split_once('@').unwrap_or((value, ""));
        if host.ends_with("zoom.us") || host.ends_with("zoomcrc.com") {
            let parts: Vec<String> = local.split('.').map(|part| self.opaque(part)).collect();
            return format!("{}@{host}", parts.join("."));
        }
        let host = self.domain(host);
        self.get(Form::Address, &value.to_lowercase(), |count| {
            format!("person{count}@{host}")
        })
    }

    /// A domain.
    pub fn domain(&mut self, value: &str) -> String {
        let value = value.to_lowercase();
        self.get(Form::Domain, &value, |count| {
            let free = usize::try_from(count - 1)
                .ok()
                .and_then(|index| DOMAINS.get(index));
            free.map_or_else(
                || format!("domain{count}.example.com"),
                |domain| (*domain).to_owned(),
            )
        })
    }

    /// A person's name, word by word, so that a whole name fits its parts.
    pub fn name(&mut self, value: &str) -> String {
        let words: Vec<String> = value
            .split(' ')
            .map(|word| match word.chars().any(char::is_alphanumeric) {
                true => self.get(Form::Name, word, |count| format!("Person{count}")),
                false => word.to_owned(),
            })
            .collect();
        words.join(" ")
    }

    /// A text of one's own, such as a topic, called after the `key` it stands under.
    pub fn text(&mut self, key: &str, value: &str) -> String {
        let mut key = key.replace('_', " ");
        if let Some(first) = key.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        self.get(Form::Text, value, |count| format!("{key} {count}"))
    }

    /// An IP address: one of those kept free for documentation (RFC 5737, RFC 3849). The machine itself stays.
    pub fn ip(&mut self, address: IpAddr) -> String {
        if address.is_loopback() || address.is_unspecified() {
            return address.to_string();
        }
        self.get(Form::Ip, &address.to_string(), |count| match address {
            IpAddr::V4(_) => {
                Ipv4Addr::new(192, 0, 2, u8::try_from(count).unwrap_or(u8::MAX)).to_string()
            }
            IpAddr::V6(_) => Ipv6Addr::new(
                0x2001,
                0xdb8,
                0,
                0,
                0,
                0,
                0,
                u16::try_from(count).unwrap_or(u16::MAX),
            )
            .to_string(),
        })
    }

    fn get(&mut self, form: Form, value: &str, make: impl Fn(u64) -> String) -> String {
        let key = (form, value.to_owned());
        if value.is_empty() {
            return String::new();
        }
        if let Some(stand_in) = self.known.get(&key) {
            return stand_in.clone();
        }
        // A text of few characters has few others of its form; after some tries any will do.
        let mut stand_in = String::new();
        for _ in 0..64 {
            let count = self.counts.entry(form).or_default();
            *count += 1;
            stand_in = make(*count);
            if stand_in != value && !self.taken.contains(&stand_in) {
                break;
            }
        }
        self.taken.insert(stand_in.clone());
        self.known.insert(key, stand_in.clone());
        stand_in
    }
}

/// `value` with its letters and digits exchanged. A number keeps its length: no zero comes first.
fn scramble(value: &str, seed: u64) -> String {
    let mut state = seed;
    let mut first = true;
    let mut pick = |base: u8, from: u64, size: u64| {
        // SplitMix64, a small generator; it needs to be even, not secret.
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let step = from + (z ^ (z >> 31)) % (size - from);
        char::from(base + u8::try_from(step).unwrap_or_default())
    };
    let exchange = |c: char| {
        let new = match c {
            '0'..='9' => pick(b'0', u64::from(first && c != '0'), 10),
            'a'..='z' => pick(b'a', 0, 26),
            'A'..='Z' => pick(b'A', 0, 26),
            _ if c.is_alphanumeric() => pick(b'a', 0, 26),
            _ => return c,
        };
        first = false;
        new
    };
    value.chars().map(exchange).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_value_gets_the_same_stand_in_of_the_same_form() {
        let mut all = StandIns::default();
        let id = all.opaque("KdYKjnimT4KPd8F_gQt9FQ==");
        assert_eq!(all.opaque("KdYKjnimT4KPd8F_gQt9FQ=="), id);
        assert!(
            id != "KdYKjnimT4KPd8F_gQt9FQ=="
                && id.len() == 24
                && id.ends_with("==")
                && id.contains('_'),
            "{id}"
        );
        let number = all.digits("857 4606 5432");
        assert_eq!(number.replace(' ', ""), all.opaque("85746065432"));
        assert_eq!(
            number
                .match_indices(' ')
                .map(|(at, _)| at)
                .collect::<Vec<_>>(),
            [3, 8]
        );
        assert!(!number.starts_with('0') && all.knows_digits("85746065432"));
        assert_eq!(all.address("Jane@Corp.test"), "person1@example.com");
        assert_eq!(all.address("jane@corp.test"), "person1@example.com");
        assert_eq!(all.address("kim@corp.test"), "person2@example.com");
        assert_eq!(all.domain("other.test"), "example.net");
        assert_eq!(all.name("Jane Dee"), "Person1 Person2");
        assert_eq!(all.name("Dee"), "Person2");
        assert_eq!(all.text("job_title", "Chief"), "Job title 1");
        assert_eq!(all.ip("203.0.113.9".parse().unwrap()), "192.0.2.1");
        assert_eq!(all.ip("127.0.0.1".parse().unwrap()), "127.0.0.1");
        assert_eq!(
            (all.opaque(""), all.name(" - ")),
            (String::new(), " - ".to_owned())
        );
        assert!(all.address("857.12@zoomcrc.com").ends_with("@zoomcrc.com"));
    }

    #[test]
    fn values_are_looked_for_inside_texts_the_longest_first_and_everyday_words_not_at_all() {
        let mut all = StandIns::default();
        for name in ["Jo", "User", "Johanna"] {
            all.name(name);
        }
        all.text("topic", "Johanna's day");
        all.settle();
        let words: Vec<&str> = all
            .words()
            .iter()
            .map(|(value, _)| value.as_str())
            .collect();
        assert_eq!(words, ["Johanna's day", "Johanna"]);
    }
}
