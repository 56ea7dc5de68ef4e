//! The documented shapes of Zoom's answers. They make the output schemas; no answer is read through them, so that no field that Zoom adds is lost.

mod meeting;
mod user;
mod user_settings;

pub use meeting::{Invitation, ListedMeeting};
pub use user::User;
pub use user_settings::UserSettings;
