//! Whether a ledger has already what a request would write.

use std::{collections::BTreeSet, fmt};

use indy_credx::types::{CredentialDefinition, Schema};
use serde_json::Value;
use stdx::task::boxed;

use crate::{
    build::build_get_nym_request,
    error::LedgerError,
    format::{Role, cred_def_id, decode_verkey, operation_type, schema_id},
    pool::Pool,
    read::{read_cred_def, read_schema},
    reply::parse_get_nym_response,
    request::{ANONYMOUS_DID, LedgerRequest},
    submit::submit_request,
};

/// Something on the ledger: a DID, a schema or a credential definition. `Display` names it, as "the
/// DID ...".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// `DID`, `schema` or `credential definition`.
    pub what: &'static str,
    /// Its identifier.
    pub id: String,
}

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the {} {}", self.what, self.id)
    }
}

/// Returns what a NYM, SCHEMA or CRED_DEF request would write, if the ledger has just that: the DID
/// with the key and the role that the request names, the schema with the same attributes, the
/// credential definition with the same public key. `None` if it has none or another, and for
/// requests that write nothing.
///
/// A program that was stopped asks before it writes again: a ledger takes the same credential
/// definition twice, and refuses the same schema.
///
/// # Errors
/// Those of a read, except that nothing was found.
#[boxed]
pub async fn find_written(
    pool: &Pool,
    request: &LedgerRequest,
) -> Result<Option<Written>, LedgerError> {
    let operation = &request.operation;
    let author = request.identifier.as_deref().unwrap_or(ANONYMOUS_DID);
    let found = match operation["type"].as_str() {
        Some(operation_type::NYM) => find_nym(pool, operation).await,
        Some(operation_type::SCHEMA) => find_schema(pool, author, operation).await,
        Some(operation_type::CRED_DEF) => find_cred_def(pool, author, operation).await,
        _ => Ok(None),
    };
    match found {
        Err(LedgerError::NotFound { .. }) => Ok(None),
        found => found,
    }
}

async fn find_nym(pool: &Pool, operation: &Value) -> Result<Option<Written>, LedgerError> {
    let did = text(operation, "dest");
    let request = build_get_nym_request(None, did)?;
    let found = parse_get_nym_response(&submit_request(pool, &request).await?)?;
    // a verkey may be abbreviated; a member that the request does not have changes nothing
    let key = |verkey: Option<&str>| decode_verkey(did, verkey?);
    let wanted = operation.get("verkey");
    let same_key = wanted.is_none_or(|verkey| key(verkey.as_str()) == key(found.verkey.as_deref()));
    let wanted = operation.get("role");
    let same_role = wanted.is_none_or(|role| role.as_str() == found.role.map(Role::code));
    Ok((same_key && same_role).then(|| Written { what: "DID", id: did.to_owned() }))
}

async fn find_schema(
    pool: &Pool,
    author: &str,
    operation: &Value,
) -> Result<Option<Written>, LedgerError> {
    let data = &operation["data"];
    let id = schema_id(author, text(data, "name"), text(data, "version"));
    let Schema::SchemaV1(found) = read_schema(pool, None, &id).await?;
    // attribute names are a set: a ledger may return them in any order
    let found: BTreeSet<_> = found.attr_names.0.iter().map(|name| Some(name.as_str())).collect();
    let wanted = data["attr_names"].as_array().into_iter().flatten();
    let is_same = wanted.map(Value::as_str).collect::<BTreeSet<_>>() == found;
    Ok(is_same.then_some(Written { what: "schema", id }))
}

async fn find_cred_def(
    pool: &Pool,
    author: &str,
    operation: &Value,
) -> Result<Option<Written>, LedgerError> {
    let schema_seq_no = operation["ref"].as_u64().unwrap_or_default();
    let (signature_type, tag) = (text(operation, "signature_type"), text(operation, "tag"));
    let id = cred_def_id(author, signature_type, schema_seq_no, tag);
    let CredentialDefinition::CredentialDefinitionV1(found) =
        read_cred_def(pool, None, &id).await?;
    let is_same = serde_json::to_value(&found.value).is_ok_and(|key| key == operation["data"]);
    Ok(is_same.then_some(Written { what: "credential definition", id }))
}

/// Returns a member's text; an empty one, which no read takes, if the request is malformed.
fn text<'o>(object: &'o Value, member: &str) -> &'o str {
    object[member].as_str().unwrap_or_default()
}
