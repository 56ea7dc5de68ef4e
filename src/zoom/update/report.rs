//! The report of an update, field by field: the changes, what did not take, and the request that undoes it. Begin with
//! [`Report::of`], which is a pure function of what was asked for and what the two looks showed.

use super::body::UpdateBody;
use super::compare::{Comparison, compare};
use super::fields::{self, Field, Kind, Shown};
use crate::protocol::json;
use crate::protocol::redact::fields::{HIDDEN, is_secret, may_hold_secrets};
use crate::zoom::client::{ApiCall, Zoom};
use crate::zoom::rollback::Rollback;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// One field of a change.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Change {
    /// The field's path in Zoom's body, as `in_meeting.waiting_room`.
    pub field: String,
    /// The value that Zoom held before; null where its answer doesn't hold the field, or was not read.
    pub before: Value,
    /// The value that was asked for.
    pub requested: Value,
    /// The value that Zoom held after; null where its answer doesn't hold the field, or was not read.
    pub after: Value,
    /// True when the field took; null where that could not be seen.
    pub applied: Option<bool>,
}

/// The request that a dry run would have sent.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct DryRun {
    /// The method.
    pub method: &'static str,
    /// The whole address.
    pub url: String,
    /// The body, secrets masked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
}

impl DryRun {
    /// The request that `call` would send.
    #[must_use]
    pub fn of(zoom: &Zoom<'_>, call: &ApiCall<'_>) -> Self {
        Self {
            method: call.endpoint.method.name(),
            url: zoom.url(call),
            body: call.body.cloned(),
        }
    }
}

/// The data of an update.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct UpdateReport {
    /// The user, as given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<Value>,
    /// The meeting's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meeting_id: Option<Value>,
    /// The occurrence, as given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub occurrence_id: Option<Value>,
    /// True when no change was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dry_run: Option<bool>,
    /// The request that a dry run would have sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<DryRun>,
    /// The fields, in the order of the body.
    pub changes: Vec<Change>,
    /// The paths of the fields that did not take.
    pub not_applied: Vec<String>,
    /// The new link to join by, where the passcode changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub join_url: Option<String>,
    /// The request that undoes the change; absent where nothing was read back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rollback: Option<Rollback>,
}

/// One leaf of the body, and what Zoom held of it.
#[derive(Clone, Debug)]
pub(super) struct Leaf {
    /// The dotted path in the body.
    pub path: String,
    /// The value that was asked for.
    pub requested: Value,
    /// The documented type.
    kind: Option<Kind>,
    /// The path in Zoom's answer that shows it.
    shown: Shown,
    /// `None` when it was not read, `Some(None)` when Zoom's answer doesn't hold it.
    before: Option<Option<Value>>,
    after: Option<Value>,
    /// The value that the last look showed.
    pub comparison: Comparison,
    /// The time zone of times without one: the body's, or else that of the object.
    zone: Option<String>,
}

/// Returns the leaves of a body: everything but objects that hold something.
pub(super) fn leaves(body: &UpdateBody) -> Vec<Leaf> {
    fn collect(value: &Value, path: String, found: &mut Vec<(String, Value)>) {
        match value {
            Value::Object(map) if !map.is_empty() => {
                for (key, inner) in map {
                    let path = if path.is_empty() {
                        key.clone()
                    } else {
                        format!("{path}.{key}")
                    };
                    collect(inner, path, found);
                }
            }
            _ => found.push((path, value.clone())),
        }
    }

    let zone = zone_of(&body.json);
    let mut found = Vec::new();
    collect(&body.json, String::new(), &mut found);
    let leaf = |(path, requested): (String, Value)| Leaf {
        kind: kind_at(body, &path),
        shown: row_at(body, &path).map_or(Shown::SamePath, |row| row.shown),
        path,
        requested,
        before: None,
        after: None,
        comparison: Comparison::Unknown,
        zone: zone.clone(),
    };

    found.into_iter().map(leaf).collect()
}

