//! `schema-of-cred-def`, `restrictions`, `nonce-fresh`.

use proofs::{Case, Check, EngineSet, Engines, Outcome, Policy, explain};
use serde_json::{Value, json};

use super::cases::*;

#[test]
fn the_schema_belongs_to_the_credential_definition() {
    let other_number =
        altered(ONE, |case| set(case.schemas.get_mut(GVT_SCHEMA).unwrap(), "", "seqNo", 16));
    let other = verdict(&other_number);
    assert_eq!(failed(&other), [Check::SchemaOfCredDef]);
    assert!(said(&other, Check::SchemaOfCredDef).contains("with its `seqNo`"));

    // A number says nothing about a schema that has none.
    let no_number = altered(ONE, |case| {
        set(case.schemas.get_mut(GVT_SCHEMA).unwrap(), "", "seqNo", Value::Null)
    });
    let verdict = verdict(&no_number);
    assert_undecided(&verdict, Check::SchemaOfCredDef);
    assert!(verdict.reason().unwrap().contains("with its `seqNo`"));

    // A number may be written as text, and the other way round.
    assert_verified(&altered(ONE, |case| {
        set(case.schemas.get_mut(GVT_SCHEMA).unwrap(), "", "seqNo", "15");
        set(case.cred_defs.get_mut(GVT_CRED_DEF).unwrap(), "", "schemaId", 15);
    }));
    // By identifier instead of by number.
    assert_verified(&altered(ONE, |case| {
        set(case.cred_defs.get_mut(GVT_CRED_DEF).unwrap(), "", "schemaId", GVT_SCHEMA);
    }));
}

#[test]
fn each_object_is_given_under_its_own_identifier() {
    let schema = altered(ONE, |case| {
        set(
            case.schemas.get_mut(GVT_SCHEMA).unwrap(),
            "",
            "id",
            "Th7MpTaRZVRYnPiabds81Y:2:gvt:1.0",
        );
    });
    assert_eq!(failures(&schema), [Check::SchemaOfCredDef]);
    let cred_def = altered(ONE, |case| {
        set(
            case.cred_defs.get_mut(GVT_CRED_DEF).unwrap(),
            "",
            "id",
            "NcYxiDXkpYi6ov5FcYDi1e:3:CL:15:TAG2",
        );
    });
    assert_eq!(failures(&cred_def), [Check::SchemaOfCredDef]);
    let name =
        altered(ONE, |case| set(case.schemas.get_mut(GVT_SCHEMA).unwrap(), "", "name", "degree"));
    assert_eq!(failures(&name), [Check::SchemaOfCredDef]);
}

#[test]
fn a_request_of_version_1_takes_long_identifiers_in_the_objects() {
    assert_verified(&altered(ONE, |case| {
        let schema = case.schemas.get_mut(GVT_SCHEMA).unwrap();
        set(schema, "", "id", "schema:sov:did:sov:NcYxiDXkpYi6ov5FcYDi1e:2:gvt:1.0");
        let cred_def = case.cred_defs.get_mut(GVT_CRED_DEF).unwrap();
        set(cred_def, "", "id", "creddef:sov:did:sov:NcYxiDXkpYi6ov5FcYDi1e:3:CL:15:TAG1");
    }));
}

/// The tutorial's case with its objects in the form of AnonCreds 1.0.
fn in_anoncreds_form(alter: impl FnOnce(&mut Case)) -> Case {
    altered(ONE, |case| {
        let schema = case.schemas.get_mut(GVT_SCHEMA).unwrap();
        let cred_def = case.cred_defs.get_mut(GVT_CRED_DEF).unwrap();
        for object in [&mut *schema, &mut *cred_def] {
            for member in ["ver", "id"] {
                remove(object, "", member);
            }
            set(object, "", "issuerId", "NcYxiDXkpYi6ov5FcYDi1e");
        }
        remove(schema, "", "seqNo");
        set(cred_def, "", "schemaId", GVT_SCHEMA);
        alter(case);
    })
}

