//! Lists the generated files: the schemas, the platform's definition files, the tables inside the documents.

use super::{
    Artifact, IMAGE, documents, envelope, fixture, manifest as forms, pack, reference, schemas,
};
use crate::actions;
use serde_json::Value;

/// Returns all generated files: schemas, manifest, the reference of the actions, and the documents with their tables. `read`
/// reads the project's files that go into them.
#[must_use]
pub fn artifacts(read: &dyn Fn(&str) -> Option<String>) -> Vec<Artifact> {
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

    all.extend(pack::files());
    all.push(Artifact {
        path: "docs/actions.md".to_owned(),
        text: reference::reference(read),
    });

    let documents = documents::DOCUMENTS.into_iter();
    all.extend(documents.filter_map(|path| {
        Some(Artifact {
            path: path.to_owned(),
            text: documents::filled(&read(path)?),
        })
    }));

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
