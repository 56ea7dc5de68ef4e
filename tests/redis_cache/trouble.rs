//! Servers that are slow, silent, wrong, full, locked or gone: each costs a token and a short time, and no run.

use crate::harness::{start, wait};
use crate::runs::{
    await_mint, begin, count, crowd, first_takes, quick, request, run, source, traced, with, zoom,
};
use crate::server::{Redis, pretender, silent, slow};
use redis::Value;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// What a run may take whose server is of no use: a second for it, and the rest for a busy machine.
const SHORT: Duration = Duration::from_secs(4);

/// Two runs in a row mint for themselves, in a short time. Answers with a third one's log.
fn put_up_with(url: &str) -> String {
    let (zoom, minted) = zoom(false, quick);
    for number in 1..=2 {
        let ran = run(&zoom, url);
        assert_eq!(source(&ran), "minted");
        assert_eq!(minted.load(Ordering::SeqCst), number);
        assert!(ran.took < SHORT, "{ran:?}");
    }
    // The log says why, in one line.
    let log = traced(&zoom, url).stderr;
    let lines: Vec<&str> = log.lines().filter(|line| line.contains("redis")).collect();
    assert!(
        !lines.is_empty() && lines.iter().all(|line| line.contains("DEBUG")),
        "{log}"
    );
    log
}

/// After `damage` to what is kept, the next run mints, and the one after that finds a token again.
fn heals(damage: impl FnOnce(&Redis, &str)) {
    let Some(redis) = Redis::start() else { return };
    let (zoom, _) = zoom(true, quick);
    run(&zoom, &redis.url());
    damage(&redis, &redis.token());
    assert_eq!(source(&run(&zoom, &redis.url())), "minted");
    assert_eq!(source(&run(&zoom, &redis.url())), "cached");
}

#[test]
fn a_corrupt_huge_or_foreign_value_is_replaced() {
    heals(|redis, key| drop(redis.do_it(&["SET", key, ""])));
    heals(|redis, key| drop(redis.do_it(&["SET", key, "zrt1"])));
    heals(|redis, key| drop(redis.do_it(&["SETRANGE", key, "60", "x"])));
    heals(|redis, key| drop(redis.do_it(&["SETRANGE", key, "300000000", "x"])));
    heals(|redis, key| drop(redis.do_it(&["DEL", key])));
    heals(|redis, key| {
        redis.do_it(&["DEL", key]);
        redis.do_it(&["LPUSH", key, "a list"]);
    });
}

#[test]
fn a_server_that_refuses_or_does_not_exist_costs_next_to_nothing() {
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    assert!(put_up_with(&format!("redis://{closed}")).contains("redis: Connection refused"));
    put_up_with("redis://zoom-runner.invalid");
    put_up_with(&pretender(drop));
}

#[test]
fn a_server_that_listens_and_says_nothing_costs_a_second() {
    assert!(put_up_with(&silent()).contains("redis: no answer within 1000 ms"));
    put_up_with(&silent().replace("redis:", "rediss:"));
    put_up_with(&silent().replace("redis://", "redis://:a-password@"));
}

#[test]
fn a_server_that_answers_byte_by_byte_costs_a_second() {
    put_up_with(&pretender(|mut stream| {
        let _ = stream.write_all(b"$1000000\r\n");
        while stream.write_all(b"x").is_ok() {
            std::thread::sleep(Duration::from_millis(50));
        }
    }));
}

#[test]
fn a_server_that_talks_of_something_else_is_left_aside() {
    for answer in [
        "HTTP/1.1 400 Bad Request\r\n\r\n",
        "+OK\r\n",
        ":7\r\n",
        "*-1\r\n",
        "$-1\r\n",
        "$99999999999999\r\nx",
    ] {
        put_up_with(&pretender(move |mut stream| {
            let mut bytes = [0; 4096];
            while let Ok(1..) = stream.read(&mut bytes) {
                if stream.write_all(answer.as_bytes()).is_err() {
                    return;
                }
            }
        }));
    }
}

#[test]
fn a_short_run_is_not_robbed_of_its_time_by_a_silent_server() {
    let (zoom, _) = zoom(false, quick);
    let ran = wait(start(with(&silent()), &request(&zoom, 1)), Instant::now());
    assert_eq!(source(&ran), "minted");
}

#[test]
fn a_batch_waits_for_a_silent_server_once() {
    let (zoom, minted) = zoom(false, quick);
    let mut command = with(&silent());
    command.args(["batch", "--workers", "2"]);
    // Accounts of their own, so that each line wants a token of its own.
    let lines: String = (0..20)
        .map(|number| {
            let mut line: serde_json::Value = serde_json::from_slice(&request(&zoom, 20)).unwrap();
            line["resource"]["account_id"] = serde_json::json!(format!("account-{number}"));
            format!("{line}\n")
        })
        .collect();
    let ran = wait(start(command, lines.as_bytes()), Instant::now());
    assert_eq!(ran.exit, 0, "{ran:?}");
    assert_eq!(minted.load(Ordering::SeqCst), 20);
    assert!(ran.took < Duration::from_secs(6), "{:?}", ran.took);
}

