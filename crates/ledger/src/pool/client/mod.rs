//! A real pool of nodes, by way of the program `indy-pool-client`.
//!
//! Talking to nodes takes ZeroMQ, BLS signatures and minutes of compiling, so a program of its own
//! does it (`pool-client/` in the repository), which this back end runs as a child process: signed
//! requests go in as JSON lines, and the nodes' replies come back, with their state proofs
//! verified.
//!
//! To the caller it is the same as the [embedded ledger](super::embedded): `REPLY`, `REQNACK` and
//! `REJECT` come back as replies, and a text that is not a request is answered with `REQNACK`
//! before anything is sent. The differences:
//! - several requests are in flight at once, and there may be no reply: [`PoolError::Timeout`],
//!   [`PoolError::Unreachable`], [`PoolError::NoConsensus`];
//! - a client that ends or stops answering is restarted with the next request. The requests that
//!   were in flight fail with [`PoolError::ClientFailed`]: whether they were carried out is
//!   unknown;
//! - nodes commit one after the other, and a read may reach one that is behind. So for a moment
//!   after a write of this connection, a read that finds nothing is repeated.
//!
//! | module | subject |
//! |---|---|
//! | `locate` | where the client program is |
//! | `process` | one run of it, from start to exit |
//! | `pending` | the requests that wait for a reply |

mod locate;
mod pending;
mod process;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use async_trait::async_trait;
use pool_protocol::{ErrorKind, RequestError};
use serde_json::{Map, Value};

use self::{pending::locked, process::Process};
use super::{
    backend::{Backend, blocking},
    error::PoolError,
};
use crate::format::{parse_request, reqnack_malformed};

/// How a real pool is reached. The embedded ledger ignores these.
#[derive(Debug, Clone)]
pub struct PoolOptions {
    /// The client program. If `None`, the environment's `INDY_POOL_CLIENT`, else `indy-pool-client`
    /// beside this program, else on the `PATH`.
    pub client: Option<PathBuf>,
    /// How long a node that received a request may take to answer it.
    pub timeout: Duration,
}

impl Default for PoolOptions {
    /// Returns options that search for the client program, with a timeout of 20 seconds.
    fn default() -> Self {
        Self { client: None, timeout: Duration::from_secs(20) }
    }
}

/// The client asks nodes one after the other, so a reply may take longer than one node's timeout.
/// After this many timeouts without a reply, the client itself has failed.
const CLIENT_TIMEOUT_FACTOR: u32 = 3;

/// How often in a row a client is restarted without a reply in between.
const MAX_RESTARTS: u32 = 3;

/// The pause before checking again whether a client that is shutting down has ended.
const RESTART_INTERVAL: Duration = Duration::from_millis(10);

/// How long a client may take to end when the pool is closed.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(2);

/// How long after a write some nodes may still be behind.
const CATCH_UP_TIME: Duration = Duration::from_secs(2);

/// The pause before a read that found nothing is repeated.
const READ_INTERVAL: Duration = Duration::from_millis(100);

/// A pool of nodes as a back end.
pub struct PoolClient {
    name: String,
    launch: Launch,
    state: Arc<Mutex<State>>,
    last_write: Mutex<Option<Instant>>,
}

/// What is needed to start a client.
#[derive(Clone)]
struct Launch {
    program: PathBuf,
    genesis: PathBuf,
    timeout: Duration,
}

impl Launch {
    fn start(&self, name: &str) -> Result<Arc<Process>, PoolError> {
        Process::start(&self.program, &self.genesis, self.timeout)
            .map(Arc::new)
            .map_err(|problem| failed(name, problem))
    }
}

struct State {
    /// `None` once closed.
    process: Option<Arc<Process>>,
    /// Since the last reply.
    restarts: u32,
}

impl PoolClient {
    /// Starts the client. Nodes are not asked before the first request.
    pub(super) fn open(
        name: &str,
        genesis: &Path,
        options: &PoolOptions,
    ) -> Result<Self, PoolError> {
        let launch = Launch {
            program: locate::locate(options.client.as_deref())?,
            genesis: genesis.to_owned(),
            timeout: options.timeout,
        };
        let process = launch.start(name)?;
        Ok(Self {
            name: name.to_owned(),
            launch,
            state: Arc::new(Mutex::new(State { process: Some(process), restarts: 0 })),
            last_write: Mutex::default(),
        })
    }

