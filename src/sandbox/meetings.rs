//! The account's meetings as they are now: those of the start, with what was created, changed, ended or deleted laid
//! over them.

use super::invitation;
use super::merge::merge;
use super::message::{Refusal, invalid_field, refusal};
use super::paging::Window;
use super::reports::{Instance, NOW_IN_MEETING};
use super::schedule::{Days, instant, occurrence_id, occurrences, second_of};
use super::seed_meetings::{self, HIJACKED, INSTANT, PERSONAL, WAR_ROOM, planned};
use super::story::{VICTIM, story};
use super::time::{DAY, timestamp};
use super::users::Users;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashMap, HashSet};

/// The meetings that run at the start.
const LIVE: [u64; 3] = [HIJACKED, WAR_ROOM, INSTANT];
/// The number before that of the first meeting that is created.
const BEFORE_CREATED: u64 = 93_000_000_000;
/// Meetings that exist only to be refused: see [`super::handler`].
const REFUSALS: std::ops::RangeInclusive<u64> = 99_000_000_000..=99_000_099_999;

/// The fields of a meeting that List Meetings gives.
const LISTED: &str =
    "uuid id host_id topic type start_time duration timezone agenda created_at join_url";
/// The fields of one occurrence that may be changed, besides some settings.
const OF_AN_OCCURRENCE: &str = "agenda start_time duration settings";
const SETTINGS_OF_AN_OCCURRENCE: &str = "\
    host_video participant_video join_before_host mute_upon_entry waiting_room watermark \
    auto_recording";

/// Fields that Zoom takes and never gives.
const NEVER_GIVEN: [&str; 2] = ["schedule_for", "template_id"];

/// The account's meetings.
#[derive(Debug)]
pub struct Meetings {
    users: Users,
    /// The second that the meetings were planned at.
    created_at: u64,
    changed: HashMap<u64, Value>,
    ended: HashSet<u64>,
    deleted: HashSet<u64>,
    /// Deleted occurrences: the meeting and the occurrence's id.
    skipped: HashSet<(u64, String)>,
    /// The bodies that created them.
    created: BTreeMap<u64, Value>,
    /// The hosts of those that were created, or taken over from a deleted user.
    hosts: BTreeMap<u64, u64>,
}

impl Meetings {
    pub fn new(users: Users, created_at: u64) -> Self {
        Self {
            users,
            created_at,
            changed: HashMap::new(),
            ended: HashSet::new(),
            deleted: HashSet::new(),
            skipped: HashSet::new(),
            created: BTreeMap::new(),
            hosts: BTreeMap::new(),
        }
    }

    /// Returns the numbers of the meetings that a user hosts, deleted ones too.
    fn own(&self, host: u64) -> Vec<u64> {
        let mut own = seed_meetings::own(self.users, host);
        own.retain(|number| !self.hosts.contains_key(number));
        let given = self.hosts.iter().filter(|(_, owner)| **owner == host);
        own.extend(given.map(|(number, _)| *number));
        own
    }

    /// Returns the number of the user who hosts a meeting.
    pub fn host(&self, number: u64) -> u64 {
        let host = self.hosts.get(&number).copied();
        host.unwrap_or_else(|| seed_meetings::host(number))
    }

    /// Makes `heir` the host of all of a user's meetings; without one they are deleted.
    pub fn pass_on(&mut self, host: u64, heir: Option<u64>) {
        for number in self.own(host) {
            match heir {
                Some(heir) => self.hosts.insert(number, heir).is_none(),
                None => self.deleted.insert(number),
            };
        }
    }

    /// Returns a meeting as it was before it was changed.
    fn planned(&self, number: u64) -> Value {
        let host = self.host(number);
        let mut meeting = planned(self.users, self.created_at, number, host);
        if let Some(asked) = self.created.get(&number) {
            merge(&mut meeting, asked);
        }
        meeting
    }

