//! The verifier in JavaScript, in Node: it agrees with the corpus, and the page's experiments fail
//! as they should.

use std::io::Write;
use std::process::Command;

/// Runs a script of Node in `tests`.
fn run(script: &str) {
    let path = format!("{}/tests/{script}", env!("CARGO_MANIFEST_DIR"));
    let version = Command::new("node").arg("--version").output();
    let major = version.ok().and_then(|output| {
        let text = String::from_utf8(output.stdout).ok()?;
        text.trim_start_matches('v').split('.').next()?.parse::<u32>().ok()
    });
    if major.is_none_or(|major| major < 20) {
        // past the capture of the test harness, so that it can be seen
        let _ = writeln!(std::io::stderr(), "SKIPPED: this test needs Node 20");
        return;
    }
    let output = Command::new("node").arg(path).output().unwrap();
    let said =
        [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
    assert!(output.status.success(), "{}", said.concat());
}

#[test]
fn the_verifier_agrees_with_all_vectors_within_its_features() {
    run("corpus.mjs");
}

#[test]
fn plans_add_up_and_chosen_files_become_a_scenario() {
    run("served.mjs");
}

#[test]
fn each_experiment_fails_the_check_that_it_is_about() {
    run("experiments.mjs");
}
