//! The part of a sub-proof that proves knowledge of a signature on the attributes.
//!
//! The signature `(A, e, v)` is blinded to `A' = A · S^r`, `v' = v - e·r`, which is a signature
//! again: `A'^e · S^v' · Π R_i^m_i · Rctxt^m2 = Z`. The prover shows that it knows the exponents in
//! this equation.

use std::collections::{BTreeMap, BTreeSet};

use dashu_int::UBig;
use serde_json::{Map, Value, json};
use zeroize::Zeroizing;

use super::credential::{Credential, LinkSecret, Signed};
use super::draw::{Draw, Secret};
use super::error::ProveError;
use super::key::{Base, Powers};
use crate::parameters::{
    CONTEXT_MASK_BITS, E_MASK_BITS, E_START_BITS, R_BITS, S_EXPONENT_BITS, V_MASK_BITS,
    VALUE_MASK_BITS,
};
use crate::public_key::LINK_SECRET;

/// The random numbers of one sub-proof.
pub(super) struct Masks {
    r: Secret,
    e: Secret,
    v: Secret,
    m2: Secret,
    /// For each hidden attribute, and for the link secret, whose mask all sub-proofs share.
    m: BTreeMap<String, Secret>,
}

impl Masks {
    /// Draws the numbers of sub-proof `index`.
    pub(super) fn draw(
        draw: &mut Draw<'_>,
        index: usize,
        credential: &Credential,
        revealed: &BTreeSet<String>,
        link_secret: &Secret,
    ) -> Result<Self, ProveError> {
        let mut m = BTreeMap::from([(LINK_SECRET.to_owned(), link_secret.clone())]);
        for name in credential.attributes() {
            if !revealed.contains(name) {
                let drawn = draw.bits(&format!("{index}/m_tilde/{name}"), VALUE_MASK_BITS)?;
                m.insert(name.to_owned(), drawn);
            }
        }
        Ok(Self {
            r: draw.bits(&format!("{index}/r"), R_BITS)?,
            e: draw.bits(&format!("{index}/e_tilde"), E_MASK_BITS)?,
            v: draw.bits(&format!("{index}/v_tilde"), V_MASK_BITS)?,
            m2: draw.bits(&format!("{index}/m2_tilde"), CONTEXT_MASK_BITS)?,
            m,
        })
    }

    /// Returns the `m̃` of a hidden attribute.
    pub(super) fn attribute(&self, attribute: &str) -> Option<&Secret> {
        self.m.get(attribute)
    }

    /// `A' = A · S^r`
    pub(super) fn a_prime(&self, credential: &Credential) -> Powers<'static> {
        Powers::default().base(Base::S, self.r.clone(), R_BITS).factor(credential.a.clone())
    }

    /// `T̃ = A'^ẽ · S^ṽ · Π R_i^m̃_i · Rctxt^m̃2` over the hidden attributes and the link secret.
    /// Because `A'^ẽ = A^ẽ · S^(r·ẽ)`, it does not need `A'`, and both are computed at the same
    /// time.
    pub(super) fn commitment(&self, credential: &Credential) -> Powers<'_> {
        let exponent_of_s = Zeroizing::new(&*self.v + &*self.r * &*self.e);
        let mut powers = Powers::default()
            .base(Base::S, exponent_of_s, S_EXPONENT_BITS)
            .base(Base::Context, self.m2.clone(), CONTEXT_MASK_BITS)
            .free(credential.a.clone(), self.e.clone(), E_MASK_BITS);
        for (name, mask) in &self.m {
            powers.push(Base::Attribute(name), mask.clone(), VALUE_MASK_BITS);
        }
        powers
    }

    /// Returns the responses to the challenge `c`: `ê = ẽ + c·(e - 2^596)`, `v̂ = ṽ + c·(v - e·r)`,
    /// `m̂_i = m̃_i + c·m_i`, `m̂2 = m̃2 + c·m2`.
    pub(super) fn respond(
        &self,
        challenge: &UBig,
        credential: &Credential,
        link_secret: &LinkSecret,
    ) -> Result<Responses, ProveError> {
        let e_prime = Zeroizing::new(&*credential.e - (UBig::ONE << E_START_BITS));
        // v - e·r is negative about half the time; v̂ is negative with probability 2^-79.
        let from = Zeroizing::new(&*self.v + challenge * &*credential.v);
        let blinding = Zeroizing::new(&*credential.e * &*self.r);
        let less = Zeroizing::new(challenge * &*blinding);
        let v = subtract(&from, &less).ok_or(ProveError::OutOfRange { number: "v̂" })?;
        let mut m = BTreeMap::new();
        for (name, mask) in &self.m {
            let response = match credential.attributes.get(name) {
                Some(attribute) => respond(mask, challenge, &attribute.number)?,
                None => &**mask + challenge * &*link_secret.0,
            };
            m.insert(name.clone(), response);
        }
        Ok(Responses {
            e: &*self.e + challenge * &*e_prime,
            v,
            m2: &*self.m2 + challenge * &*credential.m2,
            m,
        })
    }
}

/// `m̂ = m̃ + c·m`
fn respond(mask: &UBig, challenge: &UBig, number: &Signed) -> Result<UBig, ProveError> {
    let times = Zeroizing::new(challenge * &*number.magnitude);
    if number.negative {
        subtract(mask, &times).ok_or(ProveError::OutOfRange { number: "m̂" })
    } else {
        Ok(mask + &*times)
    }
}

/// Returns `from - less`, unless that is negative.
fn subtract(from: &UBig, less: &UBig) -> Option<UBig> {
    (from >= less).then(|| from - less)
}

/// The responses that a presentation shows in place of the hidden numbers.
pub(super) struct Responses {
    e: UBig,
    v: UBig,
    m2: UBig,
    /// By folded name, the link secret included.
    pub(super) m: BTreeMap<String, UBig>,
}

impl Responses {
    /// Returns the `eq_proof` of a presentation.
    pub(super) fn to_json(
        &self,
        a_prime: &UBig,
        credential: &Credential,
        revealed: &BTreeSet<String>,
    ) -> Value {
        let revealed: Map<String, Value> = revealed
            .iter()
            .filter_map(|name| Some((name, credential.attributes.get(name)?)))
            .map(|(name, attribute)| (name.clone(), attribute.encoded.as_str().into()))
            .collect();
        let m: Map<String, Value> = self
            .m
            .iter()
            .map(|(name, response)| (name.clone(), response.to_string().into()))
            .collect();
        json!({
            "revealed_attrs": revealed,
            "a_prime": a_prime.to_string(),
            "e": self.e.to_string(),
            "v": self.v.to_string(),
            "m": m,
            "m2": self.m2.to_string(),
        })
    }
}
