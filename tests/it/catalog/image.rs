//! The image is built as the manifest expects it.

use crate::catalog::root;
use zoom_runner::catalog::{IMAGE, manifest::PROGRAM};

fn read(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap()
}

/// The Dockerfile's instructions, comments left out and continued lines joined.
fn instructions() -> Vec<String> {
    let text = read("Dockerfile");
    let lines = text
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'));
    let joined = lines.collect::<Vec<_>>().join("\n").replace("\\\n", " ");
    joined
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|line| !line.is_empty())
        .collect()
}

#[test]
fn image_bases_are_pinned_by_release() {
    let bases: Vec<String> = instructions()
        .into_iter()
        .filter(|line| line.starts_with("FROM "))
        .collect();
    assert_eq!(bases.len(), 2);
    for base in bases {
        let (_, tag) = base
            .split(' ')
            .nth(1)
            .unwrap()
            .split_once(':')
            .unwrap_or_else(|| panic!("{base} has no tag"));
        assert!(
            tag.chars().filter(|letter| *letter == '.').count() >= 1
                && tag.starts_with(|first: char| first.is_ascii_digit()),
            "{base}"
        );
    }
}

#[test]
fn image_has_the_program_where_the_manifest_runs_it() {
    let all = instructions();
    assert!(
        all.iter()
            .any(|line| line.starts_with("COPY --from=build --chmod=0755 ")
                && line.ends_with(&format!(" {PROGRAM}")))
    );
    assert!(
        all.iter()
            .any(|line| line.starts_with("RUN ") && line.contains(&format!("{PROGRAM} --version")))
    );
    for word in ["ENTRYPOINT", "USER", "ONBUILD"] {
        assert!(!all.iter().any(|line| line.starts_with(word)), "{word}");
    }
    assert!(all.iter().any(|line| line.contains("--locked --release")));
}

#[test]
fn version_is_the_same_everywhere() {
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(IMAGE, format!("zoom-runner:{version}"));
    let dockerfile = read("Dockerfile");
    assert!(
        dockerfile.contains(&format!("org.opencontainers.image.version=\"{version}\"")),
        "the label's version"
    );
    assert!(
        dockerfile.contains(&format!("--tag {IMAGE} ")),
        "the comment's tag"
    );
}

#[test]
fn image_build_sees_only_what_it_needs() {
    let ignored = read(".dockerignore");
    let lines: Vec<&str> = ignored
        .lines()
        .filter(|line| !line.starts_with('#'))
        .collect();
    assert_eq!(
        lines,
        [
            "*",
            "!Cargo.toml",
            "!Cargo.lock",
            "!src",
            "!examples",
            "!tests/bench"
        ]
    );
    let sources: Vec<String> = instructions()
        .into_iter()
        .filter(|line| line.starts_with("COPY ") && !line.contains("--from"))
        .collect();
    assert_eq!(
        sources,
        [
            "COPY Cargo.toml Cargo.lock ./",
            "COPY src src",
            "COPY examples examples",
            "COPY tests/bench tests/bench"
        ]
    );
}

#[test]
fn image_build_has_what_cargo_toml_names() {
    // The image's build has no tests: cargo refuses a manifest that names a file which is not there.
    let manifest = read("Cargo.toml");
    assert!(
        !manifest.contains("[[test]]"),
        "a test is found by itself: say what it needs with #![cfg(feature)]"
    );
    for path in manifest
        .lines()
        .filter_map(|line| line.strip_prefix("path = \""))
    {
        assert!(
            ["src/", "examples/", "tests/bench/"]
                .iter()
                .any(|copied| path.starts_with(copied)),
            "{path}"
        );
    }
}
