//! Wallets that are PostgreSQL databases.

use std::{
    net::{TcpStream, ToSocketAddrs},
    time::Duration,
};

use aries_askar::Store;
use sqlx::{Connection, PgConnection};
use url::Url;
use uuid::Uuid;

use crate::{
    config::is_plain,
    credentials::WalletCredentials,
    error::WalletError,
    index::{Index, Source, postgres_options},
    location::WalletLocation,
    store::{StoreError, call_store},
};

/// PostgreSQL silently cuts longer names, which would make two wallets one.
const MAX_DATABASE_NAME_LENGTH: usize = 63;

/// Databases that belong to the server itself, even if they are empty.
const SERVER_DATABASES: [&str; 3] = ["postgres", "template0", "template1"];

/// PostgreSQL's own port.
const DEFAULT_PORT: u16 = 5432;

/// How long to wait for a server to accept a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Query parameters that make the driver connect to another server than the URL's host.
const OTHER_SERVER: [&str; 3] = ["host", "hostaddr", "port"];

/// The database of one wallet.
pub(crate) struct PostgresWallet {
    url: Url,
    location: WalletLocation,
}

impl PostgresWallet {
    /// The wallet's database on the server that the URL names. The id must have been checked.
    pub(super) fn new(id: &str, server: &str) -> Result<Self, WalletError> {
        let invalid = |reason: &str| WalletError::InvalidStorageUrl {
            id: id.to_owned(),
            reason: reason.to_owned(),
        };
        let mut url = Url::parse(server).map_err(|error| invalid(&error.to_string()))?;
        match url.scheme() {
            "postgres" => {}
            // Askar knows only the short name.
            "postgresql" => {
                url.set_scheme("postgres").map_err(|()| invalid("its scheme cannot be read"))?
            }
            _ => return Err(invalid("its scheme is neither postgres nor postgresql")),
        }
        if url.cannot_be_a_base() {
            return Err(invalid("`//` is missing after its scheme"));
        }
        let prefix = url.path().trim_matches('/');
        if !prefix.chars().all(is_plain) {
            return Err(invalid(
                "its path, the prefix of the database's name, may hold only ASCII letters, digits, `_` and `-`",
            ));
        }
        let database = match prefix {
            "" => id.to_owned(),
            prefix => format!("{prefix}_{id}"),
        };
        if database.len() > MAX_DATABASE_NAME_LENGTH {
            return Err(WalletError::InvalidId {
                id: id.to_owned(),
                reason: format!(
                    "the database's name `{database}` would have {} characters, and PostgreSQL allows {MAX_DATABASE_NAME_LENGTH}",
                    database.len()
                ),
            });
        }
        url.set_path(&format!("/{database}"));
        url.set_fragment(None);
        let host = url.host_str().unwrap_or("(local socket)");
        let port = url.port().unwrap_or(DEFAULT_PORT);
        let location = WalletLocation {
            id: id.to_owned(),
            location: format!("PostgreSQL database {database} at {host}:{port}"),
        };
        Ok(Self { url, location })
    }

    pub(super) fn into_parts(self) -> (Source, WalletLocation) {
        (Source::Postgres(self.url), self.location)
    }

    /// Creates the wallet. The tables are created in one transaction; a process that is killed in
    /// between leaves at most an empty database, which the next creation uses.
    pub(super) async fn create(&self, credentials: &WalletCredentials) -> Result<(), WalletError> {
        self.check_reachable().await?;
        match self.open_store(credentials).await {
            Ok(store) => {
                self.close(store).await?;
                Err(self.location.already_exists())
            }
            Err(StoreError::Damaged(_)) if self.is_empty().await? => {
                self.provision(credentials).await
            }
            // Whatever the database holds, it must not become a wallet's: deleting that would drop
            // it.
            Err(StoreError::Undecryptable | StoreError::Damaged(_)) => {
                Err(self.location.already_exists())
            }
            Err(StoreError::Missing) => self.provision(credentials).await,
            Err(error) => Err(self.location.while_opening(error)),
        }
    }

    /// Whether the database holds no table, view or sequence, and is not one of the server's own.
    async fn is_empty(&self) -> Result<bool, WalletError> {
        if SERVER_DATABASES.contains(&self.url.path().trim_matches('/')) {
            return Ok(false);
        }
        let count: sqlx::Result<i64> = async {
            let options = postgres_options(&self.url)?;
            let mut connection = PgConnection::connect_with(&options).await?;
            let objects: i64 = sqlx::query_scalar(
                "SELECT count(*) FROM pg_catalog.pg_class
                 WHERE relnamespace NOT IN (
                     SELECT oid FROM pg_catalog.pg_namespace
                     WHERE nspname = 'information_schema' OR nspname LIKE 'pg\\_%')",
            )
            .fetch_one(&mut connection)
            .await?;
            connection.close().await?;
            Ok(objects)
        }
        .await;
        let objects = count.map_err(|error| self.location.storage_failed(error))?;
        Ok(objects == 0)
    }

