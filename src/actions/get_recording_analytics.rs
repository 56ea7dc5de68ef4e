//! Get Recording Analytics: who viewed and who downloaded a recording.

use crate::action::{Action, Column, Endpoint, Kind, Outcome, column};
use crate::http::Method;
use crate::protocol::failure::Failure;
use crate::protocol::parameter::{AnyMeetingId, Date};
use crate::zoom::client::{ApiCall, Zoom};
use crate::zoom::endpoint::{RateLabel, Requirement};
use crate::zoom::error::Subject;
use crate::zoom::model::evidence::RecordingAccess;
use crate::zoom::months::Days;
use crate::zoom::paging::{Limit, List, PageSize, Pager};
use schemars::JsonSchema;
use serde::Deserialize;

/// Lists who viewed and who downloaded a meeting's cloud recording, newest month first. Zoom does not say how it shows
/// viewers of a public link who are not signed in.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetRecordingAnalytics {
    /// The meeting's number (its latest instance), or the UUID of one instance.
    pub meeting_id: AnyMeetingId,
    /// The first day, in UTC.
    pub from: Date,
    /// The last day, in UTC; today if left empty.
    pub to: Option<Date>,
    /// List at most this many views and downloads; leave it empty to list all.
    pub limit: Option<Limit>,
    /// Ask Zoom for this many rows per request.
    #[serde(default)]
    pub page_size: PageSize,
}

const LIST: Endpoint = Endpoint {
    method: Method::Get,
    path: "/meetings/{meetingId}/recordings/analytics_details",
    // Zoom states no label for it; its neighbors are medium.
    label: RateLabel::Medium,
    granular: &["cloud_recording:read:recording_analytics_details:admin"],
    classic: &[],
    need: Requirement::Required,
};

impl Action for GetRecordingAnalytics {
    const ID: &'static str = "get_recording_analytics";
    const TITLE: &'static str = "Get Recording Analytics";
    const KIND: Kind = Kind::Enrichment;
    const ENDPOINTS: &'static [Endpoint] = &[LIST];
    const TABLE: &'static [Column] = &[
        column("Time", "data.analytics_details.[].date_time"),
        column("Type", "data.analytics_details.[].type"),
        column("Name", "data.analytics_details.[].name"),
        column("Email", "data.analytics_details.[].email"),
        column("Seconds", "data.analytics_details.[].duration"),
    ];
    type Output = List<RecordingAccess>;

    fn run(self, zoom: &Zoom<'_>) -> Result<Outcome<Self::Output>, Failure> {
        let id = self.meeting_id.to_string();
        let segment = self.meeting_id.path_segment();
        let months = Days::new(zoom, &self.from, self.to.as_ref())?.months();

        let mut list = Pager::new(zoom, self.limit, 2 * months.len());
        for month in months {
            for kind in ["by_view", "by_download"] {
                list.tag(&[("type", kind)]);
                let mut query = month.to_vec();
                query.push(("type", kind.to_owned()));
                let call = ApiCall::of(&LIST, &[&segment], &query, Subject::Recording(&id));
                list.read(&call, self.page_size.get())?;
            }
        }

        Ok(list
            .finish("", &format!(" of the recording of meeting {id}"))
            .into())
    }
}
