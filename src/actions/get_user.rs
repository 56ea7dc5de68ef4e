//! Get User: one user's profile, every field as Zoom sends it.

use crate::action::{Action, Column, Endpoint, Kind, Outcome, column};
use crate::protocol::failure::Failure;
use crate::protocol::parameter::{LoginType, UserId};
use crate::zoom::client::{ApiCall, Zoom};
use crate::zoom::endpoint::GET_USER;
use crate::zoom::error::Subject;
use crate::zoom::model::User;
use crate::zoom::verbatim::Verbatim;
use schemars::JsonSchema;
use serde::Deserialize;

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
    const KIND: Kind = Kind::Enrichment;
    const ENDPOINTS: &'static [Endpoint] = &[GET_USER];
    const TABLE: &'static [Column] = &[
        column("ID", "data.id"),
        column("Email", "data.email"),
        column("Name", "data.display_name"),
        column("Status", "data.status"),
        column("Type", "data.type"),
        column("Role", "data.role_name"),
        column("Department", "data.dept"),
        column("Last sign-in", "data.last_login_time"),
    ];
    type Output = Verbatim<User>;

    fn shows_secrets(&self) -> bool {
        self.show_secrets
    }

    fn run(self, zoom: &Zoom<'_>) -> Result<Outcome<Self::Output>, Failure> {
        let id = self.user_id.as_str();
        let mut query = Vec::new();
        query.extend(
            self.login_type
                .map(|login| ("login_type", login.to_string())),
        );

        query.extend(
            self.encrypted_email
                .map(|is| ("encrypted_email", is.to_string())),
        );

        query.extend(
            self.search_by_unique_id
                .map(|is| ("search_by_unique_id", is.to_string())),
        );

        let call = ApiCall {
            endpoint: &GET_USER,
            ids: [id, ""],
            query: &query,
            body: None,
            about: Subject::User(id),
        };

        let raw = zoom.get_expecting(&call, USER)?;
        Ok(Outcome {
            message: format!("Found user {id}."),
            data: Verbatim::new(raw),
        })
    }
}
