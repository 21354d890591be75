//! Wallets in SQLite files.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use tempfile::TempDir;
use test_support::wallets::{raw_key, sqlite_config};
use wallet::{
    KeyDerivation, Wallet, WalletConfig, WalletCredentials, WalletError, WalletStorage,
    close_wallet, create_wallet, delete_wallet,
    did::{MyDidConfig, create_and_store_my_did, list_my_dids},
    generate_wallet_key, open_wallet,
};

/// A raw key, so that tests need not wait for a key derivation.
const KEY: &str = "HkaEm4bZZhgSNkDt5EhLHGFCdKdnuCGyFGGpKnZpYbVY";

fn key() -> WalletCredentials {
    WalletCredentials::raw(KEY)
}

/// A closed wallet `w` that holds one DID.
async fn one_wallet() -> (TempDir, WalletConfig, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let config = sqlite_config(directory.path(), "w");
    create_wallet(&config, &key()).await.unwrap();
    let wallet = open_wallet(&config, &key()).await.unwrap();
    add_did(&wallet).await;
    close_wallet(wallet).await.unwrap();
    let file = directory.path().join("w.sqlite");
    (directory, config, file)
}

async fn add_did(wallet: &Wallet) {
    create_and_store_my_did(wallet, &MyDidConfig::random()).await.unwrap();
}

