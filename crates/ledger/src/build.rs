//! Building requests, one function for each type.
//!
//! What a node would refuse for its form alone is refused here, with the name of what is wrong.

use indy_credx::types::{CredentialDefinition, Schema};
use serde_json::{Value, json};
use stdx::text::shorten;

use crate::{
    error::LedgerError,
    format::{
        MAX_ATTRIBUTES, MAX_NAME_LENGTH, Role, cred_def_id, decode_did, is_schema_version,
        is_verkey, operation_type, schema_id, split_cred_def_id, split_schema_id,
    },
    request::{ANONYMOUS_DID, LedgerRequest},
};

/// Builds a NYM request: adds the DID `target_did`, or changes its key, alias or role.
///
/// `verkey` is base58, full or abbreviated (`~...`); a DID without one exists, but nothing it signs
/// is accepted. Without `role` a new DID gets none, and an existing one keeps its own.
///
/// # Errors
/// [`LedgerError::InvalidInput`] for a malformed DID, verkey or alias.
pub fn build_nym_request(
    submitter_did: &str,
    target_did: &str,
    verkey: Option<&str>,
    alias: Option<&str>,
    role: Option<Role>,
) -> Result<LedgerRequest, LedgerError> {
    check_did("submitter DID", submitter_did)?;
    check_did("target DID", target_did)?;
    let mut operation = json!({"type": operation_type::NYM, "dest": target_did});
    if let Some(verkey) = verkey {
        if !is_verkey(verkey) {
            return Err(invalid(
                "verkey",
                verkey,
                "use the base58 of 32 bytes, or `~` and the base58 of the last 16",
            ));
        }
        operation["verkey"] = json!(verkey);
    }
    if let Some(alias) = alias {
        check_text("alias", alias)?;
        operation["alias"] = json!(alias);
    }
    if let Some(role) = role {
        operation["role"] = json!(role.code());
    }
    Ok(LedgerRequest::new(submitter_did, operation))
}

/// Builds a SCHEMA request: writes a schema under its author's DID, which cannot be changed later.
///
/// The attribute names are sorted, so that the same schema always gives the same request.
///
/// # Errors
/// [`LedgerError::InvalidInput`] when the schema's identifier does not start with the submitter's
/// DID (the ledger would store it under the submitter's), when a name is empty or too long, or when
/// there are no attributes or too many.
pub fn build_schema_request(
    submitter_did: &str,
    schema: &Schema,
) -> Result<LedgerRequest, LedgerError> {
    check_did("submitter DID", submitter_did)?;
    let Schema::SchemaV1(schema) = schema;
    check_text("schema name", &schema.name)?;
    check_schema_version(&schema.version)?;
    let id = schema_id(submitter_did, &schema.name, &schema.version);
    if schema.id.0 != id {
        return Err(invalid(
            "schema id",
            &schema.id.0,
            &format!("this submitter's schema is filed as {id}: let its author submit it"),
        ));
    }
    let mut attr_names: Vec<&str> = schema.attr_names.0.iter().map(String::as_str).collect();
    attr_names.sort_unstable();
    if attr_names.is_empty() || attr_names.len() > MAX_ATTRIBUTES {
        return Err(invalid(
            "number of attributes",
            &attr_names.len().to_string(),
            &format!("a schema has 1 to {MAX_ATTRIBUTES}"),
        ));
    }
    for name in &attr_names {
        check_text("attribute name", name)?;
    }
    let data = json!({"name": schema.name, "version": schema.version, "attr_names": attr_names});
    let operation = json!({"type": operation_type::SCHEMA, "data": data});
    Ok(LedgerRequest::new(submitter_did, operation))
}

/// Builds a CRED_DEF request: writes a credential definition under its author's DID.
///
/// # Errors
/// [`LedgerError::InvalidInput`] when the definition's `schemaId` is not the schema's sequence
/// number on the ledger, as nodes require, or when its identifier is not made of the submitter's
/// DID, that number and the tag.
pub fn build_cred_def_request(
    submitter_did: &str,
    cred_def: &CredentialDefinition,
) -> Result<LedgerRequest, LedgerError> {
    check_did("submitter DID", submitter_did)?;
    let CredentialDefinition::CredentialDefinitionV1(cred_def) = cred_def;
    let schema_seq_no =
        parse_seq_no("schema id of the credential definition", &cred_def.schema_id.0)?;
    check_text("tag", &cred_def.tag)?;
    let signature_type = cred_def.signature_type.to_str();
    let id = cred_def_id(submitter_did, signature_type, schema_seq_no.into(), &cred_def.tag);
    if cred_def.id.0 != id {
        return Err(invalid(
            "credential definition id",
            &cred_def.id.0,
            &format!("this submitter's definition is filed as {id}: let its author submit it"),
        ));
    }
    let data = serde_json::to_value(&cred_def.value).map_err(|error| {
        invalid("credential definition", &id, &format!("it has no JSON form: {error}"))
    })?;
    let operation = json!({
        "type": operation_type::CRED_DEF,
        "ref": schema_seq_no,
        "signature_type": signature_type,
        "tag": cred_def.tag,
        "data": data,
    });
    Ok(LedgerRequest::new(submitter_did, operation))
}

