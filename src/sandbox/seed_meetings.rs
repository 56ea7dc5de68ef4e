//! The meetings there are at the start: a few with a name, two for every other user who ever was active.

use super::merge::merge;
use super::story::VICTIM;
use super::time::{DAY, timestamp};
use super::users::{Users, id, name, personal_meeting};
use serde_json::{Value, json};

/// The number of the first meeting of user 0's successors: each has two.
const FIRST: u64 = 70_000_000_000;
/// Jane's personal meeting.
pub const PERSONAL: u64 = personal_meeting(0);
/// Jane's scheduled meeting that runs.
pub const WAR_ROOM: u64 = 81_234_567_890;
/// Jane's instant meeting, which runs too.
pub const INSTANT: u64 = 89_123_456_789;
/// Jane's, in the order they are listed.
const JANES: [u64; 7] = [
    85_746_065_432,
    WAR_ROOM,
    82_345_678_901,
    83_456_789_012,
    84_567_890_123,
    PERSONAL,
    INSTANT,
];

/// The victim's meeting that runs, with strangers in it: anybody who has the short passcode walks in.
pub const HIJACKED: u64 = 81_555_000_444;
/// The victim's meeting of tomorrow, as weak as that one.
const WEAK: u64 = 86_555_000_444;

/// Returns the number of the user who hosts a meeting.
pub const fn host(number: u64) -> u64 {
    match number.checked_sub(FIRST) {
        _ if matches!(number, HIJACKED | WEAK) => VICTIM,
        Some(offset) if number < 80_000_000_000 => offset / 10,
        _ => 0,
    }
}

/// Returns the numbers of the meetings that a user hosts.
pub fn own(users: Users, host: u64) -> Vec<u64> {
    let first = FIRST + host * 10;
    match host {
        0 => JANES.to_vec(),
        VICTIM if users.status(host) == "active" => vec![first, first + 1, HIJACKED, WEAK],
        _ if users.may_host(host) => vec![first, first + 1],
        _ => Vec::new(),
    }
}

/// Returns a meeting as it was planned at `created_at` (seconds since 1970).
pub fn planned(users: Users, created_at: u64, number: u64, host: u64) -> Value {
    // Nothing lies in the past: Zoom would list none of it.
    let tomorrow = (created_at / DAY + 1) * DAY;
    let hour = created_at / 3600 * 3600;
    let (topic, kind, start) = match number {
        85_746_065_432 => ("Weekly incident review", 2, Some(tomorrow + 15 * 3600)),
        WAR_ROOM => ("War room", 2, Some(hour)),
        82_345_678_901 => ("Daily standup", 8, Some(tomorrow + 8 * 3600)),
        83_456_789_012 => ("Open office", 3, None),
        84_567_890_123 => ("Shared screen", 10, Some(tomorrow + 9 * 3600)),
        PERSONAL => (
            "Jane Doe's Personal Meeting Room",
            2,
            Some(tomorrow + 10 * 3600),
        ),
        INSTANT => ("Jane Doe's Zoom Meeting", 1, Some(hour)),
        HIJACKED => ("Customer briefing", 2, Some(hour)),
        WEAK => ("All hands", 2, Some(tomorrow + 16 * 3600)),
        _ => (
            "Planning",
            2,
            Some(tomorrow + 12 * 3600 + number % 10 * DAY),
        ),
    };

    let (first, last) = name(host);
    let email = users.email(host);
    let mut meeting = json!({
        "uuid": format!("{number:022X}=="),
        "id": number,
        "host_id": id(host),
        "host_email": email,
        "assistant_id": "",
        "topic": topic,
        "type": kind,
        "status": "waiting",
        "duration": 60,
        "timezone": "Europe/Berlin",
        "agenda": "",
        "created_at": "2026-10-01T08:00:00Z",
        "start_url": format!("https://example.zoom.us/s/{number}?zak=eyJ0eXAiOiJKV1QifQ.sandbox"),
        "password": "7aX9pQ",
        "pre_schedule": false, "creation_source": "other", "dynamic_host_key": "847162", "tracking_fields": [],
        "settings": {
            "host_video": true, "participant_video": false, "join_before_host": false, "jbh_time": 0, "mute_upon_entry": false,
            "watermark": false, "use_pmi": number == PERSONAL, "approval_type": 2, "audio": "both", "auto_recording": "none",
            "waiting_room": true, "meeting_authentication": false, "encryption_type": "enhanced_encryption",
            "allow_multiple_devices": false, "alternative_hosts": "", "alternative_hosts_email_notification": true, "focus_mode": false,
            "private_meeting": false, "internal_meeting": false, "email_notification": true, "device_testing": false,
            "registrants_email_notification": true, "registrants_confirmation_email": true, "close_registration": false,
            "show_share_button": false, "contact_name": format!("{first} {last}"), "contact_email": email, "global_dial_in_countries": ["US"],
            "breakout_room": {"enable": false}, "meeting_invitees": [], "push_change_to_calendar": false,
            "waiting_room_options": {"mode": "follow_setting", "who_goes_to_waiting_room": "everyone"},
            "request_permission_to_unmute_participants": false, "participant_focused_meeting": false,
            "alternative_host_update_polls": false, "alternative_host_manage_meeting_summary": false,
            "alternative_host_manage_cloud_recording": false, "auto_start_meeting_summary": false,
            "auto_start_ai_companion_questions": false, "enable_dedicated_group_chat": false,
            "approved_or_denied_countries_or_regions": {"enable": false},
        },
    });

    // A series without fixed times has no start.
    if let Some(start) = start {
        meeting["start_time"] = timestamp(start);
    }

    if matches!(number, HIJACKED | WEAK) {
        meeting["password"] = json!("1234");
        let weak = json!({"waiting_room": false, "join_before_host": true, "allow_multiple_devices": true,
            "alternative_hosts": "mallory@example.net"});
        merge(&mut meeting["settings"], &weak);
    }

    if kind == 8 {
        meeting["recurrence"] = json!({"type": 1, "repeat_interval": 1, "end_times": 5});
    }

    meeting
}
