//! Equalities, and what joins them.

use serde_json::{Value, json};
use vectors::Importance;

use super::super::file::File;
use super::{DID, OTHER_DID, add_all, credential, given, says};

pub fn add(file: &mut File) {
    equalities(file);
    joined(file);
}

fn equalities(file: &mut File) {
    add_all(
        file,
        "NORMAL",
        vec![
            (
                "schema-id",
                "The schema's id.",
                json!({"schema_id": format!("{DID}:2:Person:1.0")}),
                true,
            ),
            ("schema-name", "The schema's name.", json!({"schema_name": "Person"}), true),
            ("schema-version", "The schema's version.", json!({"schema_version": "1.0"}), true),
            ("schema-issuer", "The schema's author.", json!({"schema_issuer_did": DID}), true),
            ("issuer", "The credential's issuer.", json!({"issuer_did": OTHER_DID}), true),
            (
                "definition",
                "The credential definition.",
                json!({"cred_def_id": format!("{OTHER_DID}:3:CL:12:TAG1")}),
                true,
            ),
            ("other-schema-name", "Another name.", json!({"schema_name": "Human"}), false),
            ("other-case", "Values compare with case.", json!({"schema_name": "person"}), false),
            (
                "blank-in-value",
                "Values compare with blanks.",
                json!({"schema_name": "Person "}),
                false,
            ),
            ("empty-value", "The empty text is a value.", json!({"schema_name": ""}), false),
            ("version-prefix", "1 is not 1.0.", json!({"schema_version": "1"}), false),
            (
                "schema-author-as-issuer",
                "The schema's author is not the credential's issuer.",
                json!({"issuer_did": DID}),
                false,
            ),
            ("null-restriction", "null restricts nothing.", Value::Null, true),
        ],
    );
}

fn joined(file: &mut File) {
    let yes = || json!({"schema_name": "Person"});
    let no = || json!({"schema_version": "2.0"});
    add_all(
        file,
        "OPERATOR",
        vec![
            (
                "members-both",
                "All members of an object must hold.",
                json!({"schema_name": "Person", "schema_version": "1.0"}),
                true,
            ),
            (
                "members-one",
                "One member that does not hold is sufficient.",
                json!({"schema_name": "Person", "schema_version": "2.0"}),
                false,
            ),
            ("list-any", "Any element of a list.", json!([no(), yes()]), true),
            ("list-none", "No element of a list.", json!([no(), no()]), false),
            ("or-any", "$or: any.", json!({"$or": [no(), yes()]}), true),
            ("or-none", "$or: none.", json!({"$or": [no(), no()]}), false),
            ("and-all", "$and: all.", json!({"$and": [yes(), yes()]}), true),
            ("and-one", "$and: one only.", json!({"$and": [yes(), no()]}), false),
            ("not-false", "$not of what does not hold.", json!({"$not": no()}), true),
            ("not-true", "$not of what holds.", json!({"$not": yes()}), false),
            ("not-not", "$not twice.", json!({"$not": {"$not": yes()}}), true),
            (
                "not-members",
                "$not of two members: it holds if one of them does not.",
                json!({"$not": {"schema_name": "Person", "schema_version": "2.0"}}),
                true,
            ),
            ("neq-other", "$neq another value.", json!({"schema_name": {"$neq": "Human"}}), true),
            ("neq-same", "$neq the same value.", json!({"schema_name": {"$neq": "Person"}}), false),
            (
                "in-some",
                "$in: one of several.",
                json!({"schema_name": {"$in": ["A", "Person"]}}),
                true,
            ),
            ("in-one", "$in: one alone.", json!({"schema_name": {"$in": ["Person"]}}), true),
            (
                "in-none",
                "$in: none of several.",
                json!({"schema_name": {"$in": ["A", "B"]}}),
                false,
            ),
            (
                "operator-beside-tag",
                "An operator beside a tag: both must hold.",
                json!({"schema_name": "Person", "$or": [no(), no()]}),
                false,
            ),
            (
                "nested",
                "Operators within operators.",
                json!({"$or": [
                    {"schema_name": "Human"},
                    {"$and": [
                        {"$not": {"$or": [no(), {"schema_version": "3.0"}]}},
                        {"attr::age::value": {"$in": ["27", "28"]}},
                    ]},
                ]}),
                true,
            ),
        ],
    );
    add_all(
        file,
        "EMPTY",
        vec![
            ("empty-object", "{} restricts nothing.", json!({}), true),
            ("empty-list", "[] restricts nothing.", json!([]), true),
            ("list-of-empty", "[{}] restricts nothing.", json!([{}]), true),
            ("or-empty", "An empty $or restricts nothing.", json!({"$or": []}), true),
            ("and-empty", "An empty $and restricts nothing.", json!({"$and": []}), true),
            ("not-empty", "$not of nothing restricts nothing.", json!({"$not": {}}), true),
            (
                "or-empty-beside",
                "An empty $or beside what does not hold.",
                json!({"$or": [], "schema_version": "2.0"}),
                false,
            ),
            (
                "empty-element",
                "An empty element of a list is left out: it does not make the list hold.",
                json!([{}, {"schema_version": "2.0"}]),
                false,
            ),
            (
                "null-member",
                "A null member is absent.",
                json!({"schema_id": null, "schema_version": "2.0"}),
                false,
            ),
            (
                "in-empty",
                "$in of no values never holds.",
                json!({"schema_name": {"$in": []}}),
                false,
            ),
            (
                "not-in-empty",
                "$not of $in of no values always holds.",
                json!({"$not": {"schema_name": {"$in": []}}}),
                true,
            ),
        ],
    );
    let nested = |count: usize| (0..count).fold(yes(), |inner, _| json!({"$not": inner}));
    file.add(
        "depth-30",
        "Thirty times $not.",
        given(nested(30), credential(), "1.0"),
        says(true, "DEEP").importance(Importance::Low),
    );
}
