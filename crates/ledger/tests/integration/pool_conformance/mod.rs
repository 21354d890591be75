//! The embedded ledger compared with a real pool: both get the same list of requests.
//!
//! The kinds of the replies must be those in the list, and what is written and read must be the
//! same. Where the two differ intentionally, the list says so and why.
//!
//! Without a real pool the embedded ledger is tested alone. For a real pool, give the path of its
//! genesis file, and, if the client is not on the PATH, the client's:
//!
//! ```text
//! NEGOTIATE_PROOF_GENESIS=/tmp/pool/genesis INDY_POOL_CLIENT=.../indy-pool-client \
//!     cargo test -p negotiate-ledger --test integration pool_conformance
//! ```
//!
//! `tests/pool/run` does that on a pool that it makes.

mod dids;
mod requests;
mod run;
mod step;

use std::{io::Write, path::Path, time::Duration};

use ledger::pool::{self, Pool, PoolLedgerConfig, PoolOptions};
use tempfile::TempDir;

use self::{
    requests::Identities,
    run::{StepResult, run},
    step::{Kind, Step},
};
use crate::support::{new_pool, random_request_id};

/// The environment variable with the path of the real pool's genesis file.
const GENESIS: &str = "NEGOTIATE_PROOF_GENESIS";

/// A pool on this machine replies in a fraction of a second.
const REPLY_TIMEOUT: Duration = Duration::from_secs(10);

#[tokio::test]
async fn the_embedded_ledger_replies_as_the_list_says() {
    let identities = Identities::new();
    let steps = identities.steps();
    let results = on_the_embedded_ledger(&steps, 1).await;
    let expected = steps.iter().map(|step| step.expected);
    assert_kinds(&steps, expected, &results);
}

#[tokio::test]
async fn a_real_pool_replies_as_the_list_says() {
    let Some(genesis) = std::env::var_os(GENESIS).filter(|path| !path.is_empty()) else {
        let message = format!("SKIPPED: set {GENESIS} to run this test against a real pool\n");
        // Written past the capture of passing tests, so that the skipped test is noticed.
        std::io::stderr().write_all(message.as_bytes()).expect("written");
        return;
    };
    let identities = Identities::new();
    let steps = identities.steps();
    let req_id = random_request_id();
    let embedded = on_the_embedded_ledger(&steps, req_id).await;
    let (real, _directory) = real_pool(Path::new(&genesis)).await;
    let real = run(&real, &steps, req_id).await;

    let expected = steps.iter().map(|step| match step.difference {
        Some((kind, _)) => kind,
        None => step.expected,
    });
    assert_kinds(&steps, expected, &real);
    let differences: Vec<String> = steps
        .iter()
        .zip(embedded.iter().zip(&real))
        .filter(|(step, _)| step.difference.is_none())
        .filter(|(step, (embedded, real))| {
            !embedded.agrees_with(real, step.reasons_differ.is_some())
        })
        .map(|(step, (embedded, real))| {
            format!("{}\n  embedded: {embedded:?}\n  pool:     {real:?}", step.name)
        })
        .collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn step_names_are_unique_and_differences_are_differences() {
    let identities = Identities::new();
    let steps = identities.steps();
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

fn assert_kinds(steps: &[Step<'_>], expected: impl Iterator<Item = Kind>, results: &[StepResult]) {
    let wrong: Vec<String> = steps
        .iter()
        .zip(results)
        .zip(expected)
        .filter(|((_, result), expected)| result.kind != *expected)
        .map(|((step, result), expected)| {
            format!("{}: expected {expected:?}, got {result:?}", step.name)
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

async fn on_the_embedded_ledger(steps: &[Step<'_>], req_id: u64) -> Vec<StepResult> {
    let (pool, _directory) = new_pool().await;
    run(&pool, steps, req_id).await
}

/// Opens the pool of this genesis; also returns the directory that its configuration is in.
async fn real_pool(genesis: &Path) -> (Pool, TempDir) {
    let directory = tempfile::tempdir().expect("a directory");
    let config = PoolLedgerConfig::pool(genesis).expect("the genesis of a pool");
    pool::create_pool_ledger_config(directory.path(), "pool", &config).await.expect("created");
    let options = PoolOptions { timeout: REPLY_TIMEOUT, ..PoolOptions::default() };
    let pool =
        pool::open_pool_ledger_with(directory.path(), "pool", &options).await.expect("opened");
    (pool, directory)
}
