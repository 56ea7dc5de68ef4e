//! The page docs/agents.md: its conversation, its settings of clients, its audit line.

use super::Server;
use crate::catalog::root;
use crate::harness::program;
use serde_json::{Value, json};

fn page() -> String {
    std::fs::read_to_string(root().join("docs/agents.md")).unwrap()
}

/// The page's blocks of a language.
fn blocks(language: &str) -> Vec<String> {
    let page = page();
    let start = format!("```{language}\n");
    let blocks = page.split(start.as_str()).skip(1);
    blocks
        .map(|rest| rest.split_once("\n```").unwrap().0.to_owned())
        .collect()
}

/// True when all that is shown is so; more may be there.
fn holds(there: &Value, shown: &Value) -> bool {
    match (there, shown) {
        (Value::Object(there), Value::Object(shown)) => shown
            .iter()
            .all(|(key, value)| there.get(key).is_some_and(|there| holds(there, value))),
        (there, shown) => there == shown,
    }
}

/// The lists of arguments in a client's settings.
fn arguments(settings: &Value) -> Vec<Vec<String>> {
    let Value::Object(fields) = settings else {
        return Vec::new();
    };
    let own = fields.get("args").and_then(Value::as_array);
    let own = own.map(|own| own.iter().map(|word| word.as_str().unwrap().to_owned()));
    let deeper = fields.values().flat_map(arguments);
    own.map(Iterator::collect)
        .into_iter()
        .chain(deeper)
        .collect()
}

#[test]
fn page_shows_a_conversation_as_it_is() {
    let transcripts = blocks("transcript");
    let [transcript] = transcripts.as_slice() else {
        panic!("{transcripts:?}")
    };
    let audit = std::env::temp_dir().join(format!("zoom-runner-page-{}", std::process::id()));
    let mut server = Server::start(&["--changes", "--audit", audit.to_str().unwrap()]);
    for line in transcript.lines() {
        if let Some(sent) = line.strip_prefix("> ") {
            server.write(sent);
            continue;
        }
        let shown: Value = serde_json::from_str(line.strip_prefix("< ").unwrap()).unwrap();
        let there = server.next();
        assert!(holds(&there, &shown), "shown: {shown}\nthere: {there}");
    }
    assert_eq!(server.end(), 0);

    // The page's audit line has the fields of the first call's.
    let text = std::fs::read_to_string(&audit).unwrap();
    std::fs::remove_file(&audit).unwrap();
    let there: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    let shown = blocks("json")
        .into_iter()
        .find(|block| block.contains("\"confirmed\""));
    let shown: Value = serde_json::from_str(&shown.unwrap()).unwrap();
    let keys = |line: &Value| {
        line.as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(keys(&there), keys(&shown));
    for key in ["client", "tool", "confirmed", "status", "code", "change"] {
        assert_eq!(there[key], shown[key], "{key}");
    }
}

#[test]
fn page_sets_clients_up_with_arguments_that_start_the_server() {
    let resource = std::env::temp_dir().join(format!("zoom-runner-res-{}", std::process::id()));
    std::fs::write(&resource, "{}").unwrap();
    let mut settings: Vec<Value> = blocks("json")
        .iter()
        .map(|block| serde_json::from_str(block).unwrap())
        .collect();
    settings.extend(
        blocks("yaml")
            .iter()
            .map(|block| serde_saphyr::from_str::<Value>(block).unwrap()),
    );
    // TOML's list of texts is JSON's.
    settings.extend(blocks("toml").iter().map(|block| {
        let (_, list) = block.split_once("args = ").unwrap();
        json!({"args": serde_json::from_str::<Value>(list).unwrap()})
    }));
    let all: Vec<Vec<String>> = settings.iter().flat_map(arguments).collect();
    assert_eq!(all.len(), 5, "{all:?}");

    for mut words in all {
        for word in &mut words {
            if word.starts_with('/') {
                *word = resource.to_str().unwrap().to_owned();
            }
        }
        let ran = program().args(&words).output().unwrap();
        assert_eq!(ran.status.code(), Some(0), "{words:?}: {ran:?}");
    }
    std::fs::remove_file(&resource).unwrap();
}
