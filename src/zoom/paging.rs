//! Lists: follows `next_page_token` to its end and hands each page on as it comes, so that memory does not grow with the
//! list. Begin with [`Pager`]; an action gives it one call, or several in turn (statuses, roles, months).

use super::client::{ApiCall, Zoom};
use super::model;
use super::outcome::{Answer, Outcome};
use crate::protocol::envelope::ListState;
use crate::protocol::exact;
use crate::protocol::failure::{Code, Failure};
use crate::protocol::parameter::Bounded;
use crate::protocol::scan::Scan;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};
use std::borrow::Cow;
use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::marker::PhantomData;

/// The largest page that every list of Zoom's gives.
pub const FULL_PAGE: u64 = 300;

/// The number of items that Zoom gives per request.
#[derive(Clone, Copy, Debug, Serialize, serde::Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(inline)]
pub struct PageSize(Bounded<1, FULL_PAGE>);

impl From<PageSize> for u64 {
    fn from(size: PageSize) -> Self {
        size.0.get()
    }
}

impl Default for PageSize {
    fn default() -> Self {
        Self(Bounded::LARGEST)
    }
}

/// The largest number of items that a caller wants.
#[derive(Clone, Copy, Debug, Serialize, serde::Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(inline)]
pub struct Limit(Bounded<1, { u64::MAX }>);

/// Something that Zoom lists.
pub trait Item: JsonSchema {
    /// The key of the list, in Zoom's answer and in `data`: `users`.
    const KEY: &'static str;
    /// One of them, for messages: `user`.
    const NAME: &'static str;
}

/// The `data` of a list. Its items went to the output page by page, ahead of the rest that is written here.
#[derive(Debug)]
pub struct List<T>(ListState, PhantomData<fn() -> T>);

impl<T> Serialize for List<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<T: Item> JsonSchema for List<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("{}List", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let items = model::lenient(<Vec<T>>::json_schema(generator));

        json_schema!({
            "type": "object",
            "properties": {
                T::KEY: items,
                "count": {
                    "type": "integer",
                    "minimum": 0,
                    "description": "The number of items in this answer."
                },
                "total_records": {
                    "type": "integer",
                    "minimum": 0,
                    "description": "The number that Zoom counts, where it gives one; for several queries the sum."
                },
                "complete": {
                    "type": "boolean",
                    "description": "True when nothing is left at Zoom beyond these items."
                },
            },
            "required": [T::KEY, "count", "complete"],
        })
    }
}

/// Says of an item's JSON whether it is listed.
type Filter<'z> = Box<dyn Fn(&str) -> bool + 'z>;

/// Sees the JSON of each item that is listed.
type Look<'z> = Box<dyn Fn(&str) + 'z>;

/// A list that is being read, query by query.
pub struct Pager<'z, 'a, T> {
    zoom: &'z Zoom<'a>,
    limit: u64,
    queries_left: usize,
    count: u64,
    /// The sum of `total_records` over the queries so far; none once one of them gave no figure.
    total: Option<u64>,
    /// True while the queries so far left nothing behind at Zoom.
    all: bool,
    /// The page size that Zoom accepted after it had refused a larger one.
    largest_page: u64,
    /// The key in Zoom's answer, where it is not the one in `data`.
    key: &'static str,
    keep: Option<Filter<'z>>,
    look: Option<Look<'z>>,
    extra: String,
    item: PhantomData<fn() -> T>,
}

impl<'z, 'a, T: Item> Pager<'z, 'a, T> {
    /// A list of at most `limit` items that `queries` calls make up.
    #[must_use]
    pub fn new(zoom: &'z Zoom<'a>, limit: Option<Limit>, queries: usize) -> Self {
        Self {
            zoom,
            limit: limit.map_or(u64::MAX, |limit| limit.0.get()),
            queries_left: queries,
            count: 0,
            total: Some(0),
            all: true,
            largest_page: u64::MAX,
            key: T::KEY,
            keep: None,
            look: None,
            extra: String::new(),
            item: PhantomData,
        }
    }

    /// Shows the JSON of each listed item to `look`.
    #[must_use]
    pub fn inspect(mut self, look: impl Fn(&str) + 'z) -> Self {
        self.look = Some(Box::new(look));
        self
    }

    /// Lists only items for whose JSON `keep` is true. Zoom's own count is left out then, since it counts the others too.
    #[must_use]
    pub fn filter(mut self, keep: impl Fn(&str) -> bool + 'z) -> Self {
        self.keep = Some(Box::new(keep));
        self.total = None;
        self
    }

