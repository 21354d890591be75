//! The queue of responses to be checked, and the memory that their bodies take.

use std::{
    collections::HashMap,
    future::Future,
    hash::{BuildHasher, RandomState},
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use exchange::message::MAX_BYTES;
use tokio::{
    runtime::{Builder, Runtime},
    sync::oneshot,
    time::{Instant, timeout_at},
};

use crate::{Limits, connection::Network, problem::ProblemKind, refusal::Refusal};

/// Limits how many responses are checked concurrently, how many wait for it, and how much memory
/// they take.
///
/// The next is always that of the client for which the server has worked least, and of several
/// requests the one for which it has worked least: who makes it work delays itself first. A
/// response that waits until its deadline is not checked.
#[derive(Clone)]
pub(crate) struct CheckQueue(Arc<Shared>);

struct Shared {
    /// Has threads of its own for the checks, as few as run at once: memory that one thread took is
    /// given back when that thread works again. `None` after the end.
    checks: Option<Runtime>,
    limits: Limits,
    /// Hashes the ids of requests, so that none of them can be chosen to meet another's.
    ids: RandomState,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    running: usize,
    /// The bytes of the bodies that are checked.
    checked: usize,
    waiting: Vec<Waiting>,
    /// The time that was spent lately.
    spent: HashMap<Payer, Duration>,
    /// When all of that was halved last.
    halved: Option<Instant>,
    /// The bytes of the bodies of each client.
    bodies: HashMap<Network, usize>,
}

/// For whom the server works: a client, or a request by the hash of its id.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Payer {
    Client(Network),
    Request(u64),
}

/// The client, then the request.
type Payers = [Payer; 2];

struct Waiting {
    payers: Payers,
    bytes: usize,
    turn: oneshot::Sender<Turn>,
}

/// One of the checks that may run, until it is dropped.
struct Turn {
    queue: CheckQueue,
    payers: Payers,
    bytes: usize,
    began: Instant,
}

impl CheckQueue {
    pub(crate) fn new(limits: &Limits) -> io::Result<Self> {
        let mut checks = Builder::new_multi_thread();
        checks.enable_all().worker_threads(1).max_blocking_threads(limits.max_checks);
        Ok(Self(Arc::new(Shared {
            checks: Some(checks.build()?),
            limits: limits.clone(),
            ids: RandomState::new(),
            state: Mutex::default(),
        })))
    }

    /// Takes memory for the body of a client's response.
    pub(crate) fn body(&self, client: Network, bytes: usize) -> Result<BodySpace, Refusal> {
        let mut state = self.state();
        let max = self.0.limits.max_bodies;
        let all: usize = state.bodies.values().sum();
        let own = state.bodies.get(&client).copied().unwrap_or_default();
        if all + bytes > max || own + bytes > max / 4 {
            return Err(busy());
        }
        state.bodies.insert(client, own + bytes);
        Ok(BodySpace { queue: self.clone(), client, bytes })
    }

