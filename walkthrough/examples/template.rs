//! Step 1 of the tutorial: a template with four gaps, into which you paste the code of the steps.
//!
//! The book's pages of steps 2 to 5 say what to paste. Run it with
//! `cargo run --release --example template`; after the last step it is `negotiate_proof.rs`.

use anyhow::Result;
use serde::Serialize;

#[tokio::main]
async fn main() -> Result<()> {
    // the ledger and the wallets live here, and are removed at the end
    let directory = tempfile::tempdir()?;
    let directory = directory.path();
    print_log("1", "directory", &directory)?;

    // Step 2 code goes here

    // Step 3 code goes here

    // Step 4 code goes here

    // Step 5 code goes here
    Ok(())
}

/// Prints the number of an action, and a value that it ended with.
fn print_log(action: &str, what: &str, value: &impl Serialize) -> Result<()> {
    println!("{action:>3}. {what}: {}", serde_json::to_string(value)?);
    Ok(())
}
