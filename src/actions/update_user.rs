//! Update User: changes one user's profile and license, and reads back whether it took. Begin with the table of its
//! fields.

use crate::action::prelude::*;
use crate::zoom::update::fields::{
    CLEAR, COUNT, DRY_RUN, Field, Kind, LOGIN_TYPE, Object, Objects, Role, SHOW_SECRETS, Shown,
    TEXT, TEXTS, Table, USER_ID, VERIFY, field, names, object, parameter,
};
use crate::zoom::update::{Definition, Given, Update};
use Kind::{Flag, HostKey, Identifier, Integer, Number, Phone, Text, Word, Zone};

/// The parameters of Update User.
pub type UpdateUser = Given<User>;

/// Update User, as a table.
#[derive(Debug)]
pub struct User;

impl Update for User {
    const ID: &'static str = "update_user";
    const TITLE: &'static str = "Update User";
    const ENDPOINTS: &'static [Endpoint; 2] = &[UPDATE, GET_USER.serves("verify")];
    const THING: &'static str = "user ";

    fn subject(id: &str) -> Subject<'_> {
        Subject::User(id)
    }
}

impl Definition for User {
    const TABLE: &'static Table = &Table {
        name: "UpdateUser",
        about: "Changes a user's profile, license or numbers: only the fields that are given. \
         Afterwards the profile is read back, since Zoom accepts changes that policies \
         then undo.",
        parameters: PARAMETERS,
        names: &names::<{ PARAMETERS.len() }>(PARAMETERS),
        settings: &[],
    };
}

/// The account's own attributes, each told apart by its key.
const CUSTOM_ATTRIBUTES: Kind = Kind::Objects(Objects {
    each: Object {
        flags: "",
        fields: &[("key", TEXT), ("name", TEXT), ("value", TEXT)],
        required: &[],
    },
    most: 5,
    keys: &["key", "name"],
});

const PHONE_NUMBERS: Kind = Kind::Objects(Objects {
    each: Object {
        flags: "",
        fields: &[
            ("code", TEXT),
            ("country", TEXT),
            ("label", Word(&["Mobile", "Office", "Home", "Fax"])),
            ("number", Phone),
        ],
        required: &[],
    },
    most: 3,
    keys: &[],
});

const LICENSES: Kind = Kind::Objects(Objects {
    each: Object {
        flags: "",
        fields: &[
            ("license_type", TEXT),
            ("license_option", COUNT),
            ("subscription_id", TEXT),
        ],
        required: &["license_type", "license_option", "subscription_id"],
    },
    most: 2,
    keys: &[],
});

