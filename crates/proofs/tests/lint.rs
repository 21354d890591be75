//! What the linter finds, and what it does not.

#![allow(clippy::unwrap_used)] // the helpers belong to the tests

use proofs::lint::{Finding, Findings, Rule, SchemaFacts, Severity, lint, lint_json};
use serde_json::{Value, json};

const ISSUER: &str = "VsKV7grR1BUE29mG2Fm2kX";

/// A request of which the linter has nothing to say.
fn sound() -> Value {
    json!({
        "nonce": "822341096514423177893041",
        "name": "proof_req_1",
        "version": "0.1",
        "requested_attributes": {"given": {"name": "name", "restrictions": {"issuer_did": ISSUER}}},
        "requested_predicates": {"adult": {
            "name": "age", "p_type": ">=", "p_value": 18, "restrictions": {"issuer_did": ISSUER}}},
    })
}

fn schema() -> SchemaFacts {
    serde_json::from_value(json!({
        "ver": "1.0",
        "id": "Th7MpTaRZVRYnPiabds81Y:2:gvt:1.0",
        "name": "gvt",
        "version": "1.0",
        "attrNames": ["age", "sex", "height", "First Name"],
        "types": {"sex": "text", "age": "integer", "FIRSTNAME": "text"},
    }))
    .unwrap()
}

/// The sound request with some members replaced or added, or removed by `null`.
fn with(alterations: &[(&str, Value)]) -> Value {
    let mut request = sound();
    for (pointer, value) in alterations {
        let (parent, member) = pointer.rsplit_once('/').unwrap();
        request.pointer_mut(parent).unwrap()[member] = value.clone();
    }
    request
}

/// What was found, in short.
fn short(findings: &Findings) -> Vec<(&'static str, Severity, &str)> {
    let listed = findings.listed.iter();
    listed
        .map(|finding| {
            (
                finding.rule.name(),
                finding.severity,
                finding.pointer.as_str(),
            )
        })
        .collect()
}

/// Asserts that altering the sound request leads to exactly this finding, and gives it.
fn only(alterations: &[(&str, Value)], rule: Rule, severity: Severity, pointer: &str) -> Finding {
    only_in(&with(alterations), None, rule, severity, pointer)
}

fn only_in(
    request: &Value,
    schema: Option<&SchemaFacts>,
    rule: Rule,
    severity: Severity,
    pointer: &str,
) -> Finding {
    let findings = lint(request, schema);
    assert_eq!(
        short(&findings),
        [(rule.name(), severity, pointer)],
        "{request}"
    );
    findings.listed.into_iter().next().unwrap()
}

/// Asserts that altering the sound request leads to no finding.
fn nothing(alterations: &[(&str, Value)]) {
    let request = with(alterations);
    assert_eq!(short(&lint(&request, None)), [], "{request}");
}

const RESTRICTIONS: &str = "/requested_attributes/given/restrictions";
const PREDICATE_RESTRICTIONS: &str = "/requested_predicates/adult/restrictions";
const BOUND: &str = "/requested_predicates/adult/p_value";
const COMPARISON: &str = "/requested_predicates/adult/p_type";

use Severity::{Error, Warning};

#[test]
fn a_sound_request_has_no_findings() {
    nothing(&[]);
    assert!(lint_json(&sound().to_string(), None).is_empty());
}

/// Its nonce has 37 bits. That is the only thing to say of it: it names the issuer for both referents,
/// and what it asks of one credential is not at odds.
#[test]
fn of_the_tutorials_request_only_the_nonce_is_doubtful() {
    let request = json!({
        "nonce": "123432421212",
        "name": "proof_req_1",
        "version": "0.1",
        "requested_attributes": {"attr1_referent": {"name": "name", "restrictions": {
            "issuer_did": ISSUER, "schema_id": "Th7MpTaRZVRYnPiabds81Y:2:gvt:1.0"}}},
        "requested_predicates": {"predicate1_referent": {
            "name": "age", "p_type": ">=", "p_value": 18, "restrictions": {"issuer_did": ISSUER}}},
    });
    let finding = only_in(&request, None, Rule::NonceShort, Warning, "/nonce");
    assert_eq!(
        finding.to_string(),
        "warning: nonce-short at /nonce: a number of 37 bits; a short nonce could repeat or be \
         guessed, and an old presentation would answer it: take 80 random bits, written in decimal"
    );
}

