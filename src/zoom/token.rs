//! Server-to-Server OAuth: asks Zoom for an access token, and says where tokens may be kept. Begin with [`mint`].

use super::error;
use crate::clock::Budget;
use crate::http::{Body, Credentials, Http, Method, Request, Response};
use crate::protocol::failure::{Code, Failure, Said};
use crate::protocol::resource::Resource;
use crate::protocol::secret::Secret;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use std::time::{Duration, SystemTime};

/// An access token and what Zoom said with it.
#[derive(Clone, Debug)]
pub struct Token {
    /// The token itself; opaque.
    pub secret: Secret<String>,
    /// The scopes, as Zoom listed them; absent when it did not.
    pub scope: Option<String>,
    /// When it stops being accepted.
    pub expires_at: SystemTime,
}

/// A store of tokens between calls, and between processes.
pub trait TokenStore: Send + Sync {
    /// A token for `resource` other than `refused`, from the store or from `mint`; true when it came from the store.
    /// Waits for another process that is minting, at most as long as `budget` lasts.
    ///
    /// # Errors
    /// Only what `mint` says: a store that cannot be used is left aside.
    fn obtain(
        &self,
        resource: &Resource,
        refused: Option<&Secret<String>>,
        budget: &Budget,
        mint: &mut dyn FnMut() -> Result<Token, Failure>,
    ) -> Result<(Token, bool), Failure>;

    /// Keeps a token that was minted without asking the store, so that others use it.
    fn keep(&self, _resource: &Resource, _token: &Token) {}
}

impl<S: TokenStore + ?Sized> TokenStore for std::sync::Arc<S> {
    fn obtain(
        &self,
        resource: &Resource,
        refused: Option<&Secret<String>>,
        budget: &Budget,
        mint: &mut dyn FnMut() -> Result<Token, Failure>,
    ) -> Result<(Token, bool), Failure> {
        (**self).obtain(resource, refused, budget, mint)
    }
    fn keep(&self, resource: &Resource, token: &Token) {
        (**self).keep(resource, token);
    }
}

impl<S: TokenStore + ?Sized> TokenStore for Box<S> {
    fn obtain(
        &self,
        resource: &Resource,
        refused: Option<&Secret<String>>,
        budget: &Budget,
        mint: &mut dyn FnMut() -> Result<Token, Failure>,
    ) -> Result<(Token, bool), Failure> {
        (**self).obtain(resource, refused, budget, mint)
    }
    fn keep(&self, resource: &Resource, token: &Token) {
        (**self).keep(resource, token);
    }
}

/// Keeps nothing: each run mints its own.
#[derive(Clone, Copy, Debug)]
pub struct NoStore;

impl TokenStore for NoStore {
    fn obtain(
        &self,
        _: &Resource,
        _: Option<&Secret<String>>,
        _: &Budget,
        mint: &mut dyn FnMut() -> Result<Token, Failure>,
    ) -> Result<(Token, bool), Failure> {
        mint().map(|token| (token, false))
    }
}

#[derive(Deserialize)]
struct Answer {
    access_token: String,
    /// A number, or one as text. Not parsed before its length is known.
    #[serde(default)]
    expires_in: Option<Box<RawValue>>,
    #[serde(default)]
    scope: Option<String>,
}

/// Asks Zoom for a new token.
///
/// # Errors
/// `unauthorized` when Zoom refuses the credentials, and what can befall any request.
pub fn mint(http: &dyn Http, resource: &Resource, budget: &Budget) -> Result<Token, Failure> {
    let request = Request {
        method: Method::Post,
        url: resource.token_url.clone(),
        credentials: Some(Credentials::Basic {
            user: resource.client_id.clone(),
            password: resource.client_secret.clone(),
        }),
        // In the body: in the query Zoom has been seen to refuse them.
        body: Some(Body::Form(vec![
            ("grant_type".to_owned(), "account_credentials".to_owned()),
            ("account_id".to_owned(), resource.account_id.clone()),
        ])),
        timeout: budget.left(),
    };

    let host = super::endpoint::host(&resource.token_url);
    let response = http.send(&request).map_err(|broken| {
        let now = budget.clock().system_time();
        error::broken(&broken, host, budget.left(), now)
    })?;
    let now = budget.clock().system_time();
    let answer: Option<Answer> = serde_json::from_slice(&response.body).ok();

    match answer {
        Some(answer) if (200..300).contains(&response.status) && is_token(&answer.access_token) => {
            Ok(Token {
                secret: Secret::new(answer.access_token),
                scope: answer.scope,
                expires_at: now
                    + Duration::from_secs(
                        answer
                            .expires_in
                            .as_deref()
                            .and_then(seconds)
                            .unwrap_or(3600)
                            .min(86_400),
                    ),
            })
        }
        _ => Err(refused(&response, resource, now)),
    }
}

