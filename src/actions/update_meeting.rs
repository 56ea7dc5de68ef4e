//! Update User: changes fields of one user's profile, and reads back whether they took.

use crate::action::{Action, Column, Kind, Outcome, Route, column};
use crate::http::Method;
use crate::protocol::failure::Failure;
use crate::protocol::parameter::UserId;
use crate::zoom::client::{Call, Zoom};
use crate::zoom::error::About;
use crate::zoom::readback::{Plan, Update, Updated, update};
use crate::zoom::route::{GET_USER, Need, RateLabel};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Changes fields of a user's profile.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateMeeting {
    /// The user's id or e-mail address.
    pub user_id: UserId,
    /// How the user signs in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login_type: Option<i64>,
    /// Drop the user's TSP credentials.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remove_tsp_credentials: Option<bool>,
    /// Department.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "dept"))]
    pub dept: Option<String>,
    /// Read before and after.
    #[serde(default = "crate::protocol::parameter::yes")]
    pub verify: bool,
    /// Send nothing.
    #[serde(default)]
    pub dry_run: bool,
    /// Show secrets.
    #[serde(default)]
    pub show_secrets: bool,
}

const UPDATE: Route = Route {
    method: Method::Patch,
    path: "/users/{userId}",
    label: RateLabel::Light,
    granular: &["user:update:user:admin", "user:update:user"],
    classic: &["user:write:admin", "user:write"],
    need: Need::Always,
};

impl Action for UpdateMeeting {
    const ID: &'static str = "update_user";
    const TITLE: &'static str = "Update User";
    const KIND: Kind = Kind::Containment;
    const ROUTES: &'static [Route] = &[UPDATE, GET_USER.serves("verify")];
    const TABLE: &'static [Column] = &[
        column("Field", "data.changes.[].field"),
        column("Before", "data.changes.[].before"),
        column("Requested", "data.changes.[].requested"),
        column("After", "data.changes.[].after"),
        column("Applied", "data.changes.[].applied"),
    ];
    type Output = Updated;

    fn shows_secrets(&self) -> bool {
        self.show_secrets
    }

    fn run(self, zoom: &Zoom<'_>) -> Result<Outcome<Updated>, Failure> {
        let plan = Plan::of(&self, None)?;
        let id = self.user_id.as_str();
        let login = self.login_type.map(|login| ("login_type", login.to_string()));
        let mut query: Vec<_> = login.iter().cloned().collect();
        query.extend(self.remove_tsp_credentials.map(|drop| ("remove_tsp_credentials", drop.to_string())));
        let about = About::User(id);
        let read = Call { route: &GET_USER, id, query: login.as_slice(), body: None, about };
        let write = Call { route: &UPDATE, id, query: &query, body: None, about };
        let change = Update { plan: &plan, write, read, verify: self.verify, dry_run: self.dry_run };
        let (message, data) = update(zoom, &change, &format!("user {id}"))?;
        Ok(Outcome { message, data })
    }
}