#[test]
fn objects_may_have_the_form_of_anoncreds() {
    assert_verified(&in_anoncreds_form(|_| {}));
    // the other author that an object names
    let other = in_anoncreds_form(|case| {
        let schema = case.schemas.get_mut(GVT_SCHEMA).unwrap();
        set(schema, "", "issuerId", "Th7MpTaRZVRYnPiabds81Y");
    });
    assert!(failures(&other).contains(&Check::SchemaOfCredDef));
    for (member, value) in [("type", "BBS"), ("ver", "2.0")] {
        let other = altered(ONE, |case| {
            set(case.cred_defs.get_mut(GVT_CRED_DEF).unwrap(), "", member, value);
        });
        let verdict = verdict(&other);
        assert_eq!(failed(&verdict), [Check::PresentationShape], "{member}");
        assert!(said(&verdict, Check::PresentationShape).contains(value));
    }
}

#[test]
fn an_author_who_is_not_named_leaves_a_restriction_undecided() {
    // under identifiers that say nothing
    let opaque = |restriction: Value, issuer: Option<&str>| {
        altered(ONE, |case| {
            let schema = case.schemas.remove(GVT_SCHEMA).unwrap();
            let cred_def = case.cred_defs.remove(GVT_CRED_DEF).unwrap();
            case.schemas.insert("https://example.org/s".to_owned(), schema);
            case.cred_defs.insert("https://example.org/c".to_owned(), cred_def);
            for (object, id) in [
                (case.schemas.values_mut().next().unwrap(), "https://example.org/s"),
                (case.cred_defs.values_mut().next().unwrap(), "https://example.org/c"),
            ] {
                set(object, "", "id", id);
                if let Some(issuer) = issuer {
                    set(object, "", "issuerId", issuer);
                }
            }
            let identifiers = "/identifiers/0";
            set(&mut case.presentation, identifiers, "schema_id", "https://example.org/s");
            set(&mut case.presentation, identifiers, "cred_def_id", "https://example.org/c");
            for pointer in [
                "/requested_attributes/attr1_referent",
                "/requested_predicates/predicate1_referent",
            ] {
                set(&mut case.presentation_request, pointer, "restrictions", restriction.clone());
            }
        })
    };
    assert_verified(&opaque(
        json!({"cred_def_id": "https://example.org/c", "schema_name": "gvt"}),
        None,
    ));
    let by_issuer = json!({"issuer_did": "https://example.org"});
    assert_verified(&opaque(by_issuer.clone(), Some("https://example.org")));
    assert_eq!(
        failures(&opaque(by_issuer.clone(), Some("https://example.com"))),
        [Check::Restrictions]
    );
    let verdict = verdict(&opaque(by_issuer, None));
    assert_undecided(&verdict, Check::Restrictions);
    assert!(verdict.reason().unwrap().contains("issuer_did is not said"));
}

/// The tutorial's case with another restriction on the revealed name.
fn on_name(restriction: Value) -> Case {
    altered(ONE, |case| {
        set(
            &mut case.presentation_request,
            "/requested_attributes/attr1_referent",
            "restrictions",
            restriction,
        );
    })
}

