//! Creating, opening and deleting a configuration, and what its file of transactions survives.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

use ledger::pool::{
    PoolError, PoolLedgerConfig, close_pool_ledger, create_pool_ledger_config,
    delete_pool_ledger_config, open_pool_ledger,
};
use tempfile::TempDir;

use crate::support::{Identity, new_pool, open, steward, submit, trustee, written};

async fn create(directory: &Path, name: &str) -> Result<(), PoolError> {
    create_pool_ledger_config(directory, name, &PoolLedgerConfig::embedded()).await
}

fn transactions(directory: &TempDir) -> PathBuf {
    directory.path().join("pool/transactions.jsonl")
}

/// Returns the directory of a closed pool with three transactions of the steward, numbers 7 to 9.
async fn pool_with_three_transactions() -> TempDir {
    let (pool, directory) = new_pool().await;
    for (req_id, seed) in [(1, "A"), (2, "B"), (3, "C")] {
        let request = steward().request(req_id, Identity::new(seed).nym());
        assert_eq!(written(&submit(&pool, &request).await), 6 + req_id);
    }
    close_pool_ledger(pool).await.expect("closed");
    directory
}

/// Changes the lines of the file, and returns the error of opening it.
async fn corrupt(change: impl FnOnce(&mut Vec<String>)) -> PoolError {
    let directory = pool_with_three_transactions().await;
    let path = transactions(&directory);
    let text = fs::read_to_string(&path).expect("the file");
    let mut lines: Vec<String> = text.lines().map(|line| format!("{line}\n")).collect();
    change(&mut lines);
    fs::write(&path, lines.concat()).expect("written");
    let before = fs::read(&path).expect("the file");
    let error = open_pool_ledger(directory.path(), "pool").await.expect_err("damaged");
    assert_eq!(fs::read(&path).expect("the file"), before, "a damaged file is not changed");
    assert_eq!(error.code(), "PoolLedgerCorrupt");
    assert!(error.to_string().contains("transactions.jsonl"), "{error}");
    error
}

#[track_caller]
fn assert_damaged_at(error: &PoolError, expected: usize) {
    let PoolError::Corrupt { line, .. } = error else { panic!("{error}") };
    assert_eq!(*line, expected, "{error}");
}

#[tokio::test]
async fn a_configuration_cannot_be_created_twice() {
    let directory = tempfile::tempdir().expect("a directory");
    let inner = directory.path().join("not/there/yet");
    create(&inner, "pool").await.expect("created");
    let error = create(&inner, "pool").await.expect_err("it exists");
    assert_eq!(error.code(), "PoolLedgerConfigAlreadyExists");
    create(&inner, "other").await.expect("another name is fine");
    let names: Vec<_> = fs::read_dir(&inner).expect("entries").collect();
    assert_eq!(names.len(), 2, "unfinished directories remain: {names:?}");
}

#[tokio::test]
async fn of_many_simultaneous_creations_one_succeeds() {
    let directory = tempfile::tempdir().expect("a directory");
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let path = directory.path().to_owned();
            tokio::spawn(async move { create(&path, "pool").await })
        })
        .collect();
    let mut created = 0;
    for task in tasks {
        match task.await.expect("no panic") {
            Ok(()) => created += 1,
            Err(error) => assert_eq!(error.code(), "PoolLedgerConfigAlreadyExists", "{error}"),
        }
    }
    assert_eq!(created, 1);
}

#[tokio::test]
async fn a_name_must_be_a_plain_file_name() {
    let directory = tempfile::tempdir().expect("a directory");
    let long = "a".repeat(201);
    for name in ["", ".", "..", ".hidden", "a/b", "a\\b", "a\0b", "/tmp", &long] {
        for error in [
            create(directory.path(), name).await.expect_err("not a name"),
            open_pool_ledger(directory.path(), name).await.expect_err("not a name"),
            delete_pool_ledger_config(directory.path(), name).await.expect_err("not a name"),
        ] {
            assert!(matches!(error, PoolError::InvalidName { .. }), "{error}");
        }
    }
}

