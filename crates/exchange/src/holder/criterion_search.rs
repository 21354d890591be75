//! The search for credentials that answer one criterion.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, VecDeque},
};

use chrono::{DateTime, Utc};
use wallet::{
    Wallet,
    non_secrets::{
        SearchPosition, WalletRecord, count_wallet_records, distinct_wallet_record_tags,
        fetch_wallet_search_next_records, open_wallet_search,
    },
};

use super::{
    CATEGORY,
    store::{damaged, read},
    tags::{self, Shape},
};
use crate::{
    did::Did,
    error::ExchangeError,
    fit,
    message::{Accepted, CL_PRESENTATION, Criterion, VerifiableCredential},
    signature::ProofType,
};

/// Credentials are counted up to this number, and no first page of candidates is longer.
pub(super) const MAX_COUNTED: usize = 1_000;

/// How many issuers of a criterion are looked up one by one. Of more, only those that the wallet
/// knows.
const MAX_ISSUERS: usize = 32;

/// One fetch reads at most this many credentials. It reads more than it returns where some are not
/// valid now.
const MAX_READ: usize = 2_000;

/// How many credentials are read together.
const MIN_BATCH: usize = 16;
const MAX_BATCH: usize = 512;

/// A credential that can answer a criterion: it has all attributes that the criterion requires.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The id under which the wallet holds it: the credential's, unless that of another issuer's
    /// has it.
    pub credential_id: String,
    /// Its issuer's DID.
    pub issuer: String,
    /// The DID that it is about.
    pub subject: String,
    /// When its validity begins, in RFC 3339.
    pub issuance_date: String,
    /// When its validity ends, in RFC 3339; never if absent.
    pub expiration_date: Option<String>,
    /// The required attributes, which the answer shows: names and values.
    pub required: BTreeMap<String, String>,
    /// The optional attributes that it has, which the answer shows only if the holder chooses to.
    pub optional: BTreeMap<String, String>,
}

impl Candidate {
    fn of(id: &str, credential: &VerifiableCredential, criterion: &Criterion) -> Self {
        let is_shown = |name: &str| {
            let is_required = criterion.required().any(|required| required == name);
            is_required || criterion.asks_for_all() || credential.whole.is_some()
        };
        let attributes = credential.attributes.iter();
        let attributes = attributes.map(|one| (one.key.clone(), one.value.clone()));
        let (required, mut optional): (BTreeMap<_, _>, BTreeMap<_, _>) =
            attributes.partition(|(name, _)| is_shown(name));
        optional.retain(|name, _| criterion.optional().any(|optional| optional == name));
        let subject = credential.attributes.first();
        Self {
            credential_id: id.to_owned(),
            issuer: credential.issuer_did.clone(),
            subject: subject.map(|first| first.id.clone()).unwrap_or_default(),
            issuance_date: credential.issuance_date.clone(),
            expiration_date: credential.expiration_date.clone(),
            required,
            optional,
        }
    }
}

/// A search for one criterion, which continues where it stopped. It holds no connection and no
/// transaction.
#[derive(Debug)]
pub struct CriterionSearch<'w> {
    pub(super) wallet: &'w Wallet,
    pub(super) criterion: Criterion,
    now: DateTime<Utc>,
    /// What the request accepts, in words; anything if absent.
    pub(super) accept: Option<String>,
    /// The criterion's issuers, as far as they are looked up.
    pub(super) issuers: Vec<String>,
    /// The shapes that the wallet has of the kind, and whether they fit.
    pub(super) shapes: Vec<FoundShape>,
    /// The shapes that fit and whose lists have not been read to their end, each with how far it
    /// was read.
    lists: VecDeque<(FoundShape, Option<SearchPosition>)>,
    /// Candidates that were read and not yet fetched.
    ahead: VecDeque<Candidate>,
    pub(super) invalid: Invalid,
}

/// A shape of credentials of a criterion's kind, by one of its issuers.
#[derive(Debug, Clone)]
pub(super) struct FoundShape {
    issuer: String,
    shape: Shape,
    /// Why such credentials do not answer the criterion, if they do not.
    pub mismatches: Vec<Mismatch>,
}

/// Why credentials of a shape do not answer a criterion, in the order in which reasons are given.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mismatch {
    /// They lack this attribute.
    Lacks(String),
    /// They are about another DID than the holder's.
    OtherSubject,
    /// They cannot be shown without this attribute, which is not asked for.
    Whole(String),
    /// A proof type of theirs is not accepted.
    OtherProof(String),
    /// They expired in a past month.
    Expired,
}

