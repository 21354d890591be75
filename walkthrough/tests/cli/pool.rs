//! A real pool instead of the embedded ledger: what is refused before any node is asked.

use std::fs;

use test_support::program::Finished;

use crate::walkthrough::Walkthrough;

/// Two nodes at addresses where none listens.
const GENESIS: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../crates/ledger/tests/integration/pool_client/genesis.jsonl"
);

#[test]
fn a_home_on_the_embedded_ledger_cannot_move_to_a_pool() {
    let walkthrough = Walkthrough::after_step(2);
    let outcome = walkthrough.run_at_home(&["--genesis", GENESIS]);
    outcome.failed(2, &["the ledger inside the program", "--genesis"]);
    assert_eq!(walkthrough.finished_steps(), [2]);
    walkthrough.run_at_home(&["--quiet"]).succeeded();
}

#[test]
fn a_home_on_a_pool_stays_there() {
    let walkthrough = Walkthrough::new();
    // action 1 is done, and action 2 does not find the client
    let missing = ["--genesis", GENESIS, "--pool-client", "nowhere"];
    let advice = "cargo build --release --manifest-path pool-client/Cargo.toml";
    walkthrough.run_at_home(&missing).failed(2, &["nowhere", advice, "go on with"]);
    // without --genesis, and with it, the home stays on its pool
    let again = ["--pool-client", "nowhere"];
    walkthrough.run_at_home(&again).failed(2, &["nowhere", advice]);
    walkthrough.run_at_home(&missing).failed(2, &["nowhere", advice]);

    let other = walkthrough.path("other");
    let text = fs::read_to_string(GENESIS).unwrap();
    fs::write(&other, text.lines().next().unwrap()).unwrap();
    let outcome = walkthrough.run_at_home(&["--genesis", other.to_str().unwrap()]);
    outcome.failed(2, &["a pool with other genesis transactions"]);
}

#[test]
fn an_unusable_genesis_file_makes_no_home() {
    let walkthrough = Walkthrough::new();
    let not_genesis = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    for (file, complaint) in [(not_genesis, "line 1"), ("nowhere", "cannot read nowhere")] {
        let outcome = walkthrough.run_at_home(&["--genesis", file]);
        outcome.failed(2, &[complaint]);
        assert!(!walkthrough.home().exists());
    }
}

#[test]
fn the_pool_may_be_named_in_the_environment() {
    let walkthrough = Walkthrough::new();
    let mut program = walkthrough.program();
    program
        .env("NEGOTIATE_PROOF_GENESIS", GENESIS)
        .env("INDY_POOL_CLIENT", "nowhere")
        .arg("--quiet");
    Finished::of(program).failed(2, &["not there (nowhere)"]);
}
