//! A ledger within this process that behaves like an Indy pool.
//!
//! It takes the signed requests that an Indy node takes, verifies signatures, enforces the default
//! rules on roles, refuses what a node refuses, and replies in a node's format and words (those of
//! indy-node 1.13). A request goes through these steps:
//!
//! 1. form: JSON of at most [`MAX_REQUEST_BYTES`] bytes, known type, all members of the right kind;
//! 2. for writes, the author's Ed25519 signature. A request that fails up to here is answered with
//!    `REQNACK`;
//! 3. a write that was written before, byte for byte, is answered with its first reply, and not
//!    written again: a client that did not get the reply may safely repeat the request;
//! 4. for writes, the rules: roles, owners, no second schema under one identifier. A request that
//!    fails here is answered with `REJECT`;
//! 5. a write is appended to the file and synced to the disk, and only then answered.
//!
//! A new ledger begins with six transactions: a trustee, four stewards and one identity without a
//! role, made from the well-known seeds of test pools. The first transaction that is written has
//! number 7.
//!
//! What differs from a real pool:
//! - there is one copy and no consensus, so replies carry neither `rootHash` and `auditPath` nor
//!   `state_proof`; reads of the past (`timestamp`) are not supported;
//! - it supports NYM, SCHEMA, CRED_DEF and the reads of these three, signed by one author: no
//!   endorsement by a second one, no author agreement, no DID document in a NYM;
//! - it is stricter in one place: a schema may not have the same attribute twice;
//! - it answers every text, even one that is not a request.
//!
//! | module | subject |
//! |---|---|
//! | `envelope` | a request's outer members, and its signature |
//! | `operation` | what it asks for |
//! | `fields` | the checks of single members |
//! | `rules` | which role may write what |
//! | `transaction` | what is written |
//! | `genesis` | the first six transactions |
//! | `state` | what all transactions have led to |
//! | `reads` | replies to reads |
//! | `store` | the file of transactions |
//! | `head` | how long that file is, kept beside it |

mod envelope;
mod fields;
mod genesis;
mod head;
mod operation;
mod reads;
mod rules;
mod state;
mod store;
mod transaction;

use std::{
    path::Path,
    sync::{Arc, Mutex},
    time::{SystemTime, UNIX_EPOCH},
};

use async_trait::async_trait;
use serde_json::{Value, json};

pub use crate::format::MAX_REQUEST_BYTES;

use self::{
    envelope::Envelope,
    operation::Operation,
    state::State,
    store::Store,
    transaction::{Digests, Transaction},
};
use super::{
    backend::{Backend, blocking},
    error::PoolError,
};
use crate::format::{Reason, reject, reqnack};

/// The embedded ledger as a back end.
pub struct EmbeddedLedger {
    name: String,
    /// `None` once closed.
    ledger: Arc<Mutex<Option<Ledger>>>,
}

impl EmbeddedLedger {
    /// Opens the ledger in the file at `path`, and locks it. Also returns what was found and
    /// repaired, each a sentence for the user.
    pub(super) fn open(name: &str, path: &Path) -> Result<(Self, Vec<String>), PoolError> {
        let (ledger, warnings) = Ledger::open(path)?;
        let opened = Self { name: name.to_owned(), ledger: Arc::new(Mutex::new(Some(ledger))) };
        Ok((opened, warnings))
    }

    /// Runs work on the ledger where waiting for the lock or the disk delays no other task.
    async fn with_ledger<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Option<Ledger>) -> Result<T, PoolError> + Send + 'static,
    ) -> Result<T, PoolError> {
        let ledger = Arc::clone(&self.ledger);
        let name = self.name.clone();
        blocking(&self.name, move || match ledger.lock() {
            Ok(mut ledger) => work(&mut ledger),
            Err(_) => Err(PoolError::Interrupted { name }),
        })
        .await
    }
}

#[async_trait]
impl Backend for EmbeddedLedger {
    async fn submit(&self, request: &str) -> Result<String, PoolError> {
        let request = request.to_owned();
        let name = self.name.clone();
        self.with_ledger(move |ledger| match ledger {
            Some(ledger) => ledger.answer(&request),
            None => Err(PoolError::Closed { name }),
        })
        .await
    }

