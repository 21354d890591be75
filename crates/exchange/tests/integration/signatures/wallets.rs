//! Keys in wallets sign, and their signatures verify with the keys that their DIDs resolve to.

use std::sync::Arc;

use exchange::{
    did::{Did, DidDocument, KeyResolver, Resolver, VerificationMethod, document_of},
    key::{Signer, WalletSigner},
    signature::{Contexts, ProofType, Signed, sign, verify},
};
use tempfile::TempDir;
use test_support::wallets::temporary_wallet;
use wallet::{
    Wallet,
    did::{MyDidConfig, create_and_store_my_did},
};

use super::fixture::{document, now, options};
use crate::credit_card::Published;

const STEWARD_SEED: &str = "000000000000000000000000Steward1";
const STEWARD: &str = "Th7MpTaRZVRYnPiabds81Y";

async fn wallet_with_steward() -> (Arc<Wallet>, TempDir) {
    let (wallet, directory) = temporary_wallet().await;
    let mine = create_and_store_my_did(&wallet, &MyDidConfig::from_seed(STEWARD_SEED)).await;
    assert_eq!(mine.unwrap().did, STEWARD);
    (Arc::new(wallet), directory)
}

async fn assert_signs(signer: &dyn Signer, resolver: &dyn Resolver) {
    let contexts = Contexts::new();
    let options = options(ProofType::JcsEd25519Signature2020);
    let proof = sign(Signed::Message(&document()), &options, signer, &contexts).await;
    let did = Did::of_reference(signer.reference()).unwrap();
    let resolved = resolver.resolve(&did).await.unwrap();
    let method = resolved.method(signer.reference()).unwrap();
    let proof = serde_json::to_value(proof.unwrap()).unwrap();
    let verified = verify(Signed::Message(&document()), &proof, &method.key, &contexts, now());
    assert_eq!(verified, Ok(()), "{}", signer.reference());
}

#[tokio::test]
async fn a_wallet_s_key_signs_under_its_did_key() {
    let (wallet, _directory) = wallet_with_steward().await;
    let signer = WalletSigner::did_key(wallet, STEWARD).await.unwrap();
    assert!(signer.reference().starts_with("did:key:z6Mk"));
    assert_signs(&signer, &KeyResolver).await;
}

#[tokio::test]
async fn a_wallet_s_key_signs_under_a_did_with_a_published_document() {
    let (wallet, _directory) = wallet_with_steward().await;
    let did = format!("did:work:{STEWARD}").parse().unwrap();
    let signer = WalletSigner::of_did(wallet, &did).await.unwrap();
    let method = VerificationMethod::new(signer.reference(), signer.public_key());
    let published = document_of(&DidDocument::new(did, vec![method]));
    assert_signs(&signer, &Published::new([&published])).await;
}

#[tokio::test]
async fn a_did_that_the_wallet_does_not_hold_is_named() {
    let (wallet, _directory) = wallet_with_steward().await;
    let did = "did:work:WgWxqztrNooG92RXvxSTWv".parse().unwrap();
    let error = WalletSigner::of_did(wallet, &did).await.unwrap_err();
    assert!(error.to_string().contains("WgWxqztrNooG92RXvxSTWv"), "{error}");
}
