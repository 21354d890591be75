//! Which credential answers which referent.

use proofs::{
    CredentialFacts, Interval, Prefilter, ProofRequest, ReferentQuery, RequestVersion, Restriction,
    Tag, Tags, encoding,
};
use serde_json::{Value, json};

const ISSUER: &str = "VsKV7grR1BUE29mG2Fm2kX";
const ATTRIBUTES: [(&str, &str); 3] = [("First Name", "Alex"), ("age", "28"), ("sex", "male")];

/// Alex's credential, whose identifiers are in the short form.
fn alex() -> Tags {
    let facts = CredentialFacts::from_ids(
        "Th7MpTaRZVRYnPiabds81Y:2:gvt:1.0",
        "VsKV7grR1BUE29mG2Fm2kX:3:CL:12:TAG1",
        None,
        ATTRIBUTES,
    );
    Tags::from(facts)
}

/// The integer that predicates see in Alex's credential.
fn encoded(folded: &str) -> Option<i32> {
    let (_, raw) = ATTRIBUTES.iter().find(|(name, _)| proofs::names::same(name, folded))?;
    encoding::integer(&encoding::encode(raw))
}

fn request(attributes: Value, predicates: Value) -> Value {
    json!({
        "nonce": "1", "name": "r", "version": "1",
        "requested_attributes": attributes, "requested_predicates": predicates,
        "non_revoked": {"to": 100},
    })
}

fn attribute(requested: Value) -> ReferentQuery {
    let request = ProofRequest::from_value(&request(json!({"r": requested}), json!({}))).unwrap();
    request.query("r", None).unwrap()
}

fn predicate(name: &str, p_type: &str, p_value: i32) -> ReferentQuery {
    let requested = json!({"name": name, "p_type": p_type, "p_value": p_value});
    let request = ProofRequest::from_value(&request(json!({}), json!({"r": requested}))).unwrap();
    request.query("r", None).unwrap()
}

fn answers(query: &ReferentQuery) -> bool {
    query.matches(&alex(), RequestVersion::V1, encoded)
}

#[test]
fn the_credential_must_have_the_attribute_in_any_spelling() {
    assert!(answers(&attribute(json!({"name": "FirstName"}))));
    assert!(answers(&attribute(json!({"name": "first name"}))));
    assert!(!answers(&attribute(json!({"name": "height"}))));
}

#[test]
fn the_credential_must_have_every_attribute_of_a_group() {
    assert!(answers(&attribute(json!({"names": ["firstname", "SEX"]}))));
    assert!(!answers(&attribute(json!({"names": ["firstname", "height"]}))));
}

#[test]
fn the_credential_must_satisfy_the_restriction() {
    assert!(answers(&attribute(json!({"name": "sex", "restrictions": {"issuer_did": ISSUER}}))));
    assert!(!answers(&attribute(
        json!({"name": "sex", "restrictions": {"issuer_did": "another"}})
    )));
    assert!(answers(&attribute(
        json!({"name": "sex", "restrictions": [{"issuer_did": "another"}, {"schema_name": "gvt"}]})
    )));
}

#[test]
fn the_credential_must_satisfy_the_holders_own_condition() {
    let request =
        ProofRequest::from_value(&request(json!({"r": {"name": "sex"}}), json!({}))).unwrap();
    let with = |extra: Value| request.query("r", Restriction::parse(&extra).unwrap()).unwrap();
    assert!(answers(&with(json!({"attr::First Name::value": "Alex"}))));
    assert!(!answers(&with(json!({"attr::First Name::value": "Bob"}))));
    assert!(answers(&with(json!({}))));
}

#[test]
fn the_predicate_must_be_true() {
    assert!(answers(&predicate("Age", ">=", 28)));
    assert!(!answers(&predicate("age", ">", 28)));
    assert!(answers(&predicate("age", "<", 29)));
    assert!(!answers(&predicate("age", "<=", 27)));
}

#[test]
fn no_predicate_is_true_of_a_text_or_a_missing_attribute() {
    assert!(!answers(&predicate("sex", ">=", i32::MIN)));
    assert!(!answers(&predicate("height", ">=", i32::MIN)));
}

#[test]
fn the_version_of_the_request_decides_on_long_identifiers() {
    let query = attribute(
        json!({"name": "sex", "restrictions": {"issuer_did": format!("did:sov:{ISSUER}")}}),
    );
    assert!(query.matches(&alex(), RequestVersion::V1, encoded));
    assert!(!query.matches(&alex(), RequestVersion::V2, encoded));
}

#[test]
fn a_referents_own_interval_goes_before_the_requests() {
    assert_eq!(
        attribute(json!({"name": "sex"})).interval,
        Some(Interval { from: None, to: Some(100) })
    );
    let own = attribute(json!({"name": "sex", "non_revoked": {"from": 1}}));
    assert_eq!(own.interval, Some(Interval { from: Some(1), to: None }));
    assert_eq!(predicate("age", ">=", 18).interval, Some(Interval { from: None, to: Some(100) }));
}

#[test]
fn an_unknown_referent_has_no_rule() {
    let request =
        ProofRequest::from_value(&request(json!({"r": {"name": "sex"}}), json!({}))).unwrap();
    assert_eq!(request.query("another", None), None);
}

#[test]
fn the_prefilter_has_restriction_and_condition_but_no_markers() {
    let requested = json!({"r": {"name": "sex", "restrictions": {"schema_name": "gvt"}}});
    let request = ProofRequest::from_value(&request(requested, json!({}))).unwrap();
    let extra = Restriction::parse(&json!({"attr::sex::value": "male"})).unwrap();
    let gvt = Prefilter::Eq(Tag::SchemaName, "gvt".to_owned());
    let male = Prefilter::Eq(Tag::value("sex"), "male".to_owned());
    let ask = |query: Option<ReferentQuery>| query.unwrap().prefilter(RequestVersion::V1);
    assert_eq!(ask(request.query("r", extra)), Prefilter::All(vec![gvt.clone(), male]));
    assert_eq!(ask(request.query("r", None)), gvt);
    assert_eq!(
        attribute(json!({"name": "sex"})).prefilter(RequestVersion::V1),
        Prefilter::Everything
    );
}
