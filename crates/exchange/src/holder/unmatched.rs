//! Why a wallet has too few credentials for a criterion.
//!
//! Everything here is counted in the index of the wallet's tags, up to a thousand. Only credentials that expired this
//! month, or are not valid yet, are counted among those that the search read, which are two thousand at most.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use serde::Serialize;
use wallet::non_secrets::{count_wallet_records, distinct_wallet_record_tags};

use super::{
    CATEGORY, CriterionSearch, SearchError,
    criterion_search::{MAX_COUNTED, MAX_ISSUERS, Mismatch},
    tags::{self, ATTRIBUTE, ISSUER},
};
use crate::message::CredentialKind;

/// A criterion for which the wallet has too few credentials.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unmatched {
    /// How many were found.
    pub found: usize,
    /// How many are needed at least.
    pub needed: u64,
    /// Why there are no more; the most important reason first.
    pub reasons: Vec<UnmatchedReason>,
}

/// A reason why there are too few credentials. Every `count` goes up to a thousand, which means a thousand or more.
/// It is displayed as a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
pub enum UnmatchedReason {
    /// The criterion can be answered in zero knowledge only.
    NeedsZeroKnowledge {
        /// The attributes that its predicates are about.
        attributes: Vec<String>,
    },
    /// There is no credential of the kind, and none from an accepted issuer.
    NoneHeld {
        /// The kind, in words.
        kind: String,
    },
    /// Credentials of the kind come from issuers that are not accepted.
    OtherIssuer {
        /// How many.
        count: usize,
        /// The kind, in words.
        kind: String,
    },
    /// Credentials of accepted issuers are of other kinds.
    OtherSchema {
        /// How many.
        count: usize,
        /// The kind that is asked for, in words.
        kind: String,
    },
    /// Credentials that would fit lack an attribute that is required.
    MissingAttribute {
        /// The attribute.
        attribute: String,
        /// How many lack it.
        count: usize,
        /// How many credentials of any kind have this attribute.
        elsewhere: usize,
    },
    /// Credentials that would fit are about another DID than the holder's.
    OtherSubject {
        /// How many.
        count: usize,
    },
    /// Credentials that would fit have one signature, so that they cannot be shown in part.
    OnlyWhole {
        /// An attribute that the request does not ask for.
        attribute: String,
        /// How many.
        count: usize,
    },
    /// Credentials that would fit are signed in a way that the request does not accept.
    OtherProofType {
        /// The proof type.
        proof_type: String,
        /// How many.
        count: usize,
    },
    /// Credentials that would fit have expired.
    Expired {
        /// How many: all that expired in past months, and in this month those that were read.
        count: usize,
    },
    /// Credentials that would fit are not valid yet.
    NotYetValid {
        /// How many of those that were read.
        count: usize,
    },
    /// There are some, but fewer different ones than are needed.
    TooFewDistinct {
        /// How many.
        found: usize,
        /// How many are needed at least.
        needed: u64,
    },
}

impl fmt::Display for UnmatchedReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NeedsZeroKnowledge { attributes } => write!(
                f,
                "The predicates of {} need an answer in zero knowledge, which signed attributes cannot give.",
                attributes.join(", ")
            ),
            Self::NoneHeld { kind } => write!(
                f,
                "The wallet holds no credential of {kind}, and none of an accepted issuer."
            ),
            Self::OtherIssuer { count, kind } => {
                write!(f, "{} of {kind} from an issuer that is not accepted.", credentials(*count))
            }
            Self::OtherSchema { count, kind } => {
                write!(f, "{} from an accepted issuer, but not of {kind}.", credentials(*count))
            }
            Self::MissingAttribute { attribute, count, elsewhere } => write!(
                f,
                "{} without the required attribute {attribute:?}; in the whole wallet {} it.",
                credentials(*count),
                match elsewhere {
                    0 => "none has".to_owned(),
                    1 => "1 has".to_owned(),
                    some => format!("{}{some} have", at_least(*some)),
                }
            ),
            Self::OtherSubject { count } => {
                write!(f, "{} about another DID than the holder's.", credentials(*count))
            }
            Self::OnlyWhole { attribute, count } => write!(
                f,
                "{} signed as a whole, and cannot be shown without {attribute:?}, which is not asked for.",
                credentials(*count)
            ),
            Self::OtherProofType { proof_type, count } => write!(
                f,
                "{} signed as {proof_type}, which the request does not accept.",
                credentials(*count)
            ),
            Self::Expired { count } => write!(f, "{} expired.", credentials(*count)),
            Self::NotYetValid { count } => write!(f, "{} not valid yet.", credentials(*count)),
            Self::TooFewDistinct { found, needed } => {
                write!(f, "{} found, and {needed} different ones are needed.", credentials(*found))
            }
        }
    }
}

fn credentials(count: usize) -> String {
    match count {
        1 => "1 credential is".to_owned(),
        count => format!("{}{count} credentials are", at_least(count)),
    }
}

fn at_least(count: usize) -> &'static str {
    match count < MAX_COUNTED {
        true => "",
        false => "At least ",
    }
}

/// Explains why a search has found no more than `found` credentials.
pub(super) async fn explain(
    search: &CriterionSearch<'_>,
    found: usize,
) -> Result<Unmatched, SearchError> {
    let criterion = search.criterion();
    let mut reasons = Vec::new();
    if criterion.predicates.is_empty() {
        kind_and_issuer(search, &mut reasons).await?;
        mismatches(search, &mut reasons).await?;
        let invalid = search.invalid();
        if invalid.not_yet > 0 {
            let count = invalid.not_yet;
            reasons.push(UnmatchedReason::NotYetValid { count });
        }
        if found > 0 {
            let needed = criterion.min_count();
            reasons.push(UnmatchedReason::TooFewDistinct { found, needed });
        }
    } else {
        let attributes = criterion.predicates.iter();
        reasons.push(UnmatchedReason::NeedsZeroKnowledge {
            attributes: attributes.map(|predicate| predicate.name.clone()).collect(),
        });
    }
    Ok(Unmatched { found, needed: criterion.min_count(), reasons })
}

