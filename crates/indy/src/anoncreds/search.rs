//! Which credentials can answer a proof request: search handles, paging, candidates.
//!
//! libindy's rule, per referent: a credential is a candidate if it satisfies the referent's
//! restrictions, the caller's extra query for that referent, and holds every attribute that the
//! referent names; for a predicate, if its value satisfies the predicate besides. The rule itself
//! is [`ReferentQuery::matches`]. This module asks the store for what a tag query
//! can decide, page by page, and applies the rule to what comes back.

use std::collections::{BTreeMap, VecDeque};

use aries_askar::{
    entry::{Entry, TagFilter},
    storage::backend::OrderBy,
};
use proofs::{
    Prefilter, ProofRequest, ReferentQuery, RequestVersion, Restriction, encoding::integer,
};

use super::{
    present::unknown_referent,
    stored::{self, CredentialView},
    types::{Candidate, CredentialInfo},
};
use crate::{error::AnoncredsError, wallet::Wallet};

/// Further restrictions of the prover's own, by referent.
///
/// libindy takes the attribute names in them literally; here they are folded like those of the
/// request, so that `attr::First Name::value` finds what `attr::firstname::value` finds.
pub type ExtraQuery = BTreeMap<String, Restriction>;

/// How many entries are asked of the store at once.
const PAGE: i64 = 64;

/// A search of one wallet for one proof request.
///
/// Each referent is paged on its own: [`prover_fetch_credentials_for_proof_req`] goes on where it
/// stopped for that referent. Candidates come in the order in which they were stored.
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
/// not have.
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
    let cursors = referents(request)
        .filter_map(|referent| {
            let query = request.query(referent, extra_query.get(referent).cloned())?;
            Some((referent.clone(), Cursor::new(query, request.ver)))
        })
        .collect();
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

fn referents(request: &ProofRequest) -> impl Iterator<Item = &String> {
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
    let mut cursor = Cursor::new(query, RequestVersion::V2);
    Ok(cursor.fetch(wallet, usize::MAX).await?.into())
}

/// Where the search for one referent stands.
struct Cursor {
    query: ReferentQuery,
    version: RequestVersion,
    /// How many entries of the store's answer have been looked at.
    offset: i64,
    /// Candidates that were read but not yet asked for.
    ahead: VecDeque<CredentialInfo>,
    exhausted: bool,
}

impl Cursor {
    fn new(query: ReferentQuery, version: RequestVersion) -> Self {
        Self {
            query,
            version,
            offset: 0,
            ahead: VecDeque::new(),
            exhausted: false,
        }
    }

    /// The next `count` credentials, or all that remain if they are fewer.
    async fn fetch(
        &mut self,
        wallet: &Wallet,
        count: usize,
    ) -> Result<VecDeque<CredentialInfo>, AnoncredsError> {
        while self.ahead.len() < count && !self.exhausted {
            self.read_page(wallet).await?;
        }
        let rest = self.ahead.split_off(count.min(self.ahead.len()));
        Ok(std::mem::replace(&mut self.ahead, rest))
    }

    async fn read_page(&mut self, wallet: &Wallet) -> Result<(), AnoncredsError> {
        let filter = match self.query.prefilter(self.version) {
            Prefilter::Nothing => {
                self.exhausted = true;
                return Ok(());
            }
            prefilter => to_tag_filter(prefilter),
        };
        let entries = read_entries(wallet, filter, self.offset).await?;
        self.offset += entries.len() as i64;
        self.exhausted = (entries.len() as i64) < PAGE;
        for entry in entries {
            let view: CredentialView = stored::parse(wallet.id(), "credential", &entry)?;
            let tags = view.tags()?;
            let encoded = |name: &str| integer(view.encoded(name)?);
            if self.query.matches(&tags, self.version, encoded) {
                self.ahead.push_back(view.describe(&entry.name));
            }
        }
        Ok(())
    }
}

async fn read_entries(
    wallet: &Wallet,
    filter: Option<TagFilter>,
    offset: i64,
) -> Result<Vec<Entry>, AnoncredsError> {
    let category = Some(stored::CREDENTIAL.to_owned());
    let order = Some(OrderBy::Id);
    let read = async {
        let mut scan = wallet
            .store()
            .scan(
                None,
                category,
                filter,
                Some(offset),
                Some(PAGE),
                order,
                false,
            )
            .await?;
        let mut entries = Vec::new();
        while let Some(part) = scan.fetch_next().await? {
            entries.extend(part);
        }
        Ok(entries)
    };
    Ok(wallet.attempt(read).await?)
}

/// The store's form of a prefilter; `None` asks for everything.
fn to_tag_filter(prefilter: Prefilter) -> Option<TagFilter> {
    match prefilter {
        // `Nothing` is decided before the store is asked; inside of a conjunction or disjunction
        // the prefilter has been simplified away
        Prefilter::Everything | Prefilter::Nothing => None,
        Prefilter::Eq(tag, value) => Some(TagFilter::is_eq(tag.to_string(), value)),
        Prefilter::All(parts) => {
            let parts: Vec<TagFilter> = parts.into_iter().filter_map(to_tag_filter).collect();
            (!parts.is_empty()).then(|| TagFilter::all_of(parts))
        }
        // one branch that accepts everything makes the whole disjunction accept everything
        Prefilter::AnyOf(parts) => {
            let parts: Option<Vec<TagFilter>> = parts.into_iter().map(to_tag_filter).collect();
            parts.map(TagFilter::any_of)
        }
    }
}
