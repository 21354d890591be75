//! Errors of [`crate::pool`].

use std::io;
use std::path::PathBuf;

/// What can go wrong in [`crate::pool`].
#[derive(Debug, thiserror::Error)]
pub enum PoolError {
    /// There is a configuration of this name already.
    #[error(
        "a pool ledger configuration {name:?} exists already at {}; open it, or delete it first",
        .path.display()
    )]
    AlreadyExists {
        /// The configuration's name.
        name: String,
        /// Its directory.
        path: PathBuf,
    },

    /// There is no configuration of this name.
    #[error(
        "there is no pool ledger configuration {name:?} at {}; create it first",
        .path.display()
    )]
    NotCreated {
        /// The configuration's name.
        name: String,
        /// The directory that was looked for.
        path: PathBuf,
    },

    /// The name cannot be the name of a directory.
    #[error(
        "{name:?} cannot name a pool ledger configuration: use a plain file name of at most 200 bytes, \
         without path separators or a leading dot"
    )]
    InvalidName {
        /// The name that was given.
        name: String,
    },

    /// The configuration file cannot be understood.
    #[error(
        "the pool ledger configuration {} cannot be used: {problem}; delete the configuration and create it anew",
        .path.display()
    )]
    InvalidConfig {
        /// The configuration file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },

    /// The embedded ledger's transactions are damaged.
    #[error(
        "{} is damaged at line {line}: {problem}; restore it from a copy, \
         or delete the pool ledger configuration and start anew",
        .path.display()
    )]
    Corrupt {
        /// The transactions file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// What is wrong with this line.
        problem: String,
    },

    /// Someone else has the ledger open.
    #[error(
        "the ledger {} is in use: another process, or another handle of this one, has it open; close that one first",
        .path.display()
    )]
    InUse {
        /// The transactions file that is locked.
        path: PathBuf,
    },

    /// The pool was closed before this request.
    #[error("the pool {name:?} is closed; open it again to submit requests")]
    Closed {
        /// The configuration's name.
        name: String,
    },

    /// A write failed and the file could not be brought back to its whole lines, so no more writes are taken.
    #[error(
        "the ledger {} takes no more writes since an earlier one failed half way; close the pool and open it again",
        .path.display()
    )]
    Suspended {
        /// The transactions file.
        path: PathBuf,
    },

    /// Too few nodes of the pool answered in time. What was to be written may be written yet.
    #[error(
        "the pool {name:?} did not answer in {seconds} s{}; look whether enough of its nodes run and can be \
         reached (more than two thirds must), and run this again",
        silent(.silent_nodes)
    )]
    Timeout {
        /// The configuration's name.
        name: String,
        /// How long was waited.
        seconds: u64,
        /// The nodes that were asked and gave no sign of life.
        silent_nodes: Vec<String>,
    },

    /// No node of the pool could be reached.
    #[error(
        "no node of the pool {name:?} can be reached{}; look whether its nodes run, and whether the addresses in \
         its genesis file are right, and run this again",
        silent(.nodes)
    )]
    Unreachable {
        /// The configuration's name.
        name: String,
        /// The nodes that were tried.
        nodes: Vec<String>,
    },

    /// The nodes' answers to a request differ, and too few agree.
    #[error(
        "the nodes of the pool {name:?} do not agree on an answer; they may be catching up with each other: \
         run this again"
    )]
    NoConsensus {
        /// The configuration's name.
        name: String,
    },

    /// The file of genesis transactions does not describe a pool.
    #[error(
        "{} is no file of a pool's genesis transactions: {problem}; take the one that the pool's operator \
         publishes, often named pool_transactions_genesis",
        .path.display()
    )]
    InvalidGenesis {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },

    /// The program that talks to a pool's nodes is not there.
    #[error(
        "the program that talks to the nodes of a pool is not there ({looked}); build it with \
         `cargo build --release --manifest-path pool-client/Cargo.toml`, and give its path in INDY_POOL_CLIENT, \
         or put it beside this program or on the PATH"
    )]
    ClientMissing {
        /// What was looked for.
        looked: String,
    },

    /// The program that talks to a pool's nodes cannot be used. What it was to write may be written or not.
    #[error(
        "the program that talks to the nodes of the pool {name:?} failed: {problem}; run this again, which \
         starts it anew"
    )]
    ClientFailed {
        /// The configuration's name.
        name: String,
        /// How it failed.
        problem: String,
    },

    /// The operating system refused something.
    #[error("cannot {action} {}: {source}; check the path, its permissions and the free space", .path.display())]
    Io {
        /// What was attempted: `read`, `create`, `append to`, ...
        action: &'static str,
        /// On which file or directory.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },

    /// Work on the ledger stopped in the middle by a fault of this program.
    #[error("the work on pool {name:?} stopped unexpectedly; close the pool and open it again")]
    Interrupted {
        /// The configuration's name.
        name: String,
    },
}

impl PoolError {
    /// The stable code, named after libindy's.
    pub fn code(&self) -> &'static str {
        match self {
            Self::AlreadyExists { .. } => "PoolLedgerConfigAlreadyExists",
            Self::NotCreated { .. } => "PoolLedgerNotCreated",
            Self::InvalidName { .. } => "CommonInvalidStructure",
            Self::InvalidConfig { .. } => "PoolLedgerInvalidConfig",
            Self::Corrupt { .. } => "PoolLedgerCorrupt",
            Self::InUse { .. } => "PoolLedgerInUse",
            Self::Closed { .. } => "PoolLedgerTerminated",
            Self::Timeout { .. } | Self::Unreachable { .. } => "PoolLedgerTimeout",
            Self::NoConsensus { .. } => "LedgerNoConsensus",
            Self::InvalidGenesis { .. } => "PoolLedgerInvalidGenesis",
            Self::ClientMissing { .. } => "PoolClientMissing",
            Self::ClientFailed { .. } => "PoolClientFailed",
            Self::Suspended { .. } | Self::Interrupted { .. } => "CommonInvalidState",
            Self::Io { .. } => "CommonIOError",
        }
    }
}

/// The names of silent nodes, for the middle of a sentence.
fn silent(nodes: &[String]) -> String {
    match nodes {
        [] => String::new(),
        nodes => format!(" (no answer from {})", nodes.join(", ")),
    }
}
