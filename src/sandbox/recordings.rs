//! The account's cloud recordings: files, trash, settings, and who viewed them. All of them are recordings of Jane's
//! meetings.

use super::paging::Window;
use super::schedule::written;
use super::zoom::{Refusal, refusal, rfc3339};
use serde_json::{Map, Value, json};
use std::collections::{HashMap, HashSet};

const DAY: u64 = 86_400;

/// A recording as it is at the start.
struct Seed {
    uuid: &'static str,
    meeting: u64,
    topic: &'static str,
    /// Days before the start of the sandbox.
    age: u64,
    trashed: bool,
}

const SEEDS: [Seed; 3] = [
    Seed {
        uuid: "aDYlohsHRtCd4ii1uC2+hA==",
        meeting: 85_746_065_432,
        topic: "Weekly incident review",
        age: 3,
        trashed: false,
    },
    // Zoom wants this one encoded twice in a path.
    Seed {
        uuid: "/ajXp112QmuoKj4854875==",
        meeting: 82_345_678_901,
        topic: "Board meeting",
        age: 40,
        trashed: false,
    },
    Seed {
        uuid: "kQx9vZ2yTsa4Wb7cD8eF1g==",
        meeting: 83_456_789_012,
        topic: "Salary review",
        age: 10,
        trashed: true,
    },
];

/// The state of all recordings.
#[derive(Debug)]
pub struct Recordings {
    /// The second that the sandbox was started at.
    born: u64,
    trash: HashSet<&'static str>,
    gone: HashSet<&'static str>,
    changed: HashMap<&'static str, Map<String, Value>>,
}

impl Recordings {
    pub fn new(born: u64) -> Self {
        let trashed = SEEDS.iter().filter(|seed| seed.trashed);
        Self {
            born,
            trash: trashed.map(|seed| seed.uuid).collect(),
            gone: HashSet::new(),
            changed: HashMap::new(),
        }
    }

