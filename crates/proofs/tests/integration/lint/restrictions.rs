//! Findings about restrictions.

use proofs::lint::{
    Rule,
    Severity::{Error, Warning},
    lint,
};
use proofs::{ProofRequest, Restriction};
use serde_json::{Value, json};

use super::{
    ISSUER, PREDICATE_RESTRICTIONS, RESTRICTIONS, nothing, only, only_in, schema, short, with,
};

#[test]
fn restrictions_are_read_to_the_end() {
    let request = with(&[(
        RESTRICTIONS,
        json!({"$and": [
            {"schema_id": 7}, "x", {"$not": []},
            {"$gt": {}}, {"issuer_did": {"$nin": ["a"]}}, {"issuer_did": {"$in": ["a", 1]}}, null]}),
    )]);
    let at = |below: &str| format!("{RESTRICTIONS}/$and/{below}");
    let places =
        ["0/schema_id", "1", "2/$not", "3/$gt", "4/issuer_did/$nin", "5/issuer_did"].map(at);
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
    only(&[(RESTRICTIONS, json!("gvt"))], Rule::WrongType, Error, RESTRICTIONS);
}

#[test]
fn a_restriction_may_be_nested_32_deep() {
    let nested = |objects: usize| {
        (1..objects).fold(json!({"issuer_did": ISSUER}), |inner, _| json!({"$and": [inner]}))
    };
    nothing(&[(RESTRICTIONS, nested(32))]);
    let pointer = format!("{RESTRICTIONS}{}", "/$and/0".repeat(32));
    only(&[(RESTRICTIONS, nested(33))], Rule::RestrictionTooDeep, Error, &pointer);
}

#[test]
fn an_unknown_tag_is_named_with_what_was_meant() {
    for (tag, remedy) in [
        ("issuerDid", "did you mean \"issuer_did\"?"),
        ("cred_def", "did you mean \"cred_def_id\"?"),
        ("attr::age", "write attr::<name>::value, or attr::<name>::marker"),
        ("attr::age::Value", "write attr::<name>::value, or attr::<name>::marker"),
    ] {
        let restriction = json!({"issuer_did": ISSUER, "$not": {tag: "x"}});
        let pointer = format!("{RESTRICTIONS}/$not/{tag}");
        let finding = only(&[(RESTRICTIONS, restriction)], Rule::UnknownTag, Error, &pointer);
        assert_eq!(finding.remedy, remedy);
    }
    let finding = only(
        &[(RESTRICTIONS, json!({"colour": "red"}))],
        Rule::UnknownTag,
        Error,
        "/requested_attributes/given/restrictions/colour",
    );
    assert!(finding.remedy.starts_with("the tags are schema_id, "), "{}", finding.remedy);
    nothing(&[(RESTRICTIONS, json!({"issuer_did": ISSUER, "attr::age::marker": "1"}))]);
}

