//! Update User Settings: changes one user's settings, and reads back whether they took.
//!
//! Child: `parameters`, since there are many.

mod parameters;

pub use parameters::UpdateUserSettings;

use crate::action::{Action, Column, Endpoint, Kind, Outcome};
use crate::actions::UPDATE_COLUMNS;
use crate::http::Method;
use crate::protocol::failure::Failure;
use crate::zoom::client::{ApiCall, Zoom};
use crate::zoom::endpoint::{GET_USER_SETTINGS, RateLabel, Requirement};
use crate::zoom::error::Subject;
use crate::zoom::update::{Plan, Update, UpdateReport, update};

const UPDATE: Endpoint = Endpoint {
    method: Method::Patch,
    path: "/users/{userId}/settings",
    label: RateLabel::Medium,
    granular: &["user:update:settings:admin", "user:update:settings"],
    classic: &["user:write:admin", "user:write"],
    need: Requirement::Required,
};

impl Action for UpdateUserSettings {
    const ID: &'static str = "update_user_settings";
    const TITLE: &'static str = "Update User Settings";
    const KIND: Kind = Kind::Containment;
    const ENDPOINTS: &'static [Endpoint] = &[UPDATE, GET_USER_SETTINGS.serves("verify")];
    const TABLE: &'static [Column] = UPDATE_COLUMNS;
    type Output = UpdateReport;

    fn shows_secrets(&self) -> bool {
        self.show_secrets
    }

    fn check(&self) -> Result<(), Failure> {
        Plan::of(self, self.option.map(|view| view.name())).map(|_| ())
    }

    fn run(self, zoom: &Zoom<'_>) -> Result<Outcome<UpdateReport>, Failure> {
        let form = self.option.map(|view| view.name());
        let plan = Plan::of(&self, form)?;
        let id = self.user_id.as_str();
        let query = form.map(|form| ("option", form.to_owned()));
        let read = ApiCall {
            endpoint: &GET_USER_SETTINGS,
            ids: [id, ""],
            query: query.as_slice(),
            body: None,
            about: Subject::User(id),
        };
        let write = ApiCall {
            endpoint: &UPDATE,
            ..read
        };
        let change = Update {
            action: Self::ID,
            plan: &plan,
            write,
            read,
            verify: self.verify,
            dry_run: self.dry_run,
        };
        let (message, data) = update(zoom, &change, &format!("the settings of user {id}"))?;
        Ok(Outcome { message, data })
    }
}
