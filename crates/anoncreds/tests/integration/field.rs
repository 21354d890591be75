//! Situations that people reported to projects of the field, made again with keys and values of our
//! own. Each case says itself what is expected of its verdict.

use anoncreds::{Case, Check, Decision, Engines, Policy, Verdict, Verifier};

const CASES: [&str; 10] = [
    include_str!("../fixtures/field/unrevealed-attribute.json"),
    include_str!("../fixtures/field/unrevealed-group.json"),
    include_str!("../fixtures/field/interval-irrevocable.json"),
    include_str!("../fixtures/field/anoncreds-form.json"),
    include_str!("../fixtures/field/schema-number.json"),
    include_str!("../fixtures/field/did-indy.json"),
    include_str!("../fixtures/field/did-cheqd.json"),
    include_str!("../fixtures/field/entry-in-interval.json"),
    include_str!("../fixtures/field/entry-before-interval.json"),
    include_str!("../fixtures/field/entry-asserted.json"),
];

fn case(id: &str) -> Case {
    let mut cases = CASES.iter().map(|json| Case::from_json(json).unwrap());
    cases.find(|case| case.id.as_deref() == Some(id)).unwrap()
}

fn verdict(case: &Case, engines: Engines) -> Verdict {
    Verifier::new(Policy { engines, ..Policy::default() }).explain_blocking(case)
}

fn cautions(verdict: &Verdict) -> Vec<&str> {
    verdict.cautions().map(|(_, caution)| caution.name).collect()
}

#[test]
fn each_case_has_the_verdict_that_it_expects() {
    for json in CASES {
        let case = Case::from_json(json).unwrap();
        let verdict = verdict(&case, Engines::Both);
        assert_eq!(Some(verdict.decision()), case.expected, "{verdict}");
        let open: Vec<Check> = match verdict.decision() {
            Decision::Undecided => verdict.undecided().map(|report| report.check).collect(),
            _ => verdict.failed().map(|report| report.check).collect(),
        };
        assert_eq!(Some(open), case.expected_failures, "{verdict}");
    }
}

#[test]
fn one_engine_gives_the_same_verdict_where_it_can() {
    for json in CASES {
        let case = Case::from_json(json).unwrap();
        let both = verdict(&case, Engines::Both).decision();
        assert_eq!(verdict(&case, Engines::IndyCredx).decision(), both);
        let cl = verdict(&case, Engines::Cl);
        if json.contains("\"non_revoc_proof\":{") {
            assert_eq!(cl.decision(), Decision::Undecided, "it does not compute them");
            assert_eq!(cl.failed().count(), 0);
        } else {
            assert_eq!(cl.decision(), both);
        }
    }
}

#[test]
fn what_a_reader_must_know_is_said() {
    for (id, expected) in
        [("unrevealed-attribute", "unrevealed"), ("interval-irrevocable", "cannot-be-revoked")]
    {
        assert_eq!(cautions(&verdict(&case(id), Engines::Both)), [expected], "{id}");
    }
    let learned = verdict(&case("did-cheqd"), Engines::Both).learned.unwrap();
    assert_eq!(learned["a"].shown["name"], "Alex");
    assert_eq!(learned["p"].proved.as_deref(), Some("gpa >= 3"));
    let credential = learned["p"].credential.as_ref().unwrap();
    assert_eq!(
        credential.issuer.as_deref(),
        Some("did:cheqd:testnet:3053e034-8faa-458d-9f01-2e3e1e8b2ab8")
    );
}

#[test]
fn a_photo_is_a_value_like_any_other() {
    // not what was signed, but read as far as the text itself
    let mut photo = case("anoncreds-form");
    let raw = "/requested_proof/revealed_attrs/a/raw";
    for (bytes, check) in [(900 << 10, Check::Encoding), ((1 << 20) + 1, Check::Size)] {
        *photo.presentation.pointer_mut(raw).unwrap() = "x".repeat(bytes).into();
        let verdict = verdict(&photo, Engines::Both);
        let failed: Vec<_> = verdict.failed().map(|report| report.check).collect();
        assert_eq!(failed.first(), Some(&check), "{bytes}");
    }
}
