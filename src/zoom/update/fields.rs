//! The table that describes an update: one row for each parameter, with its place in Zoom's body, its type and its
//! description. Begin with [`Field`]; schema, form, checks, body, comparison and rollback all walk these rows.

use crate::protocol::json::kind as json_kind;
use crate::protocol::parameter::LOGIN_TYPES;
use crate::protocol::suggest::quoted;
use schemars::{Schema, json_schema};
use serde_json::{Map, Value, json};

/// The type of a value, with its bounds.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// On or off.
    Flag,
    /// A whole number between two bounds.
    Integer(i64, i64),
    /// One of some numbers, each with its meaning, which may be blank.
    Number(&'static [(i64, &'static str)]),
    /// A text of at most so many characters.
    Text(usize),
    /// A text of at least and at most so many characters.
    Length(usize, usize),
    /// One of some words. Any case is accepted.
    Word(&'static [&'static str]),
    /// An id or a code of Zoom's.
    Identifier,
    /// A user's id or email address.
    User,
    /// A meeting's number.
    Meeting,
    /// A host key of 6 to 10 digits.
    HostKey,
    /// A time, in UTC or in the time zone beside it.
    Time,
    /// The name of a time zone.
    Zone,
    /// A phone number. Zoom may write it with other spaces and dashes.
    Phone,
    /// Email addresses, ids or domains in one text, separated by commas or semicolons, in no particular order.
    Addresses,
    /// Days of the week in one text, separated by commas, in no particular order.
    Days,
    /// A list of at most so many values of one type, in no particular order.
    List(&'static Self, usize),
    /// A list of objects.
    Objects(Objects),
    /// An object.
    Object(Object),
}

/// The fields of an object that Zoom documents; more may be sent.
#[derive(Clone, Copy, Debug, Default)]
pub struct Object {
    /// The names of the fields that are on or off, separated by white space.
    pub flags: &'static str,
    /// The other fields.
    pub fields: &'static [(&'static str, Kind)],
    /// The fields without which Zoom refuses the object.
    pub required: &'static [&'static str],
}

/// A list of objects that Zoom documents.
#[derive(Clone, Copy, Debug)]
pub struct Objects {
    /// The fields of each object.
    pub each: Object,
    /// The largest number of objects.
    pub most: usize,
    /// The fields that tell the objects apart: a change touches only the objects that it names. Where there are none,
    /// the list replaces the one before.
    pub keys: &'static [&'static str],
}

/// No bound on a text or a list.
pub const ANY: usize = usize::MAX;

/// The most characters of an [`Kind::Identifier`].
pub const IDENTIFIER: usize = 512;

/// A text without a bound.
pub const TEXT: Kind = Kind::Text(ANY);

/// A whole number from zero.
pub const COUNT: Kind = Kind::Integer(0, i64::MAX);

/// A list of texts.
pub const TEXTS: Kind = Kind::List(&TEXT, ANY);

/// An object whose fields Zoom documents.
#[must_use]
pub const fn object(flags: &'static str, fields: &'static [(&'static str, Kind)]) -> Kind {
    Kind::Object(Object {
        flags,
        fields,
        required: &[],
    })
}

/// A list of objects that replaces the one before.
#[must_use]
pub const fn objects(fields: &'static [(&'static str, Kind)]) -> Kind {
    Kind::Objects(Objects {
        each: Object {
            flags: "",
            fields,
            required: &[],
        },
        most: ANY,
        keys: &[],
    })
}

impl Object {
    /// Returns the type of the field `name`; `None` where Zoom documents none.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<Kind> {
        let listed = self.fields.iter().find(|(known, _)| *known == name);
        let flag = || self.flags.split_ascii_whitespace().any(|flag| flag == name);
        listed
            .map(|(_, kind)| *kind)
            .or_else(|| flag().then_some(Kind::Flag))
    }

    /// Returns all documented fields.
    pub fn all(&self) -> impl Iterator<Item = (&'static str, Kind)> {
        let flags = self.flags.split_ascii_whitespace();
        flags
            .map(|name| (name, Kind::Flag))
            .chain(self.fields.iter().copied())
    }
}

