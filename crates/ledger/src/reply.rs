//! The ledger's replies, and reading them.

use std::fmt;

use credx::Kind;
use indy_credx::{
    issuer::create_schema,
    types::{AttributeNames, CredentialDefinition, DidValue, Schema},
};
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    error::{LedgerError, Refusal},
    format::{Role, cred_def_id, operation_type, schema_id},
};

/// A reply to a request that the ledger accepted: the node's JSON as it was received.
///
/// A write's `result` holds the transaction (`txn`, `txnMetadata`, `reqSignature`, `ver`); a read's
/// holds the request's own members, `data`, `seqNo` and `txnTime`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Reply {
    json: Value,
}

impl Reply {
    /// Parses a node's JSON: `REPLY` becomes a reply, `REQNACK` and `REJECT` become the error.
    ///
    /// # Errors
    /// [`LedgerError::Refused`] with the ledger's reason; [`LedgerError::UnexpectedReply`] when the
    /// text is none of the three.
    pub fn from_json(text: &str) -> Result<Self, LedgerError> {
        let json: Value =
            serde_json::from_str(text).map_err(|error| unexpected("JSON", &error.to_string()))?;
        credx::check(Kind::Json, text).map_err(|error| unexpected("JSON", &error.to_string()))?;
        let refusal = match json["op"].as_str() {
            Some("REPLY") if json["result"].is_object() => return Ok(Self { json }),
            Some("REQNACK") => Refusal::Reqnack,
            Some("REJECT") => Refusal::Reject,
            _ => {
                return Err(unexpected(
                    "a ledger's reply",
                    "it needs `op`: REPLY with a `result`, REQNACK or REJECT",
                ));
            }
        };
        let reason = json["reason"].as_str().unwrap_or("no reason given").to_owned();
        Err(LedgerError::Refused { refusal, reason })
    }

    /// Returns the `result` member.
    pub fn result(&self) -> &Value {
        &self.json["result"]
    }

    /// Returns the `data` of what was written or read; `None` when it is absent or `null`.
    pub fn data(&self) -> Option<&Value> {
        let result = self.result();
        let data = result.get("data").or_else(|| result.pointer("/txn/data"))?;
        Some(data).filter(|data| !data.is_null())
    }

    /// Returns the sequence number of the transaction that was written, or that last changed what
    /// was read; `None` when nothing was found.
    pub fn seq_no(&self) -> Option<u32> {
        let result = self.result();
        result
            .get("seqNo")
            .or_else(|| result.pointer("/txnMetadata/seqNo"))?
            .as_u64()?
            .try_into()
            .ok()
    }

    /// Returns the result of a read of this type, and the sequence number if something was found.
    pub(crate) fn read_result(
        &self,
        operation_type: &str,
        expected: &'static str,
    ) -> Result<(&Value, Option<u32>), LedgerError> {
        let result = self.result();
        if result["type"] != operation_type {
            return Err(unexpected(
                expected,
                &format!("its type is {}, not {operation_type:?}", result["type"]),
            ));
        }
        Ok((result, self.seq_no()))
    }
}

impl fmt::Display for Reply {
    /// Writes the JSON on one line; with `{:#}`, indented.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.json, f)
    }
}

/// What the ledger has about a DID.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NymData {
    /// The DID.
    pub did: String,
    /// Its verification key, full or abbreviated (`~...`); without one, nothing it signs is
    /// accepted.
    pub verkey: Option<String>,
    /// What it may do.
    pub role: Option<Role>,
    /// The DID that added it.
    pub added_by: Option<String>,
    /// The transaction that last changed it.
    pub seq_no: u32,
}

