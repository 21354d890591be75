//! DIDs and their keys.

use std::sync::Arc;

use aries_askar::kms::{KeyAlg, LocalKey};
use test_support::wallets::{TestWallet, temporary_wallet};
use wallet::{
    close_wallet,
    did::{
        DidError, MyDidConfig, SigningKey, create_and_store_my_did, key_for_local_did,
        list_my_dids, sign_with_did, store_existing_did,
    },
    record::NewRecord,
};

use crate::askar::open_store;

const STEWARD_SEED: &str = "000000000000000000000000Steward1";
const STEWARD_DID: &str = "Th7MpTaRZVRYnPiabds81Y";
const STEWARD_VERKEY: &str = "FYmoFw55GeQH7SRFa37dkx1d2dZ3zUF8ckg7wmL7ofN4";

#[tokio::test]
async fn the_steward_seed_gives_the_did_of_every_indy_test_pool() {
    let (wallet, _directory) = temporary_wallet().await;
    let steward =
        create_and_store_my_did(&wallet, &MyDidConfig::from_seed(STEWARD_SEED)).await.unwrap();
    assert_eq!(steward.did, STEWARD_DID);
    assert_eq!(steward.verkey, STEWARD_VERKEY);
}

#[tokio::test]
async fn a_did_is_the_first_half_of_its_verkey() {
    let (wallet, _directory) = temporary_wallet().await;
    let mine = create_and_store_my_did(&wallet, &MyDidConfig::random()).await.unwrap();
    let did = bs58::decode(&mine.did).into_vec().unwrap();
    let verkey = bs58::decode(&mine.verkey).into_vec().unwrap();
    assert_eq!((did.len(), verkey.len()), (16, 32));
    assert_eq!(did, verkey[..16]);
}

#[tokio::test]
async fn random_dids_differ() {
    let (wallet, _directory) = temporary_wallet().await;
    let config = MyDidConfig::random();
    let one = create_and_store_my_did(&wallet, &config).await.unwrap();
    let other = create_and_store_my_did(&wallet, &config).await.unwrap();
    assert_ne!(one, other);
}

#[tokio::test]
async fn a_did_survives_closing_the_wallet() {
    let test = TestWallet::sqlite();
    let wallet = test.create().await;
    let config = MyDidConfig::from_seed(STEWARD_SEED);
    create_and_store_my_did(&wallet, &config).await.unwrap();
    close_wallet(wallet).await.unwrap();

    let wallet = test.open().await;
    let verkey = key_for_local_did(&wallet, STEWARD_DID).await.unwrap();
    assert_eq!(verkey, STEWARD_VERKEY);
    close_wallet(wallet).await.unwrap();
}

#[tokio::test]
async fn the_same_did_with_the_same_key_may_be_stored_again() {
    let (wallet, _directory) = temporary_wallet().await;
    let config = MyDidConfig::from_seed(STEWARD_SEED);
    let first = create_and_store_my_did(&wallet, &config).await.unwrap();
    let second = create_and_store_my_did(&wallet, &config).await.unwrap();
    assert_eq!(first, second);
    assert_eq!(list_my_dids(&wallet).await.unwrap(), [first]);
}

#[tokio::test]
async fn the_same_did_with_another_key_is_refused() {
    let (wallet, _directory) = temporary_wallet().await;
    let config = MyDidConfig::from_seed(STEWARD_SEED);
    let first = create_and_store_my_did(&wallet, &config).await.unwrap();
    let config = MyDidConfig::random().with_did(&first.did);
    let error = create_and_store_my_did(&wallet, &config).await.unwrap_err();
    assert_eq!(error.code(), "DidAlreadyExists");
    assert_eq!(list_my_dids(&wallet).await.unwrap(), [first]);
}

#[tokio::test]
async fn a_did_of_any_method_is_stored_with_a_key_from_elsewhere() {
    let (wallet, _directory) = temporary_wallet().await;
    let key = SigningKey::from_bytes(STEWARD_SEED.as_bytes()).unwrap();
    assert_eq!(key.verkey(), STEWARD_VERKEY);
    assert!(!format!("{key:?}").contains("000"), "{key:?}");
    for did in [STEWARD_DID, "did:web:example.org"] {
        assert!(store_existing_did(&wallet, did, &key).await.unwrap());
        assert!(!store_existing_did(&wallet, did, &key).await.unwrap(), "it is there already");
        assert_eq!(sign_with_did(&wallet, did, b"message").await.unwrap().len(), 64);
    }
    // libsodium keeps the public key behind the private one
    let long = [STEWARD_SEED.as_bytes(), &[0; 32]].concat();
    assert_eq!(SigningKey::from_bytes(&long).unwrap().verkey(), STEWARD_VERKEY);
    assert!(SigningKey::from_bytes(&long[..33]).is_err());

    let other = SigningKey::from_bytes(&[7; 32]).unwrap();
    let refused = store_existing_did(&wallet, STEWARD_DID, &other).await.unwrap_err();
    assert_eq!(refused.code(), "DidAlreadyExists");
    for did in [String::new(), "d".repeat(1_025)] {
        let refused = store_existing_did(&wallet, &did, &key).await.unwrap_err();
        assert!(matches!(refused, DidError::InvalidDid { .. }), "{refused}");
    }
}

