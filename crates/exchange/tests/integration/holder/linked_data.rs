//! Credentials and responses that are signed as linked data.

use std::{collections::BTreeMap, sync::Arc};

use exchange::{
    did::{Did, DidDocument, PublicKey, ResolveError, Resolver, VerificationMethod},
    error::ExchangeError,
    holder::{OptionalAttributes, PreparedResponse, SignatureCheck, choose},
    id::RandomIds,
    issuer::{NewCredential, issue},
    key::{RsaSigner, Signer},
    message::{CredentialKind, ProofRequest, ProofResponse, Received, VerifiableCredential},
    signature::{Contexts, EXCHANGE_CONTEXT, KeyMember, ProofType},
    verifier::ExchangeVerifier,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    credential,
    matching::found,
    store_verified,
    wallets::{self, TestWallet},
};
use crate::credit_card::{
    HOLDER, LICENCES, MAIL, MAIL_SCHEMA, TestResolver, bytes, key, now, signed_request, time,
    unsigned_request,
};

/// Returns those of the crate, and that of the driving licence.
fn contexts() -> Contexts {
    let mut contexts = Contexts::new();
    let licence = json!({"@context": {
        "@version": 1.1,
        "DrivingLicenceCredential": "https://stateagency.gov/#DrivingLicenceCredential",
    }});
    contexts.add("https://stateagency.gov", licence);
    contexts
}

/// Resolves the DIDs of the credit-card application, with another key for the holder.
struct WithHolder(PublicKey);

#[async_trait::async_trait]
impl Resolver for WithHolder {
    async fn resolve(&self, did: &Did) -> Result<DidDocument, ResolveError> {
        let mut document = TestResolver.resolve(did).await?;
        if did.as_str() == HOLDER {
            let id = format!("{HOLDER}#rsa");
            document.methods = vec![VerificationMethod::new(id, self.0.clone())];
        }
        Ok(document)
    }
}

async fn issued(
    issuer: &str,
    kind: CredentialKind,
    attributes: &[(&str, &str)],
) -> Received<VerifiableCredential> {
    let attributes = attributes.iter();
    let order = NewCredential {
        id: None,
        subject: HOLDER.parse().unwrap(),
        kind,
        issued: time("2019-08-23T14:28:03Z"),
        expires: None,
        attributes: attributes
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        proof_type: ProofType::Ed25519Signature2018,
        key_member: KeyMember::VerificationMethod,
    };
    let signer = key(issuer, "key-1");
    issue(&order, &signer, &mut RandomIds, &contexts()).await.unwrap()
}

async fn licence() -> Received<VerifiableCredential> {
    let kind = CredentialKind::LinkedData {
        context: "https://stateagency.gov".to_owned(),
        kind: "DrivingLicenceCredential".to_owned(),
    };
    let attributes =
        [("FirstName", "Alice"), ("LastName", "Garcia"), ("Date Of Birth", "1990-05-17")];
    issued(LICENCES, kind, &attributes).await
}

async fn email() -> Received<VerifiableCredential> {
    let kind = CredentialKind::Schema(MAIL_SCHEMA.to_owned());
    issued(MAIL, kind, &[("emailAddress", "alice@example.com")]).await
}

async fn verified(
    wallet: &TestWallet,
    credential: &Received<VerifiableCredential>,
) -> Result<bool, ExchangeError> {
    let with = SignatureCheck { resolver: &TestResolver, contexts: &contexts(), now: now() };
    store_verified(wallet, credential, with).await
}

/// Returns a wallet with both, and a request for both that accepts this.
async fn scene(accept: Value) -> (TestWallet, Received<ProofRequest>) {
    let wallet = wallets::empty().await;
    for credential in [licence().await, email().await] {
        assert!(verified(&wallet, &credential).await.unwrap());
    }
    let mut request = unsigned_request();
    let asked = &mut request["proofRequest"];
    asked["criteria"] = json!([asked["criteria"][0], asked["criteria"][1]]);
    asked["accept"] = accept;
    (wallet, signed_request(request).await)
}

