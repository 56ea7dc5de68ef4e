//! The account: its users, meetings, recordings and settings as they are now, and what each endpoint makes of them.
//! Begin reading at [`Account::answer`]; another endpoint is an arm there, and its facts in `endpoints.json`.

use super::access::{Access, account_settings};
use super::call::Call;
use super::directory::{Directory, ROLES, find_role};
use super::invitation;
use super::meetings::Meetings;
use super::message::{ApiReply, Refusal, refusal};
use super::profiles::Profiles;
use super::recordings::Recordings;
use super::reports;
use super::schedule::Days;
use super::settings::Settings;
use super::story::Right;
use super::time::{DateRange, rfc3339};
use super::users::{Users, id};
use serde_json::{Value, json};

/// The account.
pub struct Account {
    pub users: Users,
    pub directory: Directory,
    pub profiles: Profiles,
    pub meetings: Meetings,
    pub recordings: Recordings,
    settings: Settings,
    access: Access,
    /// The second that the sandbox was started at.
    created_at: u64,
}

type Answer = Result<ApiReply, Refusal>;

fn ok(body: &Value) -> Answer {
    Ok(ApiReply::json(200, body))
}

impl Account {
    pub fn new(active_users: u64, created_at: u64) -> Self {
        let users = Users::new(active_users);
        Self {
            users,
            directory: Directory::new(users),
            profiles: Profiles::new(users),
            meetings: Meetings::new(users, created_at),
            recordings: Recordings::new(users, created_at),
            settings: Settings::new(),
            access: Access::default(),
            created_at,
        }
    }

