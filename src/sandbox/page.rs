//! The page that a browser sees at the sandbox's address: who lives there, and what has become of it.

use super::account::Account;
use super::directory::ROLES;
use super::message::{ApiReply, Logged};
use super::residents::residents;
use super::settings::LOCKED;
use super::time::rfc3339;
use std::collections::VecDeque;
use std::fmt::Write as _;

/// The number of last requests that are shown.
const SHOWN: usize = 20;
/// The number of a role's members that are shown.
const MEMBERS: u64 = 10;

const STYLE: &str = "body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;color:#1a2330}\
    h1{font-size:1.4rem}h2{font-size:1.1rem;margin:1.6rem 0 .4rem}table{border-collapse:collapse;width:100%}\
    td,th{text-align:left;vertical-align:top;padding:.25rem .6rem .25rem 0;border-bottom:1px solid #dde3ea}\
    code{font:13px ui-monospace,monospace}th{font-weight:600;color:#556}";

/// Returns the page.
pub fn write(account: &Account, log: &VecDeque<Logged>, now: u64) -> ApiReply {
    let mut html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>zoom-runner sandbox</title>\
         <style>{STYLE}</style></head><body><h1>zoom-runner sandbox</h1>\
         <p>A Zoom of its own, for trying things out. Nothing here is real, and nothing is kept. It is {}.</p>",
        rfc3339(now),
    );

    let mut group = String::new();
    let mut rows = Vec::new();
    for resident in residents() {
        if resident.group != group && !rows.is_empty() {
            table(&mut html, &group, &["Name", "About"], &rows);
            rows.clear();
        }
        rows.push(vec![code(&resident.name), escaped(&resident.about)]);
        group = resident.group;
    }

    table(&mut html, &group, &["Name", "About"], &rows);

    table(
        &mut html,
        "Running now",
        &["Meeting", "Topic", "Host"],
        &live(account),
    );

    let recordings: Vec<Vec<String>> = account
        .recordings
        .overview()
        .into_iter()
        .map(|(topic, number, host, is_trashed)| {
            let place = if is_trashed { "trash" } else { "there" };
            let host = account.users.email(host);
            vec![
                code(&number.to_string()),
                escaped(topic),
                escaped(&host),
                place.to_owned(),
            ]
        })
        .collect();

    table(
        &mut html,
        "Recordings now",
        &["Meeting", "Topic", "Host", "State"],
        &recordings,
    );

    table(
        &mut html,
        "Roles now",
        &["Role", "Members"],
        &roles(account),
    );

    let locked: Vec<Vec<String>> = LOCKED.iter().map(|path| vec![code(path)]).collect();
    table(&mut html, "Locked settings", &["Setting"], &locked);

    // The latest first: it is the one that somebody came to see.
    let requests: Vec<Vec<String>> = log.iter().rev().take(SHOWN).map(request).collect();
    table(
        &mut html,
        "Last requests",
        &["Method", "Path", "Status"],
        &requests,
    );

    html.push_str("</body></html>\n");

    ApiReply::empty(200)
        .header("content-type", "text/html; charset=utf-8")
        .body(html)
}

fn table(html: &mut String, title: &str, columns: &[&str], rows: &[Vec<String>]) {
    let _ = write!(html, "<h2>{title}</h2>");
    if rows.is_empty() {
        html.push_str("<p>None.</p>");
        return;
    }

    html.push_str("<table><tr>");

    for column in columns {
        let _ = write!(html, "<th>{column}</th>");
    }

    for row in rows {
        html.push_str("</tr><tr>");
        for cell in row {
            let _ = write!(html, "<td>{cell}</td>");
        }
    }

    html.push_str("</tr></table>");
}

fn live(account: &Account) -> Vec<Vec<String>> {
    let row = |meeting: super::reports::Instance| {
        let host = account.users.email(meeting.host);
        vec![
            code(&meeting.number.to_string()),
            escaped(&meeting.topic),
            escaped(&host),
        ]
    };

    account.meetings.live().into_iter().map(row).collect()
}

fn roles(account: &Account) -> Vec<Vec<String>> {
    ROLES
        .iter()
        .map(|role| {
            let members = account.directory.select("active", Some(role.id), None);
            let mut emails: Vec<String> = (0..members.len().min(MEMBERS))
                .map(|index| account.users.email(members.number(index)))
                .collect();
            // There may be a million.
            if members.len() > MEMBERS {
                emails.push(format!("and {} more", members.len() - MEMBERS));
            }
            vec![
                code(&format!("{} ({})", role.id, role.name)),
                escaped(&emails.join(", ")),
            ]
        })
        .collect()
}

fn request(logged: &Logged) -> Vec<String> {
    let status = match (logged.status, logged.code) {
        (0, _) => "no answer".to_owned(),
        (status, Some(code)) => format!("{status} (code {code})"),
        (status, None) => status.to_string(),
    };
    vec![escaped(&logged.method), code(&logged.target), status]
}

fn code(text: &str) -> String {
    format!("<code>{}</code>", escaped(text))
}

/// Escapes what HTML would take for markup: a path holds whatever a client sent.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
