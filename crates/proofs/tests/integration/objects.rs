//! What an object must be before a library gets it.

use proofs::objects::{Kind, check};
use serde_json::{Value, json};

/// Texts that are no canonical decimals.
const MALFORMED: [&str; 9] = ["", "1\u{0}", "+1", " 1", "1 ", "1e3", "01", "٣", "1.0"];

/// Returns an object that has a number at this pointer, for each kind of object.
fn with_numbers(number: &Value) -> Vec<(Kind, &'static str, Value)> {
    let n = || number.clone();
    vec![
        (Kind::Request, "/nonce", json!({"nonce": n()})),
        (
            Kind::Presentation,
            "/proof/proofs/0/primary_proof/eq_proof/m/age",
            json!({"proof": {"proofs": [{"primary_proof": {"eq_proof": {"m": {"age": n()}}}}]}}),
        ),
        (
            Kind::Presentation,
            "/proof/proofs/0/primary_proof/ge_proofs/0/t/DELTA",
            json!({"proof": {"proofs": [{"primary_proof": {"ge_proofs": [{"t": {"DELTA": n()}}]}}]}}),
        ),
        (
            Kind::CredentialDefinition,
            "/value/primary/r/a~1b",
            json!({"value": {"primary": {"r": {"a/b": n()}}}}),
        ),
        (Kind::PrivateKey, "/value/p_key/q", json!({"value": {"p_key": {"q": n()}}})),
        (Kind::KeyCorrectnessProof, "/xr_cap/0/1", json!({"xr_cap": [["age", n()]]})),
        (
            Kind::PreparedKey,
            "/private/value/p_key/p",
            json!({"private": {"value": {"p_key": {"p": n()}}}}),
        ),
        (
            Kind::Credential,
            "/values/age/encoded",
            json!({"values": {"age": {"raw": "1e3", "encoded": n()}}}),
        ),
        (
            Kind::CredentialOffer,
            "/key_correctness_proof/c",
            json!({"key_correctness_proof": {"c": n()}}),
        ),
        (
            Kind::CredentialRequest,
            "/blinded_ms_correctness_proof/m_caps/x",
            json!({"blinded_ms_correctness_proof": {"m_caps": {"x": n()}}}),
        ),
        (
            Kind::RequestMetadata,
            "/master_secret_blinding_data/v_prime",
            json!({"master_secret_blinding_data": {"v_prime": n()}}),
        ),
        (Kind::LinkSecret, "/value/ms", json!({"value": {"ms": n()}})),
    ]
}

#[test]
fn every_number_of_every_object_is_a_canonical_decimal() {
    for (kind, pointer, object) in with_numbers(&json!("4711")) {
        assert_eq!(check(kind, &object.to_string()), Ok(()), "{kind:?} {pointer}");
    }
    let long = "9".repeat(1_301);
    for number in MALFORMED.into_iter().chain([long.as_str()]) {
        for (kind, pointer, object) in with_numbers(&json!(number)) {
            let error = check(kind, &object.to_string()).unwrap_err();
            assert_eq!(error.pointer, pointer, "{kind:?} {number:?}");
        }
    }
    for other in [json!(true), json!([]), json!({}), json!({"a": "1"})] {
        for (kind, pointer, object) in with_numbers(&other) {
            assert!(check(kind, &object.to_string()).is_err(), "{kind:?} {pointer} {other}");
        }
    }
}

#[test]
fn an_error_never_has_the_number() {
    for (kind, _, object) in with_numbers(&json!("4711\u{0}")) {
        let error = check(kind, &object.to_string()).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("4711"), "{error}");
    }
}

#[test]
fn only_values_and_alpha_may_be_negative() {
    let encoded = |number: &str| json!({"values": {"age": {"encoded": number}}}).to_string();
    assert_eq!(check(Kind::Credential, &encoded("-5")), Ok(()));
    for number in ["-", "-0", "--5", "-05", "- 5"] {
        assert!(check(Kind::Credential, &encoded(number)).is_err(), "{number}");
    }
    let secret = json!({"value": {"ms": "-5"}}).to_string();
    assert!(check(Kind::LinkSecret, &secret).is_err());
}

#[test]
fn points_and_scalars_are_hexadecimal() {
    let key = |x: &str| json!({"value": {"r_key": {"x": x, "sk": "0A"}}}).to_string();
    let registry = |point: &str| json!({"value": {"accum": point}}).to_string();
    assert_eq!(check(Kind::PrivateKey, &key("0F")), Ok(()));
    assert_eq!(check(Kind::Registry, &registry("1 0F 1 0A")), Ok(()));
    let long = "1".repeat(2_001);
    for text in ["", "é1", "1\u{0}", "x", long.as_str()] {
        assert!(check(Kind::PrivateKey, &key(text)).is_err(), "{text:?}");
        assert!(check(Kind::Registry, &registry(text)).is_err(), "{text:?}");
    }
    assert!(check(Kind::PrivateKey, &key("1 1")).is_err());
}

#[test]
fn a_member_twice_is_found_wherever_it_is() {
    for (json, pointer) in [
        (r#"{"a": 1, "a": 1}"#, "/a"),
        (r#"{"a": [1, {"b/c": {"d": 1, "d": 2}}]}"#, "/a/1/b~1c/d"),
        (r#"{"a": {}, "b": {"c": 1}, "a": {}}"#, "/a"),
    ] {
        let error = check(Kind::Json, json).unwrap_err();
        assert_eq!((error.pointer.as_str(), error.expected), (pointer, "each member once"));
    }
    assert_eq!(check(Kind::Json, r#"{"a": {"a": 1}, "b": [{"a": 1}, {"a": 1}]}"#), Ok(()));
}

#[test]
fn text_that_is_not_json_or_too_long_is_refused() {
    for json in ["", "{", "[1,]", "{} {}", "nul", &"[".repeat(1_000)] {
        assert!(check(Kind::Json, json).is_err(), "{json}");
    }
    let long = json!("x".repeat(1 << 20)).to_string();
    assert!(check(Kind::Json, &long).unwrap_err().to_string().contains("at most 1 MiB"));
}

#[test]
fn identifiers_and_names_are_any_text() {
    let schema = json!({"id": "did:web:example.org#1", "name": " é\u{0}", "attrNames": ["+1", ""]});
    assert_eq!(check(Kind::Schema, &schema.to_string()), Ok(()));
}