#[tokio::test]
async fn a_labelled_did_is_made_once_and_found_after_closing_the_wallet() {
    let test = TestWallet::sqlite();
    let wallet = test.create().await;
    let config = MyDidConfig::random().with_label("trust anchor");
    let first = create_and_store_my_did(&wallet, &config).await.unwrap();
    let unlabelled = create_and_store_my_did(&wallet, &MyDidConfig::random()).await.unwrap();
    let other = MyDidConfig::random().with_label("another");
    let other = create_and_store_my_did(&wallet, &other).await.unwrap();
    close_wallet(wallet).await.unwrap();

    let wallet = test.open().await;
    let error = create_and_store_my_did(&wallet, &config).await.unwrap_err();
    assert_eq!(error.code(), "DidAlreadyExists");
    assert!(error.to_string().contains(&first.did), "{error}");
    assert!(matches!(error, DidError::LabelExists { stored, .. } if stored == first));
    let mut all = [first, unlabelled, other];
    all.sort_by(|a, b| a.did.cmp(&b.did));
    assert_eq!(list_my_dids(&wallet).await.unwrap(), all);
    sign_with_did(&wallet, &all[0].did, b"message").await.unwrap();
}

#[tokio::test]
async fn a_key_may_be_stored_under_a_chosen_did_and_under_its_own() {
    let (wallet, _directory) = temporary_wallet().await;
    let seed = MyDidConfig::from_seed(STEWARD_SEED);
    let chosen = seed.clone().with_did("VsKV7grR1BUE29mG2Fm2kX");
    let chosen = create_and_store_my_did(&wallet, &chosen).await.unwrap();
    assert_eq!(chosen.did, "VsKV7grR1BUE29mG2Fm2kX");
    assert_eq!(chosen.verkey, STEWARD_VERKEY);
    let own = create_and_store_my_did(&wallet, &seed).await.unwrap();
    assert_eq!(list_my_dids(&wallet).await.unwrap(), [own, chosen]);
}

#[tokio::test]
async fn a_malformed_did_is_refused() {
    let (wallet, _directory) = temporary_wallet().await;
    for did in ["", "did:sov:Th7MpTaRZVRYnPiabds81Y", "0OIl", STEWARD_VERKEY] {
        let config = MyDidConfig::random().with_did(did);
        let error = create_and_store_my_did(&wallet, &config).await.unwrap_err();
        assert_eq!(error.code(), "DidInvalid", "{did}");
    }
    assert_eq!(list_my_dids(&wallet).await.unwrap(), []);
}

#[tokio::test]
async fn an_unknown_did_has_no_verkey() {
    let (wallet, _directory) = temporary_wallet().await;
    let error = key_for_local_did(&wallet, STEWARD_DID).await.unwrap_err();
    assert_eq!(error.code(), "WalletItemNotFound");
    assert!(error.to_string().contains(STEWARD_DID), "{error}");
}

#[tokio::test]
async fn a_malformed_seed_is_refused_without_repeating_it() {
    let (wallet, _directory) = temporary_wallet().await;
    let config = MyDidConfig::from_seed("my secret seed");
    let error = create_and_store_my_did(&wallet, &config).await.unwrap_err();
    assert_eq!(error.code(), "DidInvalidSeed");
    assert!(error.to_string().contains("14 bytes"), "{error}");
    let shown = format!("{error} {error:?} {config:?}");
    assert!(!shown.contains("secret"), "{shown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn tasks_that_store_the_same_did_at_once_all_succeed() {
    let (wallet, _directory) = temporary_wallet().await;
    let wallet = Arc::new(wallet);
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let wallet = wallet.clone();
        let config = MyDidConfig::from_seed(STEWARD_SEED);
        tasks.spawn(async move { create_and_store_my_did(&wallet, &config).await });
    }
    while let Some(result) = tasks.join_next().await {
        assert_eq!(result.unwrap().unwrap().did, STEWARD_DID);
    }
    assert_eq!(list_my_dids(&wallet).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_signature_made_with_a_did_verifies_with_its_verkey() {
    let (wallet, _directory) = temporary_wallet().await;
    let mine = create_and_store_my_did(&wallet, &MyDidConfig::random()).await.unwrap();
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
    let (wallet, _directory) = temporary_wallet().await;
    let error = sign_with_did(&wallet, "Th7MpTaRZVRYnPiabds81Y", b"message").await.unwrap_err();
    assert_eq!(error.code(), "WalletItemNotFound");
    assert!(error.to_string().contains("Th7MpTaRZVRYnPiabds81Y"));
}

#[tokio::test]
async fn a_malformed_did_record_is_reported_as_damage() {
    let (wallet, _directory) = temporary_wallet().await;
    let record = NewRecord { category: "did", name: "odd", value: b"not JSON", tags: &[] };
    wallet.insert_record(record).await.unwrap();
    let error = key_for_local_did(&wallet, "odd").await.unwrap_err();
    assert_eq!(error.code(), "WalletInvalidStorage");
}

#[tokio::test]
async fn a_refused_did_leaves_no_key_behind() {
    let test = TestWallet::sqlite();
    let wallet = test.create().await;
    let mine = create_and_store_my_did(&wallet, &MyDidConfig::random()).await.unwrap();
    let other = MyDidConfig::random().with_did(&mine.did);
    create_and_store_my_did(&wallet, &other).await.unwrap_err();
    close_wallet(wallet).await.unwrap();

    let store = open_store(&test).await;
    let mut session = store.session(None).await.unwrap();
    let keys = session.fetch_all_keys(None, None, None, None, false).await.unwrap();
    assert_eq!(keys.len(), 1);
}
