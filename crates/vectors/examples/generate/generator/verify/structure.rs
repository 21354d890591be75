//! The form of requests and presentations, what a verifier asks beyond the request, and what it
//! remembers.

use serde_json::{Value, json};
use vectors::Kind;
use vectors::format::BugType;

use super::super::file::{Expect, File};
use super::super::honest::{present, request};
use super::super::parties::{ALEX, ALEX_DEGREE, ALEX_ONCE};
use super::change::*;

pub fn file() -> File {
    let mut file = File::new(
        "verify_structure",
        Kind::Verify,
        "AnonCreds CL presentations: form, policies, used nonces",
        &[
            "Members that are missing, surplus or of another type; the size of messages;",
            "requirements of the verifier beyond the request (feature policy); nonces that were used (feature nonce-memory).",
        ],
    );
    file.note("NORMAL", BugType::Basic, "An honest presentation.", "", &[]);
    file.note(
        "PRESENTATION_FORM",
        BugType::AcceptsInvalid,
        "The presentation does not have the form of one.",
        "What is not there is not checked; readers differ in what they take.",
        &[],
    );
    file.note(
        "REQUEST_FORM",
        BugType::AcceptsInvalid,
        "The request does not have the form of one.",
        "Parties do not agree on what was asked.",
        &[],
    );
    file.note(
        "REFERENT",
        BugType::AcceptsInvalid,
        "A referent is not answered, or answered without having been requested.",
        "What was requested is not shown.",
        &[],
    );
    file.note(
        "SIZE",
        BugType::DenialOfService,
        "A message with a number, a nesting or a length that no honest party makes.",
        "A stranger keeps the verifier busy.",
        &[],
    );
    file.note(
        "NONCE_USED",
        BugType::AcceptsInvalid,
        "A presentation for this nonce was accepted before.",
        "A presentation is used twice.",
        &[],
    );
    file.note(
        "POLICY",
        BugType::EdgeCase,
        "The verifier asks for more than the request does.",
        "",
        &[],
    );
    let asked = request(
        "structure",
        json!({"name": {"name": "name"}}),
        json!({"adult": {"name": "age", "p_type": ">=", "p_value": 18}}),
    );
    file.add(
        "one-credential",
        "One attribute and one predicate.",
        present(&asked, &[(&ALEX, &["name", "adult"])]),
        Expect::valid().flags(&["NORMAL"]).cautions(&["one-sided-bound"]),
    );
    let asked = request(
        "structure of two",
        json!({"name": {"name": "name"}, "degree": {"name": "degree"}}),
        json!({}),
    );
    file.add(
        "two-credentials",
        "Two credentials.",
        present(&asked, &[(&ALEX, &["name"]), (&ALEX_DEGREE, &["degree"])]),
        Expect::valid().flags(&["NORMAL"]),
    );
    presentation(&mut file);
    referents(&mut file);
    requests(&mut file);
    size(&mut file);
    memory(&mut file);
    policy(&mut file);
    texts(&mut file);
    file
}

