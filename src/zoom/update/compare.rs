//! Whether the value that Zoom holds is the one that was asked for, told as Zoom means it: times as instants, addresses as sets, empty as absent. Knows values, no fields.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::Value;

/// What a comparison came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// Zoom holds what was asked for.
    Same,
    /// Zoom holds something else.
    Different,
    /// Zoom's answer doesn't hold the field, or holds it in another form.
    Unknown,
}

/// Compares what was `asked` with what Zoom `holds`. `zone` is the time zone that times without one are in.
#[must_use]
pub fn likeness(asked: &Value, holds: Option<&Value>, zone: Option<&str>) -> Comparison {
    let empty = |value: &Value| value.is_null() || value.as_str().is_some_and(str::is_empty);
    let Some(holds) = holds.filter(|value| !value.is_null()) else {
        return if empty(asked) {
            Comparison::Same
        } else {
            Comparison::Unknown
        };
    };
    let same = match (asked, holds) {
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Number(_), Value::Number(_)) => numbers(asked, holds),
        (Value::Number(_), Value::String(text)) | (Value::String(text), Value::Number(_)) => {
            let number = if asked.is_number() { asked } else { holds };
            text.trim()
                .parse::<serde_json::Number>()
                .is_ok_and(|parsed| numbers(number, &Value::Number(parsed)))
        }
        (Value::String(a), Value::String(b)) if a == b => true,
        (Value::String(a), Value::String(b)) => match (instant(a, zone), instant(b, zone)) {
            (Instant::At(a), Instant::At(b)) => a == b,
            (Instant::NotATime, _) | (_, Instant::NotATime) => addresses(a, b),
            _ => return Comparison::Unknown,
        },
        (Value::Array(a), Value::Array(b)) => sets(a, b),
        (Value::Object(a), Value::Object(b)) => contains(a, b),
        (asked, Value::String(text)) if text.is_empty() => empty(asked),
        _ => return Comparison::Unknown,
    };
    if same {
        Comparison::Same
    } else {
        Comparison::Different
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

/// What a text says of time.
enum Instant {
    /// It is this one.
    At(Timestamp),
    /// It is one, but in a zone that is not known: Zoom's list has a few of its own, such as `SST`.
    Somewhen,
    /// None.
    NotATime,
}

fn instant(text: &str, zone: Option<&str>) -> Instant {
    // Nothing shorter than `2026-01-01T00:00` is a time, and most texts are none.
    if text.len() < 16 || !text.starts_with(|first: char| first.is_ascii_digit()) {
        return Instant::NotATime;
    }
    if let Ok(stamp) = text.parse() {
        return Instant::At(stamp);
    }
    let Ok(local) = text.parse::<DateTime>() else {
        return Instant::NotATime;
    };
    let zone = zone.map_or(Some(TimeZone::UTC), |name| TimeZone::get(name).ok());
    let zoned = zone.and_then(|zone| local.to_zoned(zone).ok());
    zoned.map_or(Instant::Somewhen, |zoned| Instant::At(zoned.timestamp()))
}

/// Two texts that list addresses, domains or days of the week, separated by `;` or `,`: the same ones in any order and
/// case.
fn addresses(a: &str, b: &str) -> bool {
    let list = |text: &str| {
        let mut list: Vec<String> = text
            .split([';', ','])
            .map(|item| item.trim().to_lowercase())
            .filter(|item| !item.is_empty())
            .collect();
        list.sort_unstable();
        list.dedup();
        list
    };
    let (a, b) = (list(a), list(b));
    // Days of the week are listed so too.
    let is_day = |item: &str| item.bytes().all(|byte| byte.is_ascii_digit());
    let is_address = |item: &str| item.contains(['@', '.']) && !item.contains(char::is_whitespace);
    !a.is_empty() && a == b && a.iter().all(|item| is_address(item) || is_day(item))
}

/// Two lists: each item of one has its like in the other. What Zoom adds to an object does no harm.
fn sets(asked: &[Value], holds: &[Value]) -> bool {
    let has = |list: &[Value], like: &dyn Fn(&Value) -> bool| list.iter().any(like);
    asked
        .iter()
        .all(|a| has(holds, &|h| likeness(a, Some(h), None) == Comparison::Same))
        && holds
            .iter()
            .all(|h| has(asked, &|a| likeness(a, Some(h), None) == Comparison::Same))
}

fn contains(
    asked: &serde_json::Map<String, Value>,
    holds: &serde_json::Map<String, Value>,
) -> bool {
    asked
        .iter()
        .all(|(key, value)| likeness(value, holds.get(key), None) == Comparison::Same)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn each_rule_of_comparison_holds() {
        use Comparison::{Different, Same, Unknown};
        let rows = [
            (json!(true), json!(true), Same),
            (json!(true), json!(false), Different),
            (json!(1), json!(1.0), Same),
            (json!("5551112222"), json!(5_551_112_222_u64), Same),
            (
                json!(576_460_752_303_423_488_u64),
                json!(576_460_752_303_423_489_u64),
                Different,
            ),
            (json!("Topic"), json!("topic"), Different),
            (
                json!("2026-12-01T10:00:00Z"),
                json!("2026-12-01T10:00:00.000Z"),
                Same,
            ),
            (
                json!("2026-12-01T11:00:00"),
                json!("2026-12-01T10:00:00Z"),
                Same,
            ),
            (
                json!("2026-12-01T10:00:00"),
                json!("2026-12-01T10:00:00Z"),
                Different,
            ),
            (json!("b@x.com;A@x.com"), json!("a@x.com;b@x.com;"), Same),
            (json!("b@x.com"), json!("a@x.com;b@x.com"), Different),
            (json!("4,2"), json!("2,4"), Same),
            (json!("4,2"), json!("2,4,5"), Different),
            (json!(["DE", "US"]), json!(["US", "DE"]), Same),
            (json!(["DE"]), json!(["US", "DE"]), Different),
            (
                json!([{"number": "1", "code": "+1"}]),
                json!([{"code": "+1", "number": "1", "verified": true}]),
                Same,
            ),
            (json!(""), json!(null), Same),
            (json!("x"), json!(null), Unknown),
            (json!({}), json!([]), Unknown),
            (json!(true), json!("x"), Unknown),
        ];
        for (asked, holds, wanted) in rows {
            assert_eq!(
                likeness(&asked, Some(&holds), Some("Europe/Berlin")),
                wanted,
                "{asked} {holds}"
            );
        }
        let (local, stamp) = (json!("2026-12-01T21:00:00"), json!("2026-12-01T10:00:00Z"));
        assert_eq!(
            likeness(&local, Some(&stamp), Some("SST")),
            Unknown,
            "a zone of Zoom's own"
        );
        assert_eq!(likeness(&local, Some(&local), Some("SST")), Same);
        assert_eq!(likeness(&local, Some(&json!("")), Some("SST")), Different);
        assert_eq!(likeness(&json!(""), None, None), Same);
        assert_eq!(likeness(&json!(1), None, None), Unknown);
    }
}