#[tokio::test]
async fn an_unknown_configuration_is_neither_opened_nor_deleted() {
    let directory = tempfile::tempdir().expect("a directory");
    for error in [
        open_pool_ledger(directory.path(), "pool").await.expect_err("it does not exist"),
        delete_pool_ledger_config(directory.path(), "pool").await.expect_err("it does not exist"),
    ] {
        assert_eq!(error.code(), "PoolLedgerNotCreated");
    }
}

#[tokio::test]
async fn a_malformed_configuration_is_refused() {
    let (pool, directory) = new_pool().await;
    close_pool_ledger(pool).await.expect("closed");
    for text in ["", "{", "{}", r#"{"backend":"carrier pigeons"}"#] {
        fs::write(directory.path().join("pool/config.json"), text).expect("written");
        let error = open_pool_ledger(directory.path(), "pool").await.expect_err("malformed");
        assert_eq!(error.code(), "PoolLedgerInvalidConfig");
        assert!(error.to_string().contains("config.json"), "{error}");
    }
}

#[tokio::test]
async fn a_missing_transactions_file_is_not_replaced() {
    let directory = pool_with_three_transactions().await;
    fs::remove_file(transactions(&directory)).expect("removed");
    let error = open_pool_ledger(directory.path(), "pool").await.expect_err("missing");
    assert_eq!(error.code(), "CommonIOError");
    delete_pool_ledger_config(directory.path(), "pool").await.expect("deleted anyway");
}

#[tokio::test]
async fn a_deleted_configuration_can_be_created_again() {
    let directory = pool_with_three_transactions().await;
    delete_pool_ledger_config(directory.path(), "pool").await.expect("deleted");
    assert_eq!(fs::read_dir(directory.path()).expect("entries").count(), 0);
    create(directory.path(), "pool").await.expect("created again");
    let pool = open(&directory).await;
    let request = steward().request(1, Identity::new("D").nym());
    assert_eq!(written(&submit(&pool, &request).await), 7);
}

#[tokio::test]
async fn foreign_files_are_not_deleted() {
    let directory = pool_with_three_transactions().await;
    let foreign = directory.path().join("pool/notes.txt");
    fs::write(&foreign, "keep me").expect("written");
    let error = delete_pool_ledger_config(directory.path(), "pool").await.expect_err("not empty");
    assert!(error.to_string().contains("notes.txt"), "{error}");
    assert!(foreign.exists());
    open(&directory).await;
}

#[tokio::test]
async fn a_reopened_ledger_has_its_transactions_and_continues() {
    let directory = pool_with_three_transactions().await;
    let pool = open(&directory).await;
    assert_eq!(pool.name(), "pool");
    assert!(pool.warnings().is_empty(), "{:?}", pool.warnings());
    let a = Identity::new("A");
    let reply =
        submit(&pool, &a.request(1, serde_json::json!({"type": "105", "dest": a.did}))).await;
    assert_eq!(reply["result"]["seqNo"], 7);
    let next = steward().request(4, Identity::new("D").nym());
    assert_eq!(written(&submit(&pool, &next).await), 10);
}

#[tokio::test]
async fn each_line_of_the_file_is_json_with_the_transaction() {
    let directory = pool_with_three_transactions().await;
    let text = fs::read_to_string(transactions(&directory)).expect("the file");
    assert!(text.ends_with('\n'));
    for (line, seq_no) in text.lines().zip(7..) {
        let line: serde_json::Value = serde_json::from_str(line).expect("JSON");
        assert_eq!(line["hash"].as_str().expect("a hash").len(), 64);
        assert_eq!(line["transaction"]["txnMetadata"]["seqNo"], seq_no);
    }
}

/// Returns the directory of a pool whose last append was cut off by a crash after `keep` bytes of
/// the line, and the whole lines before it. The head does not count the last line yet.
async fn killed_while_appending(keep: impl Fn(usize) -> usize) -> (TempDir, Vec<u8>) {
    let directory = pool_with_three_transactions().await;
    let (path, head) = (transactions(&directory), head(&directory));
    let (before, head_before) =
        (fs::read(&path).expect("a file"), fs::read(&head).expect("a head"));
    let pool = open(&directory).await;
    submit(&pool, &steward().request(4, Identity::new("D").nym())).await;
    close_pool_ledger(pool).await.expect("closed");
    let whole = fs::read(&path).expect("the file");
    let end = before.len() + keep(whole.len() - before.len());
    fs::write(&path, &whole[..end]).expect("written");
    fs::write(&head, head_before).expect("written");
    (directory, before)
}