    /// Creates a meeting; returns it as POST /users/{id}/meetings does.
    pub fn create(
        &mut self,
        host: u64,
        mut body: Map<String, Value>,
        now: u64,
    ) -> Result<Value, Refusal> {
        let kind = body.entry("type").or_insert_with(|| json!(2)).clone();

        // An instant meeting is the caller's own by its nature.
        let schedule_for = body.get("schedule_for").and_then(Value::as_str);
        if kind == 1 && schedule_for.is_some() {
            let message = "Instant meetings do not support the `schedule_for` parameter, and you can't schedule an instant meeting for another user.";
            return Err(refusal(400, 3000, message));
        }

        self.check(&body)?;

        let host = match schedule_for {
            Some(name) => self.users.find(name)?,
            None => host,
        };

        let zone = body.get("timezone").and_then(Value::as_str);
        let zone = zone.unwrap_or("Europe/Berlin").to_owned();
        let start = body.get("start_time").and_then(Value::as_str);
        let start = start.and_then(|start| instant(start, &zone));

        // Without a start it is now.
        if kind != 3 {
            let start = start.unwrap_or(now).max(now);
            body.insert("start_time".to_owned(), timestamp(start));
        }

        for key in NEVER_GIVEN {
            body.remove(key);
        }

        body.entry("topic").or_insert_with(|| json!("Zoom Meeting"));
        body.insert("created_at".to_owned(), timestamp(now));

        let number = BEFORE_CREATED + 1 + self.created.len() as u64;
        self.hosts.insert(number, host);
        self.created.insert(number, Value::Object(body));
        self.keep_floor(number);

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

    /// Returns the meetings that run now.
    pub fn live(&self) -> Vec<Instance> {
        LIVE.into_iter()
            .filter(|number| self.is_live(*number))
            .map(|number| self.running(number))
            .collect()
    }

    /// Returns a meeting that runs, or ran since the start.
    fn running(&self, number: u64) -> Instance {
        let meeting = self.planned(number);
        let host = self.host(number);
        let host_place = if host == VICTIM { 3 } else { 0 };

        Instance {
            number,
            uuid: uuid(number),
            host,
            topic: meeting["topic"].as_str().unwrap_or_default().to_owned(),
            start: second_of(meeting.get("start_time")).unwrap_or_default(),
            is_live: self.is_live(number),
            is_counted: true,
            people: [&[host_place], &NOW_IN_MEETING[..]].concat(),
        }
    }

    /// Finds the meeting that runs or took place, by number or UUID: of a number the latest.
    pub fn instance(&self, id: &str) -> Result<Instance, Refusal> {
        // The UUIDs of meetings without a past are their number in another form.
        let from_uuid = id
            .strip_suffix("==")
            .and_then(|hex| u64::from_str_radix(hex, 16).ok());
        let number = from_uuid.or_else(|| id.parse().ok()).unwrap_or_default();
        if self.is_live(number) || self.ended.contains(&number) {
            return Ok(self.running(number));
        }

        let past = Instance::find(id, self.created_at)
            .filter(|past| self.users.status(past.host) == "active");
        let missing = || refusal(404, 3001, &format!("Meeting does not exist: {id}."));

        past.ok_or_else(missing)
    }

    /// Returns the meetings that took place, newest first.
    pub fn past(&self) -> Vec<Instance> {
        let ended = LIVE.iter().filter(|number| self.ended.contains(number));
        let past = story()
            .past_meetings
            .iter()
            .filter(|past| self.users.status(past.host) == "active")
            .map(|past| Instance::past(past, self.created_at));

        ended
            .map(|number| self.running(*number))
            .chain(past)
            .collect()
    }

    /// Returns the number of the meeting in a path, if there is such a meeting.
    pub fn find(&self, text: &str) -> Result<u64, Refusal> {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let Some(number) = text.parse::<u64>().ok().filter(|_| digits) else {
            return Err(refusal(400, 300, "Invalid meeting id."));
        };

        match number {
            87_000_000_001 => return Err(refusal(400, 3000, "Cannot access webinar info.")),
            86_000_000_001 => {
                let message = "Meeting hosting and scheduling capabilities are not allowed for your user account.";
                return Err(refusal(400, 3161, message));
            }
            88_000_000_001 => return Err(refusal(400, 3003, "You are not the meeting host.")),
            _ => {}
        }

        let is_there = REFUSALS.contains(&number) || self.own(self.host(number)).contains(&number);
        if is_there && !self.deleted.contains(&number) {
            return Ok(number);
        }

        Err(refusal(
            404,
            3001,
            &format!("Meeting does not exist: {number}."),
        ))
    }

    fn is_live(&self, number: u64) -> bool {
        LIVE.contains(&number)
            && self.find(&number.to_string()).is_ok()
            && !self.ended.contains(&number)
    }

    /// Returns a meeting as GET /meetings/{id} gives it.
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
            merge(&mut meeting, changed);
        }

