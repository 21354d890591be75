//! Searching for credentials that can answer a proof request.
//!
//! libindy's rule, for each referent: a credential is a candidate if it satisfies the referent's
//! restrictions and the caller's extra query for that referent, and has every attribute that the
//! referent names; for a predicate, its value must satisfy the predicate as well. The rule itself
//! is [`ReferentQuery::matches`], which decides about every credential. This module decides which
//! credentials it is applied to (see [`crate::plan`]).
//!
//! # The order
//!
//! Candidates are returned class by class, in the order in which the classes were first stored, and
//! within a class in the order in which they were stored. If the request names values, and few
//! credentials have these values or most classes may contain a candidate, they are returned in the
//! order in which they were stored, whatever their class. A search keeps its order. A credential
//! that is stored during the search may be returned, one that is deleted is not, and none is
//! returned twice.

use std::collections::{BTreeMap, VecDeque};
use stdx::task::boxed;

use proofs::{ProofRequest, ReferentQuery, RequestVersion, Restriction, encoding::integer};
use wallet::{Wallet, category::CREDENTIAL};

use crate::{
    classes,
    error::AnoncredsError,
    plan::{Source, SourceReader, plan},
    referents::{referents, unknown_referent},
    stored::CredentialView,
    types::{Candidate, CredentialInfo},
};

/// The prover's own restrictions in addition to the request's, by referent.
///
/// libindy takes the attribute names in them literally; here they are folded like those of the
/// request, so that `attr::First Name::value` finds what `attr::firstname::value` finds.
pub type ExtraQuery = BTreeMap<String, Restriction>;

/// The least and the greatest number of credentials that are read at once.
const MIN_BATCH: usize = 16;
const MAX_BATCH: usize = 512;

/// A search of one wallet for one proof request.
///
/// Each referent is paged on its own: [`prover_fetch_credentials_for_proof_req`] continues where it
/// stopped for that referent, at a cost that does not depend on the pages before. A search holds
/// no connection and no transaction; dropping it closes it.
pub struct CredentialSearch<'w> {
    wallet: &'w Wallet,
    request: ProofRequest,
    cursors: BTreeMap<String, Cursor>,
}

/// All candidates for a request at once, by referent.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct CredentialsForProofRequest {
    /// For the requested attributes.
    pub attrs: BTreeMap<String, Vec<Candidate>>,
    /// For the requested predicates.
    pub predicates: BTreeMap<String, Vec<Candidate>>,
}

/// Opens a search of the wallet for credentials that can answer `request` (action 19).
///
/// # Errors
///
/// [`AnoncredsError::UnknownReferent`] if `extra_query` names a referent that the request does
/// not have; [`AnoncredsError::InvalidStructure`] if an attribute and a predicate share a referent;
/// [`AnoncredsError::Wallet`].
#[boxed]
pub async fn prover_search_credentials_for_proof_req<'w>(
    wallet: &'w Wallet,
    request: &ProofRequest,
    extra_query: Option<&ExtraQuery>,
) -> Result<CredentialSearch<'w>, AnoncredsError> {
    let extra_query = extra_query.cloned().unwrap_or_default();
    if let Some(referent) =
        extra_query.keys().find(|referent| referents(request).all(|known| known != *referent))
    {
        return Err(unknown_referent(request, referent));
    }
    let shared = |referent: &&String| request.requested_predicates.contains_key(*referent);
    if let Some(referent) = request.requested_attributes.keys().find(shared) {
        return Err(AnoncredsError::InvalidStructure {
            what: format!("referent `{referent}`"),
            reason: "it names an attribute and a predicate, so candidates for it are ambiguous"
                .to_owned(),
            remedy: "give one of the two another name",
        });
    }
    let mut cursors = BTreeMap::new();
    for referent in referents(request) {
        let extra = extra_query.get(referent).cloned();
        if let Some(query) = request.query(referent, extra) {
            cursors.insert(referent.clone(), Cursor::open(wallet, query, request.ver).await?);
        }
    }
    Ok(CredentialSearch { wallet, request: request.clone(), cursors })
}

/// Fetches the next candidates for a referent, `count` at most; fewer only when there are no more.
///
/// # Errors
///
/// [`AnoncredsError::UnknownReferent`], [`AnoncredsError::DamagedRecord`],
/// [`AnoncredsError::Wallet`].
#[boxed]
pub async fn prover_fetch_credentials_for_proof_req(
    search: &mut CredentialSearch<'_>,
    referent: &str,
    count: usize,
) -> Result<Vec<Candidate>, AnoncredsError> {
    let Some(cursor) = search.cursors.get_mut(referent) else {
        return Err(unknown_referent(&search.request, referent));
    };
    let interval = cursor.query.interval;
    let found = cursor.fetch(search.wallet, count).await?;
    Ok(found.into_iter().map(|cred_info| Candidate { cred_info, interval }).collect())
}

/// Closes a search. Dropping it does the same; the call exists because the tutorial makes it.
pub fn prover_close_credentials_search_for_proof_req(search: CredentialSearch<'_>) {
    drop(search);
}

