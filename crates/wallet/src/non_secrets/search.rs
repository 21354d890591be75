//! Finding records by their tags.

use super::{
    WalletRecord,
    tags::{self, EVERY},
};
use crate::{error::WalletError, index::Term, record::ItemId, wallet::Wallet};
use stdx::task::boxed;

/// Up to how many entries a list is counted when the shortest list is looked for.
const MAX_COUNTED: usize = 512;

/// The position of a search: after the last record that it returned. It stays valid for any later
/// search of the same wallet, also after the wallet was closed.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(transparent)]
pub struct SearchPosition(ItemId);

/// A search for the records of a category that carry certain tags.
///
/// It returns them in the order in which they were added, each once. A record that is added during
/// the search may be among them. A search holds no connection and no transaction; dropping it
/// closes it.
pub struct WalletSearch<'w> {
    wallet: &'w Wallet,
    category: String,
    terms: Vec<Term>,
    after: ItemId,
    ended: bool,
}

/// Opens a search for the records that carry all of these tags, or for all of the category where
/// there are none. It starts after the position `after` of an earlier search
/// ([`WalletSearch::position`]), or at the beginning.
///
/// The records of the rarest tag are read one by one, and each of the other tags costs a lookup per
/// record.
///
/// # Errors
///
/// [`WalletError::ReservedCategory`], [`WalletError::InvalidRecordName`], and the errors of
/// storage.
#[boxed]
pub async fn open_wallet_search<'w>(
    wallet: &'w Wallet,
    category: &str,
    tags: &[(&str, &str)],
    after: Option<SearchPosition>,
) -> Result<WalletSearch<'w>, WalletError> {
    Ok(WalletSearch {
        wallet,
        category: category.to_owned(),
        terms: terms(wallet, category, tags).await?,
        after: after.map_or(0, |SearchPosition(id)| id),
        ended: false,
    })
}

/// Fetches the next records, `count` at most; fewer only when there are no more.
///
/// # Errors
///
/// The errors of storage; the search is then where it was before.
#[boxed]
pub async fn fetch_wallet_search_next_records(
    search: &mut WalletSearch<'_>,
    count: usize,
) -> Result<Vec<WalletRecord>, WalletError> {
    let index = search.wallet.index().await?;
    let mut found = Vec::new();
    let (mut after, mut ended) = (search.after, search.ended);
    while !ended && found.len() < count {
        let wanted = count - found.len();
        let ids = index.ids(&search.terms, after, wanted).await?;
        // a record that is removed between the two statements is missing here, which does not end
        // the search
        let records = index.records(&search.category, &ids).await?;
        found.extend(
            records.into_iter().map(|record| WalletRecord { id: record.name, value: record.value }),
        );
        after = ids.last().copied().unwrap_or(after);
        ended = ids.len() < wanted;
    }
    (search.after, search.ended) = (after, ended);
    Ok(found)
}

/// Closes a search. Dropping it does the same; the call is there because libindy has it.
pub fn close_wallet_search(search: WalletSearch<'_>) {
    drop(search);
}

impl WalletSearch<'_> {
    /// Returns the position after the last record that was returned.
    pub fn position(&self) -> SearchPosition {
        SearchPosition(self.after)
    }
}

/// Counts the records that carry all of these tags, up to `at_most`; without tags, all records of
/// the category.
///
/// # Errors
///
/// As [`open_wallet_search`].
#[boxed]
pub async fn count_wallet_records(
    wallet: &Wallet,
    category: &str,
    tags: &[(&str, &str)],
    at_most: usize,
) -> Result<usize, WalletError> {
    let terms = terms(wallet, category, tags).await?;
    let index = wallet.index().await?;
    match &*terms {
        [term] => index.count(term, at_most).await,
        terms => Ok(index.ids(terms, 0, at_most).await?.len()),
    }
}

/// Returns the values that a tag has in a category, each once, in no order. The cost grows with
/// their number, not with that of the records.
///
/// # Errors
///
/// As [`open_wallet_search`].
#[boxed]
pub async fn distinct_wallet_record_tags(
    wallet: &Wallet,
    category: &str,
    tag: &str,
) -> Result<Vec<String>, WalletError> {
    tags::check_names(wallet, category, None)?;
    let index = wallet.index().await?;
    index.distinct_values(&tags::stored_name(category, tag)).await
}

/// The terms of the tags, the rarest first.
async fn terms(
    wallet: &Wallet,
    category: &str,
    tags: &[(&str, &str)],
) -> Result<Vec<Term>, WalletError> {
    tags::check_names(wallet, category, None)?;
    let index = wallet.index().await?;
    let term = |(name, value): (&str, &str)| index.term(&tags::stored_name(category, name), value);
    match tags {
        [] => Ok(vec![term(EVERY)?]),
        [only] => Ok(vec![term(*only)?]),
        several => {
            let mut counted = Vec::with_capacity(several.len());
            for tag in several {
                let term = term(*tag)?;
                counted.push((index.count(&term, MAX_COUNTED).await?, term));
            }
            counted.sort_by_key(|(count, _)| *count);
            Ok(counted.into_iter().map(|(_, term)| term).collect())
        }
    }
}
