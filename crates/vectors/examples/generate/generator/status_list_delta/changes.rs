//! Changes that lead from one list to another.

use serde_json::json;
use vectors::Importance;

use super::super::file::{Expect, File};
use super::{Registry, SIZE, on_demand, says};

pub fn add(file: &mut File, registry: &Registry) {
    let list = |step, revoked: &[usize]| registry.list(step, SIZE, revoked);
    let none = || json!([]);
    for (flag, name, comment, given, delta) in [
        (
            "NORMAL",
            "list-beginning",
            "A list as the registry begins.",
            registry.to_change(None, list(0, &[])),
            registry.change(0, none(), none()),
        ),
        (
            "NORMAL",
            "list-first",
            "The first list.",
            registry.to_change(None, list(2, &[1, 3, 5])),
            registry.change(2, none(), json!([1, 3, 5])),
        ),
        (
            "NORMAL",
            "list-next",
            "Two more are revoked.",
            registry.to_change(Some(list(1, &[1])), list(2, &[1, 3, 5])),
            registry.next(2, none(), json!([3, 5])),
        ),
        (
            "NORMAL",
            "list-issued-again",
            "One is issued again, another is revoked.",
            registry.to_change(Some(list(2, &[1, 3, 5])), list(3, &[1, 2, 5])),
            registry.next(3, json!([3]), json!([2])),
        ),
        (
            "NORMAL",
            "list-unchanged",
            "Nothing changes.",
            registry.to_change(Some(list(1, &[1])), list(2, &[1])),
            registry.next(2, none(), none()),
        ),
        (
            "OFF_BY_ONE",
            "list-last-bit",
            "The last bit.",
            registry.to_change(Some(list(1, &[1])), list(2, &[1, 9])),
            registry.next(2, none(), json!([9])),
        ),
        (
            "OFF_BY_ONE",
            "list-moved",
            "A credential, and its neighbour instead.",
            registry.to_change(Some(list(1, &[4])), list(2, &[5])),
            registry.next(2, json!([4]), json!([5])),
        ),
        (
            "LAST_INDEX",
            "list-last-index",
            "The last credential.",
            registry.to_change(
                Some(registry.list(1, SIZE + 1, &[])),
                registry.list(2, SIZE + 1, &[10]),
            ),
            registry.next(2, none(), json!([10])),
        ),
        (
            "LAST_INDEX",
            "list-grown",
            "A list that is one bit longer than before.",
            registry.to_change(Some(list(1, &[])), registry.list(2, SIZE + 1, &[10])),
            registry.next(2, none(), json!([10])),
        ),
    ] {
        file.add(name, comment, given, says(flag, json!({"delta": delta})));
    }
    let all: Vec<usize> = (0..SIZE).collect();
    let issued: Vec<usize> = all.iter().copied().filter(|index| ![1, 4].contains(index)).collect();
    for (name, comment, given, delta) in [
        (
            "list-on-demand-beginning",
            "Issuance on demand, as it begins.",
            registry.to_change(None, list(0, &all)),
            registry.change(0, none(), none()),
        ),
        (
            "list-on-demand",
            "Issuance on demand: two are issued.",
            registry.to_change(None, list(1, &issued)),
            registry.change(1, json!([1, 4]), none()),
        ),
    ] {
        file.add(name, comment, on_demand(given), says("ISSUANCE", json!({"delta": delta})));
    }
    let comment = "Bit 0 is set.";
    let expect = Expect::acceptable().importance(Importance::Medium).flags(&["INDEX_ZERO"]);
    file.add(
        "list-index-zero",
        comment,
        registry.to_change(Some(list(0, &[])), list(1, &[0])),
        expect.output(json!({"delta": registry.next(1, json!([]), json!([0]))})),
    );
}
