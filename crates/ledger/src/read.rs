//! Reading from the ledger in one call: build the request, submit it, parse the reply.

use indy_credx::types::{CredentialDefinition, Schema};
use stdx::task::boxed;

use crate::{
    build::{build_get_cred_def_request, build_get_schema_request},
    error::LedgerError,
    pool::Pool,
    reply::{parse_get_cred_def_response, parse_get_schema_response},
    submit::submit_request,
};

/// Reads a schema by its identifier, with its sequence number. Without `submitter_did` the read is
/// anonymous.
///
/// # Errors
/// [`LedgerError::NotFound`] when the ledger has no such schema, and those of the three calls.
#[boxed]
pub async fn read_schema(
    pool: &Pool,
    submitter_did: Option<&str>,
    schema_id: &str,
) -> Result<Schema, LedgerError> {
    let request = build_get_schema_request(submitter_did, schema_id)?;
    parse_get_schema_response(&submit_request(pool, &request).await?)
}

/// Reads a credential definition by its identifier. Without `submitter_did` the read is anonymous.
///
/// # Errors
/// [`LedgerError::NotFound`] when the ledger has no such definition, and those of the three calls.
#[boxed]
pub async fn read_cred_def(
    pool: &Pool,
    submitter_did: Option<&str>,
    cred_def_id: &str,
) -> Result<CredentialDefinition, LedgerError> {
    let request = build_get_cred_def_request(submitter_did, cred_def_id)?;
    parse_get_cred_def_response(&submit_request(pool, &request).await?)
}
