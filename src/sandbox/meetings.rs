//! The account's meetings: a few with a name, two for every other user, and what was changed, ended or deleted. Knows Zoom's refusals about meetings.

use super::paging::Window;
use super::users;
use super::zoom::{Refusal, refusal, rfc3339};
use serde_json::{Map, Value, json};
use std::collections::{HashMap, HashSet};

/// The number of the first meeting of user 0's successors: each has two.
const FIRST: u64 = 70_000_000_000;
/// Jane's, in the order they are listed.
const JANES: [u64; 6] = [85_746_065_432, 81_234_567_890, 82_345_678_901, 83_456_789_012, 84_567_890_123, 5_551_112_222];
/// What may be changed of one occurrence, besides some settings.
const OF_AN_OCCURRENCE: [&str; 4] = ["agenda", "start_time", "duration", "settings"];
const SETTINGS_OF_AN_OCCURRENCE: [&str; 7] = [
    "host_video",
    "participant_video",
    "join_before_host",
    "mute_upon_entry",
    "waiting_room",
    "watermark",
    "auto_recording",
];
const DAY: u64 = 86_400;

/// The account's meetings.
#[derive(Debug, Default)]
pub struct Meetings {
    changed: HashMap<u64, Value>,
    ended: HashSet<u64>,
    deleted: HashSet<u64>,
    /// Deleted occurrences: the meeting and the occurrence's id.
    skipped: HashSet<(u64, String)>,
}

impl Meetings {
    /// The number of the meeting in a path, if there is such a meeting.
    pub fn find(&self, text: &str, users: u64) -> Result<u64, Refusal> {
        let Ok(number) = text.parse::<u64>() else {
            return Err(refusal(400, 300, "Invalid meeting id."));
        };
        match number {
            87_000_000_001 => return Err(refusal(400, 3000, "Cannot access webinar info.")),
            86_000_000_001 => {
                return Err(refusal(
                    400,
                    3161,
                    "Meeting hosting and scheduling capabilities are not allowed for your user account.",
                ));
            }
            88_000_000_001 => return Err(refusal(400, 3003, "You are not the meeting host.")),
            _ => {}
        }
        let generated =
            number.checked_sub(FIRST).is_some_and(|offset| offset / 10 >= 1 && offset / 10 < users && offset % 10 < 2);
        if (JANES.contains(&number) || generated) && !self.deleted.contains(&number) {
            return Ok(number);
        }
        Err(refusal(404, 3001, &format!("Meeting does not exist: {number}.")))
    }

    /// The number of the user who hosts a meeting.
    pub const fn host(number: u64) -> u64 {
        match number.checked_sub(FIRST) {
            Some(offset) if number < 80_000_000_000 => offset / 10,
            _ => 0,
        }
    }

    fn is_live(&self, number: u64) -> bool {
        number == 81_234_567_890 && !self.ended.contains(&number)
    }

