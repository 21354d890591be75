//! Reading and writing proof requests.

use proofs::request::AttributeNames;
use proofs::{Fault, Interval, PredicateType, ProofRequest, RequestVersion, Restriction, Tag};
use serde_json::{Value, json};

/// The request of the "Negotiate a Proof" tutorial.
fn tutorial() -> Value {
    json!({
        "nonce": "123432421212",
        "name": "proof_req_1",
        "version": "0.1",
        "requested_attributes": {
            "attr1_referent": {
                "name": "name",
                "restrictions": {
                    "issuer_did": "VsKV7grR1BUE29mG2Fm2kX",
                    "schema_id": "Th7MpTaRZVRYnPiabds81Y:2:gvt:1.0",
                },
            },
        },
        "requested_predicates": {
            "predicate1_referent": {
                "name": "age",
                "p_type": ">=",
                "p_value": 18,
                "restrictions": {"issuer_did": "VsKV7grR1BUE29mG2Fm2kX"},
            },
        },
    })
}

/// The tutorial's request with the value at `pointer` replaced; a missing last member is added.
fn altered(pointer: &str, value: Value) -> Value {
    let mut request = tutorial();
    let (parent, member) = pointer.rsplit_once('/').unwrap();
    request.pointer_mut(parent).unwrap()[member] = value;
    request
}

/// Asserts the fault that altering one thing leads to, and gives the error's text.
fn refused(altered_at: &str, value: Value, fault: Fault, fault_at: &str) -> String {
    let error = ProofRequest::from_value(&altered(altered_at, value)).unwrap_err();
    assert_eq!((error.fault, error.pointer.as_str()), (fault, fault_at), "{error}");
    error.to_string()
}

#[test]
fn the_tutorials_request_reads_as_what_it_says() {
    let request = ProofRequest::from_value(&tutorial()).unwrap();
    assert_eq!(request.nonce, "123432421212");
    assert_eq!((request.name.as_str(), request.version.as_str()), ("proof_req_1", "0.1"));
    assert_eq!(request.ver, RequestVersion::V1);
    assert_eq!(request.non_revoked, None);

    let attribute = &request.requested_attributes["attr1_referent"];
    assert_eq!(attribute.names(), ["name"]);
    assert_eq!(
        attribute.restriction(),
        Some(&Restriction::And(vec![
            Restriction::Eq(Tag::IssuerDid, "VsKV7grR1BUE29mG2Fm2kX".to_owned()),
            Restriction::Eq(Tag::SchemaId, "Th7MpTaRZVRYnPiabds81Y:2:gvt:1.0".to_owned()),
        ]))
    );

    let predicate = &request.requested_predicates["predicate1_referent"];
    assert_eq!(
        (predicate.name.as_str(), predicate.p_type, predicate.p_value),
        ("age", PredicateType::GreaterOrEqual, 18)
    );
    assert!(predicate.holds(18) && predicate.holds(28) && !predicate.holds(17));
    assert_eq!(
        predicate.restriction(),
        Some(&Restriction::Eq(Tag::IssuerDid, "VsKV7grR1BUE29mG2Fm2kX".to_owned()))
    );
}

#[test]
fn the_tutorials_request_is_written_as_it_was_read() {
    let request = ProofRequest::from_json(&tutorial().to_string()).unwrap();
    assert_eq!(serde_json::to_value(&request).unwrap(), tutorial());
    assert_eq!(serde_json::from_value::<ProofRequest>(tutorial()).unwrap(), request);
}

