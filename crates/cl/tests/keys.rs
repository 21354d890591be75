//! Keys: ours work with `indy-credx`, the library's pass our checks, and what is changed passes neither's.

mod library;

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use cl::keys::{
    GenerateError, GeneratedKey, KeyCorrectnessProof, KeyFault, KeyProofError, Options, PrivateKey,
    Progress, check_correctness_proof, from_primes, generate,
};
use cl::{Engine, PreparedKey, Presentation, ProofRequest, PublicKey, verify};
use dashu_int::UBig;
use dashu_int::fast_div::ConstDivisor;
use indy_credx::types::{CredentialDefinition, CredentialKeyCorrectnessProof, DidValue, SchemaId};
use indy_credx::{issuer, prover};
use library::{Holder, Issuer, Use, keys, library_accepts, request};
use openssl::bn::{BigNum, BigNumContext};
use serde_json::{Value, json};

/// All test keys that the library made, or that were made by other means than this crate.
fn others() -> [keys::Key; 3] {
    [keys::gvt(), keys::degree(), keys::bits_2048()]
}

fn read(key: &keys::Key) -> GeneratedKey {
    GeneratedKey {
        public: PublicKey::from_primary(&key.primary).unwrap(),
        private: PrivateKey::from_json(&key.private).unwrap(),
        correctness_proof: KeyCorrectnessProof::from_json(&key.correctness_proof).unwrap(),
    }
}

fn for_the_library(key: &GeneratedKey) -> keys::Key {
    keys::Key {
        primary: key.credential_definition_value()["primary"].clone(),
        private: key.private.to_json(),
        correctness_proof: key.correctness_proof.to_json(),
    }
}

fn number(value: &Value) -> UBig {
    UBig::from_str_radix(value.as_str().unwrap(), 10).unwrap()
}

/// A key of ours from the primes of a test key, on one engine.
fn from_test_primes(key: &keys::Key, attributes: &[&str], engine: Engine) -> GeneratedKey {
    let primes = PrivateKey::from_json(&key.private).unwrap();
    let options = Options {
        engine,
        ..Options::default()
    };
    from_primes(primes, attributes, &options).unwrap()
}

/// From the credential definition to a verified presentation, all by the library; and our verdict on it.
fn issues_and_presents(key: &GeneratedKey, names: &[&str], values: &[(&str, &str)]) {
    let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
    let issuer = Issuer::with_names(&for_the_library(key), "ours", &names);
    let holder = Holder::new();
    let credential = holder.receive(&issuer, values);
    let request = request(
        json!({"shown": {"name": names[0]}}),
        json!({"adult": {"name": "age", "p_type": ">=", "p_value": 18}}),
    );
    let presentation = holder.present(
        &request,
        &[Use {
            issuer: &issuer,
            credential: &credential,
            attributes: &[("shown", true)],
            predicates: &["adult"],
        }],
    );
    assert!(library_accepts(&request, &presentation, &[&issuer]));
    let verdict = verify(
        &ProofRequest::from_json(&request).unwrap(),
        &Presentation::parse(&presentation.to_string()).unwrap(),
        &[&PreparedKey::new(&key.public).unwrap()],
    );
    assert_eq!(verdict, Ok(()));
}

/// Whether the library answers an offer with this key and proof: it checks the proof first.
fn library_accepts_key(primary: &Value, proof: &Value) -> bool {
    let definition = json!({
        "ver": "1.0", "id": "NcYxiDXkpYi6ov5FcYDi1e:3:CL:15:tag", "schemaId": "15", "type": "CL",
        "tag": "tag", "value": {"primary": primary},
    });
    let definition: CredentialDefinition = serde_json::from_value(definition).unwrap();
    let proof: CredentialKeyCorrectnessProof = serde_json::from_value(proof.clone()).unwrap();
    let schema = SchemaId("NcYxiDXkpYi6ov5FcYDi1e:2:any:1.0".to_owned());
    let offer = issuer::create_credential_offer(&schema, &definition, &proof).unwrap();
    prover::create_credential_request(
        &DidValue("VsKV7grR1BUE29mG2Fm2kX".to_owned()),
        &definition,
        &prover::create_link_secret().unwrap(),
        "default",
        &offer,
    )
    .is_ok()
}

