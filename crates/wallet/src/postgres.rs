//! Wallets that are PostgreSQL databases.

use std::{
    net::{TcpStream, ToSocketAddrs},
    time::Duration,
};

use aries_askar::Store;
use sqlx::{Connection, PgConnection};
use url::Url;
use uuid::Uuid;

use super::{
    WalletCredentials,
    config::is_plain,
    fault::{Fault, guarded},
    index::{Index, Source, postgres_options},
    place::Place,
};
use crate::error::WalletError;

/// PostgreSQL silently cuts longer names, which would make two wallets one.
const LONGEST_DATABASE_NAME: usize = 63;

/// Databases that belong to the server itself, empty as they may be.
const SERVER_DATABASES: [&str; 3] = ["postgres", "template0", "template1"];

/// PostgreSQL's own port.
const DEFAULT_PORT: u16 = 5432;

/// How long a server may take to accept a connection.
const PATIENCE: Duration = Duration::from_secs(5);

/// Query parameters that lead the driver to another server than the one in the URL's host.
const OTHER_SERVER: [&str; 3] = ["host", "hostaddr", "port"];

/// The database of one wallet.
pub(super) struct PostgresWallet {
    url: Url,
    pub(super) place: Place,
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
            "postgresql" => url
                .set_scheme("postgres")
                .map_err(|()| invalid("its scheme cannot be read"))?,
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
        if database.len() > LONGEST_DATABASE_NAME {
            return Err(WalletError::InvalidId {
                id: id.to_owned(),
                reason: format!(
                    "the database's name `{database}` would have {} characters, and PostgreSQL allows {LONGEST_DATABASE_NAME}",
                    database.len()
                ),
            });
        }
        url.set_path(&format!("/{database}"));
        url.set_fragment(None);
        let host = url.host_str().unwrap_or("(local socket)");
        let port = url.port().unwrap_or(DEFAULT_PORT);
        let place = Place {
            id: id.to_owned(),
            location: format!("PostgreSQL database {database} at {host}:{port}"),
        };
        Ok(Self { url, place })
    }

    /// Where the search index finds the tables.
    pub(super) fn source(&self) -> Source {
        Source::Postgres(self.url.clone())
    }

    /// Creates the wallet. The tables are made in one transaction; a process that is killed on the
    /// way leaves at most an empty database, and the next `create` goes on from there.
    pub(super) async fn create(&self, credentials: &WalletCredentials) -> Result<(), WalletError> {
        self.check_reachable().await?;
        match self.open_store(credentials).await {
            Ok(store) => {
                self.close(store).await?;
                Err(self.place.already_exists())
            }
            Err(Fault::Damaged(_)) if self.is_empty().await? => self.provision(credentials).await,
            // Whatever the database holds, it is not for us: the wallet's deletion would drop it.
            Err(Fault::Undecryptable | Fault::Damaged(_)) => Err(self.place.already_exists()),
            Err(Fault::Missing) => self.provision(credentials).await,
            Err(fault) => Err(self.place.opening(fault)),
        }
    }

    /// Whether the database holds no table, view or sequence at all, and is not one of the server's
    /// own.
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
        let objects = count.map_err(|error| self.place.failed(error))?;
        Ok(objects == 0)
    }

    async fn provision(&self, credentials: &WalletCredentials) -> Result<(), WalletError> {
        let method = credentials.method()?;
        // `Store::provision` opens a store that is there already. The new profile's name, which no
        // other store has, makes it fail instead: success means that this call made the store.
        let profile = Uuid::new_v4().to_string();
        let provision = Store::provision(
            self.url.as_str(),
            method,
            credentials.pass_key(),
            Some(profile),
            false,
        );
        match guarded(provision).await {
            Ok(store) => {
                // The wallet is there. If its index is not, it is made when it is first needed.
                let index = Index::open(&store, &self.source(), credentials, &self.place).await;
                if let Ok(index) = index {
                    index.close().await;
                }
                self.close(store).await
            }
            // There was no store a moment ago: another process has just made it.
            Err(Fault::Undecryptable | Fault::AlreadyThere | Fault::Damaged(_)) => {
                Err(self.place.already_exists())
            }
            Err(fault) => Err(self.place.working(fault)),
        }
    }

    /// Opens the wallet.
    pub(super) async fn open(&self, credentials: &WalletCredentials) -> Result<Store, WalletError> {
        self.check_reachable().await?;
        self.open_store(credentials)
            .await
            .map_err(|fault| self.place.opening(fault))
    }

    /// Drops the wallet's database, if the key opens it and nobody has it open.
    pub(super) async fn delete(&self, credentials: &WalletCredentials) -> Result<(), WalletError> {
        let store = self.open(credentials).await?;
        self.close(store).await?;
        let removed = guarded(Store::remove(self.url.as_str()))
            .await
            .map_err(|fault| self.place.deleting(fault))?;
        if removed {
            Ok(())
        } else {
            Err(self.place.not_found())
        }
    }

    async fn open_store(&self, credentials: &WalletCredentials) -> Result<Store, Fault> {
        let key = credentials.pass_key();
        guarded(Store::open(self.url.as_str(), None, key, None)).await
    }

    async fn close(&self, store: Store) -> Result<(), WalletError> {
        guarded(store.close())
            .await
            .map_err(|fault| self.place.working(fault))
    }

    /// Knocks at the server's port first: the driver retries a refused connection for half a
    /// minute, and then says only that it has run out of time.
    async fn check_reachable(&self) -> Result<(), WalletError> {
        let Some((host, port)) = self.server() else {
            return Ok(());
        };
        let knocked = tokio::task::spawn_blocking(move || knock(&host, port)).await;
        match knocked {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(self.place.unreachable(error.to_string())),
            Err(error) => Err(self.place.failed(error)),
        }
    }

    /// Host and port, unless the server is reached in another way.
    fn server(&self) -> Option<(String, u16)> {
        let elsewhere = self
            .url
            .query_pairs()
            .any(|(name, _)| OTHER_SERVER.contains(&&*name));
        let host = self.url.host_str()?;
        let is_socket = host.starts_with('%') || host.is_empty();
        if elsewhere || is_socket {
            return None;
        }
        let host = host.trim_start_matches('[').trim_end_matches(']');
        Some((host.to_owned(), self.url.port().unwrap_or(DEFAULT_PORT)))
    }
}

/// Connects to one of the host's addresses and hangs up.
fn knock(host: &str, port: u16) -> std::io::Result<()> {
    let mut last = std::io::Error::other("the host has no address");
    for address in (host, port).to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, PATIENCE) {
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
        PostgresWallet::new("issuer_wallet", server)
            .unwrap()
            .url
            .to_string()
    }

    #[test]
    fn the_database_is_named_after_the_wallet() {
        assert_eq!(
            url_of("postgres://user:pw@host:5433"),
            "postgres://user:pw@host:5433/issuer_wallet"
        );
        assert_eq!(
            url_of("postgresql://user@host/"),
            "postgres://user@host/issuer_wallet"
        );
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
        assert_eq!(
            url_of("postgres://user:p@w@host"),
            "postgres://user:p%40w@host/issuer_wallet"
        );
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
