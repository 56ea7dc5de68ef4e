//! Threads and processes that share a token: one mints, the others wait.

use crate::cache::scratch::{Scratch, ask, at, budget, clock, standard, token};
use std::sync::Arc;
use std::sync::Barrier;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use zoom_runner::clock::{Budget, Clock, SystemClock};
use zoom_runner::protocol::failure::{Code, Failure};
use zoom_runner::protocol::secret::Secret;
use zoom_runner::zoom::token::{Token, TokenStore};
use zoom_runner::zoom::token_cache::cache::TokenCache;

/// Sixteen threads ask at once, each of its store; answers with the tokens and how many were minted.
fn crowd(stores: &[Arc<TokenCache>], refused: Option<&'static str>) -> (Vec<String>, u32) {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::start());
    let minted = Arc::new(AtomicU32::new(0));
    let start = Arc::new(Barrier::new(16));
    let threads: Vec<_> = (0..16)
        .map(|number| {
            let store = Arc::clone(&stores[number % stores.len()]);
            let (clock, minted, start) =
                (Arc::clone(&clock), Arc::clone(&minted), Arc::clone(&start));
            std::thread::spawn(move || {
                let mut mint = || -> Result<Token, Failure> {
                    std::thread::sleep(Duration::from_millis(60));
                    let number = minted.fetch_add(1, Ordering::SeqCst);
                    Ok(token(&format!("token-{number}"), clock.system_time()))
                };
                let refused = refused.map(|text| Secret::new(text.to_owned()));
                start.wait();
                let (token, _) = store
                    .obtain(&standard(), refused.as_ref(), &budget(&clock), &mut mint)
                    .unwrap();
                token.secret.reveal().clone()
            })
        })
        .collect();
    let tokens = threads
        .into_iter()
        .map(|thread| thread.join().unwrap())
        .collect();
    (tokens, minted.load(Ordering::SeqCst))
}

#[test]
fn threads_with_cache_handles_of_their_own_mint_once() {
    let scratch = Scratch::new();
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::start());
    let stores: Vec<_> = (0..16).map(|_| Arc::new(scratch.store(&clock))).collect();
    let (tokens, minted) = crowd(&stores, None);
    assert_eq!(minted, 1);
    assert!(tokens.iter().all(|token| token == "token-0"), "{tokens:?}");
}

#[test]
fn threads_mint_once_without_a_cache() {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::start());
    let (tokens, minted) = crowd(&[Arc::new(TokenCache::new(None, clock))], None);
    assert_eq!(minted, 1);
    assert!(tokens.iter().all(|token| token == "token-0"), "{tokens:?}");
}

#[test]
fn token_refused_to_many_threads_is_replaced_once() {
    for stores in [1, 4, 16] {
        let scratch = Scratch::new();
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::start());
        ask(&scratch.store(&clock), None, &clock, "revoked");
        let stores: Vec<_> = (0..stores)
            .map(|_| Arc::new(scratch.store(&clock)))
            .collect();
        let (tokens, minted) = crowd(&stores, Some("revoked"));
        assert_eq!(minted, 1, "{} stores", stores.len());
        assert!(tokens.iter().all(|token| token == "token-0"), "{tokens:?}");
    }
}

#[test]
fn refused_token_is_not_replaced_twice() {
    let scratch = Scratch::new();
    let (ours, theirs) = (scratch.store(&clock(0)), scratch.store(&clock(0)));
    assert_eq!(
        ask(&ours, None, &clock(0), "one"),
        ("one".to_owned(), false)
    );
    assert_eq!(
        ask(&theirs, Some("one"), &clock(1), "two"),
        ("two".to_owned(), false)
    );
    assert_eq!(
        ask(&ours, Some("one"), &clock(2), "three"),
        ("two".to_owned(), true)
    );
    assert_eq!(
        ask(&ours, None, &clock(2), "three"),
        ("two".to_owned(), true)
    );
}

#[test]
fn process_never_falls_back_to_an_older_token() {
    let scratch = Scratch::new();
    let ours = scratch.store(&clock(0));
    ask(&ours, None, &clock(0), "old");
    // Another process puts an old token back after ours was minted; a full disk has the same effect.
    let old = std::fs::read(scratch.file("token")).unwrap();
    assert_eq!(
        ask(&ours, Some("old"), &clock(5), "new"),
        ("new".to_owned(), false)
    );
    std::fs::write(scratch.file("token"), old).unwrap();
    assert_eq!(
        ask(&ours, Some("new"), &clock(6), "newer"),
        ("newer".to_owned(), false)
    );
    assert_eq!(
        ask(&scratch.store(&clock(6)), None, &clock(6), "unused"),
        ("newer".to_owned(), true)
    );
}

