//! The actions of a learner's step beside those of the step crate.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use stdx::pointer::child;
use tutorial::Tutorial;

use crate::outcome::{NotYet, Outcome};

/// How many differences of an action are told.
const MAX_TOLD: usize = 3;

/// How many characters of a value are told.
const MAX_SHOWN: usize = 100;

/// The actions of one step in one run.
pub(crate) struct Recorded(Vec<Value>);

impl Recorded {
    /// Returns what a walkthrough has recorded of a step. The issuer's DID and key, which are drawn
    /// in each run, are replaced with names.
    pub(crate) fn of(tutorial: &Tutorial, step: u8) -> Self {
        let recorded = tutorial.printer().recorded();
        let mut names = Vec::new();
        for name in ["Trust anchor DID", "Trust anchor Verkey"] {
            let own = recorded.iter().find_map(|action| action["value"][name].as_str());
            names.extend(own.map(|own| (own.to_owned(), format!("<{name}>"))));
        }
        let mut actions: Vec<Value> =
            recorded.into_iter().filter(|action| action["step"] == step).collect();
        for action in &mut actions {
            replace(action, &names);
        }
        Self(actions)
    }
}

fn replace(value: &mut Value, names: &[(String, String)]) {
    match value {
        Value::String(text) => {
            for (own, name) in names {
                *text = text.replace(own, name);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| replace(item, names)),
        Value::Object(members) => {
            for (key, mut member) in std::mem::take(members) {
                replace(&mut member, names);
                let key = names.iter().fold(key, |key, (own, name)| key.replace(own, name));
                members.insert(key, member);
            }
        }
        _ => {}
    }
}

/// Compares actions with those of two runs of the step crate. Where these two differ, only the form
/// of a value is compared. Actions that are missing count only if the step `is_whole`.
pub(crate) fn actions(
    first: &Recorded,
    second: &Recorded,
    found: &Recorded,
    is_whole: bool,
) -> Outcome {
    for (index, expected) in first.0.iter().enumerate() {
        let Some(found) = found.0.get(index) else {
            return match is_whole {
                true => Err(NotYet::new(format!("{} is missing", title(expected)))),
                false => Ok(()),
            };
        };
        if found["action"] != expected["action"] {
            let (expected, found) = (title(expected), title(found));
            return Err(NotYet::new(format!("expected {expected}\nfound    {found}")));
        }
        let other = second.0.get(index).unwrap_or(expected);
        // the smallest value first: what is chosen explains what is computed of it
        let values = expected["value"].as_object();
        let mut values: Vec<(&String, &Value)> = values.into_iter().flatten().collect();
        values.sort_by_cached_key(|(_, value)| value.to_string().len());
        for (name, expected_value) in values {
            let mut differences = Vec::new();
            let value = [expected_value, &other["value"][name], &found["value"][name]];
            compare(value, String::new(), &mut differences);
            if !differences.is_empty() {
                differences.truncate(MAX_TOLD);
                let heading = format!("{} differs in {name:?}:\n", title(expected));
                return Err(NotYet::new(heading + &differences.join("\n")));
            }
        }
    }
    match found.0.get(first.0.len()) {
        Some(more) => Err(NotYet::new(format!("{} is not in the tutorial's step", title(more)))),
        None => Ok(()),
    }
}

fn title(action: &Value) -> String {
    let number = action["action"].to_string();
    let label = action["label"].as_str().unwrap_or_default();
    format!("action {} ({label})", number.trim_matches('"'))
}

/// Adds what differs between a value (the third) and the one that is expected (the first), which in
/// another run was the second.
fn compare([expected, other, found]: [&Value; 3], pointer: String, differences: &mut Vec<String>) {
    match (expected, found) {
        _ if expected == found => {}
        (Value::Object(wanted), Value::Object(given)) => {
            let names: BTreeSet<&String> = wanted.keys().chain(given.keys()).collect();
            for name in names {
                let members = [&expected[name], &other[name], &found[name]];
                compare(members, child(&pointer, name), differences);
            }
        }
        (Value::Array(wanted), Value::Array(given))
            if wanted.len() == given.len() && form(expected) != json!("bytes") =>
        {
            for index in 0..wanted.len() {
                let items = [&expected[index], &other[index], &found[index]];
                compare(items, format!("{pointer}/{index}"), differences);
            }
        }
        _ if expected != other && form(expected) == form(found) => {}
        _ => differences.push(format!(
            "  at        {}\n  expected  {}\n  found     {}",
            if pointer.is_empty() { "the whole value" } else { &pointer },
            shown(expected),
            shown(found)
        )),
    }
}

/// Returns the form of a value that differs from run to run.
fn form(value: &Value) -> Value {
    match value {
        Value::String(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => json!("digits"),
        Value::String(_) => json!("text"),
        Value::Number(_) => json!(0),
        // a number of the proof, which is a byte shorter now and then
        Value::Array(items) if !items.is_empty() && items.iter().all(Value::is_number) => {
            json!("bytes")
        }
        other => other.clone(),
    }
}

fn shown(value: &Value) -> String {
    let text = match value {
        Value::Null => return "nothing".to_owned(),
        other => other.to_string(),
    };
    match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recorded(values: &[(u8, Value)]) -> Recorded {
        let action = |(number, value): &(u8, Value)| json!({"action": number, "label": "Label", "value": value});
        Recorded(values.iter().map(action).collect())
    }

    /// Returns what is told of values beside those of two runs in which only the nonce differed.
    fn told(found: &[(u8, Value)], is_whole: bool) -> String {
        let run = |nonce: &str| {
            recorded(&[(18, json!({"Request": {"nonce": nonce, "bound": 18}})), (19, json!({}))])
        };
        let outcome = actions(&run("11"), &run("22"), &recorded(found), is_whole);
        outcome.map_or_else(|not_yet| not_yet.to_string(), |()| "right".to_owned())
    }

    #[test]
    fn values_that_differ_in_every_run_are_compared_by_their_form() {
        let with = |nonce: Value| {
            [(18, json!({"Request": {"nonce": nonce, "bound": 18}})), (19, json!({}))]
        };
        assert_eq!(told(&with(json!("33")), true), "right");
        assert!(
            told(&with(json!("text")), true)
                .contains("/nonce\n  expected  \"11\"\n  found     \"text\"")
        );
        assert!(told(&with(Value::Null), true).contains("found     nothing"));
    }

    #[test]
    fn a_difference_is_told_with_its_action_and_place() {
        let found = [(18, json!({"Request": {"nonce": "33", "bound": 21}})), (19, json!({}))];
        let expected = "action 18 (Label) differs in \"Request\":\n  \
                        at        /bound\n  expected  18\n  found     21";
        assert_eq!(told(&found, true), expected);
    }

    #[test]
    fn actions_are_missing_only_if_the_step_ran_to_its_end() {
        let first = (18, json!({"Request": {"nonce": "33", "bound": 18}}));
        assert_eq!(told(std::slice::from_ref(&first), true), "action 19 (Label) is missing");
        assert_eq!(told(std::slice::from_ref(&first), false), "right");
        let other = told(&[first.clone(), (20, json!({}))], true);
        assert_eq!(other, "expected action 19 (Label)\nfound    action 20 (Label)");
        let more = told(&[first, (19, json!({})), (20, json!({}))], true);
        assert_eq!(more, "action 20 (Label) is not in the tutorial's step");
    }
}
