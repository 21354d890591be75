//! The sizes of the scheme: how long each number of a key, a credential and a presentation is.
//!
//! All sizes are in bits. A symbol such as `ℓ_n` is the one of the Identity Mixer specification,
//! from which AnonCreds 1.0 takes the scheme; a name in capitals such as `LARGE_VPRIME` is the one
//! in `anoncreds-clsignatures`, the crate inside `indy-credx`.
//!
//! # Masks
//! A prover hides a secret `x` in a response `x̂ = x̃ + c·x`, where `c` is the challenge and `x̃` a
//! random mask. A mask that is [`HIDING_BITS`] longer than `c·x` hides it: the response says
//! nothing about `x` except with a probability of `2^-80`.
//!
//! [`R_MASK_BITS`] is an exception of the scheme: `r̃` is shorter than `c·r`. A response `r̂`
//! therefore shows the highest bits of `r`, which is itself random, drawn for one commitment and
//! never used again.
//!
//! # Limits
//! A verifier refuses a response that no honest prover makes: the sum of a mask and a product has
//! at most one bit more than the longer of the two.

// Keys

/// Each of the two primes of a modulus that this crate generates (`LARGE_PRIME`).
pub const PRIME_BITS: usize = 1024;

/// The modulus of a key that this crate generates, `ℓ_n`.
pub const MODULUS_BITS: usize = 2 * PRIME_BITS;

/// The longest prime of a modulus: `indy-credx` draws primes of one bit more than the
/// specification.
pub const MAX_PRIME_BITS: usize = PRIME_BITS + 1;

/// The longest modulus.
pub const MAX_MODULUS_BITS: usize = 2 * MAX_PRIME_BITS;

// Hashes

/// The challenge `c`, a SHA-256 hash, `ℓ_H`.
pub const CHALLENGE_BITS: usize = 256;

/// The longest nonce. The specification's nonce has 80 bits (`LARGE_NONCE`); verifiers accept more.
pub const MAX_NONCE_BITS: usize = 128;

/// How much longer a mask is than the product that it hides, `ℓ_∅`.
pub const HIDING_BITS: usize = 80;

// Credentials

/// The value `m_i` of an attribute, the link secret and the credential's context `m2`, `ℓ_m`: a
/// SHA-256 hash, unless the value is a 32-bit number (`LARGE_LINK_SECRET`).
pub const VALUE_BITS: usize = 256;

/// The prime `e` of a signature lies between `2^596` and `2^596 + 2^119`, `ℓ_e - 1`
/// (`LARGE_E_START`).
pub const E_START_BITS: usize = 596;

/// The range above `2^596` from which `e` is drawn, `ℓ'_e - 1` (`LARGE_E_END_RANGE`).
pub const E_RANGE_BITS: usize = 119;

/// The signature's `v = v' + v''`: the issuer's `v''` has 2,724 bits (`ℓ_v`, `LARGE_VPRIME_PRIME`),
/// the holder's `v'` has 2,128 (`LARGE_VPRIME`).
pub const V_BITS: usize = 2724 + 1;

// A prover's secret numbers

/// The exponent `r` that blinds a signature in `A' = A·S^r`, and the `r_i` and `r_Δ` that blind the
/// commitments of a predicate, `ℓ_n + ℓ_∅` (`LARGE_VPRIME`).
pub const R_BITS: usize = MODULUS_BITS + HIDING_BITS;

/// The difference `Δ` of a predicate: attributes and bounds are signed 32-bit numbers, and provers
/// compute the difference in 32 bits too.
pub const DELTA_BITS: usize = 31;

/// A root `u_i`, where `Δ = u_0² + u_1² + u_2² + u_3²`.
pub const ROOT_BITS: usize = DELTA_BITS.div_ceil(2);

// Masks

/// The mask `ẽ` of `e - 2^596` (`LARGE_ETILDE`).
pub const E_MASK_BITS: usize = E_RANGE_BITS + 1 + CHALLENGE_BITS + HIDING_BITS;

/// The mask `ṽ` of `v - e·r` (`LARGE_VTILDE`).
pub const V_MASK_BITS: usize = V_BITS - 1 + CHALLENGE_BITS + HIDING_BITS;

/// The mask `m̃_i` of a hidden attribute or of the link secret (`LARGE_MVECT`).
pub const VALUE_MASK_BITS: usize = VALUE_BITS + CHALLENGE_BITS + HIDING_BITS;

/// The mask `m̃_i` of other provers, where it is one bit longer (`LARGE_MTILDE`).
pub const MAX_VALUE_MASK_BITS: usize = VALUE_MASK_BITS + 1;

/// The mask `m̃2` of the context (`LARGE_M2TILDE`).
pub const CONTEXT_MASK_BITS: usize = 2432;

/// The mask `ũ_i` of a root (`LARGE_UTILDE`).
pub const ROOT_MASK_BITS: usize = 592;

