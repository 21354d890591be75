//! Which credentials answer the criteria of a request.

use std::{
    cmp::Reverse,
    collections::{BTreeSet, VecDeque},
};

use chrono::{DateTime, Utc};
use indy::{
    error::WalletError,
    non_secrets::{
        SearchPosition, WalletRecord, count_wallet_records, distinct_wallet_record_tags,
        fetch_wallet_search_next_records, open_wallet_search,
    },
    wallet::Wallet,
};

use super::{
    CATEGORY, Candidate, Shortage,
    candidate::{Validity, validity},
    shortage,
    tags::{self, Shape},
};
use crate::{
    did::Did,
    message::{Accepted, Criterion, ProofRequest, VerifiableCredential},
};

/// How many candidates the first page of a criterion has, or as many as the criterion needs at least.
const PAGE: usize = 20;

/// How many candidates the first page has at most, however many are needed; and how far is counted.
pub(super) const MOST: usize = 1_000;

/// How many credentials one fetch reads at most: more than are wanted are read where some are not valid now.
const MOST_READ: usize = 2_000;

/// How many credentials are read together at least, and at most.
const FEWEST_AT_ONCE: usize = 16;
const MOST_AT_ONCE: usize = 512;

/// So many issuers of a criterion are looked up one by one. Of more, those are that the wallet knows.
const MOST_ISSUERS: usize = 32;

/// Why a search fails.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// What the wallet holds under this id is no credential.
    #[error(
        "what the wallet holds as the credential {id:?} cannot be read: {reason}; remove it, and keep the credential again"
    )]
    Damaged {
        /// The id.
        id: String,
        /// Why, as a clause.
        reason: String,
    },
    /// The wallet failed.
    #[error(transparent)]
    Wallet(#[from] WalletError),
}

/// What a wallet has for one criterion.
#[derive(Debug)]
pub struct Found<'w> {
    /// The criterion's place in the request, from 0.
    pub criterion: usize,
    /// The first candidates: twenty, or as many as the criterion needs at least, up to a thousand. They come in the
    /// order of the criterion's issuers; of one issuer those that never expire first, then from the month that is
    /// farthest; and of one month in the order in which they were kept.
    pub candidates: Vec<Candidate>,
    /// How many credentials of the wallet fit, counted up to a thousand, from the index alone: those that expired
    /// this month, and those that are not valid yet, are counted too.
    pub fitting: usize,
    /// Why the candidates are too few, where they are.
    pub shortage: Option<Shortage>,
    /// Further candidates, on demand.
    pub search: CriterionSearch<'w>,
}

/// Searches a wallet for credentials that answer the criteria of a request: of the criterion's kind, by one of its
/// issuers, with all required attributes, signed in a way that the request accepts, and valid `now`.
///
/// With a `holder`, only credentials about this DID are found: it is the one that will sign the response.
///
/// Each step is a lookup in the index of the wallet's tags, and so is every count. What it costs grows with the
/// number of the request's issuers, of which 32 are looked up and more are compared with those of the wallet, and
/// of the different sets of attributes and months of expiry in what they issued; not with the wallet.
///
/// # Errors
///
/// [`SearchError`].
pub async fn search<'w>(
    wallet: &'w Wallet,
    request: &ProofRequest,
    holder: Option<&Did>,
    now: DateTime<Utc>,
) -> Result<Vec<Found<'w>>, SearchError> {
    let mut all = Vec::with_capacity(request.body.criteria.len());
    for (number, criterion) in request.body.criteria.iter().enumerate() {
        let accept = request.body.accept.as_deref();
        let mut search = CriterionSearch::open(wallet, criterion, accept, holder, now).await?;
        let least = usize::try_from(criterion.least()).unwrap_or(usize::MAX);
        let candidates = search.fetch(PAGE.max(least).min(MOST)).await?;
        let shortage = match candidates.len() < least {
            true => Some(shortage::explain(&search, candidates.len()).await?),
            false => None,
        };
        all.push(Found {
            criterion: number,
            candidates,
            fitting: search.count().await?,
            shortage,
            search,
        });
    }
    Ok(all)
}

/// A search for one criterion, which goes on where it stopped. It holds no connection and no transaction.
#[derive(Debug)]
pub struct CriterionSearch<'w> {
    wallet: &'w Wallet,
    criterion: Criterion,
    now: DateTime<Utc>,
    /// The criterion's issuers, as far as they are looked up.
    issuers: Vec<String>,
    /// What the wallet has of the kind, and whether it fits.
    shapes: Vec<Sighted>,
    /// The lists that have not been read to their end, by place in `shapes`.
    lists: VecDeque<(usize, Option<SearchPosition>)>,
    /// Candidates that were read but not yet asked for.
    ahead: VecDeque<Candidate>,
    invalid: Invalid,
}

