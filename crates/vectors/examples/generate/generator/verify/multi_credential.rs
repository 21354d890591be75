//! Several credentials in one presentation.

use serde_json::json;
use vectors::Kind;
use vectors::format::BugType;

use super::super::file::{Expect, File};
use super::super::honest::{present, present_with, request};
use super::super::parties::{ALEX, ALEX_ACCOUNT, ALEX_DEGREE, ALEX_ONCE};
use super::basic::ENGINES;
use super::change::*;

pub fn file() -> File {
    let mut file = File::new(
        "verify_multi_credential",
        Kind::Verify,
        "AnonCreds CL presentations: several credentials",
        &[
            "Several credentials of one holder in one presentation, and the same with their parts mixed up.",
        ],
    );
    file.note("NORMAL", BugType::Basic, "An honest presentation.", "", &[]);
    file.note(
        "ONE_ISSUER_TWICE",
        BugType::EdgeCase,
        "Two credentials of one credential definition.",
        "One is taken for the other.",
        &[],
    );
    file.note(
        "PARTS_MIXED_UP",
        BugType::AcceptsInvalid,
        "What belongs to one sub-proof stands with another.",
        "A value is believed to come from another credential than it does.",
        &[],
    );
    file.note(
        "SELF_ATTESTED",
        BugType::AcceptsInvalid,
        "A value that the holder states itself.",
        "A statement is taken for an issuer's.",
        &[],
    );
    let normal = || Expect::valid().flags(&["NORMAL"]);
    let attributes = json!({"name": {"name": "name"}, "degree": {"name": "degree"}});
    let adult = json!({"adult": {"name": "age", "p_type": ">=", "p_value": 18}});
    let asked = request("two credentials", attributes.clone(), adult.clone());
    file.add(
        "two-issuers",
        "Two credentials of two issuers.",
        present(&asked, &[(&ALEX, &["name", "adult"]), (&ALEX_DEGREE, &["degree"])]),
        normal().cautions(&["one-sided-bound"]),
    );
    let asked = request("two credentials the other way", attributes.clone(), adult.clone());
    file.add(
        "two-issuers-the-other-way-round",
        "The same two credentials, with their sub-proofs in the other order.",
        present(&asked, &[(&ALEX_DEGREE, &["degree"]), (&ALEX, &["name", "adult"])]),
        normal().cautions(&["one-sided-bound"]),
    );
    let asked = request(
        "three credentials",
        json!({"name": {"name": "name"}, "degree": {"name": "degree"}, "holder": {"name": "holder"}}),
        json!({"funds": {"name": "limit", "p_type": ">=", "p_value": 1000}, "adult": {"name": "age", "p_type": ">=", "p_value": 18}}),
    );
    file.add(
        "three-issuers",
        "Three credentials, two of them with a predicate.",
        present(
            &asked,
            &[
                (&ALEX, &["name", "adult"]),
                (&ALEX_DEGREE, &["degree"]),
                (&ALEX_ACCOUNT, &["holder", "funds"]),
            ],
        ),
        normal().cautions(&["one-sided-bound"]),
    );
    let asked = request(
        "two of one issuer",
        json!({"now": {"name": "name"}, "once": {"name": "name"}}),
        json!({}),
    );
    file.add(
        "one-issuer-twice",
        "Two credentials of one credential definition, with different values.",
        present(&asked, &[(&ALEX, &["now"]), (&ALEX_ONCE, &["once"])]),
        Expect::valid().flags(&["ONE_ISSUER_TWICE"]),
    );
    let asked = request(
        "two predicates of one issuer",
        json!({}),
        json!({"now": {"name": "age", "p_type": ">=", "p_value": 28}, "once": {"name": "age", "p_type": "<=", "p_value": 18}}),
    );
    file.add(
        "one-issuer-twice-predicates",
        "Two credentials of one credential definition, with a predicate each at its bound.",
        present(&asked, &[(&ALEX, &["now"]), (&ALEX_ONCE, &["once"])]),
        Expect::valid().flags(&["ONE_ISSUER_TWICE"]).cautions(&["one-sided-bound"]),
    );
    let asked = request("one of two is only held", attributes, json!({}));
    file.add(
        "one-only-held",
        "Two credentials; of one, the attribute is only held.",
        present(&asked, &[(&ALEX, &["name"]), (&ALEX_DEGREE, &["~degree"])]),
        normal().cautions(&["unrevealed"]),
    );
    let asked = request(
        "a self-attested value",
        json!({"name": {"name": "name"}, "phone": {"name": "phone"}}),
        json!({}),
    );
    file.add(
        "self-attested",
        "A value that no credential has, stated by the holder.",
        present_with(&asked, &[(&ALEX, &["name"])], &json!({"phone": "+1 555 0100"})),
        Expect::valid().flags(&["SELF_ATTESTED"]).cautions(&["self-attested"]),
    );
    let asked = request(
        "self-attested without restrictions",
        json!({"name": {"name": "name"}, "phone": {"name": "phone", "restrictions": []}, "mail": {"name": "mail", "restrictions": {}}}),
        json!({}),
    );
    file.add(
        "self-attested-empty-restrictions",
        "Empty restrictions restrict nothing: the values may be self-attested.",
        present_with(
            &asked,
            &[(&ALEX, &["name"])],
            &json!({"phone": "+1 555 0100", "mail": "alex@example.org"}),
        ),
        Expect::valid().flags(&["SELF_ATTESTED"]).cautions(&["self-attested"]),
    );
    mixed_up(&mut file);
    self_attested(&mut file);
    file
}

