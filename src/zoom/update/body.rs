//! From an update's parameters to the body that Zoom gets. Begin with [`Given`], the parameters as decoded by their
//! table, and [`Given::body`].

use super::super::client::Query;
use super::fields::{Field, IDENTIFIER, Kind, Misfit, Object, Role, Table};
use crate::protocol::failure::Failure;
use crate::protocol::parameter::{DateTime, HostKey, MeetingId, Text, UserId};
use crate::protocol::suggest::nearest;
use crate::protocol::{json, suggest::quoted};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, Error, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

/// An update, as a type: its table.
pub trait Definition: 'static {
    /// The rows and all else that describes it.
    const TABLE: &'static Table;
}

/// The parameters of the update `D`, each checked for its JSON type.
pub struct Given<D> {
    identity: Map<String, Value>,
    query: Vec<(&'static str, String)>,
    fields: Vec<(&'static Field, Value)>,
    settings: Map<String, Value>,
    clear: Vec<String>,
    /// Read before and after the change.
    pub verify: bool,
    /// Send no change.
    pub dry_run: bool,
    /// Show secrets in clear.
    pub show_secrets: bool,
    definition: PhantomData<fn() -> D>,
}

/// The plan of an update: the request, and the object that it is about.
#[derive(Debug)]
pub struct UpdateBody {
    /// The body of the PATCH.
    pub json: Value,
    /// The parameters that say which object it is, and in which form.
    pub identity: Map<String, Value>,
    /// The table of the update.
    pub table: &'static Table,
    /// The form of the body.
    pub form: Option<&'static str>,
    /// Warnings about the parameters.
    pub warnings: Vec<String>,
}

impl<D: Definition> Given<D> {
    /// Returns the identity `name` as text; blank where it is not given.
    #[must_use]
    pub fn id(&self, name: &str) -> String {
        match self.identity.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(value) => value.to_string(),
            None => String::new(),
        }
    }

    /// Returns the id of the object: the one that the caller has to give.
    #[must_use]
    pub fn main_id(&self) -> String {
        let mut fields = D::TABLE.parameters.iter();
        let main = fields.find(|field| matches!(field.role, Role::RequiredIdentity));
        main.map_or_else(String::new, |field| self.id(field.name))
    }

    /// Returns the queries of the reads and of the change.
    #[must_use]
    pub fn queries(&self) -> (Query, Query) {
        let mut read = Query::new();
        for field in D::TABLE.parameters {
            if matches!(field.role, Role::Identity) && self.identity.contains_key(field.name) {
                read = read.with(field.name, self.id(field.name));
            }
        }

        let own = self.query.iter();
        let write = own.fold(read.clone(), |query, (name, value)| query.with(name, value));
        (read, write)
    }

    /// The form of the body: the value of `option`, as the table writes it.
    fn form(&self) -> Option<&'static str> {
        let option = self.identity.get("option").and_then(Value::as_str)?;
        let mut known = D::TABLE.settings.iter().filter_map(|(form, _)| *form);
        known.find(|form| *form == option)
    }

    /// Checks the parameters and puts each into its place in Zoom's body.
    ///
    /// # Errors
    /// `invalid_parameters` when nothing is to be changed, or a field does not fit, is given twice, or belongs to
    /// another form of the body.
    pub fn body(&self) -> Result<UpdateBody, Failure> {
        let table = D::TABLE;
        let form = self.form();
        let root = table.settings_root();
        let mut body = Map::new();
        let mut undocumented = Vec::new();

        for (field, value) in &self.fields {
            let path = path_of(field, form)?;
            field
                .kind
                .check(value, field.name, &mut undocumented)
                .map_err(misfit)?;

            let inside = root.and_then(|root| json::within(path, root));
            let in_settings = inside.filter(|inside| is_at(&self.settings, inside));
            if let Some(inside) = in_settings {
                return Err(twice(&format!("settings.{inside}")));
            }
            json::put(&mut body, path, value.clone());
        }

        let clearable = clearable(table, form);
        for name in &self.clear {
            let found = clearable.iter().find(|(known, ..)| known == name);
            let (_, path, empty) =
                found.ok_or_else(|| not_clearable(table, form, &clearable, name))?;
            let inside = root.and_then(|root| json::within(path, root));
            let in_settings = inside.is_some_and(|inside| is_at(&self.settings, inside));
            if in_settings || !json::put(&mut body, path, empty.clone()) {
                let message = format!(
                    "`clear` names {}, which is given as well; give it once.",
                    quoted(name)
                );
                return Err(Failure::parameter("clear", message));
            }
        }

        if let Some(root) = root {
            check_settings(&self.settings, table, form, &mut undocumented)?;
            merge(&mut body, root, &self.settings, "settings")?;
        }

        if table.is_update() && !holds_something(&body) {
            let message =
                "There is nothing to change: give at least one field that is to be changed.";
            return Err(
                Failure::new(crate::protocol::failure::Code::InvalidParameters, message)
                    .hint("Give a field with its new value, or name a field to empty in `clear`."),
            );
        }

        let warnings = undocumented.iter().map(|path| strange(table, form, path));

        Ok(UpdateBody {
            json: Value::Object(body),
            identity: self.identity.clone(),
            table,
            form,
            warnings: warnings.collect(),
        })
    }
}

