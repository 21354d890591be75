use aries_askar::kms::{KeyAlg, LocalKey};

use super::*;
use crate::{
    WalletConfig, WalletCredentials, WalletStorage, create_wallet, generate_wallet_key, open_wallet,
};

#[tokio::test]
async fn a_signature_made_with_a_did_verifies_with_its_verkey() {
    let (_directory, wallet) = new_wallet().await;
    let mine = create_and_store_my_did(&wallet, &MyDidConfig::random())
        .await
        .unwrap();
    let signature = sign_with_did(&wallet, &mine.did, b"message").await.unwrap();

    let public = bs58::decode(&mine.verkey).into_vec().unwrap();
    let public = LocalKey::from_public_bytes(KeyAlg::Ed25519, &public).unwrap();
    let verifies = |message: &[u8]| public.verify_signature(message, &signature, None).unwrap();
    assert_eq!(signature.len(), 64);
    assert!(verifies(b"message"));
    assert!(!verifies(b"another message"));
}

#[tokio::test]
async fn signing_with_an_unknown_did_says_which() {
    let (_directory, wallet) = new_wallet().await;
    let error = sign_with_did(&wallet, "Th7MpTaRZVRYnPiabds81Y", b"message")
        .await
        .unwrap_err();
    assert_eq!(error.code(), "WalletItemNotFound");
    assert!(error.to_string().contains("Th7MpTaRZVRYnPiabds81Y"));
}

#[tokio::test]
async fn a_did_record_that_is_no_did_is_reported_as_damage() {
    let (_directory, wallet) = new_wallet().await;
    wallet
        .insert_record(CATEGORY, "odd", b"not JSON", &[])
        .await
        .unwrap();
    let error = key_for_local_did(&wallet, "odd").await.unwrap_err();
    assert_eq!(error.code(), "WalletInvalidStorage");
}

#[tokio::test]
async fn a_refused_did_leaves_no_key_behind() {
    let (_directory, wallet) = new_wallet().await;
    let mine = create_and_store_my_did(&wallet, &MyDidConfig::random())
        .await
        .unwrap();
    let other = MyDidConfig::random().with_did(&mine.did);
    create_and_store_my_did(&wallet, &other).await.unwrap_err();
    let mut session = wallet.store().session(None).await.unwrap();
    let keys = session
        .fetch_all_keys(None, None, None, None, false)
        .await
        .unwrap();
    assert_eq!(keys.len(), 1);
}

async fn new_wallet() -> (tempfile::TempDir, Wallet) {
    let directory = tempfile::tempdir().unwrap();
    let config = WalletConfig {
        id: "dids".to_owned(),
        storage: WalletStorage::Sqlite {
            directory: directory.path().to_owned(),
        },
    };
    let credentials = WalletCredentials::raw(generate_wallet_key().unwrap());
    create_wallet(&config, &credentials).await.unwrap();
    let wallet = open_wallet(&config, &credentials).await.unwrap();
    (directory, wallet)
}
