//! Reading revocation registries: their definitions, and what was valid at a time.
//!
//! The embedded ledger has no registries and refuses these requests; a pool of nodes answers them.

use indy_credx::types::{RevocationRegistry, RevocationRegistryDefinition};
use serde_json::{Value, json};
use stdx::task::boxed;

use crate::{
    build::{check_did, invalid, read_request},
    error::LedgerError,
    format::operation_type,
    pool::Pool,
    reply::{Reply, not_found, text, unexpected},
    request::LedgerRequest,
    submit::submit_request,
};

/// What all identifiers of registries have after the DID of their author.
const REGISTRY_MARKER: &str = ":4:";

/// Builds a GET_REVOC_REG_DEF request: reads the definition of a revocation registry.
///
/// # Errors
/// [`LedgerError::InvalidInput`] for an identifier of another form.
pub fn build_get_revoc_reg_def_request(
    submitter_did: Option<&str>,
    rev_reg_id: &str,
) -> Result<LedgerRequest, LedgerError> {
    check_registry_id(rev_reg_id)?;
    let operation = json!({"type": operation_type::GET_REVOC_REG_DEF, "id": rev_reg_id});
    read_request(submitter_did, operation)
}

/// Builds a GET_REVOC_REG request: reads the accumulator of a registry that was valid at a time, in
/// seconds since 1970.
///
/// # Errors
/// [`LedgerError::InvalidInput`] for an identifier of another form.
pub fn build_get_revoc_reg_request(
    submitter_did: Option<&str>,
    rev_reg_id: &str,
    timestamp: u64,
) -> Result<LedgerRequest, LedgerError> {
    check_registry_id(rev_reg_id)?;
    let operation = json!({
        "type": operation_type::GET_REVOC_REG,
        "revocRegDefId": rev_reg_id,
        "timestamp": timestamp,
    });
    read_request(submitter_did, operation)
}

fn check_registry_id(id: &str) -> Result<(), LedgerError> {
    let expected = "use <DID>:4:<credential definition id>:CL_ACCUM:<tag>";
    let (did, _) = id
        .split_once(REGISTRY_MARKER)
        .ok_or_else(|| invalid("revocation registry id", id, expected))?;
    check_did("DID of the revocation registry id", did)
}

/// Parses the reply to a GET_REVOC_REG_DEF request.
///
/// # Errors
/// [`LedgerError::NotFound`] when the ledger has no such registry; [`LedgerError::UnexpectedReply`]
/// for the reply to something else, or a definition whose key cannot be read.
pub fn parse_get_revoc_reg_def_response(
    reply: &Reply,
) -> Result<RevocationRegistryDefinition, LedgerError> {
    const EXPECTED: &str = "the reply to GET_REVOC_REG_DEF";
    let (result, seq_no) = reply.read_result(operation_type::GET_REVOC_REG_DEF, EXPECTED)?;
    let (Some(_), Some(data)) = (seq_no, reply.data()) else {
        let id = text(result, "id", EXPECTED)?;
        return Err(not_found("revocation registry", id));
    };
    let mut definition = data.as_object().cloned().unwrap_or_default();
    definition.insert("ver".to_owned(), json!("1.0"));
    credx::from_value(&definition.into()).map_err(|error| unexpected(EXPECTED, &error.to_string()))
}

/// A registry's accumulator, and since when it is valid.
#[derive(Debug)]
pub struct RegistryEntry {
    /// The accumulator.
    pub registry: RevocationRegistry,
    /// When the transaction that wrote it was ordered, in seconds since 1970.
    pub time: u64,
}

/// Parses the reply to a GET_REVOC_REG request.
///
/// # Errors
/// [`LedgerError::NotFound`] when the ledger had no entry of this registry at that time;
/// [`LedgerError::UnexpectedReply`] for the reply to something else, or an accumulator that cannot
/// be read.
pub fn parse_get_revoc_reg_response(reply: &Reply) -> Result<RegistryEntry, LedgerError> {
    const EXPECTED: &str = "the reply to GET_REVOC_REG";
    let (result, seq_no) = reply.read_result(operation_type::GET_REVOC_REG, EXPECTED)?;
    let (Some(_), Some(data)) = (seq_no, reply.data()) else {
        let id = text(result, "revocRegDefId", EXPECTED)?;
        let id = format!("{id} at {}", result["timestamp"]);
        return Err(not_found("entry of the revocation registry", &id));
    };
    let time = result["txnTime"]
        .as_u64()
        .ok_or_else(|| unexpected(EXPECTED, "`txnTime` is not a number"))?;
    let registry: Value = json!({"ver": "1.0", "value": data["value"]});
    let registry =
        credx::from_value(&registry).map_err(|error| unexpected(EXPECTED, &error.to_string()))?;
    Ok(RegistryEntry { registry, time })
}

/// Reads the definition of a revocation registry by its identifier. Without `submitter_did` the
/// read is anonymous.
///
/// # Errors
/// [`LedgerError::NotFound`] when the ledger has no such definition, and those of the three calls.
#[boxed]
pub async fn read_revoc_reg_def(
    pool: &Pool,
    submitter_did: Option<&str>,
    rev_reg_id: &str,
) -> Result<RevocationRegistryDefinition, LedgerError> {
    let request = build_get_revoc_reg_def_request(submitter_did, rev_reg_id)?;
    parse_get_revoc_reg_def_response(&submit_request(pool, &request).await?)
}

/// Reads the accumulator of a revocation registry that was valid at a time, in seconds since 1970.
/// Without `submitter_did` the read is anonymous.
///
/// # Errors
/// [`LedgerError::NotFound`] when the ledger had no entry then, and those of the three calls.
#[boxed]
pub async fn read_revoc_reg(
    pool: &Pool,
    submitter_did: Option<&str>,
    rev_reg_id: &str,
    timestamp: u64,
) -> Result<RegistryEntry, LedgerError> {
    let request = build_get_revoc_reg_request(submitter_did, rev_reg_id, timestamp)?;
    parse_get_revoc_reg_response(&submit_request(pool, &request).await?)
}
