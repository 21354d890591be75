//! Deciding a restriction by what is known of a credential, or of many.

use super::Restriction;
use crate::tags::{MARKER, Tag, Tags};
use crate::version::RequestVersion;

/// Something of which tags are known: a credential, or a class of credentials.
pub(crate) trait Facts {
    /// Returns what is known of a tag.
    fn known(&self, tag: &Tag) -> Known<'_>;

    /// Returns whether there is an attribute of this name, folded or not.
    fn has_attribute(&self, name: &str) -> bool;

    /// Returns the attributes' names, folded.
    fn attributes(&self) -> impl Iterator<Item = &str>;
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

/// For which credentials a restriction holds, as far as the known facts say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    /// For all of them.
    Always,
    /// For none of them.
    Never,
    /// That depends on what is not known.
    Depends,
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

impl From<bool> for Decision {
    fn from(holds: bool) -> Self {
        if holds { Self::Always } else { Self::Never }
    }
}

impl Decision {
    /// Returns the decision on parts of which all must hold.
    pub(crate) fn all(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut decision = Self::Always;
        for part in parts {
            match part {
                Self::Always => {}
                Self::Never => return Self::Never,
                Self::Depends => decision = Self::Depends,
            }
        }
        decision
    }

    fn negated(self) -> Self {
        match self {
            Self::Always => Self::Never,
            Self::Never => Self::Always,
            Self::Depends => Self::Depends,
        }
    }
}

impl Restriction {
    /// Decides the restriction by what is known. Of a credential's tags everything is known, and
    /// the decision is that of [`matches`](Self::matches).
    pub(crate) fn decide(&self, facts: &impl Facts, version: RequestVersion) -> Decision {
        let holds = |tag: &Tag, compare: &dyn Fn(&str) -> bool| match facts.known(tag) {
            Known::Absent => Decision::Never,
            Known::Is(value) => Decision::from(compare(value)),
            Known::Unknown => Decision::Depends,
        };
        match self {
            Self::And(parts) => Decision::all(parts.iter().map(|part| part.decide(facts, version))),
            Self::Or(parts) if parts.is_empty() => Decision::Always,
            // Any holds unless all fail.
            Self::Or(parts) => {
                Decision::all(parts.iter().map(|part| part.decide(facts, version).negated()))
                    .negated()
            }
            Self::Not(part) => part.decide(facts, version).negated(),
            Self::Eq(tag, wanted) => holds(tag, &|value| tag.means(wanted, value, version)),
            Self::Neq(tag, barred) => holds(tag, &|value| !tag.means(barred, value, version)),
            Self::In(_, wanted) if wanted.is_empty() => Decision::Never,
            Self::In(tag, wanted) => {
                holds(tag, &|value| wanted.iter().any(|wanted| tag.means(wanted, value, version)))
            }
        }
    }
}
