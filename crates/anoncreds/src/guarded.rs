//! An engine that may fail as it likes: its panics are caught, and it has to answer in time.

use std::{
    cell::Cell,
    collections::BTreeMap,
    panic::{self, AssertUnwindSafe},
    sync::{Arc, Once, mpsc},
    thread,
    time::Duration,
};

use proofs::{Case, Mathematics};
use serde_json::Value;

/// An engine, called where it can do no harm: on a thread of its own, that is left behind when the deadline
/// has passed.
pub(super) struct Guarded<E> {
    engine: Arc<E>,
    deadline: Duration,
}

impl<E> Guarded<E> {
    pub fn new(engine: E, deadline: Duration) -> Self {
        Self {
            engine: Arc::new(engine),
            deadline,
        }
    }
}

impl<E: Mathematics + Send + 'static> Mathematics for Guarded<E> {
    fn verify(&self, case: &Case) -> Result<bool, String> {
        let (engine, case) = (Arc::clone(&self.engine), named(case));
        let (answered, answer) = mpsc::sync_channel(1);
        thread::Builder::new()
            .name("engine".to_owned())
            .spawn(move || {
                // once the deadline has passed, nobody listens
                let _ = answered.send(caught(|| engine.verify(&case)));
            })
            .map_err(|error| format!("no thread could be started for it: {error}"))?;
        match answer.recv_timeout(self.deadline) {
            Ok(answer) => answer?,
            Err(mpsc::RecvTimeoutError::Timeout) => Err(format!("none in {:?}", self.deadline)),
            Err(mpsc::RecvTimeoutError::Disconnected) => Err("it broke off".to_owned()),
        }
    }

    /// Here, without a thread: what is read is small by then, and reading it takes no time to speak of.
    fn request_problem(&self, request: &Value) -> Option<String> {
        caught(|| self.engine.request_problem(request)).unwrap_or_else(Some)
    }

    fn computes_non_revocation(&self) -> bool {
        self.engine.computes_non_revocation()
    }
}

/// A copy of a case with no more of the ledger's objects than the presentation names.
fn named(case: &Case) -> Case {
    let identifiers = case.presentation["identifiers"].as_array();
    let mut named = Case {
        presentation_request: case.presentation_request.clone(),
        presentation: case.presentation.clone(),
        ..Case::default()
    };
    for identifier in identifiers.into_iter().flatten() {
        copy(identifier, "schema_id", &case.schemas, &mut named.schemas);
        copy(
            identifier,
            "cred_def_id",
            &case.cred_defs,
            &mut named.cred_defs,
        );
        copy(
            identifier,
            "rev_reg_id",
            &case.rev_reg_defs,
            &mut named.rev_reg_defs,
        );
        copy(
            identifier,
            "rev_reg_id",
            &case.rev_regs,
            &mut named.rev_regs,
        );
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
    let found = identifier[member]
        .as_str()
        .and_then(|id| from.get_key_value(id));
    if let Some((id, object)) = found
        && !to.contains_key(id)
    {
        to.insert(id.clone(), object.clone());
    }
}

thread_local! {
    /// Whether this thread's panics are caught and reported by us, so that nothing is printed of them.
    static IS_CAUGHT: Cell<bool> = const { Cell::new(false) };
}

/// Does some work; a panic becomes an error with the panic's message, which is not printed.
///
/// For that, the process's panic hook is replaced, once, by one that passes on all panics but these.
fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
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
