//! A real pool of nodes, by way of the program `indy-pool-client`.
//!
//! Asking nodes takes ZeroMQ, BLS signatures and minutes of compiling, so it is done by a program of
//! its own (`pool-client/` in the repository), which this back end runs as a child: signed requests
//! go in as JSON lines, and the nodes' replies come back, with their state proofs verified.
//!
//! To whoever submits requests it is as the [embedded ledger](super::embedded) is: `REPLY`,
//! `REQNACK` and `REJECT` come back as replies, and what is no request at all is answered with
//! `REQNACK` before anything is sent. What is different:
//! - several requests are in flight at once, and there may be no answer: [`PoolError::Timeout`],
//!   [`PoolError::Unreachable`], [`PoolError::NoConsensus`];
//! - a client that ends or falls silent is started anew with the next request. The requests that
//!   were in flight fail with [`PoolError::ClientFailed`], for nobody knows what became of them;
//! - nodes commit one after the other, and a read may reach one that is behind. So a read that finds
//!   nothing is repeated for a moment after a write of this connection.

mod genesis;
mod lines;
mod locate;
mod process;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use serde_json::{Map, Value};

pub(super) use genesis::Genesis;

use self::lines::{Answer, Kind, Problem};
use self::process::{Process, locked};
use super::{Backend, embedded};
use crate::pool::PoolError;

/// How a real pool is reached. The embedded ledger needs none of it.
#[derive(Debug, Clone)]
pub struct PoolOptions {
    /// The client program. If `None`, the environment's `INDY_POOL_CLIENT`, else `indy-pool-client`
    /// beside this program, else on the `PATH`.
    pub client: Option<PathBuf>,
    /// How long a node that got a request may take to answer it.
    pub timeout: Duration,
}

impl Default for PoolOptions {
    /// A program that is looked for, and 20 seconds.
    fn default() -> Self {
        Self {
            client: None,
            timeout: Duration::from_secs(20),
        }
    }
}

/// The client asks nodes one after the other, so that an answer takes longer than one node's time.
/// After this many times that time, it is the client that is stuck.
const CLIENT_PATIENCE: u32 = 3;

/// How often in a row a client is started anew without an answer from one in between.
const MOST_RESTARTS: u32 = 3;

/// How long is waited for a client that is ending, before another look at it.
const BETWEEN_STARTS: Duration = Duration::from_millis(10);

/// How long a client may take to end when the pool is closed.
const LONGEST_CLOSING: Duration = Duration::from_secs(2);

/// For how long after a write nodes may be behind, and how long apart a read is repeated.
const NODES_BEHIND: Duration = Duration::from_secs(2);
const BETWEEN_READS: Duration = Duration::from_millis(100);

/// A pool of nodes as a back end.
pub struct PoolClient {
    name: String,
    launch: Launch,
    state: Arc<Mutex<State>>,
    last_write: Mutex<Option<Instant>>,
}

