//! Records that are written through the index, or together with an update.

use std::sync::Arc;

use aries_askar::entry::{EntryTag, TagFilter};
use tokio::task::JoinSet;
use wallet::{WalletError, record::Replacement};
use zeroize::Zeroizing;

use super::*;

on_both! {
    a_batch_is_read_found_and_deleted_by_askar;
    an_existing_record_is_skipped_and_kept;
    a_replacement_is_refused_once_the_record_has_changed;
    a_record_is_added_with_its_update_or_not_at_all;
    concurrent_updates_are_all_kept;
}

/// The tags that Askar reads, sorted.
async fn tags_read_by_askar(test: &TestWallet, name: &str) -> Vec<EntryTag> {
    let store = open_store(test).await;
    let mut session = store.session(None).await.unwrap();
    let entry = session.fetch("thing", name, false).await.unwrap().unwrap();
    drop(session);
    store.close().await.unwrap();
    let mut tags = entry.tags;
    tags.sort_by_key(|tag| format!("{tag:?}"));
    tags
}

async fn a_batch_is_read_found_and_deleted_by_askar(test: TestWallet) {
    let wallet = test.create().await;
    let index = wallet.index().await.unwrap();
    let tags = [tag("colour", "red"), tag("size", "")];
    insert_numbered(index, &vec![tags.to_vec(); 1000]).await;

    let value = wallet.fetch_record("thing", "7").await.unwrap().unwrap();
    assert_eq!(**value, *b"7");
    let read = tags_read_by_askar(&test, "7").await;
    assert_eq!(read, [encrypted("colour", "red"), encrypted("size", "")]);

    let store = open_store(&test).await;
    let mut session = store.session(None).await.unwrap();
    let filter = TagFilter::is_eq("colour", "red");
    let found =
        session.fetch_all(Some("thing"), Some(filter), None, None, false, false).await.unwrap();
    assert_eq!(found.len(), 1000);
    session.remove("thing", "7").await.unwrap();
    drop(session);
    store.close().await.unwrap();
    let term = index.term("colour", "red").unwrap();
    assert_eq!(index.count(&term, 10_000).await.unwrap(), 999);
    assert_eq!(index.count(&term, 10).await.unwrap(), 10);
    index.analyze().await.unwrap();
    test.delete(wallet).await;
}

async fn an_existing_record_is_skipped_and_kept(test: TestWallet) {
    let wallet = test.create().await;
    let index = wallet.index().await.unwrap();
    let (first, second) = ([tag("n", "first")], [tag("n", "second")]);
    wallet.insert_record(thing("one", b"first", &first)).await.unwrap();
    let records = [
        thing("one", b"second", &second),
        thing("two", b"first", &second),
        thing("two", b"second", &second),
    ];
    let added = index.insert_batch(&records, &[]).await.unwrap();
    assert_eq!(added, Some(1));
    for name in ["one", "two"] {
        let value = wallet.fetch_record("thing", name).await.unwrap().unwrap();
        assert_eq!(**value, *b"first");
        assert_eq!(tags_read_by_askar(&test, name).await.len(), 1);
    }
    let second = index.term("n", "second").unwrap();
    assert_eq!(names(index, &all(index, &[second]).await).await, ["two"]);
    test.delete(wallet).await;
}

/// The record that is updated: its category and name.
const DIRECTORY: (&str, &str) = ("directory", "all");

async fn a_replacement_is_refused_once_the_record_has_changed(test: TestWallet) {
    let wallet = test.create().await;
    let index = wallet.index().await.unwrap();
    let directory = |value, expected| {
        let (category, name) = DIRECTORY;
        Replacement { record: NewRecord { category, name, value, tags: &[] }, expected }
    };
    // First it does not exist, although it is expected to; then it does, although it is not.
    for (value, expected, name, added) in
        [(b"1", Some(&b"?"[..]), "a", None), (b"1", None, "a", Some(1)), (b"2", None, "b", None)]
    {
        let records = [thing(name, b"", &[])];
        let written = index.insert_batch(&records, &[directory(value, expected)]).await;
        assert_eq!(written.unwrap(), added);
    }
    let (category, name) = DIRECTORY;
    let first = index.stored_bytes(category, name).await.unwrap().unwrap();
    let records = [thing("b", b"", &[])];
    let replacements = [directory(b"2", Some(&first))];
    let written = index.insert_batch(&records, &replacements).await.unwrap();
    assert_eq!(written, Some(1));
    let value = wallet.fetch_record(category, name).await.unwrap().unwrap();
    assert_eq!(**value, *b"2");

    // A second replacement of the same state is refused, and its record is not added either.
    let records = [thing("c", b"", &[])];
    let replacements = [directory(b"3", Some(&first))];
    let written = index.insert_batch(&records, &replacements).await.unwrap();
    assert_eq!(written, None);
    assert!(wallet.fetch_record("thing", "c").await.unwrap().is_none());
    test.delete(wallet).await;
}

