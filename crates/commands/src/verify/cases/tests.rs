#![allow(clippy::unwrap_used, reason = "tests")]

use super::*;

const MAX_BYTES: usize = 1 << 20;

/// Reads all texts: where each is, and what it is.
fn read(bytes: impl Into<Vec<u8>>) -> Vec<(String, String)> {
    let mut texts = Texts::new(Box::new(Cursor::new(bytes.into())), MAX_BYTES);
    let mut found = Vec::new();
    while let Some(text) = texts.next().unwrap() {
        let content = match text.content {
            Content::Bytes(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Content::TooLong(_) => "TooLong".to_owned(),
            Content::ListBrokenOff => "ListBrokenOff".to_owned(),
        };
        found.push((format!("{}#{}", text.line, text.nth), content));
    }
    found
}

#[track_caller]
fn gives(bytes: impl Into<Vec<u8>>, expected: &[(&str, &str)]) {
    let found = read(bytes);
    let found: Vec<(&str, &str)> =
        found.iter().map(|(place, text)| (place.as_str(), text.as_str())).collect();
    assert_eq!(found, expected);
}

#[test]
fn lines_are_read_one_by_one_and_empty_ones_are_skipped() {
    gives("", &[]);
    gives("\n \n", &[]);
    gives(
        "\u{feff}{\"a\":1}\r\n\n  {\"b\":2}\n{\"c\":3}",
        &[("1#1", r#"{"a":1}"#), ("3#1", r#"{"b":2}"#), ("4#1", r#"{"c":3}"#)],
    );
}

#[test]
fn a_broken_line_leaves_the_others_alone() {
    for broken in ["{", "{\"a\":", "{\"a", "}", "[[[[", "[{", "nonsense", "\"", "{}}", "]"] {
        gives(
            format!("{broken}\n{{\"b\":2}}\n{broken}\n{{\"c\":3}}\n"),
            &[("1#1", broken), ("2#1", r#"{"b":2}"#), ("3#1", broken), ("4#1", r#"{"c":3}"#)],
        );
    }
}

#[test]
fn a_case_may_go_over_several_lines_and_others_may_follow() {
    gives("{\n \"a\":\n 1}", &[("1#1", "{\n \"a\":\n 1}")]);
    gives(
        "{\n \"}\": \"\\\"{\"}\n\n{\n}{\n}\n",
        &[("1#1", "{\n \"}\": \"\\\"{\"}"), ("4#1", "{\n}"), ("5#1", "{\n}")],
    );
    gives("{\n \"a\": {\n", &[("1#1", "{\n \"a\": {\n")]);
}

#[test]
fn a_list_gives_its_cases() {
    gives("[]", &[]);
    gives("[{},{\"a\":[1]}]", &[("1#1", "{}"), ("1#2", "{\"a\":[1]}")]);
    gives("[\n{},\n{\n}\n]\n", &[("2#1", "{}"), ("3#1", "{\n}")]);
    gives("[1, \"a]\", [2]]", &[("1#1", "1"), ("1#2", "\"a]\""), ("1#3", "[2]")]);
}

#[test]
fn a_list_that_breaks_off_says_so() {
    gives("[{}", &[("1#1", "{}"), ("1#2", "ListBrokenOff")]);
    gives("[", &[("1#1", "ListBrokenOff")]);
}

#[test]
fn a_case_that_is_too_long_is_skipped_and_the_next_is_read() {
    let long = "1".repeat(MAX_BYTES + 4_000);
    for wrapped in [format!("{{\"a\":{long}}}"), long.clone(), format!("\"{long}\"")] {
        gives(format!("{wrapped}\n{{\"b\":2}}\n"), &[("1#1", "TooLong"), ("2#1", r#"{"b":2}"#)]);
        gives(format!("[{wrapped},{{\"b\":2}}]"), &[("1#1", "TooLong"), ("1#2", r#"{"b":2}"#)]);
        gives(
            format!("{{\n\"a\": {wrapped}}}\n{{\"b\":\n2}}\n"),
            &[("1#1", "TooLong"), ("3#1", "{\"b\":\n2}")],
        );
    }
    let just = format!("{{\"a\":\"{}\"}}", "a".repeat(MAX_BYTES - 8));
    gives(format!("{just}\r\n"), &[("1#1", just.as_str())]);
}

#[test]
fn lines_after_one_that_leaves_a_bracket_open_are_read() {
    let lines = "{\"b\":2}\n".repeat(MAX_BYTES / 7);
    assert_eq!(read(format!("{{\"a\":\n{lines}")).len(), 1 + MAX_BYTES / 7);
}
