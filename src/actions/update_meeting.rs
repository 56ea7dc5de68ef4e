//! Update Meeting: changes one meeting or one occurrence, and reads back whether it took.
//!
//! Child: `parameters`, since there are many.

mod parameters;

pub use parameters::UpdateMeeting;

use crate::action::{Action, Column, Endpoint, Kind, Outcome};
use crate::actions::UPDATE_COLUMNS;
use crate::http::Method;
use crate::protocol::failure::Failure;
use crate::zoom::client::{ApiCall, Zoom};
use crate::zoom::endpoint::{GET_MEETING, RateLabel, Requirement};
use crate::zoom::error::Subject;
use crate::zoom::update::{Plan, Update, UpdateReport, update};

const UPDATE: Endpoint = Endpoint {
    method: Method::Patch,
    path: "/meetings/{meetingId}",
    label: RateLabel::Light,
    granular: &["meeting:update:meeting:admin", "meeting:update:meeting"],
    classic: &["meeting:write:admin", "meeting:write"],
    need: Requirement::Required,
};

impl Action for UpdateMeeting {
    const ID: &'static str = "update_meeting";
    const TITLE: &'static str = "Update Meeting";
    const KIND: Kind = Kind::Containment;
    const ENDPOINTS: &'static [Endpoint] = &[UPDATE, GET_MEETING.serves("verify")];
    const TABLE: &'static [Column] = UPDATE_COLUMNS;
    type Output = UpdateReport;

    fn shows_secrets(&self) -> bool {
        self.show_secrets
    }

    fn check(&self) -> Result<(), Failure> {
        Plan::of(self, None).map(|_| ())
    }

    fn run(self, zoom: &Zoom<'_>) -> Result<Outcome<UpdateReport>, Failure> {
        let plan = Plan::of(&self, None)?;
        let id = self.meeting_id.to_string();
        let occurrence = self.occurrence_id.map(|id| ("occurrence_id", id));
        let about = Subject::Meeting(&id);
        let read = ApiCall {
            endpoint: &GET_MEETING,
            ids: [&id, ""],
            query: occurrence.as_slice(),
            body: None,
            about,
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
        let (message, data) = update(zoom, &change, &format!("meeting {id}"))?;
        Ok(Outcome { message, data })
    }
}
