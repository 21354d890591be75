//! Credential schemas.

use std::collections::BTreeSet;

use indy_credx::{
    issuer,
    types::{AttributeNames, DidValue, Schema},
};
use proofs::names::fold;
use serde_json::Value;

use crate::{error::AnoncredsError, library};

/// The greatest number of attributes in a schema, the same as on an Indy ledger.
const MAX_ATTRIBUTES: usize = 125;

/// The name under which the link secret is signed beside the attributes.
const LINK_SECRET: &str = "master_secret";

/// Creates a credential schema (action 8): attribute names under a name and a version.
///
/// Its id is `<issuer DID>:2:<name>:<version>`. It has no sequence number until the ledger
/// assigns one.
///
/// # Errors
///
/// [`AnoncredsError::InvalidStructure`] when the DID, name or version is not usable, when there
/// are no attributes or more than 125, or when two names are the same without spaces and case.
pub fn issuer_create_schema(
    issuer_did: &str,
    name: &str,
    version: &str,
    attributes: &[&str],
) -> Result<Schema, AnoncredsError> {
    let invalid = |reason: String| AnoncredsError::InvalidStructure {
        what: format!("schema `{name}` {version}"),
        reason,
        remedy: "correct it",
    };
    if attributes.is_empty() || attributes.len() > MAX_ATTRIBUTES {
        return Err(invalid(format!(
            "it has {} attributes; 1 to {MAX_ATTRIBUTES} are possible",
            attributes.len()
        )));
    }
    if [name, version].iter().any(|part| part.is_empty() || part.contains(':')) {
        return Err(invalid(
            "name and version must not be empty nor contain `:`, for they become part of the id"
                .to_owned(),
        ));
    }
    let mut folded = BTreeSet::new();
    for attribute in attributes {
        if fold(attribute) == LINK_SECRET {
            return Err(invalid(format!(
                "`{attribute}` is the name of the link secret, which every credential has besides"
            )));
        }
        if fold(attribute).is_empty() {
            return Err(invalid("an attribute name is empty".to_owned()));
        }
        if !folded.insert(fold(attribute)) {
            return Err(invalid(format!(
                "attribute `{attribute}` occurs twice (names compare without spaces and case)"
            )));
        }
    }
    let names: Vec<String> = attributes.iter().map(|&name| name.to_owned()).collect();
    let (did, names) = (DidValue(issuer_did.to_owned()), AttributeNames::from(names));
    library::call("create a schema", || issuer::create_schema(&did, name, version, names, None))
        .map_err(|error| invalid(error.to_string()))
}

/// Returns a schema as JSON that is the same each time: its attribute names, which are a set, in
/// order.
///
/// # Errors
///
/// When it cannot be written as JSON, which does not happen.
pub fn schema_to_json(schema: &Schema) -> serde_json::Result<Value> {
    let mut document = serde_json::to_value(schema)?;
    if let Some(names) = document.get_mut("attrNames").and_then(Value::as_array_mut) {
        names.sort_by(|one, other| one.as_str().cmp(&other.as_str()));
    }
    Ok(document)
}