/// How many of the fitting credentials that were read are not valid now.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Invalid {
    pub expired: usize,
    pub not_yet: usize,
}

impl<'w> CriterionSearch<'w> {
    /// Looks up the shapes that the wallet has; reads no credential yet.
    pub(super) async fn open(
        wallet: &'w Wallet,
        criterion: &Criterion,
        accept: Option<&[Accepted]>,
        holder: Option<&Did>,
        now: DateTime<Utc>,
    ) -> Result<Self, ExchangeError> {
        let issuers = issuers(wallet, criterion, holder).await?;
        let mut shapes = Vec::new();
        for issuer in &issuers {
            for shape in shapes_of(wallet, criterion, issuer).await? {
                let mismatches = mismatches(&shape, criterion, accept, holder, now);
                shapes.push(FoundShape { issuer: issuer.clone(), shape, mismatches });
            }
        }
        let mut search = Self {
            wallet,
            criterion: criterion.clone(),
            now,
            accept: accept.map(in_words),
            issuers,
            shapes,
            lists: VecDeque::new(),
            ahead: VecDeque::new(),
            invalid: Invalid::default(),
        };
        search.lists = search.fitting().map(|found| (found.clone(), None)).collect();
        Ok(search)
    }

    /// Returns the next candidates, `count` at most. Fewer do not mean that there are no more; see
    /// [`CriterionSearch::has_ended`]. One call reads 2,000 credentials at most, of which many may
    /// not be valid now.
    ///
    /// # Errors
    ///
    /// [`ExchangeError`]; the search then stays where it was.
    pub async fn fetch(&mut self, count: usize) -> Result<Vec<Candidate>, ExchangeError> {
        let mut read = 0;
        let mut batch = MIN_BATCH;
        while self.ahead.len() < count && read < MAX_READ {
            let wanted = (count - self.ahead.len()).clamp(batch, MAX_BATCH);
            match self.read(wanted).await? {
                0 if self.lists.is_empty() => break,
                some => read += some,
            }
            batch = (2 * batch).min(MAX_BATCH);
        }
        let count = count.min(self.ahead.len());
        Ok(self.ahead.drain(..count).collect())
    }

    /// Returns whether all candidates have been fetched.
    pub fn has_ended(&self) -> bool {
        self.ahead.is_empty() && self.lists.is_empty()
    }

    /// Reads some credentials of the first list, and returns how many.
    async fn read(&mut self, wanted: usize) -> Result<usize, ExchangeError> {
        let Some((found, after)) = self.lists.front_mut() else {
            return Ok(0);
        };
        let name = tags::shape_of(&self.criterion.kind, &found.issuer);
        let value = found.shape.written();
        let tags = [(&*name, &*value)];
        let mut search = open_wallet_search(self.wallet, CATEGORY, &tags, *after).await?;
        let records = fetch_wallet_search_next_records(&mut search, wanted).await?;
        let credentials: Vec<_> = records
            .iter()
            .map(|record: &WalletRecord| read(&record.id, &record.value))
            .collect::<Result<_, _>>()?;
        for (record, credential) in records.iter().zip(&credentials) {
            let credential = credential.message();
            if fit::is_early(credential, self.now) {
                self.invalid.not_yet += 1;
            } else if fit::is_late(credential, Some(&self.criterion), self.now)
                || fit::has_late_proof(credential, self.now)
            {
                self.invalid.expired += 1;
            } else {
                let candidate = Candidate::of(&record.id, credential, &self.criterion);
                self.ahead.push_back(candidate);
            }
        }
        match records.len() == wanted {
            true => *after = Some(search.position()),
            false => drop(self.lists.pop_front()),
        }
        Ok(records.len())
    }

    /// Counts the credentials that fit, valid or not, up to [`MAX_COUNTED`].
    pub(super) async fn count(&self) -> Result<usize, ExchangeError> {
        let mut count = 0;
        for found in self.fitting() {
            if count < MAX_COUNTED {
                count += self.count_of(found, MAX_COUNTED - count).await?;
            }
        }
        Ok(count)
    }

    /// Counts the credentials of a shape, up to `max`.
    pub(super) async fn count_of(
        &self,
        found: &FoundShape,
        max: usize,
    ) -> Result<usize, ExchangeError> {
        let name = tags::shape_of(&self.criterion.kind, &found.issuer);
        let tag = (&*name, &*found.shape.written());
        Ok(count_wallet_records(self.wallet, CATEGORY, &[tag], max).await?)
    }

