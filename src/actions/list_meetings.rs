//! List Meetings: the meetings that one user hosts, page by page.

use crate::action::{Action, Column, Endpoint, Kind, Outcome, column, link};
use crate::http::Method;
use crate::protocol::failure::Failure;
use crate::protocol::parameter::{Date, Text, UserId, in_order};
use crate::zoom::client::{ApiCall, Zoom};
use crate::zoom::endpoint::{RateLabel, Requirement};
use crate::zoom::error::Subject;
use crate::zoom::model::ListedMeeting;
use crate::zoom::paging::{Item, Limit, List, PageSize, Pager};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
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

impl MeetingType {
    const fn name(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Live => "live",
            Self::Upcoming => "upcoming",
            Self::UpcomingMeetings => "upcoming_meetings",
            Self::PreviousMeetings => "previous_meetings",
        }
    }
}

impl Item for ListedMeeting {
    const KEY: &'static str = "meetings";
    const NAME: &'static str = "meeting";
}

const LIST: Endpoint = Endpoint {
    method: Method::Get,
    path: "/users/{userId}/meetings",
    label: RateLabel::Medium,
    granular: &[
        "meeting:read:list_meetings:admin",
        "meeting:read:list_meetings",
    ],
    classic: &["meeting:read:admin", "meeting:read"],
    need: Requirement::Required,
};

impl Action for ListMeetings {
    const ID: &'static str = "list_meetings";
    const TITLE: &'static str = "List Meetings";
    const KIND: Kind = Kind::Enrichment;
    const ENDPOINTS: &'static [Endpoint] = &[LIST];
    const TABLE: &'static [Column] = &[
        column("Meeting ID", "data.meetings.[].id"),
        column("Topic", "data.meetings.[].topic"),
        column("Start", "data.meetings.[].start_time"),
        column("Minutes", "data.meetings.[].duration"),
        column("Type", "data.meetings.[].type"),
        link("Join link", "data.meetings.[].join_url"),
    ];
    type Output = List<ListedMeeting>;

    fn shows_secrets(&self) -> bool {
        self.show_secrets
    }

    fn run(self, zoom: &Zoom<'_>) -> Result<Outcome<Self::Output>, Failure> {
        in_order(self.from.as_ref(), self.to.as_ref())?;

        let id = self.user_id.as_str();
        let mut query = vec![("type", self.kind.name().to_owned())];
        query.extend(self.from.map(|day| ("from", day.as_str().to_owned())));
        query.extend(self.to.map(|day| ("to", day.as_str().to_owned())));
        query.extend(self.timezone.map(|zone| ("timezone", zone.to_string())));
        let call = ApiCall {
            endpoint: &LIST,
            ids: [id, ""],
            query: &query,
            body: None,
            about: Subject::User(id),
        };

        let mut list = Pager::new(zoom, self.limit, 1);
        list.read(&call, self.page_size.get())?;

        let (message, data) = list.finish("", &format!(" of user {id}"));

        Ok(Outcome { message, data })
    }
}
