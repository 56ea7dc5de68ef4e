//! List Dashboard Participants: who is or was in a meeting, with IP address, location and device.

use crate::action::prelude::*;
use crate::zoom::model::evidence::DashboardParticipant;

/// Lists the participants of a meeting with IP address, location and device. It needs a Business plan or better with the
/// Dashboard feature. Zoom leaves these fields blank for outsiders who neither registered nor signed in.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListDashboardParticipants {
    /// The meeting's number (its latest instance), or the UUID of one instance.
    pub meeting_id: AnyMeetingId,
    /// Choose running or ended meetings.
    #[serde(default, rename = "type")]
    pub kind: State,
    /// List at most this many participants; leave it empty to list all.
    pub limit: Option<Limit>,
    /// Ask Zoom for this many participants per request.
    #[serde(default)]
    pub page_size: PageSize,
}

/// A meeting's state.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It is running now.
    #[default]
    Live,
    /// It has ended.
    Past,
}

const LIST: Endpoint = Endpoint::new(
    Get,
    "/metrics/meetings/{meetingId}/participants",
    Heavy,
    &["dashboard:read:list_meeting_participants:admin"],
    classic::READ_DASHBOARD,
);

impl Action for ListDashboardParticipants {
    const ID: &'static str = "list_dashboard_participants";
    const TITLE: &'static str = "List Dashboard Participants";
    const ENDPOINTS: Endpoints = &[LIST];
    const ROWS: &'static str = "participants";
    const TABLE: Columns = &[
        ("Name", "user_name"),
        ("Email", "email"),
        ("IP address", "ip_address"),
        ("Location", "location"),
        ("Device", "device"),
        ("Joined", "join_time"),
        ("Left", "leave_time"),
    ];
    type Output = List<DashboardParticipant>;

    fn run(self, zoom: &Zoom<'_>) -> Answer<Self::Output> {
        let id = self.meeting_id.as_str();
        let query = Query::new().with("type", word(self.kind));
        let call = ApiCall::of(&LIST, &[id], &query, Subject::Meeting(id));

        let mut list = Pager::new(zoom, self.limit, 1);
        list.read(&call, self.page_size)?;
        if self.kind == State::Past && list.is_empty() {
            // Zoom keeps a meeting of a single participant under a type of its own.
            let query = Query::new().with("type", "pastOne");
            let query = &*query;
            list.read(&ApiCall { query, ..call }, self.page_size)?;
        }
        list.finish("", &format!(" of meeting {id}"))
    }
}
