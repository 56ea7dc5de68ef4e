//! The table: what is measured, how far it should reach, and how it is measured. Writes nothing.

use super::Bench;
use super::distance;
use super::instructions::Counted;
use super::launch::Launch;
use super::peers::{self, Peers};
use super::statistics::{Runs, in_turns, median};
use super::zoom::{Zoom, addresses};
use anyhow::{Context, Result};
use serde_json::json;
use std::time::Duration;

/// What no action of a platform does, and the most that Python can do.
const AT_BEST: &str = "against Python at its best: one session, one trusted certificate";

/// The round trip of the far Zoom.
const ROUND_TRIP: Duration = Duration::from_millis(50);

/// One row.
pub struct Row {
    pub what: String,
    /// The measured figure as text; why there is none, where there is none.
    pub measured: String,
    pub reach: String,
    /// Whether it was reached; nothing when it was not measured.
    pub reached: Option<bool>,
}

/// The table, and wall times for the chart: name, milliseconds.
#[derive(Default)]
pub struct Table {
    pub rows: Vec<Row>,
    pub bars: Vec<(String, f64)>,
}

impl Table {
    fn row(&mut self, what: &str, measured: String, reach: String, reached: bool) {
        println!("{what}: {measured} (reach {reach})");
        self.rows.push(Row {
            what: what.to_owned(),
            measured,
            reach,
            reached: Some(reached),
        });
    }

    fn at_most(&mut self, what: &str, figure: f64, most: f64, shown: impl Fn(f64) -> String) {
        self.row(
            what,
            shown(figure),
            format!("<= {}", shown(most)),
            figure <= most,
        );
    }

    fn skipped(&mut self, what: &str, why: &str) {
        println!("{what}: skipped, {why}");
        let (what, measured) = (what.to_owned(), format!("skipped: {why}"));
        self.rows.push(Row {
            what,
            measured,
            reach: "-".to_owned(),
            reached: None,
        });
    }

    /// A row that has no reach: how it compares with a peer that nobody runs so.
    fn told(&mut self, what: &str, own: &Runs, other: &Runs) {
        let [wall, cpu] = [
            own.share(other, |taken| taken.wall),
            own.share(other, |taken| taken.cpu),
        ];
        let measured = format!("{wall:.3}x wall, {cpu:.3}x CPU");
        println!("{what}: {measured}");
        self.rows.push(Row {
            what: what.to_owned(),
            measured,
            reach: "-".to_owned(),
            reached: None,
        });
    }

    fn against(&mut self, what: &str, own: &Runs, other: &Runs, wall: f64, cpu: Option<f64>) {
        let share = |share: f64| format!("{share:.3}x");
        self.at_most(
            &format!("{what}, wall"),
            own.share(other, |taken| taken.wall),
            wall,
            share,
        );
        if let Some(cpu) = cpu {
            self.at_most(
                &format!("{what}, CPU"),
                own.share(other, |taken| taken.cpu),
                cpu,
                share,
            );
        }
    }
}

fn mib(bytes: f64) -> String {
    format!("{:.2} MiB", bytes / 1_048_576.0)
}

/// Measures all rows.
pub fn all(bench: &Bench, counted: &Counted) -> Result<Table> {
    let mut table = Table::default();
    let peers = Peers::find();
    let size = std::fs::metadata(bench.program())?.len();
    table.at_most("binary as it ships", size as f64, 8_388_608.0, mib);
    for (what, name, most) in [
        ("instructions, refused request: not JSON", "refused", 0.7e6),
        (
            "instructions, refused request: a parameter is missing",
            "parameter_missing",
            0.7e6,
        ),
        ("instructions, get_user, fresh token", "get_user_fresh", 7e6),
        (
            "instructions, get_user, cached token",
            "get_user_cached",
            4.5e6,
        ),
    ] {
        match counted.of(name) {
            Some(count) => {
                table.at_most(what, count, most, |count| format!("{:.2} M", count / 1e6))
            }
            None => table.skipped(what, "valgrind is not installed"),
        }
    }
    one(bench, &peers, &mut table)?;
    lists(bench, &peers, &mut table)?;
    far(bench, &mut table)?;
    batch(bench, &mut table)?;
    Ok(table)
}