/// Returns the paths of an answer that the report is made from.
pub(super) fn paths(body: &UpdateBody, leaves: &[Leaf]) -> BTreeSet<String> {
    let mut paths = BTreeSet::from(["timezone".to_owned(), "join_url".to_owned()]);
    for leaf in leaves {
        match leaf.shown {
            // The whole of an object that Zoom replaces as one is needed to undo the change of a part.
            Shown::SamePath => {
                paths.insert(unit(body, &leaf.path).unwrap_or_else(|| leaf.path.clone()));
            }
            Shown::Host => {
                paths.extend(["host_id".to_owned(), "host_email".to_owned()]);
            }
            Shown::LastStep(path) | Shown::Member(path) => {
                paths.insert(path.to_owned());
            }
        }
    }

    paths
}

fn zone_of(object: &Value) -> Option<String> {
    object
        .get("timezone")
        .and_then(Value::as_str)
        .filter(|zone| !zone.is_empty())
        .map(str::to_owned)
}

/// The parameter at a path of the body.
fn row_at(body: &UpdateBody, path: &str) -> Option<&'static Field> {
    body.table.at(path, body.form)
}

/// The path of the object around a leaf that Zoom replaces as one, as `recurrence` for `recurrence.type`: a parameter, or
/// an object inside a block of `settings`.
fn unit(body: &UpdateBody, path: &str) -> Option<String> {
    let mut own = body
        .table
        .parameters
        .iter()
        .filter_map(|row| row.path(body.form));

    if let Some(own) = own.find(|own| json::within(path, own).is_some()) {
        return Some(own.to_owned());
    }

    // Of a user's settings the blocks are no such objects: Zoom merges them field by field.
    let root = body.table.settings_root()?;
    let depth = if root.is_empty() {
        2
    } else {
        2 + root.matches('.').count()
    };

    let (end, _) = path.match_indices('.').nth(depth - 1)?;
    let object = path.get(..end)?;

    matches!(kind_at(body, object), Some(Kind::Object(_))).then(|| object.to_owned())
}

/// The documented type at a path of the body.
fn kind_at(body: &UpdateBody, path: &str) -> Option<Kind> {
    let inside = |mut object: fields::Object, path: &str| {
        let mut steps = path.split('.').peekable();
        while let Some(step) = steps.next() {
            match (object.field(step)?, steps.peek()) {
                (kind, None) => return Some(kind),
                (Kind::Object(inner), Some(_)) => object = inner,
                _ => return None,
            }
        }
        None
    };

    for row in body.table.parameters {
        let Some(own) = row.path(body.form) else {
            continue;
        };
        match (json::within(path, own), row.kind) {
            _ if own == path => return Some(row.kind),
            (Some(path), Kind::Object(object)) => return inside(object, path),
            _ => {}
        }
    }

    let root = body.table.settings_root()?;
    inside(
        *body.table.documented(body.form)?,
        json::within(path, root)?,
    )
}

impl Leaf {
    /// Takes in what Zoom held before.
    pub(super) fn look_before(&mut self, before: &Value) {
        self.before = Some(self.held(before));
        self.zone = self.zone.take().or_else(|| zone_of(before));
    }

    /// Takes in what Zoom holds now.
    pub(super) fn look(&mut self, after: &Value) {
        self.after = self.held(after);
        self.comparison = self.compared(self.after.as_ref());
    }

    /// Returns the field's value in an answer.
    fn held(&self, answer: &Value) -> Option<Value> {
        match self.shown {
            Shown::SamePath => json::at(answer, &self.path).cloned(),
            Shown::Host => {
                let is_address = self
                    .requested
                    .as_str()
                    .is_some_and(|user| user.contains('@'));
                answer
                    .get(if is_address { "host_email" } else { "host_id" })
                    .cloned()
            }
            Shown::LastStep(path) => {
                let address = json::at(answer, path)?.as_str()?;
                let step = address.trim_end_matches('/').rsplit('/').next()?;
                Some(Value::from(step))
            }
            Shown::Member(path) => {
                let list = json::at(answer, path)?.as_array()?;
                let is_member = list.contains(&self.requested);
                Some(if is_member {
                    self.requested.clone()
                } else {
                    Value::from("")
                })
            }
        }
    }

    fn compared(&self, held: Option<&Value>) -> Comparison {
        compare(&self.requested, held, self.kind, self.zone.as_deref())
    }

