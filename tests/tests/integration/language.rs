//! The project is written in plain technical English: words that readers stumble over are not used.
//!
//! Each row of [`WORDS`] is a word or phrase and what to write instead. Files that still use some
//! of them stand in `tests/language-exceptions.txt`, and a file that no longer does must leave that
//! list.

use std::{collections::BTreeSet, path::Path};

use regex::Regex;

use crate::sources::{read, tracked};

/// A pattern, and what to write instead.
const WORDS: &[(&str, &str)] = &[
    (r"(?i)\bwhoever\b", "the caller, the holder, anyone who"),
    (r"(?i)\bnobody\b|\bsomebody\b|\beverybody\b", "no one; a person; the role"),
    (r"(?i)\bwho reads this\b", "a reader"),
    (r"\bDesk\b|_desk\b|\bdesk\b", "service"),
    (r"\bJudge\b|\bjudge\b", "response verifier"),
    (r"\bShelf\b|\bshelf\b", "request store"),
    (r"\bShop\b|\bDoor\b|\bfarewell\b", "server, connection limit, shutdown timeout"),
    (r"\bMeans\b|\bmeans::", "engines"),
    (r"\bguard\b|\bguarded\b|\bguard::", "preflight"),
    (r"\bexclusions?\b|\bExclusion\b", "mismatch"),
    (r"\bTold\b|\bAsked\b", "PoolMessage, Parsed..."),
    (r"\bminds_\w+", "handles_..."),
    (r"\bPATIENCE\b", "SHUTDOWN_TIMEOUT"),
    (r"\bMOST\b|\bLONGEST\w*", "MAX_..."),
    (r"(?i)\bnarrat\w+", "printer"),
    (r"\b[Ss]tages?\b|\bStage\w+", "tutorial"),
    (r"(?i)\bthe house\b|\bfloors\b", "the workspace; layers"),
    (r"(?i)\bin earnest\b", "really"),
    (r"(?i)\binside of\b", "inside"),
    (r"(?i)\boutside of\b", "outside"),
    (
        r"(?i)\b(?:it|this|that|which|what|and|text|file|line|one|id|value|name|number) is no (?:[a-z-]+)",
        "is not a ...",
    ),
];

/// What a pattern above matches and English has: `is no longer`.
const ALLOWED: &[&str] = &["is no longer", "is no more", "is no less"];

/// Where the list of files that still have some of the words is.
const EXCEPTIONS: &str = "tests/language-exceptions.txt";

#[test]
fn files_use_plain_technical_english() {
    let excepted = exceptions();
    let wrong: Vec<String> = texts()
        .iter()
        .filter(|path| !excepted.contains(*path))
        .flat_map(|path| found_in(path))
        .collect();
    assert!(wrong.is_empty(), "words to replace:\n{}", wrong.join("\n"));
}

#[test]
fn exceptions_from_plain_english_are_still_needed() {
    let texts = texts();
    for path in exceptions() {
        assert!(texts.contains(&path), "{EXCEPTIONS} names {path}, which does not exist");
        assert!(
            !found_in(&path).is_empty(),
            "{path} has none of the words any more; remove it from {EXCEPTIONS}"
        );
    }
}

/// Returns the files whose language counts: code, pages, scripts, settings.
fn texts() -> BTreeSet<String> {
    tracked(&[".rs", ".md", ".toml", ".sh", ".py", "/run", "/pool"])
        .into_iter()
        .map(|path| path.to_string_lossy().into_owned())
        // this file has to name the words
        .filter(|path| path != "tests/tests/integration/language.rs")
        .collect()
}

fn exceptions() -> BTreeSet<String> {
    let list = read(Path::new(EXCEPTIONS));
    let lines = list.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(str::to_owned).collect()
}

/// Returns a line for each of the words in a file: where it is, and what to write instead.
fn found_in(path: &str) -> Vec<String> {
    let text = read(Path::new(path));
    let mut found = Vec::new();
    for (pattern, instead) in WORDS {
        let pattern = Regex::new(pattern).unwrap();
        for (number, line) in text.lines().enumerate() {
            let words = pattern.find_iter(line).map(|word| word.as_str());
            let wrong = words.filter(|word| !ALLOWED.iter().any(|allowed| word.ends_with(allowed)));
            found.extend(
                wrong.map(|word| format!("{path}:{}: {word:?}; write: {instead}", number + 1)),
            );
        }
    }
    found
}
