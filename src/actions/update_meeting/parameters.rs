//! The parameters of Update Meeting: the meeting's own fields, and the settings that responders and administrators turn by name.

use crate::protocol::parameter::{DateTime, MeetingId, default_true};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Changes a meeting: its time, passcode or settings; only the fields that are given. It does not stop a running
/// meeting. Afterwards the meeting is read back, since Zoom accepts changes that policies then undo. Zoom allows 100
/// such changes a day for one host's meetings.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateMeeting {
    /// The meeting's number.
    pub meeting_id: MeetingId,
    /// One occurrence of a recurring meeting, as Zoom names it: milliseconds since 1970. Zoom changes few fields of one
    /// occurrence: agenda, time, length, cameras, muting, waiting room, watermark and recording.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = ["1648194360000"]))]
    pub occurrence_id: Option<String>,
    /// The title, at most 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 200), extend("x-zoom-field" = "topic"))]
    pub topic: Option<String>,
    /// The description, at most 2,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 2000), extend("x-zoom-field" = "agenda"))]
    pub agenda: Option<String>,
    /// When it starts: with Z in UTC, without it in `timezone`. Zoom ignores a time that is past.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "start_time"))]
    pub start_time: Option<DateTime>,
    /// The planned length in minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1), extend("x-zoom-field" = "duration"))]
    pub duration: Option<i64>,
    /// The time zone of `start_time`, one of Zoom's ids, such as Europe/Berlin; Zoom adds to them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-identifier" = true, "x-zoom-field" = "timezone", "examples" = ["Europe/Berlin", "America/New_York", "UTC"]))]
    pub timezone: Option<String>,
    /// The passcode: at most ten of A-Z a-z 0-9 @ - _ *. The account may ask for more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 10), extend("x-zoom-field" = "password"))]
    pub password: Option<String>,
    /// The kind: 1 instant, 2 scheduled, 3 recurring without fixed time, 8 recurring with fixed time, 10 screen
    /// sharing only.
    #[serde(default, skip_serializing_if = "Option::is_none", rename = "type")]
    #[schemars(extend("x-zoom-field" = "type", "enum" = [1, 2, 3, 8, 10]))]
    pub kind: Option<i64>,
    /// The user to schedule it for, by id or e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-identifier" = true, "x-zoom-field" = "schedule_for"))]
    pub schedule_for: Option<String>,
    /// The meeting template to apply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "template_id"))]
    pub template_id: Option<String>,
    /// Whether it was made ahead by a calendar add-on; for the types 2 and 3.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "pre_schedule"))]
    pub pre_schedule: Option<bool>,
    /// How it recurs, with `type` 8. Needed when the whole series changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "recurrence"))]
    pub recurrence: Option<Recurrence>,
    /// The account's tracking fields.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "tracking_fields"))]
    pub tracking_fields: Option<Vec<TrackingField>>,
    /// Whether people wait until they are let in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "settings.waiting_room"))]
    pub waiting_room: Option<bool>,
    /// Whether people may come in before the host. No effect with a waiting room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "settings.join_before_host"))]
    pub join_before_host: Option<bool>,
    /// How early with `join_before_host`: 0 any time, else 5, 10 or 15 minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "settings.jbh_time", "enum" = [0, 5, 10, 15]))]
    pub jbh_time: Option<i64>,
    /// Whether only people who are signed in may join.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "settings.meeting_authentication"))]
    pub meeting_authentication: Option<bool>,
    /// The id of the authentication profile, with `meeting_authentication`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "settings.authentication_option"))]
    pub authentication_option: Option<String>,
    /// The domains of that profile, separated by commas.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "settings.authentication_domains"))]
    pub authentication_domains: Option<String>,
    /// Whether people come in muted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "settings.mute_upon_entry"))]
    pub mute_upon_entry: Option<bool>,
    /// Whether the host's camera is on at the start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "settings.host_video"))]
    pub host_video: Option<bool>,
    /// Whether participants' cameras are on at the start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "settings.participant_video"))]
    pub participant_video: Option<bool>,
    /// Whether participants may not show video.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "settings.disable_participant_video"))]
    pub disable_participant_video: Option<bool>,
    /// What records by itself: local, cloud or none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "settings.auto_recording", "enum" = ["local", "cloud", "none"]))]
    pub auto_recording: Option<String>,
    /// Registration: 0 approved at once, 1 approved by hand, 2 none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "settings.approval_type", "enum" = [0, 1, 2]))]
    pub approval_type: Option<i64>,
    /// Registration for a series: 1 once for all, 2 for each occurrence, 3 once, choosing occurrences.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "settings.registration_type", "enum" = [1, 2, 3]))]
    pub registration_type: Option<i64>,
    /// Whether registration closes after the date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "settings.close_registration"))]
    pub close_registration: Option<bool>,
    /// The alternative hosts, e-mail addresses or ids, separated by semicolons. They replace those there were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-identifier" = true, "x-zoom-field" = "settings.alternative_hosts"))]
    pub alternative_hosts: Option<String>,
    /// Whether Zoom mails the alternative hosts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "settings.alternative_hosts_email_notification"))]
    pub alternative_hosts_email_notification: Option<bool>,
    /// Whether alternative hosts may change polls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "settings.alternative_host_update_polls"))]
    pub alternative_host_update_polls: Option<bool>,
    /// enhanced_encryption, or e2ee for end to end, which rules out recording and dial-in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "settings.encryption_type", "enum" = ["enhanced_encryption", "e2ee"]))]
    pub encryption_type: Option<String>,
    /// Whether shared content carries a watermark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "settings.watermark"))]
    pub watermark: Option<bool>,
    /// Whether a registrant may join from several devices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "settings.allow_multiple_devices"))]
    pub allow_multiple_devices: Option<bool>,
    /// How people hear: both, telephony, voip or thirdParty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "settings.audio", "enum" = ["both", "telephony", "voip", "thirdParty"]))]
    pub audio: Option<String>,
    /// What people read about third-party audio, at most 2,048 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 2048), extend("x-zoom-field" = "settings.audio_conference_info"))]
    pub audio_conference_info: Option<String>,
    /// Whether focus mode is on at the start: participants see only hosts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "settings.focus_mode"))]
    pub focus_mode: Option<bool>,
    /// Whether the meeting is private.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "settings.private_meeting"))]
    pub private_meeting: Option<bool>,
    /// Whether it is for the own organisation only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "settings.internal_meeting"))]
    pub internal_meeting: Option<bool>,
    /// Whether it is participant-focused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "settings.participant_focused_meeting"))]
    pub participant_focused_meeting: Option<bool>,
    /// Whether it uses the host's personal meeting id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "settings.use_pmi"))]
    pub use_pmi: Option<bool>,
    /// Whether Zoom mails alternative hosts and schedulers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "settings.email_notification"))]
    pub email_notification: Option<bool>,
    /// Whether Zoom mails registrants about approval, denial and cancellation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "settings.registrants_email_notification"))]
    pub registrants_email_notification: Option<bool>,
    /// Whether Zoom mails registrants a confirmation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "settings.registrants_confirmation_email"))]
    pub registrants_confirmation_email: Option<bool>,
    /// The contact for registration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "settings.contact_name"))]
    pub contact_name: Option<String>,
    /// The contact's e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-identifier" = true, "x-zoom-field" = "settings.contact_email"))]
    pub contact_email: Option<String>,
    /// Whether the host may save the order of videos.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "settings.host_save_video_order"))]
    pub host_save_video_order: Option<bool>,
    /// Whether the registration page has buttons for social networks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "settings.show_share_button"))]
    pub show_share_button: Option<bool>,
    /// Whether the host controls muting altogether.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "settings.allow_host_control_participant_mute_state"))]
    pub allow_host_control_participant_mute_state: Option<bool>,
    /// Whether the AI summary starts by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "settings.auto_start_meeting_summary"))]
    pub auto_start_meeting_summary: Option<bool>,
    /// Who gets the AI summary: 1 the host, 2 hosts and alternatives, 3 these and invitees of the own organisation,
    /// 4 all invitees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "settings.who_will_receive_summary", "enum" = [1, 2, 3, 4]))]
    pub who_will_receive_summary: Option<i64>,
    /// Whether AI questions are on from the start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "settings.auto_start_ai_companion_questions"))]
    pub auto_start_ai_companion_questions: Option<bool>,
    /// Who may ask the AI: 1 participants and invitees, 2 participants about what they heard, 3 the host, 4 those
    /// of the own organisation, 5 those about what they heard.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "settings.who_can_ask_questions", "enum" = [1, 2, 3, 4, 5]))]
    pub who_can_ask_questions: Option<i64>,
    /// Whether guests' addresses are in the report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "settings.email_in_attendee_report"))]
    pub email_in_attendee_report: Option<bool>,
    /// Whether people test their devices before joining.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "settings.device_testing"))]
    pub device_testing: Option<bool>,
    /// The countries to dial in from, by their codes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "settings.global_dial_in_countries"))]
    pub global_dial_in_countries: Option<Vec<String>>,
    /// The invitees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "settings.meeting_invitees"))]
    pub meeting_invitees: Option<Vec<Invitee>>,
    /// The people who may join without signing in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "settings.authentication_exception"))]
    pub authentication_exception: Option<Vec<Exempt>>,
    /// From which countries people may join: `enable`, `method` (approve or deny), `approved_list`, `denied_list`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "settings.approved_or_denied_countries_or_regions"))]
    pub approved_or_denied_countries_or_regions: Option<Map<String, Value>>,
    /// Rooms set up ahead: `enable` and `rooms`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "settings.breakout_room"))]
    pub breakout_room: Option<Map<String, Value>>,
    /// The chat that goes on after the meeting: `enable` and who is added.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "settings.continuous_meeting_chat"))]
    pub continuous_meeting_chat: Option<Map<String, Value>>,
    /// Interpreters: `enable` and `interpreters`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "settings.language_interpretation"))]
    pub language_interpretation: Option<Map<String, Value>>,
    /// Q&A: `enable` and what participants may do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "settings.question_and_answer"))]
    pub question_and_answer: Option<Map<String, Value>>,
    /// Any other settings of the meeting, by Zoom's names and in Zoom's nesting. A setting that has a parameter of its own
    /// may be given there or here, not both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "settings", "examples" = [{"sign_language_interpretation": {"enable": true}}]))]
    pub settings: Option<Map<String, Value>>,
    /// Read before and after the change, and say for each field whether it took. Without it only the change is sent.
    #[serde(default = "default_true")]
    pub verify: bool,
    /// Send no change; show the request that would be sent.
    #[serde(default)]
    pub dry_run: bool,
    /// Show passcodes and keys in clear instead of `[hidden]`.
    #[serde(default)]
    pub show_secrets: bool,
}

