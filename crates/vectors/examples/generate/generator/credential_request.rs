//! Credential requests, and what issuers must refuse.

use serde_json::{Value, json};
use test_support::keys;
use vectors::format::BugType;
use vectors::{Importance, Kind};

use super::file::{Expect, File};
use super::issuer::{Issuer, number};
use super::issuing::{Issued, Signer, add_to};
use super::parties::{ACCOUNT, DEGREE, KEY_2048, PERSON};
use super::process_credential::{ALEX, FROZEN};
use super::schema::{KindSchema, object};

/// Where the issuing protocol is described.
const SPECIFICATION: &str = "https://hyperledger.github.io/anoncreds-spec/";

pub fn schema() -> KindSchema {
    let kept = |what: &str| json!({"type": "object", "description": what});
    KindSchema {
        kind: Kind::CredentialRequest,
        input: object(
            json!({
                "cred_def": kept("the credential definition, in Indy's form"),
                "cred_def_private": kept("its private key, a fixture's, as libraries keep it"),
                "offer": kept("the offer that the request answers"),
                "values": kept("what is to be signed"),
                "request": {"description": "the request in Indy's form, malformed or not"},
            }),
            &["cred_def", "cred_def_private", "offer", "values", "request"],
        ),
        output: None,
        has_public: false,
    }
}

fn given(issuer: &Issuer, signer: &Signer<'_>, issued: &Issued) -> Value {
    json!({"input": {
        "cred_def": issuer.cred_def,
        "cred_def_private": signer.private,
        "offer": issued.offer,
        "values": issued.values,
        "request": issued.request,
    }})
}

pub fn file() -> File {
    let mut file = File::new(
        "credential_request",
        Kind::CredentialRequest,
        "AnonCreds CL credential requests: the blinded link secret and its proof",
        &[
            "The holder proves that it knows the link secret and the number that blinds it, for the offer's nonce.",
            "Reasons: `form` (it cannot be read), `proof`.",
            "The private keys are fixtures: public, and of no use elsewhere.",
        ],
    );
    notes(&mut file);
    honest(&mut file);
    numbers(&mut file);
    attributes(&mut file);
    others(&mut file);
    forms(&mut file);
    file
}

fn notes(file: &mut File) {
    for (flag, bug, description, effect) in [
        ("NORMAL", BugType::Basic, "An honest request.", "Honest holders are turned away."),
        (
            "PROOF",
            BugType::AcceptsInvalid,
            "The proof does not belong to the blinded link secret, or to the offer.",
            "The issuer signs what the holder need not know.",
        ),
        (
            "HIDDEN",
            BugType::AcceptsInvalid,
            "The holder hides the link secret, and nothing else.",
            "The issuer signs attributes that it does not know, or a credential without a holder.",
        ),
        (
            "REPLAY",
            BugType::AcceptsInvalid,
            "A request that answers another offer, or another key.",
            "A request that was overheard is answered again.",
        ),
        ("MALFORMED", BugType::AcceptsInvalid, "What is not a credential request.", "A crash."),
    ] {
        file.note(flag, bug, description, effect, &[SPECIFICATION]);
    }
}

fn person() -> Signer<'static> {
    Signer::new(&PERSON.issuer, KEY_2048)
}

/// Another issuance of the same issuer.
fn another() -> Issued {
    person().issue(&[("name", "Alexander"), ("age", "18"), ("height", "169"), ("sex", "male")])
}

fn honest(file: &mut File) {
    let valid = || Expect::valid().flags(&["NORMAL"]);
    let degree = [("First Name", "Alex"), ("Last Name", ""), ("degree", "x"), ("year", "2024")];
    let account = [("balance", "-50"), ("limit", "1"), ("zero", "0"), ("holder", "Alex")];
    for (name, comment, issuer, fixture, values) in [
        ("person", "A modulus of 2,048 bits.", &PERSON.issuer, KEY_2048, ALEX),
        ("degree", "A modulus of 2,050 bits.", &DEGREE.issuer, keys::DEGREE, degree),
        ("account", "Another key.", &ACCOUNT.issuer, keys::GVT, account),
    ] {
        let signer = Signer::new(issuer, fixture);
        let issued = signer.issue(&values);
        file.add(name, comment, given(issuer, &signer, &issued), valid());
    }
    let frozen: Value = serde_json::from_str(FROZEN).unwrap();
    let members = ["cred_def", "offer", "request"];
    let mut input: Value = members.iter().map(|name| (*name, frozen[name].clone())).collect();
    input["values"] = frozen["credential"]["values"].clone();
    input["cred_def_private"] = Signer::new(&ACCOUNT.issuer, keys::GVT).private;
    file.source("indy-credx", "1.1.1");
    file.add("of-library", "As indy-credx made it.", json!({"input": input}), valid());
    file.source("cl", "0.1.0");
}

fn at<'v>(given: &'v mut Value, pointer: &str) -> &'v mut Value {
    given.pointer_mut(pointer).unwrap_or_else(|| panic!("nothing at {pointer}"))
}

const BLINDED: &str = "/input/request/blinded_ms";
const PROOF: &str = "/input/request/blinded_ms_correctness_proof";

fn invalid(flag: &str) -> Expect {
    Expect::invalid(&["proof"]).flags(&[flag])
}

