//! Requests to the ledger: build them, sign them, submit them, read the replies.
//!
//! The requests are those of an Indy node, byte for byte; they can be given to the embedded ledger
//! and to a real pool alike. See [`crate::pool`] for the two.
//!
//! | request | writes or reads | builder | reader of the reply |
//! |---|---|---|---|
//! | NYM | a DID, its key and role | [`build_nym_request`] | |
//! | SCHEMA | a credential schema | [`build_schema_request`] | |
//! | CRED_DEF | an issuer's keys for a schema | [`build_cred_def_request`] | |
//! | GET_NYM | | [`build_get_nym_request`] | [`parse_get_nym_response`] |
//! | GET_SCHEMA | | [`build_get_schema_request`] | [`parse_get_schema_response`] |
//! | GET_CRED_DEF | | [`build_get_cred_def_request`] | [`parse_get_cred_def_response`] |
//!
//! [`read_schema`] and [`read_cred_def`] build, submit and parse in one call.
//!
//! A write must be signed by its author ([`sign_request`]); a read need not be.

mod build;
mod error;
mod format;
pub mod pool;
mod read;
mod reply;
mod request;

pub use build::{
    build_cred_def_request, build_get_cred_def_request, build_get_nym_request,
    build_get_schema_request, build_nym_request, build_schema_request,
};
pub use error::LedgerError;
pub use format::{PROTOCOL_VERSION, Role};
pub use read::{read_cred_def, read_schema};
pub use reply::{
    NymData, Refusal, Reply, parse_get_cred_def_response, parse_get_nym_response,
    parse_get_schema_response,
};
pub use request::{ANONYMOUS_DID, LedgerRequest};

use wallet::{Wallet, did};

use crate::pool::Pool;

/// Signs a request with the key that `wallet` holds for `submitter_did`.
///
/// An anonymous read becomes the submitter's.
///
/// # Errors
/// [`LedgerError::InvalidInput`] when the request names another author;
/// [`LedgerError::Did`] when the wallet has no key for the submitter.
pub async fn sign_request(
    wallet: &Wallet,
    submitter_did: &str,
    request: &LedgerRequest,
) -> Result<LedgerRequest, LedgerError> {
    let mut signed = request.clone();
    match request.identifier.as_deref() {
        Some(author) if author == submitter_did => {}
        None | Some(ANONYMOUS_DID) => signed.identifier = Some(submitter_did.to_owned()),
        Some(author) => {
            return Err(LedgerError::InvalidInput {
                what: "submitter DID",
                found: submitter_did.to_owned(),
                expected: format!("the request was built for {author}, who must sign it"),
            });
        }
    }
    let input = signed.signature_input();
    let signature = did::sign_with_did(wallet, submitter_did, input.as_bytes()).await?;
    signed.signature = Some(bs58::encode(signature).into_string());
    Ok(signed)
}

/// Submits a request and waits for the reply.
///
/// # Errors
/// [`LedgerError::Refused`] when the ledger refuses it; [`LedgerError::Pool`] when it could not be
/// delivered, or the ledger could not write it.
pub async fn submit_request(pool: &Pool, request: &LedgerRequest) -> Result<Reply, LedgerError> {
    Reply::from_json(&pool.submit(&request.to_json()).await?)
}

/// Signs a request, submits it and waits for the reply.
///
/// # Errors
/// Those of [`sign_request`] and [`submit_request`].
pub async fn sign_and_submit_request(
    pool: &Pool,
    wallet: &Wallet,
    submitter_did: &str,
    request: &LedgerRequest,
) -> Result<Reply, LedgerError> {
    let signed = sign_request(wallet, submitter_did, request).await?;
    submit_request(pool, &signed).await
}
