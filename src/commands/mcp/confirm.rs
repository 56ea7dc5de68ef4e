//! Asking a person before a change: the plan in words, and for the stateless era a sealed state that can't be forged,
//! replayed, or used for anything else.

use crate::action::Entry;
use crate::protocol::json;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom, SystemRandom};
use serde_json::{Map, Value, json};
use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use super::wire::visible;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The time that a person has for an answer.
pub const PATIENCE: Duration = Duration::from_secs(300);

/// When a person is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Policy {
    /// A person is asked if the client can do that.
    Ask,
    /// Always: where the client can't ask, a change is refused.
    Require,
    /// Never.
    Never,
}

/// Reads a client's answer: only "accept" with `confirm: true` is a yes.
pub fn is_yes(response: &Value) -> bool {
    let accepted = response.get("action").and_then(Value::as_str) == Some("accept");
    accepted && response.pointer("/content/confirm") == Some(&Value::Bool(true))
}

/// The question, as the parameters of `elicitation/create`.
pub fn question(entry: &Entry, plan: &Value, with_mode: bool) -> Value {
    let mut question = json!({
        "message": in_words(entry, plan),
        "requestedSchema": {
            "type": "object",
            "properties": {"confirm": {"type": "boolean", "title": "Make this change", "description": "Yes makes the change at Zoom now."}},
            "required": ["confirm"],
        },
    });
    if with_mode {
        json::set(&mut question, "mode", "form");
    }
    question
}

/// Writes a dry run's envelope in words: who or what, what is there now, what is sent, and the way back.
fn in_words(entry: &Entry, plan: &Value) -> String {
    let said = plan.get("message").and_then(Value::as_str);
    let said = said.unwrap_or_default();
    let said = said.strip_prefix("Dry run: ").unwrap_or(said);
    let said = said.strip_suffix("; no change was sent.").unwrap_or(said);
    let mut lines = vec![format!("{}: {}.", entry.title, visible(said))];

    let at = |path: &str| plan.pointer(path);
    let fields = |path: &str| at(path).and_then(Value::as_object).into_iter().flatten();
    let named = |(name, value): (&String, &Value)| format!("{}: {}", visible(name), shown(value));

    let before: Vec<String> = fields("/data/before").map(named).collect();
    if !before.is_empty() {
        lines.push(format!("Now: {}", before.join(", ")));
    }
    match at("/data/changes").and_then(Value::as_array) {
        Some(changes) => lines.extend(changes.iter().map(|change| {
            let value = |name: &str| change.get(name).map_or_else(String::new, shown);
            let field = change.get("field").and_then(Value::as_str);
            let field = visible(field.unwrap_or_default());
            format!("{field}: {} -> {}", value("before"), value("requested"))
        })),
        None => {
            lines.extend(fields("/data/request/body").map(named));
            let text = |path: &str| visible(at(path).and_then(Value::as_str).unwrap_or_default());
            let (method, url) = (text("/data/request/method"), text("/data/request/url"));
            lines.push(format!("Request: {method} {url}"));
        }
    }
    lines.push(undo(entry, plan));
    lines.join("\n")
}

/// Says what undoes a change: of a rollback, the action that the plan names.
fn undo(entry: &Entry, plan: &Value) -> String {
    let planned = plan
        .pointer("/data/rollback/action")
        .and_then(Value::as_str);
    match (entry.undo, planned) {
        (Some(words), _) => format!("Undo: {}", words.replace('`', "")),
        (None, Some(action)) => format!("Undo: {action}."),
        (None, None) if plan.pointer("/data/changes").is_some() => "Undo: roll_back.".to_owned(),
        (None, None) => "There is no undo.".to_owned(),
    }
}

