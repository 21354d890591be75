//! Characters that a terminal obeys or does not show, put into inputs and looked for in outputs.

use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use crate::program::Finished;

/// A text with one character of each kind: escape, bell, line feed, DEL, C1, bidirectional
/// controls, zero width, separators, soft hyphen, variation selector, tag.
pub const HIDDEN: &str = "h\u{1b}[2J\u{7}\n\u{7f}\u{9b}\u{202e}\u{2066}\u{200f}\u{61c}\u{200b}\u{200d}\u{2060}\u{feff}\u{2028}\u{ad}\u{fe0f}\u{e0041}i";

/// What must not be in an output without colours.
const FORBIDDEN: [RangeInclusive<char>; 13] = [
    '\0'..='\u{8}',
    '\u{b}'..='\u{1f}',
    '\u{7f}'..='\u{9f}',
    '\u{ad}'..='\u{ad}',
    '\u{61c}'..='\u{61c}',
    '\u{180b}'..='\u{180f}',
    '\u{200b}'..='\u{200f}',
    '\u{2028}'..='\u{202e}',
    '\u{2060}'..='\u{206f}',
    '\u{fe00}'..='\u{fe0f}',
    '\u{feff}'..='\u{feff}',
    '\u{fff9}'..='\u{fffb}',
    '\u{e0000}'..='\u{e0fff}',
];

/// Asserts that a run printed nothing hidden, and ended with an exit code of its own. A line feed
/// may only end a line: none begins with the rest of [`HIDDEN`].
#[track_caller]
pub fn assert_visible(run: &Finished) {
    assert!(matches!(run.code, Some(0..=2)), "{run:?}");
    for text in [&run.stdout, &run.stderr] {
        let hidden = text.chars().find(|c| FORBIDDEN.iter().any(|range| range.contains(c)));
        assert_eq!(hidden, None, "{text:?}");
        assert!(!text.contains("\n\\u{7f}"), "a line feed was let through: {text:?}");
    }
}

/// Returns the document with [`HIDDEN`] put into one text or name of a member, for each of them. Of
/// a list, only the first element is changed.
pub fn spoilt(document: &Value) -> Vec<Value> {
    match document {
        Value::String(text) => {
            let half = text.char_indices().nth(text.chars().count() / 2).map_or(0, |(at, _)| at);
            vec![Value::String(format!("{}{HIDDEN}{}", &text[..half], &text[half..]))]
        }
        Value::Array(items) => {
            let Some((first, rest)) = items.split_first() else { return Vec::new() };
            let with = |item| Value::Array([&[item], rest].concat());
            spoilt(first).into_iter().map(with).collect()
        }
        Value::Object(members) => members
            .iter()
            .flat_map(|(name, member)| {
                let renamed = (format!("{name}{HIDDEN}"), member.clone());
                let changed = spoilt(member).into_iter().map(|member| (name.clone(), member));
                let members = [renamed].into_iter().chain(changed);
                members.map(|member| replaced(document, name, member)).collect::<Vec<_>>()
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn replaced(object: &Value, name: &str, (new, value): (String, Value)) -> Value {
    let members = object.as_object().into_iter().flatten();
    let mut members: Map<String, Value> =
        members.filter(|(there, _)| *there != name).map(|(n, v)| (n.clone(), v.clone())).collect();
    members.insert(new, value);
    Value::Object(members)
}

/// Returns the commands that the help of a program lists.
pub fn commands(help: &str) -> Vec<String> {
    let (_, rest) = help.split_once("\nCommands:\n").expect("a list of commands");
    let lines = rest.lines().take_while(|line| !line.is_empty());
    let names = lines.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    names.filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}
