//! A recorded run with stand-ins in place of secrets and of personal data, everywhere the same. Knows by their keys what Zoom's fields hold; writes nothing.

use super::stand_ins::StandIns;
use super::{fields, scan};
use crate::fixtures::exchange::{
    Exchange, Outcome, RecordedRequest, RecordedResponse, RequestBody, ResponseBody,
};
use crate::protocol::exact::{entries, items};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::BTreeSet;

/// A secret shorter than this is replaced where it stands by itself only: it would be found in ordinary words.
const SHORTEST: usize = 8;

/// The fixed steps of the addresses of calls.
const WORDS: [&str; 8] = [
    "v2",
    "oauth",
    "token",
    "users",
    "meetings",
    "settings",
    "invitation",
    "status",
];

/// The fields of a resource that are personal at most, and no secret.
const KNOWN: [&str; 6] = [
    "label",
    "token_url",
    "api_url",
    "client_id",
    "account_id",
    "ca_certificate",
];

/// A request and its exchanges, as they are to be kept.
#[derive(Debug)]
pub struct Disguised {
    /// The request, JSON.
    pub request: String,
    /// The exchanges.
    pub exchanges: Vec<Exchange>,
}

/// Puts stand-ins into a request and its exchanges: for secrets, and for personal data unless it is to be `kept`.
/// `None` where the request is no JSON, so that nothing can be found in it.
#[must_use]
pub fn disguise(request: &str, exchanges: &[Exchange], kept: bool) -> Option<Disguised> {
    let request: &RawValue = serde_json::from_str(request).ok()?;
    let mut disguise = Disguise {
        all: StandIns::default(),
        secrets: Vec::new(),
        tokens: BTreeSet::new(),
        kept,
    };
    // Twice: what the first round meets late, the second one finds in what came early.
    disguise.both(request, exchanges);
    disguise.all.settle();
    disguise
        .secrets
        .sort_by_key(|(secret, _)| std::cmp::Reverse(secret.len()));
    Some(disguise.both(request, exchanges))
}

struct Disguise {
    all: StandIns,
    /// The forms of secrets that are replaced wherever they stand.
    secrets: Vec<(String, String)>,
    tokens: BTreeSet<String>,
    kept: bool,
}

impl Disguise {
    fn both(&mut self, request: &RawValue, exchanges: &[Exchange]) -> Disguised {
        let request = self.request(request);
        let exchanges = exchanges.iter().map(|one| self.exchange(one)).collect();
        Disguised { request, exchanges }
    }

    fn request(&mut self, request: &RawValue) -> String {
        let Some(fields) = entries(request) else {
            return self.json("", request);
        };
        let mut out = Vec::new();
        for (key, value) in fields {
            let value = match (key.as_str(), entries(value)) {
                ("resource", Some(fields)) => {
                    let fields: Vec<(String, String)> = fields
                        .into_iter()
                        .map(|(key, value)| (self.resource(&key, value), key))
                        .map(|(v, k)| (k, v))
                        .collect();
                    object(&fields)
                }
                // Whatever it is instead of an object: it may hold the secret.
                ("resource", None) => self.hide(value),
                ("action" | "protocol", _) => self.scrubbed(value.get()),
                ("id", _) => self.json("request_id", value),
                _ => self.json(&key, value),
            };
            out.push((key, value));
        }
        object(&out)
    }

    fn resource(&mut self, key: &str, value: &RawValue) -> String {
        let Ok(text) = serde_json::from_str::<String>(value.get()) else {
            return self.hide(value);
        };
        let given = text.trim();
        let new = match key {
            _ if given.is_empty() => text.clone(),
            "client_secret" => self.secret(given, "example-client-secret"),
            "proxy_url" => {
                if let Some(password) = url::Url::parse(given)
                    .ok()
                    .and_then(|url| url.password().map(str::to_owned))
                {
                    self.secret(&password, "example-proxy-password");
                }
                "http://proxy.example.com:3128".to_owned()
            }
            "timeout" | "verify_certificate" => text.clone(),
            _ if self.kept && KNOWN.contains(&key) => text.clone(),
            "client_id" | "account_id" => {
                let stand_in = format!("example-{}", key.replace('_', "-"));
                self.all.insert(given, &stand_in);
                stand_in
            }
            "label" => "Recorded Zoom".to_owned(),
            "token_url" | "api_url" => {
                scan::rewrite(given, &mut self.all, |_, step, _| step.to_owned())
            }
            "ca_certificate" if given.contains("-----BEGIN CERTIFICATE-----") => {
                "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n".to_owned()
            }
            // An unknown field may hold anything, the secret under a wrong name too.
            _ => self.all.opaque(given),
        };
        quoted(&self.without_secrets(new))
    }

