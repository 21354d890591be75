//! Every input gets an answer.

use proofs::{Case, Check};
use serde_json::{Value, json};

use super::cases::*;

#[test]
fn text_that_is_not_a_case_is_refused_with_a_reason() {
    let deep = format!("{{\"presentation\": {}{}}}", "[".repeat(1000), "]".repeat(1000));
    let number = format!("{{\"presentation\": {}}}", "1".repeat(1 << 20));
    let text_number = format!("{{\"presentation\": \"{}\"}}", "1".repeat(1 << 20));
    let unfinished = "{\"presentation\": ".repeat(60_000);
    let long = " ".repeat((16 << 20) + 1);
    for (text, reason) in [
        ("", "EOF while parsing"),
        ("hello", "expected value"),
        ("[]", "a list"),
        ("{}", "missing field `presentation_request`"),
        (deep.as_str(), "more at byte 143"),
        (number.as_str(), "a longer number from byte 17"),
        (text_number.as_str(), "missing field `presentation_request`"),
        (unfinished.as_str(), "more at byte 2159"),
        (long.as_str(), "a longer one"),
    ] {
        let failure = Case::from_json(text).unwrap_err().failure;
        assert!(failure.got.contains(reason), "{failure:?}");
        assert!(!failure.remedy.is_empty());
    }
}

#[test]
fn what_is_a_case_keeps_its_id_when_it_is_refused() {
    let whole =
        |members: &str| format!("{{\"id\": \"seven\", \"presentation_request\": {{}}, {members}}}");
    let deep = format!("{}{}", "[".repeat(1000), "]".repeat(1000));
    for (text, is_case) in [
        (whole("\"presentation\": {\"a\": 1, \"a\": 2}"), true),
        (whole(&format!("\"presentation\": {}", "1".repeat(1_301))), true),
        (whole(&format!("\"presentation\": {{}}, \"note\": {deep}")), true),
        (whole(&format!("\"presentation\": \"{}\"", "x".repeat(16 << 20))), true),
        // these lack something, so that they may be anything
        (whole("\"a\": 1, \"a\": 2"), false),
        (whole("\"presentation\": {"), false),
        (whole("\"other\": {}"), false),
    ] {
        let error = Case::from_json(&text).unwrap_err();
        assert_eq!((error.id.as_deref(), error.is_case), (Some("seven"), is_case), "{error:?}");
    }
}

#[test]
fn a_long_text_of_digits_is_no_number() {
    let long = altered(ONE, |case| {
        *at(&mut case.presentation, "/requested_proof/revealed_attrs/attr1_referent/raw") =
            "1".repeat(5_000).into();
    });
    assert_eq!(failures(&long), [Check::Encoding]);
    let text = serde_json::to_string(&long).unwrap();
    assert!(Case::from_json(&text).is_ok());
}

#[test]
fn ten_thousand_predicates_are_refused() {
    let case = altered(ONE, |case| {
        let predicates = (0..10_000).map(|number| {
            (number.to_string(), json!({"name": "age", "p_type": ">=", "p_value": 18}))
        });
        case.presentation_request["requested_predicates"] = predicates.collect();
    });
    let verdict = verdict(&case);
    assert_eq!(failed(&verdict), [Check::Size]);
}

#[test]
fn cases_at_the_limits_are_answered() {
    // Hundreds of referents, all answered wrongly.
    let referents = altered(ONE, |case| {
        let asked =
            (0..250).map(|number| (number.to_string(), json!({"name": format!("a{number}")})));
        case.presentation_request["requested_attributes"] = asked.collect();
        let answered = (0..200).map(|number| (number.to_string(), json!({"sub_proof_index": 0})));
        case.presentation["requested_proof"]["unrevealed_attrs"] = answered.collect();
    });
    assert!(failures(&referents).contains(&Check::HiddenSet));

    // A restriction of thousands of parts, on each of the referents.
    let restricted = altered(ONE, |case| {
        let parts: Vec<Value> = (0..26)
            .map(|number| json!({"cred_def_id": format!("{number}:3:CL:{number}:TAG1"), "attr::sex::value": "x"}))
            .collect();
        let asked = (0..50)
            .map(|number| (number.to_string(), json!({"name": "sex", "restrictions": parts})));
        case.presentation_request["requested_attributes"] = asked.collect();
        let answered = (0..50).map(|number| (number.to_string(), json!({"sub_proof_index": 0})));
        case.presentation["requested_proof"]["unrevealed_attrs"] = answered.collect();
    });
    assert!(failures(&restricted).contains(&Check::Restrictions));

    // As many sub-proofs as there may be, under a credential definition of a megabyte.
    let proofs = altered(ONE, |case| {
        let definition = case.cred_defs.get_mut(GVT_CRED_DEF).unwrap();
        for number in 0..1_000 {
            set(definition, "/value/primary/r", &format!("a{number}"), "4".repeat(1_000));
        }
        let proof = case.presentation["proof"]["proofs"][0]["primary_proof"]["eq_proof"].clone();
        let proof = json!({"primary_proof": {"eq_proof": proof, "ge_proofs": []}});
        case.presentation["proof"]["proofs"] = vec![proof; 30].into();
        let identifier = case.presentation["identifiers"][0].clone();
        case.presentation["identifiers"] = vec![identifier; 30].into();
        let asked = (0..30).map(|number| (number.to_string(), json!({"name": "sex"})));
        case.presentation_request["requested_attributes"] = asked.collect();
        let answered =
            (0..30).map(|number| (number.to_string(), json!({"sub_proof_index": number})));
        case.presentation["requested_proof"]["unrevealed_attrs"] = answered.collect();
        case.presentation["requested_proof"]["predicates"] = json!({});
    });
    assert!(failures(&proofs).contains(&Check::HiddenSet));
}

#[test]
fn a_case_that_is_refused_keeps_its_id() {
    for (text, id) in [
        (r#"{"id": "alex", "presentation": {"a": 1, "a": 2}}"#, Some("alex")),
        (r#"{"presentation": {"a": 1, "a": 2}, "id": "alex"}"#, Some("alex")),
        (r#"{"id": "alex", "presentation_request": {}"#, Some("alex")),
        (r#"{"id": "alex", "schemas": 7}"#, Some("alex")),
        (r#"{"id": "alex", "id": "mallory"}"#, None),
        (r#"{"id": 7, "schemas": 7}"#, None),
        (r#"{"presentation": {"#, None),
    ] {
        assert_eq!(Case::from_json(text).unwrap_err().id.as_deref(), id, "{text}");
    }
}

#[test]
fn a_member_twice_in_a_case_is_refused_with_its_place() {
    let once = r#""p_type":">=""#;
    let text = ONE.replacen(once, &format!("{once},{once}"), 1);
    assert_ne!(text, ONE);
    let error = Case::from_json(&text).unwrap_err();
    let got = &error.failure.got;
    assert!(got.contains("/p_type: a member that occurs twice"), "{got}");
    assert!(Case::from_json(ONE).is_ok());
}

#[test]
fn two_status_lists_of_one_time_do_not_differ() {
    let text = |other: &str| {
        let mut case = serde_json::to_value(case(ONE)).unwrap();
        let list = |accumulator: &str| json!({"revRegDefId": "r", "timestamp": 7, "currentAccumulator": accumulator});
        case["rev_status_lists"] = json!([list("one"), list(other)]);
        case.to_string()
    };
    assert!(Case::from_json(&text("one")).is_ok());
    let error = Case::from_json(&text("another")).unwrap_err();
    assert!(error.failure.got.contains("two status lists of 7 that differ"), "{error:?}");
}
