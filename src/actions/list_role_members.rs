//! List Role Members: who holds administrative roles.

use crate::action::prelude::*;
use crate::zoom::model::evidence::RoleMember;
use crate::zoom::roles::{self, LIST_ROLES, Role};

/// Lists the users who hold a role, or every role but Member: who is an administrator. It needs a Pro plan or better.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListRoleMembers {
    /// The role, by id or name; leave it empty for all roles that are not Member.
    pub role: Option<Text<128>>,
    /// List at most this many members; leave it empty to list all.
    pub limit: Option<Limit>,
    /// Ask Zoom for this many members per request.
    #[serde(default)]
    pub page_size: PageSize,
}

const LIST: Endpoint = Endpoint::new(
    Get,
    "/roles/{roleId}/members",
    Medium,
    &["role:read:list_members:admin"],
    classic::READ_ROLE,
);

impl Action for ListRoleMembers {
    const ID: &'static str = "list_role_members";
    const TITLE: &'static str = "List Role Members";
    const ENDPOINTS: Endpoints = &[LIST, LIST_ROLES];
    const ROWS: &'static str = "members";
    const TABLE: Columns = &[
        ("Role", "role_name"),
        ("Email", "email"),
        ("First name", "first_name"),
        ("Last name", "last_name"),
        ("User ID", "id"),
    ];
    type Output = List<RoleMember>;

    fn run(self, zoom: &Zoom<'_>) -> Answer<Self::Output> {
        let roles = match &self.role {
            Some(role) => vec![roles::find(zoom, role.as_str())?],
            None => {
                let mut roles = roles::all(zoom)?;
                roles.retain(|role| !role.is_member());
                roles
            }
        };

        let mut list = Pager::new(zoom, self.limit, roles.len());
        for Role { id, name } in &roles {
            list.tag(&[("role_id", id), ("role_name", name)]);
            let call = ApiCall::of(&LIST, &[id], &[], Subject::Role(name));
            list.read(&call, self.page_size)?;
        }
        list.finish("", "")
    }
}