/// The part that a parameter plays.
#[derive(Clone, Copy, Debug)]
pub enum Role {
    /// Identifies the object; the caller has to give it.
    RequiredIdentity,
    /// Identifies the object, or the form of its body.
    Identity,
    /// Goes into the query of the change.
    Query,
    /// Turns something of ours on or off, and is this by default.
    Switch(bool),
    /// Goes into the body, to a path of its own in each form of the body that has the field.
    Body(Places),
    /// Goes into the body at this path, field by field.
    Settings(&'static str),
    /// Lists the fields to empty.
    Clear,
}

/// The path of a field in Zoom's body.
#[derive(Clone, Copy, Debug)]
pub struct Places {
    /// The dotted path in the usual form of the body.
    pub usual: Option<&'static str>,
    /// The paths in the forms that a value of `option` selects.
    pub by_option: &'static [(&'static str, &'static str)],
}

/// The path in Zoom's answer that shows a field of the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// At the same path.
    SamePath,
    /// The host of the meeting, as `host_id` and `host_email`.
    Host,
    /// The last step of the address at this path.
    LastStep(&'static str),
    /// The list at this path holds it.
    Member(&'static str),
}

/// One parameter.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The name.
    pub name: &'static str,
    /// The part that it plays.
    pub role: Role,
    /// The type.
    pub kind: Kind,
    /// The description. The meanings of numbers are added to it.
    pub doc: &'static str,
    /// The label on the platform's form, where its words do not make a good one.
    pub label: Option<&'static str>,
    /// An example, as JSON text.
    pub example: Option<&'static str>,
    /// The path in Zoom's answer that shows it.
    pub shown: Shown,
    /// True for a field of the platform's form.
    pub on_form: bool,
}

/// A field at `path` of the body; the rest as most fields have it.
#[must_use]
pub const fn field(name: &'static str, path: &'static str, kind: Kind, doc: &'static str) -> Field {
    let places = Places {
        usual: Some(path),
        by_option: &[],
    };
    parameter(name, Role::Body(places), kind, doc)
}

/// A field that has its name at the top of the body.
#[must_use]
pub const fn same(name: &'static str, kind: Kind, doc: &'static str) -> Field {
    field(name, name, kind, doc)
}

/// A [`field`] that has its name inside a block of the body.
macro_rules! inside {
    ($block:literal, $name:literal, $kind:expr, $doc:expr $(,)?) => {
        $crate::zoom::update::fields::field($name, concat!($block, ".", $name), $kind, $doc)
    };
}
pub(crate) use inside;

/// The parameter that takes all other fields, at `root` of the body, with an example.
#[must_use]
pub const fn settings(root: &'static str, doc: &'static str, example: &'static str) -> Field {
    parameter("settings", Role::Settings(root), object("", &[]), doc).example(example)
}

/// A field that only some values of `option` have, each with its path.
#[must_use]
pub const fn with_option(
    name: &'static str,
    by_option: &'static [(&'static str, &'static str)],
    kind: Kind,
    doc: &'static str,
) -> Field {
    let places = Places {
        usual: None,
        by_option,
    };
    parameter(name, Role::Body(places), kind, doc)
}

/// A parameter with the given parts.
#[must_use]
pub const fn parameter(name: &'static str, role: Role, kind: Kind, doc: &'static str) -> Field {
    Field {
        name,
        role,
        kind,
        doc,
        label: None,
        example: None,
        shown: Shown::SamePath,
        on_form: true,
    }
}

impl Field {
    /// The same field with a label for the form.
    #[must_use]
    pub const fn label(self, label: &'static str) -> Self {
        Self {
            label: Some(label),
            ..self
        }
    }

    /// The same field with an example, as JSON text.
    #[must_use]
    pub const fn example(self, example: &'static str) -> Self {
        Self {
            example: Some(example),
            ..self
        }
    }

