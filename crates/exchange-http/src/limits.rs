//! The limits of a server.

use std::{num::NonZero, thread::available_parallelism, time::Duration};

/// What a server allows its clients, which may be anyone.
#[derive(Debug, Clone)]
pub struct Limits {
    /// How long the head of an HTTP request may take to arrive, how long its body and its answer may take together,
    /// and how long a client may read nothing of an answer. 10 s.
    pub request_timeout: Duration,
    /// How many responses are checked concurrently; as many as the machine has cores.
    pub max_checks: usize,
    /// How many responses may wait to be checked; 256. Further ones are refused with status 503.
    pub max_waiting: usize,
    /// How many connections may be open; 512. Further ones are closed. Each may hold a body of 1 MiB.
    pub max_connections: usize,
    /// How long running requests may take to end after the server is stopped. 10 s.
    pub shutdown_timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            request_timeout: Duration::from_secs(10),
            max_checks: available_parallelism().map_or(2, NonZero::get),
            max_waiting: 256,
            max_connections: 512,
            shutdown_timeout: Duration::from_secs(10),
        }
    }
}