fn names_in(directory: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

async fn open_error(config: &WalletConfig) -> WalletError {
    open_wallet(config, &key()).await.unwrap_err()
}

#[tokio::test]
async fn a_wallet_keeps_its_records_after_closing() {
    let (_directory, config, _file) = one_wallet().await;
    let wallet = open_wallet(&config, &key()).await.unwrap();
    assert_eq!(wallet.id(), "w");
    assert_eq!(list_my_dids(&wallet).await.unwrap().len(), 1);
    close_wallet(wallet).await.unwrap();
}

#[tokio::test]
async fn creating_makes_the_directory_and_leaves_one_file() {
    let directory = tempfile::tempdir().unwrap();
    let inner = directory.path().join("not").join("yet there");
    create_wallet(&sqlite_config(&inner, "w"), &key()).await.unwrap();
    assert_eq!(names_in(&inner), ["w.sqlite"]);
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_may_read_the_file() {
    use std::os::unix::fs::PermissionsExt;
    let (_directory, _config, file) = one_wallet().await;
    assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
}

#[tokio::test]
async fn closing_leaves_one_file() {
    let (directory, _config, _file) = one_wallet().await;
    assert_eq!(names_in(directory.path()), ["w.sqlite"]);
}

#[tokio::test]
async fn the_next_creation_removes_the_leftovers_of_a_killed_one() {
    let directory = tempfile::tempdir().unwrap();
    let config = sqlite_config(directory.path(), "w");
    let leftover = |name: &str| {
        let path = directory.path().join(name);
        fs::create_dir(&path).unwrap();
        fs::write(path.join("new.sqlite"), "half a wallet").unwrap();
        path
    };
    // killed: by this version, before it had its lock, and by an older version
    fs::write(leftover(".w.creating-1").join("lock"), "").unwrap();
    fs::create_dir(directory.path().join(".w.creating-2")).unwrap();
    leftover(".w.creating-3");
    // still running, and of another wallet
    let running = fs::File::create(leftover(".w.creating-4").join("lock")).unwrap();
    running.lock().unwrap();
    leftover(".x.creating-1");
    create_wallet(&config, &key()).await.unwrap();
    let mut names = names_in(directory.path());
    names.sort();
    assert_eq!(names, [".w.creating-4", ".x.creating-1", "w.sqlite"]);

    // also where the wallet was finished, and the process killed before it had removed the
    // directory
    leftover(".w.creating-5");
    assert!(matches!(create_wallet(&config, &key()).await, Err(WalletError::AlreadyExists { .. })));
    assert!(!directory.path().join(".w.creating-5").exists());
}

#[tokio::test]
async fn deleting_removes_the_leftovers_of_a_killed_creation() {
    let (directory, config, file) = one_wallet().await;
    let leftover = directory.path().join(".w.creating-1");
    fs::create_dir(&leftover).unwrap();
    fs::hard_link(&file, leftover.join("new.sqlite")).unwrap();
    delete_wallet(&config, &key()).await.unwrap();
    assert!(names_in(directory.path()).is_empty());
}

#[tokio::test]
async fn an_existing_wallet_is_not_created_again_whatever_the_key() {
    let (directory, config, file) = one_wallet().await;
    let before = fs::read(&file).unwrap();
    let other = raw_key();
    for credentials in [key(), other, WalletCredentials::passphrase("key")] {
        let error = create_wallet(&config, &credentials).await.unwrap_err();
        assert_eq!(error.code(), "WalletAlreadyExists");
        let shown = error.to_string();
        assert!(shown.contains("`w`") && shown.contains("w.sqlite"), "{shown}");
    }
    assert_eq!(fs::read(&file).unwrap(), before);
    assert_eq!(names_in(directory.path()), ["w.sqlite"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_concurrent_creations_one_succeeds() {
    let directory = tempfile::tempdir().unwrap();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let config = sqlite_config(directory.path(), "w");
        tasks.spawn(async move { create_wallet(&config, &key()).await });
    }
    let mut created = 0;
    while let Some(result) = tasks.join_next().await {
        match result.unwrap() {
            Ok(()) => created += 1,
            Err(error) => assert_eq!(error.code(), "WalletAlreadyExists", "{error}"),
        }
    }
    assert_eq!(created, 1);
    assert_eq!(names_in(directory.path()), ["w.sqlite"]);
}

#[tokio::test]
async fn a_missing_wallet_is_reported_and_not_created() {
    let directory = tempfile::tempdir().unwrap();
    let config = sqlite_config(directory.path(), "w");
    let error = open_error(&config).await;
    assert_eq!(error.code(), "WalletNotFound");
    assert!(error.to_string().contains("w.sqlite"), "{error}");
    let error = delete_wallet(&config, &key()).await.unwrap_err();
    assert_eq!(error.code(), "WalletNotFound");
    assert!(names_in(directory.path()).is_empty());
}

#[tokio::test]
async fn a_wrong_key_neither_opens_nor_deletes() {
    let (_directory, config, file) = one_wallet().await;
    let other = generate_wallet_key().unwrap();
    for credentials in
        [WalletCredentials::raw(&other), WalletCredentials::passphrase("not the key")]
    {
        let error = open_wallet(&config, &credentials).await.unwrap_err();
        assert_eq!(error.code(), "WalletAccessFailed");
        let error = delete_wallet(&config, &credentials).await.unwrap_err();
        assert_eq!(error.code(), "WalletAccessFailed");
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains(other.as_str()) && !shown.contains("not the key"));
    }
    assert!(file.exists());
}

#[tokio::test]
async fn only_the_passphrase_of_the_creation_opens_a_wallet() {
    let directory = tempfile::tempdir().unwrap();
    let config = sqlite_config(directory.path(), "issuer_wallet");
    let passphrase = WalletCredentials::passphrase("issuer_wallet_key");
    create_wallet(&config, &passphrase).await.unwrap();
    let wallet = open_wallet(&config, &passphrase).await.unwrap();
    close_wallet(wallet).await.unwrap();

    let wrong = WalletCredentials::passphrase("issuer_wallet_keY");
    let error = open_wallet(&config, &wrong).await.unwrap_err();
    assert_eq!(error.code(), "WalletAccessFailed");
}

#[tokio::test]
async fn a_moderate_derivation_is_remembered_by_the_wallet() {
    let directory = tempfile::tempdir().unwrap();
    let config = sqlite_config(directory.path(), "w");
    let passphrase = WalletCredentials::passphrase("passphrase");
    let moderate = passphrase.clone().with_derivation(KeyDerivation::Argon2iModerate);
    create_wallet(&config, &moderate).await.unwrap();
    let wallet = open_wallet(&config, &passphrase).await.unwrap();
    close_wallet(wallet).await.unwrap();
}

#[tokio::test]
async fn a_malformed_key_is_refused_without_repeating_it() {
    let (_directory, config, _file) = one_wallet().await;
    // not base58, 31 bytes, 33 bytes, empty
    let short = bs58::encode([1; 31]).into_string();
    let long = bs58::encode([1; 33]).into_string();
    for malformed in ["0OIl0OIl", &short, &long, ""] {
        let credentials = WalletCredentials::raw(malformed);
        for error in [
            open_wallet(&config, &credentials).await.unwrap_err(),
            create_wallet(&config, &credentials).await.unwrap_err(),
            delete_wallet(&config, &credentials).await.unwrap_err(),
        ] {
            assert_eq!(error.code(), "WalletInvalidKey");
            let shown = format!("{error} {error:?}");
            assert!(shown.contains("base58 of exactly 32 bytes"), "{shown}");
            assert!(malformed.is_empty() || !shown.contains(malformed));
        }
    }
    let error = open_wallet(&config, &WalletCredentials::passphrase("")).await.unwrap_err();
    assert_eq!(error.code(), "WalletInvalidKey");
}

#[tokio::test]
async fn an_id_that_cannot_name_a_file_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let long = "w".repeat(65);
    for id in ["", "..", "a/b", "a b", "a%b", "wället", "a\0b", "\"", &long] {
        let error = create_wallet(&sqlite_config(directory.path(), id), &key()).await.unwrap_err();
        assert_eq!(error.code(), "WalletInvalidId", "{id:?}");
    }
    assert!(names_in(directory.path()).is_empty());

    let longest = sqlite_config(directory.path(), &"w".repeat(64));
    create_wallet(&longest, &key()).await.unwrap();
    delete_wallet(&longest, &key()).await.unwrap();
    let dashes = sqlite_config(directory.path(), "-_-");
    create_wallet(&dashes, &key()).await.unwrap();
}

#[tokio::test]
async fn directories_may_have_any_characters_in_their_names() {
    let directory = tempfile::tempdir().unwrap();
    for name in [
        "with space",
        "100%",
        "%2525 %41",
        "what?mode=memory",
        "a#b",
        "user@host",
        "sqlite:",
        "käse 钱包",
        "a&b=c+d",
        "quote'\"",
    ] {
        let inner = directory.path().join(name);
        let config = sqlite_config(&inner, "w");
        create_wallet(&config, &key()).await.unwrap();
        assert_eq!(names_in(&inner), ["w.sqlite"], "{name}");
        let wallet = open_wallet(&config, &key()).await.unwrap();
        add_did(&wallet).await;
        close_wallet(wallet).await.unwrap();
        delete_wallet(&config, &key()).await.unwrap();
        assert!(names_in(&inner).is_empty(), "{name}");
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_path_that_sqlite_cannot_take_is_refused() {
    use std::os::unix::ffi::OsStrExt;
    let directory = tempfile::tempdir().unwrap();
    let inner = directory.path().join(std::ffi::OsStr::from_bytes(b"\xff"));
    let error = create_wallet(&sqlite_config(&inner, "w"), &key()).await.unwrap_err();
    assert_eq!(error.code(), "WalletStorage");
    assert!(error.to_string().contains("UTF-8"), "{error}");
}

#[tokio::test]
async fn a_directory_that_is_a_file_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("file");
    fs::write(&file, "").unwrap();
    let error = create_wallet(&sqlite_config(&file, "w"), &key()).await.unwrap_err();
    assert_eq!(error.code(), "WalletStorage");
}

#[tokio::test]
async fn a_file_that_is_not_a_wallet_is_reported_and_not_changed() {
    let directory = tempfile::tempdir().unwrap();
    let config = sqlite_config(directory.path(), "w");
    let file = directory.path().join("w.sqlite");
    let text = b"Dear diary, this is not a database. ".repeat(20);
    for (contents, reason) in [
        (&b""[..], "the file is empty"),
        (b"SQLite", "not an SQLite database"),
        (&text, "not an SQLite database"),
        (b"SQLite format 3\0", "truncated"),
    ] {
        fs::write(&file, contents).unwrap();
        let error = open_error(&config).await;
        assert_eq!(error.code(), "WalletInvalidStorage", "{error}");
        assert!(error.to_string().contains(reason), "{error}");
        let error = delete_wallet(&config, &key()).await.unwrap_err();
        assert_eq!(error.code(), "WalletInvalidStorage");
        assert_eq!(fs::read(&file).unwrap(), contents);
        let error = create_wallet(&config, &key()).await.unwrap_err();
        assert_eq!(error.code(), "WalletAlreadyExists");
    }
}

#[tokio::test]
async fn another_programs_database_is_not_a_wallet() {
    let directory = tempfile::tempdir().unwrap();
    let config = sqlite_config(directory.path(), "w");
    let file = directory.path().join("w.sqlite");
    fs::write(&file, foreign_database()).unwrap();
    let error = open_error(&config).await;
    assert_eq!(error.code(), "WalletInvalidStorage", "{error}");
    let error = delete_wallet(&config, &key()).await.unwrap_err();
    assert_eq!(error.code(), "WalletInvalidStorage", "{error}");
    assert!(file.exists());
}

/// A valid SQLite database without any table: one page, whose b-tree is an empty leaf
/// (<https://www.sqlite.org/fileformat.html>).
fn foreign_database() -> Vec<u8> {
    let mut page = vec![0; 4096];
    page[..16].copy_from_slice(b"SQLite format 3\0");
    page[16..18].copy_from_slice(&4096_u16.to_be_bytes());
    page[18..24].copy_from_slice(&[1, 1, 0, 64, 32, 32]);
    for (at, value) in [(24, 1_u32), (28, 1), (44, 4), (56, 1), (92, 1)] {
        page[at..at + 4].copy_from_slice(&value.to_be_bytes());
    }
    page[100] = 0x0d;
    page[105..107].copy_from_slice(&4096_u16.to_be_bytes());
    page
}

#[tokio::test]
async fn a_truncated_wallet_is_reported_wherever_it_is_cut() {
    let (_directory, config, file) = one_wallet().await;
    let sound = fs::read(&file).unwrap();
    for length in [50, 100, 4095, 4096, sound.len() / 2, sound.len() - 1] {
        fs::write(&file, &sound[..length]).unwrap();
        let error = open_error(&config).await;
        assert_eq!(error.code(), "WalletInvalidStorage", "{error}");
        assert!(error.to_string().contains("truncated"), "{error}");
    }
    fs::write(&file, &sound).unwrap();
    let wallet = open_wallet(&config, &key()).await.unwrap();
    close_wallet(wallet).await.unwrap();
}

#[tokio::test]
async fn deleting_removes_the_file_and_its_journal() {
    let (directory, config, _file) = one_wallet().await;
    // A wallet that is dropped without being closed leaves its journal.
    let copy = tempfile::tempdir().unwrap();
    let wallet = open_wallet(&config, &key()).await.unwrap();
    add_did(&wallet).await;
    for name in names_in(directory.path()) {
        fs::copy(directory.path().join(&name), copy.path().join(&name)).unwrap();
    }
    close_wallet(wallet).await.unwrap();
    let with_journal = ["w.sqlite", "w.sqlite-shm", "w.sqlite-wal"];
    assert_eq!(names_in(copy.path()), with_journal);

    let config = sqlite_config(copy.path(), "w");
    delete_wallet(&config, &key()).await.unwrap();
    assert!(names_in(copy.path()).is_empty());
    assert_eq!(open_error(&config).await.code(), "WalletNotFound");
    create_wallet(&config, &key()).await.unwrap();
}

#[tokio::test]
async fn an_open_wallet_is_not_deleted() {
    let (_directory, config, file) = one_wallet().await;
    let wallet = open_wallet(&config, &key()).await.unwrap();
    let error = delete_wallet(&config, &key()).await.unwrap_err();
    assert_eq!(error.code(), "WalletAlreadyOpened", "{error}");
    assert!(file.exists());
    add_did(&wallet).await;
    assert_eq!(list_my_dids(&wallet).await.unwrap().len(), 2);
    close_wallet(wallet).await.unwrap();
    delete_wallet(&config, &key()).await.unwrap();
}

#[tokio::test]
async fn a_journal_without_its_wallet_prevents_a_creation() {
    let directory = tempfile::tempdir().unwrap();
    let journal = directory.path().join("w.sqlite-wal");
    fs::write(&journal, "left over").unwrap();
    let config = sqlite_config(directory.path(), "w");
    let error = create_wallet(&config, &key()).await.unwrap_err();
    assert_eq!(error.code(), "WalletInvalidStorage");
    assert!(error.to_string().contains("-wal"), "{error}");
    assert_eq!(names_in(directory.path()), ["w.sqlite-wal"]);
}

#[tokio::test]
async fn two_open_wallets_are_independent() {
    let directory = tempfile::tempdir().unwrap();
    let issuer = sqlite_config(directory.path(), "issuer_wallet");
    let prover = sqlite_config(directory.path(), "prover_wallet");
    let prover_key = raw_key();
    create_wallet(&issuer, &key()).await.unwrap();
    create_wallet(&prover, &prover_key).await.unwrap();
    let issuer = open_wallet(&issuer, &key()).await.unwrap();
    let prover = open_wallet(&prover, &prover_key).await.unwrap();
    add_did(&issuer).await;
    assert_eq!(list_my_dids(&issuer).await.unwrap().len(), 1);
    assert!(list_my_dids(&prover).await.unwrap().is_empty());
    close_wallet(issuer).await.unwrap();
    close_wallet(prover).await.unwrap();
}

#[tokio::test]
async fn one_wallet_may_be_opened_twice() {
    let (_directory, config, _file) = one_wallet().await;
    let one = open_wallet(&config, &key()).await.unwrap();
    let other = open_wallet(&config, &key()).await.unwrap();
    add_did(&one).await;
    assert_eq!(list_my_dids(&other).await.unwrap().len(), 2);
    close_wallet(one).await.unwrap();
    add_did(&other).await;
    close_wallet(other).await.unwrap();
}

#[tokio::test]
async fn debug_shows_neither_keys_nor_passwords() {
    let (_directory, config, _file) = one_wallet().await;
    let wallet = open_wallet(&config, &key()).await.unwrap();
    assert_eq!(format!("{wallet:?}"), "Wallet { id: \"w\", .. }");
    let storage = WalletStorage::Postgres {
        url: "postgres://user:hunter2@host:5433/p?admin_password=hunter2".to_owned(),
    };
    assert_eq!(format!("{storage:?}"), "Postgres { url: \"postgres://user@host:5433/p\" }");
    let storage = WalletStorage::Postgres { url: "hunter2".to_owned() };
    assert!(!format!("{storage:?} {:?}", key()).contains("hunter2"));
}

/// The environment variable that makes the test below a child process, and gives its directory.
const CHILD: &str = "WALLET_TEST_CHILD_DIRECTORY";

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_is_killed_leaves_whole_wallets_or_none() {
    if let Some(directory) = std::env::var_os(CHILD) {
        return create_wallets_until_killed(Path::new(&directory)).await;
    }
    for round in 0..12 {
        let directory = tempfile::tempdir().unwrap();
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "--test-threads=1"])
            .arg("sqlite::a_process_that_is_killed_leaves_whole_wallets_or_none")
            .env(CHILD, directory.path())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        wait_for(&directory.path().join("w0.sqlite"));
        std::thread::sleep(Duration::from_millis(5 * round));
        child.kill().unwrap();
        child.wait().unwrap();
        for name in names_in(directory.path()) {
            match name.strip_suffix(".sqlite") {
                Some(id) => use_wallet(&sqlite_config(directory.path(), id)).await,
                None => assert!(name.contains(".creating-"), "{name}"),
            }
        }
        // What was left over does not get in the way.
        let unfinished = (0..).map(|id| sqlite_config(directory.path(), &format!("w{id}")));
        for config in unfinished.take(100) {
            if open_wallet(&config, &key()).await.is_err() {
                create_wallet(&config, &key()).await.unwrap();
                use_wallet(&config).await;
                break;
            }
        }
    }
}

fn wait_for(file: &Path) {
    for _ in 0..3000 {
        if file.exists() {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("{} did not appear", file.display());
}

async fn use_wallet(config: &WalletConfig) {
    let wallet = open_wallet(config, &key()).await.unwrap();
    add_did(&wallet).await;
    close_wallet(wallet).await.unwrap();
}

async fn create_wallets_until_killed(directory: &Path) {
    for id in 0.. {
        create_wallet(&sqlite_config(directory, &format!("w{id}")), &key()).await.unwrap();
    }
}