    /// JSON of which nothing is known but that it may hold a secret: every text in it is replaced.
    fn hide(&mut self, value: &RawValue) -> String {
        if let Some(fields) = entries(value) {
            let fields: Vec<(String, String)> = fields
                .into_iter()
                .map(|(key, value)| (key, self.hide(value)))
                .collect();
            return object(&fields);
        }
        if let Some(list) = items(value) {
            let list: Vec<String> = list.into_iter().map(|value| self.hide(value)).collect();
            return format!("[{}]", list.join(","));
        }
        match serde_json::from_str::<String>(value.get()) {
            Ok(text) => quoted(&self.all.opaque(&text)),
            Err(_) => value.get().to_owned(),
        }
    }

    fn exchange(&mut self, exchange: &Exchange) -> Exchange {
        let recorded = &exchange.request;
        let body = match &recorded.body {
            RequestBody::None => RequestBody::None,
            RequestBody::Json(body) => RequestBody::Json(self.body(body)),
            RequestBody::Form(form) => {
                let value = |value: &String| {
                    if self.kept {
                        value.clone()
                    } else {
                        self.all.lookup(value).unwrap_or(value).to_owned()
                    }
                };
                let form = form.iter();
                RequestBody::Form(
                    form.map(|(name, given)| (name.clone(), value(given)))
                        .collect(),
                )
            }
        };
        let request = RecordedRequest {
            method: recorded.method,
            url: self.url(&recorded.url),
            body,
        };
        let outcome = match &exchange.outcome {
            Outcome::Response(answered) => Outcome::Response(self.answered(answered)),
            Outcome::Error(error) => {
                let mut error = error.clone();
                error.chain = error.chain.iter().map(|words| self.free(words)).collect();
                Outcome::Error(error)
            }
        };
        Exchange {
            request,
            after_ms: exchange.after_ms,
            outcome,
        }
    }

    /// The address of a call. What fills it comes from parameters and from answers, under the same names.
    fn url(&mut self, url: &str) -> String {
        if self.kept {
            return self.without_secrets(url.to_owned());
        }
        let new = scan::rewrite(url, &mut self.all, |name, value, all| match name {
            None if WORDS.contains(&value) => value.to_owned(),
            // A meeting's number reads the same under any id's name.
            name => fields::string(name.unwrap_or("user_id"), value, all),
        });
        self.without_secrets(new)
    }

    fn answered(&mut self, answered: &RecordedResponse) -> RecordedResponse {
        let mut new = answered.clone();
        for (name, value) in &mut new.headers {
            *value = self.without_secrets(std::mem::take(value));
            if name == "x-zm-trackingid" && !self.kept {
                let (start, id) = value
                    .rsplit_once('=')
                    .map_or(("", value.as_str()), |(start, id)| (start, id));
                let id = self.all.opaque(id);
                *value = if start.is_empty() {
                    id
                } else {
                    format!("{start}={id}")
                };
            }
        }
        new.body = match &answered.body {
            ResponseBody::Empty => ResponseBody::Empty,
            ResponseBody::Json(body) => ResponseBody::Json(self.body(body)),
            ResponseBody::Text(text) => ResponseBody::Text(self.free(text)),
            // What is no text cannot be looked through; one byte that is none does the same.
            ResponseBody::Bytes(_) if !self.kept => ResponseBody::Bytes(vec![0xFF]),
            ResponseBody::Bytes(bytes) => ResponseBody::Bytes(bytes.clone()),
        };
        new
    }

