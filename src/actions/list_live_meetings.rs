//! List Live Meetings: all meetings that run in the account now, from the dashboard.

use crate::action::{Action, Column, Endpoint, Kind, Outcome, column};
use crate::http::Method;
use crate::protocol::failure::Failure;
use crate::zoom::client::{ApiCall, Zoom};
use crate::zoom::endpoint::{RateLabel, Requirement};
use crate::zoom::error::Subject;
use crate::zoom::model::evidence::LiveMeeting;
use crate::zoom::months;
use crate::zoom::paging::{Limit, List, PageSize, Pager};
use schemars::JsonSchema;
use serde::Deserialize;

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

const LIST: Endpoint = Endpoint {
    method: Method::Get,
    path: "/metrics/meetings",
    label: RateLabel::ResourceIntensive,
    granular: &["dashboard:read:list_meetings:admin"],
    classic: &["dashboard_meetings:read:admin", "dashboard:read:admin"],
    need: Requirement::Required,
};

impl Action for ListLiveMeetings {
    const ID: &'static str = "list_live_meetings";
    const TITLE: &'static str = "List Live Meetings";
    const KIND: Kind = Kind::Enrichment;
    const ENDPOINTS: &'static [Endpoint] = &[LIST];
    const TABLE: &'static [Column] = &[
        column("Meeting ID", "data.meetings.[].id"),
        column("Topic", "data.meetings.[].topic"),
        column("Host", "data.meetings.[].email"),
        column("Started", "data.meetings.[].start_time"),
        column("Participants", "data.meetings.[].participants"),
    ];
    type Output = List<LiveMeeting>;

    fn shows_secrets(&self) -> bool {
        self.show_secrets
    }

    fn run(self, zoom: &Zoom<'_>) -> Result<Outcome<Self::Output>, Failure> {
        // Zoom asks for both dates even here. A meeting that began before midnight runs on.
        let today = months::today(zoom);
        let yesterday = today.yesterday().unwrap_or(today);
        let query = [
            ("type", "live".to_owned()),
            ("from", yesterday.to_string()),
            ("to", today.to_string()),
        ];

        let mut list = Pager::new(zoom, self.limit, 1);
        let call = ApiCall::of(&LIST, &[], &query, Subject::List("live meetings"));
        list.read(&call, self.page_size.get())?;

        Ok(list.finish("", "").into())
    }
}
