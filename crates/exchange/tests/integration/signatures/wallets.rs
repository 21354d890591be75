//! Keys that are kept in wallets sign, and what they sign verifies with what their DIDs resolve to.

use std::{fs, sync::Arc};

use indy::{
    did::{MyDidConfig, create_and_store_my_did},
    pool::{PoolLedgerConfig, create_pool_ledger_config, open_pool_ledger},
    wallet::{
        Wallet, WalletConfig, WalletCredentials, WalletStorage, create_wallet, generate_wallet_key,
        open_wallet,
    },
};
use exchange::{
    did::{
        Did, DidDocument, KeyResolver, DidRegistry, ResolveError, Resolver, SovResolver,
        VerificationMethod, document_of, read_document,
    },
    key::{KeyKind, RsaSigner, Signer, WalletSigner},
    signature::{Contexts, Covers, ProofType, sign, verify},
};
use tempfile::TempDir;
use zeroize::Zeroizing;

use crate::scene::{document, options, path};

/// The first steward: the embedded ledger has its DID from the start.
const STEWARD_SEED: &str = "000000000000000000000000Steward1";
const STEWARD: &str = "Th7MpTaRZVRYnPiabds81Y";

async fn wallet_with_steward() -> (Arc<Wallet>, TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let config = WalletConfig {
        id: "signers".to_owned(),
        storage: WalletStorage::Sqlite {
            directory: directory.path().to_owned(),
        },
    };
    let credentials = WalletCredentials::raw(generate_wallet_key().unwrap());
    create_wallet(&config, &credentials).await.unwrap();
    let wallet = open_wallet(&config, &credentials).await.unwrap();
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
async fn a_wallet_s_key_signs_under_a_did_of_which_it_publishes_the_document() {
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
async fn a_did_sov_resolves_to_the_verkey_on_the_ledger() {
    let (wallet, _wallet_directory) = wallet_with_steward().await;
    let directory = tempfile::tempdir().unwrap();
    let embedded = PoolLedgerConfig::embedded();
    create_pool_ledger_config(directory.path(), "pool", &embedded)
        .await
        .unwrap();
    let pool = open_pool_ledger(directory.path(), "pool").await.unwrap();
    let resolver = SovResolver::new(Arc::new(pool));

    let signer = WalletSigner::did_sov(wallet, STEWARD).await.unwrap();
    assert_eq!(signer.reference(), "did:sov:Th7MpTaRZVRYnPiabds81Y#key-1");
    assert_signs(&signer, &resolver).await;

    let resolve = async |did: &str| resolver.resolve(&did.parse().unwrap()).await.unwrap_err();
    let unknown = resolve("did:sov:WgWxqztrNooG92RXvxSTWv").await;
    assert!(
        matches!(unknown, ResolveError::NotFound { .. }),
        "{unknown}"
    );
    let malformed = resolve("did:sov:staging:WgWxqztrNooG92RXvxSTWv").await;
    assert!(
        matches!(malformed, ResolveError::Malformed { .. }),
        "{malformed}"
    );
    let other_method = resolve("did:work:Th7MpTaRZVRYnPiabds81Y").await;
    assert!(
        matches!(other_method, ResolveError::UnknownMethod { .. }),
        "{other_method}"
    );
}

#[tokio::test]
async fn a_did_that_the_wallet_does_not_hold_is_named() {
    let (wallet, _directory) = wallet_with_steward().await;
    let error = WalletSigner::did_work(wallet, "WgWxqztrNooG92RXvxSTWv")
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("WgWxqztrNooG92RXvxSTWv"),
        "{error}"
    );
}

#[tokio::test]
async fn an_rsa_key_is_kept_in_a_wallet_and_comes_back_the_same() {
    let (wallet, _directory) = wallet_with_steward().await;
    let pem = Zeroizing::new(fs::read(path("keys/rsa-2048-private-key.pem")).unwrap());
    let reference = "did:work:6sYe1y3zXhmyrBkgHgAgaq#rsa-1";
    let imported = RsaSigner::import(&wallet, pem.clone(), reference)
        .await
        .unwrap();
    let kept = RsaSigner::from_wallet(&wallet, reference).await.unwrap();
    assert_eq!(kept.kind(), KeyKind::Rsa);
    assert_eq!(kept.public_key(), imported.public_key());
    assert_eq!(
        kept.sign(b"message").await.unwrap(),
        imported.sign(b"message").await.unwrap()
    );
    let again = RsaSigner::import(&wallet, pem, reference)
        .await
        .unwrap_err();
    assert!(again.to_string().contains("#rsa-1"), "{again}");
    let missing = RsaSigner::from_wallet(&wallet, "did:work:x#rsa-2")
        .await
        .unwrap_err();
    assert!(
        missing.to_string().contains("did:work:x#rsa-2"),
        "{missing}"
    );
}

#[test]
fn what_is_no_rsa_key_of_2048_bits_or_more_is_refused_and_not_shown() {
    let short = fs::read(path("keys/rsa-1024-private-key.pem")).unwrap();
    for bytes in [b"secret".to_vec(), Vec::new(), short] {
        let error = RsaSigner::from_pkcs8(Zeroizing::new(bytes), "did:work:x#rsa-1").unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(shown.contains("did:work:x#rsa-1"), "{shown}");
        assert!(!shown.contains("secret"), "{shown}");
    }
}
