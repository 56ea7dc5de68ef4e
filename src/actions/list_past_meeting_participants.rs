//! List Past Meeting Participants: who was in a meeting that has ended.

use crate::action::{Action, Column, Endpoint, Kind, Outcome, column};
use crate::http::Method;
use crate::protocol::exact::field;
use crate::protocol::failure::Failure;
use crate::protocol::parameter::AnyMeetingId;
use crate::zoom::client::{ApiCall, Zoom};
use crate::zoom::endpoint::{RateLabel, Requirement};
use crate::zoom::error::Subject;
use crate::zoom::model::evidence::PastParticipant;
use crate::zoom::paging::{Limit, List, PageSize, Pager};
use schemars::JsonSchema;
use serde::Deserialize;
use std::cell::Cell;

/// Lists who was in a meeting that has ended, a row for each time somebody joined. It needs a Pro plan or better. IP
/// addresses are in List Dashboard Participants.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListPastMeetingParticipants {
    /// The meeting's number (its latest instance), or the UUID of one instance.
    pub meeting_id: AnyMeetingId,
    /// List at most this many rows; leave it empty to list all.
    pub limit: Option<Limit>,
    /// Ask Zoom for this many rows per request.
    #[serde(default)]
    pub page_size: PageSize,
}

const LIST: Endpoint = Endpoint {
    method: Method::Get,
    path: "/past_meetings/{meetingId}/participants",
    label: RateLabel::Medium,
    granular: &["meeting:read:list_past_participants:admin"],
    classic: &["meeting:read:admin", "meeting:read"],
    need: Requirement::Required,
};

const PAST_MEETING: Endpoint = Endpoint {
    method: Method::Get,
    path: "/past_meetings/{meetingId}",
    label: RateLabel::Light,
    granular: &["meeting:read:past_meeting:admin"],
    classic: &["meeting:read:admin", "meeting:read"],
    need: Requirement::OptionalFor("the reason for an empty list"),
};

impl Action for ListPastMeetingParticipants {
    const ID: &'static str = "list_past_meeting_participants";
    const TITLE: &'static str = "List Past Meeting Participants";
    const KIND: Kind = Kind::Enrichment;
    const ENDPOINTS: &'static [Endpoint] = &[LIST, PAST_MEETING];
    const TABLE: &'static [Column] = &[
        column("Name", "data.participants.[].name"),
        column("Email", "data.participants.[].user_email"),
        column("Joined", "data.participants.[].join_time"),
        column("Left", "data.participants.[].leave_time"),
        column("Seconds", "data.participants.[].duration"),
        column("Member", "data.participants.[].internal_user"),
    ];
    type Output = List<PastParticipant>;

    fn run(self, zoom: &Zoom<'_>) -> Result<Outcome<Self::Output>, Failure> {
        let id = self.meeting_id.to_string();
        let segment = self.meeting_id.path_segment();

        let is_counted = Cell::new(false);
        let mut list = Pager::new(zoom, self.limit, 1).inspect(|row| {
            let seconds = field(row, "duration");
            is_counted.set(is_counted.get() || seconds.is_none_or(|seconds| seconds != 0));
        });
        let call = ApiCall::of(&LIST, &[&segment], &[], Subject::Meeting(&id));
        list.read(&call, self.page_size.get())?;

        if list.is_empty() {
            let call = ApiCall {
                endpoint: &PAST_MEETING,
                ..call
            };
            zoom.state().warn(reason_for_nobody(zoom, &call));
        } else if !is_counted.get() {
            zoom.state().warn(
                "Every `duration` is 0: Zoom has not counted the attendance yet, as after large meetings. Run the action again later.",
            );
        }

        Ok(list.finish("", &format!(" of meeting {id}")).into())
    }
}

/// Tells a meeting of one participant, for which Zoom lists nobody, from one that is not counted yet.
fn reason_for_nobody(zoom: &Zoom<'_>, call: &ApiCall<'_>) -> &'static str {
    #[derive(Deserialize)]
    struct PastMeeting {
        participants_count: Option<u64>,
    }

    let past = zoom
        .get(call)
        .ok()
        .and_then(|raw| serde_json::from_str::<PastMeeting>(raw.get()).ok());

    match past.and_then(|past| past.participants_count) {
        Some(1) => {
            "The meeting had one participant, and Zoom lists nobody for such a meeting: run list_dashboard_participants with type past."
        }
        Some(2..) => "Zoom has not counted the participants yet: run the action again later.",
        _ => {
            "Zoom lists nobody where a meeting had one participant, and before it has counted them: run the action again later, or list_dashboard_participants with type past."
        }
    }
}
