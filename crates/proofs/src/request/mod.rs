//! A verifier's proof request.
//!
//! A request asks for attributes to be shown, and for predicates (`age >= 18`) to be proved without
//! showing the attribute. Each thing that is asked for has a *referent*, a name of the verifier's
//! choice under which the answer comes back.
//!
//! [`ProofRequest::from_json`] reads a request and refuses what cannot be answered; [`Serialize`]
//! writes it, without absent members, in a form that `indy-credx` reads.

pub(crate) mod limits;
pub(crate) mod parse;

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, de};
use serde_json::Value;

use crate::restriction::{Restriction, WrittenRestriction};
use crate::version::RequestVersion;

/// A proof request.
///
/// Reading checks it. The fields of one that is built by hand are not checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProofRequest {
    /// A number in decimal that the verifier has not used before. It makes the proof an answer to
    /// this request and to no other.
    pub nonce: String,
    /// The verifier's name for the request.
    pub name: String,
    /// The verifier's version of the request: any text, like the name.
    pub version: String,
    /// The version of the format. Version 1.0 is written by leaving `ver` out.
    #[serde(skip_serializing_if = "RequestVersion::is_default")]
    pub ver: RequestVersion,
    /// The attributes and groups to be shown, by referent.
    pub requested_attributes: BTreeMap<String, RequestedAttribute>,
    /// The predicates to be proved, by referent.
    pub requested_predicates: BTreeMap<String, RequestedPredicate>,
    /// When credentials must not have been revoked, for every referent without an interval of its
    /// own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub non_revoked: Option<Interval>,
}

/// An attribute, or a group of attributes of one credential, to be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RequestedAttribute {
    /// Which.
    #[serde(flatten)]
    pub attribute: AttributeNames,
    /// What the credential must satisfy. Without any restriction, the holder may answer with an
    /// attribute that no issuer vouches for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restrictions: Option<WrittenRestriction>,
    /// When the credential must not have been revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub non_revoked: Option<Interval>,
}

/// One attribute, or several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum AttributeNames {
    /// The member `name`.
    #[serde(rename = "name")]
    One(String),
    /// The member `names`: attributes that must come from one credential.
    #[serde(rename = "names")]
    Group(Vec<String>),
}

/// A comparison to be proved of an attribute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RequestedPredicate {
    /// The attribute.
    pub name: String,
    /// How the attribute compares with the bound.
    pub p_type: PredicateType,
    /// The bound.
    pub p_value: i32,
    /// What the credential must satisfy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restrictions: Option<WrittenRestriction>,
    /// When the credential must not have been revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub non_revoked: Option<Interval>,
}

/// The four comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub enum PredicateType {
    /// `>=`
    #[serde(rename = ">=")]
    GreaterOrEqual,
    /// `<=`
    #[serde(rename = "<=")]
    LessOrEqual,
    /// `>`
    #[serde(rename = ">")]
    Greater,
    /// `<`
    #[serde(rename = "<")]
    Less,
}

/// A span of time, in seconds since the start of 1970 (UTC), both ends included.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Interval {
    /// The beginning; open if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<u64>,
    /// The end; open if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<u64>,
}

impl RequestedAttribute {
    /// Returns the names asked for, as the verifier spells them: one, or the group's.
    pub fn names(&self) -> &[String] {
        match &self.attribute {
            AttributeNames::One(name) => std::slice::from_ref(name),
            AttributeNames::Group(names) => names,
        }
    }

    /// Returns what the credential must satisfy; `None` if nothing.
    pub fn restriction(&self) -> Option<&Restriction> {
        self.restrictions.as_ref().and_then(WrittenRestriction::meaning)
    }
}

impl RequestedPredicate {
    /// Returns whether the predicate is true of a value.
    pub fn holds(&self, value: i32) -> bool {
        self.p_type.holds(value, self.p_value)
    }

    /// Returns what the credential must satisfy; `None` if nothing.
    pub fn restriction(&self) -> Option<&Restriction> {
        self.restrictions.as_ref().and_then(WrittenRestriction::meaning)
    }
}

impl PredicateType {
    /// Reads a `p_type`; `None` for anything but `>=`, `<=`, `>` and `<`.
    pub fn parse(p_type: &str) -> Option<Self> {
        match p_type {
            ">=" => Some(Self::GreaterOrEqual),
            "<=" => Some(Self::LessOrEqual),
            ">" => Some(Self::Greater),
            "<" => Some(Self::Less),
            _ => None,
        }
    }

    /// Returns whether `value` compares with `bound` in this way.
    pub fn holds(self, value: i32, bound: i32) -> bool {
        match self {
            Self::GreaterOrEqual => value >= bound,
            Self::LessOrEqual => value <= bound,
            Self::Greater => value > bound,
            Self::Less => value < bound,
        }
    }
}

/// The comparison as requests write it.
impl fmt::Display for PredicateType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::GreaterOrEqual => ">=",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::Less => "<",
        })
    }
}

impl<'de> Deserialize<'de> for ProofRequest {
    /// As [`ProofRequest::from_value`]; the error keeps only its text.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_value(&Value::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_comparison_is_what_it_says() {
        use PredicateType::{Greater, GreaterOrEqual, Less, LessOrEqual};
        for (p_type, below, equal, above) in [
            (GreaterOrEqual, false, true, true),
            (LessOrEqual, true, true, false),
            (Greater, false, false, true),
            (Less, true, false, false),
        ] {
            assert_eq!(p_type.holds(17, 18), below, "{p_type:?}");
            assert_eq!(p_type.holds(18, 18), equal, "{p_type:?}");
            assert_eq!(p_type.holds(19, 18), above, "{p_type:?}");
            assert!(
                p_type.holds(i32::MIN, i32::MAX) == below
                    && p_type.holds(i32::MAX, i32::MIN) == above
            );
            let written = serde_json::to_value(p_type).unwrap();
            assert_eq!(written.as_str().and_then(PredicateType::parse), Some(p_type));
        }
    }
}
