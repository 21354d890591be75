//! Requests with one referent.

use serde_json::{Value, json};
use vectors::Importance;

use super::super::file::{Expect, File};
use super::super::honest::request;
use super::{DID, OTHER_DID, wallet};

pub fn add(file: &mut File) {
    attributes(file);
    predicates(file);
    restrictions(file);
}

/// Adds a test with one referent `it`.
fn add_one(
    file: &mut File,
    test: (&str, &str, &str),
    attribute: Option<Value>,
    predicate: Option<Value>,
    found: &[&str],
) {
    let (flag, name, comment) = test;
    let member = |one: Option<Value>| one.map_or(json!({}), |one| json!({"it": one}));
    let asked = request(&format!("search {name}"), member(attribute), member(predicate));
    file.add(
        name,
        comment,
        json!({"input": {"credentials": wallet(), "request": asked}}),
        Expect::valid()
            .importance(Importance::Medium)
            .flags(&[flag])
            .output(json!({"candidates": {"it": found}})),
    );
}

fn attributes(file: &mut File) {
    for (flag, name, comment, attribute, found) in [
        (
            "NORMAL",
            "attribute",
            "An attribute.",
            json!({"name": "height"}),
            vec!["alex", "alexander", "foreign"],
        ),
        ("NORMAL", "attribute-none", "An attribute that none has.", json!({"name": "sex"}), vec![]),
        (
            "NAME_FOLDED",
            "name-other-case",
            "Other case.",
            json!({"name": "NAME"}),
            vec!["alex", "alexander", "card", "foreign"],
        ),
        (
            "NAME_FOLDED",
            "name-blanks",
            "Other blanks.",
            json!({"name": "firstname"}),
            vec!["degree"],
        ),
        (
            "NAME_FOLDED",
            "name-prefix",
            "A part of a name is another name.",
            json!({"name": "nam"}),
            vec![],
        ),
        (
            "GROUP",
            "group",
            "A group.",
            json!({"names": ["name", "height"]}),
            vec!["alex", "alexander", "foreign"],
        ),
        ("GROUP", "group-of-one", "A group of one.", json!({"names": ["year"]}), vec!["degree"]),
        (
            "GROUP",
            "group-across",
            "A group that no single credential has.",
            json!({"names": ["name", "year"]}),
            vec![],
        ),
        (
            "GROUP",
            "group-folded",
            "A group with other case and blanks.",
            json!({"names": ["Y E A R", "first name"]}),
            vec!["degree"],
        ),
    ] {
        add_one(file, (flag, name, comment), Some(attribute), None, &found);
    }
}

fn predicates(file: &mut File) {
    for (flag, name, comment, (attribute, p_type, p_value), found) in [
        (
            "PREDICATE",
            "at-least",
            "A predicate that is true of one.",
            ("age", ">=", 20),
            vec!["alex"],
        ),
        (
            "PREDICATE",
            "below",
            "A predicate that is true of the other.",
            ("age", "<", 20),
            vec!["alexander"],
        ),
        (
            "PREDICATE",
            "text-is-not-compared",
            "A text is not compared: neither bound finds it.",
            ("age", "<", 2_147_483_647),
            vec!["alex", "alexander"],
        ),
        (
            "PREDICATE",
            "text-is-not-compared-above",
            "The other way round.",
            ("age", ">", -2_147_483_648),
            vec!["alex", "alexander"],
        ),
        (
            "PREDICATE",
            "beyond-32-bits",
            "A number of more than 32 bits is not compared.",
            ("limit", ">=", 0),
            vec![],
        ),
        ("PREDICATE", "negative", "A negative value.", ("balance", "<=", -1), vec!["account"]),
        (
            "PREDICATE",
            "leading-zeros",
            "The integer counts, not its spelling.",
            ("number", "<", 124),
            vec!["card"],
        ),
        (
            "PREDICATE",
            "no-such-attribute",
            "A predicate on what none has.",
            ("weight", ">=", 0),
            vec![],
        ),
        ("PREDICATE_BOUND", "bound-at-least", "28 >= 28.", ("age", ">=", 28), vec!["alex"]),
        ("PREDICATE_BOUND", "bound-above", "28 > 28.", ("age", ">", 28), vec![]),
        ("PREDICATE_BOUND", "bound-at-most", "18 <= 18.", ("age", "<=", 18), vec!["alexander"]),
        ("PREDICATE_BOUND", "bound-below", "18 < 18.", ("age", "<", 18), vec![]),
        ("PREDICATE_BOUND", "bound-zero", "0 <= 0.", ("height", "<=", 0), vec!["foreign"]),
    ] {
        let predicate = json!({"name": attribute, "p_type": p_type, "p_value": p_value});
        add_one(file, (flag, name, comment), None, Some(predicate), &found);
    }
}

fn restrictions(file: &mut File) {
    let people = || json!({"schema_name": "Person"});
    for (name, comment, restrictions, found) in [
        (
            "by-issuer",
            "By issuer.",
            json!([{"issuer_did": DID}]),
            vec!["alex", "alexander", "card"],
        ),
        ("by-schema-name", "By the schema's name.", people(), vec!["alex", "alexander", "foreign"]),
        (
            "by-definition",
            "By credential definition.",
            json!([{"cred_def_id": format!("{OTHER_DID}:3:CL:12:Person")}]),
            vec!["foreign"],
        ),
        (
            "by-qualified",
            "By a qualified issuer.",
            json!([{"issuer_did": format!("did:sov:{OTHER_DID}")}]),
            vec!["foreign"],
        ),
        (
            "by-two",
            "By two facts at once.",
            json!([{"issuer_did": DID, "schema_name": "Person"}]),
            vec!["alex", "alexander"],
        ),
        (
            "by-either",
            "By one of two.",
            json!([{"issuer_did": OTHER_DID}, {"schema_name": "Card"}]),
            vec!["card", "foreign"],
        ),
        (
            "by-value",
            "By an attribute's text.",
            json!([{"attr::name::value": "Alex"}]),
            vec!["alex", "card", "foreign"],
        ),
        (
            "by-marker",
            "By an attribute that is not asked for.",
            json!([{"attr::height::marker": "1"}]),
            vec!["alex", "alexander", "foreign"],
        ),
        (
            "by-not",
            "By what it is not.",
            json!({"$not": {"attr::name::value": "Alex"}}),
            vec!["alexander"],
        ),
        (
            "by-registry",
            "By registry.",
            json!([{"rev_reg_id": format!("{DID}:4:{DID}:3:CL:12:Card:CL_ACCUM:R1")}]),
            vec!["card"],
        ),
        ("by-unknown", "By a tag that there is not.", json!([{"colour": "red"}]), vec![]),
        (
            "by-nothing",
            "An empty list restricts nothing.",
            json!([]),
            vec!["alex", "alexander", "card", "foreign"],
        ),
    ] {
        let attribute = json!({"name": "name", "restrictions": restrictions});
        add_one(file, ("RESTRICTION", name, comment), Some(attribute), None, &found);
    }
}
