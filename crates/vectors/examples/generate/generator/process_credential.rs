//! Credentials as issuers send them, and what holders must refuse.

use dashu_int::UBig;
use serde_json::{Value, json};
use test_support::keys;
use vectors::format::BugType;
use vectors::{Importance, Kind};

use super::file::{Expect, File};
use super::issuer::{Issuer, Stream, number, signature_prime};
use super::issuing::{Issued, Signer, add_to};
use super::parties::{ACCOUNT, DEGREE, KEY_2048, LINK_SECRET, OTHER_LINK_SECRET, PERSON};
use super::schema::{KindSchema, object};

/// Where the issuing protocol is described.
const SPECIFICATION: &str = "https://hyperledger.github.io/anoncreds-spec/";

/// An issuance by the library: see `examples/freeze.rs`.
pub const FROZEN: &str = include_str!("../frozen/issued.json");

pub fn schema() -> KindSchema {
    let any = json!({"description": "in Indy's form, malformed or not"});
    let kept = json!({"type": "object", "description": "what the holder has, in Indy's form"});
    KindSchema {
        kind: Kind::ProcessCredential,
        input: object(
            json!({
                "credential": any,
                "cred_def": any,
                "link_secret": kept,
                "request_metadata": kept,
            }),
            &["credential", "cred_def", "link_secret", "request_metadata"],
        ),
        output: None,
        has_public: false,
    }
}

pub const ALEX: [(&str, &str); 4] =
    [("name", "Alex"), ("age", "28"), ("height", "175"), ("sex", "male")];

fn given(issuer: &Issuer, issued: &Issued) -> Value {
    json!({"input": {
        "credential": issued.credential,
        "cred_def": issuer.cred_def,
        "link_secret": {"value": {"ms": LINK_SECRET}},
        "request_metadata": issued.metadata,
    }})
}

pub fn file() -> File {
    let mut file = File::new(
        "process_credential",
        Kind::ProcessCredential,
        "AnonCreds CL credentials: the issuer's signature and its proof",
        &[
            "A holder adds v' of its request to the signature's v, and checks the signature for its link secret.",
            "The issuer's proof shows that A is in the group that the key's bases generate.",
            "Reasons: `form` (it cannot be read), `names`, `exponent` (e), `signature`, `issuer-proof`.",
        ],
    );
    notes(&mut file);
    honest(&mut file);
    signatures(&mut file);
    exponents(&mut file);
    proofs(&mut file);
    names(&mut file);
    forms(&mut file);
    file
}

fn notes(file: &mut File) {
    for (flag, bug, description, effect) in [
        ("NORMAL", BugType::Basic, "An honest credential.", "Honest credentials are refused."),
        (
            "SIGNATURE",
            BugType::AcceptsInvalid,
            "The signature is not for these values, this link secret or this key.",
            "The holder keeps a credential that every verifier refuses.",
        ),
        (
            "EXPONENT",
            BugType::AcceptsInvalid,
            "The exponent e is a prime.",
            "Signatures can be forged from others.",
        ),
        (
            "ISSUER_PROOF",
            BugType::AcceptsInvalid,
            "The issuer's proof does not belong to the signature.",
            "The issuer may recognise the holder by its presentations.",
        ),
        (
            "NAMES",
            BugType::AcceptsInvalid,
            "The values are for exactly the attributes of the key.",
            "The holder keeps a credential that every verifier refuses.",
        ),
        ("MALFORMED", BugType::AcceptsInvalid, "What is not a credential.", "A crash."),
    ] {
        file.note(flag, bug, description, effect, &[SPECIFICATION]);
    }
}

fn valid() -> Expect {
    Expect::valid().flags(&["NORMAL"])
}

fn invalid(reason: &str, flag: &str) -> Expect {
    Expect::invalid(&[reason]).flags(&[flag])
}

fn person() -> Signer<'static> {
    Signer::new(&PERSON.issuer, KEY_2048)
}

