//! Errors of the tutorial's homes, handles and output.

use std::{
    io,
    path::{Path, PathBuf},
};

use indy::error::{LedgerError, PoolError, WalletError};

/// Why a tutorial cannot be opened or continued; each message says what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TutorialError {
    /// A file or directory of the home cannot be read or written.
    #[error("cannot {operation} {}: {source}; check that the directory exists, may be written, and has room", path.display())]
    Io {
        /// What was attempted.
        operation: &'static str,
        /// The file or directory.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },

    /// The home is a file.
    #[error("{} is not a directory; name a new directory, or the home of a walkthrough", path.display())]
    NotADirectory {
        /// The file.
        path: PathBuf,
    },

    /// The directory holds something else.
    #[error("{} is not a home of a walkthrough, and it is not empty; name a new directory", path.display())]
    NotAHome {
        /// The directory.
        path: PathBuf,
    },

    /// The file that says what the home is cannot be read.
    #[error("{} is damaged: {reason}; write {{\"format\": 1, \"wallets\": \"sqlite\"}} into it, or \"postgres\" for \"sqlite\" if the wallets are on a server", path.display())]
    HomeDamaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },

    /// Another process is working in this home.
    #[error("another process is working in {}; wait until it ends, or use another --home", path.display())]
    HomeInUse {
        /// The home.
        path: PathBuf,
    },

    /// The home's wallets are stored elsewhere than the options say.
    #[error("the wallets of {} are stored in {stored}; run with {remedy}", path.display())]
    OtherWalletStorage {
        /// The home.
        path: PathBuf,
        /// Where they are.
        stored: &'static str,
        /// The option to give.
        remedy: &'static str,
    },

    /// The home's walkthrough uses another ledger than the options say.
    #[error("the walkthrough of {} uses {stored}; leave out --genesis (and NEGOTIATE_PROOF_GENESIS) to continue it, or name another --home", path.display())]
    OtherLedger {
        /// The home.
        path: PathBuf,
        /// The ledger that it uses.
        stored: &'static str,
    },

    /// A wallet or the ledger of a step that has finished does not exist any more.
    #[error("{what} of {} is gone: a run with --clean deleted it, or someone else; begin a new walkthrough in another --home", home.display())]
    Gone {
        /// What is gone.
        what: String,
        /// The home.
        home: PathBuf,
    },

    /// The wallet has no credential that answers a referent.
    #[error(
        "the prover's wallet has no credential for {referent}; restore the proof request of step 3 if it was changed, or begin a new walkthrough in another --home if the credential of step 2 was deleted"
    )]
    NoCandidate {
        /// The referent.
        referent: String,
    },

    /// A file of the home has a format that this version does not know.
    #[error("{} has format {format}, which this version of the program does not know; continue with the version that wrote it, or begin a new walkthrough in another --home", path.display())]
    UnknownFormat {
        /// The file.
        path: PathBuf,
        /// Its format.
        format: u32,
    },

    /// An earlier step has not been run.
    #[error("step {step} has not been run in this home ({} is missing); run `negotiate-proof step {step} --home {}` first", path.display(), quoted(home))]
    StateMissing {
        /// The step that comes first.
        step: u8,
        /// The missing file.
        path: PathBuf,
        /// The home.
        home: PathBuf,
    },

    /// What an earlier step saved cannot be read.
    #[error("{} is damaged: {reason}; run `negotiate-proof step {step} --home {}` again", path.display(), quoted(home))]
    StateDamaged {
        /// The step that writes it.
        step: u8,
        /// The damaged file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
        /// The home.
        home: PathBuf,
    },

    /// The public data that the home has taken in cannot be read.
    #[error("{} is damaged: {reason}; remove it, and take the public data in again", path.display())]
    PublicDataDamaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },

    /// Public data contradicts what the home has taken in before.
    #[error("it contradicts what was taken in before, in {}: {reason}", path.display())]
    PublicDataContradicts {
        /// Which object differs.
        reason: String,
        /// The file with what was taken in before.
        path: PathBuf,
    },

    /// What was saved of a scenario cannot be read.
    #[error("{} is damaged: {reason}; play the scenario in another --home", path.display())]
    ScenarioDamaged {
        /// The damaged file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },

    /// The output cannot be written.
    #[error("cannot write the output")]
    Output(#[from] io::Error),

    /// A wallet failed.
    #[error(transparent)]
    Wallet(#[from] WalletError),

    /// The ledger failed.
    #[error(transparent)]
    Pool(#[from] PoolError),

    /// A ledger request failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl TutorialError {
    /// Returns whether the walkthrough of this home can go on once the cause is removed. Where it
    /// cannot, the message says what to do instead.
    pub fn can_be_resumed(&self) -> bool {
        !matches!(
            self,
            Self::Gone { .. }
                | Self::UnknownFormat { .. }
                | Self::NoCandidate { .. }
                | Self::ScenarioDamaged { .. }
        )
    }

    pub(crate) fn io(
        operation: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { operation, path, source }
    }
}

/// Returns a path as a shell takes it, for the commands that messages propose.
pub fn quoted(path: &Path) -> String {
    let mut text = path.display().to_string();
    if text.starts_with('-') {
        // a command would take it for an option
        text.insert_str(0, "./");
    }
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+,:@%".contains(c);
    match text.chars().all(is_plain) {
        true => text,
        false => format!("'{}'", text.replace('\'', r"'\''")),
    }
}
