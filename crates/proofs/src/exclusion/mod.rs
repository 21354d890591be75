//! Why a credential, or a whole class of them, does not answer a referent.
//!
//! [`ReferentQuery::matches`] says whether a credential answers a referent. When it does not, its
//! holder wants to know what is in the way: [`ReferentQuery::excludes`] gives the first thing that
//! is, in an order that helps: an attribute that is not there, then the first part of the
//! restriction that fails, then the holder's own condition, then the predicate.
//! [`ReferentQuery::excludes_class`] gives what is in the way of all credentials of a class.
//!
//! An [`Exclusion`] is shown as a sentence, and written as JSON with the texts in full.
//!
//! ```
//! use negotiate_proofs::{ClassTags, ProofRequest};
//!
//! let request = ProofRequest::from_json(r#"{
//!     "nonce": "1", "name": "r", "version": "1",
//!     "requested_attributes": {"given": {"name": "first_name"}}, "requested_predicates": {}}"#)?;
//! let class = ClassTags::from_ids(
//!     "Th7MpTaRZVRYnPiabds81Y:2:gvt:1.0",
//!     "VsKV7grR1BUE29mG2Fm2kX:3:CL:12:TAG1",
//!     ["First Name", "age"],
//! )?;
//! let query = request.query("given", None).ok_or("no such referent")?;
//! let exclusion = query.excludes_class(&class, request.ver).ok_or("not excluded")?;
//! assert_eq!(
//!     exclusion.to_string(),
//!     r#"there is no attribute "first_name"; did you mean "firstname"?"#
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub(crate) mod nearest;
mod sentence;

use serde::Serialize;

use crate::query::{Comparison, ReferentQuery};
use crate::request::PredicateType;
use crate::restriction::partial::{Facts, Known, Verdict};
use crate::restriction::{ClassTags, Restriction};
use crate::tags::{Tag, Tags};
use crate::version::RequestVersion;
use nearest::nearest;

/// What is in the way of a credential as the answer to a referent.
///
/// In JSON, the member `reason` names the variant. `wanted` lists the values of which any would do,
/// and is not empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
pub enum Exclusion {
    /// There is no such attribute.
    AttributeMissing {
        /// The attribute that is wanted.
        name: String,
        /// An attribute that there is, of a similar name.
        #[serde(skip_serializing_if = "Option::is_none")]
        did_you_mean: Option<String>,
    },
    /// Somebody else issued it.
    AnotherIssuer {
        /// The issuers that would do.
        wanted: Vec<String>,
        /// The credential's issuer.
        got: String,
    },
    /// It follows another schema.
    AnotherSchema {
        /// By what the schema is wanted: its identifier, issuer, name or version.
        tag: Tag,
        /// The values that would do.
        wanted: Vec<String>,
        /// What the credential's schema has.
        got: String,
    },
    /// It was issued under another credential definition.
    AnotherCredDef {
        /// The credential definitions that would do.
        wanted: Vec<String>,
        /// The credential's.
        got: String,
    },
    /// It is in another revocation registry, or in none.
    AnotherRegistry {
        /// The registries that would do.
        wanted: Vec<String>,
        /// The credential's, or [`NO_REGISTRY`](crate::tags::NO_REGISTRY).
        got: String,
    },
    /// An attribute has another value.
    ValueDiffers {
        /// The attribute, its name folded.
        attribute: String,
        /// The values that would do.
        wanted: Vec<String>,
        /// The attribute's.
        got: String,
    },
    /// The restriction speaks of a tag that the credential does not carry, such as a misspelt one.
    TagMissing {
        /// The tag.
        tag: Tag,
        /// A tag that there is, of a similar name.
        #[serde(skip_serializing_if = "Option::is_none")]
        did_you_mean: Option<Tag>,
    },
    /// Any other tag has another value. (A marker, of which another value than `1` is wanted.)
    TagDiffers {
        /// The tag.
        tag: Tag,
        /// The values that would do.
        wanted: Vec<String>,
        /// The credential's.
        got: String,
    },
    /// None of the alternatives of an `$or` holds.
    NoneOf {
        /// What is in the way of each, in the order written. Empty for an `$in` of no values, which
        /// nothing satisfies.
        alternatives: Vec<Exclusion>,
    },
    /// What a `$not` or a `$neq` bars is so.
    Negated {
        /// The `$not` or `$neq`.
        clause: Restriction,
    },
    /// The predicate is not true of the attribute.
    PredicateFalse {
        /// The attribute, its name folded.
        attribute: String,
        /// How the value must compare with the bound.
        p_type: PredicateType,
        /// The bound.
        p_value: i32,
        /// The attribute's value.
        got: i32,
        /// By how much the value would have to change for the predicate to be true, at least.
        by: i64,
    },
    /// The attribute's value is no signed 32-bit integer, so that no predicate can be proved of it.
    NotANumber {
        /// The attribute, its name folded.
        attribute: String,
        /// How the value must compare with the bound.
        p_type: PredicateType,
        /// The bound.
        p_value: i32,
        /// The attribute's text, if it is known.
        #[serde(skip_serializing_if = "Option::is_none")]
        got: Option<String>,
    },
}

impl ReferentQuery {
    /// The first thing that is in the way of a credential; `None` exactly if it
    /// [matches](Self::matches), which takes the same parameters.
    pub fn excludes(
        &self,
        tags: &Tags,
        version: RequestVersion,
        encoded: impl Fn(&str) -> Option<i32>,
    ) -> Option<Exclusion> {
        self.excluded_by_facts(tags, version)
            .or_else(|| self.excluded_by_predicate(tags, encoded))
    }

