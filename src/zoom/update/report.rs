//! What an update came to, field by field: changes, what did not take, and the parameters that would undo it. Sends nothing.

use super::body::Update;
use crate::protocol::json;
use crate::protocol::redact::fields::{HIDDEN, is_secret, may_hold_secrets};
use crate::zoom::client::{ApiCall, Zoom};
use crate::zoom::rollback::Rollback;
use crate::zoom::update::compare::{Comparison, likeness};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

/// One field of a change.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Change {
    /// The field's path in Zoom's body, as `in_meeting.waiting_room`.
    pub field: String,
    /// What Zoom held before; null where its answer doesn't hold the field, or was not read.
    pub before: Value,
    /// What was asked for.
    pub requested: Value,
    /// What Zoom held after; null where its answer doesn't hold the field, or was not read.
    pub after: Value,
    /// Whether it took; null where that could not be seen.
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

/// What an Update action came to.
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
    /// What a dry run would have sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<DryRun>,
    /// The fields, in the order of the body.
    pub changes: Vec<Change>,
    /// The paths of the fields that did not take.
    pub not_applied: Vec<String>,
    /// The request that undoes the change; absent where nothing was read back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rollback: Option<Rollback>,
}

/// One leaf of the body, and what Zoom held of it.
#[derive(Clone, Debug)]
pub(super) struct Field {
    pub path: String,
    pub requested: Value,
    /// `None` when it was not read, `Some(None)` when Zoom's answer doesn't hold it.
    pub before: Option<Option<Value>>,
    pub after: Option<Value>,
    pub likeness: Comparison,
    /// The time zone of times without one: the body's, or else that of the object.
    zone: Option<String>,
}

/// The leaves of a body: everything but objects that hold something.
pub(super) fn leaves(body: &Value) -> Vec<Field> {
    let zone = zone_of(body);
    let mut found = Vec::new();
    collect(body, String::new(), &mut found);
    let field = |(path, requested)| Field {
        path,
        requested,
        before: None,
        after: None,
        likeness: Comparison::Unknown,
        zone: zone.clone(),
    };
    found.into_iter().map(field).collect()
}

fn zone_of(object: &Value) -> Option<String> {
    object
        .get("timezone")
        .and_then(Value::as_str)
        .filter(|zone| !zone.is_empty())
        .map(str::to_owned)
}

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

impl Field {
    /// Takes in what Zoom held before.
    pub(super) fn before(&mut self, before: &Value) {
        self.before = Some(json::at(before, &self.path).cloned());
        self.zone = self.zone.take().or_else(|| zone_of(before));
    }

    /// Takes in what Zoom holds now.
    pub(super) fn compare(&mut self, after: &Value) {
        let holds = json::at(after, &self.path);
        self.likeness = likeness(&self.requested, holds, self.zone.as_deref());
        self.after = holds.cloned();
    }

    /// True when Zoom held what was asked for already.
    pub(super) fn was_so_before(&self) -> bool {
        let before = self.before.as_ref().and_then(Option::as_ref);
        likeness(&self.requested, before, self.zone.as_deref()) == Comparison::Same
    }

