//! Writes a failed envelope as the one line that an analyst sees: message, hint and code, with fields by their labels.

use crate::action::Entry;
use crate::catalog::label;
use crate::protocol::failure::Code;
use crate::protocol::parameter;
use crate::protocol::resource;
use serde_json::Value;

/// The longest line, in characters: Zoom's own words have no bound.
const LONGEST: usize = 2000;

/// The line for `error`, the envelope's, of a run of `entry`.
#[must_use]
pub fn line(error: &Value, entry: Option<&Entry>) -> String {
    let names = Names::of(entry);
    let text = |key: &str| error.get(key).and_then(Value::as_str);
    let name = text("code").unwrap_or(Code::Internal.name());
    let code = Code::named(name).unwrap_or(Code::Internal);
    let mut sentences =
        vec![names.put_into(text("message").unwrap_or("The run failed, and did not say why."))];
    sentences.extend(change(error, code).map(str::to_owned));
    sentences.extend(hint(error, code, &names));

    if let Some(seconds) = error.get("retry_after_seconds").and_then(Value::as_u64) {
        sentences.push(format!("Try again in {seconds} seconds."));
    }

    if matches!(
        code,
        Code::Rejected | Code::BadAnswer | Code::ZoomUnavailable
    ) && let Some(id) = error.pointer("/zoom/tracking_id").and_then(Value::as_str)
    {
        sentences.push(format!("Zoom's tracking id: {id}."));
    }

    // One line, whatever a server put into its words.
    let words = sentences.join(" ");
    let words = words
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty());
    let line: String = words
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .take(LONGEST)
        .collect();

    format!("{line} ({name})")
}

/// Says the outcome of the change, where the code alone does not.
fn change(error: &Value, code: Code) -> Option<&'static str> {
    match error.get("change")?.as_str()? {
        _ if code.info().exit == 2 => None,
        "none" => Some("Nothing was changed."),
        "unknown" => Some("Whether the change was made is not known."),
        "partial" => Some("Part of the change was made."),
        "applied" => Some("The change itself was made."),
        _ => None,
    }
}

/// Returns the hint. Where nothing better than the code's own is known, that one in the platform's words: an
/// analyst sees neither the envelope nor the command line.
fn hint(error: &Value, code: Code, names: &Names) -> Option<String> {
    let given = error.get("hint").and_then(Value::as_str);
    let (generic, _) = code
        .info()
        .hint
        .split_once("ACTION")
        .unwrap_or((code.info().hint, ""));
    if let Some(own) = given.filter(|hint| !hint.starts_with(generic)) {
        return Some(names.put_into(own));
    }

    let field = error
        .get("field")
        .and_then(Value::as_str)
        .and_then(|field| names.label(field));
    let hint = match (code, field) {
        // The platform says `None` for a field that was left empty.
        (Code::InvalidParameters, Some(label)) if has_none(error) => {
            format!("Correct the field {label} of this action; the choice none is written value:none.")
        }
        (Code::InvalidParameters, Some(label)) => format!("Correct the field {label} of this action."),
        (Code::InvalidParameters, None) => return None,
        (Code::InvalidResource, Some(label)) => format!("Correct the field {label} of the integration's resource."),
        (Code::InvalidResource, None) => "Correct the integration's resource.".to_owned(),
        (Code::UnknownAction, _) => "The action's definition names it behind `zoom-runner oif`.".to_owned(),
        (Code::MissingScope, _) => {
            "Add the scope to the Server-to-Server OAuth app in the Zoom App Marketplace; the next run has it."
                .to_owned()
        }
        (Code::RateLimited, _) => "Zoom's limits are shared by all apps of the account.".to_owned(),
        (Code::Rejected | Code::Forbidden, _) => return None,
        (code, _) => names.put_into(code.info().hint),
    };

    Some(hint)
}

/// True where the message lists a choice that is called none.
fn has_none(error: &Value) -> bool {
    error
        .get("message")
        .and_then(Value::as_str)
        .is_some_and(|message| message.contains("\"none\""))
}

/// The fields of the resource and of one action, with what their forms call them.
struct Names(Vec<(String, String)>);

impl Names {
    fn of(entry: Option<&Entry>) -> Self {
        let mut names = Vec::new();
        let resource = &parameter::schema::<resource::Fields>();
        names.extend(properties(resource).map(|(id, _)| (id.clone(), label::of_resource(id))));

        if let Some(entry) = entry {
            let input = &(entry.input)();
            names.extend(
                properties(input).map(|(id, schema)| (id.clone(), label::of_parameter(id, schema))),
            );
        }

        Self(names)
    }

    /// Returns the form's label of the field at a dotted path.
    fn label(&self, path: &str) -> Option<&str> {
        let root = path.split('.').next().unwrap_or(path);
        self.0
            .iter()
            .find(|(id, _)| id == root)
            .map(|(_, label)| label.as_str())
    }

    /// `text` with every field in back quotes named as in the form: Meeting ID (meeting_id).
    fn put_into(&self, text: &str) -> String {
        let mut named = String::new();
        for (index, piece) in text.split('`').enumerate() {
            let label = if index % 2 == 1 {
                self.label(piece)
            } else {
                None
            };
            match label {
                Some(label) => named.push_str(&format!("{label} ({piece})")),
                None if index % 2 == 1 => named.push_str(&format!("`{piece}`")),
                None => named.push_str(piece),
            }
        }

        named
    }
}

fn properties(schema: &Value) -> impl Iterator<Item = (&String, &Value)> {
    schema
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions;
    use serde_json::json;

    fn of(error: Value) -> String {
        line(&error, actions::find("update_meeting"))
    }

    #[test]
    fn a_field_is_named_by_its_label_and_its_id() {
        let error = json!({"code": "invalid_parameters", "message": "`settings.waiting_room` must be true or false, not 3.",
            "hint": Code::InvalidParameters.info().hint, "field": "settings.waiting_room"});
        assert_eq!(
            of(error),
            "Settings (settings.waiting_room) must be true or false, not 3. Correct the field Settings of this action. (invalid_parameters)"
        );
        let error = json!({"code": "timeout", "message": "The time budget ran out.", "hint": Code::Timeout.info().hint, "change": "unknown"});
        assert_eq!(
            of(error),
            "The time budget ran out. Whether the change was made is not known. Check that Zoom answers from this network. A long list needs a larger Connection Timeout (s) (timeout), or a `limit`. (timeout)"
        );
    }

    #[test]
    fn it_is_one_line_whatever_zoom_says() {
        let error = json!({"code": "rejected", "message": "Zoom refused: a\r\nb\u{1b}[31m\u{2028}c.", "hint": Code::Rejected.info().hint,
            "zoom": {"tracking_id": "v=1", "errors": [{"field": "topic", "message": "Too\nlong."}, {"message": "No."}]}});
        assert_eq!(
            of(error),
            "Zoom refused: a b [31m c. Zoom's tracking id: v=1. (rejected)"
        );
        let long = of(json!({"code": "internal", "message": "x".repeat(9000)}));
        assert!(long.ends_with("x (internal)") && long.chars().count() < 2100);
    }
}