    async fn close(&self) -> Result<(), PoolError> {
        self.with_ledger(|ledger| {
            *ledger = None;
            Ok(())
        })
        .await
    }
}

/// The state, and the file that it is read from.
struct Ledger {
    state: State,
    store: Store,
}

impl Ledger {
    fn open(path: &Path) -> Result<(Self, Vec<String>), PoolError> {
        let genesis = genesis::transactions();
        let contents = Store::open(path, &genesis)?;
        let mut state = State::default();
        // Genesis transactions are not in the file; a fault in one counts as line 0.
        let lines = std::iter::repeat_n(0, genesis.len()).chain(1..);
        let transactions = genesis.iter().chain(&contents.transactions);
        for (transaction, line) in transactions.zip(lines) {
            state.apply(transaction).map_err(|problem| PoolError::Corrupt {
                path: path.to_owned(),
                line,
                problem,
            })?;
        }
        let ledger = Self { state, store: contents.store };
        Ok((ledger, contents.warnings))
    }

    /// Returns the reply to a request, which may be a refusal; an error only when the file could
    /// not be written.
    fn answer(&mut self, request: &str) -> Result<String, PoolError> {
        let envelope = match Envelope::parse(request) {
            Ok(envelope) => envelope,
            Err(refusal) => return Ok(refusal.to_string()),
        };
        if envelope.operation.is_read() {
            return Ok(reply(&reads::result(&self.state, &envelope)));
        }
        let author = json!(envelope.author);
        let req_id = json!(envelope.req_id);
        if let Err(reason) = self.authenticate(&envelope) {
            return Ok(reqnack(&author, &req_id, &reason).to_string());
        }
        match self.written_before(&envelope) {
            Ok(Some(first)) => return Ok(reply(&json!(first))),
            Ok(None) => {}
            Err(reason) => return Ok(reqnack(&author, &req_id, &reason).to_string()),
        }
        if let Err(reason) = rules::check(&self.state, &envelope.author, &envelope.operation) {
            return Ok(reject(&author, &req_id, &reason).to_string());
        }
        self.write(&envelope).map(|result| reply(&result))
    }

    /// Checks the signature of a write, and then, as nodes do, that the role in it exists.
    fn authenticate(&self, envelope: &Envelope) -> Result<(), Reason> {
        envelope.verify(self.verkey_of_author(envelope))?;
        envelope.operation.check_role().map_err(Reason::Invalid)
    }

    /// Returns the transaction of this request if it was written before.
    fn written_before(&self, envelope: &Envelope) -> Result<Option<&Transaction>, Reason> {
        let digests = Digests::of(envelope);
        match self.state.written(&digests.payload) {
            Some(first) if first.txn.metadata.digest.as_ref() != Some(&digests.full) => {
                Err(Reason::Invalid(
                    "Same txn was already ordered with different signatures or pluggable fields"
                        .to_owned(),
                ))
            }
            first => Ok(first),
        }
    }

    /// Returns the author's key: from the ledger, or, for a DID that would write itself, from its
    /// own request, as a node does. (The rules then refuse it for having no role.)
    fn verkey_of_author<'a>(&'a self, envelope: &'a Envelope) -> Option<&'a str> {
        match (self.state.nym(&envelope.author), &envelope.operation) {
            (Some(nym), _) => nym.verkey.as_deref(),
            (None, Operation::Nym { did, verkey, .. }) if *did == envelope.author => {
                verkey.as_ref()?.as_deref()
            }
            (None, _) => None,
        }
    }

    fn write(&mut self, envelope: &Envelope) -> Result<Value, PoolError> {
        let time = seconds_since_1970().max(self.state.last_time());
        let transaction = Transaction::of(envelope, self.state.next_seq_no(), time);
        self.store.append(&transaction)?;
        // A request that passed all checks has the form that `apply` needs.
        self.state.apply(&transaction).map_err(|_| self.store.disable_writes())?;
        Ok(json!(transaction))
    }
}

fn reply(result: &Value) -> String {
    json!({"op": "REPLY", "result": result}).to_string()
}

fn seconds_since_1970() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
