//! What the index returns.

use std::collections::BTreeSet;

use aries_askar::entry::EntryTag;
use proptest::{collection::vec, prelude::*, strategy::ValueTree, test_runner::TestRunner};

use super::*;

on_both! {
    terms_are_what_askar_wrote;
    pages_have_neither_gaps_nor_repetitions;
    a_record_deleted_between_two_pages_does_not_disturb_them;
    intersections_equal_those_of_a_plain_evaluation;
    the_one_record_that_two_long_lists_share_is_found;
    a_tag_value_of_10_kb_is_stored_and_found;
    distinct_values_are_each_returned_once;
    expired_records_are_not_found;
}

async fn terms_are_what_askar_wrote(test: TestWallet) {
    let wallet = test.create().await;
    let tags = [
        encrypted("colour", "red"),
        encrypted("size", ""),
        encrypted("ort", "Zürich ✓"),
        EntryTag::Plaintext("shown".to_owned(), "red".to_owned()),
    ];
    let store = open_store(&test).await;
    let mut session = store.session(None).await.unwrap();
    session.insert("thing", "one", b"value", Some(&tags), None).await.unwrap();
    drop(session);
    store.close().await.unwrap();
    let index = wallet.index().await.unwrap();
    for (name, value) in [("colour", "red"), ("size", ""), ("ort", "Zürich ✓")] {
        let term = index.term(name, value).unwrap();
        let ids = all(index, &[term]).await;
        let records = index.records("thing", &ids).await.unwrap();
        assert_eq!(records.len(), 1, "{name}");
        assert_eq!(records[0].name, "one");
        assert_eq!(**records[0].value, *b"value");
        assert!(index.records("other", &ids).await.unwrap().is_empty());
    }
    for (name, value) in [("colour", "blue"), ("red", "colour"), ("shown", "red")] {
        let term = index.term(name, value).unwrap();
        assert!(all(index, &[term]).await.is_empty(), "{name}");
    }
    let stored = index.stored_bytes("thing", "one").await.unwrap().unwrap();
    let value = index.open_value("thing", "one", stored).unwrap();
    assert_eq!(**value, *b"value");
    assert_eq!(index.stored_bytes("thing", "two").await.unwrap(), None);
    assert!(all(index, &[]).await.is_empty());
    test.delete(wallet).await;
}

/// Creates a wallet with records of which every third is red and every fifth is big.
async fn create_coloured(test: &TestWallet, records: usize) -> Wallet {
    let wallet = test.create().await;
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

async fn pages_have_neither_gaps_nor_repetitions(test: TestWallet) {
    let wallet = create_coloured(&test, 600).await;
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
    test.delete(wallet).await;
}

async fn a_record_deleted_between_two_pages_does_not_disturb_them(test: TestWallet) {
    let wallet = create_coloured(&test, 60).await;
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
    test.delete(wallet).await;
}

async fn intersections_equal_those_of_a_plain_evaluation(test: TestWallet) {
    const TAGS: u8 = 5;
    let wallet = test.create().await;
    let index = wallet.index().await.unwrap();
    // Runs of equal records, so that lists are clustered, and single records, so that they are not.
    let runs = vec((0u8..1 << TAGS, prop_oneof![1usize..3, 100usize..200]), 20..40);
    let mut runner = TestRunner::deterministic();
    let runs = runs.new_tree(&mut runner).unwrap().current();
    let carried: Vec<u8> =
        runs.into_iter().flat_map(|(tags, times)| std::iter::repeat_n(tags, times)).collect();
    let tags: Vec<_> = carried
        .iter()
        .map(|carried| {
            let carries = |number: &u8| carried & (1 << number) != 0;
            let carried = (0..TAGS).filter(carries);
            let mut tags = vec![tag("any", "1")];
            tags.extend(carried.map(|number| tag(&number.to_string(), "1")));
            tags
        })
        .collect();
    insert_numbered(index, &tags).await;
    // A batch in an otherwise unused wallet gets ascending ids.
    let first = index.ids(&[index.term("any", "1").unwrap()], 0, 1).await.unwrap()[0];
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
                    let after = first + ItemId::try_from(after).unwrap();
                    let ids = index.ids(&terms, after, limit).await.unwrap();
                    names(index, &ids).await
                });
                prop_assert_eq!(found, expected);
                Ok(())
            })
            .unwrap();
    });
    test.delete(wallet).await;
}

async fn the_one_record_that_two_long_lists_share_is_found(test: TestWallet) {
    let wallet = test.create().await;
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
    }
    test.delete(wallet).await;
}

async fn a_tag_value_of_10_kb_is_stored_and_found(test: TestWallet) {
    let wallet = test.create().await;
    let index = wallet.index().await.unwrap();
    // Too long for an index, even compressed.
    let long: String = (0..10_000u32)
        .map(|at| char::from(b'!' + (at.wrapping_mul(2_654_435_761) >> 25) as u8 % 90))
        .collect();
    insert_numbered(index, &[vec![tag("text", &long)]]).await;
    wallet.insert_record(thing("1", b"", &[tag("text", &long)])).await.unwrap();
    let term = index.term("text", &long).unwrap();
    assert_eq!(names(index, &all(index, &[term]).await).await, ["0", "1"]);
    assert_eq!(index.distinct_values("text").await.unwrap(), [long]);
    test.delete(wallet).await;
}

async fn distinct_values_are_each_returned_once(test: TestWallet) {
    let wallet = test.create().await;
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
    test.delete(wallet).await;
}

async fn expired_records_are_not_found(test: TestWallet) {
    let wallet = test.create().await;
    let index = wallet.index().await.unwrap();
    let tags = [encrypted("n", "1")];
    let store = open_store(&test).await;
    let mut session = store.session(None).await.unwrap();
    for (name, expiry) in [("past", Some(-5000)), ("later", Some(3_600_000)), ("never", None)] {
        session.insert("thing", name, b"", Some(&tags), expiry).await.unwrap();
    }
    drop(session);
    store.close().await.unwrap();
    let term = index.term("n", "1").unwrap();
    let ids = all(index, std::slice::from_ref(&term)).await;
    assert_eq!(names(index, &ids).await, ["later", "never"]);
    assert_eq!(index.count(&term, 10).await.unwrap(), 2);
    assert!(index.stored_bytes("thing", "past").await.unwrap().is_none());
    let every: Vec<_> = (0..=*ids.last().unwrap()).collect();
    assert_eq!(index.records("thing", &every).await.unwrap().len(), 2);
    test.delete(wallet).await;
}