fn path_of(field: &'static Field, form: Option<&str>) -> Result<&'static str, Failure> {
    field
        .path(form)
        .ok_or_else(|| other_form(field.name, &forms_of(field), form))
}

/// The forms that have a field; blank for the one without `option`.
fn forms_of(field: &Field) -> Vec<&'static str> {
    field
        .places()
        .map(|(form, _)| form.unwrap_or_default())
        .collect()
}

fn other_form(name: &str, forms: &[&str], form: Option<&str>) -> Failure {
    let named: Vec<&str> = forms
        .iter()
        .copied()
        .filter(|form| !form.is_empty())
        .collect();

    let (reason, hint) = match (form, named.as_slice()) {
        (Some(form), []) => (
            format!("is none of the settings that `option` {form} changes"),
            "Change it in a request without `option`.".to_owned(),
        ),
        (_, named) => {
            let named = named.join(" or ");
            (
                format!("can be changed with `option` {named} only"),
                format!("Change it in a request with `option` {named}."),
            )
        }
    };

    Failure::parameter(name, format!("`{name}` {reason}.")).hint(hint)
}

fn misfit(misfit: Misfit) -> Failure {
    let message = format!("`{}` {}.", misfit.path, misfit.expected);
    Failure::parameter(misfit.path, message)
}

fn twice(field: &str) -> Failure {
    Failure::parameter(
        field,
        format!("`{field}` is given by name as well; give it once."),
    )
}

/// Returns the names that `clear` takes in a form of the body, each with the path there and the empty value: parameters by
/// name and path, and documented fields of `settings` by their path or, where no other has it, their name.
#[must_use]
pub fn clearable(table: &Table, form: Option<&str>) -> Vec<(String, String, Value)> {
    let mut found: Vec<(String, String, Value)> = Vec::new();
    let mut add = |name: &str, path: &str, empty: &Value| {
        if !found.iter().any(|(known, ..)| known == name) {
            found.push((name.to_owned(), path.to_owned(), empty.clone()));
        }
    };

    for field in table.parameters {
        if let (Some(path), Some(empty)) = (field.path(form), field.empty()) {
            add(field.name, path, &empty);
            // An answer's `changes` name fields by their paths.
            add(path, path, &empty);
        }
    }

    let root = table.settings_root().unwrap_or_default();
    for (inside, kind) in documented_paths(table, form) {
        let path = join(root, &inside);
        let row = table.at(&path, form);
        let Some(empty) = row.map_or_else(|| kind.empty(), Field::empty) else {
            continue;
        };
        add(&inside, &path, &empty);
        add(&path, &path, &empty);
        if row.is_none() {
            add(inside.rsplit('.').next().unwrap_or_default(), &path, &empty);
        }
    }

    found
}

