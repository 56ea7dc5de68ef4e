//! What is generated, as the binary that ships carries it: schemas and the platform's definition files. Knows their names, not how they are made.

use super::{Artifact, IMAGE};
use crate::protocol::carried::Pack;

/// The names of the schemas: `request`, `envelope`, `fixture`, `get_user.input`, `get_user.output`, ...
#[must_use]
pub fn schema_names() -> Vec<String> {
    let name = |path: &str| {
        Some(
            path.strip_prefix("schemas/")?
                .strip_suffix(".json")?
                .to_owned(),
        )
    };
    Pack::OWN.names().filter_map(name).collect()
}

/// The schema called `name`, as its file holds it; `None` where there is none.
#[must_use]
pub fn schema(name: &str) -> Option<String> {
    Pack::OWN.text(&format!("schemas/{name}.json"))
}

/// The platform's definition files, run in `image`: paths are from the manifest's directory. In the order in which they
/// are uploaded.
#[must_use]
pub fn manifest(image: &str) -> Vec<Artifact> {
    let file = |name: &str| {
        let path = name.strip_prefix("manifest/")?.to_owned();
        let text = Pack::OWN.text(name)?;
        Some(Artifact {
            path,
            text: text.replace(&repository(IMAGE), &repository(image)),
        })
    };
    Pack::OWN.names().filter_map(file).collect()
}

/// The line that names the image.
fn repository(image: &str) -> String {
    format!("docker_repo_tag: '{image}'\n")
}