/// A shape that the wallet has of a criterion's kind, by one of its issuers.
#[derive(Debug, Clone)]
pub(super) struct Sighted {
    issuer: String,
    shape: Shape,
    /// What keeps it from answering the criterion, if anything does.
    pub misfit: Option<Misfit>,
}

/// Why credentials of a shape do not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Misfit {
    /// They lack these attributes.
    Lacks(Vec<String>),
    /// They are about somebody else.
    OtherSubject,
    /// A proof type of theirs is not accepted.
    OtherProof(String),
    /// They expired in a past month.
    Expired,
}

/// How many credentials that fit are not valid now, among those that were read.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Invalid {
    pub expired: usize,
    pub not_yet: usize,
}

impl<'w> CriterionSearch<'w> {
    async fn open(
        wallet: &'w Wallet,
        criterion: &Criterion,
        accept: Option<&[Accepted]>,
        holder: Option<&Did>,
        now: DateTime<Utc>,
    ) -> Result<Self, SearchError> {
        let issuers = issuers(wallet, criterion).await?;
        let mut shapes = Vec::new();
        for issuer in &issuers {
            for shape in shapes_of(wallet, criterion, issuer).await? {
                shapes.push(Sighted {
                    misfit: misfit(&shape, criterion, accept, holder, now),
                    issuer: issuer.clone(),
                    shape,
                });
            }
        }
        let mut search = Self {
            wallet,
            criterion: criterion.clone(),
            now,
            issuers,
            shapes,
            lists: VecDeque::new(),
            ahead: VecDeque::new(),
            invalid: Invalid::default(),
        };
        search.lists = search.fitting().map(|(place, _)| (place, None)).collect();
        Ok(search)
    }

    /// The next candidates, `count` at most. Fewer do not mean that there are no more: that is what
    /// [`CriterionSearch::has_ended`] says. One call reads 2,000 credentials at most, of which
    /// many may not be valid now.
    ///
    /// # Errors
    ///
    /// [`SearchError`]; the search then stays where it was.
    pub async fn fetch(&mut self, count: usize) -> Result<Vec<Candidate>, SearchError> {
        let mut read = 0;
        let mut at_once = FEWEST_AT_ONCE;
        while self.ahead.len() < count && read < MOST_READ {
            let wanted = (count - self.ahead.len()).clamp(at_once, MOST_AT_ONCE);
            match self.read(wanted).await? {
                0 if self.lists.is_empty() => break,
                some => read += some,
            }
            at_once = (2 * at_once).min(MOST_AT_ONCE);
        }
        let count = count.min(self.ahead.len());
        Ok(self.ahead.drain(..count).collect())
    }

    /// Whether all candidates have been fetched.
    pub fn has_ended(&self) -> bool {
        self.ahead.is_empty() && self.lists.is_empty()
    }

    /// Reads some of the first list, and returns how many.
    async fn read(&mut self, wanted: usize) -> Result<usize, SearchError> {
        let Some(&(place, after)) = self.lists.front() else {
            return Ok(0);
        };
        let Some(Sighted { issuer, shape, .. }) = self.shapes.get(place) else {
            return Ok(0);
        };
        let name = tags::shape_of(&self.criterion.wanted, issuer);
        let value = shape.written();
        let tags = [(&*name, &*value)];
        let mut search = open_wallet_search(self.wallet, CATEGORY, &tags, after).await?;
        let records = fetch_wallet_search_next_records(&mut search, wanted).await?;
        let credentials: Vec<_> = records.iter().map(credential).collect::<Result<_, _>>()?;
        for credential in &credentials {
            match validity(credential, self.now) {
                Validity::Valid => {
                    let candidate = Candidate::of(credential, &self.criterion);
                    self.ahead.push_back(candidate);
                }
                Validity::Expired => self.invalid.expired += 1,
                Validity::NotYet => self.invalid.not_yet += 1,
            }
        }
        self.lists.pop_front();
        if records.len() == wanted {
            self.lists.push_front((place, Some(search.position())));
        }
        Ok(records.len())
    }

    /// How many credentials fit, valid or not, counted up to [`MOST`].
    async fn count(&self) -> Result<usize, SearchError> {
        let mut count = 0;
        for (_, sighted) in self.fitting() {
            if count < MOST {
                count += self.count_of(sighted, MOST - count).await?;
            }
        }
        Ok(count)
    }

