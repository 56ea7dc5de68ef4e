//! Activate User: lets a deactivated user sign in again.

use super::deactivate_user::{NewStatus, SET_STATUS, TABLE};
use crate::action::prelude::*;

/// Lets a deactivated user sign in again. Zoom may not give the licenses back: `data.before` of Deactivate User tells
/// which the user had.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ActivateUser {
    /// The user's id or email address.
    pub user_id: UserId,
    /// Read the user before and after, to report plan and licenses and to check that it took.
    #[serde(default = "default_true")]
    pub verify: bool,
    /// Send no change; show the request that would be sent.
    #[serde(default)]
    pub dry_run: bool,
}

impl Action for ActivateUser {
    const ID: &'static str = "activate_user";
    const TITLE: &'static str = "Activate User";
    const KIND: Kind = Containment;
    const UNDO: Option<&'static str> = Some("`deactivate_user`.");
    const ENDPOINTS: Endpoints = &[SET_STATUS, GET_USER.serves("verify")];
    const TABLE: Columns = TABLE;
    type Output = ChangeReport;

    fn run(self, zoom: &Zoom<'_>) -> Answer<Self::Output> {
        let status = NewStatus {
            word: "activate",
            done: "activated",
            state: "active",
            undo: "deactivate_user",
        };
        status.set(zoom, &self.user_id, self.verify, self.dry_run)
    }
}