fn presentation(file: &mut File) {
    let expect = || {
        Expect::invalid(&["presentation-shape"]).flags(&["PRESENTATION_FORM"]).needs(&["structure"])
    };
    for (name, pointer) in [
        ("without-proof", "proof"),
        ("without-requested-proof", "requested_proof"),
        ("without-identifiers", "identifiers"),
        ("without-aggregated-proof", "proof/aggregated_proof"),
        ("without-challenge", "proof/aggregated_proof/c_hash"),
        ("without-c-list", "proof/aggregated_proof/c_list"),
        ("without-sub-proofs", "proof/proofs"),
        ("without-primary-proof", "proof/proofs/0/primary_proof"),
        ("without-eq-proof", "proof/proofs/0/primary_proof/eq_proof"),
        ("without-a-prime", "proof/proofs/0/primary_proof/eq_proof/a_prime"),
        ("without-e", "proof/proofs/0/primary_proof/eq_proof/e"),
        ("without-v", "proof/proofs/0/primary_proof/eq_proof/v"),
        ("without-m", "proof/proofs/0/primary_proof/eq_proof/m"),
        ("without-m2", "proof/proofs/0/primary_proof/eq_proof/m2"),
        ("without-schema-id", "identifiers/0/schema_id"),
        ("without-cred-def-id", "identifiers/0/cred_def_id"),
    ] {
        file.altered(
            "one-credential",
            name,
            &format!("{pointer} is missing."),
            expect(),
            |given| {
                remove(given, &format!("{PRESENTATION}/{pointer}"));
            },
        );
    }
    for (name, pointer, value) in [
        ("sub-proofs-as-an-object", "proof/proofs", json!({})),
        ("identifiers-as-an-object", "identifiers", json!({})),
        ("no-sub-proofs", "proof/proofs", json!([])),
        ("sub-proof-as-null", "proof/proofs/0", json!(null)),
        ("c-list-as-a-text", "proof/aggregated_proof/c_list", json!("1")),
        ("c-list-with-a-number", "proof/aggregated_proof/c_list/0", json!(1)),
        ("c-list-with-no-byte", "proof/aggregated_proof/c_list/0/0", json!(256)),
        ("c-list-with-a-negative-byte", "proof/aggregated_proof/c_list/0/0", json!(-1)),
        ("presentation-as-a-list", "", json!([])),
        ("presentation-as-null", "", json!(null)),
        ("revealed-attrs-as-a-list", "requested_proof/revealed_attrs", json!([])),
        ("index-as-a-text", "requested_proof/revealed_attrs/name/sub_proof_index", json!("0")),
        ("index-negative", "requested_proof/revealed_attrs/name/sub_proof_index", json!(-1)),
        ("index-too-large", "requested_proof/revealed_attrs/name/sub_proof_index", json!(1)),
        (
            "index-of-a-predicate-too-large",
            "requested_proof/predicates/adult/sub_proof_index",
            json!(7),
        ),
        ("raw-as-a-number", "requested_proof/revealed_attrs/name/raw", json!(28)),
        (
            "bound-as-a-text",
            "proof/proofs/0/primary_proof/ge_proofs/0/predicate/value",
            json!("18"),
        ),
        (
            "bound-beyond-32-bits",
            "proof/proofs/0/primary_proof/ge_proofs/0/predicate/value",
            json!(4_294_967_314_u64),
        ),
    ] {
        let pointer = if pointer.is_empty() {
            PRESENTATION.to_owned()
        } else {
            format!("{PRESENTATION}/{pointer}")
        };
        file.altered(
            "one-credential",
            name,
            &format!("{} is another value.", pointer.trim_start_matches("/input/")),
            expect(),
            |given| set(given, &pointer, value.clone()),
        );
    }
    file.altered(
        "one-credential",
        "identifiers-of-more",
        "There are identifiers without a sub-proof.",
        expect(),
        |given| {
            let identifier = at(given, &format!("{PRESENTATION}/identifiers/0")).clone();
            at(given, &format!("{PRESENTATION}/identifiers"))
                .as_array_mut()
                .unwrap()
                .push(identifier);
        },
    );
}

fn referents(file: &mut File) {
    let expect = || Expect::invalid(&["referents"]).flags(&["REFERENT"]);
    file.altered(
        "one-credential",
        "attribute-not-answered",
        "A requested attribute is not answered.",
        expect(),
        |given| {
            set(given, &format!("{REQUEST}/requested_attributes/height"), json!({"name": "height"}))
        },
    );
    file.altered(
        "one-credential",
        "predicate-not-answered",
        "A requested predicate is not answered.",
        expect(),
        |given| {
            set(
                given,
                &format!("{REQUEST}/requested_predicates/tall"),
                json!({"name": "height", "p_type": ">", "p_value": 170}),
            )
        },
    );
    file.altered(
        "one-credential",
        "attribute-under-another-referent",
        "The answer stands under another referent.",
        expect(),
        |given| rename(given, &format!("{REQUESTED}/revealed_attrs/name"), "first_name"),
    );
    file.altered(
        "one-credential",
        "predicate-under-another-referent",
        "The predicate's answer stands under another referent.",
        expect(),
        |given| rename(given, &format!("{REQUESTED}/predicates/adult"), "grown"),
    );
    file.altered(
        "one-credential",
        "attribute-answered-as-a-predicate",
        "The attribute's answer stands among the predicates.",
        expect(),
        |given| {
            remove(given, &format!("{REQUESTED}/revealed_attrs/name"));
            set(given, &format!("{REQUESTED}/predicates/name"), json!({"sub_proof_index": 0}));
        },
    );
    file.altered(
        "one-credential",
        "predicate-not-claimed",
        "The predicate is proved, and its referent does not say where.",
        expect(),
        |given| {
            remove(given, &format!("{REQUESTED}/predicates/adult"));
        },
    );
}

