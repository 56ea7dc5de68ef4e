//! Zoom's answers: the first byte chooses the action, zero bytes part the answers, each led by its status.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::json;
use zoom_runner_fuzz::{CANARY, run};

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, rest)) = bytes.split_first() else { return };
    let all: Vec<_> = zoom_runner::actions::all().collect();
    let action = all[usize::from(*choice) % all.len()].id;
    let parameters = match action {
        "delete_meeting" => json!({"meeting_id": 1, "end_if_live": true}),
        "get_meeting_invitation" => json!({"meeting_id": 1}),
        "list_users" => json!({"status": "all", "limit": 700}),
        "update_meeting" => json!({"meeting_id": 1, "topic": "T", "start_time": "2027-01-01T10:00:00", "password": "p", "alternative_hosts": "a@b.c;d@e.f"}),
        "update_user" => json!({"user_id": "a", "dept": "D", "phone_numbers": [{"number": "1"}]}),
        "update_user_settings" => json!({"user_id": "a", "waiting_room": true, "data_center_regions": "DE,US"}),
        "test" => json!({}),
        _ => json!({"user_id": "a"}),
    };
    let resource = json!({"client_id": "id", "client_secret": CANARY, "account_id": "a", "timeout": 30});
    let request = json!({"action": action, "parameters": parameters, "resource": resource}).to_string();
    let answers: Vec<(u16, &[u8])> = rest
        .split(|byte| *byte == 0)
        .take(8)
        .map(|part| match part.split_first() {
            Some((status, body)) => (100 + u16::from(*status) * 2, body),
            None => (204, part),
        })
        .collect();
    run(request.as_bytes(), &answers);
});