    /// A meeting as GET /meetings/{id} gives it.
    pub fn get(&self, number: u64, occurrence: Option<&str>, now: u64) -> Result<Value, Refusal> {
        let tomorrow = (now / DAY + 1) * DAY;
        let (topic, kind, start) = match number {
            85_746_065_432 => ("Weekly incident review", 2, tomorrow + 15 * 3600),
            81_234_567_890 => ("War room", 2, now / 3600 * 3600),
            82_345_678_901 => ("Daily standup", 8, tomorrow + 8 * 3600),
            83_456_789_012 => ("Open office", 3, 0),
            84_567_890_123 => ("Shared screen", 10, tomorrow + 9 * 3600),
            5_551_112_222 => ("Jane Doe's Personal Meeting Room", 2, tomorrow + 10 * 3600),
            _ => ("Planning", 2, tomorrow + 12 * 3600 + number % 10 * DAY),
        };
        let host = Self::host(number);
        let mut meeting = json!({
            "uuid": format!("{:022X}==", number),
            "id": number,
            "host_id": users::id(host),
            "host_email": if host == 0 { "jane@example.com".to_owned() } else { format!("user{host}@example.com") },
            "assistant_id": "",
            "topic": topic,
            "type": kind,
            "status": if self.is_live(number) { "started" } else { "waiting" },
            "duration": 60,
            "timezone": "Europe/Berlin",
            "agenda": "",
            "created_at": "2026-10-01T08:00:00Z",
            "start_url": format!("https://example.zoom.us/s/{number}?zak=eyJ0eXAiOiJKV1QifQ.sandbox"),
            "join_url": format!("https://example.zoom.us/j/{number}?pwd=c2FuZGJveA"),
            "password": "7aX9pQ",
            "h323_password": "408921",
            "pstn_password": "408921",
            "encrypted_password": "c2FuZGJveC1lbmNyeXB0ZWQ",
            "pre_schedule": false,
            "settings": {
                "host_video": true, "participant_video": false, "join_before_host": false, "jbh_time": 0, "mute_upon_entry": false,
                "watermark": false, "use_pmi": number == 5_551_112_222, "approval_type": 2, "audio": "both", "auto_recording": "none",
                "waiting_room": true, "meeting_authentication": false, "encryption_type": "enhanced_encryption",
                "allow_multiple_devices": false, "alternative_hosts": "", "alternative_hosts_email_notification": true, "focus_mode": false,
                "private_meeting": false, "internal_meeting": false, "email_notification": true, "device_testing": false,
                "registrants_email_notification": true, "registrants_confirmation_email": true, "close_registration": false,
                "show_share_button": false, "contact_name": "Jane Doe", "contact_email": "jane@example.com", "global_dial_in_countries": ["US"],
                "breakout_room": {"enable": false}, "meeting_invitees": [], "enable_dedicated_group_chat": false,
                "approved_or_denied_countries_or_regions": {"enable": false},
            },
        });
        if start > 0 {
            meeting["start_time"] = json!(rfc3339(start));
        }
        if kind == 8 {
            meeting["recurrence"] = json!({"type": 1, "repeat_interval": 1, "end_times": 5});
            let occurrences: Vec<Value> = (0..5)
                .map(|day| start + day * DAY)
                .map(|start| json!({"occurrence_id": (start * 1000).to_string(), "start_time": rfc3339(start), "duration": 60, "status": "available"}))
                .filter(|one| !self.skipped.contains(&(number, one["occurrence_id"].as_str().unwrap_or_default().to_owned())))
                .collect();
            meeting["occurrences"] = Value::Array(occurrences);
        }
        if let Some(changed) = self.changed.get(&number) {
            overlay(&mut meeting, changed);
        }
        if let Some(wanted) = occurrence {
            let all = meeting["occurrences"].as_array().cloned().unwrap_or_default();
            let Some(found) = all.iter().find(|one| one["occurrence_id"] == wanted) else {
                return Err(refusal(400, 300, "Invalid parameter: `occurrence_id`."));
            };
            meeting["start_time"] = found["start_time"].clone();
            if let Some(changed) = self.changed.get(&number).and_then(|changed| changed["of_occurrences"].get(wanted)) {
                overlay(&mut meeting, &changed.clone());
            }
        }
        if let Some(map) = meeting.as_object_mut() {
            map.remove("of_occurrences");
        }
        Ok(meeting)
    }

