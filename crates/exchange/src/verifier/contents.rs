//! The checks of the credentials: whether they are those that the request asks for.

use std::collections::BTreeSet;

use serde_json::Value;
use verdict::{Caution, Failure, Found};

use super::view::ResponseView;
use crate::message::{CredentialKind, Criterion, VerifiableCredential};

/// Checks `issuers`. What the holder signed itself is accepted where the criterion allows it, and is never shown as an
/// issuer's statement.
pub(super) fn issuers(view: &ResponseView<'_>) -> Found {
    let holder = view.holder();
    let is_own = |credential: &VerifiableCredential| {
        holder.as_ref().is_some_and(|holder| holder.as_str() == credential.issuer_did)
    };
    let failures = each_credential(view, |credential, criterion| {
        let issuer = &credential.issuer_did;
        let allows_self = criterion.issuers.allow_self() && is_own(credential);
        if allows_self || criterion.issuers.dids.contains(issuer) {
            return Vec::new();
        }
        let failure = Failure::new(
            format!("an issuer among {}", criterion.issuers.dids.join(", ")),
            issuer,
            "answer with a credential of an issuer that the criterion names",
        );
        let member = if credential.whole.is_some() { "issuer" } else { "issuerDid" };
        vec![failure.about(format!("{}/{member}", credential.pointer))]
    });
    let own = view.credentials().filter(|credential| is_own(credential));
    let cautions = own.map(|credential| {
        Caution::new(
            "self-attested",
            &credential.pointer,
            "the holder states this itself",
            "no issuer vouches for it; the request allows that",
        )
    });
    Found { failures, cautions: cautions.collect(), ..Found::default() }
}

/// Checks `schema-or-type`.
pub(super) fn schema_or_type(view: &ResponseView<'_>) -> Vec<Failure> {
    each_credential(view, |credential, criterion| {
        let remedy = "answer with a credential of the kind that the criterion asks for";
        if credential.is_of_kind(&criterion.kind) {
            return Vec::new();
        }
        match &criterion.kind {
            CredentialKind::Schema(id) => {
                let got = match &credential.schema_id {
                    Some(got) => format!("a credential of the schema {got}"),
                    None => "a credential without a schema".to_owned(),
                };
                let failure = Failure::new(format!("a credential of the schema {id}"), got, remedy);
                vec![failure.about(format!("{}/schemaId", credential.pointer))]
            }
            CredentialKind::LinkedData { context, kind } => {
                let contexts: Vec<String> =
                    credential.context.iter().map(Value::to_string).collect();
                let failure = Failure::new(
                    format!("a credential of the context {context} and the type {kind}"),
                    format!(
                        "one of the contexts {} and the types {}",
                        contexts.join(", "),
                        credential.types.join(", ")
                    ),
                    remedy,
                );
                vec![failure.about(&credential.pointer)]
            }
        }
    })
}

/// Checks `attributes`, of the credentials with signed attributes.
pub(super) fn attributes(view: &ResponseView<'_>) -> Vec<Failure> {
    each_credential(view, |credential, criterion| {
        let mut seen = BTreeSet::new();
        let mut failures = Vec::new();
        for attribute in &credential.attributes {
            let key = &*attribute.key;
            let mut asked = criterion.properties.iter();
            if !criterion.asks_for_all() && !asked.any(|property| property.name == key) {
                let remedy = match credential.whole {
                    None => "leave out what was not asked for",
                    Some(_) => {
                        "ask for all of its attributes: one signature covers it, so that it cannot be shown in part"
                    }
                };
                let failure = Failure::new(
                    "attributes that the criterion asks for, and no other",
                    format!("{key:?}"),
                    remedy,
                );
                failures.push(failure.about(&attribute.pointer));
            }
            seen.insert(key);
        }
        let missing = criterion.required().filter(|name| !seen.contains(name));
        failures.extend(missing.map(|name| {
            Failure::new(
                format!("the attribute {name:?}"),
                "a credential that does not show it",
                "show all attributes that the criterion requires, from one credential",
            )
            .about(&credential.pointer)
        }));
        failures
    })
}

/// Checks `subject`: the same throughout, and the holder.
pub(super) fn subject(view: &ResponseView<'_>) -> Vec<Failure> {
    let holder = view.holder();
    let entries = view.credentials().flat_map(|credential| &credential.attributes);
    let others = entries.filter(|attribute| {
        let is_holder = holder.as_ref().map(|holder| holder.as_str() == attribute.id);
        is_holder != Some(true)
    });
    let failures = others.map(|attribute| {
        let expected = match &holder {
            Some(holder) => format!("an attribute of {holder}, whose key signs the response"),
            None => "an attribute of the holder, whose key signs the response".to_owned(),
        };
        Failure::new(
            expected,
            format!("one of {}", attribute.id),
            "sign the response with a key of the DID that the credentials are about",
        )
        .about(format!("{}/id", attribute.pointer))
    });
    failures.collect()
}

/// Checks `count`, of the credentials with signed attributes.
pub(super) fn count(view: &ResponseView<'_>) -> Vec<Failure> {
    let holder = view.holder();
    let answers = view.answered().filter(|(answer, _)| !answer.is_cl());
    let failures = answers.filter_map(|(answer, criterion)| {
        // a holder can make any number of credentials for itself; they count as one
        let different: BTreeSet<_> = answer
            .credentials()
            .map(|credential| match &holder {
                Some(holder) if holder.as_str() == credential.issuer_did => None,
                _ => Some(credential.identity()),
            })
            .collect();
        let count = wrong_count(criterion, different.len() as u64);
        count.map(|failure| failure.about(format!("{}/Presentations", answer.pointer)))
    });
    failures.collect()
}

/// Returns what is wrong with this number of different credentials for a criterion.
pub(super) fn wrong_count(criterion: &Criterion, count: u64) -> Option<Failure> {
    let (min, max) = (criterion.min_count(), criterion.max_count());
    if (min..=max).contains(&count) {
        return None;
    }
    let expected = match max {
        u64::MAX => format!("at least {min} different credentials"),
        max if max == min => format!("{min} different credentials"),
        max => format!("{min} to {max} different credentials"),
    };
    Some(Failure::new(
        expected,
        count.to_string(),
        "answer with as many different credentials as the criterion asks for; one that is repeated counts once",
    ))
}

/// Checks `distinct-credentials`, of the credentials with signed attributes. One credential may answer two criteria,
/// but not the same criterion twice.
pub(super) fn distinct_credentials(view: &ResponseView<'_>) -> Vec<Failure> {
    let mut failures = Vec::new();
    for answer in &view.answers {
        let mut seen = BTreeSet::new();
        let again =
            answer.fulfilled.credentials().filter(|credential| !seen.insert(credential.identity()));
        failures.extend(again.map(|credential| {
            Failure::new(
                "different credentials for one criterion",
                format!("the credential {} of {} again", credential.id, credential.issuer_did),
                "offer each credential once; relax this check to read such a response all the same",
            )
            .about(format!("{}/id", credential.pointer))
        }));
    }
    failures
}

/// Applies a check to each credential and its criterion.
fn each_credential(
    view: &ResponseView<'_>,
    check: impl Fn(&VerifiableCredential, &Criterion) -> Vec<Failure>,
) -> Vec<Failure> {
    let answers = view.answered();
    let failures = answers.flat_map(|(answer, criterion)| {
        let credentials = answer.credentials();
        credentials.flat_map(|credential| check(credential, criterion))
    });
    failures.collect()
}