fn one(bench: &Bench, peers: &Peers, table: &mut Table) -> Result<()> {
    let zoom = Zoom::start(bench, 22, 0)?;
    let cache = bench.private("tokens")?;
    let request = json!({"action": "get_user", "parameters": {"user_id": "jane@example.com"}, "resource": zoom.resource(&zoom.addresses())});
    let ours =
        Launch::new(bench.program(), &[]).reading(bench.file("one.json", &request.to_string())?);
    let fresh = ours.clone().with("ZOOM_RUNNER_TOKEN_CACHE", "off");
    let cached = ours.with("ZOOM_RUNNER_TOKEN_CACHE", &cache);
    let token = token(bench, &zoom, peers)?;
    let [alone] = in_turns([&fresh], 20)?;
    table.at_most(
        "peak memory, get_user",
        alone.memory(),
        6.0 * 1_048_576.0,
        mib,
    );
    match peers.curl.as_deref().zip(token.as_deref()) {
        Some((curl, token)) => {
            let [own, other] = in_turns([&fresh, &peers::curl_both(curl, &zoom, token)], 40)?;
            table.against(
                "get_user, fresh token, against curl --next",
                &own,
                &other,
                0.45,
                Some(0.35),
            );
            table.bars.push((
                "zoom-runner, fresh token".to_owned(),
                own.system_time() * 1e3,
            ));
            table
                .bars
                .push(("curl --next".to_owned(), other.system_time() * 1e3));
            let [own, other] = in_turns([&cached, &peers::curl_one(curl, &zoom, token)], 40)?;
            table.against(
                "get_user, cached token, against one curl",
                &own,
                &other,
                0.45,
                None,
            );
            table.bars.insert(
                0,
                (
                    "zoom-runner, cached token".to_owned(),
                    own.system_time() * 1e3,
                ),
            );
            table
                .bars
                .push(("curl, one call".to_owned(), other.system_time() * 1e3));
        }
        None => table.skipped("get_user against curl", "curl is not installed"),
    }
    match &peers.python {
        Some(python) => {
            let usual = peers::python(bench, python, &zoom, "get_user")?;
            let best = peers::python_at_best(python, &zoom, "get_user");
            let [own, other, best] = in_turns([&fresh, &usual, &best], 15)?;
            table.against(
                "get_user, fresh token, against Python requests",
                &own,
                &other,
                0.05,
                Some(0.03),
            );
            table.told(&format!("get_user, fresh token, {AT_BEST}"), &own, &best);
            table
                .bars
                .push(("Python requests".to_owned(), other.system_time() * 1e3));
        }
        None => table.skipped(
            "get_user against Python",
            "python3 with requests is not installed",
        ),
    }
    Ok(())
}

/// A token for curl, which cannot carry one from call to call.
fn token(bench: &Bench, zoom: &Zoom, peers: &Peers) -> Result<Option<String>> {
    let Some(curl) = &peers.curl else {
        return Ok(None);
    };
    let out = bench.directory.join("token.json");
    let mut both = peers::curl_both(curl, zoom, "");
    both.command.truncate(
        both.command
            .iter()
            .position(|word| word == "--next")
            .unwrap_or_default(),
    );
    both.writing(&out).run()?;
    let said: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&out)?)?;
    Ok(said
        .get("access_token")
        .and_then(|token| token.as_str())
        .map(str::to_owned))
}

fn lists(bench: &Bench, peers: &Peers, table: &mut Table) -> Result<()> {
    let request = |zoom: &Zoom| {
        json!({"action": "list_users", "resource": zoom.resource(&zoom.addresses())}).to_string()
    };
    let ours = |input| {
        Launch::new(bench.program(), &[])
            .reading(input)
            .with("ZOOM_RUNNER_TOKEN_CACHE", "off")
    };
    let zoom = Zoom::start(bench, 100_000, 0)?;
    let list = ours(bench.file("list.json", &request(&zoom))?);
    let own = match &peers.python {
        Some(python) => {
            let usual = peers::python(bench, python, &zoom, "list_users")?;
            let best = peers::python_at_best(python, &zoom, "list_users");
            let [own, other, best] = in_turns([&list, &usual, &best], 3)?;
            table.against(
                "list_users of 100,000, against Python requests",
                &own,
                &other,
                0.06,
                Some(0.04),
            );
            table.told(&format!("list_users of 100,000, {AT_BEST}"), &own, &best);
            own
        }
        None => {
            table.skipped(
                "list_users against Python",
                "python3 with requests is not installed",
            );
            let [own] = in_turns([&list], 3)?;
            own
        }
    };
    table.at_most(
        "peak memory, list_users of 100,000",
        own.memory(),
        8.0 * 1_048_576.0,
        mib,
    );
    drop(zoom);
    let zoom = Zoom::start(bench, 1_000_000, 0)?;
    let taken = ours(bench.file("list.json", &request(&zoom))?).run()?;
    table.at_most(
        "peak memory, list_users of 1,000,000",
        taken.memory,
        8.0 * 1_048_576.0,
        mib,
    );
    Ok(())
}

