//! Tokens shared by the threads of one process, in front of another store. Knows no file.

use super::token::{Token, TokenStore};
use crate::clock::Budget;
use crate::protocol::failure::Failure;
use crate::protocol::resource::Resource;
use crate::protocol::secret::Secret;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, TryLockError};
use std::time::Duration;

/// How long before its end a token is no longer handed out.
const MARGIN: Duration = Duration::from_secs(60);

/// How often a thread that waits looks whether the token is there.
const LOOK: Duration = Duration::from_millis(2);

/// Which app of which account, told by whom.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Key {
    token_url: String,
    account_id: String,
    client_id: String,
    client_secret: Secret<String>,
}

/// A place for one app's token; its lock is held while one is made.
type Place = Arc<Mutex<Option<Token>>>;

/// Hands one token to all threads that ask for the same app; one makes it, the others wait.
pub struct Shared {
    behind: Box<dyn TokenStore>,
    places: Mutex<HashMap<Key, Place>>,
}

impl Shared {
    /// Asks `behind` where it has no token itself.
    #[must_use]
    pub fn new(behind: Box<dyn TokenStore>) -> Self {
        Self { behind, places: Mutex::default() }
    }

    fn place(&self, resource: &Resource) -> Place {
        let key = Key {
            token_url: resource.token_url.clone(),
            account_id: resource.account_id.clone(),
            client_id: resource.client_id.clone(),
            client_secret: resource.client_secret.clone(),
        };
        Arc::clone(self.places.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default())
    }
}

impl TokenStore for Shared {
    fn obtain(
        &self,
        resource: &Resource,
        refused: Option<&Secret<String>>,
        budget: &Budget,
        mint: &mut dyn FnMut() -> Result<Token, Failure>,
    ) -> Result<(Token, bool), Failure> {
        let place = self.place(resource);
        // Another thread may be asking for one: that is waited for, within this run's own time.
        let mut held = loop {
            match place.try_lock() {
                Ok(held) => break held,
                Err(TryLockError::Poisoned(held)) => break held.into_inner(),
                Err(TryLockError::WouldBlock) if budget.wait(LOOK) => {}
                Err(TryLockError::WouldBlock) => return mint().map(|token| (token, false)),
            }
        };
        let now = budget.clock().wall();
        if let Some(token) = held.as_ref()
            && refused != Some(&token.secret)
            && now + MARGIN < token.expires_at
        {
            return Ok((token.clone(), true));
        }
        let (token, cached) = self.behind.obtain(resource, refused, budget, mint)?;
        *held = Some(token.clone());
        Ok((token, cached))
    }

    fn keep(&self, resource: &Resource, token: &Token) {
        *self.place(resource).lock().unwrap_or_else(PoisonError::into_inner) = Some(token.clone());
        self.behind.keep(resource, token);
    }
}
