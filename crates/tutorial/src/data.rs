//! The tutorial's data: wallets, seed, names, and the credential that is issued.
//!
//! They are those of every published edition of the tutorial, and as public as this file.

/// A wallet of the tutorial: its id, and the passphrase that the tutorial prints.
#[derive(Debug, Clone, Copy)]
pub struct WalletAccount<'a> {
    /// The wallet's id.
    pub id: &'a str,
    /// The wallet's passphrase.
    pub key: &'a str,
}

// ANCHOR: data
/// The name of the pool ledger configuration.
pub const POOL_NAME: &str = "pool";
/// The issuer's wallet, which holds the steward's and the trust anchor's keys.
pub const ISSUER_WALLET: WalletAccount<'static> =
    WalletAccount { id: "issuer_wallet", key: "issuer_wallet_key" };
/// The prover's wallet, which holds the link secret and the credential.
pub const PROVER_WALLET: WalletAccount<'static> =
    WalletAccount { id: "prover_wallet", key: "prover_wallet_key" };
/// The seed of the steward in the test genesis. It is public.
pub const STEWARD_SEED: &str = "000000000000000000000000Steward1";
/// The prover's DID; only a name here, since the prover writes nothing to the ledger.
pub const PROVER_DID: &str = "VsKV7grR1BUE29mG2Fm2kX";
/// The name of the prover's link secret in its wallet.
pub const LINK_SECRET: &str = "link_secret";

/// The name of the schema.
pub const SCHEMA_NAME: &str = "gvt";
/// The version of the schema.
pub const SCHEMA_VERSION: &str = "1.0";
/// The attributes of the schema.
pub const SCHEMA_ATTRIBUTES: [&str; 4] = ["age", "sex", "height", "name"];
/// The tag of the credential definition.
pub const CRED_DEF_TAG: &str = "TAG1";
/// The attributes of the credential, with Alex's values.
pub const CREDENTIAL: [(&str, &str); 4] =
    [("sex", "male"), ("name", "Alex"), ("height", "175"), ("age", "28")];

/// The referent of the requested attribute.
pub const ATTRIBUTE: &str = "attr1_referent";
/// The referent of the requested predicate.
pub const PREDICATE: &str = "predicate1_referent";
// ANCHOR_END: data