fn not_clearable(
    table: &Table,
    form: Option<&str>,
    clearable: &[(String, String, Value)],
    name: &str,
) -> Failure {
    let row = table
        .parameter(name)
        .filter(|row| matches!(row.role, Role::Body(_)));
    if let Some(row) = row
        && row.path(form).is_none()
    {
        return other_form(name, &forms_of(row), form);
    }

    let is_documented = || {
        let all = documented_paths(table, form);
        all.iter()
            .any(|(path, _)| path == name || path.rsplit('.').next() == Some(name))
    };

    let reason = if row.is_some() || is_documented() {
        "which can't be empty: only texts and lists can"
    } else {
        "which is no field that this action changes"
    };

    let names = clearable.iter().map(|(name, ..)| name.as_str());
    let names: Vec<&str> = names
        .filter(|name| table.parameter(name).is_some())
        .collect();

    Failure::parameter(
        "clear",
        format!("`clear` names {}, {reason}.", quoted(name)),
    )
    .hint(format!(
        "These can be emptied by name: {}.",
        names.join(", ")
    ))
}

/// All documented fields inside `settings`, by their path there: the blocks in their order, so that the first of a name
/// is the one that is meant by the name alone.
fn documented_paths(table: &Table, form: Option<&str>) -> Vec<(String, Kind)> {
    fn collect(kind: Kind, path: String, found: &mut Vec<(String, Kind)>) {
        if let Kind::Object(object) = kind {
            for (name, kind) in object.all() {
                collect(kind, join(&path, name), found);
            }
        }
        found.push((path, kind));
    }

    let mut found = Vec::new();
    let fields = table.documented(form).into_iter().flat_map(Object::all);
    for (name, kind) in fields {
        collect(kind, name.to_owned(), &mut found);
    }

    found
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

/// A warning about a field that Zoom does not document, with the nearest one that it does.
fn strange(table: &Table, form: Option<&str>, path: &str) -> String {
    let last = path.rsplit('.').next().unwrap_or(path);
    let near = if path.starts_with("settings.") {
        let known = documented_paths(table, form);
        let leaf = |path: &str| path.rsplit('.').next().unwrap_or_default().to_owned();
        let leaves: Vec<String> = known.iter().map(|(path, _)| leaf(path)).collect();
        let near = nearest(last, leaves.iter().map(String::as_str)).map(str::to_owned);
        let full = near.and_then(|near| known.iter().find(|(path, _)| leaf(path) == near));
        full.map(|(path, _)| format!("settings.{path}"))
    } else {
        let (name, _) = path.split_once('.').unwrap_or((path, ""));
        let object = table.parameter(name).and_then(|field| match field.kind {
            Kind::Object(object) => Some(object),
            Kind::Objects(list) => Some(list.each),
            _ => None,
        });
        let known: Vec<&str> = object
            .iter()
            .flat_map(Object::all)
            .map(|(name, _)| name)
            .collect();
        nearest(last, known)
            .map(|near| path.strip_suffix(last).unwrap_or_default().to_owned() + near)
    };

    let near = near.map_or_else(String::new, |near| {
        format!("; the nearest that it does is `{near}`")
    });

    format!("Zoom does not document the field `{path}`{near}.")
}

/// Checks `settings`, field by field. A field that is documented for another form would be ignored by Zoom, and the
/// read-back could never see it.
fn check_settings(
    settings: &Map<String, Value>,
    table: &Table,
    form: Option<&str>,
    undocumented: &mut Vec<String>,
) -> Result<(), Failure> {
    let documented = table.documented(form).copied().unwrap_or_default();
    for (key, value) in settings {
        let path = format!("settings.{}", key.chars().take(64).collect::<String>());
        if let Some(kind) = documented.field(key) {
            kind.check(value, &path, undocumented).map_err(misfit)?;
            continue;
        }
        let others = table.settings.iter();
        let others = others.filter(|(_, object)| object.field(key).is_some());
        let forms: Vec<&str> = others.map(|(form, _)| form.unwrap_or_default()).collect();
        if !forms.is_empty() {
            return Err(other_form(&path, &forms, form));
        }
        undocumented.push(path);
    }

    Ok(())
}

/// True when `settings` holds something at a dotted path.
fn is_at(settings: &Map<String, Value>, path: &str) -> bool {
    match path.split_once('.') {
        None => settings.contains_key(path),
        Some((key, rest)) => settings
            .get(key)
            .is_some_and(|inner| json::at(inner, rest).is_some()),
    }
}

/// Merges `settings` in at `root`, leaf by leaf. `field` is where in the parameters they are.
fn merge(
    body: &mut Map<String, Value>,
    root: &str,
    settings: &Map<String, Value>,
    field: &str,
) -> Result<(), Failure> {
    for (key, value) in settings {
        let path = join(root, key);
        let field = format!("{field}.{key}");
        match value {
            Value::Object(inner) if !inner.is_empty() => merge(body, &path, inner, &field)?,
            _ => {
                // A key with a dot in it is Zoom's to refuse, not a path.
                if !put_at(body, root, key, value.clone()) {
                    return Err(twice(&field));
                }
            }
        }
    }
    Ok(())
}

fn put_at(body: &mut Map<String, Value>, root: &str, key: &str, value: Value) -> bool {
    let mut map = body;
    for step in root.split('.').filter(|step| !step.is_empty()) {
        match map.entry(step).or_insert_with(|| Value::Object(Map::new())) {
            Value::Object(inner) => map = inner,
            _ => return false,
        }
    }

    // An object without fields changes nothing in one that has some.
    let nothing =
        value.as_object().is_some_and(Map::is_empty) && map.get(key).is_some_and(Value::is_object);
    let free = !map.contains_key(key);
    if free {
        map.insert(key.to_owned(), value);
    }

    free || nothing
}

fn holds_something(body: &Map<String, Value>) -> bool {
    body.values().any(|value| match value {
        Value::Object(inner) => holds_something(inner),
        _ => true,
    })
}

impl<'de, D: Definition> Deserialize<'de> for Given<D> {
    fn deserialize<T: Deserializer<'de>>(deserializer: T) -> Result<Self, T::Error> {
        deserializer.deserialize_struct(D::TABLE.name, D::TABLE.names, GivenVisitor(PhantomData))
    }
}