    /// True when Zoom holds something else than before: what was asked for, or what it made of that.
    pub(super) fn moved(&self) -> bool {
        match self.likeness {
            Comparison::Same => !self.was_so_before(),
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

/// The report of an update, with the request where it was a dry run.
pub(super) fn report(
    zoom: &Zoom<'_>,
    update: &Update<'_>,
    before: Option<&Value>,
    fields: &[Field],
    request: Option<DryRun>,
) -> UpdateReport {
    let identity = |name: &str| update.plan.identity.get(name).cloned();
    let different = fields
        .iter()
        .filter(|field| field.likeness == Comparison::Different);
    UpdateReport {
        user_id: identity("user_id"),
        meeting_id: identity("meeting_id"),
        occurrence_id: identity("occurrence_id"),
        dry_run: request.is_some().then_some(true),
        changes: changes(zoom, fields),
        not_applied: different.map(|field| field.path.clone()).collect(),
        rollback: before
            .filter(|_| request.is_none())
            .map(|before| rollback(zoom, update, before, fields)),
        request,
    }
}

fn changes(zoom: &Zoom<'_>, fields: &[Field]) -> Vec<Change> {
    let shows = zoom.state().shows_secrets();
    let shown = |field: &Field, name: &str, value: Option<&Value>| match value {
        None => Value::Null,
        Some(value) if shows || !field.is_secret() || value.is_boolean() || value.is_null() => {
            value.clone()
        }
        Some(Value::String(text)) if text.is_empty() => Value::String(String::new()),
        Some(_) => {
            zoom.state().hide(format!("changes.[].{name}"));
            Value::from(HIDDEN)
        }
    };
    let change = |field: &Field| Change {
        field: field.path.clone(),
        before: shown(
            field,
            "before",
            field.before.as_ref().and_then(Option::as_ref),
        ),
        requested: shown(field, "requested", Some(&field.requested)),
        after: shown(field, "after", field.after.as_ref()),
        applied: match field.likeness {
            Comparison::Same => Some(true),
            Comparison::Different => Some(false),
            Comparison::Unknown => None,
        },
    };
    fields.iter().map(change).collect()
}

/// The parameters that would put back what Zoom held before. Left out: what did not change, what Zoom's answer did not
/// hold, what a parameter cannot express, and secrets.
fn rollback(zoom: &Zoom<'_>, update: &Update<'_>, former: &Value, fields: &[Field]) -> Rollback {
    let mut undo = Map::new();
    let mut left_out = Vec::new();
    for field in fields {
        let Some(before) = &field.before else {
            continue;
        };
        if field.was_so_before()
            || (field.likeness == Comparison::Different && before == &field.after)
        {
            continue;
        }
        if let Some((name, whole)) = whole(update, former, &field.path) {
            if zoom.state().shows_secrets() || !may_hold_secrets(&whole.to_string()) {
                undo.insert(name.clone(), whole);
            } else {
                left_out.push(field.path.as_str());
            }
            continue;
        }
        match before {
            Some(value) if !value.is_null() => {
                let secret =
                    field.is_secret() && !value.is_boolean() && !zoom.state().shows_secrets();
                if secret || !place(&mut undo, update, &field.path, value.clone()) {
                    left_out.push(field.path.as_str());
                }
            }
            _ => left_out.push(field.path.as_str()),
        }
    }
    if !left_out.is_empty() {
        let names = left_out.join(", ");
        zoom.state().warn(format!(
            "`rollback` leaves out {names}: the former value is a secret, or was not in Zoom's answer, or cannot be given."
        ));
    }
    let mut parameters = update.plan.identity.clone();
    parameters.extend(undo);
    Rollback {
        action: update.action,
        parameters,
    }
}

/// Puts a value where the action would take it: under its parameter's name, else inside `settings`.
fn place(undo: &mut Map<String, Value>, update: &Update<'_>, path: &str, value: Value) -> bool {
    let mut properties = update
        .plan
        .schema
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    // A blank text would mean "not given" under a name; inside `settings` it is what it is.
    let blank = value.as_str().is_some_and(|text| text.trim().is_empty());
    if !blank
        && let Some((name, schema)) =
            properties.find(|(_, schema)| own_path(update, schema) == Some(path))
    {
        undo.insert(name.clone(), fields_that_are_taken(value, schema));
        return true;
    }
    let Some(settings) = update.plan.schema.pointer("/properties/settings") else {
        return false;
    };
    let root = settings
        .get("x-zoom-field")
        .and_then(Value::as_str)
        .unwrap_or_default();
    json::within(path, root)
        .is_some_and(|inside| json::put(undo, &format!("settings.{inside}"), value))
}

/// Where a parameter with this schema stands in Zoom's body.
fn own_path<'s>(update: &Update<'_>, schema: &'s Value) -> Option<&'s str> {
    let of_form = update
        .plan
        .form
        .and_then(|form| schema.get(format!("x-zoom-field-{form}")));
    of_form.or_else(|| schema.get("x-zoom-field"))?.as_str()
}

/// The parameter that is an object with a leaf at `path`, as `recurrence.type`, and the whole that Zoom held of it: Zoom
/// replaces such an object, so that a leaf alone would undo more than was done. `None` for a leaf with a parameter of its own.
fn whole<'u>(update: &Update<'u>, former: &Value, path: &str) -> Option<(&'u String, Value)> {
    let properties = update
        .plan
        .schema
        .get("properties")
        .and_then(Value::as_object)?;
    if properties
        .values()
        .any(|schema| own_path(update, schema) == Some(path))
    {
        return None;
    }
    properties
        .iter()
        .filter(|(name, _)| *name != "settings")
        .find_map(|(name, schema)| {
            let own = own_path(update, schema)?;
            json::within(path, own)?;
            let held = json::at(former, own).filter(|held| held.is_object())?;
            Some((name, fields_that_are_taken(held.clone(), schema)))
        })
}

/// An object, or a list of such, without the fields that Zoom adds and the parameter does not take.
fn fields_that_are_taken(mut value: Value, schema: &Value) -> Value {
    let known = schema
        .get("items")
        .unwrap_or(schema)
        .get("properties")
        .and_then(Value::as_object);
    let is_taken = |known: &Map<String, Value>, key: &String, value: &Value| {
        known.contains_key(key) && !value.is_null()
    };
    match (known, &mut value) {
        (Some(known), Value::Array(items)) => {
            for item in items.iter_mut().filter_map(Value::as_object_mut) {
                item.retain(|key, value| is_taken(known, key, value));
            }
        }
        (Some(known), Value::Object(object)) => {
            object.retain(|key, value| is_taken(known, key, value))
        }
        _ => {}
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_time_without_a_zone_is_in_the_objects_own_and_has_moved_there() {
        let held = |start: &str| json!({"start_time": start, "timezone": "Europe/Berlin"});
        for (before, moved) in [
            ("2026-12-01T10:00:00Z", true),
            ("2026-12-01T09:00:00Z", false),
        ] {
            let mut fields = leaves(&json!({"start_time": "2026-12-01T10:00:00"}));
            let [field] = fields.as_mut_slice() else {
                panic!("one field")
            };
            field.before(&held(before));
            field.compare(&held("2026-12-01T09:00:00Z"));
            assert_eq!(field.likeness, Comparison::Same);
            assert_eq!(
                (field.moved(), field.was_so_before()),
                (moved, !moved),
                "{before}"
            );
        }
    }
}
