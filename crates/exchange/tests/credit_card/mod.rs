//! The draft's credit-card application: a verifier, a holder, and four issuers. The messages are
//! made by hand, so that any of them can be wrong.

#![allow(dead_code, reason = "each target uses a part of it")]

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use chrono::{DateTime, Utc};
use exchange::{
    did::{Did, DidDocument, PublicKey, ResolveError, Resolver, VerificationMethod, read_document},
    key::{MemorySigner, Signer},
    message::{Mode, ProofRequest, Received},
    signature::{self, Contexts, KeyMember, ProofType, SignatureOptions, Signed},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub const VERIFIER: &str = "did:work:WrgHL2icHVN8vwZtY9YmjY";
pub const HOLDER: &str = "did:work:93kmikE6QnaaNSpA3Fp8Sm";
pub const MAIL: &str = "did:work:7SWNtygraxEPqNKhuWpw8f";
pub const LICENCES: &str = "did:work:2LwMkQadbzQVTGAqUBqWUV";
pub const POST: &str = "did:work:W4Qi2D1DpBZig513ztvCFC";
pub const EMPLOYER: &str = "did:work:EgLY8mysgbLmj542ygMKWo";
/// A DID that the request does not name.
pub const OTHER_ISSUER: &str = "did:work:YXMykiTuPju9nEZDxvUKx6";
/// A DID that does not resolve.
pub const UNKNOWN: &str = "did:work:847yjhrkgjferkrgebsd";

pub const MAIL_SCHEMA: &str = "did:work:D7jC1h6LibDbZiF6E9uzhz;schema=1234;version=1.0";
pub const ADDRESS_SCHEMA: &str = "did:work:3CRANqJJNw2uU3ZxyBBSwX;schema=1333;version=1.0";
pub const PAYSLIP_SCHEMA: &str = "did:work:KypRcDbLYAUwaA7nPuP3Tf;schema=1333;version=1.0";

/// When credentials were issued.
pub const ISSUED: &str = "2019-08-23T14:27:45Z";
/// When the request was signed.
pub const ASKED: &str = "2019-08-25T09:00:00Z";
/// When the response was signed.
pub const ANSWERED: &str = "2019-08-25T09:10:00Z";
/// When the request expires.
pub const EXPIRES: &str = "2019-08-25T10:00:00Z";

/// The id of a credential that takes the place of another.
pub const OTHER_ID: &str = "1f2e5f0c-5c0f-4c3e-8a53-6f1a2b7c9d10";

pub const REQUEST_ID: &str = "eedeec15-c364-4e4c-b7a7-871413e412f9";

pub fn time(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Returns the time of the verification.
pub fn now() -> DateTime<Utc> {
    time("2019-08-25T09:11:00Z")
}

/// Resolves all DIDs but [`UNKNOWN`].
pub struct TestResolver;

#[async_trait::async_trait]
impl Resolver for TestResolver {
    async fn resolve(&self, did: &Did) -> Result<DidDocument, ResolveError> {
        let id = did.as_str();
        let remedy = "add its document to the registry".to_owned();
        if id == UNKNOWN {
            return Err(ResolveError::NotFound(did.clone(), remedy));
        }
        let method =
            |name: &str| VerificationMethod::new(format!("{id}#{name}"), public_key(id, name));
        Ok(DidDocument::new(did.clone(), vec![method("key-1"), method("key-2")]))
    }
}

/// Resolves the DIDs of some documents.
pub struct Published(BTreeMap<Did, DidDocument>);

impl Published {
    pub fn new<'d>(documents: impl IntoIterator<Item = &'d Value>) -> Self {
        let documents = documents.into_iter().map(|document| read_document(document).unwrap());
        Self(documents.map(|document| (document.did.clone(), document)).collect())
    }
}

#[async_trait::async_trait]
impl Resolver for Published {
    async fn resolve(&self, did: &Did) -> Result<DidDocument, ResolveError> {
        let remedy = "publish its document".to_owned();
        let unknown = || ResolveError::NotFound(did.clone(), remedy);
        self.0.get(did).cloned().ok_or_else(unknown)
    }
}

/// Returns the key of a DID under this name.
pub fn key(did: &str, name: &str) -> MemorySigner {
    let seed = Sha256::digest(format!("{did}#{name}"));
    MemorySigner::from_seed(&seed.into(), format!("{did}#{name}"))
}

fn public_key(did: &str, name: &str) -> PublicKey {
    key(did, name).public_key()
}

pub fn resolver() -> Arc<dyn Resolver> {
    Arc::new(TestResolver)
}

/// Whether nonces depend on what is signed alone, and not on what was signed before.
static NONCES_OF_CONTENT: AtomicBool = AtomicBool::new(false);

/// Has the same nonces made for the same content in every run, as files need it that are written
/// once.
pub fn make_nonces_of_content() {
    NONCES_OF_CONTENT.store(true, Ordering::Relaxed);
}

/// Returns a nonce: another for each signature, or the same for the same content.
fn nonce(signed: Signed<'_>, signer: &dyn Signer) -> String {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let number = match NONCES_OF_CONTENT.load(Ordering::Relaxed) {
        true => number_of(signed, signer),
        false => NUMBER.fetch_add(1, Ordering::Relaxed),
    };
    format!("00000000-0000-4000-8000-{number:012}")
}

