//! The batch's tokens: one for each resource, and where Zoom refuses the credentials one refusal for all its lines. Keeps no token itself.

use crate::clock::Budget;
use crate::protocol::failure::{Code, Failure};
use crate::protocol::resource::Resource;
use crate::protocol::secret::Secret;
use crate::zoom::token::{Token, TokenStore};
use crate::zoom::token_cache::seal::{Id, Key};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// The time in which a refusal is believed in without asking again.
const BELIEF: Duration = Duration::from_secs(60);

/// The most refusals that are remembered. Beyond that all are forgotten.
const REFUSALS: usize = 1024;

/// A store whose resources are not asked for a token again and again with credentials that Zoom has just refused: a
/// thousand lines would be a thousand failed log-ins.
pub struct Tokens<S> {
    inner: S,
    refusals: Mutex<HashMap<Id, (Duration, Failure)>>,
}

impl<S> Tokens<S> {
    /// The tokens of `inner`.
    pub fn of(inner: S) -> Self {
        Self {
            inner,
            refusals: Mutex::default(),
        }
    }

    fn known(&self, id: &Id, now: Duration) -> Option<Failure> {
        let refusals = self.refusals.lock().unwrap_or_else(PoisonError::into_inner);
        refusals
            .get(id)
            .filter(|(since, _)| now.saturating_sub(*since) < BELIEF)
            .map(|(_, failure)| failure.clone())
    }

    fn remember(&self, id: Id, now: Duration, failure: &Failure) {
        let mut refusals = self.refusals.lock().unwrap_or_else(PoisonError::into_inner);
        if refusals.len() >= REFUSALS {
            refusals.clear();
        }
        refusals.insert(id, (now, failure.clone()));
    }
}

impl<S: TokenStore> TokenStore for Tokens<S> {
    fn obtain(
        &self,
        resource: &Resource,
        refused: Option<&Secret<String>>,
        budget: &Budget,
        mint: &mut dyn FnMut() -> Result<Token, Failure>,
    ) -> Result<(Token, bool), Failure> {
        let key = Key::of(resource);
        let mut mint = || {
            // Looked at here, behind the turn to mint: who waited for it learns what the one before it learned.
            if let Some(failure) = self.known(key.id(), budget.clock().now()) {
                return Err(failure);
            }
            mint().inspect_err(|failure| {
                if failure.code == Code::Unauthorized {
                    self.remember(*key.id(), budget.clock().now(), failure);
                }
            })
        };

        self.inner.obtain(resource, refused, budget, &mut mint)
    }

    fn keep(&self, resource: &Resource, token: &Token) {
        self.inner.keep(resource, token);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{Clock, FakeClock};
    use crate::zoom::token::NoStore;
    use serde_json::json;
    use std::sync::Arc;
    use std::time::SystemTime;

    #[test]
    fn refused_credentials_are_asked_about_once_a_minute_and_other_failures_each_time() {
        let clock = Arc::new(FakeClock::from(SystemTime::UNIX_EPOCH));
        let tokens = Tokens::of(NoStore);
        let mut asked = 0;
        let mut obtain = |secret: &str, code: Code| {
            let map = json!({"client_id": "i", "client_secret": secret, "account_id": "a"});
            let resource =
                crate::protocol::resource::check(map.as_object().unwrap().clone()).unwrap();
            let budget = Budget::new(clock.clone(), BELIEF);
            let before = asked;
            let result = tokens.obtain(&resource, None, &budget, &mut || {
                asked += 1;
                Err(Failure::new(code, "no"))
            });
            (result.unwrap_err().code, asked - before)
        };
        assert_eq!(obtain("x", Code::Unauthorized), (Code::Unauthorized, 1));
        assert_eq!(obtain("x", Code::Unauthorized), (Code::Unauthorized, 0));
        assert_eq!(obtain("y", Code::Unreachable), (Code::Unreachable, 1));
        assert_eq!(obtain("y", Code::Unreachable), (Code::Unreachable, 1));
        clock.sleep(BELIEF);
        assert_eq!(obtain("x", Code::Unauthorized), (Code::Unauthorized, 1));
    }
}
