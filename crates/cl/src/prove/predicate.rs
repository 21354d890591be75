//! The part of a sub-proof that proves a predicate on a hidden attribute.
//!
//! The difference `Δ = a·(m - D')` is not negative if and only if it is a sum of four squares
//! `u_i²`. The prover commits to the roots and to the difference, `T_i = Z^u_i · S^r_i` and
//! `T_Δ = Z^Δ · S^r_Δ`, and shows that it knows the committed numbers, that the difference is that
//! between attribute and bound, and that the squares add up to it. `a` is -1 for `<=` and `<`, and
//! 1 otherwise.

use dashu_int::UBig;
use serde_json::{Map, Value, json};
use zeroize::Zeroizing;

use super::draw::{Draw, Secret};
use super::error::ProveError;
use super::four_squares::four_squares;
use super::key::{Base, Powers};
use crate::parameters::{
    ALPHA_MASK_BITS, DELTA_BITS, R_BITS, R_MASK_BITS, ROOT_BITS, ROOT_MASK_BITS,
    SQUARES_S_EXPONENT_BITS, SQUARES_Z_EXPONENT_BITS, VALUE_MASK_BITS,
};
use crate::request::Predicate;

/// How many products a predicate has: the commitments, then `T̃_0` to `T̃_3`, `T̃_Δ` and `Q̃`.
pub(super) const PRODUCTS: usize = COMMITMENTS + 6;

/// How many commitments a predicate has: `T_0` to `T_3` and `T_Δ`.
pub(super) const COMMITMENTS: usize = 5;

/// The members of `u`, `r` and `t` in a presentation.
const NAMES: [&str; 5] = ["0", "1", "2", "3", "DELTA"];

/// The secret numbers of one predicate: of each kind one for every `u_i`, and of most kinds a last
/// one for the difference.
pub(super) struct Masks {
    /// `u_0` to `u_3`, then `Δ`
    u: [Secret; 5],
    r: [Secret; 5],
    u_tilde: [Secret; 4],
    r_tilde: [Secret; 5],
    alpha: Secret,
}

impl Masks {
    /// Draws the numbers of predicate `index` of a sub-proof, whose difference is `delta`.
    pub(super) fn draw(
        draw: &mut Draw<'_>,
        sub_proof: usize,
        index: usize,
        delta: u32,
    ) -> Result<Self, ProveError> {
        let [u0, u1, u2, u3] = *Zeroizing::new(four_squares(delta.into()));
        let u = [u0, u1, u2, u3, delta.into()].map(|root| Zeroizing::new(UBig::from(root)));
        let mut number = |kind: &str, name: &str, bits| {
            draw.bits(&format!("{sub_proof}/{index}/{kind}/{name}"), bits)
        };
        let mut five = |kind, bits| -> Result<[Secret; 5], ProveError> {
            let [a, b, c, d, e] = NAMES.map(|name| number(kind, name, bits));
            Ok([a?, b?, c?, d?, e?])
        };
        let r = five("r", R_BITS)?;
        let r_tilde = five("r_tilde", R_MASK_BITS)?;
        let [a, b, c, d] = ["0", "1", "2", "3"].map(|name| number("u_tilde", name, ROOT_MASK_BITS));
        let alpha = format!("{sub_proof}/{index}/alpha_tilde");
        Ok(Self {
            u,
            r,
            u_tilde: [a?, b?, c?, d?],
            r_tilde,
            alpha: draw.bits(&alpha, ALPHA_MASK_BITS)?,
        })
    }

