//! The documented shapes of what an investigation reads: live meetings, participants, sign-ins, operation logs, roles,
//! recordings, delegates, apps. They document the main fields; every other field of Zoom's is handed on as well.

use crate::zoom::paging::Item;
use schemars::JsonSchema;

/// Makes the shape of something that Zoom lists: the struct, the list's key, and the word for one of them.
macro_rules! listed {
    ($(#[$doc:meta])* $name:ident, $key:literal, $word:literal, { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, JsonSchema)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: Option<$type>,)*
        }

        impl Item for $name {
            const KEY: &'static str = $key;
            const NAME: &'static str = $word;
        }
    };
}

listed! {
    /// A meeting that is running now, as the dashboard shows it.
    LiveMeeting, "meetings", "live meeting", {
        /// The meeting's number.
        id: i64,
        /// The id of this one instance of the meeting.
        uuid: String,
        /// The title.
        topic: String,
        /// The host's name.
        host: String,
        /// The host's email address.
        email: String,
        /// The host's plan, such as `Licensed`.
        user_type: String,
        /// The time the meeting began, in UTC, RFC 3339.
        start_time: String,
        /// The time it has run so far, as `hh:mm:ss`.
        duration: String,
        /// The number of participants.
        participants: i64,
        /// True when somebody shares a screen.
        has_screen_share: bool,
        /// True when it is being recorded.
        has_recording: bool,
        /// True when somebody joined by telephone.
        has_pstn: bool,
    }
}

listed! {
    /// A participant, with address and device. Zoom leaves name, email and address of outsiders blank unless they
    /// registered, were invited by calendar, or signed in.
    DashboardParticipant, "participants", "participant", {
        /// The name shown in the meeting.
        user_name: String,
        /// The email address.
        email: String,
        /// The user's id, for members of the account.
        id: String,
        /// The participant's IP address.
        ip_address: String,
        /// The place that Zoom derives from the IP address.
        location: String,
        /// The device: `Windows`, `Mac`, `Phone` ...
        device: String,
        /// The computer's name.
        pc_name: String,
        /// The network card's address.
        mac_addr: String,
        /// The Zoom client's version.
        version: String,
        /// The role: `host`, `attendee` ...
        role: String,
        /// `in_meeting` or `in_waiting_room`.
        status: String,
        /// The time the participant joined, in UTC, RFC 3339.
        join_time: String,
        /// The time the participant left, in UTC, RFC 3339.
        leave_time: String,
        /// The reason Zoom gives for leaving.
        leave_reason: String,
    }
}

listed! {
    /// A participant of a meeting that has ended; one row for each time somebody joined.
    PastParticipant, "participants", "participant", {
        /// The user's id, for members of the account.
        id: String,
        /// The name shown in the meeting.
        name: String,
        /// The email address; blank for outsiders who neither registered nor signed in.
        user_email: String,
        /// The time of joining, in UTC, RFC 3339.
        join_time: String,
        /// The time of leaving, in UTC, RFC 3339.
        leave_time: String,
        /// The seconds between the two; 0 while Zoom has not counted yet.
        duration: i64,
        /// True for members of the account.
        internal_user: bool,
        /// `in_meeting` or `in_waiting_room`.
        status: String,
    }
}

listed! {
    /// A sign-in or sign-out. Zoom lists no failed sign-ins.
    SignInActivity, "activity_logs", "sign-in event", {
        /// The user's email address.
        email: String,
        /// The time, in UTC, RFC 3339.
        time: String,
        /// `Sign in` or `Sign out`.
        #[schemars(rename = "type")]
        kind: String,
        /// The address the user came from.
        ip_address: String,
        /// The client: `Browser`, `Windows` ...
        client_type: String,
        /// The client's version.
        version: String,
    }
}

listed! {
    /// An administrator's or user's change of the account, as Zoom logs it.
    OperationLog, "operation_logs", "log record", {
        /// The time, in UTC, RFC 3339.
        time: String,
        /// The email address of the person who made the change.
        operator: String,
        /// The category, such as `User` or `Role`.
        category_type: String,
        /// `Add`, `Update`, `Delete` ...
        action: String,
        /// The change in Zoom's own words.
        operation_detail: String,
    }
}

