//! Opening the index: of new wallets, of old ones, and while others are at work.

use aries_askar::{PassKey, Store, StoreKeyMethod};
use wallet::{WalletCredentials, close_wallet, delete_wallet};

use super::*;

/// The record that keeps the profile's key: its category, name and tag.
const SEARCH: &str = "search";
const PROFILE_KEY: &str = "profile_key";
const CHECK: (&str, &str) = ("search::check", "1");

on_both! {
    a_passphrase_opens_the_index_too;
    a_wallet_without_an_index_gets_one;
    an_index_that_encrypts_differently_is_refused;
    the_index_opens_while_a_transaction_is_open;
}

async fn a_passphrase_opens_the_index_too(mut test: TestWallet) {
    test.credentials = WalletCredentials::passphrase("correct horse");
    let wallet = test.create().await;
    wallet.insert_record(thing("one", b"value", &[tag("n", "1")])).await.unwrap();
    // First as it was created with the wallet, then as it is created for a wallet that has none.
    for _ in 0..2 {
        let wallet = test.open().await;
        let index = wallet.index().await.unwrap();
        let term = index.term("n", "1").unwrap();
        assert_eq!(names(index, &all(index, &[term]).await).await, ["one"]);
        wallet.remove_record(SEARCH, PROFILE_KEY).await.unwrap();
        close_wallet(wallet).await.unwrap();
    }
    test.delete(wallet).await;
}

async fn a_wallet_without_an_index_gets_one(test: TestWallet) {
    let method = StoreKeyMethod::RawKey;
    let key = PassKey::from(test.key.as_str());
    let store = Store::provision(&store_url(&test), method, key, None, false).await.unwrap();
    let mut session = store.session(None).await.unwrap();
    session.insert("thing", "one", b"value", Some(&[encrypted("n", "1")]), None).await.unwrap();
    drop(session);
    store.close().await.unwrap();

    for _ in 0..2 {
        let wallet = test.open().await;
        let index = wallet.index().await.unwrap();
        let term = index.term("n", "1").unwrap();
        assert_eq!(names(index, &all(index, &[term]).await).await, ["one"]);
        close_wallet(wallet).await.unwrap();
    }
    let wallet = test.open().await;
    test.delete(wallet).await;
}

async fn an_index_that_encrypts_differently_is_refused(test: TestWallet) {
    let wallet = test.create().await;
    let other = TestWallet::sqlite();
    let other_wallet = other.create().await;
    let other_key = other_wallet.fetch_record(SEARCH, PROFILE_KEY).await.unwrap();
    wallet
        .replace_record(NewRecord {
            category: SEARCH,
            name: PROFILE_KEY,
            value: &other_key.unwrap(),
            tags: &[Tag::new(CHECK.0, CHECK.1)],
        })
        .await
        .unwrap();
    let error = wallet.index().await.err().unwrap();
    assert_eq!(error.code(), "WalletInvalidStorage", "{error}");
    other.delete(other_wallet).await;
    test.delete(wallet).await;
}

async fn the_index_opens_while_a_transaction_is_open(test: TestWallet) {
    let wallet = test.create().await;
    let store = open_store(&test).await;
    let mut transaction = store.transaction(None).await.unwrap();
    transaction.insert("thing", "one", b"", Some(&[encrypted("n", "1")]), None).await.unwrap();
    let index = wallet.index().await.unwrap();
    let term = index.term("n", "1").unwrap();
    assert!(all(index, std::slice::from_ref(&term)).await.is_empty());
    transaction.commit().await.unwrap();
    store.close().await.unwrap();
    assert_eq!(names(index, &all(index, &[term]).await).await, ["one"]);
    test.delete(wallet).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wallet_whose_index_is_open_elsewhere_cannot_be_deleted() {
    let test = TestWallet::sqlite();
    let wallet = test.create().await;
    wallet.index().await.unwrap();
    let error = delete_wallet(&test.config, &test.credentials).await.unwrap_err();
    assert_eq!(error.code(), "WalletAlreadyOpened", "{error}");
    test.delete(wallet).await;
}
