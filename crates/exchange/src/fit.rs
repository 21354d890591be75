//! Whether a credential is one that a criterion asks for: what the holder checks before it signs,
//! and the verifier when it receives. Failures have JSON pointers into the credential's document.

use chrono::{DateTime, Utc};
use serde_json::Value;
use verdict::Failure;

use crate::{
    date,
    did::Did,
    message::{CredentialKind, Criterion, VerifiableCredential},
    signature::{ProofType, is_built_in_context},
};

/// Checks the issuer: one that the criterion names, or the holder where it may state the attributes
/// itself.
pub(crate) fn issuer(
    credential: &VerifiableCredential,
    criterion: &Criterion,
    holder: Option<&Did>,
) -> Option<Failure> {
    let (issuer, accepted) = (&credential.issuer_did, &criterion.issuers);
    let is_own = accepted.allow_self() && holder.is_some_and(|holder| holder.as_str() == issuer);
    if is_own || accepted.dids.contains(issuer) {
        return None;
    }
    let member = if credential.whole.is_some() { "issuer" } else { "issuerDid" };
    let failure = Failure::new(
        format!("an issuer among {}", accepted.dids.join(", ")),
        issuer,
        "answer with a credential of an issuer that the criterion names",
    );
    Some(failure.about(format!("{}/{member}", credential.pointer)))
}

/// Checks the schema, or the context and the type.
pub(crate) fn kind(credential: &VerifiableCredential, criterion: &Criterion) -> Option<Failure> {
    if credential.is_of_kind(&criterion.kind) {
        return foreign_context(credential, criterion);
    }
    let (expected, got, member) = match &criterion.kind {
        CredentialKind::Schema(id) => {
            let got = credential.schema_id.as_ref().map(|got| format!("one of the schema {got:?}"));
            let got = got.unwrap_or_else(|| "one without a schema".to_owned());
            (format!("a credential of the schema {id:?}"), got, "/schemaId")
        }
        CredentialKind::LinkedData { context, kind } => {
            let contexts: Vec<String> = credential.context.iter().map(Value::to_string).collect();
            let types: Vec<String> =
                credential.types.iter().map(|kind| format!("{kind:?}")).collect();
            let (contexts, types) = (contexts.join(", "), types.join(", "));
            let expected = format!("a credential of the context {context:?} and the type {kind:?}");
            (expected, format!("one of the contexts {contexts} and the types {types}"), "")
        }
    };
    let remedy = "answer with a credential of the kind that the criterion asks for";
    let pointer = format!("{}{member}", credential.pointer);
    Some(Failure::new(expected, got, remedy).about(pointer))
}

/// Checks that a credential that is signed as linked data names no contexts but those that come
/// with this crate and the criterion's. A signature of linked data covers what the contexts make of
/// the members, and not their names: with another one, a holder could give a credential a second
/// kind, or rename a member on which verifiers act.
fn foreign_context(credential: &VerifiableCredential, criterion: &Criterion) -> Option<Failure> {
    let mut types = credential.proofs().filter_map(|proof| ProofType::of_name(&proof.kind));
    if !types.any(ProofType::is_linked) {
        return None;
    }
    let expected = match &criterion.kind {
        CredentialKind::LinkedData { context, .. } => Some(context.as_str()),
        CredentialKind::Schema(_) => None,
    };
    let is_known = |context: &&Value| {
        let url = context.as_str();
        url.is_some_and(|url| Some(url) == expected || is_built_in_context(url))
    };
    let foreign = credential.context.iter().find(|context| !is_known(context))?;
    let failure = Failure::new(
        "contexts of Verifiable Credentials, of this exchange, and of the criterion",
        foreign.to_string(),
        "answer with a credential without further contexts, or one that is signed as JSON: a signature of linked data \
         does not cover the names of contexts",
    );
    Some(failure.about(format!("{}/@context", credential.pointer)))
}

/// Checks that all required attributes are there.
pub(crate) fn missing(
    credential: &VerifiableCredential,
    criterion: &Criterion,
) -> impl Iterator<Item = Failure> {
    let missing = criterion.required().filter(|name| credential.attribute(name).is_none());
    missing.map(|name| {
        let remedy = "show all attributes that the criterion requires, from one credential";
        let got = "a credential that does not show it";
        Failure::new(format!("the attribute {name:?}"), got, remedy).about(&credential.pointer)
    })
}

