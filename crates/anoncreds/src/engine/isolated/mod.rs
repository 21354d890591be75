//! An engine whose panics are caught and whose time is limited.

use std::{
    sync::{Arc, mpsc},
    thread,
    time::Duration,
};

use proofs::{Case, Engine, EngineError};

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
    fn verify(&self, case: &Case) -> Result<bool, EngineError> {
        let (engine, case) = (Arc::clone(&self.engine), case.clone());
        let (sender, receiver) = mpsc::sync_channel(1);
        thread::Builder::new()
            .name("engine".to_owned())
            .spawn(move || {
                // after the deadline the receiver is gone
                let _ = sender.send(catch_panic(|| engine.verify(&case)));
            })
            .map_err(|error| {
                EngineError::Refused(format!("no thread could be started for it: {error}"))
            })?;
        match receiver.recv_timeout(self.deadline) {
            Ok(Ok(answer)) => answer,
            Ok(Err(panicked)) => Err(EngineError::Refused(panicked)),
            Err(mpsc::RecvTimeoutError::Timeout) => Err(EngineError::TimedOut(self.deadline)),
            Err(mpsc::RecvTimeoutError::Disconnected) => {
                Err(EngineError::Refused("it broke off".to_owned()))
            }
        }
    }
}

fn catch_panic<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    stdx::panic::catch(work).map_err(|panicked| panicked.to_string())
}

#[cfg(test)]
mod tests;
