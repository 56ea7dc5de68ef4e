//! Evidence: sign-ins, operation logs, and who was in which meeting. It tells one story: somebody signed in as Tom from
//! abroad, turned settings off, and deleted a recording.

use super::calendar::{INSTANT, WAR_ROOM};
use super::paging::Window;
use super::schedule::written;
use super::zoom::{Refusal, refusal, rfc3339};
use serde_json::{Value, json};
use std::collections::HashMap;

const DAY: u64 = 86_400;
/// The user whose account was taken over.
pub const VICTIM: &str = "user4@example.com";
/// A meeting that had a single participant.
pub const LONELY: u64 = 83_456_789_012;

/// Sign-ins and sign-outs, newest first: days before the start, email, kind, address, client.
const SIGN_INS: [(u64, &str, &str, &str, &str); 6] = [
    (0, VICTIM, "Sign in", "203.0.113.77", "Browser"),
    (1, VICTIM, "Sign out", "198.51.100.20", "Windows"),
    (1, "jane@example.com", "Sign in", "198.51.100.10", "Mac"),
    (9, "user2@example.com", "Sign in", "198.51.100.12", "iPhone"),
    (45, VICTIM, "Sign in", "198.51.100.20", "Windows"),
    (75, "jane@example.com", "Sign in", "198.51.100.10", "Mac"),
];

/// Operation logs, newest first: days before the start, operator, category, action, detail.
const OPERATIONS: [(u64, &str, &str, &str, &str); 5] = [
    (
        0,
        VICTIM,
        "User Settings",
        "Update",
        "Waiting room: from On to Off",
    ),
    (
        0,
        VICTIM,
        "Recording",
        "Delete",
        "Delete recording Salary review",
    ),
    (
        1,
        "jane@example.com",
        "Role",
        "Update",
        "Assign role Admin to user4@example.com",
    ),
    (
        12,
        "jane@example.com",
        "User",
        "Add",
        "Add user user9@example.com",
    ),
    (
        50,
        "jane@example.com",
        "Account",
        "Update",
        "Two-factor sign-in: from On to Off",
    ),
];

/// Cuts a report to the days of its query. Zoom takes one month a call.
fn in_days(
    rows: Vec<(u64, Value)>,
    query: &HashMap<&str, &str>,
    born: u64,
) -> Result<Vec<Value>, Refusal> {
    let (Some(from), Some(to)) = (query.get("from"), query.get("to")) else {
        return Err(refusal(400, 300, "The from and to dates are required."));
    };
    let day = |text: &str| {
        text.get(..10)
            .and_then(|day| day.parse::<jiff::civil::Date>().ok())
    };
    let (Some(first), Some(last)) = (day(from), day(to)) else {
        return Err(refusal(400, 300, "Invalid date. The format is yyyy-mm-dd."));
    };
    if first.saturating_add(jiff::Span::new().months(1)) < last {
        return Err(refusal(
            400,
            300,
            "The date range must not exceed one month.",
        ));
    }

    let is_in =
        |age: u64| day(&rfc3339(born - age * DAY)).is_some_and(|day| (first..=last).contains(&day));
    Ok(rows
        .into_iter()
        .filter(|(age, _)| is_in(*age))
        .map(|(_, row)| row)
        .collect())
}

pub fn activities(
    query: &HashMap<&str, &str>,
    window: &Window,
    born: u64,
    now: u64,
) -> Result<Value, Refusal> {
    let rows = SIGN_INS.iter().map(|(age, email, kind, address, client)| {
        let row = json!({
            "email": email, "time": written(born - age * DAY), "type": kind,
            "ip_address": address, "client_type": client, "version": "6.2.11.50939",
        });
        (*age, row)
    });
    let rows = in_days(rows.collect(), query, born)?;
    Ok(without_total(window.cut("activity_logs", &rows, now)))
}

pub fn operation_logs(
    query: &HashMap<&str, &str>,
    window: &Window,
    born: u64,
    now: u64,
) -> Result<Value, Refusal> {
    let wanted = query
        .get("category_type")
        .filter(|category| **category != "all");
    let rows = OPERATIONS
        .iter()
        .filter(|row| {
            wanted.is_none_or(|wanted| row.2.to_lowercase().replace(' ', "_") == **wanted)
        })
        .map(|(age, operator, category, action, detail)| {
            let row = json!({
                "time": written(born - age * DAY), "operator": operator, "category_type": category,
                "action": action, "operation_detail": detail,
            });
            (*age, row)
        });
    let rows = in_days(rows.collect(), query, born)?;
    Ok(without_total(window.cut("operation_logs", &rows, now)))
}

/// Takes Zoom's count away where it gives none.
pub fn without_total(mut page: Value) -> Value {
    if let Some(page) = page.as_object_mut() {
        page.remove("total_records");
    }
    page
}

/// A running meeting as the dashboard lists it.
pub fn live_meeting(meeting: &Value, host: &str) -> Value {
    json!({
        "uuid": meeting["uuid"], "id": meeting["id"], "topic": meeting["topic"], "host": host,
        "email": meeting["host_email"], "user_type": "Licensed", "start_time": meeting["start_time"], "end_time": "",
        "duration": "25:00", "participants": 3, "has_pstn": false, "has_voip": true, "has_video": true,
        "has_screen_share": true, "has_recording": false,
    })
}

/// Participants as the dashboard lists them.
pub fn participants(number: u64, kind: &str, is_live: bool) -> Result<Vec<Value>, Refusal> {
    let one = |name: &str, email: &str, address: &str, role: &str| {
        json!({
            "id": "", "user_id": "16778240", "user_name": name, "email": email, "ip_address": address,
            "location": if address.starts_with("203") { "Springfield (US)" } else { "Berlin (DE)" },
            "device": "Windows", "pc_name": "PC-7", "mac_addr": "00:00:5e:00:53:01", "version": "6.2.11.50939",
            "role": role, "status": "in_meeting", "join_time": "2026-11-24T14:31:04Z", "leave_time": "",
        })
    };
    let invalid = || refusal(404, 3001, "Meeting ID is invalid or has not ended.");
    let host = one("Jane Doe", "jane@example.com", "198.51.100.10", "host");

    match (kind, number) {
        ("live", WAR_ROOM | INSTANT) if is_live => Ok(vec![
            host,
            one(
                "Omar Haddad",
                "user2@example.com",
                "198.51.100.12",
                "attendee",
            ),
            one("Mallory", "", "203.0.113.77", "attendee"),
        ]),
        ("live", _) => Err(invalid()),
        (_, WAR_ROOM | INSTANT) if is_live => Err(invalid()),
        ("pastOne", LONELY) => Ok(vec![host]),
        ("past", LONELY) | ("pastOne", _) => Ok(Vec::new()),
        _ => Ok(vec![host, one("Mallory", "", "203.0.113.77", "attendee")]),
    }
}

/// Participants of a meeting that has ended.
pub fn past_participants(number: u64) -> Vec<Value> {
    let one = |name: &str, email: &str, internal: bool| {
        json!({
            "id": "", "user_id": "16778240", "name": name, "user_email": email, "join_time": "2026-11-20T10:00:04Z",
            "leave_time": "2026-11-20T10:30:00Z", "duration": 1796, "failover": false, "status": "in_meeting",
            "internal_user": internal,
        })
    };
    match number {
        LONELY => Vec::new(),
        _ => vec![
            one("Jane Doe", "jane@example.com", true),
            one("Mallory", "", false),
        ],
    }
}
