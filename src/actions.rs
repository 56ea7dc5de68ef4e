//! The actions: one table, and one file per action. Everything that lists actions reads this table.

pub mod activate_user;
pub mod assign_role;
pub mod create_meeting;
pub mod deactivate_user;
pub mod delete_meeting;
pub mod delete_meeting_recordings;
pub mod delete_user;
pub mod disable_user_app;
pub mod enable_user_app;
pub mod end_meeting;
pub mod get_account_settings;
pub mod get_meeting;
pub mod get_meeting_invitation;
pub mod get_meeting_recordings;
pub mod get_recording_analytics;
pub mod get_user;
pub mod get_user_settings;
pub mod list_apps;
pub mod list_dashboard_participants;
pub mod list_live_meetings;
pub mod list_meetings;
pub mod list_operation_logs;
pub mod list_past_meeting_participants;
pub mod list_role_members;
pub mod list_sign_in_activities;
pub mod list_user_delegates;
pub mod list_user_recordings;
pub mod list_users;
pub mod recover_meeting;
pub mod recover_meeting_recordings;
pub mod remove_user_delegate;
pub mod revoke_sso_token;
pub mod roll_back;
pub mod test;
pub mod unassign_role;
pub mod update_meeting;
pub mod update_recording_settings;
pub mod update_user;
pub mod update_user_settings;

use crate::action::{Entry, Kind};
use crate::protocol::suggest;

/// The actions, in the order users see.
pub static ACTIONS: &[Entry] = &[
    Entry::of::<activate_user::ActivateUser>(),
    Entry::of::<assign_role::AssignRole>(),
    Entry::of::<create_meeting::CreateMeeting>(),
    Entry::of::<deactivate_user::DeactivateUser>(),
    Entry::of::<delete_meeting::DeleteMeeting>(),
    Entry::of::<delete_meeting_recordings::DeleteMeetingRecordings>(),
    Entry::of::<delete_user::DeleteUser>(),
    Entry::of::<disable_user_app::DisableUserApp>(),
    Entry::of::<enable_user_app::EnableUserApp>(),
    Entry::of::<end_meeting::EndMeeting>(),
    Entry::of::<get_account_settings::GetAccountSettings>(),
    Entry::of::<get_meeting::GetMeeting>(),
    Entry::of::<get_meeting_invitation::GetMeetingInvitation>(),
    Entry::of::<get_meeting_recordings::GetMeetingRecordings>(),
    Entry::of::<get_recording_analytics::GetRecordingAnalytics>(),
    Entry::of::<get_user::GetUser>(),
    Entry::of::<get_user_settings::GetUserSettings>(),
    Entry::of::<list_apps::ListApps>(),
    Entry::of::<list_dashboard_participants::ListDashboardParticipants>(),
    Entry::of::<list_live_meetings::ListLiveMeetings>(),
    Entry::of::<list_meetings::ListMeetings>(),
    Entry::of::<list_operation_logs::ListOperationLogs>(),
    Entry::of::<list_past_meeting_participants::ListPastMeetingParticipants>(),
    Entry::of::<list_role_members::ListRoleMembers>(),
    Entry::of::<list_sign_in_activities::ListSignInActivities>(),
    Entry::of::<list_user_delegates::ListUserDelegates>(),
    Entry::of::<list_user_recordings::ListUserRecordings>(),
    Entry::of::<list_users::ListUsers>(),
    Entry::of::<recover_meeting::RecoverMeeting>(),
    Entry::of::<recover_meeting_recordings::RecoverMeetingRecordings>(),
    Entry::of::<remove_user_delegate::RemoveUserDelegate>(),
    Entry::of::<revoke_sso_token::RevokeSsoToken>(),
    Entry::of::<roll_back::RollBack>(),
    Entry::of::<unassign_role::UnassignRole>(),
    Entry::of::<update_meeting::UpdateMeeting>(),
    Entry::of::<update_recording_settings::UpdateRecordingSettings>(),
    Entry::of::<update_user::UpdateUser>(),
    Entry::of::<update_user_settings::UpdateUserSettings>(),
];

/// The action behind the platform's Test button.
pub static TEST: Entry = Entry::of::<test::Test>();

/// The table and Test behind it.
pub fn all() -> impl Iterator<Item = &'static Entry> {
    ACTIONS.iter().chain([&TEST])
}

/// The action called `name`: its id, or its title in any case, with spaces, `-` or `_` between words.
#[must_use]
pub fn find(name: &str) -> Option<&'static Entry> {
    let name = plain(name);
    all().find(|entry| entry.id == name || plain(entry.title) == name)
}

/// Returns `text` as ids are written: in small letters, with one `_` between words.
#[must_use]
pub fn plain(text: &str) -> String {
    let words = text
        .split([' ', '-', '_', '\t'])
        .filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join("_")
}

/// Returns the action that was probably meant by `name`. A change is named for a slip of the pen only, and never where two
/// are as near: `dactivate_user` may mean either of two opposites.
#[must_use]
pub fn nearest(name: &str) -> Option<&'static str> {
    const SLIP: usize = 2;

    let name = plain(name);
    let mut near = all()
        .filter(|entry| name.len() <= 64 && strsim::damerau_levenshtein(&name, entry.id) <= SLIP);
    match (near.next(), near.next()) {
        (Some(only), None) => return Some(only.id),
        (Some(_), Some(_)) => return None,
        (None, _) => {}
    }

    let reads = ["get", "list", "find", "show", "read", "search", "test"];
    let asks_to_read = name
        .split('_')
        .next()
        .is_some_and(|verb| reads.contains(&verb));
    let readers = all().filter(|entry| entry.kind == Kind::Enrichment);

    suggest::nearest(&name, readers.map(|entry| entry.id)).filter(|_| asks_to_read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_names_no_change_for_another() {
        assert_eq!(nearest("list_user"), Some("list_users"));
        assert_eq!(nearest("Delete Meting"), Some("delete_meeting"));
        assert_eq!(nearest("get_usr_setings"), Some("get_user_settings"));
        for name in [
            "dactivate_user",
            "deassign_role",
            "delete_account",
            "remove_user",
            "x",
        ] {
            assert_eq!(nearest(name), None, "{name}");
        }
    }

    #[test]
    fn an_action_is_found_by_id_and_by_title_however_written() {
        for name in [
            "list_users",
            "List Users",
            "LIST-USERS",
            " list  users ",
            "list_Users",
        ] {
            assert_eq!(
                find(name).map(|entry| entry.id),
                Some("list_users"),
                "{name}"
            );
        }
        assert!(find("listusers").is_none() && find("").is_none() && find("list_user").is_none());
    }
}
