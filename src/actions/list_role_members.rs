//! List Role Members: who holds administrative roles.

use crate::action::{Action, Column, Endpoint, Kind, Outcome, column};
use crate::http::Method;
use crate::protocol::failure::Failure;
use crate::protocol::parameter::Text;
use crate::zoom::client::{ApiCall, Zoom};
use crate::zoom::endpoint::{RateLabel, Requirement};
use crate::zoom::error::Subject;
use crate::zoom::model::evidence::RoleMember;
use crate::zoom::paging::{Limit, List, PageSize, Pager};
use crate::zoom::roles::{self, LIST_ROLES, Role};
use schemars::JsonSchema;
use serde::Deserialize;

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

const LIST: Endpoint = Endpoint {
    method: Method::Get,
    path: "/roles/{roleId}/members",
    label: RateLabel::Medium,
    granular: &["role:read:list_members:admin"],
    classic: &["role:read:admin", "role:write:admin"],
    need: Requirement::Required,
};

impl Action for ListRoleMembers {
    const ID: &'static str = "list_role_members";
    const TITLE: &'static str = "List Role Members";
    const KIND: Kind = Kind::Enrichment;
    const ENDPOINTS: &'static [Endpoint] = &[LIST, LIST_ROLES];
    const TABLE: &'static [Column] = &[
        column("Role", "data.members.[].role_name"),
        column("Email", "data.members.[].email"),
        column("First name", "data.members.[].first_name"),
        column("Last name", "data.members.[].last_name"),
        column("User ID", "data.members.[].id"),
    ];
    type Output = List<RoleMember>;

    fn run(self, zoom: &Zoom<'_>) -> Result<Outcome<Self::Output>, Failure> {
        let roles = match &self.role {
            Some(role) => vec![roles::find(zoom, role.as_str())?],
            None => roles::all(zoom)?
                .into_iter()
                .filter(|role| !role.is_member())
                .collect(),
        };

        let mut list = Pager::new(zoom, self.limit, roles.len());
        for Role { id, name } in &roles {
            list.tag(&[("role_id", id), ("role_name", name)]);
            let call = ApiCall::of(&LIST, &[id], &[], Subject::Role(name));
            list.read(&call, self.page_size.get())?;
        }

        Ok(list.finish("", "").into())
    }
}
