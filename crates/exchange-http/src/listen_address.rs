//! The address of a server as a person writes it.

use std::{fmt, net::SocketAddr, str::FromStr};

use tokio::net::lookup_host;

use crate::ListenError;

/// A host and a port, such as `localhost:8700`. The host is a name or an IP address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListenAddress(String);

/// A text is not a host and a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "write it as HOST:PORT, for example 127.0.0.1:8700 or localhost:8700 (this machine only), 0.0.0.0:8700 (all \
     addresses of this machine), or [::1]:8700 (IPv6 in brackets)"
)]
pub struct InvalidListenAddress;

impl ListenAddress {
    /// Returns the addresses of the host. Those of IPv4 come first, because the URLs of requests
    /// usually have one.
    ///
    /// Must run in a Tokio runtime with network.
    ///
    /// # Errors
    ///
    /// [`ListenError::Other`].
    pub async fn resolve(&self) -> Result<Vec<SocketAddr>, ListenError> {
        let found = lookup_host(&*self.0).await.map_err(|error| {
            let host = self.0.rsplit_once(':').map_or(&*self.0, |(host, _)| host);
            ListenError::Other(format!(
                "cannot listen on {host}: {error}; check the name, or give an IP address of this machine"
            ))
        })?;
        let mut addresses: Vec<SocketAddr> = found.collect();
        addresses.sort_by_key(SocketAddr::is_ipv6);
        Ok(addresses)
    }
}

impl FromStr for ListenAddress {
    type Err = InvalidListenAddress;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let in_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '.' | '_');
        let is_named = text.rsplit_once(':').is_some_and(|(host, port)| {
            !host.is_empty() && host.chars().all(in_name) && port.parse::<u16>().is_ok()
        });
        match is_named || text.parse::<SocketAddr>().is_ok() {
            true => Ok(Self(text.to_owned())),
            false => Err(InvalidListenAddress),
        }
    }
}

impl fmt::Display for ListenAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
