//! Conversion between Indy's form and AnonCreds 1.0's: there, back, and what is missing.

use proofs::forms::{ConversionError, Need, Note, Sources, convert, convert_case};
use proofs::kinds::Form;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::checks::cases::{GVT_CRED_DEF, GVT_SCHEMA, ONE, OPERATORS, REVOCABLE, TWO, case};

const DID: &str = "NcYxiDXkpYi6ov5FcYDi1e";
const REGISTRY: &str =
    "NcYxiDXkpYi6ov5FcYDi1e:4:NcYxiDXkpYi6ov5FcYDi1e:3:CL:15:REVOCABLE:CL_ACCUM:R1";

fn named(id: &str) -> Sources {
    Sources { id: Some(id.to_owned()), ..Sources::default() }
}

#[track_caller]
fn converted(value: &Value, to: Form, sources: &Sources) -> Value {
    convert(value, to, sources).unwrap_or_else(|error| panic!("{error}: {value}")).object
}

#[track_caller]
fn need(value: &Value, to: Form, sources: &Sources) -> Need {
    match convert(value, to, sources).unwrap_err() {
        ConversionError::Needs { need, .. } => need,
        other => panic!("{other}"),
    }
}

#[test]
fn a_schema_is_converted_there_and_back() {
    let indy = &case(ONE).schemas[GVT_SCHEMA];
    let done = convert(indy, Form::AnonCreds, &Sources::default()).unwrap();
    assert_eq!(
        done.object,
        json!({"issuerId": DID, "name": "gvt", "version": "1.0", "attrNames": indy["attrNames"]})
    );
    assert_eq!(done.id.as_deref(), Some(GVT_SCHEMA));
    assert_eq!(done.notes, [Note::LeftOut("seqNo".to_owned(), "15".to_owned())]);

    let sources = Sources { seq_no: Some(15), ..Sources::default() };
    assert_eq!(&converted(&done.object, Form::Indy, &sources), indy);
    let without = convert(&done.object, Form::Indy, &Sources::default()).unwrap();
    assert_eq!(without.object["seqNo"], Value::Null);
    assert_eq!(without.notes, [Note::Unknown("seqNo")]);
}

#[test]
fn a_credential_definition_needs_the_identifier_of_its_schema() {
    let whole = case(ONE);
    let indy = &whole.cred_defs[GVT_CRED_DEF];
    assert_eq!(need(indy, Form::AnonCreds, &Sources::default()), Need::Schema);

    let schema = Sources { schema: Some(whole.schemas[GVT_SCHEMA].clone()), ..Sources::default() };
    let modern = converted(indy, Form::AnonCreds, &schema);
    assert_eq!(modern["schemaId"], GVT_SCHEMA);
    assert_eq!(modern["issuerId"], DID);
    assert_eq!((modern.get("id"), modern.get("ver")), (None, None));
    let by_id = Sources { schema_id: Some(GVT_SCHEMA.to_owned()), ..Sources::default() };
    assert_eq!(converted(indy, Form::AnonCreds, &by_id), modern);
    // as some tools write it
    let mut number = indy.clone();
    number["schemaId"] = json!(15);
    assert_eq!(converted(&number, Form::AnonCreds, &by_id), modern);

    // back: by the identifier, by the schema, by the number
    for sources in [named(GVT_CRED_DEF), schema, Sources { seq_no: Some(15), ..Sources::default() }]
    {
        assert_eq!(&converted(&modern, Form::Indy, &sources), indy);
    }
    assert_eq!(need(&modern, Form::Indy, &Sources::default()), Need::SequenceNumber);
}

#[test]
fn sources_that_contradict_the_object_are_refused() {
    let whole = case(ONE);
    let indy = &whole.cred_defs[GVT_CRED_DEF];
    let mut schema = whole.schemas[GVT_SCHEMA].clone();
    schema["seqNo"] = json!(16);
    for sources in [
        Sources { schema: Some(schema), ..Sources::default() },
        named("another:3:CL:15:TAG1"),
        Sources { issuer_id: Some("did:sov:another".to_owned()), ..Sources::default() },
    ] {
        let error = convert(indy, Form::AnonCreds, &sources).unwrap_err();
        assert!(matches!(error, ConversionError::Malformed { .. }), "{error}");
    }
}

