//! The documented shape of the `feature` block of a user's settings. Describes only.

use schemars::JsonSchema;
use serde_json::{Map, Value};

/// Licences and add-ons.
#[derive(Debug, JsonSchema)]
pub struct Feature {
    /// Host in China (legacy).
    pub cn_meeting: Option<bool>,
    /// Concurrent meeting plan.
    pub concurrent_meeting: Option<String>,
    /// In-meeting options.
    pub in_meeting: Option<bool>,
    /// Large meeting add-on.
    pub large_meeting: Option<bool>,
    /// 500 or 1000.
    pub large_meeting_capacity: Option<i64>,
    /// Participants allowed (read mostly).
    pub meeting_capacity: Option<i64>,
    /// Webinar add-on (licensed users; not with zoom_events).
    pub webinar: Option<bool>,
    /// Webinar size.
    pub webinar_capacity: Option<i64>,
    /// Zoom Events (licensed users; not with webinar).
    pub zoom_events: Option<bool>,
    /// Events size.
    pub zoom_events_capacity: Option<i64>,
    /// Zoom events unlimited licence.
    pub zoom_events_unlimited: Option<bool>,
    /// Zoom events unlimited capacities.
    pub zoom_events_unlimited_capacities: Option<Vec<i64>>,
    /// Zoom sessions unlimited licence.
    pub zoom_sessions_unlimited: Option<bool>,
    /// Zoom sessions unlimited capacities.
    pub zoom_sessions_unlimited_capacities: Option<Vec<i64>>,
    /// Zoom events pay per attendee licence.
    pub zoom_events_pay_per_attendee: Option<bool>,
    /// Zoom sessions pay per attendee licence.
    pub zoom_sessions_pay_per_attendee: Option<bool>,
    /// Zoom Phone.
    pub zoom_phone: Option<bool>,
    /// Zoom iq for sales licence.
    pub zoom_iq_for_sales: Option<bool>,
    /// Zoom revenue accelerator licence.
    pub zoom_revenue_accelerator: Option<bool>,
    /// Zoom whiteboard licence.
    pub zoom_whiteboard: Option<bool>,
    /// Zoom whiteboard plus licence.
    pub zoom_whiteboard_plus: Option<bool>,
    /// Zoom translated captions licence.
    pub zoom_translated_captions: Option<bool>,
    /// Zoom customer managed key licence.
    pub zoom_customer_managed_key: Option<bool>,
    /// Zoom huddles licence.
    pub zoom_huddles: Option<bool>,
    /// Zoom quality management licence.
    pub zoom_quality_management: Option<bool>,
    /// Zoom workforce management licence.
    pub zoom_workforce_management: Option<bool>,
    /// Zoom scheduler licence.
    pub zoom_scheduler: Option<bool>,
    /// Zoom clips plus licence.
    pub zoom_clips_plus: Option<bool>,
    /// Zoom mail calendar licence.
    pub zoom_mail_calendar: Option<bool>,
    /// Zoom compliance management licence.
    pub zoom_compliance_management: Option<bool>,
    /// Zoom docs licence.
    pub zoom_docs: Option<bool>,
    /// The licences.
    pub license_info_list: Option<Vec<Map<String, Value>>>,
    /// Zoom Canvas licence (changelog 2026-06-22; parent object assumed).
    pub zoom_canvas: Option<bool>,
}
