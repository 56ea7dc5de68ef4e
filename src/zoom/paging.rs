//! Lists: follows `next_page_token` to its end and passes each page on as it comes. Knows how Zoom pages; keeps no item.

use super::client::{ApiCall, Zoom};
use super::model;
use crate::protocol::envelope::ListState;
use crate::protocol::failure::{Code, Failure};
use crate::protocol::json;
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::marker::PhantomData;

/// The largest page that every list of Zoom's gives.
#[must_use]
pub const fn full_page() -> u64 {
    300
}

/// The items of a list that went to the output ahead of the rest of the answer; documented as a list of `T`.
#[derive(Debug)]
pub struct Streamed<T>(PhantomData<fn() -> T>);

impl<T> Streamed<T> {
    /// Stands in the items' place.
    #[must_use]
    #[expect(
        clippy::new_without_default,
        reason = "it stands for something that was done"
    )]
    pub const fn new() -> Self {
        Self(PhantomData)
    }

    /// True: they did.
    #[must_use]
    pub const fn skip(&self) -> bool {
        true
    }
}

impl<T> Serialize for Streamed<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}

impl<T: JsonSchema> JsonSchema for Streamed<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        <Vec<T>>::schema_name()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        model::lenient(<Vec<T>>::json_schema(generator))
    }
}

/// A list that is being read: what was written, and where it ends.
pub struct Pager<'z, 'a> {
    zoom: &'z Zoom<'a>,
    key: &'static str,
    limit: u64,
    count: u64,
    /// The sum of `total_records` over the queries that were finished.
    total_before: Option<u64>,
    /// True while the queries that were finished left nothing behind.
    all_before: bool,
}

impl<'z, 'a> Pager<'z, 'a> {
    /// A list whose items Zoom gives under `key`, of at most `limit` items.
    #[must_use]
    pub fn new(zoom: &'z Zoom<'a>, key: &'static str, limit: Option<u64>) -> Self {
        Self {
            zoom,
            key,
            limit: limit.unwrap_or(u64::MAX),
            count: 0,
            total_before: Some(0),
            all_before: true,
        }
    }

    /// Reads all pages of `call`, whose query must hold no page token. `more` says that another query follows. Once the
    /// limit is reached the queries that follow are asked for their first page only, and none of it is kept: how many
    /// there are, and whether any are left, is told all the same.
    ///
    /// # Errors
    /// What a page's request ends with, and `bad_answer` for a page that is none, a token that comes twice, or pages
    /// without end. What was passed on before stands.
    pub fn read(&mut self, call: &ApiCall<'_>, more: bool) -> Result<ListState, Failure> {
        let hasher = RandomState::new();
        let mut seen = HashSet::new();
        let mut token = String::new();
        let (mut here, mut pages_past_the_end) = (0_u64, 0);
        loop {
            let mut query = call.query.to_vec();
            if !token.is_empty() {
                query.push(("next_page_token", std::mem::take(&mut token)));
            }
            let (zoom, room) = (self.zoom, self.limit - self.count);
            let Turned {
                state,
                next_page_token,
                taken,
                total_records,
            } = zoom.read(
                &ApiCall {
                    query: &query,
                    ..*call
                },
                |text| {
                    zoom.state().page();
                    self.turn(read_page(text, self.key, room)?, &mut here, more)
                },
            )?;
            if next_page_token.is_empty() || self.count == self.limit {
                return Ok(state);
            }
            if !seen.insert(hasher.hash_one(next_page_token.as_str())) {
                return Err(endless("Zoom gave the same page token twice"));
            }
            // One page beyond the end is forgiven: the last token may lead to an empty page.
            if taken == 0 || total_records.is_some_and(|total| here >= total) {
                pages_past_the_end += 1;
                if pages_past_the_end > 1 {
                    return Err(endless(
                        "Zoom gave more pages than its own count of records allows",
                    ));
                }
            }
            token = next_page_token;
        }
    }

    /// Passes a page on and counts it; `here` counts the items of its query.
    fn turn(&mut self, page: Page<'_>, here: &mut u64, more: bool) -> Result<Turned, Failure> {
        let Page {
            inside,
            taken,
            cut,
            next_page_token,
            total_records,
        } = page;
        self.count += taken;
        *here += taken;
        let total = self
            .total_before
            .zip(total_records)
            .and_then(|(before, total)| before.checked_add(total));
        let at_end = next_page_token.is_empty() || total_records == Some(*here);
        let all_here = self.all_before && at_end && !cut;
        let state = ListState {
            count: self.count,
            total_records: total.filter(|_| !more),
            complete: all_here && !more,
        };
        self.zoom.sink().items(self.key, inside, state)?;
        if next_page_token.is_empty() || self.count == self.limit {
            (self.total_before, self.all_before) = (total, all_here);
        }
        Ok(Turned {
            state,
            next_page_token,
            taken,
            total_records,
        })
    }
}

/// What is known once a page was passed on.
struct Turned {
    state: ListState,
    next_page_token: String,
    taken: u64,
    total_records: Option<u64>,
}

fn endless(what: &str) -> Failure {
    Failure::new(Code::BadAnswer, format!("{what}; the list was given up."))
        .hint("Run the action again; if it stays, report it to Zoom.")
}

