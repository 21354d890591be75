//! Why a wallet has too few credentials for a criterion.
//!
//! Everything here is counted in the index of the wallet's tags, up to a thousand. Only what expired this month,
//! and what is not valid yet, is counted among the credentials that the search read, which are two thousand at
//! most.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use indy::non_secrets::{count_wallet_records, distinct_wallet_record_tags};
use serde::Serialize;

use super::{
    CATEGORY, SearchError,
    search::{CriterionSearch, MOST, Misfit},
    tags::{self, ATTRIBUTE, ISSUER},
};
use crate::message::Wanted;

/// So many issuers are counted one by one.
const MOST_ISSUERS: usize = 32;

/// Too few credentials for a criterion, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shortage {
    /// How many were found.
    pub found: usize,
    /// How many are needed at least.
    pub needed: u64,
    /// Why there are no more; the first says most.
    pub reasons: Vec<Reason>,
}

/// A reason why there are too few credentials. Every `count` goes up to a thousand, which then means a thousand
/// or more. Its text is a sentence for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
pub enum Reason {
    /// What is asked for can be answered in zero knowledge only.
    NeedsZeroKnowledge {
        /// The attributes of which something is to be proved.
        attributes: Vec<String>,
    },
    /// There is no credential of the kind at all, and none of an accepted issuer.
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
    /// Credentials that would do lack an attribute that is required.
    MissingAttribute {
        /// The attribute.
        attribute: String,
        /// How many lack it.
        count: usize,
        /// How many credentials of any kind have an attribute of this name.
        elsewhere: usize,
    },
    /// Credentials that would do are about another DID than the holder's.
    OtherSubject {
        /// How many.
        count: usize,
    },
    /// Credentials that would do are signed in a way that the request does not accept.
    OtherProofType {
        /// The proof type.
        proof_type: String,
        /// How many.
        count: usize,
    },
    /// Credentials that would do have expired.
    Expired {
        /// How many: in past months all, in this month of those that were looked at.
        count: usize,
    },
    /// Credentials that would do are not valid yet.
    NotYetValid {
        /// How many, of those that were looked at.
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

impl fmt::Display for Reason {
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
            Self::OtherIssuer { count, kind } => write!(
                f,
                "{} of {kind} from an issuer that is not accepted.",
                credentials(*count)
            ),
            Self::OtherSchema { count, kind } => write!(
                f,
                "{} from an accepted issuer, but not of {kind}.",
                credentials(*count)
            ),
            Self::MissingAttribute {
                attribute,
                count,
                elsewhere,
            } => write!(
                f,
                "{} without the required attribute {attribute:?}; in the whole wallet {} it.",
                credentials(*count),
                match elsewhere {
                    0 => "none has".to_owned(),
                    1 => "1 has".to_owned(),
                    some => format!("{}{some} have", at_least(*some)),
                }
            ),
            Self::OtherSubject { count } => write!(
                f,
                "{} about another DID than the holder's.",
                credentials(*count)
            ),
            Self::OtherProofType { proof_type, count } => write!(
                f,
                "{} signed as {proof_type}, which the request does not accept.",
                credentials(*count)
            ),
            Self::Expired { count } => write!(f, "{} expired.", credentials(*count)),
            Self::NotYetValid { count } => write!(f, "{} not valid yet.", credentials(*count)),
            Self::TooFewDistinct { found, needed } => write!(
                f,
                "{} found, and {needed} different ones are needed.",
                credentials(*found)
            ),
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
    match count < MOST {
        true => "",
        false => "At least ",
    }
}

/// Why a search has found no more than `found`.
pub(super) async fn explain(
    search: &CriterionSearch<'_>,
    found: usize,
) -> Result<Shortage, SearchError> {
    let criterion = search.criterion();
    let mut reasons = Vec::new();
    if criterion.predicates.is_empty() {
        kind_and_issuer(search, &mut reasons).await?;
        misfits(search, &mut reasons).await?;
        let invalid = search.invalid();
        if invalid.not_yet > 0 {
            let count = invalid.not_yet;
            reasons.push(Reason::NotYetValid { count });
        }
        if found > 0 {
            let needed = criterion.least();
            reasons.push(Reason::TooFewDistinct { found, needed });
        }
    } else {
        let attributes = criterion.predicates.iter();
        reasons.push(Reason::NeedsZeroKnowledge {
            attributes: attributes.map(|predicate| predicate.name.clone()).collect(),
        });
    }
    Ok(Shortage {
        found,
        needed: criterion.least(),
        reasons,
    })
}

/// Credentials of the kind by other issuers, and of other kinds by these.
async fn kind_and_issuer(
    search: &CriterionSearch<'_>,
    reasons: &mut Vec<Reason>,
) -> Result<(), SearchError> {
    let wanted = &search.criterion().wanted;
    let kind = || match wanted {
        Wanted::Schema(id) => format!("the schema {id}"),
        Wanted::LinkedData { context, kind } => format!("the type {kind} of {context}"),
    };
    let issuer_of_kind = tags::issuer_of(wanted);
    let mut here = 0;
    for issuer in search.issuers() {
        here += count(search, &issuer_of_kind, issuer, MOST).await?;
    }
    let (name, value) = tags::of_kind(wanted);
    let of_kind = count(search, name, &value, here + MOST).await?;
    let others = of_kind.saturating_sub(here).min(MOST);
    if others > 0 {
        let (count, kind) = (others, kind());
        reasons.push(Reason::OtherIssuer { count, kind });
    }
    if here > 0 {
        return Ok(());
    }
    let mut by_accepted = 0;
    for issuer in known_issuers(search).await? {
        by_accepted += count(search, ISSUER, &issuer, MOST - by_accepted).await?;
    }
    if by_accepted > 0 {
        let (count, kind) = (by_accepted, kind());
        reasons.push(Reason::OtherSchema { count, kind });
    } else if others == 0 {
        reasons.push(Reason::NoneHeld { kind: kind() });
    }
    Ok(())
}

/// The criterion's issuers; of very many those that the wallet knows.
async fn known_issuers(search: &CriterionSearch<'_>) -> Result<Vec<String>, SearchError> {
    let named = &search.criterion().issuers.dids;
    if named.len() <= MOST_ISSUERS {
        return Ok(search.issuers().to_vec());
    }
    let held = distinct_wallet_record_tags(search.wallet(), CATEGORY, ISSUER).await?;
    let named: BTreeSet<&String> = named.iter().collect();
    Ok(held.into_iter().filter(|did| named.contains(did)).collect())
}

/// Credentials of the kind by accepted issuers that do not fit, or have expired.
async fn misfits(
    search: &CriterionSearch<'_>,
    reasons: &mut Vec<Reason>,
) -> Result<(), SearchError> {
    let mut sums = Sums::default();
    for sighted in search.shapes() {
        if let Some(misfit) = &sighted.misfit {
            sums.add(misfit, search.count_of(sighted, MOST).await?);
        }
    }
    for (attribute, sum) in sums.lacking {
        reasons.push(Reason::MissingAttribute {
            attribute: attribute.to_owned(),
            count: sum.min(MOST),
            elsewhere: count(search, ATTRIBUTE, attribute, MOST).await?,
        });
    }
    if sums.others > 0 {
        let count = sums.others.min(MOST);
        reasons.push(Reason::OtherSubject { count });
    }
    for (kind, sum) in sums.proofs {
        let (proof_type, count) = (kind.to_owned(), sum.min(MOST));
        reasons.push(Reason::OtherProofType { proof_type, count });
    }
    let expired = sums.expired + search.invalid().expired;
    if expired > 0 {
        let count = expired.min(MOST);
        reasons.push(Reason::Expired { count });
    }
    Ok(())
}

/// How many credentials do not fit, by what is wrong with them.
#[derive(Default)]
struct Sums<'s> {
    lacking: BTreeMap<&'s str, usize>,
    others: usize,
    proofs: BTreeMap<&'s str, usize>,
    expired: usize,
}

impl<'s> Sums<'s> {
    fn add(&mut self, misfit: &'s Misfit, count: usize) {
        match misfit {
            Misfit::Lacks(names) => {
                for name in names {
                    *self.lacking.entry(name).or_default() += count;
                }
            }
            Misfit::OtherSubject => self.others += count,
            Misfit::OtherProof(kind) => *self.proofs.entry(kind).or_default() += count,
            Misfit::Expired => self.expired += count,
        }
    }
}

async fn count(
    search: &CriterionSearch<'_>,
    tag: &str,
    value: &str,
    at_most: usize,
) -> Result<usize, SearchError> {
    let tags = [(tag, value)];
    Ok(count_wallet_records(search.wallet(), CATEGORY, &tags, at_most).await?)
}