#[test]
fn a_request_with_every_member_is_written_as_it_was_read() {
    let full = json!({
        "nonce": "1",
        "name": "everything",
        "version": "1",
        "ver": "2.0",
        "requested_attributes": {
            "group": {
                "names": ["First Name", "age"],
                "restrictions": [{"attr::First Name::value": {"$neq": "Alex"}}, {}],
                "non_revoked": {"from": 10, "to": 20},
            },
            "free": {"name": "nickname", "restrictions": []},
        },
        "requested_predicates": {"tall": {"name": "height", "p_type": "<", "p_value": -5, "non_revoked": {}}},
        "non_revoked": {"to": 30},
    });
    let request = ProofRequest::from_value(&full).unwrap();
    assert_eq!(serde_json::to_value(&request).unwrap(), full);
    assert_eq!(request.ver, RequestVersion::V2);
    assert_eq!(request.non_revoked, Some(Interval { from: None, to: Some(30) }));

    let group = &request.requested_attributes["group"];
    assert_eq!(
        group.attribute,
        AttributeNames::Group(vec!["First Name".to_owned(), "age".to_owned()])
    );
    assert_eq!(group.names(), ["First Name", "age"]);
    assert_eq!(group.non_revoked, Some(Interval { from: Some(10), to: Some(20) }));
    assert_eq!(request.requested_attributes["free"].restriction(), None);
}

#[test]
fn absent_and_null_members_are_the_same_and_are_left_out() {
    let written = json!({
        "nonce": 123_432_421_212_u64,
        "name": "r",
        "version": "1",
        "ver": null,
        "unknown": true,
        "requested_attributes": {"a": {"name": "x", "names": null, "restrictions": null, "non_revoked": null, "unknown": 1}},
        "requested_predicates": null,
        "non_revoked": null,
    });
    let expected = json!({
        "nonce": "123432421212",
        "name": "r",
        "version": "1",
        "requested_attributes": {"a": {"name": "x"}},
        "requested_predicates": {},
    });
    assert_eq!(
        serde_json::to_value(ProofRequest::from_value(&written).unwrap()).unwrap(),
        expected
    );
}

#[test]
fn version_1_is_the_default() {
    let said = ProofRequest::from_value(&altered("/ver", json!("1.0"))).unwrap();
    assert_eq!(said, ProofRequest::from_value(&tutorial()).unwrap());
}

#[test]
fn a_wrong_nonce_is_refused() {
    for (nonce, fault) in [
        (json!(null), Fault::Missing),
        (json!(["1"]), Fault::WrongType),
        (json!(""), Fault::NonceNotDecimal),
        (json!("12a"), Fault::NonceNotDecimal),
        (json!("-12"), Fault::NonceNotDecimal),
        (json!(" 12"), Fault::NonceNotDecimal),
        (json!("٣"), Fault::NonceNotDecimal),
        (json!(-12), Fault::NonceNotDecimal),
        (json!(1.5), Fault::NonceNotDecimal),
        (json!(1e30), Fault::NonceNotDecimal),
    ] {
        refused("/nonce", nonce, fault, "/nonce");
    }
}

#[test]
fn wrong_members_of_the_request_are_refused() {
    refused("/name", json!(null), Fault::Missing, "/name");
    refused("/version", json!(0.1), Fault::WrongType, "/version");
    refused("/ver", json!("3.0"), Fault::UnknownVersion, "/ver");
    refused("/ver", json!(2.0), Fault::WrongType, "/ver");
    refused("/requested_attributes", json!([]), Fault::WrongType, "/requested_attributes");
    refused("/requested_predicates/p", json!("age"), Fault::WrongType, "/requested_predicates/p");
    refused("/non_revoked", json!(5), Fault::WrongType, "/non_revoked");
    refused("/non_revoked", json!({"from": -1}), Fault::WrongType, "/non_revoked/from");
    refused("/non_revoked", json!({"to": "5"}), Fault::WrongType, "/non_revoked/to");
}

#[test]
fn an_empty_request_is_refused() {
    let nothing = json!({"nonce": "1", "name": "r", "version": "1", "requested_attributes": {}, "requested_predicates": {}});
    let error = ProofRequest::from_value(&nothing).unwrap_err();
    assert_eq!((error.fault, error.pointer.as_str()), (Fault::EmptyRequest, ""));
}