#[test]
fn failed_mint_is_returned_and_leaves_nothing_behind() {
    let scratch = Scratch::new();
    let store = scratch.store(&clock(0));
    let mut mint = || -> Result<Token, Failure> { Err(Failure::new(Code::Unauthorized, "No.")) };
    let failure = store
        .obtain(&standard(), None, &budget(&clock(0)), &mut mint)
        .unwrap_err();
    assert_eq!(failure.code, Code::Unauthorized);
    assert!(!scratch.file("token").exists());
    assert_eq!(
        ask(&store, None, &clock(0), "one"),
        ("one".to_owned(), false)
    );
}

#[test]
fn panicking_mint_locks_out_no_thread() {
    let scratch = Scratch::new();
    let store = Arc::new(scratch.store(&clock(0)));
    let inner = Arc::clone(&store);
    let thread = std::thread::spawn(move || {
        let mut mint = || -> Result<Token, Failure> { panic!("on purpose") };
        let _ = inner.obtain(&standard(), None, &budget(&clock(0)), &mut mint);
    });
    assert!(thread.join().is_err());
    let since = clock(0);
    assert_eq!(ask(&store, None, &since, "one"), ("one".to_owned(), false));
    assert_eq!(since.now(), Duration::ZERO, "it waited");
}

#[test]
fn held_lock_is_waited_for_ten_seconds_or_half_of_the_time_left() {
    for (budget, least, most) in [(60, 10_000, 10_050), (4, 2_000, 2_050), (1, 500, 550)] {
        let scratch = Scratch::new();
        ask(&scratch.store(&clock(0)), None, &clock(0), "old");
        let stuck = std::fs::File::open(scratch.file("lock")).unwrap();
        stuck.lock().unwrap();
        let clock = clock(3600);
        let mut mint = || -> Result<Token, Failure> { Ok(token("own", clock.system_time())) };
        let budget = Budget::new(Arc::clone(&clock), Duration::from_secs(budget));
        let (own, cached) = scratch
            .store(&clock)
            .obtain(&standard(), None, &budget, &mut mint)
            .unwrap();
        assert_eq!((own.secret.reveal().as_str(), cached), ("own", false));
        let waited = clock.now().as_millis();
        assert!((least..=most).contains(&waited), "{waited} ms");
        // What was minted without the lock serves others too, and they need not wait.
        assert_eq!(
            ask(&scratch.store(&clock), None, &clock, "unused"),
            ("own".to_owned(), true)
        );
        assert_eq!(clock.now().as_millis(), waited);
    }
}

#[test]
fn cached_token_is_found_without_a_lock() {
    let scratch = Scratch::new();
    ask(&scratch.store(&clock(0)), None, &clock(0), "one");
    std::fs::remove_file(scratch.file("lock")).unwrap();
    assert_eq!(
        ask(&scratch.store(&clock(1)), None, &clock(1), "two"),
        ("one".to_owned(), true)
    );
    assert!(!scratch.file("lock").exists());
}

#[test]
fn unasked_token_is_cached_unless_a_newer_one_came() {
    let scratch = Scratch::new();
    let clock = clock(0);
    scratch
        .store(&clock)
        .keep(&standard(), &token("kept", at(0)));
    assert_eq!(
        ask(&scratch.store(&clock), None, &clock, "unused"),
        ("kept".to_owned(), true)
    );
    // Somebody holds the lock and leaves a token while this one waits to write its own.
    let holder = std::fs::File::open(scratch.file("lock")).unwrap();
    holder.lock().unwrap();
    let later: Arc<dyn Clock> = Arc::new(zoom_runner::clock::FakeClock::from(
        at(0) + Duration::from_millis(50),
    ));
    scratch
        .store(&later)
        .keep(&standard(), &token("newer", at(0)));
    scratch
        .store(&clock)
        .keep(&standard(), &token("older", at(0)));
    assert_eq!(
        ask(&scratch.store(&later), None, &later, "unused"),
        ("newer".to_owned(), true)
    );
}

#[test]
fn token_without_lifetime_is_used_by_its_own_run_only() {
    let scratch = Scratch::new();
    let store = scratch.store(&clock(0));
    let mut mint = || -> Result<Token, Failure> {
        Ok(Token {
            expires_at: at(0),
            ..token("brief", at(0))
        })
    };
    let (brief, _) = store
        .obtain(&standard(), None, &budget(&clock(0)), &mut mint)
        .unwrap();
    assert_eq!(brief.secret.reveal(), "brief");
    assert!(!scratch.file("token").exists());
    assert_eq!(
        ask(&store, None, &clock(0), "one"),
        ("one".to_owned(), false)
    );
}
