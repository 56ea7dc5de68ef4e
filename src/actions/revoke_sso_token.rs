//! Revoke SSO Token: signs a single-sign-on user out of Zoom.

use crate::action::{Action, Column, Endpoint, Kind, Outcome, column};
use crate::http::Method;
use crate::protocol::failure::Failure;
use crate::protocol::parameter::UserId;
use crate::zoom::change::{Change, ChangeReport};
use crate::zoom::client::{ApiCall, Zoom};
use crate::zoom::endpoint::{RateLabel, Requirement};
use crate::zoom::error::Subject;
use schemars::JsonSchema;
use serde::Deserialize;

/// Signs a user who came by single sign-on out of Zoom. The user can sign in again at once: deactivate the user, or
/// disable the account at the identity provider, as well. It cannot be undone.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RevokeSsoToken {
    /// The user's id or email address.
    pub user_id: UserId,
    /// Send no change; show the request that would be sent.
    #[serde(default)]
    pub dry_run: bool,
}

const REVOKE: Endpoint = Endpoint {
    method: Method::Delete,
    path: "/users/{userId}/token",
    label: RateLabel::Light,
    granular: &["user:delete:token:admin"],
    classic: &["user:write:admin", "user:write"],
    need: Requirement::Required,
};

impl Action for RevokeSsoToken {
    const ID: &'static str = "revoke_sso_token";
    const TITLE: &'static str = "Revoke SSO Token";
    const KIND: Kind = Kind::Containment;
    const ENDPOINTS: &'static [Endpoint] = &[REVOKE];
    const TABLE: &'static [Column] = &[
        column("User", "data.user_id"),
        column("Revoked", "data.changed"),
        column("Already so", "data.already"),
    ];
    type Output = ChangeReport;

    fn run(self, zoom: &Zoom<'_>) -> Result<Outcome<Self::Output>, Failure> {
        let id = self.user_id.as_str();
        let change = Change {
            call: ApiCall::of(&REVOKE, &[id], &[], Subject::User(id)),
            thing: format!("user {id}"),
            done: "signed out of single sign-on".to_owned(),
            look: None,
            verify: false,
            dry_run: self.dry_run,
        };

        Ok(change.run(zoom, ChangeReport::of_user(id))?.into())
    }
}