/// Checks that no attribute is there that the criterion does not ask for.
pub(crate) fn unasked(
    credential: &VerifiableCredential,
    criterion: &Criterion,
) -> impl Iterator<Item = Failure> {
    let is_asked_for = |name: &str| {
        criterion.may_show(name) || (credential.whole.is_some() && is_type_of_subject(name))
    };
    let unasked = credential.attributes.iter().filter(move |one| !is_asked_for(&one.key));
    unasked.map(|attribute| {
        let remedy = match credential.whole {
            None => "leave out what was not asked for",
            Some(_) => {
                "ask for all of its attributes: one signature covers it, so that it cannot be shown in part"
            }
        };
        let expected = "attributes that the criterion asks for, and no other";
        Failure::new(expected, format!("{:?}", attribute.key), remedy).about(&attribute.pointer)
    })
}

/// Returns whether a member of `credentialSubject` says what the subject is, as W3C's examples have
/// it (`"type": "Person"`): it comes with what is asked for.
pub(crate) fn is_type_of_subject(name: &str) -> bool {
    matches!(name, "type" | "@type")
}

/// Checks that all attributes are about the holder.
pub(crate) fn subject(
    credential: &VerifiableCredential,
    holder: Option<&Did>,
) -> impl Iterator<Item = Failure> {
    let holder = holder.map(Did::as_str);
    let attributes = credential.attributes.iter();
    let others = attributes.filter(move |attribute| Some(&*attribute.id) != holder);
    // one subject has all attributes of a credential that is signed as a whole
    let count = if credential.whole.is_some() { 1 } else { usize::MAX };
    others.take(count).map(move |attribute| {
        let (expected, remedy) = match holder {
            Some(holder) => (
                format!("an attribute of {holder}, whose key signs the response"),
                "sign the response with a key of the DID that the credentials are about",
            ),
            None => (
                "an attribute of the holder, whose DID the response's proof names".to_owned(),
                "name the key by its whole id in the response's proof, as did:work:...#key-1",
            ),
        };
        let at = match (&credential.whole, attribute.pointer.rsplit_once('/')) {
            (Some(_), Some((of_subject, _))) => of_subject,
            _ => &attribute.pointer,
        };
        let failure = Failure::new(expected, format!("one of {}", attribute.id), remedy);
        failure.about(format!("{at}/id"))
    })
}

/// Checks that it is valid: issued by `latest`, and not expired `now` unless the criterion allows
/// that.
pub(crate) fn validity(
    credential: &VerifiableCredential,
    criterion: Option<&Criterion>,
    latest: DateTime<Utc>,
    now: DateTime<Utc>,
) -> impl Iterator<Item = Failure> {
    let [from, until] = credential.date_members;
    let pointer = |member: &str| format!("{}/{member}", credential.pointer);
    let early = not_after(latest, &credential.issuance_date, || pointer(from));
    let late = is_late(credential, criterion, now).then(|| {
        let got = format!("one that expired at {}", credential.expiration_date.as_deref()?);
        let remedy = "ask the issuer for a new credential";
        Some(Failure::new("a credential that has not expired", got, remedy).about(pointer(until)))
    });
    early.into_iter().chain(late.flatten())
}

/// Returns whether it is not valid yet.
pub(crate) fn is_early(credential: &VerifiableCredential, now: DateTime<Utc>) -> bool {
    date::parse(&credential.issuance_date).is_none_or(|issued| now < issued)
}

/// Returns whether it has expired, and the criterion does not allow that.
pub(crate) fn is_late(
    credential: &VerifiableCredential,
    criterion: Option<&Criterion>,
    now: DateTime<Utc>,
) -> bool {
    let must_hold = criterion.is_none_or(|criterion| !criterion.allow_expired);
    let expires = credential.expiration_date.as_deref().filter(|_| must_hold);
    expires.is_some_and(|text| date::parse(text).is_none_or(|expires| expires < now))
}

/// Returns whether one of its issuer's signatures has expired.
pub(crate) fn has_late_proof(credential: &VerifiableCredential, now: DateTime<Utc>) -> bool {
    let mut expiring = credential.proofs().filter_map(|proof| proof.expires.as_deref());
    expiring.any(|text| date::parse(text).is_none_or(|expires| expires < now))
}

/// Checks that a date is not in the future by any clock within the skew.
pub(crate) fn not_after(
    latest: DateTime<Utc>,
    text: &str,
    pointer: impl FnOnce() -> String,
) -> Option<Failure> {
    let is_late = date::parse(text).is_none_or(|date| date > latest);
    is_late.then(|| {
        let expected = format!("a date not after {}", latest.to_rfc3339());
        let remedy = "set the clock where this was made, or wait until that date";
        Failure::new(expected, text, remedy).about(pointer())
    })
}
