//! Presentations of this crate are accepted by the library and by every engine of this crate.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use cl::{ChosenCredential, Credential, Engine, Presentation, ProofRequest, prove, verify};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::library::{Use, keys, library_accepts, request};
use crate::signer::{Signer, assert_accepted, holder, link_secret};

static PERSON: LazyLock<Signer> =
    LazyLock::new(|| Signer::new("person", &keys::bits_2048(), &["name", "age", "height"]));

static ACCOUNT: LazyLock<Signer> =
    LazyLock::new(|| Signer::new("account", &keys::gvt(), &["balance", "limit", "owner"]));

const ALEX: [(&str, &str); 3] = [("name", "Alex"), ("age", "28"), ("height", "175")];

/// Creates a presentation.
fn presentation_of(
    request: &Value,
    chosen: &[ChosenCredential<'_>],
    self_attested: &[(&str, &str)],
) -> Value {
    let self_attested = self_attested
        .iter()
        .map(|(referent, value)| ((*referent).into(), (*value).into()))
        .collect();
    let request = ProofRequest::from_json(request).unwrap();
    prove(&request, chosen, &self_attested, &link_secret()).unwrap()
}

/// Returns predicates by referent: `p0`, `p1` and so on.
fn predicates(predicates: &[(&str, &str, i32)]) -> Value {
    let predicate = |(index, (name, operator, value)): (usize, &(&str, &str, i32))| {
        let predicate = json!({ "name": name, "p_type": operator, "p_value": value });
        (format!("p{index}"), predicate)
    };
    Map::from_iter(predicates.iter().enumerate().map(predicate)).into()
}

/// Returns the paths to all members, with `*` for every element of an array, and the kinds of their
/// values.
fn shape(value: &Value) -> BTreeMap<String, &'static str> {
    fn walk(value: &Value, path: &str, shape: &mut BTreeMap<String, &'static str>) {
        let kind = match value {
            Value::Null => "null",
            Value::Bool(_) => "true or false",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Array(elements) => {
                for element in elements {
                    walk(element, &format!("{path}/*"), shape);
                }
                "array"
            }
            Value::Object(members) => {
                for (name, value) in members {
                    walk(value, &format!("{path}/{name}"), shape);
                }
                "object"
            }
        };
        shape.insert(path.to_owned(), kind);
    }
    let mut found = BTreeMap::new();
    walk(value, "", &mut found);
    found
}

#[test]
fn a_credential_from_the_library_can_be_presented() {
    let credential = holder().receive(&PERSON.issuer, &ALEX);
    let credential = Credential::from_json(&serde_json::to_value(&credential).unwrap()).unwrap();
    let request = request(json!({ "name": { "name": "name" } }), predicates(&[("age", ">=", 18)]));
    for engine in Engine::available() {
        let key = PERSON.proving_key(engine);
        assert!(key.check_signature(&credential, &link_secret()), "{engine}");
        let chosen = [ChosenCredential::new(&credential, key).reveal("name").satisfy("p0")];
        assert_accepted(&request, &presentation_of(&request, &chosen, &[]), &[&PERSON]);
    }
}

#[test]
fn the_json_has_the_same_form_as_the_librarys() {
    let person = PERSON.sign(1, &ALEX);
    let account = ACCOUNT.sign(1, &[("balance", "-50"), ("limit", "0"), ("owner", "Alex")]);
    for version in ["1.0", "2.0"] {
        let mut request = request(
            json!({
                "group": { "names": ["Owner", "limit"] },
                "hidden": { "name": "height" },
                "name": { "name": "NAME" },
                "phone": { "name": "phone" },
            }),
            predicates(&[("age", ">=", 18), ("balance", "<", 0)]),
        );
        request["ver"] = version.into();
        let by_library = {
            let read = |json: &Value| serde_json::from_value(json.clone()).unwrap();
            let (person, account) = (read(&person), read(&account));
            let person = Use {
                issuer: &PERSON.issuer,
                credential: &person,
                attributes: &[("name", true), ("hidden", false)],
                predicates: &["p0"],
            };
            let account = Use {
                issuer: &ACCOUNT.issuer,
                credential: &account,
                attributes: &[("group", true)],
                predicates: &["p1"],
            };
            let self_attested = [("phone", "555")];
            holder().try_present(&request, &[person, account], &self_attested).unwrap()
        };
        let person = Credential::from_json(&person).unwrap();
        let account = Credential::from_json(&account).unwrap();
        let engine = Engine::detect();
        let chosen = [
            ChosenCredential::new(&person, PERSON.proving_key(engine))
                .reveal("name")
                .hide("hidden")
                .satisfy("p0"),
            ChosenCredential::new(&account, ACCOUNT.proving_key(engine))
                .reveal("group")
                .satisfy("p1"),
        ];
        let by_us = presentation_of(&request, &chosen, &[("phone", "555")]);
        assert_eq!(shape(&by_us), shape(&by_library));
        for same in ["requested_proof", "identifiers"] {
            assert_eq!(by_us[same], by_library[same], "{same}");
        }
        for proof in 0..2 {
            for same in ["/eq_proof/revealed_attrs", "/ge_proofs/0/predicate"] {
                let place = format!("/proof/proofs/{proof}/primary_proof{same}");
                assert_eq!(by_us.pointer(&place), by_library.pointer(&place), "{place}");
            }
        }
        assert_accepted(&request, &by_us, &[&PERSON, &ACCOUNT]);
    }
}

