//! The account's users: made from their number when asked for, so that a million cost nothing; what was changed is kept beside. Knows Zoom's refusals of changes to users.

use super::paging::Window;
use super::zoom::{Refusal, refusal};
use serde_json::{Map, Value, json};
use std::collections::HashMap;

const FIRST: [&str; 8] = ["Jane", "Omar", "Li", "Ana", "Tom", "Ada", "Ravi", "Eva"];
const LAST: [&str; 8] = ["Doe", "Haddad", "Wei", "Silva", "Berg", "King", "Rao", "Novak"];
const DEPARTMENTS: [&str; 4] = ["Security", "Sales", "Finance", "Research"];
const INACTIVE: u64 = 2;
const PENDING: u64 = 1;

/// The account's users.
#[derive(Debug)]
pub struct Users {
    active: u64,
    changed: HashMap<u64, Map<String, Value>>,
}

fn scramble(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

/// The id of a user: 22 characters, the last eight of them its number.
pub fn id(number: u64) -> String {
    format!("{:.14}{number:08x}", format!("{:016X}", scramble(number)))
}

impl Users {
    pub fn new(active: u64) -> Self {
        Self { active: active.max(2), changed: HashMap::new() }
    }

    /// The numbers of the users of a status: where they start, and how many there are.
    fn range(&self, status: &str) -> (u64, u64) {
        match status {
            "inactive" => (self.active, INACTIVE),
            "pending" => (self.active + INACTIVE, PENDING),
            _ => (0, self.active),
        }
    }

    fn status(&self, number: u64) -> &'static str {
        match number.checked_sub(self.active) {
            None => "active",
            Some(beyond) if beyond < INACTIVE => "inactive",
            Some(_) => "pending",
        }
    }

    fn email(&self, number: u64) -> String {
        match (number, self.status(number)) {
            (0, _) => "jane@example.com".to_owned(),
            (1, _) => "basic@example.com".to_owned(),
            (_, "active") => format!("user{number}@example.com"),
            (_, "inactive") => format!("inactive{}@example.com", number - self.active + 1),
            _ => format!("pending{}@example.com", number - self.active - INACTIVE + 1),
        }
    }

    /// The number of the user with this id or address.
    pub fn find(&self, name: &str) -> Result<u64, Refusal> {
        let name = name.to_lowercase();
        if name == "me" {
            return Ok(0);
        }
        let trailing = |prefix: &str| name.strip_prefix(prefix)?.strip_suffix("@example.com")?.parse::<u64>().ok();
        let candidate = match name.as_str() {
            "jane@example.com" => Some(0),
            "basic@example.com" => Some(1),
            _ if name.ends_with("@elsewhere.example") => {
                return Err(refusal(404, 1010, "User does not belong to this account."));
            }
            _ => trailing("user")
                .or_else(|| Some(self.active + trailing("inactive")?.checked_sub(1)?))
                .or_else(|| Some(self.active + INACTIVE + trailing("pending")?.checked_sub(1)?))
                .or_else(|| {
                    u64::from_str_radix(name.get(14..)?, 16).ok().filter(|number| id(*number).to_lowercase() == name)
                }),
        };
        candidate
            .filter(|number| *number < self.active + INACTIVE + PENDING)
            .filter(|number| self.email(*number) == name || id(*number).to_lowercase() == name)
            .ok_or_else(|| refusal(404, 1001, &format!("User does not exist: {name}.")))
    }

    /// True for a user who has not accepted the invitation.
    pub fn is_pending(&self, number: u64) -> bool {
        self.status(number) == "pending"
    }

    /// A user as List Users gives it.
    pub fn listed(&self, number: u64, extra: Option<&str>) -> Value {
        let pick = |names: &[&'static str]| names[(scramble(number) % names.len() as u64) as usize];
        let status = self.status(number);
        let (first, last) = match number {
            0 => ("Jane", "Doe"),
            _ => (pick(&FIRST), LAST[(number % 8) as usize]),
        };
        let licensed = number != 1 && !number.is_multiple_of(3) || number == 0;
        let mut user = json!({
            "id": if status == "pending" { String::new() } else { id(number) },
            "first_name": first,
            "last_name": last,
            "display_name": format!("{first} {last}"),
            "email": self.email(number),
            "type": if licensed { 2 } else { 1 },
            "pmi": 5_551_112_222_u64 + number,
            "timezone": "Europe/Berlin",
            "verified": 1,
            "dept": pick(&DEPARTMENTS),
            "created_at": "2024-03-05T09:12:26Z",
            "last_login_time": "2026-11-20T07:41:03Z",
            "last_client_version": "6.2.11.50939(win)",
            "pic_url": format!("https://example.zoom.us/p/v2/{:016x}", scramble(number)),
            "language": "en-US",
            "phone_number": "",
            "status": status,
            "role_id": if number == 0 { "0" } else { "2" },
            "user_created_at": "2024-03-05T09:12:26Z",
            "group_ids": [format!("{:.22}", format!("{:032X}", scramble(number % 7)))],
            "division_ids": [],
            "license_info_list": [{"license_type": "MEETING", "license_option": 16, "subscription_id": ""}],
        });
        if status == "pending" {
            // Zoom gives the time of the call.
            user["created_at"] = json!(super::zoom::rfc3339(super::zoom::seconds()));
        }
        if extra == Some("host_key") {
            user["host_key"] = json!(format!("{:06}", scramble(number) % 1_000_000));
        }
        if extra == Some("custom_attributes") {
            user["custom_attributes"] = json!([{"key": "cbf_badge", "name": "Badge", "value": format!("B-{number}")}]);
        }
        if let (Some(map), Some(changed)) = (user.as_object_mut(), self.changed.get(&number)) {
            let known: Vec<String> = map.keys().cloned().collect();
            map.extend(
                changed.iter().filter(|(key, _)| known.contains(key)).map(|(key, value)| (key.clone(), value.clone())),
            );
        }
        user
    }

    /// A user as Get User gives it.
    pub fn user(&self, number: u64) -> Value {
        let mut user = self.listed(number, None);
        let more = json!({
            "role_name": if number == 0 { "Owner" } else { "Member" },
            "use_pmi": false,
            "personal_meeting_url": format!("https://example.zoom.us/j/{}", 5_551_112_222_u64 + number),
            "host_key": format!("{:06}", scramble(number) % 1_000_000),
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
            map.extend(self.changed.get(&number).cloned().unwrap_or_default());
        }
        user
    }

    /// A page of List Users.
    pub fn page(&self, query: &HashMap<&str, &str>, window: &Window, now: u64) -> Value {
        let (start, all) = self.range(query.get("status").copied().unwrap_or("active"));
        let role = query.get("role_id").copied();
        // The owner alone has role 0, everybody else 2.
        let (start, total) = match role {
            Some("0") => (start, u64::from(start == 0)),
            Some("2") | None => (start, all),
            Some(_) => (start, 0),
        };
        let extra = query.get("include_fields").copied();
        let numbers = (start + window.start)..(start + (window.start + window.size).min(total));
        let users: Vec<Value> = numbers.map(|number| self.listed(number, extra)).collect();
        json!({
            "page_count": total.div_ceil(window.size),
            "page_number": window.start / window.size + 1,
            "page_size": window.size,
            "total_records": total,
            "next_page_token": window.next(total, now),
            "users": users,
        })
    }

    /// Changes a user.
    pub fn patch(&mut self, number: u64, body: Map<String, Value>) -> Result<(), Refusal> {
        if self.is_pending(number) && !body.contains_key("group_id") {
            return Err(refusal(400, 1120, "Invitation of the user is missing or has expired."));
        }
        let licensed = self.user(number)["type"] == 2;
        if body.get("type") == Some(&json!(2)) && !licensed {
            return Err(refusal(400, 2034, "You have reached the maximum number of users with this licence."));
        }
        if body.contains_key("host_key") && !licensed {
            return Err(refusal(400, 1108, "Only paid user can have a host key."));
        }
        if body.get("vanity_name") == Some(&json!("taken")) {
            return Err(refusal(400, 4100, "This personal link name is already taken."));
        }
        let changed = self.changed.entry(number).or_default();
        for (key, value) in body {
            match key.as_str() {
                "phone_numbers" => {
                    let with = value.as_array().cloned().unwrap_or_default().into_iter().map(|mut entry| {
                        if let Some(map) = entry.as_object_mut() {
                            map.insert("verified".to_owned(), json!(false));
                        }
                        entry
                    });
                    changed.insert(key, with.collect());
                }
                "vanity_name" => {
                    let link = format!("https://example.zoom.us/my/{}", value.as_str().unwrap_or_default());
                    changed.insert("vanity_url".to_owned(), json!(link));
                }
                "group_id" => {
                    changed.insert("group_ids".to_owned(), json!([value]));
                }
                "feature" | "about_me" | "linkedin_url" => {}
                _ => {
                    changed.insert(key, value);
                }
            }
        }
        Ok(())
    }
}
