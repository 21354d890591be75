//! Records as they are written and read.
//!
//! These types, and the methods of [`Wallet`](crate::Wallet) and [`Index`](crate::index::Index)
//! that take and return them, are for the crates of this workspace that keep records of their own
//! in a wallet. Programs use [`non_secrets`](crate::non_secrets), which keeps their records apart
//! from those.

use aries_askar::entry::EntryTag;
use zeroize::Zeroizing;

/// A record's number in the store. Later records have greater ones.
pub type ItemId = i64;

/// A tag: a name and a value by which a record is found. Both are stored encrypted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// The tag's name.
    pub name: String,
    /// The tag's value.
    pub value: String,
}

impl Tag {
    /// Returns a tag.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), value: value.into() }
    }

    /// The tag in Askar's form.
    pub(crate) fn to_entry_tag(&self) -> EntryTag {
        EntryTag::Encrypted(self.name.clone(), self.value.clone())
    }
}

/// A record to be written.
#[derive(Clone, Copy, Debug)]
pub struct NewRecord<'a> {
    /// Its category.
    pub category: &'a str,
    /// Its name, unique in the category.
    pub name: &'a str,
    /// Its value.
    pub value: &'a [u8],
    /// Its tags.
    pub tags: &'a [Tag],
}

/// A record that replaces the one of the same name, provided that this one has not changed.
#[derive(Clone, Copy, Debug)]
pub struct Replacement<'a> {
    /// The new record.
    pub record: NewRecord<'a>,
    /// What [`Index::stored_bytes`](crate::index::Index::stored_bytes) returned for the old record;
    /// `None` when there was none.
    pub expected: Option<&'a [u8]>,
}

/// A record as it is read.
pub struct Record {
    /// Its number.
    pub id: ItemId,
    /// Its name in its category.
    pub name: String,
    /// Its value, wiped from memory when dropped.
    pub value: Zeroizing<Vec<u8>>,
}