/// Returns a number of seconds, also where it comes as text.
fn seconds(value: &RawValue) -> Option<u64> {
    value.get().trim_matches('"').parse().ok()
}

/// True for what can stand in a header.
pub(super) fn is_token(text: &str) -> bool {
    !text.is_empty() && text.len() <= 16_384 && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// The failure that the token endpoint's answer means: `{"reason": "...", "error": "invalid_client"}`.
fn refused(response: &Response, resource: &Resource, now: SystemTime) -> Failure {
    let host = super::endpoint::host(&resource.token_url);
    let body = error::short_json(&response.body);
    if (200..300).contains(&response.status)
        && body.as_ref().is_none_or(|body| body.get("error").is_none())
    {
        let message =
            format!("{host} answered a request for a token with something that is no token.");
        let mut failure = Failure::new(Code::BadAnswer, message);
        failure.zoom = Some(Said {
            message: None,
            ..error::said(response, None)
        });
        return failure;
    }

    let said = error::said(response, body.as_ref());
    if matches!(
        said.code.as_ref().and_then(super::error::number),
        Some(104 | 4700 | 4711)
    ) {
        return error::refused(response, error::Subject::Account, now);
    }

    let oauth = body.as_ref().is_some_and(Value::is_object)
        && response.status < 500
        && response.status != 429;
    if !oauth || (300..400).contains(&response.status) {
        let mut failure = error::refused(response, error::Subject::Account, now);
        if !matches!(failure.code, Code::RateLimited | Code::BadAnswer) {
            failure.message = format!(
                "{host} answered {} to a request for a token.",
                response.status
            );
        }
        if failure.code == Code::NotFound {
            failure.code = Code::Rejected;
        }
        if failure.code == Code::Rejected {
            failure.hint =
                Some("Check `token_url`, and whether a proxy answers in Zoom's place.".to_owned());
        }
        return failure;
    }

    let words = said
        .message
        .as_deref()
        .unwrap_or("no reason given")
        .trim_end_matches('.')
        .to_owned();

    let lower = words.to_ascii_lowercase();
    let error = said
        .code
        .as_ref()
        .and_then(Value::as_str)
        .unwrap_or_default();

    let number = said.code.as_ref().and_then(super::error::number);
    let quoted = quoted_credentials(resource);
    let hint = if !quoted.is_empty() {
        &*format!("Remove the quotes around {}.", quoted.join(" and "))
    } else if number == Some(4735) || lower.contains("owner") {
        "The owner of the app has left the account: have an administrator take the app over, or make a new one."
    } else if number == Some(4738) || lower.contains("disabled") {
        "The app is disabled: have an administrator enable it in the Zoom App Marketplace."
    } else if lower.contains("not activated") {
        "Activate the app: Zoom App Marketplace, Manage, the app, Activation."
    } else if error == "invalid_client" || lower.contains("client") {
        "Compare Client ID and Client Secret with the app's page; a regenerated secret makes the old one void at once."
    } else if lower.contains("account") || lower.contains("bad request") {
        "Compare Account ID with the app's page: each account has its own, and the app works for its own account only."
    } else {
        Code::Unauthorized.info().hint
    };

    let mut failure = Failure::new(
        Code::Unauthorized,
        format!("Zoom refused the app's credentials: {words}."),
    )
    .hint(hint);

    failure.zoom = Some(said);
    failure
}

/// Returns the names of the credentials that stand in quotes, which somebody copied along.
fn quoted_credentials(resource: &Resource) -> Vec<&'static str> {
    let in_quotes = |text: &str| {
        [('"', '"'), ('\'', '\''), ('`', '`'), ('“', '”'), ('‘', '’')]
            .iter()
            .any(|(open, close)| text.starts_with(*open) && text.ends_with(*close))
    };

    let credentials = [
        ("`client_id`", resource.client_id.as_str()),
        ("`client_secret`", resource.client_secret.reveal().as_str()),
        ("`account_id`", resource.account_id.as_str()),
    ];

    let quoted = credentials.into_iter().filter(|(_, text)| in_quotes(text));

    quoted.map(|(name, _)| name).collect()
}