/// The masks `r̃_i` and `r̃_Δ` (`LARGE_RTILDE`).
pub const R_MASK_BITS: usize = 672;

/// The mask `α̃` of `α = r_Δ - Σ u_i·r_i` (`LARGE_ALPHATILDE`).
pub const ALPHA_MASK_BITS: usize = 2787;

// A verifier's limits

/// The longest response for `e - 2^596`.
pub const MAX_E_RESPONSE_BITS: usize = max_response(E_MASK_BITS, E_RANGE_BITS);

/// The longest response for `v - e·r`.
pub const MAX_V_RESPONSE_BITS: usize = max_response(V_MASK_BITS, V_BITS);

/// The longest response for an attribute, the link secret or a root.
pub const MAX_VALUE_RESPONSE_BITS: usize = max_response(MAX_VALUE_MASK_BITS, VALUE_BITS);

/// The longest response for the context.
pub const MAX_CONTEXT_RESPONSE_BITS: usize = max_response(CONTEXT_MASK_BITS, VALUE_BITS);

/// The longest response for an `r_i` or `r_Δ`. An `r` of one bit more than [`R_BITS`] is accepted.
pub const MAX_R_RESPONSE_BITS: usize = max_response(R_MASK_BITS, R_BITS + 1);

/// The longest response for `α`, without its sign.
pub const MAX_ALPHA_RESPONSE_BITS: usize = max_response(ALPHA_MASK_BITS, SQUARES_PRODUCT_BITS);

// A prover's longest exponents

/// The sum `Σ u_i·r_i` of four products.
const SQUARES_PRODUCT_BITS: usize = ROOT_BITS + R_BITS + 2;

/// A prover's longest exponent of `S`, `ṽ + r·ẽ`.
pub(crate) const S_EXPONENT_BITS: usize = V_MASK_BITS + 1;

/// The exponent `α̃ + Σ r_i·ũ_i` of `S` in a prover's `Q̃`.
pub(crate) const SQUARES_S_EXPONENT_BITS: usize = ALPHA_MASK_BITS + 1;

/// The exponent `Σ u_i·ũ_i` of `Z` in a prover's `Q̃`, its longest one of `Z`.
pub(crate) const SQUARES_Z_EXPONENT_BITS: usize = ROOT_BITS + ROOT_MASK_BITS + 2;

// A sum has at most one bit more than its longer term, which is the mask in each of these
// exponents.
const _: () = {
    assert!(R_BITS + E_MASK_BITS <= V_MASK_BITS);
    assert!(R_BITS + ROOT_MASK_BITS + 2 <= ALPHA_MASK_BITS);
    assert!(VALUE_MASK_BITS <= SQUARES_Z_EXPONENT_BITS);
};

/// The longest response `x̃ + c·x` for a secret and its mask.
const fn max_response(mask_bits: usize, secret_bits: usize) -> usize {
    let product_bits = CHALLENGE_BITS + secret_bits;
    1 + if mask_bits > product_bits { mask_bits } else { product_bits }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The numbers that the documentation gives for the formulas above.
    #[test]
    fn sizes_are_those_of_the_specification() {
        assert_eq!((MODULUS_BITS, MAX_MODULUS_BITS), (2048, 2050));
        assert_eq!((V_BITS, R_BITS, ROOT_BITS), (2725, 2128, 16));
        assert_eq!((E_MASK_BITS, V_MASK_BITS, VALUE_MASK_BITS), (456, 3060, 592));
        assert_eq!(
            [
                MAX_E_RESPONSE_BITS,
                MAX_V_RESPONSE_BITS,
                MAX_VALUE_RESPONSE_BITS,
                MAX_CONTEXT_RESPONSE_BITS,
                MAX_R_RESPONSE_BITS,
                MAX_ALPHA_RESPONSE_BITS,
            ],
            [457, 3061, 594, 2433, 2386, 2788]
        );
        assert_eq!((CONTEXT_MASK_BITS, ROOT_MASK_BITS), (2432, 592));
        assert_eq!((R_MASK_BITS, ALPHA_MASK_BITS), (672, 2787));
    }

    #[test]
    fn every_mask_but_one_hides_its_product() {
        for (mask, secret) in [
            (E_MASK_BITS, E_RANGE_BITS),
            (V_MASK_BITS, V_BITS - 1),
            (VALUE_MASK_BITS, VALUE_BITS),
            (CONTEXT_MASK_BITS, VALUE_BITS),
            (ROOT_MASK_BITS, ROOT_BITS),
            (ALPHA_MASK_BITS, SQUARES_PRODUCT_BITS),
        ] {
            assert!(mask >= secret + CHALLENGE_BITS + HIDING_BITS, "{mask}");
        }
        const { assert!(R_MASK_BITS < R_BITS + CHALLENGE_BITS) }
    }
}
