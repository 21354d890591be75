//! What a presentation keeps secret: the random numbers behind it, the lengths of its responses,
//! and the memory that creating it reads.

use std::fs;

use dashu_base::{BitTest, PowerOfTwo};

use super::*;
use crate::kernel::Engine;
use crate::kernel::reads::{self, Reads};
use crate::parameters::{
    MAX_ALPHA_RESPONSE_BITS, MAX_CONTEXT_RESPONSE_BITS, MAX_E_RESPONSE_BITS, MAX_R_RESPONSE_BITS,
    MAX_V_RESPONSE_BITS, MAX_VALUE_RESPONSE_BITS,
};
use crate::public_key::PublicKey;
use crate::random::Random;
use crate::random::tests::{Drawn, Recorder};

/// A holder of two credentials, one of a person (`name`, `age`, `height`) and one of a diploma
/// (`degree`, `year`, `status`).
struct Holder {
    keys: [ProvingKey; 2],
    credentials: [Credential; 2],
    link_secret: LinkSecret,
}

impl Holder {
    /// Reads a known answer, after a change.
    fn new(engine: Engine, change: impl FnOnce(&mut Value)) -> Self {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/known-answers/two-credentials-a-group-and-a-self-attested-value.json"
        );
        let text = fs::read_to_string(path).expect("the known answer");
        let mut file: Value = serde_json::from_str(&text).expect("JSON");
        change(&mut file);
        let key = |index: usize| {
            let definition = &file["issuers"][index]["credential_definition"];
            let key = PublicKey::from_credential_definition(definition).expect("a key");
            ProvingKey::with_engine(&key, engine).expect("an issuer's key")
        };
        let credential = |index: usize| {
            Credential::from_json(&file["credentials"][index]).expect("a credential")
        };
        Self {
            keys: [key(0), key(1)],
            credentials: [credential(0), credential(1)],
            link_secret: LinkSecret::from_decimal(file["link_secret"].as_str().expect("a number"))
                .expect("a link secret"),
        }
    }

    /// Presents both credentials: one revealed attribute, and three predicates on two attributes.
    fn present(&self, random: &dyn Random) -> Value {
        let predicate =
            |name, operator, value| json!({ "name": name, "p_type": operator, "p_value": value });
        let request = ProofRequest::from_json(&json!({
            "nonce": "1001152003004005006007",
            "requested_attributes": { "name": { "name": "name" } },
            "requested_predicates": {
                "adult": predicate("age", ">=", 18),
                "below": predicate("age", "<", 100),
                "recent": predicate("year", ">", 2019),
            },
        }))
        .expect("a request");
        let chosen = [
            ChosenCredential::new(&self.credentials[0], &self.keys[0])
                .reveal("name")
                .satisfy("adult")
                .satisfy("below"),
            ChosenCredential::new(&self.credentials[1], &self.keys[1]).satisfy("recent"),
        ];
        let mut draw = Draw::Fresh(random);
        let none = BTreeMap::new();
        let proof = Proof::create(&request, &chosen, &none, &self.link_secret, &mut draw);
        proof.expect("a presentation").presentation(&request, &chosen, &none)
    }
}

/// Returns the numbers that a predicate needs, as the table of the known answers has them.
fn of_predicate(at: &str) -> Vec<(String, usize)> {
    let mut numbers = vec![(format!("{at}/alpha_tilde"), 2787)];
    for index in ["0", "1", "2", "3", "DELTA"] {
        numbers.push((format!("{at}/r/{index}"), 2128));
        numbers.push((format!("{at}/r_tilde/{index}"), 672));
        if index != "DELTA" {
            numbers.push((format!("{at}/u_tilde/{index}"), 592));
        }
    }
    numbers
}

/// Returns the numbers that a sub-proof needs, without its predicates.
fn of_sub_proof(at: &str, hidden: &[&str]) -> Vec<(String, usize)> {
    let masks = [("r", 2128), ("e_tilde", 456), ("v_tilde", 3060), ("m2_tilde", 2432)];
    let masks = masks.into_iter().map(|(name, bits)| (format!("{at}/{name}"), bits));
    let hidden = hidden.iter().map(|name| (format!("{at}/m_tilde/{name}"), 592));
    masks.chain(hidden).collect()
}