    /// Adds `entries`, the inside of a JSON object, to each item of the queries that follow.
    pub fn tag(&mut self, entries: &[(&str, &str)]) {
        self.extra.clear();

        for (key, value) in entries {
            let text = serde_json::Value::from(*value);
            self.extra.push_str(&format!("\"{key}\":{text},"));
        }
        self.extra.pop();
    }

    /// Reads the one page of a `call` that Zoom gives whole, its items under `key`.
    ///
    /// # Errors
    /// As [`Pager::read`].
    pub fn read_whole(&mut self, key: &'static str, call: &ApiCall<'_>) -> Result<(), Failure> {
        self.queries_left = self.queries_left.saturating_sub(1);
        self.key = key;

        self.page(call, call.query.to_vec(), &mut 0).map(|_| ())
    }

    /// Reads all pages of `call`, of `page_size` items each. Once the limit is reached a query is asked for one page of
    /// one item, to learn its count and whether anything is left.
    ///
    /// # Errors
    /// Those of the requests, and `bad_answer` for a page that is none, a token that comes twice, or pages without end.
    /// The items that were handed on before stand.
    pub fn read(&mut self, call: &ApiCall<'_>, page_size: impl Into<u64>) -> Result<(), Failure> {
        let page_size = page_size.into();
        self.queries_left = self.queries_left.saturating_sub(1);

        // Neither a sum nor completeness can be learned any more.
        if self.count == self.limit && self.total.is_none() && !self.all {
            return Ok(());
        }

        let mut size = match self.limit - self.count {
            0 => 1,
            // Most items are dropped, so that small pages would cost many requests.
            _ if self.keep.is_some() => page_size,
            room => page_size.min(room),
        };

        let hasher = RandomState::new();
        let mut seen = HashSet::new();
        let mut token = String::new();
        let (mut here, mut pages_past_the_end) = (0_u64, 0);

        loop {
            size = size.min(self.largest_page);
            let mut query = call.query.to_vec();
            query.push(("page_size", size.to_string()));
            if !token.is_empty() {
                query.push(("next_page_token", token.clone()));
            }
            let page = match self.page(call, query, &mut here) {
                // Zoom's documents allow 2,000 users a page, its servers not everywhere.
                Err(failure) if refuses_page_size(&failure, size, &token) => {
                    self.largest_page = FULL_PAGE;
                    continue;
                }
                result => result?,
            };
            if page.next_page_token.is_empty() || self.count == self.limit {
                return Ok(());
            }

            if !seen.insert(hasher.hash_one(page.next_page_token.as_str())) {
                return Err(runaway_list("Zoom gave the same page token twice"));
            }
            // One page beyond the end is forgiven: the last token may lead to an empty page.
            if page.taken == 0 || page.total_records.is_some_and(|total| here >= total) {
                pages_past_the_end += 1;
                if pages_past_the_end > 1 {
                    return Err(runaway_list(
                        "Zoom gave more pages than its own count of records allows",
                    ));
                }
            }
            token = page.next_page_token;
        }
    }

    /// Reads all pages of the only `call`, and ends the list as [`Pager::finish`] does.
    ///
    /// # Errors
    /// As [`Pager::read`].
    pub fn read_all(
        mut self,
        call: &ApiCall<'_>,
        page_size: PageSize,
        of: &str,
    ) -> Answer<List<T>> {
        self.read(call, page_size)?;
        self.finish("", of)
    }

    /// Ends the list with a sentence: `Found 3 active users.` from `which` "active ", or with `of` behind it.
    ///
    /// # Errors
    /// None; an action ends with it.
    pub fn finish(self, which: &str, of: &str) -> Answer<List<T>> {
        let state = self.state();
        let message = state.sentence(&format!("{which}{}", T::NAME), of);

        Ok(Outcome::new(message, List(state, PhantomData)))
    }

    /// True while no item was handed on.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    fn state(&self) -> ListState {
        let is_last = self.queries_left == 0;

