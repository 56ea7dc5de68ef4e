//! Update User: changes one user's profile and license, and reads back whether it took. Begin with the table of its
//! fields.

use crate::action::prelude::*;
use crate::zoom::update::fields::{Kind, *};
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
    same(
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
    same(
        "license_info_list",
        LICENSES,
        "Set the licenses of an account with several subscriptions, two at most.",
    )
    .example(r#"[{"license_type": "MEETING", "license_option": 2, "subscription_id": "SUBREF-1"}]"#)
    .label("Licenses by Subscription"),
    same(
        "host_key",
        HostKey,
        "Set the key that makes the user host: 6 to 10 digits. Only a licensed user has \
         one.",
    ),
    same(
        "pmi",
        Integer(1_000_000_000, 9_999_999_999),
        "Set the personal meeting id, exactly ten digits.",
    ),
    same(
        "use_pmi",
        Flag,
        "Use the personal meeting id for the user's instant meetings.",
    ),
    same("vanity_name", TEXT, "Set the name in the personal link.")
        .shown(Shown::LastStep("vanity_url")),
    same(
        "feature",
        object("zoom_phone", &[]),
        "Set what the user may use beside meetings.",
    )
    .example(r#"{"zoom_phone": false}"#),
    same(
        "zoom_one_type",
        COUNT,
        "Set the Zoom Workplace plan as Zoom's bit mask, such as 16; 0 takes it away.",
    ),
    same(
        "plan_united_type",
        TEXT,
        "Set the older Zoom United plan by Zoom's number, such as 1, or none.",
    ),
    same(
        "group_id",
        Identifier,
        "Put a pending user into this group.",
    )
    .shown(Shown::Member("group_ids")),
    same(
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
    same(
        "first_name",
        Text(64),
        "Set the first name, at most 64 characters (5 if Chinese).",
    ),
    same(
        "last_name",
        Text(64),
        "Set the last name, at most 64 characters (5 if Chinese).",
    ),
    same(
        "display_name",
        Text(128),
        "Set the display name, at most 128 characters (10 if Chinese).",
    ),
    same("dept", TEXT, "Set the department."),
    same("job_title", Text(128), "Set the job title."),
    same("company", Text(255), "Set the company."),
    same("cost_center", TEXT, "Set the cost center."),
    same("location", Text(256), "Set the location."),
    same("manager", Identifier, "Set the manager's email address."),
    same(
        "language",
        Identifier,
        "Set the language by Zoom's code. Other codes are accepted too.",
    )
    .example("\"en-US\""),
    same(
        "timezone",
        Zone,
        "Set the time zone: one of Zoom's ids. Other ids are accepted too.",
    )
    .example("\"Europe/Berlin\""),
    same(
        "phone_numbers",
        PHONE_NUMBERS,
        "Set the phone numbers, three at most. They replace those before.",
    )
    .example(r#"[{"code": "+1", "country": "US", "label": "Mobile", "number": "5550100"}]"#),
    same(
        "phone_country",
        TEXT,
        "Set the country's id. Zoom recommends `phone_numbers` instead.",
    ),
    same(
        "phone_number",
        Phone,
        "Set the number. Zoom recommends `phone_numbers` instead.",
    ),
    same("pronouns", TEXT, "Set the pronouns."),
    same(
        "pronouns_option",
        Number(&[(1, "Ask each time"), (2, "Always"), (3, "Never")]),
        "Set when the pronouns are shown.",
    ),
    same(
        "about_me",
        Text(150),
        "Set the user's bio, at most 150 characters without HTML and links.",
    ),
    same(
        "linkedin_url",
        TEXT,
        "Set the LinkedIn page; it must hold linkedin.com.",
    ),
    same("cms_user_id", Identifier, "Set the Kaltura id."),
    same(
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
