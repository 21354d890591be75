//! Texts that stand for a value to be filled in.

use super::is_hidden;
use crate::tags::Tag;

/// Returns whether a text stands for a value that someone should have filled in, whatever the tag.
pub(super) fn is_placeholder(value: &str) -> bool {
    const WORDS: [&str; 12] = [
        "string",
        "todo",
        "tbd",
        "fixme",
        "null",
        "undefined",
        "placeholder",
        "changeme",
        "change_me",
        "...",
        "…",
        "*",
    ];
    let text = value.trim_matches(is_hidden).to_lowercase();
    let enclosed = [("<", ">"), ("{", "}"), ("${", "}"), ("[", "]"), ("%", "%")];
    let is_enclosed = enclosed
        .iter()
        .any(|(open, close)| text.len() > 2 && text.starts_with(open) && text.ends_with(close));
    let mut letters = text.chars().filter(|letter| letter.is_alphanumeric()).peekable();
    let is_crossed_out = letters.peek().is_some()
        && text.chars().filter(|letter| *letter == 'x').count() > 2
        && letters.all(|letter| letter == 'x');
    let begins = ["your_", "your-", "your ", "todo:", "todo ", "insert_", "insert-", "insert "];
    is_enclosed
        || is_crossed_out
        || WORDS.contains(&text.as_str())
        || begins.iter().any(|word| text.starts_with(word))
}

/// Returns whether a text stands for an identifier that someone should have filled in.
pub(super) fn stands_for_an_identifier(value: &str) -> bool {
    const WORDS: [&str; 12] =
        ["none", "nil", "n/a", "na", "any", "example", "did", "issuer", "id", "-", "_", "?"];
    let text = value.trim_matches(is_hidden);
    let lower = text.to_lowercase();
    let is_tag =
        Tag::fixed_names().any(|name| name.replace('_', "") == lower.replace(['_', '-'], ""));
    let has_brackets = text.contains(['<', '>', '{', '}']);
    is_tag || has_brackets || WORDS.contains(&lower.as_str())
}
