//! `schema-of-cred-def`: whether the objects given are those that the presentation names.

use std::collections::BTreeSet;

use verdict::Failure;

use super::ledger::Credential;
use super::parsed::ParsedCase;
use crate::identifiers::{CredDefIdParts, IdentifierKind, SchemaIdParts, to_unqualified};
use crate::presentation::Identifier;
use crate::version::RequestVersion;

/// Returns whether two identifiers mean the same: in requests of version 1.0, whether they have the same
/// short form.
pub(super) fn same_id(kind: IdentifierKind, a: &str, b: &str, version: RequestVersion) -> bool {
    a == b || version == RequestVersion::V1 && to_unqualified(kind, a) == to_unqualified(kind, b)
}

/// `schema-of-cred-def`: the objects given are those which the identifiers name, and the schema is the one
/// for which the credential definition was made.
pub(super) fn schema_of_cred_def(parsed: &ParsedCase<'_>) -> Vec<Failure> {
    let mut seen = BTreeSet::new();
    let mut failures = Vec::new();
    for (identifier, credential) in parsed.presentation.identifiers.iter().zip(&parsed.credentials)
    {
        if seen.insert((&identifier.schema_id, &identifier.cred_def_id)) {
            failures.extend(other_objects(identifier, credential, parsed.request.ver));
            failures.extend(other_schema(credential, parsed.request.ver));
        }
    }
    failures
}

/// Reports objects whose own identifiers are not those that the presentation names.
fn other_objects(
    identifier: &Identifier,
    credential: &Credential<'_>,
    version: RequestVersion,
) -> Vec<Failure> {
    let (schema, cred_def) = (&credential.schema, &credential.cred_def);
    let mut failures = Vec::new();
    for (kind, what, named, own) in [
        (IdentifierKind::Schema, "schema", &identifier.schema_id, schema.id),
        (IdentifierKind::CredDef, "credential definition", &identifier.cred_def_id, cred_def.id),
    ] {
        if !same_id(kind, named, own, version) {
            failures.push(Failure::new(
                format!("the {what} {named}, which the presentation names"),
                format!("an object that says it is {own}"),
                format!("give each {what} under its own identifier"),
            ));
        }
    }
    let parts = SchemaIdParts::parse(schema.id);
    let other_name =
        parts.is_ok_and(|parts| parts.name != schema.name || parts.version != schema.version);
    if other_name {
        failures.push(Failure::new(
            format!("name and version of schema {} as its identifier says", schema.id),
            format!("name {:?} and version {:?}", schema.name, schema.version),
            "give the schema as the ledger has it",
        ));
    }
    failures
}

/// Reports a schema that the credential definition does not name. It names one by sequence number or by
/// identifier, and so does its own identifier.
fn other_schema(credential: &Credential<'_>, version: RequestVersion) -> Option<Failure> {
    let (schema, cred_def) = (&credential.schema, &credential.cred_def);
    let number = schema.sequence_number.map(|number| number.to_string());
    let is_schema = |reference: &str| {
        number.as_deref() == Some(reference)
            || same_id(IdentifierKind::Schema, reference, schema.id, version)
    };
    let by_id = CredDefIdParts::parse(cred_def.id).map(|parts| parts.schema_ref.to_string());
    if is_schema(cred_def.schema_id) && by_id.as_deref().map_or(true, is_schema) {
        return None;
    }
    let number =
        number.map_or_else(|| "no sequence number".to_owned(), |number| format!("number {number}"));
    Some(Failure::new(
        format!("the schema of credential definition {}, {}", cred_def.id, cred_def.schema_id),
        format!("schema {}, {number}", schema.id),
        "give the schema as the ledger has it, with its `seqNo`; \
         if it is that already, the presentation names another schema than the credential's",
    ))
}
