//! Reading a restriction from JSON.

use serde_json::{Map, Value};
use stdx::pointer;

use super::{Restriction, twins};
use crate::error::{Fault, RequestError};
use crate::limits::MAX_RESTRICTION_DEPTH;
use crate::tags::Tag;

const ANY_OPERATOR: &str = "one of $and, $or, $not, $neq, $in";

impl Restriction {
    /// Reads a restriction; `None` if it restricts nothing.
    ///
    /// # Errors
    /// When the value is not a restriction, uses an operator other than `$and`, `$or`, `$not`,
    /// `$neq` and `$in`, uses one of the last two before a tag, has both names of a tag
    /// (`issuer_did` and `issuer_id`), or is nested deeper than [`MAX_RESTRICTION_DEPTH`]. The
    /// error's pointer leads from the value that was given.
    pub fn parse(value: &Value) -> Result<Option<Self>, RequestError> {
        Self::parse_at(value, "")
    }

    /// Reads the restriction that stands at `pointer` in something larger.
    pub(crate) fn parse_at(value: &Value, pointer: &str) -> Result<Option<Self>, RequestError> {
        let parsed = match value {
            Value::Null => None,
            Value::Object(members) => parse_object(members, pointer, 1)?,
            Value::Array(_) => group(Self::Or, parse_list(value, pointer, 1)?),
            other => {
                let expected = "a restriction: an object or a list of objects";
                return Err(RequestError::wrong_type(pointer, expected, other));
            }
        };
        twins::check(value, pointer)?;
        Ok(parsed)
    }
}

/// Joins the members of an object, of which all must hold.
fn parse_object(
    members: &Map<String, Value>,
    pointer: &str,
    depth: usize,
) -> Result<Option<Restriction>, RequestError> {
    if depth > MAX_RESTRICTION_DEPTH {
        let got = format!("a deeper one, with {} members", members.len());
        return Err(RequestError {
            pointer: pointer.to_owned(),
            fault: Fault::TooDeep,
            expected: "at most 32 nested objects",
            got,
        });
    }
    let mut parts = Vec::with_capacity(members.len());
    for (key, value) in members.iter().filter(|(_, value)| !value.is_null()) {
        parts.extend(parse_member(key, value, &pointer::child(pointer, key), depth)?);
    }
    Ok(group(Restriction::And, parts))
}

fn parse_member(
    key: &str,
    value: &Value,
    pointer: &str,
    depth: usize,
) -> Result<Option<Restriction>, RequestError> {
    match key {
        "$and" => Ok(group(Restriction::And, parse_list(value, pointer, depth)?)),
        "$or" => Ok(group(Restriction::Or, parse_list(value, pointer, depth)?)),
        "$not" => match value {
            Value::Object(members) => {
                let negated = parse_object(members, pointer, depth + 1)?;
                Ok(negated.map(|part| Restriction::Not(Box::new(part))))
            }
            other => Err(RequestError::wrong_type(pointer, "an object", other)),
        },
        "$neq" | "$in" => Err(RequestError::at(
            pointer,
            Fault::MisplacedOperator,
            "a tag, with the operator behind it",
            &Value::from(key),
        )),
        operator if operator.starts_with('$') => Err(unknown_operator(operator, pointer)),
        tag => parse_comparison(Tag::parse(tag), value, pointer).map(Some),
    }
}

/// Returns the elements of a list, without those that restrict nothing.
fn parse_list(
    value: &Value,
    pointer: &str,
    depth: usize,
) -> Result<Vec<Restriction>, RequestError> {
    let Value::Array(items) = value else {
        return Err(RequestError::wrong_type(pointer, "a list of objects", value));
    };
    let mut parts = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let pointer = pointer::child(pointer, &index.to_string());
        match item {
            Value::Null => {}
            Value::Object(members) => parts.extend(parse_object(members, &pointer, depth + 1)?),
            other => return Err(RequestError::wrong_type(&pointer, "an object", other)),
        }
    }
    Ok(parts)
}

