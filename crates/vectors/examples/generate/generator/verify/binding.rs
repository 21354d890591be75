//! What binds the parts of a presentation together: the link secret, the challenge, the schema's
//! attributes.

use serde_json::{Value, json};
use vectors::Kind;
use vectors::format::BugType;

use super::super::file::{Expect, File};
use super::super::honest::{present, request};
use super::super::parties::{ALEX, ALEX_ACCOUNT, ALEX_DEGREE};
use super::change::*;

pub fn file() -> File {
    let mut file = File::new(
        "verify_binding",
        Kind::Verify,
        "AnonCreds CL presentations: what binds the parts together",
        &[
            "One link secret in all sub-proofs, a challenge that covers exactly their numbers, and hidden responses",
            "for exactly the attributes that are not revealed.",
        ],
    );
    file.note("NORMAL", BugType::Basic, "An honest presentation.", "", &[]);
    file.note(
        "LINK_SECRET",
        BugType::AcceptsInvalid,
        "The responses for the link secret must be the same number in all sub-proofs.",
        "Credentials of two holders are presented as those of one.",
        &["https://github.com/hyperledger/anoncreds-spec"],
    );
    file.note(
        "CHALLENGE_COVERS",
        BugType::AcceptsInvalid,
        "The list of what the challenge covers is not that of the sub-proofs' numbers.",
        "A number that the challenge does not cover can be chosen after it.",
        &[],
    );
    file.note("HIDDEN_ATTRIBUTES", BugType::AcceptsInvalid, "There is a hidden response too many or too few.", "An attribute is left out of the equation, or one is in it that the credential does not have.", &[]);
    file.note(
        "REVEALED_ATTRIBUTES",
        BugType::AcceptsInvalid,
        "A sub-proof reveals other attributes than its referents ask for.",
        "A value is shown that is not proved, or proved and not asked for.",
        &[],
    );
    let asked = request(
        "binding",
        json!({"name": {"name": "name"}, "degree": {"name": "degree"}}),
        json!({"adult": {"name": "age", "p_type": ">=", "p_value": 18}}),
    );
    file.add(
        "two-credentials",
        "Two credentials of one holder, and a predicate.",
        present(&asked, &[(&ALEX, &["name", "adult"]), (&ALEX_DEGREE, &["degree"])]),
        Expect::valid().flags(&["NORMAL"]).cautions(&["one-sided-bound"]),
    );
    let asked = request(
        "binding of three",
        json!({"name": {"name": "name"}, "degree": {"name": "degree"}, "holder": {"name": "holder"}}),
        json!({}),
    );
    file.add(
        "three-credentials",
        "Three credentials of one holder.",
        present(
            &asked,
            &[(&ALEX, &["name"]), (&ALEX_DEGREE, &["degree"]), (&ALEX_ACCOUNT, &["holder"])],
        ),
        Expect::valid().flags(&["NORMAL"]),
    );
    let asked = request(
        "binding of one",
        json!({"name": {"name": "name"}, "age": {"name": "age"}}),
        json!({}),
    );
    file.add(
        "one-credential",
        "One credential, two attributes revealed.",
        present(&asked, &[(&ALEX, &["name", "age"])]),
        Expect::valid().flags(&["NORMAL"]),
    );
    link_secret(&mut file);
    challenge(&mut file);
    hidden(&mut file);
    revealed(&mut file);
    file
}

fn link_secret(file: &mut File) {
    let expect = || Expect::invalid(&["same-holder"]).flags(&["LINK_SECRET"]);
    let response = |sub_proof: usize| format!("{}/m/master_secret", eq_proof(sub_proof));
    for (base, sub_proof) in [
        ("two-credentials", 0),
        ("two-credentials", 1),
        ("three-credentials", 0),
        ("three-credentials", 1),
        ("three-credentials", 2),
    ] {
        file.altered(
            base,
            &format!("{base}.link-secret-of-{sub_proof}"),
            "One response for the link secret is another number.",
            expect(),
            |given| add(given, &response(sub_proof), 1),
        );
    }
    file.altered(
        "three-credentials",
        "link-secrets-all-different",
        "All responses for the link secret differ.",
        expect(),
        |given| {
            add(given, &response(1), 1);
            add(given, &response(2), 2);
        },
    );
    file.altered(
        "two-credentials",
        "link-secret-exchanged-with-an-attribute",
        "The responses for the link secret and for an attribute are exchanged.",
        expect(),
        |given| {
            swap(given, &response(0), &format!("{}/m/height", eq_proof(0)));
        },
    );
    file.altered(
        "two-credentials",
        "link-secret-of-zero",
        "One response for the link secret is zero.",
        expect(),
        |given| set(given, &response(1), json!("0")),
    );
}

