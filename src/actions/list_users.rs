//! List Users: the account's users by status, page by page.

use crate::action::{Action, Column, Endpoint, Kind, Outcome, column};
use crate::http::Method;
use crate::protocol::failure::Failure;
use crate::protocol::parameter::{Bounded, Text};
use crate::zoom::client::{ApiCall, Zoom};
use crate::zoom::endpoint::{RateLabel, Requirement};
use crate::zoom::error::Subject;
use crate::zoom::model::User;
use crate::zoom::paging::{Item, Limit, List, Pager};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
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
pub const LIST: Endpoint = Endpoint {
    method: Method::Get,
    path: "/users",
    label: RateLabel::Medium,
    granular: &["user:read:list_users:admin"],
    classic: &[
        "user:read:admin",
        "user:write:admin",
        "user:read",
        "user:write",
    ],
    need: Requirement::Required,
};

impl Action for ListUsers {
    const ID: &'static str = "list_users";
    const TITLE: &'static str = "List Users";
    const KIND: Kind = Kind::Enrichment;
    const ENDPOINTS: &'static [Endpoint] = &[LIST];
    const TABLE: &'static [Column] = &[
        column("ID", "data.users.[].id"),
        column("Email", "data.users.[].email"),
        column("First name", "data.users.[].first_name"),
        column("Last name", "data.users.[].last_name"),
        column("Status", "data.users.[].status"),
        column("Type", "data.users.[].type"),
        column("Department", "data.users.[].dept"),
        column("Last sign-in", "data.users.[].last_login_time"),
    ];
    type Output = List<User>;

    fn shows_secrets(&self) -> bool {
        self.show_secrets
    }

    fn run(self, zoom: &Zoom<'_>) -> Result<Outcome<Self::Output>, Failure> {
        let statuses: &[&str] = match self.status {
            Status::Active => &["active"],
            Status::Inactive => &["inactive"],
            Status::Pending => &["pending"],
            Status::All => &["active", "inactive", "pending"],
        };

        let extra = self.include_fields.map(|extra| match extra {
            Extra::CustomAttributes => "custom_attributes",
            Extra::HostKey => "host_key",
        });
        let mut list = Pager::new(zoom, self.limit, statuses.len());

        for status in statuses {
            let mut query = vec![("status", (*status).to_owned())];
            query.extend(
                self.role_id
                    .as_ref()
                    .map(|role| ("role_id", role.to_string())),
            );
            query.extend(
                self.license
                    .as_ref()
                    .map(|license| ("license", license.to_string())),
            );
            query.extend(extra.map(|extra| ("include_fields", extra.to_owned())));
            let call = ApiCall {
                endpoint: &LIST,
                ids: [""; 2],
                query: &query,
                body: None,
                about: Subject::List("users"),
            };
            list.read(&call, self.page_size.get())?;
        }

        let which = match self.status {
            Status::All => String::new(),
            _ => format!("{} ", statuses.concat()),
        };
        let (message, data) = list.finish(&which, "");

        Ok(Outcome { message, data })
    }
}

/// The largest page that Zoom documents for users.
const fn largest_page() -> Bounded<1, 2000> {
    Bounded::LARGEST
}