    /// True when Zoom held what was asked for already.
    pub(super) fn was_already_set(&self) -> bool {
        let before = self.before.as_ref().and_then(Option::as_ref);
        self.before.is_some() && self.compared(before) == Comparison::Equal
    }

    /// True when Zoom holds something else than before: what was asked for, or what it made of that.
    pub(super) fn changed(&self) -> bool {
        match self.comparison {
            Comparison::Equal => !self.was_already_set(),
            _ => self
                .before
                .as_ref()
                .is_some_and(|before| *before != self.after),
        }
    }

    fn is_secret(&self) -> bool {
        is_secret(self.path.rsplit('.').next().unwrap_or_default())
    }
}

/// A report, and what has to be said beside it.
pub(super) struct Report {
    /// The data.
    pub data: UpdateReport,
    /// The fields that the rollback leaves out.
    pub warning: Option<String>,
    /// The paths of the values that are hidden in `data`.
    pub hidden: BTreeSet<&'static str>,
}

/// The two looks at the object, as far as they were had.
#[derive(Clone, Copy, Default)]
pub(super) struct Looks<'a> {
    /// The answer before the change.
    pub before: Option<&'a Value>,
    /// The last answer after it.
    pub after: Option<&'a Value>,
}

impl Report {
    /// Makes the report of an update by the action `action`; of a dry run with the `request` that it did not send.
    pub(super) fn of(
        action: &'static str,
        body: &UpdateBody,
        leaves: &[Leaf],
        looks: Looks<'_>,
        request: Option<DryRun>,
        show_secrets: bool,
    ) -> Self {
        let mut hidden = BTreeSet::new();
        let changes = leaves
            .iter()
            .map(|leaf| change(leaf, show_secrets, &mut hidden));
        let changes: Vec<Change> = changes.collect();
        let different = leaves
            .iter()
            .filter(|leaf| leaf.comparison == Comparison::Different);

        let mut warning = None;
        let rollback = looks.before.filter(|_| request.is_none()).map(|before| {
            let (rollback, left_out) = undo(action, body, before, leaves, show_secrets);
            warning = (!left_out.is_empty()).then(|| {
                let names = left_out.join(", ");
                format!("`rollback` leaves out {names}: the former value is a secret, or was not in Zoom's answer, or can't be given.")
            });
            rollback
        });

        let passcode = leaves.iter().find(|leaf| leaf.path == "password");
        let join_url = looks.after.filter(|_| passcode.is_some_and(Leaf::changed));
        let join_url = join_url.and_then(|after| after.get("join_url")?.as_str());

        let identity = |name: &str| body.identity.get(name).cloned();
        let data = UpdateReport {
            user_id: identity("user_id"),
            meeting_id: identity("meeting_id"),
            occurrence_id: identity("occurrence_id"),
            dry_run: request.is_some().then_some(true),
            changes,
            not_applied: different.map(|leaf| leaf.path.clone()).collect(),
            join_url: join_url.map(str::to_owned),
            rollback,
            request,
        };

        Self {
            data,
            warning,
            hidden,
        }
    }
}

fn change(leaf: &Leaf, show_secrets: bool, hidden: &mut BTreeSet<&'static str>) -> Change {
    let mut shown = |path: &'static str, value: Option<&Value>| match value {
        None => Value::Null,
        Some(value)
            if show_secrets || !leaf.is_secret() || value.is_boolean() || value.is_null() =>
        {
            value.clone()
        }
        Some(Value::String(text)) if text.is_empty() => Value::from(""),
        Some(_) => {
            hidden.insert(path);
            Value::from(HIDDEN)
        }
    };
    Change {
        field: leaf.path.clone(),
        before: shown(
            "changes.[].before",
            leaf.before.as_ref().and_then(Option::as_ref),
        ),
        requested: shown("changes.[].requested", Some(&leaf.requested)),
        after: shown("changes.[].after", leaf.after.as_ref()),
        applied: match leaf.comparison {
            Comparison::Equal => Some(true),
            Comparison::Different => Some(false),
            Comparison::Unknown => None,
        },
    }
}

