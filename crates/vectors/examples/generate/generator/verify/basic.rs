//! One credential, attributes only, and the mathematics that binds them.

use serde_json::{Value, json};
use vectors::Kind;
use vectors::format::BugType;

use super::super::file::{Expect, File};
use super::super::honest::{present, request};
use super::super::parties::{ALEX, ALEX_ACCOUNT, ALEX_DEGREE, ALEX_ONCE};
use super::change::*;

pub const ENGINES: &[&str] = &["mathematics/indy-credx", "mathematics/cl"];

pub fn file() -> File {
    let mut file = File::new(
        "verify_basic",
        Kind::Verify,
        "AnonCreds CL presentations: one credential",
        &[
            "Presentations of one credential without predicates,",
            "and the same with one number changed, so that the recomputed challenge is another one.",
        ],
    );
    file.note(
        "NORMAL",
        BugType::Basic,
        "An honest presentation.",
        "Honest holders are refused.",
        &[],
    );
    file.note(
        "NAMES_SPELT_OTHERWISE",
        BugType::RefusesValid,
        "Attribute names count without spaces and case, in requests, schemas and keys.",
        "A request that spells a name as people do is refused, or answered with nothing.",
        &["https://github.com/hyperledger/indy-sdk/blob/main/docs/design/002-anoncreds/README.md"],
    );
    file.note(
        "NONCE",
        BugType::AcceptsInvalid,
        "The request's nonce is part of what is hashed.",
        "A presentation can be used again for another request.",
        &[],
    );
    file.note(
        "NUMBER_CHANGED",
        BugType::AcceptsInvalid,
        "One number of the proof is another one.",
        "The proof proves nothing.",
        &[],
    );
    file.note(
        "FROM_ANOTHER_PROOF",
        BugType::AcceptsInvalid,
        "A part of another presentation of the same credential.",
        "Presentations can be put together from parts of others.",
        &[],
    );
    honest(&mut file);
    numbers(&mut file);
    parts(&mut file);
    file
}

fn honest(file: &mut File) {
    let normal = || Expect::valid().flags(&["NORMAL"]);
    let spelt = || Expect::valid().flags(&["NAMES_SPELT_OTHERWISE"]);
    let one = request("one attribute", json!({"name": {"name": "name"}}), json!({}));
    file.add(
        "one-attribute",
        "One revealed attribute.",
        present(&one, &[(&ALEX, &["name"])]),
        normal(),
    );
    let all = request(
        "all attributes",
        json!({"a": {"name": "name"}, "b": {"name": "age"}, "c": {"name": "height"}, "d": {"name": "sex"}}),
        json!({}),
    );
    file.add(
        "all-attributes",
        "Every attribute is revealed; only the link secret is hidden.",
        present(&all, &[(&ALEX, &["a", "b", "c", "d"])]),
        normal(),
    );
    file.add(
        "none-revealed",
        "Attributes that are requested and only held: the verifier learns that the credential has them.",
        present(&all, &[(&ALEX, &["~a", "~b", "~c", "~d"])]),
        normal().cautions(&["unrevealed"]),
    );
    file.add(
        "some-revealed",
        "One requested attribute is revealed, three are only held.",
        present(&all, &[(&ALEX, &["a", "~b", "~c", "~d"])]),
        normal().cautions(&["unrevealed"]),
    );
    let twice = request(
        "one attribute twice",
        json!({"first": {"name": "name"}, "second": {"name": "name"}}),
        json!({}),
    );
    file.add(
        "one-attribute-for-two-referents",
        "Two referents ask for the same attribute, and one sub-proof answers both.",
        present(&twice, &[(&ALEX, &["first", "second"])]),
        normal(),
    );
    file.add(
        "revealed-for-one-of-two-referents",
        "Two referents ask for the same attribute; it is revealed for one of them only.",
        present(&twice, &[(&ALEX, &["first", "~second"])]),
        normal().cautions(&["unrevealed"]),
    );
    let number = request("a negative number", json!({"balance": {"name": "balance"}}), json!({}));
    file.add(
        "negative-number",
        "A revealed number below zero: the exponent is negative.",
        present(&number, &[(&ALEX_ACCOUNT, &["balance"])]),
        normal(),
    );
    let zero = request("zero", json!({"zero": {"name": "zero"}}), json!({}));
    file.add("zero", "A revealed zero.", present(&zero, &[(&ALEX_ACCOUNT, &["zero"])]), normal());
    let key = request("a key of 2,050 bits", json!({"degree": {"name": "degree"}}), json!({}));
    file.add(
        "modulus-of-2050-bits",
        "An issuer's key as the libraries make it: from primes of 1,025 bits.",
        present(&key, &[(&ALEX_DEGREE, &["degree"])]),
        normal(),
    );
    for (name, spelling) in [
        ("as-in-the-schema", "First Name"),
        ("as-in-the-key", "firstname"),
        ("in-capitals", "FIRST NAME"),
        ("with-more-spaces", " First  Name "),
    ] {
        let asked =
            request(&format!("spelt {name}"), json!({"first": {"name": spelling}}), json!({}));
        file.add(
            &format!("name-spelt-{name}"),
            &format!(
                "The schema has \"First Name\", the key \"firstname\", the request {spelling:?}."
            ),
            present(&asked, &[(&ALEX_DEGREE, &["first"])]),
            spelt(),
        );
    }
    for (name, nonce, comment) in [
        ("one", "1", "The smallest nonce."),
        (
            "with-a-leading-zero-byte",
            "72057594037927935",
            "A nonce of seven bytes: numbers are hashed without leading zero bytes.",
        ),
        ("of-80-bits", "1208925819614629174706175", "The largest nonce that the protocol makes."),
    ] {
        let mut asked =
            request(&format!("nonce {name}"), json!({"name": {"name": "name"}}), json!({}));
        asked["nonce"] = json!(nonce);
        file.add(
            &format!("nonce-{name}"),
            comment,
            present(&asked, &[(&ALEX, &["name"])]),
            Expect::valid().flags(&["NONCE"]),
        );
    }
    let mut asked = request("nonce of 128 bits", json!({"name": {"name": "name"}}), json!({}));
    asked["nonce"] = json!("340282366920938463463374607431768211455");
    file.add(
        "nonce-of-128-bits",
        "Longer than the protocol's 80 bits, as some agents make it.",
        present(&asked, &[(&ALEX, &["name"])]),
        Expect::acceptable().flags(&["NONCE"]).cautions(&["long-nonce"]),
    );
}

