//! A ledger within this process that behaves as an Indy pool does.
//!
//! It takes the signed requests that an Indy node takes, verifies signatures, enforces the default
//! rules on roles, refuses what a node refuses, and answers in a node's format and words (those of
//! indy-node 1.13). A request goes through these steps:
//!
//! 1. shape: JSON of at most [`MESSAGE_LIMIT`] bytes, known type, all members of the right kind;
//! 2. for writes, the author's Ed25519 signature. A request that fails up to here is answered with
//!    `REQNACK`;
//! 3. a write that was written before, to the last byte, is answered with its first reply, and not
//!    written again: who did not get a reply may safely ask once more;
//! 4. for writes, the rules: roles, owners, no second schema under one identifier. A request that
//!    fails here is answered with `REJECT`;
//! 5. a write is appended to the file and synced to the disk, and only then answered.
//!
//! A new ledger begins with six transactions: a trustee, four stewards and one identity without a
//! role, made from the well-known seeds of test pools. One's own first transaction has number 7.
//!
//! What differs from a real pool:
//! - there is one copy and no consensus, so replies carry neither `rootHash` and `auditPath` nor
//!   `state_proof`; reads of the past (`timestamp`) are not offered;
//! - it knows NYM, SCHEMA, CRED_DEF and the reads of these three, signed by one author: no
//!   endorsement by a second one, no author agreement, no DID document in a NYM;
//! - it is stricter in one place: a schema may not have the same attribute twice;
//! - it answers whatever it is sent, also what is no request at all.

mod envelope;
mod fields;
mod genesis;
mod operation;
mod python;
mod reads;
mod refusal;
mod rules;
mod state;
mod store;
mod transaction;

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use serde_json::{Value, json};

pub use envelope::MESSAGE_LIMIT;
pub(super) use envelope::{members_of, turned_away};
pub(super) use store::lock;

use self::envelope::Envelope;
use self::operation::Operation;
use self::refusal::{Problem, reject, reqnack};
use self::state::State;
use self::store::Store;
use self::transaction::{Digests, Transaction};
use super::Backend;
use crate::pool::PoolError;

/// The embedded ledger as a back end.
pub struct EmbeddedLedger {
    name: String,
    /// `None` once closed.
    ledger: Arc<Mutex<Option<Ledger>>>,
}

impl EmbeddedLedger {
    /// Opens the ledger that is kept in the file at `path`, for this process alone. Also gives
    /// what was found and put right.
    pub(super) fn open(name: &str, path: &Path) -> Result<(Self, Vec<String>), PoolError> {
        let (ledger, warnings) = Ledger::open(path)?;
        let opened = Self {
            name: name.to_owned(),
            ledger: Arc::new(Mutex::new(Some(ledger))),
        };
        Ok((opened, warnings))
    }

    /// Works on the ledger where waiting, for others or for the disk, holds up no other task.
    async fn with_ledger<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Option<Ledger>) -> Result<T, PoolError> + Send + 'static,
    ) -> Result<T, PoolError> {
        let ledger = Arc::clone(&self.ledger);
        let name = self.name.clone();
        super::blocking(&self.name, move || match ledger.lock() {
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

/// The state and the file that it is read from.
struct Ledger {
    state: State,
    store: Store,
}

impl Ledger {
    fn open(path: &Path) -> Result<(Self, Vec<String>), PoolError> {
        let genesis = genesis::transactions();
        let contents = Store::open(path, &genesis)?;
        let mut state = State::default();
        // Genesis transactions have no line; their places are before line 1.
        let lines = std::iter::repeat_n(0, genesis.len()).chain(1..);
        let transactions = genesis.iter().chain(&contents.transactions);
        for (transaction, line) in transactions.zip(lines) {
            state
                .apply(transaction)
                .map_err(|problem| PoolError::Corrupt {
                    path: path.to_owned(),
                    line,
                    problem,
                })?;
        }
        let ledger = Self {
            state,
            store: contents.store,
        };
        Ok((ledger, contents.warnings))
    }

    /// The reply to a request, be it a refusal; an error only when the file could not be written.
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
        if let Err(problem) = self.admit(&envelope) {
            return Ok(reqnack(&author, &req_id, &problem).to_string());
        }
        match self.written_before(&envelope) {
            Ok(Some(first)) => return Ok(reply(&json!(first))),
            Ok(None) => {}
            Err(problem) => return Ok(reqnack(&author, &req_id, &problem).to_string()),
        }
        if let Err(problem) = rules::check(&self.state, &envelope.author, &envelope.operation) {
            return Ok(reject(&author, &req_id, &problem).to_string());
        }
        self.write(&envelope).map(|result| reply(&result))
    }

    /// What is checked of a write before the rules.
    fn admit(&self, envelope: &Envelope) -> Result<(), Problem> {
        envelope.verify(self.verkey_of_author(envelope))?;
        envelope.operation.check_role().map_err(Problem::Invalid)
    }

    /// What came of this request when it was submitted before.
    fn written_before(&self, envelope: &Envelope) -> Result<Option<&Transaction>, Problem> {
        let digests = Digests::of(envelope);
        match self.state.written(&digests.payload) {
            Some(first) if first.txn.metadata.digest.as_ref() != Some(&digests.full) => {
                Err(Problem::Invalid(
                    "Same txn was already ordered with different signatures or pluggable fields"
                        .to_owned(),
                ))
            }
            first => Ok(first),
        }
    }

    /// From the ledger; for a DID that would write itself, from its own request, as a node does.
    /// (The rules then turn it away for having no role.)
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
        // A request that passed all checks has the shape that `apply` wants.
        self.state
            .apply(&transaction)
            .map_err(|_| self.store.suspend())?;
        Ok(json!(transaction))
    }
}

fn reply(result: &Value) -> String {
    json!({"op": "REPLY", "result": result}).to_string()
}

fn seconds_since_1970() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}