fn honest(file: &mut File) {
    let issuer = &PERSON.issuer;
    let signer = person();
    for (name, comment, values) in [
        ("person", "Texts and numbers. The modulus has 2,048 bits.", ALEX),
        (
            "empty-values",
            "Empty texts and zero.",
            [("name", ""), ("age", "0"), ("height", "0"), ("sex", "")],
        ),
        (
            "numbers-at-the-ends",
            "The least and the greatest number, and just beyond them.",
            [
                ("name", "2147483648"),
                ("age", "-2147483648"),
                ("height", "2147483647"),
                ("sex", "-2147483649"),
            ],
        ),
        (
            "names-in-capitals",
            "The values' names with other case and blanks than the key's.",
            [("Name", "Alex"), ("AGE", "28"), (" height", "175"), ("s e x", "male")],
        ),
    ] {
        file.add(name, comment, given(issuer, &signer.issue(&values)), valid());
    }
    let values = [
        ("First Name", "Alex"),
        ("Last Name", "Garcia"),
        ("degree", "Mathematics"),
        ("year", "2024"),
    ];
    let issued = Signer::new(&DEGREE.issuer, keys::DEGREE).issue(&values);
    let comment = "Names with capitals and blanks. The modulus has 2,050 bits.";
    file.add("degree", comment, given(&DEGREE.issuer, &issued), valid());
    let values =
        [("balance", "-50"), ("limit", "2147483647"), ("zero", "0"), ("holder", "Alex Garcia")];
    let issued = Signer::new(&ACCOUNT.issuer, keys::GVT).issue(&values);
    let comment = "A negative number. The modulus has 2,050 bits.";
    file.add("account", comment, given(&ACCOUNT.issuer, &issued), valid());
    let frozen: Value = serde_json::from_str(FROZEN).unwrap();
    file.source("indy-credx", "1.1.1");
    let members = ["credential", "cred_def", "link_secret", "request_metadata"];
    let input: Value = members.iter().map(|name| (*name, frozen[name].clone())).collect();
    file.add("of-library", "As indy-credx made it.", json!({"input": input}), valid());
    file.source("cl", "0.1.0");
}

/// Where the signature's numbers are.
const SIGNATURE: &str = "/input/credential/signature/p_credential";

fn at<'v>(given: &'v mut Value, pointer: &str) -> &'v mut Value {
    given.pointer_mut(pointer).unwrap_or_else(|| panic!("nothing at {pointer}"))
}

