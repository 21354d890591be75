//! The errors of wallets.

/// What can go wrong with a wallet.
///
/// `id` is the wallet's, `location` its file or its database. No variant holds a key, a seed, a
/// stored value or the password of a storage URL.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WalletError {
    /// A wallet with this id is already there.
    #[error(
        "the wallet `{id}` already exists ({location}): open it, delete it, or choose another id"
    )]
    AlreadyExists {
        /// The wallet's id.
        id: String,
        /// Its file or database.
        location: String,
    },

    /// No wallet with this id is there.
    #[error(
        "the wallet `{id}` does not exist ({location}): create it first, or check its id and where it is stored"
    )]
    NotFound {
        /// The wallet's id.
        id: String,
        /// Where it was looked for.
        location: String,
    },

    /// The wallet is there, and the key does not open it.
    #[error(
        "the key does not open the wallet `{id}` ({location}): check the key, and whether the wallet was created with a passphrase or with a raw key"
    )]
    AccessFailed {
        /// The wallet's id.
        id: String,
        /// Its file or database.
        location: String,
    },

    /// The wallet cannot be deleted while it is open, here or in another process.
    #[error(
        "the wallet `{id}` is open ({location}): close it, here and in every other process, and try again"
    )]
    InUse {
        /// The wallet's id.
        id: String,
        /// Its file or database.
        location: String,
    },

    /// What is there is not a wallet, or is a damaged one.
    #[error(
        "what is stored as the wallet `{id}` is not a sound wallet ({location}): {reason}; restore it from a backup, or move it away and create the wallet anew"
    )]
    InvalidStorage {
        /// The wallet's id.
        id: String,
        /// Its file or database.
        location: String,
        /// What is wrong with it.
        reason: String,
    },

    /// The key itself is malformed. The key is never repeated here.
    #[error("the wallet key cannot be used: {reason}")]
    InvalidKey {
        /// What a key has to be.
        reason: &'static str,
    },

    /// The wallet's id cannot be the name of a file or of a database.
    #[error(
        "the wallet id {id:?} cannot be used: {reason}; choose 1 to 64 ASCII letters, digits, `_` or `-`"
    )]
    InvalidId {
        /// The id that was given.
        id: String,
        /// What is wrong with it.
        reason: String,
    },

    /// The URL of the PostgreSQL server is malformed. The URL is never repeated here.
    #[error(
        "the PostgreSQL URL of the wallet `{id}` cannot be used: {reason}; it looks like postgres://user:password@host:5432 or postgres://user:password@host:5432/prefix"
    )]
    InvalidStorageUrl {
        /// The wallet's id.
        id: String,
        /// What is wrong with it.
        reason: String,
    },

    /// PostgreSQL support was left out of this build.
    #[error(
        "the wallet `{id}` is to be kept on a PostgreSQL server, and this program was built without support for \
         PostgreSQL; build it with --features postgres"
    )]
    StorageNotIncluded {
        /// The wallet's id.
        id: String,
    },

    /// The PostgreSQL server does not answer.
    #[error(
        "the PostgreSQL server of the wallet `{id}` does not answer ({location}): {reason}; check that it runs and that host and port are right"
    )]
    StorageUnreachable {
        /// The wallet's id.
        id: String,
        /// The database and its host and port.
        location: String,
        /// The error of the connection attempt.
        reason: String,
    },

    /// The operating system or the database refused.
    #[error("the storage of the wallet `{id}` failed ({location}): {reason}")]
    Storage {
        /// The wallet's id.
        id: String,
        /// Its file or database.
        location: String,
        /// The error of the system or the database.
        reason: String,
    },

    /// The disk is full, or its quota is used up. What was written before is kept.
    #[error(
        "the disk is full, so that the wallet `{id}` cannot be written ({location}): free some space there, and try again"
    )]
    StorageFull {
        /// The wallet's id.
        id: String,
        /// Its file or database.
        location: String,
    },

    /// No such record is in the wallet.
    #[error("the wallet `{id}` holds no {category} named `{name}`")]
    ItemNotFound {
        /// The wallet's id.
        id: String,
        /// The record's category.
        category: String,
        /// The record's name.
        name: String,
    },

    /// A record of this name is in the wallet already.
    #[error(
        "the wallet `{id}` already holds a {category} named `{name}`: choose another name, or remove the old one"
    )]
    ItemAlreadyExists {
        /// The wallet's id.
        id: String,
        /// The record's category.
        category: String,
        /// The record's name.
        name: String,
    },

    /// The category is reserved for records of this workspace's crates.
    #[error(
        "the wallet `{id}` keeps its own records in the category `{category}`: choose another category"
    )]
    ReservedCategory {
        /// The wallet's id.
        id: String,
        /// The category.
        category: String,
    },

    /// A record's category, its id, or the name of one of its tags is empty or too long.
    #[error("a record's {what} in the wallet `{id}` has {length} bytes: 1 to {max} are allowed")]
    InvalidRecordName {
        /// The wallet's id.
        id: String,
        /// `category`, `id` or `tag name`.
        what: &'static str,
        /// Its length, in bytes.
        length: usize,
        /// The greatest length allowed, in bytes.
        max: usize,
    },
}

impl WalletError {
    /// Returns the stable code, named after libindy's.
    ///
    /// Where libindy has only `WalletStorageError` and `CommonInvalidStructure`, these codes say
    /// more: `WalletInvalidStorage` (what is there is not a sound wallet),
    /// `WalletStorageUnreachable` (the server does not answer), `WalletStorageFull`,
    /// `WalletInvalidKey`, `WalletInvalidId`, `WalletInvalidStorageUrl`, `WalletReservedCategory`
    /// and `WalletInvalidRecordName` (what was given is malformed).
    pub fn code(&self) -> &'static str {
        match self {
            Self::AlreadyExists { .. } => "WalletAlreadyExists",
            Self::NotFound { .. } => "WalletNotFound",
            Self::AccessFailed { .. } => "WalletAccessFailed",
            Self::InUse { .. } => "WalletAlreadyOpened",
            Self::InvalidStorage { .. } => "WalletInvalidStorage",
            Self::InvalidKey { .. } => "WalletInvalidKey",
            Self::InvalidId { .. } => "WalletInvalidId",
            Self::InvalidStorageUrl { .. } => "WalletInvalidStorageUrl",
            Self::StorageNotIncluded { .. } => "WalletUnknownType",
            Self::StorageUnreachable { .. } => "WalletStorageUnreachable",
            Self::Storage { .. } => "WalletStorage",
            Self::StorageFull { .. } => "WalletStorageFull",
            Self::ItemNotFound { .. } => "WalletItemNotFound",
            Self::ItemAlreadyExists { .. } => "WalletItemAlreadyExists",
            Self::ReservedCategory { .. } => "WalletReservedCategory",
            Self::InvalidRecordName { .. } => "WalletInvalidRecordName",
        }
    }
}
