//! The story that the account tells, from `story.json`: a stranger signed in as user 4 from abroad, turned guards off,
//! let others into a meeting, made a recording public and threw another away. Times are hours before the start.

use serde::Deserialize;
use serde_json::Value;
use std::sync::OnceLock;

/// The user whose account was taken over.
pub const VICTIM: u64 = 4;

/// All that happened before the start.
#[derive(Debug, Default, Deserialize)]
pub struct Story {
    /// The victim's settings, as the stranger left them.
    pub settings: Value,
    pub people: Vec<Person>,
    /// The meetings that took place, newest first.
    pub past_meetings: Vec<PastMeeting>,
    pub recordings: Vec<Recording>,
    /// Sign-ins and sign-outs besides the daily ones.
    pub sign_ins: Vec<SignIn>,
    pub operations: Vec<Operation>,
    pub delegates: Vec<Delegate>,
    /// The apps that users of the account have added; the stranger added the first.
    pub apps: Vec<App>,
}

/// Somebody who takes part in meetings.
#[derive(Debug, Deserialize)]
pub struct Person {
    /// The user's number; a stranger has none.
    pub user: Option<u64>,
    /// A stranger's name.
    #[serde(default)]
    pub name: String,
    pub address: String,
    pub location: String,
    pub device: String,
}

/// A meeting that took place before the start.
#[derive(Debug, Deserialize)]
pub struct PastMeeting {
    pub uuid: String,
    pub number: u64,
    pub host: u64,
    pub hours_ago: u64,
    pub topic: String,
    /// The participants, by their place among the people; the host first.
    pub people: Vec<usize>,
}

/// A cloud recording.
#[derive(Debug, Deserialize)]
pub struct Recording {
    pub uuid: String,
    pub number: u64,
    pub host: u64,
    pub hours_ago: u64,
    pub topic: String,
    pub passcode: String,
    #[serde(default)]
    pub is_trashed: bool,
}

/// A row of the sign-in report.
#[derive(Debug, Deserialize)]
pub struct SignIn {
    pub hours_ago: u64,
    pub user: u64,
    pub kind: String,
    pub address: String,
    pub client: String,
}

/// A row of the operation logs.
#[derive(Debug, Deserialize)]
pub struct Operation {
    pub hours_ago: u64,
    pub operator: u64,
    pub category: String,
    pub action: String,
    pub detail: String,
}

/// The right of a user to act for another.
#[derive(Debug, Deserialize)]
pub struct Delegate {
    pub user: u64,
    pub right: Right,
    pub delegate: u64,
}

/// The rights that a delegate can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    Assistant,
    Scheduler,
}

/// A Marketplace app.
#[derive(Debug, Deserialize)]
pub struct App {
    pub id: String,
    pub name: String,
    pub kind: String,
    pub developer: String,
    pub scopes: Vec<String>,
}

/// Returns the story.
pub fn story() -> &'static Story {
    static STORY: OnceLock<Story> = OnceLock::new();
    STORY.get_or_init(|| serde_json::from_str(include_str!("story.json")).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn story_reads_and_its_meetings_have_their_people() {
        let story: Story = serde_json::from_str(include_str!("story.json")).unwrap();
        assert!(story.past_meetings.is_sorted_by_key(|past| past.hours_ago));
        for past in &story.past_meetings {
            let host = story.people.get(past.people[0]).unwrap();
            assert_eq!(host.user, Some(past.host), "{}", past.topic);
            assert!(past.people.iter().all(|place| *place < story.people.len()));
        }
    }
}