/// How a meeting recurs.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Recurrence {
    /// 1 daily, 2 weekly, 3 monthly.
    #[serde(default, skip_serializing_if = "Option::is_none", rename = "type")]
    #[schemars(extend("enum" = [1, 2, 3]))]
    pub kind: Option<i64>,
    /// Every how many days (99 at most), weeks (50) or months (10).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 99))]
    pub repeat_interval: Option<i64>,
    /// The days of the week, 1 Sunday to 7 Saturday, separated by commas; weekly only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = ["2,4"]))]
    pub weekly_days: Option<String>,
    /// The day of the month; monthly only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 31))]
    pub monthly_day: Option<i64>,
    /// The week of the month, -1 for the last; monthly only, with `monthly_week_day`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("enum" = [-1, 1, 2, 3, 4]))]
    pub monthly_week: Option<i64>,
    /// The day in that week, 1 Sunday to 7 Saturday.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 7))]
    pub monthly_week_day: Option<i64>,
    /// How many occurrences, 60 at most, 0 without end; not with `end_date_time`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 60))]
    pub end_times: Option<i64>,
    /// When the series ends, in UTC; not with `end_times`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_date_time: Option<DateTime>,
}

/// One of the account's tracking fields.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TrackingField {
    /// The field's label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// Somebody who is invited.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Invitee {
    /// The e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// Somebody who may join without signing in.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Exempt {
    /// The name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}
