//! The users' profiles, as they are at the start and as they were changed. Those of a list are written by hand, since a
//! page holds thousands.

use super::directory::{Chosen, Directory, Standing, find_role};
use super::message::{Refusal, refusal};
use super::paging::Window;
use super::time::rfc3339;
use super::users::{Users, employee, id, name, personal_meeting, scramble, starts_licensed};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::fmt::Write as _;

const DEPARTMENTS: [&str; 4] = ["Security", "Sales", "Finance", "Research"];

/// The profiles of all users.
#[derive(Debug)]
pub struct Profiles {
    users: Users,
    changed: HashMap<u64, Map<String, Value>>,
    /// Paid seats that nobody sits in: none at first, one more for each user made basic.
    free_seats: u64,
}

impl Profiles {
    pub fn new(users: Users) -> Self {
        Self {
            users,
            changed: HashMap::new(),
            free_seats: 0,
        }
    }

    /// Writes a user as List Users gives it.
    fn write(
        &self,
        out: &mut String,
        number: u64,
        standing: Standing,
        extra: Option<&str>,
        now: u64,
    ) {
        if self.changed.contains_key(&number) {
            out.push_str(&self.listed(number, standing, extra, now).to_string());
        } else {
            self.write_unchanged(out, number, standing, extra, now);
        }
    }

    fn write_unchanged(
        &self,
        out: &mut String,
        number: u64,
        standing: Standing,
        extra: Option<&str>,
        now: u64,
    ) {
        let Standing { status, role } = standing;
        let (first, last) = name(number);
        let arbitrary = scramble(number);

        // Zoom gives a pending user no id, and the time of the call as that of its making.
        let (id, made) = match status {
            "pending" => (String::new(), rfc3339(now)),
            _ => (id(number), "2024-03-05T09:12:26Z".to_owned()),
        };

        let kind = if starts_licensed(number) { 2 } else { 1 };
        let department = DEPARTMENTS[(arbitrary % 4) as usize];
        let email = self.users.email(number);
        let pmi = personal_meeting(number);
        let _ = write!(
            out,
            "{{\"id\":\"{id}\",\"first_name\":\"{first}\",\"last_name\":\"{last}\",\"display_name\":\"{first} {last}\",\
             \"email\":\"{email}\",\"type\":{kind},\"pmi\":{pmi},\"timezone\":\"Europe/Berlin\",\"verified\":1,\
             \"dept\":\"{department}\",\"created_at\":\"{made}\",\"last_login_time\":\"2026-11-20T07:41:03Z\",\
             \"last_client_version\":\"6.2.11.50939(win)\",\"pic_url\":\"https://example.zoom.us/p/v2/{arbitrary:016x}\",\
             \"language\":\"en-US\",\"phone_number\":\"\",\"status\":\"{status}\",\"role_id\":\"{role}\",\
             \"user_created_at\":\"2024-03-05T09:12:26Z\",\"group_ids\":[\"G{:021X}\"],\"division_ids\":[],\
             \"license_info_list\":[{{\"license_type\":\"MEETING\",\"license_option\":16,\"subscription_id\":\"\"}}]",
            scramble(number % 7),
        );

        match extra {
            Some("host_key") if kind == 2 => {
                let _ = write!(out, ",\"host_key\":\"{}\"", host_key(number));
            }
            Some("custom_attributes") => {
                let _ = write!(
                    out,
                    ",\"custom_attributes\":[{{\"key\":\"cbf_badge\",\"name\":\"Badge\",\"value\":\"B-{number}\"}}]"
                );
            }
            _ => {}
        }

        out.push('}');
    }

    /// A user as List Users gives it, changes laid over.
    fn listed(&self, number: u64, standing: Standing, extra: Option<&str>, now: u64) -> Value {
        let mut text = String::new();
        self.write_unchanged(&mut text, number, standing, extra, now);
        let mut user: Map<String, Value> = serde_json::from_str(&text).unwrap_or_default();
        for (key, value) in self.changed.get(&number).into_iter().flatten() {
            if user.contains_key(key) || extra == Some(key) {
                user.insert(key.clone(), value.clone());
            }
        }

        Value::Object(user)
    }

