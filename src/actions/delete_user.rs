//! Delete User: takes a user out of the account, or deletes the user for good.

use crate::action::prelude::*;

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

const DELETE: Endpoint = Endpoint::new(
    Delete,
    "/users/{userId}",
    Light,
    &["user:delete:user:admin"],
    classic::WRITE_USER,
);

impl Action for DeleteUser {
    const ID: &'static str = "delete_user";
    const TITLE: &'static str = "Delete User";
    const KIND: Kind = Containment;
    const ENDPOINTS: Endpoints = &[DELETE];
    const TABLE: Columns = &[
        ("User", "user_id"),
        ("Deleted", "changed"),
        ("Already so", "already"),
    ];
    type Output = ChangeReport;

    fn run(self, zoom: &Zoom<'_>) -> Answer<Self::Output> {
        let id = self.user_id.as_str();
        let (action, done) = match self.permanently {
            true => ("delete", "deleted for good"),
            false => ("disassociate", "taken out of the account"),
        };
        let query = self.transfer(Query::new().with("action", action))?;

        let call = ApiCall::of(&DELETE, &[id], &query, Subject::User(id));
        Change::new(call, done, self.dry_run).run_on_existing(
            zoom,
            ChangeReport::of_user(id),
            self.missing_ok,
            USER_MISSING,
        )
    }
}

impl DeleteUser {
    /// Adds the transfer to the query, only what was given.
    fn transfer(&self, query: Query) -> Result<Query, Failure> {
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

        let query = query.given("transfer_email", self.transfer_email.as_ref());
        let add = |query: Query, (name, flag)| query.given(name, flag);
        Ok(flags.into_iter().fold(query, add))
    }
}