#[test]
fn a_finding_is_written_with_name_severity_referent_place_reason_and_remedy() {
    let finding = only(
        &[(RESTRICTIONS, json!({"isuer_did": ISSUER}))],
        Rule::UnknownTag,
        Error,
        "/requested_attributes/given/restrictions/isuer_did",
    );
    assert_eq!(
        serde_json::to_value(&finding).unwrap(),
        json!({
            "lint": "unknown-tag",
            "severity": "error",
            "referent": "given",
            "pointer": "/requested_attributes/given/restrictions/isuer_did",
            "found": "the tag \"isuer_did\"",
            "why": "no credential carries such a tag, and a verifier refuses it wherever it stands, also under $not",
            "remedy": "did you mean \"issuer_did\"?",
        })
    );
    let finding = only(
        &[("/ver", json!("3.0"))],
        Rule::UnknownVersion,
        Error,
        "/ver",
    );
    assert!(
        serde_json::to_value(&finding)
            .unwrap()
            .get("referent")
            .is_none()
    );
}

#[test]
fn a_text_that_is_no_json_is_one_finding() {
    for text in ["", "{", "nonce", "{\"nonce\": 1e999}", &"[".repeat(1000)] {
        let findings = lint_json(text, None);
        assert_eq!(short(&findings), [("not-json", Error, "")]);
    }
    assert_eq!(short(&lint(&json!([]), None)), [("wrong-type", Error, "")]);
}

#[test]
fn members_that_are_missing_or_of_another_type_are_all_found() {
    assert_eq!(
        short(&lint(&json!({"name": 1, "requested_attributes": []}), None)),
        [
            ("missing-member", Error, "/nonce"),
            ("wrong-type", Error, "/name"),
            ("missing-member", Error, "/version"),
            ("wrong-type", Error, "/requested_attributes"),
        ]
    );
    let request = with(&[
        ("/requested_attributes/given", json!("name")),
        (
            "/requested_predicates/adult",
            json!({"restrictions": {"issuer_did": ISSUER}}),
        ),
        ("/non_revoked", json!({"from": "now", "to": -1})),
    ]);
    assert_eq!(
        short(&lint(&request, None)),
        [
            ("wrong-type", Error, "/non_revoked/from"),
            ("wrong-type", Error, "/non_revoked/to"),
            ("wrong-type", Error, "/requested_attributes/given"),
            ("missing-member", Error, "/requested_predicates/adult/name"),
            (
                "missing-member",
                Error,
                "/requested_predicates/adult/p_type"
            ),
            (
                "missing-member",
                Error,
                "/requested_predicates/adult/p_value"
            ),
        ]
    );
}

#[test]
fn a_member_that_nobody_knows_is_named_with_what_was_meant() {
    let finding = only(
        &[("/requested_attribute", json!({}))],
        Rule::UnknownMember,
        Warning,
        "/requested_attribute",
    );
    assert_eq!(finding.remedy, "did you mean \"requested_attributes\"?");
    for (place, meant) in [
        ("/requested_attributes/given/restriction", "restrictions"),
        ("/requested_predicates/adult/p_typ", "p_type"),
        ("/requested_predicates/adult/nonrevoked", "non_revoked"),
    ] {
        let finding = only(&[(place, json!({}))], Rule::UnknownMember, Warning, place);
        assert_eq!(finding.remedy, format!("did you mean {meant:?}?"));
    }
    let finding = only(
        &[("/non_revoked", json!({"until": 5}))],
        Rule::UnknownMember,
        Warning,
        "/non_revoked/until",
    );
    assert_eq!(finding.remedy, "remove it; the members are from, to");
    nothing(&[("/non_revoked", json!({"to": 5}))]);
}

#[test]
fn an_empty_request_asks_for_nothing() {
    only(
        &[
            ("/requested_attributes", json!({})),
            ("/requested_predicates", json!(null)),
        ],
        Rule::EmptyRequest,
        Error,
        "",
    );
    nothing(&[("/requested_attributes", json!({}))]);
    nothing(&[("/requested_predicates", json!(null))]);
}