    /// Changes a meeting; what Zoom ignores is ignored.
    pub fn patch(
        &mut self,
        number: u64,
        occurrence: Option<&str>,
        body: &Map<String, Value>,
        now: u64,
    ) -> Result<(), Refusal> {
        let before = self.get(number, occurrence, now)?;
        let mut body = body.clone();
        if let Some(text) = body.get("password").and_then(Value::as_str)
            && !text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"@-_*".contains(&byte))
        {
            return Err(refusal(400, 300, "The passcode holds a character that is not allowed."));
        }
        let start = body.get("start_time").and_then(Value::as_str).map(str::to_owned);
        if let Some(text) = start {
            let zone = body
                .get("timezone")
                .or_else(|| before.get("timezone"))
                .and_then(Value::as_str)
                .unwrap_or("UTC")
                .to_owned();
            match instant(&text, &zone) {
                // A start in the past is ignored without a word.
                Some(start) if start > now => {
                    body.insert("start_time".to_owned(), json!(rfc3339(start)));
                }
                _ => {
                    body.remove("start_time");
                }
            }
        }
        let passcode =
            body.get("password").or_else(|| before.get("password")).and_then(Value::as_str).map(str::to_owned);
        if let Some(Value::Object(settings)) = body.get_mut("settings") {
            let off = |key: &str| settings.get(key).unwrap_or(&before["settings"][key]) == &json!(false);
            let no_passcode = passcode.as_deref() == Some("");
            if off("waiting_room") && off("meeting_authentication") && no_passcode {
                settings.insert("waiting_room".to_owned(), json!(true));
            }
            if occurrence.is_some() {
                settings.retain(|key, _| SETTINGS_OF_AN_OCCURRENCE.contains(&key.as_str()));
            }
        }
        let changed = self.changed.entry(number).or_insert_with(|| json!({}));
        match occurrence {
            None => overlay(changed, &Value::Object(body)),
            Some(id) => {
                body.retain(|key, _| OF_AN_OCCURRENCE.contains(&key.as_str()));
                let mut one = json!({});
                one["of_occurrences"][id] = Value::Object(body);
                overlay(changed, &one);
            }
        }
        Ok(())
    }

    /// Deletes a meeting or an occurrence.
    pub fn delete(&mut self, number: u64, occurrence: Option<&str>, now: u64) -> Result<(), Refusal> {
        if number == 5_551_112_222 {
            return Err(refusal(400, 3018, "Not allowed to delete PMI."));
        }
        if self.is_live(number) {
            return Err(refusal(400, 3002, "Sorry, you cannot delete this meeting since it is in progress."));
        }
        match occurrence {
            Some(id) => {
                self.get(number, occurrence, now)?;
                self.skipped.insert((number, id.to_owned()));
            }
            None => {
                self.deleted.insert(number);
            }
        }
        Ok(())
    }

    /// Ends a meeting that runs.
    pub fn end(&mut self, number: u64) -> Result<(), Refusal> {
        if !self.is_live(number) {
            return Err(refusal(400, 3007, "The meeting is not in progress: it has ended or not started."));
        }
        self.ended.insert(number);
        Ok(())
    }

    /// A page of a user's meetings.
    pub fn page(&self, host: u64, kind: &str, window: &Window, now: u64) -> Value {
        let own: Vec<u64> = if host == 0 { JANES.to_vec() } else { vec![FIRST + host * 10, FIRST + host * 10 + 1] };
        let wanted = |number: &u64| match kind {
            "live" => self.is_live(*number),
            "previous_meetings" => self.ended.contains(number),
            _ => !self.ended.contains(number),
        };
        let own: Vec<u64> = own.into_iter().filter(|number| !self.deleted.contains(number)).filter(wanted).collect();
        let total = own.len() as u64;
        let listed = own.iter().skip(window.start as usize).take(window.size as usize).filter_map(|number| {
            let meeting = self.get(*number, None, now).ok()?;
            let keys = [
                "uuid",
                "id",
                "host_id",
                "topic",
                "type",
                "start_time",
                "duration",
                "timezone",
                "agenda",
                "created_at",
                "join_url",
            ];
            let mut one: Map<String, Value> =
                keys.iter().filter_map(|key| Some(((*key).to_owned(), meeting.get(*key)?.clone()))).collect();
            if meeting["settings"]["use_pmi"] == true {
                one.insert("pmi".to_owned(), json!(number.to_string()));
            }
            Some(Value::Object(one))
        });
        json!({
            "page_size": window.size,
            "total_records": total,
            "next_page_token": window.next(total, now),
            "meetings": listed.collect::<Vec<_>>(),
        })
    }

    /// The invitation, in step with what the meeting is now.
    pub fn invitation(&self, number: u64, now: u64) -> Result<Value, Refusal> {
        let meeting = self.get(number, None, now)?;
        let digits = number.to_string();
        let (head, rest) = digits.split_at(digits.len() - 8);
        let spaced = format!("{head} {} {}", &rest[..4], &rest[4..]);
        let text = |key: &str| meeting[key].as_str().unwrap_or_default().to_owned();
        let time = match meeting.get("start_time") {
            Some(_) => format!("Time: {} ({})\r\n", text("start_time"), text("timezone")),
            None => "Time: This is a recurring meeting Meet anytime\r\n".to_owned(),
        };
        let passcode = match text("password") {
            none if none.is_empty() => String::new(),
            passcode => format!("Passcode: {passcode}\r\n"),
        };
        let invitation = format!(
            "Jane Doe is inviting you to a scheduled Zoom meeting.\r\n\r\nTopic: {}\r\n{time}\r\nJoin Zoom Meeting\r\n{}\r\n\r\nMeeting ID: {spaced}\r\n{passcode}\r\n---\r\n\r\nOne tap mobile\r\n+13015550115,,{number}#,,,,*408921# US\r\n\r\nJoin by SIP\r\n- {number}@zoomcrc.example\r\n",
            text("topic"),
            text("join_url"),
        );
        Ok(json!({"invitation": invitation, "sip_links": [format!("sip:{number}@zoomcrc.example")]}))
    }
}

fn instant(text: &str, zone: &str) -> Option<u64> {
    let stamp = text.parse::<jiff::Timestamp>().ok().or_else(|| {
        let zone = jiff::tz::TimeZone::get(zone).ok()?;
        text.parse::<jiff::civil::DateTime>().ok()?.to_zoned(zone).ok().map(|zoned| zoned.timestamp())
    })?;
    u64::try_from(stamp.as_second()).ok()
}

fn overlay(tree: &mut Value, changed: &Value) {
    match (tree, changed) {
        (Value::Object(tree), Value::Object(changed)) => {
            for (key, value) in changed {
                overlay(tree.entry(key).or_insert(Value::Null), value);
            }
        }
        (tree, changed) => *tree = changed.clone(),
    }
}
