//! List User Delegates: who may schedule for a user, a quiet way to keep access to an account.

use crate::action::{Action, Column, Endpoint, Kind, Outcome, column};
use crate::http::Method;
use crate::protocol::failure::Failure;
use crate::protocol::parameter::UserId;
use crate::zoom::client::{ApiCall, Zoom};
use crate::zoom::endpoint::{RateLabel, Requirement};
use crate::zoom::error::Subject;
use crate::zoom::model::evidence::Delegate;
use crate::zoom::paging::{Limit, List, Pager};
use schemars::JsonSchema;
use serde::Deserialize;

/// Lists a user's delegates: assistants, who may schedule meetings for the user, and schedulers, for whom the user may.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListUserDelegates {
    /// The user's id or email address.
    pub user_id: UserId,
    /// List at most this many delegates; leave it empty to list all.
    pub limit: Option<Limit>,
}

/// `GET /users/{userId}/assistants`
pub const LIST_ASSISTANTS: Endpoint = Endpoint {
    method: Method::Get,
    path: "/users/{userId}/assistants",
    label: RateLabel::Medium,
    granular: &["user:read:list_assistants:admin"],
    classic: &[
        "user:read:admin",
        "user:write:admin",
        "user:read",
        "user:write",
    ],
    need: Requirement::Required,
};

/// `GET /users/{userId}/schedulers`
pub const LIST_SCHEDULERS: Endpoint = Endpoint {
    path: "/users/{userId}/schedulers",
    granular: &["user:read:list_schedulers:admin"],
    ..LIST_ASSISTANTS
};

impl Action for ListUserDelegates {
    const ID: &'static str = "list_user_delegates";
    const TITLE: &'static str = "List User Delegates";
    const KIND: Kind = Kind::Enrichment;
    const ENDPOINTS: &'static [Endpoint] = &[LIST_ASSISTANTS, LIST_SCHEDULERS];
    const TABLE: &'static [Column] = &[
        column("Email", "data.delegates.[].email"),
        column("Role", "data.delegates.[].role"),
        column("User ID", "data.delegates.[].id"),
    ];
    type Output = List<Delegate>;

    fn run(self, zoom: &Zoom<'_>) -> Result<Outcome<Self::Output>, Failure> {
        let id = self.user_id.as_str();
        let lists = [
            ("assistant", "assistants", &LIST_ASSISTANTS),
            ("scheduler", "schedulers", &LIST_SCHEDULERS),
        ];

        let mut list = Pager::new(zoom, self.limit, lists.len());
        for (role, key, endpoint) in lists {
            list.tag(&[("role", role)]);
            list.read_whole(key, &ApiCall::of(endpoint, &[id], &[], Subject::User(id)))?;
        }

        Ok(list.finish("", &format!(" of user {id}")).into())
    }
}