fn mixed_up(file: &mut File) {
    let expect = |checks: &[&str]| Expect::invalid(checks).flags(&["PARTS_MIXED_UP"]);
    let index = |of: &str| format!("{REQUESTED}/{of}/sub_proof_index");
    file.altered(
        "two-issuers",
        "values-of-each-other",
        "Two revealed attributes name each other's sub-proof.",
        expect(&["revealed-set"]),
        |given| swap(given, &index("revealed_attrs/name"), &index("revealed_attrs/degree")),
    );
    file.altered(
        "one-issuer-twice",
        "values-of-each-other-one-issuer",
        "Two attributes of one credential definition name each other's sub-proof.",
        expect(&["encoding"]),
        |given| swap(given, &index("revealed_attrs/now"), &index("revealed_attrs/once")),
    );
    file.altered(
        "two-issuers",
        "sub-proofs-exchanged",
        "The sub-proofs are exchanged; everything else stays.",
        expect(&["challenge-binding"]),
        |given| {
            swap(
                given,
                &format!("{PRESENTATION}/proof/proofs/0"),
                &format!("{PRESENTATION}/proof/proofs/1"),
            )
        },
    );
    file.altered(
        "two-issuers",
        "identifiers-exchanged",
        "The identifiers of the sub-proofs are exchanged.",
        expect(&["hidden-set"]),
        |given| {
            swap(
                given,
                &format!("{PRESENTATION}/identifiers/0"),
                &format!("{PRESENTATION}/identifiers/1"),
            )
        },
    );
    file.altered(
        "one-issuer-twice",
        "sub-proofs-exchanged-one-issuer",
        "The sub-proofs of two credentials of one definition are exchanged.",
        expect(&["challenge-binding"]),
        |given| {
            swap(
                given,
                &format!("{PRESENTATION}/proof/proofs/0"),
                &format!("{PRESENTATION}/proof/proofs/1"),
            )
        },
    );
    file.altered(
        "two-issuers",
        "identifiers-of-one",
        "Both sub-proofs name the same credential definition.",
        expect(&["hidden-set"]),
        |given| {
            let first = at(given, &format!("{PRESENTATION}/identifiers/0")).clone();
            set(given, &format!("{PRESENTATION}/identifiers/1"), first);
        },
    );
    file.altered(
        "two-issuers",
        "one-sub-proof-missing",
        "One sub-proof is missing, its identifiers are there.",
        expect(&["presentation-shape"]),
        |given| {
            remove(given, &format!("{PRESENTATION}/proof/proofs/1"));
        },
    );
    file.altered(
        "two-issuers",
        "identifiers-missing",
        "The identifiers of one sub-proof are missing.",
        expect(&["presentation-shape"]),
        |given| {
            remove(given, &format!("{PRESENTATION}/identifiers/1"));
        },
    );
    file.altered("three-issuers", "one-credential-taken-out", "A sub-proof, its identifiers and its answers are taken out, and the request asks for no more.", expect(&["challenge-binding"]), |given| {
        for pointer in ["proof/proofs/2", "identifiers/2", "requested_proof/revealed_attrs/holder", "requested_proof/predicates/funds"] {
            remove(given, &format!("{PRESENTATION}/{pointer}"));
        }
        remove(given, &format!("{REQUEST}/requested_attributes/holder"));
        remove(given, &format!("{REQUEST}/requested_predicates/funds"));
    });
    file.altered(
        "two-issuers",
        "v-exchanged",
        "The responses v of the sub-proofs are exchanged.",
        expect(ENGINES),
        |given| swap(given, &format!("{}/v", eq_proof(0)), &format!("{}/v", eq_proof(1))),
    );
    file.altered(
        "two-issuers",
        "e-exchanged",
        "The responses e of the sub-proofs are exchanged.",
        expect(ENGINES),
        |given| swap(given, &format!("{}/e", eq_proof(0)), &format!("{}/e", eq_proof(1))),
    );
    file.altered(
        "two-issuers",
        "m2-exchanged",
        "The responses m2 of the sub-proofs are exchanged.",
        expect(ENGINES),
        |given| swap(given, &format!("{}/m2", eq_proof(0)), &format!("{}/m2", eq_proof(1))),
    );
    file.altered(
        "two-issuers",
        "a-prime-exchanged",
        "The numbers A' are exchanged, and the challenge covers them in their places: one is larger than the other's modulus.",
        expect(&["number-form"]),
        |given| {
            let [first, second] = [0, 1].map(|index| format!("{}/a_prime", eq_proof(index)));
            swap(given, &first, &second);
            cover(given, 0, &first);
            // A' and the five commitments of one predicate come before
            cover(given, 6, &second);
        },
    );
    file.altered(
        "two-issuers",
        "c-list-in-another-order",
        "What the challenge covers stands in another order.",
        expect(&["challenge-binding"]),
        |given| swap(given, &format!("{AGGREGATED}/c_list/0"), &format!("{AGGREGATED}/c_list/6")),
    );
}