    /// Answers a call of one of Zoom's endpoints.
    pub fn answer(&mut self, call: Call<'_>) -> Answer {
        match (call.method, call.path) {
            ("GET", "/users") => self.list_users(&call),
            ("GET", "/users/{userId}") => ok(&self.user(self.user_of(&call)?, call.now)),
            ("PATCH", "/users/{userId}") => {
                let user = self.user_of(&call)?;
                self.profiles.patch(user, call.body)?;
                Ok(ApiReply::empty(call.success))
            }
            ("DELETE", "/users/{userId}") => self.delete_user(&call),
            ("PUT", "/users/{userId}/status") => self.set_user_status(&call),
            // Nobody here is signed in: there is nothing to end but the answer to give.
            ("DELETE", "/users/{userId}/token") => {
                self.user_of(&call)?;
                Ok(ApiReply::empty(call.success))
            }
            ("GET", "/users/{userId}/settings") => {
                let user = self.accepted_user_of(&call)?;
                let (option, fields) = (call.query("option"), call.query("custom_query_fields"));
                ok(&self.settings.get(user, option, fields))
            }
            ("PATCH", "/users/{userId}/settings") => {
                let user = self.accepted_user_of(&call)?;
                let is_licensed = self.profiles.is_licensed(user);
                self.settings.patch(user, is_licensed, call.body)?;
                Ok(ApiReply::empty(call.success))
            }
            ("GET", "/users/{userId}/assistants") => self.delegates(&call, Right::Assistant),
            ("GET", "/users/{userId}/schedulers") => self.delegates(&call, Right::Scheduler),
            ("DELETE", "/users/{userId}/assistants/{assistantId}") => {
                self.remove_delegate(&call, Right::Assistant)
            }
            ("DELETE", "/users/{userId}/schedulers/{schedulerId}") => {
                self.remove_delegate(&call, Right::Scheduler)
            }
            ("GET", "/users/{userId}/meetings") => {
                let user = self.user_of(&call)?;
                let kind = call.query("type").unwrap_or("scheduled");
                let days = Days::read(&call.query)?;
                ok(&self
                    .meetings
                    .page(user, kind, &days, &call.window, call.now))
            }
            ("POST", "/users/{userId}/meetings") => {
                let user = self.accepted_user_of(&call)?;
                let meeting = self.meetings.create(user, call.body, call.now)?;
                Ok(ApiReply::json(call.success, &meeting))
            }

            ("GET", "/meetings/{meetingId}") => {
                let number = self.meetings.find(call.id())?;
                let mut meeting = self.meetings.get(number, call.query("occurrence_id"))?;
                if call.query("show_previous_occurrences") == Some("true") {
                    Meetings::show_previous(&mut meeting);
                }
                ok(&meeting)
            }
            ("GET", "/meetings/{meetingId}/invitation") => {
                let number = self.meetings.find(call.id())?;
                let meeting = self.meetings.get(number, None)?;
                let host = self.profiles.display_name(self.meetings.host(number));
                ok(&invitation::write(&meeting, number, &host))
            }
            ("PATCH", "/meetings/{meetingId}") => {
                let number = self.meetings.find(call.id())?;
                let occurrence = call.query("occurrence_id");
                self.meetings
                    .patch(number, occurrence, call.body.clone(), call.now)?;
                Ok(ApiReply::empty(call.success))
            }
            ("DELETE", "/meetings/{meetingId}") => {
                let number = self.meetings.find(call.id())?;
                self.meetings.delete(number, call.query("occurrence_id"))?;
                Ok(ApiReply::empty(call.success))
            }
            ("PUT", "/meetings/{meetingId}/status") => {
                // A deleted meeting is found by no number but to be recovered.
                match call.text("action") {
                    "end" => self.meetings.end(self.meetings.find(call.id())?)?,
                    "recover" => self.meetings.recover(call.id())?,
                    _ => return Err(refusal(400, 300, "Invalid action.")),
                }
                Ok(ApiReply::empty(call.success))
            }

            ("GET", "/users/{userId}/recordings") => {
                let user = self.user_of(&call)?;
                ok(&self
                    .recordings
                    .page(user, &call.query, &call.window, call.now)?)
            }
            ("GET", "/meetings/{meetingId}/recordings") => {
                let fields = call.query("include_fields");
                ok(&self.recordings.get(&decoded(call.id()), fields)?)
            }
            ("DELETE", "/meetings/{meetingId}/recordings") => {
                let action = call.query("action").unwrap_or("trash");
                self.recordings.delete(&decoded(call.id()), action)?;
                Ok(ApiReply::empty(call.success))
            }
            ("PUT", "/meetings/{meetingUUID}/recordings/status") => {
                self.recordings.recover(&decoded(call.id()))?;
                Ok(ApiReply::empty(call.success))
            }
            ("GET", "/meetings/{meetingId}/recordings/settings") => {
                ok(&self.recordings.get_settings(&decoded(call.id()))?)
            }
            ("PATCH", "/meetings/{meetingId}/recordings/settings") => {
                let recording = decoded(call.id());
                self.recordings.patch_settings(&recording, call.body)?;
                Ok(ApiReply::empty(call.success))
            }
            ("GET", "/meetings/{meetingId}/recordings/analytics_details") => {
                let recording = decoded(call.id());
                let (query, window) = (&call.query, &call.window);
                ok(&self
                    .recordings
                    .analytics(&recording, query, self.users, window, call.now)?)
            }

            ("GET", "/metrics/meetings") => self.dashboard(&call),
            ("GET", "/metrics/meetings/{meetingId}/participants") => {
                let meeting = self.meetings.instance(&decoded(call.id()))?;
                let kind = call.query("type").unwrap_or("live");
                let rows = meeting.on_dashboard(kind, self.users)?;
                // A caller with a UUID learns the number from here.
                let mut page = call.window.cut("participants", &rows, call.now);
                page["meeting_number"] = json!(meeting.number.to_string());
                ok(&page)
            }
            ("GET", "/past_meetings/{meetingId}") => {
                ok(&self.past_meeting(&call)?.summary(self.users))
            }
            ("GET", "/past_meetings/{meetingId}/participants") => {
                let rows = self.past_meeting(&call)?.participants(self.users);
                ok(&call.window.cut("participants", &rows, call.now))
            }
            ("GET", "/report/activities") => {
                let range = DateRange::read(&call.query, call.now)?.within_a_month()?;
                let rows = reports::activities(self.users, self.created_at, &range);
                ok(&report(&call, "activity_logs", &rows, &range))
            }
            ("GET", "/report/operationlogs") => {
                let range = DateRange::read(&call.query, call.now)?.within_a_month()?;
                let category = call.query("category_type");
                let rows = reports::operation_logs(self.users, self.created_at, &range, category);
                ok(&report(&call, "operation_logs", &rows, &range))
            }

            ("GET", "/roles") => ok(&self.roles()),
            ("GET", "/roles/{roleId}/members") => self.role_members(&call),
            ("POST", "/roles/{roleId}/members") => self.assign_role(&call),
            ("DELETE", "/roles/{roleId}/members/{memberId}") => {
                let role = find_role(call.id())?;
                let member = self.directory.find(call.second_id())?;
                self.directory.unassign(member, role.id)?;
                Ok(ApiReply::empty(call.success))
            }
            ("GET", "/marketplace/apps") => {
                let apps = Access::apps(call.query("type").unwrap_or("active_requests"));
                ok(&without_counts(call.window.cut("apps", &apps, call.now)))
            }
            ("PATCH", "/marketplace/users/{userId}/apps/{appId}/subscription") => {
                let user = self.user_of(&call)?;
                self.access
                    .subscribe(user, call.second_id(), call.text("action"))?;
                Ok(ApiReply::empty(call.success))
            }
            ("GET", "/accounts/me/settings") => {
                let settings = Value::Object(account_settings(call.query("option")));
                let fields = call.query("custom_query_fields");
                ok(&super::settings::fields_of(settings, fields))
            }
            (method, path) => {
                let message = format!("The sandbox has no answer to {method} {path}.");
                Err(refusal(501, 501, &message))
            }
        }
    }

