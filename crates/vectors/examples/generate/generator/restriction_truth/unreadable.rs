//! What is not a restriction.

use serde_json::json;
use vectors::Importance;

use super::super::file::{Expect, File};
use super::{DID, OTHER_DID};

pub fn add(file: &mut File) {
    let invalid = |flag: &str| {
        Expect::invalid(&["restriction"]).importance(Importance::Medium).flags(&[flag])
    };
    for (base, name, comment, restriction) in [
        ("schema-name", "text", "A text alone.", json!("Person")),
        ("schema-name", "number", "A number as a value.", json!({"schema_name": 1})),
        ("schema-name", "list-as-value", "A list as a value.", json!({"schema_name": ["Person"]})),
        ("schema-name", "true-as-value", "true as a value.", json!({"schema_name": true})),
        ("schema-name", "empty-object-as-value", "{} as a value.", json!({"schema_name": {}})),
        ("list-any", "list-in-list", "A list in a list.", json!([[{"schema_name": "Person"}]])),
        ("list-any", "text-in-list", "A text in a list.", json!(["Person"])),
        (
            "and-all",
            "and-of-object",
            "$and of an object.",
            json!({"$and": {"schema_name": "Person"}}),
        ),
        ("or-any", "or-of-text", "$or of a text.", json!({"$or": "Person"})),
        ("not-false", "not-of-list", "$not of a list.", json!({"$not": [{"schema_name": "A"}]})),
        (
            "neq-other",
            "neq-before-tag",
            "$neq before the tag.",
            json!({"$neq": {"schema_name": "A"}}),
        ),
        (
            "neq-other",
            "not-behind-tag",
            "$not behind the tag.",
            json!({"schema_name": {"$not": "A"}}),
        ),
        ("neq-other", "neq-null", "$neq of null.", json!({"schema_name": {"$neq": null}})),
        ("in-some", "in-before-tag", "$in before the tag.", json!({"$in": {"schema_name": ["A"]}})),
        ("in-some", "in-of-text", "$in of a text.", json!({"schema_name": {"$in": "Person"}})),
        ("in-some", "in-of-numbers", "$in of numbers.", json!({"schema_name": {"$in": [1]}})),
        (
            "in-some",
            "two-operators",
            "Two operators behind one tag.",
            json!({"schema_name": {"$neq": "A", "$in": ["Person"]}}),
        ),
        (
            "schema-name",
            "like",
            "$like, which restrictions do not have.",
            json!({"schema_name": {"$like": "P%"}}),
        ),
        (
            "value",
            "gte",
            "$gte, which restrictions do not have.",
            json!({"attr::age::value": {"$gte": "18"}}),
        ),
        (
            "schema-name",
            "exist",
            "$exist, which restrictions do not have.",
            json!({"$exist": ["schema_name"]}),
        ),
        ("schema-name", "unknown-operator", "An operator that there is not.", json!({"$xor": []})),
    ] {
        file.altered(base, name, comment, invalid("MALFORMED"), |given| {
            given["input"]["restriction"] = restriction;
        });
    }
    for (base, name, comment, restriction) in [
        (
            "issuer-id",
            "two-names-in-object",
            "Both names of one tag in one object.",
            json!({"issuer_did": OTHER_DID, "issuer_id": OTHER_DID}),
        ),
        (
            "schema-issuer-id",
            "two-names-in-and",
            "Both names of one tag in $and.",
            json!({"$and": [{"schema_issuer_did": DID}, {"schema_issuer_id": DID}]}),
        ),
        (
            "issuer-id",
            "two-names-within",
            "The other name within $not.",
            json!({"issuer_id": OTHER_DID, "$not": {"issuer_did": DID}}),
        ),
    ] {
        file.altered(base, name, comment, invalid("TWO_NAMES"), |given| {
            given["input"]["restriction"] = restriction;
        });
    }
    let nested = (0..100).fold(json!({"schema_name": "Person"}), |inner, _| json!({"$not": inner}));
    file.altered("depth-30", "depth-100", "A hundred times $not.", invalid("DEEP"), |given| {
        given["input"]["restriction"] = nested;
    });
}
