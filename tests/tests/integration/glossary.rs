//! The hover texts of the book: the terms and meanings of the glossary, at their first occurrence
//! on a page.
//!
//! After a change of the glossary,
//! `UPDATE_BOOK=1 cargo test -p workspace-tests --test integration glossary` writes
//! `docs/hover/terms.js`.

use std::{env, fs, io::Write, path::Path, process::Command};

use regex::Regex;
use workspace_tests::root;

use crate::book;

const TERMS: &str = "docs/hover/terms.js";

#[test]
fn the_hover_texts_are_those_of_the_glossary() {
    let glossary = fs::read_to_string(root().join("docs/src/glossary.md")).unwrap();
    let wanted = script(&terms(&glossary).unwrap());
    if env::var_os("UPDATE_BOOK").is_some() {
        fs::write(root().join(TERMS), &wanted).unwrap();
    }
    let found = fs::read_to_string(root().join(TERMS)).unwrap_or_default();
    assert!(found == wanted, "{TERMS} is not the glossary; run this test with UPDATE_BOOK=1");
}

#[test]
fn a_glossary_is_read_as_terms_and_meanings() {
    let text = "# Glossary\n\n<!-- no hover texts, because x: Home, Tag -->\n\n**One**, `one`: it *is*\none, `1`.\n\n\
                **Home**: a place.\n\n**Tag**: a name.\n\n**Two words**: see [one](x.md).\n";
    let pair = |term: &str, meaning: &str| (term.to_owned(), meaning.to_owned());
    assert_eq!(terms(text).unwrap(), [pair("One", "it is one, 1."), pair("Two words", "see one.")]);
    assert_eq!(
        terms("<!-- no hover texts: Tag -->\n\n**One**: 1.\n").unwrap_err(),
        "there is no term Tag"
    );
    assert_eq!(terms("**One** is 1.\n").unwrap_err(), "not a term and its meaning: **One** is 1.");
}

#[test]
fn the_script_finds_the_first_occurrence_of_each_term() {
    let script = root().join("docs/hover/test.cjs");
    let Ok(output) = Command::new("node").arg(script).output() else {
        return skipped("Node");
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_browser_marks_terms_in_text_and_not_in_code_headings_and_links() {
    let built = book::build();
    let marked = Regex::new(r#"<dfn class="glossary-term"[^>]* data-term="([^"]+)""#).unwrap();
    let elements = ["pre", "code", "a", "h1", "h2", "h3", "th"]
        .map(|element| Regex::new(&format!(r"(?s)<{element}\b[^>]*>.*?</{element}>")).unwrap());
    for (page, term) in
        [("step-3.html", "Proof request"), ("roles.html", "Issuer"), ("glossary.html", "")]
    {
        let Some(html) = in_browser(&built.path().join(page)) else {
            return skipped("Chromium");
        };
        let (_, main) = html.split_once("<main>").unwrap();
        let (main, _) = main.split_once("</main>").unwrap();
        let terms: Vec<&str> =
            marked.captures_iter(main).map(|it| it.get(1).unwrap().as_str()).collect();
        if term.is_empty() {
            assert!(terms.is_empty(), "{page}: {terms:?}");
            continue;
        }
        assert_eq!(terms.iter().filter(|found| **found == term).count(), 1, "{page}: {terms:?}");
        for inside in &elements {
            for found in inside.find_iter(main) {
                assert!(!found.as_str().contains("<dfn"), "{page}: {}", found.as_str());
            }
        }
    }
}

/// Returns the page after its scripts have run, as HTML; `None` without a browser.
fn in_browser(page: &Path) -> Option<String> {
    ["chromium", "chromium-browser", "google-chrome"].iter().find_map(|browser| {
        let profile = tempfile::tempdir().unwrap();
        let output = Command::new(browser)
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg(format!("file://{}", page.display()))
            .output()
            .ok()?;
        Some(String::from_utf8(output.stdout).unwrap())
    })
}

fn skipped(program: &str) {
    // past the capture of the test harness, so that it can be seen
    let _ = writeln!(std::io::stderr(), "SKIPPED: this test needs {program}");
}

/// Returns the terms of a glossary with their meanings as plain text, without those that its
/// comment leaves out.
fn terms(glossary: &str) -> Result<Vec<(String, String)>, String> {
    let left_out = Regex::new(r"<!-- no hover texts.*: (.*) -->").unwrap();
    let left_out = left_out.captures(glossary).map_or("", |found| found.get(1).unwrap().as_str());
    let mut left_out: Vec<&str> = left_out.split(", ").filter(|term| !term.is_empty()).collect();
    let entry = Regex::new(r"(?s)^\*\*([^*]+)\*\*(?:, `[^`]+`)?: (.+)$").unwrap();
    let markup = Regex::new(r"[*`]|\[|\]\([^)]*\)").unwrap();
    let mut terms = Vec::new();
    for paragraph in glossary.split("\n\n").map(str::trim).filter(|text| text.starts_with("**")) {
        let found = entry.captures(paragraph);
        let found = found.ok_or(format!("not a term and its meaning: {paragraph}"))?;
        if let Some(index) = left_out.iter().position(|term| *term == &found[1]) {
            left_out.remove(index);
            continue;
        }
        let meaning = markup.replace_all(&found[2], "").replace('\n', " ");
        terms.push((found[1].to_owned(), meaning));
    }
    match left_out.first() {
        None => Ok(terms),
        Some(term) => Err(format!("there is no term {term}")),
    }
}

/// Returns the script that defines the terms.
fn script(terms: &[(String, String)]) -> String {
    let rows: String = terms
        .iter()
        .map(|term| format!("    {},\n", serde_json::to_string(term).unwrap()))
        .collect();
    format!(
        "// Written by tests/tests/integration/glossary.rs from src/glossary.md.\n\nconst GLOSSARY = [\n{rows}];\n"
    )
}
