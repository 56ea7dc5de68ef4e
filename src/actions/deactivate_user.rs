//! Deactivate User: keeps a user from signing in. Activate User is the same call with the other word.

use crate::action::prelude::*;
use crate::zoom::change;

/// Keeps a user from signing in to Zoom and takes the user's licenses away. Zoom refuses it for administrators: unassign
/// the role first. Whether open sessions and running meetings end is not documented: revoke the token and end the
/// meetings as well.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeactivateUser {
    /// The user's id or email address.
    pub user_id: UserId,
    /// Read the user before and after, to report plan and licenses and to check that it took.
    #[serde(default = "default_true")]
    pub verify: bool,
    /// Send no change; show the request that would be sent.
    #[serde(default)]
    pub dry_run: bool,
}

/// `PUT /users/{userId}/status`
pub const SET_STATUS: Endpoint = Endpoint::new(
    Put,
    "/users/{userId}/status",
    Light,
    &["user:update:status:admin"],
    classic::WRITE_USER,
);

/// The columns of both actions.
pub const TABLE: Columns = &[
    ("User", "user_id"),
    ("Changed", "changed"),
    ("Verified", "verified"),
];

impl Action for DeactivateUser {
    const ID: &'static str = "deactivate_user";
    const TITLE: &'static str = "Deactivate User";
    const KIND: Kind = Containment;
    const UNDO: Option<&'static str> =
        Some("`activate_user`. Licenses that were taken do not come back by themselves.");
    const DESTRUCTIVE: bool = true;
    const ENDPOINTS: Endpoints = &[SET_STATUS, GET_USER.serves("verify")];
    const TABLE: Columns = TABLE;
    type Output = ChangeReport;

    fn run(self, zoom: &Zoom<'_>) -> Answer<Self::Output> {
        let status = NewStatus {
            word: "deactivate",
            done: "deactivated",
            state: "inactive",
            undo: "activate_user",
        };

        status.set(zoom, &self.user_id, self.verify, self.dry_run)
    }
}

/// One of the two states that an administrator can set.
pub struct NewStatus {
    /// Zoom's word for the change.
    pub word: &'static str,
    /// The change as a participle.
    pub done: &'static str,
    /// The state that the change leads to, as Zoom names it.
    pub state: &'static str,
    /// The action that undoes it.
    pub undo: &'static str,
}

impl NewStatus {
    /// Sets the user's status.
    ///
    /// # Errors
    /// Zoom's refusals; `not_applied` when the user still has the old status.
    pub fn set(
        &self,
        zoom: &Zoom<'_>,
        user: &UserId,
        verify: bool,
        dry_run: bool,
    ) -> Answer<ChangeReport> {
        let id = user.as_str();
        let read = ApiCall::of(&GET_USER, &[id], &[], Subject::User(id));
        let body = json!({ "action": self.word });
        let look = |zoom: &Zoom<'_>| {
            let status = change::fields(zoom, &read, BEFORE)?.remove("status");
            Ok(status.map(|status| status == self.state))
        };
        let call = read.to(&SET_STATUS).with_body(&body);
        let change = Change::new(call, self.done, dry_run).look(&look, verify);

        let mut report = ChangeReport::of_user(id).undone_by(self.undo, [("user_id", json!(id))]);
        if verify {
            report.before =
                change.look_before(zoom, |zoom| change::fields(zoom, &read, BEFORE).map(Some))?;
        }

        let status = report.before.as_ref().and_then(|user| user.get("status"));
        if status.is_some_and(|status| status == self.state) {
            return change.already(&format!("is {} already", self.state), report);
        }
        change.run(zoom, report)
    }
}

/// The fields of a user that a change of status may cost: they are told before it is made.
const BEFORE: &[&str] = &[
    "id",
    "email",
    "status",
    "type",
    "role_name",
    "plan_united_type",
    "license_info_list",
    "feature",
];
