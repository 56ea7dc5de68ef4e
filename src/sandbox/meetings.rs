//! The account's meetings as they are now: what was changed, ended or deleted laid over the calendar. Knows Zoom's refusals about meetings.

use super::calendar::{INSTANT, PERSONAL, WAR_ROOM, host, own, planned};
use super::invitation;
use super::overlay::overlay;
use super::paging::Window;
use super::schedule::{Days, instant, occurrence_id, occurrences, second_of, written};
use super::users::Users;
use super::zoom::{Refusal, refusal};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashMap, HashSet};

/// What List Meetings gives of a meeting.
const LISTED: [&str; 11] = [
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

/// The account's meetings.
#[derive(Debug)]
pub struct Meetings {
    users: Users,
    /// The second that the meetings were planned at.
    born: u64,
    changed: HashMap<u64, Value>,
    ended: HashSet<u64>,
    deleted: HashSet<u64>,
    /// Deleted occurrences: the meeting and the occurrence's id.
    skipped: HashSet<(u64, String)>,
    /// Meetings that were created: the host and what was asked for.
    created: BTreeMap<u64, (u64, Value)>,
}

impl Meetings {
    pub fn new(users: Users, born: u64) -> Self {
        let (changed, ended, deleted, skipped, created) = Default::default();
        Self {
            users,
            born,
            changed,
            ended,
            deleted,
            skipped,
            created,
        }
    }

    /// The numbers of the meetings that a user hosts.
    fn own(&self, host: u64) -> Vec<u64> {
        let created = self.created.iter().filter(|(_, (owner, _))| *owner == host);
        let mut own = own(self.users, host);
        own.extend(created.map(|(number, _)| *number));
        own
    }

    /// The number of the user who hosts a meeting.
    pub fn host(&self, number: u64) -> u64 {
        self.created
            .get(&number)
            .map_or_else(|| host(number), |(host, _)| *host)
    }

    /// A meeting as it was before it was changed.
    fn planned(&self, number: u64) -> Value {
        let Some((host, asked)) = self.created.get(&number) else {
            return planned(self.users, self.born, number);
        };
        let mut meeting = planned(self.users, self.born, 70_000_000_000 + host * 10);
        meeting["id"] = json!(number);
        meeting["uuid"] = json!(format!("{number:022X}=="));
        meeting["start_url"] = json!(format!(
            "https://example.zoom.us/s/{number}?zak=eyJ0eXAiOiJKV1QifQ.sandbox"
        ));
        overlay(&mut meeting, asked);
        meeting
    }

    /// Creates a meeting; returns it as POST /users/{id}/meetings does.
    pub fn create(&mut self, host: u64, mut body: Map<String, Value>) -> Result<Value, Refusal> {
        // Zoom takes these and never gives them.
        for key in ["schedule_for", "template_id", "pre_schedule"] {
            body.remove(key);
        }
        body.entry("topic").or_insert_with(|| json!("Zoom Meeting"));
        body.entry("type").or_insert_with(|| json!(2));
        let number = 93_000_000_001 + self.created.len() as u64;
        self.created.insert(number, (host, Value::Object(body)));
        self.get(number, None)
    }

    /// Brings a deleted meeting back.
    pub fn recover(&mut self, text: &str) -> Result<(), Refusal> {
        let number = text.parse::<u64>().unwrap_or_default();
        if !self.deleted.remove(&number) {
            self.find(text)?;
        }
        Ok(())
    }

    /// The meetings that run now.
    pub fn live(&self) -> Vec<Value> {
        let numbers = [WAR_ROOM, INSTANT]
            .into_iter()
            .filter(|number| self.is_live(*number));
        numbers
            .filter_map(|number| self.get(number, None).ok())
            .collect()
    }

    /// The number of the meeting in a path, if there is such a meeting.
    pub fn find(&self, text: &str) -> Result<u64, Refusal> {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let Some(number) = text.parse::<u64>().ok().filter(|_| digits) else {
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
        if self.own(self.host(number)).contains(&number) && !self.deleted.contains(&number) {
            return Ok(number);
        }
        Err(refusal(
            404,
            3001,
            &format!("Meeting does not exist: {number}."),
        ))
    }

    pub fn is_live(&self, number: u64) -> bool {
        matches!(number, WAR_ROOM | INSTANT) && !self.ended.contains(&number)
    }

    /// A meeting as GET /meetings/{id} gives it.
    pub fn get(&self, number: u64, occurrence: Option<&str>) -> Result<Value, Refusal> {
        let mut meeting = self.planned(number);
        meeting["status"] = json!(if self.is_live(number) {
            "started"
        } else {
            "waiting"
        });
        let changed = self.changed.get(&number);
        if let Some(changed) = changed {
            // A recurrence is given whole: `end_times` and `end_date_time` exclude each other.
            if let (Some(map), Some(_)) = (meeting.as_object_mut(), changed.get("recurrence")) {
                map.remove("recurrence");
            }
            overlay(&mut meeting, changed);
        }
        if let Some(map) = meeting.as_object_mut() {
            map.remove("of_occurrences");
        }
        if meeting["type"] == 8 {
            meeting["occurrences"] = self.occurrences(number, &meeting);
        }
        if let Some(wanted) = occurrence {
            let mut found = meeting["occurrences"].as_array().into_iter().flatten();
            let Some(found) = found.rfind(|one| one["occurrence_id"] == wanted).cloned() else {
                return Err(refusal(400, 300, "Invalid parameter: `occurrence_id`."));
            };
            meeting["start_time"] = found["start_time"].clone();
            meeting["duration"] = found["duration"].clone();
            if let Some(changed) = changed.and_then(|changed| changed["of_occurrences"].get(wanted))
            {
                overlay(&mut meeting, changed);
            }
        }
        invitation::complete(&mut meeting, number);
        Ok(meeting)
    }

    fn occurrences(&self, number: u64, meeting: &Value) -> Value {
        let zone = meeting["timezone"].as_str().unwrap_or("UTC");
        let start = second_of(meeting.get("start_time")).unwrap_or_default();
        let starts = meeting
            .get("recurrence")
            .map(|recurrence| occurrences(recurrence, start, zone))
            .unwrap_or_default();
        let one = |start: u64| {
            let id = occurrence_id(start);
            if self.skipped.contains(&(number, id.clone())) {
                return None;
            }
            let mut one = json!({"occurrence_id": id, "start_time": written(start), "duration": meeting["duration"], "status": "available"});
            let changed = self
                .changed
                .get(&number)
                .and_then(|changed| changed["of_occurrences"].get(&id));
            for key in ["start_time", "duration"] {
                if let Some(value) = changed.and_then(|changed| changed.get(key)) {
                    one[key] = value.clone();
                }
            }
            Some(one)
        };
        starts.into_iter().filter_map(one).collect()
    }

    /// Changes a meeting; what Zoom ignores is ignored.
    pub fn patch(
        &mut self,
        number: u64,
        occurrence: Option<&str>,
        mut body: Map<String, Value>,
        now: u64,
    ) -> Result<(), Refusal> {
        let before = self.get(number, occurrence)?;
        let text = |key: &str| body.get(key).and_then(Value::as_str);
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"@-_*".contains(&byte);
        if text("password").is_some_and(|passcode| !passcode.bytes().all(allowed)) {
            return Err(refusal(
                400,
                300,
                "The passcode holds a character that is not allowed.",
            ));
        }
        if text("schedule_for").is_some_and(|user| self.users.find(user).is_err()) {
            return Err(refusal(
                400,
                300,
                "The value that you entered in the schedule_for field is invalid. Enter a valid value and try again.",
            ));
        }
        // A start in the past is ignored without a word.
        let zone = text("timezone")
            .or_else(|| before["timezone"].as_str())
            .unwrap_or("UTC");
        match text("start_time")
            .and_then(|start| instant(start, zone))
            .filter(|start| *start > now)
        {
            Some(start) => body.insert("start_time".to_owned(), written(start)),
            None => body.remove("start_time"),
        };
        // Zoom takes these and never gives them.
        for key in ["schedule_for", "template_id"] {
            body.remove(key);
        }
        let changed = self.changed.entry(number).or_insert_with(|| json!({}));
        match occurrence {
            None => {
                if let (Some(map), true) =
                    (changed.as_object_mut(), body.contains_key("recurrence"))
                {
                    map.remove("recurrence");
                }
                overlay(changed, &Value::Object(body));
            }
            Some(id) => {
                body.retain(|key, _| OF_AN_OCCURRENCE.contains(&key.as_str()));
                if let Some(Value::Object(settings)) = body.get_mut("settings") {
                    settings.retain(|key, _| SETTINGS_OF_AN_OCCURRENCE.contains(&key.as_str()));
                }
                overlay(changed, &json!({"of_occurrences": {id: body}}));
            }
        }
        self.keep_floor(number);
        Ok(())
    }

    /// The security floor: where neither passcode nor waiting room nor authentication is left, Zoom turns the waiting
    /// room on again, for the series and for each occurrence with settings of its own.
    fn keep_floor(&mut self, number: u64) {
        let changed = self
            .changed
            .get(&number)
            .and_then(|changed| changed["of_occurrences"].as_object());
        let ids: Vec<String> = changed
            .into_iter()
            .flatten()
            .map(|(id, _)| id.clone())
            .collect();
        for id in std::iter::once(None).chain(ids.iter().map(|id| Some(id.as_str()))) {
            let Ok(meeting) = self.get(number, id) else {
                continue;
            };
            let off = |key: &str| meeting["settings"][key] != true;
            let open =
                meeting["password"] == "" && off("waiting_room") && off("meeting_authentication");
            if let (true, Some(changed)) = (open, self.changed.get_mut(&number)) {
                let floor = json!({"settings": {"waiting_room": true}});
                overlay(
                    changed,
                    &id.map_or(floor.clone(), |id| json!({"of_occurrences": {id: floor}})),
                );
            }
        }
    }

    /// Deletes a meeting or an occurrence.
    pub fn delete(&mut self, number: u64, occurrence: Option<&str>) -> Result<(), Refusal> {
        if number == PERSONAL {
            return Err(refusal(400, 3018, "Not allowed to delete PMI."));
        }
        if self.is_live(number) {
            return Err(refusal(
                400,
                3002,
                "Sorry, you cannot delete this meeting since it is in progress.",
            ));
        }
        match occurrence {
            Some(id) => {
                self.get(number, occurrence)?;
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
            return Err(refusal(
                400,
                3007,
                "The meeting is not in progress: it has ended or not started.",
            ));
        }
        self.ended.insert(number);
        Ok(())
    }

    /// A page of a user's meetings.
    pub fn page(&self, host: u64, kind: &str, days: &Days, window: &Window, now: u64) -> Value {
        let wanted = |number: &u64| match kind {
            "live" => self.is_live(*number),
            "previous_meetings" => self.ended.contains(number),
            // Zoom lists instant meetings only while they run, and only as live ones.
            _ if *number == INSTANT => false,
            "upcoming" | "upcoming_meetings" => !self.ended.contains(number),
            _ => true,
        };
        let there = self
            .own(host)
            .into_iter()
            .filter(|number| !self.deleted.contains(number))
            .filter(wanted);
        let all: Vec<Value> = there
            .filter_map(|number| self.get(number, None).ok())
            .collect();
        let own: Vec<&Value> = all
            .iter()
            .filter(|meeting| days.hold(&starts(meeting)))
            .collect();
        let total = own.len() as u64;
        let skipped = usize::try_from(window.start).unwrap_or(usize::MAX);
        let listed = own
            .into_iter()
            .skip(skipped)
            .take(window.size as usize)
            .map(|meeting| {
                let mut one: Map<String, Value> = LISTED
                    .iter()
                    .filter_map(|key| Some(((*key).to_owned(), meeting.get(*key)?.clone())))
                    .collect();
                if meeting["settings"]["use_pmi"] == true {
                    one.insert("pmi".to_owned(), json!(meeting["id"].to_string()));
                }
                Value::Object(one)
            });
        json!({
            "page_size": window.size,
            "total_records": total,
            "next_page_token": window.next(total, now),
            "meetings": listed.collect::<Vec<_>>(),
        })
    }
}

/// The seconds at which a meeting takes place; none for one without a fixed time.
fn starts(meeting: &Value) -> Vec<u64> {
    match meeting["occurrences"].as_array() {
        Some(all) => all
            .iter()
            .filter_map(|one| second_of(one.get("start_time")))
            .collect(),
        None => second_of(meeting.get("start_time")).into_iter().collect(),
    }
}
