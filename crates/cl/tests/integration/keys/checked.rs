//! Keys of the library pass the checks of this crate, and altered keys pass neither these nor the
//! library's.

use cl::PublicKey;
use cl::keys::{KeyCorrectnessProof, KeyFault, KeyProofError, PrivateKey, check_correctness_proof};
use dashu_int::UBig;
use serde_json::{Value, json};

use super::{library_accepts_key, number, read, test_keys};
use crate::library::keys;

#[test]
fn keys_from_elsewhere_pass_all_checks() {
    for key in test_keys().map(|key| read(&key)) {
        assert_eq!(check_correctness_proof(&key.public, &key.correctness_proof), Ok(()));
        assert_eq!(key.private.check(&key.public), Ok(()));
    }
}

#[test]
fn a_proof_with_any_number_altered_is_refused_by_both() {
    let key = keys::gvt();
    let pointers: Vec<String> = ["/c".to_owned(), "/xz_cap".to_owned()]
        .into_iter()
        .chain((0..5).map(|position| format!("/xr_cap/{position}/1")))
        .collect();
    for pointer in pointers {
        let mut proof = key.correctness_proof.clone();
        let value = proof.pointer_mut(&pointer).unwrap();
        *value = (number(value) + UBig::ONE).to_string().into();
        let read = KeyCorrectnessProof::from_json(&proof).unwrap();
        let public = PublicKey::from_primary(&key.primary).unwrap();
        assert_eq!(
            check_correctness_proof(&public, &read),
            Err(KeyProofError::WrongChallenge),
            "{pointer}"
        );
        assert!(!library_accepts_key(&key.primary, &proof), "{pointer}");
    }
}

#[test]
fn a_key_with_any_proven_number_altered_is_refused_by_both() {
    let key = keys::gvt();
    let pointers =
        ["/n", "/s", "/z", "/r/age", "/r/height", "/r/name", "/r/sex", "/r/master_secret"];
    for pointer in pointers {
        let mut primary = key.primary.clone();
        let value = primary.pointer_mut(pointer).unwrap();
        *value = (number(value) + UBig::from(2u8)).to_string().into();
        let public = PublicKey::from_primary(&primary).unwrap();
        let proof = read(&key).correctness_proof;
        assert!(check_correctness_proof(&public, &proof).is_err(), "{pointer}");
        assert!(!library_accepts_key(&primary, &key.correctness_proof), "{pointer}");
    }
}

#[test]
fn a_proof_for_other_names_is_refused_with_the_name() {
    let refusal = |change: &dyn Fn(&mut Value, &mut Value)| {
        let mut key = keys::gvt();
        change(&mut key.primary, &mut key.correctness_proof);
        assert!(!library_accepts_key(&key.primary, &key.correctness_proof));
        let key = read(&key);
        check_correctness_proof(&key.public, &key.correctness_proof).unwrap_err()
    };
    let named = |name: &str| name.to_owned();
    let missing = refusal(&|_, proof| {
        let pairs = proof["xr_cap"].as_array_mut().unwrap();
        pairs.retain(|pair| pair[0] != "sex");
    });
    assert_eq!(missing, KeyProofError::Unproven { name: named("sex") });
    let unknown = refusal(&|primary, _| {
        primary["r"].as_object_mut().unwrap().remove("sex");
    });
    assert_eq!(unknown, KeyProofError::UnknownName { name: named("sex") });
}

#[test]
fn a_long_challenge_and_a_base_without_inverse_are_refused() {
    let key = keys::gvt();
    let mut long = key.correctness_proof.clone();
    long["c"] = (UBig::ONE << 256).to_string().into();
    let public = PublicKey::from_primary(&key.primary).unwrap();
    assert_eq!(
        check_correctness_proof(&public, &KeyCorrectnessProof::from_json(&long).unwrap()),
        Err(KeyProofError::LongChallenge { bits: 257 })
    );
    let mut primary = key.primary.clone();
    let p = (number(&key.private["value"]["p_key"]["p"]) << 1) + UBig::ONE;
    primary["r"]["age"] = p.to_string().into();
    let public = PublicKey::from_primary(&primary).unwrap();
    assert_eq!(
        check_correctness_proof(&public, &read(&key).correctness_proof),
        Err(KeyProofError::NotInvertible { name: "age".into() })
    );
}