    /// Runs the check of a body that answers a request in a task of its own, and waits for it until
    /// the deadline.
    ///
    /// A task that has begun runs to its end even if the deadline passes or the client disconnects,
    /// so that a response is either accepted and stored, or neither.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        body: BodySpace,
        request: &str,
        deadline: Instant,
        check: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, Refusal> {
        let request = Payer::Request(self.0.ids.hash_one(request));
        let turn = self.enter([Payer::Client(body.client), request], body.bytes);
        let turn = timeout_at(deadline, turn).await.map_err(|_| {
            let detail =
                "The response waited for the server's time limit, and was not checked; send it again in a moment.";
            Refusal::new(ProblemKind::BUSY, detail)
        })?;
        // pushed out
        let turn = turn.map_err(|_| busy())?;
        let check = async move {
            let _held = (turn, body);
            check.await
        };
        let task = self.0.checks.as_ref().map(|checks| checks.spawn(check));
        let task = task.ok_or_else(busy)?;
        let done = timeout_at(deadline, task).await;
        let done = done.map_err(|_| {
            let detail = "Checking takes longer than the server's time limit; send the same bytes again later. If they \
                          are accepted in the meantime, the answer will say so.";
            Refusal::new(ProblemKind::UNAVAILABLE, detail)
                .with_fault("a check takes longer than the time limit")
        })?;
        done.map_err(|_| {
            let detail =
                "Checking the response failed by a fault of the server; tell the verifier.";
            Refusal::new(ProblemKind::INTERNAL, detail).with_fault("a check panicked")
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn enter(&self, payers: Payers, bytes: usize) -> oneshot::Receiver<Turn> {
        let (turn, taken) = oneshot::channel();
        let mut state = self.state();
        state.waiting.retain(|waiting| !waiting.turn.is_closed());
        state.waiting.push(Waiting { payers, bytes, turn });
        let is_over = state.waiting.len() > self.0.limits.max_waiting
            && state.running >= self.0.limits.max_checks;
        let pushed_out = is_over.then(|| state.push_out());
        drop(state);
        drop(pushed_out);
        self.start();
        taken
    }

    /// Gives turns to those that wait, as far as there are any.
    fn start(&self) {
        loop {
            let mut state = self.state();
            if state.running >= self.0.limits.max_checks {
                return;
            }
            let Some(Waiting { payers, bytes, turn }) = state.next() else { return };
            state.running += 1;
            state.checked += bytes;
            drop(state);
            let (queue, began) = (self.clone(), Instant::now());
            // one that no one waits for any longer comes back, and is dropped
            let _ = turn.send(Turn { queue, payers, bytes, began });
        }
    }
}

fn busy() -> Refusal {
    let detail = "As many responses as the server takes at once wait to be checked; send it again in a moment.";
    Refusal::new(ProblemKind::BUSY, detail)
}

impl State {
    /// At most this many bytes are checked at once, however many processors there are: a document
    /// in memory may take a hundred times as much.
    const MAX_CHECKED: usize = 2 * MAX_BYTES;

    /// Returns the one for which the server has worked least; of several, that which came first.
    /// `None` if there is none, or not enough memory for it yet.
    fn next(&mut self) -> Option<Waiting> {
        self.waiting.retain(|waiting| !waiting.turn.is_closed());
        let spent = |payer| self.spent.get(&payer).copied().unwrap_or_default();
        let next = self.waiting.iter().enumerate();
        let (index, next) = next.min_by_key(|(_, waiting)| waiting.payers.map(spent))?;
        let fits = self.running == 0 || self.checked + next.bytes <= Self::MAX_CHECKED;
        fits.then(|| self.waiting.remove(index))
    }

    /// Returns the last one of the client with the most, and of its requests the one with the most.
    fn push_out(&mut self) -> Option<Waiting> {
        let mut counts = HashMap::<Payer, usize>::new();
        for payer in self.waiting.iter().flat_map(|waiting| waiting.payers) {
            *counts.entry(payer).or_default() += 1;
        }
        let count = |payer| counts.get(&payer).copied();
        let most = self.waiting.iter().enumerate();
        let (most, _) = most.max_by_key(|(_, waiting)| waiting.payers.map(count))?;
        Some(self.waiting.remove(most))
    }

    fn spend(&mut self, payers: Payers, time: Duration) {
        const HALF_LIFE: Duration = Duration::from_secs(10);
        let now = Instant::now();
        if now - *self.halved.get_or_insert(now) > HALF_LIFE {
            self.halved = Some(now);
            self.spent.retain(|_, spent| {
                *spent /= 2;
                *spent > Duration::from_millis(1)
            });
        }
        for payer in payers {
            *self.spent.entry(payer).or_default() += time;
        }
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        if let Some(checks) = self.checks.take() {
            // where asynchronous code runs, nothing may wait
            checks.shutdown_background();
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut state = self.queue.state();
        state.running -= 1;
        state.checked -= self.bytes;
        state.spend(self.payers, self.began.elapsed());
        drop(state);
        self.queue.start();
    }
}

/// The memory of a body, until it is dropped.
pub(crate) struct BodySpace {
    queue: CheckQueue,
    client: Network,
    bytes: usize,
}

impl BodySpace {
    /// Gives back what the body does not need.
    pub(crate) fn shrink_to(&mut self, bytes: usize) {
        self.give_back(self.bytes.saturating_sub(bytes));
    }

    fn give_back(&mut self, bytes: usize) {
        self.bytes -= bytes;
        let mut state = self.queue.state();
        if let Some(own) = state.bodies.get_mut(&self.client) {
            *own = own.saturating_sub(bytes);
            if *own == 0 {
                state.bodies.remove(&self.client);
            }
        }
    }
}

impl Drop for BodySpace {
    fn drop(&mut self) {
        self.give_back(self.bytes);
    }
}