/// Adds credentials of the kind by other issuers, and of other kinds by the accepted issuers.
async fn kind_and_issuer(
    search: &CriterionSearch<'_>,
    reasons: &mut Vec<UnmatchedReason>,
) -> Result<(), SearchError> {
    let kind = &search.criterion().kind;
    let kind_in_words = || match kind {
        CredentialKind::Schema(id) => format!("the schema {id}"),
        CredentialKind::LinkedData { context, kind } => format!("the type {kind} of {context}"),
    };
    let issuer_of_kind = tags::issuer_of(kind);
    let mut by_accepted = 0;
    for issuer in search.issuers() {
        by_accepted += count(search, &issuer_of_kind, issuer, MAX_COUNTED).await?;
    }
    let (name, value) = tags::of_kind(kind);
    let of_kind = count(search, name, &value, by_accepted + MAX_COUNTED).await?;
    let by_others = of_kind.saturating_sub(by_accepted).min(MAX_COUNTED);
    if by_others > 0 {
        reasons.push(UnmatchedReason::OtherIssuer { count: by_others, kind: kind_in_words() });
    }
    if by_accepted > 0 {
        return Ok(());
    }
    let mut of_other_kinds = 0;
    for issuer in known_issuers(search).await? {
        of_other_kinds += count(search, ISSUER, &issuer, MAX_COUNTED - of_other_kinds).await?;
    }
    if of_other_kinds > 0 {
        reasons.push(UnmatchedReason::OtherSchema { count: of_other_kinds, kind: kind_in_words() });
    } else if by_others == 0 {
        reasons.push(UnmatchedReason::NoneHeld { kind: kind_in_words() });
    }
    Ok(())
}

/// Returns the criterion's issuers; of very many, those that the wallet knows.
async fn known_issuers(search: &CriterionSearch<'_>) -> Result<Vec<String>, SearchError> {
    let named = &search.criterion().issuers.dids;
    if named.len() <= MAX_ISSUERS {
        return Ok(search.issuers().to_vec());
    }
    let held = distinct_wallet_record_tags(search.wallet(), CATEGORY, ISSUER).await?;
    let named: BTreeSet<&String> = named.iter().collect();
    Ok(held.into_iter().filter(|did| named.contains(did)).collect())
}

/// Adds credentials of the kind by accepted issuers that do not fit, or have expired.
async fn mismatches(
    search: &CriterionSearch<'_>,
    reasons: &mut Vec<UnmatchedReason>,
) -> Result<(), SearchError> {
    let mut sums = Sums::default();
    for found in search.shapes() {
        if let Some(mismatch) = &found.mismatch {
            sums.add(mismatch, search.count_of(found, MAX_COUNTED).await?);
        }
    }
    for (attribute, sum) in sums.lacking {
        reasons.push(UnmatchedReason::MissingAttribute {
            attribute: attribute.to_owned(),
            count: sum.min(MAX_COUNTED),
            elsewhere: count(search, ATTRIBUTE, attribute, MAX_COUNTED).await?,
        });
    }
    if sums.others > 0 {
        let count = sums.others.min(MAX_COUNTED);
        reasons.push(UnmatchedReason::OtherSubject { count });
    }
    for (attribute, sum) in sums.whole {
        let (attribute, count) = (attribute.to_owned(), sum.min(MAX_COUNTED));
        reasons.push(UnmatchedReason::OnlyWhole { attribute, count });
    }
    for (kind, sum) in sums.proofs {
        let (proof_type, count) = (kind.to_owned(), sum.min(MAX_COUNTED));
        reasons.push(UnmatchedReason::OtherProofType { proof_type, count });
    }
    let expired = sums.expired + search.invalid().expired;
    if expired > 0 {
        let count = expired.min(MAX_COUNTED);
        reasons.push(UnmatchedReason::Expired { count });
    }
    Ok(())
}

/// How many credentials do not fit, by the reason.
#[derive(Default)]
struct Sums<'s> {
    lacking: BTreeMap<&'s str, usize>,
    whole: BTreeMap<&'s str, usize>,
    others: usize,
    proofs: BTreeMap<&'s str, usize>,
    expired: usize,
}

impl<'s> Sums<'s> {
    fn add(&mut self, mismatch: &'s Mismatch, count: usize) {
        match mismatch {
            Mismatch::Lacks(names) => {
                for name in names {
                    *self.lacking.entry(name).or_default() += count;
                }
            }
            Mismatch::Whole(names) => {
                for name in names {
                    *self.whole.entry(name).or_default() += count;
                }
            }
            Mismatch::OtherSubject => self.others += count,
            Mismatch::OtherProof(kind) => *self.proofs.entry(kind).or_default() += count,
            Mismatch::Expired => self.expired += count,
        }
    }
}

/// Counts the credentials with a tag, up to `max`.
async fn count(
    search: &CriterionSearch<'_>,
    tag: &str,
    value: &str,
    max: usize,
) -> Result<usize, SearchError> {
    let tags = [(tag, value)];
    Ok(count_wallet_records(search.wallet(), CATEGORY, &tags, max).await?)
}
