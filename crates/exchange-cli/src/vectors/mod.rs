//! `proof-exchange vectors`: the test vectors of messages and signatures, given to implementations.
//!
//! | module | subject |
//! |---|---|
//! | `ours` | what this workspace says of a test |

mod ours;

use ::vectors::command::{RunOptions, Scope};
use ::vectors::runner::Startable;
use anyhow::Result;
use tutorial::{Status, vectors};

use ours::Ours;

/// Gives the corpus to implementations, and prints the report.
pub async fn run(options: &RunOptions) -> Result<Status> {
    let ours = Startable::Provided(|| Box::new(Ours::new()));
    vectors::run(options, Scope::exchange(ours)).await
}