    /// Returns a user as Get User gives it.
    pub fn get(&self, number: u64, standing: Standing, now: u64) -> Value {
        let mut user = self.listed(number, standing, Some("custom_attributes"), now);
        let more = json!({
            "role_name": find_role(standing.role).map_or("Member", |role| role.name),
            "use_pmi": false,
            "employee_unique_id": employee(number),
            "im_group_ids": [],
            "account_id": "q6gBJVO5TzexKYTb_I2rpg",
            "account_number": 10_009_239,
            "jid": format!("{}@xmpp.zoom.us", id(number).to_lowercase()),
            "company": "Example",
            "location": "Berlin",
            "job_title": "",
            "cost_center": "",
            "manager": "",
            "pronouns": "",
            "pronouns_option": 1,
            "login_types": [100],
            "phone_country": "",
            "phone_numbers": [{"country": "US", "code": "+1", "number": "8005550100", "label": "Office", "verified": true}],
            "cluster": "us02",
            "plan_united_type": "1",
            // The larger one does not fit into a double.
            "zoom_one_type": if number == 0 { 576_460_752_303_423_489_u64 } else { 16 },
        });

        if let (Some(map), Value::Object(more)) = (user.as_object_mut(), more) {
            map.extend(more);
            if map.get("type") == Some(&json!(2)) {
                map.insert("host_key".to_owned(), json!(host_key(number)));
            }
            map.extend(self.changed.get(&number).cloned().unwrap_or_default());
            let link = map
                .get("pmi")
                .map(|pmi| json!(format!("https://example.zoom.us/j/{pmi}")));
            map.extend(link.map(|link| ("personal_meeting_url".to_owned(), link)));
        }

        user
    }

    /// Returns the name that others see.
    pub fn display_name(&self, number: u64) -> String {
        let changed = self
            .changed
            .get(&number)
            .and_then(|changed| changed.get("display_name")?.as_str());
        let (first, last) = name(number);
        changed.map_or_else(|| format!("{first} {last}"), str::to_owned)
    }

    /// Returns true for a user with a paid seat.
    pub fn is_licensed(&self, number: u64) -> bool {
        let changed = self
            .changed
            .get(&number)
            .and_then(|changed| changed.get("type"));
        changed.map_or_else(|| starts_licensed(number), |kind| kind == 2)
    }

    /// Returns a page of List Users.
    pub fn page(
        &self,
        directory: &Directory,
        chosen: &Chosen,
        extra: Option<&str>,
        window: &Window,
        now: u64,
    ) -> String {
        let (size, total, start) = (window.size, chosen.len(), window.start);
        let mut out = format!(
            "{{\"page_count\":{},\"page_number\":{},\"page_size\":{size},\"total_records\":{total},\
             \"next_page_token\":\"{}\",\"users\":[",
            total.div_ceil(size),
            start / size + 1,
            window.next(total, now),
        );

        for index in start..start.saturating_add(size).min(total) {
            if index > start {
                out.push(',');
            }
            let number = chosen.number(index);
            self.write(&mut out, number, directory.standing(number), extra, now);
        }

        out.push_str("]}");

        out
    }

    /// Takes the paid seat of a user who is deactivated. A user who is activated again comes back without it.
    pub fn take_license(&mut self, number: u64) {
        if self.is_licensed(number) {
            self.free_seats += 1;
        }
        let changed = self.changed.entry(number).or_default();
        changed.insert("type".to_owned(), json!(1));
    }

    /// Changes a user.
    pub fn patch(&mut self, number: u64, body: Map<String, Value>) -> Result<(), Refusal> {
        // All that can be said of a pending user is the group.
        if self.users.is_pending(number) && !body.keys().all(|key| key == "group_id") {
            let message = "Invitation of the user is missing or has expired.";
            return Err(refusal(400, 1120, message));
        }

        let licensed = self.is_licensed(number);
        let wants = body.get("type").map(|kind| kind == 2);
        let plans = ["type", "plan_united_type", "zoom_one_type"];
        let given = plans.iter().filter(|plan| body.contains_key(**plan));
        if given.count() > 1 {
            let message =
                "You can't change the type or plan_united_type or zoom_one_type at the same time.";
            return Err(refusal(400, 300, message));
        }

        check_about(&body)?;

        if wants == Some(true) && !licensed && self.free_seats == 0 {
            let message = "You have reached the maximum number of users with this license.";
            return Err(refusal(400, 2034, message));
        }

        if let Some(key) = body.get("host_key").and_then(Value::as_str) {
            if !wants.unwrap_or(licensed) {
                return Err(refusal(400, 1108, "Only paid user can have a host key."));
            }
            if !(6..=10).contains(&key.len()) || !key.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(refusal(400, 300, "The host key must be 6 to 10 digits."));
            }
        }

