//! The public part of a credential definition.

use std::collections::BTreeMap;

use dashu_base::BitTest;
use dashu_int::UBig;
use serde_json::{Value, json};

use crate::json::{Malformed, Node};
use crate::parameters::MAX_MODULUS_BITS;

/// The name of the link secret's base `R_i` in a key.
pub const LINK_SECRET: &str = "master_secret";

/// An issuer's public key for one credential definition: `(n, S, Z, {R_i}, Rctxt)`.
///
/// A credential is a signature `(A, e, v)` with `A^e · S^v · Π R_i^m_i · Rctxt^m2 = Z (mod n)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    /// The modulus, a product of two safe primes that only the issuer knows.
    pub(crate) n: UBig,
    /// A quadratic residue that generates the group.
    pub(crate) s: UBig,
    /// The right side of the equation that every signature satisfies.
    pub(crate) z: UBig,
    /// The bases of the attributes and of the link secret ([`LINK_SECRET`]).
    pub(crate) r: BTreeMap<String, UBig>,
    /// The base of the credential's context, `m2`.
    pub(crate) rctxt: UBig,
}

impl PublicKey {
    /// Reads `value.primary` of a credential definition
    /// `{"ver", "id", ..., "value": {"primary": {...}}}`, as ledgers store it. In older files, the
    /// base of the link secret is the member `rms`.
    ///
    /// # Errors
    /// [`Malformed`] if a member is missing or is not a canonical decimal, the modulus is even or
    /// not between 3 and 2,050 bits long, a base is not between 1 and `n`, or the link secret has
    /// no base.
    pub fn from_credential_definition(definition: &Value) -> Result<Self, Malformed> {
        let value = Node::root(definition).member("value", "a credential definition's value")?;
        Self::read(&value.member("primary", "a primary key")?)
    }

    /// Reads the primary key alone: `{"n", "s", "z", "r", "rctxt"}`.
    ///
    /// # Errors
    /// As [`from_credential_definition`](Self::from_credential_definition).
    pub fn from_primary(primary: &Value) -> Result<Self, Malformed> {
        Self::read(&Node::root(primary))
    }

    pub(crate) fn read(primary: &Node<'_>) -> Result<Self, Malformed> {
        const MODULUS: &str = "an odd modulus of 3 to 2,050 bits";
        let node = primary.member("n", MODULUS)?;
        let n = node.number()?;
        if !n.bit(0) || n.bit_len() < 3 || n.bit_len() > MAX_MODULUS_BITS {
            return Err(node.found(MODULUS, "another number"));
        }
        let element = |node: &Node<'_>| -> Result<UBig, Malformed> {
            let value = node.number()?;
            if value <= UBig::ONE || value >= n {
                return Err(node.found("a number between 1 and the modulus", "another number"));
            }
            Ok(value)
        };
        let base = |name| element(&primary.member(name, "a base of the key")?);
        let bases = primary.member("r", "the bases of the attributes")?;
        let mut r = BTreeMap::new();
        for (name, node) in bases.members()? {
            r.insert(name.to_owned(), element(&node)?);
        }
        if let Some(node) = primary.optional("rms")? {
            r.insert(LINK_SECRET.to_owned(), element(&node)?);
        }
        if !r.contains_key(LINK_SECRET) {
            return Err(bases.found("a base for master_secret among them", "none"));
        }
        Ok(Self { s: base("s")?, z: base("z")?, rctxt: base("rctxt")?, r, n })
    }

    /// Returns the primary key in the form of a credential definition.
    #[must_use]
    pub fn to_primary(&self) -> Value {
        let r: serde_json::Map<String, Value> =
            self.r.iter().map(|(name, base)| (name.clone(), base.to_string().into())).collect();
        json!({
            "n": self.n.to_string(),
            "s": self.s.to_string(),
            "r": r,
            "rctxt": self.rctxt.to_string(),
            "z": self.z.to_string(),
        })
    }

    /// Returns the length of the modulus, in bits.
    #[must_use]
    pub fn bits(&self) -> usize {
        self.n.bit_len()
    }

    /// Returns the names of the attributes, without the link secret: folded (no spaces, lower case)
    /// and sorted.
    pub fn attributes(&self) -> impl Iterator<Item = &str> {
        self.r.keys().map(String::as_str).filter(|name| *name != LINK_SECRET)
    }
}
