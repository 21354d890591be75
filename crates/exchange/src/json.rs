//! JSON text to a document, strictly: a message that two readers could understand differently is
//! refused.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value, map::Entry};

use stdx::text::shorten;

/// A message has at most this many bytes: 1 MiB.
pub const MAX_BYTES: usize = 1 << 20;

/// An error shows at most this many characters of a member's name.
const MAX_NAME_SHOWN: usize = 100;

/// A whole number beyond this is not held exactly by every reader of JSON: 2^53 - 1.
pub(crate) const MAX_WHOLE: u64 = (1 << 53) - 1;

/// Why a text is not parsed as a document: it is too long, not JSON, or JSON that two readers may
/// understand differently.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct JsonError(String);

/// Parses a document: UTF-8, at most [`MAX_BYTES`] long, nested at most 127 deep, and such that two
/// readers cannot take it for two different documents (RFC 8785 and I-JSON demand that of what is
/// signed):
///
/// - no member twice in one object, of which one reader would take the first and another the last;
/// - no whole number beyond 2^53 - 1, which one reader would keep and another round.
///
/// # Errors
///
/// [`JsonError`].
pub fn read_document(bytes: &[u8]) -> Result<Value, JsonError> {
    if bytes.len() > MAX_BYTES {
        return Err(JsonError(format!(
            "the message has {} bytes, and at most {MAX_BYTES} are read; ask for fewer attributes at a time",
            bytes.len()
        )));
    }
    let strict: Result<Strict, _> = serde_json::from_slice(bytes);
    strict.map(|Strict(value)| value).map_err(|error| {
        JsonError(format!(
            "the message is not JSON as it is needed here: {error}; send a JSON object in UTF-8"
        ))
    })
}

/// Returns the value to which a JSON pointer leads; null if it leads nowhere. `Value::pointer`
/// copies each name twice.
pub(crate) fn at<'v>(document: &'v Value, pointer: &str) -> &'v Value {
    if pointer.contains('~') {
        return document.pointer(pointer).unwrap_or(&Value::Null);
    }
    pointer.split('/').skip(1).fold(document, |value, name| {
        let inner = match value {
            Value::Array(items) => name.parse().ok().and_then(|index: usize| items.get(index)),
            value => value.get(name),
        };
        inner.unwrap_or(&Value::Null)
    })
}

/// A value in which no object has a member twice.
struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor)
    }
}

struct StrictVisitor;

fn too_great<E: serde::de::Error>(value: impl fmt::Display) -> E {
    E::custom(format!(
        "the number {value} is beyond {MAX_WHOLE}, where not every reader is exact; write a smaller one, or a text where one may stand"
    ))
}

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Strict;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Strict, E> {
        Ok(Strict(Value::Null))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Strict, E> {
        Ok(Strict(value.into()))
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Strict, E> {
        match value.unsigned_abs() <= MAX_WHOLE {
            true => Ok(Strict(value.into())),
            false => Err(too_great(value)),
        }
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Strict, E> {
        match value <= MAX_WHOLE {
            true => Ok(Strict(value.into())),
            false => Err(too_great(value)),
        }
    }

    /// Takes whole numbers too: those of more than 64 bits.
    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Strict, E> {
        match Number::from_f64(value) {
            Some(number) if value.abs() <= MAX_WHOLE as f64 => Ok(Strict(number.into())),
            _ => Err(too_great(value)),
        }
    }

    fn visit_str<E>(self, value: &str) -> Result<Strict, E> {
        Ok(Strict(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Strict, A::Error> {
        let mut values = Vec::new();
        while let Some(Strict(value)) = list.next_element()? {
            values.push(value);
        }
        Ok(Strict(values.into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Strict, A::Error> {
        let mut members = Map::new();
        while let Some(name) = object.next_key::<String>()? {
            match members.entry(name) {
                Entry::Vacant(place) => place.insert(object.next_value::<Strict>()?.0),
                Entry::Occupied(place) => {
                    let name = shorten(place.key(), MAX_NAME_SHOWN);
                    let twice = format!("the member {name:?} twice in one object");
                    return Err(A::Error::custom(twice));
                }
            };
        }
        Ok(Strict(members.into()))
    }
}
