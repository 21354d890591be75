//! The JSON of keys.

use cl::keys::{GeneratedKey, KeyCorrectnessProof, PrivateKey};
use serde_json::json;

use super::{read, test_keys};
use crate::library::keys;

#[test]
fn a_key_is_unchanged_after_writing_and_reading() {
    for key in test_keys() {
        let read = read(&key);
        assert_eq!(read.public.to_primary(), key.primary);
        assert_eq!(read.private.to_json(), key.private);
        assert_eq!(read.correctness_proof.to_json(), key.correctness_proof);
        let document = read.to_json();
        let again = GeneratedKey::from_json(&document).unwrap();
        assert_eq!(again.to_json(), document);
        assert_eq!(document["public"]["primary"], read.credential_definition_value()["primary"]);
    }
}

#[test]
fn debug_output_does_not_show_the_private_part() {
    let key = read(&keys::gvt());
    let private = key.private.to_json();
    let shown = format!("{key:?} {key:#?}");
    assert!(shown.contains("PrivateKey"));
    for prime in ["p", "q"] {
        let prime = private["value"]["p_key"][prime].as_str().unwrap();
        assert!(!shown.contains(&prime[..20]));
    }
}

#[test]
fn malformed_json_is_refused_with_a_pointer() {
    let key = read(&keys::gvt()).to_json();
    for (pointer, wrong, expected) in [
        ("/public", json!(null), "/public"),
        ("/public/primary", json!([]), "/public/primary"),
        ("/public/primary/n", json!("12"), "/public/primary/n"),
        ("/private", json!(7), "/private"),
        ("/private/value", json!("no object"), "/private/value"),
        ("/private/value/p_key", json!({}), "/private/value/p_key/p"),
        ("/private/value/p_key/p", json!(5), "/private/value/p_key/p"),
        ("/private/value/p_key/q", json!("-5"), "/private/value/p_key/q"),
        ("/private/value/p_key/q", json!("9".repeat(100_000)), "/private/value/p_key/q"),
        ("/private/value/r_key", json!({}), "/private/value/r_key"),
        ("/key_correctness_proof", json!([]), "/key_correctness_proof"),
        ("/key_correctness_proof/c", json!("0x5"), "/key_correctness_proof/c"),
        ("/key_correctness_proof/xz_cap", json!(""), "/key_correctness_proof/xz_cap"),
        ("/key_correctness_proof/xr_cap", json!({"age": "5"}), "/key_correctness_proof/xr_cap"),
        ("/key_correctness_proof/xr_cap/1", json!(["age"]), "/key_correctness_proof/xr_cap/1"),
        (
            "/key_correctness_proof/xr_cap/1",
            json!(["age", "5", "6"]),
            "/key_correctness_proof/xr_cap/1",
        ),
        ("/key_correctness_proof/xr_cap/1/0", json!(5), "/key_correctness_proof/xr_cap/1/0"),
        ("/key_correctness_proof/xr_cap/1/1", json!("007"), "/key_correctness_proof/xr_cap/1/1"),
        (
            "/key_correctness_proof/xr_cap/1/0",
            json!("master_secret"),
            "/key_correctness_proof/xr_cap/1/0",
        ),
    ] {
        let mut document = key.clone();
        *document.pointer_mut(pointer).unwrap() = wrong;
        let error = GeneratedKey::from_json(&document).err().unwrap();
        assert_eq!(error.pointer, expected);
        assert!(error.to_string().len() < 200, "{error}");
    }
    for document in [json!(null), json!([]), json!("key"), json!({})] {
        assert!(GeneratedKey::from_json(&document).is_err());
        assert!(PrivateKey::from_json(&document).is_err());
        assert!(KeyCorrectnessProof::from_json(&document).is_err());
    }
}