const PARAMETERS: &[Field] = &[
    USER_ID,
    LOGIN_TYPE,
    DRY_RUN,
    VERIFY,
    field(
        "type",
        "type",
        Number(&[
            (1, "Basic"),
            (2, "Licensed"),
            (4, "Unassigned without Meetings Basic"),
            (99, "None"),
        ]),
        "Set the license, which takes or frees one. None is for single sign-on only.",
    )
    .label("License Type"),
    field(
        "license_info_list",
        "license_info_list",
        LICENSES,
        "Set the licenses of an account with several subscriptions, two at most.",
    )
    .example(r#"[{"license_type": "MEETING", "license_option": 2, "subscription_id": "SUBREF-1"}]"#)
    .label("Licenses by Subscription"),
    field(
        "host_key",
        "host_key",
        HostKey,
        "Set the key that makes the user host: 6 to 10 digits. Only a licensed user has \
         one.",
    ),
    field(
        "pmi",
        "pmi",
        Integer(1_000_000_000, 9_999_999_999),
        "Set the personal meeting id, exactly ten digits.",
    ),
    field(
        "use_pmi",
        "use_pmi",
        Flag,
        "Use the personal meeting id for the user's instant meetings.",
    ),
    field(
        "vanity_name",
        "vanity_name",
        TEXT,
        "Set the name in the personal link.",
    )
    .shown(Shown::LastStep("vanity_url")),
    field(
        "feature",
        "feature",
        object("zoom_phone", &[]),
        "Set what the user may use beside meetings.",
    )
    .example(r#"{"zoom_phone": false}"#),
    field(
        "zoom_one_type",
        "zoom_one_type",
        COUNT,
        "Set the Zoom Workplace plan as Zoom's bit mask, such as 16; 0 takes it away.",
    ),
    field(
        "plan_united_type",
        "plan_united_type",
        TEXT,
        "Set the older Zoom United plan by Zoom's number, such as 1, or none.",
    ),
    field(
        "group_id",
        "group_id",
        Identifier,
        "Put a pending user into this group.",
    )
    .shown(Shown::Member("group_ids")),
    field(
        "division_ids",
        "division_ids",
        TEXTS,
        "Put the user into these divisions. Zoom supports one at present.",
    ),
    parameter(
        "remove_tsp_credentials",
        Role::Query,
        Flag,
        "Remove the user's credentials with a telephony service provider.",
    ),
    field(
        "first_name",
        "first_name",
        Text(64),
        "Set the first name, at most 64 characters (5 if Chinese).",
    ),
    field(
        "last_name",
        "last_name",
        Text(64),
        "Set the last name, at most 64 characters (5 if Chinese).",
    ),
    field(
        "display_name",
        "display_name",
        Text(128),
        "Set the display name, at most 128 characters (10 if Chinese).",
    ),
    field("dept", "dept", TEXT, "Set the department."),
    field("job_title", "job_title", Text(128), "Set the job title."),
    field("company", "company", Text(255), "Set the company."),
    field("cost_center", "cost_center", TEXT, "Set the cost center."),
    field("location", "location", Text(256), "Set the location."),
    field(
        "manager",
        "manager",
        Identifier,
        "Set the manager's email address.",
    ),
    field(
        "language",
        "language",
        Identifier,
        "Set the language by Zoom's code. Other codes are accepted too.",
    )
    .example("\"en-US\""),
    field(
        "timezone",
        "timezone",
        Zone,
        "Set the time zone: one of Zoom's ids. Other ids are accepted too.",
    )
    .example("\"Europe/Berlin\""),
    field(
        "phone_numbers",
        "phone_numbers",
        PHONE_NUMBERS,
        "Set the phone numbers, three at most. They replace those before.",
    )
    .example(r#"[{"code": "+1", "country": "US", "label": "Mobile", "number": "5550100"}]"#),
    field(
        "phone_country",
        "phone_country",
        TEXT,
        "Set the country's id. Zoom recommends `phone_numbers` instead.",
    ),
    field(
        "phone_number",
        "phone_number",
        Phone,
        "Set the number. Zoom recommends `phone_numbers` instead.",
    ),
    field("pronouns", "pronouns", TEXT, "Set the pronouns."),
    field(
        "pronouns_option",
        "pronouns_option",
        Number(&[(1, "Ask each time"), (2, "Always"), (3, "Never")]),
        "Set when the pronouns are shown.",
    ),
    field(
        "about_me",
        "about_me",
        Text(150),
        "Set the user's bio, at most 150 characters without HTML and links.",
    ),
    field(
        "linkedin_url",
        "linkedin_url",
        TEXT,
        "Set the LinkedIn page; it must hold linkedin.com.",
    ),
    field(
        "cms_user_id",
        "cms_user_id",
        Identifier,
        "Set the Kaltura id.",
    ),
    field(
        "custom_attributes",
        "custom_attributes",
        CUSTOM_ATTRIBUTES,
        "Set attributes of the account's own, five at most, each named by its key and \
         name.",
    )
    .example(r#"[{"key": "cbf_abc", "name": "Badge", "value": "7"}]"#),
    CLEAR,
    SHOW_SECRETS,
];

const UPDATE: Endpoint = Endpoint::new(
    Patch,
    "/users/{userId}",
    Light,
    &["user:update:user:admin", "user:update:user"],
    classic::WRITE_USER,
);
