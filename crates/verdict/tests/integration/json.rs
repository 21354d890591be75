//! The JSON form of a verdict.

use serde_json::json;
use verdict::{Failure, Verdict};

use super::parcel::{ParcelCheck, verdict};

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
    assert_eq!(members, ["checks", "verdict"]);
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
        })
    );
}