#[test]
fn identifiers_of_other_registries_have_to_be_given() {
    let cheqd = "did:cheqd:testnet:3053e034-8faa-458d-9f01-2e3e1e8b2ab8";
    let schema = json!({"issuerId": cheqd, "name": "x", "version": "1", "attrNames": ["a"]});
    assert_eq!(need(&schema, Form::Indy, &Sources::default()), Need::Identifier);
    let id = format!("{cheqd}/resources/9c0d2c59");
    let indy = converted(&schema, Form::Indy, &named(&id));
    assert_eq!(indy["id"], id);
    assert_eq!(converted(&indy, Form::AnonCreds, &Sources::default()), schema);

    let indy = "did:indy:sovrin:F72i3Y3Q4i466efjYJYMHM";
    let schema = json!({"issuerId": indy, "name": "x", "version": "1", "attrNames": ["a"]});
    let id = format!("{indy}/anoncreds/v0/SCHEMA/x/1");
    assert_eq!(converted(&schema, Form::Indy, &Sources::default())["id"], id);
    let long = json!({"issuerId": "did:sov:F72i3Y3Q4i466efjYJYMHM", "name": "x", "version": "1", "attrNames": ["a"]});
    let id = "schema:sov:did:sov:F72i3Y3Q4i466efjYJYMHM:2:x:1";
    assert_eq!(converted(&long, Form::Indy, &Sources::default())["id"], id);
}

#[test]
fn a_registry_definition_is_converted_there_and_back() {
    let whole = case(REVOCABLE);
    let indy = &whole.rev_reg_defs[REGISTRY];
    let done = convert(indy, Form::AnonCreds, &Sources::default()).unwrap();
    assert_eq!(done.object["issuerId"], DID);
    assert_eq!(done.object["value"].get("issuanceType"), None);
    assert_eq!(done.object["value"]["maxCredNum"], 5);
    assert_eq!(
        done.notes,
        [Note::LeftOut(
            "value/issuanceType".to_owned(),
            "the text \"ISSUANCE_BY_DEFAULT\"".to_owned()
        )]
    );
    let back = convert(&done.object, Form::Indy, &Sources::default()).unwrap();
    assert_eq!(&back.object, indy);
    assert_eq!(back.notes, [Note::Assumed("value/issuanceType", "ISSUANCE_BY_DEFAULT")]);
    let mut text = indy.clone();
    text["value"]["maxCredNum"] = json!("5");
    assert_eq!(converted(&text, Form::AnonCreds, &Sources::default()), done.object);
}

/// What is known of the fixture's registry.
fn registry_sources(timestamp: Option<u64>) -> Sources {
    let registry = case(REVOCABLE).rev_reg_defs[REGISTRY].clone();
    Sources { registry: Some(registry), timestamp, ..Sources::default() }
}

#[test]
fn a_change_of_a_registry_becomes_a_status_list() {
    let change = json!({"ver": "1.0", "value": {"accum": "1 A", "issued": [], "revoked": [2, 4]}});
    let sources = registry_sources(Some(7));
    let list = converted(&change, Form::AnonCreds, &sources);
    assert_eq!(
        list,
        json!({"revRegDefId": REGISTRY, "issuerId": DID, "revocationList": [0, 0, 1, 0, 1],
            "currentAccumulator": "1 A", "timestamp": 7})
    );
    assert_eq!(converted(&list, Form::Indy, &sources), change);

    // a later change continues an earlier list
    let later = json!({"ver": "1.0", "value": {"prevAccum": "1 A", "accum": "1 B", "issued": [2], "revoked": [5]}});
    assert_eq!(need(&later, Form::AnonCreds, &sources), Need::Earlier);
    let sources =
        Sources { earlier: Some(list.clone()), timestamp: Some(8), ..registry_sources(None) };
    let second = converted(&later, Form::AnonCreds, &sources);
    // the last of Indy's indices needs a bit more
    assert_eq!(second["revocationList"], json!([0, 0, 0, 0, 1, 1]));
    assert_eq!(converted(&second, Form::Indy, &sources), later);
    let mut other = later.clone();
    other["value"]["prevAccum"] = json!("1 C");
    convert(&other, Form::AnonCreds, &sources).unwrap_err();
}

