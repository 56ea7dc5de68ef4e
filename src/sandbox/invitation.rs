//! The invitation to a meeting: its link, the passcodes that go with the meeting's own, and its text.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// Returns a number that goes with a passcode (FNV-1a).
fn digest(passcode: &str) -> u64 {
    passcode.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    })
}

/// Fills in what follows from the passcode: the link, and the passcodes for telephones and room systems.
pub fn complete(meeting: &mut Value, number: u64) {
    let passcode = meeting["password"].as_str().unwrap_or_default().to_owned();
    let link = format!("https://example.zoom.us/j/{number}");
    if passcode.is_empty() {
        meeting["join_url"] = json!(link);
        for key in ["h323_password", "pstn_password", "encrypted_password"] {
            meeting[key] = json!("");
        }
        return;
    }

    let digest = digest(&passcode);
    let encrypted = URL_SAFE_NO_PAD
        .encode([digest.to_be_bytes(), digest.rotate_left(29).to_be_bytes()].concat());

    // Telephones have digits only: another passcode gets digits of its own.
    let numeric = passcode.bytes().all(|byte| byte.is_ascii_digit());
    let digits = if numeric {
        passcode
    } else {
        format!("{:06}", digest % 1_000_000)
    };

    meeting["join_url"] = json!(format!("{link}?pwd={encrypted}.1"));
    meeting["encrypted_password"] = json!(format!("{encrypted}.1"));
    meeting["h323_password"] = json!(digits);

    meeting["pstn_password"] = json!(digits);
}

/// Returns a meeting's number as people read it: `857 4606 5432`, a personal one `555 111 2222`.
fn spaced(number: u64) -> String {
    let digits = number.to_string();
    let middle = digits.len().saturating_sub(4);
    match (digits.get(..3), digits.get(3..middle), digits.get(middle..)) {
        (Some(head), Some(between), Some(tail)) => format!("{head} {between} {tail}"),
        _ => digits,
    }
}

/// Returns the invitation to `meeting`, from the host called `host`.
pub fn write(meeting: &Value, number: u64, host: &str) -> Value {
    let text = |key: &str| meeting[key].as_str().unwrap_or_default();
    let time = match meeting.get("start_time") {
        Some(_) => format!("Time: {} ({})\r\n", text("start_time"), text("timezone")),
        None => "Time: This is a recurring meeting Meet anytime\r\n".to_owned(),
    };

    let (passcode, dialled) = match text("password") {
        "" => (String::new(), String::new()),
        passcode => (
            format!("Passcode: {passcode}\r\n"),
            format!(",,,,*{}#", text("pstn_password")),
        ),
    };

    let invitation = format!(
        "{host} is inviting you to a scheduled Zoom meeting.\r\n\r\nTopic: {}\r\n{time}\r\nJoin Zoom Meeting\r\n{}\r\n\r\nMeeting ID: {}\r\n{passcode}\r\n---\r\n\r\nOne tap mobile\r\n+13015550115,,{number}#{dialled} US\r\n\r\nJoin by SIP\r\n- {number}@zoomcrc.com\r\n",
        text("topic"),
        text("join_url"),
        spaced(number),
    );

    json!({"invitation": invitation, "sip_links": [format!("{number}@zoomcrc.com")]})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_as_zoom_groups_them() {
        assert_eq!(spaced(85_746_065_432), "857 4606 5432");
        assert_eq!(spaced(5_551_112_222), "555 111 2222");
        assert_eq!(spaced(7), "7");
    }

    #[test]
    fn link_and_dial_in_follow_the_passcode() {
        let told = |passcode: &str| {
            let mut meeting = json!({"password": passcode, "topic": "T"});
            complete(&mut meeting, 85_746_065_432);
            let invitation = write(&meeting, 85_746_065_432, "Jane Doe")["invitation"]
                .as_str()
                .unwrap()
                .to_owned();
            (
                meeting["join_url"].as_str().unwrap().to_owned(),
                meeting["pstn_password"].as_str().unwrap().to_owned(),
                invitation,
            )
        };
        let (one, other, none) = (told("abc"), told("123456"), told(""));
        assert!(one.0.contains("?pwd=") && other.0.contains("?pwd=") && one.0 != other.0);
        assert_eq!(other.1, "123456");
        assert!(
            other.2.contains(",,85746065432#,,,,*123456# US")
                && other.2.contains("Passcode: 123456\r\n")
        );
        assert_eq!(none.0, "https://example.zoom.us/j/85746065432");
        assert!(none.2.contains(",,85746065432# US") && !none.2.contains("Passcode"));
    }
}
