//! Why a wallet has too few credentials for a criterion.
//!
//! Everything here is counted in the index of the wallet's tags, up to a thousand. Only credentials
//! that expired this month, or are not valid yet, are counted among those that the search read,
//! which are two thousand at most.

use std::collections::{BTreeMap, BTreeSet};

use wallet::non_secrets::count_wallet_records;

use super::{
    CATEGORY, CriterionSearch,
    criterion_search::{MAX_COUNTED, Mismatch, held_of},
    tags::{self, ATTRIBUTE, ISSUER},
};
use crate::{error::ExchangeError, message::CredentialKind};

fn credentials(count: usize) -> String {
    match count {
        1 => "1 credential is".to_owned(),
        count => format!("{} credentials are", counted(count)),
    }
}

fn counted(count: usize) -> String {
    match count < MAX_COUNTED {
        true => count.to_string(),
        false => format!("At least {MAX_COUNTED}"),
    }
}

/// Explains why a search has found no more than `found` credentials, in sentences, the most
/// important reason first.
pub(super) async fn explain(
    search: &CriterionSearch<'_>,
    found: usize,
) -> Result<Vec<String>, ExchangeError> {
    let (criterion, needed) = (&search.criterion, search.criterion.min_count());
    let mut reasons = Vec::new();
    if criterion.predicates.is_empty() {
        kind_and_issuer(search, &mut reasons).await?;
        mismatches(search, &mut reasons).await?;
        let not_yet = search.invalid.not_yet;
        if not_yet > 0 {
            reasons.push(format!("{} not valid yet.", credentials(not_yet)));
        }
        if found > 0 {
            let found = credentials(found);
            reasons.push(format!("{found} found, and {needed} different ones are needed."));
        }
    } else {
        let attributes = criterion.predicates.iter().map(|predicate| &*predicate.name);
        let attributes = attributes.collect::<Vec<_>>().join(", ");
        reasons.push(format!(
            "The predicates of {attributes} need an answer in zero knowledge, which signed attributes cannot give."
        ));
    }
    Ok(reasons)
}

/// Adds credentials of the kind by other issuers, and of other kinds by the accepted issuers.
async fn kind_and_issuer(
    search: &CriterionSearch<'_>,
    reasons: &mut Vec<String>,
) -> Result<(), ExchangeError> {
    let kind = &search.criterion.kind;
    let in_words = match kind {
        CredentialKind::Schema(id) => format!("the schema {id}"),
        CredentialKind::LinkedData { context, kind } => format!("the type {kind} of {context}"),
    };
    let issuer_of_kind = tags::issuer_of(kind);
    let mut by_accepted = 0;
    for issuer in &search.issuers {
        by_accepted += count(search, &issuer_of_kind, issuer, MAX_COUNTED).await?;
    }
    let (name, value) = tags::of_kind(kind);
    let of_kind = count(search, name, &value, by_accepted + MAX_COUNTED).await?;
    let by_others = of_kind.saturating_sub(by_accepted).min(MAX_COUNTED);
    if by_others > 0 {
        let others = credentials(by_others);
        reasons.push(format!("{others} of {in_words} from an issuer that is not accepted."));
    }
    if by_accepted > 0 {
        return Ok(());
    }
    let mut of_other_kinds = 0;
    let named = search.criterion.issuers.dids.iter().chain(&search.issuers);
    let named: BTreeSet<String> = named.cloned().collect();
    for issuer in held_of(search.wallet, named.into_iter().collect(), ISSUER).await? {
        of_other_kinds += count(search, ISSUER, &issuer, MAX_COUNTED - of_other_kinds).await?;
    }
    if of_other_kinds > 0 {
        let others = credentials(of_other_kinds);
        reasons.push(format!("{others} from an accepted issuer, but not of {in_words}."));
    } else if by_others == 0 {
        reasons.push(format!(
            "The wallet holds no credential with signed attributes of {in_words}, and none of an accepted issuer."
        ));
    }
    Ok(())
}

/// Adds credentials of the kind by accepted issuers that do not fit, or have expired.
async fn mismatches(
    search: &CriterionSearch<'_>,
    reasons: &mut Vec<String>,
) -> Result<(), ExchangeError> {
    let mut sums: BTreeMap<&Mismatch, usize> = BTreeMap::new();
    for found in search.shapes.iter().filter(|found| !found.mismatches.is_empty()) {
        let count = search.count_of(found, MAX_COUNTED).await?;
        for mismatch in &found.mismatches {
            *sums.entry(mismatch).or_default() += count;
        }
    }
    let expired = search.invalid.expired;
    if expired > 0 {
        *sums.entry(&Mismatch::Expired).or_default() += expired;
    }
    for (mismatch, sum) in sums {
        let those = credentials(sum.min(MAX_COUNTED));
        reasons.push(match mismatch {
            Mismatch::Lacks(name) => {
                let elsewhere = match count(search, ATTRIBUTE, name, MAX_COUNTED).await? {
                    0 => "none has".to_owned(),
                    1 => "1 has".to_owned(),
                    some => format!("{} have", counted(some)),
                };
                format!(
                    "{those} without the required attribute {name:?}; in the whole wallet {elsewhere} it."
                )
            }
            Mismatch::OtherSubject => format!("{those} about another DID than the holder's."),
            Mismatch::Whole(name) => format!(
                "{those} signed as a whole, and cannot be shown without {name:?}, which is not asked for."
            ),
            Mismatch::OtherProof(kind) => {
                let accept = search.accept.as_deref().unwrap_or("anything");
                format!("{those} signed as {kind}, and the request accepts {accept}.")
            }
            Mismatch::Expired => format!("{those} expired."),
        });
    }
    Ok(())
}

/// Counts the credentials with a tag, up to `max`.
async fn count(
    search: &CriterionSearch<'_>,
    tag: &str,
    value: &str,
    max: usize,
) -> Result<usize, ExchangeError> {
    let tags = [(tag, value)];
    Ok(count_wallet_records(search.wallet, CATEGORY, &tags, max).await?)
}