    fn fitting(&self) -> impl Iterator<Item = &FoundShape> {
        // a predicate is proved in zero knowledge, and not from a credential with signed attributes
        let is_signed = self.criterion.predicates.is_empty();
        self.shapes.iter().filter(move |found| is_signed && found.mismatches.is_empty())
    }
}

/// Returns the criterion's issuers, each once; of very many, those that the wallet knows for the
/// criterion's kind. Where the holder may state the attributes itself, it is one of them.
async fn issuers(
    wallet: &Wallet,
    criterion: &Criterion,
    holder: Option<&Did>,
) -> Result<Vec<String>, ExchangeError> {
    let mut seen = BTreeSet::new();
    let own = holder.filter(|_| criterion.issuers.allow_self()).map(ToString::to_string);
    let named = criterion.issuers.dids.iter().chain(&own);
    let named: Vec<String> = named.filter(|did| seen.insert(*did)).cloned().collect();
    held_of(wallet, named, &tags::issuer_of(&criterion.kind)).await
}

/// Returns issuers; of very many, those that the wallet has as values of a tag.
pub(super) async fn held_of(
    wallet: &Wallet,
    mut issuers: Vec<String>,
    tag: &str,
) -> Result<Vec<String>, ExchangeError> {
    if issuers.len() > MAX_ISSUERS {
        let held = distinct_wallet_record_tags(wallet, CATEGORY, tag).await?;
        let held: BTreeSet<String> = held.into_iter().collect();
        issuers.retain(|did| held.contains(did));
    }
    Ok(issuers)
}

/// Returns the shapes of an issuer's credentials of the criterion's kind: first those that never
/// expire, then those that expire last.
async fn shapes_of(
    wallet: &Wallet,
    criterion: &Criterion,
    issuer: &str,
) -> Result<Vec<Shape>, ExchangeError> {
    let tag = tags::shape_of(&criterion.kind, issuer);
    let written = distinct_wallet_record_tags(wallet, CATEGORY, &tag).await?;
    let shapes = written.iter().map(|written| serde_json::from_str(written));
    let shapes = shapes.collect::<Result<Vec<Shape>, _>>();
    let mut shapes = shapes.map_err(|error| damaged(&tag, &error))?;
    shapes.sort();
    // a stable sort: shapes that expire alike stay in order
    shapes.sort_by_key(|shape| Reverse((shape.expires.is_none(), shape.expires)));
    Ok(shapes)
}

/// Returns why credentials of a shape do not answer a criterion: the first reason, for each
/// attribute that it is about.
fn mismatches(
    shape: &Shape,
    criterion: &Criterion,
    accept: Option<&[Accepted]>,
    holder: Option<&Did>,
    now: DateTime<Utc>,
) -> Vec<Mismatch> {
    let lacking = criterion.required().filter(|name| !shape.names.contains(*name));
    let lacking: Vec<Mismatch> = lacking.map(|name| Mismatch::Lacks(name.to_owned())).collect();
    if !lacking.is_empty() {
        return lacking;
    }
    if holder.is_some_and(|holder| holder.as_str() != shape.subject) {
        return vec![Mismatch::OtherSubject];
    }
    if let Some(refused) = shape.proofs.iter().find(|kind| !accepts(accept, kind)) {
        return vec![Mismatch::OtherProof(refused.clone())];
    }
    if !criterion.allow_expired && shape.expires.is_some_and(|expires| expires < tags::month(now)) {
        return vec![Mismatch::Expired];
    }
    let may_show = |name: &str| criterion.may_show(name) || fit::is_type_of_subject(name);
    let unasked = shape.names.iter().filter(|name| shape.whole && !may_show(name));
    unasked.cloned().map(Mismatch::Whole).collect()
}

/// Returns what a request accepts, in words.
fn in_words(accept: &[Accepted]) -> String {
    let pairs = accept.iter().map(|one| {
        let is_known =
            one.proof_type == CL_PRESENTATION || ProofType::of_name(&one.proof_type).is_some();
        let remark = if is_known { "" } else { " (a proof type that is not known here)" };
        format!("{one}{remark}")
    });
    pairs.collect::<Vec<_>>().join(", ")
}

/// Returns whether a proof type of an issuer is accepted: in either syntax, since an issuer's
/// signature is the same in both.
pub(super) fn accepts(accept: Option<&[Accepted]>, proof_type: &str) -> bool {
    accept.is_none_or(|accept| accept.iter().any(|one| one.proof_type == proof_type))
}
