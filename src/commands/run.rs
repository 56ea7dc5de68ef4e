//! `zoom-runner run`: a request from the words of a command line. Credentials come from a file or from variables, and never
//! from words, which every user of the machine may read.

use super::mcp::{FIELDS, from_file, from_variables};
use super::placeholders::Variable;
use super::stdin::Parsed;
use crate::actions;
use crate::protocol::failure::{Code, Failure};
use crate::protocol::json;
use crate::protocol::request::{Refused, Request};
use crate::protocol::suggest::quoted;
use serde_json::{Map, Value};
use std::path::PathBuf;

/// The fields of the resource that every run needs.
const CREDENTIALS: [&str; 3] = ["client_id", "client_secret", "account_id"];

/// The arguments of `run`.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// The action: its id or its title.
    pub action: String,
    /// Its parameters, each as NAME=VALUE, or as NAME:=JSON.
    #[arg(value_name = "NAME=VALUE")]
    pub parameters: Vec<String>,
    /// A file with the resource (how to reach Zoom), as JSON.
    #[arg(long, value_name = "FILE", conflicts_with = "resource_env")]
    pub resource: Option<PathBuf>,
    /// Take the resource from the variables ZOOM_CLIENT_ID, ZOOM_CLIENT_SECRET, ZOOM_ACCOUNT_ID, ZOOM_API_URL,
    /// ZOOM_TOKEN_URL and so on; as without --resource.
    #[arg(long)]
    pub resource_env: bool,
}

/// Returns the request that `options` make; without a sandbox it needs credentials.
pub fn request(options: &Options, variable: Variable, is_sandboxed: bool) -> Parsed {
    let refused = |failure| {
        Box::new(Refused {
            failure,
            id: None,
            action: Some(options.action.clone()),
        })
    };

    let resource = match &options.resource {
        Some(path) => {
            from_file(path).map_err(|reason| Failure::resource("resource", format!("{reason}.")))
        }
        None => {
            let fields = from_variables(variable);
            // A wrong action is told first.
            let is_known = actions::find(&options.action).is_some();
            let missing = CREDENTIALS
                .iter()
                .find(|field| !fields.contains_key(**field));
            match missing.filter(|_| is_known && !is_sandboxed) {
                Some(field) => Err(no_credential(field)),
                None => Ok(fields),
            }
        }
    };

    Ok(Request {
        action: options.action.clone(),
        parameters: parameters(&options.parameters).map_err(refused)?,
        resource: Some(resource.map_err(refused)?),
        id: None,
    })
}

/// Returns the refusal of a run that has no value for `field`.
fn no_credential(field: &str) -> Failure {
    let variable = field.to_uppercase();
    Failure::resource(
        field,
        format!("There are no credentials: the variable ZOOM_{variable} is not set."),
    )
    .hint(
        "Set ZOOM_CLIENT_ID, ZOOM_CLIENT_SECRET and ZOOM_ACCOUNT_ID, name a file with --resource FILE, or add --sandbox to try it.",
    )
}

fn parameters(words: &[String]) -> Result<Map<String, Value>, Failure> {
    let mut parameters = Map::new();
    for word in words {
        let (name, value) = parameter(word)?;
        if FIELDS.contains(&name.as_str()) {
            let variable = name.to_uppercase();
            return Err(Failure::parameter(
                name.as_str(),
                format!("`{name}` belongs to the resource, which is not given in words."),
            )
            .hint(format!(
                "Set the variable ZOOM_{variable}, or write it to a file and add --resource FILE."
            )));
        }
        if parameters.insert(name.clone(), value).is_some() {
            return Err(Failure::parameter(
                name.as_str(),
                format!("`{name}` is given twice."),
            ));
        }
    }

    Ok(parameters)
}

/// Reads NAME=VALUE as a text, and NAME:=JSON as what it says.
fn parameter(word: &str) -> Result<(String, Value), Failure> {
    let (name, value) = word.split_once('=').unwrap_or((word, ""));
    if name.trim_end_matches(':').is_empty() || !word.contains('=') {
        return Err(Failure::new(
            Code::InvalidParameters,
            format!(
                "{} is no parameter: it has no name and value.",
                quoted(word)
            ),
        )
        .hint("Write it as NAME=VALUE, or as NAME:=JSON."));
    }

    let Some(name) = name.strip_suffix(':') else {
        return Ok((name.to_owned(), Value::from(value)));
    };
    let value = json::read(value)
        .map_err(|error| Failure::parameter(name, format!("`{name}` holds no JSON: {error}.")))?;

    Ok((name.to_owned(), value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn run_says_where_credentials_come_from_once_the_action_is_known() {
        let asked = |action: &str, is_sandboxed| {
            let options = Options {
                action: action.to_owned(),
                parameters: Vec::new(),
                resource: None,
                resource_env: false,
            };
            request(&options, |_| None, is_sandboxed).map_err(|refused| refused.failure)
        };
        let failure = asked("test", false).unwrap_err();
        assert_eq!(failure.code, Code::InvalidResource);
        assert!(failure.hint.as_deref().unwrap().contains("--sandbox"));
        assert!(asked("test", true).is_ok() && asked("tets", false).is_ok());
    }

    fn read(words: &[&str]) -> Result<Map<String, Value>, Failure> {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        parameters(&words)
    }

    #[test]
    fn run_reads_texts_and_json() {
        let read = read(&["a=1", "b:=1", "c=x=y", "d:={\"e\": [true]}", "f="]).unwrap();
        let wanted = json!({"a": "1", "b": 1, "c": "x=y", "d": {"e": [true]}, "f": ""});
        assert_eq!(Value::Object(read), wanted);
    }

    #[test]
    fn run_takes_no_credentials_and_nothing_twice_from_words() {
        for (words, field) in [
            (["client_secret=hunter22", "a=1"], Some("client_secret")),
            (["a=1", "a=2"], Some("a")),
            (["a:={", "b=1"], Some("a")),
            (["jane@example.com", "b=1"], None),
        ] {
            let failure = read(&words).unwrap_err();
            assert_eq!(failure.code, Code::InvalidParameters);
            assert_eq!(failure.field.as_deref(), field);
            assert!(!failure.message.contains("hunter22"));
        }
    }
}