        // Changes of single occurrences are kept beside the meeting's own, and shown with theirs.
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
                merge(&mut meeting, changed);
            }
        }

        invitation::complete(&mut meeting, number);

        Ok(meeting)
    }

    /// Puts occurrences of the two days before its start into a series: it is older than the sandbox.
    pub fn show_previous(meeting: &mut Value) {
        let start = second_of(meeting.get("start_time")).unwrap_or_default();
        let duration = meeting["duration"].clone();
        let Some(all) = meeting.get_mut("occurrences").and_then(Value::as_array_mut) else {
            return;
        };

        for days in [1, 2] {
            let start = start.saturating_sub(days * DAY);
            all.insert(0, occurrence(start, &duration));
        }
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
            let mut one = occurrence(start, &meeting["duration"]);
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
        self.check(&body)?;
        let text = |key: &str| body.get(key).and_then(Value::as_str);

        // A start in the past is ignored without a word.
        let zone = text("timezone")
            .or_else(|| before["timezone"].as_str())
            .unwrap_or("UTC");
        match text("start_time")
            .and_then(|start| instant(start, zone))
            .filter(|start| *start > now)
        {
            Some(start) => body.insert("start_time".to_owned(), timestamp(start)),
            None => body.remove("start_time"),
        };

        for key in NEVER_GIVEN {
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
                merge(changed, &Value::Object(body));
            }
            // Zoom drops what an occurrence can't have of its own without a word.
            Some(id) => {
                body.retain(|key, _| is_among(key, OF_AN_OCCURRENCE));
                if let Some(Value::Object(settings)) = body.get_mut("settings") {
                    settings.retain(|key, _| is_among(key, SETTINGS_OF_AN_OCCURRENCE));
                }
                merge(changed, &json!({"of_occurrences": {id: body}}));
            }
        }

        self.keep_floor(number);

        Ok(())
    }

    /// Refuses a passcode, a person or a time that does not fit, as Zoom does.
    fn check(&self, body: &Map<String, Value>) -> Result<(), Refusal> {
        let text = |key: &str| body.get(key).and_then(Value::as_str);
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"@-_*".contains(&byte);
        if text("password").is_some_and(|passcode| !passcode.bytes().all(allowed)) {
            let message = "The passcode holds a character that is not allowed.";
            return Err(refusal(400, 300, message));
        }

        if text("schedule_for").is_some_and(|user| self.users.find(user).is_err()) {
            let message = "The value that you entered in the `schedule_for` field is invalid. Enter a valid value and try again.";
            return Err(refusal(400, 300, message));
        }

        if text("start_time").is_some_and(|start| instant(start, "UTC").is_none()) {
            return Err(invalid_field("start_time", "Invalid date and time."));
        }

        let domains = body
            .get("settings")
            .and_then(|settings| settings["enforce_login_domains"].as_str());
        if domains.is_some_and(|domains| domains.contains(',')) {
            let message =
                "Invalid `enforce_login_domains`. Separate multiple domains with semicolons.";
            return Err(refusal(400, 300, message));
        }

        if body.get("pre_schedule") == Some(&json!(true))
            && body.get("type").is_some_and(|kind| kind != 2 && kind != 3)
        {
            let message = "Prescheduling is only available for scheduled meetings (type 2) and recurring meetings with no fixed time (type 3).";
            return Err(refusal(400, 3000, message));
        }

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
            if open {
                let floor = json!({"settings": {"waiting_room": true}});
                let floor = id.map_or(floor.clone(), |id| json!({"of_occurrences": {id: floor}}));
                merge(
                    self.changed.entry(number).or_insert_with(|| json!({})),
                    &floor,
                );
            }
        }
    }

    /// Deletes a meeting or an occurrence.
    pub fn delete(&mut self, number: u64, occurrence: Option<&str>) -> Result<(), Refusal> {
        // It belongs to the user, not to the calendar.
        if number == PERSONAL {
            return Err(refusal(400, 3018, "Not allowed to delete PMI."));
        }

        if self.is_live(number) {
            let message = "Sorry, you cannot delete this meeting since it is in progress.";
            return Err(refusal(400, 3002, message));
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
            let message = "The meeting is not in progress: it has ended or not started.";
            return Err(refusal(400, 3007, message));
        }

        self.ended.insert(number);
        Ok(())
    }

    /// Returns a page of a user's meetings.
    pub fn page(&self, host: u64, kind: &str, days: &Days, window: &Window, now: u64) -> Value {
        let wanted = |number: &u64| match kind {
            "live" => self.is_live(*number),
            "upcoming" | "upcoming_meetings" => !self.ended.contains(number) && *number != INSTANT,
            // Zoom lists instant meetings only while they run, and only as live ones.
            _ => *number != INSTANT,
        };

        let there = |number: &u64| !self.deleted.contains(number);
        let meetings: Vec<Value> = match kind {
            "previous_meetings" => self
                .past()
                .into_iter()
                .filter(|past| past.host == host)
                .map(|past| self.as_previous(&past))
                .collect(),
            _ => self
                .own(host)
                .into_iter()
                .filter(there)
                .filter(wanted)
                .filter_map(|number| self.get(number, None).ok())
                // Screen sharing is no meeting that Zoom lists.
                .filter(|meeting| meeting["type"] != 10)
                .collect(),
        };

        let listed: Vec<Value> = meetings
            .iter()
            .filter(|meeting| days.hold(&starts(meeting)))
            .map(as_listed)
            .collect();

        window.cut("meetings", &listed, now)
    }

    fn as_previous(&self, past: &Instance) -> Value {
        let mut meeting = self.planned(past.number);
        let taken = json!({"uuid": past.uuid, "topic": past.topic, "type": 2, "start_time": timestamp(past.start), "duration": 30});
        merge(&mut meeting, &taken);
        invitation::complete(&mut meeting, past.number);
        meeting
    }
}

/// A meeting as List Meetings gives it.
fn as_listed(meeting: &Value) -> Value {
    let mut one: Map<String, Value> = LISTED
        .split_whitespace()
        .filter_map(|key| Some((key.to_owned(), meeting.get(key)?.clone())))
        .collect();
    if meeting["settings"]["use_pmi"] == true {
        one.insert("pmi".to_owned(), json!(meeting["id"].to_string()));
    }

    Value::Object(one)
}

fn occurrence(start: u64, duration: &Value) -> Value {
    let id = occurrence_id(start);
    json!({"occurrence_id": id, "start_time": timestamp(start), "duration": duration, "status": "available"})
}

fn is_among(key: &str, names: &str) -> bool {
    names.split_whitespace().any(|name| name == key)
}

/// Returns the UUID of a meeting that has not taken place before.
fn uuid(number: u64) -> String {
    format!("{number:022X}==")
}

/// Returns the seconds at which a meeting takes place; none for one without a fixed time.
fn starts(meeting: &Value) -> Vec<u64> {
    match meeting["occurrences"].as_array() {
        Some(all) => all
            .iter()
            .filter_map(|one| second_of(one.get("start_time")))
            .collect(),
        None => second_of(meeting.get("start_time")).into_iter().collect(),
    }
}