    /// Returns the commitments, then the products that only the challenge covers; `m_tilde` is the
    /// mask of the attribute.
    ///
    /// - `T_i = Z^u_i · S^r_i`, `T_Δ = Z^Δ · S^r_Δ`
    /// - `T̃_i = Z^ũ_i · S^r̃_i`
    /// - `T̃_Δ = Z^m̃ · S^(a·r̃_Δ)`
    /// - `Q̃ = S^α̃ · Π T_i^ũ_i`, which the prover computes as `S^(α̃ + Σ r_i·ũ_i) · Z^(Σ u_i·ũ_i)`
    pub(super) fn products(&self, predicate: &Predicate, m_tilde: &Secret) -> Vec<Powers<'static>> {
        let mut products = Vec::with_capacity(PRODUCTS);
        for (index, (u, r)) in self.u.iter().zip(&self.r).enumerate() {
            let bits = if index < 4 { ROOT_BITS } else { DELTA_BITS };
            let commitment = Powers::default().base(Base::Z, u.clone(), bits);
            products.push(commitment.base(Base::S, r.clone(), R_BITS));
        }
        for (u, r) in self.u_tilde.iter().zip(&self.r_tilde) {
            let tau = Powers::default().base(Base::Z, u.clone(), ROOT_MASK_BITS);
            products.push(tau.base(Base::S, r.clone(), R_MASK_BITS));
        }
        let s = if predicate.operator.is_less() { Base::InverseOfS } else { Base::S };
        let delta = Powers::default().base(Base::Z, m_tilde.clone(), VALUE_MASK_BITS).base(
            s,
            self.r_tilde[4].clone(),
            R_MASK_BITS,
        );
        products.push(delta);
        let s_exponent = Zeroizing::new(&*self.alpha + &*dot(&self.r, &self.u_tilde));
        let sum = Powers::default().base(Base::S, s_exponent, SQUARES_S_EXPONENT_BITS).base(
            Base::Z,
            dot(&self.u, &self.u_tilde),
            SQUARES_Z_EXPONENT_BITS,
        );
        products.push(sum);
        products
    }

    /// Returns an element of a presentation's `ge_proofs`, with the responses to the challenge `c`:
    /// `û_i = ũ_i + c·u_i`, `r̂_i = r̃_i + c·r_i`, `α̂ = α̃ + c·(r_Δ - Σ u_i·r_i)`; `m_hat` is the
    /// response for the attribute.
    pub(super) fn respond(
        &self,
        challenge: &UBig,
        predicate: &Predicate,
        m_hat: &UBig,
        commitments: &[UBig],
    ) -> Value {
        let respond = |masks: &[Secret], secrets: &[Secret]| -> Map<String, Value> {
            let pairs = masks.iter().zip(secrets).zip(NAMES);
            pairs
                .map(|((mask, secret), name)| {
                    let response = &**mask + challenge * &**secret;
                    (name.to_owned(), response.to_string().into())
                })
                .collect()
        };
        let from = Zeroizing::new(&*self.alpha + challenge * &*self.r[4]);
        let products = Zeroizing::new(challenge * &*dot(&self.u, &self.r[..4]));
        let alpha = if *from >= *products {
            (&*from - &*products).to_string()
        } else {
            format!("-{}", &*products - &*from)
        };
        let t: Map<String, Value> = NAMES
            .iter()
            .zip(commitments)
            .map(|(name, commitment)| ((*name).to_owned(), commitment.to_string().into()))
            .collect();
        json!({
            "u": respond(&self.u_tilde, &self.u),
            "r": respond(&self.r_tilde, &self.r),
            "mj": m_hat.to_string(),
            "alpha": alpha,
            "t": t,
            "predicate": {
                "attr_name": predicate.attribute,
                "p_type": predicate.operator.code(),
                "value": predicate.value,
            },
        })
    }

    /// Returns the secret numbers that are not random, and all group elements in the order of
    /// [`products`](Self::products).
    pub(super) fn trace(&self, values: &[UBig]) -> Value {
        let members = |names: &[&str], numbers: &mut dyn Iterator<Item = &UBig>| -> Value {
            let pairs = names.iter().zip(numbers);
            let pairs = pairs.map(|(name, number)| ((*name).to_owned(), number.to_string().into()));
            Map::from_iter(pairs).into()
        };
        let (commitments, recomputed) = values.split_at(COMMITMENTS);
        json!({
            "delta": self.u[4].to_string(),
            "u": members(&NAMES[..4], &mut self.u.iter().map(|root| &**root)),
            "T": members(&NAMES, &mut commitments.iter()),
            "T~": members(&["0", "1", "2", "3", "DELTA", "Q"], &mut recomputed.iter()),
        })
    }
}

/// `Σ a_i·b_i`, over the shorter of both lists.
fn dot(a: &[Secret], b: &[Secret]) -> Secret {
    let mut sum = Zeroizing::new(UBig::ZERO);
    for (a, b) in a.iter().zip(b) {
        let product = Zeroizing::new(&**a * &**b);
        *sum += &*product;
    }
    sum
}
