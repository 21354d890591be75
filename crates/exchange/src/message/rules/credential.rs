//! The rules of credentials, stored or shown.

use super::{
    Rule,
    place::{Findings, Place},
    text::{
        check_date_member, check_did, check_id, check_once, check_proofs, check_type, length_of,
    },
};

/// Each attribute's signature covers the metadata, so that long metadata is hashed, or brought into canonical
/// form, once for each attribute. A few hundred bytes are usual.
const MAX_METADATA_BYTES: usize = 16 << 10;

pub(super) fn check(credential: &Place, findings: &mut Findings) {
    if let Some(id) = credential.member("id") {
        check_id(&id, findings);
    }
    if let Some(issuer) = credential.member("issuerDid") {
        check_did(&issuer, findings);
    }
    check_type(credential, "VerifiableCredential", findings);
    check_kind(credential, findings);
    check_dates(credential, findings);
    check_metadata(credential, findings);
    let attributes = credential.each("credentialSubjects");
    for attribute in &attributes {
        if let Some(subject) = attribute.member("id") {
            check_did(&subject, findings);
        }
        check_proofs(attribute, findings);
    }
    let keys = attributes
        .iter()
        .filter_map(|attribute| attribute.member("key"));
    check_once(Rule::ClaimOnce, keys, findings);
}

fn check_kind(credential: &Place, findings: &mut Findings) {
    let contexts = credential
        .contexts()
        .map_or(0, |place| place.elements().len());
    let types = credential.each("type").len();
    if credential.member("schemaId").is_none() && (contexts < 2 || types < 2) {
        findings.add_found(
            Rule::CredentialKind,
            credential,
            "`schemaId`, or a second context and a second type",
            format!("no `schemaId`, contexts: {contexts}, types: {types}"),
        );
    }
}

fn check_dates(credential: &Place, findings: &mut Findings) {
    let issued = check_date_member(credential, "issuanceDate", findings);
    let expires = check_date_member(credential, "expirationDate", findings);
    if let (Some(issued), Some(expires)) = (issued, expires)
        && expires < issued
        && let Some(place) = credential.member("expirationDate")
    {
        findings.add(Rule::DatesInOrder, &place, "a date after `issuanceDate`");
    }
}

fn check_metadata(credential: &Place, findings: &mut Findings) {
    let members = credential.value.as_object().into_iter().flatten();
    let metadata = members.filter(|(name, _)| *name != "credentialSubjects" && *name != "proof");
    let bytes = length_of(metadata);
    if bytes > MAX_METADATA_BYTES {
        findings.add_found(
            Rule::TooMany,
            credential,
            format!("at most {MAX_METADATA_BYTES} bytes beside `credentialSubjects`"),
            format!("{bytes} bytes"),
        );
    }
}
