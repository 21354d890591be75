//! Tests of the index against Askar itself, in SQLite, and in PostgreSQL where
//! `NEGOTIATE_PROOF_POSTGRES_URL` names a server.

mod plans;

use std::collections::BTreeSet;

use aries_askar::{
    Store, StoreKeyMethod,
    entry::{EntryTag, TagFilter},
};
use proptest::{collection::vec, prelude::*, strategy::ValueTree, test_runner::TestRunner};
use tempfile::TempDir;

use super::open::{PROFILE_KEY, SEARCH, fetch_profile_key, keep_profile_key};
use super::*;
use crate::{
    WalletConfig, WalletCredentials, WalletStorage, close_wallet, create_wallet, delete_wallet,
    generate_wallet_key, open_wallet,
};

const SERVER: &str = "NEGOTIATE_PROOF_POSTGRES_URL";

/// A wallet, and what it takes to open it.
struct Scene {
    config: WalletConfig,
    credentials: WalletCredentials,
    _directory: Option<TempDir>,
}

impl Scene {
    fn raw_key() -> WalletCredentials {
        WalletCredentials::raw(generate_wallet_key().unwrap())
    }

    fn sqlite() -> Option<Self> {
        let directory = tempfile::tempdir().unwrap();
        Some(Self {
            config: WalletConfig {
                id: "index".to_owned(),
                storage: WalletStorage::Sqlite {
                    directory: directory.path().to_owned(),
                },
            },
            credentials: Self::raw_key(),
            _directory: Some(directory),
        })
    }

    fn postgres() -> Option<Self> {
        let Ok(url) = std::env::var(SERVER) else {
            eprintln!("SKIPPED: set {SERVER} to run this test against a PostgreSQL server");
            return None;
        };
        Some(Self {
            config: WalletConfig {
                id: format!("index-{}", uuid::Uuid::new_v4()),
                storage: WalletStorage::Postgres { url },
            },
            credentials: Self::raw_key(),
            _directory: None,
        })
    }

    fn with_key(self, credentials: WalletCredentials) -> Self {
        Self {
            credentials,
            ..self
        }
    }

    async fn create(&self) -> Wallet {
        create_wallet(&self.config, &self.credentials)
            .await
            .unwrap();
        self.open().await
    }

    async fn open(&self) -> Wallet {
        open_wallet(&self.config, &self.credentials).await.unwrap()
    }

    async fn finish(self, wallet: Wallet) {
        close_wallet(wallet).await.unwrap();
        delete_wallet(&self.config, &self.credentials)
            .await
            .unwrap();
    }
}

