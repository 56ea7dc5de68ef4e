//! Finds topic, time, link, number and passcode in an invitation's text, line by line: Zoom writes it in the host's language,
//! and the topic is anybody's words. Begin with the labels.

use schemars::JsonSchema;
use serde::Serialize;

/// The details of an invitation, as found in its text.
#[derive(Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Details {
    /// The topic.
    pub topic: Option<String>,
    /// The time, in the words of the text.
    pub time: Option<String>,
    /// The link to join by.
    pub join_url: Option<String>,
    /// The meeting's number, as written.
    pub meeting_id: Option<String>,
    /// The passcode.
    pub passcode: Option<String>,
}

/// The labels before the topic, in the languages of Zoom's web portal.
const TOPIC: &[&str] = &[
    "topic",
    "thema",
    "sujet",
    "tema",
    "tópico",
    "argomento",
    "onderwerp",
    "temat",
    "konu",
    "ämne",
    "chủ đề",
    "topik",
    "тема",
    "トピック",
    "主题",
    "主題",
    "주제",
];

/// The labels before the time.
const TIME: &[&str] = &[
    "time",
    "uhrzeit",
    "zeit",
    "heure",
    "hora",
    "horário",
    "ora",
    "tijd",
    "godzina",
    "czas",
    "saat",
    "tid",
    "thời gian",
    "waktu",
    "время",
    "時間",
    "時刻",
    "时间",
    "시간",
];

/// The labels before the meeting's number.
const MEETING_ID: &[&str] = &[
    "meeting id",
    "meeting-id",
    "id de réunion",
    "id de la réunion",
    "id de reunión",
    "id de la reunión",
    "id da reunião",
    "id riunione",
    "id della riunione",
    "vergader-id",
    "id vergadering",
    "identyfikator spotkania",
    "id spotkania",
    "toplantı kimliği",
    "toplantı id",
    "mötes-id",
    "id cuộc họp",
    "id rapat",
    "идентификатор конференции",
    "ミーティングid",
    "ミーティング id",
    "会议号",
    "会议 id",
    "會議 id",
    "會議id",
    "회의 id",
];

/// The labels before the passcode.
const PASSCODE: &[&str] = &[
    "passcode",
    "password",
    "kenncode",
    "kennwort",
    "code secret",
    "code d’accès",
    "código de acceso",
    "contraseña",
    "senha",
    "senha de acesso",
    "código de acesso",
    "codice d’accesso",
    "codice d'accesso",
    "toegangscode",
    "wachtwoord",
    "kod dostępu",
    "hasło",
    "parola",
    "şifre",
    "lösenord",
    "mật mã",
    "kode sandi",
    "код доступа",
    "пароль",
    "パスコード",
    "密码",
    "密碼",
    "암호",
    "비밀번호",
];

/// Reads the text line by line: `Topic: ...`, `Meeting ID: ...`, and the first link that stands on a line of its own.
pub fn of(text: &str) -> Details {
    let mut found = Details::default();
    let mut inside = None;
    for line in text.lines().map(str::trim) {
        let labelled = label(line);
        let value = |labels: &[&str]| {
            let (label, value) = labelled.as_ref()?;
            (labels.contains(&label.as_str()) && !value.is_empty()).then(|| (*value).to_owned())
        };
        found.topic = found.topic.or_else(|| value(TOPIC));
        found.time = found.time.or_else(|| value(TIME));
        found.meeting_id = found.meeting_id.or_else(|| value(MEETING_ID));
        found.passcode = found.passcode.or_else(|| value(PASSCODE));
        if found.join_url.is_none() && is_link(line) {
            found.join_url = Some(line.to_owned());
        }
        // A link among other words is the last resort, and none behind the label of a topic, which anybody may write.
        if inside.is_none() && value(TOPIC).is_none() {
            inside = line
                .split_whitespace()
                .find(|word| is_link(word))
                .map(str::to_owned);
        }
    }

    found.join_url = found.join_url.or(inside);
    found
}