fn numbers(file: &mut File) {
    let changed = || Expect::invalid(ENGINES).flags(&["NUMBER_CHANGED"]);
    for (base, hidden) in
        [("one-attribute", "age"), ("negative-number", "limit"), ("modulus-of-2050-bits", "year")]
    {
        let names = ["e", "v", "m2", &format!("m/{hidden}"), "m/master_secret"].map(str::to_owned);
        for name in names {
            for (word, amount) in [("one-more", 1), ("one-less", -1)] {
                file.altered(
                    base,
                    &format!("{base}.{}-{word}", name.replace(['/', '_'], "-")),
                    &format!("The response {name} is {} than it was.", word.replace('-', " ")),
                    changed(),
                    |given| add(given, &format!("{}/{name}", eq_proof(0)), amount),
                );
            }
        }
        file.altered(
            base,
            &format!("{base}.challenge-one-more"),
            "The challenge is another number.",
            changed(),
            |given| add(given, &format!("{AGGREGATED}/c_hash"), 1),
        );
        file.altered(
            base,
            &format!("{base}.a-prime-one-more"),
            "A' is another number, there and in what the challenge covers.",
            changed(),
            |given| {
                let a_prime = format!("{}/a_prime", eq_proof(0));
                add(given, &a_prime, 1);
                cover(given, 0, &a_prime);
            },
        );
        file.altered(
            base,
            &format!("{base}.another-nonce"),
            "The request has another nonce.",
            Expect::invalid(ENGINES).flags(&["NONCE"]),
            |given| add(given, &format!("{REQUEST}/nonce"), 1),
        );
        file.altered(
            base,
            &format!("{base}.another-modulus"),
            "The issuer's modulus is another number.",
            Expect::invalid(&["hidden-set"]).flags(&["NUMBER_CHANGED"]),
            |given| in_each_key(given, |key| bump(&mut key["n"], 2)),
        );
        file.altered(
            base,
            &format!("{base}.another-base"),
            "The issuer's base for a hidden attribute is another number.",
            changed(),
            |given| in_each_key(given, |key| bump(&mut key["r"][hidden], 1)),
        );
        file.altered(
            base,
            &format!("{base}.another-z"),
            "The issuer's Z is another number.",
            changed(),
            |given| in_each_key(given, |key| bump(&mut key["z"], 1)),
        );
        file.altered(
            base,
            &format!("{base}.another-rctxt"),
            "The issuer's base for the context is another number.",
            changed(),
            |given| in_each_key(given, |key| bump(&mut key["rctxt"], 1)),
        );
    }
}

/// Parts of a presentation of another credential, and of another presentation of the same one.
fn parts(file: &mut File) {
    let one = request("one attribute", json!({"name": {"name": "name"}}), json!({}));
    let other = present(&one, &[(&ALEX_ONCE, &["name"])]);
    let mut again = one.clone();
    again["nonce"] = json!("2");
    let later = present(&again, &[(&ALEX, &["name"])]);
    let expect = || Expect::invalid(ENGINES).flags(&["FROM_ANOTHER_PROOF"]);
    for (name, from, source) in [
        ("another-credential", &other, "a presentation of another credential"),
        ("another-nonce", &later, "a presentation for another nonce"),
    ] {
        for (part, pointer) in [("v", "v"), ("e", "e"), ("responses", "m"), ("m2", "m2")] {
            let pointer = format!("{}/{pointer}", eq_proof(0));
            file.altered(
                "one-attribute",
                &format!("{part}-of-{name}"),
                &format!("{part} comes from {source}."),
                expect(),
                |given| *at(given, &pointer) = from.pointer(&pointer).unwrap().clone(),
            );
        }
        file.altered(
            "one-attribute",
            &format!("challenge-of-{name}"),
            &format!("The challenge comes from {source}."),
            expect(),
            |given| {
                let pointer = format!("{AGGREGATED}/c_hash");
                *at(given, &pointer) = from.pointer(&pointer).unwrap().clone();
            },
        );
    }
    file.altered(
        "one-attribute",
        "presentation-for-another-nonce",
        "The whole presentation was made for another nonce.",
        expect(),
        |given| *at(given, PRESENTATION) = later.pointer(PRESENTATION).unwrap().clone(),
    );
}

/// Changes the issuer's key in both forms of the public data.
pub fn in_each_key(given: &mut Value, change: impl Fn(&mut Value)) {
    for form in ["indy", "anoncreds"] {
        let definitions = given["public"][form]["cred_defs"].as_object_mut().unwrap();
        for definition in definitions.values_mut() {
            change(&mut definition["value"]["primary"]);
        }
    }
}

/// Adds to a number that is written as a text.
pub fn bump(number: &mut Value, amount: i32) {
    let mut given = json!({"number": number.clone()});
    add(&mut given, "/number", amount);
    *number = given["number"].clone();
}
