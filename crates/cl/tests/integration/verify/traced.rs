//! A trace contains everything that is hashed.

use cl::kernel::Engine;
use cl::{Presentation, ProofRequest, trace};
use dashu_int::UBig;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::example::{alex, shown};

#[test]
fn the_challenge_is_the_hash_of_the_traced_numbers() {
    let (alex, shown) = (alex(), shown());
    let request = ProofRequest::from_json(&shown.request).unwrap();
    let presentation = Presentation::from_json(&shown.presentation).unwrap();
    let traces: Vec<_> = Engine::available()
        .into_iter()
        .map(|engine| trace(&request, &presentation, &[alex.government.prepared(engine)]).unwrap())
        .collect();
    assert!(traces.windows(2).all(|two| two[0] == two[1]), "engines differ");
    let json = traces[0].to_json();
    assert!(traces[0].is_accepted());
    let mut hash = Sha256::new();
    let mut names = Vec::new();
    for input in json["hash_inputs"].as_array().unwrap() {
        let number = UBig::from_str_radix(input["number"].as_str().unwrap(), 10).unwrap();
        hash.update(number.to_be_bytes());
        names.push(input["name"].as_str().unwrap());
    }
    let challenge = UBig::from_be_bytes(&hash.finalize()).to_string();
    assert_eq!(json["challenge"]["recomputed"], challenge);
    assert_eq!(
        json["challenge"]["claimed"],
        shown.presentation["proof"]["aggregated_proof"]["c_hash"]
    );
    let predicate = ["T0", "T1", "T2", "T3", "TDELTA", "Q"];
    let commitments = ["t.0", "t.1", "t.2", "t.3", "t.DELTA"];
    let expected =
        [&["T"], &predicate[..], &predicate, &["a_prime"], &commitments, &commitments, &["nonce"]];
    assert_eq!(names, expected.concat());
    assert_eq!(traces[0].equations().count(), 13);
}

#[test]
fn an_invalid_presentation_has_a_trace_too() {
    let (alex, shown) = (alex(), shown());
    let mut altered = shown.presentation.clone();
    altered["proof"]["proofs"][0]["primary_proof"]["eq_proof"]["m2"] = json!("7");
    let request = ProofRequest::from_json(&shown.request).unwrap();
    let keys = [alex.government.prepared(Engine::detect())];
    let honest =
        trace(&request, &Presentation::from_json(&shown.presentation).unwrap(), &keys).unwrap();
    let altered = trace(&request, &Presentation::from_json(&altered).unwrap(), &keys).unwrap();
    assert!(!altered.is_accepted());
    // Only the equation with the altered number has another value.
    let differing: Vec<String> = honest
        .equations()
        .zip(altered.equations())
        .filter(|(honest, altered)| honest.number != altered.number)
        .map(|(honest, _)| honest.name.clone())
        .collect();
    assert_eq!(differing, ["T"]);
}