fn signatures(file: &mut File) {
    let expect = || invalid("signature", "SIGNATURE");
    for (name, comment, pointer) in [
        ("a-plus-one", "A is one more.", "/a"),
        ("v-plus-one", "v is one more.", "/v"),
        ("m2-plus-one", "m2 is one more.", "/m_2"),
    ] {
        file.altered("person", name, comment, expect(), |given| {
            add_to(at(given, &format!("{SIGNATURE}{pointer}")), 1);
        });
    }
    let comment = "v' of another request: one more.";
    file.altered("person", "v-prime-plus-one", comment, expect(), |given| {
        add_to(at(given, "/input/request_metadata/master_secret_blinding_data/v_prime"), 1);
    });
    file.altered("person", "link-secret", "Another link secret.", expect(), |given| {
        given["input"]["link_secret"]["value"]["ms"] = json!(OTHER_LINK_SECRET);
    });
    file.altered("person", "value", "Another value.", expect(), |given| {
        given["input"]["credential"]["values"]["age"] = json!({"raw": "29", "encoded": "29"});
    });
    file.altered("person", "value-negated", "The value with a minus sign.", expect(), |given| {
        given["input"]["credential"]["values"]["age"] = json!({"raw": "-28", "encoded": "-28"});
    });
    file.altered("person", "values-swapped", "Two values exchanged.", expect(), |given| {
        let values = &mut given["input"]["credential"]["values"];
        let age = values["age"].take();
        values["age"] = values["height"].take();
        values["height"] = age;
    });
    file.altered("person", "a-negated", "n - A in place of A.", expect(), |given| {
        let n = number(at(given, "/input/cred_def/value/primary/n"));
        let a = at(given, &format!("{SIGNATURE}/a"));
        *a = json!((n - number(a)).to_string());
    });
    for (name, comment, value) in [("a-zero", "A is 0.", "0"), ("a-one", "A is 1.", "1")] {
        file.altered("person", name, comment, expect(), |given| {
            *at(given, &format!("{SIGNATURE}/a")) = json!(value);
        });
    }
    let comment = "v' was added before: a credential that was processed already.";
    file.altered("person", "processed-twice", comment, expect(), |given| {
        let v_prime =
            number(at(given, "/input/request_metadata/master_secret_blinding_data/v_prime"));
        let v = at(given, &format!("{SIGNATURE}/v"));
        *v = json!((v_prime + number(v)).to_string());
    });
    for (name, comment, pointer) in [
        ("key-z", "Z of the key is one more.", "/z"),
        ("key-s", "S of the key is one more.", "/s"),
        ("key-rctxt", "Rctxt of the key is one more.", "/rctxt"),
        ("key-base", "A base of the key is one more.", "/r/age"),
        ("key-modulus", "n of the key is two more.", "/n"),
    ] {
        file.altered("person", name, comment, expect(), |given| {
            let by = if pointer == "/n" { 2 } else { 1 };
            add_to(at(given, &format!("/input/cred_def/value/primary{pointer}")), by);
        });
    }
    let attributes = ["name", "age", "height", "sex"];
    let other = Issuer::new(keys::GVT, "NcYxiDXkpYi6ov5FcYDi1e", "Person", &attributes, 12);
    file.altered("person", "other-key", "Another key under the same id.", expect(), |given| {
        given["input"]["cred_def"] = other.cred_def.clone();
    });
    let comment = "The signature of another credential of the same holder.";
    let values = [("name", "Alexander"), ("age", "18"), ("height", "169"), ("sex", "male")];
    let issued = person().issue(&values);
    file.altered("person", "other-signature", comment, expect(), |given| {
        *at(given, SIGNATURE) = issued.credential["signature"]["p_credential"].clone();
    });
}

/// Draws an exponent of the right length that is not a prime.
fn composite(stream: &mut Stream) -> UBig {
    let mut e = signature_prime(stream) + UBig::from(2_u8);
    // a multiple of 3 that is odd
    while &e % UBig::from(3_u8) != UBig::ZERO {
        e += UBig::from(2_u8);
    }
    e
}

fn exponents(file: &mut File) {
    let expect = || invalid("exponent", "EXPONENT");
    let issued = person().issue_with(&ALEX, composite);
    let comment = "e is not a prime, and the signature and the proof are right for it.";
    file.altered("person", "e-composite", comment, expect(), |given| {
        given["input"]["credential"] = issued.credential.clone();
        given["input"]["request_metadata"] = issued.metadata.clone();
    });
    for (name, comment, change) in [
        ("e-plus-one", "e is one more, and so even.", 1_u64),
        ("e-plus-three", "e is three more, and so even.", 3),
    ] {
        file.altered("person", name, comment, expect(), |given| {
            add_to(at(given, &format!("{SIGNATURE}/e")), change);
        });
    }
    for (name, comment, value) in [("e-zero", "e is 0.", "0"), ("e-one", "e is 1.", "1")] {
        file.altered("person", name, comment, expect(), |given| {
            *at(given, &format!("{SIGNATURE}/e")) = json!(value);
        });
    }
    let prime = signature_prime(&mut Stream::new("another exponent")).to_string();
    let expect = invalid("signature", "EXPONENT");
    file.altered("person", "e-other-prime", "e is another prime.", expect, |given| {
        *at(given, &format!("{SIGNATURE}/e")) = json!(prime);
    });
}

