//! What the steps of the tutorial share, and the programs around them.
//!
//! The tutorial's program keeps its pool and wallet handles in local variables from the first line
//! to the last. Here a learner may stop after any step and go on tomorrow, so a [`Tutorial`] keeps
//! them: a step that opens one stores it there ([`Tutorial::keep_pool`],
//! [`Tutorial::keep_wallet`]), and a later step, perhaps in another process, takes it from there
//! ([`Tutorial::pool`], [`Tutorial::wallet`]), opened again if need be.
//!
//! For the steps:
//!
//! | module | subject |
//! |---|---|
//! | [`data`] | the tutorial's wallets, seed and names |
//! | [`handover`] | what each step hands to the next |
//! | [`resume`] | what makes an action safe to run again |
//! | [`home`] | the home directory: its files, its lock |
//! | [`progress`] | how far a home has come, for a person who watches |
//! | [`public`] | schemas and credential definitions, taken in or on the ledger |
//! | [`printer`] | printing the actions, for a person or for a program |
//! | [`format`](mod@format) | for whom output is printed, and the lines that a program gets |
//! | [`error`] | errors of all these |
//!
//! For the programs `negotiate-proof` and `proof-exchange`:
//!
//! | module | subject |
//! |---|---|
//! | [`options`] | options that both programs have |
//! | [`input`] | files that a command line names, and standard input |
//! | [`prompt`] | questions to the person at the terminal |
//! | [`report`] | printing results and errors |
//! | [`output`] | standard output: its width, and its errors |
//! | [`background`] | output that does not wait for its reader |
//! | [`program`] | running a command: Ctrl-C, the exit code |
//! | [`status`] | how a command ended |
//! | [`manual`] | completion scripts and manual pages |
//! | [`vectors`](mod@vectors) | running the test vectors |

pub mod background;
pub mod data;
pub mod error;
pub mod format;
pub mod handover;
pub mod home;
pub mod input;
pub mod manual;
pub mod options;
pub mod output;
pub mod printer;
pub mod program;
pub mod progress;
pub mod prompt;
pub mod public;
pub mod report;
pub mod resume;
pub mod status;
pub mod vectors;
mod wrapped;

