//! The part of a sub-proof that shows that a hidden attribute is on the right side of a bound.
//!
//! The difference `Δ = a·(m - D')` is not negative if and only if it is a sum of four squares `u_i²`. The prover
//! commits to them and to the difference, `T_i = Z^u_i · S^r_i` and `TDELTA = Z^Δ · S^r_Δ`, and shows that it
//! knows what is in the commitments, that the difference is the attribute's, and that the squares add up
//! to it. `a` is -1 for `<=` and `<`, else 1.

use dashu_int::UBig;
use serde_json::{Map, Value, json};
use zeroize::Zeroizing;

use super::draw::{Draw, Secret};
use super::equality::{R_BITS, VALUE_MASK_BITS};
use super::error::ProveError;
use super::four_squares::four_squares;
use super::key::{Base, Powers};
use crate::request::Predicate;

/// Bits of a difference: it is below 2^31.
const DELTA_BITS: usize = 31;
/// Bits of a root `u_i`.
const ROOT_BITS: usize = 16;
/// Bits of the `ũ_i`.
const ROOT_MASK_BITS: usize = 592;
/// Bits of the `r̃_i` and `r̃_Δ`.
pub(super) const DELTA_MASK_BITS: usize = 672;
/// Bits of `α̃`.
const ALPHA_MASK_BITS: usize = 2787;
/// Bits of `Σ u_i·ũ_i`, the longest exponent of `Z`.
pub(super) const EXPONENT_OF_Z_BITS: usize = ROOT_BITS + ROOT_MASK_BITS + 2;
/// Bits of `α̃ + Σ r_i·ũ_i`, of 2,787 and 2,722 bits.
const EXPONENT_OF_S_BITS: usize = ALPHA_MASK_BITS + 1;

/// How many products a predicate needs: `T_0` to `T_3`, `TDELTA`, then the six that go into the challenge.
pub(super) const PRODUCTS: usize = 11;

/// How many of them, the first ones, the presentation shows.
pub(super) const COMMITMENTS: usize = 5;

/// The members of `u`, `r` and `t` in a presentation.
const NAMES: [&str; 5] = ["0", "1", "2", "3", "DELTA"];

/// The secret numbers of one predicate. Four or five of a kind: for the `u_i`, and last for the difference.
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
        let mut of = |kind: &str, name: &str, bits| {
            draw.bits(&format!("{sub_proof}/{index}/{kind}/{name}"), bits)
        };
        let mut five = |kind, bits| -> Result<[Secret; 5], ProveError> {
            let [a, b, c, d, e] = NAMES.map(|name| of(kind, name, bits));
            Ok([a?, b?, c?, d?, e?])
        };
        let r = five("r", R_BITS)?;
        let r_tilde = five("r_tilde", DELTA_MASK_BITS)?;
        let [a, b, c, d] = ["0", "1", "2", "3"].map(|name| of("u_tilde", name, ROOT_MASK_BITS));
        let alpha = format!("{sub_proof}/{index}/alpha_tilde");
        Ok(Self {
            u,
            r,
            u_tilde: [a?, b?, c?, d?],
            r_tilde,
            alpha: draw.bits(&alpha, ALPHA_MASK_BITS)?,
        })
    }

    /// The commitments, then the products that go into the challenge; `m_tilde` is the attribute's.
    ///
    /// - `T_i = Z^u_i · S^r_i`, `TDELTA = Z^Δ · S^r_Δ`
    /// - `T̃_i = Z^ũ_i · S^r̃_i`
    /// - `T̃DELTA = Z^m̃ · S^(a·r̃_Δ)`
    /// - `Q̃ = S^α̃ · Π T_i^ũ_i`, for whoever knows what is in the `T_i`
    ///   `S^(α̃ + Σ r_i·ũ_i) · Z^(Σ u_i·ũ_i)`
    pub(super) fn products(&self, predicate: &Predicate, m_tilde: &Secret) -> Vec<Powers<'static>> {
        let mut products = Vec::with_capacity(PRODUCTS);
        for (place, (u, r)) in self.u.iter().zip(&self.r).enumerate() {
            let bits = if place < 4 { ROOT_BITS } else { DELTA_BITS };
            let commitment = Powers::default().base(Base::Z, u.clone(), bits);
            products.push(commitment.base(Base::S, r.clone(), R_BITS));
        }
        for (u, r) in self.u_tilde.iter().zip(&self.r_tilde) {
            let tau = Powers::default().base(Base::Z, u.clone(), ROOT_MASK_BITS);
            products.push(tau.base(Base::S, r.clone(), DELTA_MASK_BITS));
        }
        let s = if predicate.operator.is_less() {
            Base::InverseOfS
        } else {
            Base::S
        };
        let delta = Powers::default()
            .base(Base::Z, m_tilde.clone(), VALUE_MASK_BITS)
            .base(s, self.r_tilde[4].clone(), DELTA_MASK_BITS);
        products.push(delta);
        let of_s = Zeroizing::new(&*self.alpha + &*dot(&self.r, &self.u_tilde));
        let sum = Powers::default()
            .base(Base::S, of_s, EXPONENT_OF_S_BITS)
            .base(Base::Z, dot(&self.u, &self.u_tilde), EXPONENT_OF_Z_BITS);
        products.push(sum);
        products
    }

    /// The predicate's part of a presentation, its answers to the challenge `c` in it: `û_i = ũ_i + c·u_i`,
    /// `r̂_i = r̃_i + c·r_i`, `α̂ = α̃ + c·(r_Δ - Σ u_i·r_i)`; `m_hat` is the attribute's.
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

    /// The secret numbers that are not drawn, and all group elements in the order of
    /// [`products`](Self::products).
    pub(super) fn trace(&self, values: &[UBig]) -> Value {
        let members = |names: &[&str], numbers: &mut dyn Iterator<Item = &UBig>| -> Value {
            let pairs = names.iter().zip(numbers);
            let pairs = pairs.map(|(name, number)| ((*name).to_owned(), number.to_string().into()));
            Map::from_iter(pairs).into()
        };
        let (commitments, covered) = values.split_at(COMMITMENTS);
        json!({
            "delta": self.u[4].to_string(),
            "u": members(&NAMES[..4], &mut self.u.iter().map(|root| &**root)),
            "T": members(&NAMES, &mut commitments.iter()),
            "T~": members(&["0", "1", "2", "3", "DELTA", "Q"], &mut covered.iter()),
        })
    }
}

/// `Σ a_i·b_i`, as far as the shorter one goes.
fn dot(a: &[Secret], b: &[Secret]) -> Secret {
    let mut sum = Zeroizing::new(UBig::ZERO);
    for (a, b) in a.iter().zip(b) {
        let product = Zeroizing::new(&**a * &**b);
        *sum += &*product;
    }
    sum
}
