//! JSON texts in which no object has a member twice: of such members one reader would take the
//! first, and another the last.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;
use serde_json::{Map, Value};

use super::Malformed;

/// Parses a JSON text.
pub(crate) fn parse(text: &str) -> Result<Value, Malformed> {
    serde_json::from_str(text).map(|Unique(value)| value).map_err(|error| {
        // A value of any kind is accepted, so the data is wrong only where a member is repeated.
        let found = match error.classify() {
            Category::Data => "a member twice",
            _ => "something else",
        };
        Malformed {
            pointer: String::new(),
            expected: "JSON",
            found: format!("{found} at line {}, column {},", error.line(), error.column()),
        }
    })
}

/// A value without repeated members.
struct Unique(Value);

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(UniqueVisitor).map(Self)
    }
}

struct UniqueVisitor;

impl<'de> Visitor<'de> for UniqueVisitor {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(Unique(element)) = elements.next_element()? {
            array.push(element);
        }
        Ok(array.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some((name, Unique(value))) = members.next_entry::<String, _>()? {
            if object.insert(name, value).is_some() {
                return Err(Error::custom("a member twice"));
            }
        }
        Ok(object.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_without_repeated_members_is_its_value() {
        let text = r#" [null, true, -1, 18446744073709551615, 1.5, "", "\u0061",
            {"a": {"a": []}, "b": {"a": 1}}] "#;
        let expected: Value = serde_json::from_str(text).expect("JSON");
        assert_eq!(parse(text), Ok(expected));
    }

    #[test]
    fn a_member_twice_is_refused_wherever_it_is() {
        for text in [
            r#"{"a": 1, "a": 1}"#,
            r#"{"a": null, "b": 2, "a": null}"#,
            r#"[{"b": {"a": 1, "\u0061": 2}}]"#,
        ] {
            let found = parse(text).expect_err(text).found;
            assert!(found.starts_with("a member twice at line 1, column "), "{found}");
        }
        let found = parse("{\"a\": 1,\n}").expect_err("no JSON").found;
        assert!(found.starts_with("something else at line 2, column "), "{found}");
    }
}
