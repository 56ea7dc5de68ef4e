//! The programs that ours is compared with: curl, and Python with requests. Knows how they are called, measures nothing.

use super::Bench;
use super::launch::Launch;
use super::zoom::Zoom;
use anyhow::Result;
use std::path::{Path, PathBuf};
use std::process::Command;
use zoom_runner::sandbox::{ACCOUNT_ID, CLIENT_ID, CLIENT_SECRET};

/// curl and Python, where they are there.
pub struct Peers {
    pub curl: Option<String>,
    pub python: Option<Python>,
}

/// A Python that has requests.
pub struct Python {
    program: String,
    /// The roots that requests trusts, a file.
    roots: PathBuf,
}

impl Peers {
    /// Looks for them. A wrapper around Python is not measured: its own word says where it is.
    pub fn find() -> Self {
        let said = |program: &str, arguments: &[&str]| {
            let output = Command::new(program)
                .args(arguments)
                .output()
                .ok()
                .filter(|output| output.status.success())?;
            Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
        };
        Self {
            curl: said("curl", &["--version"]).map(|_| "curl".to_owned()),
            python: said(
                "python3",
                &[
                    "-c",
                    "import requests, sys; print(sys.executable, requests.certs.where())",
                ],
            )
            .and_then(|said| {
                let (program, roots) = said.split_once(' ')?;
                Some(Python {
                    program: program.to_owned(),
                    roots: roots.into(),
                })
            }),
        }
    }
}

/// curl with both calls in one process, the token known before: less than it would have to do.
pub fn curl_both(curl: &str, zoom: &Zoom, token: &str) -> Launch {
    let [token_url, _] = zoom.addresses();
    let form = format!("grant_type=account_credentials&account_id={ACCOUNT_ID}");
    let mut launch = Launch::new(
        curl,
        &[
            "-sf",
            "--cacert",
            &zoom.authority.to_string_lossy(),
            "-u",
            &format!("{CLIENT_ID}:{CLIENT_SECRET}"),
            "-d",
            &form,
            &format!("{token_url}/oauth/token"),
            "--next",
        ],
    );
    launch
        .command
        .extend(curl_one(curl, zoom, token).command.into_iter().skip(1));
    launch
}

/// curl with the API's call alone.
pub fn curl_one(curl: &str, zoom: &Zoom, token: &str) -> Launch {
    let [_, api_url] = zoom.addresses();
    let authority = zoom.authority.to_string_lossy().into_owned();
    let header = format!("Authorization: Bearer {token}");
    Launch::new(
        curl,
        &[
            "-sf",
            "--cacert",
            &authority,
            "-H",
            &header,
            &format!("{api_url}/v2/users/jane@example.com"),
        ],
    )
}

/// The Python script doing `action`, as a platform's does it: a call is a connection, and trusts what requests trusts (and
/// the bench's authority besides).
pub fn python(bench: &Bench, python: &Python, zoom: &Zoom, action: &str) -> Result<Launch> {
    let roots = [&python.roots, &zoom.authority].map(std::fs::read_to_string);
    let roots: Vec<String> = roots.into_iter().collect::<Result<_, _>>()?;
    Ok(script(
        python,
        zoom,
        action,
        &bench.file("roots.pem", &roots.concat())?,
    ))
}

/// The same at its best: one connection a host, and one certificate to trust.
pub fn python_at_best(python: &Python, zoom: &Zoom, action: &str) -> Launch {
    let mut launch = script(python, zoom, action, &zoom.authority);
    launch.command.push("--session".into());
    launch
}

fn script(python: &Python, zoom: &Zoom, action: &str, roots: &Path) -> Launch {
    let [token_url, api_url] = zoom.addresses();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bench/peer.py");
    Launch::new(
        &python.program,
        &[
            &script.to_string_lossy(),
            "--action",
            action,
            "--token_url",
            &token_url,
            "--api_url",
            &api_url,
            "--client_id",
            CLIENT_ID,
            "--client_secret",
            CLIENT_SECRET,
            "--account_id",
            ACCOUNT_ID,
            "--ca",
            &roots.to_string_lossy(),
        ],
    )
}
