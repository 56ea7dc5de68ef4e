//! List Users: the account's users by status, page by page.

use crate::action::prelude::*;
use crate::zoom::model::User;

/// Lists the account's users: the active ones, or those of another status, or all.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListUsers {
    /// Select users by their status.
    #[serde(default)]
    pub status: Status,
    /// List only users with this role, by the role's id.
    pub role_id: Option<Text<128>>,
    /// List only users with this license, by Zoom's name for it.
    pub license: Option<Text<128>>,
    /// Add this attribute to each user, which Zoom leaves out otherwise.
    pub include_fields: Option<Extra>,
    /// Stop after this many users; without it all are listed.
    pub limit: Option<Limit>,
    /// Set how many users Zoom gives per request. Where Zoom refuses more than 300, 300 are asked for.
    #[serde(default = "largest_page")]
    pub page_size: Bounded<1, 2000>,
    /// Show host keys in clear instead of `[hidden]`.
    #[serde(default)]
    pub show_secrets: bool,
}

/// The status of users.
#[derive(Debug, Default, Clone, Copy, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Those who can sign in.
    #[default]
    Active,
    /// Those who were deactivated.
    Inactive,
    /// Those who have not accepted their invitation; they have no id yet.
    Pending,
    /// All of them: active, inactive, pending, in this order.
    All,
}

/// An attribute of a user that Zoom gives on request.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Extra {
    /// The account's own attributes.
    CustomAttributes,
    /// The key by which a user becomes host; shown with `show_secrets` only.
    HostKey,
}

impl Item for User {
    const KEY: &'static str = "users";
    const NAME: &'static str = "user";
}

/// GET /users
pub const LIST: Endpoint = Endpoint::new(
    Get,
    "/users",
    Medium,
    &["user:read:list_users:admin"],
    classic::READ_USER,
);

impl Action for ListUsers {
    const ID: &'static str = "list_users";
    const TITLE: &'static str = "List Users";
    const ENDPOINTS: Endpoints = &[LIST];
    const ROWS: &'static str = "users";
    const TABLE: Columns = &[
        ("ID", "id"),
        ("Email", "email"),
        ("First name", "first_name"),
        ("Last name", "last_name"),
        ("Status", "status"),
        ("Type", "type"),
        ("Department", "dept"),
        ("Last sign-in", "last_login_time"),
    ];
    type Output = List<User>;

    fn run(self, zoom: &Zoom<'_>) -> Answer<Self::Output> {
        let statuses = match self.status {
            Status::All => vec![Status::Active, Status::Inactive, Status::Pending],
            status => vec![status],
        };

        let mut list = Pager::new(zoom, self.limit, statuses.len());
        for status in &statuses {
            let query = Query::new()
                .with("status", word(status))
                .given("role_id", self.role_id.as_ref())
                .given("license", self.license.as_ref())
                .given("include_fields", self.include_fields.map(word));
            let call = ApiCall::of(&LIST, &[], &query, Subject::List("users"));
            list.read(&call, self.page_size.get())?;
        }

        let which = match self.status {
            Status::All => String::new(),
            status => format!("{} ", word(status)),
        };
        list.finish(&which, "")
    }
}

/// The largest page that Zoom documents for users.
const fn largest_page() -> Bounded<1, 2000> {
    Bounded::LARGEST
}
