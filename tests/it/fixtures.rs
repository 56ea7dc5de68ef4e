//! The fixtures as they lie in `tests/fixtures/ACTION/CASE.json`, for every test that reads them.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// The directory of all fixtures.
pub fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

/// One fixture.
pub struct Fixture {
    pub action: String,
    pub case: String,
    pub path: PathBuf,
    pub json: Value,
}

impl Fixture {
    /// Reads the fixture `ACTION/CASE`.
    pub fn named(name: &str) -> Self {
        let (action, case) = name.split_once('/').unwrap();
        let path = directory().join(action).join(format!("{case}.json"));
        let text = std::fs::read(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
        let json = serde_json::from_slice(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        Self {
            action: action.to_owned(),
            case: case.to_owned(),
            path,
            json,
        }
    }

    pub fn name(&self) -> String {
        format!("{}/{}", self.action, self.case)
    }

    /// The request, where stdin is a JSON object.
    pub fn request(&self) -> Option<&Value> {
        Some(&self.json["request"]).filter(|request| request.is_object())
    }

    pub fn envelope(&self) -> &Value {
        &self.json["envelope"]
    }

    pub fn exchanges(&self) -> &[Value] {
        self.json["exchanges"].as_array().unwrap()
    }
}

/// All fixtures, sorted by name, read once for all tests.
pub fn all() -> &'static [Fixture] {
    static ALL: LazyLock<Vec<Fixture>> = LazyLock::new(|| {
        let mut all = Vec::new();
        for action in names(&directory()) {
            for file in names(&directory().join(&action)) {
                let case = file
                    .strip_suffix(".json")
                    .unwrap_or_else(|| panic!("{action}/{file} is no fixture"));
                all.push(Fixture::named(&format!("{action}/{case}")));
            }
        }
        all
    });
    &ALL
}

/// The names in a directory, sorted.
fn names(path: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(path)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// A directory of its own that goes away with the test.
pub struct Scratch(pub PathBuf);

impl Scratch {
    pub fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("zoom-runner-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// Copies the fixture `ACTION/CASE` here, with the first `from` in it replaced by `to`.
    pub fn copy(&self, name: &str, from: &str, to: &str) -> PathBuf {
        let path = self.0.join(format!("{name}.json"));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let text = std::fs::read_to_string(Fixture::named(name).path).unwrap();
        assert!(text.contains(from), "{text}");
        std::fs::write(&path, text.replacen(from, to, 1)).unwrap();
        path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
