//! The known answers in `tests/known-answers`: from the recorded random numbers, every engine
//! creates the recorded presentation, with the recorded intermediate values. The `README.md` there
//! describes the files.
//!
//! `CL_WRITE_KNOWN_ANSWERS=1 cargo test -p negotiate-cl known_answers -- --test-threads 1` writes
//! them again.

use std::collections::BTreeMap;
use std::path::PathBuf;

use cl::{
    ChosenCredential, Credential, Engine, LinkSecret, PreparedKey, Presentation, ProofRequest,
    ProveError, ProvingKey, PublicKey, prove_with_recorded_randomness, verify,
};
use serde_json::{Map, Value, json};

use crate::library::{Issuer, keys, library_accepts};
use crate::signer::{LINK_SECRET, Signer, Stream, number};

const NONCE: &str = "1001152003004005006007";

/// Returns the content of a file, without the computed members.
fn given(name: &str) -> Value {
    let person = || {
        let attributes = ["name", "age", "height"];
        let signer = Signer::new("person", &keys::bits_2048(), &attributes);
        let values = [("name", "Alex"), ("age", "28"), ("height", "175")];
        let credential = signer.sign(1, &values);
        (signer, credential)
    };
    let (comment, used, attributes, predicates, answers) = match name {
        "one-revealed-attribute" => (
            "The smallest presentation: one revealed attribute, and nothing else.",
            vec![person()],
            json!({ "name": { "name": "name" } }),
            json!({}),
            json!([{ "attributes": { "name": true }, "predicates": [] }]),
        ),
        "each-operator" => (
            "One predicate with each operator, on one attribute; two of them hold only just. The names in \
             the request are spelled with capitals and spaces; one requested attribute is hidden.",
            vec![person()],
            json!({ "name": { "name": "name" }, "height": { "name": "Height" } }),
            json!({
                "at least 28": { "name": "Age", "p_type": ">=", "p_value": 28 },
                "above 17": { "name": "a g e", "p_type": ">", "p_value": 17 },
                "at most 65": { "name": "age", "p_type": "<=", "p_value": 65 },
                "below 29": { "name": "age", "p_type": "<", "p_value": 29 },
            }),
            json!([{
                "attributes": { "name": true, "height": false },
                "predicates": ["at least 28", "above 17", "at most 65", "below 29"],
            }]),
        ),
        "predicates-on-two-attributes" => (
            "Five predicates, one of them requested by two referents, listed by attribute, then GE < LE < \
             GT < LT, then value. Values and bounds are negative, zero, and at the ends of the range. The \
             modulus has 2,050 bits.",
            {
                let attributes = ["balance", "limit"];
                let signer = Signer::new("account", &keys::gvt(), &attributes);
                let values = [("balance", "-50"), ("limit", "2147483647")];
                let credential = signer.sign(2, &values);
                vec![(signer, credential)]
            },
            json!({}),
            json!({
                "a": { "name": "limit", "p_type": ">=", "p_value": 0 },
                "b": { "name": "balance", "p_type": "<", "p_value": 0 },
                "c": { "name": "balance", "p_type": ">=", "p_value": -100 },
                "d": { "name": "balance", "p_type": ">=", "p_value": -2147483648 },
                "e": { "name": "limit", "p_type": "<=", "p_value": 2147483647 },
                "f": { "name": "limit", "p_type": ">=", "p_value": 0 },
            }),
            json!([{ "attributes": {}, "predicates": ["a", "b", "c", "d", "e", "f"] }]),
        ),
        "two-credentials-a-group-and-a-self-attested-value" => (
            "Two credentials under two keys, bound to one link secret: the same response for \
             master_secret in both. A group of attributes, and a self-attested value.",
            {
                let attributes = ["degree", "year", "status"];
                let signer = Signer::new("diploma", &keys::degree(), &attributes);
                let values = [("degree", "Mathematics"), ("year", "2024"), ("status", "graduated")];
                let credential = signer.sign(3, &values);
                vec![person(), (signer, credential)]
            },
            json!({
                "diploma": { "names": ["Degree", "Status"] },
                "name": { "name": "name" },
                "phone": { "name": "phone" },
            }),
            json!({
                "adult": { "name": "age", "p_type": ">=", "p_value": 18 },
                "recent": { "name": "year", "p_type": ">", "p_value": 2019 },
            }),
            json!([
                { "attributes": { "name": true }, "predicates": ["adult"] },
                { "attributes": { "diploma": true }, "predicates": ["recent"] },
            ]),
        ),
        _ => unreachable!("{name}"),
    };
    let (issuers, credentials): (Vec<Value>, Vec<Value>) = used
        .into_iter()
        .map(|(Signer { issuer, .. }, credential)| {
            let mut schema = serde_json::to_value(&issuer.schema).unwrap();
            // In the library, the order of the names differs from run to run.
            schema["attrNames"] =
                credential["values"].as_object().unwrap().keys().cloned().collect();
            let issuer =
                json!({ "schema": schema, "credential_definition": issuer.definition_json });
            (issuer, credential)
        })
        .unzip();
    let self_attested = if attributes.get("phone").is_some() {
        json!({ "phone": "+1 555 0100" })
    } else {
        json!({})
    };
    json!({
        "comment": comment,
        "issuers": issuers,
        "link_secret": LINK_SECRET,
        "credentials": credentials,
        "request": {
            "ver": "1.0", "name": name, "version": "1.0", "nonce": NONCE,
            "requested_attributes": attributes, "requested_predicates": predicates,
        },
        "answers": answers,
        "self_attested": self_attested,
    })
}

