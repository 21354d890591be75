//! Whether the credentials of a request's holder answer it.

use std::collections::{BTreeMap, BTreeSet};

use indy::anoncreds::ProofRequest;
use proofs::{
    AttributeNames, CredentialFacts, HeldValue, ReferentQuery, RequestVersion, RequestedAttribute,
    Tags, encoding::integer, names::fold,
};
use stdx::{pointer, text::Quoted};

use super::{
    finding::{Findings, NOT_COMPARABLE, Place, UNANSWERED},
    identifiers::Identifiers,
    load::Loaded,
    model::Request,
};

/// How many names or reasons a finding has.
const MAX_NAMED: usize = 10;

/// The greatest distance of a value from a predicate's bound that the library can prove.
const MAX_DISTANCE: u64 = i32::MAX as u64;

/// A credential as a search sees it.
pub struct Held<'s> {
    tags: Tags,
    values: &'s BTreeMap<String, HeldValue>,
    /// The attributes, folded, whose values are missing or cannot be used, which has been reported.
    open: BTreeSet<String>,
}

impl Held<'_> {
    fn integer(&self, name: &str) -> Option<i32> {
        let value = self.values.iter().find(|(own, _)| fold(own) == name);
        integer(&value?.1.encoded)
    }
}

/// Returns the credentials of a holder, by the names of their files. `None` if some cannot be used,
/// or could be the holder's if their files were corrected.
pub fn held_by<'s>(
    loaded: &'s Loaded,
    identifiers: &Identifiers,
    holder: &str,
) -> Option<Vec<(&'s str, Held<'s>)>> {
    if !loaded.is_complete("credentials") {
        return None;
    }
    let scenario = &loaded.scenario;
    let holders = loaded.names.get("holders");
    let mut held = Vec::new();
    for (name, credential) in &scenario.credentials {
        if holders.is_none_or(|holders| !holders.contains(&credential.holder)) {
            return None;
        }
        if credential.holder != holder {
            continue;
        }
        let schema = scenario.issuers.get(&credential.issuer)?.schema(&credential.schema)?;
        let ids = identifiers.of_schema(&credential.issuer, &credential.schema)?;
        let facts = CredentialFacts::from_ids(
            &ids.schema,
            &ids.cred_def,
            None,
            credential.values.iter().map(|(name, value)| (name, &value.raw)),
        );
        let given: BTreeSet<String> = credential.values.keys().map(|name| fold(name)).collect();
        let open = schema.attributes.iter().map(|name| fold(name));
        let open = open.filter(|name| !given.contains(name)).collect();
        held.push((name.as_str(), Held { tags: facts.into(), values: &credential.values, open }));
    }
    Some(held)
}

/// Each referent has a credential of the holder that answers it.
pub fn check_answers(
    identifiers: &Identifiers,
    (name, request): (&str, &Request),
    read: &ProofRequest,
    held: &[(&str, Held<'_>)],
    findings: &mut Findings,
) {
    let attributes = read.requested_attributes.keys().map(|key| ("requested_attributes", key));
    let predicates = read.requested_predicates.keys().map(|key| ("requested_predicates", key));
    for (kind, referent) in attributes.chain(predicates) {
        if request.self_attested.contains_key(referent) {
            continue;
        }
        let Some(query) = read.query(referent, None) else { continue };
        let mut reasons = Vec::new();
        let mut is_answered = false;
        for (credential, one) in held {
            if query.names.iter().any(|name| one.open.contains(name)) {
                is_answered = true;
                continue;
            }
            check_comparable(name, &query, read.ver, credential, one, referent, findings);
            let mismatch = query.mismatch(&one.tags, read.ver, |name| one.integer(name));
            let reason = match mismatch {
                Some(mismatch) => identifiers.undo(&mismatch.to_string()),
                None => match too_far(&query, one) {
                    Some(reason) => reason,
                    None => {
                        is_answered = true;
                        continue;
                    }
                },
            };
            reasons.push(format!("{credential}: {reason}"));
        }
        if is_answered {
            continue;
        }
        let found = match held.is_empty() {
            true => format!("{} has no credential", Quoted(&request.holder)),
            false => some_of(&reasons, "; "),
        };
        let requested = read.requested_attributes.get(referent);
        let can_say = requested.is_some_and(|one| one.restriction().is_none() && !is_group(one));
        let remedy = match can_say {
            true => {
                "issue another credential to the holder, or write in self_attested what the holder \
                     says without one; or leave it so, to see what the verifier learns then"
            }
            false => {
                "issue another credential to the holder, or ask for something else; or leave it so, \
                      to see what the verifier learns then"
            }
        };
        let pointer = pointer::child(&format!("/proof_request/{kind}"), referent);
        findings.playable_error(
            UNANSWERED,
            Place { file: &format!("requests/{name}.json"), pointer: &pointer },
            found,
            remedy,
        );
    }
}

/// Returns why a predicate that is true of a value cannot be proved: the distance from its bound is
/// too great.
fn too_far(query: &ReferentQuery, held: &Held<'_>) -> Option<String> {
    let comparison = query.predicate?;
    let value = held.integer(query.names.first()?)?;
    let distance = value.abs_diff(comparison.p_value);
    (u64::from(distance) > MAX_DISTANCE).then(|| {
        format!(
            "{value} and {} are {distance} apart, and no distance above {MAX_DISTANCE} can be proved",
            comparison.p_value
        )
    })
}

/// A value that a predicate asks for, of a credential that it admits, is an integer.
fn check_comparable(
    request: &str,
    query: &ReferentQuery,
    version: RequestVersion,
    credential: &str,
    held: &Held<'_>,
    referent: &str,
    findings: &mut Findings,
) {
    let Some(name) = query.names.first().filter(|_| query.predicate.is_some()) else { return };
    let of_any_value = ReferentQuery { predicate: None, ..query.clone() };
    if !of_any_value.matches(&held.tags, version, |_| None) {
        return;
    }
    let value = held.values.iter().find(|(own, _)| fold(own) == *name);
    let Some((name, value)) = value.filter(|(_, value)| integer(&value.encoded).is_none()) else {
        return;
    };
    findings.playable_error(
        NOT_COMPARABLE,
        Place {
            file: &format!("credentials/{credential}.json"),
            pointer: &pointer::child("/values", name),
        },
        format!(
            "{}, which {} of requests/{request}.json compares",
            Quoted(&value.raw),
            Quoted(referent)
        ),
        "write a whole number of 32 bits, or a date in an attribute whose name ends in _dateint",
    );
}

/// Returns whether an attribute is asked for as a group.
pub fn is_group(requested: &RequestedAttribute) -> bool {
    matches!(requested.attribute, AttributeNames::Group(_))
}

/// Returns the first of some texts, and how many there are besides.
pub fn some_of(texts: &[String], separator: &str) -> String {
    let shown = texts.get(..MAX_NAMED).unwrap_or(texts).join(separator);
    match texts.len().saturating_sub(MAX_NAMED) {
        0 => shown,
        more => format!("{shown}{separator}{more} more"),
    }
}
