//! The tutorial's API: the modules of libindy, over today's maintained parts.
//!
//! The "Negotiate a Proof" tutorial is written against five modules of libindy. They are here, with
//! a sixth, under the same names and with the same function names. The functions take and return
//! typed values instead of JSON strings, and are `async` where they wait:
//!
//! | module | what it does | what is behind it |
//! |---|---|---|
//! | [`pool`] | create, open, close and delete a ledger connection | an embedded ledger, or a pool of nodes |
//! | [`ledger`] | build, sign and submit ledger requests | the Indy node's own request format |
//! | [`wallet`] | create, open, close and delete encrypted wallets | `aries-askar` |
//! | [`did`] | create DIDs and keep their keys | `aries-askar` |
//! | [`non_secrets`] | keep a program's own records in a wallet | `aries-askar`, and a search index |
//! | [`anoncreds`] | issue, search, prove, verify | `indy-credx`, `cl` and `proofs` |
//!
//! Every error is one of the enums in [`error`], with a stable code named after libindy's.
//!
//! This crate contains re-exports only. The code is in the crates `wallet`, `ledger` and
//! `anoncreds`, which programs may also use directly.

pub mod error;

/// Connections to a ledger: `create_pool_ledger_config`, `open_pool_ledger`, `close_pool_ledger`,
/// `delete_pool_ledger_config`.
pub mod pool {
    pub use ::ledger::pool::*;
}

/// Ledger requests: `build_nym_request`, `build_schema_request`, `build_cred_def_request`,
/// `sign_request`, `submit_request` and the calls that read replies.
pub mod ledger {
    pub use ::ledger::{
        ANONYMOUS_DID, LedgerRequest, NymData, PROTOCOL_VERSION, Refusal, RegistryEntry, Reply,
        Role, Written, build_cred_def_request, build_get_cred_def_request, build_get_nym_request,
        build_get_revoc_reg_def_request, build_get_revoc_reg_request, build_get_schema_request,
        build_nym_request, build_schema_request, find_written, parse_get_cred_def_response,
        parse_get_nym_response, parse_get_revoc_reg_def_response, parse_get_revoc_reg_response,
        parse_get_schema_response, read_cred_def, read_revoc_reg, read_revoc_reg_def, read_schema,
        sign_and_submit_request, sign_request, submit_request,
    };
}

/// Encrypted wallets: `create_wallet`, `open_wallet`, `close_wallet`, `delete_wallet`.
pub mod wallet {
    pub use ::anoncreds::{
        Count, ExportReport, ForeignReport, ImportReport, Renamed, WalletContents, export_wallet,
        import_credentials, import_credentials_renaming, import_foreign_wallet,
        rebuild_class_directory, wallet_contents,
    };
    pub use ::wallet::{
        KeyDerivation, Wallet, WalletConfig, WalletCredentials, WalletKey, WalletStorage,
        close_wallet, create_wallet, delete_wallet, generate_wallet_key, open_wallet,
    };
    pub use ::wallet::{age, foreign};
}

/// DIDs and their keys: `create_and_store_my_did`, `key_for_local_did`, `list_my_dids`,
/// `sign_with_did`.
pub mod did {
    pub use ::wallet::did::*;
}

/// A program's own records in a wallet: `add_wallet_record`, `get_wallet_record`,
/// `open_wallet_search`, `fetch_wallet_search_next_records` and more.
pub mod non_secrets {
    pub use ::wallet::non_secrets::*;
}

/// Anonymous credentials: the calls `issuer_…`, `prover_…` and `verifier_…`.
pub mod anoncreds {
    pub use ::anoncreds::*;
}