fn requests(file: &mut File) {
    let expect =
        || Expect::invalid(&["request-shape"]).flags(&["REQUEST_FORM"]).needs(&["structure"]);
    let rows: [(&str, &str, Value, &str); 11] = [
        ("nonce-as-a-word", "nonce", json!("nonce"), "The nonce is not a number."),
        ("nonce-negative", "nonce", json!("-1"), "The nonce is negative."),
        ("nonce-in-hexadecimal", "nonce", json!("0x2a"), "The nonce is hexadecimal."),
        ("nonce-empty", "nonce", json!(""), "The nonce is empty."),
        ("nonce-null", "nonce", json!(null), "There is no nonce."),
        (
            "attributes-as-a-list",
            "requested_attributes",
            json!([{"name": "name"}]),
            "The requested attributes are a list.",
        ),
        (
            "attribute-without-a-name",
            "requested_attributes/name",
            json!({}),
            "An attribute without a name.",
        ),
        (
            "operator-equal",
            "requested_predicates/adult/p_type",
            json!("=="),
            "An operator that there is not.",
        ),
        (
            "operator-in-words",
            "requested_predicates/adult/p_type",
            json!("GE"),
            "An operator as the proof writes it, not the request.",
        ),
        (
            "bound-as-a-word",
            "requested_predicates/adult/p_value",
            json!("eighteen"),
            "A bound that is not a number.",
        ),
        (
            "bound-beyond-32-bits-requested",
            "requested_predicates/adult/p_value",
            json!(4_294_967_314_u64),
            "A bound beyond 32 bits, which would be 18 if its upper bits were cut off.",
        ),
    ];
    for (name, pointer, value, comment) in rows {
        file.altered("one-credential", name, comment, expect(), |given| {
            set(given, &format!("{REQUEST}/{pointer}"), value.clone())
        });
    }
    for (name, pointer) in [
        ("without-nonce", "nonce"),
        ("predicate-without-an-operator", "requested_predicates/adult/p_type"),
        ("predicate-without-a-bound", "requested_predicates/adult/p_value"),
        ("predicate-without-a-name", "requested_predicates/adult/name"),
    ] {
        file.altered(
            "one-credential",
            name,
            &format!("{pointer} is missing."),
            expect(),
            |given| {
                remove(given, &format!("{REQUEST}/{pointer}"));
            },
        );
    }
    file.altered("one-credential", "request-as-null", "There is no request.", expect(), |given| {
        set(given, REQUEST, json!(null))
    });
}

fn size(file: &mut File) {
    let expect = || Expect::invalid(&["size"]).flags(&["SIZE"]);
    let long = "7".repeat(1_301);
    for (name, pointer) in [
        ("v-of-1301-digits", "v"),
        ("e-of-1301-digits", "e"),
        ("m2-of-1301-digits", "m2"),
        ("a-prime-of-1301-digits", "a_prime"),
    ] {
        file.altered(
            "one-credential",
            name,
            "A number of 1,301 digits: the longest honest one has 922.",
            expect(),
            |given| set(given, &format!("{}/{pointer}", eq_proof(0)), json!(long)),
        );
    }
    file.altered(
        "one-credential",
        "challenge-of-10000-digits",
        "A challenge of 10,000 digits, where 78 are enough.",
        expect(),
        |given| set(given, &format!("{AGGREGATED}/c_hash"), json!("7".repeat(10_000))),
    );
    file.altered(
        "one-credential",
        "sub-proofs-by-the-hundred",
        "A hundred sub-proofs.",
        expect(),
        |given| {
            let list = at(given, &format!("{PRESENTATION}/proof/proofs"));
            *list = Value::Array(vec![json!({}); 100]);
        },
    );
}

