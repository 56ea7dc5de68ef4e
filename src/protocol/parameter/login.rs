//! The ways in which a user signs in.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};
use serde::{Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;

/// Zoom's number of each way, with its meaning.
pub const LOGIN_TYPES: &[(i64, &str)] = &[
    (0, "Facebook"),
    (1, "Google"),
    (11, "Phone number"),
    (21, "WeChat"),
    (23, "Alipay"),
    (24, "Apple"),
    (27, "Microsoft"),
    (97, "Mobile device"),
    (98, "RingCentral"),
    (99, "API"),
    (100, "Zoom email"),
    (101, "Single sign-on"),
];

/// A way to sign in, by Zoom's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoginType(i64);

impl fmt::Display for LoginType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'de> Deserialize<'de> for LoginType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_i64(Known)
    }
}

struct Known;

impl Visitor<'_> for Known {
    type Value = LoginType;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let each = LOGIN_TYPES
            .iter()
            .map(|(number, meaning)| format!("{number} ({meaning})"));
        write!(f, "one of {}", each.collect::<Vec<_>>().join(", "))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<LoginType, E> {
        if LOGIN_TYPES.iter().any(|(known, _)| *known == number) {
            Ok(LoginType(number))
        } else {
            Err(E::invalid_value(Unexpected::Signed(number), &self))
        }
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<LoginType, E> {
        match i64::try_from(number) {
            Ok(number) => self.visit_i64(number),
            Err(_) => Err(E::invalid_value(Unexpected::Unsigned(number), &self)),
        }
    }
}

impl Serialize for LoginType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0)
    }
}

impl JsonSchema for LoginType {
    fn schema_name() -> Cow<'static, str> {
        "LoginType".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let (numbers, meanings): (Vec<i64>, Vec<&str>) = LOGIN_TYPES.iter().copied().unzip();
        json_schema!({ "type": "integer", "enum": numbers, "x-meanings": meanings })
    }
}
