//! Records of programs.

use std::collections::BTreeSet;

use test_support::wallets::TestWallet;
use wallet::{
    Wallet, close_wallet,
    non_secrets::{
        NewWalletRecord, add_wallet_record, add_wallet_records, count_wallet_records,
        delete_wallet_record, distinct_wallet_record_tags, fetch_wallet_search_next_records,
        get_wallet_record, open_wallet_search, update_wallet_record,
    },
};

on_both! {
    a_record_is_read_back_after_closing_and_opening;
    an_id_is_unique_in_its_category;
    an_update_replaces_value_and_tags;
    a_missing_record_is_not_read_changed_or_removed;
    a_search_continues_from_a_position_after_reopening;
    a_search_returns_records_with_all_tags;
    categories_are_separate;
    a_batch_leaves_existing_records_unchanged;
    a_tag_given_twice_is_counted_once;
    each_value_of_a_tag_is_returned_once;
    reserved_categories_are_refused_by_every_call;
    empty_and_very_long_names_are_refused;
}

/// The ids of all records that a search finds, fetched in pages of `page`.
async fn found(wallet: &Wallet, category: &str, tags: &[(&str, &str)], page: usize) -> Vec<String> {
    let mut search = open_wallet_search(wallet, category, tags, None).await.unwrap();
    let mut ids = Vec::new();
    loop {
        let records = fetch_wallet_search_next_records(&mut search, page).await.unwrap();
        if records.is_empty() {
            return ids;
        }
        assert!(records.len() <= page);
        ids.extend(records.into_iter().map(|record| record.id));
    }
}

/// Records "0", "1", ... with their remainders as tags.
fn numbered(count: usize) -> Vec<NewWalletRecord> {
    (0..count)
        .map(|number| NewWalletRecord {
            id: number.to_string(),
            value: format!("value {number}").into_bytes().into(),
            tags: vec![
                ("parity".to_owned(), (number % 2).to_string()),
                ("third".to_owned(), (number % 3).to_string()),
            ],
        })
        .collect()
}

async fn a_record_is_read_back_after_closing_and_opening(test: TestWallet) {
    let wallet = test.create().await;
    add_wallet_record(&wallet, "thing", "one", b"\0value", &[("a", "b")]).await.unwrap();
    close_wallet(wallet).await.unwrap();
    let wallet = test.open().await;
    let record = get_wallet_record(&wallet, "thing", "one").await.unwrap();
    assert_eq!((&*record.id, &**record.value), ("one", &b"\0value"[..]));
    assert!(!format!("{record:?}").contains("value\""));
    assert_eq!(found(&wallet, "thing", &[("a", "b")], 9).await, ["one"]);
    test.delete(wallet).await;
}

async fn an_id_is_unique_in_its_category(test: TestWallet) {
    let wallet = test.create().await;
    for category in ["thing", "other"] {
        add_wallet_record(&wallet, category, "one", b"first", &[]).await.unwrap();
    }
    let error = add_wallet_record(&wallet, "thing", "one", b"second", &[]).await.unwrap_err();
    assert_eq!(error.code(), "WalletItemAlreadyExists", "{error}");
    let kept = get_wallet_record(&wallet, "thing", "one").await.unwrap();
    assert_eq!(&**kept.value, b"first");
    test.delete(wallet).await;
}

async fn an_update_replaces_value_and_tags(test: TestWallet) {
    let wallet = test.create().await;
    add_wallet_record(&wallet, "thing", "one", b"old", &[("colour", "red")]).await.unwrap();
    update_wallet_record(&wallet, "thing", "one", b"new", &[("colour", "blue")]).await.unwrap();
    let record = get_wallet_record(&wallet, "thing", "one").await.unwrap();
    assert_eq!(&**record.value, b"new");
    assert!(found(&wallet, "thing", &[("colour", "red")], 9).await.is_empty());
    assert_eq!(found(&wallet, "thing", &[("colour", "blue")], 9).await, ["one"]);
    assert_eq!(found(&wallet, "thing", &[], 9).await, ["one"]);
    test.delete(wallet).await;
}

