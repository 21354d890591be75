//! `zero-knowledge`: what is asked in zero knowledge is not answered in another way, nor by
//! nothing.

use serde_json::{Value, json};

use super::super::credit_card::presentation;
use super::super::file::File;
use super::exchange::{ask, at, sign_all};
use super::invalid;

/// Why none of them is accepted.
const REASON: &[&str] = &["zero-knowledge"];

pub fn add(file: &mut File) {
    shown_instead(file);
    proved_by_nothing(file);
}

fn shown_instead(file: &mut File) {
    for (base, attribute, bound) in
        [("licence", "Age", 18), ("payslips", "grossPay", 4000), ("address", "street2", 1)]
    {
        let name = format!("predicate-shown-{base}");
        let comment = "A predicate is answered with signed attributes.";
        file.altered(base, &name, comment, invalid("ZERO_KNOWLEDGE", REASON), |given| {
            ask(given, |body| {
                body["criteria"][0]["predicates"] =
                    json!([{"name": attribute, "p_type": ">=", "p_value": bound}]);
            });
        });
    }
}

fn proved_by_nothing(file: &mut File) {
    let asking_for_age = |given: &mut Value, presentations: &[Value]| {
        ask(given, |body| {
            body["criteria"][0]["predicates"] =
                json!([{"name": "Age", "p_type": ">=", "p_value": 18}]);
        });
        *at(given, "/input/response/FulfilledCriteria/0/Presentations") = json!(presentations);
        sign_all(given);
    };
    let of = |number: usize, proof: Value| {
        let mut presentation = presentation(number, Vec::new());
        presentation["type"] = json!(["VerifiablePresentation", "CLSignature2019"]);
        presentation["presentation"] = proof;
        presentation
    };
    for (name, comment, proof) in [
        ("proof-empty", "The proof is empty.", json!({})),
        ("proof-of-words", "The proof is a word.", json!({"proof": "of age"})),
        (
            "proof-of-no-credential",
            "The proof has no sub-proofs.",
            json!({
                "identifiers": [],
                "proof": {"aggregated_proof": {"c_hash": "1", "c_list": []}, "proofs": []},
                "requested_proof": {
                    "predicates": {}, "revealed_attrs": {}, "self_attested_attrs": {},
                    "unrevealed_attrs": {},
                },
            }),
        ),
    ] {
        let expect = invalid("ZERO_KNOWLEDGE", REASON);
        file.altered("licence", name, comment, expect, |given| {
            asking_for_age(given, &[of(100, proof.clone())]);
        });
    }
    let comment = "Two empty proofs for one criterion.";
    file.altered("licence", "proofs-2", comment, invalid("ZERO_KNOWLEDGE", REASON), |given| {
        asking_for_age(given, &[of(100, json!({})), of(101, json!({}))]);
    });
}
