//! The forms in which objects and identifiers are met, and what is missing to decide.

use serde_json::{Value, json};
use vectors::Kind;
use vectors::format::BugType;

use super::super::file::{Expect, File};
use super::super::honest::{present, request};
use super::super::parties::{ALEX, ALEX_DEGREE};
use super::change::*;
use super::frozen;

pub fn file() -> File {
    let mut file = File::new(
        "verify_forms",
        Kind::Verify,
        "AnonCreds CL presentations: forms of objects and identifiers",
        &[
            "Presentations of another library, with identifiers of Indy, did:indy, did:cheqd, did:webvh and https;",
            "requests as different agents write them; public data that is not given.",
        ],
    );
    file.note(
        "IDENTIFIERS",
        BugType::RefusesValid,
        "Identifiers are opaque: only what a demand asks for is read out of them.",
        "Credentials of other ledgers are refused.",
        &[
            "https://hyperledger.github.io/anoncreds-spec/",
            "https://hyperledger.github.io/anoncreds-methods-registry/",
        ],
    );
    file.note("WRITTEN_OTHERWISE", BugType::RefusesValid, "A request or presentation as some agents write it: members that are null, empty or left out.", "Honest holders are refused.", &["https://github.com/hyperledger/aries-rfcs/tree/main/features/0592-indy-attachments"]);
    file.note("NOT_GIVEN", BugType::AcceptsInvalid, "Public data that the presentation names is not given: nothing is wrong, and nothing is decided.", "A presentation is accepted, or refused as false, without its issuer's key.", &[]);
    file.note(
        "OTHER_IDENTIFIER",
        BugType::AcceptsInvalid,
        "The presentation names other public data than it was made with.",
        "A credential is taken for one of another issuer or schema.",
        &[],
    );
    ours(&mut file);
    file.source("anoncreds (Python)", "0.2.3");
    for frozen in frozen::peers() {
        if !frozen.is_about_revocation {
            let expect = match frozen.cautions.contains(&"text-not-canonical") {
                true => Expect::acceptable(),
                false => Expect::valid(),
            };
            file.add(
                &frozen.name,
                "Made and verified by another library.",
                frozen.given,
                expect.flags(&["IDENTIFIERS"]).cautions(&frozen.cautions),
            );
        }
    }
    identifiers(&mut file);
    file
}

