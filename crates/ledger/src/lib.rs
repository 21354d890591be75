//! Requests to an Indy ledger: build, sign and submit them, and read the replies.
//!
//! The requests are those of an Indy node, byte for byte; the embedded ledger and a real pool take
//! the same ones. See [`pool`] for the two.
//!
//! | request | writes or reads | builder | reader of the reply |
//! |---|---|---|---|
//! | NYM | a DID, its key and role | [`build_nym_request`] | |
//! | SCHEMA | a credential schema | [`build_schema_request`] | |
//! | CRED_DEF | an issuer's keys for a schema | [`build_cred_def_request`] | |
//! | GET_NYM | | [`build_get_nym_request`] | [`parse_get_nym_response`] |
//! | GET_SCHEMA | | [`build_get_schema_request`] | [`parse_get_schema_response`] |
//! | GET_CRED_DEF | | [`build_get_cred_def_request`] | [`parse_get_cred_def_response`] |
//! | GET_REVOC_REG_DEF | a revocation registry's definition | [`build_get_revoc_reg_def_request`] | [`parse_get_revoc_reg_def_response`] |
//! | GET_REVOC_REG | its accumulator at a time | [`build_get_revoc_reg_request`] | [`parse_get_revoc_reg_response`] |
//!
//! [`read_schema`], [`read_cred_def`], [`read_revoc_reg_def`] and [`read_revoc_reg`] build, submit
//! and parse in one call. [`find_written`] says whether the ledger has already what a request would
//! write.
//!
//! A write must be signed by its author ([`sign_request`]); a read need not be.

pub mod pool;

mod build;
mod error;
mod format;
mod read;
mod reply;
mod request;
mod revocation;
mod submit;
mod written;

pub use build::{
    build_cred_def_request, build_get_cred_def_request, build_get_nym_request,
    build_get_schema_request, build_nym_request, build_schema_request,
};
pub use error::{LedgerError, Refusal};
pub use format::{PROTOCOL_VERSION, Role};
pub use read::{read_cred_def, read_schema};
pub use reply::{
    NymData, Reply, parse_get_cred_def_response, parse_get_nym_response, parse_get_schema_response,
};
pub use request::{ANONYMOUS_DID, LedgerRequest};
pub use revocation::{
    RegistryEntry, build_get_revoc_reg_def_request, build_get_revoc_reg_request,
    parse_get_revoc_reg_def_response, parse_get_revoc_reg_response, read_revoc_reg,
    read_revoc_reg_def,
};
pub use submit::{sign_and_submit_request, sign_request, submit_request};
pub use written::{Written, find_written};
