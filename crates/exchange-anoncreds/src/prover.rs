//! A prover.

use wallet::Wallet;

use crate::PublicObjects;

/// A prover's wallet, and its source of public data.
#[derive(Clone, Copy)]
pub struct Prover<'p> {
    /// The wallet with the credentials.
    pub wallet: &'p Wallet,
    /// The name of the link secret in that wallet.
    pub link_secret: &'p str,
    /// The source of schemas and credential definitions.
    pub objects: &'p dyn PublicObjects,
}