/// Parses what a tag is compared with: a value, or one operator with its operand.
pub(crate) fn parse_comparison(
    tag: Tag,
    value: &Value,
    pointer: &str,
) -> Result<Restriction, RequestError> {
    const EXPECTED: &str = "a text, or an object with one operator, $neq or $in";
    match value {
        Value::String(text) => Ok(Restriction::Eq(tag, text.clone())),
        Value::Object(members) => {
            let mut members = members.iter();
            let (Some((operator, operand)), None) = (members.next(), members.next()) else {
                return Err(RequestError::wrong_type(pointer, EXPECTED, value));
            };
            let pointer = pointer::child(pointer, operator);
            match operator.as_str() {
                "$neq" => Ok(Restriction::Neq(tag, parse_text(operand, &pointer)?)),
                "$in" => Ok(Restriction::In(tag, parse_texts(operand, &pointer)?)),
                "$and" | "$or" | "$not" => Err(RequestError::at(
                    &pointer,
                    Fault::MisplacedOperator,
                    "$neq or $in",
                    &Value::from(operator.as_str()),
                )),
                other => Err(unknown_operator(other, &pointer)),
            }
        }
        other => Err(RequestError::wrong_type(pointer, EXPECTED, other)),
    }
}

fn parse_text(value: &Value, pointer: &str) -> Result<String, RequestError> {
    value
        .as_str()
        .map(str::to_owned)
        .ok_or_else(|| RequestError::wrong_type(pointer, "a text", value))
}

fn parse_texts(value: &Value, pointer: &str) -> Result<Vec<String>, RequestError> {
    let items = value
        .as_array()
        .ok_or_else(|| RequestError::wrong_type(pointer, "a list of texts", value))?;
    items
        .iter()
        .enumerate()
        .map(|(index, item)| parse_text(item, &pointer::child(pointer, &index.to_string())))
        .collect()
}

fn unknown_operator(operator: &str, pointer: &str) -> RequestError {
    RequestError::at(pointer, Fault::UnknownOperator, ANY_OPERATOR, &Value::from(operator))
}