#[test]
fn an_attribute_has_exactly_one_of_name_and_names() {
    let at = "/requested_attributes/a~1b";
    let refused = |attribute: Value, fault, pointer: &str| {
        // A slash in the referent shows that pointers are escaped.
        let mut request = tutorial();
        request["requested_attributes"]["a/b"] = attribute;
        let error = ProofRequest::from_value(&request).unwrap_err();
        assert_eq!((error.fault, error.pointer), (fault, format!("{at}{pointer}")));
    };
    refused(json!({"name": "x", "names": ["x"]}), Fault::NameAndNames, "");
    refused(json!({"name": "x", "names": []}), Fault::NameAndNames, "");
    refused(json!({}), Fault::NoName, "");
    refused(json!({"names": []}), Fault::EmptyGroup, "/names");
    refused(json!({"name": ""}), Fault::EmptyName, "/name");
    refused(json!({"names": ["x", "  "]}), Fault::EmptyName, "/names/1");
    refused(json!({"names": "x"}), Fault::WrongType, "/names");
    refused(json!({"names": ["x", 1]}), Fault::WrongType, "/names/1");
    refused(json!({"name": ["x"]}), Fault::WrongType, "/name");
    refused(json!("x"), Fault::WrongType, "");
}

#[test]
fn a_predicate_has_a_name_a_comparison_and_a_bound_of_32_bits() {
    let at = |member: &str| format!("/requested_predicates/predicate1_referent/{member}");
    for (member, value, fault) in [
        ("name", json!(null), Fault::Missing),
        ("name", json!(" "), Fault::EmptyName),
        ("p_type", json!(null), Fault::Missing),
        ("p_type", json!("=="), Fault::UnknownPredicateType),
        ("p_type", json!("GE"), Fault::UnknownPredicateType),
        ("p_type", json!(1), Fault::WrongType),
        ("p_value", json!(null), Fault::Missing),
        ("p_value", json!("18"), Fault::WrongType),
        ("p_value", json!(18.5), Fault::PredicateValueNotWhole),
        ("p_value", json!(18.0), Fault::PredicateValueNotWhole),
        ("p_value", json!(1e20), Fault::PredicateValueOutOfRange),
        ("p_value", json!(2_147_483_648_i64), Fault::PredicateValueOutOfRange),
        ("p_value", json!(-2_147_483_649_i64), Fault::PredicateValueOutOfRange),
        ("p_value", json!(u64::MAX), Fault::PredicateValueOutOfRange),
    ] {
        refused(&at(member), value, fault, &at(member));
    }
    for bound in [i32::MIN, i32::MAX] {
        let request = ProofRequest::from_value(&altered(&at("p_value"), json!(bound))).unwrap();
        assert_eq!(request.requested_predicates["predicate1_referent"].p_value, bound);
    }
}

#[test]
fn a_fault_within_restrictions_is_found_where_it_stands() {
    refused(
        "/requested_attributes/attr1_referent/restrictions",
        json!([{"issuer_did": "x"}, {"$and": [{"schema_version": {"$gt": "1.0"}}]}]),
        Fault::UnknownOperator,
        "/requested_attributes/attr1_referent/restrictions/1/$and/0/schema_version/$gt",
    );
    refused(
        "/requested_predicates/predicate1_referent/restrictions",
        json!("issuer"),
        Fault::WrongType,
        "/requested_predicates/predicate1_referent/restrictions",
    );
}

#[test]
fn an_error_reads_as_a_sentence_that_helps() {
    assert_eq!(
        refused("/nonce", json!(null), Fault::Missing, "/nonce"),
        "/nonce: expected a nonce: a number in decimal digits, got nothing; add the member"
    );
    assert_eq!(
        refused(
            "/requested_predicates/predicate1_referent/p_type",
            json!("="),
            Fault::UnknownPredicateType,
            "/requested_predicates/predicate1_referent/p_type"
        ),
        "/requested_predicates/predicate1_referent/p_type: expected one of >=, <=, >, <, got the text \"=\"; \
         choose one of the four; equality is asked for by revealing the attribute"
    );
}

