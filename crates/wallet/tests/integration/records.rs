//! Records of an open wallet.

use std::{fs, sync::Arc};

use test_support::wallets::TestWallet;
use tokio::task::JoinSet;
use wallet::{
    WalletStorage, close_wallet, open_wallet,
    record::{NewRecord, Tag},
};

use crate::askar::{encrypted, open_store};

fn thing<'a>(name: &'a str, value: &'a [u8], tags: &'a [Tag]) -> NewRecord<'a> {
    NewRecord { category: "thing", name, value, tags }
}

#[tokio::test]
async fn a_record_survives_closing_and_opening_again() {
    let test = TestWallet::sqlite();
    let wallet = test.create().await;
    let tags = [Tag::new("colour", "red")];
    wallet.insert_record(thing("one", b"value", &tags)).await.unwrap();
    close_wallet(wallet).await.unwrap();

    let wallet = test.open().await;
    let value = wallet.fetch_record("thing", "one").await.unwrap().unwrap();
    assert_eq!(**value, *b"value");
    close_wallet(wallet).await.unwrap();

    let store = open_store(&test).await;
    let mut session = store.session(None).await.unwrap();
    let entry = session.fetch("thing", "one", false).await.unwrap().unwrap();
    assert_eq!(entry.tags, [encrypted("colour", "red")]);
}

#[tokio::test]
async fn a_second_record_of_a_name_is_refused_and_the_first_kept() {
    let wallet = TestWallet::sqlite().create().await;
    wallet.insert_record(thing("one", b"first", &[])).await.unwrap();
    let error = wallet.insert_record(thing("one", b"second", &[])).await.unwrap_err();
    assert_eq!(error.code(), "WalletItemAlreadyExists");
    let shown = error.to_string();
    assert!(shown.contains("`wallet`") && shown.contains("thing named `one`"));
    let value = wallet.fetch_record("thing", "one").await.unwrap().unwrap();
    assert_eq!(**value, *b"first");
    // The same name in another category is another record.
    let other = NewRecord { category: "other", ..thing("one", b"second", &[]) };
    wallet.insert_record(other).await.unwrap();
    close_wallet(wallet).await.unwrap();
}

#[tokio::test]
async fn a_removed_record_is_gone_and_cannot_be_removed_twice() {
    let wallet = TestWallet::sqlite().create().await;
    wallet.insert_record(thing("one", b"value", &[])).await.unwrap();
    wallet.remove_record("thing", "one").await.unwrap();
    assert!(wallet.fetch_record("thing", "one").await.unwrap().is_none());
    let error = wallet.remove_record("thing", "one").await.unwrap_err();
    assert_eq!(error.code(), "WalletItemNotFound");
    close_wallet(wallet).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn many_tasks_write_and_open_without_locking_each_other_out() {
    const TASKS: usize = 16;
    const RECORDS: usize = 10;
    let test = Arc::new(TestWallet::sqlite());
    let shared = Arc::new(test.create().await);
    let mut tasks = JoinSet::new();
    for task in 0..TASKS {
        let (test, shared) = (test.clone(), shared.clone());
        tasks.spawn(async move {
            // Every fourth task opens the wallet itself.
            let own = match task % 4 {
                0 => Some(open_wallet(&test.config, &test.credentials).await?),
                _ => None,
            };
            let wallet = own.as_ref().unwrap_or(&shared);
            for record in 0..RECORDS {
                let name = format!("{task}-{record}");
                wallet.insert_record(thing(&name, b"value", &[])).await?;
            }
            match own {
                Some(own) => close_wallet(own).await,
                None => Ok(()),
            }
        });
    }
    while let Some(result) = tasks.join_next().await {
        result.unwrap().unwrap();
    }
    let store = open_store(&test).await;
    let mut session = store.session(None).await.unwrap();
    let count = session.count(Some("thing"), None).await.unwrap();
    assert_eq!(count as usize, TASKS * RECORDS);
}

#[tokio::test]
async fn damaged_bytes_give_an_error_but_no_panic_or_wrong_value() {
    let test = TestWallet::sqlite();
    let value = [7; 900];
    let wallet = test.create().await;
    let tags = [Tag::new("colour", "red")];
    wallet.insert_record(thing("one", &value, &tags)).await.unwrap();
    close_wallet(wallet).await.unwrap();

    let WalletStorage::Sqlite { directory } = &test.config.storage else { unreachable!() };
    let file = directory.join("wallet.sqlite");
    let sound = fs::read(&file).unwrap();
    let mut failures = 0;
    for at in (0..sound.len()).step_by(293) {
        let mut damaged = sound.clone();
        for byte in damaged.iter_mut().skip(at).take(16) {
            *byte ^= 0x55;
        }
        fs::write(&file, &damaged).unwrap();
        let read = async {
            let wallet = open_wallet(&test.config, &test.credentials).await?;
            let read = wallet.fetch_record("thing", "one").await;
            close_wallet(wallet).await?;
            read
        };
        match read.await {
            // The damage is in unused space, or in an index that now leads nowhere.
            Ok(Some(read)) => assert_eq!(**read, value, "at {at}"),
            Ok(None) => {}
            Err(error) => {
                let expected = ["WalletInvalidStorage", "WalletAccessFailed", "WalletStorage"];
                assert!(expected.contains(&error.code()), "at {at}: {error}");
                failures += 1;
            }
        }
        for suffix in ["-wal", "-shm"] {
            let _ = fs::remove_file(directory.join(format!("wallet.sqlite{suffix}")));
        }
    }
    // How often a page in use is damaged depends on SQLite's layout; never would mean that nothing
    // was.
    assert!(failures > 0, "no damage was noticed");
}