#[test]
fn a_change_without_its_surroundings_names_what_is_needed() {
    let change = json!({"value": {"accum": "1", "revoked": [1]}});
    let alone = json!({"value": {"accum": "1"}});
    let anoncreds = Form::AnonCreds;
    assert_eq!(need(&change, anoncreds, &Sources::default()), Need::Identifier);
    assert_eq!(need(&change, anoncreds, &named(REGISTRY)), Need::Timestamp);
    let dated = Sources { timestamp: Some(1), ..named(REGISTRY) };
    assert_eq!(need(&change, anoncreds, &dated), Need::Registry);
    assert_eq!(
        need(&change, anoncreds, &Sources { timestamp: Some(1), ..named("x") }),
        Need::Issuer
    );
    assert_eq!(need(&alone, anoncreds, &registry_sources(Some(1))), Need::Changes);
    let far = json!({"value": {"accum": "1", "revoked": [7]}});
    let error = convert(&far, anoncreds, &registry_sources(Some(1))).unwrap_err();
    assert!(error.to_string().starts_with("/value/revoked: expected indices up to 5"), "{error}");
    let on_demand = {
        let mut sources = registry_sources(Some(1));
        sources.registry.as_mut().unwrap()["value"]["issuanceType"] = json!("ISSUANCE_ON_DEMAND");
        sources
    };
    let change = json!({"ver": "1.0", "value": {"accum": "1", "issued": [1, 2], "revoked": []}});
    let list = converted(&change, anoncreds, &on_demand);
    assert_eq!(list["revocationList"], json!([1, 0, 0, 1, 1]));
    assert_eq!(converted(&list, Form::Indy, &on_demand), change);
}

#[test]
fn tags_of_requests_are_renamed_wherever_they_are() {
    let indy = json!({"nonce": "1", "name": "n", "version": "1.0",
        "requested_attributes": {"a": {"name": "x", "restrictions": [
            {"issuer_did": "i"}, {"$or": [{"schema_issuer_did": "s"}, {"$not": {"issuer_did": {"$in": ["i"]}}}]}]}},
        "requested_predicates": {"p": {"name": "y", "p_type": ">=", "p_value": 1,
            "restrictions": {"issuer_did": "i", "attr::issuer_did::value": "z"}}}});
    let modern = converted(&indy, Form::AnonCreds, &Sources::default());
    assert_eq!(
        modern["requested_attributes"]["a"]["restrictions"],
        json!([
        {"issuer_id": "i"}, {"$or": [{"schema_issuer_id": "s"}, {"$not": {"issuer_id": {"$in": ["i"]}}}]}])
    );
    assert_eq!(
        modern["requested_predicates"]["p"]["restrictions"],
        json!({"issuer_id": "i", "attr::issuer_did::value": "z"})
    );
    assert_eq!(converted(&modern, Form::Indy, &Sources::default()), indy);

    let mut both = indy.clone();
    both["requested_predicates"]["p"]["restrictions"]["issuer_id"] = json!("j");
    let error = convert(&both, Form::AnonCreds, &Sources::default()).unwrap_err();
    assert!(error.to_string().contains("issuer_id"), "{error}");
}

#[test]
fn numbers_are_written_as_each_form_wants_them() {
    let mut request = case(ONE).presentation_request;
    let expected = request.clone();
    request["nonce"] = json!(expected["nonce"].as_str().unwrap().parse::<u64>().unwrap());
    let predicates = request["requested_predicates"].as_object_mut().unwrap();
    for predicate in predicates.values_mut() {
        predicate["p_value"] = json!(predicate["p_value"].to_string());
    }
    assert_eq!(converted(&request, Form::Indy, &Sources::default()), expected);
    request["nonce"] = json!(1.5e30);
    convert(&request, Form::Indy, &Sources::default()).unwrap_err();

    let presentation = case(REVOCABLE).presentation;
    let mut texts = presentation.clone();
    texts["identifiers"][0]["timestamp"] = json!("1600000000");
    for answer in texts["requested_proof"]["revealed_attrs"].as_object_mut().unwrap().values_mut() {
        answer["sub_proof_index"] = json!("0");
    }
    for form in [Form::Indy, Form::AnonCreds] {
        assert_eq!(converted(&texts, form, &Sources::default()), presentation);
    }
}