/// Returns the presentation and the trace for a file, with random numbers from `record`.
fn compute(
    file: &Value,
    engine: Engine,
    record: &mut dyn FnMut(&str, usize) -> Option<String>,
) -> Result<(Value, Value), ProveError> {
    let list = |name: &str| file[name].as_array().unwrap().clone();
    let keys: Vec<ProvingKey> = list("issuers")
        .iter()
        .map(|issuer| ProvingKey::with_engine(&public_key(issuer), engine).unwrap())
        .collect();
    let credentials: Vec<Credential> = list("credentials")
        .iter()
        .map(|credential| Credential::from_json(credential).unwrap())
        .collect();
    let mut chosen = Vec::new();
    for ((credential, key), answers) in credentials.iter().zip(&keys).zip(list("answers")) {
        let mut choice = ChosenCredential::new(credential, key);
        for (referent, reveal) in answers["attributes"].as_object().unwrap() {
            choice = match reveal.as_bool().unwrap() {
                true => choice.reveal(referent),
                false => choice.hide(referent),
            };
        }
        for referent in answers["predicates"].as_array().unwrap() {
            choice = choice.satisfy(referent.as_str().unwrap());
        }
        chosen.push(choice);
    }
    let self_attested: BTreeMap<String, String> =
        serde_json::from_value(file["self_attested"].clone()).unwrap();
    prove_with_recorded_randomness(
        &ProofRequest::from_json(&file["request"]).unwrap(),
        &chosen,
        &self_attested,
        &LinkSecret::from_decimal(file["link_secret"].as_str().unwrap()).unwrap(),
        record,
    )
}

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/known-answers/{name}.json"))
}

/// Returns a file, after writing it again if the environment variable is set.
fn load(name: &str) -> Value {
    if std::env::var_os("CL_WRITE_KNOWN_ANSWERS").is_some() {
        let mut file = given(name);
        let mut stream = Stream::new(name);
        let mut random = Map::new();
        let (presentation, trace) = compute(&file, Engine::Portable, &mut |name, bits| {
            let number = stream.bits(bits).to_string();
            random.insert(name.to_owned(), number.clone().into());
            Some(number)
        })
        .unwrap();
        file["random"] = random.into();
        file["trace"] = trace;
        file["presentation"] = presentation;
        std::fs::write(path(name), pretty(&file)).unwrap();
    }
    serde_json::from_str(&std::fs::read_to_string(path(name)).unwrap()).unwrap()
}

