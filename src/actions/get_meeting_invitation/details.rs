//! Finds topic, time, link, number and passcode in an invitation's text, line by line: Zoom writes it in the host's language,
//! and the topic is anybody's words. Begin with the labels.

use crate::protocol::parameter::MeetingId;
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

/// Reads the text of the invitation to meeting `number` line by line: `Topic: ...`, `Meeting ID: ...`. Of the links to join
/// by, one with the meeting's number comes before others, and one alone on its line before one among words.
pub fn of(text: &str, number: u64) -> Details {
    let mut found = Details::default();
    let mut best = 0;

    for line in text.lines().map(str::trim) {
        let labelled = label(line);
        let value = |labels: &[&str]| {
            let (label, value) = labelled.as_ref()?;
            (labels.contains(&label.as_str()) && !value.is_empty()).then(|| (*value).to_owned())
        };

        found.time = found.time.or_else(|| value(TIME));
        found.meeting_id = found.meeting_id.or_else(|| value(MEETING_ID));
        found.passcode = found.passcode.or_else(|| value(PASSCODE));
        if let Some(topic) = value(TOPIC) {
            // The topic may be anybody's words: a link in it leads anywhere.
            found.topic = found.topic.or(Some(topic));
            continue;
        }

        for word in line
            .split_whitespace()
            .map(bare)
            .filter(|word| is_link(word))
        {
            let is_meetings = MeetingId::parse(word).is_some_and(|id| id.number() == number);
            let rank = 1 + 2 * u8::from(is_meetings) + u8::from(word == line);
            if rank > best {
                best = rank;
                found.join_url = Some(word.to_owned());
            }
        }
    }
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

/// Returns a word without the brackets and stops that people put around a link.
fn bare(word: &str) -> &str {
    let word = word.trim_start_matches(['<', '(', '[', '"', '\'']);
    word.trim_end_matches(['>', ')', ']', '"', '\'', '.', ',', ';', '!'])
}

/// True for a link of Zoom's to join a meeting by; a start link (`/s/`) would make whoever follows it the host.
fn is_link(word: &str) -> bool {
    let Some((host, path)) = word
        .strip_prefix("https://")
        .and_then(|rest| rest.split_once('/'))
    else {
        return false;
    };

    let host = host.to_ascii_lowercase();
    let is_zooms = ["zoom.us", "zoomgov.com"].iter().any(|zoom| {
        let rest = host.strip_suffix(zoom);
        rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    });
    // An address such as `zoom.us@evil.example` has no plain host.
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    let is_to_join = ["j/", "my/", "w/"]
        .iter()
        .any(|start| path.starts_with(start));
    is_zooms && is_to_join && host.chars().all(is_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_are_found_in_the_text_and_null_where_not() {
        let text = "Jane is inviting you to a scheduled Zoom meeting.\r\n\r\nTopic: Weekly: plans\r\nTime: Nov 25, 2026 10:00 AM\r\n\r\nJoin Zoom Meeting\r\nhttps://us02web.zoom.us/j/85746065432?pwd=abc\r\n\r\nMeeting ID: 857 4606 5432\r\nPasscode: 7aX\r\n\r\n---\r\nMeeting ID: 999";
        let found = of(text, 85_746_065_432);
        assert_eq!(found.topic.as_deref(), Some("Weekly: plans"));
        assert_eq!(found.time.as_deref(), Some("Nov 25, 2026 10:00 AM"));
        assert_eq!(
            found.join_url.as_deref(),
            Some("https://us02web.zoom.us/j/85746065432?pwd=abc")
        );
        assert_eq!(found.meeting_id.as_deref(), Some("857 4606 5432"));
        assert_eq!(found.passcode.as_deref(), Some("7aX"));
        assert_eq!(of("Willkommen", 1), Details::default());
    }

    #[test]
    fn a_link_in_the_topic_is_not_the_way_in() {
        let text = "Topic: see https://evil.example/j/1\nTime: x\nJoin Zoom Meeting\nhttps://zoom.us/j/93398114182\n";
        assert_eq!(
            of(text, 93_398_114_182).join_url.as_deref(),
            Some("https://zoom.us/j/93398114182")
        );
        assert_eq!(of("Topic: https://zoom.us/j/1", 1).join_url, None);
        let inside = "Join: https://zoom.us/j/93398114182 now";
        assert_eq!(
            of(inside, 93_398_114_182).join_url.as_deref(),
            Some("https://zoom.us/j/93398114182")
        );
    }

    #[test]
    fn join_url_is_zooms_link_to_this_meeting_and_starts_none() {
        let number = 93_398_114_182;
        let link = |text: &str| of(text, number).join_url;
        let own = "https://us02web.zoom.us/j/93398114182?pwd=a.1";

        for text in [
            format!("https://zoom.us/j/11111111111\n{own}"),
            format!("https://us02web.zoom.us/my/jane\nJoin: {own}"),
            format!("https://zoom.us/s/93398114182?zak=x\n<{own}>."),
            format!("Topic: https://zoom.us/j/93398114182?pwd=evil\n\n{own}"),
            format!("https://evil.example/j/93398114182\n{own}"),
        ] {
            assert_eq!(link(&text).as_deref(), Some(own), "{text}");
        }
        for text in [
            "https://evil.example/j/93398114182",
            "https://zoom.us.evil.example/j/93398114182",
            "https://notzoom.us/j/93398114182",
            "https://zoom.us@evil.example/j/93398114182",
            "https://evil.example#.zoom.us/j/93398114182",
            "https://zoom.us:443@evil.example/j/93398114182",
            "https://zoom.us/s/93398114182",
            "http://zoom.us/j/93398114182",
        ] {
            assert_eq!(link(text), None, "{text}");
        }
        assert_eq!(
            link("https://x.zoomgov.com/my/jane").as_deref(),
            Some("https://x.zoomgov.com/my/jane")
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
            assert_eq!(of(&text, 1), details, "{topic}");
        }
    }
}