fn self_attested(file: &mut File) {
    let expect = |checks: &[&str]| Expect::invalid(checks).flags(&["SELF_ATTESTED"]);
    let restricted = json!([{"cred_def_id": "NcYxiDXkpYi6ov5FcYDi1e:3:CL:12:Person"}]);
    let phone = format!("{REQUEST}/requested_attributes/phone");
    for (name, restrictions) in [
        ("self-attested-though-restricted", restricted),
        ("self-attested-though-issuer-is-named", json!({"issuer_did": "NcYxiDXkpYi6ov5FcYDi1e"})),
        ("self-attested-though-one-is-excluded", json!({"$not": {"schema_name": "Person"}})),
        (
            "self-attested-though-schema-is-named",
            json!([{"schema_name": "Person", "schema_version": "1.0"}]),
        ),
        ("self-attested-though-attribute-is-named", json!([{"attr::phone::marker": "1"}])),
    ] {
        file.altered(
            "self-attested",
            name,
            "The request restricts who must have issued the value.",
            expect(&["self-attested"]).needs(&["restrictions"]),
            |given| set(given, &format!("{phone}/restrictions"), restrictions.clone()),
        );
    }
    file.altered(
        "self-attested",
        "self-attested-but-not-requested",
        "The holder states a value that was not requested.",
        expect(&["referents"]),
        |given| {
            set(given, &format!("{REQUESTED}/self_attested_attrs/mail"), json!("alex@example.org"))
        },
    );
    file.altered(
        "self-attested",
        "neither-attested-nor-proved",
        "A requested value is not there at all.",
        expect(&["referents"]),
        |given| {
            remove(given, &format!("{REQUESTED}/self_attested_attrs/phone"));
        },
    );
    file.altered(
        "self-attested",
        "self-attested-predicate",
        "The holder states a predicate's value itself.",
        expect(&["referents"]).needs(&["predicates"]),
        |given| {
            set(
                given,
                &format!("{REQUEST}/requested_predicates/adult"),
                json!({"name": "age", "p_type": ">=", "p_value": 18}),
            );
            set(given, &format!("{REQUESTED}/self_attested_attrs/adult"), json!("28"));
        },
    );
}
