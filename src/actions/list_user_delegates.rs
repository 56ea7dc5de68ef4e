//! List User Delegates: who may schedule for a user, a quiet way to keep access to an account.

use crate::action::prelude::*;
use crate::zoom::model::evidence::Delegate;

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
pub const LIST_ASSISTANTS: Endpoint = Endpoint::new(
    Get,
    "/users/{userId}/assistants",
    Medium,
    &["user:read:list_assistants:admin"],
    classic::READ_USER,
);

/// `GET /users/{userId}/schedulers`
pub const LIST_SCHEDULERS: Endpoint = Endpoint {
    path: "/users/{userId}/schedulers",
    granular: &["user:read:list_schedulers:admin"],
    ..LIST_ASSISTANTS
};

impl Action for ListUserDelegates {
    const ID: &'static str = "list_user_delegates";
    const TITLE: &'static str = "List User Delegates";
    const ENDPOINTS: Endpoints = &[LIST_ASSISTANTS, LIST_SCHEDULERS];
    const ROWS: &'static str = "delegates";
    const TABLE: Columns = &[("Email", "email"), ("Role", "role"), ("User ID", "id")];
    type Output = List<Delegate>;

    fn run(self, zoom: &Zoom<'_>) -> Answer<Self::Output> {
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
        list.finish("", &format!(" of user {id}"))
    }
}
