//! SQLite wallets of indy-sdk (libindy).
//!
//! What is read here, in the notation of `index::keys`:
//!
//! ```text
//! metadata.value = JSON {"keys": [wrapped bytes], "master_key_salt": [bytes]}
//! keys           = ChaCha20-Poly1305(k, nonce, MessagePack [type, name, value, item HMAC, tag name, tag value, tag HMAC])
//! k              = Argon2i(wallet key, salt[..16]), or the base58 of the wallet key
//! items.type     = ChaCha20-Poly1305(type key, nonce, type); items.name likewise
//! items.value    = ChaCha20-Poly1305(v, nonce, value), v = ChaCha20-Poly1305(value key, nonce, items.key)
//! ```
//!
//! Each nonce has 12 bytes and stands before what it encrypts. Askar has a conversion of such
//! wallets too; it needs sqlx's macros, with which a build compiles SQLite a second time, and it
//! rewrites the whole wallet, a record per transaction. Reading needs neither.

use std::path::Path;

use aries_askar::crypto::kdf::{
    KeyDerivation as _,
    argon2::{Argon2, PARAMS_INTERACTIVE, PARAMS_MODERATE, SALT_LENGTH},
};
use serde::Deserialize;
use sqlx::{
    ConnectOptions, SqlitePool,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};
use zeroize::Zeroizing;

use super::{ForeignError, ForeignRecord};
use crate::index::{SealingKey, open_sealed, sealing_key};

/// How many records are read at once.
const PAGE: i64 = 64;

/// The length of every key, in bytes.
const KEY_LENGTH: usize = 32;

/// How indy-sdk derives a wallet's master key from the key that its caller gives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IndyKeyDerivation {
    /// `ARGON2I_MOD`, libindy's default: some seconds.
    #[default]
    Argon2iModerate,
    /// `ARGON2I_INT`.
    Argon2iInteractive,
    /// `RAW`: the key is the base58 of 32 bytes.
    Raw,
}

/// An open wallet.
pub(super) struct IndySdkWallet {
    pool: SqlitePool,
    location: String,
    keys: Keys,
}

/// The keys of a wallet that are needed to read it. Each wipes itself from memory when dropped.
struct Keys {
    category: SealingKey,
    name: SealingKey,
    value: SealingKey,
}

/// The value of the table `metadata`.
#[derive(Deserialize)]
struct Metadata {
    keys: Vec<u8>,
    #[serde(default)]
    master_key_salt: Option<Vec<u8>>,
}

/// A row of `items`: id, type, name, value, key.
type Row = (i64, Vec<u8>, Vec<u8>, Option<Vec<u8>>, Vec<u8>);

impl IndySdkWallet {
    /// Opens the copy of a file.
    pub(super) async fn open(
        file: &Path,
        copy: &Path,
        key: &str,
        derivation: IndyKeyDerivation,
    ) -> Result<Self, ForeignError> {
        let location = file.display().to_string();
        let failed = |error: sqlx::Error| failed(&location, &error);
        let options = SqliteConnectOptions::new().filename(copy).disable_statement_logging();
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options)
            .await
            .map_err(failed)?;
        // the column has no type: some versions write a text, others bytes
        let metadata: Vec<u8> =
            sqlx::query_scalar("SELECT CAST(value AS BLOB) FROM metadata LIMIT 1")
                .fetch_one(&pool)
                .await
                .map_err(failed)?;
        let key = Zeroizing::new(key.to_owned());
        // the derivation may take seconds
        let unlocking = stdx::task::blocking(move || unlock(&metadata, &key, derivation));
        let unlocked =
            unlocking.await.unwrap_or_else(|aborted| Err(Fault::Damaged(aborted.to_string())));
        let keys = unlocked.map_err(|fault| match fault {
            Fault::WrongKey => ForeignError::WrongKey {
                location: location.clone(),
                derivation: "how the wallet derives its key from it (`key_derivation_method`)",
            },
            Fault::Damaged(reason) => ForeignError::Damaged { location: location.clone(), reason },
        })?;
        Ok(Self { pool, location, keys })
    }

    /// Returns the next records of a category, or of all, after a row; none at the end.
    pub(super) async fn next(
        &self,
        category: Option<&str>,
        after: &mut i64,
    ) -> Result<Vec<ForeignRecord>, ForeignError> {
        let mut records = Vec::new();
        while records.is_empty() {
            let rows: Vec<Row> = sqlx::query_as(
                "SELECT id, CAST(type AS BLOB), CAST(name AS BLOB), CAST(value AS BLOB), CAST(key AS BLOB)
                 FROM items WHERE id > ?1 ORDER BY id LIMIT ?2",
            )
            .bind(*after)
            .bind(PAGE)
            .fetch_all(&self.pool)
            .await
            .map_err(|error| failed(&self.location, &error))?;
            let Some(&(last, ..)) = rows.last() else {
                break;
            };
            for row in rows {
                let id = row.0;
                let record = self.record(category, row).ok_or_else(|| ForeignError::Damaged {
                    location: self.location.clone(),
                    reason: format!("its record {id} does not decrypt"),
                })?;
                records.extend(record);
            }
            *after = last;
        }
        Ok(records)
    }

    /// Decrypts a row, if it is of the category; `None` if it does not decrypt.
    fn record(&self, category: Option<&str>, row: Row) -> Option<Option<ForeignRecord>> {
        let (_, its_category, name, value, key) = row;
        let its_category = text(its_category, &self.keys.category)?;
        if category.is_some_and(|category| category != its_category) {
            return Some(None);
        }
        let name = text(name, &self.keys.name)?;
        let key = open_sealed(key, &self.keys.value).ok()?;
        let value = match value {
            None => Vec::new(),
            Some(value) => open_sealed(value, &sealing_key(&key).ok()?).ok()?.into_vec(),
        };
        let value = Zeroizing::new(value);
        Some(Some(ForeignRecord { category: its_category, name, value, tags: Vec::new() }))
    }

    pub(super) async fn close(self) {
        self.pool.close().await;
    }
}

