//! The documented shape of a user, as Get User and List Users give it.

use schemars::JsonSchema;

/// A user of the account.
#[derive(Debug, JsonSchema)]
pub struct User {
    /// The user's id; empty while the user is pending.
    pub id: Option<String>,
    /// The time the user was added to the account, in UTC, RFC 3339.
    pub created_at: Option<String>,
    /// The department.
    pub dept: Option<String>,
    /// The email address.
    pub email: Option<String>,
    /// The first name.
    pub first_name: Option<String>,
    /// The version of the Zoom client used last.
    pub last_client_version: Option<String>,
    /// The time of the last sign-in, in UTC, RFC 3339.
    pub last_login_time: Option<String>,
    /// The last name.
    pub last_name: Option<String>,
    /// The personal meeting id.
    pub pmi: Option<i64>,
    /// The name of the user's role.
    pub role_name: Option<String>,
    /// The time zone, one of Zoom's ids such as Europe/Berlin.
    pub timezone: Option<String>,
    /// 1 basic, 2 licensed, 4 unassigned, 99 none.
    #[schemars(rename = "type")]
    pub kind: Option<i64>,
    /// True when instant meetings use the personal meeting id.
    pub use_pmi: Option<bool>,
    /// The display name.
    pub display_name: Option<String>,
    /// The account's id.
    pub account_id: Option<String>,
    /// The account's number.
    pub account_number: Option<i64>,
    /// The Kaltura id.
    pub cms_user_id: Option<String>,
    /// The company.
    pub company: Option<String>,
    /// The time the user's own Zoom account was made, in UTC, RFC 3339.
    pub user_created_at: Option<String>,
    /// The account's own attributes.
    pub custom_attributes: Option<super::OneOrMany<CustomAttributes>>,
    /// The employee's unique id from single sign-on.
    pub employee_unique_id: Option<String>,
    /// The ids of the groups that the user is in.
    pub group_ids: Option<Vec<String>>,
    /// The ids of the chat groups that the user is in.
    pub im_group_ids: Option<Vec<String>>,
    /// The chat address.
    pub jid: Option<String>,
    /// The job title.
    pub job_title: Option<String>,
    /// The cost center.
    pub cost_center: Option<String>,
    /// The language, such as en-US.
    pub language: Option<String>,
    /// The location.
    pub location: Option<String>,
    /// The ways the user can sign in: 0 Facebook, 1 Google, 24 Apple, 27 Microsoft, 100 Zoom email, 101 single
    /// sign-on, and others.
    pub login_types: Option<Vec<i64>>,
    /// The manager's email address.
    pub manager: Option<String>,
    /// The link of the personal meeting room.
    pub personal_meeting_url: Option<String>,
    /// Deprecated, see `phone_numbers`: the country.
    pub phone_country: Option<String>,
    /// Deprecated, see `phone_numbers`: the number.
    pub phone_number: Option<String>,
    /// The phone numbers.
    pub phone_numbers: Option<Vec<PhoneNumbers>>,
    /// The address of the profile picture.
    pub pic_url: Option<String>,
    /// The Zoom United plan, as Zoom numbers it.
    pub plan_united_type: Option<String>,
    /// The pronouns.
    pub pronouns: Option<String>,
    /// 1 ask each time, 2 always show, 3 never.
    pub pronouns_option: Option<i64>,
    /// The id of the user's role: 0 owner, 1 administrator, 2 member, or one of the account's own.
    pub role_id: Option<String>,
    /// `active`, `inactive` or `pending`.
    pub status: Option<String>,
    /// The personal link.
    pub vanity_url: Option<String>,
    /// 1 when the email address is verified, else 0.
    pub verified: Option<i64>,
    /// The cluster the user is on.
    pub cluster: Option<String>,
    /// The Zoom Workplace plan, as Zoom's bit mask; can be larger than 2^53.
    pub zoom_one_type: Option<u64>,
    /// The licenses.
    pub license_info_list: Option<Vec<LicenseInfoList>>,
    /// The ids of the divisions that the user is in.
    pub division_ids: Option<Vec<String>>,
    /// The key by which the user becomes host; shown with `show_secrets` only.
    pub host_key: Option<String>,
}

/// The account's own attributes.
#[derive(Debug, JsonSchema)]
pub struct CustomAttributes {
    /// The attribute's key.
    pub key: Option<String>,
    /// The attribute's name.
    pub name: Option<String>,
    /// The attribute's value.
    pub value: Option<String>,
}

/// The phone numbers.
#[derive(Debug, JsonSchema)]
pub struct PhoneNumbers {
    /// The dial code, such as +1.
    pub code: Option<String>,
    /// The country.
    pub country: Option<String>,
    /// The number's purpose: Mobile, Office, Home or Fax.
    pub label: Option<String>,
    /// The number.
    pub number: Option<String>,
    /// True when Zoom has checked the number.
    pub verified: Option<bool>,
}

/// The licenses.
#[derive(Debug, JsonSchema)]
pub struct LicenseInfoList {
    /// The kind of license.
    pub license_type: Option<String>,
    /// The license's option, as Zoom's bit mask.
    pub license_option: Option<u64>,
    /// The subscription that the license belongs to.
    pub subscription_id: Option<String>,
}
