//! Malformed JSON is refused with a JSON pointer, and never causes a panic.

use cl::kernel::Engine;
use cl::{Malformed, Presentation, ProofRequest, PublicKey};
use serde_json::{Value, json};

use crate::example::{alex, shown};
use crate::library::{keys, verdict};

fn read(presentation: &Value) -> Result<Presentation, Malformed> {
    Presentation::parse(&presentation.to_string())
}

/// Collects the pointers of a value and of all values in it; of arrays of bytes, only the first
/// byte.
fn pointers_of(value: &Value, pointer: String, found: &mut Vec<String>) {
    found.push(pointer.clone());
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                pointers_of(value, format!("{pointer}/{name}"), found);
            }
        }
        Value::Array(elements) => {
            let bytes = elements.first().is_some_and(Value::is_number);
            for (index, value) in elements.iter().enumerate().take(if bytes { 1 } else { 100 }) {
                pointers_of(value, format!("{pointer}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// Returns values of all kinds, none of which is a canonical number.
fn other_values() -> Vec<Value> {
    vec![
        Value::Null,
        json!(true),
        json!(-1),
        json!(1.5),
        json!(256),
        json!(1_u64 << 63),
        json!(""),
        json!("-0"),
        json!("01"),
        json!("+1"),
        json!("1e9"),
        json!(" 1"),
        json!("١"),
        json!("9".repeat(1301)),
        json!([["a"]]),
        json!([null]),
        json!({"a": "x"}),
    ]
}

#[test]
fn a_value_of_another_kind_is_refused_with_its_pointer() {
    let shown = shown();
    let mut pointers = Vec::new();
    pointers_of(&shown.presentation["proof"], "/proof".into(), &mut pointers);
    let mut refused = 0;
    for pointer in &pointers {
        for other in other_values() {
            let mut presentation = shown.presentation.clone();
            *presentation.pointer_mut(pointer).unwrap() = other.clone();
            let Err(malformed) = read(&presentation) else {
                // The exceptions are names, numbers and parts that the verifier checks later.
                let later = ["/value", "/attr_name", "/non_revoc_proof"];
                assert!(later.iter().any(|end| pointer.ends_with(end)), "{pointer}: {other}");
                continue;
            };
            refused += 1;
            let near = malformed.pointer.starts_with(pointer.as_str())
                || pointer.starts_with(malformed.pointer.as_str());
            assert!(near, "{pointer}: {malformed}");
        }
    }
    assert!(refused > 1000, "{refused}");
}

#[test]
fn values_outside_the_proof_are_refused_or_irrelevant() {
    let shown = shown();
    let mut pointers = Vec::new();
    for part in ["requested_proof", "identifiers"] {
        pointers_of(&shown.presentation[part], format!("/{part}"), &mut pointers);
    }
    // Raw values and identifiers, which the mathematics does not need.
    let irrelevant =
        ["/raw", "/schema_id", "/cred_def_id", "/rev_reg_id", "/timestamp", "/self_attested_attrs"];
    for pointer in &pointers {
        for other in other_values() {
            let mut presentation = shown.presentation.clone();
            *presentation.pointer_mut(pointer).unwrap() = other.clone();
            match read(&presentation) {
                Err(malformed) => assert!(malformed.pointer.starts_with('/'), "{malformed}"),
                Ok(_) if irrelevant.iter().any(|end| pointer.ends_with(end)) => {}
                Ok(_) => assert!(with(pointer, &other).is_err(), "{pointer}: {other}"),
            }
        }
    }
}

#[test]
fn a_missing_member_is_named() {
    let shown = shown();
    let mut pointers = Vec::new();
    pointers_of(&shown.presentation["proof"], "/proof".into(), &mut pointers);
    for pointer in ["/identifiers", "/requested_proof"].map(str::to_owned).iter().chain(&pointers) {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let mut presentation = shown.presentation.clone();
        let Some(Value::Object(members)) = presentation.pointer_mut(parent) else {
            continue;
        };
        members.remove(name);
        match read(&presentation) {
            Err(malformed) => {
                assert!(malformed.pointer.starts_with(parent), "{pointer}: {malformed}")
            }
            // A missing attribute is found later, by the verifier.
            Ok(_) => assert!(
                ["m", "revealed_attrs"].iter().any(|map| parent.ends_with(map))
                    || name == "non_revoc_proof",
                "{pointer}"
            ),
        }
    }
}

/// Returns the verdict on the example with another value at a pointer.
fn with(pointer: &str, value: &Value) -> Result<(), cl::Rejection> {
    let mut presentation = shown().presentation.clone();
    *presentation.pointer_mut(pointer).unwrap() = value.clone();
    let issuers = [&alex().government];
    verdict(Engine::detect(), &shown().request, &presentation, &issuers)
}

#[test]
fn numbers_out_of_range_are_refused_by_the_verifier() {
    let primary = "/proof/proofs/0/primary_proof";
    let elements = ["eq_proof/a_prime", "ge_proofs/0/t/0", "ge_proofs/1/t/DELTA"];
    let n = alex().government.definition_json["value"]["primary"]["n"].clone();
    let huge = json!("9".repeat(1300));
    for name in elements {
        for value in [json!("0"), json!("1"), n.clone(), huge.clone()] {
            let verdict = with(&format!("{primary}/{name}"), &value);
            assert!(matches!(verdict, Err(cl::Rejection::NotAnElement { .. })), "{verdict:?}");
        }
    }
    let responses = [
        "eq_proof/e",
        "eq_proof/v",
        "eq_proof/m/age",
        "eq_proof/m2",
        "eq_proof/revealed_attrs/name",
        "ge_proofs/0/u/0",
        "ge_proofs/0/r/0",
        "ge_proofs/1/r/DELTA",
        "ge_proofs/1/mj",
        "ge_proofs/1/alpha",
    ];
    for name in responses {
        let verdict = with(&format!("{primary}/{name}"), &huge);
        assert!(matches!(verdict, Err(cl::Rejection::TooLong { .. })), "{verdict:?}");
    }
    let verdict = with("/proof/aggregated_proof/c_hash", &huge);
    assert!(matches!(verdict, Err(cl::Rejection::ChallengeTooLong { .. })), "{verdict:?}");
    // Zero is a well-formed response, but a wrong one.
    let verdict = with(&format!("{primary}/ge_proofs/1/alpha"), &json!("0"));
    assert!(matches!(verdict, Err(cl::Rejection::Challenge { .. })), "{verdict:?}");
    let verdict = with(&format!("{primary}/ge_proofs/1/alpha"), &json!("-5"));
    assert!(matches!(verdict, Err(cl::Rejection::Challenge { .. })), "{verdict:?}");
}

#[test]
fn text_that_is_not_json_is_refused_with_its_position() {
    for text in ["", "{", "nonsense", "{\"proof\":}", "\u{0}", "[1,2", &"[".repeat(100_000)] {
        let malformed = Presentation::parse(text).unwrap_err();
        assert_eq!(malformed.pointer, "");
        assert!(malformed.to_string().contains("line"), "{malformed}");
    }
    for text in ["null", "1", "\"\"", "[]", "{}", "{\"proof\": {}}"] {
        assert!(Presentation::parse(text).is_err(), "{text}");
    }
}

#[test]
fn malformed_requests_are_refused_with_a_pointer() {
    let cases = [
        (json!([]), ""),
        (json!({}), "/nonce"),
        (json!({"nonce": 5}), "/nonce"),
        (json!({"nonce": "-5"}), "/nonce"),
        (json!({"nonce": "9".repeat(40)}), "/nonce"),
        (json!({"nonce": "1", "requested_attributes": []}), "/requested_attributes"),
        (json!({"nonce": "1", "requested_attributes": {"a": {}}}), "/requested_attributes/a"),
        (
            json!({"nonce": "1", "requested_attributes": {"a/b": {"names": [1]}}}),
            "/requested_attributes/a~1b/names/0",
        ),
        (
            json!({"nonce": "1", "requested_attributes": {"a": {"names": []}}}),
            "/requested_attributes/a/names",
        ),
        (
            json!({"nonce": "1", "requested_attributes": {"a": {"names": ["x y", "z", "XY"]}}}),
            "/requested_attributes/a",
        ),
        (
            json!({"nonce": "1", "requested_attributes": {"a": {"name": "x", "names": ["x"]}}}),
            "/requested_attributes/a",
        ),
        (
            json!({"nonce": "1", "requested_predicates": {"a": {"name": "x", "p_type": "<", "p_value": 2_147_483_648_u64}}}),
            "/requested_predicates/a/p_value",
        ),
    ];
    for (request, pointer) in cases {
        assert_eq!(ProofRequest::from_json(&request).unwrap_err().pointer, pointer, "{request}");
    }
}

/// A proof spells operators `GE`, `LE`, `GT` and `LT`, a request `>=`, `<=`, `>` and `<`.
#[test]
fn a_request_and_a_proof_have_their_own_operators() {
    let read = |operator: &Value| {
        let predicate = json!({"name": "x", "p_type": operator, "p_value": 1});
        ProofRequest::from_json(&json!({"nonce": "1", "requested_predicates": {"a": predicate}}))
    };
    for operator in [">=", "<=", ">", "<"] {
        assert!(read(&json!(operator)).is_ok(), "{operator}");
        let mut presentation = shown().presentation.clone();
        let proof = &mut presentation["proof"]["proofs"][0]["primary_proof"]["ge_proofs"][0];
        proof["predicate"]["p_type"] = json!(operator);
        let malformed = Presentation::from_json(&presentation).unwrap_err();
        assert!(malformed.pointer.ends_with("/predicate/p_type"), "{operator}: {malformed}");
    }
    let others = ["GE", "LE", "GT", "LT", "ge", "=", "==", "!=", "=>", "=<", "≥", ">= ", " >", ""];
    for operator in others.map(|text| json!(text)).into_iter().chain([json!(1), json!([">="])]) {
        let malformed = read(&operator).unwrap_err();
        assert_eq!(malformed.pointer, "/requested_predicates/a/p_type", "{operator}");
    }
}

#[test]
fn malformed_keys_are_refused_with_a_pointer() {
    let primary = keys::gvt().primary;
    let with = |name: &str, value: Value| {
        let mut primary = primary.clone();
        primary[name] = value;
        PublicKey::from_primary(&primary).unwrap_err().pointer
    };
    let n = primary["n"].as_str().unwrap().to_owned();
    let even = format!("{}0", &n[..n.len() - 1]);
    for modulus in ["0", "1", "2", "3", &even, &n.repeat(2), "-5", "x"] {
        assert_eq!(with("n", json!(modulus)), "/n", "{modulus}");
    }
    for base in ["s", "z", "rctxt"] {
        for value in ["0", "1", &n, "-2"] {
            assert_eq!(with(base, json!(value)), format!("/{base}"));
        }
    }
    assert_eq!(with("r", json!({})), "/r");
    assert_eq!(with("r", json!({"master_secret": "1"})), "/r/master_secret");
    assert_eq!(with("r", json!([])), "/r");
}
