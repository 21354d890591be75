//! The inputs from which fuzzing starts, and those that it has found: each file is read and used
//! without a panic.
//!
//! The fuzz targets (`cargo +nightly fuzz run presentation`, `key`, `request`) do the same with
//! generated inputs. An input that once caused a fault is kept in `fuzz/found`, in the directory of
//! its target.

mod inputs;

use std::fs;
use std::path::{Path, PathBuf};

/// Returns the files in a directory of inputs: paths and texts.
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

fn run(target: &str, run_input: fn(&str) -> Result<(), String>) {
    let seeds = texts(&format!("fuzz/seeds/{target}"));
    assert!(!seeds.is_empty(), "no seeds for {target}");
    for (path, text) in seeds.iter().chain(&texts(&format!("fuzz/found/{target}"))) {
        let outcome = run_input(text);
        println!("{}: {outcome:?}", path.display());
        // And beginnings of it, as after an interrupted connection.
        for end in (0..text.len()).step_by(text.len() / 50 + 1) {
            let cut: String = text.chars().take(end).collect();
            assert!(run_input(&cut).is_err(), "{} cut at {end}", path.display());
        }
    }
}

#[test]
fn hostile_presentations_cause_no_panic() {
    run("presentation", inputs::presentation);
}

#[test]
fn hostile_requests_cause_no_panic() {
    run("request", inputs::request);
}

#[test]
fn hostile_keys_cause_no_panic() {
    run("key", inputs::key);
}

#[test]
fn honest_inputs_are_accepted() {
    for (target, file, run_input) in [
        ("presentation", "name-and-age.json", inputs::presentation as fn(&str) -> _),
        ("request", "name-and-age.json", inputs::request),
        ("key", "definition.json", inputs::key),
    ] {
        let seeds = texts(&format!("fuzz/seeds/{target}"));
        let (_, text) =
            seeds.iter().find(|(path, _)| path.ends_with(file)).expect("the honest file");
        assert_eq!(run_input(text), Ok(()), "{target}");
    }
}
