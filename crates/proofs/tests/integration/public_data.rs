//! Public data from files: maps, lists, single objects, both forms; what a case needs of it.

use proofs::kinds::ObjectKind;
use proofs::public_data::{Needs, Problem, PublicData};
use serde_json::{Value, json};

use crate::checks::cases::{GVT_CRED_DEF, GVT_SCHEMA, ONE, REVOCABLE, case};

fn read(value: &Value) -> PublicData {
    PublicData::from_json(&value.to_string()).unwrap_or_else(|error| panic!("{error}: {value}"))
}

#[track_caller]
fn refused(value: &Value) -> (String, Problem) {
    let error = PublicData::from_json(&value.to_string()).unwrap_err();
    (error.pointer, error.problem)
}

#[test]
fn a_case_gets_what_its_presentation_names() {
    for text in [ONE, REVOCABLE] {
        let whole = case(text);
        let mut bare = whole.clone();
        for map in [&mut bare.schemas, &mut bare.cred_defs, &mut bare.rev_reg_defs] {
            map.clear();
        }
        bare.rev_regs.clear();
        let missing = Needs::of(&bare).missing_in(&bare);
        assert_eq!(missing, Needs::of(&whole));
        let mut file: Value = serde_json::from_str(text).unwrap();
        file["schemas"]["another:2:x:1.0"] = json!({"attrNames": []});
        read(&file).put_into(&mut bare);
        assert_eq!(serde_json::to_value(&bare).unwrap(), serde_json::to_value(&whole).unwrap());
        assert!(Needs::of(&bare).missing_in(&bare).is_empty());
    }
}

#[test]
fn what_is_missing_is_listed() {
    let mut bare = case(REVOCABLE);
    bare.schemas.clear();
    bare.rev_regs.clear();
    let lines: Vec<String> = Needs::of(&bare).missing_in(&bare).lines().collect();
    let registry = format!(
        "NcYxiDXkpYi6ov5FcYDi1e:4:{}:CL_ACCUM:R1",
        "NcYxiDXkpYi6ov5FcYDi1e:3:CL:15:REVOCABLE"
    );
    assert_eq!(
        lines,
        [format!("schema {GVT_SCHEMA}"), format!("revocation registry {registry} at 1600000000")]
    );
}

#[test]
fn single_objects_and_lists_are_read_in_both_forms() {
    let whole: Value = serde_json::from_str(ONE).unwrap();
    let schema = &whole["schemas"][GVT_SCHEMA];
    let cred_def = &whole["cred_defs"][GVT_CRED_DEF];
    let modern = json!({"issuerId": "NcYxiDXkpYi6ov5FcYDi1e", "name": "gvt", "version": "1.0",
        "attrNames": ["name"]});
    let list = json!({"revRegDefId": "r", "issuerId": "i", "revocationList": [0], "currentAccumulator": "1",
        "timestamp": 7});
    assert_eq!(&read(schema).schemas[GVT_SCHEMA], schema);
    assert_eq!(&read(&json!([schema, cred_def])).cred_defs[GVT_CRED_DEF], cred_def);
    assert_eq!(read(&json!({"id": "did:x/s", "object": modern})).schemas["did:x/s"], modern);
    assert_eq!(read(&json!({"schema_id": "did:x/s", "schema": modern})).schemas["did:x/s"], modern);
    assert_eq!(read(&json!({"schemas": {"did:x/s": modern}})).schemas["did:x/s"], modern);
    assert_eq!(
        read(&json!({"schemas": [{"id": "did:x/s", "object": modern}]})).schemas["did:x/s"],
        modern
    );
    assert_eq!(read(&list).rev_status_lists["r"]["7"], list);
    for lists in
        [json!({"r": {"7": list}}), json!({"r": [list]}), json!({"r": list}), json!([list])]
    {
        assert_eq!(read(&json!({"rev_status_lists": lists})).rev_status_lists["r"]["7"], list);
    }
    let entry = json!({"value": {"accum": "1"}});
    let dated = json!({"rev_reg_id": "r", "timestamp": "7", "object": entry});
    assert_eq!(read(&dated).rev_regs["r"]["7"], entry);
}

#[test]
fn what_cannot_be_used_is_named() {
    let modern = json!({"issuerId": "i", "name": "gvt", "version": "1.0", "attrNames": ["name"]});
    let entry = json!({"value": {"accum": "1"}});
    let other = json!({"id": "s", "name": "gvt", "version": "1.0", "attrNames": ["age"]});
    let one = json!({"id": "s", "name": "gvt", "version": "1.0", "attrNames": ["name"]});
    for (value, pointer, problem) in [
        (modern.clone(), "", Problem::NoIdentifier(ObjectKind::Schema)),
        (json!([modern]), "/0", Problem::NoIdentifier(ObjectKind::Schema)),
        (json!({"id": "r", "object": entry}), "", Problem::NoTimestamp(ObjectKind::Registry)),
        (
            json!({"nonce": "1", "requested_attributes": {}}),
            "",
            Problem::NotPublic(ObjectKind::ProofRequest),
        ),
        (json!({"x": 1}), "", Problem::NotPublic(ObjectKind::OtherObject)),
        (json!(1), "", Problem::NotPublic(ObjectKind::Scalar)),
        (
            json!([one, other]),
            "/1",
            Problem::Conflict { kind: ObjectKind::Schema, id: "s".to_owned() },
        ),
        (
            json!({"cred_defs": [one]}),
            "/cred_defs/0",
            Problem::Malformed { expected: "a credential definition", got: "a schema".to_owned() },
        ),
    ] {
        assert_eq!(refused(&value), (pointer.to_owned(), problem), "{value}");
    }
    assert_eq!(refused(&json!({"schemas": 5})).0, "/schemas");
    assert_eq!(refused(&json!({"schemas": {"s": 5}})).0, "/schemas/s");
    assert_eq!(PublicData::from_json("{").unwrap_err().pointer, "");
    assert_eq!(
        PublicData::from_json(r#"{"schemas": {}, "schemas": {}}"#).unwrap_err().pointer,
        "/schemas"
    );
}

#[test]
fn sources_that_contradict_each_other_are_refused() {
    let object = |name: &str| json!({"schemas": {"s": {"attrNames": [name]}}});
    let mut data = read(&object("name"));
    data.merge(read(&object("name"))).unwrap();
    let error = data.merge(read(&object("age"))).unwrap_err();
    assert_eq!(error.problem, Problem::Conflict { kind: ObjectKind::Schema, id: "s".to_owned() });
}
