//! List Live Meetings: all meetings that run in the account now, from the dashboard.

use crate::action::prelude::*;
use crate::zoom::model::evidence::LiveMeeting;

/// Lists the meetings that run in the account now, whoever hosts them. It needs a Business plan or better with the
/// Dashboard feature; without it, List Meetings with `type` `live` shows those of one user.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListLiveMeetings {
    /// List at most this many meetings; leave it empty to list all.
    pub limit: Option<Limit>,
    /// Ask Zoom for this many meetings per request.
    #[serde(default)]
    pub page_size: PageSize,
    /// Show passcodes and start links instead of `[hidden]`.
    #[serde(default)]
    pub show_secrets: bool,
}

const LIST: Endpoint = Endpoint::new(
    Get,
    "/metrics/meetings",
    ResourceIntensive,
    &["dashboard:read:list_meetings:admin"],
    classic::READ_DASHBOARD,
);

impl Action for ListLiveMeetings {
    const ID: &'static str = "list_live_meetings";
    const TITLE: &'static str = "List Live Meetings";
    const ENDPOINTS: Endpoints = &[LIST];
    const ROWS: &'static str = "meetings";
    const TABLE: Columns = &[
        ("Meeting ID", "id"),
        ("Topic", "topic"),
        ("Host", "email"),
        ("Started", "start_time"),
        ("Participants", "participants"),
    ];
    type Output = List<LiveMeeting>;

    fn run(self, zoom: &Zoom<'_>) -> Answer<Self::Output> {
        // Zoom asks for both dates even here. A meeting that began before midnight runs on.
        let today = months::today(zoom);
        let yesterday = today.yesterday().unwrap_or(today);
        let query = Query::new()
            .with("type", "live")
            .with("from", yesterday)
            .with("to", today);

        let call = ApiCall::of(&LIST, &[], &query, Subject::List("live meetings"));
        Pager::new(zoom, self.limit, 1).read_all(&call, self.page_size, "")
    }
}
