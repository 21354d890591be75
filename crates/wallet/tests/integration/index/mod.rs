//! The index of records, against Askar itself: what either writes, the other reads.

mod opening;
mod reading;
mod writing;

use test_support::wallets::TestWallet;
use wallet::{
    Wallet,
    index::{Index, Term},
    record::{ItemId, NewRecord, Tag},
};

use crate::askar::{encrypted, open_store, store_url};

fn tag(name: &str, value: &str) -> Tag {
    Tag::new(name, value)
}

fn thing<'a>(name: &'a str, value: &'a [u8], tags: &'a [Tag]) -> NewRecord<'a> {
    NewRecord { category: "thing", name, value, tags }
}

/// Adds the records "0", "1", ... of the category "thing" with these tags.
async fn insert_numbered(index: &Index, tags: &[Vec<Tag>]) {
    let names: Vec<String> = (0..tags.len()).map(|number| number.to_string()).collect();
    let records: Vec<_> =
        names.iter().zip(tags).map(|(name, tags)| thing(name, name.as_bytes(), tags)).collect();
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
