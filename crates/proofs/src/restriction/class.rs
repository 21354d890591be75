//! Deciding a restriction for a whole class of credentials at once.
//!
//! The credentials of one credential definition (a *class*) share everything that restrictions are
//! about, except the texts of their attributes and the revocation registry. A wallet has few
//! classes and may have many credentials, so it is worth deciding first for each class whether a
//! restriction holds for all of its credentials, for none, or depends on the credential.

use super::Restriction;
use super::facts::{Decision, Facts, Known};
use crate::names;
use crate::tags::{CredentialFacts, MARKER, Tag, Tags};
use crate::version::RequestVersion;

/// What is known of every credential of a class: one credential definition's.
///
/// | known | unknown |
/// |---|---|
/// | the schema's identifier, and its issuer, name and version as far as identifiers say them | the texts of the attributes |
/// | the credential's issuer, and the credential definition | the revocation registry |
/// | which attributes there are, and which are not | |
/// | that no credential carries a tag [of another name](Tag::Other) | |
///
/// Build it once for each class, and keep it: deciding a restriction reads it only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassTags {
    /// The fixed tags that all credentials of the class carry alike: six at most.
    fixed: Tags,
    /// The attributes' names, folded and sorted.
    attributes: Vec<String>,
}

/// For which credentials of a class a restriction holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Partial {
    /// Every credential of the class satisfies it.
    Always,
    /// No credential of the class satisfies it.
    Never,
    /// A credential of the class satisfies it exactly if it satisfies this, which is about nothing
    /// but attributes' texts and the revocation registry.
    Depends(Restriction),
}

impl ClassTags {
    /// Describes a class by its identifiers and the names of its attributes.
    pub fn from_ids<Name: Into<String>>(
        schema_id: &str,
        cred_def_id: &str,
        attributes: impl IntoIterator<Item = Name>,
    ) -> Self {
        let without_texts = attributes.into_iter().map(|name| (name, ""));
        Self::from(CredentialFacts::from_ids(schema_id, cred_def_id, None, without_texts))
    }

    /// Returns the names of the attributes, folded, in alphabetical order.
    pub fn attributes(&self) -> &[String] {
        &self.attributes
    }

    /// Returns the value that every credential of the class has for a tag; `None` if none carries
    /// the tag, or if it differs.
    pub fn get(&self, tag: &Tag) -> Option<&str> {
        match self.known(tag) {
            Known::Is(value) => Some(value),
            Known::Absent | Known::Unknown => None,
        }
    }

    fn lists(&self, folded: &str) -> bool {
        self.attributes.binary_search_by(|attribute| attribute.as_str().cmp(folded)).is_ok()
    }
}

impl From<CredentialFacts> for ClassTags {
    /// Returns the class of a credential: the facts without the texts and the registry.
    fn from(facts: CredentialFacts) -> Self {
        Self::from(&Tags::from(facts))
    }
}

impl From<&Tags> for ClassTags {
    /// Returns the class of a credential: its tags without the texts and the registry.
    fn from(tags: &Tags) -> Self {
        let shared = tags.iter().filter(|(tag, _)| {
            !matches!(
                tag,
                Tag::RevRegId | Tag::AttributeMarker(_) | Tag::AttributeValue(_) | Tag::Other(_)
            )
        });
        // The tags are in order, and so are the names within them.
        let attributes = Facts::attributes(tags).map(str::to_owned).collect();
        Self { fixed: shared.map(|(tag, value)| (tag.to_string(), value)).collect(), attributes }
    }
}

impl Facts for ClassTags {
    fn known(&self, tag: &Tag) -> Known<'_> {
        match tag {
            Tag::AttributeMarker(name) if self.lists(name) => Known::Is(MARKER),
            Tag::AttributeValue(name) if self.lists(name) => Known::Unknown,
            Tag::AttributeMarker(_) | Tag::AttributeValue(_) | Tag::Other(_) => Known::Absent,
            Tag::RevRegId => Known::Unknown,
            fixed => self.fixed.get(fixed).map_or(Known::Absent, Known::Is),
        }
    }

    fn has_attribute(&self, name: &str) -> bool {
        // Nearly every name that is asked for is folded already.
        self.lists(name) || self.lists(&names::fold(name))
    }

    fn attributes(&self) -> impl Iterator<Item = &str> {
        self.attributes.iter().map(String::as_str)
    }
}

impl Partial {
    /// Joins parts of which all must hold.
    pub(crate) fn all(parts: impl Iterator<Item = Self>) -> Self {
        let mut remaining = Vec::new();
        for part in parts {
            match part {
                Self::Always => {}
                Self::Never => return Self::Never,
                Self::Depends(restriction) => remaining.push(restriction),
            }
        }
        match remaining.len() {
            0 => Self::Always,
            1 => Self::Depends(remaining.swap_remove(0)),
            _ => Self::Depends(Restriction::And(remaining)),
        }
    }

    /// Joins parts of which any must hold.
    fn any(parts: impl Iterator<Item = Self>) -> Self {
        let mut remaining = Vec::new();
        for part in parts {
            match part {
                Self::Always => return Self::Always,
                Self::Never => {}
                Self::Depends(restriction) => remaining.push(restriction),
            }
        }
        match remaining.len() {
            0 => Self::Never,
            1 => Self::Depends(remaining.swap_remove(0)),
            _ => Self::Depends(Restriction::Or(remaining)),
        }
    }
}

impl Restriction {
    /// Decides the restriction for a class, in a request of this version.
    pub fn on_class(&self, class: &ClassTags, version: RequestVersion) -> Partial {
        // The remainder is built only where there is one: most classes are decided.
        match self.decide(class, version) {
            Decision::Always => Partial::Always,
            Decision::Never => Partial::Never,
            Decision::Depends => self.remainder(class, version),
        }
    }

    /// Returns the restriction without the parts that are decided.
    pub(crate) fn remainder(&self, class: &ClassTags, version: RequestVersion) -> Partial {
        let remainder = |part: &Self| part.remainder(class, version);
        match self {
            Self::And(parts) => Partial::all(parts.iter().map(remainder)),
            Self::Or(parts) if parts.is_empty() => Partial::Always,
            Self::Or(parts) => Partial::any(parts.iter().map(remainder)),
            Self::Not(part) => match remainder(part) {
                Partial::Always => Partial::Never,
                Partial::Never => Partial::Always,
                Partial::Depends(part) => Partial::Depends(Self::Not(Box::new(part))),
            },
            Self::Eq(..) | Self::Neq(..) | Self::In(..) => match self.decide(class, version) {
                Decision::Always => Partial::Always,
                Decision::Never => Partial::Never,
                Decision::Depends => Partial::Depends(self.clone()),
            },
        }
    }
}
