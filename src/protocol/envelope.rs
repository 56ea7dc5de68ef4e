//! The answer to one request as one line of JSON: whole, or in pieces while a list streams. Begin with [`Writer`].

use super::VERSION;
use super::failure::Failure;
use super::meta::Meta;
use super::redact::fields::{mask, may_hold_secrets};
use super::redact::secrets::Redactor;
use serde::Serialize;
use serde_json::value::RawValue;
use std::collections::BTreeSet;
use std::io::{self, Write};

/// The part of an envelope that is known before the outcome.
#[derive(Clone, Debug, Default)]
pub struct Head {
    /// The action: its id, or what was given where no action has that name.
    pub action: Option<String>,
    /// The resource's label.
    pub label: Option<String>,
    /// The caller's id, as written.
    pub id: Option<Box<RawValue>>,
    /// The line in a batch, from 1.
    pub line: Option<u64>,
}

/// The outcome of a run that went well: a sentence and the data.
#[derive(Clone, Debug)]
pub struct Success {
    /// One sentence for a person.
    pub message: String,
    /// The data, JSON. Where items were streamed: an object whose fields follow them.
    pub data: Box<RawValue>,
}

/// The end of a list's items, whatever comes next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ListState {
    /// The items written so far.
    pub count: u64,
    /// Zoom's figure, where it gave one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_records: Option<u64>,
    /// True when nothing is left at Zoom beyond what was written.
    pub complete: bool,
}

impl ListState {
    /// A sentence about a list of `things`: `Found 3 active users.`
    #[must_use]
    pub fn sentence(&self, thing: &str, of: &str) -> String {
        let plural = if self.count == 1 { "" } else { "s" };
        let rest = match (self.complete, self.total_records) {
            (true, _) => String::new(),
            (false, Some(total)) => format!(" (of {total}; there are more)"),
            (false, None) => " (there may be more)".to_owned(),
        };
        format!("Found {} {thing}{plural}{of}{rest}.", self.count)
    }
}

/// Writes one envelope to `out`.
#[derive(Debug)]
pub struct Writer<W> {
    out: W,
    head: Head,
    hidden: BTreeSet<String>,
    shows_secrets: bool,
    scrubber: Redactor,
    list: Option<ListState>,
    done: bool,
}

impl<W: Write> Writer<W> {
    /// A writer with nothing written.
    pub fn new(out: W) -> Self {
        let (head, hidden, scrubber) = Default::default();
        Self {
            out,
            head,
            hidden,
            shows_secrets: false,
            scrubber,
            list: None,
            done: false,
        }
    }

    /// Whatever these are, they are struck out of everything that is written from now on.
    pub fn scrub(&mut self, scrubber: Redactor) {
        self.scrubber = scrubber;
    }

    /// Says what the envelope is an answer to. No effect once items were written.
    pub fn head(&mut self, head: Head) {
        if self.list.is_none() {
            self.head = head;
        }
    }

    /// From now on `data` is written without masks.
    pub const fn show_secrets(&mut self) {
        self.shows_secrets = true;
    }

    /// True when the envelope is written to its end.
    pub const fn is_done(&self) -> bool {
        self.done
    }

    /// Returns the output.
    pub fn into_inner(self) -> W {
        self.out
    }

    /// Writes items of the list `key` as they come: `items` is the inside of a JSON array, without brackets, valid
    /// JSON, and may be empty. `state` is the list's state with them.
    ///
    /// # Errors
    /// Those of the output, and `BrokenPipe` when the envelope was ended meanwhile.
    pub fn items(&mut self, key: &str, items: &str, state: ListState) -> io::Result<()> {
        if self.done {
            return Err(io::ErrorKind::BrokenPipe.into());
        }

        let first = self.list.is_none();
        let empty_so_far = self.list.is_none_or(|list| list.count == 0);
        if first {
            let mut start = String::from("{");
            self.push_head(&mut start);
            start.push_str("\"data\":{");
            push_json(&mut start, key);
            start.push_str(":[");
            self.out.write_all(start.as_bytes())?;
        }

        let items = items.trim();
        if !items.is_empty() {
            if !empty_so_far {
                self.out.write_all(b",")?;
            }
            let harmless = self.shows_secrets || !may_hold_secrets(items);
            if harmless && is_one_line(items) && !self.scrubber.finds_in_json(items) {
                self.out.write_all(items.as_bytes())?;
            } else {
                let mut shown = String::new();
                if harmless {
                    shown.push_str(items);
                } else {
                    mask(items, &format!("{key}.[]"), &mut shown, &mut self.hidden);
                }
                one_line(&mut shown);
                self.scrubber.scrub_json(&mut shown);
                self.out.write_all(shown.as_bytes())?;
            }
        }

        self.list = Some(state);
        Ok(())
    }

