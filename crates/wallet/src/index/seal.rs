//! Encrypting records before they are written.

use std::collections::HashMap;

use super::keys::{KeyError, Keys};
use crate::record::{NewRecord, Tag};

/// A record, encrypted.
pub(super) struct SealedRecord {
    pub(super) category: Vec<u8>,
    pub(super) name: Vec<u8>,
    pub(super) value: Vec<u8>,
    pub(super) tags: Vec<SealedTag>,
}

/// A tag, encrypted.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct SealedTag {
    pub(super) name: Vec<u8>,
    pub(super) value: Vec<u8>,
}

/// Encrypts the records of a batch. Most of their tags occur again and again, so each is encrypted
/// once.
pub(super) struct Sealer<'k> {
    keys: &'k Keys,
    names: HashMap<String, Vec<u8>>,
    values: HashMap<String, Vec<u8>>,
}

impl<'k> Sealer<'k> {
    pub(super) fn new(keys: &'k Keys) -> Self {
        Self { keys, names: HashMap::new(), values: HashMap::new() }
    }

    pub(super) fn seal(&mut self, record: &NewRecord<'_>) -> Result<SealedRecord, KeyError> {
        let NewRecord { category, name, value, tags } = *record;
        Ok(SealedRecord {
            category: self.keys.category(category)?,
            name: self.keys.name(name)?,
            value: self.keys.value(category, name, value)?,
            tags: tags.iter().map(|tag| self.seal_tag(tag)).collect::<Result<_, _>>()?,
        })
    }

    fn seal_tag(&mut self, tag: &Tag) -> Result<SealedTag, KeyError> {
        let keys = self.keys;
        Ok(SealedTag {
            name: remembered(&mut self.names, &tag.name, |name| keys.tag_name(name))?,
            value: remembered(&mut self.values, &tag.value, |value| keys.tag_value(value))?,
        })
    }
}

/// Returns the encrypted form of a text, from `known` if it is there.
fn remembered(
    known: &mut HashMap<String, Vec<u8>>,
    text: &str,
    encrypt: impl FnOnce(&str) -> Result<Vec<u8>, KeyError>,
) -> Result<Vec<u8>, KeyError> {
    if let Some(encrypted) = known.get(text) {
        return Ok(encrypted.clone());
    }
    let encrypted = encrypt(text)?;
    known.insert(text.to_owned(), encrypted.clone());
    Ok(encrypted)
}
