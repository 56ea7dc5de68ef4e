//! The README's tables, between the marks `<!-- generated: NAME -->` and `<!-- end -->`.

use crate::action::{Entry, Requirement};
use crate::actions;
use crate::protocol::failure::Code;
use crate::protocol::parameter;
use crate::protocol::resource;
use serde_json::Value;

/// The beginning of a mark.
const BEGIN: &str = "<!-- generated: ";
/// The mark behind a table.
const END: &str = "<!-- end -->";

/// `readme` with every table it has a place for as it is now. A place without an end, or of no known table, is left.
#[must_use]
pub fn filled(readme: &str) -> String {
    let mut out = String::with_capacity(readme.len());
    let mut rest = readme;
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
        "codes" => Some(codes_table()),
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
        let scopes = |pick: fn(&crate::action::Endpoint) -> &'static [&'static str]| {
            let each = entry.routes.iter().filter_map(|route| {
                let scope = code(pick(route).first()?);
                Some(match route.need {
                    Requirement::Required => scope,
                    Requirement::OptionalFor(part) if entry.id == actions::TEST.id => {
                        format!("{scope} ({part})")
                    }
                    Requirement::OptionalFor(part) => format!("{scope} (for `{part}`)"),
                })
            });
            let mut each: Vec<String> = each.collect();
            each.dedup();
            each.join(", ")
        };
        let endpoint = entry
            .routes
            .first()
            .filter(|_| entry.id != actions::TEST.id);
        let endpoint = endpoint.map_or_else(
            || "token, one light call".to_owned(),
            |route| code(format!("{} {}", route.method.name(), route.path)),
        );
        let (granular, classic) = (
            scopes(|route| route.granular),
            scopes(|route| route.classic),
        );
        vec![
            code(entry.id),
            entry.title.to_owned(),
            entry.kind.name().to_owned(),
            endpoint,
            granular,
            classic,
        ]
    };
    rows(
        "id|title|type|endpoint|granular scopes|classic scopes",
        actions::all().map(row),
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