/// Parses the reply to a GET_NYM request.
///
/// # Errors
/// [`LedgerError::NotFound`] when the ledger has no such DID; [`LedgerError::UnexpectedReply`] for
/// the reply to something else.
pub fn parse_get_nym_response(reply: &Reply) -> Result<NymData, LedgerError> {
    const EXPECTED: &str = "the reply to GET_NYM";
    let (result, seq_no) = reply.read_result(operation_type::GET_NYM, EXPECTED)?;
    let did = text(result, "dest", EXPECTED)?;
    let (Some(seq_no), Some(data)) = (seq_no, reply.data()) else {
        return Err(not_found("DID", did));
    };
    // Nodes give this member as JSON text within the JSON.
    let data: Value = data
        .as_str()
        .and_then(|data| serde_json::from_str(data).ok())
        .ok_or_else(|| unexpected(EXPECTED, "`data` is not JSON text"))?;
    let role =
        match data["role"].as_str() {
            None => None,
            Some(code) => Some(Role::from_code(code).ok_or_else(|| {
                unexpected(EXPECTED, &format!("{code:?} is not the code of a role"))
            })?),
        };
    let optional = |member: &str| data[member].as_str().map(str::to_owned);
    Ok(NymData {
        did: text(&data, "dest", EXPECTED)?.to_owned(),
        verkey: optional("verkey"),
        role,
        added_by: optional("identifier"),
        seq_no,
    })
}

/// Parses the reply to a GET_SCHEMA request. The schema carries its sequence number.
///
/// # Errors
/// [`LedgerError::NotFound`] when the ledger has no such schema; [`LedgerError::UnexpectedReply`]
/// for the reply to something else.
pub fn parse_get_schema_response(reply: &Reply) -> Result<Schema, LedgerError> {
    const EXPECTED: &str = "the reply to GET_SCHEMA";
    let (result, seq_no) = reply.read_result(operation_type::GET_SCHEMA, EXPECTED)?;
    let author = text(result, "dest", EXPECTED)?;
    let data = &result["data"];
    let name = text(data, "name", EXPECTED)?;
    let version = text(data, "version", EXPECTED)?;
    let (Some(seq_no), Some(attr_names)) = (seq_no, data["attr_names"].as_array()) else {
        return Err(not_found("schema", &schema_id(author, name, version)));
    };
    let attr_names = attr_names
        .iter()
        .map(|name| name.as_str().map(str::to_owned))
        .collect::<Option<Vec<String>>>()
        .ok_or_else(|| unexpected(EXPECTED, "an attribute name is not a string"))?;
    let (author, attr_names) = (DidValue::new(author, None), AttributeNames::from(attr_names));
    stdx::panic::catch(|| create_schema(&author, name, version, attr_names, Some(seq_no)))
        .map_err(|panicked| unexpected(EXPECTED, &panicked.to_string()))?
        .map_err(|error| unexpected(EXPECTED, &error.to_string()))
}

/// Parses the reply to a GET_CRED_DEF request. As on the ledger, the definition's `schemaId` is the
/// schema's sequence number.
///
/// # Errors
/// [`LedgerError::NotFound`] when the ledger has no such definition;
/// [`LedgerError::UnexpectedReply`] for the reply to something else, or a definition whose keys
/// cannot be read.
pub fn parse_get_cred_def_response(reply: &Reply) -> Result<CredentialDefinition, LedgerError> {
    const EXPECTED: &str = "the reply to GET_CRED_DEF";
    let (result, seq_no) = reply.read_result(operation_type::GET_CRED_DEF, EXPECTED)?;
    let origin = text(result, "origin", EXPECTED)?;
    let signature_type = text(result, "signature_type", EXPECTED)?;
    let tag = text(result, "tag", EXPECTED)?;
    let schema_seq_no =
        result["ref"].as_u64().ok_or_else(|| unexpected(EXPECTED, "`ref` is not a number"))?;
    let id = cred_def_id(origin, signature_type, schema_seq_no, tag);
    let (Some(_), Some(value)) = (seq_no, reply.data()) else {
        return Err(not_found("credential definition", &id));
    };
    let cred_def = json!({
        "ver": "1.0",
        "id": id,
        "schemaId": schema_seq_no.to_string(),
        "type": signature_type,
        "tag": tag,
        "value": value,
    });
    credx::from_value(&cred_def).map_err(|error| unexpected(EXPECTED, &error.to_string()))
}

pub(crate) fn text<'a>(
    object: &'a Value,
    member: &str,
    expected: &'static str,
) -> Result<&'a str, LedgerError> {
    object[member]
        .as_str()
        .ok_or_else(|| unexpected(expected, &format!("it has no text `{member}`")))
}

pub(crate) fn not_found(what: &'static str, id: &str) -> LedgerError {
    LedgerError::NotFound { what, id: id.to_owned() }
}

pub(crate) fn unexpected(expected: &'static str, problem: &str) -> LedgerError {
    LedgerError::UnexpectedReply { expected, problem: problem.to_owned() }
}