/// A line's label in lower case and what follows its colon; colons of any width, with or without a space before them.
fn label(line: &str) -> Option<(String, &str)> {
    let (name, value) = line.split_once([':', '：'])?;
    Some((
        name.trim().to_lowercase().replace('\u{a0}', " "),
        value.trim(),
    ))
}

/// True for a link to a meeting, alone.
fn is_link(word: &str) -> bool {
    word.starts_with("https://")
        && !word.contains(char::is_whitespace)
        && ["/j/", "/my/", "/w/", "/s/"]
            .iter()
            .any(|path| word.contains(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_are_found_in_the_text_and_null_where_not() {
        let text = "Jane is inviting you to a scheduled Zoom meeting.\r\n\r\nTopic: Weekly: plans\r\nTime: Nov 25, 2026 10:00 AM\r\n\r\nJoin Zoom Meeting\r\nhttps://us02web.zoom.us/j/85746065432?pwd=abc\r\n\r\nMeeting ID: 857 4606 5432\r\nPasscode: 7aX\r\n\r\n---\r\nMeeting ID: 999";
        let found = of(text);
        assert_eq!(found.topic.as_deref(), Some("Weekly: plans"));
        assert_eq!(found.time.as_deref(), Some("Nov 25, 2026 10:00 AM"));
        assert_eq!(
            found.join_url.as_deref(),
            Some("https://us02web.zoom.us/j/85746065432?pwd=abc")
        );
        assert_eq!(found.meeting_id.as_deref(), Some("857 4606 5432"));
        assert_eq!(found.passcode.as_deref(), Some("7aX"));
        assert_eq!(of("Willkommen"), Details::default());
    }

    #[test]
    fn a_link_in_the_topic_is_not_the_way_in() {
        let text = "Topic: see https://evil.example/j/1\nTime: x\nJoin Zoom Meeting\nhttps://zoom.us/j/93398114182\n";
        assert_eq!(
            of(text).join_url.as_deref(),
            Some("https://zoom.us/j/93398114182")
        );
        assert_eq!(of("Topic: https://evil.example/j/1").join_url, None);
        let inside = "Join: https://zoom.us/j/93398114182 now";
        assert_eq!(
            of(inside).join_url.as_deref(),
            Some("https://zoom.us/j/93398114182")
        );
    }

    #[test]
    fn details_are_found_in_the_languages_that_zoom_writes() {
        for (topic, time, id, passcode) in [
            ("Thema:", "Uhrzeit:", "Meeting-ID:", "Kenncode:"),
            (
                "Sujet :",
                "Heure :",
                "ID de réunion :",
                "Code secret\u{a0}:",
            ),
            ("Tema:", "Hora:", "ID de reunión:", "Código de acceso:"),
            ("Tópico:", "Hora:", "ID da reunião:", "Senha:"),
            ("Argomento:", "Ora:", "ID riunione:", "Passcode:"),
            ("トピック：", "時間：", "ミーティングID：", "パスコード："),
            ("主题：", "时间：", "会议号：", "密码："),
            ("주제:", "시간:", "회의 ID:", "암호:"),
            (
                "Тема:",
                "Время:",
                "Идентификатор конференции:",
                "Код доступа:",
            ),
            ("Onderwerp:", "Tijd:", "Meeting-ID:", "Toegangscode:"),
            (
                "Temat:",
                "Godzina:",
                "Identyfikator spotkania:",
                "Kod dostępu:",
            ),
        ] {
            let text = format!(
                "{topic} T 1\n{time} 10:00\n\nhttps://zoom.us/j/1\n\n{id} 123 456\n{passcode} 7aX\n"
            );
            let details = Details {
                topic: Some("T 1".to_owned()),
                time: Some("10:00".to_owned()),
                join_url: Some("https://zoom.us/j/1".to_owned()),
                meeting_id: Some("123 456".to_owned()),
                passcode: Some("7aX".to_owned()),
            };
            assert_eq!(of(&text), details, "{topic}");
        }
    }
}
