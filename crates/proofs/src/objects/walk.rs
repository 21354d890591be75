//! Taking JSON through, value by value, against a shape.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;
use stdx::pointer;
use stdx::text::shorten;

use super::shape::Shape;
use super::{Malformed, ONCE};

/// Checks a value against a shape.
pub(super) fn walk<'de, D>(shape: &'static Shape, json: D) -> Result<(), Malformed>
where
    D: Deserializer<'de, Error = serde_json::Error>,
{
    let mut state = State::default();
    let walked = Walk { shape, state: &mut state }.deserialize(json);
    walked.map_err(|error| match state.fault {
        Some(Fault { expected, got }) => Malformed { pointer: state.pointer, expected, got },
        None => not_json(state.pointer, &error),
    })
}

/// The error of a text that is not JSON. The message of `serde_json` is left out where it may quote
/// the text.
pub(super) fn not_json(pointer: String, error: &serde_json::Error) -> Malformed {
    let got = match error.classify() {
        Category::Eof => "an end that comes too early".to_owned(),
        _ => format!("something else at line {}, column {}", error.line(), error.column()),
    };
    Malformed { pointer, expected: "JSON, nested at most 127 deep", got }
}

/// Where the walk is, and what it stopped at.
#[derive(Default)]
struct State {
    pointer: String,
    fault: Option<Fault>,
}

struct Fault {
    expected: &'static str,
    got: String,
}

/// The walk through one value.
struct Walk<'s> {
    shape: &'static Shape,
    state: &'s mut State,
}

impl Walk<'_> {
    /// Stops the walk here.
    fn stop<E: Error>(self, expected: &'static str, got: impl Into<String>) -> E {
        self.state.fault = Some(Fault { expected, got: got.into() });
        E::custom("stopped")
    }

    /// Takes a value that is neither a text nor a list or an object.
    fn scalar<E: Error>(self, got: &'static str) -> Result<(), E> {
        match self.shape.expected() {
            None => Ok(()),
            Some(expected) => Err(self.stop(expected, got)),
        }
    }

    /// Takes a number that is not a text.
    fn number<E: Error>(self) -> Result<(), E> {
        match self.shape {
            Shape::Nonce => Ok(()),
            _ => self.scalar("a number that is not a text"),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    /// Takes null, which counts as absent.
    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        self.scalar("true or false")
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        self.number()
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        self.number()
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        self.number()
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        match self.shape.fault_of(text) {
            None => Ok(()),
            Some((expected, got)) => Err(self.stop(expected, got)),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let length = self.state.pointer.len();
        for index in 0.. {
            let Some(shape) = self.shape.element(index) else {
                let expected = self.shape.expected().unwrap_or_default();
                return Err(self.stop(expected, "a list"));
            };
            pointer::push(&mut self.state.pointer, &index.to_string());
            if list.next_element_seed(Walk { shape, state: &mut *self.state })?.is_none() {
                self.state.pointer.truncate(length);
                break;
            }
            self.state.pointer.truncate(length);
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        const MAX_NAME_SHOWN: usize = 100;
        if self.shape.member("").is_none() {
            let expected = self.shape.expected().unwrap_or_default();
            return Err(self.stop(expected, "an object"));
        }
        let length = self.state.pointer.len();
        let mut names = BTreeSet::new();
        while let Some(name) = object.next_key::<String>()? {
            let shape = self.shape.member(&name).unwrap_or(&Shape::Any);
            pointer::push(&mut self.state.pointer, &shorten(&name, MAX_NAME_SHOWN));
            if names.contains(&name) {
                return Err(self.stop(ONCE, "a member that occurs twice"));
            }
            object.next_value_seed(Walk { shape, state: &mut *self.state })?;
            self.state.pointer.truncate(length);
            names.insert(name);
        }
        Ok(())
    }
}
