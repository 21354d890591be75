//! Options that both programs have.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, Result};
use clap::{Args, ValueEnum, ValueHint};
use indy::{
    anoncreds::{KeySource, PreparedKey},
    pool::PoolOptions,
    wallet::KeyDerivation,
};
use zeroize::Zeroizing;

use crate::{Format, PrintOptions, Tutorial, TutorialError, TutorialOptions};

/// How results are printed.
#[derive(Debug, Clone, Args)]
pub struct OutputOptions {
    /// Print JSON for programs, an object a line; the same as --format json
    #[arg(long, conflicts_with_all = ["format", "quiet"])]
    json: bool,

    /// How results are printed
    #[arg(
        long,
        hide_short_help = true,
        value_enum,
        default_value_t = OutputFormat::Text,
        conflicts_with = "quiet"
    )]
    format: OutputFormat,

    /// Print nothing but errors; the exit code tells
    #[arg(long, short)]
    quiet: bool,
}

impl OutputOptions {
    /// Returns the format in which results are printed.
    pub fn format(&self) -> Format {
        match self.format {
            _ if self.quiet => Format::Quiet,
            OutputFormat::Text if !self.json => Format::Text,
            _ => Format::Json,
        }
    }
}

/// What `--format` chooses from.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum OutputFormat {
    /// Text for a person
    Text,
    /// JSON for a program, an object a line
    Json,
}

/// The home in which a command works.
#[derive(Clone, Args)]
pub struct HomeOptions {
    /// The directory that keeps the wallets and the ledger
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    home: PathBuf,

    /// Where the wallets and the ledger are.
    #[command(flatten)]
    storage: StorageOptions,
}

impl HomeOptions {
    /// Returns the options of a home, for commands that need none.
    pub fn new(home: PathBuf, storage: StorageOptions) -> Self {
        Self { home, storage }
    }

    /// Returns the home's directory.
    pub fn directory(&self) -> &Path {
        &self.home
    }

    /// Returns how the home is opened.
    pub fn tutorial_options(&self, format: Format) -> TutorialOptions {
        TutorialOptions {
            print: PrintOptions { format, ..PrintOptions::default() },
            ..self.storage.tutorial_options(Some(&self.home))
        }
    }

    /// Opens the home; makes it if it does not exist.
    ///
    /// # Errors
    ///
    /// Those of [`Tutorial::open`].
    pub fn open(&self, format: Format) -> Result<Tutorial, TutorialError> {
        Tutorial::open(self.tutorial_options(format))
    }
}

/// Where the wallets and the ledger are. It has no `Debug`: the wallets' URL may hold a password.
#[derive(Clone, Args)]
pub struct StorageOptions {
    /// Keep the wallets on a PostgreSQL server
    ///
    /// Without it they are SQLite files. The databases are named after the wallets, with the path
    /// as prefix: two learners on one server use postgres://user:password@host/ann and
    /// postgres://user:password@host/bob.
    #[arg(
        long,
        value_name = "URL",
        value_hint = ValueHint::Url,
        env = "NEGOTIATE_PROOF_WALLET",
        hide_env_values = true
    )]
    wallet: Option<String>,

    /// Use the real pool whose genesis file is FILE
    ///
    /// The genesis transactions in FILE describe the pool's nodes. The steward's seed must be known
    /// there, as in a test pool. A kept home remembers its pool.
    #[arg(
        long,
        value_name = "FILE",
        value_hint = ValueHint::FilePath,
        env = "NEGOTIATE_PROOF_GENESIS",
        hide_env_values = true
    )]
    genesis: Option<PathBuf>,

    /// How the nodes of a real pool are reached.
    #[command(flatten)]
    pool: PoolClientOptions,

    /// How a wallet's key is derived from its passphrase
    #[arg(
        long,
        value_name = "COST",
        hide_short_help = true,
        value_enum,
        default_value_t = Derivation::Interactive
    )]
    key_derivation: Derivation,
}

impl StorageOptions {
    /// Returns how a home is opened, or a temporary one if there is none.
    pub fn tutorial_options(&self, home: Option<&Path>) -> TutorialOptions {
        TutorialOptions {
            home: home.map(Path::to_owned),
            genesis: self.genesis.clone(),
            pool: self.pool.pool_options(),
            wallet_url: self.wallet.clone(),
            key_derivation: self.key_derivation.into(),
            ..TutorialOptions::default()
        }
    }
}

/// How the nodes of a real pool are reached.
#[derive(Debug, Clone, Args)]
pub struct PoolClientOptions {
    /// The program that talks to the nodes of a real pool
    ///
    /// If left out: INDY_POOL_CLIENT, else indy-pool-client beside this program, else on the PATH.
    #[arg(
        long,
        value_name = "PROGRAM",
        value_hint = ValueHint::ExecutablePath,
        hide_short_help = true
    )]
    pool_client: Option<PathBuf>,

    /// How long a node of a real pool may take to answer a request
    #[arg(
        long,
        value_name = "SECONDS",
        hide_short_help = true,
        default_value_t = 20,
        value_parser = clap::value_parser!(u64).range(1..=3600)
    )]
    pool_timeout: u64,
}

impl PoolClientOptions {
    /// Returns how a pool is opened.
    pub fn pool_options(&self) -> PoolOptions {
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
    /// Take the issuer's key from FILE (see negotiate-proof prepare-key)
    #[arg(
        long,
        value_name = "FILE",
        value_hint = ValueHint::FilePath,
        hide_short_help = true,
        conflicts_with = "key_generator"
    )]
    pub prepared_key: Option<PathBuf>,

    /// What generates the key, if it is not taken from a file.
    #[command(flatten)]
    generator: GeneratorOptions,
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
            None => self.generator.key_generator.into(),
        })
    }
}

/// What generates an issuer's key.
#[derive(Debug, Clone, Args)]
pub struct GeneratorOptions {
    /// What generates the issuer's key
    #[arg(
        long,
        value_name = "GENERATOR",
        hide_short_help = true,
        value_enum,
        default_value_t = KeyGenerator::Own
    )]
    pub key_generator: KeyGenerator,
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
