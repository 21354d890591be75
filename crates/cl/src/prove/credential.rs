//! What a holder has: credentials and a link secret.

use std::collections::BTreeMap;
use std::fmt;

use dashu_base::BitTest;
use dashu_int::UBig;
use serde_json::Value;
use zeroize::{Zeroize, Zeroizing};

use super::key::{Base, Powers, ProvingKey};
use crate::json::{Malformed, Node, decimal};
use crate::public_key::LINK_SECRET;
use crate::request::fold;

/// Bits of an attribute's value, of the context `m2` and of a link secret: those of SHA-256.
pub(super) const VALUE_BITS: usize = 256;

/// Every signature's `e` lies between 2^596 and 2^596 + 2^119.
pub(super) const E_START_BITS: usize = 596;

/// Bits of the range above 2^596 from which `e` comes.
const E_RANGE_BITS: usize = 119;

/// Bits of a signature's `v = v' + v''`: the issuer's part has 2,724 bits, the holder's 2,128.
pub(super) const V_BITS: usize = 2725;

/// A whole number of at most [`VALUE_BITS`] bits with a sign. Wiped when it is dropped.
#[derive(Clone)]
pub(super) struct Signed {
    pub(super) negative: bool,
    pub(super) magnitude: Zeroizing<UBig>,
}

/// An attribute's value.
#[derive(Clone)]
pub(super) struct Attribute {
    /// What people see.
    pub(super) raw: Zeroizing<String>,
    /// What is signed, in decimal.
    pub(super) encoded: Zeroizing<String>,
    /// What is signed.
    pub(super) number: Signed,
}

/// A credential as a holder keeps it: `(A, e, v)` with `A^e · S^v · Π R_i^m_i · Rctxt^m2 = Z (mod n)`.
///
/// Wiped when it is dropped. `Debug` shows the identifiers and the attributes' names only.
#[derive(Clone)]
pub struct Credential {
    pub(super) schema_id: String,
    pub(super) cred_def_id: String,
    /// By folded name.
    pub(super) attributes: BTreeMap<String, Attribute>,
    pub(super) a: Zeroizing<UBig>,
    pub(super) e: Zeroizing<UBig>,
    pub(super) v: Zeroizing<UBig>,
    pub(super) m2: Zeroizing<UBig>,
}

impl Credential {
    /// Reads a credential of `indy-credx` after it was processed, so that `v` contains the holder's part:
    /// `{"schema_id", "cred_def_id", "values": {name: {"raw", "encoded"}}, "signature": {"p_credential":
    /// {"m_2", "a", "e", "v"}}, ...}`.
    ///
    /// A revocation part (`r_credential`, `rev_reg_id`) is ignored: this crate proves nothing about
    /// revocation, and the presentation says so (`rev_reg_id` and `timestamp` are null). A verifier that
    /// asks for non-revocation refuses it; one that does not asks for nothing that is missing.
    ///
    /// # Errors
    /// [`Malformed`] if a member is missing or a number no canonical decimal, two attributes have the same
    /// name but for spaces and case, one is called `master_secret`, an encoded value has more than 256 bits,
    /// or a number of the signature is not of the length that issuers give it.
    pub fn from_json(credential: &Value) -> Result<Self, Malformed> {
        let root = Node::root(credential);
        let text = |name| -> Result<String, Malformed> {
            Ok(root.member(name, "an identifier")?.text()?.to_owned())
        };
        let signature = root
            .member("signature", "a signature")?
            .member("p_credential", "a primary signature")?;
        let number = |name, bits, expected| -> Result<Zeroizing<UBig>, Malformed> {
            let node = signature.member(name, expected)?;
            let value = Zeroizing::new(node.number()?);
            if value.bit_len() > bits {
                return Err(node.found(expected, "a longer number"));
            }
            Ok(value)
        };
        const E: &str = "a number between 2^596 and 2^596 + 2^119";
        let e = number("e", E_START_BITS + 1, E)?;
        if !e.bit(E_START_BITS) || (E_RANGE_BITS..E_START_BITS).any(|bit| e.bit(bit)) {
            return Err(signature.member("e", E)?.found(E, "another number"));
        }
        Ok(Self {
            schema_id: text("schema_id")?,
            cred_def_id: text("cred_def_id")?,
            attributes: attributes(&root.member("values", "the attributes' values")?)?,
            a: number("a", crate::kernel::MAX_MODULUS_BITS, "a group element")?,
            v: number("v", V_BITS, "a number of at most 2,725 bits")?,
            m2: number("m_2", VALUE_BITS, "a number of at most 256 bits")?,
            e,
        })
    }

    /// The schema's identifier.
    #[must_use]
    pub fn schema_id(&self) -> &str {
        &self.schema_id
    }

    /// The credential definition's identifier.
    #[must_use]
    pub fn cred_def_id(&self) -> &str {
        &self.cred_def_id
    }