    fn body(&mut self, body: &RawValue) -> Box<RawValue> {
        let text = self.json("", body);
        // The text is built from JSON piece by piece, so that it is JSON.
        RawValue::from_string(text).unwrap_or_else(|_| body.to_owned())
    }

    fn free(&mut self, text: &str) -> String {
        let new = if self.kept {
            text.to_owned()
        } else {
            scan::text(text, &mut self.all)
        };
        self.without_secrets(new)
    }

    /// A JSON value under `key`, written again. Items of a list stand under the list's key.
    fn json(&mut self, key: &str, value: &RawValue) -> String {
        if let Some(fields) = entries(value) {
            let fields: Vec<(String, String)> = fields
                .into_iter()
                .map(|(inner, value)| {
                    let new = self.json(&inner, value);
                    // A table by address or id: its keys are values.
                    let name = if inner.contains('@') {
                        self.free(&inner)
                    } else {
                        inner
                    };
                    (name, new)
                })
                .collect();
            return object(&fields);
        }
        if let Some(list) = items(value) {
            let list: Vec<String> = list
                .into_iter()
                .map(|value| self.json(key, value))
                .collect();
            return format!("[{}]", list.join(","));
        }
        if let Ok(text) = serde_json::from_str::<String>(value.get()) {
            let new = self.string(key, &text);
            return quoted(&self.without_secrets(new));
        }
        let number = value.get();
        // Not 0 and 1: hosts write booleans so.
        let long = number.len() >= 2 && number.bytes().all(|byte| byte.is_ascii_digit());
        let is_id = number.len() >= 6 && (fields::is_id(key) || self.all.knows_digits(number));
        let hidden = !self.kept && long && (is_id || fields::is_credential(key));
        if hidden {
            self.all.digits(number)
        } else {
            number.to_owned()
        }
    }

    fn string(&mut self, key: &str, text: &str) -> String {
        if key == "access_token" {
            let number = self.tokens.len() + 1;
            if self.tokens.insert(text.to_owned()) {
                self.secret(text, &format!("example-access-token-{number}"));
            }
            return self.all.lookup(text).unwrap_or(text).to_owned();
        }
        if self.kept && key != "client_secret" {
            return text.to_owned();
        }
        // Platforms send objects and lists as JSON text.
        if text.trim_start().starts_with(['{', '['])
            && let Ok(inner) = serde_json::from_str::<&RawValue>(text)
        {
            return self.json(key, inner);
        }
        fields::string(key, text, &mut self.all)
    }

    /// Notes a secret in all its forms; answers with what stands in for it.
    fn secret(&mut self, secret: &str, stand_in: &str) -> String {
        self.all.insert(secret, stand_in);
        let percent = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let base64 = |text: &str| STANDARD.encode(text).trim_end_matches('=').to_owned();
        if secret.len() >= SHORTEST {
            for form in [str::to_owned, percent, base64] {
                let pair = (form(secret), form(stand_in));
                if !self.secrets.contains(&pair) {
                    self.secrets.push(pair);
                }
            }
        }
        stand_in.to_owned()
    }

    fn without_secrets(&self, mut text: String) -> String {
        for (secret, stand_in) in &self.secrets {
            if text.contains(secret.as_str()) {
                text = text.replace(secret.as_str(), stand_in);
            }
        }
        text
    }

    /// JSON text that is left as it is, secrets apart.
    fn scrubbed(&self, json: &str) -> String {
        match serde_json::from_str::<String>(json) {
            Ok(text) => quoted(&self.without_secrets(text)),
            Err(_) => json.to_owned(),
        }
    }
}

