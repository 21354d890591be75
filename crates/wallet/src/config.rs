//! A wallet's id and storage, as the caller gives them.

use std::{fmt, path::PathBuf};

use crate::error::WalletError;

/// The greatest length of a wallet's id, in bytes.
const MAX_ID_LENGTH: usize = 64;

/// A wallet's id and storage.
#[derive(Clone, Debug)]
pub struct WalletConfig {
    /// The wallet's name: 1 to 64 ASCII letters, digits, `_` or `-`, because it becomes the name
    /// of a file or of a database.
    pub id: String,
    /// Where the wallet is kept.
    pub storage: WalletStorage,
}

/// Where a wallet is kept.
#[derive(Clone)]
pub enum WalletStorage {
    /// In the SQLite file `<directory>/<id>.sqlite`.
    Sqlite {
        /// The directory; [`create_wallet`](crate::create_wallet) creates it when it is missing.
        directory: PathBuf,
    },
    /// In a PostgreSQL database of its own: `<id>`, or `<prefix>_<id>` when the URL has a path.
    Postgres {
        /// The server: `postgres://user:password@host:5432` or
        /// `postgres://user:password@host:5432/prefix`. Query parameters are kept, among them
        /// Askar's `admin_account` and `admin_password` (for creating and dropping databases) and
        /// `connect_timeout` (seconds), and the driver's `sslmode`.
        url: String,
    },
}

/// Shows the location, but neither the user's password nor the query, which can hold the
/// administrator's.
impl fmt::Debug for WalletStorage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite { directory } => {
                formatter.debug_struct("Sqlite").field("directory", directory).finish()
            }
            Self::Postgres { url } => {
                formatter.debug_struct("Postgres").field("url", &without_secrets(url)).finish()
            }
        }
    }
}

/// Returns a URL without what may be a password.
pub(crate) fn without_secrets(url: &str) -> String {
    let Ok(mut url) = url::Url::parse(url) else {
        return "(not a URL)".to_owned();
    };
    if !url.has_host() {
        return format!("{}:(no host)", url.scheme());
    }
    // This cannot fail for a URL with a host.
    let _ = url.set_password(None);
    url.set_query(None);
    url.set_fragment(None);
    url.to_string()
}

impl WalletConfig {
    /// Checks that the id can be the name of a file and of a database.
    pub(crate) fn check_id(&self) -> Result<(), WalletError> {
        let invalid = |reason: String| WalletError::InvalidId { id: self.id.clone(), reason };
        if self.id.is_empty() {
            return Err(invalid("it is empty".to_owned()));
        }
        if let Some(odd) = self.id.chars().find(|&c| !is_plain(c)) {
            return Err(invalid(format!("it contains {odd:?}")));
        }
        if self.id.len() > MAX_ID_LENGTH {
            return Err(invalid(format!("it is {} bytes long", self.id.len())));
        }
        Ok(())
    }
}

/// The characters that mean nothing special to any file system, URL or SQL identifier.
pub(crate) fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '-'
}
