//! Building requests, and the input that is refused.

use indy_credx::types::{AttributeNames, CredentialDefinition, DidValue, Schema};
use ledger::{
    LedgerError, LedgerRequest, Role, build_cred_def_request, build_get_cred_def_request,
    build_get_nym_request, build_get_schema_request, build_nym_request, build_schema_request,
};

const STEWARD: &str = "Th7MpTaRZVRYnPiabds81Y";
const TRUSTEE: &str = "V4SGRU86Z58d6TV7PBUe6f";
const NEW_DID: &str = "VsKV7grR1BUE29mG2Fm2kX";
const VERKEY: &str = "GjZWsBLgZCR18aL468JAT7w9CZRiBnpxUPPgyQxh4voa";
const CRED_DEF: &str = include_str!("../golden/cred-def.definition.json");

fn schema(author: &str, version: &str, attr_names: &[&str]) -> Schema {
    let attr_names = AttributeNames::from(attr_names);
    let author = DidValue::new(author, None);
    indy_credx::issuer::create_schema(&author, "gvt", version, attr_names, None).expect("a schema")
}

fn tutorial_schema() -> Schema {
    schema(STEWARD, "1.0", &["sex", "name", "height", "age"])
}

fn cred_def(change: impl FnOnce(&mut serde_json::Value)) -> CredentialDefinition {
    let mut json = serde_json::from_str(CRED_DEF).expect("JSON");
    change(&mut json);
    serde_json::from_value(json).expect("a credential definition")
}

fn problem(result: Result<LedgerRequest, LedgerError>) -> String {
    let error = result.expect_err("refused");
    assert_eq!(error.code(), "CommonInvalidStructure");
    error.to_string()
}

/// The golden files hold what the Python package `indy-vdr` 0.4.2, Indy's own client, builds from
/// the same input: `request.body` in `*.request.json`, `request.signature_input` in
/// `*.signing.txt`. They were recorded once, on 2026-11-21. (That client writes a schema's
/// attributes in any order; the golden request is one in which they were sorted.)
#[track_caller]
fn assert_golden(request: Result<LedgerRequest, LedgerError>, body: &str, signing_input: &str) {
    let mut request = request.expect("a request");
    let golden: LedgerRequest = serde_json::from_str(body).expect("the golden request");
    request.req_id = golden.req_id;
    assert_eq!(request.to_json(), body);
    assert_eq!(request.signature_input(), signing_input);
    assert_eq!(request, golden);
}

macro_rules! assert_golden {
    ($request:expr, $name:literal) => {
        assert_golden(
            $request,
            include_str!(concat!("../golden/", $name, ".request.json")),
            include_str!(concat!("../golden/", $name, ".signing.txt")),
        )
    };
}

#[test]
fn a_nym_request_is_that_of_indy_vdr() {
    let role = Some(Role::TrustAnchor);
    assert_golden!(
        build_nym_request(STEWARD, NEW_DID, Some(VERKEY), Some("Trust Anchor 1"), role),
        "nym"
    );
    assert_golden!(build_nym_request(STEWARD, NEW_DID, None, None, None), "nym-plain");
}

#[test]
fn a_schema_request_is_that_of_indy_vdr() {
    assert_golden!(build_schema_request(STEWARD, &tutorial_schema()), "schema");
}

#[test]
fn a_cred_def_request_is_that_of_indy_vdr() {
    assert_golden!(build_cred_def_request(STEWARD, &cred_def(|_| ())), "cred-def");
}

#[test]
fn read_requests_are_those_of_indy_vdr() {
    assert_golden!(build_get_nym_request(Some(STEWARD), TRUSTEE), "get-nym");
    assert_golden!(build_get_nym_request(None, TRUSTEE), "get-nym-anonymous");
    assert_golden!(
        build_get_schema_request(Some(STEWARD), "Th7MpTaRZVRYnPiabds81Y:2:gvt:1.0"),
        "get-schema"
    );
    assert_golden!(
        build_get_cred_def_request(Some(STEWARD), "Th7MpTaRZVRYnPiabds81Y:3:CL:8:TAG1"),
        "get-cred-def"
    );
}

#[test]
fn each_request_id_is_greater_than_the_previous_one() {
    let ids: Vec<u64> =
        (0..100).map(|_| build_get_nym_request(None, TRUSTEE).expect("a request").req_id).collect();
    assert!(ids.is_sorted_by(|a, b| a < b));
}

#[test]
fn the_signature_is_not_part_of_the_signed_text() {
    let mut request = build_get_nym_request(None, TRUSTEE).expect("a request");
    let before = request.signature_input();
    request.signature = Some("abc".to_owned());
    assert_eq!(request.signature_input(), before);
}