fn ours(file: &mut File) {
    let expect = || Expect::valid().flags(&["WRITTEN_OTHERWISE"]);
    let attributes = json!({"name": {"name": "name"}});
    let with = |name: &str, change: &dyn Fn(&mut Value)| {
        let mut asked = request(name, attributes.clone(), json!({}));
        change(&mut asked);
        present(&asked, &[(&ALEX, &["name"])])
    };
    file.add("plain", "A request as libindy writes it.", with("plain", &|_| {}), expect());
    file.add(
        "without-ver",
        "Without a member `ver`: version 1.0.",
        with("without ver", &|asked| {
            asked.as_object_mut().unwrap().remove("ver");
        }),
        expect(),
    );
    file.add(
        "ver-2.0",
        "Version 2.0, in which identifiers may be fully qualified.",
        with("ver 2.0", &|asked| asked["ver"] = json!("2.0")),
        expect(),
    );
    file.add(
        "non-revoked-null",
        "An interval that is null is none.",
        with("interval null", &|asked| asked["non_revoked"] = json!(null)),
        expect(),
    );
    file.add(
        "non-revoked-null-in-a-referent",
        "The same in a referent.",
        with("interval null in a referent", &|asked| {
            asked["requested_attributes"]["name"]["non_revoked"] = json!(null)
        }),
        expect(),
    );
    file.add(
        "restrictions-null",
        "Restrictions that are null are none.",
        with("restrictions null", &|asked| {
            asked["requested_attributes"]["name"]["restrictions"] = json!(null)
        }),
        expect(),
    );
    file.add(
        "without-predicates",
        "Without a member `requested_predicates`.",
        with("without predicates", &|asked| {
            asked.as_object_mut().unwrap().remove("requested_predicates");
        }),
        expect(),
    );
    file.add(
        "further-members",
        "Members that the specification does not have.",
        with("further members", &|asked| {
            asked["comment"] = json!("for the form of 2026");
            asked["requested_attributes"]["name"]["label"] = json!("Name");
        }),
        expect(),
    );
    file.add(
        "names-with-unicode",
        "Names and referents beyond ASCII.",
        {
            let asked = request("Prüfung 資格", json!({"naïve ключ": {"name": "name"}}), json!({}));
            present(&asked, &[(&ALEX, &["naïve ключ"])])
        },
        expect(),
    );
    file.add(
        "referent-with-pointer-characters",
        "A referent with the characters that JSON pointers escape.",
        {
            let asked = request("a~b/c", json!({"a~b/c": {"name": "name"}}), json!({}));
            present(&asked, &[(&ALEX, &["a~b/c"])])
        },
        expect(),
    );
    for (name, member) in [
        ("without-revealed-groups", "revealed_attr_groups"),
        ("without-self-attested", "self_attested_attrs"),
        ("without-unrevealed", "unrevealed_attrs"),
        ("without-predicates-answered", "predicates"),
    ] {
        let mut given = with(name, &|_| {});
        given["input"]["presentation"]["requested_proof"].as_object_mut().unwrap().remove(member);
        file.add(
            name,
            &format!("The presentation leaves out {member}, which would be empty."),
            given,
            expect().importance(vectors::Importance::Medium),
        );
    }
    let two = request(
        "two of forms",
        json!({"name": {"name": "name"}, "degree": {"name": "degree"}}),
        json!({}),
    );
    file.add(
        "two-credentials",
        "Two credentials.",
        present(&two, &[(&ALEX, &["name"]), (&ALEX_DEGREE, &["degree"])]),
        expect(),
    );
    for (base, name, member, comment) in [
        ("plain", "schema-not-given", "schemas", "The schema is not given."),
        ("plain", "cred-def-not-given", "cred_defs", "The credential definition is not given."),
        ("two-credentials", "one-schema-not-given", "schemas", "One of two schemas is not given."),
        (
            "two-credentials",
            "one-cred-def-not-given",
            "cred_defs",
            "One of two credential definitions is not given.",
        ),
    ] {
        file.altered(
            base,
            name,
            comment,
            Expect::undecided(&["presentation-shape"]).flags(&["NOT_GIVEN"]),
            |given| {
                for form in ["indy", "anoncreds"] {
                    let objects = given["public"][form][member].as_object_mut().unwrap();
                    let first = objects.keys().next().unwrap().clone();
                    objects.remove(&first);
                }
            },
        );
    }
    let expect = |checks: &[&str]| Expect::invalid(checks).flags(&["OTHER_IDENTIFIER"]);
    let identifier = format!("{PRESENTATION}/identifiers");
    file.altered(
        "two-credentials",
        "schema-of-the-other",
        "A sub-proof names the other credential's schema.",
        expect(&["schema-of-cred-def", "hidden-set"]).needs(&["schemas"]),
        |given| {
            let other = at(given, &format!("{identifier}/1/schema_id")).clone();
            set(given, &format!("{identifier}/0/schema_id"), other);
        },
    );
    file.altered(
        "two-credentials",
        "schemas-exchanged",
        "Two sub-proofs name each other's schema.",
        expect(&["schema-of-cred-def", "hidden-set"]).needs(&["schemas"]),
        |given| {
            swap(given, &format!("{identifier}/0/schema_id"), &format!("{identifier}/1/schema_id"))
        },
    );
    file.altered(
        "two-credentials",
        "cred-def-of-the-other",
        "A sub-proof names the other credential's definition.",
        expect(&["schema-of-cred-def", "hidden-set"]).needs(&["schemas"]),
        |given| {
            let other = at(given, &format!("{identifier}/1/cred_def_id")).clone();
            set(given, &format!("{identifier}/0/cred_def_id"), other);
        },
    );
    file.altered(
        "two-credentials",
        "cred-defs-exchanged",
        "Two sub-proofs name each other's credential definition.",
        expect(&["schema-of-cred-def", "hidden-set"]).needs(&["schemas"]),
        |given| {
            swap(
                given,
                &format!("{identifier}/0/cred_def_id"),
                &format!("{identifier}/1/cred_def_id"),
            )
        },
    );
    file.altered(
        "two-credentials",
        "schema-of-the-other-second",
        "The second sub-proof names the first credential's schema.",
        expect(&["schema-of-cred-def", "hidden-set"]).needs(&["schemas"]),
        |given| {
            let other = at(given, &format!("{identifier}/0/schema_id")).clone();
            set(given, &format!("{identifier}/1/schema_id"), other);
        },
    );
}

/// Public data that is not given, for other kinds of identifiers.
fn identifiers(file: &mut File) {
    let identifier = format!("{PRESENTATION}/identifiers/0");
    for kind in ["did-indy", "did-cheqd", "did-webvh", "https"] {
        let base = format!("{kind}.revealed");
        file.altered(
            &base,
            &format!("{kind}.another-cred-def"),
            "The presentation names a credential definition that is not given.",
            Expect::undecided(&["presentation-shape"]).flags(&["NOT_GIVEN", "IDENTIFIERS"]),
            |given| {
                let id = at(given, &format!("{identifier}/cred_def_id"));
                *id = json!(format!("{}x", id.as_str().unwrap()));
            },
        );
        file.altered(
            &base,
            &format!("{kind}.another-nonce"),
            "The request has another nonce.",
            Expect::invalid(super::basic::ENGINES).flags(&["IDENTIFIERS"]),
            |given| add(given, &format!("{REQUEST}/nonce"), 1),
        );
    }
}