    /// Writes the rest of the envelope and the line's end, once; what comes later is dropped.
    ///
    /// # Errors
    /// Those of the output.
    pub fn finish(
        &mut self,
        outcome: Result<&Success, &Failure>,
        mut meta: Meta,
    ) -> io::Result<()> {
        if std::mem::replace(&mut self.done, true) {
            return Ok(());
        }

        let mut text = String::new();
        let (status, message) = match outcome {
            Ok(success) => ("success", &success.message),
            Err(failure) => ("failed", &failure.message),
        };
        match self.list {
            None => {
                text.push('{');
                text.push_str(&format!("\"protocol\":{VERSION},\"status\":\"{status}\","));
                self.push_names(&mut text);
                push_entry(&mut text, "message", message);
                let data = match outcome {
                    Ok(success) => Some(&success.data),
                    Err(failure) => failure.data.as_ref(),
                };
                if let Some(data) = data {
                    text.push_str(",\"data\":");
                    self.push_masked(&mut text, data.get());
                }
            }
            Some(state) => {
                // The items stand; the data's other fields follow them.
                let rest = match outcome {
                    Ok(success) => success.data.get().to_owned(),
                    Err(_) => {
                        let state = ListState {
                            complete: false,
                            ..state
                        };
                        serde_json::to_string(&state).unwrap_or_default()
                    }
                };
                let fields = rest.trim().strip_prefix('{').unwrap_or_default();
                text.push_str(if fields.starts_with('}') { "]" } else { "]," });
                text.push_str(fields);
                text.push(',');
                push_entry(&mut text, "message", message);
            }
        }

        if let Err(failure) = outcome {
            text.push(',');
            push_entry(&mut text, "error", failure);
        }

        meta.hidden.append(&mut self.hidden);
        text.push(',');
        push_entry(&mut text, "meta", &meta);

        if self.list.is_some() {
            text.push(',');
            push_entry(&mut text, "status", status);
        }

        one_line(&mut text);
        text.push_str("}\n");
        self.scrubber.scrub_json(&mut text);
        self.out.write_all(text.as_bytes())?;

        self.out.flush()
    }

    fn push_masked(&mut self, text: &mut String, json: &str) {
        if self.shows_secrets {
            text.push_str(json);
        } else {
            mask(json, "", text, &mut self.hidden);
        }
    }

    fn push_head(&self, text: &mut String) {
        text.push_str(&format!("\"protocol\":{VERSION},"));
        self.push_names(text);
    }

    /// `id`, `line`, `action` and `label`, each with a comma behind it.
    fn push_names(&self, text: &mut String) {
        if let Some(id) = &self.head.id {
            text.push_str("\"id\":");
            text.push_str(id.get());
            text.push(',');
        }

        if let Some(line) = self.head.line {
            push_entry(text, "line", &line);
            text.push(',');
        }

        for (key, value) in [("action", &self.head.action), ("label", &self.head.label)] {
            if let Some(value) = value {
                push_entry(text, key, value);
                text.push(',');
            }
        }
    }
}

#[cfg(test)]
impl Writer<Vec<u8>> {
    /// The bytes written so far.
    pub fn clone_output(&self) -> Vec<u8> {
        self.out.clone()
    }
}

/// Takes line breaks out of JSON: an answer may come over several lines, and an envelope is one. Inside texts JSON
/// writes them as `\n`, so that nothing but space is lost.
fn one_line(json: &mut String) {
    if !is_one_line(json) {
        json.retain(|c| !matches!(c, '\n' | '\r'));
    }
}

fn is_one_line(json: &str) -> bool {
    memchr::memchr2(b'\n', b'\r', json.as_bytes()).is_none()
}

