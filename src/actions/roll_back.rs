//! Roll Back: runs the request that an earlier change left in `data.rollback`.

use crate::action::prelude::*;
use crate::action::{CHANGES, Entry};
use crate::actions::ACTIONS;
use crate::protocol::suggest::quoted;
use crate::zoom::rollback::is_identity_only;

/// Undoes an earlier change: runs the request in the `rollback` of that change's answer. Where the change left nothing
/// to undo, it sends nothing and says so.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RollBack {
    /// Give the `rollback` of an earlier answer, as it is: an object with `action` and `parameters`.
    #[schemars(extend("examples" = [{"action": "update_meeting", "parameters": {"meeting_id": 85746065432_u64, "waiting_room": true}}]))]
    pub rollback: Map<String, Value>,
    /// Send no change; show the request that would be sent.
    #[serde(default)]
    pub dry_run: bool,
}

impl Action for RollBack {
    const ID: &'static str = "roll_back";
    const TITLE: &'static str = "Roll Back";
    const KIND: Kind = Containment;
    // Its endpoints and scopes are those of the change that it runs.
    const ENDPOINTS: Endpoints = &[];
    const ROWS: &'static str = "changes";
    const TABLE: Columns = CHANGES;
    // The documented fields are those of the updates; other changes have their own.
    type Output = Verbatim<UpdateReport>;

    fn run(self, zoom: &Zoom<'_>) -> Answer<Self::Output> {
        let (entry, mut parameters) = self.request()?;

        if entry.id.starts_with("update_") && is_identity_only(&parameters) {
            let nothing = raw(&json!({ "changes": [], "not_applied": [] }))?;
            let message = "There was nothing to undo; no change was sent.";
            return Ok(Outcome::new(message, Verbatim::new(nothing)));
        }

        if self.dry_run {
            parameters.insert("dry_run".to_owned(), Value::Bool(true));
        }

        let success = (entry.run)(parameters, zoom).map_err(inside)?;
        let message = match success.message {
            message if message.starts_with("Dry run") => message,
            message => format!("Rolled back: {message}"),
        };
        Ok(Outcome::new(message, Verbatim::new(success.data)))
    }
}

impl RollBack {
    /// The action that undoes the change, and its parameters.
    fn request(&self) -> Result<(&'static Entry, Map<String, Value>), Failure> {
        const EXPECTED: &str = "give the whole `data.rollback` of an earlier answer, an object with `action` and `parameters`";
        let misfit = |field: &str, reason: String| {
            Failure::parameter(field, format!("`{field}` {reason}; {EXPECTED}."))
        };

        if let Some(stranger) = self
            .rollback
            .keys()
            .find(|key| !matches!(key.as_str(), "action" | "parameters"))
        {
            return Err(misfit(
                "rollback",
                format!("has no field {}", quoted(stranger)),
            ));
        }

        let Some(Value::String(action)) = self.rollback.get("action") else {
            return Err(misfit(
                "rollback.action",
                "is missing, or no text".to_owned(),
            ));
        };

        let parameters = match self.rollback.get("parameters") {
            Some(Value::Object(parameters)) => parameters.clone(),
            _ => {
                return Err(misfit(
                    "rollback.parameters",
                    "is missing, or no object".to_owned(),
                ));
            }
        };

        // A rollback may come from a playbook's field: it must not become a way to run anything else. What can't be
        // undone itself undoes nothing, nor does what makes something new.
        let entry = ACTIONS.iter().find(|entry| entry.id == action);

        entry
            .filter(|entry| entry.undo.is_some() && entry.id != "create_meeting")
            .map(|entry| (entry, parameters))
            .ok_or_else(|| {
                let reason = format!("is {}, which undoes no change", quoted(action));
                misfit("rollback.action", reason)
            })
    }
}

/// A parameter at fault, as a field of `rollback`.
fn inside(mut failure: Failure) -> Failure {
    if failure.code == Code::InvalidParameters
        && let Some(field) = &failure.field
    {
        failure.field = Some(format!("rollback.parameters.{field}"));
    }
    failure
}