use std::{
    borrow::Cow,
    collections::BTreeMap,
    fmt::Display,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use stdx::task::boxed;

use indy::{
    anoncreds::{CredentialDefinitionConfig, KeySource},
    error::{PoolError, WalletError},
    pool::{
        Pool, PoolLedgerConfig, PoolOptions, close_pool_ledger, create_pool_ledger_config,
        open_pool_ledger_with,
    },
    wallet::{
        KeyDerivation, Wallet, WalletConfig, WalletCredentials, WalletStorage, close_wallet,
        create_wallet, open_wallet,
    },
};
use serde::{Serialize, de::DeserializeOwned};
use tokio::sync::Mutex;

use ::verdict::Checks;
use data::{POOL_NAME, PROVER_WALLET, WalletAccount};
pub use error::TutorialError;
pub use format::Format;
use handover::{Found, Proven, Verdict};
use home::{Home, WalletBackend};
pub use printer::{ActionNumber, PrintOptions, Printer};
use resume::OrAlreadyDone;
pub use status::Status;

/// How long a wallet or the ledger may take to close.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

/// How a tutorial is opened. It has no `Debug`: the wallets' URL may hold a password.
#[derive(Default)]
pub struct TutorialOptions {
    /// Where everything is kept; a temporary directory, removed at the end, if `None`.
    pub home: Option<PathBuf>,
    /// The genesis transactions of a real pool; if `None`, the ledger that the home has, and the
    /// embedded one in a new home.
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
    /// How the actions are printed.
    pub print: PrintOptions,
}

/// What the steps of one walkthrough share: a home, a ledger, wallets, and a printer.
pub struct Tutorial {
    home: Home,
    options: TutorialOptions,
    pool_config: PoolLedgerConfig,
    printer: Printer,
    pool: Mutex<Option<Arc<Pool>>>,
    wallets: Mutex<BTreeMap<String, Arc<Wallet>>>,
}

impl Tutorial {
    /// Prepares the home and takes its lock.
    ///
    /// # Errors
    ///
    /// When the directory cannot be made, holds something else, is in use by another process, keeps
    /// its wallets elsewhere than `options` say, or uses another ledger; when the genesis
    /// transactions cannot be used.
    pub fn open(options: TutorialOptions) -> Result<Self, TutorialError> {
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
            check_ledger(&home, &pool_config)?;
        }
        Ok(Self {
            printer: Printer::new(options.print),
            home,
            options,
            pool_config,
            pool: Mutex::default(),
            wallets: Mutex::default(),
        })
    }

    /// Returns the home directory.
    pub fn home(&self) -> &Home {
        &self.home
    }

    /// Closes the wallets and the ledger, and returns the home.
    ///
    /// Nothing is lost if one of them cannot be closed in time: all is on the disk, and a database
    /// replays its journal when it is opened next.
    pub async fn close(self) -> Home {
        for wallet in self.wallets.into_inner().into_values() {
            if let Some(open) = Arc::into_inner(wallet) {
                let _ = tokio::time::timeout(CLOSE_TIMEOUT, close_wallet(open)).await;
            }
        }
        if let Some(open) = self.pool.into_inner().and_then(Arc::into_inner) {
            let _ = tokio::time::timeout(CLOSE_TIMEOUT, close_pool_ledger(open)).await;
        }
        self.home
    }

    /// Returns the printer.
    pub fn printer(&self) -> &Printer {
        &self.printer
    }

    /// Returns whether actions 23 and 24 keep what they delete in the tutorial.
    pub fn keeps(&self) -> bool {
        self.home.is_kept() && !self.options.clean
    }

    /// Begins a numbered action of the tutorial under its label, which ends the one before it.
    ///
    /// The first action of a step removes what this step and the later ones have saved in the home:
    /// it no longer follows from what is there. A step that cannot begin, because the wallet or the
    /// ledger that it needs cannot be opened, removes nothing.
    ///
    /// # Errors
    ///
    /// When the output cannot be written, a file cannot be removed, or a handle cannot be opened.
    pub async fn begin(
        &self,
        number: impl Into<ActionNumber>,
        label: &'static str,
    ) -> Result<(), TutorialError> {
        let number = number.into();
        let before = self.printer.last_action();
        self.begin_repeated(number, label).await?;
        if before.is_none_or(|(before, _)| before.step() != number.step()) {
            if let 3 | 4 = number.step() {
                self.wallet(PROVER_WALLET).await?;
            }
            if let 4 | 5 = number.step() {
                self.pool().await?;
            }
            self.home.remove_from(number.step())?;
        }
        Ok(())
    }

    /// Begins an action under its label, which ends the one before it. Nothing that was saved is
    /// removed: a player that repeats actions keeps [its own state](Home::save_played).
    ///
    /// # Errors
    ///
    /// When the output cannot be written.
    pub async fn begin_repeated(
        &self,
        number: impl Into<ActionNumber>,
        label: impl Into<Cow<'static, str>>,
    ) -> Result<(), TutorialError> {
        let (number, label) = (number.into(), label.into());
        self.printer.begin(number, label.clone()).await?;
        if self.home.is_kept() {
            progress::note_action(self.home.directory(), number, &label);
        }
        Ok(())
    }

    /// Shows a value of the action under a name.
    ///
    /// # Errors
    ///
    /// When the output cannot be written.
    pub fn show(&self, name: &str, value: &impl Serialize) -> Result<(), TutorialError> {
        self.printer.show(name, value)
    }

    /// Shows a value of the action in its own words, over several lines.
    ///
    /// # Errors
    ///
    /// When the output cannot be written.
    pub fn show_text(
        &self,
        name: &str,
        value: &(impl Serialize + Display),
    ) -> Result<(), TutorialError> {
        self.printer.show_text(name, value, &value.to_string())
    }

    /// Shows a verdict as the table of all checks.
    ///
    /// # Errors
    ///
    /// When the output cannot be written.
    pub fn show_verdict<C: Checks>(
        &self,
        name: &str,
        verdict: &verdict::Verdict<C>,
    ) -> Result<(), TutorialError> {
        self.printer.show_verdict(name, verdict)
    }

    /// Awaits a credential definition. A person sees a spinner, with the number of primes tried.
    pub async fn wait_for_key<T>(
        &self,
        config: &CredentialDefinitionConfig,
        cred_def: impl Future<Output = T>,
    ) -> T {
        let progress = config.progress.clone();
        let what = "searching for two safe primes of 1024 bits";
        self.printer.wait(what, move || progress.tested(), cred_def).await
    }

    /// Returns what becomes of wallets and ledger at the end of the walkthrough, as a name for what
    /// is shown.
    pub fn kept_or_deleted(&self) -> &'static str {
        if self.keeps() { "Kept" } else { "Deleted" }
    }

    /// Returns the directory of the pool ledger configurations.
    pub fn pools(&self) -> &Path {
        self.home.pools()
    }

    /// Returns the ledger that a new walkthrough uses. One that is continued keeps its own.
    pub fn pool_config(&self) -> PoolLedgerConfig {
        self.pool_config.clone()
    }

    /// Returns how a real pool is reached.
    pub fn pool_options(&self) -> &PoolOptions {
        &self.options.pool
    }

    /// Keeps an open pool for the later actions, and prints what opening it repaired.
    ///
    /// # Errors
    ///
    /// When the output cannot be written.
    pub async fn keep_pool(&self, pool: Pool) -> Result<Arc<Pool>, TutorialError> {
        for warning in pool.warnings() {
            self.printer.note(warning)?;
        }
        let pool = Arc::new(pool);
        *self.pool.lock().await = Some(Arc::clone(&pool));
        Ok(pool)
    }

    /// Returns the open pool; opens it if this process has not done so yet.
    ///
    /// # Errors
    ///
    /// When it cannot be opened.
    #[boxed]
    pub async fn pool(&self) -> Result<Arc<Pool>, TutorialError> {
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
            self.printer.note(warning)?;
        }
        *open = Some(Arc::clone(&pool));
        Ok(pool)
    }

    /// Takes the pool out in order to close it; `None` if it is not open.
    pub async fn release_pool(&self) -> Option<Pool> {
        self.pool.lock().await.take().and_then(Arc::into_inner)
    }

    /// Returns where a wallet of the tutorial is stored, and the credentials that open it.
    pub fn wallet_access(&self, account: WalletAccount<'_>) -> (WalletConfig, WalletCredentials) {
        let storage = match &self.options.wallet_url {
            Some(url) => WalletStorage::Postgres { url: url.clone() },
            None => WalletStorage::Sqlite { directory: self.home.wallets().to_owned() },
        };
        let config = WalletConfig { id: account.id.to_owned(), storage };
        let credentials = WalletCredentials::passphrase(account.key);
        (config, credentials.with_derivation(self.options.key_derivation))
    }

    /// Keeps an open wallet for the later actions.
    pub async fn keep_wallet(&self, wallet: Wallet) -> Arc<Wallet> {
        let wallet = Arc::new(wallet);
        let mut open = self.wallets.lock().await;
        open.insert(wallet.id().to_owned(), Arc::clone(&wallet));
        wallet
    }

    /// Returns an open wallet; opens it if this process has not done so yet.
    ///
    /// # Errors
    ///
    /// When it cannot be opened.
    pub async fn wallet(&self, account: WalletAccount<'_>) -> Result<Arc<Wallet>, TutorialError> {
        self.opened(&account).await
    }

    /// Does what [`wallet`](Self::wallet) does.
    #[boxed]
    async fn opened(&self, account: &WalletAccount) -> Result<Arc<Wallet>, TutorialError> {
        let mut open = self.wallets.lock().await;
        if let Some(wallet) = open.get(account.id) {
            return Ok(Arc::clone(wallet));
        }
        let (config, credentials) = self.wallet_access(*account);
        let opened = open_wallet(&config, &credentials).await;
        let wallet = Arc::new(opened.map_err(|error| match error {
            WalletError::NotFound { id, location } => {
                self.gone(&format!("the wallet `{id}` ({location})"))
            }
            other => other.into(),
        })?);
        open.insert(account.id.to_owned(), Arc::clone(&wallet));
        Ok(wallet)
    }

    /// Returns an open wallet; makes it if it does not exist.
    ///
    /// # Errors
    ///
    /// When it cannot be made or opened.
    pub async fn open_or_create_wallet(
        &self,
        account: WalletAccount<'_>,
    ) -> Result<Arc<Wallet>, TutorialError> {
        let (config, credentials) = self.wallet_access(account);
        create_wallet(&config, &credentials).await.or_already_done()?;
        self.wallet(account).await
    }

    /// Returns the open pool; makes its configuration if there is none.
    ///
    /// # Errors
    ///
    /// When it cannot be made or opened.
    pub async fn open_or_create_pool(&self) -> Result<Arc<Pool>, TutorialError> {
        create_pool_ledger_config(self.pools(), POOL_NAME, &self.pool_config)
            .await
            .or_already_done()?;
        self.pool().await
    }

    /// Takes a wallet out in order to close it; `None` if it is not open.
    pub async fn release_wallet(&self, account: WalletAccount<'_>) -> Option<Wallet> {
        self.wallets.lock().await.remove(account.id).and_then(Arc::into_inner)
    }

    /// Returns where the issuer's key comes from, as part of a credential definition's
    /// configuration.
    pub fn key_config(&self) -> CredentialDefinitionConfig {
        CredentialDefinitionConfig {
            key: self.options.key_source.clone(),
            ..CredentialDefinitionConfig::default()
        }
    }

    fn gone(&self, what: &str) -> TutorialError {
        TutorialError::Gone { what: what.to_owned(), home: self.home.directory().to_owned() }
    }

    /// Ends the open action, and saves what a step hands to the next one, atomically, as
    /// `state/step<N>.json`.
    ///
    /// # Errors
    ///
    /// When the file or the output cannot be written.
    pub fn save(&self, step: u8, state: &impl Serialize) -> Result<(), TutorialError> {
        self.printer.end()?;
        self.home.save(step, state)
    }

    /// Ends the open action, and saves the verdict with the hashes of what it was computed from. It
    /// is reported later only if these are unchanged.
    ///
    /// # Errors
    ///
    /// When the file or the output cannot be written.
    pub fn save_verdict(
        &self,
        verdict: &Verdict,
        found: &Found,
        proven: &Proven,
    ) -> Result<(), TutorialError> {
        self.printer.end()?;
        self.home.save_verdict(verdict, found, proven, !self.keeps())?;
        self.note_verdict(verdict);
        Ok(())
    }

    /// Records a verdict for those who watch the home.
    pub fn note_verdict(&self, verdict: &Verdict) {
        if self.home.is_kept() {
            progress::note_verdict(self.home.directory(), &verdict.into());
        }
    }

    /// Loads what an earlier step handed over.
    ///
    /// # Errors
    ///
    /// [`TutorialError::StateMissing`] and [`TutorialError::StateDamaged`] name the step to run
    /// first.
    pub fn load<T: DeserializeOwned>(&self, step: u8) -> Result<T, TutorialError> {
        self.home.load(step)
    }
}

/// Checks that a walkthrough continues on the ledger on which it began.
fn check_ledger(home: &Home, wanted: &PoolLedgerConfig) -> Result<(), TutorialError> {
    let stored = match PoolLedgerConfig::read(home.pools(), POOL_NAME) {
        Ok(stored) => stored,
        Err(PoolError::NotCreated { .. }) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    if stored == *wanted {
        return Ok(());
    }
    Err(TutorialError::OtherLedger {
        path: home.directory().to_owned(),
        stored: match stored.is_embedded() {
            true => "the ledger inside the program",
            false => "a pool with other genesis transactions",
        },
    })
}
