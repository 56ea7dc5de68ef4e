//! Unassign Role: takes a role from a user, who becomes a plain member.

use super::assign_role::{Membership, TABLE};
use crate::action::prelude::*;
use crate::zoom::roles::{self, LIST_ROLES};

/// Takes a role from a user, who becomes a plain member: administrators must lose their role before they can be
/// deactivated. Zoom refuses it for the owner. Don't take the role of the person who made this app.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UnassignRole {
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

const UNASSIGN: Endpoint = Endpoint::new(
    Delete,
    "/roles/{roleId}/members/{memberId}",
    Light,
    &["role:delete:member:admin"],
    classic::WRITE_ROLE,
);

impl Action for UnassignRole {
    const ID: &'static str = "unassign_role";
    const TITLE: &'static str = "Unassign Role";
    const KIND: Kind = Containment;
    const UNDO: Option<&'static str> = Some("`assign_role`.");
    const DESTRUCTIVE: bool = true;
    const ENDPOINTS: Endpoints = &[UNASSIGN, LIST_ROLES, GET_USER.serves("verify")];
    const TABLE: Columns = TABLE;
    type Output = ChangeReport;

    fn run(self, zoom: &Zoom<'_>) -> Answer<Self::Output> {
        let id = self.user_id.as_str();
        let role = roles::find(zoom, self.role.as_str())?;
        let call = ApiCall::of(&UNASSIGN, &[&role.id, id], &[], Subject::User(id));

        let membership = Membership {
            user: id,
            role: &role,
            wanted: false,
            verify: self.verify,
        };

        membership.change(zoom, call, self.dry_run)
    }
}