fn number_of(signed: Signed<'_>, signer: &dyn Signer) -> u64 {
    let (whole, entry) = match signed {
        Signed::Message(whole) | Signed::Credential(whole) => (whole, None),
        Signed::Claim(whole, entry) => (whole, Some(entry)),
    };
    let text = format!("{} {entry:?} {whole}", signer.reference());
    let digest = Sha256::digest(text);
    let number = digest[..8].iter().fold(0, |number: u64, byte| (number << 8) | u64::from(*byte));
    number % 1_000_000_000_000
}

/// Returns a proof of a document, which may have a proof already.
pub async fn proof_by(signed: Signed<'_>, signer: &dyn Signer, created: &str) -> Value {
    let options = SignatureOptions {
        proof_type: ProofType::Ed25519VerificationKey2018,
        created: time(created),
        nonce: nonce(signed, signer),
        key_member: KeyMember::Creator,
    };
    let proof = signature::sign(signed, &options, signer, &Contexts::new()).await;
    serde_json::to_value(proof.unwrap()).unwrap()
}

/// Returns the request, without a signature.
pub fn unsigned_request() -> Value {
    let criteria: Value = serde_json::from_str(include_str!("credit-card-criteria.json")).unwrap();
    json!({
        "id": REQUEST_ID,
        "proofURL": "https://example.com/v1/proof-response",
        "proofRequest": {
            "criteria": criteria,
            "description": "Credit card application information",
            "expires": EXPIRES,
            "verifier": VERIFIER,
        },
    })
}

/// Returns a request with the verifier's signature.
pub async fn signed_request(mut request: Value) -> Received<ProofRequest> {
    let proof = proof_by(Signed::Message(&request), &key(VERIFIER, "key-1"), ASKED).await;
    request["proof"] = proof;
    Received::of(request, Mode::Usual).unwrap()
}

pub async fn request() -> Received<ProofRequest> {
    signed_request(unsigned_request()).await
}

/// Returns a credential without its attributes.
pub fn metadata(issuer: &str, id: &str) -> Value {
    json!({
        "@context": ["https://www.w3.org/2018/credentials/v1"],
        "id": id,
        "issuanceDate": ISSUED,
        "issuerDid": issuer,
        "type": ["VerifiableCredential"],
    })
}

/// Returns a credential with attributes, each signed by its issuer, about a subject.
pub async fn issued(mut metadata: Value, subject: &str, attributes: &[(&str, &str)]) -> Value {
    let issuer = metadata["issuerDid"].as_str().unwrap().to_owned();
    let entries = attributes.iter();
    let entries = entries.map(|(name, value)| json!({"id": subject, "key": name, "value": value}));
    metadata["credentialSubjects"] = entries.collect();
    for entry in 0..attributes.len() {
        let claim = Signed::Claim(&metadata, entry);
        let proof = proof_by(claim, &key(&issuer, "key-1"), ISSUED).await;
        metadata["credentialSubjects"][entry]["proof"] = json!([proof]);
    }
    metadata
}

/// Returns a credential of a schema, about the holder.
pub async fn of_schema(issuer: &str, id: &str, schema: &str, attributes: &[(&str, &str)]) -> Value {
    let mut metadata = metadata(issuer, id);
    metadata["schemaId"] = schema.into();
    issued(metadata, HOLDER, attributes).await
}

pub async fn email() -> Value {
    let id = "6adb968b-52df-4da0-a720-4a0a6ac8f8db";
    of_schema(MAIL, id, MAIL_SCHEMA, &[("emailAddress", "noreply@example.com")]).await
}