#[test]
fn a_request_for_a_credential_has_a_did_or_entropy() {
    let indy = json!({"prover_did": "p", "cred_def_id": "c", "blinded_ms": {"u": "1"},
        "blinded_ms_correctness_proof": {"c": "1"}, "nonce": "1"});
    let modern = converted(&indy, Form::AnonCreds, &Sources::default());
    assert_eq!((modern.get("prover_did"), &modern["entropy"]), (None, &json!("p")));
    assert_eq!(converted(&modern, Form::Indy, &Sources::default()), indy);
    let offer = json!({"schema_id": "s", "cred_def_id": "c", "key_correctness_proof": {"c": "1"}, "nonce": "1",
        "method_name": "m"});
    let done = convert(&offer, Form::AnonCreds, &Sources::default()).unwrap();
    assert_eq!(done.notes.len(), 1);
}

#[test]
fn what_has_no_two_forms_and_what_is_malformed_is_refused() {
    for (value, words) in [
        (json!({"value": {"ms": "1"}}), "a link secret"),
        (json!({"x": 1}), "an object of another kind"),
        (json!([]), "a list"),
        (json!({"attrNames": ["a"], "name": 1.5, "version": "1", "id": "DID:2:x:1"}), "/name"),
        (
            json!({"attrNames": ["a"], "version": "1", "id": "DID:2:x:1"}),
            "/name: expected a value, got nothing",
        ),
        (
            json!({"issuerId": "i", "schemaId": "s", "value": {"primary": {"n": "007"}}}),
            "/value/primary/n",
        ),
        (json!({"revocationList": [2], "currentAccumulator": "1"}), "/revocationList"),
    ] {
        let error = convert(&value, Form::AnonCreds, &Sources::default()).unwrap_err();
        assert!(error.to_string().contains(words), "{error}: {value}");
    }
}

#[test]
fn cases_are_converted_there_and_back() {
    for text in [ONE, TWO, OPERATORS, REVOCABLE] {
        let indy = case(text);
        let (modern, notes) = convert_case(&indy, Form::AnonCreds);
        for (id, schema) in &modern.schemas {
            assert!(schema.get("issuerId").is_some(), "{id}: {notes:?}");
        }
        for (id, cred_def) in &modern.cred_defs {
            let schema = cred_def["schemaId"].as_str().unwrap();
            assert!(modern.schemas.contains_key(schema), "{id}: {schema}");
        }
        let (back, _) = convert_case(&modern, Form::Indy);
        let mut expected = serde_json::to_value(&indy).unwrap();
        let mut found = serde_json::to_value(&back).unwrap();
        // numbers of schemas that no credential definition names are lost
        for schemas in
            [&mut expected, &mut found].map(|case| case["schemas"].as_object_mut().unwrap())
        {
            for (id, schema) in schemas {
                if id.contains("degree") || text == OPERATORS {
                    schema["seqNo"] = Value::Null;
                }
            }
        }
        assert_eq!(found, expected);
    }
}

#[test]
fn a_status_list_of_a_case_becomes_the_accumulator_that_a_verifier_needs() {
    let indy = case(REVOCABLE);
    let (modern, notes) = convert_case(&indy, Form::AnonCreds);
    // the ledger's entry does not say who is revoked
    assert_eq!(modern.rev_regs, indy.rev_regs);
    assert!(
        notes.iter().any(|note| matches!(note, Note::Kept(at, _) if at.starts_with("/rev_regs/"))),
        "{notes:?}"
    );

    let mut listed = modern;
    let entry = indy.rev_regs[REGISTRY]["1600000000"].clone();
    let list = json!({"revRegDefId": REGISTRY, "issuerId": DID, "revocationList": [0, 0, 0, 0, 0],
        "currentAccumulator": entry["value"]["accum"], "timestamp": 1_600_000_000});
    listed.rev_regs.clear();
    listed
        .rev_status_lists
        .entry(REGISTRY.to_owned())
        .or_default()
        .insert("1600000000".to_owned(), list);
    let (back, notes) = convert_case(&listed, Form::Indy);
    assert_eq!(back.rev_regs, indy.rev_regs);
    assert!(back.rev_status_lists.is_empty());
    assert!(notes.iter().any(|note| note.to_string().contains("revocationList")), "{notes:?}");
}

fn name() -> impl Strategy<Value = String> {
    "[A-Za-z][A-Za-z ]{0,9}"
}

