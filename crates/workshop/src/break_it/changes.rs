//! What was changed in a case.

use serde_json::{Map, Value};
use stdx::{pointer, text::Whole};

use crate::outcome::{NotYet, Outcome};

/// Where an exercise wants a case to be changed, as JSON pointers.
pub(super) struct Places<'p> {
    /// Nothing outside these places may change.
    pub(super) may: &'p [&'p str],
    /// Something must change in each of these.
    pub(super) must: &'p [&'p str],
}

impl Places<'_> {
    /// Checks where two cases differ.
    pub(super) fn check(&self, before: &Value, after: &Value) -> Outcome {
        let changed = differences(before, after);
        let others: Vec<&String> = changed
            .iter()
            .filter(|place| !self.may.iter().any(|allowed| is_within(place, allowed)))
            .collect();
        if !others.is_empty() {
            return Err(NotYet::new(format!(
                "You changed {}, which this exercise leaves as it is.",
                listed(&others)
            )));
        }
        let missing = |place: &&str| !changed.iter().any(|changed| is_within(changed, place));
        match self.must.iter().find(|place| missing(place)) {
            Some(place) => Err(NotYet::new(format!(
                "the gap is not filled yet: your code leaves {place} as it was"
            ))),
            None => Ok(()),
        }
    }
}

/// Returns whether a place is another one, or inside it.
fn is_within(place: &str, other: &str) -> bool {
    place.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Returns a few places, and how many more there are.
fn listed(places: &[&String]) -> String {
    const FEW: usize = 3;
    let shown: Vec<String> =
        places.iter().take(FEW).map(|place| Whole(place).to_string()).collect();
    let more = match places.len().saturating_sub(FEW) {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    format!("{}{more}", shown.join(", "))
}

/// Returns the innermost places at which two values differ.
fn differences(before: &Value, after: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare(before, after, String::new(), &mut found);
    found
}

fn compare(before: &Value, after: &Value, at: String, found: &mut Vec<String>) {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => members(before, after, &at, found),
        (Value::Array(before), Value::Array(after)) => {
            for index in 0..before.len().max(after.len()) {
                let inside = pointer::child(&at, &index.to_string());
                optional(before.get(index), after.get(index), inside, found);
            }
        }
        _ if before == after => {}
        _ => found.push(at),
    }
}

fn members(
    before: &Map<String, Value>,
    after: &Map<String, Value>,
    at: &str,
    found: &mut Vec<String>,
) {
    for (name, value) in before {
        optional(Some(value), after.get(name), pointer::child(at, name), found);
    }
    for (name, value) in after.iter().filter(|(name, _)| !before.contains_key(*name)) {
        optional(None, Some(value), pointer::child(at, name), found);
    }
}

fn optional(before: Option<&Value>, after: Option<&Value>, at: String, found: &mut Vec<String>) {
    match (before, after) {
        (Some(before), Some(after)) => compare(before, after, at, found),
        (None, None) => {}
        _ => found.push(at),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn differences_are_the_innermost_places() {
        let before = json!({"a": {"b": [1, 2], "c/d": 3}, "e": null});
        let after = json!({"a": {"b": [1, 4, 5], "c/d": {}}, "f": 6});
        let expected = ["/a/b/1", "/a/b/2", "/a/c~1d", "/e", "/f"];
        assert_eq!(differences(&before, &after), expected);
    }

    #[test]
    fn a_name_that_only_begins_alike_is_another_place() {
        assert!(is_within("/a/b", "/a") && is_within("/a", "/a"));
        assert!(!is_within("/ab", "/a"));
    }
}