fn memory(file: &mut File) {
    let expect =
        || Expect::invalid(&["nonce-fresh"]).flags(&["NONCE_USED"]).needs(&["nonce-memory"]);
    let asked = request("memory", json!({"name": {"name": "name"}}), json!({}));
    let mut given = present(&asked, &[(&ALEX, &["name"])]);
    given["input"]["used_nonces"] = json!(["1", "2"]);
    let nonce = asked["nonce"].as_str().unwrap().to_owned();
    file.add(
        "other-nonces-were-used",
        "Presentations for other nonces were accepted before.",
        given,
        Expect::valid().flags(&["NONCE_USED"]),
    );
    let used = |given: &mut Value, nonces: Value| set(given, "/input/used_nonces", nonces);
    file.altered(
        "other-nonces-were-used",
        "nonce-was-used",
        "The nonce was used before.",
        expect(),
        |given| used(given, json!([nonce])),
    );
    file.altered(
        "other-nonces-were-used",
        "nonce-was-used-first",
        "The nonce was used before, and others after it.",
        expect(),
        |given| used(given, json!([nonce, "1", "2", "3"])),
    );
    file.altered(
        "other-nonces-were-used",
        "nonce-was-used-last",
        "The nonce was used before, after others.",
        expect(),
        |given| used(given, json!(["1", "2", "3", nonce])),
    );
    file.altered(
        "one-credential",
        "nonce-was-used-with-a-predicate",
        "The nonce was used before; the presentation has a predicate.",
        expect(),
        |given| {
            let nonce = at(given, &format!("{REQUEST}/nonce")).clone();
            used(given, json!([nonce]));
        },
    );
    file.altered(
        "two-credentials",
        "nonce-was-used-with-two-credentials",
        "The nonce was used before; the presentation has two credentials.",
        expect(),
        |given| {
            let nonce = at(given, &format!("{REQUEST}/nonce")).clone();
            used(given, json!([nonce]));
        },
    );
}

