//! Who mints, who waits, and what becomes of a lock whose holder dies, loses it, or takes long.

use crate::harness::{Answer, Zoom, start, wait};
use crate::runs::{
    await_mint, begin, count, crowd, first_takes, quick, request, run, source, with, zoom,
};
use crate::server::{Redis, slow};
use redis::Value;
use serde_json::{Value as Json, json};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use zoom_runner::sandbox::{Options, Sandbox};

#[test]
fn fifty_processes_at_once_all_succeed_with_one_token_of_an_account_that_has_one() {
    let Some(redis) = Redis::start() else { return };
    let options = Options {
        one_live_token: true,
        latency: 150,
        ..Options::default()
    };
    let zoom = Sandbox::start(options).unwrap();
    let request = json!({"action": "list_users", "resource": zoom.resource()}).to_string();
    let begin = || {
        (
            start(with(&redis.url()), request.as_bytes()),
            Instant::now(),
        )
    };
    let children: Vec<_> = std::iter::repeat_with(begin).take(50).collect();
    let sources: Vec<_> = children
        .into_iter()
        .map(|(child, since)| source(&wait(child, since)))
        .collect();
    assert_eq!(
        (count(&sources, "minted"), count(&sources, "cached")),
        (1, 49),
        "{sources:?}"
    );
    let minted = zoom
        .requests()
        .into_iter()
        .filter(|asked| asked.target == "/oauth/token")
        .count();
    assert_eq!(minted, 1);
}

#[test]
fn a_second_machine_asks_for_no_token() {
    let Some(redis) = Redis::start() else { return };
    let (zoom, _) = zoom(true, quick);
    assert_eq!(source(&run(&zoom, &redis.url())), "minted");
    let ran = run(&zoom, &redis.url());
    assert_eq!(source(&ran), "cached");
    assert_eq!(ran.envelope()["meta"]["requests"], 1);
}

#[test]
fn a_token_expires_in_redis_when_it_does_at_zoom_and_no_lock_stays() {
    let Some(redis) = Redis::start() else { return };
    let (zoom, _) = zoom(true, quick);
    run(&zoom, &redis.url());
    let Value::Int(left) = redis.do_it(&["PTTL", &redis.token()]) else {
        panic!("no time to live")
    };
    assert!((3_500_000..=3_599_000).contains(&left), "{left} ms");
    assert_eq!(redis.keys("").len(), 1);
}

#[test]
fn the_database_that_the_url_names_is_used() {
    let Some(redis) = Redis::start() else { return };
    let (zoom, _) = zoom(true, quick);
    let url = format!("{}/3", redis.url());
    run(&zoom, &url);
    assert_eq!(redis.keys(""), Vec::<String>::new());
    assert_eq!(source(&run(&zoom, &url)), "cached");
}

#[test]
fn a_token_that_is_void_for_many_is_renewed_once() {
    let Some(redis) = Redis::start() else { return };
    let (zoom, minted) = zoom(true, quick);
    run(&zoom, &redis.url());
    // As if another program had made a token.
    minted.fetch_add(1, Ordering::SeqCst);
    let sources = crowd(&zoom, &redis.url(), 20);
    assert_eq!(minted.load(Ordering::SeqCst), 3);
    assert!(
        sources
            .iter()
            .all(|source| source == "renewed" || source == "cached"),
        "{sources:?}"
    );
}

#[test]
fn a_killed_holder_is_replaced_by_one_of_those_who_wait() {
    let Some(redis) = Redis::start() else { return };
    let (zoom, minted) = zoom(true, first_takes(60_000));
    let (mut holder, _) = begin(&zoom, &redis.url());
    await_mint(&minted, 1);
    holder.kill().unwrap();
    holder.wait().unwrap();
    assert_eq!(redis.keys("zoom-runner:lock:").len(), 1);
    let since = Instant::now();
    let sources = crowd(&zoom, &redis.url(), 10);
    assert_eq!(
        (count(&sources, "minted"), count(&sources, "cached")),
        (1, 9),
        "{sources:?}"
    );
    assert_eq!(minted.load(Ordering::SeqCst), 2);
    assert!(
        since.elapsed() < Duration::from_secs(8),
        "{:?}",
        since.elapsed()
    );
}