fn head(directory: &TempDir) -> PathBuf {
    directory.path().join("pool/transactions.head")
}

/// Returns how many transactions the head counts.
fn counted(directory: &TempDir) -> u64 {
    let text = fs::read_to_string(head(directory)).expect("the head");
    let slots = text.strip_prefix("#head 2 transactions\n").expect("the form").lines();
    slots.map(|slot| slot[..20].parse().expect("a number")).max().expect("a slot")
}

#[tokio::test]
async fn an_incomplete_last_line_is_removed_with_a_warning() {
    for keep in [|_| 1, |_| 100, |length| length - 2] {
        let (directory, before) = killed_while_appending(keep).await;
        let pool = open(&directory).await;
        assert_eq!(pool.warnings().len(), 1);
        assert!(pool.warnings()[0].contains("incomplete"), "{:?}", pool.warnings());
        assert_eq!(fs::read(transactions(&directory)).expect("the file"), before);
        let request = steward().request(4, Identity::new("D").nym());
        assert_eq!(written(&submit(&pool, &request).await), 10);
        close_pool_ledger(pool).await.expect("closed");
        let pool = open(&directory).await;
        assert!(pool.warnings().is_empty(), "{:?}", pool.warnings());
    }
}

#[tokio::test]
async fn a_whole_last_line_without_its_end_is_kept() {
    let (directory, before) = killed_while_appending(|length| length - 1).await;
    let pool = open(&directory).await;
    assert_eq!(pool.warnings().len(), 1);
    assert!(pool.warnings()[0].contains("was completed"), "{:?}", pool.warnings());
    let after = fs::read(transactions(&directory)).expect("the file");
    assert!(after.starts_with(&before) && after.len() > before.len() && after.ends_with(b"\n"));
    // the request was confirmed, and is not carried out a second time
    let request = steward().request(4, Identity::new("D").nym());
    assert_eq!(written(&submit(&pool, &request).await), 10);
    let next = steward().request(5, Identity::new("E").nym());
    assert_eq!(written(&submit(&pool, &next).await), 11);
    close_pool_ledger(pool).await.expect("closed");
    assert!(open(&directory).await.warnings().is_empty());

    // the same where the head counts the line
    let directory = pool_with_three_transactions().await;
    let whole = fs::read(transactions(&directory)).expect("the file");
    fs::write(transactions(&directory), &whole[..whole.len() - 1]).expect("written");
    assert_eq!(open(&directory).await.warnings().len(), 1);
    assert_eq!(fs::read(transactions(&directory)).expect("the file"), whole);
}

#[tokio::test]
async fn a_ledger_that_was_shortened_or_emptied_is_refused() {
    let directory = pool_with_three_transactions().await;
    let path = transactions(&directory);
    let whole = fs::read(&path).expect("the file");
    let ends = whole.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
    let ends: Vec<usize> = ends.map(|(end, _)| end + 1).collect();
    for (length, found) in [(0, 0), (ends[0], 1), (ends[1], 2), (ends[2] - 10, 2)] {
        fs::write(&path, &whole[..length]).expect("written");
        let error = open_pool_ledger(directory.path(), "pool").await.expect_err("shortened");
        assert_eq!(error.code(), "PoolLedgerCorrupt");
        let text = error.to_string();
        let says = format!("has {found} transactions, and 3 were confirmed");
        assert!(text.contains(&says), "{text}");
        assert!(
            text.contains("transactions.jsonl") && text.contains("transactions.head"),
            "{text}"
        );
        assert_eq!(fs::read(&path).expect("the file"), &whole[..length], "it is not changed");
    }
    // the advice: a copy with all of them
    fs::write(&path, &whole).expect("written");
    close_pool_ledger(open(&directory).await).await.expect("closed");
    // or the loss is accepted
    fs::write(&path, &whole[..ends[1]]).expect("written");
    fs::remove_file(head(&directory)).expect("removed");
    let pool = open(&directory).await;
    let next = steward().request(5, Identity::new("E").nym());
    assert_eq!(written(&submit(&pool, &next).await), 9);
}

