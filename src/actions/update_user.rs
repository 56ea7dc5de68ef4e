//! Update User: changes one user's profile and licence, and reads back whether it took.

use crate::action::{Action, Column, Endpoint, Kind, Outcome};
use crate::actions::UPDATE_COLUMNS;
use crate::http::Method;
use crate::protocol::failure::Failure;
use crate::protocol::parameter::{HostKey, UserId, default_true};
use crate::zoom::client::{ApiCall, Zoom};
use crate::zoom::endpoint::{GET_USER, RateLabel, Requirement};
use crate::zoom::error::Subject;
use crate::zoom::update::{Plan, Update, UpdateReport, update};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Changes a user's profile, licence or numbers: only the fields that are given. Afterwards the profile is read back,
/// since Zoom accepts changes that policies then undo.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateUser {
    /// The user's id or e-mail address.
    pub user_id: UserId,
    /// How the user signs in, where one address has several logins: 0 Facebook, 1 Google, 11 phone number, 21 WeChat,
    /// 23 Alipay, 24 Apple, 27 Microsoft, 97 mobile device, 98 RingCentral, 99 API, 100 Zoom e-mail, 101 single sign-on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("enum" = [0, 1, 11, 21, 23, 24, 27, 97, 98, 99, 100, 101]))]
    pub login_type: Option<i64>,
    /// Whether to drop the user's credentials with a telephony service provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remove_tsp_credentials: Option<bool>,
    /// The user's Kaltura id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "cms_user_id"))]
    pub cms_user_id: Option<String>,
    /// The company.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 255), extend("x-zoom-field" = "company"))]
    pub company: Option<String>,
    /// The account's own attributes, five at most. Each is named by its key and name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 5), extend("x-zoom-field" = "custom_attributes"))]
    pub custom_attributes: Option<Vec<CustomAttribute>>,
    /// The department.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "dept"))]
    pub dept: Option<String>,
    /// The first name, at most 64 characters, five of them Chinese.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 64), extend("x-zoom-field" = "first_name"))]
    pub first_name: Option<String>,
    /// The group to put a pending user in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "group_id"))]
    pub group_id: Option<String>,
    /// The key by which the user becomes host: 6 to 10 digits. Only a licensed user has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "host_key"))]
    pub host_key: Option<HostKey>,
    /// The job title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 128), extend("x-zoom-field" = "job_title"))]
    pub job_title: Option<String>,
    /// The cost centre.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "cost_center"))]
    pub cost_center: Option<String>,
    /// The language, one of Zoom's codes, such as en-US or de-DE; Zoom adds to them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-identifier" = true, "x-zoom-field" = "language", "examples" = ["en-US", "de-DE", "ja"]))]
    pub language: Option<String>,
    /// The last name, at most 64 characters, five of them Chinese.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 64), extend("x-zoom-field" = "last_name"))]
    pub last_name: Option<String>,
    /// The location.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 256), extend("x-zoom-field" = "location"))]
    pub location: Option<String>,
    /// The manager's e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-identifier" = true, "x-zoom-field" = "manager"))]
    pub manager: Option<String>,
    /// Deprecated by Zoom, see `phone_numbers`: the country's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "phone_country"))]
    pub phone_country: Option<String>,
    /// Deprecated by Zoom, see `phone_numbers`: the number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "phone_number"))]
    pub phone_number: Option<String>,
    /// The phone numbers, three at most. They replace those there were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 3), extend("x-zoom-field" = "phone_numbers"))]
    pub phone_numbers: Option<Vec<PhoneNumber>>,
    /// The personal meeting id, exactly ten digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1000000000, max = 9999999999_i64), extend("x-zoom-field" = "pmi"))]
    pub pmi: Option<i64>,
    /// The pronouns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "pronouns"))]
    pub pronouns: Option<String>,
    /// Whether pronouns are shown: 1 ask each time, 2 always, 3 never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "pronouns_option", "enum" = [1, 2, 3]))]
    pub pronouns_option: Option<i64>,
    /// The time zone, one of Zoom's ids, such as Europe/Berlin; Zoom adds to them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-identifier" = true, "x-zoom-field" = "timezone", "examples" = ["Europe/Berlin", "America/New_York"]))]
    pub timezone: Option<String>,
    /// The licence: 1 basic, 2 licensed, 4 unassigned without Meetings Basic, 99 none (single sign-on only). A
    /// change takes or frees a licence.
    #[serde(default, skip_serializing_if = "Option::is_none", rename = "type")]
    #[schemars(extend("x-zoom-field" = "type", "enum" = [1, 2, 4, 99]))]
    pub kind: Option<i64>,
    /// Whether the user's instant meetings use the personal meeting id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "use_pmi"))]
    pub use_pmi: Option<bool>,
    /// The name in the personal link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "vanity_name"))]
    pub vanity_name: Option<String>,
    /// The display name, at most 128 characters, ten of them Chinese.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 128), extend("x-zoom-field" = "display_name"))]
    pub display_name: Option<String>,
    /// The Zoom Workplace plan as Zoom's bit mask, such as 16; 0 takes it away. Zoom adds plans.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "zoom_one_type"))]
    pub zoom_one_type: Option<u64>,
    /// The older Zoom United plan, by Zoom's number, such as 1; Zoom adds plans.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "plan_united_type"))]
    pub plan_united_type: Option<String>,
    /// What the user may use beside meetings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "feature"))]
    pub feature: Option<Feature>,
    /// What the user says of herself or himself, without HTML and links.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 150), extend("x-zoom-field" = "about_me"))]
    pub about_me: Option<String>,
    /// The LinkedIn page; it must hold linkedin.com.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-zoom-field" = "linkedin_url"))]
    pub linkedin_url: Option<String>,
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