    /// The same field, which some values of `option` have as well, each with its path.
    #[must_use]
    pub const fn also(self, by_option: &'static [(&'static str, &'static str)]) -> Self {
        match self.role {
            Role::Body(Places { usual, .. }) => Self {
                role: Role::Body(Places { usual, by_option }),
                ..self
            },
            _ => self,
        }
    }

    /// The same field, shown elsewhere in Zoom's answer.
    #[must_use]
    pub const fn shown(self, shown: Shown) -> Self {
        Self { shown, ..self }
    }

    /// The same field, left off the platform's form.
    #[must_use]
    pub const fn off_form(self) -> Self {
        Self {
            on_form: false,
            ..self
        }
    }

    /// Returns the forms of the body that have the field, each with the path there.
    pub fn places(&self) -> impl Iterator<Item = (Option<&'static str>, &'static str)> + use<> {
        let (usual, by_option) = match self.role {
            Role::Body(places) => (places.usual, places.by_option),
            _ => (None, [].as_slice()),
        };
        let usual = usual.into_iter().map(|path| (None, path));
        usual.chain(by_option.iter().map(|(form, path)| (Some(*form), *path)))
    }

    /// Returns the path in the body's `form`; `None` where that form has no such field.
    #[must_use]
    pub fn path(&self, form: Option<&str>) -> Option<&'static str> {
        let mut places = self.places();
        places
            .find(|(known, _)| *known == form)
            .map(|(_, path)| path)
    }

    /// Returns the value that empties the field; `None` for one that `clear` can't empty.
    #[must_use]
    pub fn empty(&self) -> Option<Value> {
        let is_text = matches!(self.shown, Shown::SamePath | Shown::LastStep(_));
        self.kind
            .empty()
            .filter(|_| is_text && matches!(self.role, Role::Body(_)))
    }
}

/// All that an update consists of, beside its endpoints.
#[derive(Debug)]
pub struct Table {
    /// The name of the parameters' schema.
    pub name: &'static str,
    /// The description of the action.
    pub about: &'static str,
    /// The parameters, in the order of the form.
    pub parameters: &'static [Field],
    /// The names of the parameters, as [`names`] makes them.
    pub names: &'static [&'static str],
    /// The fields that Zoom documents inside `settings`, by form, those that are parameters included.
    pub settings: &'static [(Option<&'static str>, Object)],
}

/// Returns the names of `fields`.
#[must_use]
pub const fn names<const N: usize>(fields: &[Field]) -> [&'static str; N] {
    let mut names = [""; N];
    let mut index = 0;
    #[expect(
        clippy::indexing_slicing,
        reason = "runs at build time, where a slip is an error"
    )]
    while index < N {
        names[index] = fields[index].name;
        index += 1;
    }

    names
}

/// Returns the fields of `parts`, one part behind the other.
#[must_use]
pub const fn join<const N: usize>(parts: &[&[Field]]) -> [Field; N] {
    let mut all = [SHOW_SECRETS; N];
    let (mut index, mut part, mut inside) = (0, 0, 0);
    #[expect(
        clippy::indexing_slicing,
        reason = "runs at build time, where a slip is an error"
    )]
    while part < parts.len() {
        if inside < parts[part].len() {
            all[index] = parts[part][inside];
            index += 1;
            inside += 1;
        } else {
            part += 1;
            inside = 0;
        }
    }

    all
}

impl Table {
    /// Returns the row of the parameter `name`.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&'static Field> {
        self.parameters.iter().find(|field| field.name == name)
    }

    /// Returns the row of the field at `path` in the body's `form`.
    #[must_use]
    pub fn at(&self, path: &str, form: Option<&str>) -> Option<&'static Field> {
        self.parameters
            .iter()
            .find(|field| field.path(form) == Some(path))
    }

    /// True for an update, which needs at least one change; what makes a new object needs none.
    #[must_use]
    pub fn is_update(&self) -> bool {
        let mut roles = self.parameters.iter().map(|field| field.role);
        roles.any(|role| matches!(role, Role::Clear))
    }

    /// Returns the path in the body at which `settings` stands; `None` for an update without.
    #[must_use]
    pub fn settings_root(&self) -> Option<&'static str> {
        self.parameters.iter().find_map(|field| match field.role {
            Role::Settings(root) => Some(root),
            _ => None,
        })
    }

    /// Returns what is documented inside `settings` of the body's `form`.
    #[must_use]
    pub fn documented(&self, form: Option<&str>) -> Option<&'static Object> {
        let found = self.settings.iter().find(|(known, _)| *known == form);
        found.map(|(_, object)| object)
    }
}