    /// How many credentials have a shape.
    pub(super) async fn count_of(
        &self,
        sighted: &Sighted,
        at_most: usize,
    ) -> Result<usize, SearchError> {
        let name = tags::shape_of(&self.criterion.wanted, &sighted.issuer);
        let tag = (&*name, &*sighted.shape.written());
        Ok(count_wallet_records(self.wallet, CATEGORY, &[tag], at_most).await?)
    }

    fn fitting(&self) -> impl Iterator<Item = (usize, &Sighted)> {
        // a comparison is proved in zero knowledge, and of no credential with signed attributes
        let shapes = match self.criterion.predicates.is_empty() {
            true => &*self.shapes,
            false => &[],
        };
        let shapes = shapes.iter().enumerate();
        shapes.filter(|(_, sighted)| sighted.misfit.is_none())
    }

    pub(super) fn wallet(&self) -> &'w Wallet {
        self.wallet
    }

    pub(super) fn criterion(&self) -> &Criterion {
        &self.criterion
    }

    pub(super) fn issuers(&self) -> &[String] {
        &self.issuers
    }

    pub(super) fn shapes(&self) -> &[Sighted] {
        &self.shapes
    }

    pub(super) fn invalid(&self) -> Invalid {
        self.invalid
    }
}

/// The criterion's issuers, each once; of very many those that the wallet knows for the criterion's kind.
async fn issuers(wallet: &Wallet, criterion: &Criterion) -> Result<Vec<String>, SearchError> {
    let mut seen = BTreeSet::new();
    let named = criterion.issuers.dids.iter();
    let named: Vec<String> = named.filter(|did| seen.insert(*did)).cloned().collect();
    if named.len() <= MOST_ISSUERS {
        return Ok(named);
    }
    let tag = tags::issuer_of(&criterion.wanted);
    let held = distinct_wallet_record_tags(wallet, CATEGORY, &tag).await?;
    let held: BTreeSet<String> = held.into_iter().collect();
    let named = named.into_iter();
    Ok(named.filter(|did| held.contains(did)).collect())
}

/// The shapes of an issuer's credentials of the criterion's kind: what never expires first, then what expires last.
async fn shapes_of(
    wallet: &Wallet,
    criterion: &Criterion,
    issuer: &str,
) -> Result<Vec<Shape>, SearchError> {
    let tag = tags::shape_of(&criterion.wanted, issuer);
    let written = distinct_wallet_record_tags(wallet, CATEGORY, &tag).await?;
    let shapes = written.iter().map(|written| serde_json::from_str(written));
    let shapes = shapes.collect::<Result<Vec<Shape>, _>>();
    let mut shapes = shapes.map_err(|error| SearchError::Damaged {
        id: tag,
        reason: error.to_string(),
    })?;
    shapes.sort();
    // a stable sort: shapes that expire alike stay in order
    shapes.sort_by_key(|shape| Reverse((shape.expires.is_none(), shape.expires)));
    Ok(shapes)
}

fn misfit(
    shape: &Shape,
    criterion: &Criterion,
    accept: Option<&[Accepted]>,
    holder: Option<&Did>,
    now: DateTime<Utc>,
) -> Option<Misfit> {
    let lacking = criterion
        .required()
        .filter(|name| !shape.names.contains(*name));
    let lacking: Vec<String> = lacking.map(str::to_owned).collect();
    if !lacking.is_empty() {
        return Some(Misfit::Lacks(lacking));
    }
    if holder.is_some_and(|holder| holder.as_str() != shape.subject) {
        return Some(Misfit::OtherSubject);
    }
    let refused = shape.proofs.iter().find(|kind| !accepts(accept, kind));
    if let Some(refused) = refused {
        return Some(Misfit::OtherProof(refused.clone()));
    }
    let is_past = |expires| expires < tags::month(now);
    shape
        .expires
        .is_some_and(is_past)
        .then_some(Misfit::Expired)
}

/// Whether a proof type of an issuer is accepted: in either syntax, for what an issuer signed has one form.
pub(super) fn accepts(accept: Option<&[Accepted]>, proof_type: &str) -> bool {
    accept.is_none_or(|accept| accept.iter().any(|one| one.proof_type == proof_type))
}

fn credential(record: &WalletRecord) -> Result<VerifiableCredential, SearchError> {
    serde_json::from_slice(&record.value).map_err(|error| SearchError::Damaged {
        id: record.id.clone(),
        reason: error.to_string(),
    })
}
