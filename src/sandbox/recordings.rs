//! The account's cloud recordings: files, trash, settings, and who viewed them.

use super::message::{Refusal, invalid_field, refusal};
use super::paging::Window;
use super::story::{Recording, story};
use super::time::{DAY, DateRange, timestamp};
use super::users::{Users, id};
use serde_json::{Map, Value, json};
use std::collections::{HashMap, HashSet};

/// The state of all recordings.
#[derive(Debug)]
pub struct Recordings {
    /// The second that the sandbox was started at.
    created_at: u64,
    trash: HashSet<&'static str>,
    gone: HashSet<&'static str>,
    changed: HashMap<&'static str, Map<String, Value>>,
    /// Those that were taken over from a deleted user, and by whom.
    hosts: HashMap<&'static str, u64>,
}

impl Recordings {
    pub fn new(users: Users, created_at: u64) -> Self {
        let trashed = story().recordings.iter().filter(|seed| seed.is_trashed);
        let without_host = story()
            .recordings
            .iter()
            .filter(|seed| users.status(seed.host) != "active");
        Self {
            created_at,
            trash: trashed.map(|seed| seed.uuid.as_str()).collect(),
            gone: without_host.map(|seed| seed.uuid.as_str()).collect(),
            changed: HashMap::new(),
            hosts: HashMap::new(),
        }
    }

