//! Evidence: sign-ins, operation logs, and the participants of meetings.

use super::message::{Refusal, refusal};
use super::story::{PastMeeting, Person, story};
use super::time::{DAY, DateRange, timestamp};
use super::users::{Users, id, name};
use serde_json::{Value, json};

/// The length of every past meeting, in seconds.
const TOOK: u64 = 1800;

/// The participants of a meeting that runs: the host, a colleague and the stranger, twice.
pub const NOW_IN_MEETING: [usize; 3] = [1, 2, 2];

impl Person {
    fn name(&self) -> String {
        let user = self.user.map(name);
        user.map_or_else(
            || self.name.clone(),
            |(first, last)| format!("{first} {last}"),
        )
    }

    /// Zoom leaves a stranger's address blank.
    fn email(&self, users: Users) -> String {
        self.user.map_or_else(String::new, |user| users.email(user))
    }
}

/// The rows of a report: those whose second lies in the range, newest first.
fn in_range(mut rows: Vec<(u64, Value)>, range: &DateRange) -> Vec<Value> {
    rows.retain(|(second, _)| range.holds(*second));
    rows.sort_by_key(|(second, _)| std::cmp::Reverse(*second));
    rows.into_iter().map(|(_, row)| row).collect()
}

/// Returns the sign-ins and sign-outs of a range: those of a story, and the daily ones of the last ten days.
pub fn activities(users: Users, created_at: u64, range: &DateRange) -> Vec<Value> {
    let told = story().sign_ins.iter().map(|one| {
        let second = created_at - one.hours_ago * 3600;
        (second, one.user, &*one.kind, &*one.address, &*one.client)
    });

    // Jane and user 2 come in the morning and leave in the afternoon.
    let today = created_at / DAY * DAY;
    let daily = (1..=10).flat_map(|days| {
        story().people.iter().take(2).flat_map(move |person| {
            let user = person.user.unwrap_or_default();
            [(7, "Sign in"), (16, "Sign out")].map(|(hour, kind)| {
                let second = today - days * DAY + hour * 3600 + user;
                (second, user, kind, &*person.address, &*person.device)
            })
        })
    });

    // A small account has not all of the users.
    let rows = told
        .chain(daily)
        .filter(|(_, user, ..)| users.status(*user) == "active")
        .map(|(second, user, kind, address, client)| {
            let row = json!({
                "email": users.email(user), "time": timestamp(second), "type": kind,
                "ip_address": address, "client_type": client, "version": "6.2.11.50939",
            });
            (second, row)
        });

    in_range(rows.collect(), range)
}

/// Returns the operation logs of a range, of one category or of all.
pub fn operation_logs(
    users: Users,
    created_at: u64,
    range: &DateRange,
    category: Option<&str>,
) -> Vec<Value> {
    let is_wanted = |name: &str| match category {
        None | Some("all") => true,
        Some(category) => name.to_lowercase().replace(' ', "_") == category,
    };

    let rows = story()
        .operations
        .iter()
        .filter(|one| is_wanted(&one.category) && users.status(one.operator) == "active")
        .map(|one| {
            let second = created_at - one.hours_ago * 3600;
            let row = json!({
                "time": timestamp(second), "operator": users.email(one.operator), "category_type": one.category,
                "action": one.action, "operation_detail": one.detail,
            });
            (second, row)
        });

    in_range(rows.collect(), range)
}

/// A meeting that took place or takes place.
#[derive(Debug)]
pub struct Instance {
    pub number: u64,
    pub uuid: String,
    pub host: u64,
    pub topic: String,
    pub start: u64,
    pub is_live: bool,
    /// False right after the end: Zoom has not counted yet.
    pub is_counted: bool,
    pub people: Vec<usize>,
}

impl Instance {
    pub fn past(meeting: &PastMeeting, created_at: u64) -> Self {
        Self {
            number: meeting.number,
            uuid: meeting.uuid.clone(),
            host: meeting.host,
            topic: meeting.topic.clone(),
            start: created_at - meeting.hours_ago * 3600,
            is_live: false,
            is_counted: meeting.hours_ago > 1,
            people: meeting.people.clone(),
        }
    }

    /// Finds the meeting of a UUID, or the latest one of a number.
    pub fn find(id: &str, created_at: u64) -> Option<Self> {
        story()
            .past_meetings
            .iter()
            .find(|past| past.uuid == id || past.number.to_string() == id)
            .map(|past| Self::past(past, created_at))
    }

