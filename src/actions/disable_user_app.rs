//! Disable User App: cuts a Marketplace app off from one user. Enable User App is the same call with the other word.

use crate::action::prelude::*;

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
pub const SUBSCRIPTION: Endpoint = Endpoint::new(
    Patch,
    "/marketplace/users/{userId}/apps/{appId}/subscription",
    Light,
    &["marketplace:write:app:admin"],
    &["marketplace_app:write:admin"],
);

/// The columns of both actions.
pub const TABLE: Columns = &[
    ("User", "user_id"),
    ("App", "app_id"),
    ("Changed", "changed"),
];

impl Action for DisableUserApp {
    const ID: &'static str = "disable_user_app";
    const TITLE: &'static str = "Disable User App";
    const KIND: Kind = Containment;
    const UNDO: Option<&'static str> = Some("`enable_user_app`.");
    const DESTRUCTIVE: bool = true;
    const ENDPOINTS: Endpoints = &[SUBSCRIPTION];
    const TABLE: Columns = TABLE;
    type Output = ChangeReport;

    fn run(self, zoom: &Zoom<'_>) -> Answer<Self::Output> {
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
    ) -> Answer<ChangeReport> {
        let (user, app) = (user.as_str(), app.as_str());
        let body = json!({ "action": self.word });
        let call = ApiCall::of(&SUBSCRIPTION, &[user, app], &[], Subject::User(user));
        let done = format!("{} for user {user}", self.done);
        let change = Change::new(call.with_body(&body), done, dry_run).thing(format!("app {app}"));

        let identity = [("user_id", json!(user)), ("app_id", json!(app))];
        let report = ChangeReport {
            app_id: Some(app.to_owned()),
            ..ChangeReport::of_user(user).undone_by(self.undo, identity)
        };
        change.run(zoom, report)
    }
}
