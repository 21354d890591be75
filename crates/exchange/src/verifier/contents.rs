//! The checks of the credentials: whether they are those that the request asks for.

use std::collections::BTreeSet;

use verdict::{Caution, Failure, Found};

use super::view::ResponseView;
use crate::{
    fit,
    message::{Criterion, VerifiableCredential},
};

/// Checks `issuers`. What the holder signed itself is accepted where the criterion allows it, and
/// is never shown as an issuer's statement.
pub(super) fn issuers(view: &ResponseView<'_>) -> Found {
    let failures = each_credential(view, |credential, criterion| {
        fit::issuer(credential, criterion, view.holder.as_ref())
    });
    let answered = view.answered().filter(|(_, criterion)| criterion.issuers.allow_self());
    let own = answered.flat_map(|(answer, _)| answer.credentials());
    let own = own.filter(|credential| view.is_holder(&credential.issuer_did));
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
    each_credential(view, fit::kind)
}

/// Checks `attributes`, of the credentials with signed attributes.
pub(super) fn attributes(view: &ResponseView<'_>) -> Vec<Failure> {
    each_credential(view, |credential, criterion| {
        fit::unasked(credential, criterion).chain(fit::missing(credential, criterion))
    })
}

/// Checks `subject`: the same throughout, and the holder.
pub(super) fn subject(view: &ResponseView<'_>) -> Vec<Failure> {
    let credentials = view.credentials();
    credentials.flat_map(|credential| fit::subject(credential, view.holder.as_ref())).collect()
}

/// Checks `count`, of the credentials with signed attributes.
pub(super) fn count(view: &ResponseView<'_>) -> Vec<Failure> {
    let answers = view.answered().filter(|(answer, _)| !answer.is_cl());
    let failures = answers.filter_map(|(answer, criterion)| {
        let different: BTreeSet<_> =
            answer.credentials().map(VerifiableCredential::identity).collect();
        // a holder can make any number of credentials for itself, which are no more than one, and
        // yet no fewer
        let own = different.iter().filter(|(issuer, _)| view.is_holder(issuer)).count();
        let least = different.len() - own.saturating_sub(1);
        let count = wrong_count(criterion, least as u64);
        let count = count.or_else(|| wrong_count(criterion, different.len() as u64));
        count.map(|failure| failure.about(format!("{}/Presentations", answer.pointer)))
    });
    failures.collect()
}

/// Returns what is wrong with this number of different credentials for a criterion.
pub(super) fn wrong_count(criterion: &Criterion, count: u64) -> Option<Failure> {
    let range = criterion.asks_for_other_than(count)?;
    let remedy = "answer with as many different credentials as the criterion asks for; one that is repeated counts once";
    Some(Failure::new(format!("{range} different credentials"), count.to_string(), remedy))
}

/// Checks `distinct-credentials`, of the credentials with signed attributes. One credential may
/// answer two criteria, but not the same criterion twice.
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
fn each_credential<'r, F: IntoIterator<Item = Failure>>(
    view: &ResponseView<'r>,
    check: impl Fn(&'r VerifiableCredential, &'r Criterion) -> F,
) -> Vec<Failure> {
    let mut failures = Vec::new();
    for (answer, criterion) in view.answered() {
        failures.extend(answer.credentials().flat_map(|credential| check(credential, criterion)));
    }
    failures
}
