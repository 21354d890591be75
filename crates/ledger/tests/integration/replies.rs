//! Submitting requests, and reading the replies.

use indy_credx::types::{AttributeNames, CredentialDefinition, DidValue, Schema};
use ledger::{
    LedgerError, LedgerRequest, Refusal, Reply, Role, build_cred_def_request,
    build_get_cred_def_request, build_get_nym_request, build_get_schema_request, build_nym_request,
    build_schema_request, parse_get_cred_def_response, parse_get_nym_response,
    parse_get_schema_response,
    pool::{self, Pool},
    submit_request,
};
use test_support::malformed;

use crate::support::{Identity, new_pool, steward};

const ATTRIBUTES: [&str; 4] = ["age", "height", "name", "sex"];

fn schema(author: &str) -> Schema {
    let attr_names = AttributeNames::from(&ATTRIBUTES[..]);
    let author = DidValue::new(author, None);
    indy_credx::issuer::create_schema(&author, "gvt", "1.0", attr_names, None).expect("a schema")
}

/// Returns the golden credential definition with this author and schema.
fn cred_def(author: &str, schema_seq_no: u32) -> CredentialDefinition {
    let text = include_str!("../golden/cred-def.definition.json");
    let mut json: serde_json::Value = serde_json::from_str(text).expect("JSON");
    json["id"] = format!("{author}:3:CL:{schema_seq_no}:TAG1").into();
    json["schemaId"] = schema_seq_no.to_string().into();
    serde_json::from_value(json).expect("a credential definition")
}

async fn read(pool: &Pool, request: Result<LedgerRequest, LedgerError>) -> Reply {
    submit_request(pool, &request.expect("a request")).await.expect("a reply")
}

#[tokio::test]
async fn what_the_tutorial_writes_can_be_read_back() {
    let (pool, _directory) = new_pool().await;
    let (steward, anchor) = (steward(), Identity::new("Anchor"));

    let role = Some(Role::TrustAnchor);
    let request = build_nym_request(&steward.did, &anchor.did, Some(&anchor.verkey), None, role);
    let reply = read(&pool, request.map(|request| steward.sign(request))).await;
    assert_eq!(reply.seq_no(), Some(7));

    let request = build_schema_request(&steward.did, &schema(&steward.did));
    let reply = read(&pool, request.map(|request| steward.sign(request))).await;
    assert_eq!(reply.seq_no(), Some(8));
    assert_eq!(reply.data().expect("data")["data"]["attr_names"][0], "age");

    let request = build_cred_def_request(&anchor.did, &cred_def(&anchor.did, 8));
    let reply = read(&pool, request.map(|request| anchor.sign(request))).await;
    assert_eq!(reply.seq_no(), Some(9));

    let nym = read(&pool, build_get_nym_request(None, &anchor.did)).await;
    let nym = parse_get_nym_response(&nym).expect("a NYM");
    assert_eq!((nym.did, nym.verkey), (anchor.did.clone(), Some(anchor.verkey.clone())));
    assert_eq!((nym.role, nym.added_by, nym.seq_no), (role, Some(steward.did.clone()), 7));

    let id = format!("{}:2:gvt:1.0", steward.did);
    let reply = read(&pool, build_get_schema_request(Some(&anchor.did), &id)).await;
    let Schema::SchemaV1(schema) = parse_get_schema_response(&reply).expect("a schema");
    assert_eq!((schema.id.0, schema.seq_no), (id, Some(8)));
    let mut attributes: Vec<String> = schema.attr_names.0.into_iter().collect();
    attributes.sort_unstable();
    assert_eq!(attributes, ATTRIBUTES);

    let id = format!("{}:3:CL:8:TAG1", anchor.did);
    let reply = read(&pool, build_get_cred_def_request(None, &id)).await;
    let cred_def_read = parse_get_cred_def_response(&reply).expect("a credential definition");
    assert_eq!(
        serde_json::to_value(cred_def_read).expect("JSON"),
        serde_json::to_value(cred_def(&anchor.did, 8)).expect("JSON")
    );
    pool::close_pool_ledger(pool).await.expect("closed");
}

#[tokio::test]
async fn an_unknown_identifier_is_not_found_and_named() {
    let (pool, _directory) = new_pool().await;
    let unknown = Identity::new("Unknown").did;
    let nym = read(&pool, build_get_nym_request(None, &unknown)).await;
    let schema_id = format!("{unknown}:2:gvt:1.0");
    let schema = read(&pool, build_get_schema_request(None, &schema_id)).await;
    let cred_def_id = format!("{unknown}:3:CL:8:TAG1");
    let cred_def = read(&pool, build_get_cred_def_request(None, &cred_def_id)).await;
    for (error, id) in [
        (parse_get_nym_response(&nym).expect_err("no NYM"), unknown),
        (parse_get_schema_response(&schema).expect_err("no schema"), schema_id),
        (parse_get_cred_def_response(&cred_def).expect_err("no definition"), cred_def_id),
    ] {
        assert_eq!(error.code(), "LedgerNotFound");
        assert!(error.to_string().contains(&id), "{error}");
    }
    for reply in [nym, schema, cred_def] {
        assert_eq!(reply.seq_no(), None);
    }
}