    /// Finds a recording by its meeting's number or its UUID, in the trash or outside.
    fn find(&self, id: &str, trashed: bool) -> Result<&'static Recording, Refusal> {
        story()
            .recordings
            .iter()
            .filter(|seed| seed.uuid == id || seed.number.to_string() == id)
            .filter(|seed| !self.gone.contains(seed.uuid.as_str()))
            .find(|seed| self.trash.contains(seed.uuid.as_str()) == trashed)
            .ok_or_else(|| refusal(404, 3301, "There is no recording for this meeting."))
    }

    fn host(&self, seed: &Recording) -> u64 {
        self.hosts
            .get(seed.uuid.as_str())
            .copied()
            .unwrap_or(seed.host)
    }

    /// Gives all of a user's recordings to `heir`; without one they are gone.
    pub fn pass_on(&mut self, host: u64, heir: Option<u64>) {
        for seed in story()
            .recordings
            .iter()
            .filter(|seed| self.host(seed) == host)
            .collect::<Vec<_>>()
        {
            match heir {
                Some(heir) => self.hosts.insert(seed.uuid.as_str(), heir).is_some(),
                None => self.gone.insert(seed.uuid.as_str()),
            };
        }
    }

    /// Returns a recording as GET /meetings/{id}/recordings gives it.
    pub fn get(&self, id: &str, include_fields: Option<&str>) -> Result<Value, Refusal> {
        let seed = self.find(id, false)?;
        let mut recording = self.write(seed);

        recording["password"] = self.settings(seed)["password"].clone();
        if include_fields.is_some_and(|fields| fields.contains("download_access_token")) {
            recording["download_access_token"] = json!("eyJhbGciOiJIUzUxMiJ9.sandbox-download");
        }

        Ok(recording)
    }

    fn write(&self, seed: &Recording) -> Value {
        let start = self.created_at - seed.hours_ago * 3600;
        let settings = self.settings(seed);
        let is_trashed = self.trash.contains(seed.uuid.as_str());
        let file = |kind: &str, extension: &str, view: &str, size: u64| {
            let mut file = json!({
                "id": format!("{}-{kind}", seed.number),
                "meeting_id": seed.uuid,
                "recording_start": timestamp(start),
                "recording_end": timestamp(start + 1800),
                "file_type": kind,
                "file_extension": extension,
                "file_size": size,
                "play_url": format!("https://example.zoom.us/rec/play/{}", seed.number),
                "download_url": format!("https://example.zoom.us/rec/download/{}", seed.number),
                "status": "completed",
                "recording_type": view,
            });
            if is_trashed {
                file["deleted_time"] = timestamp(self.created_at - 3600);
            }
            file
        };

        let passcode = settings["password"].as_str().unwrap_or_default();

        // The passcode for links is another form of the recording's own.
        let play_passcode = if passcode.is_empty() {
            ""
        } else {
            "yNYIS408EJygs7rE5vVsJwXIz4"
        };

        let mut recording = json!({
            "uuid": seed.uuid,
            "id": seed.number,
            "account_id": "q6gBJVO5TzexKYTb_I2rpg",
            "host_id": id(self.host(seed)),
            "topic": settings["topic"],
            "type": "2",
            "start_time": timestamp(start),
            "duration": 30,
            "total_size": 9_439_232,
            "recording_count": 3,
            "share_url": format!("https://example.zoom.us/rec/share/{}", seed.number),
            "recording_play_passcode": play_passcode,
            "auto_delete": settings["auto_delete"],
            "recording_files": [
                file("MP4", "MP4", "shared_screen_with_speaker_view", 8_388_608),
                file("M4A", "M4A", "audio_only", 1_048_576),
                file("CHAT", "TXT", "chat_file", 2_048),
            ],
        });

        // No link leads to what is not shared.
        if let (Some(map), "none") = (
            recording.as_object_mut(),
            settings["share_recording"].as_str().unwrap_or_default(),
        ) {
            map.remove("share_url");
        }

        recording
    }

    /// Returns a page of a user's recordings, or of the user's trash.
    pub fn page(
        &self,
        host: u64,
        query: &HashMap<&str, &str>,
        window: &Window,
        now: u64,
    ) -> Result<Value, Refusal> {
        let range = DateRange::read(query, now)?.clamped();
        let is_trash = query.get("trash") == Some(&"true");
        let files_only = query.get("trash_type") == Some(&"recording_file");
        let meeting = query.get("meeting_id").map(|number| (*number).to_owned());

        // The trash has no days, and no file in it that was thrown away by itself.
        let there = |seed: &&Recording| {
            let is_theirs = self.host(seed) == host && !self.gone.contains(seed.uuid.as_str());
            let is_wanted = meeting
                .as_ref()
                .is_none_or(|number| *number == seed.number.to_string());
            let is_in = if is_trash {
                !files_only
            } else {
                range.holds(self.created_at - seed.hours_ago * 3600)
            };
            is_theirs && is_wanted && is_in && self.trash.contains(seed.uuid.as_str()) == is_trash
        };

        let all: Vec<Value> = story()
            .recordings
            .iter()
            .filter(there)
            .map(|seed| self.write(seed))
            .collect();

        let mut page = window.cut("meetings", &all, now);
        page["from"] = json!(range.from);
        page["to"] = json!(range.to);

        Ok(page)
    }

    /// Moves a recording to the trash, or deletes it for good.
    pub fn delete(&mut self, id: &str, action: &str) -> Result<(), Refusal> {
        if action == "delete" {
            // What is in the trash can be deleted for good as well.
            let seed = self.find(id, false).or_else(|_| self.find(id, true))?;
            self.gone.insert(seed.uuid.as_str());
        } else {
            let seed = self.find(id, false)?;
            self.trash.insert(seed.uuid.as_str());
        }

        Ok(())
    }

    /// Brings a recording back from the trash.
    pub fn recover(&mut self, id: &str) -> Result<(), Refusal> {
        let seed = self.find(id, true)?;
        self.trash.remove(seed.uuid.as_str());
        Ok(())
    }

    fn settings(&self, seed: &Recording) -> Value {
        let mut settings = json!({
            "share_recording": "publicly",
            "recording_authentication": false,
            "authentication_option": "",
            "authentication_domains": "",
            "authentication_name": "",
            "viewer_download": true,
            "password": seed.passcode,
            "on_demand": false,
            "approval_type": 2,
            "send_email_to_host": true,
            "show_social_share_buttons": true,
            "topic": seed.topic.as_str(),
            "auto_delete": false,
        });

        if let (Some(map), Some(changed)) = (
            settings.as_object_mut(),
            self.changed.get(seed.uuid.as_str()),
        ) {
            map.extend(changed.clone());
        }

        settings
    }

    pub fn get_settings(&self, id: &str) -> Result<Value, Refusal> {
        Ok(self.settings(self.find(id, false)?))
    }

    pub fn patch_settings(&mut self, id: &str, body: Map<String, Value>) -> Result<(), Refusal> {
        let uuid = self.find(id, false)?.uuid.as_str();
        let passcode = body.get("password").and_then(Value::as_str);
        if passcode.is_some_and(|passcode| (1..8).contains(&passcode.len())) {
            let message = "The passcode must have 8 to 10 characters.";
            return Err(invalid_field("password", message));
        }

        self.changed.entry(uuid).or_default().extend(body);

        Ok(())
    }

    /// Returns a page of those who viewed or downloaded a recording.
    pub fn analytics(
        &self,
        id: &str,
        query: &HashMap<&str, &str>,
        users: Users,
        window: &Window,
        now: u64,
    ) -> Result<Value, Refusal> {
        let seed = self.find(id, false)?;
        let range = DateRange::read(query, now)?.within_a_month()?;
        let row = |name: &str, email: &str, days: u64, seconds: u64| {
            // Nobody watched it before it was there.
            let ago = (days * DAY).min(seed.hours_ago * 3600 - 1800);
            let second = self.created_at - ago;
            let row = json!({"date_time": timestamp(second), "name": name, "email": email, "duration": seconds});
            (second, row)
        };

        // One who looked in, and one who took it along.
        let stranger = ("Mallory Smith", "mallory@example.net");
        let rows = match query.get("type") {
            Some(&"by_download") => vec![row(stranger.0, stranger.1, 1, 0)],
            _ => vec![
                row(stranger.0, stranger.1, 1, 1712),
                row("Omar Haddad", &users.email(2), 2, 640),
            ],
        };

        let rows: Vec<Value> = rows
            .into_iter()
            .filter(|(second, _)| range.holds(*second))
            .map(|(_, row)| row)
            .collect();

        let mut page = window.cut("analytics_details", &rows, now);
        if let Some(page) = page.as_object_mut() {
            page.remove("page_count");
        }

        page["from"] = json!(range.from);
        page["to"] = json!(range.to);

        Ok(page)
    }

    /// Returns topic, meeting, host and whether it is in the trash, of each recording that is there.
    pub fn overview(&self) -> Vec<(&'static str, u64, u64, bool)> {
        story()
            .recordings
            .iter()
            .filter(|seed| !self.gone.contains(seed.uuid.as_str()))
            .map(|seed| {
                (
                    seed.topic.as_str(),
                    seed.number,
                    self.host(seed),
                    self.trash.contains(seed.uuid.as_str()),
                )
            })
            .collect()
    }
}
