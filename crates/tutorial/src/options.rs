//! Options that both programs have.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use indy::{
    anoncreds::{KeySource, PreparedKey},
    pool::PoolOptions,
    wallet::KeyDerivation,
};
use zeroize::Zeroizing;

/// Where the wallets and the ledger are. It has no `Debug`: the wallets' URL may hold a password.
#[derive(Args)]
pub struct StorageOptions {
    /// Keep the wallets on a PostgreSQL server instead of in SQLite files
    ///
    /// The databases are named after the wallets, with the path as prefix: two learners on one
    /// server use postgres://user:password@host/ann and postgres://user:password@host/bob.
    #[arg(
        long,
        value_name = "URL",
        global = true,
        env = "NEGOTIATE_PROOF_WALLET",
        hide_env_values = true
    )]
    pub wallet: Option<String>,

    /// Use a real pool of nodes: the one that the genesis transactions in FILE describe
    ///
    /// The steward's seed must be known there, as in a test pool. A kept home remembers its pool.
    #[arg(
        long,
        value_name = "FILE",
        global = true,
        env = "NEGOTIATE_PROOF_GENESIS",
        hide_env_values = true
    )]
    pub genesis: Option<PathBuf>,

    /// The program that talks to the nodes of a real pool
    ///
    /// If left out: INDY_POOL_CLIENT, else indy-pool-client beside this program, else on the PATH.
    #[arg(long, value_name = "PROGRAM", global = true, hide_short_help = true)]
    pub pool_client: Option<PathBuf>,

    /// How long a node of a real pool may take to answer a request
    #[arg(
        long,
        value_name = "SECONDS",
        global = true,
        hide_short_help = true,
        default_value_t = 20,
        value_parser = clap::value_parser!(u64).range(1..=3600)
    )]
    pub pool_timeout: u64,

    /// How a wallet's key is derived from its passphrase
    #[arg(
        long,
        value_name = "COST",
        global = true,
        hide_short_help = true,
        value_enum,
        default_value_t = Derivation::Interactive
    )]
    pub key_derivation: Derivation,
}

impl StorageOptions {
    /// Returns how a real pool is reached.
    pub fn pool(&self) -> PoolOptions {
        PoolOptions {
            client: self.pool_client.clone(),
            timeout: Duration::from_secs(self.pool_timeout),
        }
    }
}

/// The cost of deriving a wallet's key with Argon2i.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Derivation {
    /// Under a second on a laptop
    Interactive,
    /// A few seconds
    Moderate,
}

impl From<Derivation> for KeyDerivation {
    fn from(derivation: Derivation) -> Self {
        match derivation {
            Derivation::Interactive => Self::Argon2iInteractive,
            Derivation::Moderate => Self::Argon2iModerate,
        }
    }
}

/// Where an issuer's key comes from.
#[derive(Debug, Clone, Args)]
pub struct KeyOptions {
    /// Take the issuer's key from FILE instead of generating one (see negotiate-proof prepare-key)
    #[arg(long, value_name = "FILE", global = true)]
    pub prepared_key: Option<PathBuf>,

    /// What generates the issuer's key, if it is not taken from a file
    #[arg(
        long,
        value_name = "GENERATOR",
        global = true,
        hide_short_help = true,
        value_enum,
        default_value_t = KeyGenerator::Own,
        conflicts_with = "prepared_key"
    )]
    pub key_generator: KeyGenerator,
}

impl KeyOptions {
    /// Returns where the key comes from; reads a prepared key.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or does not hold a key.
    pub fn source(&self) -> Result<KeySource> {
        Ok(match &self.prepared_key {
            Some(path) => KeySource::Prepared(read_key(path)?),
            None => self.key_generator.into(),
        })
    }
}

/// Reads a key that `negotiate-proof prepare-key` has made.
fn read_key(path: &Path) -> Result<PreparedKey> {
    let failed = |verb: &str| {
        let shown = path.display();
        format!("cannot {verb} {shown}; make it with `negotiate-proof prepare-key`")
    };
    let json = std::fs::read_to_string(path).map(Zeroizing::new);
    let json = json.with_context(|| failed("read"))?;
    PreparedKey::from_json(&json).with_context(|| failed("use"))
}

/// What generates an issuer's key.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum KeyGenerator {
    /// This project's own search for primes: a second, or a few
    Own,
    /// The library, indy-credx: several seconds, sometimes many
    Library,
}

impl From<KeyGenerator> for KeySource {
    fn from(generator: KeyGenerator) -> Self {
        match generator {
            KeyGenerator::Own => Self::Generate,
            KeyGenerator::Library => Self::GenerateWithLibrary,
        }
    }
}