        ListState {
            count: self.count,
            total_records: self.total.filter(|_| is_last),
            complete: self.all && is_last,
        }
    }

    /// Asks for one page and hands it on; `here` counts the items of its query.
    fn page(
        &mut self,
        call: &ApiCall<'_>,
        query: Vec<(&str, String)>,
        here: &mut u64,
    ) -> Result<PageEnd, Failure> {
        let call = ApiCall {
            query: &query,
            ..*call
        };
        let zoom = self.zoom;

        zoom.read(&call, |text| {
            zoom.state().page();
            let page = self.read_page(text)?;
            self.hand_on(page, here)
        })
    }

    fn read_page<'t>(&self, text: &'t str) -> Result<Page<'t>, Failure> {
        let items = Items {
            text,
            room: self.limit - self.count,
            keep: self.keep.as_deref(),
            look: self.look.as_deref(),
            extra: &self.extra,
        };
        read_page(self.key, items)
    }

    fn hand_on(&mut self, page: Page<'_>, here: &mut u64) -> Result<PageEnd, Failure> {
        self.count += page.kept;
        *here += page.taken;
        let (total_before, all_before) = (self.total, self.all);

        let at_end = page.next_page_token.is_empty() || page.total_records == Some(*here);
        self.all = all_before && at_end && !page.cut;
        self.total = total_before
            .zip(page.total_records)
            .and_then(|(a, b)| a.checked_add(b));

        if page.next_page_token.is_empty() && !page.cut {
            self.check_count(page.total_records, *here);
        }

        self.zoom.sink().items(T::KEY, &page.inside, self.state())?;

        // The next page of this query brings these figures anew.
        if !page.next_page_token.is_empty() && self.count < self.limit {
            (self.total, self.all) = (total_before, all_before);
        }

        Ok(PageEnd {
            next_page_token: page.next_page_token,
            taken: page.taken,
            total_records: page.total_records,
        })
    }

    /// Warns when Zoom ends a list before its own count.
    fn check_count(&mut self, total: Option<u64>, here: u64) {
        if let Some(total) = total.filter(|total| *total > here) {
            self.all = false;
            self.zoom.state().warn(format!(
                "Zoom counts {total} in the list of {}s, but its pages end after {here}.",
                T::NAME
            ));
        }
    }
}

/// Returns a filter for items whose text under `key` is `wanted`, in any case.
pub fn field_is(key: &'static str, wanted: &str) -> impl Fn(&str) -> bool + 'static {
    let wanted = wanted.to_lowercase();

    move |item| {
        exact::field(item, key)
            .and_then(|value| Some(value.as_str()?.to_lowercase()))
            .is_some_and(|value| value == wanted)
    }
}

/// True where Zoom may have refused the size of a first page, and a smaller one is worth a try.
fn refuses_page_size(failure: &Failure, size: u64, token: &str) -> bool {
    size > FULL_PAGE && token.is_empty() && failure.code == Code::Rejected
}

fn runaway_list(what: &str) -> Failure {
    Failure::new(Code::BadAnswer, format!("{what}; the list was given up."))
        .hint("Run the action again; if it stays, report it to Zoom.")
}

/// The part of a page that decides how the list goes on.
struct PageEnd {
    next_page_token: String,
    taken: u64,
    total_records: Option<u64>,
}

/// One page.
#[derive(Debug, PartialEq, Eq)]
struct Page<'t> {
    /// The inside of its array of items, up to the room there was: byte for byte where nothing is left out or added.
    inside: Cow<'t, str>,
    /// The number of items in `inside`.
    kept: u64,
    /// The number of items that were looked at.
    taken: u64,
    /// True when items were left out for want of room.
    cut: bool,
    next_page_token: String,
    total_records: Option<u64>,
}

/// Reads a page in one pass, its items under `key`.
fn read_page<'t>(key: &'static str, items: Items<'t, '_>) -> Result<Page<'t>, Failure> {
    let mut scan = Scan::new(items.text);

    read_entries(key, items, &mut scan).map_err(|reason| {
        let reason = reason.unwrap_or_else(|| {
            let at = scan.at();
            format!("it is no JSON, nested too deep, or holds a number too large, at byte {at}")
        });
        let message = format!("Zoom's answer is no page of `{key}`.");
        Failure::new(Code::BadAnswer, message).caused_by(vec![reason])
    })
}

/// Reads the entries of a page; fails with a reason, or with none where the text is not as JSON has to be.
fn read_entries<'t>(
    key: &'static str,
    items: Items<'t, '_>,
    scan: &mut Scan<'t>,
) -> Result<Page<'t>, Option<String>> {
    let (mut page, mut next_page_token, mut total_records) = (None, String::new(), None);
    let mut is_first = true;

    scan.enter(b'{').ok_or(None)?;
    while scan.has_more(b'}', is_first).ok_or(None)? {
        is_first = false;
        let name = scan.key().ok_or(None)?;
        let name: Cow<'_, str> = serde_json::from_str(name).map_err(told)?;
        if name == key {
            page = Some(items.read(scan)?);
            continue;
        }

        let value = scan.value().ok_or(None)?;
        match &*name {
            "next_page_token" => {
                let token: Option<String> = serde_json::from_str(value).map_err(told)?;
                next_page_token = token.unwrap_or_default();
            }
            // Read leniently: a count that is no number is as good as none.
            "total_records" => total_records = serde_json::from_str(value).ok(),
            _ => {}
        }
    }
    scan.end().ok_or(None)?;

    let page = page.ok_or_else(|| Some(format!("missing field `{key}`")))?;
    Ok(Page {
        next_page_token,
        total_records,
        ..page
    })
}

