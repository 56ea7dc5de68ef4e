//! Enable User App: gives a user a Marketplace app back.

use super::disable_user_app::{SUBSCRIPTION, Subscription, TABLE};
use crate::action::prelude::*;

/// Gives a user a Marketplace app back that was disabled.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EnableUserApp {
    /// The user's id or email address.
    pub user_id: UserId,
    /// The app's id, from List Apps.
    pub app_id: PathId,
    /// Send no change; show the request that would be sent.
    #[serde(default)]
    pub dry_run: bool,
}

impl Action for EnableUserApp {
    const ID: &'static str = "enable_user_app";
    const TITLE: &'static str = "Enable User App";
    const KIND: Kind = Containment;
    const UNDO: Option<&'static str> = Some("`disable_user_app`.");
    const ENDPOINTS: Endpoints = &[SUBSCRIPTION];
    const TABLE: Columns = TABLE;
    type Output = ChangeReport;

    fn run(self, zoom: &Zoom<'_>) -> Answer<Self::Output> {
        let subscription = Subscription {
            word: "enable",
            done: "enabled",
            undo: "disable_user_app",
        };

        subscription.set(zoom, &self.user_id, &self.app_id, self.dry_run)
    }
}
