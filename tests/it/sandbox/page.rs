//! Who lives in the sandbox: its table, its help, and the page that a browser sees.

use crate::sandbox::client::{send, zoom};
use zoom_runner::sandbox::residents;

#[test]
fn page_shows_who_lives_there_and_the_last_requests() {
    let zoom = zoom(|_| {});
    assert_eq!(zoom.code("PUT", "/meetings/81555000444/status"), (204, 0));
    assert_eq!(zoom.code("GET", "/users/%3Cscript%3E"), (404, 1001));

    let page = send(&zoom.sandbox, "GET", "/", &[], "");
    assert_eq!(page.status, 200);
    assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
    for resident in residents() {
        assert!(
            page.body
                .contains(&format!("<code>{}</code>", resident.name)),
            "{resident:?}"
        );
        assert!(
            page.body.contains(&format!("<h2>{}</h2>", resident.group)),
            "{resident:?}"
        );
    }
    let last = "<td>GET</td><td><code>/v2/users/%3Cscript%3E</code></td><td>404 (code 1001)</td>";
    assert!(page.body.contains(last), "{}", page.body);
    assert!(!page.body.contains("<script"), "{}", page.body);
    let running = page.body.split("<h2>Running now</h2>").nth(1).unwrap();
    let running = running.split("<h2>").next().unwrap();
    assert!(
        !running.contains("81555000444") && running.contains("81234567890"),
        "{running}"
    );
    assert_eq!(
        page.body.matches("<table>").count(),
        page.body.matches("</table>").count()
    );
    assert_eq!(
        page.body.matches("<tr>").count(),
        page.body.matches("</tr>").count()
    );
}

#[test]
fn residents_are_there_as_the_table_says() {
    let zoom = zoom(|_| {});
    for resident in residents() {
        // The code in parentheses is that of a refusal.
        for name in resident.name.split(", ") {
            let name = name.split(' ').next().unwrap();
            let encoded = name
                .replace('/', "%252F")
                .replace('+', "%2B")
                .replace('=', "%3D");
            let target = match resident.group.as_str() {
                "People" => format!("/users/{}", name.replace('@', "%40")),
                "Meetings" if name.ends_with("==") => format!("/past_meetings/{encoded}"),
                "Meetings" => format!("/meetings/{name}"),
                "Roles" => format!("/roles/{name}/members"),
                "Recordings" if resident.about.contains("trash") => continue,
                "Recordings" => format!("/meetings/{encoded}/recordings"),
                _ => continue,
            };
            let (status, code) = zoom.code("GET", &target);
            let is_refused = code == 0 || resident.about.contains(&format!("({code})"));
            assert!(status == 200 || is_refused, "{resident:?}: {status} {code}");
        }
    }
}

#[test]
fn help_names_all_residents() {
    let ran = std::process::Command::new(env!("CARGO_BIN_EXE_zoom-runner"))
        .args(["sandbox", "--help"])
        .output()
        .unwrap();
    let help = String::from_utf8(ran.stdout).unwrap();
    for resident in residents() {
        assert!(help.contains(&resident.name), "{resident:?} {help}");
    }
}
