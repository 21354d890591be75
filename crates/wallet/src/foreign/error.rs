//! The errors of other programs' wallets.

use std::fmt;

/// A kind of wallet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreKind {
    /// A store of Askar.
    Askar,
    /// A wallet of indy-sdk.
    IndySdk,
}

impl StoreKind {
    fn name(self) -> &'static str {
        match self {
            Self::Askar => "an Askar store",
            Self::IndySdk => "a wallet of indy-sdk",
        }
    }
}

impl fmt::Display for StoreKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// Why a wallet of another program cannot be read. No variant holds a key or a stored value.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ForeignError {
    /// The file cannot be read or copied.
    #[error("cannot read {location}: {reason}; name the wallet's SQLite file, as its owner")]
    Unreadable {
        /// The file.
        location: String,
        /// The operating system's reason.
        reason: String,
    },

    /// The file is not a database.
    #[error("{location} is not a wallet: {reason}; name the wallet's SQLite file")]
    NotADatabase {
        /// The file.
        location: String,
        /// What it is.
        reason: &'static str,
    },

    /// The database is another program's wallet, or something else.
    #[error("{location} is not {expected}: it is {}", found.map_or("a database of something else", StoreKind::name))]
    OtherKind {
        /// The file.
        location: String,
        /// What was expected.
        expected: StoreKind,
        /// What it is, if that is known.
        found: Option<StoreKind>,
    },

    /// The file changed while it was copied.
    #[error(
        "{location} changed while it was being copied: another program is using it; stop that program, and try again"
    )]
    InUse {
        /// The file.
        location: String,
    },

    /// The key does not open it.
    #[error(
        "the key does not open {location}: check that it is the key of this wallet, as its own program takes it, and \
         {derivation}"
    )]
    WrongKey {
        /// The file or database.
        location: String,
        /// What is to be checked besides.
        derivation: &'static str,
    },

    /// The store has no such profile.
    #[error("{location} has no profile `{profile}`; it has: {known}")]
    NoProfile {
        /// The file or database.
        location: String,
        /// The name that was asked for.
        profile: String,
        /// The profiles that there are.
        known: String,
    },

    /// A record does not decrypt, or has another form than its program gives it.
    #[error("{location} is damaged: {reason}; import a backup of it")]
    Damaged {
        /// The file or database.
        location: String,
        /// What is wrong.
        reason: String,
    },

    /// The database failed.
    #[error("{location} cannot be read: {reason}")]
    Failed {
        /// The file or database.
        location: String,
        /// The database's reason.
        reason: String,
    },

    /// The store is on a PostgreSQL server, and this build knows none.
    #[error(
        "{location} is on a PostgreSQL server, and this program was built without support for PostgreSQL; build it \
         with --features postgres"
    )]
    NotIncluded {
        /// The database.
        location: String,
    },
}

impl ForeignError {
    /// Returns the stable code, named after libindy's.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } | Self::Failed { .. } => "WalletStorage",
            Self::NotADatabase { .. } | Self::OtherKind { .. } | Self::Damaged { .. } => {
                "WalletInvalidStorage"
            }
            Self::InUse { .. } => "WalletAlreadyOpened",
            Self::WrongKey { .. } => "WalletAccessFailed",
            Self::NoProfile { .. } => "WalletNotFound",
            Self::NotIncluded { .. } => "WalletUnknownType",
        }
    }
}
