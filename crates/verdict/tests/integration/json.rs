//! The JSON form of a verdict.

use std::collections::BTreeSet;

use serde_json::json;
use verdict::{Caution, Failure, Findings, Found, LearnedAnswer, Verdict};

use super::parcel::{ParcelCheck, verdict};

static NOTHING_RELAXED: BTreeSet<ParcelCheck> = BTreeSet::new();

#[test]
fn a_verdict_in_json_has_a_line_for_each_check_and_failure() {
    let verdict =
        verdict(&[ParcelCheck::Weight], &[(ParcelCheck::Weight, 0), (ParcelCheck::Address, 2)]);
    let failed = |got: &str| {
        json!({
            "check": "address", "outcome": "failed",
            "expected": "an address", "got": got, "remedy": "correct it",
        })
    };
    assert_eq!(
        serde_json::to_value(&verdict).unwrap(),
        json!({
            "id": "parcel 7",
            "verdict": "rejected",
            "checks": [
                {"check": "weight", "outcome": "passed"},
                failed("number 0"),
                failed("number 1"),
                {"check": "stamp", "outcome": "not reached", "note": "because address failed"},
            ],
            "cautions": [],
            "relaxed": ["weight"],
        })
    );
}

#[test]
fn absent_members_are_left_out() {
    let all = ParcelCheck::ALL.iter().map(|check| (*check, 0));
    let mut verdict = verdict(&[], &all.collect::<Vec<_>>());
    verdict.id = None;
    let written = serde_json::to_value(&verdict).unwrap();
    let members: Vec<_> = written.as_object().unwrap().keys().collect();
    assert_eq!(members, ["cautions", "checks", "verdict"]);
    assert_eq!(written["verdict"], "verified");
}

#[test]
fn a_failure_names_its_referent() {
    let failure = Failure::new("a street", "none", "add it").about("recipient");
    let verdict = Verdict::failed_at(ParcelCheck::Address, None, failure);
    assert!(!verdict.verified());
    assert_eq!(
        serde_json::to_value(&verdict).unwrap(),
        json!({
            "verdict": "rejected",
            "checks": [{
                "check": "address", "outcome": "failed", "referent": "recipient",
                "expected": "a street", "got": "none", "remedy": "add it",
            }],
            "cautions": [],
        })
    );
}

#[test]
fn cautions_and_what_was_learned_have_members_of_their_own() {
    let mut findings = Findings::new(&NOTHING_RELAXED);
    for check in ParcelCheck::ALL {
        findings.add(*check, Found::default());
    }
    let fragile = Caution::new("fragile", "contents", "it breaks easily", "do not throw it");
    let heavy = Caution::new("heavy", "contents", "it has 29 kg", "lift it with care").note();
    findings.add(ParcelCheck::Weight, Found { cautions: vec![heavy], ..Found::default() });
    findings.add(ParcelCheck::Address, Found { cautions: vec![fragile], ..Found::default() });
    let mut verdict = findings.into_verdict(None, ParcelCheck::ALL);
    let answer = LearnedAnswer { held: vec!["value".to_owned()], ..LearnedAnswer::default() };
    verdict.learned = Some([("contents".to_owned(), answer)].into());
    assert!(verdict.verified());
    let written = serde_json::to_value(&verdict).unwrap();
    assert_eq!(
        written["cautions"],
        json!([
            {
                "caution": "heavy", "severity": "note", "check": "weight", "referent": "contents",
                "what": "it has 29 kg", "why": "lift it with care",
            },
            {
                "caution": "fragile", "severity": "caution", "check": "address", "referent": "contents",
                "what": "it breaks easily", "why": "do not throw it",
            },
        ])
    );
    assert_eq!(written["learned"], json!({"contents": {"held": ["value"]}}));
}
