//! The proof that `Z` and all `R_i` of a public key are powers of its `S`.

use std::collections::{BTreeMap, BTreeSet};

use dashu_base::BitTest;
use dashu_int::UBig;
use dashu_int::fast_div::ConstDivisor;
use serde_json::{Value, json};

use super::power::Power;
use super::usable;
use crate::challenge::Transcript;
use crate::json::{Malformed, Node};
use crate::kernel::{Engine, Kernel, ifma, portable};
use crate::number::Exponent;
use crate::parameters::CHALLENGE_BITS;
use crate::product::{Product, Secrecy, evaluate, tables};
use crate::public_key::PublicKey;

/// Teeth of the comb of `S`: few, because a table is used only about a dozen times.
const TEETH: usize = 5;

/// A proof that the issuer knows the exponents `xz` and `xr_i` of `Z = S^xz` and `R_i = S^xr_i`.
///
/// Without this proof, an issuer could choose bases outside the group that `S` generates, and
/// recognise holders by their presentations. The proof is part of every credential offer.
///
/// `indy-credx` draws the masks `xz~` and `xr~_i` from the same range as the exponents, so that a
/// response divided by `c` shows the highest 256 bits of an exponent. This crate draws longer
/// masks, whose responses show nothing. The verifier's equations are the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyCorrectnessProof {
    /// The challenge.
    c: UBig,
    /// `c·xz + xz~`
    xz_cap: UBig,
    /// For each name, `c·xr + xr~`, in the order of hashing.
    xr_cap: Vec<(String, UBig)>,
}

/// The reason why a key correctness proof is rejected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyProofError {
    /// The proof does not cover a base of the key.
    #[error("the proof does not cover the base of `{name}`")]
    Unproven {
        /// The attribute.
        name: String,
    },
    /// The proof covers a base that the key does not have.
    #[error("the proof covers `{name}`, for which the key has no base")]
    UnknownName {
        /// The name in the proof.
        name: String,
    },
    /// The challenge is longer than a hash.
    #[error("the challenge has {bits} bits, more than {CHALLENGE_BITS}")]
    LongChallenge {
        /// Its length, in bits.
        bits: usize,
    },
    /// A base has a factor in common with the modulus, which gives the factors of the modulus away.
    #[error("the base of `{name}` has a factor in common with the modulus")]
    NotInvertible {
        /// The attribute, or `z`.
        name: String,
    },
    /// The hash of the recomputed values is not the challenge: at least one number is wrong.
    #[error("the challenge is not the hash of the recomputed values")]
    WrongChallenge,
    /// The modulus is not supported, which is impossible for a key that was read from JSON.
    #[error("the modulus is even, or not between 3 and 2,050 bits long")]
    Modulus,
}

/// Checks that `Z` and all `R_i` of a key are powers of `S`.
///
/// As in `indy-credx`, the proof may omit the base of the link secret, as those of early versions
/// do. It does not cover the base `Rctxt`.
///
/// # Errors
/// The [`KeyProofError`] of the first check that fails: names, length of the challenge, invertible
/// bases, hash.
pub fn check_correctness_proof(
    key: &PublicKey,
    proof: &KeyCorrectnessProof,
) -> Result<(), KeyProofError> {
    proof.check_coverage(key)?;
    let challenge = match usable(Engine::detect()) {
        Engine::Portable => challenge::<portable::Portable<{ portable::LIMBS }>>,
        Engine::Ifma => challenge::<ifma::Ifma<{ ifma::LIMBS }>>,
    };
    if challenge(key, proof)? == proof.c { Ok(()) } else { Err(KeyProofError::WrongChallenge) }
}

/// Returns the hash of `Z`, the `R_i`, and the commitments recomputed from the responses:
/// `z~ = Z^-c · S^xz_cap` and `r~_i = R_i^-c · S^xr_cap_i`.
fn challenge<K: Kernel>(
    key: &PublicKey,
    proof: &KeyCorrectnessProof,
) -> Result<UBig, KeyProofError> {
    let mut terms = vec![("z", &key.z, &proof.xz_cap)];
    for (name, response) in &proof.xr_cap {
        let base = key.r.get(name).ok_or_else(|| unknown(name))?;
        terms.push((name.as_str(), base, response));
    }
    let kernel = K::new(&key.n).ok_or(KeyProofError::Modulus)?;
    let ring = ConstDivisor::new(key.n.clone());
    let c = Exponent::public(&proof.c);
    let longest = terms.iter().map(|(_, _, response)| response.bit_len());
    let longest = longest.max().unwrap_or(0).max(1);
    let tables = tables(&kernel, TEETH, &[(key.s.clone(), longest)]);
    let mut products = Vec::new();
    for (name, base, response) in &terms {
        let inverse = ring.reduce((*base).clone()).inv();
        let inverse =
            inverse.ok_or_else(|| KeyProofError::NotInvertible { name: (*name).to_owned() })?;
        let mut product = Product::default().power(kernel.enter(&inverse.residue()), c.clone());
        for table in &tables {
            product = product.table(table, Exponent::public(response));
        }
        products.push(product);
    }
    let commitments = evaluate(&kernel, &products, Secrecy::Public);
    let mut transcript = Transcript::default();
    for (_, base, _) in &terms {
        transcript.number(base);
    }
    for commitment in &commitments {
        transcript.number(&kernel.leave(commitment));
    }
    Ok(transcript.challenge())
}

