//! Each kind of mismatch, as JSON and as a sentence.

use proofs::query::Comparison;
use proofs::{
    ClassTags, CredentialFacts, Mismatch, PredicateType, ReferentQuery, RequestVersion,
    Restriction, Tags, encoding, names,
};
use serde_json::{Value, json};

const ATTRIBUTES: [(&str, &str); 3] = [("First Name", "Alex"), ("age", "17"), ("sex", "male")];

fn alex() -> CredentialFacts {
    CredentialFacts::from_ids(
        "Th7MpTaRZVRYnPiabds81Y:2:gvt:1.0",
        "VsKV7grR1BUE29mG2Fm2kX:3:CL:12:TAG1",
        None,
        ATTRIBUTES,
    )
}

fn encoded(folded: &str) -> Option<i32> {
    let (_, raw) = ATTRIBUTES.iter().find(|(name, _)| names::same(name, folded))?;
    encoding::integer(&encoding::encode(raw))
}

fn query(name: &str, restriction: Value) -> ReferentQuery {
    ReferentQuery {
        names: vec![name.to_owned()],
        restriction: Restriction::parse(&restriction).unwrap(),
        extra: None,
        predicate: None,
        interval: None,
    }
}

fn predicate(name: &str, p_type: PredicateType, p_value: i32) -> ReferentQuery {
    ReferentQuery { predicate: Some(Comparison { p_type, p_value }), ..query(name, json!(null)) }
}

fn mismatch(query: &ReferentQuery) -> Mismatch {
    query.mismatch(&Tags::from(alex()), RequestVersion::V1, encoded).unwrap()
}

fn assert_shown(mismatch: &Mismatch, json: Value, sentence: &str) {
    assert_eq!(serde_json::to_value(mismatch).unwrap(), json);
    assert_eq!(mismatch.to_string(), sentence);
}

/// Asserts the mismatch of Alex's credential, which is one of the whole class.
fn assert_class_mismatch(restriction: Value, json: Value, sentence: &str) {
    let query = query("age", restriction);
    let mismatch = mismatch(&query);
    assert_shown(&mismatch, json, sentence);
    let class = ClassTags::from(alex());
    assert_eq!(query.class_mismatch(&class, RequestVersion::V1), Some(mismatch));
}

/// Asserts the mismatch of Alex's credential, which is not one of the whole class.
fn assert_credential_mismatch(restriction: Value, json: Value, sentence: &str) {
    let query = query("age", restriction);
    assert_shown(&mismatch(&query), json, sentence);
    let class = ClassTags::from(alex());
    assert_eq!(query.class_mismatch(&class, RequestVersion::V1), None);
}

#[test]
fn another_issuer() {
    assert_class_mismatch(
        json!({"issuer_did": {"$in": ["abc", "xyz"]}}),
        json!({"reason": "another-issuer", "wanted": ["abc", "xyz"], "got": "VsKV7grR1BUE29mG2Fm2kX"}),
        r#"the issuer is "VsKV7grR1BUE29mG2Fm2kX", where "abc" or "xyz" is wanted"#,
    );
}