/// Joins parts: none restrict nothing, one stands for itself.
fn group(
    join: fn(Vec<Restriction>) -> Restriction,
    mut parts: Vec<Restriction>,
) -> Option<Restriction> {
    match parts.len() {
        0 | 1 => parts.pop(),
        _ => Some(join(parts)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn error(value: Value) -> RequestError {
        Restriction::parse(&value).expect_err("an error")
    }

    #[test]
    fn empty_forms_restrict_nothing() {
        for empty in [
            json!(null),
            json!({}),
            json!([]),
            json!([null]),
            json!([{}, {}]),
            json!({"$or": []}),
            json!({"$and": []}),
            json!({"$not": {}}),
            json!({"$or": [{}, {"$and": [null]}]}),
            json!({"schema_id": null}),
            json!([{"schema_id": null, "issuer_did": null}]),
        ] {
            assert_eq!(Restriction::parse(&empty), Ok(None), "{empty}");
        }
    }

    #[test]
    fn empty_parts_are_dropped_beside_others() {
        let only = Ok(Some(Restriction::Eq(Tag::SchemaName, "gvt".to_owned())));
        for written in [
            json!({"schema_name": "gvt", "schema_id": null}),
            json!([{"schema_name": "gvt"}, {}, null]),
            json!({"$or": [{"schema_name": "gvt"}, {}]}),
            json!({"$and": [{"schema_name": "gvt"}], "$or": [], "$not": {}}),
        ] {
            assert_eq!(Restriction::parse(&written), only, "{written}");
        }
    }

    #[test]
    fn other_operators_are_errors_wherever_they_stand() {
        for operator in ["$gt", "$gte", "$lt", "$lte", "$like", "$exist", "$nin", "$"] {
            let behind_a_tag = error(json!({"schema_name": {operator: "gvt"}}));
            assert_eq!(behind_a_tag.fault, Fault::UnknownOperator);
            assert_eq!(behind_a_tag.pointer, format!("/schema_name/{operator}"));

            let before_a_tag = error(json!([{"$not": {operator: ["schema_name"]}}]));
            assert_eq!(before_a_tag.fault, Fault::UnknownOperator);
            assert_eq!(before_a_tag.pointer, format!("/0/$not/{operator}"));
        }
    }

    #[test]
    fn an_operator_in_the_wrong_place_is_an_error() {
        for (written, pointer) in [
            (json!({"$neq": {"schema_version": "0.1"}}), "/$neq"),
            (json!({"$not": {"$in": {"schema_name": ["a", "b"]}}}), "/$not/$in"),
            (json!([{"$in": ["a"]}]), "/0/$in"),
            (json!({"schema_name": {"$not": "a"}}), "/schema_name/$not"),
            (json!({"schema_name": {"$or": ["a", "b"]}}), "/schema_name/$or"),
        ] {
            let error = error(written);
            assert_eq!((error.fault, error.pointer.as_str()), (Fault::MisplacedOperator, pointer));
            assert!(error.to_string().contains("$neq and $in after a tag"), "{error}");
        }
    }

    #[test]
    fn a_value_of_another_type_is_an_error_with_its_pointer() {
        for (written, pointer, got) in [
            (json!("gvt"), "", "the text \"gvt\""),
            (json!(7), "", "7"),
            (json!({"schema_version": 1.5}), "/schema_version", "1.5"),
            (json!({"schema_version": ["1.0"]}), "/schema_version", "a list of 1"),
            (json!({"schema_version": {}}), "/schema_version", "an object of 0"),
            (
                json!({"schema_version": {"$neq": "1", "$in": []}}),
                "/schema_version",
                "an object of 2",
            ),
            (json!({"schema_version": {"$neq": null}}), "/schema_version/$neq", "null"),
            (json!({"schema_version": {"$in": "1.0"}}), "/schema_version/$in", "the text \"1.0\""),
            (json!({"schema_version": {"$in": ["1.0", null]}}), "/schema_version/$in/1", "null"),
            (json!({"$and": {"a": "b"}}), "/$and", "an object of 1"),
            (json!({"$or": "a"}), "/$or", "the text \"a\""),
            (json!({"$or": [{}, "a"]}), "/$or/1", "the text \"a\""),
            (json!({"$not": [{}]}), "/$not", "a list of 1"),
            (json!([[{"a": "b"}]]), "/0", "a list of 1"),
            (json!([{"a/b": true}]), "/0/a~1b", "true"),
        ] {
            let error = error(written);
            assert_eq!(
                (error.fault, error.pointer.as_str(), error.got.as_str()),
                (Fault::WrongType, pointer, got)
            );
        }
    }

    #[test]
    fn nesting_is_bounded() {
        let nested = |objects: usize| {
            (1..objects).fold(json!({"schema_name": "gvt"}), |inner, _| json!({"$not": inner}))
        };
        assert!(Restriction::parse(&nested(MAX_RESTRICTION_DEPTH)).is_ok());
        let error = error(nested(MAX_RESTRICTION_DEPTH + 1));
        assert_eq!(error.fault, Fault::TooDeep);
        assert_eq!(error.pointer, "/$not".repeat(MAX_RESTRICTION_DEPTH));

        let in_lists = (0..MAX_RESTRICTION_DEPTH)
            .fold(json!({"schema_name": "gvt"}), |inner, _| json!({"$or": [inner]}));
        assert_eq!(Restriction::parse(&in_lists).map_err(|error| error.fault), Err(Fault::TooDeep));
    }

    #[test]
    fn a_very_deep_value_is_refused_without_walking_it() {
        let around =
            |inner| Value::from(Map::from_iter([("$and".to_owned(), Value::from(vec![inner]))]));
        let deep = (0..1_000).fold(json!({}), |inner, _| around(inner));
        assert_eq!(Restriction::parse(&deep).map_err(|error| error.fault), Err(Fault::TooDeep));
    }
}