struct GivenVisitor<D>(PhantomData<fn() -> D>);

impl<'de, D: Definition> Visitor<'de> for GivenVisitor<D> {
    type Value = Given<D>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Given<D>, A::Error> {
        let table = D::TABLE;
        let mut given = Given {
            identity: Map::new(),
            query: Vec::new(),
            fields: Vec::new(),
            settings: Map::new(),
            clear: Vec::new(),
            verify: true,
            dry_run: false,
            show_secrets: false,
            definition: PhantomData,
        };

        while let Some(name) = map.next_key::<String>()? {
            let Some(field) = table.parameter(&name) else {
                return Err(A::Error::unknown_field(&name, table.names));
            };
            // `null` and a blank text mean that the parameter is not given.
            if let Some(value) = map.next_value_seed(field.kind)? {
                given.take(field, field.kind.normalized(value));
            }
        }

        let missing = table.parameters.iter().find(|field| {
            matches!(field.role, Role::RequiredIdentity) && !given.identity.contains_key(field.name)
        });

        match missing {
            Some(field) => Err(A::Error::missing_field(field.name)),
            None => Ok(given),
        }
    }
}

impl<D> Given<D> {
    fn take(&mut self, field: &'static Field, value: Value) {
        match (field.role, value) {
            (Role::RequiredIdentity | Role::Identity, value) => {
                self.identity.insert(field.name.to_owned(), value);
            }
            (Role::Query, value) => self.query.push((field.name, value.to_string())),
            (Role::Switch(_), value) => {
                let on = value == Value::Bool(true);
                match field.name {
                    "verify" => self.verify = on,
                    "dry_run" => self.dry_run = on,
                    _ => self.show_secrets = on,
                }
            }
            (Role::Settings(_), Value::Object(map)) => self.settings = map,
            (Role::Clear, Value::Array(names)) => {
                for name in names.iter().filter_map(Value::as_str) {
                    if !self.clear.iter().any(|known| known == name) {
                        self.clear.push(name.to_owned());
                    }
                }
            }
            (Role::Body(_), value) => self.fields.push((field, value)),
            (Role::Settings(_) | Role::Clear, _) => {}
        }
    }
}

/// Reads a value of this type; what the types of the parameters check is checked here, bounds are [`Kind::check`]'s.
impl<'de> DeserializeSeed<'de> for Kind {
    type Value = Option<Value>;