#[test]
fn every_random_number_has_its_name_and_length() {
    let random = Recorder::default();
    Holder::new(Engine::detect(), |_| {}).present(&random);
    let mut expected = vec![("m_tilde/master_secret".to_owned(), 592)];
    expected.extend(of_sub_proof("0", &["age", "height"]));
    expected.extend(of_sub_proof("1", &["degree", "status", "year"]));
    for predicate in ["0/0", "0/1", "1/0"] {
        expected.extend(of_predicate(predicate));
    }
    expected.sort();
    // One for the link secret, four and the hidden attributes for a sub-proof, 15 for a predicate.
    assert_eq!(expected.len(), 1 + (4 + 2) + (4 + 3) + 3 * 15);
    let mut drawn: Vec<(String, usize)> = random
        .drawn()
        .into_iter()
        .map(|Drawn { name, bound, .. }| {
            assert!(bound.is_power_of_two(), "{name}");
            (name, bound.bit_len() - 1)
        })
        .collect();
    drawn.sort();
    assert_eq!(drawn, expected);
}

/// Each kind of response, as the members of a sub-proof that contain such responses, with the
/// longest length that a verifier accepts.
const RESPONSES: [(&str, &[&str], usize); 9] = [
    ("e", &["/eq_proof/e"], MAX_E_RESPONSE_BITS),
    ("v", &["/eq_proof/v"], MAX_V_RESPONSE_BITS),
    ("m2", &["/eq_proof/m2"], MAX_CONTEXT_RESPONSE_BITS),
    ("the link secret", &["/eq_proof/m/master_secret"], MAX_VALUE_RESPONSE_BITS),
    ("age", &["/eq_proof/m/age"], MAX_VALUE_RESPONSE_BITS),
    ("height", &["/eq_proof/m/height"], MAX_VALUE_RESPONSE_BITS),
    ("alpha", &["/ge_proofs/0/alpha", "/ge_proofs/1/alpha"], MAX_ALPHA_RESPONSE_BITS),
    (
        "u",
        &["/ge_proofs/0/u/0", "/ge_proofs/0/u/1", "/ge_proofs/1/u/2", "/ge_proofs/1/u/3"],
        MAX_VALUE_RESPONSE_BITS,
    ),
    (
        "r",
        &[
            "/ge_proofs/0/r/0",
            "/ge_proofs/0/r/1",
            "/ge_proofs/0/r/DELTA",
            "/ge_proofs/1/r/2",
            "/ge_proofs/1/r/3",
            "/ge_proofs/1/r/DELTA",
        ],
        MAX_R_RESPONSE_BITS,
    ),
];

/// Fails for an honest prover with a probability of less than 10^-8, of which `r` has the largest
/// part: each of its responses is mostly the product of challenge and secret.
#[test]
fn the_longest_response_of_sixteen_is_about_as_long_as_allowed() {
    let holder = Holder::new(Engine::detect(), |_| {});
    let presentations: Vec<Value> = (0..16).map(|_| holder.present(&System)).collect();
    for (kind, members, limit) in RESPONSES {
        let longest = presentations
            .iter()
            .flat_map(|presentation| members.iter().map(move |member| (presentation, member)))
            .map(|(presentation, member)| {
                let pointer = format!("/proof/proofs/0/primary_proof{member}");
                let number = presentation.pointer(&pointer).and_then(Value::as_str);
                let digits = number.expect(member).trim_start_matches('-');
                UBig::from_str_radix(digits, 10).expect(member).bit_len()
            })
            .max();
        let longest = longest.unwrap_or(0);
        assert!((limit - 3..=limit).contains(&longest), "{kind}: {longest} of {limit} bits");
    }
}

#[test]
fn proving_reads_whole_tables_whatever_the_secrets_are() {
    for engine in Engine::available() {
        let reads_with = |age: &str, link_secret: &str| -> Reads {
            let holder = Holder::new(engine, |file| {
                file["credentials"][0]["values"]["age"] = json!({ "raw": age, "encoded": age });
                file["link_secret"] = link_secret.into();
            });
            reads::during(|| holder.present(&System)).1
        };
        let reads = reads_with("28", "1");
        assert!(reads.scanned > 100_000 && reads.indexed == 0, "{engine}: {reads:?}");
        let others = "9".repeat(77);
        assert_eq!(reads_with("99", &others), reads, "{engine}");
        assert_eq!(reads_with("18", "0"), reads, "{engine}");
    }
}

#[test]
fn checking_a_signature_reads_whole_tables_too() {
    for engine in Engine::available() {
        let holder = Holder::new(engine, |_| {});
        let (credential, key) = (&holder.credentials[0], &holder.keys[0]);
        let check = || key.check_signature(credential, &holder.link_secret);
        let (is_signed, reads) = reads::during(check);
        assert!(is_signed, "{engine}");
        assert!(reads.scanned > 10_000 && reads.indexed == 0, "{engine}: {reads:?}");
    }
}
