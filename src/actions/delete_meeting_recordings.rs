//! Delete Meeting Recordings: moves a meeting's cloud recording to the trash, or deletes it for good.

use super::get_meeting_recordings::GET_RECORDINGS;
use crate::action::{Action, Column, Endpoint, Kind, Outcome, column};
use crate::http::Method;
use crate::protocol::failure::Failure;
use crate::protocol::parameter::AnyMeetingId;
use crate::zoom::change::{self, Change, ChangeReport, is_refused_with};
use crate::zoom::client::{ApiCall, Zoom};
use crate::zoom::endpoint::{RateLabel, Requirement};
use crate::zoom::error::Subject;
use crate::zoom::rollback::Rollback;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

/// Moves a meeting's cloud recording to the trash, where it can be recovered for 30 days; with `permanently` it is
/// deleted for good.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeleteMeetingRecordings {
    /// The meeting's number (its latest instance), or the UUID of one instance.
    pub meeting_id: AnyMeetingId,
    /// Delete the recording for good instead of moving it to the trash.
    #[serde(default)]
    pub permanently: bool,
    /// Succeed if there is no recording.
    #[serde(default)]
    pub missing_ok: bool,
    /// Send no change; show the request that would be sent.
    #[serde(default)]
    pub dry_run: bool,
}

const DELETE: Endpoint = Endpoint {
    method: Method::Delete,
    path: "/meetings/{meetingId}/recordings",
    label: RateLabel::Light,
    granular: &["cloud_recording:delete:meeting_recording:admin"],
    classic: &["recording:write:admin", "recording:write"],
    need: Requirement::Required,
};

impl Action for DeleteMeetingRecordings {
    const ID: &'static str = "delete_meeting_recordings";
    const TITLE: &'static str = "Delete Meeting Recordings";
    const KIND: Kind = Kind::Containment;
    const UNDO: Option<&'static str> = Some(
        "`recover_meeting_recordings`, as long as the trash holds them; nothing after `permanently`.",
    );
    const DESTRUCTIVE: bool = true;
    const ENDPOINTS: &'static [Endpoint] =
        &[DELETE, GET_RECORDINGS.serves("the UUID for the way back")];
    const TABLE: &'static [Column] = &[
        column("Meeting", "data.meeting_id"),
        column("Deleted", "data.changed"),
        column("Already so", "data.already"),
    ];
    type Output = ChangeReport;

    fn run(self, zoom: &Zoom<'_>) -> Result<Outcome<Self::Output>, Failure> {
        let segment = self.meeting_id.path_segment();
        let (action, done) = match self.permanently {
            true => ("delete", "deleted for good"),
            false => ("trash", "moved to the trash"),
        };
        let query = [("action", action.to_owned())];
        let about = Subject::Recording(self.meeting_id.as_str());
        let change = Change {
            call: ApiCall::of(&DELETE, &[&segment], &query, about),
            thing: about.to_string(),
            done: done.to_owned(),
            look: None,
            verify: false,
            dry_run: self.dry_run,
        };

        let mut report = ChangeReport::of_meeting(json!(self.meeting_id));
        if !self.permanently {
            report.rollback = self.way_back(zoom, &change)?;
        }

        match change.run(zoom, report.clone()) {
            Err(failure) if self.missing_ok && is_refused_with(&failure, &[3301]) => {
                Ok(change.already("does not exist", report).into())
            }
            result => Ok(result?.into()),
        }
    }
}

impl DeleteMeetingRecordings {
    /// Returns the request that recovers the recording. Zoom recovers by UUID only, which a number does not tell.
    fn way_back(&self, zoom: &Zoom<'_>, change: &Change<'_>) -> Result<Option<Rollback>, Failure> {
        let uuid = if self.meeting_id.is_number() {
            let read = ApiCall {
                endpoint: &GET_RECORDINGS,
                query: &[],
                ..change.call
            };
            let known =
                change.look_before(zoom, |zoom| match change::fields(zoom, &read, &["uuid"]) {
                    // The deletion itself will say so.
                    Err(failure) if is_refused_with(&failure, &[3301]) => Ok(None),
                    fields => Ok(fields?.remove("uuid")),
                })?;
            known.as_ref().and_then(Value::as_str).map(str::to_owned)
        } else {
            Some(self.meeting_id.to_string())
        };

        Ok(uuid.map(|uuid| {
            Rollback::new(
                "recover_meeting_recordings",
                [("meeting_uuid", json!(uuid))],
            )
        }))
    }
}
