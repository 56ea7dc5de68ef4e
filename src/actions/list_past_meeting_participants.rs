//! List Past Meeting Participants: who was in a meeting that has ended.

use crate::action::prelude::*;
use crate::protocol::exact::field;
use crate::zoom::model::evidence::PastParticipant;
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

const LIST: Endpoint = Endpoint::new(
    Get,
    "/past_meetings/{meetingId}/participants",
    Medium,
    &["meeting:read:list_past_participants:admin"],
    classic::READ_MEETING,
);

const PAST_MEETING: Endpoint = Endpoint::new(
    Get,
    "/past_meetings/{meetingId}",
    Light,
    &["meeting:read:past_meeting:admin"],
    classic::READ_MEETING,
)
.serves("the reason for an empty list");

impl Action for ListPastMeetingParticipants {
    const ID: &'static str = "list_past_meeting_participants";
    const TITLE: &'static str = "List Past Meeting Participants";
    const ENDPOINTS: Endpoints = &[LIST, PAST_MEETING];
    const ROWS: &'static str = "participants";
    const TABLE: Columns = &[
        ("Name", "name"),
        ("Email", "user_email"),
        ("Joined", "join_time"),
        ("Left", "leave_time"),
        ("Seconds", "duration"),
        ("Member", "internal_user"),
    ];
    type Output = List<PastParticipant>;

    fn run(self, zoom: &Zoom<'_>) -> Answer<Self::Output> {
        let id = self.meeting_id.as_str();
        let call = ApiCall::of(&LIST, &[id], &[], Subject::Meeting(id));

        let is_counted = Cell::new(false);
        let mut list = Pager::new(zoom, self.limit, 1).inspect(|row| {
            let seconds = field(row, "duration");
            is_counted.set(is_counted.get() || seconds.is_none_or(|seconds| seconds != 0));
        });
        list.read(&call, self.page_size)?;

        if list.is_empty() {
            let reason = reason_for_nobody(zoom, &call.to(&PAST_MEETING));
            zoom.state().warn(reason);
        } else if !is_counted.get() {
            zoom.state().warn(
                "Every `duration` is 0: Zoom has not counted the attendance yet, as after large meetings. Run the action again later.",
            );
        }
        list.finish("", &format!(" of meeting {id}"))
    }
}

/// Tells a meeting of one participant, for which Zoom lists nobody, from one that is not counted yet.
fn reason_for_nobody(zoom: &Zoom<'_>, past_meeting: &ApiCall<'_>) -> &'static str {
    let past = zoom.get(past_meeting).ok();
    let count = past.and_then(|raw| field(raw.get(), "participants_count")?.as_u64());

    match count {
        Some(1) => {
            "The meeting had one participant, and Zoom lists nobody for such a meeting: run list_dashboard_participants with type past."
        }
        Some(2..) => "Zoom has not counted the participants yet: run the action again later.",
        _ => {
            "Zoom lists nobody where a meeting had one participant, and before it has counted them: run the action again later, or list_dashboard_participants with type past."
        }
    }
}
