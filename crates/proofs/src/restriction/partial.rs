//! Deciding a restriction for a whole class of credentials at once.
//!
//! The credentials of one credential definition (a *class*) share everything that restrictions
//! speak of, except the texts of their attributes and the revocation registry. A wallet has few
//! classes and may have many credentials, so it is worth asking first what a restriction comes to
//! for each class: it holds for all of its credentials, for none, or something remains to be asked
//! of each.

use super::Restriction;
use crate::identifiers::IdentifierError;
use crate::names;
use crate::query::ReferentQuery;
use crate::tags::{CredentialFacts, MARKER, Tag, Tags};
use crate::version::RequestVersion;

/// What is known of every credential of a class: one credential definition's.
///
/// | known | unknown |
/// |---|---|
/// | the schema's identifier, issuer, name and version | the texts of the attributes |
/// | the credential's issuer, and the credential definition | the revocation registry |
/// | which attributes there are, and which are not | |
/// | that no credential carries a tag [of another name](Tag::Other) | |
///
/// Build it once for each class, and keep it: deciding a restriction reads it only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassTags {
    /// The six fixed tags that all credentials of the class carry alike.
    fixed: Tags,
    /// The attributes' names, folded and sorted.
    attributes: Vec<String>,
}

/// What a restriction comes to for a class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Partial {
    /// Every credential of the class satisfies it.
    Always,
    /// No credential of the class satisfies it.
    Never,
    /// A credential of the class satisfies it exactly if it satisfies this, which speaks of nothing
    /// but attributes' texts and the revocation registry.
    Depends(Restriction),
}

/// [`Partial`] without what remains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Always,
    Never,
    Depends,
}

/// What is known of a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Known<'a> {
    /// The tag is absent.
    Absent,
    /// The tag has this value.
    Is(&'a str),
    /// It differs from credential to credential.
    Unknown,
}

/// Something of which tags are known: a credential, or a class of them.
pub(crate) trait Facts {
    /// What is known of a tag.
    fn known(&self, tag: &Tag) -> Known<'_>;

    /// Whether there is an attribute of this name, folded or not.
    fn has_attribute(&self, name: &str) -> bool;

    /// The attributes' names, folded.
    fn attributes(&self) -> impl Iterator<Item = &str>;
}

impl ClassTags {
    /// What the identifiers of a class, and the names of its attributes, say of it.
    ///
    /// # Errors
    /// When `schema_id` or `cred_def_id` is not an identifier of its kind.
    pub fn from_ids<Name: Into<String>>(
        schema_id: &str,
        cred_def_id: &str,
        attributes: impl IntoIterator<Item = Name>,
    ) -> Result<Self, IdentifierError> {
        let without_texts = attributes.into_iter().map(|name| (name, ""));
        CredentialFacts::from_ids(schema_id, cred_def_id, None, without_texts).map(Self::from)
    }

    /// The names of the attributes, folded, in alphabetical order.
    pub fn attributes(&self) -> &[String] {
        &self.attributes
    }

    /// The value that every credential of the class has of a tag. `None` if none carries the tag,
    /// or if it differs.
    pub fn get(&self, tag: &Tag) -> Option<&str> {
        match self.known(tag) {
            Known::Is(value) => Some(value),
            Known::Absent | Known::Unknown => None,
        }
    }

    fn lists(&self, folded: &str) -> bool {
        self.attributes
            .binary_search_by(|attribute| attribute.as_str().cmp(folded))
            .is_ok()
    }
}

impl From<CredentialFacts> for ClassTags {
    /// The class of a credential: the facts without the texts and the registry.
    fn from(facts: CredentialFacts) -> Self {
        Self::from(&Tags::from(facts))
    }
}

impl From<&Tags> for ClassTags {
    /// The class of a credential: its tags without the texts and the registry.
    fn from(tags: &Tags) -> Self {
        let shared = tags.iter().filter(|(tag, _)| {
            !matches!(
                tag,
                Tag::RevRegId | Tag::AttributeMarker(_) | Tag::AttributeValue(_) | Tag::Other(_)
            )
        });
        // The tags are in order, and so are the names within them.
        let attributes = Facts::attributes(tags).map(str::to_owned).collect();
        Self {
            fixed: shared
                .map(|(tag, value)| (tag.to_string(), value))
                .collect(),
            attributes,
        }
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
        // A name that is listed is folded, as nearly every name is that is asked for.
        self.lists(name) || self.lists(&names::fold(name))
    }

