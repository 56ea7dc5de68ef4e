//! A directory for one test, and a resource and a token to keep in it.

use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use zoom_runner::clock::{Budget, Clock, FakeClock};
use zoom_runner::protocol::failure::Failure;
use zoom_runner::protocol::resource::{self, Resource};
use zoom_runner::protocol::secret::Secret;
use zoom_runner::zoom::token::{Token, TokenStore};
use zoom_runner::zoom::token_cache::cache::TokenCache;
use zoom_runner::zoom::token_cache::location::Directory;
use zoom_runner::zoom::token_cache::seal::Key;

/// A directory that is gone when the test ends. The cache in it is not made.
pub struct Scratch(PathBuf);

impl Scratch {
    pub fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "zoom-runner-{}-{}",
            std::process::id(),
            NUMBER.fetch_add(1, Ordering::SeqCst)
        );
        let path = std::env::temp_dir().canonicalize().unwrap().join(name);
        std::fs::create_dir(&path).unwrap();
        Self(path)
    }

    /// The directory itself, which exists.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Returns the path of the cache, which does not exist yet.
    pub fn cache(&self) -> PathBuf {
        self.0.join("cache")
    }

    pub fn place(&self) -> Directory {
        Directory {
            path: self.cache(),
            named: true,
        }
    }

    /// The file of the standard resource.
    pub fn file(&self, kind: &str) -> PathBuf {
        self.cache()
            .join(format!("{}.{kind}", Key::of(&standard()).name()))
    }

    /// A store of its own, as another process would have.
    pub fn store(&self, clock: &Arc<dyn Clock>) -> TokenCache {
        TokenCache::new(Some(Box::new(self.place())), Arc::clone(clock))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The resource of most tests.
pub fn standard() -> Resource {
    let fields = json!({"client_id": "id", "client_secret": crate::harness::SECRET, "account_id": "account"});
    resource::check(fields.as_object().unwrap().clone()).unwrap()
}

/// Some moment, in seconds.
pub fn at(seconds: i64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_900_000_000_u64.checked_add_signed(seconds).unwrap())
}

/// A clock that starts at some moment and never waits.
pub fn clock(seconds: i64) -> Arc<dyn Clock> {
    Arc::new(FakeClock::from(at(seconds)))
}

/// A budget of a minute.
pub fn budget(clock: &Arc<dyn Clock>) -> Budget {
    Budget::new(Arc::clone(clock), Duration::from_secs(60))
}

/// A token that lives an hour from `now` on.
pub fn token(text: &str, now: SystemTime) -> Token {
    let scope = Some("user:read:user:admin".to_owned());
    Token {
        secret: Secret::new(text.to_owned()),
        scope,
        expires_at: now + Duration::from_secs(3600),
    }
}

/// Asks for a token; minting gives `fresh`. Answers with the token, and whether it came from the store.
pub fn ask(
    store: &TokenCache,
    refused: Option<&str>,
    clock: &Arc<dyn Clock>,
    fresh: &str,
) -> (String, bool) {
    let refused = refused.map(|text| Secret::new(text.to_owned()));
    let mut mint = || -> Result<Token, Failure> { Ok(token(fresh, clock.system_time())) };
    let (token, cached) = store
        .obtain(&standard(), refused.as_ref(), &budget(clock), &mut mint)
        .unwrap();
    (token.secret.reveal().clone(), cached)
}
