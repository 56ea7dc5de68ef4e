//! Delete User: takes a user out of the account, or deletes the user for good.

use crate::action::{Action, Column, Endpoint, Kind, Outcome, column};
use crate::http::Method;
use crate::protocol::failure::Failure;
use crate::protocol::parameter::{Text, UserId};
use crate::zoom::change::{Change, ChangeReport, is_refused_with};
use crate::zoom::client::{ApiCall, Zoom};
use crate::zoom::endpoint::{RateLabel, Requirement};
use crate::zoom::error::Subject;
use schemars::JsonSchema;
use serde::Deserialize;

/// Takes a user out of the account: the Zoom user stays, without your control over the data, or is deleted for good with
/// `permanently`. It cannot be undone: prefer Deactivate User while an investigation runs.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("anyOf" = [
    {"required": ["transfer_email"]},
    {"properties": {
        "transfer_meeting": {"const": false},
        "transfer_webinar": {"const": false},
        "transfer_recording": {"const": false},
        "transfer_whiteboard": {"const": false},
        "transfer_clipfiles": {"const": false},
        "transfer_notes": {"const": false},
        "transfer_visitors": {"const": false},
        "transfer_docs": {"const": false}
    }}
]))]
pub struct DeleteUser {
    /// The user's id or email address. A pending user has no id: give the address.
    pub user_id: UserId,
    /// Delete the user for good instead of taking the user out of the account.
    #[serde(default)]
    pub permanently: bool,
    /// The email address of the user who gets what the transfer flags name.
    pub transfer_email: Option<Text<320>>,
    /// Transfer the user's meetings.
    pub transfer_meeting: Option<bool>,
    /// Transfer the user's webinars.
    pub transfer_webinar: Option<bool>,
    /// Transfer the user's cloud recordings.
    pub transfer_recording: Option<bool>,
    /// Transfer the user's whiteboards.
    pub transfer_whiteboard: Option<bool>,
    /// Transfer the user's clips.
    pub transfer_clipfiles: Option<bool>,
    /// Transfer the user's notes.
    pub transfer_notes: Option<bool>,
    /// Transfer the user's visitors.
    pub transfer_visitors: Option<bool>,
    /// Transfer the user's documents.
    pub transfer_docs: Option<bool>,
    /// Succeed if there is no such user.
    #[serde(default)]
    pub missing_ok: bool,
    /// Send no change; show the request that would be sent.
    #[serde(default)]
    pub dry_run: bool,
}

const DELETE: Endpoint = Endpoint {
    method: Method::Delete,
    path: "/users/{userId}",
    label: RateLabel::Light,
    granular: &["user:delete:user:admin"],
    classic: &["user:write:admin", "user:write"],
    need: Requirement::Required,
};

impl Action for DeleteUser {
    const ID: &'static str = "delete_user";
    const TITLE: &'static str = "Delete User";
    const KIND: Kind = Kind::Containment;
    const ENDPOINTS: &'static [Endpoint] = &[DELETE];
    const TABLE: &'static [Column] = &[
        column("User", "data.user_id"),
        column("Deleted", "data.changed"),
        column("Already so", "data.already"),
    ];
    type Output = ChangeReport;

    fn run(self, zoom: &Zoom<'_>) -> Result<Outcome<Self::Output>, Failure> {
        let id = self.user_id.as_str();
        let query = self.query()?;
        let (action, done) = match self.permanently {
            true => ("delete", "deleted for good"),
            false => ("disassociate", "taken out of the account"),
        };
        let mut query = query;
        query.insert(0, ("action", action.to_owned()));

        let change = Change {
            call: ApiCall::of(&DELETE, &[id], &query, Subject::User(id)),
            thing: format!("user {id}"),
            done: done.to_owned(),
            look: None,
            verify: false,
            dry_run: self.dry_run,
        };

        match change.run(zoom, ChangeReport::of_user(id)) {
            Err(failure) if self.missing_ok && is_refused_with(&failure, &[1001]) => Ok(change
                .already("does not exist", ChangeReport::of_user(id))
                .into()),
            result => Ok(result?.into()),
        }
    }
}

impl DeleteUser {
    /// Returns the transfer as Zoom's query parameters, only what was given.
    fn query(&self) -> Result<Vec<(&'static str, String)>, Failure> {
        let flags = [
            ("transfer_meeting", self.transfer_meeting),
            ("transfer_webinar", self.transfer_webinar),
            ("transfer_recording", self.transfer_recording),
            ("transfer_whiteboard", self.transfer_whiteboard),
            ("transfer_clipfiles", self.transfer_clipfiles),
            ("transfer_notes", self.transfer_notes),
            ("transfer_visitors", self.transfer_visitors),
            ("transfer_docs", self.transfer_docs),
        ];

        if let Some((name, _)) = flags.iter().find(|(_, flag)| *flag == Some(true))
            && self.transfer_email.is_none()
        {
            let message =
                format!("`transfer_email` is missing: `{name}` needs a user to transfer to.");
            return Err(Failure::parameter("transfer_email", message));
        }

        let mut query = Vec::new();
        query.extend(
            self.transfer_email
                .as_ref()
                .map(|email| ("transfer_email", email.to_string())),
        );

        query.extend(
            flags
                .iter()
                .filter_map(|(name, flag)| Some((*name, (*flag)?.to_string()))),
        );

        Ok(query)
    }
}
