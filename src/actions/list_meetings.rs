//! List Meetings: the meetings that one user hosts, page by page.

use crate::action::prelude::*;
use crate::protocol::parameter::in_order;
use crate::zoom::model::ListedMeeting;

/// Lists the meetings that a user hosts. Meetings the user is only invited to are not among them, nor are expired
/// ones, nor instant ones unless they are running (`type` `live`).
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListMeetings {
    /// The host's id or email address.
    pub user_id: UserId,
    /// Select meetings by their time.
    #[serde(default, rename = "type")]
    pub kind: MeetingType,
    /// The first day, in UTC unless `timezone` says otherwise. Zoom looks back and ahead six months at most.
    pub from: Option<Date>,
    /// The last day.
    pub to: Option<Date>,
    /// The time zone of `from` and `to`, one of Zoom's ids such as `Europe/Berlin`.
    #[schemars(extend("x-identifier" = true, "examples" = ["Europe/Berlin", "America/New_York", "UTC"]))]
    pub timezone: Option<Text<128>>,
    /// Stop after this many meetings; without it all are listed.
    pub limit: Option<Limit>,
    /// Set how many meetings Zoom gives per request.
    #[serde(default)]
    pub page_size: PageSize,
    /// Show passcodes and the host's start links in clear instead of `[hidden]`.
    #[serde(default)]
    pub show_secrets: bool,
}

/// A kind of meetings.
#[derive(Debug, Default, Clone, Copy, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MeetingType {
    /// Scheduled ones that are not past: one-off, recurring and running ones.
    #[default]
    Scheduled,
    /// Those that are running now.
    Live,
    /// Those that come, running ones included.
    Upcoming,
    /// Those that come, each occurrence by itself.
    UpcomingMeetings,
    /// Those that are past.
    PreviousMeetings,
}

impl Item for ListedMeeting {
    const KEY: &'static str = "meetings";
    const NAME: &'static str = "meeting";
}

const LIST: Endpoint = Endpoint::new(
    Get,
    "/users/{userId}/meetings",
    Medium,
    &[
        "meeting:read:list_meetings:admin",
        "meeting:read:list_meetings",
    ],
    classic::READ_MEETING,
);

impl Action for ListMeetings {
    const ID: &'static str = "list_meetings";
    const TITLE: &'static str = "List Meetings";
    const ENDPOINTS: Endpoints = &[LIST];
    const ROWS: &'static str = "meetings";
    const TABLE: Columns = &[
        ("Meeting ID", "id"),
        ("Topic", "topic"),
        ("Start", "start_time"),
        ("Minutes", "duration"),
        ("Type", "type"),
        ("Join link", "join_url"),
    ];
    type Output = List<ListedMeeting>;

    fn run(self, zoom: &Zoom<'_>) -> Answer<Self::Output> {
        in_order(self.from.as_ref(), self.to.as_ref())?;
        let id = self.user_id.as_str();
        let query = Query::new()
            .with("type", word(self.kind))
            .given("from", self.from)
            .given("to", self.to)
            .given("timezone", self.timezone);

        let call = ApiCall::of(&LIST, &[id], &query, Subject::User(id));
        let of = format!(" of user {id}");
        Pager::new(zoom, self.limit, 1).read_all(&call, self.page_size, &of)
    }
}
