//! A proof with any number changed by one is refused.

use cl::kernel::Engine;
use cl::{ProofRequest, Rejection};
use dashu_int::{IBig, UBig};
use serde_json::{Value, json};

use crate::example::{alex, shown};
use crate::library::{library_accepts, verdict};

/// Collects the JSON pointers of all numbers in a value: decimal strings, numbers, and in `c_list`
/// each array of bytes as a whole.
fn numbers(value: &Value, pointer: String, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                numbers(value, format!("{pointer}/{name}"), found);
            }
        }
        Value::Array(elements) if elements.iter().all(Value::is_number) && !elements.is_empty() => {
            found.push(pointer);
        }
        Value::Array(elements) => {
            for (index, value) in elements.iter().enumerate() {
                numbers(value, format!("{pointer}/{index}"), found);
            }
        }
        Value::Number(_) => found.push(pointer),
        Value::String(text) if text.parse::<IBig>().is_ok() => found.push(pointer),
        _ => {}
    }
}

fn changed(value: &Value, by: i32) -> Value {
    match value {
        Value::String(text) => json!((text.parse::<IBig>().unwrap() + IBig::from(by)).to_string()),
        Value::Number(number) => json!(number.as_i64().unwrap() + i64::from(by)),
        Value::Array(bytes) => {
            let bytes: Vec<u8> = bytes.iter().map(|byte| byte.as_u64().unwrap() as u8).collect();
            let number = IBig::from(UBig::from_be_bytes(&bytes)) + IBig::from(by);
            json!(*UBig::try_from(number).unwrap().to_be_bytes())
        }
        _ => unreachable!("not among the numbers"),
    }
}

#[test]
fn a_proof_with_any_number_changed_is_refused_by_both() {
    let (alex, shown) = (alex(), shown());
    let mut pointers = Vec::new();
    numbers(&shown.presentation["proof"], "/proof".into(), &mut pointers);
    // Nine of the equality proof, 17 of each predicate, c_hash, and 11 commitments.
    assert_eq!(pointers.len(), 9 + 2 * 17 + 1 + 11, "{pointers:#?}");
    for pointer in pointers {
        for by in [1, -1] {
            let mut presentation = shown.presentation.clone();
            let number = presentation.pointer_mut(&pointer).unwrap();
            *number = changed(number, by);
            let issuers = [&alex.government];
            for engine in Engine::available() {
                let verdict = verdict(engine, &shown.request, &presentation, &issuers);
                assert!(verdict.is_err(), "{engine}: {pointer} {by:+}");
            }
            assert!(!library_accepts(&shown.request, &presentation, &issuers), "{pointer} {by:+}");
        }
    }
}

#[test]
fn a_commitment_changed_in_both_places_fails_the_hash() {
    let (alex, shown) = (alex(), shown());
    let primary = "/proof/proofs/0/primary_proof";
    let places = [
        (format!("{primary}/eq_proof/a_prime"), 0),
        (format!("{primary}/ge_proofs/0/t/0"), 1),
        (format!("{primary}/ge_proofs/0/t/DELTA"), 5),
        (format!("{primary}/ge_proofs/1/t/3"), 9),
        (format!("{primary}/ge_proofs/1/t/DELTA"), 10),
    ];
    for (pointer, position) in places {
        let mut presentation = shown.presentation.clone();
        for pointer in [pointer, format!("/proof/aggregated_proof/c_list/{position}")] {
            let number = presentation.pointer_mut(&pointer).unwrap();
            *number = changed(number, 1);
        }
        for engine in Engine::available() {
            let verdict = verdict(engine, &shown.request, &presentation, &[&alex.government]);
            assert!(matches!(verdict, Err(Rejection::Challenge { .. })), "{verdict:?}");
        }
    }
}

#[test]
fn another_nonce_is_refused_by_both() {
    let (alex, shown) = (alex(), shown());
    let mut request = shown.request.clone();
    request["nonce"] = json!("1298236098237469873");
    assert!(ProofRequest::from_json(&request).is_ok());
    for engine in Engine::available() {
        let verdict = verdict(engine, &request, &shown.presentation, &[&alex.government]);
        assert!(matches!(verdict, Err(Rejection::Challenge { .. })), "{verdict:?}");
    }
    assert!(!library_accepts(&request, &shown.presentation, &[&alex.government]));
}
