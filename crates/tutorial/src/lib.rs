//! Where a walkthrough plays: a home directory, a ledger, two wallets, and a narrator.
//!
//! The tutorial's program keeps its pool and wallet handles in local variables from the first
//! line to the last. Here a learner may stop after any step and go on tomorrow, so the handles
//! live on the [`Stage`]: a step that creates one leaves it there ([`Stage::keep_pool`],
//! [`Stage::keep_wallet`]), and a later step, perhaps in another process, takes it from there
//! ([`Stage::pool`], [`Stage::wallet`]), opened again if need be.
//!
//! | module | subject |
//! |---|---|
//! | [`home`] | the directory: its layout, its lock, the state that one step hands to the next |
//! | [`narrator`] | what a person or a program gets to see of each action |
//! | [`error`] | what can go wrong here |

pub mod error;
pub mod home;
pub mod narrator;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use indy::{
    anoncreds::KeySource,
    error::{PoolError, WalletError},
    pool::{Pool, PoolLedgerConfig, PoolOptions, close_pool_ledger, open_pool_ledger_with},
    wallet::{
        KeyDerivation, Wallet, WalletConfig, WalletCredentials, WalletStorage, close_wallet,
        open_wallet,
    },
};
use serde::{Serialize, de::DeserializeOwned};
use tokio::sync::Mutex;

pub use error::StageError;
use home::{Home, WalletBackend};
pub use narrator::{Action, ActionNumber, Narration, Narrator};

/// The name of the pool ledger configuration, as in the tutorial.
pub const POOL_NAME: &str = "pool";

/// How long a wallet or the ledger may take to close when the stage is left.
const PATIENCE: Duration = Duration::from_secs(1);

/// How a walkthrough is staged. It has no `Debug`: the wallets' URL may hold a password.
#[derive(Default)]
pub struct StageOptions {
    /// Where everything is kept; a temporary directory, removed at the end, if `None`.
    pub home: Option<PathBuf>,
    /// The genesis transactions of the pool to play on; if `None`, the ledger that the home has, and
    /// the embedded one in a new home.
    pub genesis: Option<PathBuf>,
    /// How a real pool is reached.
    pub pool: PoolOptions,
    /// A `postgres://` URL for the wallets; SQLite files in the home if `None`.
    pub wallet_url: Option<String>,
    /// How the wallets' keys are derived from their passphrases.
    pub key_derivation: KeyDerivation,
    /// Where the issuer's key comes from.
    pub key_source: KeySource,
    /// Delete wallets and pool configuration in actions 23 and 24 even in a home that is kept.
    pub clean: bool,
    /// What is shown of each action.
    pub narration: Narration,
}

/// A wallet of the tutorial: its id, and the passphrase that the tutorial prints for all to see.
#[derive(Debug, Clone, Copy)]
pub struct WalletAccount {
    /// The wallet's id.
    pub id: &'static str,
    /// The wallet's passphrase.
    pub key: &'static str,
}

/// Everything that the steps of one walkthrough share.
pub struct Stage {
    home: Home,
    options: StageOptions,
    pool_config: PoolLedgerConfig,
    narrator: Narrator,
    pool: Mutex<Option<Arc<Pool>>>,
    wallets: Mutex<BTreeMap<&'static str, Arc<Wallet>>>,
}

impl Stage {
    /// Prepare the home and take its lock.
    ///
    /// # Errors
    ///
    /// When the directory cannot be made, belongs to something else, is in use by another
    /// process, keeps its wallets elsewhere than `options` say, or plays on another ledger; when the
    /// genesis transactions cannot be used.
    pub fn open(options: StageOptions) -> Result<Self, StageError> {
        let pool_config = match &options.genesis {
            Some(path) => PoolLedgerConfig::pool(path)?,
            None => PoolLedgerConfig::embedded(),
        };
        let backend = match options.wallet_url {
            Some(_) => WalletBackend::Postgres,
            None => WalletBackend::Sqlite,
        };
        let home = match &options.home {
            Some(directory) => Home::kept(directory, backend)?,
            None => Home::temporary(backend)?,
        };
        if options.genesis.is_some() {
            agree_on_ledger(&home, &pool_config)?;
        }
        Ok(Self {
            narrator: Narrator::new(options.narration),
            home,
            options,
            pool_config,
            pool: Mutex::default(),
            wallets: Mutex::default(),
        })
    }

    /// The home directory.
    pub fn home(&self) -> &Home {
        &self.home
    }

    /// Close what is open and leave the stage, but not the home.
    ///
    /// What could not be closed in time is no loss: all is on the disk, and a database's journal is
    /// taken up when it is opened next.
    pub async fn leave(self) -> Home {
        for wallet in self.wallets.into_inner().into_values() {
            if let Some(open) = Arc::into_inner(wallet) {
                let _ = tokio::time::timeout(PATIENCE, close_wallet(open)).await;
            }
        }
        if let Some(open) = self.pool.into_inner().and_then(Arc::into_inner) {
            let _ = tokio::time::timeout(PATIENCE, close_pool_ledger(open)).await;
        }
        self.home
    }

    /// The narrator.
    pub fn narrator(&self) -> &Narrator {
        &self.narrator
    }

    /// Whether actions 23 and 24 keep what they delete in the tutorial.
    pub fn keeps(&self) -> bool {
        self.home.is_kept() && !self.options.clean
    }