listed! {
    /// A user who holds a role.
    RoleMember, "members", "role member", {
        /// The user's id.
        id: String,
        /// The email address.
        email: String,
        /// The given name.
        first_name: String,
        /// The family name.
        last_name: String,
        /// The department.
        department: String,
        /// The plan: 1 basic, 2 licensed.
        #[schemars(rename = "type")]
        kind: i64,
        /// The role's id.
        role_id: String,
        /// The role's name.
        role_name: String,
    }
}

listed! {
    /// A recorded meeting of a user.
    RecordedMeeting, "meetings", "recorded meeting", {
        /// The meeting's number.
        id: i64,
        /// The id of this one instance of the meeting; recover_meeting_recordings takes it.
        uuid: String,
        /// The title.
        topic: String,
        /// The host's user id.
        host_id: String,
        /// The time the meeting began, in UTC, RFC 3339.
        start_time: String,
        /// The length in minutes.
        duration: i64,
        /// The number of files.
        recording_count: i64,
        /// The size of all files in bytes.
        total_size: i64,
        /// The link to the recording's page.
        share_url: String,
        /// The files.
        recording_files: Vec<RecordingFile>,
    }
}

listed! {
    /// A view or download of a recording.
    RecordingAccess, "analytics_details", "access record", {
        /// The day and time, in UTC.
        date_time: String,
        /// The viewer's name.
        name: String,
        /// The viewer's email address.
        email: String,
        /// The seconds that were viewed.
        duration: i64,
        /// `by_view` or `by_download`.
        #[schemars(rename = "type")]
        kind: String,
    }
}

listed! {
    /// A person who may act for a user.
    Delegate, "delegates", "delegate", {
        /// The delegate's user id.
        id: String,
        /// The delegate's email address.
        email: String,
        /// `assistant` (schedules for the user) or `scheduler` (the user schedules for that person).
        role: String,
    }
}

listed! {
    /// An app of the account's Marketplace page.
    App, "apps", "app", {
        /// The app's id; disable_user_app takes it.
        app_id: String,
        /// The name.
        app_name: String,
        /// Zoom's name of the kind, such as `ZoomApp`.
        app_type: String,
        /// `PUBLISHED`, `UNPUBLISHED` ...
        app_status: String,
        /// The users of the account: 1 all, 2 some.
        app_usage: i64,
        /// `INTERNAL` or `EXTERNAL`.
        app_developer_type: String,
        /// The scopes that the app has, each with a description.
        scopes: Vec<AppScope>,
    }
}

/// A file of a recording.
#[derive(Debug, JsonSchema)]
pub struct RecordingFile {
    /// The file's id.
    pub id: Option<String>,
    /// `MP4`, `M4A`, `CHAT`, `TRANSCRIPT` ...
    pub file_type: Option<String>,
    /// The view, such as `shared_screen_with_speaker_view`.
    pub recording_type: Option<String>,
    /// The size in bytes.
    pub file_size: Option<i64>,
    /// The time the file begins, in UTC, RFC 3339.
    pub recording_start: Option<String>,
    /// The time the file ends, in UTC, RFC 3339.
    pub recording_end: Option<String>,
    /// The link to watch it.
    pub play_url: Option<String>,
    /// The link to download it; it asks for an access token.
    pub download_url: Option<String>,
    /// `completed` or `processing`.
    pub status: Option<String>,
    /// The time it was moved to the trash, in UTC, RFC 3339.
    pub deleted_time: Option<String>,
}

/// A scope of an app.
#[derive(Debug, JsonSchema)]
pub struct AppScope {
    /// The scope's name.
    pub scope_name: Option<String>,
    /// The scope in words.
    pub scope_description: Option<String>,
}