proptest! {
    #[test]
    fn schemas_come_back_as_they_were(
        did in "[1-9A-HJ-NP-Za-km-z]{22}",
        prefix in prop::sample::select(&["", "did:sov:", "did:indy:sovrin:", "did:indy:sovrin:staging:"][..]),
        name in name(),
        version in "[0-9]{1,2}\\.[0-9]{1,2}",
        attributes in prop::collection::btree_set(name(), 1..5),
        number in 1_u64..1_000_000,
    ) {
        let attributes: Vec<String> = attributes.into_iter().collect();
        let modern = json!({"issuerId": format!("{prefix}{did}"), "name": name, "version": version,
            "attrNames": attributes});
        let sources = Sources { seq_no: Some(number), ..Sources::default() };
        let indy = convert(&modern, Form::Indy, &sources).unwrap();
        prop_assert_eq!(&indy.object["seqNo"], &json!(number));
        let back = convert(&indy.object, Form::AnonCreds, &Sources::default()).unwrap();
        prop_assert_eq!(&back.object, &modern);
        prop_assert_eq!(&back.id, &indy.id);
        let again = convert(&back.object, Form::Indy, &sources).unwrap();
        prop_assert_eq!(again.object, indy.object);
    }

    #[test]
    fn credential_definitions_come_back_as_they_were(
        did in "[1-9A-HJ-NP-Za-km-z]{22}",
        prefix in prop::sample::select(&["", "did:sov:", "did:indy:sovrin:"][..]),
        tag in "[A-Za-z0-9]{1,8}",
        number in 1_u64..1_000_000,
        is_text in any::<bool>(),
    ) {
        let key = json!({"primary": {"n": "7", "s": "8", "z": "9", "rctxt": "10", "r": {"name": "11"}}});
        let modern = json!({"issuerId": format!("{prefix}{did}"), "schemaId": format!("{did}:2:x:1.0"),
            "type": "CL", "tag": tag, "value": key});
        let numbered = Sources { seq_no: Some(number), ..Sources::default() };
        let mut indy = convert(&modern, Form::Indy, &numbered).unwrap().object;
        prop_assert_eq!(&indy["schemaId"], &json!(number.to_string()));
        let id = indy["id"].as_str().unwrap().to_owned();
        if !is_text {
            indy["schemaId"] = json!(number);
        }
        let schema = Sources { schema_id: Some(format!("{did}:2:x:1.0")), ..Sources::default() };
        let back = convert(&indy, Form::AnonCreds, &schema).unwrap();
        prop_assert_eq!(&back.object, &modern);
        // the identifier is enough to come back
        let again = convert(&back.object, Form::Indy, &named(&id)).unwrap();
        prop_assert_eq!(&again.object["schemaId"], &json!(number.to_string()));
    }

    #[test]
    fn status_lists_come_back_as_they_were(
        bits in prop::collection::vec(0_u8..2, 5),
        earlier in prop::collection::vec(0_u8..2, 5),
        continues in any::<bool>(),
    ) {
        let list = |bits: &[u8], accumulator: &str, timestamp: u64| json!({"revRegDefId": REGISTRY, "issuerId": DID,
            "revocationList": bits, "currentAccumulator": accumulator, "timestamp": timestamp});
        let new = list(&bits, "1 B", 9);
        let sources = Sources {
            earlier: continues.then(|| list(&earlier, "1 A", 8)),
            ..registry_sources(Some(9))
        };
        let change = convert(&new, Form::Indy, &sources).unwrap().object;
        prop_assert_eq!(convert(&change, Form::AnonCreds, &sources).unwrap().object, new);
    }

    #[test]
    fn no_object_makes_a_conversion_panic(
        member in prop::sample::select(&["attrNames", "value", "revocationList", "requested_attributes",
            "requested_proof", "blinded_ms", "revocDefType", "identifiers"][..]),
        value in prop::sample::select(vec![json!(null), json!(1), json!("x"), json!([1]), json!({"primary": 1}),
            json!({"accum": [], "issued": [-1]}), json!({"publicKeys": 1}), json!({"a": {"restrictions": [[{"issuer_did": 1}]]}})]),
        other in prop::sample::select(&["id", "issuerId", "schemaId", "credDefId", "nonce"][..]),
    ) {
        let object = json!({member: value, other: value, "signature": {}, "values": value});
        for form in [Form::Indy, Form::AnonCreds] {
            let _ = convert(&object, form, &registry_sources(Some(1)));
            let _ = convert(&object, form, &named("x:3:CL:1:T"));
        }
    }
}
