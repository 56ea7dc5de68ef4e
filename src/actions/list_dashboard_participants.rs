//! List Dashboard Participants: who is or was in a meeting, with IP address, location and device.

use crate::action::{Action, Column, Endpoint, Kind, Outcome, column};
use crate::http::Method;
use crate::protocol::failure::Failure;
use crate::protocol::parameter::AnyMeetingId;
use crate::zoom::client::{ApiCall, Zoom};
use crate::zoom::endpoint::{RateLabel, Requirement};
use crate::zoom::error::Subject;
use crate::zoom::model::evidence::DashboardParticipant;
use crate::zoom::paging::{Limit, List, PageSize, Pager};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Lists the participants of a meeting with IP address, location and device. It needs a Business plan or better with the
/// Dashboard feature. Zoom leaves these fields blank for outsiders who neither registered nor signed in.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListDashboardParticipants {
    /// The meeting's number (its latest instance), or the UUID of one instance.
    pub meeting_id: AnyMeetingId,
    /// Which state the meeting is in.
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

const LIST: Endpoint = Endpoint {
    method: Method::Get,
    path: "/metrics/meetings/{meetingId}/participants",
    label: RateLabel::Heavy,
    granular: &["dashboard:read:list_meeting_participants:admin"],
    classic: &["dashboard_meetings:read:admin", "dashboard:read:admin"],
    need: Requirement::Required,
};

impl Action for ListDashboardParticipants {
    const ID: &'static str = "list_dashboard_participants";
    const TITLE: &'static str = "List Dashboard Participants";
    const KIND: Kind = Kind::Enrichment;
    const ENDPOINTS: &'static [Endpoint] = &[LIST];
    const TABLE: &'static [Column] = &[
        column("Name", "data.participants.[].user_name"),
        column("Email", "data.participants.[].email"),
        column("IP address", "data.participants.[].ip_address"),
        column("Location", "data.participants.[].location"),
        column("Device", "data.participants.[].device"),
        column("Joined", "data.participants.[].join_time"),
        column("Left", "data.participants.[].leave_time"),
    ];
    type Output = List<DashboardParticipant>;

    fn run(self, zoom: &Zoom<'_>) -> Result<Outcome<Self::Output>, Failure> {
        let id = self.meeting_id.to_string();
        let segment = self.meeting_id.path_segment();
        let kind = match self.kind {
            State::Live => "live",
            State::Past => "past",
        };

        let mut list = Pager::new(zoom, self.limit, 1);
        let query = [("type", kind.to_owned())];
        let call = ApiCall::of(&LIST, &[&segment], &query, Subject::Meeting(&id));
        list.read(&call, self.page_size.get())?;

        if self.kind == State::Past && list.is_empty() {
            // Zoom keeps a meeting of a single participant under a type of its own.
            let query = [("type", "pastOne".to_owned())];
            list.read(
                &ApiCall {
                    query: &query,
                    ..call
                },
                self.page_size.get(),
            )?;
        }

        Ok(list.finish("", &format!(" of meeting {id}")).into())
    }
}
