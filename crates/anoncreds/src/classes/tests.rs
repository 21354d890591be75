//! A directory that is missing, damaged or incomplete is rebuilt before a search uses it.

use serde_json::{Value, json};
use test_support::wallets::TestWallet;
use wallet::close_wallet;

use super::*;
use crate::{import_credentials, prover_get_credentials};

/// Imports a credential of each of these definitions.
async fn import(wallet: &Wallet, definitions: &[u32]) {
    let text = include_str!("../../../test-support/fixtures/credential.json");
    let mut lines = String::new();
    for number in definitions {
        let mut credential: Value = serde_json::from_str(text).unwrap();
        credential["cred_def_id"] = json!(format!("Th7MpTaRZVRYnPiabds81Y:3:CL:{number}:T"));
        lines += &json!({"id": number.to_string(), "credential": credential}).to_string();
        lines += "\n";
    }
    import_credentials(wallet, std::io::Cursor::new(lines), |_| {}).await.unwrap();
}

/// Replaces the directory.
async fn overwrite(wallet: &Wallet, value: &[u8]) {
    let record = NewRecord { category: CATEGORY, name: NAME, value, tags: &[] };
    wallet.replace_record(record).await.unwrap();
}

/// The entries of the stored directory.
async fn entries(wallet: &Wallet) -> Vec<ClassEntry> {
    let index = wallet.index().await.unwrap();
    let stored = index.stored_bytes(CATEGORY, NAME).await.unwrap();
    read(index, stored).unwrap().unwrap()
}

async fn found(wallet: &Wallet) -> usize {
    prover_get_credentials(wallet, None).await.unwrap().len()
}

#[tokio::test]
async fn a_directory_that_cannot_be_read_is_rebuilt() {
    let test = TestWallet::sqlite();
    let wallet = test.create().await;
    import(&wallet, &[1, 2]).await;
    for junk in [&b"not JSON"[..], b"{}", br#"{"format": 2, "classes": []}"#] {
        overwrite(&wallet, junk).await;
        // the open wallet notices that the bytes have changed
        assert_eq!(found(&wallet).await, 2);
        assert_eq!(entries(&wallet).await.len(), 2);
    }
    close_wallet(wallet).await.unwrap();
}

#[tokio::test]
async fn a_missing_or_incomplete_directory_is_rebuilt_after_opening() {
    let test = TestWallet::sqlite();
    let wallet = test.create().await;
    import(&wallet, &[1, 2, 3]).await;
    let mut some = entries(&wallet).await;
    some.remove(1);
    let lacking = with_entries(None, &some).unwrap().unwrap();
    overwrite(&wallet, &lacking).await;
    close_wallet(wallet).await.unwrap();

    let wallet = test.open().await;
    assert_eq!(found(&wallet).await, 3);
    wallet.remove_record(CATEGORY, NAME).await.unwrap();
    close_wallet(wallet).await.unwrap();

    let wallet = test.open().await;
    assert_eq!(found(&wallet).await, 3);
    close_wallet(wallet).await.unwrap();
}

#[tokio::test]
async fn an_open_wallet_finds_what_another_process_stores() {
    let test = TestWallet::sqlite();
    let (ours, theirs) = (test.create().await, test.open().await);
    import(&ours, &[1]).await;
    assert_eq!((found(&ours).await, found(&theirs).await), (1, 1));
    import(&theirs, &[2]).await;
    assert_eq!((found(&ours).await, found(&theirs).await), (2, 2));
    close_wallet(ours).await.unwrap();
    close_wallet(theirs).await.unwrap();
}

#[test]
fn a_class_is_added_once() {
    let entry = ClassEntry {
        cred_def_id: "d".to_owned(),
        schema_id: "s".to_owned(),
        attributes: BTreeSet::from(["a".to_owned()]),
        origin: Default::default(),
    };
    let bytes = with_entries(None, [&entry, &entry]).unwrap().unwrap();
    assert_eq!(parse(&bytes).unwrap(), std::slice::from_ref(&entry));
    assert_eq!(with_entries(Some(&bytes), [&entry]).unwrap(), None);
}