#[tokio::test]
async fn a_head_that_is_behind_or_missing_is_written_again() {
    let directory = pool_with_three_transactions().await;
    assert_eq!(counted(&directory), 3);
    fs::remove_file(head(&directory)).expect("removed");
    let pool = open(&directory).await;
    assert!(pool.warnings().is_empty(), "{:?}", pool.warnings());
    assert_eq!(counted(&directory), 3);

    let (behind, _) = killed_while_appending(|length| length).await;
    // after a crash between the transaction and the head
    let pool = open(&behind).await;
    assert!(pool.warnings().is_empty(), "{:?}", pool.warnings());
    assert_eq!(counted(&behind), 4);
}

/// Returns the head of a ledger with three other transactions.
async fn head_of_another_ledger() -> String {
    let (pool, directory) = new_pool().await;
    for number in 1..4 {
        let other = Identity::new(&format!("Other{number}"));
        written(&submit(&pool, &steward().request(number, other.nym())).await);
    }
    close_pool_ledger(pool).await.expect("closed");
    fs::read_to_string(head(&directory)).expect("the head")
}

#[tokio::test]
async fn the_head_of_an_older_version_is_read() {
    let directory = pool_with_three_transactions().await;
    let path = transactions(&directory);
    let whole = fs::read_to_string(&path).expect("the file");
    let last: serde_json::Value =
        serde_json::from_str(whole.lines().last().expect("a line")).expect("JSON");
    let older = format!("{{\"format\":1,\"transactions\":3,\"hash\":{}}}\n", last["hash"]);
    fs::write(head(&directory), &older).expect("written");
    close_pool_ledger(open(&directory).await).await.expect("closed");
    assert_eq!(counted(&directory), 3);
    fs::write(head(&directory), &older).expect("written");
    fs::write(&path, "").expect("written");
    let error = open_pool_ledger(directory.path(), "pool").await.expect_err("emptied");
    assert!(error.to_string().contains("has 0 transactions, and 3 were confirmed"), "{error}");
}

#[tokio::test]
async fn a_damaged_head_is_named_and_can_be_deleted() {
    let directory = pool_with_three_transactions().await;
    let whole = fs::read_to_string(head(&directory)).expect("the head");
    let (first, slots) = whole.split_once('\n').expect("lines");
    let torn = format!("{first}\n{}", slots.replace(' ', "-"));
    let other_ledger = head_of_another_ledger().await;
    let newer = whole.replace("#head 2", "#head 3");
    for damaged in ["", "{}", &newer, &torn, &other_ledger] {
        fs::write(head(&directory), damaged).expect("written");
        let error = open_pool_ledger(directory.path(), "pool").await.expect_err("damaged");
        assert_eq!(error.code(), "PoolLedgerCorrupt");
        let text = error.to_string();
        assert!(
            text.contains("transactions.jsonl") && text.contains("transactions.head"),
            "{text}"
        );
    }
    fs::remove_file(head(&directory)).expect("removed");
    close_pool_ledger(open(&directory).await).await.expect("closed");
    assert_eq!(counted(&directory), 3);
    delete_pool_ledger_config(directory.path(), "pool").await.expect("deleted");
}

#[cfg(unix)]
#[tokio::test]
async fn a_ledger_is_its_owners_only_and_one_that_was_open_is_closed() {
    use std::os::unix::fs::PermissionsExt;
    let directory = pool_with_three_transactions().await;
    let path = directory.path().join("pool");
    let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o700);
    for entry in fs::read_dir(&path).expect("entries") {
        assert_eq!(mode(&entry.expect("an entry").path()), 0o600);
    }
    let file = transactions(&directory);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).expect("changed");
    let pool = open(&directory).await;
    assert!(pool.warnings()[0].contains("was open to other users"), "{:?}", pool.warnings());
    assert_eq!((pool.warnings().len(), mode(&file)), (1, 0o600));
    close_pool_ledger(pool).await.expect("closed");
    assert!(open(&directory).await.warnings().is_empty());
}

#[tokio::test]
async fn a_line_that_does_not_parse_is_reported_by_number() {
    for garbage in ["garbage\n", "\n", "{}\n", "{\"hash\":\"\",\"transaction\":{}}\n"] {
        let error = corrupt(|lines| lines[1] = garbage.to_owned()).await;
        assert_damaged_at(&error, 2);
    }
    let error = corrupt(|lines| lines[2].insert(100, '"')).await;
    assert_damaged_at(&error, 3);
}

