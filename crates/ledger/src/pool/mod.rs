//! Connections to a ledger: create a configuration, open it, submit requests, close it, delete it.
//!
//! A configuration is a directory `<directory>/<name>` that holds `config.json`, which names the
//! back end, and whatever the back end keeps. There are two back ends: the [embedded] ledger, and a
//! real pool of nodes, by way of a [client] program. Both take a node's request JSON and give a
//! node's reply; whatever else does can stand beside them as another [`Backend`].

pub mod client;
mod config;
pub mod embedded;
mod error;

use std::fmt;
use std::path::Path;

use async_trait::async_trait;

pub use client::PoolOptions;
pub use config::PoolLedgerConfig;
pub use error::PoolError;

/// What stands behind a [`Pool`]: something that takes requests and answers as an Indy node does.
#[async_trait]
pub trait Backend: Send + Sync {
    /// Answers one request. A refusal (`REQNACK`, `REJECT`) is an answer, not an error.
    ///
    /// # Errors
    /// When there is no answer: the ledger cannot be reached, or could not write.
    async fn submit(&self, request: &str) -> Result<String, PoolError>;

    /// Gives up whatever is held. Requests after this are errors.
    ///
    /// # Errors
    /// When something could not be given up properly.
    async fn close(&self) -> Result<(), PoolError>;
}

/// An open connection to a ledger.
pub struct Pool {
    name: String,
    backend: Box<dyn Backend>,
    warnings: Vec<String>,
}

impl Pool {
    /// The name of the configuration that was opened.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What opening found and put right, each in a sentence for the user; usually nothing.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Submits a request, given as a node's JSON, and returns the node's JSON reply, be it `REPLY`,
    /// `REQNACK` or `REJECT`. [`crate::submit_request`] does the same with types.
    ///
    /// Several tasks may submit at the same time. The embedded ledger takes one request after the
    /// other; nodes take them as they come.
    ///
    /// # Errors
    /// When there is no reply at all: the pool is closed or cannot be reached, or could not write.
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
pub async fn create_pool_ledger_config(
    directory: &Path,
    name: &str,
    config: &PoolLedgerConfig,
) -> Result<(), PoolError> {
    let place = config::Place::new(directory, name)?;
    let config = config.clone();
    blocking(name, move || place.create(&config)).await
}

/// Opens the configuration `name` in `directory`. A real pool is reached by [`PoolOptions`]'
/// defaults; the nodes are not asked before the first request.
///
/// # Errors
/// [`PoolError::NotCreated`] when there is none; [`PoolError::InUse`] when someone has it open;
/// [`PoolError::InvalidConfig`], [`PoolError::InvalidGenesis`] and [`PoolError::Corrupt`] when its
/// files are damaged; [`PoolError::ClientMissing`] and [`PoolError::ClientFailed`] when there is
/// nothing to reach a real pool by; [`PoolError::Io`].
pub async fn open_pool_ledger(directory: &Path, name: &str) -> Result<Pool, PoolError> {
    open_pool_ledger_with(directory, name, &PoolOptions::default()).await
}

/// Opens the configuration `name` in `directory`, and reaches a real pool by these options.
///
/// # Errors
/// Those of [`open_pool_ledger`].
pub async fn open_pool_ledger_with(
    directory: &Path,
    name: &str,
    options: &PoolOptions,
) -> Result<Pool, PoolError> {
    let place = config::Place::new(directory, name)?;
    let pool_name = name.to_owned();
    let options = options.clone();
    blocking(name, move || {
        let (backend, warnings): (Box<dyn Backend>, _) = if place.read_config()?.is_embedded() {
            let (ledger, warnings) =
                embedded::EmbeddedLedger::open(&pool_name, &place.transactions_path())?;
            (Box::new(ledger), warnings)
        } else {
            let nodes = client::PoolClient::open(&pool_name, &place.genesis_path(), &options)?;
            (Box::new(nodes), Vec::new())
        };
        Ok(Pool {
            name: pool_name,
            backend,
            warnings,
        })
    })
    .await
}

/// Closes a pool: what it holds is free for others when this returns.
///
/// # Errors
/// Those of the back end; the embedded ledger has none.
pub async fn close_pool_ledger(pool: Pool) -> Result<(), PoolError> {
    pool.backend.close().await
}

/// Deletes the configuration `name` in `directory`, with all that its ledger holds.
///
/// # Errors
/// [`PoolError::NotCreated`] when there is none; [`PoolError::InUse`] when someone has it open;
/// [`PoolError::Io`], also when there are files in it that are not the configuration's own.
pub async fn delete_pool_ledger_config(directory: &Path, name: &str) -> Result<(), PoolError> {
    let place = config::Place::new(directory, name)?;
    blocking(name, move || place.delete()).await
}

/// Runs file work where waiting for a disk holds up no other task.
async fn blocking<T: Send + 'static>(
    name: &str,
    work: impl FnOnce() -> Result<T, PoolError> + Send + 'static,
) -> Result<T, PoolError> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| {
        Err(PoolError::Interrupted {
            name: name.to_owned(),
        })
    })
}