#[tokio::test]
async fn a_refusal_is_an_error_with_reason_and_advice() {
    let (pool, _directory) = new_pool().await;
    let steward = steward();
    let did = Identity::new("A").did;

    let unsigned = build_nym_request(&steward.did, &did, None, None, None).expect("a request");
    let error = submit_request(&pool, &unsigned).await.expect_err("refused");
    assert_eq!(error.code(), "LedgerInvalidTransaction");
    let message = error.to_string();
    assert!(message.contains("REQNACK") && message.contains("sign the request"), "{message}");

    let role = Some(Role::Trustee);
    let request = build_nym_request(&steward.did, &did, None, None, role).expect("a request");
    let error = submit_request(&pool, &steward.sign(request)).await.expect_err("refused");
    let LedgerError::Refused { refusal, reason } = &error else { panic!("{error}") };
    assert_eq!(*refusal, Refusal::Reject);
    assert!(reason.contains("Not enough TRUSTEE signatures"), "{reason}");
    assert!(error.to_string().contains("holds the named role"), "{error}");
}

#[tokio::test]
async fn a_reply_to_another_request_is_refused() {
    let (pool, _directory) = new_pool().await;
    let nym = read(&pool, build_get_nym_request(None, &steward().did)).await;
    for error in [
        parse_get_schema_response(&nym).expect_err("not a schema"),
        parse_get_cred_def_response(&nym).expect_err("not a credential definition"),
    ] {
        assert_eq!(error.code(), "CommonInvalidStructure");
        assert!(error.to_string().contains("its type is \"105\""), "{error}");
    }
}

#[test]
fn text_of_another_form_is_not_a_reply() {
    for text in ["", "3", "[]", "{}", r#"{"op":"REPLY"}"#, r#"{"op":"PING","result":{}}"#] {
        let error = Reply::from_json(text).expect_err("not a reply");
        assert_eq!(error.code(), "CommonInvalidStructure", "{error}");
    }
}

#[test]
fn a_reply_with_wrong_members_is_an_error() {
    for result in [
        r#"{"type":"105"}"#,
        r#"{"type":"105","dest":"x","seqNo":1,"data":{}}"#,
        r#"{"type":"105","dest":"x","seqNo":1,"data":"{"}"#,
        r#"{"type":"105","dest":"x","seqNo":1,"data":"{\"dest\":\"x\",\"role\":\"77\"}"}"#,
        r#"{"type":"105","dest":"x","seqNo":1,"data":"{}"}"#,
        r#"{"type":"107","dest":"x","seqNo":1,"data":{"name":"n","version":"1.0","attr_names":[1]}}"#,
        r#"{"type":"107","dest":"x","seqNo":1,"data":[]}"#,
        r#"{"type":"108","origin":"x","ref":"8","signature_type":"CL","tag":"t","seqNo":1,"data":{}}"#,
        r#"{"type":"108","origin":"x","ref":8,"signature_type":"CL","tag":"t","seqNo":1,"data":{}}"#,
        r#"{"type":"108","origin":"x","ref":8,"signature_type":"XX","tag":"t","seqNo":1,"data":{"primary":{}}}"#,
    ] {
        let reply =
            Reply::from_json(&format!(r#"{{"op":"REPLY","result":{result}}}"#)).expect("a reply");
        for code in [
            parse_get_nym_response(&reply).expect_err("wrong").code(),
            parse_get_schema_response(&reply).expect_err("wrong").code(),
            parse_get_cred_def_response(&reply).expect_err("wrong").code(),
        ] {
            assert_eq!(code, "CommonInvalidStructure", "{result}");
        }
    }
}

#[test]
fn a_definition_with_a_malformed_number_is_an_error_without_it() {
    let CredentialDefinition::CredentialDefinitionV1(sound) = cred_def("x", 8);
    let sound = serde_json::to_value(&sound.value).expect("JSON");
    for (_, number) in malformed::numbers() {
        let mut data = sound.clone();
        data["primary"]["n"] = number.into();
        let result = serde_json::json!({
            "type": "108", "origin": "x", "ref": 8, "signature_type": "CL", "tag": "t", "seqNo": 1,
            "data": data,
        });
        let reply = serde_json::json!({"op": "REPLY", "result": result}).to_string();
        let reply = Reply::from_json(&reply).expect("a reply");
        let error = parse_get_cred_def_response(&reply).expect_err("malformed").to_string();
        assert!(
            error.contains("/value/primary/n") && !error.contains(malformed::PLANTED),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_reply_is_printed_and_serialized_as_it_was_received() {
    let (pool, _directory) = new_pool().await;
    let reply = read(&pool, build_get_nym_request(None, &steward().did)).await;
    let again = Reply::from_json(&reply.to_string()).expect("the same");
    assert_eq!(again, reply);
    assert_eq!(serde_json::to_string(&reply).expect("JSON"), reply.to_string());
    assert!(format!("{reply:#}").contains("\n"));
}
