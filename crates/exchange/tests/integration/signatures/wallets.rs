//! Keys in wallets sign, and their signatures verify with the keys that their DIDs resolve to.

use std::{fs, sync::Arc};

use exchange::{
    did::{
        Did, DidDocument, DidRegistry, KeyResolver, Resolver, VerificationMethod, document_of,
        read_document,
    },
    key::{KeyKind, RsaSigner, Signer, WalletSigner},
    signature::{Contexts, Covers, ProofType, sign, verify},
};
use tempfile::TempDir;
use test_support::wallets::temporary_wallet;
use wallet::{
    Wallet,
    did::{MyDidConfig, create_and_store_my_did},
};
use zeroize::Zeroizing;

use super::fixture::{document, options, path};

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
    let proof = sign(&document(), Covers::Message, &options, signer, &contexts).await;
    let did = Did::of_reference(signer.reference()).unwrap();
    let resolved = resolver.resolve(&did).await.unwrap();
    let method = resolved.method(signer.reference()).unwrap();
    let proof = serde_json::to_value(proof.unwrap()).unwrap();
    let verified = verify(&document(), Covers::Message, &proof, &method.key, &contexts);
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
    let signer = WalletSigner::did_work(wallet, STEWARD).await.unwrap();
    let published = document_of(&DidDocument {
        did: signer.did().clone(),
        methods: vec![VerificationMethod {
            id: signer.reference().to_owned(),
            key: signer.public_key(),
        }],
    });
    let mut registry = DidRegistry::new();
    registry.add(read_document(&published).unwrap()).unwrap();
    assert_signs(&signer, &registry).await;
}

#[tokio::test]
async fn a_did_that_the_wallet_does_not_hold_is_named() {
    let (wallet, _directory) = wallet_with_steward().await;
    let error = WalletSigner::did_work(wallet, "WgWxqztrNooG92RXvxSTWv").await.unwrap_err();
    assert!(error.to_string().contains("WgWxqztrNooG92RXvxSTWv"), "{error}");
}

#[tokio::test]
async fn an_rsa_key_is_read_back_from_the_wallet_unchanged() {
    let (wallet, _directory) = wallet_with_steward().await;
    let pem = Zeroizing::new(fs::read(path("keys/rsa-2048-private-key.pem")).unwrap());
    let reference = "did:work:6sYe1y3zXhmyrBkgHgAgaq#rsa-1";
    let imported = RsaSigner::import(&wallet, pem.clone(), reference).await.unwrap();
    let stored = RsaSigner::from_wallet(&wallet, reference).await.unwrap();
    assert_eq!(stored.kind(), KeyKind::Rsa);
    assert_eq!(stored.public_key(), imported.public_key());
    assert_eq!(stored.sign(b"message").await.unwrap(), imported.sign(b"message").await.unwrap());
    let again = RsaSigner::import(&wallet, pem, reference).await.unwrap_err();
    assert!(again.to_string().contains("#rsa-1"), "{again}");
    let missing = RsaSigner::from_wallet(&wallet, "did:work:x#rsa-2").await.unwrap_err();
    assert!(missing.to_string().contains("did:work:x#rsa-2"), "{missing}");
}

#[test]
fn other_bytes_than_an_rsa_key_of_2048_bits_are_refused() {
    let short = fs::read(path("keys/rsa-1024-private-key.pem")).unwrap();
    for bytes in [b"secret".to_vec(), Vec::new(), short] {
        let error = RsaSigner::from_pkcs8(Zeroizing::new(bytes), "did:work:x#rsa-1").unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(shown.contains("did:work:x#rsa-1"), "{shown}");
        assert!(!shown.contains("secret"), "{shown}");
    }
}