#[test]
fn a_generated_key_has_2048_bits_and_works_with_the_library() {
    let calls = AtomicU64::new(0);
    let watch = |progress: Progress| {
        assert!(progress.tested > 0 && progress.found <= 2);
        calls.fetch_add(1, Ordering::Relaxed);
        ControlFlow::Continue(())
    };
    let options = Options {
        watch: &watch,
        ..Options::default()
    };
    let attributes = ["First Name", "age"];
    let key = generate(&attributes, &options).unwrap();
    assert!(calls.into_inner() > 0);
    assert_eq!(key.public.bits(), 2048);
    assert!(key.public.attributes().eq(["age", "firstname"]));
    is_well_made(&key);
    issues_and_presents(&key, &attributes, &[("First Name", "Alex"), ("age", "28")]);
}

#[test]
fn keys_from_given_primes_work_with_the_library_on_every_engine() {
    for engine in Engine::available() {
        let attributes = ["degree", "age"];
        let key = from_test_primes(&keys::degree(), &attributes, engine);
        is_well_made(&key);
        issues_and_presents(&key, &attributes, &[("degree", "maths"), ("age", "28")]);
    }
}

/// Checks the key's structure by means that are not ours, and by ours.
fn is_well_made(key: &GeneratedKey) {
    let json = for_the_library(key);
    let [p, q] = ["p", "q"].map(|name| number(&json.private["value"]["p_key"][name]));
    let n = number(&json.primary["n"]);
    let double = |half: &UBig| (half << 1) + UBig::ONE;
    assert_eq!(double(&p) * double(&q), n);
    let mut context = BigNumContext::new().unwrap();
    for number in [&p, &double(&p), &q, &double(&q)] {
        let number = BigNum::from_slice(&number.to_be_bytes()).unwrap();
        assert!(number.is_prime(64, &mut context).unwrap());
    }
    let ring = ConstDivisor::new(n);
    let bases = json.primary["r"].as_object().unwrap().values();
    let bases = bases.chain(["s", "z", "rctxt"].map(|name| &json.primary[name]));
    for base in bases.map(number) {
        let power = |exponent: &UBig| ring.reduce(base.clone()).pow(exponent).residue();
        assert_eq!(power(&(&p * &q)), UBig::ONE);
        assert_ne!(power(&p), UBig::ONE);
        assert_ne!(power(&q), UBig::ONE);
    }
    assert_eq!(key.private.check(&key.public), Ok(()));
    assert_eq!(
        check_correctness_proof(&key.public, &key.correctness_proof),
        Ok(())
    );
    assert!(library_accepts_key(&json.primary, &json.correctness_proof));
}

#[test]
fn two_keys_from_the_same_primes_have_different_bases() {
    let [one, other] = [(); 2].map(|()| {
        let key = from_test_primes(&keys::bits_2048(), &["age"], Engine::detect());
        for_the_library(&key).primary
    });
    assert_eq!(one["n"], other["n"]);
    for base in ["/s", "/z", "/rctxt", "/r/age", "/r/master_secret"] {
        assert_ne!(one.pointer(base), other.pointer(base), "{base}");
    }
}

#[test]
fn keys_that_others_made_pass_all_checks() {
    for key in others().map(|key| read(&key)) {
        assert_eq!(
            check_correctness_proof(&key.public, &key.correctness_proof),
            Ok(())
        );
        assert_eq!(key.private.check(&key.public), Ok(()));
    }
}