fn far(bench: &Bench, table: &mut Table) -> Result<()> {
    let zoom = Zoom::start(bench, 22, 0)?;
    let ports = [
        distance::proxy(zoom.port(), ROUND_TRIP)?,
        distance::proxy(zoom.port(), ROUND_TRIP)?,
    ];
    let resource = zoom.resource(&addresses(ports[0], ports[1]));
    let request = json!({"action": "get_user", "parameters": {"user_id": "jane@example.com"}, "resource": resource});
    let ours =
        Launch::new(bench.program(), &[]).reading(bench.file("far.json", &request.to_string())?);
    let fresh = ours.clone().with("ZOOM_RUNNER_TOKEN_CACHE", "off");
    let cached = ours.with("ZOOM_RUNNER_TOKEN_CACHE", bench.private("tokens-far")?);
    let [fresh, cached] = in_turns([&fresh, &cached], 10)?;
    for (what, runs, trips) in [("fresh", fresh, 4), ("cached", cached, 3)] {
        let name = format!("get_user at 50 ms round trip, {what} token");
        let ideal = ROUND_TRIP.as_secs_f64() * f64::from(trips);
        let over = (runs.system_time() - ideal) * 1e3;
        table.row(
            &name,
            format!("{trips} round trips {over:+.1} ms"),
            format!("{trips}, plus <= 20 ms"),
            over <= 20.0,
        );
    }
    Ok(())
}

fn batch(bench: &Bench, table: &mut Table) -> Result<()> {
    const WORKERS: u64 = 16;
    let zoom = Zoom::start(bench, 2000, 20)?;
    let resource = bench.file(
        "resource.json",
        &zoom.resource(&zoom.addresses()).to_string(),
    )?;
    let lines: String = (0..1000)
        .map(|id| {
            format!(
                "{}\n",
                json!({"action": "get_user", "parameters": {"user_id": "jane@example.com"}, "id": id})
            )
        })
        .collect();
    let lines = bench.file("lines.ndjson", &lines)?;
    let run = |workers: u64| {
        let cache = bench.private("tokens-batch")?;
        let resource = resource.to_str().context("a path that is no text")?;
        let launch = Launch::new(
            bench.program(),
            &[
                "batch",
                "--workers",
                &workers.to_string(),
                "--resource",
                resource,
            ],
        );
        launch
            .reading(&lines)
            .with("ZOOM_RUNNER_TOKEN_CACHE", cache)
            .run()
    };
    let alone = run(1)?.wall;
    let (connections, tokens) = (zoom.sandbox.connections(), zoom.sandbox.tokens_minted());
    let mut together = vec![run(WORKERS)?.wall];
    let (connections, tokens) = (
        zoom.sandbox.connections() - connections,
        zoom.sandbox.tokens_minted() - tokens,
    );
    together.extend([run(WORKERS)?.wall, run(WORKERS)?.wall]);
    let faster = alone / median(together);
    table.row(
        "batch, 1,000 reads at 20 ms, 16 workers against 1",
        format!("{faster:.1}x faster"),
        ">= 14.0x".to_owned(),
        faster >= 14.0,
    );
    let fits = tokens == 1 && connections <= 2 * WORKERS;
    table.row(
        "batch, tokens and connections",
        format!("{tokens} and {connections}"),
        "1 and <= 32".to_owned(),
        fits,
    );
    Ok(())
}
