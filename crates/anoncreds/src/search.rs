//! Which credentials can answer a proof request: search handles, paging, candidates.
//!
//! libindy's rule, per referent: a credential is a candidate if it satisfies the referent's
//! restrictions, the caller's extra query for that referent, and holds every attribute that the
//! referent names; for a predicate, if its value satisfies the predicate besides. The rule itself
//! is [`ReferentQuery::matches`], and it has the last word on every credential. What is said here
//! is which credentials it is asked about at all ([`super::plan`]).
//!
//! # The order
//!
//! Candidates come class by class, in the order in which the classes first came into the wallet, and
//! within a class in the order in which they were stored. Where the request names values, and few
//! credentials have these values or most classes may hold a candidate, they come in the order in
//! which they were stored, whatever their class. A search keeps the order that it began with; a credential that is stored meanwhile may
//! still come, one that is deleted no longer does, and none comes twice.

use std::collections::{BTreeMap, VecDeque};

use proofs::{ProofRequest, ReferentQuery, RequestVersion, Restriction, encoding::integer};

use super::{
    classes,
    plan::{Source, Walk},
    present::unknown_referent,
    stored::{self, CredentialView},
    types::{Candidate, CredentialInfo},
};
use crate::error::AnoncredsError;
use wallet::Wallet;

/// Further restrictions of the prover's own, by referent.
///
/// libindy takes the attribute names in them literally; here they are folded like those of the
/// request, so that `attr::First Name::value` finds what `attr::firstname::value` finds.
pub type ExtraQuery = BTreeMap<String, Restriction>;

/// How many credentials are read at once at least, and at most.
const FEWEST: usize = 16;
const MOST: usize = 512;

/// A search of one wallet for one proof request.
///
/// Each referent is paged on its own: [`prover_fetch_credentials_for_proof_req`] goes on where it
/// stopped for that referent, at a cost that does not depend on how far it has come. The handle
/// holds no connection and no transaction; dropping it closes it.
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

/// Open a search of the wallet for credentials that can answer `request` (action 19).
///
/// # Errors
///
/// [`AnoncredsError::UnknownReferent`] if `extra_query` names a referent that the request does
/// not have; [`AnoncredsError::InvalidStructure`] if an attribute and a predicate share a referent;
/// [`AnoncredsError::Wallet`].
pub async fn prover_search_credentials_for_proof_req<'w>(
    wallet: &'w Wallet,
    request: &ProofRequest,
    extra_query: Option<&ExtraQuery>,
) -> Result<CredentialSearch<'w>, AnoncredsError> {
    let extra_query = extra_query.cloned().unwrap_or_default();
    if let Some(referent) = extra_query
        .keys()
        .find(|referent| !has_referent(request, referent))
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
            cursors.insert(
                referent.clone(),
                Cursor::open(wallet, query, request.ver).await?,
            );
        }
    }
    Ok(CredentialSearch {
        wallet,
        request: request.clone(),
        cursors,
    })
}

/// Fetch the next candidates for a referent, `count` at most; fewer only when there are no more.
///
/// # Errors
///
/// [`AnoncredsError::UnknownReferent`], [`AnoncredsError::DamagedRecord`],
/// [`AnoncredsError::Wallet`].
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
    Ok(found
        .into_iter()
        .map(|cred_info| Candidate {
            cred_info,
            interval,
        })
        .collect())
}

/// Close a search. Dropping it does the same; the call is there because the tutorial makes it.
pub fn prover_close_credentials_search_for_proof_req(search: CredentialSearch<'_>) {
    drop(search);
}

/// How many candidates there are for a referent, counted up to `at_most`; for "more than 1,000".
///
/// It counts from where the search stands now, on a copy of its own.
///
/// # Errors
///
/// As [`prover_fetch_credentials_for_proof_req`].
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

/// All candidates for every referent of `request` in one call; for small wallets.
///
/// # Errors
///
/// As [`prover_fetch_credentials_for_proof_req`].
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

/// The referents of a request: attributes first, then predicates.
pub(super) fn referents(request: &ProofRequest) -> impl Iterator<Item = &String> {
    let attributes = request.requested_attributes.keys();
    attributes.chain(request.requested_predicates.keys())
}

fn has_referent(request: &ProofRequest, referent: &str) -> bool {
    referents(request).any(|known| known == referent)
}

/// The credentials that satisfy a filter, or all.
pub(super) async fn all_matching(
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
    // a filter is meant literally, so the unqualified twins of version 1 are left alone
    let mut cursor = Cursor::open(wallet, query, RequestVersion::V2).await?;
    Ok(cursor.fetch(wallet, usize::MAX).await?.into())
}

/// Where the search for one referent stands.
#[derive(Clone)]
struct Cursor {
    query: ReferentQuery,
    version: RequestVersion,
    /// What has not been begun.
    sources: VecDeque<Source>,
    /// What is being walked.
    walk: Option<Walk>,
    /// Candidates that were read but not yet asked for.
    ahead: VecDeque<CredentialInfo>,
    /// How many credentials are read at once; it grows while they turn out not to match.
    batch: usize,
}

impl Cursor {
    async fn open(
        wallet: &Wallet,
        query: ReferentQuery,
        version: RequestVersion,
    ) -> Result<Self, AnoncredsError> {
        let directory = classes::directory(wallet).await?;
        let sources = super::plan::plan(wallet.index().await?, &directory, &query, version).await?;
        Ok(Self {
            query,
            version,
            sources,
            walk: None,
            ahead: VecDeque::new(),
            batch: FEWEST,
        })
    }

    /// The next `count` credentials, or all that remain if they are fewer.
    async fn fetch(
        &mut self,
        wallet: &Wallet,
        count: usize,
    ) -> Result<VecDeque<CredentialInfo>, AnoncredsError> {
        self.batch = FEWEST;
        while self.ahead.len() < count {
            let wanted = count - self.ahead.len();
            if !self.read_batch(wallet, wanted).await? {
                break;
            }
        }
        let rest = self.ahead.split_off(count.min(self.ahead.len()));
        Ok(std::mem::replace(&mut self.ahead, rest))
    }

    /// Read some more credentials and keep those that match; `false` when there are no more.
    ///
    /// Nothing of the cursor changes before all that can fail or be cancelled is done, so that the
    /// next call begins where this one did.
    async fn read_batch(&mut self, wallet: &Wallet, wanted: usize) -> Result<bool, AnoncredsError> {
        let index = wallet.index().await?;
        let begun = self.walk.is_some();
        let mut walk = match (&self.walk, self.sources.front()) {
            (Some(walk), _) => walk.clone(),
            (None, Some(source)) => Walk::begin(index, source.clone()).await?,
            (None, None) => return Ok(false),
        };
        let ids = walk.next(index, wanted.clamp(self.batch, MOST)).await?;
        let mut found = Vec::new();
        for record in index.records(stored::CREDENTIAL, &ids).await? {
            let view = CredentialView::of_record(wallet, &record)?;
            let tags = view.tags()?;
            let encoded = |name: &str| integer(view.encoded(name)?);
            if self.query.matches(&tags, self.version, encoded) {
                found.push(view.describe(&record.name));
            }
        }
        if !begun {
            self.sources.pop_front();
        }
        self.walk = (!ids.is_empty()).then_some(walk);
        self.batch = (self.batch * 2).min(MOST);
        self.ahead.extend(found);
        Ok(true)
    }
}