#[tokio::test]
async fn a_changed_line_is_detected_though_it_parses() {
    let error = corrupt(|lines| lines[1] = lines[1].replace("\"reqId\":2", "\"reqId\":9")).await;
    assert_damaged_at(&error, 2);
    assert!(error.to_string().contains("hash"), "{error}");
    let other = Identity::new("Z").verkey;
    let error =
        corrupt(|lines| lines[0] = lines[0].replace(&Identity::new("A").verkey, &other)).await;
    assert_damaged_at(&error, 1);
}

#[tokio::test]
async fn a_lost_moved_or_repeated_line_is_detected() {
    assert_damaged_at(&corrupt(|lines| drop(lines.remove(1))).await, 2);
    assert_damaged_at(&corrupt(|lines| drop(lines.remove(0))).await, 1);
    assert_damaged_at(&corrupt(|lines| lines.swap(0, 1)).await, 1);
    assert_damaged_at(&corrupt(|lines| lines.push(lines[2].clone())).await, 4);
}

#[tokio::test]
async fn a_line_that_is_not_utf_8_is_detected() {
    let directory = pool_with_three_transactions().await;
    let path = transactions(&directory);
    let mut bytes = fs::read(&path).expect("the file");
    bytes[100] = 0xff;
    fs::write(&path, bytes).expect("written");
    let error = open_pool_ledger(directory.path(), "pool").await.expect_err("damaged");
    assert_damaged_at(&error, 1);
}

#[tokio::test]
async fn an_open_ledger_is_neither_opened_nor_deleted() {
    let (pool, directory) = new_pool().await;
    for error in [
        open_pool_ledger(directory.path(), "pool").await.expect_err("in use"),
        delete_pool_ledger_config(directory.path(), "pool").await.expect_err("in use"),
    ] {
        assert_eq!(error.code(), "PoolLedgerInUse");
        assert!(error.to_string().contains("another process"), "{error}");
    }
    close_pool_ledger(pool).await.expect("closed");
    open(&directory).await;
}

/// Runs itself in a second process, with the directory in its environment.
#[tokio::test]
async fn a_ledger_is_open_in_one_process_only() {
    const DIRECTORY: &str = "INDY_TEST_LEDGER_IN_USE";
    if let Some(directory) = std::env::var_os(DIRECTORY) {
        let error = open_pool_ledger(Path::new(&directory), "pool").await.expect_err("in use");
        assert_eq!(error.code(), "PoolLedgerInUse");
        return;
    }
    let (_pool, directory) = new_pool().await;
    let second = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "pool_config::a_ledger_is_open_in_one_process_only"])
        .env(DIRECTORY, directory.path())
        .output()
        .expect("a second process");
    let output = String::from_utf8_lossy(&second.stdout);
    assert!(second.status.success() && output.contains("1 passed"), "{output}");
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_writers_get_consecutive_numbers() {
    const WRITES_EACH: u64 = 10;
    let (pool, directory) = new_pool().await;
    let pool = Arc::new(pool);
    let authors = ["Trustee1", "Steward1", "Steward2", "Steward3", "Steward4"];
    let tasks: Vec<_> = authors
        .iter()
        .map(|author| {
            let (pool, author) = (Arc::clone(&pool), *author);
            tokio::spawn(async move {
                let mut numbers = Vec::new();
                for req_id in 1..=WRITES_EACH {
                    let nym = Identity::new(&format!("{author}x{req_id}")).nym();
                    let request = Identity::new(author).request(req_id, nym);
                    numbers.push(written(&submit(&pool, &request).await));
                }
                numbers
            })
        })
        .collect();
    let mut numbers = Vec::new();
    for task in tasks {
        numbers.extend(task.await.expect("no panic"));
    }
    numbers.sort_unstable();
    let count = WRITES_EACH * authors.len() as u64;
    assert_eq!(numbers, (7..7 + count).collect::<Vec<_>>());

    close_pool_ledger(Arc::into_inner(pool).expect("the last handle")).await.expect("closed");
    let pool = open(&directory).await;
    let request = trustee().request(WRITES_EACH + 1, Identity::new("last").nym());
    assert_eq!(written(&submit(&pool, &request).await), 7 + count);
}
