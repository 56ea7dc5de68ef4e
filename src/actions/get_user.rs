//! Get User: one user's profile, every field as Zoom sends it.

use crate::action::prelude::*;
use crate::zoom::model::User;

/// Gets one user's profile by id or email address: name, license, role, status, last sign-in and all else that Zoom
/// holds of the person.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetUser {
    /// The user's id or email address. A pending user has no id yet: give the address.
    pub user_id: UserId,
    /// Select one login where an email address has several.
    pub login_type: Option<LoginType>,
    /// Take `user_id` for an encrypted email address. Zoom's default is no.
    pub encrypted_email: Option<bool>,
    /// Take `user_id` for the user's employee unique id. Zoom's default is no.
    pub search_by_unique_id: Option<bool>,
    /// Show the host key in clear instead of `[hidden]`.
    #[serde(default)]
    pub show_secrets: bool,
}

/// The fields of which every user has one.
pub const USER: &[&str] = &["id", "email"];

impl Action for GetUser {
    const ID: &'static str = "get_user";
    const TITLE: &'static str = "Get User";
    const ENDPOINTS: Endpoints = &[GET_USER];
    const TABLE: Columns = &[
        ("ID", "id"),
        ("Email", "email"),
        ("Name", "display_name"),
        ("Status", "status"),
        ("Type", "type"),
        ("Role", "role_name"),
        ("Department", "dept"),
        ("Last sign-in", "last_login_time"),
    ];
    type Output = Verbatim<User>;

    fn run(self, zoom: &Zoom<'_>) -> Answer<Self::Output> {
        let id = self.user_id.as_str();
        let query = Query::new()
            .given("login_type", self.login_type)
            .given("encrypted_email", self.encrypted_email)
            .given("search_by_unique_id", self.search_by_unique_id);

        let call = ApiCall::of(&GET_USER, &[id], &query, Subject::User(id));
        zoom.find(&call, USER, call.about)
    }
}
