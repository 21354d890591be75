//! A wallet's credentials, and which of them answer the referents of a request.
//!
//! `referents` has the tests with one referent.

mod referents;

use serde_json::{Map, Value, json};
use vectors::format::BugType;
use vectors::{Importance, Kind};

use super::file::{Expect, File};
use super::honest::request;
use super::schema::{KindSchema, object};

const DID: &str = "NcYxiDXkpYi6ov5FcYDi1e";
const OTHER_DID: &str = "V4SGRU86Z58d6TV7PBUe6f";

pub fn schema() -> KindSchema {
    let text = json!({"type": "string"});
    let value = object(json!({"raw": text, "encoded": text}), &["raw", "encoded"]);
    let credential = object(
        json!({
            "id": text,
            "schema_id": text,
            "cred_def_id": text,
            "rev_reg_id": text,
            "values": {"type": "object", "additionalProperties": value},
        }),
        &["id", "schema_id", "cred_def_id", "values"],
    );
    let ids = json!({"type": "array", "items": text});
    KindSchema {
        kind: Kind::Search,
        input: object(
            json!({
                "credentials": {"type": "array", "items": credential},
                "request": {"description": "a proof request, malformed or not"},
                "extra": {"description": "the holder's own conditions by referent, as restrictions"},
            }),
            &["credentials", "request"],
        ),
        output: Some(object(
            json!({"candidates": {
                "description": "for each referent the credentials' ids, sorted",
                "type": "object",
                "additionalProperties": ids,
            }}),
            &["candidates"],
        )),
        has_public: false,
    }
}

fn held(id: &str, did: &str, schema: &str, values: &[(&str, &str)]) -> Value {
    let values: Map<String, Value> = values
        .iter()
        .map(|(name, raw)| {
            let encoded = proofs::encoding::encode(raw);
            ((*name).to_owned(), json!({"raw": raw, "encoded": encoded}))
        })
        .collect();
    json!({
        "id": id,
        "schema_id": format!("{did}:2:{schema}:1.0"),
        "cred_def_id": format!("{did}:3:CL:12:{schema}"),
        "values": values,
    })
}

/// What the wallet has in each test.
fn wallet() -> Value {
    let mut revocable = held("card", DID, "Card", &[("number", "000123"), ("name", "Alex")]);
    revocable["rev_reg_id"] = json!(format!("{DID}:4:{DID}:3:CL:12:Card:CL_ACCUM:R1"));
    json!([
        held("alex", DID, "Person", &[("name", "Alex"), ("age", "28"), ("height", "175")]),
        held(
            "alexander",
            DID,
            "Person",
            &[("name", "Alexander"), ("age", "18"), ("height", "169")]
        ),
        held("foreign", OTHER_DID, "Person", &[("Name", "Alex"), ("Age", "n/a"), ("height", "0")]),
        held("degree", OTHER_DID, "Degree", &[("First Name", "Alex"), ("year", "2024")]),
        held("account", OTHER_DID, "Account", &[("balance", "-50"), ("limit", "2147483648")]),
        revocable,
    ])
}

pub fn file() -> File {
    let mut file = File::new(
        "search",
        Kind::Search,
        "AnonCreds: a holder's credentials for a proof request",
        &[
            "A credential is a candidate for a referent if it has every attribute that the referent names, satisfies \
             its restriction, and, for a predicate, makes it true.",
            "Reasons: `request-shape`, and `restriction` for the holder's own condition.",
            "Identifiers are Indy's: they say who issued a credential, and its schema's name and version.",
        ],
    );
    for (flag, bug, description, effect) in [
        ("NORMAL", BugType::Basic, "An ordinary request.", ""),
        (
            "NAME_FOLDED",
            BugType::RefusesValid,
            "Names of attributes compare without blanks and case.",
            "A holder is told that there is no credential.",
        ),
        (
            "GROUP",
            BugType::AcceptsInvalid,
            "All attributes of a group come from one credential.",
            "A credential is offered with which no proof can be made.",
        ),
        (
            "PREDICATE",
            BugType::AcceptsInvalid,
            "A credential for which the predicate is false, or whose value is not an integer of 32 bits, is not a \
             candidate.",
            "A credential is offered with which no proof can be made.",
        ),
        (
            "PREDICATE_BOUND",
            BugType::EdgeCase,
            "A value that equals the bound.",
            "A holder is told that there is no credential, or offered one that fails.",
        ),
        (
            "RESTRICTION",
            BugType::AcceptsInvalid,
            "Restrictions on the credential.",
            "A credential is offered that the verifier refuses.",
        ),
        (
            "EXTRA",
            BugType::Basic,
            "The holder's own condition, beside the restriction.",
            "The holder is offered what it excluded.",
        ),
        (
            "MALFORMED",
            BugType::AcceptsInvalid,
            "A request or condition that cannot be read.",
            "A condition is ignored.",
        ),
    ] {
        file.note(flag, bug, description, effect, &[]);
    }
    referents::add(&mut file);
    several(&mut file);
    extra(&mut file);
    malformed(&mut file);
    file
}