/// Builds a GET_NYM request: reads what the ledger has about `target_did`.
///
/// # Errors
/// [`LedgerError::InvalidInput`] for a malformed DID.
pub fn build_get_nym_request(
    submitter_did: Option<&str>,
    target_did: &str,
) -> Result<LedgerRequest, LedgerError> {
    check_did("target DID", target_did)?;
    read_request(submitter_did, json!({"type": operation_type::GET_NYM, "dest": target_did}))
}

/// Builds a GET_SCHEMA request: reads the schema `<DID>:2:<name>:<version>`.
///
/// # Errors
/// [`LedgerError::InvalidInput`] for an identifier of another form.
pub fn build_get_schema_request(
    submitter_did: Option<&str>,
    schema_id: &str,
) -> Result<LedgerRequest, LedgerError> {
    let (did, name, version) = split_schema_id(schema_id)
        .ok_or_else(|| invalid("schema id", schema_id, "use <DID>:2:<name>:<version>"))?;
    check_did("DID of the schema id", did)?;
    check_text("schema name", name)?;
    check_schema_version(version)?;
    read_request(
        submitter_did,
        json!({
            "type": operation_type::GET_SCHEMA,
            "dest": did,
            "data": {"name": name, "version": version},
        }),
    )
}

/// Builds a GET_CRED_DEF request: reads the credential definition
/// `<DID>:3:CL:<schema seqNo>:<tag>`.
///
/// # Errors
/// [`LedgerError::InvalidInput`] for an identifier of another form.
pub fn build_get_cred_def_request(
    submitter_did: Option<&str>,
    cred_def_id: &str,
) -> Result<LedgerRequest, LedgerError> {
    let (did, signature_type, schema_seq_no, tag) =
        split_cred_def_id(cred_def_id).ok_or_else(|| {
            invalid("credential definition id", cred_def_id, "use <DID>:3:CL:<schema seqNo>:<tag>")
        })?;
    check_did("DID of the credential definition id", did)?;
    let schema_seq_no =
        parse_seq_no("schema seqNo of the credential definition id", schema_seq_no)?;
    check_text("tag", tag)?;
    read_request(
        submitter_did,
        json!({
            "type": operation_type::GET_CRED_DEF,
            "origin": did,
            "ref": schema_seq_no,
            "signature_type": signature_type,
            "tag": tag,
        }),
    )
}

pub(crate) fn read_request(
    submitter_did: Option<&str>,
    operation: Value,
) -> Result<LedgerRequest, LedgerError> {
    if let Some(did) = submitter_did {
        check_did("submitter DID", did)?;
    }
    Ok(LedgerRequest::new(submitter_did.unwrap_or(ANONYMOUS_DID), operation))
}

pub(crate) fn check_did(what: &'static str, did: &str) -> Result<(), LedgerError> {
    match decode_did(did) {
        Some(_) => Ok(()),
        None => Err(invalid(what, did, "a DID is the base58 of 16 or 32 bytes")),
    }
}

fn check_text(what: &'static str, text: &str) -> Result<(), LedgerError> {
    if text.is_empty() || text.chars().count() > MAX_NAME_LENGTH {
        let expected = format!("it needs 1 to {MAX_NAME_LENGTH} characters");
        return Err(invalid(what, text, &expected));
    }
    Ok(())
}

fn check_schema_version(version: &str) -> Result<(), LedgerError> {
    if is_schema_version(version) {
        return Ok(());
    }
    Err(invalid(
        "schema version",
        version,
        "nodes take two or three numbers joined by dots, such as 1.0",
    ))
}

/// Parses a sequence number in its only spelling: decimal, from 1, no sign, no leading zero.
fn parse_seq_no(what: &'static str, text: &str) -> Result<u32, LedgerError> {
    text.parse::<u32>().ok().filter(|number| *number > 0 && number.to_string() == text).ok_or_else(
        || invalid(what, text, "use the sequence number that the ledger gave to the schema"),
    )
}

pub(crate) fn invalid(what: &'static str, found: &str, expected: &str) -> LedgerError {
    const MAX_SHOWN: usize = 120;
    LedgerError::InvalidInput {
        what,
        found: shorten(found, MAX_SHOWN).into_owned(),
        expected: expected.to_owned(),
    }
}