    /// Finds a recording by its meeting's number or its UUID.
    fn find(&self, id: &str, trashed: bool) -> Result<&'static Seed, Refusal> {
        let is_it = |seed: &&Seed| seed.uuid == id || seed.meeting.to_string() == id;
        SEEDS
            .iter()
            .filter(is_it)
            .find(|seed| {
                !self.gone.contains(seed.uuid) && self.trash.contains(seed.uuid) == trashed
            })
            .ok_or_else(|| refusal(404, 3301, "There is no recording for this meeting."))
    }

    /// A recording as GET /meetings/{id}/recordings gives it.
    pub fn get(&self, id: &str) -> Result<Value, Refusal> {
        let seed = self.find(id, false)?;
        let mut recording = self.write(seed);
        recording["password"] = json!("7aX9pQ12");
        Ok(recording)
    }

    fn write(&self, seed: &Seed) -> Value {
        let start = self.born - seed.age * DAY;
        let link = format!("https://example.zoom.us/rec/share/{}", seed.meeting);
        let file = |kind: &str, view: &str, size: u64| {
            json!({
                "id": format!("{}-{kind}", seed.meeting),
                "meeting_id": seed.uuid,
                "recording_start": written(start),
                "recording_end": written(start + 1800),
                "file_type": kind,
                "file_extension": kind,
                "file_size": size,
                "play_url": format!("https://example.zoom.us/rec/play/{}", seed.meeting),
                "download_url": format!("https://example.zoom.us/rec/download/{}", seed.meeting),
                "status": "completed",
                "recording_type": view,
            })
        };

        json!({
            "uuid": seed.uuid,
            "id": seed.meeting,
            "account_id": "q6gBJVO5TzexKYTb_I2rpg",
            "host_id": super::users::id(0),
            "topic": self.settings(seed)["topic"],
            "type": 2,
            "start_time": written(start),
            "duration": 30,
            "total_size": 9_437_184,
            "recording_count": 2,
            "share_url": link,
            "recording_play_passcode": "yNYIS408EJygs7rE5vVsJwXIz4",
            "recording_files": [
                file("MP4", "shared_screen_with_speaker_view", 8_388_608),
                file("M4A", "audio_only", 1_048_576),
            ],
        })
    }

    /// A page of a user's recordings, or of the user's trash.
    pub fn page(&self, host: u64, query: &HashMap<&str, &str>, window: &Window, now: u64) -> Value {
        let trashed = query.get("trash") == Some(&"true");
        let today = rfc3339(now);
        let day = |name: &str| query.get(name).map_or(&today[..10], |day| *day);
        let (from, to) = (day("from"), day("to"));
        let in_range = |seed: &&Seed| {
            let start = rfc3339(self.born - seed.age * DAY);
            (from..=to).contains(&&start[..10])
        };

        let there = SEEDS
            .iter()
            .filter(|seed| host == 0 && !self.gone.contains(seed.uuid))
            .filter(|seed| self.trash.contains(seed.uuid) == trashed)
            // The trash has no days.
            .filter(|seed| trashed || in_range(seed));
        let all: Vec<Value> = there.map(|seed| self.write(seed)).collect();

        let mut page = window.cut("meetings", &all, now);
        page["from"] = json!(from);
        page["to"] = json!(to);
        page
    }

    /// Moves a recording to the trash, or deletes it for good.
    pub fn delete(&mut self, id: &str, action: &str) -> Result<(), Refusal> {
        let uuid = self.find(id, false)?.uuid;
        if action == "delete" {
            self.gone.insert(uuid);
        } else {
            self.trash.insert(uuid);
        }
        Ok(())
    }

    /// Brings a recording back from the trash.
    pub fn recover(&mut self, uuid: &str) -> Result<(), Refusal> {
        let uuid = self.find(uuid, true)?.uuid;
        self.trash.remove(uuid);
        Ok(())
    }

    fn settings(&self, seed: &Seed) -> Value {
        let mut settings = json!({
            "share_recording": "publicly",
            "recording_authentication": false,
            "authentication_option": "",
            "authentication_domains": "",
            "viewer_download": true,
            "password": "",
            "on_demand": false,
            "approval_type": 2,
            "send_email_to_host": true,
            "show_social_share_buttons": true,
            "topic": seed.topic,
            "auto_delete": false,
        });
        if let (Some(map), Some(changed)) = (settings.as_object_mut(), self.changed.get(seed.uuid))
        {
            map.extend(changed.clone());
        }
        settings
    }

    pub fn get_settings(&self, id: &str) -> Result<Value, Refusal> {
        Ok(self.settings(self.find(id, false)?))
    }

    pub fn patch_settings(&mut self, id: &str, body: Map<String, Value>) -> Result<(), Refusal> {
        let uuid = self.find(id, false)?.uuid;
        let passcode = body.get("password").and_then(Value::as_str);
        if passcode.is_some_and(|passcode| !passcode.is_empty() && passcode.len() < 8) {
            return Err(refusal(
                400,
                300,
                "The passcode must have 8 to 10 characters.",
            ));
        }
        self.changed.entry(uuid).or_default().extend(body);
        Ok(())
    }

    /// A page of those who viewed or downloaded a recording.
    pub fn analytics(
        &self,
        id: &str,
        query: &HashMap<&str, &str>,
        window: &Window,
        now: u64,
    ) -> Result<Value, Refusal> {
        let seed = self.find(id, false)?;
        let row = |name: &str, email: &str, days: u64, seconds: u64| {
            let day = written(self.born - days.min(seed.age) * DAY);
            json!({"date_time": day, "name": name, "email": email, "duration": seconds})
        };
        let rows = match query.get("type") {
            Some(&"by_download") => vec![row("Mallory Smith", "mallory@example.net", 1, 0)],
            _ => vec![
                row("Mallory Smith", "mallory@example.net", 1, 1712),
                row("Omar Haddad", "user2@example.com", 2, 640),
            ],
        };

        let today = rfc3339(now);
        let day = |name: &str| query.get(name).map_or(&today[..10], |day| *day);
        let (from, to) = (day("from"), day("to"));
        let in_range = |row: &Value| {
            row["date_time"]
                .as_str()
                .is_some_and(|time| (from..=to).contains(&&time[..10]))
        };
        let rows: Vec<Value> = rows.into_iter().filter(in_range).collect();
        Ok(window.cut("analytics_details", &rows, now))
    }
}
