//! The two names that AnonCreds 1.0 and Indy have for one tag.

use std::collections::BTreeSet;

use serde_json::Value;
use stdx::pointer;

use crate::error::{Fault, RequestError};

/// Two names of one tag, with what is expected of a restriction that has either.
const TWINS: [(&str, &str, &str); 2] = [
    ("issuer_did", "issuer_id", "either `issuer_did` or `issuer_id`"),
    ("schema_issuer_did", "schema_issuer_id", "either `schema_issuer_did` or `schema_issuer_id`"),
];

/// The names of these tags that a part of a restriction has.
type Names<'v> = BTreeSet<&'v str>;

/// Checks that no restriction has both names of a tag. Alternatives of an `$or` or a list are
/// restrictions of their own.
///
/// The value has been parsed as a restriction, which bounds its depth.
///
/// # Errors
/// [`Fault::BothNamesOfTag`], at the second of the two.
pub(super) fn check(value: &Value, pointer: &str) -> Result<(), RequestError> {
    match value {
        Value::Array(_) => alternatives(value, pointer).map(drop),
        other => names(other, pointer).map(drop),
    }
}

fn names<'v>(value: &'v Value, pointer: &str) -> Result<Names<'v>, RequestError> {
    let mut all = Names::new();
    for (key, value) in value.as_object().into_iter().flatten() {
        if value.is_null() {
            continue;
        }
        let pointer = pointer::child(pointer, key);
        let found = match key.as_str() {
            "$or" => alternatives(value, &pointer)?,
            "$not" => names(value, &pointer)?,
            "$and" => {
                for (index, part) in value.as_array().into_iter().flatten().enumerate() {
                    let pointer = pointer::child(&pointer, &index.to_string());
                    join(&mut all, names(part, &pointer)?, &pointer)?;
                }
                continue;
            }
            tag => Names::from([tag]),
        };
        join(&mut all, found, &pointer)?;
    }
    Ok(all)
}

fn alternatives<'v>(list: &'v Value, pointer: &str) -> Result<Names<'v>, RequestError> {
    let mut all = Names::new();
    for (index, part) in list.as_array().into_iter().flatten().enumerate() {
        all.extend(names(part, &pointer::child(pointer, &index.to_string()))?);
    }
    Ok(all)
}

/// Adds the names of a part that must hold together with what is there.
fn join<'v>(all: &mut Names<'v>, part: Names<'v>, pointer: &str) -> Result<(), RequestError> {
    for (did, id, expected) in TWINS {
        let mixed =
            part.contains(did) && all.contains(id) || part.contains(id) && all.contains(did);
        if mixed {
            return Err(RequestError {
                pointer: pointer.to_owned(),
                fault: Fault::BothNamesOfTag,
                expected,
                got: "both".to_owned(),
            });
        }
    }
    all.extend(part);
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn both_names_of_a_tag_in_one_restriction_are_refused() {
        for (written, pointer, expected) in [
            (json!({"issuer_did": "a", "issuer_id": "a"}), "/issuer_id", "`issuer_id`"),
            (
                json!([{"x": "y"}, {"issuer_id": "a", "issuer_did": "b"}]),
                "/1/issuer_id",
                "`issuer_id`",
            ),
            (
                json!({"schema_issuer_did": "a", "schema_issuer_id": {"$neq": "b"}}),
                "/schema_issuer_id",
                "`schema_issuer_id`",
            ),
            (json!({"$and": [{"issuer_id": "a"}, {"issuer_did": "b"}]}), "/$and/1", "`issuer_id`"),
            (json!({"issuer_id": "a", "$not": {"issuer_did": "b"}}), "/issuer_id", "`issuer_id`"),
            (
                json!({"issuer_did": "a", "$or": [{"x": "y"}, {"issuer_id": "b"}]}),
                "/issuer_did",
                "`issuer_id`",
            ),
        ] {
            let error = check(&written, "").unwrap_err();
            assert_eq!((error.fault, error.pointer.as_str()), (Fault::BothNamesOfTag, pointer));
            assert!(error.expected.ends_with(expected), "{error}");
        }
    }

    #[test]
    fn alternatives_may_use_either_name() {
        for written in [
            json!([{"issuer_did": "a"}, {"issuer_id": "a"}]),
            json!({"$or": [{"issuer_did": "a"}, {"issuer_id": "a"}]}),
            json!({"issuer_did": "a", "schema_issuer_id": "a"}),
            json!({"issuer_did": "a", "issuer_id": null}),
            json!({"$not": {"$or": [{"issuer_did": "a"}, {"issuer_id": "b"}]}}),
        ] {
            assert_eq!(check(&written, ""), Ok(()), "{written}");
        }
    }
}
