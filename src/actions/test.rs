//! Test: do the credentials work, does the API answer, and which actions do the granted scopes allow?

use crate::action::prelude::*;
use crate::action::{Entry, Requirement};
use crate::actions::ACTIONS;
use crate::actions::get_user::USER;
use crate::actions::list_users::LIST as LIST_USERS;
use crate::protocol::exact::any_entry;
use serde_json::value::RawValue;

/// Checks the connection: asks Zoom for a token, makes one light call to the API, and reports for each action whether
/// the app's scopes allow it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Test {}

/// The result of the test: token, API, and the scopes that actions lack.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Report {
    /// `ok`: Zoom gave a token for these credentials.
    pub token: &'static str,
    /// `ok`: the API knew the token.
    pub api: &'static str,
    /// The scopes that Zoom granted; empty where it did not say.
    pub scopes: Vec<String>,
    /// The actions, each with what it lacks.
    pub actions: Vec<Readiness>,
}

/// The readiness of one action.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Readiness {
    /// The action's id.
    pub action: &'static str,
    /// True when the granted scopes allow it; null where Zoom did not say which it granted.
    pub ready: Option<bool>,
    /// The scopes to add.
    pub missing_scopes: Vec<&'static str>,
}

/// The blocks of a user's settings.
const USER_SETTINGS: &[&str] = &[
    "schedule_meeting",
    "in_meeting",
    "email_notification",
    "recording",
    "telephony",
    "feature",
];

impl Action for Test {
    const ID: &'static str = "test";
    const TITLE: &'static str = "Test";
    const KIND: Kind = Kind::Test;
    const ENDPOINTS: Endpoints = &[
        LIST_USERS.serves("the light call"),
        GET_USER.serves("the light call"),
        GET_USER_SETTINGS.serves("the light call"),
    ];
    const ROWS: &'static str = "actions";
    const TABLE: Columns = &[
        ("Action", "action"),
        ("Ready", "ready"),
        ("Missing scopes", "missing_scopes"),
    ];
    type Output = Report;

    fn run(self, zoom: &Zoom<'_>) -> Answer<Report> {
        // Always a new token: a kept one would prove the credentials of an hour ago.
        let scope = zoom.mint()?.scope;
        let granted: Option<Vec<&str>> = scope
            .as_deref()
            .map(|scopes| scopes.split_whitespace().collect());
        call_api(zoom, granted.as_deref().unwrap_or_default())?;
        let actions = readiness(granted.as_deref());
        let message = summary(zoom, &actions, granted.as_deref());
        let scopes = granted.into_iter().flatten().map(str::to_owned).collect();

        Ok(Outcome {
            message,
            data: Report {
                token: "ok",
                api: "ok",
                scopes,
                actions,
            },
        })
    }
}

/// For each action whether the scopes allow it that Zoom granted; `None` where it did not say which.
#[must_use]
pub fn readiness(granted: Option<&[&str]>) -> Vec<Readiness> {
    let check = |entry: &'static Entry| {
        let lacking = |route: &&Endpoint| granted.is_some_and(|granted| !route.is_open_to(granted));
        let needed = entry
            .routes
            .iter()
            .filter(|route| route.need == Requirement::Required);
        let missing: Vec<&str> = needed
            .filter(lacking)
            .filter_map(|route| route.scope_to_add(granted.unwrap_or_default()))
            .collect();
        Readiness {
            action: entry.id,
            ready: granted.map(|_| missing.is_empty()),
            missing_scopes: missing,
        }
    };

    // `roll_back` has no endpoints of its own: it needs what the change needs that it undoes.
    let own = ACTIONS.iter().filter(|entry| !entry.routes.is_empty());

    own.map(check).collect()
}