    /// Returns the participants as the dashboard lists them for `kind`: `live`, `past` or `pastOne`.
    pub fn on_dashboard(&self, kind: &str, users: Users) -> Result<Vec<Value>, Refusal> {
        // The other one is there under its own kind only, as at Zoom.
        if (kind == "live") != self.is_live {
            let message = "Meeting ID is invalid or has not ended.";
            return Err(refusal(404, 3001, message));
        }

        // A meeting of one is not among the past ones, and the other way round.
        if !self.is_live && (kind == "pastOne") != (self.people.len() == 1) {
            return Ok(Vec::new());
        }

        Ok(self.rows(users, |person, join, leave, index| {
            let is_host = person.user == Some(self.host);
            let mut row = json!({
                "id": person.user.map(id).unwrap_or_default(),
                "user_id": format!("167782{index:02}"),
                "participant_uuid": format!("{:08X}-5553-0000-0000-{:012X}", self.number % (1 << 32), index),
                "user_name": person.name(), "email": person.email(users), "role": if is_host { "host" } else { "attendee" },
                "ip_address": person.address, "internal_ip_addresses": ["10.0.0.7"], "location": person.location,
                "device": person.device, "pc_name": format!("PC-{index}"), "mac_addr": "00:00:5e:00:53:01",
                "harddisk_id": "", "domain": "", "network_type": "Wifi", "connection_type": "UDP", "data_center": "DE",
                "version": "6.2.11.50939", "status": "in_meeting", "camera": "", "microphone": "", "speaker": "",
                "audio_quality": "good", "video_quality": "good", "screen_share_quality": "", "recording": false,
                "share_application": false, "share_desktop": person.user.is_none(), "share_whiteboard": false,
                "join_time": timestamp(join),
                "leave_time": if self.is_live { json!("") } else { timestamp(leave) },
            });
            if !self.is_live {
                row["leave_reason"] = json!(format!("{} left the meeting.", person.name()));
            }
            row
        }))
    }

    /// Returns the participants as the list of a past meeting has them: none when the host was alone.
    pub fn participants(&self, users: Users) -> Vec<Value> {
        if self.people.len() == 1 {
            return Vec::new();
        }

        self.rows(users, |person, join, leave, index| {
            json!({
                "id": person.user.map(id).unwrap_or_default(), "user_id": format!("167782{index:02}"),
                "registrant_id": "", "name": person.name(), "user_email": person.email(users),
                "join_time": timestamp(join), "leave_time": timestamp(leave),
                "duration": if self.is_counted { leave - join } else { 0 },
                "failover": false, "status": "in_meeting", "internal_user": person.user.is_some(),
            })
        })
    }

    fn rows(&self, users: Users, row: impl Fn(&Person, u64, u64, usize) -> Value) -> Vec<Value> {
        // A small account has not all of the people.
        let there = |person: &Person| {
            person
                .user
                .is_none_or(|user| users.status(user) == "active")
        };

        let end = self.start + TOOK;

        self.people
            .iter()
            .filter_map(|place| story().people.get(*place))
            .filter(|person| there(person))
            .enumerate()
            .map(|(index, person)| row(person, self.start + 60 * index as u64 + 4, end, index))
            .collect()
    }

    /// Returns the meeting as GET /past_meetings/{id} gives it.
    pub fn summary(&self, users: Users) -> Value {
        let (first, last) = name(self.host);
        json!({
            "uuid": self.uuid, "id": self.number, "host_id": id(self.host), "type": 2, "topic": self.topic, "dept": "",
            "user_name": format!("{first} {last}"), "user_email": users.email(self.host), "source": "Zoom",
            "start_time": timestamp(self.start), "end_time": timestamp(self.start + TOOK), "duration": TOOK / 60,
            "total_minutes": self.people.len() as u64 * TOOK / 60, "participants_count": self.people.len(),
        })
    }

    /// Returns the meeting as the dashboard lists it.
    pub fn as_listed(&self, users: Users, now: u64) -> Value {
        let (first, last) = name(self.host);
        let seconds = if self.is_live {
            now.saturating_sub(self.start)
        } else {
            TOOK
        };

        json!({
            "uuid": self.uuid, "id": self.number, "topic": self.topic, "host": format!("{first} {last}"),
            "email": users.email(self.host), "user_type": "Licensed", "dept": "", "start_time": timestamp(self.start),
            "end_time": if self.is_live { json!("") } else { timestamp(self.start + TOOK) },
            "duration": format!("{:02}:{:02}", seconds / 60, seconds % 60), "participants": self.people.len(),
            "has_pstn": false, "has_voip": true, "has_3rd_party_audio": false, "has_video": true,
            "has_screen_share": true, "has_recording": false, "has_sip": false, "has_archiving": false,
            "audio_quality": "good", "video_quality": "good", "screen_share_quality": "good",
        })
    }
}
