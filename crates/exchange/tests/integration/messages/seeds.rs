//! The fuzz target's property, over its seeds and over alterations of them.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{
    fixture::{bytes, document},
    property::any_bytes_are_parsed_or_refused,
};

const SEEDS: [&str; 9] = [
    "request-json.json",
    "request-json-ld.json",
    "request-predicates.json",
    "response-single.json",
    "response-long.json",
    "response-json-ld.json",
    "response-mixed.json",
    "credential.json",
    "credential-linked-data.json",
];

#[test]
fn the_property_holds_for_every_seed() {
    for name in SEEDS {
        any_bytes_are_parsed_or_refused(&bytes(name));
    }
}

/// Returns a value that may stand anywhere in a hostile document.
pub fn odd_values() -> Vec<Value> {
    vec![
        Value::Null,
        json!(true),
        json!(0),
        json!(-1),
        json!(1.5),
        json!(9007199254740991_u64),
        json!(""),
        json!("did:x:y"),
        json!("\u{0}\u{202e}\u{10ffff}"),
        json!([]),
        json!({}),
        json!([[]]),
        json!([null, {"type": "x"}]),
        json!({"type": [], "@context": [], "context": []}),
    ]
}

pub fn pointers(value: &Value, pointer: &str, to: &mut Vec<String>) {
    to.push(pointer.to_owned());
    match value {
        Value::Array(list) => {
            for (index, one) in list.iter().enumerate() {
                pointers(one, &format!("{pointer}/{index}"), to);
            }
        }
        Value::Object(members) => {
            for (name, one) in members {
                pointers(one, &format!("{pointer}/{name}"), to);
            }
        }
        _ => {}
    }
}

#[test]
fn the_property_holds_with_any_value_replaced_by_an_odd_one() {
    for name in ["request-predicates.json", "response-mixed.json", "credential-linked-data.json"] {
        let document = document(name);
        let mut places = Vec::new();
        pointers(&document, "", &mut places);
        for place in places {
            for odd in odd_values() {
                let mut altered = document.clone();
                *altered.pointer_mut(&place).unwrap() = odd;
                any_bytes_are_parsed_or_refused(altered.to_string().as_bytes());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn the_property_holds_for_any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        any_bytes_are_parsed_or_refused(&bytes);
    }

    #[test]
    fn the_property_holds_with_bytes_of_a_seed_altered(
        seed in 0..SEEDS.len(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut bytes = bytes(SEEDS[seed]);
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        any_bytes_are_parsed_or_refused(&bytes);
    }
}