/// The request that puts back what Zoom held before, and the paths that it can't bring back: what Zoom's answer did not
/// hold, what the action would not accept, and secrets.
fn undo<'l>(
    action: &'static str,
    body: &UpdateBody,
    former: &Value,
    leaves: &'l [Leaf],
    show_secrets: bool,
) -> (Rollback, Vec<&'l str>) {
    let mut parameters = body.identity.clone();
    let mut clear = Vec::new();
    let mut left_out = Vec::new();

    for leaf in leaves {
        let Some(before) = &leaf.before else {
            continue;
        };
        let stayed = leaf.comparison == Comparison::Different && *before == leaf.after;
        if leaf.was_already_set() || stayed {
            continue;
        }

        // An object that Zoom replaces as one goes back as one: a leaf alone would undo more than was done.
        let unit = unit(body, &leaf.path);
        let value = match &unit {
            Some(path) => json::at(former, path).filter(|held| held.is_object()),
            None => before.as_ref(),
        };
        let value = value
            .filter(|value| !value.is_null())
            .filter(|value| show_secrets || !is_hidden(leaf, value));

        let path = unit.as_deref().unwrap_or(&leaf.path);
        let put = value.is_some_and(|value| match row_at(body, path) {
            Some(row) => put_parameter(row, value, &mut parameters, &mut clear),
            None => put_setting(body, path, value, &mut parameters),
        });
        if !put {
            left_out.push(leaf.path.as_str());
        }
    }

    if !clear.is_empty() {
        parameters.insert("clear".to_owned(), Value::from(clear));
    }

    (Rollback { action, parameters }, left_out)
}

fn is_hidden(leaf: &Leaf, value: &Value) -> bool {
    match value {
        Value::Bool(_) => false,
        Value::Object(_) | Value::Array(_) => {
            leaf.is_secret() || may_hold_secrets(&value.to_string())
        }
        _ => leaf.is_secret(),
    }
}

/// Puts a former value under its parameter's name, or the name into `clear` for an empty text; false where the action
/// would not accept it.
fn put_parameter(
    row: &'static Field,
    value: &Value,
    parameters: &mut Map<String, Value>,
    clear: &mut Vec<&'static str>,
) -> bool {
    let value = acceptable(value.clone(), row.kind);
    if value.as_str().is_some_and(|text| text.trim().is_empty()) {
        let can_be_cleared = row.empty().is_some();
        if can_be_cleared && !clear.contains(&row.name) {
            clear.push(row.name);
        }
        return can_be_cleared;
    }

    let fits = row.kind.check(&value, row.name, &mut Vec::new()).is_ok();
    if fits {
        parameters.insert(row.name.to_owned(), value);
    }

    fits
}

/// Puts a former value inside `settings`; false for a body without, or where the action would not accept it.
fn put_setting(
    body: &UpdateBody,
    path: &str,
    value: &Value,
    parameters: &mut Map<String, Value>,
) -> bool {
    let root = body.table.settings_root();
    let Some(inside) = root.and_then(|root| json::within(path, root)) else {
        return false;
    };
    let inside = format!("settings.{inside}");

    // Of an object each changed leaf brings the whole.
    if json::at(&Value::Object(parameters.clone()), &inside).is_some() {
        return true;
    }

    let kind = kind_at(body, path);
    let value = kind.map_or_else(|| value.clone(), |kind| acceptable(value.clone(), kind));
    let fits = kind.is_none_or(|kind| kind.check(&value, path, &mut Vec::new()).is_ok());

    fits && json::put(parameters, &inside, value)
}

/// A former value as the parameter takes it: a list where Zoom sent one object, and without the fields that Zoom adds.
fn acceptable(value: Value, kind: Kind) -> Value {
    match (kind, value) {
        (Kind::Objects(_), value @ Value::Object(_)) => acceptable(Value::Array(vec![value]), kind),
        (Kind::Objects(objects), Value::Array(items)) => {
            let each = Kind::Object(objects.each);
            items
                .into_iter()
                .map(|item| acceptable(item, each))
                .collect()
        }
        (Kind::Object(object), Value::Object(mut map)) => {
            map.retain(|key, value| object.field(key).is_some() && !value.is_null());
            Value::Object(map)
        }
        // Zoom may send a number where it takes a text.
        (
            Kind::Text(_) | Kind::Length(..) | Kind::Identifier | Kind::Phone,
            Value::Number(number),
        ) => Value::from(number.to_string()),
        (_, value) => value,
    }
}
