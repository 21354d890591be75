//! The names that a record may have, and how its tags are stored.
//!
//! The wallet's index does not distinguish categories. So a tag's stored name begins with the
//! category, which keeps the lists of two categories apart, and makes every count exact. The
//! category's length comes before it, so that a category and a tag cannot be read as another pair.

use crate::{category, error::WalletError, record::Tag, wallet::Wallet};

/// The greatest length of a category, an id or a tag's name, in bytes: PostgreSQL keeps them in
/// indexes, whose rows are short.
const MAX_NAME_LENGTH: usize = 1_024;

/// The tag of every record of a category, so that they can be listed. A caller's tag never has an
/// empty name.
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
    if name.is_empty() || name.len() > MAX_NAME_LENGTH {
        return Err(WalletError::InvalidRecordName {
            id: wallet.id().to_owned(),
            what,
            length: name.len(),
            max: MAX_NAME_LENGTH,
        });
    }
    Ok(())
}

/// The tags of a record as they are stored.
pub(super) fn stored<'a>(
    wallet: &Wallet,
    category: &str,
    tags: impl Iterator<Item = (&'a str, &'a str)>,
) -> Result<Vec<Tag>, WalletError> {
    let (every, value) = EVERY;
    let mut stored = vec![tag(category, every, value)];
    for (name, value) in tags {
        check(wallet, "tag name", name)?;
        let tag = tag(category, name, value);
        // a record with the same tag twice would be counted and found twice
        if !stored.contains(&tag) {
            stored.push(tag);
        }
    }
    Ok(stored)
}

fn tag(category: &str, name: &str, value: &str) -> Tag {
    Tag::new(stored_name(category, name), value)
}

/// The stored name of a tag.
pub(super) fn stored_name(category: &str, name: &str) -> String {
    format!("record:{}:{category}:{name}", category.len())
}
