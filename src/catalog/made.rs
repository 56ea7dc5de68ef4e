//! Puts together what is generated: the schemas, the platform's definition files, the README, and the pack that the binary that ships carries. Knows which files there are, not what is in them.

use super::{Artifact, IMAGE, envelope, fixture, manifest as forms, readme, schemas};
use crate::actions;
use crate::protocol::carried::{Form, pack};
use crate::protocol::parameter;
use crate::protocol::resource;
use crate::zoom::zone;
use serde_json::Value;

/// The longest schema of parameters that is carried as it is, in bytes; there are a few longer ones.
const QUICK: usize = 8192;

/// All generated files: schemas, manifest, and the README, made of `readme`, what it is now.
#[must_use]
pub fn artifacts(readme: &str) -> Vec<Artifact> {
    let mut all: Vec<Artifact> = schema_names()
        .into_iter()
        .filter_map(|name| {
            Some(Artifact {
                path: format!("schemas/{name}.json"),
                text: schema(&name)?,
            })
        })
        .collect();
    all.extend(manifest(IMAGE).into_iter().map(|file| Artifact {
        path: format!("manifest/{}", file.path),
        ..file
    }));
    all.push(Artifact {
        path: "README.md".to_owned(),
        text: readme::filled(readme),
    });
    all
}

/// The names of the schemas: `request`, `envelope`, `fixture`, `get_user.input`, `get_user.output`, ...
#[must_use]
pub fn schema_names() -> Vec<String> {
    let own = ["request", "envelope", "fixture"]
        .into_iter()
        .map(str::to_owned);
    own.chain(
        actions::all()
            .flat_map(|entry| ["input", "output"].map(|end| format!("{}.{end}", entry.id))),
    )
    .collect()
}

/// The schema called `name`, as its file holds it; `None` where there is none.
#[must_use]
pub fn schema(name: &str) -> Option<String> {
    let schema: Value = match name {
        "request" => schemas::request(),
        "envelope" => envelope::envelope(),
        "fixture" => fixture::fixture(),
        _ => {
            let (action, end) = name.rsplit_once('.')?;
            let entry = actions::all().find(|entry| entry.id == action)?;
            match end {
                "input" => schemas::input(entry),
                "output" => schemas::output(entry),
                _ => return None,
            }
        }
    };
    Some(format!("{schema:#}\n"))
}

/// The platform's definition files, run in `image`: paths are from the manifest's directory. In the order in which they
/// are uploaded.
#[must_use]
pub fn manifest(image: &str) -> Vec<Artifact> {
    let integration = Artifact {
        path: "zoom.integration.yaml".to_owned(),
        text: forms::integration(image),
    };
    let actions = actions::ACTIONS.iter().map(|entry| Artifact {
        path: format!("actions/{}.action.yaml", entry.id),
        text: forms::action(entry),
    });
    std::iter::once(integration).chain(actions).collect()
}

/// What the binary that ships carries: what it enforces of parameters, by their types' names; the files above; time zones.
///
/// # Errors
/// Where something is too long to be packed.
pub fn carried() -> std::io::Result<Vec<u8>> {
    let inputs = actions::all().map(|entry| {
        (
            (entry.input_name)().into_owned(),
            parameter::enforced((entry.input)()).to_string(),
        )
    });
    let fields = parameter::enforced(parameter::schema::<resource::Fields>()).to_string();
    let fields = std::iter::once((parameter::name::<resource::Fields>().into_owned(), fields));
    let files = artifacts("")
        .into_iter()
        .filter(|file| file.path.contains('/'))
        .map(|file| (file.path, file.text));
    let schemas: Vec<(String, String)> = fields.chain(inputs).collect();
    let files: Vec<(String, String)> = files.collect();
    let form = |text: &str| {
        if text.len() <= QUICK {
            Form::Stored
        } else {
            Form::Deflated
        }
    };
    let schemas = schemas
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_bytes(), form(text)));
    let files = files
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_bytes(), Form::Deflated));
    pack(schemas.chain(files).chain(std::iter::once((
        zone::CARRIED,
        zone::all().as_slice(),
        Form::Deflated,
    ))))
}