fn object(fields: &[(String, String)]) -> String {
    let fields: Vec<String> = fields
        .iter()
        .map(|(key, value)| format!("{}:{value}", quoted(key)))
        .collect();
    format!("{{{}}}", fields.join(","))
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exchanges(answer: &str) -> Vec<Exchange> {
        let text = format!(
            r#"[{{"request":{{"method":"GET","url":"https://api.zoom.us/v2/users/me?type=live&next_page_token=2"}},"response":{{"status":200,{answer}}}}}]"#
        );
        serde_json::from_str(&text).unwrap()
    }

    fn request(request: &str, kept: bool) -> String {
        disguise(request, &exchanges(r#""body":{}"#), kept)
            .unwrap()
            .request
    }

    #[test]
    fn a_secret_that_a_server_repeats_is_replaced_in_all_its_forms() {
        let given = r#"{"resource":{"client_secret":" pa/ss=word ","proxy_url":"http://u:proxypass@p.test:1"}}"#;
        let percent = "pa%2Fss%3Dword";
        let base64 = STANDARD.encode("pa/ss=word");
        let answer = format!(
            r#""headers":{{"x-zm-trackingid":"a=pa/ss=word"}},"body":{{"access_token":"tokentokentoken","x":"pa/ss=word {percent}","y":"{base64}tokentokentokenproxypass"}}"#
        );
        for kept in [false, true] {
            let new = disguise(given, &exchanges(&answer), kept).unwrap();
            let text = format!(
                "{}{}",
                new.request,
                serde_json::to_string(&new.exchanges).unwrap()
            );
            for gone in [
                "pa/ss",
                percent,
                base64.trim_end_matches('='),
                "tokentoken",
                "proxypass",
                "p.test",
            ] {
                assert!(!text.contains(gone), "{gone}: {text}");
            }
            assert!(
                new.request
                    .contains(r#""client_secret":"example-client-secret""#),
                "{}",
                new.request
            );
        }
    }

    #[test]
    fn a_secret_in_the_wrong_place_is_replaced_all_the_same() {
        for given in [
            r#"{"resource":"mysecret99"}"#,
            r#"{"resource":["mysecret99"]}"#,
            r#"{"resource":{"secret":"mysecret99"}}"#,
            r#"{"resource":{"secret":{"x":"mysecret99"}}}"#,
            r#"{"parameters":{"client_secret":"mysecret99"}}"#,
            r#"{"client_secret":"mysecret99"}"#,
            r#"{"parameters":{"settings":"{\"password\":\"mysecret99\"}"}}"#,
            r#"["mysecret99mysecret99"]"#,
        ] {
            assert!(!request(given, false).contains("mysecret99"), "{given}");
            let sure = !given.contains("settings") && !given.starts_with('[');
            assert!(
                !sure || !request(given, true).contains("mysecret99"),
                "{given}"
            );
        }
    }

    #[test]
    fn switches_and_words_of_zooms_stay_as_they_are() {
        let given = r#"{"action":"list_users","protocol":1,"parameters":{"show_secrets":"true","meeting_password":"yes","pmi_password":1,"limit":300,"timezone":"Europe/Berlin","location":"Berlin","from":"2026-11-24","user_id":"me","role_id":"2","license":"zoom_workforce_management","status":"all","page_size":"300"},"resource":{"timeout":"60","verify_certificate":"no","token_url":"https://zoomgov.com","api_url":"https://api.zoomgov.com/v2/"}}"#;
        assert_eq!(
            request(given, false),
            given.replace("\"location\":\"Berlin\"", "\"location\":\"Location 1\"")
        );
    }

    #[test]
    fn a_page_token_is_the_same_in_an_answer_and_in_an_address() {
        let new = disguise(
            "{}",
            &exchanges(r#""body":{"next_page_token":"2","page_size":2}"#),
            false,
        )
        .unwrap();
        let text = serde_json::to_string(&new.exchanges).unwrap();
        let token = text
            .split("\"next_page_token\":\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap();
        assert!(
            token != "2"
                && text.contains(&format!("/v2/users/me?type=live&next_page_token={token}\"")),
            "{text}"
        );
        assert!(text.contains("\"page_size\":2}"), "{text}");
    }

    #[test]
    fn what_is_no_json_is_not_looked_through() {
        assert!(disguise("client_secret=x", &exchanges(r#""text":"""#), false).is_none());
    }
}
