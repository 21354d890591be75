//! An engine whose panics are caught and whose time is limited.

use std::{
    cell::Cell,
    collections::BTreeMap,
    panic::{self, AssertUnwindSafe},
    sync::{Arc, Once, mpsc},
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

thread_local! {
    /// Whether this thread's panics are caught here, and so must not be printed.
    static IS_CAUGHT: Cell<bool> = const { Cell::new(false) };
}

/// Runs work, and turns a panic into an error with the panic's message, which is not printed.
///
/// For that, the process's panic hook is replaced once, with one that ignores these panics and handles all others
/// as before.
fn catch_panic<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !IS_CAUGHT.get() {
                before(info);
            }
        }));
    });
    let before = IS_CAUGHT.replace(true);
    let outcome = panic::catch_unwind(AssertUnwindSafe(work));
    IS_CAUGHT.set(before);
    outcome.map_err(|payload| {
        let message = payload
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| payload.downcast_ref::<&str>().copied());
        match message {
            Some(message) => format!("it panicked: {message}"),
            None => "it panicked".to_owned(),
        }
    })
}

#[cfg(test)]
mod tests;