fn failed(location: &str, error: &sqlx::Error) -> ForeignError {
    ForeignError::Failed { location: location.to_owned(), reason: error.to_string() }
}

fn text(sealed: Vec<u8>, key: &SealingKey) -> Option<String> {
    String::from_utf8(open_sealed(sealed, key).ok()?.into_vec()).ok()
}

/// Why a wallet's keys cannot be unwrapped.
enum Fault {
    WrongKey,
    Damaged(String),
}

/// Unwraps the keys of a wallet.
fn unlock(metadata: &[u8], key: &str, derivation: IndyKeyDerivation) -> Result<Keys, Fault> {
    let damaged = |what: &str| Fault::Damaged(format!("{what} has an unknown form"));
    let Metadata { keys, master_key_salt } =
        serde_json::from_slice(metadata).map_err(|_| damaged("its table `metadata`"))?;
    let mut master = Zeroizing::new([0; KEY_LENGTH]);
    let parameters = match derivation {
        IndyKeyDerivation::Raw => None,
        IndyKeyDerivation::Argon2iModerate => Some(PARAMS_MODERATE),
        IndyKeyDerivation::Argon2iInteractive => Some(PARAMS_INTERACTIVE),
    };
    match parameters {
        None => match bs58::decode(key).onto(master.as_mut_slice()) {
            Ok(KEY_LENGTH) => {}
            _ => return Err(Fault::WrongKey),
        },
        Some(parameters) => {
            // a wallet with a raw key has none
            let salt = master_key_salt.ok_or(Fault::WrongKey)?;
            let salt = salt.get(..SALT_LENGTH).ok_or_else(|| damaged("its salt"))?;
            Argon2::new(key.as_bytes(), salt, parameters)
                .and_then(|mut argon2| argon2.derive_key_bytes(master.as_mut_slice()))
                .map_err(|_| Fault::WrongKey)?;
        }
    }
    let master = sealing_key(master.as_slice()).map_err(|_| Fault::WrongKey)?;
    let opened = open_sealed(keys, &master).map_err(|_| Fault::WrongKey)?;
    read_keys(&opened).ok_or_else(|| damaged("the list of its keys"))
}

/// Reads the keys: a MessagePack array of seven strings of 32 bytes.
fn read_keys(bytes: &[u8]) -> Option<Keys> {
    const ARRAY_OF_7: u8 = 0x97;
    const BYTES_32: [u8; 2] = [0xc4, 32];
    let mut rest = bytes.strip_prefix(&[ARRAY_OF_7])?;
    let mut next = || {
        let (key, after) = rest.strip_prefix(&BYTES_32)?.split_at_checked(KEY_LENGTH)?;
        rest = after;
        sealing_key(key).ok()
    };
    Some(Keys { category: next()?, name: next()?, value: next()? })
}