fn unknown(name: &str) -> KeyProofError {
    KeyProofError::UnknownName { name: name.to_owned() }
}

impl KeyCorrectnessProof {
    /// Proves that `z` and the `r` are powers of `S`.
    pub(super) fn new(z: &Power, r: &BTreeMap<String, Power>) -> Self {
        let all = || std::iter::once(z).chain(r.values());
        let mut transcript = Transcript::default();
        all().for_each(|power| transcript.number(&power.value));
        all().for_each(|power| transcript.number(&power.commitment));
        let c = transcript.challenge();
        let response = |power: &Power| &c * &*power.exponent + &*power.mask;
        Self {
            xz_cap: response(z),
            xr_cap: r.iter().map(|(name, power)| (name.clone(), response(power))).collect(),
            c,
        }
    }

    /// Checks that the proof covers the bases of a key, and that its challenge is not longer than a
    /// hash.
    fn check_coverage(&self, key: &PublicKey) -> Result<(), KeyProofError> {
        let proven: BTreeSet<&str> = self.xr_cap.iter().map(|(name, _)| name.as_str()).collect();
        if let Some(name) = key.attributes().find(|name| !proven.contains(name)) {
            return Err(KeyProofError::Unproven { name: name.to_owned() });
        }
        if let Some(name) = proven.iter().find(|name| !key.r.contains_key(**name)) {
            return Err(unknown(name));
        }
        match self.c.bit_len() {
            0..=CHALLENGE_BITS => Ok(()),
            bits => Err(KeyProofError::LongChallenge { bits }),
        }
    }

    /// Returns the proof in the form of `indy-credx`:
    /// `{"c", "xz_cap", "xr_cap": [["name", "n"], ...]}`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let xr_cap: Vec<Value> = self
            .xr_cap
            .iter()
            .map(|(name, response)| json!([name, response.to_string()]))
            .collect();
        json!({"c": self.c.to_string(), "xz_cap": self.xz_cap.to_string(), "xr_cap": xr_cap})
    }

    /// Reads a proof in the form of `indy-credx`.
    ///
    /// # Errors
    /// [`Malformed`] if a member is missing, a number is not a canonical decimal, an element of
    /// `xr_cap` is not a pair, or two pairs have the same name.
    pub fn from_json(proof: &Value) -> Result<Self, Malformed> {
        Self::read(&Node::root(proof))
    }

    pub(super) fn read(proof: &Node<'_>) -> Result<Self, Malformed> {
        const PAIR: &str = "a pair of a name and a number";
        let mut xr_cap = Vec::new();
        let mut names = BTreeSet::new();
        for node in proof.member("xr_cap", "a list of pairs")?.elements()? {
            let pair = node.elements()?;
            let [name, response] = pair.as_slice() else {
                return Err(node.found(PAIR, format!("{} elements", pair.len())));
            };
            if !names.insert(name.text()?) {
                return Err(name.found("a new name", "a name that occurs twice"));
            }
            xr_cap.push((name.text()?.to_owned(), response.number()?));
        }
        Ok(Self {
            c: proof.member("c", "a challenge")?.number()?,
            xz_cap: proof.member("xz_cap", "a response for z")?.number()?,
            xr_cap,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::public_key::LINK_SECRET;

    #[test]
    fn an_early_proof_may_omit_the_link_secret() {
        let key = json!({
            "n": "35", "s": "4", "z": "9", "rctxt": "11", "r": {"age": "16", LINK_SECRET: "29"},
        });
        let key = PublicKey::from_primary(&key).expect("a key");
        let proof = json!({"c": "1", "xz_cap": "1", "xr_cap": [["age", "1"]]});
        let proof = KeyCorrectnessProof::from_json(&proof).expect("a proof");
        assert_eq!(proof.check_coverage(&key), Ok(()));
    }
}
