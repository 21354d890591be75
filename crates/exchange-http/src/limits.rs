//! The limits of a server.

use std::{num::NonZero, thread::available_parallelism, time::Duration};

/// What a server allows its clients, which may be anyone. A client is an IPv4 address, or the first
/// 64 bits of an IPv6 address. All holders behind one router that translates addresses, or behind
/// one proxy, are one client: the defaults let a room of two hundred of them answer at once.
#[derive(Debug, Clone)]
pub struct Limits {
    /// How long the head of an HTTP request may take to arrive, how long its body and its checks
    /// may take together, and how long reading an answer may take. 10 s.
    pub request_timeout: Duration,
    /// How many responses are checked concurrently; as many as the machine has cores, and no more
    /// than 2 MiB of them, which may take 200 MiB in memory.
    pub max_checks: usize,
    /// How many responses may wait to be checked; 256. Of more, the last one of the client with the
    /// most is refused with status 503.
    pub max_waiting: usize,
    /// How many connections may be open; 768, with which a process of 1024 files has some left. Of
    /// more, the oldest goes that has not sent a complete head.
    pub max_connections: usize,
    /// How many connections one client may have open; 512.
    pub max_connections_of_client: usize,
    /// How many bytes the bodies may have together that are read, wait, or are checked; 64 MiB. One
    /// client may have a quarter of it. Further ones are refused with status 503, and those that
    /// come slowly are ended.
    pub max_bodies: usize,
    /// How long running requests may take to end after the server is stopped. 2 s.
    pub shutdown_timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            request_timeout: Duration::from_secs(10),
            max_checks: available_parallelism().map_or(2, NonZero::get),
            max_waiting: 256,
            max_connections: 768,
            max_connections_of_client: 512,
            max_bodies: 64 << 20,
            shutdown_timeout: Duration::from_secs(2),
        }
    }
}
