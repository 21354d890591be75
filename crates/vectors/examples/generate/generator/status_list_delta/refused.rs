//! What is not a change or a list of the registry.

use serde_json::{Value, json};
use vectors::Importance;

use super::super::file::{Expect, File};
use super::{Registry, SIZE};

pub fn add(file: &mut File, registry: &Registry) {
    refused_changes(file, registry);
    refused_lists(file, registry);
}

fn refused_changes(file: &mut File, registry: &Registry) {
    let invalid = |flag: &str| Expect::invalid(&["delta"]).flags(&[flag]);
    let other = registry.accumulators[3].clone();
    let comment = "The previous accumulator is not the list's.";
    file.altered("revoke-after", "previous-other", comment, invalid("PREVIOUS"), |given| {
        given["input"]["delta"]["value"]["prevAccum"] = other;
    });
    let comment = "The change continues a list that is not given.";
    file.altered("revoke-after", "previous-not-given", comment, invalid("PREVIOUS"), |given| {
        given["input"].as_object_mut().unwrap().remove("before");
    });
    let comment = "The list of an earlier step: a change between is missing.";
    let earlier = registry.list(0, SIZE, &[]);
    file.altered("revoke-after", "previous-skipped", comment, invalid("PREVIOUS"), |given| {
        given["input"]["before"] = earlier;
    });
    for (name, comment, revoked) in [
        ("index-beyond", "One more than the last index.", json!([SIZE + 1])),
        ("index-beyond-with-last", "The last index and one more.", json!([10, 12])),
        ("index-far-beyond", "2^40.", json!([1_u64 << 40])),
        ("index-negative", "A negative index.", json!([-1])),
        ("index-fraction", "A fraction.", json!([1.5])),
        ("index-letters", "A text that is not a number.", json!(["x"])),
        ("index-null", "null.", json!([null])),
        ("index-list", "A list of lists.", json!([[1]])),
        ("revoked-number", "A number in place of a list.", json!(1)),
        ("revoked-text", "A text in place of a list.", json!("1")),
        ("revoked-object", "An object in place of a list.", json!({"1": true})),
    ] {
        file.altered("revoke-one", name, comment, invalid("MALFORMED"), |given| {
            given["input"]["delta"]["value"]["revoked"] = revoked;
        });
    }
    let comment = "An issued index beyond the last.";
    file.altered("issue-again", "issued-beyond", comment, invalid("MALFORMED"), |given| {
        given["input"]["delta"]["value"]["issued"] = json!([SIZE + 1]);
    });
    let comment = "No accumulator.";
    file.altered("revoke-one", "no-accumulator", comment, invalid("MALFORMED"), |given| {
        given["input"]["delta"]["value"].as_object_mut().unwrap().remove("accum");
    });
    let comment = "The accumulator alone: what changed is not said.";
    file.altered("revoke-one", "accumulator-alone", comment, invalid("MALFORMED"), |given| {
        let change = given["input"]["delta"]["value"].as_object_mut().unwrap();
        change.retain(|name, _| name == "accum");
    });
    let comment = "The registry does not say how many credentials it has.";
    file.altered("revoke-one", "no-size", comment, invalid("MALFORMED"), |given| {
        given["input"]["registry"]["value"].as_object_mut().unwrap().remove("maxCredNum");
    });
}

fn refused_lists(file: &mut File, registry: &Registry) {
    let invalid =
        || Expect::invalid(&["delta"]).importance(Importance::Medium).flags(&["MALFORMED"]);
    let bits = |which: usize, bit: Value| {
        let mut bits = registry.list(0, SIZE, &[])["revocationList"].clone();
        bits[which] = bit;
        bits
    };
    for (name, comment, list) in [
        ("bit-two", "A bit of 2.", bits(3, json!(2))),
        ("bit-negative", "A bit of -1.", bits(3, json!(-1))),
        ("bit-null", "A bit of null.", bits(3, Value::Null)),
        ("bit-fraction", "A bit of 0.5.", bits(3, json!(0.5))),
        ("bits-text", "A text of bits.", json!("0101000000")),
        ("bits-number", "A number.", json!(5)),
        ("bits-null", "null.", Value::Null),
    ] {
        file.altered("list-next", name, comment, invalid(), |given| {
            given["input"]["after"]["revocationList"] = list.clone();
        });
    }
    let comment = "A bit of 2 in the list before.";
    file.altered("list-next", "before-bit-two", comment, invalid(), |given| {
        given["input"]["before"]["revocationList"][3] = json!(2);
    });
    let comment = "A list without accumulator.";
    file.altered("list-next", "list-no-accumulator", comment, invalid(), |given| {
        given["input"]["after"].as_object_mut().unwrap().remove("currentAccumulator");
    });
    let comment = "The list before of a change has a bit of 2.";
    file.altered("revoke-after", "change-before-bit-two", comment, invalid(), |given| {
        given["input"]["before"]["revocationList"][3] = json!(2);
    });
}