fn challenge(file: &mut File) {
    let expect = || Expect::invalid(&["challenge-binding"]).flags(&["CHALLENGE_COVERS"]);
    let list = format!("{AGGREGATED}/c_list");
    let items = |given: &mut Value, change: &dyn Fn(&mut Vec<Value>)| {
        change(at(given, &format!("{AGGREGATED}/c_list")).as_array_mut().unwrap());
    };
    for base in ["two-credentials", "one-credential"] {
        file.altered(
            base,
            &format!("{base}.covers-nothing"),
            "The list is empty.",
            expect(),
            |given| set(given, &list, json!([])),
        );
        file.altered(
            base,
            &format!("{base}.covers-one-fewer"),
            "The first item is missing.",
            expect(),
            |given| {
                remove(given, &format!("{list}/0"));
            },
        );
        file.altered(
            base,
            &format!("{base}.covers-one-more"),
            "The first item stands there twice.",
            expect(),
            |given| items(given, &|items| items.push(items[0].clone())),
        );
        file.altered(
            base,
            &format!("{base}.covers-another-number"),
            "The first item is another number.",
            expect(),
            |given| {
                let byte = at(given, &format!("{list}/0/10"));
                *byte = json!((byte.as_u64().unwrap() + 1) % 256);
            },
        );
        file.altered(
            base,
            &format!("{base}.a-prime-not-covered"),
            "A' is another number than the one that the challenge covers.",
            expect(),
            |given| add(given, &format!("{}/a_prime", eq_proof(0)), 1),
        );
    }
    file.altered(
        "two-credentials",
        "items-exchanged",
        "Two items are exchanged.",
        expect(),
        |given| swap(given, &format!("{list}/0"), &format!("{list}/1")),
    );
    file.altered(
        "two-credentials",
        "items-backwards",
        "The items stand backwards.",
        expect(),
        |given| items(given, &|items| items.reverse()),
    );
}

fn hidden(file: &mut File) {
    let expect = || Expect::invalid(&["hidden-set"]).flags(&["HIDDEN_ATTRIBUTES"]);
    let responses = format!("{}/m", eq_proof(0));
    for base in ["one-credential", "two-credentials"] {
        file.altered(
            base,
            &format!("{base}.hidden-one-missing"),
            "There is no response for a hidden attribute.",
            expect(),
            |given| {
                remove(given, &format!("{responses}/height"));
            },
        );
        file.altered(
            base,
            &format!("{base}.hidden-under-another-name"),
            "The response for an attribute stands under another name.",
            expect(),
            |given| rename(given, &format!("{responses}/height"), "length"),
        );
        file.altered(
            base,
            &format!("{base}.no-link-secret"),
            "There is no response for the link secret.",
            expect(),
            |given| {
                remove(given, &format!("{responses}/master_secret"));
            },
        );
    }
    for (name, attribute) in [
        ("schema-has-one-more", json!("income")),
        ("schema-has-the-link-secret", json!("master_secret")),
    ] {
        file.altered(
            "one-credential",
            name,
            "The schema has an attribute that the key has no base for.",
            expect().needs(&["key-check"]),
            |given| {
                for form in ["indy", "anoncreds"] {
                    for schema in
                        given["public"][form]["schemas"].as_object_mut().unwrap().values_mut()
                    {
                        schema["attrNames"].as_array_mut().unwrap().push(attribute.clone());
                    }
                }
            },
        );
    }
    file.altered(
        "one-credential",
        "key-has-one-base-fewer",
        "The key has no base for one of the schema's attributes.",
        expect().needs(&["key-check"]),
        |given| {
            super::basic::in_each_key(given, |key| {
                key["r"].as_object_mut().unwrap().remove("height");
            });
        },
    );
}

fn revealed(file: &mut File) {
    let expect = |check: &'static str| Expect::invalid(&[check]).flags(&["REVEALED_ATTRIBUTES"]);
    let revealed = format!("{}/revealed_attrs", eq_proof(0));
    file.altered(
        "one-credential",
        "claimed-but-not-proved",
        "An attribute is shown that the sub-proof does not reveal.",
        expect("revealed-set"),
        |given| {
            remove(given, &format!("{revealed}/age"));
        },
    );
    file.altered(
        "one-credential",
        "revealed-one-too-many",
        "The sub-proof reveals one attribute more than is asked for.",
        expect("revealed-set"),
        |given| set(given, &format!("{revealed}/height"), json!("175")),
    );
    file.altered(
        "one-credential",
        "revealed-under-another-name",
        "The sub-proof reveals an attribute under another name.",
        expect("revealed-set"),
        |given| rename(given, &format!("{revealed}/age"), "years"),
    );
    file.altered(
        "one-credential",
        "revealed-what-the-schema-does-not-have",
        "The sub-proof reveals an attribute that the schema does not have.",
        expect("revealed-set"),
        |given| set(given, &format!("{revealed}/income"), json!("4711")),
    );
    file.altered(
        "two-credentials",
        "revealed-in-the-other-sub-proof",
        "A revealed attribute stands in the other sub-proof.",
        expect("revealed-set"),
        |given| {
            let value = remove(given, &format!("{revealed}/name"));
            set(given, &format!("{}/revealed_attrs/name", eq_proof(1)), value);
        },
    );
}