        if body
            .get("pmi")
            .and_then(Value::as_i64)
            .is_some_and(|pmi| pmi < 1_000_000_000)
        {
            let message = "The personal meeting id must be 10 digits.";
            return Err(refusal(400, 300, message));
        }

        // One name that somebody else has, to try the refusal with.
        if body.get("vanity_name") == Some(&json!("taken")) {
            let message = "This personal link name is already taken.";
            return Err(refusal(400, 4100, message));
        }

        // All refusals are behind us: only now does a seat change hands.
        match (licensed, wants) {
            (true, Some(false)) => self.free_seats += 1,
            (false, Some(true)) => self.free_seats -= 1,
            _ => {}
        }

        let changed = self.changed.entry(number).or_default();
        for (key, value) in body {
            match key.as_str() {
                // A number that was just given is not verified yet.
                "phone_numbers" => {
                    let with = value
                        .as_array()
                        .cloned()
                        .unwrap_or_default()
                        .into_iter()
                        .map(|mut entry| {
                            if let Some(map) = entry.as_object_mut() {
                                map.insert("verified".to_owned(), json!(false));
                            }
                            entry
                        });
                    changed.insert(key, with.collect());
                }
                "vanity_name" => {
                    let link = format!(
                        "https://example.zoom.us/my/{}",
                        value.as_str().unwrap_or_default()
                    );
                    changed.insert("vanity_url".to_owned(), json!(link));
                }
                "group_id" => {
                    changed.insert("group_ids".to_owned(), json!([value]));
                }
                // Zoom takes them and never gives them.
                "feature" | "about_me" | "linkedin_url" => {}
                _ => {
                    changed.insert(key, value);
                }
            }
        }

        Ok(())
    }
}

/// Refuses texts about the user that Zoom does not take.
fn check_about(body: &Map<String, Value>) -> Result<(), Refusal> {
    let text = |key: &str| body.get(key).and_then(Value::as_str).unwrap_or_default();
    let about = text("about_me");
    if about.contains(['<', '>']) || about.contains("://") {
        return Err(refusal(400, 300, "The `about_me` field is illegal."));
    }

    let link = text("linkedin_url");
    if !link.is_empty() && !link.contains("linkedin.com") {
        return Err(refusal(400, 300, "The `linkedin_url` field is illegal."));
    }

    Ok(())
}

fn host_key(number: u64) -> String {
    format!("{:06}", scramble(number) % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_by_hand_is_json_of_about_650_bytes() {
        let users = Users::new(1000);
        let (profiles, directory) = (Profiles::new(users), Directory::new(users));
        for extra in [None, Some("host_key"), Some("custom_attributes")] {
            let mut size = 0;
            for number in 0..1003 {
                let mut text = String::new();
                profiles.write(
                    &mut text,
                    number,
                    directory.standing(number),
                    extra,
                    1_800_000_000,
                );
                let user: Value = serde_json::from_str(&text).unwrap();
                assert_eq!(user.to_string(), text);
                size += text.len();
            }
            assert!(
                extra.is_some() || (600_000..720_000).contains(&size),
                "{size}"
            );
        }
    }

    #[test]
    fn a_paid_seat_that_was_freed_can_be_taken_once() {
        let mut profiles = Profiles::new(Users::new(10));
        let mut make = |number: u64, kind: u64| {
            profiles.patch(number, Map::from_iter([("type".to_owned(), json!(kind))]))
        };
        assert!(make(1, 2).is_err());
        make(2, 1).unwrap();
        make(1, 2).unwrap();
        assert!(make(2, 2).is_err());
    }
}
