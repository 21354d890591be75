//! Keys and their correctness proofs.

use dashu_int::UBig;
use dashu_int::fast_div::ConstDivisor;
use serde_json::{Value, json};
use test_support::keys;
use vectors::format::BugType;
use vectors::{Importance, Kind};

use super::file::{Expect, File};
use super::issuer::{number, pseudorandom};
use super::issuing::{add_to, hash};
use super::parties::{ACCOUNT, DEGREE, KEY_2048, PERSON, Party};
use super::schema::{KindSchema, object};

/// Where the proof is described.
const SPECIFICATION: &str = "https://hyperledger.github.io/anoncreds-spec/";

pub fn schema() -> KindSchema {
    let any = json!({"description": "in Indy's form, malformed or not"});
    KindSchema {
        kind: Kind::KeyCorrectness,
        input: object(
            json!({"cred_def": any, "key_correctness_proof": any}),
            &["cred_def", "key_correctness_proof"],
        ),
        output: None,
        has_public: false,
    }
}

pub fn file() -> File {
    let mut file = File::new(
        "key_correctness",
        Kind::KeyCorrectness,
        "AnonCreds CL keys: the proof that Z and all R_i are powers of S",
        &[
            "The proof is a part of each credential offer. It covers n, S, Z and the bases of the attributes.",
            "Reasons: `form` (it cannot be read), `names` (of the bases that are covered), `numbers`.",
        ],
    );
    notes(&mut file);
    honest(&mut file);
    numbers(&mut file);
    keys_of_others(&mut file);
    names(&mut file);
    forms(&mut file);
    file
}

fn notes(file: &mut File) {
    for (flag, bug, description, effect) in [
        ("NORMAL", BugType::Basic, "An honest key.", "Honest offers are refused."),
        (
            "PROOF",
            BugType::AcceptsInvalid,
            "A number of the proof is another one.",
            "An issuer chooses bases by which it recognises holders.",
        ),
        (
            "KEY",
            BugType::AcceptsInvalid,
            "A number of the key is another one.",
            "An issuer chooses bases by which it recognises holders.",
        ),
        (
            "NAMES",
            BugType::AcceptsInvalid,
            "The proof covers exactly the bases of the key.",
            "A base is not proved.",
        ),
        (
            "ORDER",
            BugType::Incompatible,
            "The bases are hashed in the order in which the proof lists them.",
            "Honest offers are refused.",
        ),
        (
            "EARLY_VERSION",
            BugType::Incompatible,
            "Proofs of the first version do not cover the base of the link secret.",
            "Old offers are refused.",
        ),
        ("MALFORMED", BugType::AcceptsInvalid, "What is not a key or a proof.", "A crash."),
    ] {
        file.note(flag, bug, description, effect, &[SPECIFICATION]);
    }
}

fn given(cred_def: &Value, proof: &Value) -> Value {
    json!({"input": {"cred_def": cred_def, "key_correctness_proof": proof}})
}

fn of_party(party: &Party) -> Value {
    given(&party.issuer.cred_def, &party.issuer.correctness_proof)
}

/// Returns a fixture's own key and proof, as a definition.
fn of_fixture(fixture: &str) -> Value {
    let fixture: Value = serde_json::from_str(fixture).unwrap();
    let cred_def = json!({
        "ver": "1.0", "id": "GHxDG6zVWdLVgi4eC9iJkA:3:CL:31:TAG1", "schemaId": "31", "type": "CL",
        "tag": "TAG1", "value": fixture["public"],
    });
    given(&cred_def, &fixture["key_correctness_proof"])
}

/// Returns a key and a proof of these names, in this order.
fn proved(listed: &[&str]) -> Value {
    let fixture: Value = serde_json::from_str(KEY_2048).unwrap();
    let [n, s] = ["n", "s"].map(|name| number(&fixture["public"]["primary"][name]));
    let ring = ConstDivisor::new(n);
    let power = |exponent: &UBig| ring.reduce(s.clone()).pow(exponent).residue();
    let secret = |name: &str| pseudorandom(&format!("listed {name}")) >> 300;
    let mask = |name: &str| pseudorandom(&format!("listed mask {name}"));
    let mut cred_def = PERSON.issuer.cred_def.clone();
    let primary = &mut cred_def["value"]["primary"];
    primary["z"] = json!(power(&secret("/z")).to_string());
    primary["r"] = json!({});
    for name in ["master_secret", "name", "age"] {
        primary["r"][name] = json!(power(&secret(name)).to_string());
    }
    let all = || std::iter::once("/z").chain(listed.iter().copied());
    let numbers: Vec<UBig> = all()
        .map(|name| power(&secret(name)))
        .chain(all().map(|name| power(&mask(name))))
        .collect();
    let c = hash(&numbers.iter().collect::<Vec<_>>());
    let response = |name: &str| (&c * secret(name) + mask(name)).to_string();
    let pairs: Vec<Value> = listed.iter().map(|name| json!([name, response(name)])).collect();
    let proof = json!({"c": c.to_string(), "xz_cap": response("/z"), "xr_cap": pairs});
    given(&cred_def, &proof)
}

