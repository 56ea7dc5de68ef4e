//! Deactivate User: keeps a user from signing in. Activate User is the same call with the other word.

use crate::action::{Action, Column, Endpoint, Kind, Outcome, column};
use crate::http::Method;
use crate::protocol::failure::Failure;
use crate::protocol::parameter::{UserId, default_true};
use crate::zoom::change::{Change, ChangeReport};
use crate::zoom::client::{ApiCall, Zoom};
use crate::zoom::endpoint::{GET_USER, RateLabel, Requirement};
use crate::zoom::error::Subject;
use crate::zoom::rollback::Rollback;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value, json};

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
pub const SET_STATUS: Endpoint = Endpoint {
    method: Method::Put,
    path: "/users/{userId}/status",
    label: RateLabel::Light,
    granular: &["user:update:status:admin"],
    classic: &["user:write:admin", "user:write"],
    need: Requirement::Required,
};

/// The columns of both actions.
pub const TABLE: &[Column] = &[
    column("User", "data.user_id"),
    column("Changed", "data.changed"),
    column("Verified", "data.verified"),
];

impl Action for DeactivateUser {
    const ID: &'static str = "deactivate_user";
    const TITLE: &'static str = "Deactivate User";
    const KIND: Kind = Kind::Containment;
    const UNDO: Option<&'static str> =
        Some("`activate_user`. Licenses that were taken do not come back by themselves.");
    const DESTRUCTIVE: bool = true;
    const ENDPOINTS: &'static [Endpoint] = &[SET_STATUS, GET_USER.serves("verify")];
    const TABLE: &'static [Column] = TABLE;
    type Output = ChangeReport;

    fn run(self, zoom: &Zoom<'_>) -> Result<Outcome<Self::Output>, Failure> {
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
    ) -> Result<Outcome<ChangeReport>, Failure> {
        let id = user.as_str();
        let read = ApiCall::of(&GET_USER, &[id], &[], Subject::User(id));
        let body = json!({ "action": self.word });
        let look = |zoom: &Zoom<'_>| {
            let status = user_before(zoom, &read)?.remove("status");
            Ok(status.map(|status| status == self.state))
        };
        let change = Change {
            call: ApiCall {
                endpoint: &SET_STATUS,
                ..read
            }
            .with_body(&body),
            thing: format!("user {id}"),
            done: self.done.to_owned(),
            look: Some(&look),
            verify,
            dry_run,
        };

        let mut report = ChangeReport::of_user(id);
        report.rollback = Some(Rollback::new(self.undo, [("user_id", json!(id))]));

        if verify {
            report.before = change.look_before(zoom, |zoom| user_before(zoom, &read).map(Some))?;
        }

        let status = report.before.as_ref().and_then(|user| user.get("status"));
        if status.is_some_and(|status| status == self.state) {
            return Ok(change
                .already(&format!("is {} already", self.state), report)
                .into());
        }

        Ok(change.run(zoom, report)?.into())
    }
}

/// Reads the fields of a user that a change of status may cost: they are told before it is made.
fn user_before(zoom: &Zoom<'_>, read: &ApiCall<'_>) -> Result<Map<String, Value>, Failure> {
    const FIELDS: [&str; 8] = [
        "id",
        "email",
        "status",
        "type",
        "role_name",
        "plan_united_type",
        "license_info_list",
        "feature",
    ];
    crate::zoom::change::fields(zoom, read, &FIELDS)
}
