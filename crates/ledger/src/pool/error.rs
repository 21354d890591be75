//! Errors of pools.

use std::{io, path::PathBuf};

/// What can go wrong with a pool.
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
        /// The directory where it would be.
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
        "the pool ledger configuration {} cannot be used: {problem}; delete the configuration and create it again",
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
        "{} is damaged at line {line}: {problem}; restore it from a copy, or begin with a new ledger",
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

    /// The embedded ledger's file has fewer transactions than were confirmed.
    #[error(
        "{} has {found} transactions, and {expected} were confirmed, as {} says: it was shortened or emptied; restore it \
         from a copy with all of them, or begin with a new ledger; deleting {} accepts the loss",
        .path.display(),
        .head.display(),
        .head.display()
    )]
    Shortened {
        /// The transactions file.
        path: PathBuf,
        /// The file beside it that counts them.
        head: PathBuf,
        /// How many were confirmed.
        expected: u64,
        /// How many there are.
        found: u64,
    },

    /// The file that counts the embedded ledger's transactions does not belong to them.
    #[error(
        "{} is damaged, or does not belong to {}; restore both from one copy, or, if the latter is right, delete the \
         former: it is made again",
        .head.display(),
        .path.display()
    )]
    HeadDamaged {
        /// The transactions file.
        path: PathBuf,
        /// The file beside it that counts them.
        head: PathBuf,
    },

    /// The ledger is open already, in this process or another.
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

    /// A write failed and its part of the file could not be removed, so no more writes are taken.
    #[error(
        "the ledger {} takes no more writes since an earlier one failed half way; close the pool and open it again",
        .path.display()
    )]
    WritesDisabled {
        /// The transactions file.
        path: PathBuf,
    },

    /// Too few nodes of the pool answered in time. A write may still be carried out.
    #[error(
        "the pool {name:?} did not answer in {seconds} s{}; check that its nodes run and can be reached \
         (more than two thirds are needed), and try again",
        silent(.silent_nodes)
    )]
    Timeout {
        /// The configuration's name.
        name: String,
        /// How long the request waited.
        seconds: u64,
        /// The nodes that were asked and did not answer.
        silent_nodes: Vec<String>,
    },

    /// No node of the pool could be reached.
    #[error(
        "no node of the pool {name:?} can be reached{}; check that its nodes run and that the addresses in its \
         genesis file are right, and try again",
        silent(.nodes)
    )]
    Unreachable {
        /// The configuration's name.
        name: String,
        /// The nodes that were tried.
        nodes: Vec<String>,
    },

    /// The nodes' replies to a request differ, and too few agree.
    #[error(
        "the nodes of the pool {name:?} do not agree on a reply; they may be catching up with each other: try again"
    )]
    NoConsensus {
        /// The configuration's name.
        name: String,
    },

    /// The file of genesis transactions does not describe a pool.
    #[error(
        "{} is not a file of a pool's genesis transactions: {problem}; take the one that the pool's operator \
         publishes, often named pool_transactions_genesis",
        .path.display()
    )]
    InvalidGenesis {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },

    /// The program that talks to a pool's nodes was not found.
    #[error(
        "the program that talks to the nodes of a pool is not there ({searched}); build it with \
         `cargo build --release --manifest-path pool-client/Cargo.toml`, and give its path in INDY_POOL_CLIENT, \
         or put it beside this program or on the PATH"
    )]
    ClientMissing {
        /// Where it was searched for.
        searched: String,
    },

    /// The program that talks to a pool's nodes failed. Whether a write was carried out is not
    /// known.
    #[error(
        "the program that talks to the nodes of the pool {name:?} failed: {problem}; try again, which restarts it"
    )]
    ClientFailed {
        /// The configuration's name.
        name: String,
        /// In which way.
        problem: String,
    },

    /// The operating system refused something.
    #[error("cannot {action} {}: {source}; check the path, its permissions and the free space", .path.display())]
    Io {
        /// What was attempted: `read`, `create`, `append to`, ...
        action: &'static str,
        /// On which file or directory.
        path: PathBuf,
        /// The operating system's error.
        source: io::Error,
    },

    /// Work on the ledger stopped half way because of a fault in this program.
    #[error("the work on pool {name:?} stopped unexpectedly; close the pool and open it again")]
    Interrupted {
        /// The configuration's name.
        name: String,
    },
}

impl PoolError {
    /// Returns the stable code, named after libindy's.
    pub fn code(&self) -> &'static str {
        match self {
            Self::AlreadyExists { .. } => "PoolLedgerConfigAlreadyExists",
            Self::NotCreated { .. } => "PoolLedgerNotCreated",
            Self::InvalidName { .. } => "CommonInvalidStructure",
            Self::InvalidConfig { .. } => "PoolLedgerInvalidConfig",
            Self::Corrupt { .. } | Self::Shortened { .. } | Self::HeadDamaged { .. } => {
                "PoolLedgerCorrupt"
            }
            Self::InUse { .. } => "PoolLedgerInUse",
            Self::Closed { .. } => "PoolLedgerTerminated",
            Self::Timeout { .. } | Self::Unreachable { .. } => "PoolLedgerTimeout",
            Self::NoConsensus { .. } => "LedgerNoConsensus",
            Self::InvalidGenesis { .. } => "PoolLedgerInvalidGenesis",
            Self::ClientMissing { .. } => "PoolClientMissing",
            Self::ClientFailed { .. } => "PoolClientFailed",
            Self::WritesDisabled { .. } | Self::Interrupted { .. } => "CommonInvalidState",
            Self::Io { .. } => "CommonIOError",
        }
    }
}

/// Returns the names of silent nodes, for the middle of a sentence.
fn silent(nodes: &[String]) -> String {
    match nodes {
        [] => String::new(),
        nodes => format!(" (no answer from {})", nodes.join(", ")),
    }
}
