//! A wallet's store as Askar itself sees it.

use aries_askar::{PassKey, Store, entry::EntryTag};
use test_support::wallets::TestWallet;
use wallet::WalletStorage;

/// Returns the URL under which Askar opens the wallet's store.
pub fn store_url(test: &TestWallet) -> String {
    let id = &test.config.id;
    match &test.config.storage {
        WalletStorage::Sqlite { directory } => {
            format!("sqlite://{}/{id}.sqlite", directory.display())
        }
        WalletStorage::Postgres { url } => format!("{}/{id}", url.trim_end_matches('/')),
    }
}

/// Opens the wallet's store.
pub async fn open_store(test: &TestWallet) -> Store {
    let key = PassKey::from(test.key.as_str());
    Store::open(&store_url(test), None, key, None).await.unwrap()
}

/// Returns an encrypted tag.
pub fn encrypted(name: &str, value: &str) -> EntryTag {
    EntryTag::Encrypted(name.to_owned(), value.to_owned())
}
