//! Keys that this crate generates work in the library.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, Ordering};

use cl::keys::{
    GenerateError, GeneratedKey, KeyFault, Options, PrivateKey, Progress, check_correctness_proof,
    from_primes, generate,
};
use cl::{Engine, PreparedKey, Presentation, ProofRequest, verify};
use dashu_int::UBig;
use dashu_int::fast_div::ConstDivisor;
use openssl::bn::{BigNum, BigNumContext};
use serde_json::json;

use super::{library_accepts_key, number, to_library};
use crate::library::{Holder, Issuer, Use, keys, library_accepts, request};

#[test]
fn a_generated_key_has_2048_bits_and_works_with_the_library() {
    let calls = AtomicU64::new(0);
    let watch = |progress: Progress| {
        assert!(progress.tested > 0 && progress.found <= 2);
        calls.fetch_add(1, Ordering::Relaxed);
        ControlFlow::Continue(())
    };
    let options = Options { watch: &watch, ..Options::default() };
    let attributes = ["First Name", "age"];
    let key = generate(&attributes, &options).unwrap();
    assert!(calls.into_inner() > 0);
    assert_eq!(key.public.bits(), 2048);
    assert!(key.public.attributes().eq(["age", "firstname"]));
    check_structure(&key);
    check_issuing_and_presenting(&key, &attributes, &[("First Name", "Alex"), ("age", "28")]);
}

#[test]
fn keys_from_given_primes_work_with_the_library() {
    for engine in Engine::available() {
        let attributes = ["degree", "age"];
        let key = from_test_primes(&keys::degree(), &attributes, engine);
        check_structure(&key);
        check_issuing_and_presenting(&key, &attributes, &[("degree", "maths"), ("age", "28")]);
    }
}

#[test]
fn two_keys_from_the_same_primes_have_different_bases() {
    let [one, other] = [(); 2].map(|()| {
        let key = from_test_primes(&keys::bits_2048(), &["age"], Engine::detect());
        to_library(&key).primary
    });
    assert_eq!(one["n"], other["n"]);
    for base in ["/s", "/z", "/rctxt", "/r/age", "/r/master_secret"] {
        assert_ne!(one.pointer(base), other.pointer(base), "{base}");
    }
}

#[test]
fn a_cancelled_search_returns_no_key() {
    for engine in Engine::available() {
        let calls = AtomicU64::new(0);
        let watch = |_: Progress| {
            calls.fetch_add(1, Ordering::Relaxed);
            ControlFlow::Break(())
        };
        let options = Options { engine, watch: &watch, ..Options::default() };
        let outcome = generate(&["age"], &options);
        assert_eq!(outcome.err(), Some(GenerateError::Cancelled));
        assert!(calls.into_inner() > 0);
    }
}

#[test]
fn unsuitable_primes_and_names_are_refused() {
    let key = keys::gvt();
    let mut private = key.private.clone();
    private["value"]["p_key"]["p"] = private["value"]["p_key"]["q"].clone();
    let private = PrivateKey::from_json(&private).unwrap();
    let refused = from_primes(private.clone(), &["age"], &Options::default()).err();
    assert_eq!(refused, Some(GenerateError::UnsuitablePrimes(KeyFault::Close)));
    let refused = from_primes(private, &["age", "A G E"], &Options::default()).err();
    assert_eq!(refused, Some(GenerateError::DuplicateName { name: "age".into() }));
    let refused = generate(&[], &Options::default()).err();
    assert_eq!(refused, Some(GenerateError::NoAttributes));
}

/// Generates a key from the primes of a test key, with one engine.
fn from_test_primes(key: &keys::Key, attributes: &[&str], engine: Engine) -> GeneratedKey {
    let primes = PrivateKey::from_json(&key.private).unwrap();
    let options = Options { engine, ..Options::default() };
    from_primes(primes, attributes, &options).unwrap()
}

/// Issues a credential, presents it and verifies the presentation, all with the library; then
/// verifies it with this crate.
fn check_issuing_and_presenting(key: &GeneratedKey, names: &[&str], values: &[(&str, &str)]) {
    let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
    let issuer = Issuer::with_names(&to_library(key), "generated", &names);
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

/// Checks the structure of a key independently of this crate, with this crate, and with the
/// library.
fn check_structure(key: &GeneratedKey) {
    let json = to_library(key);
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
    assert_eq!(check_correctness_proof(&key.public, &key.correctness_proof), Ok(()));
    assert!(library_accepts_key(&json.primary, &json.correctness_proof));
}
