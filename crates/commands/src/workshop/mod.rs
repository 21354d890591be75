//! `negotiate-proof workshop`: the exercises, in a directory of the learner's own.
//!
//! | module | subject |
//! |---|---|
//! | `init` | the directory |
//! | `doctor` | what a laptop lacks |
//! | `repository` | where the exercises come from |

mod doctor;
mod init;
mod repository;

use anyhow::Result;
use clap::Subcommand;
use tutorial::Status;

pub(crate) const EXAMPLES: &str = "\
Examples:
  negotiate-proof workshop doctor
  negotiate-proof workshop init exercises-ann
  cd exercises-ann && rustlings";

/// What to do for a workshop.
#[derive(Debug, Clone, Subcommand)]
pub enum Workshop {
    /// Make a directory of exercises for one learner
    ///
    /// It is in the form of rustlings 6. It uses the sources and the target directory of the
    /// repository, which stays where it is.
    Init(init::Init),
    /// What this machine lacks for the exercises, and how long the first check takes
    ///
    /// The exit code is 1 if something is missing without which the exercises do not run.
    Doctor(doctor::Doctor),
}

impl Workshop {
    pub(crate) async fn run(&self) -> Result<Status> {
        match self {
            Self::Init(init) => init.run().await,
            Self::Doctor(doctor) => doctor.run().await,
        }
    }
}