impl Kind {
    /// Returns the value that empties a field of this type; `None` where there is none.
    #[must_use]
    pub fn empty(&self) -> Option<Value> {
        match self {
            Self::Text(_) | Self::Length(..) | Self::Identifier | Self::Phone | Self::Addresses => {
                Some(Value::String(String::new()))
            }
            Self::List(..) | Self::Objects(_) => Some(Value::Array(Vec::new())),
            _ => None,
        }
    }

    /// Returns `value` in the form that Zoom knows: a choice may be written in any case.
    #[must_use]
    pub fn normalized(&self, value: Value) -> Value {
        match (self, &value) {
            (Self::Word(words), Value::String(text)) => {
                let same = |word: &&&str| word.eq_ignore_ascii_case(text.trim());
                words
                    .iter()
                    .find(same)
                    .map_or(value, |word| Value::from(*word))
            }
            _ => value,
        }
    }

    /// Checks `value`, which stands at `path` in the parameters, and notes fields that Zoom does not document.
    ///
    /// # Errors
    /// The path at fault, and what was expected there, as the rest of a sentence.
    pub fn check(
        &self,
        value: &Value,
        path: &str,
        undocumented: &mut Vec<String>,
    ) -> Result<(), Misfit> {
        let fits = match (self, value) {
            (Self::Flag, Value::Bool(_)) => true,
            (Self::Integer(least, most), Value::Number(_)) => {
                whole(value).is_some_and(|number| (*least..=*most).contains(&number))
            }
            (Self::Number(choices), Value::Number(_)) => {
                whole(value).is_some_and(|number| choices.iter().any(|(known, _)| *known == number))
            }
            (Self::Word(words), Value::String(text)) => words.contains(&text.as_str()),
            (Self::Text(_) | Self::Length(..) | Self::Identifier, Value::String(text)) => {
                let length = text.chars().count();
                let (least, most) = self.characters();
                let bounds = match least {
                    0 => format!("at most {most}"),
                    least => format!("{least} to {most}"),
                };
                if !(least..=most).contains(&length) {
                    let expected = format!("must have {bounds} characters, and has {length}");
                    return Err(Misfit::new(path, expected));
                }
                true
            }
            (Self::HostKey, Value::String(text)) => {
                (6..=10).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
            }
            (Self::Meeting, _) => true,
            (
                Self::User | Self::Time | Self::Zone | Self::Phone | Self::Addresses | Self::Days,
                Value::String(_),
            ) => true,
            (Self::List(_, most), Value::Array(items)) if items.len() > *most => {
                return Err(too_many(path, *most, items.len()));
            }
            (Self::Objects(list), Value::Array(items)) if items.len() > list.most => {
                return Err(too_many(path, list.most, items.len()));
            }
            (Self::List(kind, _), Value::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    kind.check(item, &format!("{path}.{index}"), undocumented)?;
                }
                true
            }
            (Self::Objects(list), Value::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    let each = Self::Object(list.each);
                    each.check(item, &format!("{path}.{index}"), undocumented)?;
                }
                true
            }
            (Self::Object(object), Value::Object(map)) => {
                if let Some(name) = object
                    .required
                    .iter()
                    .find(|name| !map.contains_key(**name))
                {
                    return Err(Misfit::new(&format!("{path}.{name}"), "is missing"));
                }
                for (name, inner) in map {
                    let inside = format!("{path}.{}", name.chars().take(64).collect::<String>());
                    match object.field(name) {
                        Some(kind) => kind.check(inner, &inside, undocumented)?,
                        None => undocumented.push(inside),
                    }
                }
                true
            }
            _ => false,
        };

        if fits {
            return Ok(());
        }

        let shown = match value {
            Value::String(text) => quoted(text),
            Value::Bool(_) | Value::Number(_) => value.to_string(),
            other => json_kind(other).to_owned(),
        };

        let expected = format!("must be {}, not {shown}", self.expected());
        Err(Misfit::new(path, expected))
    }

    /// Returns the least and the most characters that a text of this type may have.
    const fn characters(&self) -> (usize, usize) {
        match self {
            Self::Text(most) => (0, *most),
            Self::Length(least, most) => (*least, *most),
            Self::Identifier => (0, IDENTIFIER),
            _ => (0, ANY),
        }
    }

    /// Returns what a value of this type is, for messages.
    fn expected(&self) -> String {
        match self {
            Self::Flag => "true or false".to_owned(),
            Self::Integer(i64::MIN, i64::MAX) => "a whole number".to_owned(),
            Self::Integer(least, i64::MAX) => format!("a whole number of at least {least}"),
            Self::Integer(least, most) => format!("a whole number from {least} to {most}"),
            Self::Number(choices) => {
                let each = choices.iter().map(|(number, meaning)| match *meaning {
                    "" => number.to_string(),
                    meaning => format!("{number} ({meaning})"),
                });
                format!("one of {}", each.collect::<Vec<_>>().join(", "))
            }
            Self::Word(words) => {
                let each = words.iter().map(|word| format!("\"{word}\""));
                format!("one of {}", each.collect::<Vec<_>>().join(", "))
            }
            Self::HostKey => "6 to 10 digits".to_owned(),
            Self::Meeting => "a meeting's number".to_owned(),
            Self::List(..) | Self::Objects(_) => "a list".to_owned(),
            Self::Object(_) => "an object".to_owned(),
            _ => "a text".to_owned(),
        }
    }

    /// Returns the JSON Schema of the type, without a description.
    #[must_use]
    pub fn schema(&self) -> Value {
        match self {
            Self::Flag => json!({ "type": "boolean" }),
            Self::Integer(least, most) => {
                json!({ "type": "integer", "minimum": least, "maximum": most })
            }
            Self::Number(choices) => {
                let (numbers, meanings): (Vec<i64>, Vec<&str>) = choices.iter().copied().unzip();
                let schema = json!({ "type": "integer", "enum": numbers });
                if meanings.contains(&"") {
                    schema
                } else {
                    with(schema, "x-meanings", json!(meanings))
                }
            }
            Self::Word(words) => json!({ "type": "string", "enum": words }),
            Self::Text(ANY) | Self::Time | Self::Meeting => json!({ "type": "string" }),
            Self::Text(most) => json!({ "type": "string", "maxLength": most }),
            Self::Length(least, most) => {
                json!({ "type": "string", "minLength": least, "maxLength": most })
            }
            Self::HostKey => json!({ "type": "string", "pattern": "^[0-9]{6,10}$" }),
            Self::Identifier => {
                json!({ "type": "string", "x-identifier": true, "maxLength": IDENTIFIER })
            }
            Self::User | Self::Zone | Self::Phone | Self::Addresses | Self::Days => {
                json!({ "type": "string", "x-identifier": true })
            }
            Self::List(kind, most) => list(kind.schema(), *most),
            Self::Objects(objects) => list(Self::Object(objects.each).schema(), objects.most),
            Self::Object(object) => {
                let fields = object.all().map(|(name, kind)| {
                    let told = Value::from(format!("Zoom's `{name}`."));
                    (name.to_owned(), with(kind.schema(), "description", told))
                });
                let properties: Map<String, Value> = fields.collect();
                let schema = json!({ "type": "object", "properties": properties });
                if object.required.is_empty() {
                    schema
                } else {
                    with(schema, "required", json!(object.required))
                }
            }
        }
    }
}