/// A value on one line, short.
fn shown(value: &Value) -> String {
    let text = match value {
        Value::Null => "(unknown)".to_owned(),
        value => visible(&value.to_string()),
    };
    match text.char_indices().nth(120) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

/// Seals and opens the state of a question. The key lives as long as the process.
pub struct Seal {
    key: Option<LessSafeKey>,
    used: Mutex<HashSet<String>>,
}

impl Seal {
    pub fn new() -> Self {
        let mut bytes = [0; 32];
        let key = SystemRandom::new()
            .fill(&mut bytes)
            .and_then(|()| UnboundKey::new(&CHACHA20_POLY1305, &bytes))
            .ok()
            .map(LessSafeKey::new);
        Self {
            key,
            used: Mutex::default(),
        }
    }

    /// Seals what a yes will stand for: this tool, these arguments, this plan, until a time, once.
    pub fn seal(
        &self,
        tool: &str,
        arguments: &Map<String, Value>,
        plan: &Value,
        now: SystemTime,
    ) -> Option<String> {
        let mut nonce = [0; NONCE_LEN];
        SystemRandom::new().fill(&mut nonce).ok()?;
        let number = URL_SAFE_NO_PAD.encode(nonce);
        let content = json!({
            "tool": tool,
            "arguments": hash(&Value::Object(arguments.clone())),
            "plan": hash(&substance(plan)),
            "until": seconds(now + PATIENCE),
            "number": number,
        });

        let mut sealed = content.to_string().into_bytes();
        let key = self.key.as_ref()?;
        key.seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::empty(),
            &mut sealed,
        )
        .ok()?;
        Some(URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat()))
    }

    /// True when `state` was sealed here for this very change, is still valid, and was not used before.
    pub fn opens(
        &self,
        state: &str,
        tool: &str,
        arguments: &Map<String, Value>,
        plan: &Value,
        now: SystemTime,
    ) -> bool {
        let Some(content) = self.open(state) else {
            return false;
        };
        let is =
            |name: &str, wanted: &str| content.get(name).and_then(Value::as_str) == Some(wanted);
        let until = content
            .get("until")
            .and_then(Value::as_u64)
            .unwrap_or_default();

        let fits = is("tool", tool)
            && is("arguments", &hash(&Value::Object(arguments.clone())))
            && is("plan", &hash(&substance(plan)))
            && seconds(now) <= until;
        let number = content
            .get("number")
            .and_then(Value::as_str)
            .unwrap_or_default();
        fits && self
            .used
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(number.to_owned())
    }

    fn open(&self, state: &str) -> Option<Value> {
        let bytes = URL_SAFE_NO_PAD.decode(state).ok()?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_LEN)?;
        let mut sealed = sealed.to_vec();
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let content = self
            .key
            .as_ref()?
            .open_in_place(nonce, Aad::empty(), &mut sealed)
            .ok()?;
        serde_json::from_slice(content).ok()
    }
}

/// The part of a plan that a person agrees to: what is there now, and what is sent.
fn substance(plan: &Value) -> Value {
    let at = |path: &str| plan.pointer(path).cloned().unwrap_or_default();
    json!([
        at("/data/before"),
        at("/data/changes"),
        at("/data/request"),
        at("/data/removed")
    ])
}

fn hash(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, sorted(value).to_string().as_bytes()))
}

/// The same value, whatever order its keys came in.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<(String, Value)> = fields
                .iter()
                .map(|(key, value)| (key.clone(), sorted(value)))
                .collect();
            fields.sort_by(|(a, _), (b, _)| a.cmp(b));
            Value::Object(fields.into_iter().collect())
        }
        Value::Array(items) => items.iter().map(sorted).collect(),
        plain => plain.clone(),
    }
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seal_opens_once_for_the_very_change_it_was_made_for() {
        let (seal, now) = (
            Seal::new(),
            SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000),
        );
        let arguments = |text: &str| serde_json::from_str::<Map<String, Value>>(text).unwrap();
        let (a, b) = (
            arguments(r#"{"user_id":"jane","dept":"x"}"#),
            arguments(r#"{"user_id":"bob","dept":"x"}"#),
        );
        let plan =
            json!({"data": {"changes": [{"field": "dept", "before": "y", "requested": "x"}]}});
        let other =
            json!({"data": {"changes": [{"field": "dept", "before": "z", "requested": "x"}]}});
        let state = seal.seal("update_user", &a, &plan, now).unwrap();

        assert!(
            !seal.opens(&state, "update_user", &b, &plan, now),
            "other arguments"
        );
        assert!(
            !seal.opens(&state, "delete_user", &a, &plan, now),
            "another tool"
        );
        assert!(
            !seal.opens(&state, "update_user", &a, &other, now),
            "another plan"
        );
        assert!(
            !seal.opens(
                &state,
                "update_user",
                &a,
                &plan,
                now + Duration::from_secs(301)
            ),
            "expired"
        );
        assert!(
            !Seal::new().opens(&state, "update_user", &a, &plan, now),
            "another process"
        );
        for at in 0..state.len() {
            let mut tampered = state.clone().into_bytes();
            tampered[at] = if tampered[at] == b'A' { b'B' } else { b'A' };
            assert!(
                !seal.opens(
                    &String::from_utf8(tampered).unwrap(),
                    "update_user",
                    &a,
                    &plan,
                    now
                ),
                "{at}"
            );
        }
        let reordered = arguments(r#"{"dept":"x","user_id":"jane"}"#);
        assert!(seal.opens(&state, "update_user", &reordered, &plan, now));
        assert!(!seal.opens(&state, "update_user", &a, &plan, now), "used");
    }

    #[test]
    fn is_yes_only_where_a_person_accepted_and_confirmed() {
        assert!(is_yes(
            &json!({"action": "accept", "content": {"confirm": true}})
        ));
        for no in [
            json!({"action": "accept", "content": {"confirm": false}}),
            json!({"action": "accept", "content": {"confirm": "true"}}),
            json!({"action": "accept"}),
            json!({"action": "decline", "content": {"confirm": true}}),
            json!({"action": "cancel"}),
            json!(null),
        ] {
            assert!(!is_yes(&no), "{no}");
        }
    }
}
