//! Get Recording Analytics: who viewed and who downloaded a recording.

use crate::action::prelude::*;
use crate::zoom::model::evidence::RecordingAccess;

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

const LIST: Endpoint = Endpoint::new(
    // Zoom states no label for it; its neighbors are medium.
    Get,
    "/meetings/{meetingId}/recordings/analytics_details",
    Medium,
    &["cloud_recording:read:recording_analytics_details:admin"],
    &[],
);

impl Action for GetRecordingAnalytics {
    const ID: &'static str = "get_recording_analytics";
    const TITLE: &'static str = "Get Recording Analytics";
    const ENDPOINTS: Endpoints = &[LIST];
    const ROWS: &'static str = "analytics_details";
    const TABLE: Columns = &[
        ("Time", "date_time"),
        ("Type", "type"),
        ("Name", "name"),
        ("Email", "email"),
        ("Seconds", "duration"),
    ];
    type Output = List<RecordingAccess>;

    fn run(self, zoom: &Zoom<'_>) -> Answer<Self::Output> {
        let id = self.meeting_id.as_str();
        let months = Days::new(zoom, &self.from, self.to.as_ref())?.months();

        let mut list = Pager::new(zoom, self.limit, 2 * months.len());
        for month in months {
            for kind in ["by_view", "by_download"] {
                list.tag(&[("type", kind)]);
                let query = month.clone().with("type", kind);
                let call = ApiCall::of(&LIST, &[id], &query, Subject::Recording(id));
                list.read(&call, self.page_size)?;
            }
        }
        list.finish("", &format!(" of the recording of meeting {id}"))
    }
}