    fn attributes(&self) -> impl Iterator<Item = &str> {
        self.attributes.iter().map(String::as_str)
    }
}

impl Facts for Tags {
    fn known(&self, tag: &Tag) -> Known<'_> {
        self.get(tag).map_or(Known::Absent, Known::Is)
    }

    fn has_attribute(&self, name: &str) -> bool {
        Tags::has_attribute(self, name)
    }

    fn attributes(&self) -> impl Iterator<Item = &str> {
        self.iter().filter_map(|(tag, value)| match tag {
            Tag::AttributeMarker(name) if value == MARKER => Some(name.as_str()),
            _ => None,
        })
    }
}

impl From<bool> for Verdict {
    fn from(holds: bool) -> Self {
        if holds { Self::Always } else { Self::Never }
    }
}

impl Verdict {
    /// Of parts of which all must hold.
    fn all(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut verdict = Self::Always;
        for part in parts {
            match part {
                Self::Always => {}
                Self::Never => return Self::Never,
                Self::Depends => verdict = Self::Depends,
            }
        }
        verdict
    }

    fn negated(self) -> Self {
        match self {
            Self::Always => Self::Never,
            Self::Never => Self::Always,
            Self::Depends => Self::Depends,
        }
    }
}

impl Partial {
    /// Of parts of which all must hold.
    fn all(parts: impl Iterator<Item = Self>) -> Self {
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

    /// Of parts of which any must hold.
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
    /// What the restriction comes to for a class, in a request of this version.
    pub fn on_class(&self, class: &ClassTags, version: RequestVersion) -> Partial {
        // What remains is put together only where something does: most classes are decided.
        match self.verdict(class, version) {
            Verdict::Always => Partial::Always,
            Verdict::Never => Partial::Never,
            Verdict::Depends => self.remainder(class, version),
        }
    }

    /// Decides the restriction by what is known. Of a credential's tags, everything is known, and
    /// the verdict is that of [`matches`](Self::matches).
    pub(crate) fn verdict(&self, facts: &impl Facts, version: RequestVersion) -> Verdict {
        let holds = |tag: &Tag, compare: &dyn Fn(&str) -> bool| match facts.known(tag) {
            Known::Absent => Verdict::Never,
            Known::Is(value) => Verdict::from(compare(value)),
            Known::Unknown => Verdict::Depends,
        };
        match self {
            Self::And(parts) => Verdict::all(parts.iter().map(|part| part.verdict(facts, version))),
            Self::Or(parts) if parts.is_empty() => Verdict::Always,
            // Any holds unless all fail.
            Self::Or(parts) => Verdict::all(
                parts
                    .iter()
                    .map(|part| part.verdict(facts, version).negated()),
            )
            .negated(),
            Self::Not(part) => part.verdict(facts, version).negated(),
            Self::Eq(tag, wanted) => holds(tag, &|value| tag.means(wanted, value, version)),
            Self::Neq(tag, barred) => holds(tag, &|value| !tag.means(barred, value, version)),
            Self::In(_, wanted) if wanted.is_empty() => Verdict::Never,
            Self::In(tag, wanted) => holds(tag, &|value| {
                wanted
                    .iter()
                    .any(|wanted| tag.means(wanted, value, version))
            }),
        }
    }

    /// The restriction without the parts that are decided.
    fn remainder(&self, class: &ClassTags, version: RequestVersion) -> Partial {
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
            Self::Eq(..) | Self::Neq(..) | Self::In(..) => match self.verdict(class, version) {
                Verdict::Always => Partial::Always,
                Verdict::Never => Partial::Never,
                Verdict::Depends => Partial::Depends(self.clone()),
            },
        }
    }
}

impl ReferentQuery {
    /// What the rule comes to for a class, in a request of this version: the attributes that it
    /// names, the restriction and the extra condition.
    ///
    /// A predicate is not decided here. Credentials of a class for which this is
    /// [`Always`](Partial::Always) may still fail it.
    pub fn on_class(&self, class: &ClassTags, version: RequestVersion) -> Partial {
        if self.names.iter().any(|name| !class.has_attribute(name)) {
            return Partial::Never;
        }
        let conditions = || [&self.restriction, &self.extra].into_iter().flatten();
        match Verdict::all(conditions().map(|condition| condition.verdict(class, version))) {
            Verdict::Always => Partial::Always,
            Verdict::Never => Partial::Never,
            Verdict::Depends => {
                Partial::all(conditions().map(|condition| condition.remainder(class, version)))
            }
        }
    }
}