#[test]
fn a_server_that_is_slower_than_anybody_waits_stops_no_run() {
    let Some(redis) = Redis::start() else { return };
    put_up_with(&slow(&redis, Duration::from_secs(3)));
    // Slow, and just in time each time: the sum counts.
    let (zoom, _) = zoom(false, quick);
    let ran = run(&zoom, &slow(&redis, Duration::from_millis(350)));
    assert!(ran.took < SHORT + Duration::from_secs(1), "{ran:?}");
}

#[test]
fn a_server_that_dies_while_one_mints_and_others_wait_fails_nobody() {
    let Some(mut redis) = Redis::start() else {
        return;
    };
    let (zoom, minted) = zoom(false, first_takes(1_500));
    let (holder, since) = begin(&zoom, &redis.url());
    await_mint(&minted, 1);
    let waiting: Vec<_> = (0..8).map(|_| begin(&zoom, &redis.url())).collect();
    std::thread::sleep(Duration::from_millis(500));
    redis.kill();
    for (child, since) in [(holder, since)].into_iter().chain(waiting) {
        let ran = wait(child, since);
        assert_eq!(source(&ran), "minted");
        assert!(ran.took < SHORT + Duration::from_secs(2), "{ran:?}");
    }
}

#[test]
fn a_server_that_stops_answering_while_one_mints_and_others_wait_fails_nobody() {
    let Some(redis) = Redis::start() else { return };
    let (zoom, minted) = zoom(false, first_takes(1_500));
    let (holder, since) = begin(&zoom, &redis.url());
    await_mint(&minted, 1);
    let waiting: Vec<_> = (0..4).map(|_| begin(&zoom, &redis.url())).collect();
    std::thread::sleep(Duration::from_millis(300));
    redis.do_it(&["CONFIG", "SET", "busy-reply-threshold", "60000"]);
    let mut busy = redis.connect();
    let hang = std::thread::spawn(move || {
        let _: redis::RedisResult<Value> = redis::cmd("DEBUG").arg("SLEEP").arg(6).query(&mut busy);
    });
    for (child, since) in [(holder, since)].into_iter().chain(waiting) {
        let ran = wait(child, since);
        source(&ran);
        assert!(ran.took < SHORT + Duration::from_secs(2), "{ran:?}");
    }
    drop(redis);
    hang.join().unwrap();
}

#[test]
fn a_password_is_used_and_a_wrong_or_missing_one_is_a_debug_line() {
    let Some(redis) = Redis::with(&["--requirepass", "open/sesame+1"]) else {
        return;
    };
    let (zoom, _) = zoom(true, quick);
    let with_password = |password: &str| format!("redis://{password}127.0.0.1:{}", redis.port);
    let right = with_password(":open%2Fsesame%2B1@");
    assert_eq!(source(&run(&zoom, &right)), "minted");
    assert_eq!(source(&run(&zoom, &right)), "cached");
    assert!(put_up_with(&with_password(":close@")).contains("redis: authentication failed"));
    put_up_with(&with_password("nobody:open%2Fsesame%2B1@"));
    assert!(put_up_with(&with_password("")).contains("redis: it answered NOAUTH"));
}

#[test]
fn a_server_that_takes_no_more_or_knows_no_scripts_stops_no_run() {
    let Some(full) = Redis::with(&["--maxmemory", "1"]) else {
        return;
    };
    put_up_with(&full.url());
    let Some(limited) = Redis::with(&["--rename-command", "EVAL", ""]) else {
        return;
    };
    let (zoom, minted) = zoom(true, quick);
    assert_eq!(source(&run(&zoom, &limited.url())), "minted");
    assert_eq!(source(&run(&zoom, &limited.url())), "cached");
    // The lock is still there, and runs out.
    minted.fetch_add(1, Ordering::SeqCst);
    let sources = crowd(&zoom, &limited.url(), 5);
    assert_eq!(
        count(&sources, "renewed") + count(&sources, "cached"),
        5,
        "{sources:?}"
    );
}

#[test]
fn a_url_that_is_none_is_a_debug_line() {
    for url in [
        "redis:",
        "redis://",
        "redis:/127.0.0.1",
        "redis://127.0.0.1:port",
        "redis://127.0.0.1/database",
        "redis://[::",
    ] {
        put_up_with(url);
    }
}