    /// Begin a numbered action of the tutorial under its label.
    ///
    /// # Errors
    ///
    /// When the narration cannot be written.
    pub async fn begin(
        &self,
        number: impl Into<ActionNumber>,
        label: &'static str,
    ) -> Result<Action<'_>, StageError> {
        self.narrator.begin(number.into(), label).await
    }

    /// The directory of the pool ledger configurations.
    pub fn pools(&self) -> &Path {
        self.home.pools()
    }

    /// Which ledger a new walkthrough plays on. One that is continued stays on its own.
    pub fn pool_config(&self) -> PoolLedgerConfig {
        self.pool_config.clone()
    }

    /// How a real pool is reached.
    pub fn pool_options(&self) -> &PoolOptions {
        &self.options.pool
    }

    /// Leave an open pool for the later actions.
    pub async fn keep_pool(&self, pool: Pool) -> Arc<Pool> {
        let pool = Arc::new(pool);
        *self.pool.lock().await = Some(Arc::clone(&pool));
        pool
    }

    /// The open pool; opened again if this process has not opened it yet.
    ///
    /// # Errors
    ///
    /// When it cannot be opened.
    pub async fn pool(&self) -> Result<Arc<Pool>, StageError> {
        let mut open = self.pool.lock().await;
        if let Some(pool) = open.as_ref() {
            return Ok(Arc::clone(pool));
        }
        let opened = open_pool_ledger_with(self.pools(), POOL_NAME, self.pool_options()).await;
        let pool = Arc::new(opened.map_err(|error| match error {
            PoolError::NotCreated { .. } => self.gone("the ledger"),
            other => other.into(),
        })?);
        for warning in pool.warnings() {
            self.narrator.note(warning)?;
        }
        *open = Some(Arc::clone(&pool));
        Ok(pool)
    }

    /// Take the pool off the stage in order to close it; `None` if it is not open.
    pub async fn release_pool(&self) -> Option<Pool> {
        self.pool.lock().await.take().and_then(Arc::into_inner)
    }

    /// Where a wallet of the tutorial is stored.
    pub fn wallet_config(&self, account: WalletAccount) -> WalletConfig {
        let storage = match &self.options.wallet_url {
            Some(url) => WalletStorage::Postgres { url: url.clone() },
            None => WalletStorage::Sqlite {
                directory: self.home.wallets().to_owned(),
            },
        };
        WalletConfig {
            id: account.id.to_owned(),
            storage,
        }
    }

    /// What opens a wallet of the tutorial.
    pub fn wallet_credentials(&self, account: WalletAccount) -> WalletCredentials {
        WalletCredentials::passphrase(account.key).with_derivation(self.options.key_derivation)
    }

    /// Leave an open wallet for the later actions.
    pub async fn keep_wallet(&self, account: WalletAccount, wallet: Wallet) -> Arc<Wallet> {
        let wallet = Arc::new(wallet);
        self.wallets
            .lock()
            .await
            .insert(account.id, Arc::clone(&wallet));
        wallet
    }

    /// An open wallet; opened again if this process has not opened it yet.
    ///
    /// # Errors
    ///
    /// When it cannot be opened.
    pub async fn wallet(&self, account: WalletAccount) -> Result<Arc<Wallet>, StageError> {
        let mut open = self.wallets.lock().await;
        if let Some(wallet) = open.get(account.id) {
            return Ok(Arc::clone(wallet));
        }
        let config = self.wallet_config(account);
        let opened = open_wallet(&config, &self.wallet_credentials(account)).await;
        let wallet = Arc::new(opened.map_err(|error| match error {
            WalletError::NotFound { id, location } => {
                self.gone(&format!("the wallet `{id}` ({location})"))
            }
            other => other.into(),
        })?);
        open.insert(account.id, Arc::clone(&wallet));
        Ok(wallet)
    }

    /// Take a wallet off the stage in order to close it; `None` if it is not open.
    pub async fn release_wallet(&self, account: WalletAccount) -> Option<Wallet> {
        self.wallets
            .lock()
            .await
            .remove(account.id)
            .and_then(Arc::into_inner)
    }

    /// Where the issuer's key comes from.
    pub fn key_source(&self) -> KeySource {
        self.options.key_source.clone()
    }

    fn gone(&self, what: &str) -> StageError {
        StageError::Gone {
            what: what.to_owned(),
            home: self.home.directory().to_owned(),
        }
    }

    /// Save what a step hands to the next one, atomically, as `state/step<N>.json`, and forget what
    /// later steps saved before.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn save(&self, step: u8, state: &impl Serialize) -> Result<(), StageError> {
        self.home.save(step, state)
    }

    /// Load what an earlier step handed over.
    ///
    /// # Errors
    ///
    /// [`StageError::StateMissing`] and [`StageError::StateDamaged`] name the step to run first.
    pub fn load<T: DeserializeOwned>(&self, step: u8) -> Result<T, StageError> {
        self.home.load(step)
    }
}

/// A walkthrough that has begun on a ledger cannot go on on another.
fn agree_on_ledger(home: &Home, asked_for: &PoolLedgerConfig) -> Result<(), StageError> {
    let stored = match PoolLedgerConfig::read(home.pools(), POOL_NAME) {
        Ok(stored) => stored,
        Err(PoolError::NotCreated { .. }) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    if stored == *asked_for {
        return Ok(());
    }
    Err(StageError::OtherLedger {
        path: home.directory().to_owned(),
        stored: match stored.is_embedded() {
            true => "the ledger inside of the program",
            false => "a pool with other genesis transactions",
        },
    })
}