/// Returns the schema of an answer that holds the fields of `objects`: open, and with `null` for what may be missing.
#[must_use]
pub fn answer_schema(objects: &[Object]) -> Schema {
    let mut properties = Map::new();
    for object in objects {
        add_answer_fields(object, "", &mut properties);
    }
    json_schema!({ "type": "object", "properties": properties })
}

fn add_answer_fields(object: &Object, path: &str, properties: &mut Map<String, Value>) {
    for (name, kind) in object.all() {
        let path = format!("{path}{name}");
        let told = format!("Zoom's `{path}`.");
        let field = properties.entry(name).or_insert_with(|| {
            let name = match kind {
                Kind::Flag => "boolean",
                Kind::Integer(..) | Kind::Number(_) => "integer",
                Kind::List(..) | Kind::Objects(_) => "array",
                Kind::Object(_) => "object",
                _ => "string",
            };
            json!({ "description": told, "type": [name, "null"] })
        });
        let Some(field) = field.as_object_mut() else {
            continue;
        };

        let inner = match kind {
            Kind::Object(inner) => Some((inner, field)),
            // Zoom documents some of its lists as objects, or sends them so.
            Kind::Objects(list) => {
                field.insert("type".to_owned(), json!(["array", "object", "null"]));
                let items = field
                    .entry("items")
                    .or_insert_with(|| json!({ "type": "object" }));
                items.as_object_mut().map(|items| (list.each, items))
            }
            _ => None,
        };
        if let Some((inner, schema)) = inner {
            let known = schema.entry("properties").or_insert_with(|| json!({}));
            if let Some(known) = known.as_object_mut() {
                add_answer_fields(&inner, &format!("{path}."), known);
            }
        }
    }
}