fn honest(file: &mut File) {
    let valid = |flag: &str| Expect::valid().flags(&[flag]);
    for (name, comment, given) in [
        ("person", "A modulus of 2,048 bits.", of_party(&PERSON)),
        ("degree", "Names with capitals and blanks; 2,050 bits.", of_party(&DEGREE)),
        ("account", "Another key of 2,050 bits.", of_party(&ACCOUNT)),
        ("fixture", "A key and its proof as they were generated.", of_fixture(keys::GVT)),
        ("fixture-degree", "Another such key.", of_fixture(keys::DEGREE)),
        ("fixture-2048", "Another such key, of 2,048 bits.", of_fixture(KEY_2048)),
    ] {
        file.add(name, comment, given, valid("NORMAL"));
    }
    for (name, comment, listed) in [
        ("order-sorted", "The names in alphabetical order.", ["age", "master_secret", "name"]),
        ("order-other", "The names in another order.", ["name", "master_secret", "age"]),
        ("order-link-secret-last", "The link secret last.", ["age", "name", "master_secret"]),
    ] {
        file.add(name, comment, proved(&listed), valid("ORDER"));
    }
    let expect = Expect::acceptable().importance(Importance::Low).flags(&["EARLY_VERSION"]);
    let comment = "The base of the link secret is not covered.";
    file.add("without-link-secret", comment, proved(&["age", "name"]), expect);
}

fn at<'v>(given: &'v mut Value, pointer: &str) -> &'v mut Value {
    given.pointer_mut(pointer).unwrap_or_else(|| panic!("nothing at {pointer}"))
}

const PROOF: &str = "/input/key_correctness_proof";
const PRIMARY: &str = "/input/cred_def/value/primary";

fn invalid(reason: &str, flag: &str) -> Expect {
    Expect::invalid(&[reason]).flags(&[flag])
}

fn numbers(file: &mut File) {
    for (name, comment, member) in [
        ("c-plus-one", "The challenge is one more.", "/c"),
        ("xz-plus-one", "The response for Z is one more.", "/xz_cap"),
        ("xr-first-plus-one", "The response for the first base is one more.", "/xr_cap/0/1"),
        ("xr-last-plus-one", "The response for the last base is one more.", "/xr_cap/4/1"),
    ] {
        file.altered("person", name, comment, invalid("numbers", "PROOF"), |given| {
            add_to(at(given, &format!("{PROOF}{member}")), 1);
        });
    }
    for (name, comment, member) in [
        ("c-zero", "The challenge is 0.", "/c"),
        ("xz-zero", "The response for Z is 0.", "/xz_cap"),
        ("xr-zero", "The response for a base is 0.", "/xr_cap/1/1"),
    ] {
        file.altered("person", name, comment, invalid("numbers", "PROOF"), |given| {
            *at(given, &format!("{PROOF}{member}")) = json!("0");
        });
    }
    let comment = "The challenge is longer than a hash: 2^256 more.";
    file.altered("person", "c-long", comment, invalid("numbers", "PROOF"), |given| {
        let c = at(given, &format!("{PROOF}/c"));
        *c = json!((number(c) + (UBig::ONE << 256)).to_string());
    });
    let comment = "Two responses exchanged.";
    file.altered("person", "xr-swapped", comment, invalid("numbers", "PROOF"), |given| {
        let pairs = at(given, &format!("{PROOF}/xr_cap"));
        let first = pairs[1][1].take();
        pairs[1][1] = pairs[2][1].take();
        pairs[2][1] = first;
    });
    let comment = "Two names with their responses exchanged: they are hashed in another order.";
    file.altered("person", "order-changed", comment, invalid("numbers", "ORDER"), |given| {
        at(given, &format!("{PROOF}/xr_cap")).as_array_mut().unwrap().swap(1, 2);
    });
    let other = of_fixture(keys::GVT)["input"]["key_correctness_proof"].clone();
    let comment = "The proof of another key with the same names.";
    file.altered("person", "other-proof", comment, invalid("numbers", "PROOF"), |given| {
        given["input"]["key_correctness_proof"] = other;
    });
}