    /// Returns the host whose quota of changes a call counts against.
    pub fn host_of(&self, call: &Call<'_>) -> Option<u64> {
        match (call.method, call.path) {
            ("PATCH", "/meetings/{meetingId}") => {
                let number = self.meetings.find(call.id()).ok()?;
                Some(self.meetings.host(number))
            }
            ("POST", "/users/{userId}/meetings") => self.user_of(call).ok(),
            _ => None,
        }
    }

    /// Returns the number of the user in a path.
    fn user_of(&self, call: &Call<'_>) -> Result<u64, Refusal> {
        match call.query("search_by_unique_id") {
            Some("true") => self.directory.find_employee(call.id()),
            _ => self.directory.find(call.id()),
        }
    }

    /// Returns the number of the user in a path, who has accepted the invitation.
    fn accepted_user_of(&self, call: &Call<'_>) -> Result<u64, Refusal> {
        let user = self.user_of(call)?;
        if self.directory.standing(user).status == "pending" {
            let message = "Invitation of the user is missing or has expired.";
            return Err(refusal(400, 1120, message));
        }
        Ok(user)
    }

    fn user(&self, number: u64, now: u64) -> Value {
        self.profiles
            .get(number, self.directory.standing(number), now)
    }

    fn list_users(&self, call: &Call<'_>) -> Answer {
        let status = call.query("status").unwrap_or("active");
        let chosen = self
            .directory
            .select(status, call.query("role_id"), call.query("license"));
        let extra = call.query("include_fields");
        let page = self
            .profiles
            .page(&self.directory, &chosen, extra, &call.window, call.now);

        Ok(ApiReply::text(200, page))
    }

    fn set_user_status(&mut self, call: &Call<'_>) -> Answer {
        let user = self.user_of(call)?;
        match call.text("action") {
            "activate" => self.directory.set_active(user, true)?,
            "deactivate" => {
                self.directory.set_active(user, false)?;
                self.profiles.take_license(user);
            }
            // Clocking in and out leaves no trace in any answer.
            _ => {}
        }

        Ok(ApiReply::empty(call.success))
    }

    fn delete_user(&mut self, call: &Call<'_>) -> Answer {
        let user = self.user_of(call)?;
        let is_disassociated = call.query("action") != Some("delete");

        // The heir is looked up first: nothing is deleted for an address that nobody has.
        let heir = match call.query("transfer_email") {
            None => None,
            Some(email) => Some(self.directory.find(email)?),
        };

        if heir == Some(user) {
            let message = "The transfer-to email address cannot be the same as the unlinked or deleted user's email address.";
            return Err(refusal(400, 300, message));
        }

        self.directory.delete(user, is_disassociated)?;
        let heir_of = |flag: &str| heir.filter(|_| call.query(flag) == Some("true"));
        self.meetings.pass_on(user, heir_of("transfer_meeting"));
        self.recordings.pass_on(user, heir_of("transfer_recording"));

        Ok(ApiReply::empty(call.success))
    }

    fn delegates(&self, call: &Call<'_>, right: Right) -> Answer {
        let user = self.user_of(call)?;
        ok(&self.access.delegates(self.users, user, right))
    }

