//! The sandbox imports nothing of the rest of the program, and its files import each other in one direction.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The text of each file of the sandbox, by its module's name.
fn files() -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/sandbox");
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            files.insert(name, std::fs::read_to_string(path).unwrap());
        }
    }
    assert!(files.len() > 20, "{:?}", files.keys());
    files
}

#[test]
fn sandbox_imports_nothing_of_the_rest() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/sandbox.rs");
    let mut files = files();
    files.insert("sandbox".to_owned(), std::fs::read_to_string(root).unwrap());
    for (name, text) in files {
        for (index, line) in text.lines().enumerate() {
            let others = line.replace("crate::sandbox", "");
            let is_foreign = others.contains("crate::") || others.contains("super::super::super");
            assert!(!is_foreign, "{name}.rs:{}: {line}", index + 1);
        }
    }
}

#[test]
fn sandbox_has_no_import_circle() {
    let files = files();
    let mut imports: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, text) in &files {
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap();
        let code: String = code
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .collect::<Vec<_>>()
            .join("\n");
        let used = files
            .keys()
            .filter(|other| *other != name && uses(&code, other))
            .map(String::as_str);
        imports.insert(name, used.collect());
    }
    assert!(imports["handler"].contains("account") && imports["page"].contains("account"));

    // Taking away what imports nothing that is left takes all away, unless there is a circle.
    while !imports.is_empty() {
        let left: BTreeSet<&str> = imports.keys().copied().collect();
        let before = imports.len();
        imports.retain(|_, used| used.iter().any(|one| left.contains(one)));
        assert!(imports.len() < before, "a circle: {imports:?}");
    }
}

/// True when code names a sibling module: `super::other::`, or `super::{..., other, ...}`.
fn uses(code: &str, other: &str) -> bool {
    if code.contains(&format!("super::{other}::")) || code.contains(&format!("super::{other};")) {
        return true;
    }
    code.split("use super::{").skip(1).any(|rest| {
        let group = rest.split("};").next().unwrap();
        group
            .split([',', ' ', '\n'])
            .any(|word| word == other || word.starts_with(&format!("{other}::")))
    })
}
