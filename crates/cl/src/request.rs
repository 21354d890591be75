//! A proof request, reduced to what the mathematics needs.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use dashu_base::BitTest;
use dashu_int::UBig;
use serde_json::Value;

use crate::json::{Malformed, Node};
use crate::parameters::MAX_NONCE_BITS;

/// Returns an attribute's name as keys and proofs spell it: in lower case, without spaces.
#[must_use]
pub fn fold(name: &str) -> String {
    name.replace(' ', "").to_lowercase()
}

/// The operator of a predicate. Provers list the predicates on one attribute in this order.
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
    const ALL: [Self; 4] = [Self::GreaterOrEqual, Self::LessOrEqual, Self::Greater, Self::Less];

    /// Parses the spelling of a request: `>=`, `<=`, `>` or `<`.
    #[must_use]
    pub fn from_symbol(symbol: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operator| operator.symbol() == symbol)
    }

    /// Parses the spelling of a proof: `GE`, `LE`, `GT` or `LT`.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operator| operator.code() == code)
    }

    /// Returns the spelling of a request, which is also that of `Display`.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        match self {
            Self::GreaterOrEqual => ">=",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::Less => "<",
        }
    }

    /// Returns the spelling of a proof.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::GreaterOrEqual => "GE",
            Self::LessOrEqual => "LE",
            Self::Greater => "GT",
            Self::Less => "LT",
        }
    }

    /// Returns whether the operator bounds the attribute from above (`<=` and `<`).
    #[must_use]
    pub fn is_less(self) -> bool {
        matches!(self, Self::LessOrEqual | Self::Less)
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.symbol())
    }
}

/// A statement about the value of a hidden attribute. The order is that in which provers list
/// predicates: by attribute, operator, value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Predicate {
    /// The attribute, folded ([`fold`]).
    pub attribute: String,
    /// The operator.
    pub operator: Operator,
    /// The value with which the attribute is compared.
    pub value: i32,
}

impl Predicate {
    /// Returns the bound `D'` of the difference that the proof shows not to be negative: `m - D'`
    /// for a bound from below, `D' - m` for a bound from above. `D'` is the value, plus one for
    /// `>`, minus one for `<`.
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
        write!(formatter, "{} {} {}", self.attribute, self.operator, self.value)
    }
}

/// The part of a request that one credential answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SubProofRequest {
    /// Attributes to reveal, folded.
    pub(crate) revealed: BTreeSet<String>,
    /// Attributes that the credential must have, without revealing them, folded.
    pub(crate) hidden: BTreeSet<String>,
    /// Predicates on hidden attributes.
    pub(crate) predicates: BTreeSet<Predicate>,
}

/// A proof request: the content of each referent, and the nonce.
///
/// Restrictions and intervals are not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProofRequest {
    pub(crate) nonce: UBig,
    /// Referent to attribute names, folded: one for `name`, several for `names`.
    pub(crate) attributes: BTreeMap<String, Vec<String>>,
    /// Referent to attribute names as the request spells them, for the referents with `names`.
    pub(crate) groups: BTreeMap<String, Vec<String>>,
    /// Referent to predicate.
    pub(crate) predicates: BTreeMap<String, Predicate>,
    /// Whether the presentation contains qualified identifiers of schemas and credential
    /// definitions, as version 2.0 of the format requires.
    pub(crate) qualified: bool,
}

impl ProofRequest {
    /// Reads a proof request of version 1.0 or 2.0.
    ///
    /// # Errors
    /// [`Malformed`] if the request is of another version, has no nonce of at most 128 bits, a
    /// referent names no attribute, or one twice (names are compared [folded](fold)), or a
    /// predicate lacks a name, one of the operators `>=`, `<=`, `>`, `<`, or a value in the signed
    /// 32-bit range.
    pub fn from_json(request: &Value) -> Result<Self, Malformed> {
        const NONCE: &str = "a nonce of at most 128 bits, in decimal,";
        const VERSION: &str = "version 1.0 or 2.0";
        let root = Node::root(request);
        let qualified = match root.optional("ver")? {
            None => false,
            Some(node) => match node.text()? {
                "1.0" => false,
                "2.0" => true,
                _ => return Err(node.found(VERSION, "another version")),
            },
        };
        let node = root.member("nonce", NONCE)?;
        let nonce = node.number()?;
        if nonce.bit_len() > MAX_NONCE_BITS {
            return Err(node.found(NONCE, "a longer number"));
        }
        let mut attributes = BTreeMap::new();
        let mut groups = BTreeMap::new();
        if let Some(node) = root.optional("requested_attributes")? {
            for (referent, node) in node.members()? {
                let (group, names) = names(&node)?;
                let folded: Vec<String> = names.iter().map(|name| fold(name)).collect();
                if folded.iter().collect::<BTreeSet<_>>().len() < folded.len() {
                    return Err(node.found("each attribute once", "an attribute twice"));
                }
                attributes.insert(referent.to_owned(), folded);
                if group {
                    groups.insert(referent.to_owned(), names);
                }
            }
        }
        let mut predicates = BTreeMap::new();
        if let Some(node) = root.optional("requested_predicates")? {
            for (referent, node) in node.members()? {
                predicates.insert(referent.to_owned(), predicate(&node)?);
            }
        }
        Ok(Self { nonce, attributes, groups, predicates, qualified })
    }
}

/// Returns the attribute names of a referent, as they are spelled, and whether the member is
/// `names`.
fn names(node: &Node<'_>) -> Result<(bool, Vec<String>), Malformed> {
    match (node.optional("name")?, node.optional("names")?) {
        (Some(name), None) => Ok((false, vec![name.text()?.to_owned()])),
        (None, Some(names)) => {
            let elements = names.elements()?;
            if elements.is_empty() {
                return Err(names.found("the name of an attribute", "an empty list"));
            }
            let texts = elements.iter().map(|name| Ok(name.text()?.to_owned()));
            Ok((true, texts.collect::<Result<_, Malformed>>()?))
        }
        _ => Err(node.found("exactly one of name and names", "both or neither")),
    }
}

fn predicate(node: &Node<'_>) -> Result<Predicate, Malformed> {
    const OPERATOR: &str = "one of >=, <=, >, <";
    let operator = node.member("p_type", OPERATOR)?;
    let value = node.member("p_value", "a predicate's value")?;
    Ok(Predicate {
        attribute: fold(node.member("name", "an attribute's name")?.text()?),
        operator: Operator::from_symbol(operator.text()?)
            .ok_or_else(|| operator.found(OPERATOR, "another text"))?,
        value: value.int32()?,
    })
}