#[test]
fn every_number_of_a_correctness_proof_matters_to_us_and_the_library() {
    let key = keys::gvt();
    let pointers: Vec<String> = ["/c".to_owned(), "/xz_cap".to_owned()]
        .into_iter()
        .chain((0..5).map(|position| format!("/xr_cap/{position}/1")))
        .collect();
    for pointer in pointers {
        let mut proof = key.correctness_proof.clone();
        let place = proof.pointer_mut(&pointer).unwrap();
        *place = (number(place) + UBig::ONE).to_string().into();
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
fn every_proven_number_of_a_key_matters_to_us_and_the_library() {
    let key = keys::gvt();
    let pointers = [
        "/n",
        "/s",
        "/z",
        "/r/age",
        "/r/height",
        "/r/name",
        "/r/sex",
        "/r/master_secret",
    ];
    for pointer in pointers {
        let mut primary = key.primary.clone();
        let place = primary.pointer_mut(pointer).unwrap();
        *place = (number(place) + UBig::from(2u8)).to_string().into();
        let public = PublicKey::from_primary(&primary).unwrap();
        let proof = read(&key).correctness_proof;
        assert!(
            check_correctness_proof(&public, &proof).is_err(),
            "{pointer}"
        );
        assert!(
            !library_accepts_key(&primary, &key.correctness_proof),
            "{pointer}"
        );
    }
}

#[test]
fn a_correctness_proof_about_other_names_is_refused_by_name() {
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
fn a_challenge_longer_than_a_hash_and_a_base_with_the_modulus_factor_are_refused() {
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
    assert_eq!(
        fault(&(&p + UBig::ONE), &q),
        KeyFault::NotPrime { name: "p'" }
    );
    assert_eq!(
        fault(&p, &(&q + UBig::from(6u8))),
        KeyFault::NotPrime { name: "q'" }
    );
    assert_eq!(fault(&p, &p), KeyFault::Close);
    let other = keys::gvt();
    let other = number(&other.private["value"]["p_key"]["p"]);
    assert_eq!(fault(&p, &other), KeyFault::OtherModulus);
    // 2p' + 1 is a prime, but twice as much plus one is none.
    let longer = (&p << 1) + UBig::ONE;
    assert_eq!(fault(&longer, &q), KeyFault::NotSafe { name: "p'" });
}

#[test]
fn a_base_outside_of_the_group_is_named() {
    let key = keys::bits_2048();
    let private = PrivateKey::from_json(&key.private).unwrap();
    let n = number(&key.primary["n"]);
    let p = (number(&key.private["value"]["p_key"]["p"]) << 1) + UBig::ONE;
    for (pointer, base) in [
        ("/s", "S"),
        ("/z", "Z"),
        ("/rctxt", "Rctxt"),
        ("/r/age", "R of `age`"),
    ] {
        let whole = number(key.primary.pointer(pointer).unwrap());
        // -1 is no square modulo a safe prime, n - 1 is -1 modulo both, and p + 1 generates modulo q at most.
        for outside in [&n - &whole, &n - UBig::ONE, &p + UBig::ONE, p.clone()] {
            let mut primary = key.primary.clone();
            *primary.pointer_mut(pointer).unwrap() = outside.to_string().into();
            let public = PublicKey::from_primary(&primary).unwrap();
            assert_eq!(
                private.check(&public),
                Err(KeyFault::NoGenerator { base: base.into() })
            );
        }
    }
}

#[test]
fn unsuitable_primes_and_names_make_no_key() {
    let key = keys::gvt();
    let mut private = key.private.clone();
    private["value"]["p_key"]["p"] = private["value"]["p_key"]["q"].clone();
    let private = PrivateKey::from_json(&private).unwrap();
    let refused = from_primes(private.clone(), &["age"], &Options::default()).err();
    assert_eq!(
        refused,
        Some(GenerateError::UnsuitablePrimes(KeyFault::Close))
    );
    let refused = from_primes(private, &["age", "A G E"], &Options::default()).err();
    assert_eq!(
        refused,
        Some(GenerateError::DuplicateName { name: "age".into() })
    );
    let refused = generate(&[], &Options::default()).err();
    assert_eq!(refused, Some(GenerateError::NoAttributes));
}

#[test]
fn a_search_that_is_cancelled_ends_at_once() {
    for engine in Engine::available() {
        let start = Instant::now();
        let cancelled = AtomicU64::new(0);
        let watch = |_: Progress| {
            if start.elapsed() < Duration::from_millis(50) {
                return ControlFlow::Continue(());
            }
            cancelled.fetch_max(start.elapsed().as_millis() as u64, Ordering::Relaxed);
            ControlFlow::Break(())
        };
        let options = Options {
            engine,
            watch: &watch,
            ..Options::default()
        };
        let outcome = generate(&["age"], &options);
        let waited = start.elapsed().as_millis() as u64 - cancelled.into_inner();
        match outcome {
            Err(error) => assert_eq!(error, GenerateError::Cancelled),
            Ok(_) => continue, // lucky: both primes within the time
        }
        assert!(waited < 500, "{waited} ms after it was cancelled");
    }
}

#[test]
fn a_key_survives_json() {
    for key in others() {
        let ours = read(&key);
        assert_eq!(ours.public.to_primary(), key.primary);
        assert_eq!(ours.private.to_json(), key.private);
        assert_eq!(ours.correctness_proof.to_json(), key.correctness_proof);
        let document = ours.to_json();
        let again = GeneratedKey::from_json(&document).unwrap();
        assert_eq!(again.to_json(), document);
        assert_eq!(
            document["public"]["primary"],
            ours.credential_definition_value()["primary"]
        );
    }
}

#[test]
fn debug_shows_nothing_of_the_private_part() {
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
fn malformed_json_is_refused_with_its_place() {
    let key = read(&keys::gvt()).to_json();
    for (pointer, wrong, place) in [
        ("/public", json!(null), "/public"),
        ("/public/primary", json!([]), "/public/primary"),
        ("/public/primary/n", json!("12"), "/public/primary/n"),
        ("/private", json!(7), "/private"),
        ("/private/value", json!("no object"), "/private/value"),
        ("/private/value/p_key", json!({}), "/private/value/p_key/p"),
        ("/private/value/p_key/p", json!(5), "/private/value/p_key/p"),
        (
            "/private/value/p_key/q",
            json!("-5"),
            "/private/value/p_key/q",
        ),
        (
            "/private/value/p_key/q",
            json!("9".repeat(100_000)),
            "/private/value/p_key/q",
        ),
        ("/private/value/r_key", json!({}), "/private/value/r_key"),
        (
            "/key_correctness_proof",
            json!([]),
            "/key_correctness_proof",
        ),
        (
            "/key_correctness_proof/c",
            json!("0x5"),
            "/key_correctness_proof/c",
        ),
        (
            "/key_correctness_proof/xz_cap",
            json!(""),
            "/key_correctness_proof/xz_cap",
        ),
        (
            "/key_correctness_proof/xr_cap",
            json!({"age": "5"}),
            "/key_correctness_proof/xr_cap",
        ),
        (
            "/key_correctness_proof/xr_cap/1",
            json!(["age"]),
            "/key_correctness_proof/xr_cap/1",
        ),
        (
            "/key_correctness_proof/xr_cap/1",
            json!(["age", "5", "6"]),
            "/key_correctness_proof/xr_cap/1",
        ),
        (
            "/key_correctness_proof/xr_cap/1/0",
            json!(5),
            "/key_correctness_proof/xr_cap/1/0",
        ),
        (
            "/key_correctness_proof/xr_cap/1/1",
            json!("007"),
            "/key_correctness_proof/xr_cap/1/1",
        ),
        (
            "/key_correctness_proof/xr_cap/1/0",
            json!("master_secret"),
            "/key_correctness_proof/xr_cap/1/0",
        ),
    ] {
        let mut document = key.clone();
        *document.pointer_mut(pointer).unwrap() = wrong;
        let error = GeneratedKey::from_json(&document).err().unwrap();
        assert_eq!(error.pointer, place);
        assert!(error.to_string().len() < 200, "{error}");
    }
    for document in [json!(null), json!([]), json!("key"), json!({})] {
        assert!(GeneratedKey::from_json(&document).is_err());
        assert!(PrivateKey::from_json(&document).is_err());
        assert!(KeyCorrectnessProof::from_json(&document).is_err());
    }
}

/// Numbers that are no honest key's get an answer, whatever it is.
#[test]
fn tiny_and_odd_numbers_never_panic() {
    for (n, p, q) in [
        ("7", "0", "0"),
        ("9", "1", "1"),
        ("15", "2", "1"),
        ("35", "3", "2"),
    ] {
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
