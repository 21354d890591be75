//! The embedded ledger and a real pool, side by side: one list of requests is submitted to both.
//!
//! The kinds of the answers must be those that the list says, and what was written and what is read
//! must be the same. Where the two differ, and this is wanted, the list says so and why.
//!
//! Without a real pool the embedded ledger is tested alone. With one, say where its genesis is, and,
//! if it is not on the PATH, where its client is:
//!
//! ```text
//! NEGOTIATE_PROOF_GENESIS=/tmp/pool/genesis INDY_POOL_CLIENT=.../indy-pool-client \
//!     cargo test -p indy --test pool_conformance
//! ```
//!
//! `tests/pool/run` does that on a pool of its own.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests may fail like the tests themselves"
)]

mod dids;
mod list;
mod play;
#[path = "../pool_support/mod.rs"]
mod pool_support;
mod step;

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use indy::pool::{self, Pool, PoolLedgerConfig, PoolOptions};
use list::Cast;
use play::{Outcome, play};
use step::{Kind, Step};
use tempfile::TempDir;

/// Where the real pool's genesis is.
const GENESIS: &str = "NEGOTIATE_PROOF_GENESIS";

/// How long is waited for an answer; one of a pool on this machine takes a fraction of a second.
const PATIENCE: Duration = Duration::from_secs(10);

#[tokio::test]
async fn the_embedded_ledger_answers_as_the_list_says() {
    let cast = Cast::new();
    let steps = cast.steps();
    let outcomes = on_the_embedded_ledger(&steps, 1).await;
    let expected = steps.iter().map(|step| step.expected);
    assert_kinds(&steps, expected, &outcomes);
}

#[tokio::test]
async fn a_real_pool_answers_as_the_embedded_ledger_but_for_what_the_list_says() {
    let Some(genesis) = std::env::var_os(GENESIS).filter(|path| !path.is_empty()) else {
        let told = format!("SKIPPED: set {GENESIS} to run this test against a real pool\n");
        // Past the capture of passing tests: a test that was not run must be seen.
        std::io::stderr().write_all(told.as_bytes()).expect("told");
        return;
    };
    let cast = Cast::new();
    let steps = cast.steps();
    let req_id = pool_support::random_request_id();
    let embedded = on_the_embedded_ledger(&steps, req_id).await;
    let (real, _directory) = real_pool(Path::new(&genesis)).await;
    let real = play(&real, &steps, req_id).await;

    let expected = steps.iter().map(|step| match step.difference {
        Some((kind, _)) => kind,
        None => step.expected,
    });
    assert_kinds(&steps, expected, &real);
    let differences: Vec<String> = steps
        .iter()
        .zip(embedded.iter().zip(&real))
        .filter(|(step, _)| step.difference.is_none())
        .filter(|(step, (embedded, real))| !embedded.agrees_with(real, step.other_words.is_some()))
        .map(|(step, (embedded, real))| {
            format!(
                "{}\n  embedded: {embedded:?}\n  pool:     {real:?}",
                step.name
            )
        })
        .collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn every_step_has_a_name_of_its_own_and_a_difference_is_one() {
    let cast = Cast::new();
    let steps = cast.steps();
    let mut names: Vec<&str> = steps.iter().map(|step| step.name).collect();
    names.sort_unstable();
    assert!(names.windows(2).all(|pair| pair[0] != pair[1]));
    for step in &steps {
        if let Some((kind, reason)) = step.difference {
            assert_ne!(kind, step.expected, "{}", step.name);
            assert!(!reason.is_empty(), "{}", step.name);
        }
    }
}

fn assert_kinds(steps: &[Step<'_>], expected: impl Iterator<Item = Kind>, outcomes: &[Outcome]) {
    let wrong: Vec<String> = steps
        .iter()
        .zip(outcomes)
        .zip(expected)
        .filter(|((_, outcome), expected)| outcome.kind != *expected)
        .map(|((step, outcome), expected)| {
            format!("{}: expected {expected:?}, got {outcome:?}", step.name)
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

async fn on_the_embedded_ledger(steps: &[Step<'_>], req_id: u64) -> Vec<Outcome> {
    let (pool, _directory) = pool_support::new_pool().await;
    play(&pool, steps, req_id).await
}

/// The pool of this genesis, and the directory that its configuration is in.
async fn real_pool(genesis: &Path) -> (Pool, TempDir) {
    let directory = tempfile::tempdir().expect("a directory");
    let config = PoolLedgerConfig::pool(genesis).expect("the genesis of a pool");
    pool::create_pool_ledger_config(directory.path(), "pool", &config)
        .await
        .expect("created");
    let options = PoolOptions {
        timeout: PATIENCE,
        ..PoolOptions::default()
    };
    let pool = pool::open_pool_ledger_with(directory.path(), "pool", &options)
        .await
        .expect("opened");
    (pool, directory)
}