    async fn provision(&self, credentials: &WalletCredentials) -> Result<(), WalletError> {
        let method = credentials.method()?;
        // `Store::provision` opens a store that exists. The new profile's name, which no other
        // store has, makes it fail instead: success means that this call created the store.
        let profile = Uuid::new_v4().to_string();
        let provision = Store::provision(
            self.url.as_str(),
            method,
            credentials.pass_key(),
            Some(profile),
            false,
        );
        match call_store(provision).await {
            Ok(store) => {
                // The wallet exists now. An index that fails here is created when it is first
                // needed.
                let source = Source::Postgres(self.url.clone());
                let index = Index::open(&store, &source, credentials, &self.location).await;
                if let Ok(index) = index {
                    index.close().await;
                }
                self.close(store).await
            }
            // There was no store a moment ago: another process has just created it.
            Err(StoreError::Undecryptable | StoreError::AlreadyThere | StoreError::Damaged(_)) => {
                Err(self.location.already_exists())
            }
            Err(error) => Err(self.location.while_open(error)),
        }
    }

    /// Opens the wallet.
    pub(super) async fn open(&self, credentials: &WalletCredentials) -> Result<Store, WalletError> {
        self.check_reachable().await?;
        self.open_store(credentials).await.map_err(|error| self.location.while_opening(error))
    }

    /// Drops the wallet's database, if the key opens it and it is not open elsewhere.
    pub(super) async fn delete(&self, credentials: &WalletCredentials) -> Result<(), WalletError> {
        let store = self.open(credentials).await?;
        self.close(store).await?;
        let removed = call_store(Store::remove(self.url.as_str()))
            .await
            .map_err(|error| self.location.while_deleting(error))?;
        if removed { Ok(()) } else { Err(self.location.not_found()) }
    }

    async fn open_store(&self, credentials: &WalletCredentials) -> Result<Store, StoreError> {
        let key = credentials.pass_key();
        call_store(Store::open(self.url.as_str(), None, key, None)).await
    }

    async fn close(&self, store: Store) -> Result<(), WalletError> {
        call_store(store.close()).await.map_err(|error| self.location.while_open(error))
    }

    /// Connects to the server's port before the driver does: the driver retries a refused
    /// connection for half a minute, and then reports only a timeout.
    async fn check_reachable(&self) -> Result<(), WalletError> {
        let Some((host, port)) = self.server() else {
            return Ok(());
        };
        stdx::task::blocking(move || connect(&host, port))
            .await
            .map_err(|aborted| self.location.storage_failed(aborted))?
            .map_err(|error| self.location.unreachable(error))
    }

    /// Host and port, unless the server is reached in another way.
    fn server(&self) -> Option<(String, u16)> {
        let elsewhere = self.url.query_pairs().any(|(name, _)| OTHER_SERVER.contains(&&*name));
        let host = self.url.host_str()?;
        let is_socket = host.starts_with('%') || host.is_empty();
        if elsewhere || is_socket {
            return None;
        }
        let host = host.trim_start_matches('[').trim_end_matches(']');
        Some((host.to_owned(), self.url.port().unwrap_or(DEFAULT_PORT)))
    }
}

/// Connects to one of the host's addresses, and closes the connection.
fn connect(host: &str, port: u16) -> std::io::Result<()> {
    let mut last = std::io::Error::other("the host has no address");
    for address in (host, port).to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, CONNECT_TIMEOUT) {
            Ok(_) => return Ok(()),
            Err(error) => last = error,
        }
    }
    Err(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url_of(server: &str) -> String {
        PostgresWallet::new("issuer_wallet", server).unwrap().url.to_string()
    }

    #[test]
    fn the_database_is_named_after_the_wallet() {
        assert_eq!(
            url_of("postgres://user:pw@host:5433"),
            "postgres://user:pw@host:5433/issuer_wallet"
        );
        assert_eq!(url_of("postgresql://user@host/"), "postgres://user@host/issuer_wallet");
    }

    #[test]
    fn a_prefix_and_the_query_are_kept() {
        assert_eq!(
            url_of("postgres://user:pw@host/tutorial?admin_account=root&sslmode=disable"),
            "postgres://user:pw@host/tutorial_issuer_wallet?admin_account=root&sslmode=disable"
        );
    }

    #[test]
    fn an_at_sign_in_a_password_does_not_become_the_host() {
        assert_eq!(url_of("postgres://user:p@w@host"), "postgres://user:p%40w@host/issuer_wallet");
    }

    #[test]
    fn a_malformed_url_is_refused_without_repeating_it() {
        for url in [
            "not a url, hunter2",
            "mysql://user:hunter2@host",
            "postgres:hunter2",
            "postgres://user:hunter2@host:port",
            "postgres://user:hunter2@host/a/b",
            "postgres://user:hunter2@host/a%22b",
        ] {
            let error = PostgresWallet::new("id", url).err().unwrap();
            assert_eq!(error.code(), "WalletInvalidStorageUrl", "{url}");
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains("hunter2"), "{shown}");
        }
    }

    #[test]
    fn a_database_name_that_postgresql_would_cut_is_refused() {
        let id = "w".repeat(64);
        let error = PostgresWallet::new(&id, "postgres://host").err().unwrap();
        assert_eq!(error.code(), "WalletInvalidId");
    }
}