fn policy(file: &mut File) {
    let with = |mut given: Value, policy: Value| {
        given["input"]["policy"] = policy;
        given
    };
    let valid = || Expect::valid().flags(&["POLICY"]);
    let asked = request(
        "policy of two",
        json!({"name": {"name": "name"}, "sex": {"name": "sex"}}),
        json!({}),
    );
    let shown = || present(&asked, &[(&ALEX, &["name", "sex"])]);
    file.add(
        "revealed-as-required",
        "Every requested value must be shown, and is.",
        with(shown(), json!({"require_revealed": true})),
        valid(),
    );
    file.add(
        "one-credential-as-required",
        "Both attributes must come from one credential, and do.",
        with(shown(), json!({"same_credential": [["name", "sex"]]})),
        valid(),
    );
    let held = present(&asked, &[(&ALEX, &["name", "~sex"])]);
    file.add(
        "held-is-enough",
        "Nothing must be shown.",
        with(held, json!({"require_revealed": false})),
        valid().cautions(&["unrevealed"]),
    );
    let invalid =
        |check: &'static str| Expect::invalid(&[check]).flags(&["POLICY"]).needs(&["policy"]);
    file.altered(
        "held-is-enough",
        "held-is-not-enough",
        "Every requested value must be shown, and one is only held.",
        invalid("referents"),
        |given| set(given, "/input/policy", json!({"require_revealed": true})),
    );
    let range = request(
        "policy of a range",
        json!({}),
        json!({"from": {"name": "age", "p_type": ">=", "p_value": 18}, "to": {"name": "age", "p_type": "<", "p_value": 150}}),
    );
    file.add(
        "range-as-required",
        "A lower bound needs an upper bound, and has one.",
        with(present(&range, &[(&ALEX, &["from", "to"])]), json!({"require_ranges": true})),
        valid(),
    );
    let lower = request(
        "policy of a lower bound",
        json!({}),
        json!({"from": {"name": "age", "p_type": ">=", "p_value": 18}}),
    );
    file.add(
        "lower-bound-is-enough",
        "A lower bound needs no upper bound.",
        with(present(&lower, &[(&ALEX, &["from"])]), json!({"require_ranges": false})),
        valid().cautions(&["one-sided-bound"]),
    );
    file.altered(
        "lower-bound-is-enough",
        "lower-bound-is-not-enough",
        "A lower bound needs an upper bound, and has none.",
        invalid("predicates"),
        |given| set(given, "/input/policy", json!({"require_ranges": true})),
    );
    let two = request(
        "policy of two credentials",
        json!({"name": {"name": "name"}, "once": {"name": "name"}}),
        json!({}),
    );
    file.add(
        "two-credentials-are-allowed",
        "Attributes may come from several credentials.",
        with(
            present(&two, &[(&ALEX, &["name"]), (&ALEX_ONCE, &["once"])]),
            json!({"same_credential": []}),
        ),
        valid(),
    );
    file.altered(
        "two-credentials-are-allowed",
        "two-credentials-are-not-allowed",
        "Both attributes must come from one credential, and do not.",
        invalid("referents"),
        |given| set(given, "/input/policy", json!({"same_credential": [["name", "once"]]})),
    );
    file.add(
        "key-size-as-required",
        "The issuer's modulus must have 2,048 bits, and has.",
        with(shown(), json!({"key_bits": [2048, 2048]})),
        valid(),
    );
    file.altered(
        "key-size-as-required",
        "key-size-not-as-required",
        "The issuer's modulus must have at least 3,072 bits, and has 2,048.",
        invalid("hidden-set"),
        |given| set(given, "/input/policy", json!({"key_bits": [3072, 4096]})),
    );
}

/// Request and presentation as they came: the writing is part of what is given.
fn texts(file: &mut File) {
    file.note(
        "MEMBER_TWICE",
        BugType::AcceptsInvalid,
        "An object has a member twice. Known to the public.",
        "Readers differ in which of the two they take: what one has checked, another shows.",
        &["https://www.rfc-editor.org/rfc/rfc8259#section-4"],
    );
    let asked = request("texts", json!({"name": {"name": "name"}}), json!({}));
    let mut given = present(&asked, &[(&ALEX, &["name"])]);
    for member in ["presentation_request", "presentation"] {
        let value = given["input"].as_object_mut().unwrap().remove(member).unwrap();
        given["input"][format!("{member}_json")] = json!(value.to_string());
    }
    let expect = Expect::valid().flags(&["NORMAL"]).needs(&["ids-legacy"]);
    file.add("as-texts", "Request and presentation are given as texts.", given, expect);
    for (name, text, begins, added) in [
        (
            "value-twice",
            "presentation_json",
            "\"revealed_attrs\":{\"name\":{",
            "\"revealed_attrs\":{\"name\":{\"encoded\":\"1\",\"raw\":\"Bob\",\"sub_proof_index\":0},\"name\":{",
        ),
        (
            "referent-twice",
            "presentation_request_json",
            "\"requested_attributes\":{",
            "\"requested_attributes\":{\"name\":{\"name\":\"age\"},",
        ),
    ] {
        let expect = Expect::invalid(&["size"]).flags(&["MEMBER_TWICE"]);
        file.altered(
            "as-texts",
            name,
            "A member stands there twice, with two values.",
            expect,
            |given| {
                let written = at(given, &format!("/input/{text}"));
                let changed = written.as_str().unwrap().replacen(begins, added, 1);
                *written = json!(changed);
            },
        );
    }
}
