//! Update Meeting: changes one meeting or one occurrence, and reads back whether it took.
//!
//! Child: `parameters`, since there are many.

mod parameters;

pub use parameters::UpdateMeeting;

use crate::action::{Action, Column, Kind, Outcome, Route, column};
use crate::http::Method;
use crate::protocol::failure::Failure;
use crate::zoom::client::{Call, Zoom};
use crate::zoom::error::About;
use crate::zoom::readback::{Plan, Update, Updated, update};
use crate::zoom::route::{GET_MEETING, Need, RateLabel};

const UPDATE: Route = Route {
    method: Method::Patch,
    path: "/meetings/{meetingId}",
    label: RateLabel::Light,
    granular: &["meeting:update:meeting:admin", "meeting:update:meeting"],
    classic: &["meeting:write:admin", "meeting:write"],
    need: Need::Always,
};

impl Action for UpdateMeeting {
    const ID: &'static str = "update_meeting";
    const TITLE: &'static str = "Update Meeting";
    const KIND: Kind = Kind::Containment;
    const ROUTES: &'static [Route] = &[UPDATE, GET_MEETING.serves("verify")];
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

    fn check(&self) -> Result<(), Failure> {
        Plan::of(self, None).map(|_| ())
    }

    fn run(self, zoom: &Zoom<'_>) -> Result<Outcome<Updated>, Failure> {
        let plan = Plan::of(&self, None)?;
        let id = self.meeting_id.to_string();
        let occurrence = self.occurrence_id.map(|id| ("occurrence_id", id));
        let about = About::Meeting(self.meeting_id.number());
        let read = Call {
            route: &GET_MEETING,
            id: &id,
            query: occurrence.as_slice(),
            body: None,
            about,
        };
        let write = Call {
            route: &UPDATE,
            ..read
        };
        let change = Update {
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
