//! Revoke SSO Token: signs a single-sign-on user out of Zoom.

use crate::action::prelude::*;

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

const REVOKE: Endpoint = Endpoint::new(
    Delete,
    "/users/{userId}/token",
    Light,
    &["user:delete:token:admin"],
    classic::WRITE_USER,
);

impl Action for RevokeSsoToken {
    const ID: &'static str = "revoke_sso_token";
    const TITLE: &'static str = "Revoke SSO Token";
    const KIND: Kind = Containment;
    const ENDPOINTS: Endpoints = &[REVOKE];
    const TABLE: Columns = &[
        ("User", "user_id"),
        ("Revoked", "changed"),
        ("Already so", "already"),
    ];
    type Output = ChangeReport;

    fn run(self, zoom: &Zoom<'_>) -> Answer<Self::Output> {
        let id = self.user_id.as_str();
        let call = ApiCall::of(&REVOKE, &[id], &[], Subject::User(id));

        Change::new(call, "signed out of single sign-on", self.dry_run)
            .run(zoom, ChangeReport::of_user(id))
    }
}