#[test]
fn without_groups_there_is_no_member_for_groups() {
    let person = PERSON.credential(1, &ALEX);
    let request = request(json!({ "name": { "name": "name" } }), json!({}));
    let chosen =
        [ChosenCredential::new(&person, PERSON.proving_key(Engine::detect())).reveal("name")];
    let presentation = presentation_of(&request, &chosen, &[]);
    assert!(presentation["requested_proof"].get("revealed_attr_groups").is_none());
    assert_accepted(&request, &presentation, &[&PERSON]);
}

#[test]
fn only_version_1_requests_get_unqualified_identifiers() {
    let (schema, definition) = ("I:2:person:1.0", "I:3:CL:15:person");
    let mut person = PERSON.sign(1, &ALEX);
    person["schema_id"] = format!("schema:sov:did:sov:{schema}").into();
    person["cred_def_id"] = format!("creddef:sov:did:sov:{definition}").into();
    let credential = Credential::from_json(&person).unwrap();
    let chosen =
        [ChosenCredential::new(&credential, PERSON.proving_key(Engine::detect())).reveal("name")];
    let mut request = request(json!({ "name": { "name": "name" } }), json!({}));
    let identifier =
        |request: &Value| presentation_of(request, &chosen, &[])["identifiers"][0].clone();
    let short = json!({
        "schema_id": schema, "cred_def_id": definition, "rev_reg_id": null, "timestamp": null,
    });
    assert_eq!(identifier(&request), short);
    request["ver"] = "2.0".into();
    assert_eq!(identifier(&request)["schema_id"], person["schema_id"]);
    assert_eq!(identifier(&request)["cred_def_id"], person["cred_def_id"]);
}

#[test]
fn predicates_can_be_proved_up_to_their_bounds() {
    const MIN: i32 = i32::MIN;
    const MAX: i32 = i32::MAX;
    // The value of `balance`, with predicates that hold for it. The differences range from 0 to the
    // largest.
    let cases: [(i32, [(&str, i32); 6]); 5] = [
        (28, [(">=", 28), (">", 27), ("<=", 28), ("<", 29), (">=", -MAX + 28), ("<=", MAX)]),
        (0, [(">=", 0), (">", -1), ("<=", 0), ("<", 1), (">=", -MAX), ("<=", MAX)]),
        (-1, [(">=", -1), (">", -2), ("<=", -1), ("<", 0), (">", MIN), ("<", MAX - 1)]),
        (MIN, [(">=", MIN), ("<=", MIN), ("<", MIN + 1), ("<=", -1), ("<", -1), ("<=", MIN + 7)]),
        (MAX, [(">=", MAX), ("<=", MAX), (">", MAX - 1), (">=", 0), (">", 0), (">=", MAX - 7)]),
    ];
    for (serial, (value, bounds)) in (100..).zip(cases) {
        let raw = value.to_string();
        let values = [("balance", raw.as_str()), ("limit", "1"), ("owner", "Alex")];
        let credential = ACCOUNT.credential(serial, &values);
        let bounds = bounds.map(|(operator, bound)| ("balance", operator, bound));
        let request = request(json!({}), predicates(&bounds));
        let mut chosen = ChosenCredential::new(&credential, ACCOUNT.proving_key(Engine::detect()));
        for index in 0..bounds.len() {
            chosen = chosen.satisfy(format!("p{index}"));
        }
        assert_accepted(&request, &presentation_of(&request, &[chosen], &[]), &[&ACCOUNT]);
    }
}

