//! Restrictions within a request. What they mean is tested by the kind `restriction-truth`.

use serde_json::{Value, json};

use super::super::file::File;
use super::{changed, invalid, valid};

const DID: &str = "NcYxiDXkpYi6ov5FcYDi1e";

pub fn add(file: &mut File) {
    let attribute = "/requested_attributes/name/restrictions";
    for (name, comment, restrictions) in [
        (
            "restriction-list",
            "A list of alternatives, as since the beginning.",
            json!([{"issuer_did": DID}]),
        ),
        (
            "restriction-two",
            "Two alternatives.",
            json!([{"issuer_did": DID}, {"schema_name": "Person"}]),
        ),
        ("restriction-object", "An object: all of its members.", json!({"issuer_did": DID})),
        ("restriction-empty-list", "An empty list restricts nothing.", json!([])),
        ("restriction-empty-object", "An empty object restricts nothing.", json!({})),
        ("restriction-list-of-empty", "A list of an empty object restricts nothing.", json!([{}])),
        (
            "restriction-null-member",
            "A null member is absent.",
            json!([{"issuer_did": DID, "schema_id": null}]),
        ),
        (
            "restriction-or",
            "$or.",
            json!({"$or": [{"issuer_did": DID}, {"schema_name": "Person"}]}),
        ),
        ("restriction-not", "$not.", json!({"$not": {"issuer_did": DID}})),
        ("restriction-in", "$in.", json!({"schema_version": {"$in": ["1.0", "1.1"]}})),
        ("restriction-neq", "$neq.", json!({"schema_version": {"$neq": "1.0"}})),
        ("restriction-marker", "A marker.", json!([{"attr::name::marker": "1"}])),
        ("restriction-value", "A value.", json!([{"attr::name::value": "Alex"}])),
        (
            "restriction-nested",
            "Operators within operators.",
            json!({"$and": [{"$or": [{"issuer_did": DID}]}, {"$not": {"schema_name": "X"}}]}),
        ),
        (
            "restriction-newer-names",
            "AnonCreds 1.0's names.",
            json!([{"issuer_id": DID, "schema_issuer_id": DID}]),
        ),
    ] {
        changed(
            file,
            "request",
            name,
            comment,
            valid("RESTRICTION"),
            (attribute, Some(restrictions)),
        );
    }
    let nested = |depth: usize| {
        (1..depth).fold(json!({"issuer_did": DID}), |inner, _| json!({"$not": inner}))
    };
    let to = (attribute, Some(nested(32)));
    changed(file, "request", "restriction-depth-32", "32 objects deep.", valid("LIMIT"), to);
    let to = (attribute, Some(nested(33)));
    let limit = invalid("LIMIT").needs(&["limits"]);
    changed(file, "restriction-depth-32", "restriction-depth-33", "33 objects deep.", limit, to);
    for (base, name, comment, restrictions) in [
        ("restriction-list", "restriction-text", "A text.", json!(DID)),
        ("restriction-list", "restriction-number", "A number.", json!(1)),
        ("restriction-list", "restriction-true", "true.", json!(true)),
        ("restriction-list", "restriction-list-of-texts", "A list of texts.", json!([DID])),
        (
            "restriction-list",
            "restriction-list-in-list",
            "A list in a list.",
            json!([[{"issuer_did": DID}]]),
        ),
        (
            "restriction-list",
            "restriction-value-number",
            "A number as a value.",
            json!([{"schema_version": 1.0}]),
        ),
        (
            "restriction-list",
            "restriction-value-list",
            "A list as a value.",
            json!([{"issuer_did": [DID]}]),
        ),
        (
            "restriction-or",
            "restriction-or-object",
            "$or of an object.",
            json!({"$or": {"issuer_did": DID}}),
        ),
        (
            "restriction-not",
            "restriction-not-list",
            "$not of a list.",
            json!({"$not": [{"issuer_did": DID}]}),
        ),
        (
            "restriction-neq",
            "restriction-neq-first",
            "$neq before the tag.",
            json!({"$neq": {"schema_version": "1.0"}}),
        ),
        (
            "restriction-in",
            "restriction-in-text",
            "$in of a text.",
            json!({"schema_version": {"$in": "1.0"}}),
        ),
        (
            "restriction-in",
            "restriction-like",
            "$like.",
            json!({"schema_version": {"$like": "1.%"}}),
        ),
        ("restriction-in", "restriction-gt", "$gt.", json!({"schema_version": {"$gt": "1.0"}})),
        (
            "restriction-in",
            "restriction-two-operators",
            "Two operators behind a tag.",
            json!({"schema_version": {"$in": ["1.0"], "$neq": "1.1"}}),
        ),
        (
            "restriction-newer-names",
            "restriction-both-names",
            "Both names of one tag.",
            json!([{"issuer_id": DID, "issuer_did": DID}]),
        ),
    ] {
        changed(file, base, name, comment, invalid("RESTRICTION"), (attribute, Some(restrictions)));
    }
    let predicate = "/requested_predicates/adult/restrictions";
    for (name, comment, restrictions, expect) in [
        (
            "restriction-of-predicate",
            "A predicate's restriction.",
            json!([{"issuer_did": DID}]),
            valid("RESTRICTION"),
        ),
        (
            "restriction-of-predicate-text",
            "A text as a predicate's restriction.",
            json!("x"),
            invalid("RESTRICTION"),
        ),
    ] {
        let to: (&str, Option<Value>) = (predicate, Some(restrictions));
        changed(file, "request", name, comment, expect, to);
    }
}