fn several(file: &mut File) {
    let asked = request(
        "search two referents",
        json!({"a": {"name": "year"}, "b": {"name": "number"}}),
        json!({"c": {"name": "balance", "p_type": "<", "p_value": 0}}),
    );
    file.add(
        "several-referents",
        "Each referent has its own candidates.",
        json!({"input": {"credentials": wallet(), "request": asked}}),
        Expect::valid()
            .importance(Importance::Medium)
            .flags(&["NORMAL"])
            .output(json!({"candidates": {"a": ["degree"], "b": ["card"], "c": ["account"]}})),
    );
    let asked = request("search nothing", json!({"it": {"name": "name"}}), json!({}));
    file.add(
        "empty-wallet",
        "A wallet without credentials.",
        json!({"input": {"credentials": [], "request": asked}}),
        Expect::valid()
            .importance(Importance::Low)
            .flags(&["NORMAL"])
            .output(json!({"candidates": {"it": []}})),
    );
}

fn extra(file: &mut File) {
    for (name, comment, condition, found) in [
        (
            "extra-value",
            "A condition on a text.",
            json!({"attr::age::value": "18"}),
            vec!["alexander"],
        ),
        ("extra-issuer", "A condition on the issuer.", json!({"issuer_did": OTHER_DID}), vec![]),
        ("extra-empty", "An empty condition.", json!({}), vec!["alex", "alexander"]),
    ] {
        let attributes = json!({"it": {"name": "name", "restrictions": [{"cred_def_id": format!("{DID}:3:CL:12:Person")}]}});
        let asked = request(&format!("search {name}"), attributes, json!({}));
        file.add(
            name,
            comment,
            json!({"input": {"credentials": wallet(), "request": asked, "extra": {"it": condition}}}),
            Expect::valid()
                .importance(Importance::Low)
                .flags(&["EXTRA"])
                .output(json!({"candidates": {"it": found}})),
        );
    }
}

fn malformed(file: &mut File) {
    let invalid =
        |reason: &str| Expect::invalid(&[reason]).importance(Importance::Low).flags(&["MALFORMED"]);
    file.altered(
        "group",
        "group-without-names",
        "A group without names has no candidates that could be told.",
        invalid("request-shape"),
        |given| given["input"]["request"]["requested_attributes"]["it"]["names"] = json!([]),
    );
    file.altered(
        "by-not",
        "restriction-unreadable",
        "A restriction that cannot be read is not left out.",
        invalid("request-shape"),
        |given| {
            given["input"]["request"]["requested_attributes"]["it"]["restrictions"] =
                json!({"$not": [{"attr::name::value": "Alex"}]});
        },
    );
    file.altered(
        "at-least",
        "predicate-unknown",
        "A comparison that there is not.",
        invalid("request-shape"),
        |given| given["input"]["request"]["requested_predicates"]["it"]["p_type"] = json!("=="),
    );
    file.altered(
        "extra-value",
        "extra-unreadable",
        "A condition that cannot be read is not left out.",
        invalid("restriction"),
        |given| given["input"]["extra"]["it"] = json!({"attr::age::value": {"$gt": "17"}}),
    );
}
