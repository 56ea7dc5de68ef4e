//! The users' profiles: written by hand, since a page holds hundreds, and what was changed. Knows Zoom's refusals of changes to users.

use super::paging::Window;
use super::users::{
    Selection, Users, employee, holds, id, name, personal_meeting, scramble, starts_licensed,
};
use super::zoom::{Refusal, refusal, rfc3339};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

const DEPARTMENTS: [&str; 4] = ["Security", "Sales", "Finance", "Research"];

/// The profiles of all users.
#[derive(Debug)]
pub struct Profiles {
    users: Users,
    changed: HashMap<u64, Map<String, Value>>,
    /// Users whose status or role is no longer the one that their number gives them.
    standing: BTreeMap<u64, Standing>,
    /// Paid seats that nobody sits in: none at first, one more for each user made basic.
    free_seats: u64,
}

/// A user's status and role.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Standing {
    /// `active`, `inactive` or `pending`; `deleted` for one who is gone.
    status: &'static str,
    role: String,
}

/// The account's roles: id and name.
pub const ROLES: [(&str, &str); 4] = [
    ("0", "Owner"),
    ("1", "Admin"),
    ("2", "Member"),
    ("Rhd7c2Xv3QmaK9", "Help desk"),
];

impl Profiles {
    pub fn new(users: Users) -> Self {
        let mut profiles = Self {
            users,
            changed: HashMap::new(),
            standing: BTreeMap::new(),
            free_seats: 0,
        };
        // An administrator, whose account was taken over.
        if users.status(4) == "active" {
            let admin = Standing {
                status: "active",
                role: "1".to_owned(),
            };
            profiles.standing.insert(4, admin);
        }
        profiles
    }

    fn standing(&self, number: u64) -> Standing {
        self.standing
            .get(&number)
            .cloned()
            .unwrap_or_else(|| Standing {
                status: self.users.status(number),
                role: if number == 0 { "0" } else { "2" }.to_owned(),
            })
    }