/// A sentence for each action that is not ready, and for each part that a ready one has to do without.
#[must_use]
pub fn remarks(actions: &[Readiness], granted: &[&str]) -> Vec<String> {
    let lacking = lacking(actions);
    let not_ready = lacking.iter().map(|action| {
        let scopes = action.missing_scopes.join(", ");
        format!(
            "{} is not ready: the app lacks the scope {scopes}.",
            action.action
        )
    });

    let is_lacking = |id: &str| lacking.iter().any(|action| action.action == id);
    let ready = ACTIONS.iter().filter(|entry| !is_lacking(entry.id));
    let parts = ready.flat_map(|entry| {
        let closed = entry
            .routes
            .iter()
            .filter(|route| !route.is_open_to(granted));
        closed.filter_map(|route| match (route.need, route.scope_to_add(granted)) {
            (Requirement::OptionalFor(part), Some(scope)) => Some(format!(
                "{} does without {part}: for that the app lacks the scope {scope}.",
                entry.id
            )),
            _ => None,
        })
    });
    not_ready.chain(parts).collect()
}

fn lacking(actions: &[Readiness]) -> Vec<&Readiness> {
    let lacking = actions.iter().filter(|action| action.ready == Some(false));
    lacking.collect()
}

/// One call that the scopes allow. Where they allow none of these, Zoom's own word that a scope is missing shows that
/// the API knows the token.
///
/// # Errors
/// Zoom's refusals, and the failures of any request.
pub fn call_api(zoom: &Zoom<'_>, granted: &[&str]) -> Result<(), Failure> {
    let page = Query::new().with("page_size", 1);
    let list = ApiCall::of(&LIST_USERS, &[], &page, Subject::List("users"));
    let me = ApiCall::of(&GET_USER, &["me"], &[], Subject::User("me"));
    // Each with the entries of its answer, and how the value of one begins.
    let all: [(ApiCall<'_>, &[&str], char); 3] = [
        (list, &["users"], '['),
        (me, USER, '"'),
        (me.to(&GET_USER_SETTINGS), USER_SETTINGS, '{'),
    ];
    let mut open = all.iter();
    let open = open.find(|(call, ..)| call.endpoint.is_open_to(granted));
    let (call, keys, start) = open.unwrap_or(&all[0]);

    let is_it =
        |key: &str, value: &RawValue| keys.contains(&key) && value.get().starts_with(*start);
    match zoom.get(call) {
        Ok(answer) if any_entry(answer.get(), is_it) => Ok(()),
        Ok(_) => {
            let message = format!(
                "The answer about {} is not what Zoom's API gives.",
                call.about
            );
            let hint = "Check `api_url`, and whether a proxy or a gateway answers in Zoom's place.";
            Err(Failure::new(Code::BadAnswer, message).hint(hint))
        }
        // The API knows the token, and says what the app lacks.
        Err(failure) if failure.code == Code::MissingScope && failure.zoom.is_some() => Ok(()),
        // No call names a user but the app's own, which some apps don't have: the API has answered all the same.
        Err(failure) if has_code(&failure, USER_MISSING) => Ok(()),
        Err(failure) => Err(failure),
    }
}

fn summary(zoom: &Zoom<'_>, actions: &[Readiness], granted: Option<&[&str]>) -> String {
    let Some(granted) = granted else {
        let names: Vec<&str> = actions.iter().map(|action| action.action).collect();
        let names = names.join(", ");
        zoom.state().warn(format!(
            "Zoom did not say which scopes it granted, so that these could not be checked: {names}."
        ));
        return "The credentials and the API work; which actions are ready is not known."
            .to_owned();
    };
    let lacking = lacking(actions);
    for remark in remarks(actions, granted) {
        zoom.state().warn(remark);
    }

    if lacking.is_empty() {
        return format!(
            "The credentials and the API work; all {} actions are ready.",
            actions.len()
        );
    }

    let names: Vec<&str> = lacking.iter().map(|action| action.action).collect();
    let (ready, all) = (actions.len() - lacking.len(), actions.len());

    format!(
        "The credentials and the API work; {ready} of {all} actions are ready. Not ready: {}.",
        names.join(", ")
    )
}
