//! Disable User App: cuts a Marketplace app off from one user. Enable User App is the same call with the other word.

use crate::action::{Action, Column, Endpoint, Kind, Outcome, column};
use crate::http::Method;
use crate::protocol::failure::Failure;
use crate::protocol::parameter::{PathId, UserId};
use crate::zoom::change::{Change, ChangeReport};
use crate::zoom::client::{ApiCall, Zoom};
use crate::zoom::endpoint::{RateLabel, Requirement};
use crate::zoom::error::Subject;
use crate::zoom::rollback::Rollback;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

/// Cuts a Marketplace app off from one user, as after consent phishing. Zoom does not document whether tokens that the
/// app already holds end at once.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DisableUserApp {
    /// The user's id or email address.
    pub user_id: UserId,
    /// The app's id, from List Apps.
    pub app_id: PathId,
    /// Send no change; show the request that would be sent.
    #[serde(default)]
    pub dry_run: bool,
}

/// `PATCH /marketplace/users/{userId}/apps/{appId}/subscription`
pub const SUBSCRIPTION: Endpoint = Endpoint {
    method: Method::Patch,
    path: "/marketplace/users/{userId}/apps/{appId}/subscription",
    label: RateLabel::Light,
    granular: &["marketplace:write:app:admin"],
    classic: &["marketplace_app:write:admin"],
    need: Requirement::Required,
};

/// The columns of both actions.
pub const TABLE: &[Column] = &[
    column("User", "data.user_id"),
    column("App", "data.app_id"),
    column("Changed", "data.changed"),
];

impl Action for DisableUserApp {
    const ID: &'static str = "disable_user_app";
    const TITLE: &'static str = "Disable User App";
    const KIND: Kind = Kind::Containment;
    const UNDO: Option<&'static str> = Some("`enable_user_app`.");
    const DESTRUCTIVE: bool = true;
    const ENDPOINTS: &'static [Endpoint] = &[SUBSCRIPTION];
    const TABLE: &'static [Column] = TABLE;
    type Output = ChangeReport;

    fn run(self, zoom: &Zoom<'_>) -> Result<Outcome<Self::Output>, Failure> {
        let subscription = Subscription {
            word: "disable",
            done: "disabled",
            undo: "enable_user_app",
        };

        subscription.set(zoom, &self.user_id, &self.app_id, self.dry_run)
    }
}

/// One of the two states of an app for a user.
pub struct Subscription {
    /// Zoom's word for the change.
    pub word: &'static str,
    /// The change as a participle.
    pub done: &'static str,
    /// The action that undoes it.
    pub undo: &'static str,
}

impl Subscription {
    /// Sets the state of `app` for `user`.
    ///
    /// # Errors
    /// Zoom's refusals.
    pub fn set(
        &self,
        zoom: &Zoom<'_>,
        user: &UserId,
        app: &PathId,
        dry_run: bool,
    ) -> Result<Outcome<ChangeReport>, Failure> {
        let (user, app) = (user.as_str(), app.as_str());
        let body = json!({ "action": self.word });
        let change = Change {
            call: ApiCall::of(&SUBSCRIPTION, &[user, app], &[], Subject::User(user))
                .with_body(&body),
            thing: format!("app {app}"),
            done: format!("{} for user {user}", self.done),
            look: None,
            verify: false,
            dry_run,
        };

        let report = ChangeReport {
            app_id: Some(app.to_owned()),
            rollback: Some(Rollback::new(
                self.undo,
                [("user_id", json!(user)), ("app_id", json!(app))],
            )),
            ..ChangeReport::of_user(user)
        };

        Ok(change.run(zoom, report)?.into())
    }
}