#[test]
fn a_malformed_did_is_refused_and_named() {
    for did in ["", "abc", "0OIl0OIl0OIl0OIl0OIl00", "did:sov:Th7MpTaRZVRYnPiabds81Y"] {
        let message = problem(build_nym_request(STEWARD, did, None, None, None));
        assert!(message.contains("target DID"), "{message}");
        let message = problem(build_nym_request(did, STEWARD, None, None, None));
        assert!(message.contains("submitter DID"), "{message}");
        problem(build_get_nym_request(Some(did), STEWARD));
        problem(build_get_nym_request(None, did));
    }
}

#[test]
fn a_malformed_verkey_is_refused() {
    for verkey in ["", "~", "abc", STEWARD, "~GjZWsBLgZCR18aL468JAT7w9CZRiBnpxUPPgyQxh4voa"] {
        let message = problem(build_nym_request(STEWARD, NEW_DID, Some(verkey), None, None));
        assert!(message.contains("verkey"), "{message}");
    }
}

#[test]
fn an_alias_has_1_to_256_characters() {
    let with_alias = |alias: &str| build_nym_request(STEWARD, NEW_DID, None, Some(alias), None);
    problem(with_alias(""));
    problem(with_alias(&"a".repeat(257)));
    with_alias(&"é".repeat(256)).expect("256 characters are fine");
}

#[test]
fn a_schema_of_another_author_is_refused() {
    let message = problem(build_schema_request(TRUSTEE, &tutorial_schema()));
    assert!(message.contains("V4SGRU86Z58d6TV7PBUe6f:2:gvt:1.0"), "{message}");
}

#[test]
fn a_schema_version_that_nodes_do_not_take_is_refused() {
    for version in ["", "1", "1.0.0.0", "1.x", "1.", "v1.0", "1.0-beta"] {
        let message = problem(build_schema_request(STEWARD, &schema(STEWARD, version, &["a"])));
        assert!(message.contains("schema version"), "{message}");
    }
}

#[test]
fn a_schema_has_1_to_125_named_attributes() {
    let with_attributes =
        |names: &[&str]| build_schema_request(STEWARD, &schema(STEWARD, "1.0", names));
    let names: Vec<String> = (0..126).map(|number| format!("a{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    problem(with_attributes(&[]));
    problem(with_attributes(&names));
    problem(with_attributes(&["age", ""]));
    with_attributes(&names[..125]).expect("125 attributes are fine");
}

#[test]
fn a_cred_def_refers_to_its_schema_by_sequence_number() {
    for schema_id in ["Th7MpTaRZVRYnPiabds81Y:2:gvt:1.0", "0", "-1", "08", "4294967296", ""] {
        let cred_def = cred_def(|json| json["schemaId"] = schema_id.into());
        let message = problem(build_cred_def_request(STEWARD, &cred_def));
        assert!(message.contains("sequence number"), "{message}");
    }
}

#[test]
fn a_cred_def_of_another_author_schema_or_tag_is_refused() {
    problem(build_cred_def_request(TRUSTEE, &cred_def(|_| ())));
    for (member, value) in [("schemaId", "9"), ("tag", "TAG2")] {
        let cred_def = cred_def(|json| json[member] = value.into());
        let message = problem(build_cred_def_request(STEWARD, &cred_def));
        assert!(message.contains("filed as"), "{message}");
    }
}

#[test]
fn a_malformed_schema_or_cred_def_id_is_refused() {
    for id in ["", "8", "Th7MpTaRZVRYnPiabds81Y", "Th7MpTaRZVRYnPiabds81Y:2:gvt", "x:2:gvt:1.0"] {
        problem(build_get_schema_request(None, id));
    }
    for id in [
        "",
        "Th7MpTaRZVRYnPiabds81Y:3:CL:8",
        "Th7MpTaRZVRYnPiabds81Y:2:CL:8:TAG1",
        "Th7MpTaRZVRYnPiabds81Y:3:CL:Th7MpTaRZVRYnPiabds81Y:2:gvt:1.0:TAG1",
        "Th7MpTaRZVRYnPiabds81Y:3:CL:8:",
        "x:3:CL:8:TAG1",
    ] {
        problem(build_get_cred_def_request(None, id));
    }
}

#[test]
fn a_name_or_tag_with_a_colon_is_parsed_from_an_id() {
    let schema = build_get_schema_request(None, "Th7MpTaRZVRYnPiabds81Y:2:a:b:1.0").expect("built");
    assert_eq!(schema.operation["data"]["name"], "a:b");
    let id = "Th7MpTaRZVRYnPiabds81Y:3:CL:8:a:b";
    let cred_def = build_get_cred_def_request(None, id).expect("built");
    assert_eq!(cred_def.operation["tag"], "a:b");
}

#[test]
fn roles_have_the_codes_of_the_ledger() {
    for (code, role) in [
        ("0", Role::Trustee),
        ("2", Role::Steward),
        ("101", Role::TrustAnchor),
        ("201", Role::NetworkMonitor),
    ] {
        assert_eq!(role.code(), code);
        assert_eq!(Role::from_code(code), Some(role));
    }
    assert_eq!(Role::from_code(""), None);
    assert_eq!(ledger::PROTOCOL_VERSION, 2);
}