    /// Returns the client that is running, restarted if it has ended.
    async fn running(&self) -> Result<Arc<Process>, PoolError> {
        let (name, launch) = (self.name.clone(), self.launch.clone());
        let state = Arc::clone(&self.state);
        blocking(&self.name, move || {
            let mut state = locked(&state);
            let Some(process) = state.process.clone() else {
                return Err(PoolError::Closed { name });
            };
            let Some(problem) = process.end() else {
                return Ok(process);
            };
            if state.restarts >= MAX_RESTARTS {
                let problem =
                    format!("{problem}; it was restarted {MAX_RESTARTS} times and never answered");
                return Err(failed(&name, problem));
            }
            state.restarts += 1;
            let process = launch.start(&name)?;
            state.process = Some(Arc::clone(&process));
            Ok(process)
        })
        .await
    }

    /// Sends a request once, and returns the nodes' reply or the client's error.
    async fn send(
        &self,
        request: &Map<String, Value>,
    ) -> Result<Result<Value, RequestError>, PoolError> {
        loop {
            let process = self.running().await?;
            let Some(reply) = process.send(request) else {
                // It is shutting down, and nothing was sent.
                tokio::time::sleep(RESTART_INTERVAL).await;
                continue;
            };
            let timeout = self.launch.timeout * CLIENT_TIMEOUT_FACTOR;
            return match tokio::time::timeout(timeout, reply).await {
                Ok(Ok(Ok(outcome))) => {
                    locked(&self.state).restarts = 0;
                    Ok(outcome)
                }
                Ok(Ok(Err(problem))) => Err(failed(&self.name, problem)),
                Ok(Err(_)) => Err(failed(&self.name, "it ended".to_owned())),
                Err(_) => {
                    process.abort("it stopped answering");
                    Err(self.timeout(timeout, Vec::new()))
                }
            };
        }
    }

    /// Sends a request, and repeats a read that found nothing while nodes may be behind a write of
    /// this connection.
    async fn reply(&self, request: &Map<String, Value>) -> Result<Value, PoolError> {
        let start = Instant::now();
        loop {
            let reply = match self.send(request).await? {
                Ok(reply) => reply,
                Err(error) => return self.without_reply(request, error, start.elapsed()),
            };
            if is_written(&reply) {
                *locked(&self.last_write) = Some(Instant::now());
            }
            let is_recent = |written: Instant| written.elapsed() < CATCH_UP_TIME;
            let may_be_behind = locked(&self.last_write).is_some_and(is_recent);
            if !(found_nothing(&reply) && may_be_behind) {
                return Ok(reply);
            }
            tokio::time::sleep(READ_INTERVAL).await;
        }
    }

    /// Turns the client's error into the pool's, or into the reply that a node would give.
    fn without_reply(
        &self,
        request: &Map<String, Value>,
        error: RequestError,
        waited: Duration,
    ) -> Result<Value, PoolError> {
        let name = self.name.clone();
        match error.kind {
            ErrorKind::Timeout => Err(self.timeout(waited, error.nodes)),
            ErrorKind::Unreachable => Err(PoolError::Unreachable { name, nodes: error.nodes }),
            ErrorKind::NoConsensus => Err(PoolError::NoConsensus { name }),
            ErrorKind::InvalidRequest => Ok(reqnack_malformed(request, error.message)),
            ErrorKind::Internal => {
                // By this kind the client asks to be restarted.
                if let Some(process) = &locked(&self.state).process {
                    process.abort(&error.message);
                }
                Err(failed(&self.name, error.message))
            }
        }
    }

    fn timeout(&self, waited: Duration, silent_nodes: Vec<String>) -> PoolError {
        PoolError::Timeout { name: self.name.clone(), seconds: waited.as_secs(), silent_nodes }
    }
}

#[async_trait]
impl Backend for PoolClient {
    async fn submit(&self, request: &str) -> Result<String, PoolError> {
        let reply = match parse_request(request) {
            Ok(request) => self.reply(&request).await?,
            Err(problem) => reqnack_malformed(&Map::new(), problem),
        };
        Ok(reply.to_string())
    }

    async fn close(&self) -> Result<(), PoolError> {
        let state = Arc::clone(&self.state);
        blocking(&self.name, move || {
            let process = locked(&state).process.take();
            if let Some(process) = process {
                process.close(SHUTDOWN_TIMEOUT);
            }
            Ok(())
        })
        .await
    }
}

/// Returns whether a reply is a write's, which holds the transaction.
fn is_written(reply: &Value) -> bool {
    reply.pointer("/result/txnMetadata/seqNo").is_some()
}

/// Returns whether a reply is that of a read that found nothing.
fn found_nothing(reply: &Value) -> bool {
    reply.pointer("/result/seqNo").is_some_and(Value::is_null)
}

fn failed(name: &str, problem: String) -> PoolError {
    PoolError::ClientFailed { name: name.to_owned(), problem }
}
