//! A directory that is missing, damaged or incomplete is made anew before anything is missed.

use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;
use crate::{
    anoncreds::{import_credentials, prover_get_credentials},
    wallet::{
        WalletConfig, WalletCredentials, WalletStorage, close_wallet, create_wallet,
        generate_wallet_key, open_wallet,
    },
};

/// A wallet that can be opened again.
struct Place {
    _directory: TempDir,
    config: WalletConfig,
    key: WalletCredentials,
}

impl Place {
    async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let config = WalletConfig {
            id: "w".to_owned(),
            storage: WalletStorage::Sqlite {
                directory: directory.path().to_owned(),
            },
        };
        let key = WalletCredentials::raw(generate_wallet_key().unwrap());
        create_wallet(&config, &key).await.unwrap();
        Self {
            _directory: directory,
            config,
            key,
        }
    }

    async fn open(&self) -> Wallet {
        open_wallet(&self.config, &self.key).await.unwrap()
    }
}

/// Import a credential of each of these definitions.
async fn import(wallet: &Wallet, definitions: &[u32]) {
    let text = include_str!("../../../tests/fixtures/credential.json");
    let mut lines = String::new();
    for number in definitions {
        let mut credential: Value = serde_json::from_str(text).unwrap();
        credential["cred_def_id"] = json!(format!("Th7MpTaRZVRYnPiabds81Y:3:CL:{number}:T"));
        lines += &json!({"id": number.to_string(), "credential": credential}).to_string();
        lines += "\n";
    }
    import_credentials(wallet, std::io::Cursor::new(lines), |_| {})
        .await
        .unwrap();
}

/// Put something in the directory's place.
async fn overwrite(wallet: &Wallet, value: &[u8]) {
    let mut session = wallet.store().session(None).await.unwrap();
    session
        .replace(CATEGORY, NAME, value, None, None)
        .await
        .unwrap();
}

/// What the stored directory says.
async fn entries(wallet: &Wallet) -> Vec<ClassEntry> {
    let index = wallet.index().await.unwrap();
    let stored = index.stored_bytes(CATEGORY, NAME).await.unwrap();
    read(index, stored).unwrap().unwrap()
}

async fn found(wallet: &Wallet) -> usize {
    prover_get_credentials(wallet, None).await.unwrap().len()
}

#[tokio::test]
async fn a_directory_that_cannot_be_read_is_made_anew() {
    let place = Place::new().await;
    let wallet = place.open().await;
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
async fn a_directory_that_is_missing_or_lacks_a_class_is_found_out_at_the_next_opening() {
    let place = Place::new().await;
    let wallet = place.open().await;
    import(&wallet, &[1, 2, 3]).await;
    let mut some = entries(&wallet).await;
    some.remove(1);
    let lacking = with_entries(None, &some).unwrap().unwrap();
    overwrite(&wallet, &lacking).await;
    close_wallet(wallet).await.unwrap();

    let wallet = place.open().await;
    assert_eq!(found(&wallet).await, 3);
    wallet.remove_record(CATEGORY, NAME).await.unwrap();
    close_wallet(wallet).await.unwrap();

    let wallet = place.open().await;
    assert_eq!(found(&wallet).await, 3);
    close_wallet(wallet).await.unwrap();
}

#[tokio::test]
async fn what_another_process_stores_is_found_by_a_wallet_that_is_open() {
    let place = Place::new().await;
    let (ours, theirs) = (place.open().await, place.open().await);
    import(&ours, &[1]).await;
    assert_eq!((found(&ours).await, found(&theirs).await), (1, 1));
    import(&theirs, &[2]).await;
    assert_eq!((found(&ours).await, found(&theirs).await), (2, 2));
    close_wallet(ours).await.unwrap();
    close_wallet(theirs).await.unwrap();
}

#[test]
fn a_class_is_entered_once() {
    let entry = ClassEntry {
        cred_def_id: "d".to_owned(),
        schema_id: "s".to_owned(),
        attributes: BTreeSet::from(["a".to_owned()]),
    };
    let bytes = with_entries(None, [&entry, &entry]).unwrap().unwrap();
    assert_eq!(parse(&bytes).unwrap(), std::slice::from_ref(&entry));
    assert_eq!(with_entries(Some(&bytes), [&entry]).unwrap(), None);
}
