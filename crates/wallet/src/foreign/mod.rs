//! Wallets of other programs: read, and never written.
//!
//! | kind | programs |
//! |---|---|
//! | [Askar](open_askar) | ACA-Py, Credo, and wallets of this crate |
//! | [indy-sdk](open_indy_sdk) | everything on libindy, in its SQLite storage |
//!
//! An SQLite file is copied first, with its journal, and only the copy is opened: even opening a
//! database can write to it. The copy is as encrypted as the original, in a directory for this user
//! only, and is removed afterwards.
//!
//! What the records mean is not known here.

mod askar;
mod copy;
mod error;
mod indy_sdk;

use std::path::{Path, PathBuf};

use aries_askar::entry::{Entry, Scan};
use stdx::task::boxed;
use tempfile::TempDir;
use zeroize::Zeroizing;

use self::{askar::AskarStore, indy_sdk::IndySdkWallet};
use crate::{did::SigningKey, record::Tag};

pub use error::{ForeignError, StoreKind};
pub use indy_sdk::IndyKeyDerivation;

/// A record of another program's wallet.
pub struct ForeignRecord {
    /// Its category. indy-sdk calls it the type.
    pub category: String,
    /// Its name in its category.
    pub name: String,
    /// Its value, wiped from memory when dropped.
    pub value: Zeroizing<Vec<u8>>,
    /// Its tags; of wallets of indy-sdk they are not read.
    pub tags: Vec<Tag>,
}

/// The keys that a wallet keeps apart from its records.
#[derive(Default)]
pub struct ForeignKeys {
    /// Those of Ed25519.
    pub signing: Vec<SigningKey>,
    /// How many there are of other kinds.
    pub others: u64,
}

/// Another program's wallet, open for reading.
pub struct ForeignStore {
    kind: Kind,
    /// Removed when this is dropped.
    _copy: Option<TempDir>,
}

enum Kind {
    Askar(AskarStore),
    IndySdk(IndySdkWallet),
}

/// Where an Askar store is.
#[derive(Clone)]
pub enum AskarSource {
    /// An SQLite file.
    File(PathBuf),
    /// The URL of a PostgreSQL database, as Askar takes it. It may have a password.
    Url(String),
}

/// Opens a profile of an Askar store: the one of this name, or the store's default. The key is the
/// passphrase, or the base58 of a raw key; the store itself says which it was made with.
///
/// # Errors
///
/// [`ForeignError`]; each says what to do.
#[boxed]
pub async fn open_askar(
    source: AskarSource,
    key: &str,
    profile: Option<&str>,
) -> Result<ForeignStore, ForeignError> {
    match source {
        AskarSource::File(file) => {
            let copy = copy::copy(&file).await?;
            copy.check_kind(StoreKind::Askar).await?;
            let (path, directory) = copy.into_parts();
            let store = askar::open_file(&file, &path, key, profile).await?;
            Ok(ForeignStore { kind: Kind::Askar(store), _copy: Some(directory) })
        }
        AskarSource::Url(url) => {
            let store = askar::open_url(&url, key, profile).await?;
            Ok(ForeignStore { kind: Kind::Askar(store), _copy: None })
        }
    }
}

/// Opens an SQLite wallet of indy-sdk.
///
/// # Errors
///
/// [`ForeignError`]; each says what to do.
#[boxed]
pub async fn open_indy_sdk(
    file: &Path,
    key: &str,
    derivation: IndyKeyDerivation,
) -> Result<ForeignStore, ForeignError> {
    let copy = copy::copy(file).await?;
    copy.check_kind(StoreKind::IndySdk).await?;
    let (path, directory) = copy.into_parts();
    let wallet = IndySdkWallet::open(file, &path, key, derivation).await?;
    Ok(ForeignStore { kind: Kind::IndySdk(wallet), _copy: Some(directory) })
}

impl ForeignStore {
    /// Returns the names of the profiles that are not read, sorted.
    pub fn other_profiles(&self) -> &[String] {
        match &self.kind {
            Kind::Askar(store) => store.other_profiles(),
            Kind::IndySdk(_) => &[],
        }
    }

    /// Begins a walk through the records of a category, or through all.
    ///
    /// # Errors
    ///
    /// [`ForeignError::Failed`].
    #[boxed]
    pub async fn records<'s>(
        &'s self,
        category: Option<&str>,
    ) -> Result<ForeignRecords<'s>, ForeignError> {
        let walk = match &self.kind {
            Kind::Askar(store) => Walk::Askar { scan: store.scan(category).await?, store },
            Kind::IndySdk(wallet) => {
                Walk::IndySdk { wallet, category: category.map(str::to_owned), after: i64::MIN }
            }
        };
        Ok(ForeignRecords { walk })
    }

    /// Returns the keys that the wallet keeps apart from its records. indy-sdk keeps none apart.
    ///
    /// # Errors
    ///
    /// [`ForeignError::Failed`].
    #[boxed]
    pub async fn keys(&self) -> Result<ForeignKeys, ForeignError> {
        match &self.kind {
            Kind::Askar(store) => store.keys().await,
            Kind::IndySdk(_) => Ok(ForeignKeys::default()),
        }
    }

    /// Closes the wallet, and removes the copy.
    pub async fn close(self) {
        match self.kind {
            Kind::Askar(store) => store.close().await,
            Kind::IndySdk(wallet) => wallet.close().await,
        }
    }
}

/// A walk through records.
pub struct ForeignRecords<'s> {
    walk: Walk<'s>,
}

enum Walk<'s> {
    Askar { store: &'s AskarStore, scan: Scan<'static, Entry> },
    IndySdk { wallet: &'s IndySdkWallet, category: Option<String>, after: i64 },
}

impl ForeignRecords<'_> {
    /// Returns the next records, some dozens; none at the end.
    ///
    /// # Errors
    ///
    /// [`ForeignError::Damaged`], [`ForeignError::Failed`].
    #[boxed]
    pub async fn next(&mut self) -> Result<Vec<ForeignRecord>, ForeignError> {
        match &mut self.walk {
            Walk::Askar { store, scan } => store.next(scan).await,
            Walk::IndySdk { wallet, category, after } => {
                wallet.next(category.as_deref(), after).await
            }
        }
    }
}
