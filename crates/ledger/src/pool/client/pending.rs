//! The requests that wait for a reply of the client.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use pool_protocol::RequestError;
use serde_json::Value;
use tokio::sync::oneshot;

/// The nodes' reply or the client's error; else why the client ended before it gave either.
type Delivered = Result<Result<Value, RequestError>, String>;

/// Receives the reply to one request.
pub(super) type ReplyReceiver = oneshot::Receiver<Delivered>;

/// The requests that were sent to one client, by their ids.
#[derive(Default)]
pub(super) struct PendingRequests {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    last_id: u64,
    senders: HashMap<u64, oneshot::Sender<Delivered>>,
    end: Option<String>,
}

impl PendingRequests {
    /// Adds a request, and returns its id and where its reply will arrive; `None` when the client
    /// has ended.
    pub(super) fn add(&self) -> Option<(u64, ReplyReceiver)> {
        let mut state = locked(&self.state);
        if state.end.is_some() {
            return None;
        }
        state.last_id += 1;
        let id = state.last_id;
        let (sender, receiver) = oneshot::channel();
        state.senders.insert(id, sender);
        Some((id, receiver))
    }

    /// Removes a request that could not be sent.
    pub(super) fn remove(&self, id: u64) {
        locked(&self.state).senders.remove(&id);
    }

    /// Delivers what came of a request. Ignores an id that is not pending: its reply was late.
    pub(super) fn deliver(&self, id: u64, outcome: Result<Value, RequestError>) {
        let sender = locked(&self.state).senders.remove(&id);
        if let Some(sender) = sender {
            let _ = sender.send(Ok(outcome));
        }
    }

    /// Fails all requests, because the client has ended. The first reason is kept.
    pub(super) fn end(&self, reason: &str) {
        let mut state = locked(&self.state);
        state.end.get_or_insert_with(|| reason.to_owned());
        for (_, sender) in state.senders.drain() {
            let _ = sender.send(Err(reason.to_owned()));
        }
    }

    /// Returns why the client has ended; `None` while it runs.
    pub(super) fn end_reason(&self) -> Option<String> {
        locked(&self.state).end.clone()
    }
}

/// Locks a mutex of this module. Its holders do nothing that panics, so a poisoned one is sound.
pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