/// One page.
#[derive(Debug, PartialEq, Eq)]
struct Page<'t> {
    /// The inside of its array of items, byte for byte, up to the room there was.
    inside: &'t str,
    /// How many items that is.
    taken: u64,
    /// Some were left out.
    cut: bool,
    next_page_token: String,
    total_records: Option<u64>,
}

/// Reads a page in one pass, its items up to `room`.
fn read_page<'t>(text: &'t str, key: &'static str, room: u64) -> Result<Page<'t>, Failure> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let page = deserializer.deserialize_map(PageVisitor { key, text, room });
    page.and_then(|page| deserializer.end().map(|()| page))
        .map_err(|error| {
            Failure::new(
                Code::BadAnswer,
                format!("Zoom's answer is no page of `{key}`."),
            )
            .caused_by(vec![error.to_string()])
        })
}

struct PageVisitor<'t> {
    key: &'static str,
    text: &'t str,
    room: u64,
}

impl<'de, 't> Visitor<'de> for PageVisitor<'t> {
    type Value = Page<'t>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object with `{}`", self.key)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Page<'t>, A::Error> {
        let (mut items, mut next_page_token, mut total_records) = (None, String::new(), None);
        while let Some(key) = entries.next_key::<Cow<'de, str>>()? {
            match key.as_ref() {
                "next_page_token" => {
                    next_page_token = entries.next_value::<Option<String>>()?.unwrap_or_default()
                }
                // Read leniently: a count that is no number is as good as none.
                "total_records" => {
                    total_records = entries.next_value::<serde_json::Value>()?.as_u64()
                }
                key if key == self.key => {
                    items = Some(entries.next_value_seed(Items {
                        text: self.text,
                        room: self.room,
                    })?);
                }
                _ => {
                    entries.next_value::<IgnoredAny>()?;
                }
            }
        }
        let (inside, taken, cut) = items.ok_or_else(|| A::Error::missing_field(self.key))?;
        Ok(Page {
            inside,
            taken,
            cut,
            next_page_token,
            total_records,
        })
    }
}

/// An array of objects: its inside up to `room` of them, how many, and whether some were left out.
struct Items<'t> {
    text: &'t str,
    room: u64,
}

impl<'de, 't> DeserializeSeed<'de> for Items<'t> {
    type Value = (&'t str, u64, bool);
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, 't> Visitor<'de> for Items<'t> {
    type Value = (&'t str, u64, bool);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        // Where in the text an item stands: it is borrowed from there.
        let offset =
            |item: &str| (item.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        let (mut start, mut end, mut taken, mut cut) = (0, 0, 0, false);
        while let Some(item) = items.next_element::<&'de RawValue>()? {
            let item = item.get();
            if !item.starts_with('{') {
                return Err(A::Error::custom(
                    "the list holds something that is no object",
                ));
            }
            if !json::is_plain(item) && !json::is_relayable(item.as_bytes()) {
                return Err(A::Error::custom(
                    "the list holds something nested too deep, or a number too large",
                ));
            }
            if taken == self.room {
                cut = true;
                continue;
            }
            if taken == 0 {
                start = offset(item);
            }
            end = offset(item) + item.len();
            taken += 1;
        }
        Ok((self.text.get(start..end).unwrap_or_default(), taken, cut))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(array: &str, room: u64) -> Result<(String, u64, bool), Code> {
        let text = format!(r#"{{"a":[1], "users": {array} ,"next_page_token":""}}"#);
        read_page(&text, "users", room)
            .map(|page| (page.inside.to_owned(), page.taken, page.cut))
            .map_err(|failure| failure.code)
    }

    #[test]
    fn a_page_is_cut_at_the_limit_and_passed_on_as_it_came() {
        let array = r#"[ {"a": 1.50}, {"b":"]"} ]"#;
        assert_eq!(
            page(array, 9),
            Ok((r#"{"a": 1.50}, {"b":"]"}"#.to_owned(), 2, false))
        );
        assert_eq!(page(array, 1), Ok((r#"{"a": 1.50}"#.to_owned(), 1, true)));
        assert_eq!(page(array, 0), Ok((String::new(), 0, true)));
        assert_eq!(page("[]", 1), Ok((String::new(), 0, false)));
        for bad in ["[[]]", "{}", "null", "[1]", "[{]"] {
            assert_eq!(page(bad, 1), Err(Code::BadAnswer), "{bad}");
        }
        assert_eq!(
            page("[[1]]", 0),
            Err(Code::BadAnswer),
            "what is left out is looked at too"
        );
        for inside in [
            "1E999".to_owned(),
            format!("{}1{}", "[".repeat(200), "]".repeat(200)),
            "9".repeat(400),
        ] {
            assert_eq!(
                page(&format!("[{{\"a\":{inside}}}]"), 9),
                Err(Code::BadAnswer),
                "{inside}"
            );
        }
    }

    #[test]
    fn a_page_without_its_list_is_no_page() {
        for text in [r#"{"next_page_token":""}"#, r#"{"users":[]} x"#] {
            assert_eq!(
                read_page(text, "users", 9).map_err(|failure| failure.code),
                Err(Code::BadAnswer),
                "{text}"
            );
        }
        let answer = r#"{"users":[],"total_records":"many","next_page_token":null}"#;
        let page = read_page(answer, "users", 9).unwrap_or_else(|failure| panic!("{failure}"));
        assert_eq!(
            (page.next_page_token.as_str(), page.total_records),
            ("", None)
        );
    }
}