    fn deserialize<T: Deserializer<'de>>(self, deserializer: T) -> Result<Option<Value>, T::Error> {
        match self {
            Self::Flag => read::<bool, T>(deserializer),
            Self::Integer(..) | Self::Number(_) => read::<i64, T>(deserializer),
            Self::User => read::<UserId, T>(deserializer),
            Self::Meeting => read::<MeetingId, T>(deserializer),
            Self::HostKey => read::<HostKey, T>(deserializer),
            Self::Time => read::<DateTime, T>(deserializer),
            Self::Identifier => read::<Text<IDENTIFIER>, T>(deserializer),
            Self::List(Self::Integer(..) | Self::Number(_), _) => read::<Vec<i64>, T>(deserializer),
            Self::List(..) => read::<Vec<String>, T>(deserializer),
            Self::Objects(_) => read::<Vec<Map<String, Value>>, T>(deserializer),
            Self::Object(_) => read::<Map<String, Value>, T>(deserializer),
            _ => read::<String, T>(deserializer),
        }
    }
}

fn read<'de, V: DeserializeOwned + Serialize, T: Deserializer<'de>>(
    deserializer: T,
) -> Result<Option<Value>, T::Error> {
    let value = Option::<V>::deserialize(deserializer)?;
    value
        .map(|value| serde_json::to_value(value).map_err(T::Error::custom))
        .transpose()
}

impl<D: Definition> JsonSchema for Given<D> {
    fn schema_name() -> Cow<'static, str> {
        D::TABLE.name.into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let table = D::TABLE;
        let mut properties = Map::new();
        for field in table.parameters {
            properties.insert(field.name.to_owned(), field_schema(table, field, generator));
        }

        let required = table
            .parameters
            .iter()
            .filter(|field| matches!(field.role, Role::RequiredIdentity));
        let required: Vec<&str> = required.map(|field| field.name).collect();

        let mut schema = Map::new();
        schema.insert("description".to_owned(), Value::from(table.about));
        schema.insert("type".to_owned(), Value::from("object"));
        schema.insert("properties".to_owned(), Value::Object(properties));
        schema.insert("required".to_owned(), Value::from(required));
        schema.insert("additionalProperties".to_owned(), Value::from(false));

        schema.into()
    }
}

fn field_schema(table: &Table, field: &Field, generator: &mut SchemaGenerator) -> Value {
    let schema = match field.kind {
        Kind::User => UserId::json_schema(generator).to_value(),
        Kind::Meeting => MeetingId::json_schema(generator).to_value(),
        Kind::Time => DateTime::json_schema(generator).to_value(),
        kind => kind.schema(),
    };

    let mut schema = match schema {
        Value::Object(map) => map,
        _ => Map::new(),
    };

    schema.insert("description".to_owned(), Value::from(field.doc));

    if let Role::Switch(on) = field.role {
        schema.insert("default".to_owned(), Value::from(on));
    }

    for (form, path) in field.places() {
        let key = form.map_or_else(
            || "x-zoom-field".to_owned(),
            |form| format!("x-zoom-field-{form}"),
        );
        schema.insert(key, Value::from(path));
    }

    if let Role::Settings(root) = field.role {
        schema.insert("x-zoom-field".to_owned(), Value::from(root));
        schema.insert(
            "properties".to_owned(),
            Value::Object(settings_schema(table)),
        );
    }

    if matches!(field.role, Role::Clear) {
        let names = table
            .parameters
            .iter()
            .filter(|field| field.empty().is_some());
        let names: Vec<&str> = names.map(|field| field.name).collect();
        schema.insert("examples".to_owned(), serde_json::json!([names.get(..1)]));
    }

    if let Some(label) = field.label {
        schema.insert("x-label".to_owned(), Value::from(label));
    }

    if !field.on_form {
        schema.insert("x-form".to_owned(), Value::from(false));
    }

    let example = field
        .example
        .and_then(|text| serde_json::from_str::<Value>(text).ok());
    if let Some(example) = example {
        schema.insert("examples".to_owned(), Value::from(vec![example]));
    }

    Value::Object(schema)
}

/// The documented fields of `settings` in all forms.
fn settings_schema(table: &Table) -> Map<String, Value> {
    let mut properties = Map::new();
    for (_, object) in table.settings {
        let mut schema = Kind::Object(*object).schema();
        if let Some(Value::Object(known)) = schema.get_mut("properties").map(Value::take) {
            for (name, schema) in known {
                properties.entry(name).or_insert(schema);
            }
        }
    }

    properties
}