fn push_json<T: Serialize + ?Sized>(text: &mut String, value: &T) {
    // Only a map with keys that are no texts can fail, and none is written here.
    text.push_str(&serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned()));
}

fn push_entry<T: Serialize + ?Sized>(text: &mut String, key: &str, value: &T) {
    push_json(text, key);
    text.push(':');
    push_json(text, value);
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn raw(value: &Value) -> Box<RawValue> {
        serde_json::value::to_raw_value(value).unwrap()
    }

    fn read(writer: Writer<Vec<u8>>) -> Value {
        let text = String::from_utf8(writer.into_inner()).unwrap();
        assert!(text.ends_with('\n') && text.matches('\n').count() == 1);
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn a_success_is_written_whole_in_the_documented_order() {
        let mut writer = Writer::new(Vec::new());
        writer.head(Head {
            action: Some("get_user".into()),
            label: Some("Zoom".into()),
            ..Head::default()
        });
        let success = Success {
            message: "Found.".into(),
            data: raw(&json!({"id": 1, "host_key": "123456"})),
        };
        writer.finish(Ok(&success), Meta::default()).unwrap();
        let value = read(writer);
        let keys: Vec<&String> = value.as_object().unwrap().keys().collect();
        assert_eq!(
            keys,
            [
                "protocol", "status", "action", "label", "message", "data", "meta"
            ]
        );
        assert_eq!(value["data"]["host_key"], "[hidden]");
        assert_eq!(value["meta"]["hidden"], json!(["host_key"]));
    }

    #[test]
    fn an_answer_over_several_lines_is_passed_on_in_one() {
        let several =
            RawValue::from_string("{\n  \"a\": 1.50,\r\n  \"b\": \"x\\ny\"\n}".to_owned()).unwrap();
        let mut writer = Writer::new(Vec::new());
        writer
            .finish(
                Ok(&Success {
                    message: "Found.".into(),
                    data: several.clone(),
                }),
                Meta::default(),
            )
            .unwrap();
        assert_eq!(read(writer)["data"], json!({"a": 1.5, "b": "x\ny"}));
        let mut writer = Writer::new(Vec::new());
        writer
            .items("users", several.get(), ListState::default())
            .unwrap();
        writer
            .finish(
                Ok(&Success {
                    message: "Found.".into(),
                    data: raw(&json!({"count": 1})),
                }),
                Meta::default(),
            )
            .unwrap();
        assert_eq!(read(writer)["data"]["users"][0]["b"], "x\ny");
    }

    #[test]
    fn a_list_that_fails_half_way_keeps_what_had_come() {
        let mut writer = Writer::new(Vec::new());
        writer
            .items(
                "users",
                r#"{"id":1},{"id":2}"#,
                ListState {
                    count: 2,
                    total_records: Some(5),
                    complete: false,
                },
            )
            .unwrap();
        writer
            .items(
                "users",
                r#"{"id":3,"password":"x"}"#,
                ListState {
                    count: 3,
                    total_records: Some(5),
                    complete: true,
                },
            )
            .unwrap();
        writer
            .finish(
                Err(&Failure::new(
                    crate::protocol::failure::Code::Timeout,
                    "Late.",
                )),
                Meta::default(),
            )
            .unwrap();
        assert!(writer.items("users", "1", ListState::default()).is_err());
        let value = read(writer);
        assert_eq!(value["data"]["users"].as_array().unwrap().len(), 3);
        assert_eq!(value["data"]["complete"], false);
        assert_eq!(value["data"]["total_records"], 5);
        assert_eq!(value["status"], "failed");
        assert_eq!(value["error"]["code"], "timeout");
        assert_eq!(value["meta"]["hidden"], json!(["users.[].password"]));
    }

    #[test]
    fn an_empty_list_is_a_list() {
        let mut writer = Writer::new(Vec::new());
        writer.items("users", "", ListState::default()).unwrap();
        writer
            .items(
                "users",
                "1",
                ListState {
                    count: 1,
                    ..ListState::default()
                },
            )
            .unwrap();
        let success = Success {
            message: "None.".into(),
            data: raw(&json!({"count": 1})),
        };
        writer.finish(Ok(&success), Meta::default()).unwrap();
        writer.finish(Ok(&success), Meta::default()).unwrap();
        assert_eq!(read(writer)["data"], json!({"users": [1], "count": 1}));
    }
}