#[test]
fn a_restriction_should_name_an_issuer() {
    for empty in [json!(null), json!({}), json!([]), json!([{"schema_id": null}])] {
        only(&[(RESTRICTIONS, empty)], Rule::NoRestriction, Warning, RESTRICTIONS);
    }
    for weak in [
        json!({"schema_id": "Th7MpTaRZVRYnPiabds81Y:2:gvt:1.0"}),
        json!({"schema_issuer_did": ISSUER}),
        json!({"issuer_did": {"$neq": ISSUER}}),
        json!({"rev_reg_id": "None"}),
        json!([{"issuer_did": ISSUER}, {"schema_name": "gvt"}]),
    ] {
        only(&[(RESTRICTIONS, weak)], Rule::AnyIssuer, Warning, RESTRICTIONS);
    }
    for strong in [
        json!({"cred_def_id": "VsKV7grR1BUE29mG2Fm2kX:3:CL:12:TAG1"}),
        json!({"issuer_did": {"$in": [ISSUER]}}),
        json!([{"issuer_did": ISSUER}, {"cred_def_id": "VsKV7grR1BUE29mG2Fm2kX:3:CL:12:TAG1"}]),
        json!([{"issuer_id": ISSUER, "schema_issuer_id": ISSUER}]),
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
    nothing(&[(RESTRICTIONS, json!({"issuer_did": ISSUER, "$not": {"schema_name": {"$in": []}}}))]);
}

#[test]
fn a_value_counts_only_if_it_is_shown() {
    let value = "/requested_attributes/given/restrictions/attr::sex::value";
    let strict = json!({"issuer_did": ISSUER, "attr::sex::value": "male"});
    let finding = only(&[(RESTRICTIONS, strict.clone())], Rule::ValueNotShown, Error, value);
    assert!(finding.found.ends_with("which no referent asks to be shown"), "{}", finding.found);

    let other = json!({"name": "Sex", "restrictions": {"issuer_did": ISSUER}});
    let asked_elsewhere = [(RESTRICTIONS, strict.clone()), ("/requested_attributes/other", other)];
    let finding = only(&asked_elsewhere, Rule::ValueNotShown, Warning, value);
    assert!(finding.found.contains("only \"other\" asks"), "{}", finding.found);

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
    nothing(&[(RESTRICTIONS, json!({"issuer_did": ISSUER, "attr::Name::value": "Alex"}))]);
}

#[test]
fn version_one_has_short_identifiers() {
    let long = json!({"issuer_did": "did:sov:VsKV7grR1BUE29mG2Fm2kX"});
    let place = "/requested_attributes/given/restrictions/issuer_did";
    let finding = only(&[(RESTRICTIONS, long.clone())], Rule::QualifiedIdentifier, Error, place);
    assert_eq!(finding.remedy, r#"add "ver": "2.0", or write the short form"#);
    only(
        &[
            ("/ver", json!("1.0")),
            (
                RESTRICTIONS,
                json!({"issuer_did": {"$in": [ISSUER, "did:sov:VsKV7grR1BUE29mG2Fm2kX"]}}),
            ),
        ],
        Rule::QualifiedIdentifier,
        Error,
        place,
    );
    let predicate = (PREDICATE_RESTRICTIONS, long.clone());
    nothing(&[("/ver", json!("2.0")), (RESTRICTIONS, long), predicate]);
    nothing(&[(RESTRICTIONS, json!({"issuer_did": ISSUER, "schema_name": "did:sov:x"}))]);
}

#[test]
fn identifiers_without_a_short_form_are_doubtful_in_version_one() {
    let cheqd = "did:cheqd:testnet:3053e034-8faa-458d-9f01-2e3e1e8b2ab8";
    for (tag, value) in [
        ("issuer_id", cheqd.to_owned()),
        ("cred_def_id", format!("{cheqd}/resources/9c0d2c59")),
        ("cred_def_id", format!("did:indy:sovrin:{ISSUER}/anoncreds/v0/CLAIM_DEF/56495/npdb")),
    ] {
        let place = format!("{RESTRICTIONS}/{tag}");
        let asked = [(RESTRICTIONS, json!({tag: value}))];
        let finding = only(&asked, Rule::QualifiedIdentifier, Warning, &place);
        assert_eq!(finding.remedy, r#"add "ver": "2.0""#);
    }
    nothing(&[(RESTRICTIONS, json!({"cred_def_id": "https://example.org/definitions/1"}))]);
}

#[test]
fn version_two_takes_one_of_two_spellings_of_a_did() {
    let long = json!({"issuer_did": format!("did:sov:{ISSUER}")});
    for (tag, value) in [
        ("issuer_did", ISSUER),
        ("schema_id", "VsKV7grR1BUE29mG2Fm2kX:2:gvt:1.0"),
        ("cred_def_id", "VsKV7grR1BUE29mG2Fm2kX:3:CL:12:TAG1"),
    ] {
        let written = json!({"$and": [long, {tag: value}]});
        let place = format!("{RESTRICTIONS}/$and/1/{tag}");
        let asked = [
            ("/ver", json!("2.0")),
            (PREDICATE_RESTRICTIONS, long.clone()),
            (RESTRICTIONS, written),
        ];
        only(&asked, Rule::UnqualifiedIdentifier, Warning, &place);
    }
    nothing(&[
        ("/ver", json!("2.0")),
        (PREDICATE_RESTRICTIONS, long.clone()),
        (RESTRICTIONS, json!({"$and": [long, {"rev_reg_id": "None"}]})),
    ]);
}

#[test]
fn an_operator_in_the_wrong_place_is_shown_in_the_right_one() {
    let request = with(&[(
        RESTRICTIONS,
        json!({"$and": [
            {"issuer_did": ISSUER},
            {"$neq": {"schema_version": "0.1"}},
            {"$not": {"$in": {"attr::name::value": ["joe", "bill"]}}},
            {"schema_name": {"$not": "gvt"}},
            {"schema_name": ["a", "b"]},
        ]}),
    )]);
    let findings = lint(&request, None);
    let found: Vec<_> = findings
        .listed
        .iter()
        .filter(|finding| finding.severity == Error)
        .map(|finding| (finding.rule.name(), finding.pointer.as_str(), finding.remedy.as_str()))
        .collect();
    let at = |below: &str| format!("{RESTRICTIONS}/$and/{below}");
    let places = ["1/$neq", "2/$not/$in", "3/schema_name/$not", "4/schema_name"].map(at);
    assert_eq!(
        found,
        [
            (
                "misplaced-operator",
                places[0].as_str(),
                r#"write {"schema_version": {"$neq": "0.1"}}"#
            ),
            (
                "misplaced-operator",
                &places[1],
                r#"write {"$not": {"attr::name::value": {"$in": ["joe", "bill"]}}}"#
            ),
            ("misplaced-operator", &places[2], r#"write {"$not": {"schema_name": "gvt"}}"#),
            ("wrong-type", &places[3], r#"write {"schema_name": {"$in": ["a", "b"]}}"#),
        ]
    );
}

#[test]
fn what_is_advised_for_an_operator_can_be_read() {
    for written in [
        json!({"$neq": {"schema_version": "0.1"}}),
        json!({"$in": {"schema_version": ["0.1", "0.2"]}}),
        json!({"$not": {"$neq": {"schema_version": "0.1"}}}),
        json!({"$not": {"$in": {"schema_version": ["0.1"]}}}),
        json!({"$nin": {"schema_version": ["0.1"]}}),
        json!({"$eq": {"schema_version": "0.1"}}),
        json!({"schema_version": {"$or": ["0.1", {"$neq": "0.2"}]}}),
        json!({"schema_version": {"$nin": ["0.1"]}}),
        json!({"$nor": [{"schema_version": "0.1"}]}),
        json!({"$not": [{"schema_version": "0.1"}]}),
        json!({"$or": {"schema_version": "0.1"}}),
    ] {
        let request = with(&[(RESTRICTIONS, written.clone())]);
        let findings = lint(&request, None);
        let error = findings.listed.iter().find(|finding| finding.severity == Error).unwrap();
        let advised = error.remedy.strip_prefix("write ").unwrap_or_default();
        let advised: Value = serde_json::from_str(advised).unwrap();
        assert_ne!(advised, written);
        assert!(Restriction::parse(&advised).is_ok(), "{advised}");
    }
}

#[test]
fn both_names_of_a_tag_are_refused_as_readers_refuse_them() {
    let written = json!([{"schema_name": "gvt"}, {"issuer_did": ISSUER, "issuer_id": ISSUER}]);
    let place = format!("{RESTRICTIONS}/1/issuer_id");
    let request = [(RESTRICTIONS, written)];
    let finding = only(&request, Rule::BothNamesOfTag, Error, &place);
    assert_eq!(finding.referent.as_deref(), Some("given"));
    let refused = ProofRequest::from_value(&with(&request)).unwrap_err();
    assert_eq!(refused.pointer, finding.pointer);
    assert_eq!(refused.fault.advice(), finding.remedy);
    nothing(&[(RESTRICTIONS, json!([{"issuer_did": ISSUER}, {"issuer_id": ISSUER}]))]);
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
        only_in(request, Some(&schema), Rule::UnknownAttribute, severity, pointer)
    };

    let finding = unknown(&asked("first-name", of_issuer.clone()), Warning, name);
    assert_eq!(finding.remedy, "did you mean \"First Name\"?");
    assert_eq!(
        finding.found,
        "\"first-name\", which is not an attribute of the schema \"gvt\" \"1.0\""
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