/// The same test for either kind of database.
macro_rules! on_both {
    ($($(#[$about:meta])* $name:ident;)*) => {
        mod in_sqlite {
            $($(#[$about])* #[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                super::$name(super::Scene::sqlite().unwrap()).await;
            })*
        }
        mod in_postgres {
            $($(#[$about])* #[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                if let Some(scene) = super::Scene::postgres() {
                    super::$name(scene).await;
                }
            })*
        }
    };
}

on_both! {
    terms_are_what_askar_wrote;
    a_batch_is_read_found_and_deleted_by_askar;
    a_record_that_is_there_is_skipped_and_kept;
    a_passphrase_opens_the_index_too;
    a_wallet_from_before_the_index_is_given_one;
    pages_follow_each_other_without_gap_or_repetition;
    a_record_deleted_between_two_pages_neither_repeats_nor_stops_them;
    intersections_are_those_of_a_plain_evaluation;
    far_apart_lists_are_jumped_over;
    a_tag_value_of_10_kb_is_stored_and_found;
    distinct_values_are_each_given_once;
    expired_records_are_not_found;
    a_replacement_is_refused_once_the_record_has_changed;
    a_companion_changes_with_its_record_or_not_at_all;
    companions_changed_at_once_lose_nothing;
    an_index_that_encrypts_differently_is_refused;
    the_index_opens_while_a_transaction_is_open;
}

fn tag(name: &str, value: &str) -> EntryTag {
    EntryTag::Encrypted(name.to_owned(), value.to_owned())
}

/// Records "0", "1", ... of the category "thing" with the given tags.
async fn insert_numbered(index: &Index, tags: &[Vec<EntryTag>]) {
    let names: Vec<String> = (0..tags.len()).map(|number| number.to_string()).collect();
    let records: Vec<_> = names
        .iter()
        .zip(tags)
        .map(|(name, tags)| NewRecord {
            category: "thing",
            name,
            value: name.as_bytes(),
            tags,
        })
        .collect();
    let added = index.insert_batch(&records, &[]).await.unwrap();
    assert_eq!(added, Some(tags.len()));
}

async fn names(index: &Index, ids: &[ItemId]) -> Vec<String> {
    let records = index.records("thing", ids).await.unwrap();
    records.into_iter().map(|record| record.name).collect()
}

async fn all(index: &Index, terms: &[Term]) -> Vec<ItemId> {
    index.ids(terms, 0, 1_000_000).await.unwrap()
}

async fn terms_are_what_askar_wrote(scene: Scene) {
    let wallet = scene.create().await;
    let tags = [
        tag("colour", "red"),
        tag("size", ""),
        tag("ort", "Zürich ✓"),
        EntryTag::Plaintext("shown".to_owned(), "red".to_owned()),
    ];
    wallet
        .insert_record("thing", "one", b"value", &tags)
        .await
        .unwrap();
    let index = wallet.index().await.unwrap();
    for (name, value) in [("colour", "red"), ("size", ""), ("ort", "Zürich ✓")] {
        let term = index.term(name, value).unwrap();
        let ids = all(index, &[term]).await;
        let records = index.records("thing", &ids).await.unwrap();
        assert_eq!(records.len(), 1, "{name}");
        assert_eq!(records[0].name, "one");
        assert_eq!(&*records[0].value, b"value");
        assert!(index.records("other", &ids).await.unwrap().is_empty());
    }
    for (name, value) in [("colour", "blue"), ("red", "colour"), ("shown", "red")] {
        let term = index.term(name, value).unwrap();
        assert!(all(index, &[term]).await.is_empty(), "{name}");
    }
    let stored = index.stored_bytes("thing", "one").await.unwrap().unwrap();
    let value = index.open_value("thing", "one", stored).unwrap();
    assert_eq!(&*value, b"value");
    assert_eq!(index.stored_bytes("thing", "two").await.unwrap(), None);
    assert!(all(index, &[]).await.is_empty());
    scene.finish(wallet).await;
}

async fn a_batch_is_read_found_and_deleted_by_askar(scene: Scene) {
    let wallet = scene.create().await;
    let index = wallet.index().await.unwrap();
    let tags = [
        tag("colour", "red"),
        tag("size", ""),
        EntryTag::Plaintext("shown".to_owned(), "red".to_owned()),
    ];
    let many = vec![tags.to_vec(); 1000];
    insert_numbered(index, &many).await;

    let entry = wallet.fetch_record("thing", "7").await.unwrap().unwrap();
    assert_eq!(&*entry.value, b"7");
    let sorted = |tags: &[EntryTag]| {
        let mut tags: Vec<_> = tags.iter().map(|tag| format!("{tag:?}")).collect();
        tags.sort();
        tags
    };
    assert_eq!(sorted(&entry.tags), sorted(&tags));

    let mut session = wallet.store().session(None).await.unwrap();
    for filter in [
        TagFilter::is_eq("colour", "red"),
        TagFilter::is_eq("~shown", "red"),
    ] {
        let found = session
            .fetch_all(Some("thing"), Some(filter), None, None, false, false)
            .await
            .unwrap();
        assert_eq!(found.len(), 1000);
    }
    session.remove("thing", "7").await.unwrap();
    drop(session);
    let term = index.term("colour", "red").unwrap();
    assert_eq!(index.count(&term, 10_000).await.unwrap(), 999);
    assert_eq!(index.count(&term, 10).await.unwrap(), 10);
    index.analyze().await.unwrap();
    scene.finish(wallet).await;
}

async fn a_record_that_is_there_is_skipped_and_kept(scene: Scene) {
    let wallet = scene.create().await;
    let index = wallet.index().await.unwrap();
    wallet
        .insert_record("thing", "one", b"first", &[tag("n", "first")])
        .await
        .unwrap();
    let tags = [tag("n", "second")];
    let record = |name, value| NewRecord {
        category: "thing",
        name,
        value,
        tags: &tags,
    };
    let records = [
        record("one", b"second"),
        record("two", b"first"),
        record("two", b"second"),
    ];
    let added = index.insert_batch(&records, &[]).await.unwrap();
    assert_eq!(added, Some(1));
    for name in ["one", "two"] {
        let entry = wallet.fetch_record("thing", name).await.unwrap().unwrap();
        assert_eq!(&*entry.value, b"first");
        assert_eq!(entry.tags.len(), 1);
    }
    let second = index.term("n", "second").unwrap();
    assert_eq!(names(index, &all(index, &[second]).await).await, ["two"]);
    scene.finish(wallet).await;
}

async fn a_passphrase_opens_the_index_too(scene: Scene) {
    let scene = scene.with_key(WalletCredentials::passphrase("correct horse"));
    let wallet = scene.create().await;
    wallet
        .insert_record("thing", "one", b"value", &[tag("n", "1")])
        .await
        .unwrap();
    // As it was made with the wallet, and as it is made for a wallet that has none.
    for _ in 0..2 {
        let wallet = scene.open().await;
        let index = wallet.index().await.unwrap();
        let term = index.term("n", "1").unwrap();
        assert_eq!(names(index, &all(index, &[term]).await).await, ["one"]);
        wallet.remove_record(SEARCH, PROFILE_KEY).await.unwrap();
        close_wallet(wallet).await.unwrap();
    }
    scene.finish(wallet).await;
}

async fn a_wallet_from_before_the_index_is_given_one(scene: Scene) {
    let method = StoreKeyMethod::RawKey;
    let url = match &scene.config.storage {
        WalletStorage::Sqlite { directory } => {
            format!("sqlite://{}/index.sqlite", directory.display())
        }
        WalletStorage::Postgres { url } => {
            format!("{}/{}", url.trim_end_matches('/'), scene.config.id)
        }
    };
    let store = Store::provision(&url, method, scene.credentials.pass_key(), None, false)
        .await
        .unwrap();
    let mut session = store.session(None).await.unwrap();
    session
        .insert("thing", "one", b"value", Some(&[tag("n", "1")]), None)
        .await
        .unwrap();
    drop(session);
    store.close().await.unwrap();

    for _ in 0..2 {
        let wallet = scene.open().await;
        let index = wallet.index().await.unwrap();
        let term = index.term("n", "1").unwrap();
        assert_eq!(names(index, &all(index, &[term]).await).await, ["one"]);
        close_wallet(wallet).await.unwrap();
    }
    let wallet = scene.open().await;
    scene.finish(wallet).await;
}

impl Scene {
    /// A wallet with records of which every third is red and every fifth is big.
    async fn coloured(&self, records: usize) -> Wallet {
        let wallet = self.create().await;
        let tags: Vec<_> = (0..records)
            .map(|number| {
                let mut tags = vec![tag("any", "1"), tag("any", "1")];
                if number % 3 == 0 {
                    tags.push(tag("colour", "red"));
                }
                if number % 5 == 0 {
                    tags.push(tag("size", "big"));
                }
                tags
            })
            .collect();
        insert_numbered(wallet.index().await.unwrap(), &tags).await;
        wallet
    }
}

async fn pages_follow_each_other_without_gap_or_repetition(scene: Scene) {
    let wallet = scene.coloured(600).await;
    let index = wallet.index().await.unwrap();
    let term = |name, value| index.term(name, value).unwrap();
    let (any, red, big) = (term("any", "1"), term("colour", "red"), term("size", "big"));
    for (terms, step) in [
        (vec![any.clone()], 1),
        (vec![red.clone()], 3),
        (vec![any.clone(), red.clone()], 3),
        (vec![red.clone(), big.clone()], 15),
        (vec![any.clone(), big.clone(), red.clone()], 15),
    ] {
        let (mut found, mut after) = (Vec::new(), 0);
        loop {
            let page = index.ids(&terms, after, 7).await.unwrap();
            found.extend(&page);
            match page.last() {
                Some(&last) if page.len() == 7 => after = last,
                _ => break,
            }
        }
        let expected: Vec<_> = (0..600).step_by(step).map(|n| n.to_string()).collect();
        assert_eq!(names(index, &found).await, expected);
    }
    assert!(index.ids(&[any], 0, 0).await.unwrap().is_empty());
    scene.finish(wallet).await;
}

async fn a_record_deleted_between_two_pages_neither_repeats_nor_stops_them(scene: Scene) {
    let wallet = scene.coloured(60).await;
    let index = wallet.index().await.unwrap();
    let terms = [index.term("any", "1").unwrap()];
    let first = index.ids(&terms, 0, 10).await.unwrap();
    // The last of the page, and the first of the next.
    for name in ["9", "10"] {
        wallet.remove_record("thing", name).await.unwrap();
    }
    assert_eq!(names(index, &first).await.len(), 9);
    let next = index.ids(&terms, first[9], 3).await.unwrap();
    assert_eq!(names(index, &next).await, ["11", "12", "13"]);
    scene.finish(wallet).await;
}

async fn intersections_are_those_of_a_plain_evaluation(scene: Scene) {
    const TAGS: u8 = 5;
    let wallet = scene.create().await;
    let index = wallet.index().await.unwrap();
    // Runs of equal records, so that lists are clustered, and single ones, so that they are not.
    let runs = vec(
        (0u8..1 << TAGS, prop_oneof![1usize..3, 100usize..200]),
        20..40,
    );
    let mut runner = TestRunner::deterministic();
    let runs = runs.new_tree(&mut runner).unwrap().current();
    let carried: Vec<u8> = runs
        .into_iter()
        .flat_map(|(tags, times)| std::iter::repeat_n(tags, times))
        .collect();
    let tags: Vec<_> = carried
        .iter()
        .map(|carried| {
            let carries = |number: &u8| carried & (1 << number) != 0;
            (0..TAGS)
                .filter(carries)
                .map(|number| tag(&number.to_string(), "1"))
                .collect()
        })
        .collect();
    insert_numbered(index, &tags).await;
    let runtime = tokio::runtime::Handle::current();
    let question = (vec(0..TAGS, 1..4), 0usize..carried.len(), 1usize..300);
    tokio::task::block_in_place(|| {
        runner
            .run(&question, |(wanted, after, limit)| {
                let expected: Vec<_> = (after + 1..carried.len())
                    .filter(|&at| wanted.iter().all(|tag| carried[at] & (1 << tag) != 0))
                    .take(limit)
                    .map(|at| at.to_string())
                    .collect();
                let found = runtime.block_on(async {
                    let terms: Vec<_> = wanted
                        .iter()
                        .map(|tag| index.term(&tag.to_string(), "1").unwrap())
                        .collect();
                    let first = first_id(index).await;
                    let after = first + ItemId::try_from(after).unwrap();
                    let ids = index.ids(&terms, after, limit).await.unwrap();
                    names(index, &ids).await
                });
                prop_assert_eq!(found, expected);
                Ok(())
            })
            .unwrap();
    });
    scene.finish(wallet).await;
}

/// The id of the record "0". A batch into an otherwise unused wallet gets ascending ids.
async fn first_id(index: &Index) -> ItemId {
    let (category, name) = index.encrypted("thing", "0").unwrap();
    let id: sqlx::Result<i64> = read!(&index.database, pool => {
        sqlx::query_scalar("SELECT id FROM items WHERE category = $1 AND name = $2")
            .bind(category)
            .bind(name)
            .fetch_one(pool)
            .await
    });
    id.unwrap()
}

async fn far_apart_lists_are_jumped_over(scene: Scene) {
    let wallet = scene.create().await;
    let index = wallet.index().await.unwrap();
    let tags: Vec<_> = (0..6000)
        .map(|number| match number {
            0..3000 => vec![tag("half", "first")],
            3000 => vec![tag("half", "first"), tag("half", "second")],
            _ => vec![tag("half", "second")],
        })
        .collect();
    insert_numbered(index, &tags).await;
    let first = index.term("half", "first").unwrap();
    let second = index.term("half", "second").unwrap();
    for terms in [[first.clone(), second.clone()], [second, first]] {
        assert_eq!(names(index, &all(index, &terms).await).await, ["3000"]);
        let last = index
            .jump(&terms[1..], first_id(index).await + 100)
            .await
            .unwrap();
        assert!(last.is_some());
    }
    scene.finish(wallet).await;
}

async fn a_tag_value_of_10_kb_is_stored_and_found(scene: Scene) {
    let wallet = scene.create().await;
    let index = wallet.index().await.unwrap();
    // Long enough for no compression to make it fit.
    let long: String = (0..10_000u32)
        .map(|at| char::from(b'!' + (at.wrapping_mul(2_654_435_761) >> 25) as u8 % 90))
        .collect();
    insert_numbered(index, &[vec![tag("text", &long)]]).await;
    wallet
        .insert_record("thing", "1", b"", &[tag("text", &long)])
        .await
        .unwrap();
    let term = index.term("text", &long).unwrap();
    assert_eq!(names(index, &all(index, &[term]).await).await, ["0", "1"]);
    assert_eq!(index.distinct_values("text").await.unwrap(), [long]);
    scene.finish(wallet).await;
}

async fn distinct_values_are_each_given_once(scene: Scene) {
    let wallet = scene.create().await;
    let index = wallet.index().await.unwrap();
    let tags: Vec<_> = (0..500)
        .map(|number| vec![tag("class", &(number % 37).to_string()), tag("other", "x")])
        .collect();
    insert_numbered(index, &tags).await;
    let values = index.distinct_values("class").await.unwrap();
    assert_eq!(values.len(), 37);
    let values: BTreeSet<_> = values.into_iter().collect();
    let expected: BTreeSet<_> = (0..37).map(|class| class.to_string()).collect();
    assert_eq!(values, expected);
    assert!(index.distinct_values("no such").await.unwrap().is_empty());
    scene.finish(wallet).await;
}

async fn expired_records_are_not_found(scene: Scene) {
    let wallet = scene.create().await;
    let index = wallet.index().await.unwrap();
    let tags = [tag("n", "1")];
    let mut session = wallet.store().session(None).await.unwrap();
    for (name, expiry) in [
        ("past", Some(-5000)),
        ("later", Some(3_600_000)),
        ("never", None),
    ] {
        session
            .insert("thing", name, b"", Some(&tags), expiry)
            .await
            .unwrap();
    }
    drop(session);
    let term = index.term("n", "1").unwrap();
    let ids = all(index, std::slice::from_ref(&term)).await;
    assert_eq!(names(index, &ids).await, ["later", "never"]);
    assert_eq!(index.count(&term, 10).await.unwrap(), 2);
    assert!(index.stored_bytes("thing", "past").await.unwrap().is_none());
    let every: Vec<_> = (0..=*ids.last().unwrap()).collect();
    assert_eq!(index.records("thing", &every).await.unwrap().len(), 2);
    scene.finish(wallet).await;
}

async fn a_replacement_is_refused_once_the_record_has_changed(scene: Scene) {
    let wallet = scene.create().await;
    let index = wallet.index().await.unwrap();
    let record = |category, name, value| NewRecord {
        category,
        name,
        value,
        tags: &[],
    };
    let directory = |value, stored| Replacement {
        record: record("directory", "all", value),
        stored,
    };
    let stored = async || index.stored_bytes("directory", "all").await.unwrap();
    // It is not there, although it is said to be; and then it is, although it is said not to be.
    for (value, said, name, added) in [
        (b"1", Some(&b"?"[..]), "a", None),
        (b"1", None, "a", Some(1)),
        (b"2", None, "b", None),
    ] {
        let new = [record("thing", name, b"")];
        let written = index.insert_batch(&new, &[directory(value, said)]).await;
        assert_eq!(written.unwrap(), added);
    }
    let first = stored().await.unwrap();
    let batch = [record("thing", "b", b"")];
    let replace = [directory(b"2", Some(&first))];
    let written = index.insert_batch(&batch, &replace).await.unwrap();
    assert_eq!(written, Some(1));
    let entry = wallet.fetch_record("directory", "all").await.unwrap();
    assert_eq!(&*entry.unwrap().value, b"2");

    // Twice from the same state: the second is refused, and its record is not there either.
    let batch = [record("thing", "c", b"")];
    let replace = [directory(b"3", Some(&first))];
    let written = index.insert_batch(&batch, &replace).await.unwrap();
    assert_eq!(written, None);
    assert!(wallet.fetch_record("thing", "c").await.unwrap().is_none());
    scene.finish(wallet).await;
}

/// Writes down one more name.
fn append(name: &str) -> impl Fn(Option<&[u8]>) -> Result<Option<Vec<u8>>, WalletError> {
    move |old| {
        let mut list = old.unwrap_or_default().to_vec();
        list.extend(name.as_bytes());
        list.push(b' ');
        Ok(Some(list))
    }
}

const COMPANION: (&str, &str) = ("directory", "all");

async fn companion(wallet: &Wallet) -> String {
    let entry = wallet.fetch_record(COMPANION.0, COMPANION.1).await.unwrap();
    entry.map_or_else(String::new, |entry| {
        String::from_utf8(entry.value.to_vec()).unwrap()
    })
}

async fn a_companion_changes_with_its_record_or_not_at_all(scene: Scene) {
    let wallet = scene.create().await;
    let record = |name| NewRecord {
        category: "thing",
        name,
        value: b"",
        tags: &[],
    };
    for name in ["a", "b"] {
        let inserted = wallet.insert_record_and(record(name), COMPANION, append(name));
        inserted.await.unwrap();
    }
    let unchanged = wallet.insert_record_and(record("c"), COMPANION, |_| Ok(None));
    unchanged.await.unwrap();
    let again = wallet.insert_record_and(record("a"), COMPANION, append("a"));
    assert_eq!(again.await.unwrap_err().code(), "WalletItemAlreadyExists");
    let refusing = |_: Option<&[u8]>| Err(wallet.damaged("no".to_owned()));
    let refused = wallet.insert_record_and(record("d"), COMPANION, refusing);
    assert_eq!(refused.await.unwrap_err().code(), "WalletInvalidStorage");
    assert!(wallet.fetch_record("thing", "d").await.unwrap().is_none());
    assert_eq!(companion(&wallet).await, "a b ");
    scene.finish(wallet).await;
}

async fn companions_changed_at_once_lose_nothing(scene: Scene) {
    let wallet = std::sync::Arc::new(scene.create().await);
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..20 {
        let wallet = wallet.clone();
        tasks.spawn(async move {
            let name = number.to_string();
            let record = NewRecord {
                category: "thing",
                name: &name,
                value: b"",
                tags: &[],
            };
            wallet
                .insert_record_and(record, COMPANION, append(&name))
                .await
                .unwrap();
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
    assert_eq!(companion(&wallet).await.split_whitespace().count(), 20);
    scene
        .finish(std::sync::Arc::into_inner(wallet).unwrap())
        .await;
}

async fn an_index_that_encrypts_differently_is_refused(scene: Scene) {
    let wallet = scene.create().await;
    let other = Scene::sqlite().unwrap();
    let others_wallet = other.create().await;
    let others_key = fetch_profile_key(others_wallet.store()).await.unwrap();
    wallet.remove_record(SEARCH, PROFILE_KEY).await.unwrap();
    keep_profile_key(wallet.store(), &others_key.unwrap())
        .await
        .unwrap();
    let error = wallet.index().await.err().unwrap();
    assert_eq!(error.code(), "WalletInvalidStorage", "{error}");
    other.finish(others_wallet).await;
    scene.finish(wallet).await;
}

async fn the_index_opens_while_a_transaction_is_open(scene: Scene) {
    let wallet = scene.create().await;
    let mut transaction = wallet.store().transaction(None).await.unwrap();
    let tags = [tag("n", "1")];
    transaction
        .insert("thing", "one", b"", Some(&tags), None)
        .await
        .unwrap();
    let index = wallet.index().await.unwrap();
    let term = index.term("n", "1").unwrap();
    assert!(all(index, std::slice::from_ref(&term)).await.is_empty());
    transaction.commit().await.unwrap();
    assert_eq!(names(index, &all(index, &[term]).await).await, ["one"]);
    scene.finish(wallet).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wallet_whose_index_is_open_elsewhere_cannot_be_deleted() {
    let scene = Scene::sqlite().unwrap();
    let wallet = scene.create().await;
    wallet.index().await.unwrap();
    let error = delete_wallet(&scene.config, &scene.credentials)
        .await
        .unwrap_err();
    assert_eq!(error.code(), "WalletAlreadyOpened", "{error}");
    scene.finish(wallet).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn batches_and_askar_write_at_once_without_locking_each_other_out() {
    let scene = Scene::sqlite().unwrap();
    let wallet = std::sync::Arc::new(scene.create().await);
    let mut tasks = tokio::task::JoinSet::new();
    for task in 0..8 {
        let wallet = wallet.clone();
        tasks.spawn(async move {
            let index = wallet.index().await.unwrap();
            for round in 0..5 {
                let tags = [tag("any", "1")];
                let names: Vec<_> = (0..100).map(|n| format!("{task}-{round}-{n}")).collect();
                if task % 2 == 0 {
                    let name = &names[0];
                    wallet.insert_record("one", name, b"", &tags).await.unwrap();
                } else {
                    let records: Vec<_> = names
                        .iter()
                        .map(|name| NewRecord {
                            category: "many",
                            name,
                            value: b"",
                            tags: &tags,
                        })
                        .collect();
                    let added = index.insert_batch(&records, &[]).await.unwrap();
                    assert_eq!(added, Some(100));
                }
                index
                    .ids(&[index.term("any", "1").unwrap()], 0, 5000)
                    .await
                    .unwrap();
            }
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
    let index = wallet.index().await.unwrap();
    let term = index.term("any", "1").unwrap();
    assert_eq!(index.count(&term, 10_000).await.unwrap(), 2020);
    scene
        .finish(std::sync::Arc::into_inner(wallet).unwrap())
        .await;
}
