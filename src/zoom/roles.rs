//! Roles by id or name: people know names, Zoom's calls take ids.

use super::client::{ApiCall, Zoom};
use super::endpoint::{Endpoint, RateLabel::Medium, classic};
use super::error::Subject;
use crate::http::Method::Get;
use crate::protocol::failure::{Code, Failure};
use crate::protocol::suggest::quoted;
use serde::Deserialize;

/// `GET /roles`
pub const LIST_ROLES: Endpoint = Endpoint::new(
    Get,
    "/roles",
    Medium,
    &["role:read:list_roles:admin"],
    classic::READ_ROLE,
)
.serves("naming a role instead of giving its id");

/// A role of the account.
#[derive(Clone, Debug, Deserialize)]
pub struct Role {
    /// The id: a short number for the roles that Zoom makes, else a text of Zoom's.
    pub id: String,
    /// The name.
    pub name: String,
}

impl Role {
    /// True for the role of everybody who has no other.
    #[must_use]
    pub fn is_member(&self) -> bool {
        self.id == "2" || self.name.eq_ignore_ascii_case("member")
    }
}

/// Returns the account's roles.
///
/// # Errors
/// Those of the request.
pub fn all(zoom: &Zoom<'_>) -> Result<Vec<Role>, Failure> {
    #[derive(Deserialize)]
    struct Roles {
        roles: Vec<Role>,
    }

    let call = ApiCall::of(&LIST_ROLES, &[], &[], Subject::List("roles"));

    zoom.read(&call, |text| {
        serde_json::from_str::<Roles>(text)
            .map(|answer| answer.roles)
            .map_err(|error| {
                Failure::new(Code::BadAnswer, "Zoom's answer is no list of roles.")
                    .caused_by(vec![error.to_string()])
            })
    })
}

/// Returns the role with this id or, in any case, this name. An app that may not list roles can still use ids.
///
/// # Errors
/// `not_found` when there is none, and those of the request.
pub fn find(zoom: &Zoom<'_>, given: &str) -> Result<Role, Failure> {
    let roles = match all(zoom) {
        Ok(roles) => roles,
        Err(failure) if failure.code == Code::MissingScope => {
            zoom.state().warn(format!(
                "{} was taken for a role's id: for finding it by name, the app lacks the scope {}.",
                quoted(given),
                LIST_ROLES.granular.concat()
            ));
            return Ok(Role {
                id: given.to_owned(),
                name: given.to_owned(),
            });
        }
        Err(failure) => return Err(failure),
    };

    let by_id = roles.iter().find(|role| role.id == given);
    let by_name = || {
        roles
            .iter()
            .find(|role| role.name.eq_ignore_ascii_case(given))
    };

    by_id.or_else(by_name).cloned().ok_or_else(|| {
        let names: Vec<&str> = roles.iter().map(|role| role.name.as_str()).collect();
        let message = format!(
            "Zoom has no role {} among the roles of this account.",
            quoted(given)
        );
        Failure::new(Code::NotFound, message)
            .at("role")
            .hint(format!("Give one of: {}.", names.join(", ")))
    })
}
