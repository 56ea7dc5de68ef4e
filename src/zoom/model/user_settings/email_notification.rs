//! The documented shape of the `email_notification` block of a user's settings. Describes only.

use schemars::JsonSchema;

/// The mails that Zoom sends.
#[derive(Debug, JsonSchema)]
pub struct EmailNotification {
    /// Mail when an alternative host changes.
    pub alternative_host_reminder: Option<bool>,
    /// Mail on cancellation.
    pub cancel_meeting_reminder: Option<bool>,
    /// Mail host when a recording is ready.
    pub cloud_recording_available_reminder: Option<bool>,
    /// Mail host when people join first.
    pub jbh_reminder: Option<bool>,
    /// Same, to alternative hosts.
    pub recording_available_reminder_alternative_hosts: Option<bool>,
    /// Same, to the scheduler.
    pub recording_available_reminder_schedulers: Option<bool>,
    /// Mail host when someone schedules for them.
    pub schedule_for_reminder: Option<bool>,
}