fn list(items: Value, most: usize) -> Value {
    let schema = json!({ "type": "array", "items": items });
    if most == ANY {
        schema
    } else {
        with(schema, "maxItems", Value::from(most))
    }
}

/// A schema with one more keyword.
fn with(mut schema: Value, keyword: &str, value: Value) -> Value {
    if let Some(map) = schema.as_object_mut() {
        map.insert(keyword.to_owned(), value);
    }
    schema
}

/// The whole number that `value` is: 5.0 is one, as in JSON Schema.
fn whole(value: &Value) -> Option<i64> {
    let float = || {
        value
            .as_f64()
            .filter(|float| float.fract() == 0.0 && float.abs() < 9_007_199_254_740_992.0)
    };
    #[expect(clippy::cast_possible_truncation, reason = "it is below 2^53")]
    value.as_i64().or_else(|| float().map(|float| float as i64))
}

/// A value that does not fit.
#[derive(Debug)]
pub struct Misfit {
    /// The dotted path.
    pub path: String,
    /// The expectation, as the rest of a sentence.
    pub expected: String,
}

impl Misfit {
    fn new(path: &str, expected: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            expected: expected.into(),
        }
    }
}

fn too_many(path: &str, most: usize, number: usize) -> Misfit {
    Misfit::new(
        path,
        format!("must have at most {most} items, and has {number}"),
    )
}

/// The user that is changed.
pub const USER_ID: Field = parameter(
    "user_id",
    Role::RequiredIdentity,
    Kind::User,
    "The user's id or email address.",
);

/// The login of the user that is changed.
pub const LOGIN_TYPE: Field = parameter(
    "login_type",
    Role::Identity,
    Kind::Number(LOGIN_TYPES),
    "Select one login where an email address has several.",
);

/// The switch for dry runs.
pub const DRY_RUN: Field = parameter(
    "dry_run",
    Role::Switch(false),
    Kind::Flag,
    "Send no change; show the request that would be sent.",
);

/// The switch for reading before and after.
pub const VERIFY: Field = parameter(
    "verify",
    Role::Switch(true),
    Kind::Flag,
    "Read before and after the change, and report for each field whether it was applied. Without it only the change is sent.",
);

/// The names of the fields to empty.
pub const CLEAR: Field = parameter(
    "clear",
    Role::Clear,
    TEXTS,
    "Empty these text or list fields, given by their names: an empty value would mean that a field is not given.",
);

/// The switch for secrets in answers.
pub const SHOW_SECRETS: Field = parameter(
    "show_secrets",
    Role::Switch(false),
    Kind::Flag,
    "Show passcodes and keys in clear instead of `[hidden]`.",
);