/// The recordings of one meeting.
#[derive(Debug, JsonSchema)]
pub struct MeetingRecordings {
    /// The meeting's number.
    pub id: Option<i64>,
    /// The id of the recorded instance; recover_meeting_recordings takes it.
    pub uuid: Option<String>,
    /// The title.
    pub topic: Option<String>,
    /// The host's user id.
    pub host_id: Option<String>,
    /// The time the meeting began, in UTC, RFC 3339.
    pub start_time: Option<String>,
    /// The number of files.
    pub recording_count: Option<i64>,
    /// The size of all files in bytes.
    pub total_size: Option<i64>,
    /// The link to the recording's page.
    pub share_url: Option<String>,
    /// The passcode of the recording's page; shown with `show_secrets` only.
    pub password: Option<String>,
    /// The files.
    pub recording_files: Option<Vec<RecordingFile>>,
}

/// A meeting with all its settings.
#[derive(Debug, JsonSchema)]
pub struct Meeting {
    /// The meeting's number.
    pub id: Option<i64>,
    /// The id of this one instance of the meeting.
    pub uuid: Option<String>,
    /// The host's user id.
    pub host_id: Option<String>,
    /// The host's email address.
    pub host_email: Option<String>,
    /// The title.
    pub topic: Option<String>,
    /// 1 instant, 2 scheduled, 3 recurring without fixed time, 8 recurring with fixed time.
    #[schemars(rename = "type")]
    pub kind: Option<i64>,
    /// `waiting` or `started`.
    pub status: Option<String>,
    /// The start, in UTC, RFC 3339.
    pub start_time: Option<String>,
    /// The planned length in minutes.
    pub duration: Option<i64>,
    /// The time zone, such as `Europe/Berlin`.
    pub timezone: Option<String>,
    /// The description.
    pub agenda: Option<String>,
    /// The link to join by; it may hold the passcode.
    pub join_url: Option<String>,
    /// The host's start link; shown with `show_secrets` only.
    pub start_url: Option<String>,
    /// The passcode; shown with `show_secrets` only.
    pub password: Option<String>,
    /// The passcode for SIP and H.323 devices; shown with `show_secrets` only.
    pub h323_password: Option<String>,
    /// The passcode for telephones; shown with `show_secrets` only.
    pub pstn_password: Option<String>,
    /// The passcode as links hold it; shown with `show_secrets` only.
    pub encrypted_password: Option<String>,
    /// The occurrences of a recurring meeting.
    pub occurrences: Option<Vec<serde_json::Map<String, serde_json::Value>>>,
    /// The settings: waiting room, authentication, recording and all others.
    pub settings: Option<MeetingSettings>,
}

/// A meeting's settings.
#[derive(Debug, JsonSchema)]
pub struct MeetingSettings {
    /// True when participants wait until the host lets them in.
    pub waiting_room: Option<bool>,
    /// True when participants may join before the host.
    pub join_before_host: Option<bool>,
    /// True when participants have to sign in.
    pub meeting_authentication: Option<bool>,
    /// `local`, `cloud` or `none`.
    pub auto_recording: Option<String>,
}

/// The account's settings, block by block; with `option` another form.
#[derive(Debug, JsonSchema)]
pub struct AccountSettings {
    /// Rules for signing in, with `option` `security`.
    pub security: Option<serde_json::Map<String, serde_json::Value>>,
    /// Rules for scheduled meetings.
    pub schedule_meeting: Option<ScheduleMeeting>,
    /// Rules in meetings.
    pub in_meeting: Option<InMeeting>,
    /// Rules for recordings.
    pub recording: Option<Recording>,
    /// Waiting room, passcodes and encryption, with `option` `meeting_security`.
    pub meeting_security: Option<serde_json::Map<String, serde_json::Value>>,
}

/// The account's rules for scheduled meetings.
#[derive(Debug, JsonSchema)]
pub struct ScheduleMeeting {
    /// True when scheduled meetings need a passcode.
    pub require_password_for_scheduled_meetings: Option<bool>,
}

/// The account's rules in meetings.
#[derive(Debug, JsonSchema)]
pub struct InMeeting {
    /// True when participants may send files.
    pub file_transfer: Option<bool>,
}

/// The account's rules for recordings.
#[derive(Debug, JsonSchema)]
pub struct Recording {
    /// `local`, `cloud` or `none`.
    pub auto_recording: Option<String>,
}
