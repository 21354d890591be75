//! Why a credential, or a whole class of them, does not answer a referent.
//!
//! [`ReferentQuery::matches`] says whether a credential answers a referent. If it does not,
//! [`ReferentQuery::mismatch`] says why, by the first thing that does not match: a missing
//! attribute, then a part of the restriction, then the holder's own condition, then the predicate.
//! [`ReferentQuery::class_mismatch`] says why no credential of a class can answer.
//!
//! A [`Mismatch`] is shown as a sentence, and written as JSON with the texts in full.
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
//! );
//! let query = request.query("given", None).ok_or("no such referent")?;
//! let mismatch = query.class_mismatch(&class, request.ver).ok_or("it matches")?;
//! assert_eq!(
//!     mismatch.to_string(),
//!     r#"there is no attribute "first_name"; did you mean "firstname"?"#
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod sentence;

use serde::Serialize;

use crate::nearest::nearest;
use crate::query::{Comparison, ReferentQuery};
use crate::request::PredicateType;
use crate::restriction::facts::{Decision, Facts, Known};
use crate::restriction::{ClassTags, Restriction};
use crate::tags::{Tag, Tags};
use crate::version::RequestVersion;

/// Why a credential does not answer a referent.
///
/// In JSON, the member `reason` names the variant. `wanted` lists the values of which any
/// would do; it is not empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
pub enum Mismatch {
    /// There is no such attribute.
    AttributeMissing {
        /// The attribute that is wanted.
        name: String,
        /// An attribute that there is, of a similar name.
        #[serde(skip_serializing_if = "Option::is_none")]
        did_you_mean: Option<String>,
    },
    /// Another issuer issued it.
    AnotherIssuer {
        /// The issuers that would do.
        wanted: Vec<String>,
        /// The credential's issuer.
        got: String,
    },
    /// It follows another schema.
    AnotherSchema {
        /// What the restriction is about: the schema's identifier, issuer, name or version.
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
    /// The restriction names a tag that the credential does not carry, such as a misspelt one.
    TagMissing {
        /// The tag.
        tag: Tag,
        /// A tag that there is, of a similar name.
        #[serde(skip_serializing_if = "Option::is_none")]
        did_you_mean: Option<Tag>,
    },
    /// The credential's identifiers do not say what the restriction is about. (A DID of a registry
    /// other than Indy's says nothing about the schema.)
    NotKnown {
        /// What is not known: the schema's name, version or issuer, or the credential's issuer.
        tag: Tag,
        /// The identifier that does not say it: the schema's, or the credential definition's.
        #[serde(skip_serializing_if = "Option::is_none")]
        identifier: Option<String>,
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
        /// Why each does not hold, in the order written. Empty for an `$in` of no values, which
        /// nothing satisfies.
        alternatives: Vec<Mismatch>,
    },
    /// What a `$not` or a `$neq` rules out is so.
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
    /// The attribute's value is not a signed 32-bit integer, so that the library proves no
    /// predicate of it.
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
    /// Returns the first thing for which a credential does not match; `None` exactly if it
    /// [matches](Self::matches), which takes the same parameters.
    pub fn mismatch(
        &self,
        tags: &Tags,
        version: RequestVersion,
        encoded: impl Fn(&str) -> Option<i32>,
    ) -> Option<Mismatch> {
        self.fact_mismatch(tags, version).or_else(|| self.predicate_mismatch(tags, encoded))
    }

    /// Returns the first thing for which no credential of a class matches; `Some` exactly if
    /// [`on_class`](Self::on_class) is [`Never`](crate::Partial::Never).
    pub fn class_mismatch(&self, class: &ClassTags, version: RequestVersion) -> Option<Mismatch> {
        self.fact_mismatch(class, version)
    }

    fn fact_mismatch(&self, facts: &impl Facts, version: RequestVersion) -> Option<Mismatch> {
        let mut names = self.names.iter();
        if let Some(name) = names.find(|name| !facts.has_attribute(name)) {
            return Some(attribute_missing(name, facts));
        }
        let mut conditions = [&self.restriction, &self.extra].into_iter().flatten();
        conditions.find_map(|condition| restriction_mismatch(condition, facts, version))
    }

    fn predicate_mismatch(
        &self,
        tags: &Tags,
        encoded: impl Fn(&str) -> Option<i32>,
    ) -> Option<Mismatch> {
        let Comparison { p_type, p_value } = self.predicate?;
        let attribute = self.names.first().cloned().unwrap_or_default();
        match self.names.first().and_then(|name| encoded(name)) {
            Some(value) if p_type.holds(value, p_value) => None,
            Some(got) => Some(Mismatch::PredicateFalse {
                attribute,
                p_type,
                p_value,
                got,
                by: shortfall(got, p_type, p_value),
            }),
            None => Some(Mismatch::NotANumber {
                got: tags.get(&Tag::value(&attribute)).map(str::to_owned),
                attribute,
                p_type,
                p_value,
            }),
        }
    }
}

/// Returns how far a value is from the nearest for which the predicate would be true.
fn shortfall(got: i32, p_type: PredicateType, p_value: i32) -> i64 {
    let distance = (i64::from(got) - i64::from(p_value)).abs();
    match p_type {
        PredicateType::GreaterOrEqual | PredicateType::LessOrEqual => distance,
        PredicateType::Greater | PredicateType::Less => distance + 1,
    }
}

/// Returns why a restriction fails; `None` unless it fails by what is known.
fn restriction_mismatch(
    restriction: &Restriction,
    facts: &impl Facts,
    version: RequestVersion,
) -> Option<Mismatch> {
    if restriction.decide(facts, version) != Decision::Never {
        return None;
    }
    let inner = |part| restriction_mismatch(part, facts, version);
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

fn negated(clause: &Restriction) -> Mismatch {
    Mismatch::Negated { clause: clause.clone() }
}

fn none_of(mut alternatives: Vec<Mismatch>) -> Mismatch {
    if alternatives.len() == 1 {
        alternatives.swap_remove(0)
    } else {
        Mismatch::NoneOf { alternatives }
    }
}

/// Describes a tag that has none of the wanted values.
fn differs(tag: &Tag, wanted: &[String], facts: &impl Facts) -> Mismatch {
    let got = match facts.known(tag) {
        Known::Is(value) if !wanted.is_empty() => value.to_owned(),
        // An `$in` of no values.
        Known::Is(_) | Known::Unknown => return none_of(Vec::new()),
        Known::Absent => return missing(tag, facts),
    };
    let wanted = wanted.to_vec();
    match tag {
        Tag::IssuerDid => Mismatch::AnotherIssuer { wanted, got },
        Tag::SchemaId | Tag::SchemaIssuerDid | Tag::SchemaName | Tag::SchemaVersion => {
            let tag = tag.clone();
            Mismatch::AnotherSchema { tag, wanted, got }
        }
        Tag::CredDefId => Mismatch::AnotherCredDef { wanted, got },
        Tag::RevRegId => Mismatch::AnotherRegistry { wanted, got },
        Tag::AttributeValue(attribute) => {
            Mismatch::ValueDiffers { attribute: attribute.clone(), wanted, got }
        }
        Tag::AttributeMarker(_) | Tag::Other(_) => {
            Mismatch::TagDiffers { tag: tag.clone(), wanted, got }
        }
    }
}

/// Describes a tag that is not there.
fn missing(tag: &Tag, facts: &impl Facts) -> Mismatch {
    match tag {
        Tag::AttributeMarker(name) | Tag::AttributeValue(name) if !facts.has_attribute(name) => {
            attribute_missing(name, facts)
        }
        Tag::Other(name) => {
            let like = nearest(name, Tag::fixed_names());
            Mismatch::TagMissing { tag: tag.clone(), did_you_mean: like.map(Tag::parse) }
        }
        Tag::SchemaName | Tag::SchemaVersion | Tag::SchemaIssuerDid => {
            not_known(tag, &Tag::SchemaId, facts)
        }
        Tag::IssuerDid => not_known(tag, &Tag::CredDefId, facts),
        _ => Mismatch::TagMissing { tag: tag.clone(), did_you_mean: None },
    }
}

/// Describes a tag that would follow from an identifier, if that said it.
fn not_known(tag: &Tag, identifier: &Tag, facts: &impl Facts) -> Mismatch {
    let identifier = match facts.known(identifier) {
        Known::Is(id) => Some(id.to_owned()),
        Known::Absent | Known::Unknown => None,
    };
    Mismatch::NotKnown { tag: tag.clone(), identifier }
}

fn attribute_missing(name: &str, facts: &impl Facts) -> Mismatch {
    Mismatch::AttributeMissing {
        name: name.to_owned(),
        did_you_mean: nearest(name, facts.attributes()).map(str::to_owned),
    }
}