#[test]
fn a_nonce_is_text_of_digits_with_64_to_80_bits() {
    use Rule::{
        NonceIsNumber, NonceLeadingZeros, NonceLong, NonceNotDecimal, NonceShort, NonceTooLong,
        WrongType,
    };
    let two_to = |power: u32| (1_u128 << power).to_string();
    for (nonce, rule, severity) in [
        (json!("-12343242121200000000000"), NonceNotDecimal, Error),
        (json!("0x1f"), NonceNotDecimal, Error),
        (json!(""), NonceNotDecimal, Error),
        (json!(1.5e30), NonceNotDecimal, Error),
        (json!(true), WrongType, Error),
        (json!("0822341096514423177893041"), NonceLeadingZeros, Error),
        (json!("0"), NonceShort, Warning),
        (json!("9223372036854775807"), NonceShort, Warning),
        (json!(two_to(80)), NonceLong, Warning),
        (json!(u128::MAX.to_string()), NonceLong, Warning),
        (
            json!("340282366920938463463374607431768211456"),
            NonceTooLong,
            Error,
        ),
        (json!(u64::MAX), NonceIsNumber, Warning),
    ] {
        only(&[("/nonce", nonce)], rule, severity, "/nonce");
    }
    for nonce in [two_to(63), ((1_u128 << 80) - 1).to_string()] {
        nothing(&[("/nonce", json!(nonce))]);
    }
}

#[test]
fn a_referent_has_one_name_or_a_group_of_different_ones() {
    let given = "/requested_attributes/given";
    let asked = |names: Value| {
        let mut asked = json!({"restrictions": {"issuer_did": ISSUER}});
        for (key, value) in names.as_object().unwrap() {
            asked[key] = value.clone();
        }
        [(given, asked)]
    };
    only(&asked(json!({})), Rule::NoName, Error, given);
    only(
        &asked(json!({"name": "a", "names": ["b"]})),
        Rule::NameAndNames,
        Error,
        given,
    );
    only(
        &asked(json!({"name": " "})),
        Rule::EmptyName,
        Error,
        "/requested_attributes/given/name",
    );
    only(
        &asked(json!({"names": []})),
        Rule::EmptyGroup,
        Error,
        "/requested_attributes/given/names",
    );
    only(
        &asked(json!({"names": ["First Name", "sex", "firstname"]})),
        Rule::RepeatedName,
        Error,
        "/requested_attributes/given/names/2",
    );
    only(
        &asked(json!({"names": ["sex", 7]})),
        Rule::WrongType,
        Error,
        "/requested_attributes/given/names/1",
    );
    nothing(&asked(json!({"names": ["First Name", "first_name"]})));
    nothing(&asked(json!({"names": ["name"], "name": null})));
}

#[test]
fn one_referent_for_an_attribute_and_a_predicate_is_doubtful() {
    let predicate = sound()["requested_predicates"]["adult"].clone();
    only(
        &[("/requested_predicates/given", predicate)],
        Rule::SharedReferent,
        Warning,
        "/requested_predicates/given",
    );
}

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
    only(&[(BOUND, json!(18.5))], Rule::BoundOutOfRange, Error, BOUND);
    only(&[(BOUND, json!("18"))], Rule::WrongType, Error, BOUND);
    only(
        &[(COMPARISON, json!("=="))],
        Rule::UnknownPredicateType,
        Error,
        COMPARISON,
    );
    nothing(&[(COMPARISON, json!(">")), (BOUND, json!(max - 1))]);
    nothing(&[(COMPARISON, json!("<")), (BOUND, json!(min + 1))]);
}

