//! Changes of a case.

use std::path::Path;

use serde_json::{Value, json};
use vectors::Corpus;
use vectors::mutate::change::{Changed, Kind, changes, elements};
use vectors::mutate::{self, Base};
use vectors::runner::{Limits, Pool, Startable};

use crate::corpus::LIMIT;

/// Returns each change of a document: its kind, its place, and the document as text.
fn all(document: &Value) -> Vec<(Kind, String, String)> {
    let elements = elements(document);
    let made = changes(document, &elements).into_iter().map(|change| {
        let text = match change.of(document) {
            Changed::Value(value) => value.to_string(),
            Changed::Text(text) => text,
        };
        (change.kind, change.pointer, text)
    });
    made.collect()
}

fn of_kind(document: &Value, kind: Kind) -> Vec<String> {
    all(document).into_iter().filter(|one| one.0 == kind).map(|(_, _, text)| text).collect()
}

#[test]
fn each_structure_is_changed_in_each_way() {
    let document = json!({"a": [1, 2], "b/c": "x"});
    let texts = |kind| of_kind(&document, kind);
    assert_eq!(
        texts(Kind::Remove),
        [r#"{"b/c":"x"}"#, r#"{"a":[1,2]}"#, r#"{"a":[2],"b/c":"x"}"#, r#"{"a":[1],"b/c":"x"}"#]
    );
    assert_eq!(
        texts(Kind::Duplicate)[2..],
        [r#"{"a":[1,1,2],"b/c":"x"}"#, r#"{"a":[1,2,2],"b/c":"x"}"#]
    );
    assert_eq!(texts(Kind::Swap), [r#"{"a":"x","b/c":[1,2]}"#, r#"{"a":[2,1],"b/c":"x"}"#]);
    assert_eq!(
        texts(Kind::MemberTwice),
        [r#"{"a":[1,2],"a":[1,2],"b/c":"x"}"#, r#"{"a":[1,2],"b/c":"x","b/c":"x"}"#]
    );
    assert_eq!(texts(Kind::Retype)[0], r#"{"a":{"0":1,"1":2},"b/c":"x"}"#);
    assert_eq!(texts(Kind::OtherValue), [r#"{"a":[1,2],"b/c":"x "}"#]);
}

#[test]
fn numbers_of_any_length_are_off_by_one_both_ways() {
    for (number, up, down) in [
        ("0", "1", "-1"),
        ("1", "2", "0"),
        ("9", "10", "8"),
        ("10", "11", "9"),
        ("-1", "0", "-2"),
        ("-10", "-9", "-11"),
        ("0100", "0101", "0099"),
        ("99999999999999999999", "100000000000000000000", "99999999999999999998"),
        ("100000000000000000000", "100000000000000000001", "99999999999999999999"),
    ] {
        let expected = [up, down].map(|text| json!([text]).to_string());
        assert_eq!(of_kind(&json!([number]), Kind::OffByOne), expected, "{number}");
    }
    assert_eq!(of_kind(&json!([7]), Kind::OffByOne), ["[8]", "[6]"]);
}

#[test]
fn a_large_number_is_replaced_by_another() {
    let [first, second] = ["1", "2"].map(|digit| digit.repeat(300));
    let found = of_kind(&json!({"a": first, "b": second, "c": "3"}), Kind::OtherElement);
    assert_eq!(found.len(), 2);
    assert_eq!(found[0], json!({"a": second, "b": second, "c": "3"}).to_string());
}

#[test]
fn an_array_of_bytes_is_changed_in_a_few_places_only() {
    let found = all(&json!({"bytes": vec![255; 256]}));
    let inside = found.iter().filter(|(_, pointer, _)| pointer.starts_with("/bytes/"));
    let inside: Vec<&str> = inside.map(|(_, pointer, _)| pointer.as_str()).collect();
    assert_eq!(inside, ["/bytes/0", "/bytes/127", "/bytes/255"]);
}

fn base() -> Base {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors");
    let corpus = Corpus::read(&directory).unwrap();
    let mut tests = corpus.tests();
    Base::of_test(tests.find(|placed| placed.test.id == "basic::one-attribute").unwrap()).unwrap()
}

#[test]
fn every_change_of_a_case_is_answered_and_no_wrong_number_is_accepted() {
    let pool = |startable| Pool::start(startable, Limits::new(2, LIMIT)).unwrap();
    let mut pools = [pool(Startable::Ours), pool(Startable::Cl)];
    let mutated = mutate::run(&base(), &mut pools, None, &|_, _| {});
    assert!(mutated.unchanged.iter().all(|said| said.word == "valid"), "{:?}", mutated.unchanged);
    assert_eq!(mutated.compared.len(), mutated.possible);
    assert!((300..5_000).contains(&mutated.possible), "{}", mutated.possible);
    for one in &mutated.compared {
        let pointer = one.mutation.pointer();
        assert!(!one.has_fault(), "{pointer}: {:?}", one.said);
        let is_number = [Kind::OffByOne, Kind::OtherElement].contains(&one.mutation.change.kind);
        if is_number && pointer.starts_with("/presentation/proof/") {
            assert!(
                one.said.iter().all(|said| said.word == "invalid"),
                "{pointer}: {:?}",
                one.said
            );
        }
    }
}

#[test]
fn a_limit_takes_changes_from_all_parts() {
    let mut pools = [Pool::start(Startable::Cl, Limits::new(2, LIMIT)).unwrap()];
    let mutated = mutate::run(&base(), &mut pools, Some(30), &|_, _| {});
    assert_eq!(mutated.compared.len(), 30);
    for part in ["/presentation_request/", "/presentation/", "/cred_defs/"] {
        let is_of_part = |pointer: String| pointer.starts_with(part);
        assert!(mutated.compared.iter().any(|one| is_of_part(one.mutation.pointer())), "{part}");
    }
}
