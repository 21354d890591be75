//! The search for credentials that answer a request.

use chrono::{DateTime, Utc};
use wallet::Wallet;

use super::{Candidate, CriterionSearch, criterion_search::MAX_COUNTED, unmatched};
use crate::{did::Did, error::ExchangeError, message::ProofRequest};

/// How many candidates the first page of a criterion has; more if the criterion needs more.
const PAGE: usize = 20;

/// What a wallet has for one criterion of a request. Those of a search are in the order of the
/// criteria.
#[derive(Debug)]
pub struct CriterionMatches<'w> {
    /// The first candidates: twenty, or as many as the criterion needs at least, up to a thousand.
    /// They come in the order of the criterion's issuers; of one issuer those that never expire
    /// first, then those that expire last; and of one month in the order in which they were stored.
    pub candidates: Vec<Candidate>,
    /// How many credentials of the wallet fit, counted up to a thousand, from the index alone:
    /// those that expired this month, and those that are not valid yet, are counted too.
    pub fitting: usize,
    /// Why there are too few candidates, where there are: sentences, the most important reason
    /// first. Numbers go up to a thousand.
    pub unmatched: Option<Vec<String>>,
    /// Further candidates, on demand.
    pub search: CriterionSearch<'w>,
}

/// Searches a wallet for credentials that answer the criteria of a request: of the criterion's
/// kind, by one of its issuers, with all required attributes, signed in a way that the request
/// accepts, and valid `now`.
///
/// With a `holder`, only credentials about this DID are found: it is the one that will sign the
/// response.
///
/// Each step is a lookup in the index of the wallet's tags, and so is every count. The cost grows
/// with the number of the request's issuers (up to 32 are looked up one by one, more are compared
/// with those of the wallet), and with the number of different sets of attributes and months of
/// expiry in what they issued. It does not grow with the wallet.
///
/// # Errors
///
/// [`ExchangeError`]: the wallet fails, or a record of it is damaged.
pub async fn search<'w>(
    wallet: &'w Wallet,
    request: &ProofRequest,
    holder: Option<&Did>,
    now: DateTime<Utc>,
) -> Result<Vec<CriterionMatches<'w>>, ExchangeError> {
    let mut all = Vec::with_capacity(request.body.criteria.len());
    for criterion in &request.body.criteria {
        let accept = request.body.accept.as_deref();
        let mut search = CriterionSearch::open(wallet, criterion, accept, holder, now).await?;
        let needed = usize::try_from(criterion.min_count()).unwrap_or(usize::MAX);
        let candidates = search.fetch(PAGE.max(needed).min(MAX_COUNTED)).await?;
        let unmatched = match candidates.len() < needed {
            true => Some(unmatched::explain(&search, candidates.len()).await?),
            false => None,
        };
        let fitting = search.count().await?;
        all.push(CriterionMatches { candidates, fitting, unmatched, search });
    }
    Ok(all)
}
