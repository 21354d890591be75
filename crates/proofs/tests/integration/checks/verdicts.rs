//! The JSON form of a verdict.

use proofs::{Case, Check, EngineSet, Engines, Outcome, Policy, Verdict, explain};
use serde_json::{Value, json};

use super::cases::*;

#[test]
fn a_verdict_in_json_names_all_checks_in_order() {
    let value = serde_json::to_value(verdict(&case(ONE))).unwrap();
    assert_eq!(value["id"], "one-credential");
    assert_eq!(value["verdict"], "verified");
    assert_eq!(value["relaxed"], json!(["mathematics/indy-credx"]));
    let checks = value["checks"].as_array().unwrap();
    let names: Vec<&str> = checks.iter().map(|check| check["check"].as_str().unwrap()).collect();
    assert_eq!(names, Check::ALL.iter().map(|check| check.name()).collect::<Vec<_>>());
    assert_eq!(checks[0], json!({"check": "size", "outcome": "passed"}));
    assert_eq!(
        checks[17],
        json!({"check": "nonce-fresh", "outcome": "not reached", "note": "no record of used nonces was given"})
    );
}

#[test]
fn a_failed_check_says_expected_got_and_remedy() {
    let changed = altered(ONE, |case| {
        set(
            &mut case.presentation_request,
            "/requested_predicates/predicate1_referent",
            "p_value",
            21,
        );
    });
    let value = serde_json::to_value(verdict(&changed)).unwrap();
    assert_eq!(value["verdict"], "rejected");
    assert_eq!(
        value["checks"][7],
        json!({
            "check": "predicates", "outcome": "failed",
            "expected": "sub-proof 0 proves age GE 21",
            "got": "it proves age GE 18",
            "remedy": "ask the prover for an answer to this request; the bound is the verifier's to choose",
        })
    );
    assert_eq!(value["checks"][19]["outcome"], "not reached");
    assert_eq!(value["checks"][19]["note"], "because predicates failed");
}

#[test]
fn each_failure_of_a_check_has_a_line_up_to_eight() {
    let changed = altered(TWO, |case| {
        case.presentation["requested_proof"]["self_attested_attrs"] =
            (0..20).map(|number| (format!("extra {number}"), Value::from("x"))).collect();
    });
    let value = serde_json::to_value(verdict(&changed)).unwrap();
    let lines =
        value["checks"].as_array().unwrap().iter().filter(|line| line["check"] == "referents");
    let referents: Vec<&str> = lines.map(|line| line["referent"].as_str().unwrap()).collect();
    assert_eq!(referents.len(), 8);
    assert_eq!(referents[..2], ["phone", "extra 0"]);
}

#[test]
fn a_text_that_is_not_a_case_has_a_verdict_too() {
    let failure = Case::from_json("{\"presentation\"").unwrap_err().failure;
    let verdict = Verdict::failed_at(Check::Size, Some("line 3".to_owned()), *failure);
    assert!(!verdict.verified());
    assert_eq!(failed(&verdict), [Check::Size]);
    assert_eq!(verdict.outcome(Check::MathematicsCl), Outcome::NotReached);
    let value = serde_json::to_value(&verdict).unwrap();
    assert_eq!(value["checks"].as_array().unwrap().len(), 1);
    assert_eq!(value["id"], "line 3");
    assert_eq!(value["verdict"], "rejected");
    assert!(value["checks"][0]["got"].as_str().unwrap().starts_with("EOF while parsing"));
}

#[test]
fn a_verdict_on_large_values_stays_short() {
    let changed = altered(ONE, |case| {
        let raw = at(&mut case.presentation, "/requested_proof/revealed_attrs/attr1_referent/raw");
        *raw = "é".repeat(100_000).into();
    });
    let policy = Policy { engines: Engines::Cl, ..Policy::default() };
    let verdict = explain(&changed, &policy, EngineSet::default(), None);
    assert!(serde_json::to_string(&verdict).unwrap().len() < 10_000);
}

#[test]
fn a_printed_verdict_has_a_line_for_each_check_and_failure() {
    let changed = altered(ONE, |case| {
        let revealed = "/requested_proof/revealed_attrs/attr1_referent/raw";
        *at(&mut case.presentation, revealed) = "\u{1b}[2J".into();
    });
    let verdict = verdict(&changed);
    let text = verdict.to_string();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), Check::ALL.len() + 4, "{text}");
    assert_eq!(
        lines[0],
        " 1 ✓ size                    request and presentation are JSON of a reasonable size"
    );
    assert!(lines[6].starts_with(" 7 ✗ encoding "), "{text}");
    assert_eq!(lines[7], "     attr1_referent:");
    assert!(lines[8].starts_with("       expected  \"name\" "), "{text}");
    assert!(lines[21].starts_with("18 – nonce-fresh "), "{text}");
    assert!(!text.contains('\u{1b}'), "a terminal obeys nothing of it");

    let reason = verdict.reason().unwrap();
    assert!(reason.starts_with("the check encoding failed: attr1_referent: expected "), "{reason}");
}

#[test]
fn a_verified_presentation_has_no_reason_against_it() {
    let verdict = verdict(&case(ONE));
    assert_eq!(verdict.reason(), None);
    assert!(!verdict.to_string().contains('✗'));
}

#[test]
fn the_reason_is_a_required_check() {
    let changed = altered(ONE, |case| {
        let revealed = "/requested_proof/revealed_attrs/attr1_referent/raw";
        *at(&mut case.presentation, revealed) = "Alexander".into();
        case.presentation_request["nonce"] = "2".into();
    });
    let policy =
        Policy { engines: Engines::Cl, relaxed: [Check::Encoding].into(), ..Policy::default() };
    let engines = EngineSet { cl: Some(&*CL), ..EngineSet::default() };
    let reason = explain(&changed, &policy, engines, None).reason().unwrap();
    assert!(reason.starts_with("the check mathematics/cl failed: "), "{reason}");
}
