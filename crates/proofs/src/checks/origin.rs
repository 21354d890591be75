//! `schema-of-cred-def`: whether the objects given are those that the presentation names.

use std::collections::BTreeSet;

use verdict::{Failure, Found};

use super::parsed::ParsedCase;
use super::public_data::{Authored, Credential, Object};
use crate::identifiers::{CredDefIdParts, IdentifierKind, schema_title, to_unqualified};
use crate::version::RequestVersion;

/// Returns whether two identifiers mean the same: in requests of version 1.0, whether they have the
/// same short form.
pub(super) fn same_id(kind: IdentifierKind, a: &str, b: &str, version: RequestVersion) -> bool {
    a == b || version == RequestVersion::V1 && to_unqualified(kind, a) == to_unqualified(kind, b)
}

/// `schema-of-cred-def`: the objects given are those which the identifiers name, and the schema is
/// the one for which the credential definition was made.
pub(super) fn schema_of_cred_def(parsed: &ParsedCase<'_>) -> Found {
    let mut seen = BTreeSet::new();
    let mut found = Found::default();
    for credential in &parsed.credentials {
        if seen.insert((credential.schema.id, credential.cred_def.id)) {
            found.failures.extend(other_objects(credential, parsed.request.ver));
            other_schema(credential, parsed.request.ver, &mut found);
        }
    }
    found
}

/// Reports objects that say themselves that they are others than those under whose identifiers they
/// are given.
fn other_objects(credential: &Credential<'_>, version: RequestVersion) -> Vec<Failure> {
    let (schema, cred_def) = (&credential.schema, &credential.cred_def);
    let mut failures = Vec::new();
    for (kind, what, named, own) in [
        (IdentifierKind::Schema, "schema", schema.id, schema.object.id),
        (IdentifierKind::CredDef, "credential definition", cred_def.id, cred_def.object.id),
    ] {
        if let Some(own) = own.filter(|own| !same_id(kind, named, own, version)) {
            failures.push(Failure::new(
                format!("the {what} {named}, which the presentation names"),
                format!("an object that says it is {own}"),
                format!("give each {what} under its own identifier"),
            ));
        }
    }
    failures.extend(two_authors("schema", schema));
    failures.extend(two_authors("credential definition", cred_def));
    let (name, version) = (schema.object.name, schema.object.version);
    let other_name = schema_title(schema.id)
        .is_some_and(|(by_id, version_by_id)| by_id != name || version_by_id != version);
    if other_name {
        failures.push(Failure::new(
            format!("name and version of schema {} as its identifier says", schema.id),
            format!("name {name:?} and version {version:?}"),
            "give the schema as the ledger has it",
        ));
    }
    failures
}

/// Reports an object whose `issuerId` is another author than its identifier names.
fn two_authors<T: Authored>(what: &str, object: &Object<'_, T>) -> Option<Failure> {
    let (by_id, own) = object.two_authors()?;
    Some(Failure::new(
        format!("the {what} {} by {by_id}, as its identifier says", object.id),
        format!("one by {own}"),
        format!("give the {what} as the ledger has it"),
    ))
}

/// Reports a schema that the credential definition does not name. It names one by sequence number
/// or by identifier, and so does its own identifier. A number says nothing about a schema that is
/// given without one.
fn other_schema(credential: &Credential<'_>, version: RequestVersion, found: &mut Found) {
    let (schema, cred_def) = (&credential.schema, &credential.cred_def);
    let number = schema.object.sequence_number.as_deref();
    let references = CredDefIdParts::parse(cred_def.object.id.unwrap_or(cred_def.id));
    let by_id = references.ok().map(|parts| parts.schema_ref.to_string());
    let by_object = Some(cred_def.object.schema_id.clone());
    let mut is_shown = false;
    for reference in [by_object, by_id].into_iter().flatten() {
        let is_number = reference.bytes().all(|byte| byte.is_ascii_digit());
        if number == Some(&reference)
            || same_id(IdentifierKind::Schema, &reference, schema.id, version)
        {
            is_shown = true;
        } else if !(is_number && number.is_none()) {
            let number = number.map(|number| format!("number {number}"));
            found.failures.push(Failure::new(
                format!("the schema of credential definition {}, {reference}", cred_def.id),
                format!(
                    "schema {}, {}",
                    schema.id,
                    number.as_deref().unwrap_or("no sequence number")
                ),
                "give the schema as the ledger has it, with its `seqNo`; \
                 if it is that already, the presentation names another schema than the credential's",
            ));
            return;
        }
    }
    if !is_shown {
        found.missing.push(Failure::new(
            format!("the sequence number of schema {}", schema.id),
            format!(
                "none, and credential definition {} names its schema by number, {}",
                cred_def.id, cred_def.object.schema_id
            ),
            "give the schema with its `seqNo`, or the credential definition with its schema's identifier as `schemaId`",
        ));
    }
}