    fn remove_delegate(&mut self, call: &Call<'_>, right: Right) -> Answer {
        let user = self.user_of(call)?;
        let delegate = self.directory.find(call.second_id())?;
        self.access.remove_delegate(user, right, delegate);
        Ok(ApiReply::empty(call.success))
    }

    fn dashboard(&self, call: &Call<'_>) -> Answer {
        let range = DateRange::read(&call.query, call.now)?.within_a_month()?;
        if call.query("query_date_type") == Some("end_time") {
            let message = "This account cannot query meetings by `end_time`.";
            return Err(refusal(400, 12700, message));
        }

        let kind = call.query("type").unwrap_or("live");
        let mut meetings = match kind {
            "live" => self.meetings.live(),
            _ => self.meetings.past(),
        };

        // Zoom wants the days of live meetings too, and makes no use of them.
        if kind != "live" {
            meetings.retain(|one| range.holds(one.start));
            meetings.retain(|one| (one.people.len() == 1) == (kind == "pastOne"));
        }

        let rows: Vec<Value> = meetings
            .iter()
            .map(|meeting| meeting.as_listed(self.users, call.now))
            .collect();

        let mut page = call.window.cut("meetings", &rows, call.now);
        page["from"] = json!(range.from);
        page["to"] = json!(range.to);

        ok(&page)
    }

    fn past_meeting(&self, call: &Call<'_>) -> Result<reports::Instance, Refusal> {
        let id = decoded(call.id());
        let meeting = self.meetings.instance(&id)?;
        if meeting.is_live {
            let message = format!("Meeting does not exist: {id}.");
            return Err(refusal(404, 3001, &message));
        }
        Ok(meeting)
    }

    fn roles(&self) -> Value {
        let roles: Vec<Value> = ROLES
            .iter()
            .map(|role| {
                let members = self.directory.select("active", Some(role.id), None);
                json!({"id": role.id, "name": role.name, "description": "", "type": "common", "total_members": members.len()})
            })
            .collect();
        json!({"total_records": roles.len(), "roles": roles})
    }

    fn role_members(&self, call: &Call<'_>) -> Answer {
        let role = find_role(call.id())?;
        let members = self.directory.select("active", Some(role.id), None);
        let (start, size) = (call.window.start, call.window.size);
        let rows: Vec<Value> = (start..start.saturating_add(size).min(members.len()))
            .map(|index| {
                let user = self.user(members.number(index), call.now);
                json!({"id": user["id"], "email": user["email"], "first_name": user["first_name"],
                    "last_name": user["last_name"], "department": user["dept"], "type": user["type"]})
            })
            .collect();

        ok(&call.window.page("members", &rows, members.len(), call.now))
    }

    fn assign_role(&mut self, call: &Call<'_>) -> Answer {
        let role = find_role(call.id())?;
        let members = call.body.get("members").and_then(Value::as_array);
        let mut numbers = Vec::new();
        for member in members.into_iter().flatten() {
            let name = member.get("id").or_else(|| member.get("email"));
            let name = name.and_then(Value::as_str).unwrap_or_default();
            numbers.push(self.directory.find(name)?);
        }

        // All are looked up before any is changed: a wrong name leaves nothing half done.
        for number in &numbers {
            self.directory.assign(*number, role.id)?;
        }

        let ids: Vec<String> = numbers.into_iter().map(id).collect();
        let body = json!({"add_at": rfc3339(call.now), "ids": ids.join(",")});

        Ok(ApiReply::json(call.success, &body))
    }
}

/// A page of a report; Zoom counts none of them.
fn report(call: &Call<'_>, key: &str, rows: &[Value], range: &DateRange) -> Value {
    let mut page = without_counts(call.window.cut(key, rows, call.now));
    if call.path == "/report/activities" {
        page["from"] = json!(range.from);
        page["to"] = json!(range.to);
    }
    page
}

fn without_counts(mut page: Value) -> Value {
    if let Some(page) = page.as_object_mut() {
        page.remove("total_records");
        page.remove("page_count");
    }
    page
}

/// Decodes a UUID that was encoded twice.
fn decoded(id: &str) -> String {
    percent_encoding::percent_decode_str(id)
        .decode_utf8_lossy()
        .into_owned()
}