async fn responded(
    (wallet, request): &(TestWallet, Received<ProofRequest>),
    signer: &dyn Signer,
    contexts: &Contexts,
) -> Result<Received<ProofResponse>, ExchangeError> {
    let found = found(wallet, request).await;
    let answers =
        choose(request.message(), &found, BTreeMap::new(), &OptionalAttributes::new()).unwrap();
    let prepared = PreparedResponse::new(wallet, request, &answers, signer, now()).await?;
    prepared.sign(now(), &mut (1..).map(Uuid::from_u128), contexts).await
}

#[tokio::test]
async fn a_credential_of_linked_data_names_its_contexts_and_verifies() {
    let licence = licence().await;
    let document = licence.document();
    assert_eq!(
        document["@context"],
        json!([
            "https://www.w3.org/2018/credentials/v1",
            "https://stateagency.gov",
            EXCHANGE_CONTEXT
        ])
    );
    assert!(document["id"].as_str().unwrap().starts_with("urn:uuid:"));
    assert!(email().await.message().id.starts_with("urn:uuid:"));
    let wallet = wallets::empty().await;
    assert!(verified(&wallet, &licence).await.unwrap());
}

#[tokio::test]
async fn an_altered_value_of_linked_data_is_not_stored() {
    let mut altered = licence().await.document().clone();
    altered["credentialSubjects"][2]["value"] = json!("2000-05-17");
    let error = verified(&wallets::empty().await, &credential(altered)).await.unwrap_err();
    assert!(error.to_string().contains("is refused: "), "{error}");
}

#[tokio::test]
async fn a_response_in_json_ld_is_made_and_verified() {
    let scene = scene(json!(["json-ld/Ed25519Signature2018"])).await;
    let response = responded(&scene, &key(HOLDER, "key-1"), &contexts()).await.unwrap();
    assert_eq!(response.document()["type"], json!(["ProofResponse"]));
    assert_eq!(response.document()["@context"][1], EXCHANGE_CONTEXT);
    let mut verifier = ExchangeVerifier::new(Arc::new(TestResolver));
    verifier.contexts = contexts();
    let verdict = verifier.explain(&scene.1, &bytes(response.document()), now()).await;
    assert!(verdict.verified(), "{verdict}");
}

#[tokio::test]
async fn a_holder_with_an_rsa_key_answers_in_json_ld() {
    let pem = include_bytes!("../signatures/keys/rsa-2048-private-key.pem");
    let signer = RsaSigner::from_pem(pem, format!("{HOLDER}#rsa")).unwrap();
    let accept = json!([
        "json/Ed25519VerificationKey2018",
        "json-ld/RsaSignature2018",
        "json-ld/Ed25519Signature2018"
    ]);
    let scene = scene(accept).await;
    let response = responded(&scene, &signer, &contexts()).await.unwrap();
    assert_eq!(response.message().proof[0].kind, "RsaSignature2018");
    let resolver = Arc::new(WithHolder(signer.public_key()));
    let mut verifier = ExchangeVerifier::new(resolver);
    verifier.contexts = contexts();
    let verdict = verifier.explain(&scene.1, &bytes(response.document()), now()).await;
    assert!(verdict.verified(), "{verdict}");
}

#[tokio::test]
async fn an_unknown_context_leads_to_the_next_format_or_an_error() {
    let holder = key(HOLDER, "key-1");
    let both = json!(["json-ld/Ed25519Signature2018", "json/Ed25519VerificationKey2018"]);
    let response = responded(&scene(both).await, &holder, &Contexts::new()).await.unwrap();
    assert_eq!(response.message().proof[0].kind, "Ed25519VerificationKey2018");

    let one = scene(json!(["json-ld/Ed25519Signature2018"])).await;
    let error = responded(&one, &holder, &Contexts::new()).await.unwrap_err();
    assert!(matches!(error, ExchangeError::Signature { .. }), "{error}");
    assert!(error.to_string().contains("https://stateagency.gov"), "{error}");
}