/// An update that adds a name to the directory.
fn append(old: Option<&[u8]>, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, WalletError> {
    let mut names = old.unwrap_or_default().to_vec();
    names.extend(name.as_bytes());
    names.push(b' ');
    Ok(Some(Zeroizing::new(names)))
}

async fn directory(wallet: &Wallet) -> String {
    let (category, name) = DIRECTORY;
    let value = wallet.fetch_record(category, name).await.unwrap();
    String::from_utf8(value.unwrap_or_default().to_vec()).unwrap()
}

async fn a_record_is_added_with_its_update_or_not_at_all(test: TestWallet) {
    let wallet = test.create().await;
    let record = |name| thing(name, b"", &[]);
    for name in ["a", "b"] {
        wallet.insert_and_update(record(name), DIRECTORY, |old| append(old, name)).await.unwrap();
    }
    let unchanged =
        wallet.insert_and_update(record("c"), DIRECTORY, |_| Ok::<_, WalletError>(None));
    unchanged.await.unwrap();
    let again = wallet.insert_and_update(record("a"), DIRECTORY, |old| append(old, "a"));
    assert_eq!(again.await.unwrap_err().code(), "WalletItemAlreadyExists");
    let refuse = |_: Option<&[u8]>| Err(WalletError::InvalidKey { reason: "refused" });
    let refused = wallet.insert_and_update(record("d"), DIRECTORY, refuse);
    assert_eq!(refused.await.unwrap_err().code(), "WalletInvalidKey");
    assert!(wallet.fetch_record("thing", "d").await.unwrap().is_none());
    assert_eq!(directory(&wallet).await, "a b ");
    test.delete(wallet).await;
}

async fn concurrent_updates_are_all_kept(test: TestWallet) {
    let wallet = Arc::new(test.create().await);
    let mut tasks = JoinSet::new();
    for number in 0..20 {
        let wallet = wallet.clone();
        tasks.spawn(async move {
            let name = number.to_string();
            wallet
                .insert_and_update(thing(&name, b"", &[]), DIRECTORY, |old| append(old, &name))
                .await
                .unwrap();
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
    assert_eq!(directory(&wallet).await.split_whitespace().count(), 20);
    test.delete(Arc::into_inner(wallet).unwrap()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn batches_and_askar_do_not_lock_each_other_out() {
    let test = TestWallet::sqlite();
    let wallet = Arc::new(test.create().await);
    let mut tasks = JoinSet::new();
    for task in 0..8 {
        let wallet = wallet.clone();
        tasks.spawn(async move {
            let index = wallet.index().await.unwrap();
            let tags = [tag("any", "1")];
            for round in 0..5 {
                let names: Vec<_> = (0..100).map(|n| format!("{task}-{round}-{n}")).collect();
                let records: Vec<_> = names.iter().map(|name| thing(name, b"", &tags)).collect();
                if task % 2 == 0 {
                    wallet.insert_record(records[0]).await.unwrap();
                } else {
                    let added = index.insert_batch(&records, &[]).await.unwrap();
                    assert_eq!(added, Some(100));
                }
                index.ids(&[index.term("any", "1").unwrap()], 0, 5000).await.unwrap();
            }
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
    let index = wallet.index().await.unwrap();
    let term = index.term("any", "1").unwrap();
    assert_eq!(index.count(&term, 10_000).await.unwrap(), 2020);
    test.delete(Arc::into_inner(wallet).unwrap()).await;
}
