//! List User Recordings: what a user has recorded in Zoom's cloud, or has in the trash.

use crate::action::prelude::*;
use crate::zoom::model::evidence::RecordedMeeting;

/// Lists a user's cloud recordings with their files, newest month first; with `trash` those that can still be recovered.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListUserRecordings {
    /// The user's id or email address.
    pub user_id: UserId,
    /// The first day, in UTC. Zoom ignores both days for the trash.
    pub from: Date,
    /// The last day, in UTC; today if left empty.
    pub to: Option<Date>,
    /// List what is in the trash.
    pub trash: Option<bool>,
    /// Select a part of the trash: whole recordings, or single files of recordings.
    pub trash_type: Option<TrashType>,
    /// List at most this many recorded meetings; leave it empty to list all.
    pub limit: Option<Limit>,
    /// Ask Zoom for this many recorded meetings per request.
    #[serde(default)]
    pub page_size: PageSize,
    /// Show passcodes and tokens instead of `[hidden]`.
    #[serde(default)]
    pub show_secrets: bool,
}

/// A part of the trash.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TrashType {
    /// Meetings whose recordings were deleted as a whole.
    MeetingRecordings,
    /// Single files that were deleted.
    RecordingFile,
}

const LIST: Endpoint = Endpoint::new(
    Get,
    "/users/{userId}/recordings",
    Medium,
    &["cloud_recording:read:list_user_recordings:admin"],
    classic::READ_RECORDING,
);

impl Action for ListUserRecordings {
    const ID: &'static str = "list_user_recordings";
    const TITLE: &'static str = "List User Recordings";
    const ENDPOINTS: Endpoints = &[LIST];
    const ROWS: &'static str = "meetings";
    const TABLE: Columns = &[
        ("Meeting ID", "id"),
        ("UUID", "uuid"),
        ("Topic", "topic"),
        ("Start", "start_time"),
        ("Files", "recording_count"),
        ("Recording", "share_url"),
    ];
    type Output = List<RecordedMeeting>;

    fn run(self, zoom: &Zoom<'_>) -> Answer<Self::Output> {
        let id = self.user_id.as_str();
        let mut months = Days::new(zoom, &self.from, self.to.as_ref())?.months();
        if self.trash == Some(true) {
            // The trash has no days: each month would list all of it again.
            months.truncate(1);
        }

        let mut list = Pager::new(zoom, self.limit, months.len());
        for month in months {
            let query = month
                .given("trash", self.trash)
                .given("trash_type", self.trash_type.map(word));
            let call = ApiCall::of(&LIST, &[id], &query, Subject::User(id));
            list.read(&call, self.page_size)?;
        }
        list.finish("", &format!(" of user {id}"))
    }
}
