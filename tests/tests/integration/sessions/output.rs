//! What a page shows, compared with what was printed.
//!
//! On a page, a line `…` stands for any lines, and `…` in a line for any text. What differs from
//! run to run (UUIDs, identifiers in base 58, long numbers, times, directories of `mktemp`) is not
//! compared, so that a page can show an example.

use std::collections::HashMap;

use regex::Regex;
use snapbox::{
    Data, Redactions,
    filter::NormalizeToExpected,
    report::{Palette, write_diff},
};

/// What differs from run to run.
const VARIABLE: [(&str, &str); 5] = [
    ("[UUID]", r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"),
    ("[TIME]", r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"),
    ("[SHORTENED]", r"\b\d+…\d+ \(\d+ digits\)"),
    ("[DIR]", r"(/[\w.-]+)*/tmp\.\w{10}\b"),
    ("[ID]", r"\b(\d{16,}|[1-9A-HJ-NP-Za-km-z]{19,})\b"),
];

/// How snapbox writes `…`.
const LINES_LEFT_OUT: &str = "...";
const TEXT_LEFT_OUT: &str = "[..]";

/// Output that is not as shown.
#[derive(Debug)]
pub struct Different {
    /// What is different.
    pub diff: String,
    /// What to show. Lines and `…` that still fit are as they were.
    pub corrected: Vec<String>,
}

/// Compares output with the lines that a page shows; if it shows none, any output is right.
pub fn compare(shown: &[&str], printed: &str) -> Result<(), Different> {
    if shown.is_empty() {
        return Ok(());
    }
    let mut redactions = Redactions::new();
    for (placeholder, pattern) in VARIABLE {
        redactions.insert(placeholder, Regex::new(pattern).unwrap()).unwrap();
    }
    let as_pattern = |line: &str| match line.trim_end() {
        "…" => LINES_LEFT_OUT.to_owned(),
        line => redactions.redact(line).replace('…', TEXT_LEFT_OUT),
    };
    let printed: Vec<&str> = printed.trim_end().lines().map(str::trim_end).collect();
    let patterns: Vec<String> = shown.iter().map(|line| as_pattern(line)).collect();

    let expected = Data::text(text(&patterns));
    let actual = NormalizeToExpected::new()
        .redact_with(&redactions)
        .normalize(Data::text(text(&printed)), &expected);
    if actual == expected {
        return Ok(());
    }
    let mut diff = String::new();
    write_diff(&mut diff, &expected, &actual, Some(&"shown"), Some(&"printed"), Palette::plain())
        .unwrap();

    // from a compared line back to the line as it was printed or, better, shown
    let mut readable: HashMap<String, &str> =
        printed.iter().map(|line| (redactions.redact(line), *line)).collect();
    readable.extend(patterns.into_iter().zip(shown.iter().copied()));
    let corrected = actual.render().unwrap_or_default();
    let corrected =
        corrected.lines().map(|line| (*readable.get(line).unwrap_or(&line)).to_owned()).collect();
    Err(Different { diff, corrected })
}

fn text(lines: &[impl AsRef<str>]) -> String {
    lines.iter().map(|line| format!("{}\n", line.as_ref())).collect()
}