#[test]
fn predicates_on_one_attribute_should_leave_a_value() {
    let also = "/requested_predicates/also";
    let predicate = |name: &str, p_type: &str, p_value: i32| json!({"name": name, "p_type": p_type, "p_value": p_value, "restrictions": {"issuer_did": ISSUER}});
    let finding = only(
        &[(also, predicate(" AGE", "<", 18))],
        Rule::ContradictoryPredicates,
        Warning,
        also,
    );
    assert!(
        finding
            .found
            .contains(">= 18 (\"adult\") and < 18 (\"also\")"),
        "{}",
        finding.found
    );
    only(
        &[(also, predicate("age", "<=", 17))],
        Rule::ContradictoryPredicates,
        Warning,
        also,
    );
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
fn a_text_cannot_be_compared() {
    let name = "/requested_predicates/adult/name";
    let text = json!({"issuer_did": ISSUER, "attr::age::value": "adult"});
    let own = with(&[(PREDICATE_RESTRICTIONS, text.clone())]);
    assert_eq!(
        short(&lint(&own, None)),
        [
            ("predicate-on-text", Error, name),
            (
                "value-not-shown",
                Error,
                "/requested_predicates/adult/restrictions/attr::age::value"
            ),
        ]
    );
    let elsewhere = with(&[(RESTRICTIONS, text)]);
    assert_eq!(
        short(&lint(&elsewhere, None)),
        [
            (
                "value-not-shown",
                Error,
                "/requested_attributes/given/restrictions/attr::age::value"
            ),
            ("predicate-on-text", Warning, name),
        ]
    );
    let number = with(&[(
        RESTRICTIONS,
        json!({"issuer_did": ISSUER, "attr::age::value": "28"}),
    )]);
    let rules: Vec<_> = lint(&number, None)
        .listed
        .iter()
        .map(|finding| finding.rule)
        .collect();
    assert_eq!(rules, [Rule::ValueNotShown]);
}

#[test]
fn restrictions_are_read_to_the_end() {
    let request = with(&[(
        RESTRICTIONS,
        json!({"$and": [
            {"schema_id": 7}, "x", {"$not": []},
            {"$gt": {}}, {"issuer_did": {"$nin": ["a"]}}, {"issuer_did": {"$in": ["a", 1]}}, null]}),
    )]);
    let at = |below: &str| format!("{RESTRICTIONS}/$and/{below}");
    let places = [
        "0/schema_id",
        "1",
        "2/$not",
        "3/$gt",
        "4/issuer_did/$nin",
        "5/issuer_did",
    ]
    .map(at);
    let findings = lint(&request, None);
    assert_eq!(
        short(&findings),
        [
            ("wrong-type", Error, places[0].as_str()),
            ("wrong-type", Error, &places[1]),
            ("wrong-type", Error, &places[2]),
            ("unknown-operator", Error, &places[3]),
            ("unknown-operator", Error, &places[4]),
            ("wrong-type", Error, &places[5]),
        ]
    );
    only(
        &[(RESTRICTIONS, json!("gvt"))],
        Rule::WrongType,
        Error,
        RESTRICTIONS,
    );
}

#[test]
fn a_restriction_may_be_nested_32_deep() {
    let nested = |objects: usize| {
        (1..objects).fold(
            json!({"issuer_did": ISSUER}),
            |inner, _| json!({"$and": [inner]}),
        )
    };
    nothing(&[(RESTRICTIONS, nested(32))]);
    let pointer = format!("{RESTRICTIONS}{}", "/$and/0".repeat(32));
    only(
        &[(RESTRICTIONS, nested(33))],
        Rule::RestrictionTooDeep,
        Error,
        &pointer,
    );
}

#[test]
fn an_unknown_tag_is_named_with_what_was_meant() {
    for (tag, remedy) in [
        ("issuerDid", "did you mean \"issuer_did\"?"),
        ("cred_def", "did you mean \"cred_def_id\"?"),
        (
            "attr::age",
            "write attr::<name>::value, or attr::<name>::marker",
        ),
        (
            "attr::age::Value",
            "write attr::<name>::value, or attr::<name>::marker",
        ),
    ] {
        let restriction = json!({"issuer_did": ISSUER, "$not": {tag: "x"}});
        let pointer = format!("{RESTRICTIONS}/$not/{tag}");
        let finding = only(
            &[(RESTRICTIONS, restriction)],
            Rule::UnknownTag,
            Error,
            &pointer,
        );
        assert_eq!(finding.remedy, remedy);
    }
    let finding = only(
        &[(RESTRICTIONS, json!({"colour": "red"}))],
        Rule::UnknownTag,
        Error,
        "/requested_attributes/given/restrictions/colour",
    );
    assert!(
        finding.remedy.starts_with("the tags are schema_id, "),
        "{}",
        finding.remedy
    );
    nothing(&[(
        RESTRICTIONS,
        json!({"issuer_did": ISSUER, "attr::age::marker": "1"}),
    )]);
}

#[test]
fn a_restriction_should_name_an_issuer() {
    for empty in [
        json!(null),
        json!({}),
        json!([]),
        json!([{"schema_id": null}]),
    ] {
        only(
            &[(RESTRICTIONS, empty)],
            Rule::NoRestriction,
            Warning,
            RESTRICTIONS,
        );
    }
    for weak in [
        json!({"schema_id": "Th7MpTaRZVRYnPiabds81Y:2:gvt:1.0"}),
        json!({"schema_issuer_did": ISSUER}),
        json!({"issuer_did": {"$neq": ISSUER}}),
        json!({"rev_reg_id": "None"}),
        json!([{"issuer_did": ISSUER}, {"schema_name": "gvt"}]),
    ] {
        only(
            &[(RESTRICTIONS, weak)],
            Rule::AnyIssuer,
            Warning,
            RESTRICTIONS,
        );
    }
    for strong in [
        json!({"cred_def_id": "VsKV7grR1BUE29mG2Fm2kX:3:CL:12:TAG1"}),
        json!({"issuer_did": {"$in": [ISSUER]}}),
        json!([{"issuer_did": ISSUER}, {"cred_def_id": "x"}]),
        json!({"schema_name": "gvt", "$and": [{"issuer_did": ISSUER}]}),
    ] {
        nothing(&[(RESTRICTIONS, strong)]);
    }
}

#[test]
fn a_restriction_that_nothing_satisfies_is_an_error() {
    only(
        &[(RESTRICTIONS, json!({"issuer_did": {"$in": []}}))],
        Rule::NeverHolds,
        Error,
        RESTRICTIONS,
    );
    nothing(&[(
        RESTRICTIONS,
        json!({"issuer_did": ISSUER, "$not": {"schema_name": {"$in": []}}}),
    )]);
}

#[test]
fn a_value_counts_only_if_it_is_shown() {
    let value = "/requested_attributes/given/restrictions/attr::sex::value";
    let strict = json!({"issuer_did": ISSUER, "attr::sex::value": "male"});
    let finding = only(
        &[(RESTRICTIONS, strict.clone())],
        Rule::ValueNotShown,
        Error,
        value,
    );
    assert!(
        finding.found.ends_with("which nobody asks to be shown"),
        "{}",
        finding.found
    );

    let other = json!({"name": "Sex", "restrictions": {"issuer_did": ISSUER}});
    let asked_elsewhere = [
        (RESTRICTIONS, strict.clone()),
        ("/requested_attributes/other", other),
    ];
    let finding = only(&asked_elsewhere, Rule::ValueNotShown, Warning, value);
    assert!(
        finding.found.contains("only \"other\" asks"),
        "{}",
        finding.found
    );

    let alternative =
        json!([{"issuer_did": ISSUER}, {"issuer_did": ISSUER, "attr::sex::value": "male"}]);
    only(
        &[(RESTRICTIONS, alternative)],
        Rule::ValueNotShown,
        Warning,
        "/requested_attributes/given/restrictions/1/attr::sex::value",
    );

    nothing(&[(
        "/requested_attributes/given",
        json!({"names": ["name", " SEX"], "restrictions": strict}),
    )]);
    nothing(&[(
        RESTRICTIONS,
        json!({"issuer_did": ISSUER, "attr::Name::value": "Alex"}),
    )]);
}

#[test]
fn version_one_has_short_identifiers() {
    let long = json!({"issuer_did": "did:sov:VsKV7grR1BUE29mG2Fm2kX"});
    let place = "/requested_attributes/given/restrictions/issuer_did";
    let finding = only(
        &[(RESTRICTIONS, long.clone())],
        Rule::QualifiedIdentifier,
        Error,
        place,
    );
    assert_eq!(
        finding.remedy,
        r#"add "ver": "2.0", or write the short form"#
    );
    only(
        &[
            ("/ver", json!("1.0")),
            (
                RESTRICTIONS,
                json!({"issuer_did": {"$in": [ISSUER, "did:sov:x"]}}),
            ),
        ],
        Rule::QualifiedIdentifier,
        Error,
        place,
    );
    nothing(&[("/ver", json!("2.0")), (RESTRICTIONS, long)]);
    nothing(&[(
        RESTRICTIONS,
        json!({"issuer_did": ISSUER, "schema_name": "did:sov:x"}),
    )]);
}

#[test]
fn an_interval_runs_forwards() {
    for place in [
        "/non_revoked",
        "/requested_attributes/given/non_revoked",
        "/requested_predicates/adult/non_revoked",
    ] {
        only(
            &[(place, json!({"from": 11, "to": 10}))],
            Rule::IntervalBackwards,
            Error,
            place,
        );
        for forwards in [
            json!({"from": 10, "to": 10}),
            json!({"from": 10}),
            json!({}),
        ] {
            nothing(&[(place, forwards)]);
        }
    }
}

#[test]
fn with_a_schema_the_names_of_attributes_are_compared() {
    let name = "/requested_attributes/given/name";
    let schema = schema();
    let asked = |name: &str, restrictions: Value| {
        with(&[(
            "/requested_attributes/given",
            json!({"name": name, "restrictions": restrictions}),
        )])
    };
    let of_issuer = json!({"issuer_did": ISSUER});
    let of_schema = json!({"issuer_did": ISSUER, "schema_id": "Th7MpTaRZVRYnPiabds81Y:2:gvt:1.0"});
    let of_another = json!({"issuer_did": ISSUER, "schema_name": "degree"});
    let unknown = |request: &Value, severity, pointer: &str| {
        only_in(
            request,
            Some(&schema),
            Rule::UnknownAttribute,
            severity,
            pointer,
        )
    };

    let finding = unknown(&asked("first-name", of_issuer.clone()), Warning, name);
    assert_eq!(finding.remedy, "did you mean \"First Name\"?");
    assert_eq!(
        finding.found,
        "\"first-name\", which is no attribute of the schema \"gvt\" \"1.0\""
    );
    unknown(&asked("surname", of_schema), Error, name);

    let tagged = json!({"issuer_did": ISSUER, "schema_name": "gvt", "attr::hight::marker": "1"});
    let finding = unknown(
        &asked("firstname", tagged),
        Error,
        "/requested_attributes/given/restrictions/attr::hight::marker",
    );
    assert_eq!(finding.remedy, "did you mean \"height\"?");

    for sound in [asked("FIRST NAME", of_issuer), asked("surname", of_another)] {
        assert_eq!(short(&lint(&sound, Some(&schema))), []);
    }
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
        predicate(
            "sex",
            json!({"issuer_did": ISSUER, "schema_version": "2.0"}),
        ),
    ] {
        assert_eq!(short(&lint(&sound, Some(&schema))), [], "{sound}");
    }
}