fn numbers(file: &mut File) {
    for (name, comment, pointer) in [
        ("u-plus-one", "U is one more.", format!("{BLINDED}/u")),
        ("c-plus-one", "The challenge is one more.", format!("{PROOF}/c")),
        ("v-plus-one", "The response for v' is one more.", format!("{PROOF}/v_dash_cap")),
        (
            "m-plus-one",
            "The response for the link secret is one more.",
            format!("{PROOF}/m_caps/master_secret"),
        ),
    ] {
        file.altered("person", name, comment, invalid("PROOF"), |given| {
            add_to(at(given, &pointer), 1);
        });
    }
    for (name, comment, pointer, value) in [
        ("u-zero", "U is 0.", format!("{BLINDED}/u"), "0"),
        ("u-one", "U is 1.", format!("{BLINDED}/u"), "1"),
        ("c-zero", "The challenge is 0.", format!("{PROOF}/c"), "0"),
        ("v-zero", "The response for v' is 0.", format!("{PROOF}/v_dash_cap"), "0"),
        (
            "m-zero",
            "The response for the link secret is 0.",
            format!("{PROOF}/m_caps/master_secret"),
            "0",
        ),
    ] {
        file.altered("person", name, comment, invalid("PROOF"), |given| {
            *at(given, &pointer) = json!(value);
        });
    }
    file.altered("person", "u-negated", "n - U in place of U.", invalid("PROOF"), |given| {
        let n = number(at(given, "/input/cred_def/value/primary/n"));
        let u = at(given, &format!("{BLINDED}/u"));
        *u = json!((n - number(u)).to_string());
    });
    file.altered("person", "u-plus-n", "U is greater than n.", invalid("PROOF"), |given| {
        let n = number(at(given, "/input/cred_def/value/primary/n"));
        let u = at(given, &format!("{BLINDED}/u"));
        *u = json!((n + number(u)).to_string());
    });
}

fn attributes(file: &mut File) {
    let hidden = format!("{BLINDED}/hidden_attributes");
    for (name, comment, names) in [
        ("nothing-hidden", "The link secret is not among the hidden attributes.", json!([])),
        (
            "unknown-hidden",
            "An attribute that the key does not have.",
            json!(["x", "master_secret"]),
        ),
    ] {
        file.altered("person", name, comment, invalid("HIDDEN"), |given| {
            *at(given, &hidden) = names;
        });
    }
    let comment = "A commitment that the proof does not cover.";
    file.altered("person", "commitment", comment, invalid("HIDDEN"), |given| {
        let u = at(given, &format!("{BLINDED}/u")).clone();
        let response = at(given, &format!("{PROOF}/m_caps/master_secret")).clone();
        *at(given, &format!("{BLINDED}/committed_attributes")) = json!({"age": u});
        at(given, &format!("{PROOF}/m_caps"))["age"] = response.clone();
        *at(given, &format!("{PROOF}/r_caps")) = json!({"age": response});
    });
}

fn others(file: &mut File) {
    let other = another();
    file.altered(
        "person",
        "offer-nonce",
        "The offer has another nonce.",
        invalid("REPLAY"),
        |given| {
            add_to(at(given, "/input/offer/nonce"), 1);
        },
    );
    let comment = "The answer to another offer of the same issuer.";
    file.altered("person", "other-offer", comment, invalid("REPLAY"), |given| {
        given["input"]["request"] = other.request.clone();
    });
    let comment = "The proof of another request.";
    file.altered("person", "other-proof", comment, invalid("REPLAY"), |given| {
        *at(given, PROOF) = other.request["blinded_ms_correctness_proof"].clone();
    });
    let comment = "The link secret as it was blinded for another request.";
    file.altered("person", "other-u", comment, invalid("REPLAY"), |given| {
        *at(given, BLINDED) = other.request["blinded_ms"].clone();
    });
    let attributes = ["name", "age", "height", "sex"];
    let issuer = Issuer::new(keys::GVT, "NcYxiDXkpYi6ov5FcYDi1e", "Person", &attributes, 12);
    let mut request = Signer::new(&issuer, keys::GVT).issue(&ALEX).request;
    let comment = "A request for another key.";
    file.altered("person", "other-key", comment, invalid("REPLAY"), |given| {
        request["cred_def_id"] = given["input"]["request"]["cred_def_id"].clone();
        given["input"]["request"] = request;
    });
}

fn forms(file: &mut File) {
    let expect = || Expect::invalid(&["form"]).importance(Importance::Medium).flags(&["MALFORMED"]);
    let request = "/input/request";
    for (name, comment, parent, member) in [
        ("no-blinded", "No blinded link secret.", "", "blinded_ms"),
        ("no-proof", "No proof.", "", "blinded_ms_correctness_proof"),
        ("no-u", "No U.", "/blinded_ms", "u"),
        ("no-hidden", "No list of hidden attributes.", "/blinded_ms", "hidden_attributes"),
        ("no-c", "No challenge.", "/blinded_ms_correctness_proof", "c"),
        ("no-responses", "No responses.", "/blinded_ms_correctness_proof", "m_caps"),
        ("no-nonce", "No nonce.", "", "nonce"),
    ] {
        file.altered("person", name, comment, expect(), |given| {
            let parent = at(given, &format!("{request}{parent}"));
            parent.as_object_mut().unwrap().remove(member);
        });
    }
    for (name, comment, pointer, value) in [
        ("u-number", "U is a JSON number.", "/blinded_ms/u", json!(7)),
        ("u-letters", "U has letters.", "/blinded_ms/u", json!("0x1f")),
        (
            "c-empty",
            "The challenge is an empty text.",
            "/blinded_ms_correctness_proof/c",
            json!(""),
        ),
        (
            "hidden-text",
            "A text of hidden attributes.",
            "/blinded_ms/hidden_attributes",
            json!("master_secret"),
        ),
        ("nonce-letters", "A nonce with letters.", "/nonce", json!("0x1f")),
    ] {
        file.altered("person", name, comment, expect(), |given| {
            *at(given, &format!("{request}{pointer}")) = value;
        });
    }
}