/// One of the account's own attributes.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomAttribute {
    /// The attribute's key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The attribute's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// A phone number.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PhoneNumber {
    /// The dial code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = ["+1", "+49"]))]
    pub code: Option<String>,
    /// The country's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = ["US", "DE"]))]
    pub country: Option<String>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("enum" = ["Mobile", "Office", "Home", "Fax"]))]
    pub label: Option<String>,
    /// The number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
}

/// What a user may use beside meetings.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Feature {
    /// Whether the user has Zoom Phone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zoom_phone: Option<bool>,
}

const UPDATE: Endpoint = Endpoint {
    method: Method::Patch,
    path: "/users/{userId}",
    label: RateLabel::Light,
    granular: &["user:update:user:admin", "user:update:user"],
    classic: &["user:write:admin", "user:write"],
    need: Requirement::Required,
};

impl Action for UpdateUser {
    const ID: &'static str = "update_user";
    const TITLE: &'static str = "Update User";
    const KIND: Kind = Kind::Containment;
    const ENDPOINTS: &'static [Endpoint] = &[UPDATE, GET_USER.serves("verify")];
    const TABLE: &'static [Column] = UPDATE_COLUMNS;
    type Output = UpdateReport;

    fn shows_secrets(&self) -> bool {
        self.show_secrets
    }

    fn check(&self) -> Result<(), Failure> {
        Plan::of(self, None).map(|_| ())
    }

    fn run(self, zoom: &Zoom<'_>) -> Result<Outcome<UpdateReport>, Failure> {
        let plan = Plan::of(&self, None)?;
        let id = self.user_id.as_str();
        let login = self
            .login_type
            .map(|login| ("login_type", login.to_string()));
        let mut query: Vec<_> = login.iter().cloned().collect();
        query.extend(
            self.remove_tsp_credentials
                .map(|drop| ("remove_tsp_credentials", drop.to_string())),
        );
        let about = Subject::User(id);
        let read = ApiCall {
            endpoint: &GET_USER,
            ids: [id, ""],
            query: login.as_slice(),
            body: None,
            about,
        };
        let write = ApiCall {
            endpoint: &UPDATE,
            ids: [id, ""],
            query: &query,
            body: None,
            about,
        };
        let change = Update {
            action: Self::ID,
            plan: &plan,
            write,
            read,
            verify: self.verify,
            dry_run: self.dry_run,
        };
        let (message, data) = update(zoom, &change, &format!("user {id}"))?;
        Ok(Outcome { message, data })
    }
}