pub async fn licence() -> Value {
    let mut metadata = metadata(LICENCES, "https://stateagency.gov/licences/4711");
    metadata["@context"] =
        json!(["https://www.w3.org/2018/credentials/v1", "https://stateagency.gov"]);
    metadata["type"] = json!(["VerifiableCredential", "DrivingLicenceCredential"]);
    metadata["expirationDate"] = "2029-08-23T00:00:00Z".into();
    let attributes =
        [("FirstName", "Alice"), ("LastName", "Garcia"), ("Date Of Birth", "1990-05-17")];
    issued(metadata, HOLDER, &attributes).await
}

pub const ADDRESS: [(&str, &str); 5] = [
    ("city", "Dublin"),
    ("country", "Ireland"),
    ("postalCode", "D07 H6K8"),
    ("street1", "King's Building"),
    ("street2", "May Lane"),
];

pub async fn address() -> Value {
    let id = "0a8a3a8c-8a1c-4b0a-9f7c-0d6c6a1e2b11";
    of_schema(POST, id, ADDRESS_SCHEMA, &ADDRESS).await
}

pub async fn payslip(month: u32) -> Value {
    let id = format!("12c21009-7c13-42da-9cb8-01ea805ed3{month:02}");
    let (start, end) =
        (format!("2019-{month:02}-01T00:00:00Z"), format!("2019-{month:02}-28T00:00:00Z"));
    let attributes = [
        ("currency", "EUR"),
        ("grossPay", "5000"),
        ("payPeriodEnd", &*end),
        ("payPeriodStart", &*start),
    ];
    of_schema(EMPLOYER, &id, PAYSLIP_SCHEMA, &attributes).await
}

pub async fn payslips(months: impl IntoIterator<Item = u32>) -> Vec<Value> {
    let mut payslips = Vec::new();
    for month in months {
        payslips.push(payslip(month).await);
    }
    payslips
}

/// Returns a presentation of some credentials, without a signature.
pub fn presentation(number: usize, credentials: Vec<Value>) -> Value {
    json!({
        "@context": ["https://www.w3.org/2018/credentials/v1"],
        "created": ANSWERED,
        "id": format!("b9cd5414-7c36-4c59-91f3-11a8bbca{number:04}"),
        "type": ["VerifiablePresentation"],
        "verifiableCredential": credentials,
    })
}

/// Returns the answer to the criterion of a request with this index, a presentation for each
/// credential.
pub fn answer(request: &Received<ProofRequest>, index: usize, credentials: Vec<Value>) -> Value {
    use exchange::message::{Form, Spelling};
    let criterion =
        request.message().body.criteria[index].written(Spelling::Response, Form::default());
    let credentials = credentials.into_iter().enumerate();
    let presentations = credentials
        .map(|(number, credential)| presentation(100 * index + number, vec![credential]));
    json!({"Criterion": criterion, "Presentations": presentations.collect::<Vec<_>>()})
}

/// Returns the whole answer, signed by the issuers, and not by the holder.
pub async fn unsigned_response(request: &Received<ProofRequest>) -> Value {
    let answers = [
        answer(request, 0, vec![email().await]),
        answer(request, 1, vec![licence().await]),
        answer(request, 2, vec![address().await]),
        answer(request, 3, payslips(1..=6).await),
    ];
    json!({
        "id": "672841fc-10a6-4c13-b3e0-349da08ae9f3",
        "proofRequestId": request.message().id,
        "FulfilledCriteria": answers,
    })
}

/// Signs all presentations of a response, and the response, with the holder's key.
pub async fn sign(response: &mut Value) {
    sign_presentations(response).await;
    sign_response(response).await;
}

pub async fn sign_presentations(response: &mut Value) {
    let answers = response["FulfilledCriteria"].as_array_mut();
    let lists = answers.into_iter().flatten();
    let lists = lists.filter_map(|answer| answer["Presentations"].as_array_mut());
    for presentation in lists.flatten() {
        let signer = key(HOLDER, "key-1");
        let proof = proof_by(Signed::Message(presentation), &signer, ANSWERED).await;
        presentation["proof"] = json!([proof]);
    }
}

pub async fn sign_response(response: &mut Value) {
    let proof = proof_by(Signed::Message(response), &key(HOLDER, "key-1"), ANSWERED).await;
    response["proof"] = json!([proof]);
}

/// Returns the whole answer with all signatures.
pub async fn response(request: &Received<ProofRequest>) -> Value {
    let mut response = unsigned_response(request).await;
    sign(&mut response).await;
    response
}

pub fn bytes(document: &Value) -> Vec<u8> {
    serde_json::to_vec(document).unwrap()
}
