//! What a verifier asks for, as far as the mathematics needs it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use dashu_base::BitTest;
use dashu_int::UBig;
use serde_json::Value;

use crate::json::{Malformed, Node};

/// An attribute's name as keys and proofs spell it: without spaces, in lower case.
#[must_use]
pub fn fold(name: &str) -> String {
    name.replace(' ', "").to_lowercase()
}

/// The relation of a predicate, in the order in which provers list predicates on one attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operator {
    /// `>=`, written `GE` in a proof
    GreaterOrEqual,
    /// `<=`, `LE`
    LessOrEqual,
    /// `>`, `GT`
    Greater,
    /// `<`, `LT`
    Less,
}

impl Operator {
    /// Reads both spellings: a request's (`>=`) and a proof's (`GE`).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            ">=" | "GE" => Self::GreaterOrEqual,
            "<=" | "LE" => Self::LessOrEqual,
            ">" | "GT" => Self::Greater,
            "<" | "LT" => Self::Less,
            _ => return None,
        })
    }

    /// A proof's spelling.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::GreaterOrEqual => "GE",
            Self::LessOrEqual => "LE",
            Self::Greater => "GT",
            Self::Less => "LT",
        }
    }

    /// Whether the attribute is bounded from above (`<=` and `<`).
    #[must_use]
    pub fn is_less(self) -> bool {
        matches!(self, Self::LessOrEqual | Self::Less)
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::GreaterOrEqual => ">=",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::Less => "<",
        })
    }
}

/// A statement about an attribute whose value stays hidden. Ordered as provers list them:
/// by attribute, operator, value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Predicate {
    /// The attribute, folded ([`fold`]).
    pub attribute: String,
    /// The relation.
    pub operator: Operator,
    /// What the attribute is compared with.
    pub value: i32,
}

impl Predicate {
    /// The bound `D'` of the difference that the proof shows not to be negative: `m - D'` for a bound from
    /// below, `D' - m` for one from above. `D'` is the value, one more for `>`, one less for `<`.
    #[must_use]
    pub fn bound(&self) -> i64 {
        i64::from(self.value)
            + match self.operator {
                Operator::Greater => 1,
                Operator::Less => -1,
                _ => 0,
            }
    }
}

impl fmt::Display for Predicate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{} {} {}",
            self.attribute, self.operator, self.value
        )
    }
}

/// What one credential has to show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SubProofRequest {
    /// Attributes whose values are revealed, folded.
    pub revealed: BTreeSet<String>,
    /// Predicates on hidden attributes.
    pub predicates: BTreeSet<Predicate>,
}

/// A proof request: what each referent asks for, and the nonce.
///
/// Only what the mathematics needs; restrictions and intervals are other people's business.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProofRequest {
    pub(crate) nonce: UBig,
    /// Referent to attribute names, folded: one for `name`, several for `names`.
    pub(crate) attributes: BTreeMap<String, Vec<String>>,
    /// Referent to predicate.
    pub(crate) predicates: BTreeMap<String, Predicate>,
}

impl ProofRequest {
    /// Reads a proof request of version 1.0 or 2.0.
    ///
    /// # Errors
    /// [`Malformed`] if it has no nonce of at most 128 bits, or a referent asks for no attribute, or a
    /// predicate lacks a name, a known operator or a value in the signed 32-bit range.
    pub fn from_json(request: &Value) -> Result<Self, Malformed> {
        const NONCE: &str = "a nonce of at most 128 bits, in decimal,";
        let root = Node::root(request);
        let node = root.member("nonce", NONCE)?;
        let nonce = node.number()?;
        if nonce.bit_len() > 128 {
            return Err(node.found(NONCE, "a longer number"));
        }
        let mut attributes = BTreeMap::new();
        if let Some(node) = root.optional("requested_attributes")? {
            for (referent, node) in node.members()? {
                attributes.insert(referent.to_owned(), names(&node)?);
            }
        }
        let mut predicates = BTreeMap::new();
        if let Some(node) = root.optional("requested_predicates")? {
            for (referent, node) in node.members()? {
                predicates.insert(referent.to_owned(), predicate(&node)?);
            }
        }
        Ok(Self {
            nonce,
            attributes,
            predicates,
        })
    }
}

fn names(node: &Node<'_>) -> Result<Vec<String>, Malformed> {
    match (node.optional("name")?, node.optional("names")?) {
        (Some(name), None) => Ok(vec![fold(name.text()?)]),
        (None, Some(names)) => names
            .elements()?
            .iter()
            .map(|name| Ok(fold(name.text()?)))
            .collect(),
        _ => Err(node.found("exactly one of name and names", "both or neither")),
    }
}

fn predicate(node: &Node<'_>) -> Result<Predicate, Malformed> {
    const OPERATOR: &str = "one of >=, <=, >, <";
    let operator = node.member("p_type", OPERATOR)?;
    let value = node.member("p_value", "a predicate's value")?;
    Ok(Predicate {
        attribute: fold(node.member("name", "an attribute's name")?.text()?),
        operator: Operator::parse(operator.text()?).ok_or_else(|| operator.not(OPERATOR))?,
        value: value.int32()?,
    })
}
