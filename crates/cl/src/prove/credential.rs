//! What a holder has: credentials and a link secret.

use std::collections::BTreeMap;
use std::fmt;

use dashu_base::BitTest;
use dashu_int::UBig;
use serde_json::Value;
use zeroize::{Zeroize, Zeroizing};

use crate::json::{Malformed, Node, decimal};
use crate::parameters::{E_RANGE_BITS, E_START_BITS, MAX_MODULUS_BITS, V_BITS, VALUE_BITS};
use crate::public_key::LINK_SECRET;
use crate::request::fold;

/// A signed integer of at most [`VALUE_BITS`] bits. Wiped when it is dropped.
#[derive(Clone)]
pub(super) struct Signed {
    pub(super) negative: bool,
    pub(super) magnitude: Zeroizing<UBig>,
}

/// An attribute's value.
#[derive(Clone)]
pub(super) struct Attribute {
    /// The value as people read it.
    pub(super) raw: Zeroizing<String>,
    /// The signed number, in decimal.
    pub(super) encoded: Zeroizing<String>,
    /// The signed number.
    pub(super) number: Signed,
}

/// A credential as a holder stores it: `(A, e, v)` with
/// `A^e · S^v · Π R_i^m_i · Rctxt^m2 = Z (mod n)`.
///
/// Wiped when it is dropped. `Debug` shows only the identifiers and the names of the attributes.
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
    /// Reads a credential of `indy-credx`, after the holder has processed it, so that `v` contains
    /// the holder's part:
    /// `{"schema_id", "cred_def_id", "values": {NAME: {"raw", "encoded"}}, "signature":
    /// {"p_credential": {"m_2", "a", "e", "v"}}, ...}`.
    ///
    /// A revocation part (`r_credential`, `rev_reg_id`) is ignored: this crate proves nothing about
    /// revocation, and `rev_reg_id` and `timestamp` are null in the presentation. A verifier that
    /// asks for non-revocation refuses such a presentation.
    ///
    /// # Errors
    /// [`Malformed`] if a member is missing, a number is not a canonical decimal, two attributes
    /// have names that differ only in spaces and case, an attribute is called `master_secret`, an
    /// encoded value has more than 256 bits, or a number of the signature does not have the length
    /// that issuers give it.
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
            a: number("a", MAX_MODULUS_BITS, "a group element")?,
            v: number("v", V_BITS, "a number of at most 2,725 bits")?,
            m2: number("m_2", VALUE_BITS, "a number of at most 256 bits")?,
            e,
        })
    }

    /// Returns the identifier of the schema.
    #[must_use]
    pub fn schema_id(&self) -> &str {
        &self.schema_id
    }

    /// Returns the identifier of the credential definition.
    #[must_use]
    pub fn cred_def_id(&self) -> &str {
        &self.cred_def_id
    }

    /// Returns the names of the attributes, folded ([`fold`]) and sorted.
    pub fn attributes(&self) -> impl Iterator<Item = &str> {
        self.attributes.keys().map(String::as_str)
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
        let raw = node.member("raw", "a raw value")?.text()?;
        let attribute = Attribute {
            raw: Zeroizing::new(raw.to_owned()),
            encoded: Zeroizing::new(encoded.text()?.to_owned()),
            number: Signed { negative, magnitude },
        };
        let name = fold(name);
        if name == LINK_SECRET {
            return Err(node.found(NAME, "the link secret's name"));
        }
        if attributes.insert(name, attribute).is_some() {
            return Err(
                node.found(NAME, "the name of another attribute, except for spaces and case")
            );
        }
    }
    Ok(attributes)
}

/// The secret number that all credentials of a holder are bound to, of at most 256 bits.
///
/// Wiped when it is dropped; `Debug` does not show it.
#[derive(Clone)]
pub struct LinkSecret(pub(super) Zeroizing<UBig>);

impl LinkSecret {
    /// Reads a decimal number.
    ///
    /// # Errors
    /// [`Malformed`] if the text is not a canonical decimal of at most 256 bits. The error does not
    /// quote it.
    pub fn from_decimal(text: &str) -> Result<Self, Malformed> {
        let problem =
            |found: String| Malformed { pointer: String::new(), expected: EXPECTED, found };
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
        let node = Node::root(link_secret).member("value", EXPECTED)?.member("ms", EXPECTED)?;
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