fn proofs(file: &mut File) {
    let expect = || invalid("issuer-proof", "ISSUER_PROOF");
    let proof = "/input/credential/signature_correctness_proof";
    for (name, comment, member) in [
        ("proof-c", "The challenge is one more.", "c"),
        ("proof-se", "The response is one more.", "se"),
    ] {
        file.altered("person", name, comment, expect(), |given| {
            add_to(at(given, &format!("{proof}/{member}")), 1);
        });
    }
    for (name, comment, member) in [
        ("proof-c-zero", "The challenge is 0.", "c"),
        ("proof-se-zero", "The response is 0.", "se"),
    ] {
        file.altered("person", name, comment, expect(), |given| {
            *at(given, &format!("{proof}/{member}")) = json!("0");
        });
    }
    file.altered(
        "person",
        "proof-swapped",
        "Challenge and response exchanged.",
        expect(),
        |given| {
            let proof = at(given, proof);
            let c = proof["c"].take();
            proof["c"] = proof["se"].take();
            proof["se"] = c;
        },
    );
    let comment = "The holder's nonce is another one.";
    file.altered("person", "nonce", comment, expect(), |given| {
        add_to(at(given, "/input/request_metadata/nonce"), 1);
    });
    let values = [("name", "Alexander"), ("age", "18"), ("height", "169"), ("sex", "male")];
    let issued = person().issue(&values);
    let comment = "The proof of another credential of the same holder.";
    file.altered("person", "proof-of-another", comment, expect(), |given| {
        *at(given, proof) = issued.credential["signature_correctness_proof"].clone();
    });
}

fn names(file: &mut File) {
    let expect = || invalid("names", "NAMES").importance(Importance::Medium);
    let values = "/input/credential/values";
    file.altered("person", "value-missing", "A value is missing.", expect(), |given| {
        at(given, values).as_object_mut().unwrap().remove("sex");
    });
    file.altered("person", "value-surplus", "A value more than the key has.", expect(), |given| {
        at(given, values)["weight"] = json!({"raw": "70", "encoded": "70"});
    });
    let comment = "A surplus value of zero, which would change nothing in the signature.";
    file.altered("person", "value-surplus-zero", comment, expect(), |given| {
        at(given, values)["weight"] = json!({"raw": "0", "encoded": "0"});
    });
    file.altered("person", "value-renamed", "A value has another name.", expect(), |given| {
        let values = at(given, values).as_object_mut().unwrap();
        let age = values.remove("age").unwrap();
        values.insert("years".to_owned(), age);
    });
    file.altered("person", "no-values", "No values.", expect(), |given| {
        *at(given, values) = json!({});
    });
    let comment = "A value of zero is missing, which changes nothing in the signature.";
    file.altered("empty-values", "zero-missing", comment, expect(), |given| {
        at(given, values).as_object_mut().unwrap().remove("age");
    });
}

fn forms(file: &mut File) {
    let expect = || invalid("form", "MALFORMED").importance(Importance::Medium);
    let credential = "/input/credential";
    for (name, comment, parent, member) in [
        ("no-signature", "No signature.", "", "signature"),
        ("no-primary-signature", "A signature without numbers.", "/signature", "p_credential"),
        ("no-a", "No A.", "/signature/p_credential", "a"),
        ("no-v", "No v.", "/signature/p_credential", "v"),
        ("no-issuer-proof", "No proof of the issuer.", "", "signature_correctness_proof"),
        ("no-proof-se", "A proof without response.", "/signature_correctness_proof", "se"),
        ("no-encoded", "A value without the integer.", "/values/age", "encoded"),
    ] {
        file.altered("person", name, comment, expect(), |given| {
            let parent = at(given, &format!("{credential}{parent}"));
            parent.as_object_mut().unwrap().remove(member);
        });
    }
    for (name, comment, pointer, value) in [
        ("e-number", "e is a JSON number.", "/signature/p_credential/e", json!(3)),
        ("v-letters", "v has letters.", "/signature/p_credential/v", json!("0x1f")),
        ("a-empty", "A is an empty text.", "/signature/p_credential/a", json!("")),
        ("values-list", "A list of values.", "/values", json!([{"raw": "28", "encoded": "28"}])),
        ("encoded-text", "A value's integer is a text.", "/values/name/encoded", json!("Alex")),
    ] {
        file.altered("person", name, comment, expect(), |given| {
            *at(given, &format!("{credential}{pointer}")) = value;
        });
    }
}
