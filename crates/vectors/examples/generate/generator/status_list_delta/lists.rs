//! Lists that follow from changes.

use serde_json::{Value, json};
use vectors::Importance;

use super::super::file::{Expect, File};
use super::{Registry, SIZE, on_demand, says};

pub fn add(file: &mut File, registry: &Registry) {
    lists(file, registry);
    ends(file, registry);
    odd(file, registry);
}

fn lists(file: &mut File, registry: &Registry) {
    let first = |step, issued, revoked| {
        registry.to_list(None, step, registry.change(step, issued, revoked))
    };
    let list = |step, revoked: &[usize]| json!({"after": registry.list(step, SIZE, revoked)});
    let following = |before: &[usize], step, issued, revoked| {
        let before = registry.list(step - 1, SIZE, before);
        registry.to_list(Some(before), step, registry.next(step, issued, revoked))
    };
    for (flag, name, comment, given, output) in [
        (
            "NORMAL",
            "beginning",
            "A registry as it begins.",
            first(0, json!([]), json!([])),
            list(0, &[]),
        ),
        (
            "NORMAL",
            "revoke-one",
            "The first credential.",
            first(1, json!([]), json!([1])),
            list(1, &[1]),
        ),
        (
            "NORMAL",
            "revoke-after",
            "Two more are revoked.",
            following(&[1], 2, json!([]), json!([3, 5])),
            list(2, &[1, 3, 5]),
        ),
        (
            "NORMAL",
            "issue-again",
            "One is issued again, another is revoked.",
            following(&[1, 3, 5], 3, json!([3]), json!([2])),
            list(3, &[1, 2, 5]),
        ),
        (
            "NORMAL",
            "revoked-only",
            "Without `issued`.",
            following(&[], 1, Value::Null, json!([1])),
            list(1, &[1]),
        ),
        (
            "NORMAL",
            "issued-only",
            "Without `revoked`.",
            following(&[1], 2, json!([1]), Value::Null),
            list(2, &[]),
        ),
        (
            "NORMAL",
            "nothing-changed",
            "A change of nothing.",
            following(&[1], 2, json!([]), json!([])),
            list(2, &[1]),
        ),
        (
            "NORMAL",
            "all",
            "All but the last.",
            first(1, json!([]), json!([1, 2, 3, 4, 5, 6, 7, 8, 9])),
            list(1, &[1, 2, 3, 4, 5, 6, 7, 8, 9]),
        ),
        (
            "OFF_BY_ONE",
            "between",
            "A credential between two others.",
            first(1, json!([]), json!([5])),
            list(1, &[5]),
        ),
        (
            "OFF_BY_ONE",
            "neighbours",
            "Two others around a credential.",
            first(1, json!([]), json!([4, 6])),
            list(1, &[4, 6]),
        ),
        (
            "OFF_BY_ONE",
            "last-bit",
            "The last bit of the list.",
            first(1, json!([]), json!([9])),
            list(1, &[9]),
        ),
        (
            "STALE",
            "revoked-before",
            "One that is revoked already.",
            following(&[1], 2, json!([]), json!([1, 3])),
            list(2, &[1, 3]),
        ),
        (
            "STALE",
            "issued-before",
            "One that is not revoked.",
            following(&[1], 2, json!([4]), json!([3])),
            list(2, &[1, 3]),
        ),
        (
            "ORDER",
            "unsorted",
            "Indices in another order.",
            first(1, json!([]), json!([5, 1, 3])),
            list(1, &[1, 3, 5]),
        ),
        ("ORDER", "repeated", "An index twice.", first(1, json!([]), json!([3, 3])), list(1, &[3])),
    ] {
        file.add(name, comment, given, says(flag, output));
    }
    let all: Vec<usize> = (0..SIZE).collect();
    let but = |issued: &[usize]| -> Vec<usize> {
        all.iter().copied().filter(|index| !issued.contains(index)).collect()
    };
    for (name, comment, given, revoked) in [
        (
            "on-demand-beginning",
            "A registry with issuance on demand as it begins.",
            first(0, json!([]), json!([])),
            but(&[]),
        ),
        ("on-demand-issued", "Two are issued.", first(1, json!([1, 2]), json!([])), but(&[1, 2])),
        (
            "on-demand-revoked",
            "One is issued, and stays; another is revoked before it was issued.",
            first(1, json!([1]), json!([2])),
            but(&[1]),
        ),
    ] {
        let step = usize::from(name != "on-demand-beginning");
        let output = json!({"after": registry.list(step, SIZE, &revoked)});
        file.add(name, comment, on_demand(given), says("ISSUANCE", output));
    }
}

fn ends(file: &mut File, registry: &Registry) {
    let acceptable = |flag: &str, output: Value| Expect::acceptable().flags(&[flag]).output(output);
    let comment = "Index 0 is revoked: bit 0, or a refusal.";
    file.add(
        "index-zero",
        comment,
        registry.to_list(None, 1, registry.change(1, json!([]), json!([0]))),
        acceptable("INDEX_ZERO", json!({"after": registry.list(1, SIZE, &[0])})),
    );
    let comment = "Indices 0 and 1 are two credentials.";
    file.add(
        "index-zero-and-one",
        comment,
        registry.to_list(None, 1, registry.change(1, json!([]), json!([0, 1]))),
        acceptable("INDEX_ZERO", json!({"after": registry.list(1, SIZE, &[0, 1])})),
    );
    let comment =
        "The last credential: the list has one bit more, or the change is refused. It is not lost.";
    file.add(
        "last-index",
        comment,
        registry.to_list(
            Some(registry.list(3, SIZE, &[1, 2, 5])),
            4,
            registry.next(4, json!([]), json!([9, 10])),
        ),
        acceptable("LAST_INDEX", json!({"after": registry.list(4, SIZE + 1, &[1, 2, 5, 9, 10])})),
    );
    let comment = "The last credential, in a list that has its bit.";
    file.add(
        "last-index-with-bit",
        comment,
        registry.to_list(
            Some(registry.list(3, SIZE + 1, &[1, 2, 5])),
            4,
            registry.next(4, json!([]), json!([9, 10])),
        ),
        says("LAST_INDEX", json!({"after": registry.list(4, SIZE + 1, &[1, 2, 5, 9, 10])})),
    );
}

fn odd(file: &mut File, registry: &Registry) {
    let given = |issued, revoked| {
        let before = registry.list(0, SIZE, &[4]);
        registry.to_list(Some(before), 1, registry.next(1, issued, revoked))
    };
    for (flag, name, comment, given, revoked) in [
        (
            "CONTRADICTION",
            "both",
            "Issued and revoked, and valid before.",
            given(json!([3]), json!([3])),
            vec![3, 4],
        ),
        (
            "CONTRADICTION",
            "both-revoked",
            "Issued and revoked, and revoked before.",
            given(json!([4]), json!([4])),
            vec![4],
        ),
        (
            "MALFORMED",
            "index-text",
            "An index as a text of digits.",
            given(json!([]), json!(["3"])),
            vec![3, 4],
        ),
    ] {
        let expect = Expect::acceptable().importance(Importance::Medium).flags(&[flag]);
        let output = json!({"after": registry.list(1, SIZE, &revoked)});
        file.add(name, comment, given, expect.output(output));
    }
}