fn told(error: serde_json::Error) -> Option<String> {
    Some(error.to_string())
}

/// The items of a page, and what becomes of them.
#[derive(Clone, Copy)]
struct Items<'t, 'k> {
    /// The whole page, of which the items are a part.
    text: &'t str,
    room: u64,
    keep: Option<&'k dyn Fn(&str) -> bool>,
    look: Option<&'k dyn Fn(&str)>,
    /// Entries to add to each item.
    extra: &'k str,
}

impl<'t> Items<'t, '_> {
    /// Reads the list of objects at the cursor.
    fn read(self, scan: &mut Scan<'t>) -> Result<Page<'t>, Option<String>> {
        let rebuilds = self.keep.is_some() || !self.extra.is_empty();
        let mut built = String::new();
        let (mut start, mut end, mut kept, mut taken, mut cut) = (0, 0, 0, 0, false);
        let mut is_first = true;

        let no_list = || Some("the list is of another kind".to_owned());
        scan.enter(b'[').ok_or_else(no_list)?;
        while scan.has_more(b']', is_first).ok_or(None)? {
            is_first = false;
            let item = scan.value().ok_or(None)?;
            if !item.starts_with('{') {
                return Err(Some(
                    "the list holds something that is no object".to_owned(),
                ));
            }

            if kept == self.room {
                cut = true;
                continue;
            }
            taken += 1;
            if self.keep.is_some_and(|keep| !keep(item)) {
                continue;
            }
            if let Some(look) = self.look {
                look(item);
            }

            if rebuilds {
                push_item(&mut built, item, self.extra);
            } else if kept == 0 {
                start = scan.at() - item.len();
            }
            end = scan.at();
            kept += 1;
        }

        let inside = if rebuilds {
            Cow::Owned(built)
        } else {
            Cow::Borrowed(self.text.get(start..end).unwrap_or_default())
        };
        Ok(Page {
            inside,
            kept,
            taken,
            cut,
            next_page_token: String::new(),
            total_records: None,
        })
    }
}

/// Appends an object to the inside of a list, with `extra` entries at its end.
fn push_item(list: &mut String, item: &str, extra: &str) {
    if !list.is_empty() {
        list.push(',');
    }

    let open = item.strip_suffix('}').unwrap_or(item).trim_end();
    list.push_str(open);

    if !extra.is_empty() {
        if !open.ends_with('{') {
            list.push(',');
        }
        list.push_str(extra);
    }

    list.push('}');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(array: &str, room: u64) -> Result<(String, u64, bool), Code> {
        let text = format!(r#"{{"a":[1], "users": {array} ,"next_page_token":""}}"#);
        read_page("users", plain(&text, room))
            .map(|page| (page.inside.into_owned(), page.taken, page.cut))
            .map_err(|failure| failure.code)
    }

    fn plain(text: &str, room: u64) -> Items<'_, '_> {
        Items {
            text,
            room,
            keep: None,
            look: None,
            extra: "",
        }
    }

    #[test]
    fn page_items_are_filtered_and_tagged_on_request() {
        let text = r#"{"users":[{"a":1},{"b":2}, { } ,{"a":3}]}"#;
        let keep = |item: &str| !item.contains('b');
        let items = Items {
            text,
            room: 2,
            keep: Some(&keep),
            look: None,
            extra: r#""t":"x""#,
        };
        let page = read_page("users", items).unwrap_or_else(|failure| panic!("{failure}"));
        assert_eq!(page.inside, r#"{"a":1,"t":"x"},{"t":"x"}"#);
        assert_eq!((page.kept, page.taken, page.cut), (2, 3, true));
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
                read_page("users", plain(text, 9)).map_err(|failure| failure.code),
                Err(Code::BadAnswer),
                "{text}"
            );
        }
        let answer = r#"{"users":[],"total_records":"many","next_page_token":null}"#;
        let page =
            read_page("users", plain(answer, 9)).unwrap_or_else(|failure| panic!("{failure}"));
        assert_eq!(
            (page.next_page_token.as_str(), page.total_records),
            ("", None)
        );
    }
}