#[test]
fn eight_predicates_on_three_credentials_prove_one_holder() {
    let one = PERSON.credential(1, &ALEX);
    let other = PERSON.credential(2, &[("name", "Sam"), ("age", "50"), ("height", "160")]);
    let account = ACCOUNT.credential(1, &[("balance", "-7"), ("limit", "9"), ("owner", "Alex")]);
    let request = request(
        json!({ "a": { "name": "name" }, "b": { "name": "name" }, "c": { "name": "height" } }),
        predicates(&[
            ("age", ">=", 18),
            ("age", "<", 30),
            ("height", ">", 174),
            ("age", ">=", 18),
            ("age", ">=", 49),
            ("balance", "<=", -7),
            ("limit", ">", -100),
            ("balance", ">=", -100),
        ]),
    );
    for engine in Engine::available() {
        let (person, account_key) = (PERSON.proving_key(engine), ACCOUNT.proving_key(engine));
        let chosen = [
            ChosenCredential::new(&one, person)
                .reveal("a")
                .satisfy("p0")
                .satisfy("p1")
                .satisfy("p2"),
            ChosenCredential::new(&account, account_key).satisfy("p5").satisfy("p6").satisfy("p7"),
            ChosenCredential::new(&other, person).reveal("b").hide("c").satisfy("p3").satisfy("p4"),
        ];
        let presentation = presentation_of(&request, &chosen, &[]);
        assert_accepted(&request, &presentation, &[&PERSON, &ACCOUNT, &PERSON]);
        let response = |proof: usize| {
            let place = format!("/proof/proofs/{proof}/primary_proof/eq_proof/m/master_secret");
            presentation.pointer(&place).cloned()
        };
        assert!(response(0).is_some());
        assert_eq!(response(0), response(1));
        assert_eq!(response(0), response(2));
    }
}

#[test]
fn self_attested_values_alone_are_a_presentation() {
    let request = request(json!({ "phone": { "name": "phone" } }), json!({}));
    let presentation = presentation_of(&request, &[], &[("phone", "555")]);
    assert!(library_accepts(&request, &presentation, &[]));
    assert_eq!(presentation["requested_proof"]["self_attested_attrs"]["phone"], "555");
}

#[test]
fn two_presentations_have_no_number_in_common() {
    let person = PERSON.credential(1, &ALEX);
    let request = request(json!({}), predicates(&[("age", ">=", 18)]));
    let chosen =
        [ChosenCredential::new(&person, PERSON.proving_key(Engine::detect())).satisfy("p0")];
    let numbers = || {
        let presentation = presentation_of(&request, &chosen, &[]);
        let mut found = Vec::new();
        let mut open = vec![presentation["proof"]["proofs"].clone()];
        while let Some(value) = open.pop() {
            match value {
                Value::Array(values) => open.extend(values),
                Value::Object(members) => open.extend(members.into_values()),
                Value::String(text) if text.len() > 9 => found.push(text),
                _ => {}
            }
        }
        found
    };
    let (one, other) = (numbers(), numbers());
    assert_eq!(one.len(), other.len());
    // `mj` repeats the response of an attribute, so that a number can occur twice in the same
    // presentation.
    assert!(one.len() > 20 && one.iter().all(|number| !other.contains(number)));
}

#[test]
fn a_signature_for_other_numbers_fails_the_check() {
    let engine = Engine::detect();
    let key = PERSON.proving_key(engine);
    let json = PERSON.sign(1, &ALEX);
    let person = Credential::from_json(&json).unwrap();
    assert!(key.check_signature(&person, &link_secret()));
    let other = cl::LinkSecret::from_decimal("1").unwrap();
    assert!(!key.check_signature(&person, &other));
    for (pointer, value) in [
        ("/values/age/encoded", "29"),
        ("/values/age/encoded", "-28"),
        ("/signature/p_credential/m_2", "5"),
        ("/signature/p_credential/v", "5"),
        ("/signature/p_credential/a", "5"),
    ] {
        let mut json = json.clone();
        *json.pointer_mut(pointer).unwrap() = value.into();
        let changed = Credential::from_json(&json).unwrap();
        assert!(!key.check_signature(&changed, &link_secret()), "{pointer}");
    }
    assert!(!ACCOUNT.proving_key(engine).check_signature(&person, &link_secret()));
    let values = [("balance", "-50"), ("limit", "-2147483648"), ("owner", "")];
    let negative = ACCOUNT.credential(5, &values);
    for engine in Engine::available() {
        let key = ACCOUNT.proving_key(engine);
        assert!(key.check_signature(&negative, &link_secret()), "{engine}");
    }
}

#[test]
fn a_presentation_with_another_link_secret_is_refused() {
    let person = PERSON.credential(1, &ALEX);
    let json = request(json!({ "name": { "name": "name" } }), json!({}));
    let engine = Engine::detect();
    let chosen = [ChosenCredential::new(&person, PERSON.proving_key(engine)).reveal("name")];
    let request = ProofRequest::from_json(&json).unwrap();
    let other = cl::LinkSecret::from_decimal("1").unwrap();
    let presentation = prove(&request, &chosen, &BTreeMap::new(), &other).unwrap();
    assert!(!library_accepts(&json, &presentation, &[&PERSON.issuer]));
    let read = Presentation::from_json(&presentation).unwrap();
    assert!(verify(&request, &read, &[PERSON.verifying_key(engine)]).is_err());
}