#[test]
fn a_holder_that_mints_for_longer_than_the_lock_lasts_keeps_it() {
    let Some(redis) = Redis::start() else { return };
    let (zoom, minted) = zoom(true, first_takes(4_000));
    let (holder, since) = begin(&zoom, &redis.url());
    await_mint(&minted, 1);
    let sources = crowd(&zoom, &redis.url(), 5);
    assert_eq!(count(&sources, "cached"), 5, "{sources:?}");
    assert_eq!(source(&wait(holder, since)), "minted");
    assert_eq!(minted.load(Ordering::SeqCst), 1);
}

#[test]
fn a_holder_that_never_lets_go_is_waited_for_half_of_the_time_at_most() {
    let Some(redis) = Redis::start() else { return };
    let (zoom, minted) = zoom(true, first_takes(60_000));
    let (mut holder, _) = begin(&zoom, &redis.url());
    await_mint(&minted, 1);
    let ran = wait(
        start(with(&redis.url()), &request(&zoom, 4)),
        Instant::now(),
    );
    assert_eq!(source(&ran), "minted");
    assert!(
        ran.took > Duration::from_millis(1900),
        "it did not wait: {ran:?}"
    );
    holder.kill().unwrap();
    holder.wait().unwrap();
}

#[test]
fn a_lock_that_was_evicted_stops_nobody_and_is_deleted_by_its_new_owner_only() {
    let Some(redis) = Redis::start() else { return };
    let (zoom, minted) = zoom(false, first_takes(1_500));
    let (holder, since) = begin(&zoom, &redis.url());
    await_mint(&minted, 1);
    let lock = redis.keys("zoom-runner:lock:").pop().unwrap();
    redis.do_it(&["DEL", &lock]);
    assert_eq!(source(&run(&zoom, &redis.url())), "minted");
    // Somebody else's, while the first still mints: neither prolonged nor deleted by it.
    redis.do_it(&["SET", &lock, "theirs", "PX", "60000"]);
    assert_eq!(source(&wait(holder, since)), "minted");
    assert_eq!(
        redis.do_it(&["GET", &lock]),
        Value::BulkString(b"theirs".to_vec())
    );
    let Value::Int(left) = redis.do_it(&["PTTL", &lock]) else {
        panic!("no time to live")
    };
    assert!(left > 2_000, "{left} ms");
}

#[test]
fn a_failure_to_mint_frees_the_lock() {
    let Some(redis) = Redis::start() else { return };
    let zoom = Zoom::raw(|_, _| {
        Answer::json(
            401,
            &json!({"reason": "Invalid client", "error": "invalid_client"}),
        )
    });
    let ran = wait(
        start(with(&redis.url()), &request(&zoom, 20)),
        Instant::now(),
    );
    assert_eq!(ran.code(), "unauthorized");
    assert_eq!(redis.keys(""), Vec::<String>::new());
}

#[test]
fn a_test_run_leaves_its_new_token_to_others() {
    let Some(redis) = Redis::start() else { return };
    let (zoom, _) = zoom(true, quick);
    run(&zoom, &redis.url());
    let test = json!({"action": "test", "resource": zoom.resource()}).to_string();
    let ran = wait(start(with(&redis.url()), test.as_bytes()), Instant::now());
    assert_eq!(source(&ran), "minted");
    assert_eq!(source(&run(&zoom, &redis.url())), "cached");
}

#[test]
fn a_batch_mints_once() {
    let Some(redis) = Redis::start() else { return };
    let (zoom, minted) = zoom(true, |_| Duration::from_millis(200));
    let mut command = with(&redis.url());
    command.args(["batch", "--workers", "8"]);
    let line = [request(&zoom, 20), b"\n".to_vec()].concat();
    let ran = wait(start(command, &line.repeat(40)), Instant::now());
    assert_eq!(ran.exit, 0, "{ran:?}");
    let tokens: Vec<Json> = ran
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(
        tokens
            .iter()
            .filter(|line| line["meta"]["token"] == "cached")
            .count(),
        39,
        "{ran:?}"
    );
    assert_eq!(minted.load(Ordering::SeqCst), 1);
    assert_eq!(source(&run(&zoom, &redis.url())), "cached");
}

#[test]
fn a_server_far_away_still_serves() {
    let Some(redis) = Redis::start() else { return };
    let url = slow(&redis, Duration::from_millis(100));
    let (zoom, minted) = zoom(true, |_| Duration::from_millis(300));
    let sources = crowd(&zoom, &url, 10);
    assert_eq!(
        (count(&sources, "minted"), count(&sources, "cached")),
        (1, 9),
        "{sources:?}"
    );
    assert_eq!(minted.load(Ordering::SeqCst), 1);
}