#[test]
fn what_is_not_json_or_not_an_object_is_refused() {
    let not_json = ProofRequest::from_json("{\"nonce\": ").unwrap_err();
    assert_eq!((not_json.fault, not_json.pointer.as_str()), (Fault::NotJson, ""));
    assert!(not_json.got.contains("line 1"), "{not_json}");
    assert_eq!(ProofRequest::from_json("[]").unwrap_err().fault, Fault::WrongType);
    let deep = "[".repeat(100_000);
    assert_eq!(ProofRequest::from_json(&deep).unwrap_err().fault, Fault::NotJson);
}

/// The tutorial's request with so many attributes and predicates, and a restriction of so many
/// values.
fn sized(attributes: usize, predicates: usize, values: usize) -> Value {
    let mut request = tutorial();
    let restriction = json!({"schema_name": {"$in": vec!["x"; values]}});
    request["requested_attributes"] = (0..attributes)
        .map(|number| match number {
            0 if values > 0 => ("a0".to_owned(), json!({"name": "n", "restrictions": restriction})),
            _ => (format!("a{number}"), json!({"name": "n"})),
        })
        .collect();
    request["requested_predicates"] = (0..predicates)
        .map(|number| (format!("p{number}"), json!({"name": "n", "p_type": ">", "p_value": 1})))
        .collect();
    request
}

#[test]
fn a_request_has_limits() {
    // one term for the name, one for the operator
    for (attributes, predicates, values) in [(192, 64, 0), (256, 0, 0), (1, 0, 4_094)] {
        let text = sized(attributes, predicates, values).to_string();
        assert!(ProofRequest::from_json(&text).is_ok(), "{attributes} {predicates} {values}");
    }
    for (attributes, predicates, values, fault) in [
        (193, 64, 0, Fault::TooManyReferents),
        (257, 0, 0, Fault::TooManyReferents),
        (0, 65, 0, Fault::TooManyPredicates),
        (1, 0, 4_095, Fault::TooManyTerms),
    ] {
        let text = sized(attributes, predicates, values).to_string();
        assert_eq!(ProofRequest::from_json(&text).unwrap_err().fault, fault);
    }
    // white space does not count
    let spaced = format!("{}{}", " ".repeat(300_000), tutorial());
    assert!(ProofRequest::from_json(&spaced).is_ok());
    let long = altered("/name", json!("x".repeat(300_000))).to_string();
    let error = ProofRequest::from_json(&long).unwrap_err();
    assert_eq!((error.fault, error.expected), (Fault::TooLarge, "at most 256 KiB of JSON"));
}

#[test]
fn a_member_twice_is_refused_with_its_place() {
    let twice = tutorial().to_string().replace(r#""p_value":18"#, r#""p_value":18,"p_value":1"#);
    let error = ProofRequest::from_json(&twice).unwrap_err();
    let place = "/requested_predicates/predicate1_referent/p_value";
    assert_eq!((error.fault, error.pointer.as_str()), (Fault::RepeatedMember, place));
}

#[test]
fn a_nonce_that_is_a_number_keeps_its_digits() {
    for digits in ["1", "18446744073709551616", "947121108704767252195126"] {
        let json = tutorial().to_string().replace("\"123432421212\"", digits);
        assert_eq!(ProofRequest::from_json(&json).unwrap().nonce, digits);
    }
    for other in ["1.5", "-1", "1e30"] {
        let json = tutorial().to_string().replace("\"123432421212\"", other);
        assert_eq!(ProofRequest::from_json(&json).unwrap_err().fault, Fault::NonceNotDecimal);
    }
}

#[test]
fn both_names_of_one_tag_are_refused_in_a_restriction() {
    let place = "/requested_attributes/attr1_referent/restrictions";
    let message = refused(
        place,
        json!([{"issuer_did": "a", "issuer_id": "a"}]),
        Fault::BothNamesOfTag,
        &format!("{place}/0/issuer_id"),
    );
    assert!(message.contains("expected either `issuer_did` or `issuer_id`, got both"), "{message}");
    let read = ProofRequest::from_value(&altered(place, json!({"issuer_id": "a"}))).unwrap();
    assert_eq!(
        read.requested_attributes["attr1_referent"].restriction(),
        Some(&Restriction::Eq(Tag::IssuerDid, "a".to_owned()))
    );
}
