//! Roll Back: runs the request that an earlier change left in `data.rollback`.

use crate::action::{Action, Column, Endpoint, Entry, Kind, Outcome};
use crate::actions::{ACTIONS, UPDATE_COLUMNS};
use crate::protocol::failure::{Code, Failure};
use crate::protocol::suggest::quoted;
use crate::zoom::client::Zoom;
use crate::zoom::rollback::is_identity_only;
use crate::zoom::update::UpdateReport;
use crate::zoom::verbatim::Verbatim;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value, json};

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
    const KIND: Kind = Kind::Containment;
    // Its endpoints and scopes are those of the change that it runs.
    const ENDPOINTS: &'static [Endpoint] = &[];
    const TABLE: &'static [Column] = UPDATE_COLUMNS;
    // The documented fields are those of the updates; other changes have their own.
    type Output = Verbatim<UpdateReport>;

    fn run(self, zoom: &Zoom<'_>) -> Result<Outcome<Self::Output>, Failure> {
        let (entry, mut parameters) = self.request()?;

        if entry.id.starts_with("update_") && is_identity_only(&parameters) {
            let nothing = json!({ "changes": [], "not_applied": [] });
            let raw = serde_json::value::to_raw_value(&nothing).map_err(|error| {
                Failure::internal("The data could not be written.")
                    .caused_by(vec![error.to_string()])
            })?;
            return Ok(Outcome {
                message: "There was nothing to undo; no change was sent.".to_owned(),
                data: Verbatim::new(raw),
            });
        }

        if self.dry_run {
            parameters.insert("dry_run".to_owned(), Value::Bool(true));
        }

        let success = (entry.run)(parameters, zoom).map_err(inside)?;

        let message = if success.message.starts_with("Dry run") {
            success.message
        } else {
            format!("Rolled back: {}", success.message)
        };

        Ok(Outcome {
            message,
            data: Verbatim::new(success.data),
        })
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