async fn a_missing_record_is_not_read_changed_or_removed(test: TestWallet) {
    let wallet = test.create().await;
    add_wallet_record(&wallet, "thing", "one", b"", &[]).await.unwrap();
    delete_wallet_record(&wallet, "thing", "one").await.unwrap();
    let errors = [
        get_wallet_record(&wallet, "thing", "one").await.unwrap_err(),
        update_wallet_record(&wallet, "thing", "one", b"", &[]).await.unwrap_err(),
        delete_wallet_record(&wallet, "thing", "one").await.unwrap_err(),
    ];
    for error in errors {
        assert_eq!(error.code(), "WalletItemNotFound", "{error}");
    }
    assert!(found(&wallet, "thing", &[], 9).await.is_empty());
    test.delete(wallet).await;
}

async fn a_search_continues_from_a_position_after_reopening(test: TestWallet) {
    let wallet = test.create().await;
    let all: Vec<String> = (0..50).map(|number| number.to_string()).collect();
    assert_eq!(add_wallet_records(&wallet, "thing", &numbered(50)).await.unwrap(), 50);
    assert_eq!(found(&wallet, "thing", &[], 7).await, all);

    let mut search = open_wallet_search(&wallet, "thing", &[], None).await.unwrap();
    fetch_wallet_search_next_records(&mut search, 30).await.unwrap();
    let position = serde_json::to_string(&search.position()).unwrap();
    close_wallet(wallet).await.unwrap();
    let wallet = test.open().await;
    let after = serde_json::from_str(&position).unwrap();
    let mut search = open_wallet_search(&wallet, "thing", &[], Some(after)).await.unwrap();
    let rest = fetch_wallet_search_next_records(&mut search, 100).await.unwrap();
    let rest: Vec<String> = rest.into_iter().map(|record| record.id).collect();
    assert_eq!(rest, all[30..]);
    test.delete(wallet).await;
}

async fn a_search_returns_records_with_all_tags(test: TestWallet) {
    let wallet = test.create().await;
    add_wallet_records(&wallet, "thing", &numbered(60)).await.unwrap();
    let expected: Vec<String> = (0..60)
        .filter(|number| number % 2 == 1 && number % 3 == 2)
        .map(|number| number.to_string())
        .collect();
    let tags = [("parity", "1"), ("third", "2")];
    assert_eq!(found(&wallet, "thing", &tags, 4).await, expected);
    assert_eq!(count_wallet_records(&wallet, "thing", &tags, 1_000).await.unwrap(), expected.len());
    assert_eq!(count_wallet_records(&wallet, "thing", &tags, 3).await.unwrap(), 3);
    assert_eq!(count_wallet_records(&wallet, "thing", &[("third", "2")], 1_000).await.unwrap(), 20);
    assert_eq!(count_wallet_records(&wallet, "thing", &[], 1_000).await.unwrap(), 60);
    let none = [("parity", "1"), ("third", "9")];
    assert!(found(&wallet, "thing", &none, 4).await.is_empty());
    test.delete(wallet).await;
}

async fn categories_are_separate(test: TestWallet) {
    let wallet = test.create().await;
    // names that would be the same text if category and tag were only joined
    add_wallet_record(&wallet, "a", "one", b"1", &[("b:c", "x")]).await.unwrap();
    add_wallet_record(&wallet, "a:b", "two", b"2", &[("c", "x")]).await.unwrap();
    assert_eq!(found(&wallet, "a", &[("b:c", "x")], 9).await, ["one"]);
    assert_eq!(found(&wallet, "a:b", &[("c", "x")], 9).await, ["two"]);
    assert_eq!(count_wallet_records(&wallet, "a", &[("b:c", "x")], 9).await.unwrap(), 1);
    assert_eq!(distinct_wallet_record_tags(&wallet, "a", "c").await.unwrap(), [""; 0]);
    test.delete(wallet).await;
}

