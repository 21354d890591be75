//! Encrypted wallets: create, open, close, delete.
//!
//! A wallet is an Askar store of its own, in an SQLite file or in a PostgreSQL database. Every
//! value and every name in it is encrypted under a key that the wallet's owner gives.
//!
//! ```
//! # async fn example() -> Result<(), negotiate_wallet::WalletError> {
//! use negotiate_wallet::{self as wallet, WalletConfig, WalletCredentials, WalletStorage};
//!
//! let config = WalletConfig {
//!     id: "issuer_wallet".to_owned(),
//!     storage: WalletStorage::Sqlite { directory: "wallets".into() },
//! };
//! let credentials = WalletCredentials::passphrase("issuer_wallet_key");
//!
//! wallet::create_wallet(&config, &credentials).await?;
//! let wallet = wallet::open_wallet(&config, &credentials).await?;
//! // ... work ...
//! wallet::close_wallet(wallet).await?;
//! wallet::delete_wallet(&config, &credentials).await?;
//! # Ok(())
//! # }
//! ```
//!
//! All functions must run inside a Tokio runtime.
//!
//! | module | subject |
//! |---|---|
//! | [`did`] | DIDs and their signing keys |
//! | [`non_secrets`] | records of programs |
//! | [`age`] | files that are encrypted with a passphrase |
//! | [`foreign`] | wallets of other programs, which are read |
//! | [`record`], [`index`], [`category`] | records of the crates of this workspace, and their search index |

pub mod age;
pub mod category;
pub mod did;
pub mod foreign;
pub mod index;
pub mod non_secrets;
pub mod record;

mod cache;
mod config;
mod credentials;
mod error;
mod location;
mod storage;
mod store;
mod wallet;

pub use config::{WalletConfig, WalletStorage};
pub use credentials::{KeyDerivation, WalletCredentials, WalletKey, generate_wallet_key};
pub use error::WalletError;
pub use wallet::{Wallet, close_wallet, create_wallet, delete_wallet, open_wallet};
