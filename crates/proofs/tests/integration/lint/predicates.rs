//! Findings about predicates.

use proofs::lint::{
    Rule, Severity,
    Severity::{Error, Warning},
    lint,
};
use serde_json::{Value, json};

use super::{
    BOUND, COMPARISON, ISSUER, PREDICATE_RESTRICTIONS, RESTRICTIONS, nothing, only, only_in,
    schema, short, with,
};

#[test]
fn a_predicate_compares_with_a_bound_that_leaves_values() {
    let (min, max) = (i64::from(i32::MIN), i64::from(i32::MAX));
    for (p_type, p_value, rule, severity) in [
        (">", max, Rule::BoundNeverHolds, Error),
        ("<", min, Rule::BoundNeverHolds, Error),
        (">=", max, Rule::BoundAtEdge, Warning),
        (">=", min, Rule::BoundAtEdge, Warning),
        ("<=", max, Rule::BoundAtEdge, Warning),
        ("<=", min, Rule::BoundAtEdge, Warning),
        ("<", max, Rule::BoundAtEdge, Warning),
        (">", max + 1, Rule::BoundOutOfRange, Error),
        ("<", min - 1, Rule::BoundOutOfRange, Error),
    ] {
        let alterations = [(COMPARISON, json!(p_type)), (BOUND, json!(p_value))];
        only(&alterations, rule, severity, BOUND);
    }
    only(&[(BOUND, json!(18.5))], Rule::BoundNotWhole, Error, BOUND);
    only(&[(BOUND, json!(1e20))], Rule::BoundOutOfRange, Error, BOUND);
    let finding = only(&[(BOUND, json!(18.0))], Rule::BoundNotWhole, Error, BOUND);
    assert_eq!(finding.remedy, "write 18");
    assert!(finding.found.ends_with("found 18.0"), "{}", finding.found);
    only(&[(BOUND, json!("18"))], Rule::WrongType, Error, BOUND);
    only(&[(COMPARISON, json!("=="))], Rule::UnknownPredicateType, Error, COMPARISON);
    nothing(&[(COMPARISON, json!(">")), (BOUND, json!(max - 1))]);
    nothing(&[(COMPARISON, json!("<")), (BOUND, json!(min + 1))]);
}

#[test]
fn predicates_on_one_attribute_should_leave_a_value() {
    let also = "/requested_predicates/also";
    let predicate = |name: &str, p_type: &str, p_value: i32| json!({"name": name, "p_type": p_type, "p_value": p_value, "restrictions": {"issuer_did": ISSUER}});
    let finding =
        only(&[(also, predicate(" AGE", "<", 18))], Rule::ContradictoryPredicates, Warning, also);
    assert!(finding.found.contains(">= 18 (\"adult\") and < 18 (\"also\")"), "{}", finding.found);
    only(&[(also, predicate("age", "<=", 17))], Rule::ContradictoryPredicates, Warning, also);
    nothing(&[(also, predicate("age", "<=", 18))]);
    nothing(&[(also, predicate("age", "<", 19))]);
    nothing(&[(also, predicate("height", "<", 10))]);
}

#[test]
fn a_predicate_beside_a_reveal_of_its_attribute_is_pointless() {
    only(
        &[("/requested_attributes/given/name", json!("Age"))],
        Rule::PredicateBesideReveal,
        Warning,
        "/requested_predicates/adult",
    );
}

#[test]
fn a_comparison_with_a_text_says_nothing() {
    let name = "/requested_predicates/adult/name";
    let text = json!({"issuer_did": ISSUER, "attr::age::value": "adult"});
    let own = with(&[(PREDICATE_RESTRICTIONS, text.clone())]);
    assert_eq!(
        short(&lint(&own, None)),
        [
            ("predicate-on-text", Error, name),
            ("value-not-shown", Error, "/requested_predicates/adult/restrictions/attr::age::value"),
        ]
    );
    let elsewhere = with(&[(RESTRICTIONS, text)]);
    assert_eq!(
        short(&lint(&elsewhere, None)),
        [
            ("value-not-shown", Error, "/requested_attributes/given/restrictions/attr::age::value"),
            ("predicate-on-text", Warning, name),
        ]
    );
    let number = with(&[(RESTRICTIONS, json!({"issuer_did": ISSUER, "attr::age::value": "28"}))]);
    let rules: Vec<_> = lint(&number, None).listed.iter().map(|finding| finding.rule).collect();
    assert_eq!(rules, [Rule::ValueNotShown, Rule::OneSidedBound]);
}

#[test]
fn a_lower_bound_alone_is_noted_where_values_may_be_texts() {
    let noted = |alterations: &[(&str, Value)], schema| -> Vec<String> {
        let findings = lint(&with(alterations), schema);
        assert_eq!(findings.warnings() + findings.errors(), 0, "{findings}");
        findings.listed.into_iter().map(|finding| finding.rule.to_string()).collect()
    };
    let schema = schema();
    let also = "/requested_predicates/also";
    let predicate = |name: &str, p_type: &str| json!({"name": name, "p_type": p_type, "p_value": 150, "restrictions": {"issuer_did": ISSUER}});
    assert_eq!(noted(&[], None), ["one-sided-bound"]);
    assert_eq!(noted(&[(COMPARISON, json!(">"))], None), ["one-sided-bound"]);
    assert_eq!(noted(&[(COMPARISON, json!("<="))], None), [""; 0]);
    for upper in [predicate("age", "<="), predicate(" AGE", "<")] {
        assert_eq!(noted(&[(also, upper)], None), [""; 0]);
    }
    assert_eq!(noted(&[(also, predicate("height", "<"))], None), ["one-sided-bound"]);
    assert_eq!(
        noted(&[("/requested_attributes/given/name", json!("First Name"))], Some(&schema)),
        [""; 0],
        "the schema's types say that it is an integer"
    );

    let finding = lint(&with(&[]), None).listed.remove(0);
    assert_eq!(finding.severity, Severity::Note);
    assert_eq!(finding.pointer, "/requested_predicates/adult");
    assert!(finding.why.contains("a range does"), "{}", finding.why);
}

#[test]
fn with_a_schema_predicates_are_compared_with_types() {
    let predicate = |name: &str, restrictions: Value| {
        json!({
            "nonce": "822341096514423177893041", "name": "r", "version": "1",
            "requested_predicates": {"p": {"name": name, "p_type": "<", "p_value": 3, "restrictions": restrictions}},
        })
    };
    let schema = schema();
    let of_issuer = json!({"issuer_did": ISSUER});
    let finding = only_in(
        &predicate("first name", of_issuer.clone()),
        Some(&schema),
        Rule::PredicateOnText,
        Error,
        "/requested_predicates/p/name",
    );
    assert_eq!(finding.referent.as_deref(), Some("p"));
    for sound in [
        predicate("age", of_issuer.clone()),
        predicate("height", of_issuer),
        predicate("sex", json!({"issuer_did": ISSUER, "schema_version": "2.0"})),
    ] {
        assert_eq!(short(&lint(&sound, Some(&schema))), [], "{sound}");
    }
}