#[test]
fn a_request_has_at_most_64_predicates_and_256_kib() {
    let predicates = |count: usize| -> Value {
        let predicate = sound()["requested_predicates"]["adult"].clone();
        (0..count)
            .map(|index| (format!("p{index}"), predicate.clone()))
            .collect()
    };
    nothing(&[("/requested_predicates", predicates(64))]);
    only(
        &[("/requested_predicates", predicates(65))],
        Rule::TooManyPredicates,
        Error,
        "/requested_predicates",
    );
    let filled = |total: usize| {
        let bare = with(&[("/name", json!(""))]).to_string().len();
        with(&[("/name", json!("x".repeat(total - bare)))])
    };
    let spaced = format!("{}{}", filled(256 * 1024), " ".repeat(100));
    assert!(lint_json(&spaced, None).is_empty());
    let findings = lint_json(&filled(256 * 1024 + 1).to_string(), None);
    assert_eq!(short(&findings), [("too-large", Error, "")]);
}

#[test]
fn no_more_than_200_findings_are_listed_and_the_others_are_counted() {
    let mut request = sound();
    for index in 0..150 {
        request["requested_attributes"][format!("a{index}")] =
            json!({"name": "x", "restrictions": {"isuer_did": "x"}});
        request["requested_attributes"][format!("b{index}")] = json!({"name": "x"});
    }
    let findings = lint(&request, None);
    assert_eq!(findings.listed.len(), Findings::LISTED);
    assert_eq!((findings.errors(), findings.warnings()), (150, 150));
    assert_eq!(findings.more(), 100);
    assert!(findings.to_string().ends_with("\nand 100 more\n"));
}