/// Returns indented JSON with arrays of numbers on one line.
fn pretty(value: &Value) -> String {
    let mut text = String::new();
    for line in serde_json::to_string_pretty(value).unwrap().lines() {
        let bare = line.trim();
        let is_number = |text: &str| {
            let digits = text.trim_end_matches(',');
            !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
        };
        let after_number = text.rsplit(['[', ' ', '\n']).next().is_some_and(is_number);
        if is_number(bare) || (after_number && bare.starts_with(']') && !text.ends_with('\n')) {
            if text.ends_with(',') {
                text.push(' ');
            }
            text.push_str(bare);
        } else {
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(line);
        }
    }
    text + "\n"
}

fn check(name: &str) {
    let file = load(name);
    for engine in Engine::available() {
        let (presentation, trace) =
            compute(&file, engine, &mut |name, _| Some(file["random"][name].as_str()?.to_owned()))
                .unwrap();
        assert_eq!(trace.to_string(), file["trace"].to_string(), "{engine}");
        let expected = file["presentation"].to_string();
        assert_eq!(presentation.to_string(), expected, "{engine}");
    }
    let issuers = file["issuers"].as_array().unwrap();
    for engine in Engine::available() {
        let keys: Vec<PreparedKey> = issuers
            .iter()
            .map(|issuer| PreparedKey::with_engine(&public_key(issuer), engine).unwrap())
            .collect();
        let request = ProofRequest::from_json(&file["request"]).unwrap();
        let presentation = Presentation::from_json(&file["presentation"]).unwrap();
        let keys: Vec<&PreparedKey> = keys.iter().collect();
        assert_eq!(verify(&request, &presentation, &keys), Ok(()), "{engine}");
    }
    let issuers: Vec<Issuer> = issuers.iter().map(published).collect();
    let issuers: Vec<&Issuer> = issuers.iter().collect();
    let accepted = library_accepts(&file["request"], &file["presentation"], &issuers);
    assert!(accepted, "the library refuses it");
}

fn public_key(issuer: &Value) -> PublicKey {
    PublicKey::from_credential_definition(&issuer["credential_definition"]).unwrap()
}

/// Returns an issuer with the published parts of a file; the private part belongs to another key.
fn published(issuer: &Value) -> Issuer {
    let keys::Key { private, correctness_proof, .. } = keys::gvt();
    Issuer::from_json(
        serde_json::from_value(issuer["schema"].clone()).unwrap(),
        issuer["credential_definition"].clone(),
        private,
        correctness_proof,
    )
}

#[test]
fn one_revealed_attribute() {
    check("one-revealed-attribute");
}

#[test]
fn each_operator() {
    check("each-operator");
}

#[test]
fn predicates_on_two_attributes() {
    check("predicates-on-two-attributes");
}

#[test]
fn two_credentials_a_group_and_a_self_attested_value() {
    check("two-credentials-a-group-and-a-self-attested-value");
}

#[test]
fn a_missing_random_number_is_named() {
    let file = load("each-operator");
    for missing in ["m_tilde/master_secret", "0/v_tilde", "0/m_tilde/height", "0/3/r/DELTA"] {
        let mut record = |name: &str, _| match name == missing {
            true => None,
            false => Some(file["random"][name].as_str()?.to_owned()),
        };
        let outcome = compute(&file, Engine::Portable, &mut record);
        let named =
            |error| matches!(error, ProveError::NotRecorded { name, .. } if name == missing);
        assert!(outcome.is_err_and(named), "{missing}");
    }
}

#[test]
fn a_random_number_that_is_too_long_is_refused() {
    let file = load("one-revealed-attribute");
    let mut record = |name: &str, bits| {
        let too_long = Some(number("2").pow(bits).to_string());
        if name == "0/e_tilde" { too_long } else { Some(file["random"][name].as_str()?.to_owned()) }
    };
    let outcome = compute(&file, Engine::Portable, &mut record);
    let expected = ProveError::NotRecorded { name: "0/e_tilde".into(), bits: 456 };
    assert_eq!(outcome.unwrap_err(), expected);
}
