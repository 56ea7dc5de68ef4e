//! Recover Meeting Recordings: brings a recording back from the trash.

use super::get_meeting_recordings::GET_RECORDINGS;
use crate::action::{Action, Column, Endpoint, Kind, Outcome, column};
use crate::http::Method;
use crate::protocol::failure::Failure;
use crate::protocol::parameter::AnyMeetingId;
use crate::zoom::change::{Change, ChangeReport, exists};
use crate::zoom::client::{ApiCall, Zoom};
use crate::zoom::endpoint::{RateLabel, Requirement};
use crate::zoom::error::{RECORDING_MISSING, Subject};
use crate::zoom::rollback::Rollback;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

/// Brings a meeting's cloud recording back from the trash, within 30 days of its deletion: evidence that somebody
/// deleted, or the undo of Delete Meeting Recordings.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecoverMeetingRecordings {
    /// The UUID of the recorded instance, from List User Recordings with `trash`.
    pub meeting_uuid: AnyMeetingId,
    /// Send no change; show the request that would be sent.
    #[serde(default)]
    pub dry_run: bool,
}

const RECOVER: Endpoint = Endpoint {
    method: Method::Put,
    path: "/meetings/{meetingUUID}/recordings/status",
    label: RateLabel::Light,
    granular: &["cloud_recording:update:recover_meeting_recordings:admin"],
    classic: &["recording:write:admin", "recording:write"],
    need: Requirement::Required,
};

impl Action for RecoverMeetingRecordings {
    const ID: &'static str = "recover_meeting_recordings";
    const TITLE: &'static str = "Recover Meeting Recordings";
    const KIND: Kind = Kind::Containment;
    const UNDO: Option<&'static str> = Some("`delete_meeting_recordings`.");
    const ENDPOINTS: &'static [Endpoint] = &[
        RECOVER,
        GET_RECORDINGS.serves("the look whether it is back"),
    ];
    const TABLE: &'static [Column] = &[
        column("Meeting", "data.meeting_uuid"),
        column("Recovered", "data.changed"),
        column("Already so", "data.already"),
    ];
    type Output = ChangeReport;

    fn run(self, zoom: &Zoom<'_>) -> Result<Outcome<Self::Output>, Failure> {
        let uuid = self.meeting_uuid.to_string();
        let segment = self.meeting_uuid.path_segment();
        let about = Subject::Recording(&uuid);
        let body = json!({ "action": "recover" });
        let read = ApiCall::of(&GET_RECORDINGS, &[&segment], &[], about);
        let look = |zoom: &Zoom<'_>| exists(zoom, &read, RECORDING_MISSING);

        let change = Change {
            call: ApiCall {
                endpoint: &RECOVER,
                ..read
            }
            .with_body(&body),
            thing: about.to_string(),
            done: "recovered".to_owned(),
            look: Some(&look),
            verify: true,
            dry_run: self.dry_run,
        };

        let mut report = ChangeReport {
            meeting_uuid: Some(uuid.clone()),
            ..ChangeReport::default()
        };
        let had_one = !self.dry_run && change.look_before(zoom, look)? == Some(true);
        if had_one {
            // Single files can be in the trash beside a recording that is not.
            zoom.state().warn(
                "The meeting had a recording before, too: `rollback` is left out, since it would delete that as well.",
            );
        } else {
            report.rollback = Some(Rollback::new(
                "delete_meeting_recordings",
                [("meeting_id", json!(uuid))],
            ));
        }

        Ok(change.run(zoom, report)?.into())
    }
}
