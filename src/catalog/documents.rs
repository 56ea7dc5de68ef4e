//! The tables inside hand-written documents, between the marks `<!-- generated: NAME -->` and `<!-- end -->`. Begin with
//! [`filled`].

use crate::action::{Endpoint, Entry, Requirement};
use crate::actions;
use crate::protocol::failure::Code;
use crate::protocol::parameter;
use crate::protocol::resource;
use crate::sandbox::{Resident, residents};
use serde_json::Value;

/// The documents that have such tables.
pub const DOCUMENTS: [&str; 4] = [
    "README.md",
    "docs/operations.md",
    "docs/playbooks.md",
    "docs/sumo-logic.md",
];

/// The beginning of a mark.
const BEGIN: &str = "<!-- generated: ";
/// The mark behind a table.
const END: &str = "<!-- end -->";

/// Returns `document` with every table that it has a place for. A place without an end, or of no known table, is left.
#[must_use]
pub fn filled(document: &str) -> String {
    let mut out = String::with_capacity(document.len());
    let mut rest = document;
    while let Some((before, after)) = rest.split_once(BEGIN) {
        out.push_str(before);
        out.push_str(BEGIN);
        rest = after;
        let Some((name, behind)) = after.split_once(" -->") else {
            break;
        };
        let (Some(table), Some((_, tail))) = (table(name), behind.split_once(END)) else {
            continue;
        };
        out.push_str(&format!("{name} -->\n{table}{END}"));
        rest = tail;
    }

    out.push_str(rest);
    out
}

fn table(name: &str) -> Option<String> {
    match name {
        "actions" => Some(actions_table()),
        "scopes" => Some(scopes_table()),
        "codes" => Some(codes_table()),
        "residents" => Some(residents_table()),
        "resource" => Some(resource_table()),
        _ => None,
    }
}

pub(super) fn rows(head: &str, rows: impl Iterator<Item = Vec<String>>) -> String {
    let columns = head.split('|').count();
    let mut table = format!(
        "| {} |\n|{}\n",
        head.split('|').collect::<Vec<_>>().join(" | "),
        "---|".repeat(columns)
    );

    for row in rows {
        let cells: Vec<String> = row
            .iter()
            .map(|cell| cell.replace('|', "\\|").replace('\n', " "))
            .collect();
        table.push_str(&format!("| {} |\n", cells.join(" | ")));
    }

    table
}

pub(super) fn code(text: impl std::fmt::Display) -> String {
    format!("`{text}`")
}

fn actions_table() -> String {
    let row = |entry: &Entry| {
        let anchor = entry.title.to_lowercase().replace(' ', "-");
        let described = entry.description();
        let first = described
            .split_once(". ")
            .map_or(&*described, |(first, _)| first);
        vec![
            format!("[`{}`](docs/actions.md#{anchor})", entry.id),
            format!("{}.", first.trim_end_matches('.')),
        ]
    };
    rows("action|what it does", actions::all().map(row))
}

fn scopes_table() -> String {
    let row = |entry: &Entry| {
        let scopes = |pick: fn(&Endpoint) -> &'static [&'static str]| {
            let mut each: Vec<String> = Vec::new();
            for route in entry.routes {
                let Some(scope) = pick(route).first() else {
                    continue;
                };
                let told = match route.need {
                    Requirement::Required => code(scope),
                    Requirement::OptionalFor(part) => format!("{} ({part})", code(scope)),
                };
                // One scope may serve two endpoints; what it is needed for is said once.
                if !each.iter().any(|known| known.starts_with(&code(scope))) {
                    each.push(told);
                }
            }
            each.join(", ")
        };
        let (granular, classic) = (
            scopes(|route| route.granular),
            scopes(|route| route.classic),
        );
        vec![code(entry.id), granular, classic]
    };
    rows(
        "action|granular scopes|classic scopes",
        actions::all()
            .filter(|entry| !entry.routes.is_empty())
            .map(row),
    )
}

fn residents_table() -> String {
    let row = |resident: Resident| vec![resident.group, code(resident.name), resident.about];
    rows(
        "|who or what|what is special",
        residents().into_iter().map(row),
    )
}

fn codes_table() -> String {
    let row = |of: Code| {
        let info = of.info();
        let again = if info.is_retryable() { "yes" } else { "no" };
        vec![
            code(info.name),
            info.exit.to_string(),
            again.to_owned(),
            info.meaning.to_owned(),
            info.hint.to_owned(),
        ]
    };
    rows(
        "code|exit|again?|when|what to do",
        Code::ALL.into_iter().map(row),
    )
}

fn fields_table(schema: &Value) -> String {
    let required = schema.get("required").and_then(Value::as_array);
    let properties = schema
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();

    let row = |(id, property): (&String, &Value)| {
        let needed = required.is_some_and(|names| names.iter().any(|name| name == id));
        let default = property.get("default").map(code).unwrap_or_default();
        let default = if needed {
            "required".to_owned()
        } else {
            default
        };
        let told = property
            .get("description")
            .and_then(Value::as_str)
            .unwrap_or_default();
        vec![code(id), default, format!("{told}{}", bounds(property))]
    };

    rows("field|default|what it is", properties.map(row))
}

/// The bounds or choices of a field, as the end of its description.
pub(super) fn bounds(property: &Value) -> String {
    match (
        property.get("minimum"),
        parameter::documented_maximum(property),
    ) {
        (Some(least), Some(most)) => format!(" {least} to {most}."),
        (Some(least), None) if property.get("pattern").is_none() => format!(" At least {least}."),
        _ => {
            let constants = property
                .get("oneOf")
                .and_then(Value::as_array)
                .into_iter()
                .flatten();
            let each = property
                .get("enum")
                .and_then(Value::as_array)
                .into_iter()
                .flatten();
            let all: Vec<String> = each
                .chain(constants.filter_map(|option| option.get("const")))
                .map(code)
                .collect();
            if all.is_empty() {
                String::new()
            } else {
                format!(" One of {}.", all.join(", "))
            }
        }
    }
}

fn resource_table() -> String {
    fields_table(&parameter::schema::<resource::Fields>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_between_the_marks_is_replaced() {
        let readme = "a\n<!-- generated: codes -->\nold\n<!-- end -->\nb <!-- generated: nothing --> c <!-- end -->\n<!-- generated: actions -->\n";
        let filled = filled(readme);
        assert!(
            filled.starts_with("a\n<!-- generated: codes -->\n| code | exit |"),
            "{filled}"
        );
        assert!(
            filled
                .ends_with("<!-- end -->\nb <!-- generated: nothing --> c <!-- end -->\n<!-- generated: actions -->\n")
        );
        assert!(!filled.contains("old"));
        assert_eq!(super::filled(&filled), filled);
    }
}
