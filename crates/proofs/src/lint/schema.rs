//! The schema that a request is about, as far as the caller gives it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::identifiers::SchemaIdParts;
use crate::names;
use crate::nearest::nearest;
use crate::restriction::facts::{Facts, Known};
use crate::tags::Tag;

/// What the linter looks at in a schema.
///
/// The JSON of a schema as the ledger gives it can be read as one. The member `types`, which
/// ledgers do not have, may be added by hand:
///
/// ```
/// use negotiate_proofs::lint::{SchemaFacts, ValueType};
///
/// let schema: SchemaFacts = serde_json::from_str(r#"{
///     "ver": "1.0", "id": "Th7MpTaRZVRYnPiabds81Y:2:gvt:1.0", "name": "gvt", "version": "1.0",
///     "attrNames": ["age", "sex", "height", "name"], "seqNo": 12,
///     "types": {"age": "integer", "sex": "text"}}"#)?;
/// assert_eq!(schema.value_type("Sex"), Some(ValueType::Text));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchemaFacts {
    /// The schema's identifier, if it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The schema's name.
    pub name: String,
    /// The schema's version.
    pub version: String,
    /// The names of the attributes.
    #[serde(rename = "attrNames", alias = "attr_names", alias = "attributes")]
    pub attribute_names: Vec<String>,
    /// What the values of an attribute are, as far as that is known.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub types: BTreeMap<String, ValueType>,
}

/// What the values of an attribute are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ValueType {
    /// Texts. They are signed as their hash, so that a comparison says nothing about them.
    Text,
    /// Whole numbers of 32 bits.
    Integer,
}

impl SchemaFacts {
    /// Returns what the values of an attribute are, if that is known. Names compare without spaces
    /// and case.
    pub fn value_type(&self, attribute: &str) -> Option<ValueType> {
        let mut types = self.types.iter();
        types.find(|(name, _)| names::same(name, attribute)).map(|(_, value_type)| *value_type)
    }
}

/// [`SchemaFacts`], indexed by folded name.
pub(super) struct Schema<'s> {
    facts: &'s SchemaFacts,
    /// The schema's issuer, if the identifier is known and says it.
    issuer_did: Option<String>,
    /// Folded names with the schema's own spelling.
    attributes: BTreeMap<String, &'s str>,
    /// Types by folded name.
    types: BTreeMap<String, ValueType>,
}

/// An Indy schema has at most 125 attributes. In a longer list, no more names are compared with a
/// misspelt one.
const MAX_COMPARED: usize = 125;

impl<'s> Schema<'s> {
    pub(super) fn new(facts: &'s SchemaFacts) -> Self {
        let parts = facts.id.as_deref().map(SchemaIdParts::parse);
        let names = facts.attribute_names.iter();
        let types = facts.types.iter();
        Self {
            facts,
            issuer_did: parts.and_then(Result::ok).map(|parts| parts.issuer_did),
            attributes: names.map(|name| (names::fold(name), name.as_str())).collect(),
            types: types.map(|(name, of)| (names::fold(name), *of)).collect(),
        }
    }

    pub(super) fn has(&self, folded: &str) -> bool {
        self.attributes.contains_key(folded)
    }

    pub(super) fn value_type(&self, folded: &str) -> Option<ValueType> {
        self.types.get(folded).copied()
    }

    /// Returns the attribute that was probably meant, as the schema spells it.
    pub(super) fn nearest(&self, name: &str) -> Option<&'s str> {
        nearest(name, self.attributes.values().copied().take(MAX_COMPARED))
    }

    /// Returns the schema's name and version.
    pub(super) fn title(&self) -> (&'s str, &'s str) {
        (&self.facts.name, &self.facts.version)
    }
}

/// What is known of a credential if only its schema is known.
impl Facts for Schema<'_> {
    fn known(&self, tag: &Tag) -> Known<'_> {
        match tag {
            Tag::SchemaId => self.facts.id.as_deref().map_or(Known::Unknown, Known::Is),
            Tag::SchemaIssuerDid => self.issuer_did.as_deref().map_or(Known::Unknown, Known::Is),
            Tag::SchemaName => Known::Is(&self.facts.name),
            Tag::SchemaVersion => Known::Is(&self.facts.version),
            _ => Known::Unknown,
        }
    }

    fn has_attribute(&self, name: &str) -> bool {
        self.has(&names::fold(name))
    }

    fn attributes(&self) -> impl Iterator<Item = &str> {
        self.attributes.keys().map(String::as_str)
    }
}