/// What it takes to start a client.
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
    /// Since the last answer.
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
            state: Arc::new(Mutex::new(State {
                process: Some(process),
                restarts: 0,
            })),
            last_write: Mutex::default(),
        })
    }

    /// A client that runs: the one there is, or a new one in its place.
    async fn running(&self) -> Result<Arc<Process>, PoolError> {
        let (name, launch) = (self.name.clone(), self.launch.clone());
        let state = Arc::clone(&self.state);
        super::blocking(&self.name, move || {
            let mut state = locked(&state);
            let Some(process) = state.process.clone() else {
                return Err(PoolError::Closed { name });
            };
            let Some(problem) = process.end() else {
                return Ok(process);
            };
            if state.restarts >= MOST_RESTARTS {
                let problem = format!(
                    "{problem}; it was started anew {MOST_RESTARTS} times and never answered"
                );
                return Err(failed(&name, problem));
            }
            state.restarts += 1;
            let process = launch.start(&name)?;
            state.process = Some(Arc::clone(&process));
            Ok(process)
        })
        .await
    }

    async fn ask(&self, request: &Map<String, Value>) -> Result<Answer, PoolError> {
        loop {
            let process = self.running().await?;
            let Some(ticket) = process.ask(request) else {
                // It is ending, and nothing was sent.
                tokio::time::sleep(BETWEEN_STARTS).await;
                continue;
            };
            let patience = self.launch.timeout * CLIENT_PATIENCE;
            return match tokio::time::timeout(patience, ticket.answer).await {
                Ok(Ok(Ok(answer))) => {
                    locked(&self.state).restarts = 0;
                    Ok(answer)
                }
                Ok(Ok(Err(problem))) => Err(failed(&self.name, problem)),
                Ok(Err(_)) => Err(failed(&self.name, "it ended".to_owned())),
                Err(_) => {
                    process.abandon("it fell silent");
                    Err(self.timeout(patience, Vec::new()))
                }
            };
        }
    }

    /// Asks, and while nodes may be behind a write of ours, asks again for what is not found.
    async fn reply(&self, request: &Map<String, Value>) -> Result<Value, PoolError> {
        let begun = Instant::now();
        loop {
            let reply = match self.ask(request).await? {
                Ok(reply) => reply,
                Err(problem) => return self.without_reply(request, problem, begun.elapsed()),
            };
            if is_written(&reply) {
                *locked(&self.last_write) = Some(Instant::now());
            }
            let is_recent = |written: Instant| written.elapsed() < NODES_BEHIND;
            let may_be_behind = locked(&self.last_write).is_some_and(is_recent);
            if !(found_nothing(&reply) && may_be_behind) {
                return Ok(reply);
            }
            tokio::time::sleep(BETWEEN_READS).await;
        }
    }

    fn without_reply(
        &self,
        request: &Map<String, Value>,
        problem: Problem,
        waited: Duration,
    ) -> Result<Value, PoolError> {
        let name = self.name.clone();
        match problem.kind {
            Kind::Timeout => Err(self.timeout(waited, problem.nodes)),
            Kind::Unreachable => Err(PoolError::Unreachable {
                name,
                nodes: problem.nodes,
            }),
            Kind::NoConsensus => Err(PoolError::NoConsensus { name }),
            Kind::InvalidRequest => Ok(embedded::turned_away(request, problem.message)),
            Kind::Internal => {
                // It says itself that it should be started anew.
                if let Some(process) = &locked(&self.state).process {
                    process.abandon(&problem.message);
                }
                Err(failed(&self.name, problem.message))
            }
        }
    }

    fn timeout(&self, waited: Duration, silent_nodes: Vec<String>) -> PoolError {
        PoolError::Timeout {
            name: self.name.clone(),
            seconds: waited.as_secs(),
            silent_nodes,
        }
    }
}

#[async_trait]
impl Backend for PoolClient {
    async fn submit(&self, request: &str) -> Result<String, PoolError> {
        let reply = match embedded::members_of(request) {
            Ok(request) => self.reply(&request).await?,
            Err(refusal) => refusal,
        };
        Ok(reply.to_string())
    }

    async fn close(&self) -> Result<(), PoolError> {
        let state = Arc::clone(&self.state);
        super::blocking(&self.name, move || {
            let process = locked(&state).process.take();
            if let Some(process) = process {
                process.close(LONGEST_CLOSING);
            }
            Ok(())
        })
        .await
    }
}

/// Whether a reply is a write's, which holds the transaction.
fn is_written(reply: &Value) -> bool {
    reply.pointer("/result/txnMetadata/seqNo").is_some()
}

/// Whether a reply is a read's that found nothing.
fn found_nothing(reply: &Value) -> bool {
    reply.pointer("/result/seqNo").is_some_and(Value::is_null)
}

fn failed(name: &str, problem: String) -> PoolError {
    PoolError::ClientFailed {
        name: name.to_owned(),
        problem,
    }
}
