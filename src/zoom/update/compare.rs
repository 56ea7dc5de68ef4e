//! Compares what was asked for with what Zoom holds, as Zoom means it: times as instants, addresses as sets, empty as
//! absent. Begin with [`compare`].

use super::fields::{Kind, Objects};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

/// The result of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// Zoom holds what was asked for.
    Equal,
    /// Zoom holds something else.
    Different,
    /// Zoom's answer doesn't hold the field, or holds it in another form.
    Unknown,
}

/// Compares what was `asked` with what Zoom `holds`. `kind` is the documented type, and `zone` the time zone of times
/// without one.
#[must_use]
pub fn compare(
    asked: &Value,
    holds: Option<&Value>,
    kind: Option<Kind>,
    zone: Option<&str>,
) -> Comparison {
    let Some(holds) = holds.filter(|value| !value.is_null()) else {
        return if is_empty(asked) {
            Comparison::Equal
        } else {
            Comparison::Unknown
        };
    };

    if is_empty(asked) && is_empty(holds) {
        return Comparison::Equal;
    }

    let equal = match (asked, holds) {
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Number(_), Value::Number(_)) => numbers(asked, holds),
        (Value::Number(_), Value::String(text)) | (Value::String(text), Value::Number(_)) => {
            let number = if asked.is_number() { asked } else { holds };
            text.trim()
                .parse::<serde_json::Number>()
                .is_ok_and(|parsed| numbers(number, &Value::Number(parsed)))
        }
        (Value::String(a), Value::String(b)) => match texts(a, b, kind, zone) {
            Some(equal) => equal,
            None => return Comparison::Unknown,
        },
        (Value::Array(a), Value::Array(b)) => lists(a, b, kind),
        // Where an account has one attribute, Zoom may send it without the list around it.
        (Value::Array(a), Value::Object(_)) if matches!(kind, Some(Kind::Objects(_))) => {
            lists(a, std::slice::from_ref(holds), kind)
        }
        (Value::Object(a), Value::Object(b)) => objects(a, b, kind),
        (_, Value::String(text)) if text.is_empty() => false,
        _ => return Comparison::Unknown,
    };

    if equal {
        Comparison::Equal
    } else {
        Comparison::Different
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

fn numbers(a: &Value, b: &Value) -> bool {
    match (
        a.as_number().and_then(serde_json::Number::as_i128),
        b.as_number().and_then(serde_json::Number::as_i128),
    ) {
        (Some(a), Some(b)) => a == b,
        _ => a.as_f64() == b.as_f64(),
    }
}

/// Compares two texts; `None` where that takes a time zone or an address that is not known.
fn texts(a: &str, b: &str, kind: Option<Kind>, zone: Option<&str>) -> Option<bool> {
    if a == b {
        return Some(true);
    }
    match kind {
        Some(Kind::Time) | None => match (time(a, zone), time(b, zone)) {
            (ParsedTime::At(a), ParsedTime::At(b)) => Some(a == b),
            (ParsedTime::None, _) | (_, ParsedTime::None) => Some(plain(a) == plain(b)),
            _ => None,
        },
        Some(Kind::Addresses) => {
            let (asked, held) = (set(a), set(b));
            // Zoom may show the address of a user who was named by id.
            let is_id = |item: &String| !item.contains(['@', '.']) && !held.contains(item);
            let unknown = asked.iter().any(is_id) && !held.is_empty();
            (!unknown).then_some(asked == held)
        }
        Some(Kind::Days) => Some(set(a) == set(b)),
        Some(Kind::Zone) => Some(zone_name(a) == zone_name(b)),
        Some(Kind::Phone) => Some(digits(a) == digits(b)),
        // Zoom writes email addresses in lower case; the case of an id counts.
        Some(Kind::User | Kind::Identifier) if a.contains('@') => {
            Some(plain(a).eq_ignore_ascii_case(&plain(b)))
        }
        Some(_) => Some(plain(a) == plain(b)),
    }
}

/// A text as Zoom may give it back: trimmed, with one form of line break.
fn plain(text: &str) -> String {
    text.trim().replace("\r\n", "\n").replace('\r', "\n")
}

/// The items of a text that lists addresses or days.
fn set(text: &str) -> Vec<String> {
    let items = text
        .split([';', ','])
        .map(|item| item.trim().to_lowercase());
    let mut items: Vec<String> = items.filter(|item| !item.is_empty()).collect();
    items.sort_unstable();
    items.dedup();
    items
}

/// A phone number without what people and Zoom put between its digits.
fn digits(text: &str) -> String {
    let between =
        |letter: &char| !letter.is_whitespace() && !matches!(letter, '-' | '.' | '(' | ')' | '/');
    text.chars().filter(between).collect()
}

/// A time, as a text gives it.
enum ParsedTime {
    /// It is this moment.
    At(Timestamp),
    /// It is a time in a zone that is not known: Zoom's list has a few of its own, such as `SST`.
    UnknownZone,
    /// It is no time.
    None,
}

fn time(text: &str, zone: Option<&str>) -> ParsedTime {
    // Nothing shorter than `2026-01-01T00:00` is a time, and most texts are none.
    if text.len() < 16 || !text.starts_with(|first: char| first.is_ascii_digit()) {
        return ParsedTime::None;
    }

    if let Ok(stamp) = text.parse() {
        return ParsedTime::At(stamp);
    }

    let Ok(local) = text.parse::<DateTime>() else {
        return ParsedTime::None;
    };

    let zone = zone.map_or(Some(TimeZone::UTC), |name| TimeZone::get(name).ok());
    let zoned = zone.and_then(|zone| local.to_zoned(zone).ok());

    zoned.map_or(ParsedTime::UnknownZone, |zoned| {
        ParsedTime::At(zoned.timestamp())
    })
}

/// Old names of time zones, and those that Zoom or the time zone database uses for them now.
const ZONES: &[(&str, &str)] = &[
    ("america/argentina/buenos_aires", "america/buenos_aires"),
    ("america/indiana/indianapolis", "america/indianapolis"),
    ("america/nuuk", "america/godthab"),
    ("america/toronto", "america/montreal"),
    ("asia/calcutta", "asia/kolkata"),
    ("asia/dacca", "asia/dhaka"),
    ("asia/ho_chi_minh", "asia/saigon"),
    ("asia/kathmandu", "asia/katmandu"),
    ("asia/yangon", "asia/rangoon"),
    ("atlantic/faroe", "atlantic/faeroe"),
    ("canada/atlantic", "america/halifax"),
    ("etc/greenwich", "utc"),
    ("etc/gmt", "utc"),
    ("etc/utc", "utc"),
    ("europe/kiev", "europe/kyiv"),
    ("gmt", "utc"),
    ("us/alaska", "america/anchorage"),
    ("us/arizona", "america/phoenix"),
    ("us/central", "america/chicago"),
    ("us/eastern", "america/new_york"),
    ("us/hawaii", "pacific/honolulu"),
    ("us/mountain", "america/denver"),
    ("us/pacific", "america/los_angeles"),
];

fn zone_name(name: &str) -> String {
    let name = name.trim().to_ascii_lowercase();
    let alias = ZONES.iter().find(|(alias, _)| *alias == name);
    alias.map_or(name, |(_, now)| (*now).to_owned())
}

fn lists(asked: &[Value], holds: &[Value], kind: Option<Kind>) -> bool {
    let item = match kind {
        Some(Kind::List(kind, _)) => Some(*kind),
        Some(Kind::Objects(objects)) => Some(Kind::Object(objects.each)),
        _ => None,
    };

    let is_in = |list: &[Value], like: &dyn Fn(&Value) -> bool| list.iter().any(like);
    let equal = |a: &Value, h: &Value| compare(a, Some(h), item, None) == Comparison::Equal;

    let all_there = asked.iter().all(|a| is_in(holds, &|h| equal(a, h)));

    // A change of a keyed list touches only the objects that it names.
    let is_keyed = matches!(kind, Some(Kind::Objects(Objects { keys: [_, ..], .. })));
    if is_keyed && !asked.is_empty() {
        return all_there;
    }

    all_there && holds.iter().all(|h| is_in(asked, &|a| equal(a, h)))
}

/// Compares the fields that were asked for; what Zoom adds does no harm.
fn objects(asked: &Map<String, Value>, holds: &Map<String, Value>, kind: Option<Kind>) -> bool {
    asked.iter().all(|(key, value)| {
        let inner = match kind {
            Some(Kind::Object(object)) => object.field(key),
            _ => None,
        };
        compare(value, holds.get(key), inner, None) == Comparison::Equal
    })
}

#[cfg(test)]
mod tests {
    use super::super::fields::{Object, TEXT, TEXTS};
    use super::*;
    use Comparison::{Different, Equal, Unknown};
    use serde_json::json;

    const ATTRIBUTES: Kind = Kind::Objects(Objects {
        each: Object {
            flags: "",
            fields: &[("key", TEXT), ("value", TEXT), ("number", Kind::Phone)],
            required: &[],
        },
        most: 5,
        keys: &["key"],
    });

    #[test]
    fn compare_follows_the_type_of_the_field() {
        let rows = [
            (Kind::Flag, json!(true), json!(true), Equal),
            (Kind::Flag, json!(true), json!(false), Different),
            (Kind::Flag, json!(true), json!("x"), Unknown),
            (Kind::Integer(0, 9), json!(1), json!(1.0), Equal),
            (TEXT, json!("5551112222"), json!(5_551_112_222_u64), Equal),
            (TEXT, json!("Topic"), json!("topic"), Different),
            (TEXT, json!(" Topic "), json!("Topic"), Equal),
            (TEXT, json!("a\r\nb"), json!("a\nb"), Equal),
            (TEXT, json!("B, a.b"), json!("a.b, B"), Different),
            (TEXT, json!("4,2"), json!("2,4"), Different),
            (
                TEXT,
                json!("2026-12-01T10:00:00Z"),
                json!("2026-12-01T10:00:00.000Z"),
                Different,
            ),
            (TEXT, json!(""), json!(null), Equal),
            (TEXT, json!(""), json!("x"), Different),
            (TEXT, json!("x"), json!(""), Different),
            (TEXT, json!("x"), json!(null), Unknown),
            (
                Kind::Time,
                json!("2026-12-01T10:00:00Z"),
                json!("2026-12-01T10:00:00.000Z"),
                Equal,
            ),
            (
                Kind::Time,
                json!("2026-12-01T11:00:00"),
                json!("2026-12-01T10:00:00Z"),
                Equal,
            ),
            (
                Kind::Time,
                json!("2026-12-01T10:00:00"),
                json!("2026-12-01T10:00:00Z"),
                Different,
            ),
            (
                Kind::Addresses,
                json!("b@x.com;A@x.com"),
                json!("a@x.com, b@x.com;"),
                Equal,
            ),
            (
                Kind::Addresses,
                json!("b@x.com"),
                json!("a@x.com;b@x.com"),
                Different,
            ),
            (
                Kind::Addresses,
                json!("KDcuGIm1QgePTO8WbOqwIQ"),
                json!("a@x.com"),
                Unknown,
            ),
            (Kind::Days, json!("4,2"), json!("2,4"), Equal),
            (Kind::Days, json!("4,2"), json!("2,4,5"), Different),
            (
                Kind::Zone,
                json!("Asia/Calcutta"),
                json!("Asia/Kolkata"),
                Equal,
            ),
            (
                Kind::Zone,
                json!("Europe/Paris"),
                json!("Europe/Berlin"),
                Different,
            ),
            (
                Kind::Phone,
                json!("+1 (555) 010-0000"),
                json!("+15550100000"),
                Equal,
            ),
            (TEXTS, json!(["DE", "US"]), json!(["US", "DE"]), Equal),
            (TEXTS, json!(["DE"]), json!(["US", "DE"]), Different),
            (TEXTS, json!([]), json!(null), Equal),
            (
                ATTRIBUTES,
                json!([{"key": "a", "value": "1"}]),
                json!([{"key": "b", "value": "2"}, {"key": "a", "value": "1", "name": "A"}]),
                Equal,
            ),
            (
                ATTRIBUTES,
                json!([{"key": "a", "value": "1"}]),
                json!([{"key": "a", "value": "2"}]),
                Different,
            ),
            (
                ATTRIBUTES,
                json!([{"key": "a", "value": "1"}]),
                json!({"key": "a", "value": "1"}),
                Equal,
            ),
            (
                ATTRIBUTES,
                json!([{"key": "a", "number": "1-2"}]),
                json!([{"key": "a", "number": "12"}]),
                Equal,
            ),
            (
                ATTRIBUTES,
                json!([]),
                json!([{"key": "a", "value": "2"}]),
                Different,
            ),
        ];
        for (kind, asked, holds, wanted) in rows {
            assert_eq!(
                compare(&asked, Some(&holds), Some(kind), Some("Europe/Berlin")),
                wanted,
                "{asked} {holds}"
            );
        }
    }

    #[test]
    fn compare_of_an_undocumented_field_is_by_value() {
        let rows = [
            (json!("b.c, a"), json!("a, b.c"), Different),
            (json!([1, 2]), json!([2, 1]), Equal),
            (json!({"a": 1}), json!({"a": 1, "b": 2}), Equal),
            (json!({}), json!([1]), Unknown),
            (
                json!(576_460_752_303_423_488_u64),
                json!(576_460_752_303_423_489_u64),
                Different,
            ),
        ];
        for (asked, holds, wanted) in rows {
            assert_eq!(
                compare(&asked, Some(&holds), None, None),
                wanted,
                "{asked} {holds}"
            );
        }
    }

    #[test]
    fn compare_does_not_judge_a_time_in_a_zone_that_is_not_known() {
        let (local, stamp) = (json!("2026-12-01T21:00:00"), json!("2026-12-01T10:00:00Z"));
        let judge = |holds: &Value| compare(&local, Some(holds), Some(Kind::Time), Some("SST"));
        assert_eq!(judge(&stamp), Unknown);
        assert_eq!(judge(&local), Equal);
        assert_eq!(judge(&json!("")), Different);
        assert_eq!(compare(&json!(1), None, Some(Kind::Flag), None), Unknown);
    }
}