    /// The attributes' names, folded ([`fold`]) and sorted.
    pub fn attributes(&self) -> impl Iterator<Item = &str> {
        self.attributes.keys().map(String::as_str)
    }

    /// Whether the issuer whose key this is has signed this credential for this link secret:
    /// `A^e · S^v · Π R_i^m_i · Rctxt^m2 = Z (mod n)`. Takes about half a millisecond to three.
    ///
    /// A presentation that is made from a credential that fails here is refused by every verifier.
    #[must_use]
    pub fn check_signature(&self, key: &ProvingKey, link_secret: &LinkSecret) -> bool {
        if key.problem_with(self).is_some() {
            return false;
        }
        let mut left = Powers::default()
            .base(Base::S, self.v.clone(), V_BITS)
            .base(Base::Context, self.m2.clone(), VALUE_BITS)
            .base(
                Base::Attribute(LINK_SECRET),
                link_secret.0.clone(),
                VALUE_BITS,
            )
            .free(self.a.clone(), self.e.clone(), E_START_BITS + 1);
        // R^-m on the one side is R^m on the other.
        let one = Zeroizing::new(UBig::ONE);
        let mut right = Powers::default().base(Base::Z, one, 1);
        for (name, Attribute { number, .. }) in &self.attributes {
            let (side, other) = if number.negative {
                (&mut right, &mut left)
            } else {
                (&mut left, &mut right)
            };
            let nothing = Zeroizing::new(UBig::ZERO);
            side.push(Base::Attribute(name), number.magnitude.clone(), VALUE_BITS);
            other.push(Base::Attribute(name), nothing, VALUE_BITS);
        }
        match key.evaluate(&[&left, &right]) {
            Some(values) => values[0] == values[1],
            None => false,
        }
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Credential")
            .field("schema_id", &self.schema_id)
            .field("cred_def_id", &self.cred_def_id)
            .field("attributes", &self.attributes.keys())
            .finish_non_exhaustive()
    }
}

fn attributes(values: &Node<'_>) -> Result<BTreeMap<String, Attribute>, Malformed> {
    const NAME: &str = "an attribute's name";
    const ENCODED: &str = "a number of at most 256 bits";
    let mut attributes = BTreeMap::new();
    for (name, node) in values.members()? {
        let encoded = node.member("encoded", ENCODED)?;
        let (negative, magnitude) = encoded.signed()?;
        let magnitude = Zeroizing::new(magnitude);
        if magnitude.bit_len() > VALUE_BITS {
            return Err(encoded.found(ENCODED, "a longer number"));
        }
        let raw = node.member("raw", "what the attribute says")?.text()?;
        let attribute = Attribute {
            raw: Zeroizing::new(raw.to_owned()),
            encoded: Zeroizing::new(encoded.text()?.to_owned()),
            number: Signed {
                negative,
                magnitude,
            },
        };
        let name = fold(name);
        if name == LINK_SECRET {
            return Err(node.found(NAME, "the link secret's"));
        }
        if attributes.insert(name, attribute).is_some() {
            return Err(node.found(NAME, "another one's, but for spaces and case"));
        }
    }
    Ok(attributes)
}

/// The number that all credentials of one holder are bound to, of at most 256 bits.
///
/// Wiped when it is dropped; `Debug` does not show it.
#[derive(Clone)]
pub struct LinkSecret(pub(super) Zeroizing<UBig>);

impl LinkSecret {
    /// Reads a decimal number.
    ///
    /// # Errors
    /// [`Malformed`] if it is no canonical decimal of at most 256 bits. The error does not show it.
    pub fn from_decimal(text: &str) -> Result<Self, Malformed> {
        let problem = |found: String| Malformed {
            pointer: String::new(),
            expected: EXPECTED,
            found,
        };
        let secret = Self(Zeroizing::new(decimal(text).map_err(problem)?));
        if secret.0.bit_len() > VALUE_BITS {
            return Err(problem("a longer number".into()));
        }
        Ok(secret)
    }

    /// Reads the JSON of `indy-credx`, `{"value": {"ms": "..."}}`.
    ///
    /// # Errors
    /// As [`from_decimal`](Self::from_decimal), or if a member is missing.
    pub fn from_json(link_secret: &Value) -> Result<Self, Malformed> {
        let node = Node::root(link_secret)
            .member("value", EXPECTED)?
            .member("ms", EXPECTED)?;
        let secret = Self(Zeroizing::new(node.number()?));
        if secret.0.bit_len() > VALUE_BITS {
            return Err(node.found(EXPECTED, "a longer number"));
        }
        Ok(secret)
    }
}

const EXPECTED: &str = "a link secret of at most 256 bits";

impl Zeroize for LinkSecret {
    fn zeroize(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for LinkSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("LinkSecret(hidden)")
    }
}
