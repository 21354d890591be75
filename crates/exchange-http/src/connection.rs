//! The open connections: how many there are, how many of one client, and which has to go.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::{task::AbortHandle, time::Instant};

use crate::Limits;

/// What counts as one client: an IPv4 address, or the first 64 bits of an IPv6 address, which one
/// household has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Network(IpAddr);

impl From<SocketAddr> for Network {
    fn from(address: SocketAddr) -> Self {
        Self(match address.ip().to_canonical() {
            IpAddr::V6(ip) => IpAddr::V6(Ipv6Addr::from_bits(ip.to_bits() & (u128::MAX << 64))),
            ip => ip,
        })
    }
}

/// What a connection does, in the order in which connections have to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Activity {
    /// The server waits for the head of an HTTP request, or for the client to read the last answer.
    /// A handshake of TLS is part of it.
    Waiting,
    /// The server reads the body.
    Body,
    /// The server works.
    Working,
}

struct Open {
    network: Network,
    activity: Activity,
    since: Instant,
    task: AbortHandle,
}

/// The open connections of a server.
///
/// When there are too many, of one client or in all, the oldest goes that has not sent a complete
/// head; if there is none, the oldest that is slow with its body; else the new one. So clients that
/// only connect shut no one out.
pub(crate) struct Connections {
    open: Mutex<HashMap<u64, Open>>,
    limits: Limits,
}

impl Connections {
    pub(crate) fn new(limits: &Limits) -> Arc<Self> {
        Arc::new(Self { open: Mutex::default(), limits: limits.clone() })
    }

    fn open(&self) -> MutexGuard<'_, HashMap<u64, Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a connection, whose task `start` starts. `false` if it had to go at once.
    pub(crate) fn add(
        self: &Arc<Self>,
        number: u64,
        peer: SocketAddr,
        start: impl FnOnce(Connection) -> AbortHandle,
    ) -> bool {
        let network = Network::from(peer);
        // locked until the new one is in, so that its task finds it
        let mut open = self.open();
        let of_client = open.values().filter(|other| other.network == network).count();
        let has_place = match () {
            () if of_client >= self.limits.max_connections_of_client => {
                self.end_oldest(&mut open, |other| other.network == network)
            }
            () if open.len() >= self.limits.max_connections => self.end_oldest(&mut open, |_| true),
            () => true,
        };
        if has_place {
            let task = start(Connection { number, peer, connections: Arc::clone(self) });
            let activity = Activity::Waiting;
            open.insert(number, Open { network, activity, since: Instant::now(), task });
        }
        has_place
    }

    fn end_oldest(&self, open: &mut HashMap<u64, Open>, among: impl Fn(&Open) -> bool) -> bool {
        // a body of some megabytes takes an honest client less
        let slow = self.limits.request_timeout / 4;
        let may_go = |open: &Open| match open.activity {
            Activity::Waiting => true,
            Activity::Body => open.since.elapsed() > slow,
            Activity::Working => false,
        };
        let oldest = open.iter().filter(|(_, open)| among(open) && may_go(open));
        let oldest = oldest.min_by_key(|(_, open)| (open.activity, open.since));
        let oldest = oldest.map(|(number, _)| *number).and_then(|number| open.remove(&number));
        oldest.map(|open| open.task.abort()).is_some()
    }

    /// Ends the connections whose clients are too slow: with the head of a request, or in reading
    /// an answer.
    pub(crate) fn end_overdue(&self) {
        self.open().retain(|_, open| {
            let is_overdue = open.activity == Activity::Waiting
                && open.since.elapsed() > self.limits.request_timeout;
            if is_overdue {
                open.task.abort();
            }
            !is_overdue
        });
    }
}

/// An open connection.
pub(crate) struct Connection {
    number: u64,
    pub(crate) peer: SocketAddr,
    connections: Arc<Connections>,
}

impl Connection {
    /// Notes what it does from now on.
    pub(crate) fn enter(&self, activity: Activity) {
        if let Some(open) = self.connections.open().get_mut(&self.number) {
            (open.activity, open.since) = (activity, Instant::now());
        }
    }

    /// Ends the oldest connection whose body comes slowly, if there is one: there is no memory for
    /// another body.
    pub(crate) fn end_slow_body(&self) {
        let connections = &self.connections;
        connections.end_oldest(&mut connections.open(), |other| other.activity == Activity::Body);
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.connections.open().remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_is_an_ipv4_address_or_64_bits_of_ipv6() {
        let network = |text: &str| Network::from(text.parse::<SocketAddr>().unwrap());
        assert_eq!(network("192.0.2.1:1"), network("192.0.2.1:2"));
        assert_eq!(network("192.0.2.1:1"), network("[::ffff:192.0.2.1]:1"));
        assert_ne!(network("192.0.2.1:1"), network("192.0.2.2:1"));
        assert_eq!(network("[2001:db8:0:1::1]:1"), network("[2001:db8:0:1:2:3:4:5]:1"));
        assert_ne!(network("[2001:db8:0:1::1]:1"), network("[2001:db8:0:2::1]:1"));
    }
}
