//! The rules of credentials, in a wallet or in a response.

use super::{
    Rule,
    node::{Node, Violations},
    text::{
        check_date_member, check_did, check_id, check_once, check_proofs, check_type, length_of,
    },
};

/// Each attribute's signature covers the metadata, so that long metadata is hashed, or brought into canonical
/// form, once for each attribute. A few hundred bytes are usual.
const MAX_METADATA_BYTES: usize = 16 << 10;

pub(super) fn check(credential: &Node, violations: &mut Violations) {
    if let Some(id) = credential.member("id") {
        check_id(&id, violations);
    }
    if let Some(issuer) = credential.member("issuerDid") {
        check_did(&issuer, violations);
    }
    check_type(credential, "VerifiableCredential", violations);
    check_kind(credential, violations);
    check_dates(credential, violations);
    check_metadata(credential, violations);
    let attributes = credential.each("credentialSubjects");
    for attribute in &attributes {
        if let Some(subject) = attribute.member("id") {
            check_did(&subject, violations);
        }
        check_proofs(attribute, violations);
    }
    let keys = attributes.iter().filter_map(|attribute| attribute.member("key"));
    check_once(Rule::ClaimOnce, keys, violations);
}

fn check_kind(credential: &Node, violations: &mut Violations) {
    let contexts = credential.contexts().map_or(0, |node| node.elements().len());
    let types = credential.each("type").len();
    if credential.member("schemaId").is_none() && (contexts < 2 || types < 2) {
        violations.add_found(
            Rule::CredentialKind,
            credential,
            "`schemaId`, or a second context and a second type",
            format!("no `schemaId`, contexts: {contexts}, types: {types}"),
        );
    }
}

fn check_dates(credential: &Node, violations: &mut Violations) {
    let issued = check_date_member(credential, "issuanceDate", violations);
    let expires = check_date_member(credential, "expirationDate", violations);
    if let (Some(issued), Some(expires)) = (issued, expires)
        && expires < issued
        && let Some(node) = credential.member("expirationDate")
    {
        violations.add(Rule::DatesInOrder, &node, "a date after `issuanceDate`");
    }
}

fn check_metadata(credential: &Node, violations: &mut Violations) {
    let members = credential.value.as_object().into_iter().flatten();
    let metadata = members.filter(|(name, _)| *name != "credentialSubjects" && *name != "proof");
    let bytes = length_of(metadata);
    if bytes > MAX_METADATA_BYTES {
        violations.add_found(
            Rule::TooMany,
            credential,
            format!("at most {MAX_METADATA_BYTES} bytes beside `credentialSubjects`"),
            format!("{bytes} bytes"),
        );
    }
}
