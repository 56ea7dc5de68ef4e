//! Server-to-Server OAuth, as Zoom does it: mints tokens, recognizes them, and refuses as Zoom does.

use super::message::{ApiReply, ApiRequest};
use super::options::{ACCOUNT_ID, CLIENT_ID, CLIENT_SECRET, INACTIVE_CLIENT_ID, Options};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use std::collections::HashMap;

/// The tokens that live.
#[derive(Debug, Default)]
pub struct Tokens {
    /// Each with the second it ends.
    live: HashMap<String, u64>,
    /// The number of tokens that were made.
    pub minted: u64,
}

fn refused(status: u16, error: &str, reason: &str) -> ApiReply {
    ApiReply::json(status, &json!({"reason": reason, "error": error}))
}

impl Tokens {
    /// Answers a request for a token.
    pub fn mint(
        &mut self,
        request: &ApiRequest,
        options: &Options,
        scopes: &str,
        url: &str,
        now: u64,
        random: u64,
    ) -> ApiReply {
        if request.method != "POST" {
            return refused(405, "invalid_request", "Method Not Allowed");
        }

        // In the query Zoom has been seen to refuse them.
        if !request.query.is_empty() {
            return refused(400, "invalid_request", "Bad Request");
        }

        if !request
            .content_type
            .starts_with("application/x-www-form-urlencoded")
        {
            return refused(400, "unsupported_grant_type", "unsupported grant type");
        }

        let form: HashMap<String, String> = url::form_urlencoded::parse(request.body.as_bytes())
            .into_owned()
            .collect();
        if form.get("grant_type").map(String::as_str) != Some("account_credentials") {
            return refused(400, "unsupported_grant_type", "unsupported grant type");
        }

        let given = request
            .authorization
            .strip_prefix("Basic ")
            .and_then(|text| STANDARD.decode(text).ok());
        let given = given
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .unwrap_or_default();
        if given == format!("{INACTIVE_CLIENT_ID}:{CLIENT_SECRET}") {
            return refused(400, "invalid_request", "The app is not activated");
        }

        if given != format!("{CLIENT_ID}:{CLIENT_SECRET}") {
            return refused(400, "invalid_client", "Invalid client_id or client_secret");
        }

        if form.get("account_id").map(String::as_str) != Some(ACCOUNT_ID) {
            return refused(400, "invalid_request", "Bad Request");
        }

        // Some accounts have been seen to know one token at a time.
        if options.one_live_token {
            self.live.clear();
        }

        self.live.retain(|_, end| *end > now);
        self.minted += 1;

        // Zoom's tokens are as long, and clients have cut them off.
        let token = format!(
            "sandbox.token.{}.{random:016x}{}",
            self.minted,
            "x".repeat(600)
        );

        self.live
            .insert(token.clone(), now + options.token_lifetime);

        ApiReply::json(
            200,
            &json!({
                "access_token": token,
                "token_type": "bearer",
                "expires_in": options.token_lifetime,
                "scope": scopes,
                "api_url": url,
            }),
        )
    }

    /// Returns the refusal of a request whose token is not accepted.
    pub fn check(&self, request: &ApiRequest, now: u64) -> Option<ApiReply> {
        let token = request
            .authorization
            .strip_prefix("Bearer ")
            .unwrap_or_default();
        let message = match self.live.get(token) {
            Some(end) if *end > now => return None,
            Some(_) => "Access token is expired.",
            None => "Invalid access token.",
        };

        Some(ApiReply::json(
            401,
            &json!({"code": 124, "message": message}),
        ))
    }
}

/// Returns the refusal when none of the scopes that open an endpoint was granted.
pub fn check_scopes(
    granted: &[String],
    granular: &[String],
    classic: &[String],
) -> Option<ApiReply> {
    if granular
        .iter()
        .chain(classic)
        .any(|scope| granted.contains(scope))
    {
        return None;
    }

    // A classic scope has no more than two colons: `user:read:admin`.
    let is_classic = !granted.is_empty()
        && granted
            .iter()
            .all(|scope| scope.matches(':').count() <= 2 && !granular.contains(scope));
    let (code, wanted) = if is_classic && !classic.is_empty() {
        (4700, classic)
    } else {
        (4711, granular)
    };

    let message = format!(
        "Invalid access token, does not contain scopes:[{}].",
        wanted.join(", ")
    );

    Some(ApiReply::json(
        400,
        &json!({"code": code, "message": message}),
    ))
}