/// An attribute of a random credential: its value, and how it is presented.
#[derive(Clone, Debug)]
struct Part {
    raw: String,
    revealed: bool,
    /// The operators of predicates, and the distances of their bounds from the value.
    predicates: Vec<(usize, u32)>,
}

fn part() -> impl Strategy<Value = Part> {
    let text = "[a-zA-Z ]{0,12}".prop_map(|raw| (raw, Vec::new()));
    let distance = prop_oneof![Just(0), 0u32..50, 0u32..1 << 30];
    let number = (
        prop_oneof![-100i32..100, -(1i32 << 29)..1 << 29],
        proptest::collection::vec((0usize..4, distance), 0..3),
    );
    let number = number.prop_map(|(value, predicates)| (value.to_string(), predicates));
    (prop_oneof![text, number], any::<bool>()).prop_map(|((raw, predicates), revealed)| Part {
        raw,
        revealed: revealed && predicates.is_empty(),
        predicates,
    })
}

const OPERATORS: [&str; 4] = [">=", "<=", ">", "<"];

/// Returns a bound that holds for a value, at a distance, plus one for the strict operators.
fn bound(value: i32, operator: usize, distance: u32) -> i32 {
    let distance = i32::try_from(distance).unwrap() + i32::from(operator > 1);
    if operator.is_multiple_of(2) { value - distance } else { value + distance }
}

/// Returns a signer of credentials with the attributes `a0`, `a1` and so on.
fn signer(attributes: usize) -> Signer {
    let names: Vec<String> = (0..attributes).map(|index| format!("a{index}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let base = if attributes.is_multiple_of(2) { keys::bits_2048() } else { keys::degree() };
    Signer::new(&format!("random {attributes}"), &base, &names)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn true_statements_can_be_proved(
        parts in proptest::collection::vec(proptest::collection::vec(part(), 1..=16), 1..=3),
    ) {
        let mut attributes = Map::new();
        let mut requested = Vec::new();
        let mut answers = Vec::new();
        let signers: Vec<Signer> = parts.iter().map(|parts| signer(parts.len())).collect();
        for (index, parts) in parts.iter().enumerate() {
            let mut answer = (Vec::new(), Vec::new());
            for (place, part) in parts.iter().enumerate() {
                let name = format!("a{place}");
                // Every credential answers at least one referent, that of its first attribute.
                if part.revealed || place == 0 {
                    let referent = format!("{index} {place}");
                    attributes.insert(referent.clone(), json!({ "name": name }));
                    answer.0.push((referent, part.revealed));
                }
                for (operator, distance) in &part.predicates {
                    if requested.len() < 8 {
                        let bound = bound(part.raw.parse().unwrap(), *operator, *distance);
                        answer.1.push(format!("p{}", requested.len()));
                        requested.push((name.clone(), OPERATORS[*operator], bound));
                    }
                }
            }
            answers.push(answer);
        }
        let requested: Vec<(&str, &str, i32)> = requested
            .iter()
            .map(|(name, operator, bound)| (name.as_str(), *operator, *bound))
            .collect();
        let request = request(attributes.into(), predicates(&requested));
        let credentials: Vec<Credential> = (0..)
            .zip(&parts)
            .zip(&signers)
            .map(|((serial, parts), signer)| {
                let named = parts.iter().enumerate().map(|(place, part)| (format!("a{place}"), part));
                let named: Vec<_> = named.collect();
                let values: Vec<(&str, &str)> = named
                    .iter()
                    .map(|(name, part)| (name.as_str(), part.raw.as_str()))
                    .collect();
                signer.credential(serial, &values)
            })
            .collect();
        let mut chosen = Vec::new();
        for ((credential, signer), (attributes, predicates)) in
            credentials.iter().zip(&signers).zip(answers)
        {
            let mut choice = ChosenCredential::new(credential, signer.proving_key(Engine::detect()));
            for (referent, reveal) in attributes {
                choice = if reveal { choice.reveal(referent) } else { choice.hide(referent) };
            }
            for referent in predicates {
                choice = choice.satisfy(referent);
            }
            chosen.push(choice);
        }
        let presentation = presentation_of(&request, &chosen, &[]);
        assert_accepted(&request, &presentation, &signers.iter().collect::<Vec<_>>());
    }
}
