//! What fuzzing begins with, and what it has found: each file is read and used, and nothing panics.
//!
//! The fuzz targets (`cargo +nightly fuzz run presentation`, `key`, `request`) do the same with what they make up. An
//! input that once did harm is kept in `tests/hostile/found`, in the directory of its target.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "all of this target is tests; a panic is how they report"
)]

mod inputs;

use std::fs;
use std::path::{Path, PathBuf};

/// The texts of a directory of inputs, with their names.
fn texts(directory: &str) -> Vec<(PathBuf, String)> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join(directory);
    let Ok(entries) = fs::read_dir(&directory) else {
        return Vec::new();
    };
    entries
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let bytes = fs::read(&path).expect("a file");
            (path, String::from_utf8_lossy(&bytes).into_owned())
        })
        .collect()
}

fn run(target: &str, use_it: fn(&str) -> Result<(), String>) {
    let seeds = texts(&format!("fuzz/seeds/{target}"));
    assert!(!seeds.is_empty(), "no seeds for {target}");
    for (path, text) in seeds
        .iter()
        .chain(&texts(&format!("tests/hostile/found/{target}")))
    {
        let outcome = use_it(text);
        println!("{}: {outcome:?}", path.display());
        // and everything that a connection cut short would leave of it
        for end in (0..text.len()).step_by(text.len() / 50 + 1) {
            let cut: String = text.chars().take(end).collect();
            assert!(use_it(&cut).is_err(), "{} cut at {end}", path.display());
        }
    }
}

#[test]
fn presentations_of_anybodys_making_do_no_harm() {
    run("presentation", inputs::presentation);
}

#[test]
fn requests_of_anybodys_making_do_no_harm() {
    run("request", inputs::request);
}

#[test]
fn keys_of_anybodys_making_do_no_harm() {
    run("key", inputs::key);
}

#[test]
fn the_honest_ones_are_accepted() {
    for (target, file, use_it) in [
        (
            "presentation",
            "name-and-age.json",
            inputs::presentation as fn(&str) -> _,
        ),
        ("request", "name-and-age.json", inputs::request),
        ("key", "definition.json", inputs::key),
    ] {
        let seeds = texts(&format!("fuzz/seeds/{target}"));
        let (_, text) = seeds
            .iter()
            .find(|(path, _)| path.ends_with(file))
            .expect("the honest file");
        assert_eq!(use_it(text), Ok(()), "{target}");
    }
}
