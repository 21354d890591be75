//! Wallets as other crates use them: in SQLite, and in PostgreSQL where a server is named.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests may fail like the tests themselves"
)]

extern crate negotiate_wallet as wallet;

/// Defines a test for each kind of database: a function that takes a
/// [`TestWallet`](test_support::wallets::TestWallet).
macro_rules! on_both {
    ($($name:ident;)*) => {
        mod in_sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                super::$name(test_support::wallets::TestWallet::sqlite()).await;
            })*
        }
        mod in_postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                if let Some(test) = test_support::wallets::TestWallet::postgres() {
                    super::$name(test).await;
                }
            })*
        }
    };
}

mod askar;
mod did;
mod index;
mod non_secrets;
mod postgres;
mod records;
mod sqlite;