async fn a_batch_leaves_existing_records_unchanged(test: TestWallet) {
    let wallet = test.create().await;
    add_wallet_record(&wallet, "thing", "3", b"kept", &[]).await.unwrap();
    assert_eq!(add_wallet_records(&wallet, "thing", &numbered(5)).await.unwrap(), 4);
    assert_eq!(add_wallet_records(&wallet, "thing", &numbered(5)).await.unwrap(), 0);
    let kept = get_wallet_record(&wallet, "thing", "3").await.unwrap();
    assert_eq!(&**kept.value, b"kept");
    let written = get_wallet_record(&wallet, "thing", "4").await.unwrap();
    assert_eq!(&**written.value, b"value 4");
    test.delete(wallet).await;
}

async fn a_tag_given_twice_is_counted_once(test: TestWallet) {
    let wallet = test.create().await;
    let tags = [("colour", "red"), ("colour", "blue"), ("colour", "red")];
    add_wallet_record(&wallet, "thing", "one", b"", &tags).await.unwrap();
    assert_eq!(found(&wallet, "thing", &[("colour", "red")], 9).await, ["one"]);
    assert_eq!(found(&wallet, "thing", &tags[..2], 9).await, ["one"]);
    assert_eq!(count_wallet_records(&wallet, "thing", &tags[..1], 9).await.unwrap(), 1);
    test.delete(wallet).await;
}

async fn each_value_of_a_tag_is_returned_once(test: TestWallet) {
    let wallet = test.create().await;
    add_wallet_records(&wallet, "thing", &numbered(20)).await.unwrap();
    let values = distinct_wallet_record_tags(&wallet, "thing", "third").await.unwrap();
    assert_eq!(values.len(), 3);
    assert_eq!(
        values.into_iter().collect::<BTreeSet<_>>(),
        ["0", "1", "2"].map(str::to_owned).into()
    );
    test.delete(wallet).await;
}

async fn reserved_categories_are_refused_by_every_call(test: TestWallet) {
    let wallet = test.create().await;
    let own = [
        "credential",
        "credential_classes",
        "credential_definition",
        "did",
        "link_secret",
        "search",
    ];
    for category in own {
        let errors = [
            add_wallet_record(&wallet, category, "id", b"", &[]).await.unwrap_err(),
            add_wallet_records(&wallet, category, &numbered(1)).await.unwrap_err(),
            update_wallet_record(&wallet, category, "id", b"", &[]).await.unwrap_err(),
            get_wallet_record(&wallet, category, "id").await.unwrap_err(),
            delete_wallet_record(&wallet, category, "id").await.unwrap_err(),
            open_wallet_search(&wallet, category, &[], None).await.err().unwrap(),
            count_wallet_records(&wallet, category, &[], 1).await.unwrap_err(),
            distinct_wallet_record_tags(&wallet, category, "tag").await.unwrap_err(),
        ];
        for error in errors {
            assert_eq!(error.code(), "WalletReservedCategory", "{error}");
        }
    }
    test.delete(wallet).await;
}

async fn empty_and_very_long_names_are_refused(test: TestWallet) {
    let wallet = test.create().await;
    let long = "x".repeat(1_025);
    for name in ["", &long] {
        let errors = [
            add_wallet_record(&wallet, name, "id", b"", &[]).await.unwrap_err(),
            add_wallet_record(&wallet, "thing", name, b"", &[]).await.unwrap_err(),
            add_wallet_record(&wallet, "thing", "id", b"", &[(name, "value")]).await.unwrap_err(),
        ];
        for error in errors {
            assert_eq!(error.code(), "WalletInvalidRecordName", "{error}");
        }
    }
    let longest = "x".repeat(1_024);
    add_wallet_record(&wallet, &longest, &longest, b"", &[(&longest, &longest)]).await.unwrap();
    assert_eq!(found(&wallet, &longest, &[(&longest, &longest)], 1).await, [longest]);
    test.delete(wallet).await;
}
