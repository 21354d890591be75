//! `did:sov`, resolved on a ledger.

use std::sync::Arc;

use exchange::{
    did::{Did, ResolveError, Resolver},
    key::{Signer, WalletSigner},
    signature::{Contexts, KeyMember, ProofType, SignatureOptions, Signed, sign, verify},
};
use exchange_anoncreds::SovResolver;
use ledger::pool::{PoolLedgerConfig, create_pool_ledger_config, open_pool_ledger};
use serde_json::json;
use test_support::wallets::temporary_wallet;
use wallet::did::{MyDidConfig, create_and_store_my_did};

/// The first steward: the embedded ledger has its DID from the start.
const STEWARD_SEED: &str = "000000000000000000000000Steward1";
const STEWARD: &str = "Th7MpTaRZVRYnPiabds81Y";

async fn resolver() -> (SovResolver, tempfile::TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let embedded = PoolLedgerConfig::embedded();
    create_pool_ledger_config(directory.path(), "pool", &embedded).await.unwrap();
    let pool = open_pool_ledger(directory.path(), "pool").await.unwrap();
    (SovResolver { pool: Arc::new(pool) }, directory)
}

#[tokio::test]
async fn a_did_sov_resolves_to_the_verkey_on_the_ledger() {
    let (wallet, _wallet_directory) = temporary_wallet().await;
    let mine = create_and_store_my_did(&wallet, &MyDidConfig::from_seed(STEWARD_SEED)).await;
    assert_eq!(mine.unwrap().did, STEWARD);
    let did = format!("did:sov:{STEWARD}").parse().unwrap();
    let signer = WalletSigner::of_did(Arc::new(wallet), &did).await.unwrap();
    assert_eq!(signer.reference(), "did:sov:Th7MpTaRZVRYnPiabds81Y#key-1");

    let (document, contexts) = (json!({"id": "1"}), Contexts::new());
    let options = SignatureOptions {
        proof_type: ProofType::JcsEd25519Signature2020,
        created: "2019-08-23T14:29:48Z".parse().unwrap(),
        nonce: "8ac448d4-6977-447c-9e58-b24ba2a2b07e".to_owned(),
        key_member: KeyMember::Creator,
    };
    let proof = sign(Signed::Message(&document), &options, &signer, &contexts).await;
    let proof = serde_json::to_value(proof.unwrap()).unwrap();
    let (resolver, _directory) = resolver().await;
    let did = Did::of_reference(signer.reference()).unwrap();
    let resolved = resolver.resolve(&did).await.unwrap();
    let method = resolved.method(signer.reference()).unwrap();
    let verified =
        verify(Signed::Message(&document), &proof, &method.key, &contexts, options.created);
    assert_eq!(verified, Ok(()));
}

#[tokio::test]
async fn each_reason_why_a_did_sov_does_not_resolve_has_its_error() {
    let (resolver, _directory) = resolver().await;
    let resolve = async |did: &str| resolver.resolve(&did.parse().unwrap()).await.unwrap_err();
    let unknown = resolve("did:sov:WgWxqztrNooG92RXvxSTWv").await;
    assert!(matches!(unknown, ResolveError::NotFound(..)), "{unknown}");
    let malformed = resolve("did:sov:staging:WgWxqztrNooG92RXvxSTWv").await;
    assert!(matches!(malformed, ResolveError::Malformed(..)), "{malformed}");
    let other_method = resolve("did:work:Th7MpTaRZVRYnPiabds81Y").await;
    assert!(matches!(other_method, ResolveError::UnknownMethod(_)), "{other_method}");
}