    /// The user's status; `deleted` for one who is gone.
    pub fn status(&self, number: u64) -> &'static str {
        self.standing(number).status
    }

    /// Activates or deactivates a user.
    pub fn set_status(&mut self, number: u64, action: &str) -> Result<(), Refusal> {
        let before = self.standing(number);
        if self.users.is_pending(number) {
            return Err(refusal(
                400,
                1120,
                "Invitation of the user is missing or has expired.",
            ));
        }
        if matches!(before.role.as_str(), "0" | "1") {
            let words = "Zoom Room and Admin users' status cannot be activated or deactivated.";
            return Err(refusal(400, 200, words));
        }
        let status = if action == "activate" {
            "active"
        } else {
            "inactive"
        };
        self.standing.insert(number, Standing { status, ..before });
        Ok(())
    }

    /// Takes a user out of the account.
    pub fn delete(&mut self, number: u64) -> Result<(), Refusal> {
        let before = self.standing(number);
        if matches!(before.role.as_str(), "0" | "1") {
            return Err(refusal(
                400,
                1117,
                "You can not disassociate an Admin user.",
            ));
        }
        self.standing.insert(
            number,
            Standing {
                status: "deleted",
                ..before
            },
        );
        Ok(())
    }

    /// Gives a user a role, or takes it away.
    pub fn set_role(&mut self, number: u64, role: &str, assign: bool) -> Result<(), Refusal> {
        let before = self.standing(number);
        if before.role == "0" || matches!(role, "0" | "2") {
            return Err(refusal(
                400,
                300,
                "You cannot add members to or remove members from this role.",
            ));
        }
        let role = if assign {
            role.to_owned()
        } else {
            "2".to_owned()
        };
        self.standing.insert(number, Standing { role, ..before });
        Ok(())
    }

    /// Finds a role by its id.
    pub fn role(id: &str) -> Result<&'static str, Refusal> {
        let role = ROLES.iter().find(|(known, _)| *known == id);
        role.map(|(_, name)| *name)
            .ok_or_else(|| refusal(400, 1034, "Provided `role_id` does not exist."))
    }

    /// The numbers of those who hold a role, members apart.
    pub fn holders(&self, role: &str) -> Vec<u64> {
        let there = |number: &u64| {
            let standing = self.standing(*number);
            standing.role == role && standing.status == "active"
        };
        std::iter::once(0)
            .chain(self.standing.keys().copied())
            .filter(there)
            .collect()
    }

    /// Writes a user as List Users gives it.
    fn write(&self, out: &mut String, number: u64, extra: Option<&str>, now: u64) {
        if self.changed.contains_key(&number) {
            out.push_str(&self.listed(number, extra, now).to_string());
        } else {
            self.write_unchanged(out, number, extra, now);
        }
    }

    fn write_unchanged(&self, out: &mut String, number: u64, extra: Option<&str>, now: u64) {
        let Standing { status, role } = self.standing(number);
        let (first, last) = name(number);
        let chance = scramble(number);
        // Zoom gives a pending user no id, and the time of the call as that of its making.
        let (id, made) = match status {
            "pending" => (String::new(), rfc3339(now)),
            _ => (id(number), "2024-03-05T09:12:26Z".to_owned()),
        };
        let kind = if starts_licensed(number) { 2 } else { 1 };
        let department = DEPARTMENTS[(chance % 4) as usize];
        let email = self.users.email(number);
        let pmi = personal_meeting(number);
        let _ = write!(
            out,
            "{{\"id\":\"{id}\",\"first_name\":\"{first}\",\"last_name\":\"{last}\",\"display_name\":\"{first} {last}\",\
             \"email\":\"{email}\",\"type\":{kind},\"pmi\":{pmi},\"timezone\":\"Europe/Berlin\",\"verified\":1,\
             \"dept\":\"{department}\",\"created_at\":\"{made}\",\"last_login_time\":\"2026-11-20T07:41:03Z\",\
             \"last_client_version\":\"6.2.11.50939(win)\",\"pic_url\":\"https://example.zoom.us/p/v2/{chance:016x}\",\
             \"language\":\"en-US\",\"phone_number\":\"\",\"status\":\"{status}\",\"role_id\":\"{role}\",\
             \"user_created_at\":\"2024-03-05T09:12:26Z\",\"group_ids\":[\"G{:021X}\"],\"division_ids\":[],\
             \"license_info_list\":[{{\"license_type\":\"MEETING\",\"license_option\":16,\"subscription_id\":\"\"}}",
            scramble(number % 7),
        );
        for licence in ["zoom_workforce_management", "zoom_compliance_management"] {
            if holds(number, licence) {
                let _ = write!(out, ",{{\"license_type\":\"{}\"}}", licence.to_uppercase());
            }
        }
        out.push(']');
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
    fn listed(&self, number: u64, extra: Option<&str>, now: u64) -> Value {
        let mut text = String::new();
        self.write_unchanged(&mut text, number, extra, now);
        let mut user: Map<String, Value> = serde_json::from_str(&text).unwrap_or_default();
        for (key, value) in self.changed.get(&number).into_iter().flatten() {
            if user.contains_key(key) || extra == Some(key) {
                user.insert(key.clone(), value.clone());
            }
        }
        Value::Object(user)
    }

    /// A user as Get User gives it.
    pub fn get(&self, number: u64, now: u64) -> Value {
        let mut user = self.listed(number, Some("custom_attributes"), now);
        let more = json!({
            "role_name": Self::role(&self.standing(number).role).unwrap_or("Member"),
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

    /// The name that others see.
    pub fn display_name(&self, number: u64) -> String {
        let changed = self
            .changed
            .get(&number)
            .and_then(|changed| changed.get("display_name")?.as_str());
        let (first, last) = name(number);
        changed.map_or_else(|| format!("{first} {last}"), str::to_owned)
    }

    /// True for a user with a paid seat.
    pub fn is_licensed(&self, number: u64) -> bool {
        let changed = self
            .changed
            .get(&number)
            .and_then(|changed| changed.get("type"));
        changed.map_or_else(|| starts_licensed(number), |kind| kind == 2)
    }

    /// A page of List Users.
    pub fn page(&self, query: &HashMap<&str, &str>, window: &Window, now: u64) -> String {
        let get = |name: &str| query.get(name).copied().filter(|value| !value.is_empty());
        let status = get("status").unwrap_or("active");
        let chosen = self.chosen(status, get("role_id"), get("license"));
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
            self.write(&mut out, chosen.number(index), get("include_fields"), now);
        }
        out.push_str("]}");
        out
    }

    /// Chooses users by status, role and license. A million users are not walked through, unless somebody's standing
    /// has changed.
    fn chosen(&self, status: &str, role: Option<&str>, license: Option<&str>) -> Chosen {
        let selection = self.users.select(status, role, license);
        let mut all = selection
            .numbers()
            .filter(|number| !self.standing.contains_key(number));
        let others = self.standing.iter().filter(|(number, standing)| {
            standing.status == status
                && role.is_none_or(|role| role == standing.role)
                && license.is_none_or(|license| holds(**number, license))
        });
        let expected = self
            .standing
            .keys()
            .filter(|number| selection.holds(**number))
            .count();

        let others: Vec<u64> = others.map(|(number, _)| *number).collect();
        if others.len() == expected && others.iter().all(|number| selection.holds(*number)) {
            return Chosen::Computed(selection);
        }
        let mut numbers: Vec<u64> = all.by_ref().chain(others).collect();
        numbers.sort_unstable();
        Chosen::Listed(numbers)
    }

    /// Changes a user.
    pub fn patch(&mut self, number: u64, body: Map<String, Value>) -> Result<(), Refusal> {
        // All that can be said of a pending user is the group.
        if self.users.is_pending(number) && !body.keys().all(|key| key == "group_id") {
            return Err(refusal(
                400,
                1120,
                "Invitation of the user is missing or has expired.",
            ));
        }
        let licensed = self.is_licensed(number);
        let wants = body.get("type").map(|kind| kind == 2);
        if wants == Some(true) && !licensed && self.free_seats == 0 {
            return Err(refusal(
                400,
                2034,
                "You have reached the maximum number of users with this licence.",
            ));
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
            return Err(refusal(
                400,
                300,
                "The personal meeting id must be 10 digits.",
            ));
        }
        if body.get("vanity_name") == Some(&json!("taken")) {
            return Err(refusal(
                400,
                4100,
                "This personal link name is already taken.",
            ));
        }
        match (licensed, wants) {
            (true, Some(false)) => self.free_seats += 1,
            (false, Some(true)) => self.free_seats -= 1,
            _ => {}
        }
        let changed = self.changed.entry(number).or_default();
        for (key, value) in body {
            match key.as_str() {
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

/// The users of a list.
enum Chosen {
    /// As the numbers have it.
    Computed(Selection),
    /// One by one.
    Listed(Vec<u64>),
}

impl Chosen {
    fn len(&self) -> u64 {
        match self {
            Self::Computed(selection) => selection.count,
            Self::Listed(numbers) => numbers.len() as u64,
        }
    }

    fn number(&self, index: u64) -> u64 {
        match self {
            Self::Computed(selection) => selection.first + index * selection.step,
            Self::Listed(numbers) => {
                let index = usize::try_from(index).unwrap_or(usize::MAX);
                numbers.get(index).copied().unwrap_or_default()
            }
        }
    }
}

fn host_key(number: u64) -> String {
    format!("{:06}", scramble(number) % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_by_hand_is_json_of_about_650_bytes() {
        let profiles = Profiles::new(Users::new(1000));
        for extra in [None, Some("host_key"), Some("custom_attributes")] {
            let mut size = 0;
            for number in 0..1003 {
                let mut text = String::new();
                profiles.write(&mut text, number, extra, 1_800_000_000);
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