fn keys_of_others(file: &mut File) {
    for (name, comment, member) in [
        ("n-plus-two", "n is two more.", "/n"),
        ("s-plus-two", "S is two more.", "/s"),
        ("z-plus-two", "Z is two more.", "/z"),
        ("r-plus-two", "The base of an attribute is two more.", "/r/age"),
        ("r-link-secret-plus-two", "The base of the link secret is two more.", "/r/master_secret"),
    ] {
        file.altered("person", name, comment, invalid("numbers", "KEY"), |given| {
            add_to(at(given, &format!("{PRIMARY}{member}")), 2);
        });
    }
    for (name, comment, member) in [
        ("z-negated", "n - Z in place of Z: not a power of S.", "/z"),
        ("r-negated", "n - R in place of R: not a power of S.", "/r/age"),
        ("r-link-secret-negated", "The same for the link secret.", "/r/master_secret"),
    ] {
        file.altered("person", name, comment, invalid("numbers", "KEY"), |given| {
            let n = number(at(given, &format!("{PRIMARY}/n")));
            let base = at(given, &format!("{PRIMARY}{member}"));
            *base = json!((n - number(base)).to_string());
        });
    }
    let comment = "The bases of two attributes exchanged.";
    file.altered("person", "r-swapped", comment, invalid("numbers", "KEY"), |given| {
        let bases = at(given, &format!("{PRIMARY}/r"));
        let age = bases["age"].take();
        bases["age"] = bases["height"].take();
        bases["height"] = age;
    });
    let comment = "A base that is 4: a square, but its exponent is not proved.";
    file.altered("person", "r-four", comment, invalid("numbers", "KEY"), |given| {
        *at(given, &format!("{PRIMARY}/r/age")) = json!("4");
    });
    let comment = "The key of another issuer.";
    file.altered("person", "other-modulus", comment, invalid("numbers", "KEY"), |given| {
        let other = &ACCOUNT.issuer.cred_def["value"]["primary"];
        *at(given, &format!("{PRIMARY}/n")) = other["n"].clone();
        *at(given, &format!("{PRIMARY}/s")) = other["s"].clone();
    });
}

fn names(file: &mut File) {
    let expect = || invalid("names", "NAMES");
    file.altered("person", "name-missing", "A name is not covered.", expect(), |given| {
        let pairs = at(given, &format!("{PROOF}/xr_cap")).as_array_mut().unwrap();
        pairs.retain(|pair| pair[0] != "age");
    });
    file.altered("person", "name-surplus", "A name more than the key has.", expect(), |given| {
        let pairs = at(given, &format!("{PROOF}/xr_cap")).as_array_mut().unwrap();
        let response = pairs[1][1].clone();
        pairs.push(json!(["weight", response]));
    });
    file.altered("person", "name-renamed", "A name with a capital.", expect(), |given| {
        let pairs = at(given, &format!("{PROOF}/xr_cap")).as_array_mut().unwrap();
        let pair = pairs.iter_mut().find(|pair| pair[0] == "age").unwrap();
        pair[0] = json!("Age");
    });
    file.altered("person", "no-names", "No names.", expect(), |given| {
        *at(given, &format!("{PROOF}/xr_cap")) = json!([]);
    });
    file.altered(
        "person",
        "base-surplus",
        "A base more than the proof covers.",
        expect(),
        |given| {
            let bases = at(given, &format!("{PRIMARY}/r"));
            bases["weight"] = bases["age"].clone();
        },
    );
    file.altered(
        "person",
        "base-missing",
        "A base fewer than the proof covers.",
        expect(),
        |given| {
            at(given, &format!("{PRIMARY}/r")).as_object_mut().unwrap().remove("age");
        },
    );
    let comment = "A name twice, with the same response.";
    file.altered("person", "name-twice", comment, invalid("form", "NAMES"), |given| {
        let pairs = at(given, &format!("{PROOF}/xr_cap")).as_array_mut().unwrap();
        pairs.push(pairs[1].clone());
    });
}

fn forms(file: &mut File) {
    let expect = || invalid("form", "MALFORMED").importance(Importance::Medium);
    for (name, comment, parent, member) in [
        ("no-c", "No challenge.", PROOF.to_owned(), "c"),
        ("no-xz", "No response for Z.", PROOF.to_owned(), "xz_cap"),
        ("no-xr", "No responses for the bases.", PROOF.to_owned(), "xr_cap"),
        ("no-z", "A key without Z.", PRIMARY.to_owned(), "z"),
        ("no-n", "A key without n.", PRIMARY.to_owned(), "n"),
        ("no-r", "A key without bases.", PRIMARY.to_owned(), "r"),
    ] {
        file.altered("person", name, comment, expect(), |given| {
            at(given, &parent).as_object_mut().unwrap().remove(member);
        });
    }
    for (name, comment, pointer, value) in [
        ("c-number", "The challenge is a JSON number.", format!("{PROOF}/c"), json!(7)),
        ("c-letters", "The challenge has letters.", format!("{PROOF}/c"), json!("0x1f")),
        (
            "xr-object",
            "The responses as an object.",
            format!("{PROOF}/xr_cap"),
            json!({"age": "7"}),
        ),
        (
            "xr-triple",
            "A triple in place of a pair.",
            format!("{PROOF}/xr_cap/1"),
            json!(["age", "7", "7"]),
        ),
        ("proof-null", "No proof.", PROOF.to_owned(), Value::Null),
    ] {
        file.altered("person", name, comment, expect(), |given| {
            *at(given, &pointer) = value;
        });
    }
}
