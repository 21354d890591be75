//! Signing a request with a wallet's key, and submitting it to a pool.

use stdx::task::boxed;
use wallet::{Wallet, did};

use crate::{
    error::LedgerError,
    pool::Pool,
    reply::Reply,
    request::{ANONYMOUS_DID, LedgerRequest},
};

/// Signs a request with the key that `wallet` holds for `submitter_did`.
///
/// An anonymous read becomes the submitter's.
///
/// # Errors
/// [`LedgerError::InvalidInput`] when the request names another author;
/// [`LedgerError::Did`] when the wallet has no key for the submitter.
#[boxed]
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
#[boxed]
pub async fn submit_request(pool: &Pool, request: &LedgerRequest) -> Result<Reply, LedgerError> {
    Reply::from_json(&pool.submit(&request.to_json()).await?)
}

/// Signs a request, submits it and waits for the reply.
///
/// # Errors
/// Those of [`sign_request`] and [`submit_request`].
#[boxed]
pub async fn sign_and_submit_request(
    pool: &Pool,
    wallet: &Wallet,
    submitter_did: &str,
    request: &LedgerRequest,
) -> Result<Reply, LedgerError> {
    let signed = sign_request(wallet, submitter_did, request).await?;
    submit_request(pool, &signed).await
}
