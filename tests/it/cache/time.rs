//! Clocks that run on, and clocks that jump.

use crate::cache::scratch::{Scratch, ask, at, clock, standard, token};
use zoom_runner::zoom::token::{Token, TokenStore};

#[test]
fn cached_token_is_used_until_five_minutes_before_it_expires() {
    let scratch = Scratch::new();
    assert_eq!(
        ask(&scratch.store(&clock(0)), None, &clock(0), "one"),
        ("one".to_owned(), false)
    );
    for (second, expected) in [
        (0, ("one", true)),
        (3299, ("one", true)),
        (3300, ("two", false)),
    ] {
        let clock = clock(second);
        let (token, cached) = ask(&scratch.store(&clock), None, &clock, "two");
        assert_eq!((token.as_str(), cached), expected, "second {second}");
    }
}

#[test]
fn token_in_memory_expires_as_one_in_a_file_does() {
    let store = zoom_runner::zoom::token_cache::cache::TokenCache::new(None, clock(0));
    assert_eq!(
        ask(&store, None, &clock(0), "one"),
        ("one".to_owned(), false)
    );
    assert_eq!(
        ask(&store, None, &clock(3299), "two"),
        ("one".to_owned(), true)
    );
    assert_eq!(
        ask(&store, None, &clock(3300), "two"),
        ("two".to_owned(), false)
    );
}

#[test]
fn clock_jump_costs_a_token_and_nothing_else() {
    let scratch = Scratch::new();
    ask(&scratch.store(&clock(0)), None, &clock(0), "one");
    // Set back by a year, and later put right: neither side trusts what the other left.
    for (second, fresh) in [
        (-31_536_000, "back"),
        (0, "right"),
        (31_536_000, "ahead"),
        (0, "right again"),
    ] {
        let clock = clock(second);
        let fresh = fresh.replace(' ', "-");
        assert_eq!(
            ask(&scratch.store(&clock), None, &clock, &fresh),
            (fresh.clone(), false)
        );
        assert_eq!(
            ask(&scratch.store(&clock), None, &clock, "unused"),
            (fresh, true)
        );
    }
}

#[test]
fn cached_token_that_claims_to_live_longer_than_a_day_is_not_used() {
    for (lives, is_used) in [(86_340, true), (86_460, false), (31_536_000, false)] {
        let scratch = Scratch::new();
        let store = scratch.store(&clock(0));
        let kept = Token {
            expires_at: at(lives),
            ..token("kept", at(0))
        };
        store.keep(&standard(), &kept);
        let expected = if is_used { "kept" } else { "own" };
        assert_eq!(
            ask(&scratch.store(&clock(0)), None, &clock(0), "own"),
            (expected.to_owned(), is_used),
            "{lives} s"
        );
    }
}