    /// The first thing that is in the way of every credential of a class; `Some` exactly if
    /// [`on_class`](Self::on_class) is [`Never`](crate::Partial::Never).
    pub fn excludes_class(&self, class: &ClassTags, version: RequestVersion) -> Option<Exclusion> {
        self.excluded_by_facts(class, version)
    }

    fn excluded_by_facts(&self, facts: &impl Facts, version: RequestVersion) -> Option<Exclusion> {
        let mut names = self.names.iter();
        if let Some(name) = names.find(|name| !facts.has_attribute(name)) {
            return Some(attribute_missing(name, facts));
        }
        let mut conditions = [&self.restriction, &self.extra].into_iter().flatten();
        conditions.find_map(|condition| exclusion(condition, facts, version))
    }

    fn excluded_by_predicate(
        &self,
        tags: &Tags,
        encoded: impl Fn(&str) -> Option<i32>,
    ) -> Option<Exclusion> {
        let Comparison { p_type, p_value } = self.predicate?;
        let attribute = self.names.first().cloned().unwrap_or_default();
        match self.names.first().and_then(|name| encoded(name)) {
            Some(value) if p_type.holds(value, p_value) => None,
            Some(got) => Some(Exclusion::PredicateFalse {
                attribute,
                p_type,
                p_value,
                got,
                by: shortfall(got, p_type, p_value),
            }),
            None => Some(Exclusion::NotANumber {
                got: tags.get(&Tag::value(&attribute)).map(str::to_owned),
                attribute,
                p_type,
                p_value,
            }),
        }
    }
}

/// How far a value of which a predicate is false is from the nearest of which it is true.
fn shortfall(got: i32, p_type: PredicateType, p_value: i32) -> i64 {
    let distance = (i64::from(got) - i64::from(p_value)).abs();
    match p_type {
        PredicateType::GreaterOrEqual | PredicateType::LessOrEqual => distance,
        PredicateType::Greater | PredicateType::Less => distance + 1,
    }
}

/// What is in the way of a restriction; `None` unless it fails by what is known.
fn exclusion(
    restriction: &Restriction,
    facts: &impl Facts,
    version: RequestVersion,
) -> Option<Exclusion> {
    if restriction.verdict(facts, version) != Verdict::Never {
        return None;
    }
    let inner = |part| exclusion(part, facts, version);
    match restriction {
        Restriction::And(parts) => parts.iter().find_map(inner),
        Restriction::Or(parts) => Some(none_of(parts.iter().filter_map(inner).collect())),
        Restriction::Not(_) => Some(negated(restriction)),
        Restriction::Eq(tag, wanted) => Some(differs(tag, std::slice::from_ref(wanted), facts)),
        Restriction::In(tag, wanted) => Some(differs(tag, wanted, facts)),
        Restriction::Neq(tag, _) => Some(match facts.known(tag) {
            Known::Absent => missing(tag, facts),
            Known::Is(_) | Known::Unknown => negated(restriction),
        }),
    }
}

fn negated(clause: &Restriction) -> Exclusion {
    Exclusion::Negated {
        clause: clause.clone(),
    }
}

fn none_of(mut alternatives: Vec<Exclusion>) -> Exclusion {
    if alternatives.len() == 1 {
        alternatives.swap_remove(0)
    } else {
        Exclusion::NoneOf { alternatives }
    }
}

/// A tag that has none of the wanted values.
fn differs(tag: &Tag, wanted: &[String], facts: &impl Facts) -> Exclusion {
    let got = match facts.known(tag) {
        Known::Is(value) if !wanted.is_empty() => value.to_owned(),
        // An `$in` of no values.
        Known::Is(_) | Known::Unknown => return none_of(Vec::new()),
        Known::Absent => return missing(tag, facts),
    };
    let wanted = wanted.to_vec();
    match tag {
        Tag::IssuerDid => Exclusion::AnotherIssuer { wanted, got },
        Tag::SchemaId | Tag::SchemaIssuerDid | Tag::SchemaName | Tag::SchemaVersion => {
            let tag = tag.clone();
            Exclusion::AnotherSchema { tag, wanted, got }
        }
        Tag::CredDefId => Exclusion::AnotherCredDef { wanted, got },
        Tag::RevRegId => Exclusion::AnotherRegistry { wanted, got },
        Tag::AttributeValue(attribute) => Exclusion::ValueDiffers {
            attribute: attribute.clone(),
            wanted,
            got,
        },
        Tag::AttributeMarker(_) | Tag::Other(_) => Exclusion::TagDiffers {
            tag: tag.clone(),
            wanted,
            got,
        },
    }
}

/// A tag that is not there.
fn missing(tag: &Tag, facts: &impl Facts) -> Exclusion {
    match tag {
        Tag::AttributeMarker(name) | Tag::AttributeValue(name) if !facts.has_attribute(name) => {
            attribute_missing(name, facts)
        }
        Tag::Other(name) => {
            let like = nearest(name, Tag::fixed_names());
            Exclusion::TagMissing {
                tag: tag.clone(),
                did_you_mean: like.map(Tag::parse),
            }
        }
        _ => Exclusion::TagMissing {
            tag: tag.clone(),
            did_you_mean: None,
        },
    }
}

fn attribute_missing(name: &str, facts: &impl Facts) -> Exclusion {
    Exclusion::AttributeMissing {
        name: name.to_owned(),
        did_you_mean: nearest(name, facts.attributes()).map(str::to_owned),
    }
}
