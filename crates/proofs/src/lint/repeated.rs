//! Members that occur twice in one object.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use stdx::pointer;

/// At most so many are found.
const MAX_FOUND: usize = 200;

/// Returns the JSON pointers of all members of JSON text that are there once more in their object.
pub(super) fn find(json: &str) -> Vec<String> {
    let mut state = State::default();
    let mut deserializer = serde_json::Deserializer::from_str(json);
    // A text that is not JSON is reported as such.
    let _: Result<(), _> = Walk { state: &mut state }.deserialize(&mut deserializer);
    state.found
}

#[derive(Default)]
struct State {
    pointer: String,
    found: Vec<String>,
}

struct Walk<'s> {
    state: &'s mut State,
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

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let length = self.state.pointer.len();
        for index in 0_usize.. {
            pointer::push(&mut self.state.pointer, &index.to_string());
            let element = list.next_element_seed(Walk { state: &mut *self.state })?;
            self.state.pointer.truncate(length);
            if element.is_none() {
                break;
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        let length = self.state.pointer.len();
        let mut names = BTreeSet::new();
        while let Some(name) = object.next_key::<String>()? {
            pointer::push(&mut self.state.pointer, &name);
            if names.contains(&name) && self.state.found.len() < MAX_FOUND {
                self.state.found.push(self.state.pointer.clone());
            }
            object.next_value_seed(Walk { state: &mut *self.state })?;
            self.state.pointer.truncate(length);
            names.insert(name);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_member_that_is_there_twice_is_found() {
        for (json, expected) in [
            ("{}", vec![]),
            (r#"{"a": {"b": 1}, "b": [1.5, null, true, -1, "x"]}"#, vec![]),
            (r#"{"a": 1, "a": 2}"#, vec!["/a"]),
            (r#"{"a": 1, "a": 2, "a": 3}"#, vec!["/a", "/a"]),
            (r#"{"a": [{"b/c": {}, "b/c": {"d": 1, "d": 1}}]}"#, vec!["/a/0/b~1c", "/a/0/b~1c/d"]),
            (r#"{"a": 1, "\u0061": 2}"#, vec!["/a"]),
            ("{", vec![]),
        ] {
            assert_eq!(find(json), expected, "{json}");
        }
    }
}
