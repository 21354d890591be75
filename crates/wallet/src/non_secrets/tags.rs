//! What names a record may have, and what becomes of its tags in the wallet.
//!
//! The wallet's index knows no categories. So a tag's stored name begins with the category, which keeps the
//! lists of two categories apart, and makes every count exact. Its length stands before it, so that no category
//! and tag can be read as another pair.

use aries_askar::entry::EntryTag;

use crate::{Wallet, category, error::WalletError};

/// The longest category, id or name of a tag, in bytes: PostgreSQL has them in an index, whose rows are short.
const LONGEST_NAME: usize = 1_024;

/// What all records of a category carry, so that they can be listed. No tag of a caller's has an empty name.
pub(super) const EVERY: (&str, &str) = ("", "");

/// Checks a category, and an id in it.
pub(super) fn check_names(
    wallet: &Wallet,
    category: &str,
    id: Option<&str>,
) -> Result<(), WalletError> {
    if category::RESERVED.contains(&category) {
        return Err(WalletError::ReservedCategory {
            id: wallet.id().to_owned(),
            category: category.to_owned(),
        });
    }
    check(wallet, "category", category)?;
    id.map_or(Ok(()), |id| check(wallet, "id", id))
}

fn check(wallet: &Wallet, what: &'static str, name: &str) -> Result<(), WalletError> {
    if name.is_empty() || name.len() > LONGEST_NAME {
        return Err(WalletError::InvalidRecordName {
            id: wallet.id().to_owned(),
            what,
            length: name.len(),
            longest: LONGEST_NAME,
        });
    }
    Ok(())
}

/// The tags of a record as they are stored.
pub(super) fn stored<'a>(
    wallet: &Wallet,
    category: &str,
    tags: impl Iterator<Item = (&'a str, &'a str)>,
) -> Result<Vec<EntryTag>, WalletError> {
    let (every, value) = EVERY;
    let mut stored = vec![encrypted(category, every, value)];
    for (name, value) in tags {
        check(wallet, "tag name", name)?;
        let tag = encrypted(category, name, value);
        // a record that carried a tag twice would be counted and found twice
        if !stored.contains(&tag) {
            stored.push(tag);
        }
    }
    Ok(stored)
}

fn encrypted(category: &str, name: &str, value: &str) -> EntryTag {
    EntryTag::Encrypted(stored_name(category, name), value.to_owned())
}

/// The stored name of a tag.
pub(super) fn stored_name(category: &str, name: &str) -> String {
    format!("record:{}:{category}:{name}", category.len())
}