#[test]
fn another_schema() {
    for (tag, got, what) in [
        ("schema_id", "Th7MpTaRZVRYnPiabds81Y:2:gvt:1.0", "the schema"),
        ("schema_issuer_did", "Th7MpTaRZVRYnPiabds81Y", "the schema's issuer"),
        ("schema_name", "gvt", "the schema's name"),
        ("schema_version", "1.0", "the schema's version"),
    ] {
        assert_class_mismatch(
            json!({tag: "x"}),
            json!({"reason": "another-schema", "tag": tag, "wanted": ["x"], "got": got}),
            &format!(r#"{what} is "{got}", where "x" is wanted"#),
        );
    }
}

#[test]
fn another_credential_definition() {
    assert_class_mismatch(
        json!({"cred_def_id": "x"}),
        json!({"reason": "another-cred-def", "wanted": ["x"], "got": "VsKV7grR1BUE29mG2Fm2kX:3:CL:12:TAG1"}),
        r#"the credential definition is "VsKV7grR1BUE29mG2Fm2kX:3:CL:12:TAG1", where "x" is wanted"#,
    );
}

#[test]
fn another_registry_or_none() {
    assert_credential_mismatch(
        json!({"rev_reg_id": "x"}),
        json!({"reason": "another-registry", "wanted": ["x"], "got": "None"}),
        r#"there is no revocation registry, where "x" is wanted"#,
    );
    let other = Mismatch::AnotherRegistry { wanted: vec!["None".to_owned()], got: "r".to_owned() };
    assert_eq!(other.to_string(), r#"the revocation registry is "r", where "None" is wanted"#);
}

#[test]
fn a_missing_attribute_of_the_request_or_a_restriction() {
    let missing = json!({"reason": "attribute-missing", "name": "surname"});
    let sentence = r#"there is no attribute "surname""#;
    assert_shown(&mismatch(&query("surname", json!(null))), missing.clone(), sentence);
    for restriction in [
        json!({"attr::surname::marker": "1"}),
        json!({"attr::surname::value": "Doe"}),
        json!({"attr::surname::value": {"$neq": "Doe"}}),
        json!({"attr::surname::value": {"$in": ["Doe", "Roe"]}}),
    ] {
        assert_class_mismatch(restriction, missing.clone(), sentence);
    }
}

#[test]
fn a_missing_attribute_with_a_similar_name() {
    for written in ["first_name", "frstname", "first.name"] {
        assert_shown(
            &mismatch(&query(written, json!(null))),
            json!({"reason": "attribute-missing", "name": written, "did_you_mean": "firstname"}),
            &format!(r#"there is no attribute "{written}"; did you mean "firstname"?"#),
        );
    }
}

#[test]
fn what_identifiers_do_not_say_is_not_known() {
    let schema_id = "did:cheqd:testnet:3053e034/resources/1b1d";
    let cred_def_id = "https://example.org/definitions/1";
    let class = ClassTags::from_ids(schema_id, cred_def_id, ["First Name"]);
    for (tag, identifier, sentence) in [
        (
            "schema_name",
            schema_id,
            "the schema's name is not known (`schema_name`): the identifier \
             \"did:cheqd:testnet:3053e034/resources/1b1d\" does not say it",
        ),
        (
            "issuer_did",
            cred_def_id,
            "the issuer is not known (`issuer_did`): the identifier \
             \"https://example.org/definitions/1\" does not say it",
        ),
    ] {
        let query = query("first name", json!({tag: "x"}));
        let mismatch = query.class_mismatch(&class, RequestVersion::V1).expect("a mismatch");
        let json = json!({"reason": "not-known", "tag": tag, "identifier": identifier});
        assert_shown(&mismatch, json, sentence);
    }
    for known in [
        json!({"schema_issuer_id": "did:cheqd:testnet:3053e034"}),
        json!({"cred_def_id": cred_def_id}),
    ] {
        let query = query("first name", known);
        assert_eq!(query.class_mismatch(&class, RequestVersion::V1), None);
    }
}

#[test]
fn another_value() {
    assert_credential_mismatch(
        json!({"attr::First Name::value": "alex"}),
        json!({"reason": "value-differs", "attribute": "firstname", "wanted": ["alex"], "got": "Alex"}),
        r#"the attribute "firstname" is "Alex", where "alex" is wanted"#,
    );
}

#[test]
fn an_unknown_tag() {
    assert_class_mismatch(
        json!({"colour": "red"}),
        json!({"reason": "tag-missing", "tag": "colour"}),
        r#"there is no tag "colour""#,
    );
    assert_class_mismatch(
        json!({"issuerDid": "VsKV7grR1BUE29mG2Fm2kX"}),
        json!({"reason": "tag-missing", "tag": "issuerDid", "did_you_mean": "issuer_did"}),
        r#"there is no tag "issuerDid"; did you mean "issuer_did"?"#,
    );
}

#[test]
fn another_marker_value() {
    assert_class_mismatch(
        json!({"attr::age::marker": "0"}),
        json!({"reason": "tag-differs", "tag": "attr::age::marker", "wanted": ["0"], "got": "1"}),
        r#"the tag "attr::age::marker" is "1", where "0" is wanted"#,
    );
}

#[test]
fn no_alternative_holds() {
    assert_class_mismatch(
        json!([{"issuer_did": "x"}, {"schema_name": "gvt", "schema_version": "2.0"}]),
        json!({"reason": "none-of", "alternatives": [
            {"reason": "another-issuer", "wanted": ["x"], "got": "VsKV7grR1BUE29mG2Fm2kX"},
            {"reason": "another-schema", "tag": "schema_version", "wanted": ["2.0"], "got": "1.0"},
        ]}),
        r#"none of 2 alternatives holds: (the issuer is "VsKV7grR1BUE29mG2Fm2kX", where "x" is wanted); (the schema's version is "1.0", where "2.0" is wanted)"#,
    );
}

#[test]
fn an_in_operator_without_values() {
    assert_class_mismatch(
        json!({"attr::sex::value": {"$in": []}}),
        json!({"reason": "none-of", "alternatives": []}),
        "an $in lists no value that would do",
    );
}

#[test]
fn a_negation() {
    assert_class_mismatch(
        json!({"$not": {"schema_name": "gvt"}}),
        json!({"reason": "negated", "clause": {"$not": {"schema_name": "gvt"}}}),
        r#"it is ruled out by {"$not":{"schema_name":"gvt"}}"#,
    );
    assert_credential_mismatch(
        json!({"attr::sex::value": {"$neq": "male"}}),
        json!({"reason": "negated", "clause": {"attr::sex::value": {"$neq": "male"}}}),
        r#"it is ruled out by {"attr::sex::value":{"$neq":"male"}}"#,
    );
}

#[test]
fn a_false_predicate_and_by_how_much() {
    use PredicateType::{Greater, GreaterOrEqual, Less, LessOrEqual};
    for (p_type, written, p_value, size, by) in [
        (GreaterOrEqual, ">=", 18, "small", 1_i64),
        (Greater, ">", 17, "small", 1),
        (Greater, ">", i32::MAX, "small", 2_147_483_631),
        (LessOrEqual, "<=", 10, "large", 7),
        (Less, "<", 17, "large", 1),
        (LessOrEqual, "<=", i32::MIN, "large", 2_147_483_665),
    ] {
        assert_shown(
            &mismatch(&predicate("age", p_type, p_value)),
            json!({
                "reason": "predicate-false", "attribute": "age",
                "p_type": written, "p_value": p_value, "got": 17, "by": by,
            }),
            &format!(r#"the attribute "age" is 17, too {size} by {by} to be {written} {p_value}"#),
        );
    }
}

#[test]
fn a_predicate_on_a_text() {
    let query = predicate("sex", PredicateType::GreaterOrEqual, 18);
    let mut written = json!({
        "reason": "not-a-number", "attribute": "sex", "p_type": ">=", "p_value": 18, "got": "male",
    });
    assert_shown(
        &mismatch(&query),
        written.clone(),
        r#"the attribute "sex" is "male", which is not a whole number of 32 bits, so that the library does not prove it to be >= 18"#,
    );

    let markers_only = Tags::from_iter([("attr::sex::marker", "1")]);
    let mismatch = query.mismatch(&markers_only, RequestVersion::V1, encoded);
    written.as_object_mut().unwrap().remove("got");
    assert_shown(
        &mismatch.unwrap(),
        written,
        r#"the attribute "sex" is not a whole number of 32 bits, so that the library does not prove it to be >= 18"#,
    );
}

#[test]
fn the_first_mismatch_is_given() {
    let restriction = json!({"$and": [{"schema_name": "x"}, {"schema_version": "x"}]});
    let all = ReferentQuery {
        extra: Restriction::parse(&json!({"cred_def_id": "x"})).unwrap(),
        restriction: Restriction::parse(&restriction).unwrap(),
        names: vec!["age".to_owned(), "surname".to_owned()],
        ..predicate("age", PredicateType::GreaterOrEqual, 18)
    };
    let reason = |query: &ReferentQuery| {
        let json = serde_json::to_value(mismatch(query)).unwrap();
        json["reason"].as_str().unwrap().to_owned()
    };
    assert_eq!(reason(&all), "attribute-missing");
    let with_attributes = ReferentQuery { names: vec!["age".to_owned()], ..all };
    assert_eq!(mismatch(&with_attributes), mismatch(&query("age", json!({"schema_name": "x"}))));
    let unrestricted = ReferentQuery { restriction: None, ..with_attributes };
    assert_eq!(reason(&unrestricted), "another-cred-def");
    let no_extra = ReferentQuery { extra: None, ..unrestricted };
    assert_eq!(reason(&no_extra), "predicate-false");
}

#[test]
fn a_sentence_stays_short_and_on_one_line() {
    let long = "é\n".repeat(1_000);
    let wanted: Vec<String> = (0..100).map(|value| value.to_string()).collect();
    let differs = Mismatch::ValueDiffers { attribute: "photo".to_owned(), wanted, got: long };
    let shown = r"é\n".repeat(40);
    assert_eq!(
        differs.to_string(),
        format!(
            r#"the attribute "photo" is "{shown}"…, where "0" or "1" or "2" or one of 97 more is wanted"#
        )
    );
    let many = Mismatch::NoneOf { alternatives: vec![differs.clone(); 5] };
    assert!(many.to_string().ends_with("; and 2 more"));
    let negated = query("age", json!({"$not": {"schema_name": {"$in": vec!["gvt"; 100]}}}));
    assert!(mismatch(&negated).to_string().ends_with('…'));
}

#[test]
fn a_sentence_has_no_control_characters() {
    let barred = json!({"$not": {"schema_name": {"$neq": "\u{1b}[2J\u{9b}2J\u{202e}"}}});
    for restriction in
        [barred, json!({"\u{1b}[2J\u{202e}": "x"}), json!({"issuer_did": "\u{9b}2J\n"})]
    {
        let sentence = mismatch(&query("age", restriction)).to_string();
        assert!(!sentence.contains(|c: char| c.is_control() || c == '\u{202e}'), "{sentence:?}");
    }
}
