//! What cannot be proved, or what verifiers would refuse, is refused with the reason.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use cl::{
    ChosenCredential, Credential, Engine, LinkSecret, Malformed, ProofRequest, ProveError,
    ProvingKey, prove,
};
use serde_json::{Value, json};

use crate::library::{keys, request};
use crate::signer::{LINK_SECRET, Signer, assert_accepted, link_secret, number};

static PERSON: LazyLock<Signer> =
    LazyLock::new(|| Signer::new("person", &keys::bits_2048(), &["name", "age", "height"]));

static DIPLOMA: LazyLock<Signer> =
    LazyLock::new(|| Signer::new("diploma", &keys::degree(), &["degree", "year"]));

static ALEX: LazyLock<Credential> =
    LazyLock::new(|| PERSON.credential(1, &[("name", "Alex"), ("age", "28"), ("height", "-175")]));

fn key() -> &'static ProvingKey {
    PERSON.proving_key(Engine::detect())
}

fn alex() -> ChosenCredential<'static> {
    ChosenCredential::new(&ALEX, key())
}

/// Returns the reason why a choice is refused.
fn error(
    request: &Value,
    chosen: &[ChosenCredential<'_>],
    self_attested: &[(&str, &str)],
) -> ProveError {
    let self_attested: BTreeMap<String, String> = self_attested
        .iter()
        .map(|(referent, value)| ((*referent).into(), (*value).into()))
        .collect();
    let request = ProofRequest::from_json(request).unwrap();
    prove(&request, chosen, &self_attested, &link_secret()).unwrap_err()
}

fn name_and_adult() -> Value {
    request(
        json!({ "name": { "name": "name" } }),
        json!({ "adult": { "name": "age", "p_type": ">=", "p_value": 18 } }),
    )
}

fn predicate(attribute: &str, operator: &str, value: i32) -> Value {
    let predicate = json!({ "name": attribute, "p_type": operator, "p_value": value });
    request(json!({}), json!({ "p": predicate }))
}

#[test]
fn a_self_attested_group() {
    let request = request(json!({ "group": { "names": ["name"] } }), json!({}));
    let refused = error(&request, &[], &[("group", "Alex")]);
    assert_eq!(refused, ProveError::GroupSelfAttested { referent: "group".into() });
}

#[test]
fn a_request_for_nothing() {
    let request = request(json!({}), json!({}));
    assert_eq!(error(&request, &[], &[]), ProveError::NothingRequested);
}

#[test]
fn a_credential_that_answers_nothing() {
    let chosen = [alex().reveal("name").satisfy("adult"), alex()];
    let other = PERSON.credential(2, &[("name", "Sam"), ("age", "50"), ("height", "160")]);
    let chosen = [chosen[0].clone(), ChosenCredential::new(&other, key())];
    let expected = ProveError::NothingShown { credential: 1 };
    assert_eq!(error(&name_and_adult(), &chosen, &[]), expected);
}

#[test]
fn a_referent_that_the_request_does_not_have() {
    let unknown =
        |referent: &str, kind| ProveError::UnknownReferent { referent: referent.into(), kind };
    let request = name_and_adult();
    let good = alex().reveal("name").satisfy("adult");
    let found = error(&request, &[good.clone().reveal("nickname")], &[]);
    assert_eq!(found, unknown("nickname", "attribute"));
    let found = error(&request, &[good.clone().satisfy("name")], &[]);
    assert_eq!(found, unknown("name", "predicate"));
    let found = error(&request, &[good], &[("phone", "555")]);
    assert_eq!(found, unknown("phone", "attribute"));
}

#[test]
fn a_referent_that_is_answered_twice() {
    let twice =
        |referent: &str, kind| ProveError::AnsweredTwice { referent: referent.into(), kind };
    let request = name_and_adult();
    let good = alex().reveal("name").satisfy("adult");
    let found = error(&request, &[good.clone().hide("name")], &[]);
    assert_eq!(found, twice("name", "attribute"));
    let found = error(&request, std::slice::from_ref(&good), &[("name", "Sam")]);
    assert_eq!(found, twice("name", "attribute"));
    let other = PERSON.credential(2, &[("name", "Sam"), ("age", "50"), ("height", "160")]);
    let found =
        error(&request, &[good, ChosenCredential::new(&other, key()).satisfy("adult")], &[]);
    assert_eq!(found, twice("adult", "predicate"));
}

#[test]
fn a_referent_that_is_not_answered() {
    let open = |referent: &str, kind| ProveError::Unanswered { referent: referent.into(), kind };
    let request = name_and_adult();
    let found = error(&request, &[alex().satisfy("adult")], &[]);
    assert_eq!(found, open("name", "attribute"));
    let found = error(&request, &[alex().reveal("name")], &[]);
    assert_eq!(found, open("adult", "predicate"));
}

#[test]
fn the_same_credential_twice() {
    let again = ALEX.clone();
    let chosen = [alex().reveal("name"), ChosenCredential::new(&again, key()).satisfy("adult")];
    let expected = ProveError::SameCredential { first: 0, second: 1 };
    assert_eq!(error(&name_and_adult(), &chosen, &[]), expected);
}

#[test]
fn a_key_of_another_credential() {
    let wrong = DIPLOMA.proving_key(Engine::detect());
    let chosen = [ChosenCredential::new(&ALEX, wrong).reveal("name").satisfy("adult")];
    let found = error(&name_and_adult(), &chosen, &[]);
    assert!(matches!(found, ProveError::WrongKey { credential: 0, .. }), "{found}");

    let mut json = PERSON.sign(1, &[("name", "Alex"), ("age", "28"), ("height", "175")]);
    json["signature"]["p_credential"]["a"] = (number("2").pow(2049)).to_string().into();
    let credential = Credential::from_json(&json).unwrap();
    let chosen = [ChosenCredential::new(&credential, key()).reveal("name").satisfy("adult")];
    let found = error(&name_and_adult(), &chosen, &[]);
    assert!(matches!(found, ProveError::WrongKey { credential: 0, .. }), "{found}");
}

#[test]
fn an_attribute_that_the_credential_does_not_have() {
    let missing = |referent: &str, attribute: &str| ProveError::AttributeMissing {
        referent: referent.into(),
        attribute: attribute.into(),
        credential: 0,
    };
    let attribute = request(json!({ "a": { "name": "Shoe Size" } }), json!({}));
    assert_eq!(error(&attribute, &[alex().reveal("a")], &[]), missing("a", "shoesize"));
    assert_eq!(error(&attribute, &[alex().hide("a")], &[]), missing("a", "shoesize"));
    let group = request(json!({ "g": { "names": ["name", "year"] } }), json!({}));
    assert_eq!(error(&group, &[alex().reveal("g")], &[]), missing("g", "year"));
    let predicate = predicate("year", ">", 1);
    assert_eq!(error(&predicate, &[alex().satisfy("p")], &[]), missing("p", "year"));
}

#[test]
fn an_attribute_both_revealed_and_in_a_predicate() {
    let request = request(
        json!({ "a": { "names": ["name", "age"] } }),
        json!({ "adult": { "name": "age", "p_type": ">=", "p_value": 18 } }),
    );
    let expected = ProveError::RevealedAndCompared {
        credential: 0,
        attribute: "age".into(),
        revealed: "a".into(),
        predicate: "adult".into(),
    };
    assert_eq!(error(&request, &[alex().reveal("a").satisfy("adult")], &[]), expected);
    // A hidden attribute can answer both referents.
    let read = ProofRequest::from_json(&request).unwrap();
    let chosen = [alex().hide("a").satisfy("adult")];
    let presentation = prove(&read, &chosen, &BTreeMap::new(), &link_secret()).unwrap();
    assert_accepted(&request, &presentation, &[&PERSON]);
}

#[test]
fn a_predicate_on_a_value_that_is_not_a_32_bit_number() {
    for (serial, raw) in (10..).zip(["Alex", "", "2147483648", "-2147483649", "1.5"]) {
        let values = [("name", "Alex"), ("age", raw), ("height", "175")];
        let credential = PERSON.credential(serial, &values);
        let chosen = [ChosenCredential::new(&credential, key()).satisfy("p")];
        let expected = ProveError::NotAnInteger { referent: "p".into(), attribute: "age".into() };
        assert_eq!(error(&predicate("age", ">=", 18), &chosen, &[]), expected, "{raw}");
    }
}

#[test]
fn a_false_predicate_or_one_with_too_large_a_difference() {
    const MIN: i32 = i32::MIN;
    const MAX: i32 = i32::MAX;
    let cases = [
        // By one.
        (28, ">=", 29, true),
        (28, ">", 28, true),
        (28, "<=", 27, true),
        (28, "<", 28, true),
        // By a large difference.
        (MIN, ">=", 0, true),
        (0, "<", -MAX, true),
        (MAX, "<=", 0, true),
        // True, but the difference is 2^31 or more.
        (0, ">=", MIN, false),
        (0, ">", MIN, false),
        (1, ">=", -MAX, false),
        (MAX, ">", MIN, false),
        (MIN, "<=", 0, false),
        (MIN, "<", 0, false),
        (-1, "<=", MAX, false),
        // False, and the difference is below -2^31.
        (MIN, ">=", 1, false),
        (MIN, ">", 0, false),
        (MAX, "<", -1, false),
    ];
    for (serial, (value, operator, bound, is_false)) in (100..).zip(cases) {
        let raw = value.to_string();
        let values = [("name", "Alex"), ("age", raw.as_str()), ("height", "175")];
        let credential = PERSON.credential(serial, &values);
        let request = predicate("age", operator, bound);
        let found = error(&request, &[ChosenCredential::new(&credential, key()).satisfy("p")], &[]);
        let shown = format!("age {operator} {bound}");
        let is_expected = match &found {
            ProveError::NotSatisfied { referent, predicate } => {
                is_false && referent == "p" && predicate.to_string() == shown
            }
            ProveError::DifferenceOutOfRange { referent, predicate } => {
                !is_false && referent == "p" && predicate.to_string() == shown
            }
            _ => false,
        };
        assert!(is_expected, "{value} {operator} {bound}: {found}");
    }
}

#[test]
fn malformed_credentials() {
    let good = PERSON.sign(1, &[("name", "Alex"), ("age", "28"), ("height", "175")]);
    let long = |bits: usize| Value::from(number("2").pow(bits).to_string());
    let cases = [
        ("/schema_id", Value::Null),
        ("/cred_def_id", json!(7)),
        ("/values", json!([])),
        ("/values/age", json!("28")),
        ("/values/age/raw", Value::Null),
        ("/values/age/encoded", json!(28)),
        ("/values/age/encoded", json!("028")),
        ("/values/age/encoded", json!("-0")),
        ("/values/age/encoded", long(256)),
        ("/signature/p_credential", Value::Null),
        ("/signature/p_credential/a", long(2050)),
        ("/signature/p_credential/e", json!("65537")),
        ("/signature/p_credential/e", long(595)),
        ("/signature/p_credential/e", long(597)),
        ("/signature/p_credential/v", long(2725)),
        ("/signature/p_credential/v", json!("-1")),
        ("/signature/p_credential/m_2", long(256)),
    ];
    for (pointer, value) in cases {
        let mut changed = good.clone();
        *changed.pointer_mut(pointer).unwrap() = value;
        let Err(Malformed { pointer: place, .. }) = Credential::from_json(&changed) else {
            panic!("{pointer}");
        };
        assert_eq!(place, pointer);
    }
    for name in ["Age", "a g e", "master_secret", "Master_Secret"] {
        let mut changed = good.clone();
        changed["values"][name] = json!({ "raw": "1", "encoded": "1" });
        assert!(Credential::from_json(&changed).is_err(), "{name}");
    }
    for value in [json!(null), json!([]), json!("x"), json!({}), json!(1)] {
        assert!(Credential::from_json(&value).is_err(), "{value}");
    }
}

#[test]
fn malformed_link_secrets() {
    let largest = (number("2").pow(256) - 1u8).to_string();
    let too_large = number("2").pow(256).to_string();
    assert!(LinkSecret::from_decimal(&largest).is_ok());
    assert!(LinkSecret::from_json(&json!({ "value": { "ms": largest } })).is_ok());
    for text in ["", "-1", "01", "x", too_large.as_str()] {
        let error = LinkSecret::from_decimal(text).unwrap_err().to_string();
        assert!(text.len() < 10 || !error.contains(text), "{error}");
        assert!(LinkSecret::from_json(&json!({ "value": { "ms": text } })).is_err(), "{text}");
    }
    for value in [json!(null), json!({}), json!({ "value": "1" }), json!({ "value": { "ms": 1 } })]
    {
        assert!(LinkSecret::from_json(&value).is_err(), "{value}");
    }
}

#[test]
fn debug_output_shows_no_secrets() {
    let secret = link_secret();
    assert!(!format!("{secret:?}").contains(&LINK_SECRET[..8]));
    let shown = format!("{:?} {:?}", &*ALEX, alex());
    for secret in ["Alex", "28", "175", "encoded"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}
