//! Connections to a ledger: create a configuration, open it, submit requests, close it, delete it.
//!
//! A configuration is a directory `<directory>/<name>` that holds `config.json`, which names the
//! back end, and the back end's own file. There are two back ends: the [embedded] ledger, and a
//! real pool of nodes, by way of a [client] program. Both take a node's request JSON and return a
//! node's reply; anything else that does so can be a third [`Backend`].
//!
//! | module | subject |
//! |---|---|
//! | `backend` | the trait that both implement |
//! | [`client`] | a real pool of nodes |
//! | `config` | the configuration's directory |
//! | [`embedded`] | a ledger within this process |
//! | `error` | what can go wrong |
//! | `files` | locks, and errors that name the path |

pub mod client;
pub mod embedded;

mod backend;
mod config;
mod error;
mod files;

use std::{fmt, path::Path};
use stdx::task::boxed;

pub use backend::Backend;
pub use client::PoolOptions;
pub use config::PoolLedgerConfig;
pub use error::PoolError;

use self::{
    backend::blocking, client::PoolClient, config::ConfigDirectory, embedded::EmbeddedLedger,
};

/// An open connection to a ledger.
pub struct Pool {
    name: String,
    backend: Box<dyn Backend>,
    warnings: Vec<String>,
}

impl Pool {
    /// Returns the name of the configuration that was opened.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns what was found and repaired when the pool was opened, each a sentence for the user;
    /// usually nothing.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Submits a request, given as a node's JSON, and returns the node's JSON reply, be it `REPLY`,
    /// `REQNACK` or `REJECT`. [`submit_request`](crate::submit_request) does the same with types.
    ///
    /// Several tasks may submit at the same time. The embedded ledger takes one request after the
    /// other; nodes take them as they come.
    ///
    /// # Errors
    /// When there is no reply at all: the pool is closed or cannot be reached, or could not write.
    #[boxed]
    pub async fn submit(&self, request: &str) -> Result<String, PoolError> {
        self.backend.submit(request).await
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool")
            .field("name", &self.name)
            .field("warnings", &self.warnings)
            .finish_non_exhaustive()
    }
}

/// Creates the configuration `name` in `directory`, which is created if need be.
///
/// The configuration appears whole or not at all.
///
/// # Errors
/// [`PoolError::AlreadyExists`] when there is one of that name; [`PoolError::InvalidName`];
/// [`PoolError::Io`].
#[boxed]
pub async fn create_pool_ledger_config(
    directory: &Path,
    name: &str,
    config: &PoolLedgerConfig,
) -> Result<(), PoolError> {
    let directory = ConfigDirectory::new(directory, name)?;
    let config = config.clone();
    blocking(name, move || directory.create(&config)).await
}

/// Opens the configuration `name` in `directory`, a real pool with the default [`PoolOptions`].
/// The nodes are not asked before the first request.
///
/// # Errors
/// [`PoolError::NotCreated`] when there is none; [`PoolError::InUse`] when it is open already;
/// [`PoolError::InvalidConfig`], [`PoolError::InvalidGenesis`] and [`PoolError::Corrupt`] when its
/// files are damaged; [`PoolError::ClientMissing`] and [`PoolError::ClientFailed`] when the program
/// that reaches a real pool is missing or does not start; [`PoolError::Io`].
#[boxed]
pub async fn open_pool_ledger(directory: &Path, name: &str) -> Result<Pool, PoolError> {
    open_pool_ledger_with(directory, name, &PoolOptions::default()).await
}

/// Opens the configuration `name` in `directory`, a real pool with these options.
///
/// # Errors
/// Those of [`open_pool_ledger`].
#[boxed]
pub async fn open_pool_ledger_with(
    directory: &Path,
    name: &str,
    options: &PoolOptions,
) -> Result<Pool, PoolError> {
    let directory = ConfigDirectory::new(directory, name)?;
    let pool_name = name.to_owned();
    let options = options.clone();
    blocking(name, move || {
        let is_embedded = directory.read_config()?.is_embedded();
        let (backend, warnings): (Box<dyn Backend>, _) = if is_embedded {
            let (ledger, warnings) =
                EmbeddedLedger::open(&pool_name, &directory.transactions_path())?;
            (Box::new(ledger), warnings)
        } else {
            let client = PoolClient::open(&pool_name, &directory.genesis_path(), &options)?;
            (Box::new(client), Vec::new())
        };
        Ok(Pool { name: pool_name, backend, warnings })
    })
    .await
}

/// Closes a pool: its lock and its processes are released when this returns.
///
/// # Errors
/// Those of the back end; the embedded ledger has none.
#[boxed]
pub async fn close_pool_ledger(pool: Pool) -> Result<(), PoolError> {
    pool.backend.close().await
}

/// Deletes the configuration `name` in `directory`, with all that its ledger holds.
///
/// # Errors
/// [`PoolError::NotCreated`] when there is none; [`PoolError::InUse`] when it is open;
/// [`PoolError::Io`], also when there are files in it that are not the configuration's own.
#[boxed]
pub async fn delete_pool_ledger_config(directory: &Path, name: &str) -> Result<(), PoolError> {
    let directory = ConfigDirectory::new(directory, name)?;
    blocking(name, move || directory.delete()).await
}
