//! Every statement reads an index in its order, and none sorts.

use sqlx::{Connection, Executor, SqliteConnection};
use tempfile::TempDir;

use super::*;
use crate::{
    Wallet, WalletConfig, WalletCredentials, WalletStorage, close_wallet, create_wallet,
    delete_wallet, generate_wallet_key, open_wallet,
    record::{NewRecord, Tag},
};

// `test_support` is built with this crate as other crates see it, whose types these tests cannot
// use.
async fn create(id: &str, storage: WalletStorage) -> (Wallet, WalletConfig, WalletCredentials) {
    let config = WalletConfig { id: id.to_owned(), storage };
    let credentials = WalletCredentials::raw(generate_wallet_key().unwrap());
    create_wallet(&config, &credentials).await.unwrap();
    let wallet = open_wallet(&config, &credentials).await.unwrap();
    (wallet, config, credentials)
}

async fn create_sqlite() -> (Wallet, TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let storage = WalletStorage::Sqlite { directory: directory.path().to_owned() };
    (create("index", storage).await.0, directory)
}

/// Adds records of which the first half, the middle one, and the second half carry a tag.
async fn fill(index: &Index, count: usize) {
    let names: Vec<String> = (0..count).map(|number| number.to_string()).collect();
    let first = [Tag::new("half", "first")];
    let second = [Tag::new("half", "second")];
    let both = [first.clone(), second.clone()].concat();
    let records: Vec<_> = names
        .iter()
        .enumerate()
        .map(|(number, name)| NewRecord {
            category: "thing",
            name,
            value: b"",
            tags: match number.cmp(&(count / 2)) {
                std::cmp::Ordering::Less => &first,
                std::cmp::Ordering::Equal => &both,
                std::cmp::Ordering::Greater => &second,
            },
        })
        .collect();
    index.insert_batch(&records, &[]).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_skips_what_two_lists_do_not_share() {
    let (wallet, _directory) = create_sqlite().await;
    let index = wallet.index().await.unwrap();
    fill(index, 6000).await;
    let (first, second) =
        (index.term("half", "first").unwrap(), index.term("half", "second").unwrap());
    let common = index.ids(&[first.clone(), second.clone()], 0, 2).await;
    let [common] = common.unwrap()[..] else { panic!("one record is in both halves") };
    let start = index.ids(&[first], 0, 101).await.unwrap()[100];
    assert_eq!(index.skip(&[second], start).await.unwrap(), Some(common - 1));
    close_wallet(wallet).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_reads_the_index_and_never_sorts_or_scans() {
    let (wallet, _directory) = create_sqlite().await;
    let index = wallet.index().await.unwrap();
    fill(index, 50).await;
    for (what, statement) in statements(index) {
        let plan = explain(index, &statement).await;
        let shown = plan.join("\n");
        assert!(!shown.contains("TEMP B-TREE"), "{what}:\n{shown}");
        for step in plan.iter().filter(|step| step.contains("items")) {
            assert!(step.starts_with("SEARCH"), "{what}:\n{shown}");
        }
        let indexes = ["ix_negotiate_terms (name=?", "(rowid=?)", "category=?"];
        assert!(indexes.iter().any(|index| shown.contains(index)), "{what}:\n{shown}");
    }
    close_wallet(wallet).await.unwrap();
}

fn statements(index: &Index) -> Vec<(&'static str, String)> {
    vec![
        ("page of one term", index.block_statement(0)),
        ("page of three terms", index.block_statement(2)),
        ("skip", index.skip_statement()),
        ("count", index.count_statement()),
        ("records", index.records_statement(&[1, 2, 3])),
        ("distinct values", index.distinct_statement()),
        ("stored bytes", index.stored_statement()),
    ]
}

async fn explain(index: &Index, statement: &str) -> Vec<String> {
    let Database::Sqlite { readers, .. } = &index.database else {
        panic!("not SQLite");
    };
    let rows: Vec<(i64, i64, i64, String)> =
        sqlx::query_as(&format!("EXPLAIN QUERY PLAN {statement}"))
            .fetch_all(readers)
            .await
            .unwrap();
    rows.into_iter().map(|(.., step)| step).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_reads_the_index_and_never_sorts_or_scans() {
    let Some(url) = test_support::wallets::postgres_url() else {
        return;
    };
    let id = format!("index-{}", uuid::Uuid::new_v4());
    let (wallet, config, credentials) = create(&id, WalletStorage::Postgres { url }).await;
    let index = wallet.index().await.unwrap();
    fill(index, 2000).await;
    index.analyze().await.unwrap();
    let Database::Postgres(pool) = &index.database else {
        panic!("not PostgreSQL");
    };
    for (what, statement) in statements(index) {
        let mut connection = pool.acquire().await.unwrap();
        // The plan of a prepared statement whose parameters are not known.
        let prepared = format!("PREPARE explained AS {statement}");
        connection.execute("SET plan_cache_mode = force_generic_plan").await.unwrap();
        connection.execute(&*prepared).await.unwrap();
        let count = (1..20).rev().find(|n| statement.contains(&format!("${n}"))).unwrap_or(0);
        let nulls = vec!["NULL"; count].join(",");
        let execute = match count {
            0 => "EXPLAIN EXECUTE explained".to_owned(),
            _ => format!("EXPLAIN EXECUTE explained ({nulls})"),
        };
        let plan: Vec<String> = sqlx::query_scalar(&execute)
            .persistent(false)
            .fetch_all(&mut *connection)
            .await
            .unwrap();
        connection.execute("DEALLOCATE explained").await.unwrap();
        let shown = plan.join("\n");
        assert!(!shown.contains("Seq Scan"), "{what}:\n{shown}");
        assert!(!shown.contains("Sort"), "{what}:\n{shown}");
    }
    close_wallet(wallet).await.unwrap();
    delete_wallet(&config, &credentials).await.unwrap();
}

/// <https://www.sqlite.org/wal.html#the_wal_reset_bug>: connections that write and checkpoint at once lose writes.
#[tokio::test]
async fn sqlite_is_later_than_its_wal_reset_bug() {
    let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
    let query = sqlx::query_scalar("SELECT sqlite_version()");
    let version: String = query.fetch_one(&mut connection).await.unwrap();
    let numbers: Vec<u32> = version.split('.').map(|number| number.parse().unwrap()).collect();
    assert!(numbers >= vec![3, 51, 3], "SQLite {version}");
}
