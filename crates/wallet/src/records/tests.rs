use std::{fs, sync::Arc};

use aries_askar::entry::EntryTag;
use tempfile::TempDir;

use crate::{
    error::WalletError,
    wallet::{
        Wallet, WalletConfig, WalletCredentials, WalletStorage, close_wallet, create_wallet,
        generate_wallet_key, open_wallet,
    },
};

/// A wallet in a directory of its own.
struct Scene {
    directory: TempDir,
    config: WalletConfig,
    credentials: WalletCredentials,
}

impl Scene {
    async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let config = WalletConfig {
            id: "records".to_owned(),
            storage: WalletStorage::Sqlite {
                directory: directory.path().to_owned(),
            },
        };
        let credentials = WalletCredentials::raw(generate_wallet_key().unwrap());
        create_wallet(&config, &credentials).await.unwrap();
        Self {
            directory,
            config,
            credentials,
        }
    }

    async fn open(&self) -> Result<Wallet, WalletError> {
        open_wallet(&self.config, &self.credentials).await
    }
}

#[tokio::test]
async fn a_record_survives_closing_and_opening_again() {
    let scene = Scene::new().await;
    let wallet = scene.open().await.unwrap();
    let tags = [EntryTag::Encrypted("colour".to_owned(), "red".to_owned())];
    wallet
        .insert_record("thing", "one", b"value", &tags)
        .await
        .unwrap();
    close_wallet(wallet).await.unwrap();

    let wallet = scene.open().await.unwrap();
    let entry = wallet.fetch_record("thing", "one").await.unwrap().unwrap();
    assert_eq!(&*entry.value, b"value");
    assert_eq!(entry.tags, tags);
    close_wallet(wallet).await.unwrap();
}

#[tokio::test]
async fn a_second_record_of_the_same_name_is_refused_and_the_first_is_kept() {
    let scene = Scene::new().await;
    let wallet = scene.open().await.unwrap();
    wallet
        .insert_record("thing", "one", b"first", &[])
        .await
        .unwrap();
    let error = wallet
        .insert_record("thing", "one", b"second", &[])
        .await
        .unwrap_err();
    assert_eq!(error.code(), "WalletItemAlreadyExists");
    let shown = error.to_string();
    assert!(shown.contains("`records`") && shown.contains("thing named `one`"));
    let entry = wallet.fetch_record("thing", "one").await.unwrap().unwrap();
    assert_eq!(&*entry.value, b"first");
    // Another category is another name.
    wallet
        .insert_record("other", "one", b"second", &[])
        .await
        .unwrap();
    close_wallet(wallet).await.unwrap();
}

#[tokio::test]
async fn a_removed_record_is_gone_and_cannot_be_removed_twice() {
    let scene = Scene::new().await;
    let wallet = scene.open().await.unwrap();
    wallet
        .insert_record("thing", "one", b"value", &[])
        .await
        .unwrap();
    wallet.remove_record("thing", "one").await.unwrap();
    assert!(wallet.fetch_record("thing", "one").await.unwrap().is_none());
    let error = wallet.remove_record("thing", "one").await.unwrap_err();
    assert_eq!(error.code(), "WalletItemNotFound");
    close_wallet(wallet).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn many_tasks_write_and_open_at_once_without_locking_each_other_out() {
    const TASKS: usize = 16;
    const RECORDS: usize = 10;
    let scene = Arc::new(Scene::new().await);
    let shared = Arc::new(scene.open().await.unwrap());
    let mut tasks = tokio::task::JoinSet::new();
    for task in 0..TASKS {
        let (scene, shared) = (scene.clone(), shared.clone());
        tasks.spawn(async move {
            // Every fourth task opens the wallet for itself.
            let own = match task % 4 {
                0 => Some(scene.open().await?),
                _ => None,
            };
            let wallet = own.as_ref().unwrap_or(&shared);
            for record in 0..RECORDS {
                let name = format!("{task}-{record}");
                wallet.insert_record("thing", &name, b"value", &[]).await?;
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
    let mut session = shared.store().session(None).await.unwrap();
    let count = session.count(Some("thing"), None).await.unwrap();
    assert_eq!(count as usize, TASKS * RECORDS);
}

#[tokio::test]
async fn damaged_bytes_give_an_error_and_never_a_panic_or_a_wrong_value() {
    let scene = Scene::new().await;
    let value = [7; 900];
    let wallet = scene.open().await.unwrap();
    let tags = [EntryTag::Encrypted("colour".to_owned(), "red".to_owned())];
    wallet
        .insert_record("thing", "one", &value, &tags)
        .await
        .unwrap();
    close_wallet(wallet).await.unwrap();

    let file = scene.directory.path().join("records.sqlite");
    let sound = fs::read(&file).unwrap();
    let mut failures = 0;
    for at in (0..sound.len()).step_by(293) {
        let mut damaged = sound.clone();
        for byte in damaged.iter_mut().skip(at).take(16) {
            *byte ^= 0x55;
        }
        fs::write(&file, &damaged).unwrap();
        let outcome = async {
            let wallet = scene.open().await?;
            let entry = wallet.fetch_record("thing", "one").await;
            close_wallet(wallet).await?;
            entry
        };
        match outcome.await {
            // Unused space was hit, or an index that now leads nowhere.
            Ok(Some(entry)) => assert_eq!(&*entry.value, value, "at {at}"),
            Ok(None) => {}
            Err(error) => {
                assert!(
                    [
                        "WalletInvalidStorage",
                        "WalletAccessFailed",
                        "WalletStorage"
                    ]
                    .contains(&error.code()),
                    "at {at}: {error}"
                );
                failures += 1;
            }
        }
        for suffix in ["-wal", "-shm"] {
            let _ = fs::remove_file(
                scene
                    .directory
                    .path()
                    .join(format!("records.sqlite{suffix}")),
            );
        }
    }
    // How often a page in use is hit depends on where SQLite puts what; never would mean that nothing was damaged.
    assert!(failures > 0, "no damage was noticed");
}