#[test]
fn faults_of_a_private_key_are_named() {
    let key = keys::bits_2048();
    let public = PublicKey::from_primary(&key.primary).unwrap();
    let primes = &key.private["value"]["p_key"];
    let [p, q] = ["p", "q"].map(|name| number(&primes[name]));
    let fault = |p: &UBig, q: &UBig| {
        let private = json!({"value": {
            "p_key": {"p": p.to_string(), "q": q.to_string()}, "r_key": null,
        }});
        let private = PrivateKey::from_json(&private).unwrap();
        private.check(&public).unwrap_err()
    };
    assert_eq!(fault(&(&p >> 1), &q), KeyFault::Size { bits: 1023 });
    assert_eq!(fault(&p, &(&q << 2)), KeyFault::Size { bits: 1026 });
    assert_eq!(fault(&UBig::ZERO, &q), KeyFault::Size { bits: 1 });
    assert_eq!(fault(&(&p + UBig::ONE), &q), KeyFault::NotPrime { name: "p'" });
    assert_eq!(fault(&p, &(&q + UBig::from(6u8))), KeyFault::NotPrime { name: "q'" });
    assert_eq!(fault(&p, &p), KeyFault::Close);
    let other = keys::gvt();
    let other = number(&other.private["value"]["p_key"]["p"]);
    assert_eq!(fault(&p, &other), KeyFault::OtherModulus);
    // 2p' + 1 is prime, but 2·(2p' + 1) + 1 is not.
    let longer = (&p << 1) + UBig::ONE;
    assert_eq!(fault(&longer, &q), KeyFault::NotSafe { name: "p'" });
}

#[test]
fn a_base_outside_the_group_is_named() {
    let key = keys::bits_2048();
    let private = PrivateKey::from_json(&key.private).unwrap();
    let n = number(&key.primary["n"]);
    let p = (number(&key.private["value"]["p_key"]["p"]) << 1) + UBig::ONE;
    for (pointer, base) in [("/s", "S"), ("/z", "Z"), ("/rctxt", "Rctxt"), ("/r/age", "R of `age`")]
    {
        let inside = number(key.primary.pointer(pointer).unwrap());
        // -1 is not a square modulo a safe prime, n - 1 is -1 modulo both, and p + 1 is 1 modulo p.
        for outside in [&n - &inside, &n - UBig::ONE, &p + UBig::ONE, p.clone()] {
            let mut primary = key.primary.clone();
            *primary.pointer_mut(pointer).unwrap() = outside.to_string().into();
            let public = PublicKey::from_primary(&primary).unwrap();
            assert_eq!(private.check(&public), Err(KeyFault::NoGenerator { base: base.into() }));
        }
    }
}

/// Impossible numbers are refused without a panic.
#[test]
fn tiny_and_odd_numbers_never_panic() {
    for (n, p, q) in [("7", "0", "0"), ("9", "1", "1"), ("15", "2", "1"), ("35", "3", "2")] {
        let primary =
            json!({"n": n, "s": "2", "z": "3", "r": {"master_secret": "4"}, "rctxt": "5"});
        let public = PublicKey::from_primary(&primary).unwrap();
        let private = json!({"value": {"p_key": {"p": p, "q": q}, "r_key": null}});
        let private = PrivateKey::from_json(&private).unwrap();
        assert!(private.check(&public).is_err());
        for number in ["0", "1", "8"] {
            let proof =
                json!({"c": number, "xz_cap": number, "xr_cap": [["master_secret", number]]});
            let proof = KeyCorrectnessProof::from_json(&proof).unwrap();
            assert!(check_correctness_proof(&public, &proof).is_err());
        }
    }
}
