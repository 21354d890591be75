//! Documents and their canonical forms.

use exchange::{
    key::Signer,
    signature::{Contexts, ProofType, SignatureError, Signed, canonical_json, sign, verify},
};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::fixture::{self, options, signer};

/// Any JSON whose whole numbers are doubles: names and texts with every kind of character, among
/// them those whose order in UTF-8 is not that in UTF-16.
fn any_document() -> impl Strategy<Value = Value> {
    let text =
        prop_oneof!["\\PC*", "[\\x00-\\x7f]*", "[\u{20}-\u{7f}\u{e000}-\u{10ffff}]*", "[a-z]{0,3}"];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-(1_i64 << 53)..=1 << 53).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text.clone().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 60, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(text.clone(), inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    /// The canonical form is that of another implementation, `serde_json_canonicalizer`.
    #[test]
    fn any_document_has_the_canonical_form_of_another_library(document in any_document()) {
        let expected = serde_json_canonicalizer::to_vec(&document).unwrap();
        prop_assert_eq!(canonical_json(&document).unwrap(), expected);
    }
}

#[test]
fn the_vectors_of_rfc_8785_have_the_canonical_form_of_the_rfc() {
    let vectors = fixture::json_file("rfc-8785-vectors.json");
    let documents = vectors["documents"].as_array().unwrap();
    assert_eq!(documents.len(), 6);
    for vector in documents {
        let input: Value = serde_json::from_str(vector["input"].as_str().unwrap()).unwrap();
        let canonical = String::from_utf8(canonical_json(&input).unwrap()).unwrap();
        assert_eq!(canonical, vector["canonical"].as_str().unwrap(), "{}", vector["name"]);
    }
}

#[test]
fn the_numbers_of_rfc_8785_are_written_as_in_its_appendix_b() {
    let vectors = fixture::json_file("rfc-8785-vectors.json");
    let numbers = vectors["numbers"].as_array().unwrap();
    assert!(numbers.len() > 20);
    for number in numbers {
        let bits = u64::from_str_radix(number["bits"].as_str().unwrap(), 16).unwrap();
        let canonical = canonical_json(&json!(f64::from_bits(bits))).unwrap();
        let expected = number["json"].as_str().unwrap();
        assert_eq!(String::from_utf8(canonical).unwrap(), expected, "{bits:x}");
    }
}

#[test]
fn a_number_is_parsed_as_the_nearest_double() {
    let vectors = fixture::json_file("rfc-8785-vectors.json");
    for number in vectors["numbers"].as_array().unwrap() {
        let text = number["json"].as_str().unwrap();
        let read: Value = serde_json::from_str(text).unwrap();
        let bits = u64::from_str_radix(number["bits"].as_str().unwrap(), 16).unwrap();
        assert_eq!(read.as_f64().unwrap(), f64::from_bits(bits), "{text}");
    }
}

#[test]
fn a_whole_number_that_json_readers_round_is_refused() {
    for fits in [json!(9_007_199_254_740_992_u64), json!(i64::MIN), json!(1_u64 << 63)] {
        assert!(canonical_json(&fits).is_ok(), "{fits}");
    }
    for rounded in [json!(9_007_199_254_740_993_u64), json!(i64::MAX), json!(u64::MAX)] {
        let document = json!({"a/b": [0, {"c": rounded}]});
        let error = canonical_json(&document).unwrap_err().to_string();
        assert!(error.contains("/a~1b/1/c"), "{error}");
        assert!(error.contains(&rounded.to_string()), "{error}");
    }
}

#[tokio::test]
async fn a_document_that_is_nested_too_deeply_is_refused() {
    let mut deep = json!("x");
    for _ in 0..1000 {
        deep = json!([deep]);
    }
    let document = json!({"deep": deep});
    let contexts = Contexts::new();
    for proof_type in ProofType::ALL.into_iter().take(2) {
        let options = options(proof_type);
        let error =
            sign(Signed::Message(&document), &options, &signer(), &contexts).await.unwrap_err();
        assert!(matches!(error, SignatureError::NotCanonical(_)), "{error}");
        assert!(error.to_string().len() < 2000);
    }
}

#[test]
fn only_an_object_is_a_document() {
    for document in [json!(null), json!([]), json!("text"), json!(1)] {
        let proof = json!({
            "type": "Ed25519VerificationKey2018", "creator": "key-1", "nonce": "1",
        });
        let key = signer().public_key();
        let verified =
            verify(Signed::Message(&document), &proof, &key, &Contexts::new(), fixture::now());
        assert!(matches!(verified, Err(SignatureError::NotCanonical(_))));
    }
}

#[tokio::test]
async fn the_bytes_of_two_documents_differ_wherever_the_documents_do() {
    // text that looks like the dot and the nonce stays inside the document
    let contexts = Contexts::new();
    let mut signatures = Vec::new();
    for text in ["", ".", "}.8ac448d4", "\"}.", "\\", "\u{0}"] {
        let document = json!({"a": text});
        let options = options(ProofType::Ed25519VerificationKey2018);
        let proof = sign(Signed::Message(&document), &options, &signer(), &contexts).await;
        let signature = proof.unwrap().signature_value.unwrap();
        assert!(!signatures.contains(&signature), "{text:?}");
        signatures.push(signature);
    }
}