#[test]
fn a_restriction_holds_for_the_credential_that_answers() {
    for not_it in [
        json!({"issuer_did": "Th7MpTaRZVRYnPiabds81Y"}),
        json!({"schema_id": GVT_SCHEMA, "schema_version": "2.0"}),
        json!({"schema_name": {"$neq": "gvt"}}),
        json!({"$not": {"cred_def_id": GVT_CRED_DEF}}),
        json!({"cred_def_id": {"$in": []}}),
        json!({"rev_reg_id": "NcYxiDXkpYi6ov5FcYDi1e:4:NcYxiDXkpYi6ov5FcYDi1e:3:CL:15:TAG1:CL_ACCUM:R1"}),
        json!({"attr::name::value": "Alexander"}),
        json!({"attr::eyes::marker": "1"}),
    ] {
        let verdict = verdict(&on_name(not_it.clone()));
        assert_eq!(failed(&verdict), [Check::Restrictions], "{not_it}");
        assert!(
            said(&verdict, Check::Restrictions).starts_with("attr1_referent: a credential with {")
        );
    }
    for it in [
        json!({"schema_issuer_did": "NcYxiDXkpYi6ov5FcYDi1e", "schema_name": "gvt", "rev_reg_id": "None"}),
        json!({"issuer_did": "did:sov:NcYxiDXkpYi6ov5FcYDi1e"}),
        json!([{"issuer_did": "Th7MpTaRZVRYnPiabds81Y"}, {"cred_def_id": GVT_CRED_DEF}]),
        json!({"attr::N A M E::value": "Alex", "attr::height::marker": "1"}),
        json!({"$not": {"attr::name::value": "Alexander"}}),
        json!({"$not": {"attr::eyes::value": "blue"}}),
    ] {
        assert_verified(&on_name(it));
    }
}

#[test]
fn a_value_restriction_does_not_hold_for_a_hidden_attribute() {
    for restriction in [
        json!({"attr::sex::value": "male"}),
        json!({"attr::sex::value": {"$neq": "female"}}),
        json!({"$not": {"attr::sex::value": "female"}}),
        json!({"$not": {"attr::Sex::value": {"$in": ["female"]}}}),
        json!({"$and": [{"schema_name": "gvt"}, {"attr::sex::value": "male"}]}),
    ] {
        let verdict = verdict(&on_name(restriction.clone()));
        assert_eq!(failed(&verdict), [Check::Restrictions], "{restriction}");
        assert!(said(&verdict, Check::Restrictions).contains("attr::sex::value is hidden"));
    }
    // Another alternative holds, whatever the hidden value is.
    assert_verified(&on_name(json!([{"attr::sex::value": "male"}, {"schema_name": "gvt"}])));
}

#[test]
fn an_unknown_tag_is_an_error_wherever_it_stands() {
    for restriction in [
        json!({"issuer": "NcYxiDXkpYi6ov5FcYDi1e"}),
        json!({"$not": {"colour": "red"}}),
        json!({"colour": {"$neq": "red"}}),
        json!([{"schema_name": "gvt"}, {"colour": {"$in": ["red"]}}]),
    ] {
        let verdict = verdict(&on_name(restriction.clone()));
        assert_eq!(failed(&verdict), [Check::Restrictions], "{restriction}");
        assert!(
            said(&verdict, Check::Restrictions).contains("only tags that there are: schema_id, ")
        );
    }
}

#[test]
fn a_request_of_version_2_takes_identifiers_literally() {
    assert_verified(&case(OPERATORS));
    let short = altered(OPERATORS, |case| {
        set(
            &mut case.presentation_request,
            "/requested_attributes/sex",
            "restrictions",
            json!({"issuer_did": "NcYxiDXkpYi6ov5FcYDi1e"}),
        );
    });
    assert_eq!(failures(&short), [Check::Restrictions]);
}

#[test]
fn a_nonce_is_accepted_once() {
    let explain_with = |is_nonce_used: Option<bool>| {
        let policy = Policy { engines: Engines::Cl, ..Policy::default() };
        let engines = EngineSet { cl: Some(&*CL), ..EngineSet::default() };
        explain(&case(ONE), &policy, engines, is_nonce_used)
    };
    let used = explain_with(Some(true));
    assert_eq!(failed(&used), [Check::NonceFresh]);
    assert!(!used.verified());
    assert!(said(&used, Check::NonceFresh).contains("not 123432421212"));

    let other = explain_with(Some(false));
    assert!(other.verified());
    assert_eq!(other.outcome(Check::NonceFresh), Outcome::Passed);

    // Without a memory, nothing is said of it.
    let none = explain_with(None);
    assert!(none.verified());
    assert_eq!(none.outcome(Check::NonceFresh), Outcome::NotReached);
    assert!(!none.relaxed().any(|check| check == Check::NonceFresh));
}
