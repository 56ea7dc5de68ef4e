//! Assign Role: gives a user a role. The look and the report serve Unassign Role as well.

use crate::action::prelude::*;
use crate::zoom::change;
use crate::zoom::roles::{self, LIST_ROLES, Role};

/// Gives a user a role, in place of the one the user has. It needs a Pro plan or better.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignRole {
    /// The user's id or email address.
    pub user_id: UserId,
    /// The role, by id or name.
    pub role: Text<128>,
    /// Read the user's role before and after, to check that it took.
    #[serde(default = "default_true")]
    pub verify: bool,
    /// Send no change; show the request that would be sent.
    #[serde(default)]
    pub dry_run: bool,
}

const ASSIGN: Endpoint = Endpoint::new(
    Post,
    "/roles/{roleId}/members",
    Medium,
    &["role:write:member:admin"],
    classic::WRITE_ROLE,
);

/// The columns of both actions.
pub const TABLE: Columns = &[
    ("User", "user_id"),
    ("Changed", "changed"),
    ("Verified", "verified"),
];

impl Action for AssignRole {
    const ID: &'static str = "assign_role";
    const TITLE: &'static str = "Assign Role";
    const KIND: Kind = Containment;
    const UNDO: Option<&'static str> = Some("`unassign_role`.");
    const ENDPOINTS: Endpoints = &[ASSIGN, LIST_ROLES, GET_USER.serves("verify")];
    const TABLE: Columns = TABLE;
    type Output = ChangeReport;

    fn run(self, zoom: &Zoom<'_>) -> Answer<Self::Output> {
        let id = self.user_id.as_str();
        let role = roles::find(zoom, self.role.as_str())?;
        let key = if id.contains('@') { "email" } else { "id" };
        let body = json!({ "members": [{ key: id }] });
        let call = ApiCall::of(&ASSIGN, &[&role.id], &[], Subject::User(id)).with_body(&body);

        let membership = Membership {
            user: id,
            role: &role,
            wanted: true,
            verify: self.verify,
        };

        membership.change(zoom, call, self.dry_run)
    }
}

/// A user's membership in a role, which is to begin or to end.
pub struct Membership<'a> {
    /// The user's id or email address.
    pub user: &'a str,
    /// The role.
    pub role: &'a Role,
    /// True when the user is to have the role.
    pub wanted: bool,
    /// True when the user's role is read before and after.
    pub verify: bool,
}

impl Membership<'_> {
    /// Makes the change by `call`.
    ///
    /// # Errors
    /// Zoom's refusals; `not_applied` when the user's role is not as asked for.
    pub fn change(
        &self,
        zoom: &Zoom<'_>,
        call: ApiCall<'_>,
        dry_run: bool,
    ) -> Answer<ChangeReport> {
        let Self {
            user,
            role,
            wanted,
            verify,
        } = *self;

        let read = ApiCall::of(&GET_USER, &[user], &[], Subject::User(user));
        let has_role = |fields: &Map<String, Value>| fields.get("role_id").map(|id| *id == role.id);
        let look = |zoom: &Zoom<'_>| Ok(has_role(&role_of(zoom, &read)?).map(|has| has == wanted));
        let (thing, done, undo) = match wanted {
            true => (
                format!("user {user}"),
                format!("given role {}", role.name),
                "unassign_role",
            ),
            false => (
                format!("role {}", role.name),
                format!("taken from user {user}"),
                "assign_role",
            ),
        };
        let change = Change::new(call, done, dry_run)
            .thing(thing)
            .look(&look, verify);

        let identity = [("user_id", json!(user)), ("role", json!(role.id))];
        let mut report = ChangeReport::of_user(user).undone_by(undo, identity);
        if verify {
            report.before = change.look_before(zoom, |zoom| role_of(zoom, &read).map(Some))?;
        }

        if report.before.as_ref().and_then(has_role) == Some(wanted) {
            let state = match wanted {
                true => format!("has role {} already", role.name),
                false => format!("is not held by user {user}"),
            };
            return change.already(&state, report);
        }
        change.run(zoom, report)
    }
}

fn role_of(zoom: &Zoom<'_>, read: &ApiCall<'_>) -> Result<Map<String, Value>, Failure> {
    change::fields(zoom, read, &["id", "email", "role_id", "role_name"])
}
