//! The address of a server as a person writes it.

use std::{fmt, net::SocketAddr, str::FromStr};

use tokio::net::lookup_host;

use crate::ListenError;

/// A host and a port, such as `localhost:8700`. The host is a name or an IP address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListenAddress {
    host: String,
    port: u16,
}

/// A text is not a host and a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "write it as HOST:PORT, for example 127.0.0.1:8700 or localhost:8700 (this machine only), 0.0.0.0:8700 (all \
     addresses of this machine), or [::1]:8700 (IPv6 in brackets)"
)]
pub struct InvalidListenAddress;

impl ListenAddress {
    /// Returns the addresses of the host. Those of IPv4 come first, because the URLs of requests usually have one.
    ///
    /// Must run in a Tokio runtime with network.
    ///
    /// # Errors
    ///
    /// [`ListenError::Unresolved`].
    pub async fn resolve(&self) -> Result<Vec<SocketAddr>, ListenError> {
        let unresolved = |source| ListenError::Unresolved { host: self.host.clone(), source };
        let found = lookup_host((&*self.host, self.port)).await.map_err(unresolved)?;
        let mut addresses: Vec<SocketAddr> = found.collect();
        addresses.sort_by_key(SocketAddr::is_ipv6);
        Ok(addresses)
    }
}

impl FromStr for ListenAddress {
    type Err = InvalidListenAddress;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Ok(address) = text.parse::<SocketAddr>() {
            return Ok(Self { host: address.ip().to_string(), port: address.port() });
        }
        let (host, port) = text.rsplit_once(':').ok_or(InvalidListenAddress)?;
        let port = port.parse().map_err(|_| InvalidListenAddress)?;
        let in_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '.' | '_');
        match !host.is_empty() && host.chars().all(in_name) {
            true => Ok(Self { host: host.to_owned(), port }),
            false => Err(InvalidListenAddress),
        }
    }
}

impl fmt::Display for ListenAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.host.contains(':') {
            true => write!(f, "[{}]:{}", self.host, self.port),
            false => write!(f, "{}:{}", self.host, self.port),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_and_a_port_are_read_and_written_back() {
        for text in ["localhost:8700", "127.0.0.1:0", "[::1]:8700", "bank.example:443"] {
            let address: ListenAddress = text.parse().unwrap();
            assert_eq!(address.to_string(), text);
        }
    }

    #[test]
    fn what_is_not_a_host_and_a_port_is_refused() {
        let texts = [
            "",
            ":",
            ":8700",
            "8700",
            "localhost",
            "localhost:",
            "localhost:99999",
            "::1",
            "::1:8700",
            "[::1]",
            "http://localhost:8700",
            "local host:8700",
        ];
        for text in texts {
            assert_eq!(text.parse::<ListenAddress>(), Err(InvalidListenAddress), "{text:?}");
        }
    }

    #[tokio::test]
    async fn a_name_is_resolved_to_addresses_of_ipv4_first() {
        let address: ListenAddress = "localhost:8700".parse().unwrap();
        let addresses = address.resolve().await.unwrap();
        assert!(!addresses.is_empty());
        assert!(addresses.iter().all(|found| found.ip().is_loopback() && found.port() == 8700));
        assert!(addresses.is_sorted_by_key(SocketAddr::is_ipv6), "{addresses:?}");
    }

    #[tokio::test]
    async fn a_name_without_an_address_is_an_error_that_names_it() {
        let address: ListenAddress = "no-such-host.invalid:8700".parse().unwrap();
        let error = address.resolve().await.unwrap_err().to_string();
        assert!(error.starts_with("cannot listen on no-such-host.invalid: "), "{error}");
    }
}
