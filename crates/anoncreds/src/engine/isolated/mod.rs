//! An engine whose panics are caught and whose time is limited.

use std::{
    collections::BTreeMap,
    sync::{Arc, mpsc},
    thread,
    time::Duration,
};

use proofs::{Case, Engine};
use serde_json::Value;

/// An engine that is called on a thread of its own, which is abandoned after the deadline.
pub(super) struct Isolated<E> {
    engine: Arc<E>,
    deadline: Duration,
}

impl<E> Isolated<E> {
    pub fn new(engine: E, deadline: Duration) -> Self {
        Self { engine: Arc::new(engine), deadline }
    }
}

impl<E: Engine + Send + 'static> Engine for Isolated<E> {
    fn verify(&self, case: &Case) -> Result<bool, String> {
        let (engine, case) = (Arc::clone(&self.engine), only_named(case));
        let (sender, receiver) = mpsc::sync_channel(1);
        thread::Builder::new()
            .name("engine".to_owned())
            .spawn(move || {
                // after the deadline the receiver is gone
                let _ = sender.send(catch_panic(|| engine.verify(&case)));
            })
            .map_err(|error| format!("no thread could be started for it: {error}"))?;
        match receiver.recv_timeout(self.deadline) {
            Ok(answer) => answer?,
            Err(mpsc::RecvTimeoutError::Timeout) => Err(format!("none in {:?}", self.deadline)),
            Err(mpsc::RecvTimeoutError::Disconnected) => Err("it broke off".to_owned()),
        }
    }

    /// Called without a thread: a request is small, and reading it takes almost no time.
    fn request_error(&self, request: &Value) -> Option<String> {
        catch_panic(|| self.engine.request_error(request)).unwrap_or_else(Some)
    }

    fn computes_non_revocation(&self) -> bool {
        self.engine.computes_non_revocation()
    }
}

/// Copies a case, with only those of the ledger's objects that the presentation names.
fn only_named(case: &Case) -> Case {
    let identifiers = case.presentation["identifiers"].as_array();
    let mut named = Case {
        presentation_request: case.presentation_request.clone(),
        presentation: case.presentation.clone(),
        ..Case::default()
    };
    for identifier in identifiers.into_iter().flatten() {
        copy(identifier, "schema_id", &case.schemas, &mut named.schemas);
        copy(identifier, "cred_def_id", &case.cred_defs, &mut named.cred_defs);
        copy(identifier, "rev_reg_id", &case.rev_reg_defs, &mut named.rev_reg_defs);
        copy(identifier, "rev_reg_id", &case.rev_regs, &mut named.rev_regs);
    }
    named
}

/// Copies the object whose id is a member of the identifier, if there is one.
fn copy<T: Clone>(
    identifier: &Value,
    member: &str,
    from: &BTreeMap<String, T>,
    to: &mut BTreeMap<String, T>,
) {
    let found = identifier[member].as_str().and_then(|id| from.get_key_value(id));
    if let Some((id, object)) = found
        && !to.contains_key(id)
    {
        to.insert(id.clone(), object.clone());
    }
}

fn catch_panic<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    stdx::panic::catch(work).map_err(|panicked| panicked.to_string())
}

#[cfg(test)]
mod tests;
