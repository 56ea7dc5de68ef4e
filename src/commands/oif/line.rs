//! The one line about a failure that an analyst sees: message, hint and code, with fields by the names they have in the
//! form. Begin with [`line()`].

use crate::action::Entry;
use crate::catalog::label;
use crate::protocol::failure::{ChangeOutcome, Code, Failure};
use crate::protocol::parameter;
use crate::protocol::resource;
use serde_json::Value;

/// The longest line, in characters: Zoom's own words have no bound.
const LONGEST: usize = 2000;

/// Returns the line about `failure`, which a run of `entry` ended with.
#[must_use]
pub fn line(failure: &Failure, entry: Option<&Entry>) -> String {
    let names = Names::of(entry);
    let mut message = names.put_into(&failure.message);
    if failure.code.info().exit == 2 {
        // The form's choices.
        message = message.replace("must be true or false", "must be Yes or No");
    }
    let mut sentences = vec![message];
    sentences.extend(change(failure).map(str::to_owned));
    sentences.extend(hint(failure, &names));
    if let Some(seconds) = failure.retry_after {
        sentences.push(format!("Try again in {seconds} seconds."));
    }
    let needs_support = matches!(
        failure.code,
        Code::Rejected | Code::BadAnswer | Code::ZoomUnavailable
    );
    let said = failure.zoom.as_ref().filter(|_| needs_support);
    if let Some(id) = said.and_then(|said| said.tracking_id.as_ref()) {
        sentences.push(format!("Zoom's tracking id: {id}."));
    }

    // One line, whatever a server put into its words.
    let words = sentences.join(" ");
    let words: Vec<&str> = words
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect();
    let line: String = words.join(" ").chars().take(LONGEST).collect();
    format!("{line} ({})", failure.code)
}

/// Returns what became of the change, where the code alone does not say.
fn change(failure: &Failure) -> Option<&'static str> {
    // Wrong input is never sent.
    if failure.code.info().exit == 2 {
        return None;
    }
    Some(match failure.change? {
        ChangeOutcome::None => "Nothing was changed.",
        ChangeOutcome::Unknown => "Whether the change was made is not known.",
        ChangeOutcome::Partial => "Part of the change was made.",
        ChangeOutcome::Applied => "The change itself was made.",
    })
}

/// Returns the failure's own hint, or else its code's in the platform's words: an analyst sees neither the envelope nor
/// the command line.
fn hint(failure: &Failure, names: &Names) -> Option<String> {
    let code = failure.code;
    // The code's own hint may have got the action's name.
    let (generic, _) = code
        .info()
        .hint
        .split_once("ACTION")
        .unwrap_or((code.info().hint, ""));
    let given = failure.hint.as_deref();
    if let Some(own) = given.filter(|hint| !hint.starts_with(generic)) {
        return Some(names.put_into(own));
    }
    let label = failure
        .field
        .as_deref()
        .and_then(|field| names.label(field));
    let hint = match (code, label) {
        // The platform says `None` for a field that was left empty.
        (Code::InvalidParameters, Some(label)) if failure.message.contains("\"none\"") => {
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

    /// Returns the form's name of the field at a dotted path.
    fn label(&self, path: &str) -> Option<&str> {
        let root = path.split('.').next().unwrap_or(path);
        self.0
            .iter()
            .find(|(id, _)| id == root)
            .map(|(_, label)| label.as_str())
    }

    /// Returns `text` with every field in back quotes named as in the form: Meeting ID (meeting_id).
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
    use crate::protocol::failure::Said;

    fn of(failure: &Failure) -> String {
        line(failure, actions::find("update_meeting"))
    }

    #[test]
    fn line_names_a_field_by_its_label_and_its_id() {
        let failure = Failure::parameter(
            "settings.waiting_room",
            "`settings.waiting_room` must be true or false, not 3.",
        );
        assert_eq!(
            of(&failure),
            "Settings (settings.waiting_room) must be Yes or No, not 3. Correct the field Settings of this action. (invalid_parameters)"
        );
        let mut failure = Failure::new(Code::Timeout, "The timeout ran out.");
        failure.change = Some(ChangeOutcome::Unknown);
        assert_eq!(
            of(&failure),
            "The timeout ran out. Whether the change was made is not known. Check that Zoom answers from this network. A long list needs a larger Connection Timeout (s) (timeout), or a `limit`. (timeout)"
        );
    }

    #[test]
    fn line_is_one_whatever_zoom_says() {
        let mut failure = Failure::new(Code::Rejected, "Zoom refused: a\r\nb\u{1b}[31m\u{2028}c.");
        failure.zoom = Some(Said {
            tracking_id: Some("v=1".to_owned()),
            ..Said::default()
        });
        assert_eq!(
            of(&failure),
            "Zoom refused: a b [31m c. Zoom's tracking id: v=1. (rejected)"
        );
        let long = of(&Failure::internal("x".repeat(9000)));
        assert!(long.ends_with("x (internal)") && long.chars().count() < 2100);
    }
}