/// Counts the remaining candidates for a referent, up to `at_most`. The search itself does not
/// advance.
///
/// # Errors
///
/// As [`prover_fetch_credentials_for_proof_req`].
#[boxed]
pub async fn prover_count_credentials_for_proof_req(
    search: &CredentialSearch<'_>,
    referent: &str,
    at_most: usize,
) -> Result<usize, AnoncredsError> {
    let Some(cursor) = search.cursors.get(referent) else {
        return Err(unknown_referent(&search.request, referent));
    };
    Ok(cursor.clone().fetch(search.wallet, at_most).await?.len())
}

/// Returns all candidates for every referent of `request` in one call; for small wallets.
///
/// # Errors
///
/// As [`prover_fetch_credentials_for_proof_req`].
#[boxed]
pub async fn prover_get_credentials_for_proof_req(
    wallet: &Wallet,
    request: &ProofRequest,
) -> Result<CredentialsForProofRequest, AnoncredsError> {
    let mut search = prover_search_credentials_for_proof_req(wallet, request, None).await?;
    let mut found = CredentialsForProofRequest::default();
    for referent in request.requested_attributes.keys() {
        let candidates =
            prover_fetch_credentials_for_proof_req(&mut search, referent, usize::MAX).await?;
        found.attrs.insert(referent.clone(), candidates);
    }
    for referent in request.requested_predicates.keys() {
        let candidates =
            prover_fetch_credentials_for_proof_req(&mut search, referent, usize::MAX).await?;
        found.predicates.insert(referent.clone(), candidates);
    }
    Ok(found)
}

/// Returns the credentials that satisfy a filter, or all.
pub(crate) async fn all_matching(
    wallet: &Wallet,
    filter: Option<&Restriction>,
) -> Result<Vec<CredentialInfo>, AnoncredsError> {
    let query = ReferentQuery {
        names: Vec::new(),
        restriction: filter.cloned(),
        extra: None,
        predicate: None,
        interval: None,
    };
    // a filter is literal, so the unqualified identifiers of version 1 do not match qualified ones
    let mut cursor = Cursor::open(wallet, query, RequestVersion::V2).await?;
    Ok(cursor.fetch(wallet, usize::MAX).await?.into())
}

/// The position of the search for one referent.
#[derive(Clone)]
struct Cursor {
    query: ReferentQuery,
    version: RequestVersion,
    /// The sources that have not been opened.
    sources: VecDeque<Source>,
    /// The source that is being read.
    reader: Option<SourceReader>,
    /// Candidates that were read but not yet returned.
    ahead: VecDeque<CredentialInfo>,
    /// How many credentials are read at once; it grows while they do not match.
    batch: usize,
}

impl Cursor {
    async fn open(
        wallet: &Wallet,
        query: ReferentQuery,
        version: RequestVersion,
    ) -> Result<Self, AnoncredsError> {
        let directory = classes::directory(wallet).await?;
        let sources = plan(wallet.index().await?, &directory, &query, version).await?;
        Ok(Self { query, version, sources, reader: None, ahead: VecDeque::new(), batch: MIN_BATCH })
    }

    /// Returns the next `count` candidates, or all that remain if they are fewer.
    async fn fetch(
        &mut self,
        wallet: &Wallet,
        count: usize,
    ) -> Result<VecDeque<CredentialInfo>, AnoncredsError> {
        self.batch = MIN_BATCH;
        while self.ahead.len() < count {
            let wanted = count - self.ahead.len();
            if !self.read_batch(wallet, wanted).await? {
                break;
            }
        }
        let rest = self.ahead.split_off(count.min(self.ahead.len()));
        Ok(std::mem::replace(&mut self.ahead, rest))
    }

    /// Reads more credentials and keeps those that match; returns `false` when there are no more.
    ///
    /// The cursor changes only after everything that can fail or be cancelled, so that the next
    /// call starts where this one did.
    async fn read_batch(&mut self, wallet: &Wallet, wanted: usize) -> Result<bool, AnoncredsError> {
        let index = wallet.index().await?;
        let is_open = self.reader.is_some();
        let mut reader = match (&self.reader, self.sources.front()) {
            (Some(reader), _) => reader.clone(),
            (None, Some(source)) => SourceReader::open(index, source.clone()).await?,
            (None, None) => return Ok(false),
        };
        let ids = reader.next(index, wanted.clamp(self.batch, MAX_BATCH)).await?;
        let mut found = Vec::new();
        for record in index.records(CREDENTIAL, &ids).await? {
            let view = CredentialView::from_record(wallet, &record)?;
            let tags = view.tags();
            let encoded = |name: &str| integer(view.encoded(name)?);
            if self.query.matches(&tags, self.version, encoded) {
                found.push(view.describe(&record.name));
            }
        }
        if !is_open {
            self.sources.pop_front();
        }
        self.reader = (!ids.is_empty()).then_some(reader);
        self.batch = (self.batch * 2).min(MAX_BATCH);
        self.ahead.extend(found);
        Ok(true)
    }
}
