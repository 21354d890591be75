//! A real pool instead of the embedded ledger: what is refused before any node is asked.

use std::fs;

use crate::scene::Scene;

/// Two nodes; nobody listens there.
const GENESIS: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../crates/indy/tests/pool_client/genesis.jsonl"
);

#[test]
fn a_home_on_the_embedded_ledger_does_not_move_to_a_pool() {
    let scene = Scene::after_step(2);
    let outcome = scene.run_at_home(&["--genesis", GENESIS]);
    outcome.failed(2, &["the ledger inside of the program", "--genesis"]);
    assert_eq!(scene.finished_steps(), [2]);
    scene.run_at_home(&["--quiet"]).succeeded();
}

#[test]
fn a_home_on_a_pool_stays_there() {
    let scene = Scene::new();
    // action 1 is done, and action 2 misses the client
    let missing = ["--genesis", GENESIS, "--pool-client", "nowhere"];
    let advice = "cargo build --release --manifest-path pool-client/Cargo.toml";
    scene
        .run_at_home(&missing)
        .failed(2, &["nowhere", advice, "go on with"]);
    // with no word about the pool, and with its genesis transactions, it is the same
    let again = ["--pool-client", "nowhere"];
    scene.run_at_home(&again).failed(2, &["nowhere", advice]);
    scene.run_at_home(&missing).failed(2, &["nowhere", advice]);

    let other = scene.path("other");
    let text = fs::read_to_string(GENESIS).unwrap();
    fs::write(&other, text.lines().next().unwrap()).unwrap();
    let outcome = scene.run_at_home(&["--genesis", other.to_str().unwrap()]);
    outcome.failed(2, &["a pool with other genesis transactions"]);
}

#[test]
fn a_genesis_file_that_cannot_be_used_is_refused_before_a_home_is_made() {
    let scene = Scene::new();
    let not_genesis = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    for (file, complaint) in [(not_genesis, "line 1"), ("nowhere", "cannot read nowhere")] {
        let outcome = scene.run_at_home(&["--genesis", file]);
        outcome.failed(2, &[complaint]);
        assert!(!scene.home().exists());
    }
}

#[test]
fn the_pool_may_be_named_in_the_environment() {
    let scene = Scene::new();
    let mut program = scene.program();
    program
        .env("NEGOTIATE_PROOF_GENESIS", GENESIS)
        .env("INDY_POOL_CLIENT", "nowhere")
        .arg("--quiet");
    crate::scene::Outcome::of(program).failed(2, &["not there (nowhere)"]);
}
