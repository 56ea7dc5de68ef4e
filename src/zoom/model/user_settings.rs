//! The documented shape of a user's settings, block by block, all views in one. Describes only; answers are passed on as they come.

mod audio_conferencing;
mod authentication_options;
mod email_notification;
mod feature;
mod in_meeting;
mod meeting_security;
mod profile;
mod recording;
mod schedule_meeting;
mod telephony;
mod tsp;
mod whiteboard;

pub use audio_conferencing::*;
pub use authentication_options::*;
pub use email_notification::*;
pub use feature::*;
pub use in_meeting::*;
pub use meeting_security::*;
pub use profile::*;
pub use recording::*;
pub use schedule_meeting::*;
pub use telephony::*;
pub use tsp::*;
pub use whiteboard::*;

use schemars::JsonSchema;

/// A user's settings. Which blocks are there depends on `option` and `custom_query_fields`.
#[derive(Debug, JsonSchema)]
pub struct UserSettings {
    /// Audio conferencing.
    pub audio_conferencing: Option<AudioConferencing>,
    /// The mails that Zoom sends.
    pub email_notification: Option<EmailNotification>,
    /// Licences and add-ons.
    pub feature: Option<Feature>,
    /// What is possible in the user's meetings.
    pub in_meeting: Option<InMeeting>,
    /// Profile.
    pub profile: Option<Profile>,
    /// Player.
    pub recording: Option<Player>,
    /// The defaults for meetings that the user schedules.
    pub schedule_meeting: Option<ScheduleMeeting>,
    /// Telephony.
    pub telephony: Option<Telephony>,
    /// Telephony service provider.
    pub tsp: Option<Tsp>,
    /// Whiteboard.
    pub whiteboard: Option<Whiteboard>,
    /// Authentication profiles, with `option` `meeting_authentication` or `recording_authentication`.
    pub authentication_options: Option<AuthenticationOptions>,
    /// Whether allow authentication exception is on.
    pub allow_authentication_exception: Option<bool>,
    /// Only signed-in people may join (with ?option=meeting_authentication).
    pub meeting_authentication: Option<bool>,
    /// Only signed-in people may view recordings (with ?option=recording_authentication).
    pub recording_authentication: Option<bool>,
    /// Security, with `option` `meeting_security`.
    pub meeting_security: Option<MeetingSecurity>,
}
