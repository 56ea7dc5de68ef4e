//! Remove User Delegate: takes somebody's right to schedule for a user away.

use super::list_user_delegates::{LIST_ASSISTANTS, LIST_SCHEDULERS};
use crate::action::prelude::*;

/// Takes a delegate's right to schedule for a user away. Delegates are read first, and the answer says which were
/// removed; add them again by hand, since Zoom's API has no undo here.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveUserDelegate {
    /// The user whose delegate it is, by id or email address.
    pub user_id: UserId,
    /// The delegate, by id or email address.
    pub delegate: UserId,
    /// Choose the right to take away.
    #[serde(default)]
    pub role: Right,
    /// Send no change; show the requests that would be sent.
    #[serde(default)]
    pub dry_run: bool,
}

/// A delegate's right.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// The delegate schedules for the user.
    Assistant,
    /// The user schedules for the delegate.
    Scheduler,
    /// Both.
    #[default]
    Both,
}

/// The data of the answer.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct Removed {
    /// The user, as given.
    pub user_id: String,
    /// The delegates that were removed; in a dry run those that would be.
    pub removed: Vec<Delegate>,
    /// True when no change was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dry_run: Option<bool>,
    /// The first request that a dry run would have sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<DryRun>,
}

/// A delegate and the right that was taken away.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Delegate {
    /// The delegate's user id.
    pub id: String,
    /// The delegate's email address.
    pub email: String,
    /// `assistant` or `scheduler`.
    pub role: &'static str,
}

const REMOVE_ASSISTANT: Endpoint = Endpoint::new(
    Delete,
    "/users/{userId}/assistants/{assistantId}",
    Light,
    &["user:delete:assistant:admin"],
    classic::WRITE_USER,
);

const REMOVE_SCHEDULER: Endpoint = Endpoint {
    path: "/users/{userId}/schedulers/{schedulerId}",
    granular: &["user:delete:scheduler:admin"],
    ..REMOVE_ASSISTANT
};

impl Action for RemoveUserDelegate {
    const ID: &'static str = "remove_user_delegate";
    const TITLE: &'static str = "Remove User Delegate";
    const KIND: Kind = Containment;
    const ENDPOINTS: Endpoints = &[
        REMOVE_ASSISTANT,
        REMOVE_SCHEDULER,
        LIST_ASSISTANTS,
        LIST_SCHEDULERS,
    ];
    const TABLE: Columns = &[
        ("User", "user_id"),
        ("Delegate", "removed.[].email"),
        ("Role", "removed.[].role"),
    ];
    type Output = Removed;

    fn run(self, zoom: &Zoom<'_>) -> Answer<Self::Output> {
        let id = self.user_id.as_str();
        let wanted = self.delegate.as_str();
        let mut data = Removed {
            user_id: id.to_owned(),
            ..Removed::default()
        };

        for (endpoint, delegate) in self.find(zoom)? {
            let call = ApiCall::of(endpoint, &[id, &delegate.id], &[], Subject::User(id));
            if self.dry_run {
                data.dry_run = Some(true);
                data.request.get_or_insert_with(|| DryRun::of(zoom, &call));
            } else if let Err(mut failure) = zoom.change(&call) {
                failure.data = raw(&data).ok();
                return Err(failure);
            }
            data.removed.push(delegate);
        }

        let roles: Vec<&str> = data.removed.iter().map(|delegate| delegate.role).collect();
        let message = match (roles.as_slice(), self.dry_run) {
            ([], _) => format!("{wanted} is no delegate of user {id}; nothing was changed."),
            (_, true) => format!(
                "Dry run: delegate {wanted} of user {id} would be removed; no change was sent."
            ),
            (roles, false) => {
                let roles = roles.join(" and ");
                format!("Removed delegate {wanted} of user {id}: {roles}.")
            }
        };
        Ok(Outcome::new(message, data))
    }
}

impl RemoveUserDelegate {
    /// Reads which of the rights in question the delegate has, each with the endpoint that takes it away.
    fn find(&self, zoom: &Zoom<'_>) -> Result<Vec<(&'static Endpoint, Delegate)>, Failure> {
        #[derive(Deserialize)]
        struct Lists {
            #[serde(default, alias = "schedulers")]
            assistants: Vec<Listed>,
        }

        #[derive(Deserialize)]
        struct Listed {
            id: String,
            #[serde(default)]
            email: String,
        }

        let user = self.user_id.as_str();
        let wanted = self.delegate.as_str();
        let assistant = (
            Right::Assistant,
            "assistant",
            &LIST_ASSISTANTS,
            &REMOVE_ASSISTANT,
        );
        let scheduler = (
            Right::Scheduler,
            "scheduler",
            &LIST_SCHEDULERS,
            &REMOVE_SCHEDULER,
        );
        let mut found = Vec::new();

        for (right, role, list, remove) in [assistant, scheduler] {
            if self.role != Right::Both && self.role != right {
                continue;
            }
            let raw = zoom.get(&ApiCall::of(list, &[user], &[], Subject::User(user)))?;
            let lists: Lists = serde_json::from_str(raw.get()).map_err(|error| {
                Failure::new(Code::BadAnswer, "Zoom's answer is no list of delegates.")
                    .caused_by(vec![error.to_string()])
            })?;

            for Listed { id, email } in lists.assistants {
                if id == wanted || email.eq_ignore_ascii_case(wanted) {
                    found.push((remove, Delegate { id, email, role }));
                }
            }
        }

        Ok(found)
    }
}
