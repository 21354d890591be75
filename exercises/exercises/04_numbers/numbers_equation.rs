//! The mathematics, 3: verify T for a tiny key (15 minutes)
//!
//! Goal: follow the equation of a verifier, factor by factor.
//!
//! A verifier recomputes `T` from the responses (with hats) and the challenge `c`, modulo the
//! issuer's `n`:
//!
//!     T = A'^(ê + c·2^10) · S^v̂ · Π R_hidden^m̂ · Rctxt^m̂2 · Π R_revealed^(c·m) · Z^-c
//!
//! This is the equation of AnonCreds, with a modulus of 27 bits instead of 2,048, and `2^10`
//! instead of `2^596`. If a prover knows a signature on the attributes, the result is the `T` from
//! which the challenge was computed.
//!
//! What to do: complete the product in `recompute`, and let `holds` compare the challenges.
//! `key.power(base, exponent)` is a power modulo `n`, also for negative exponents. The check has
//! three valid proofs and five with a changed number.

use std::process::ExitCode;

use workshop::{
    numbers::{self, E_START, ToyKey, ToyProof},
    outcome::finish,
};

/// Returns the value `T` of a proof.
fn recompute(key: &ToyKey, proof: &ToyProof) -> u128 {
    // TODO: one exponent is not that of the formula, and two powers are missing. `E_START` is 2^10.
    let mut factors = vec![key.power(proof.a_prime, proof.e + E_START), key.power(key.s, proof.v)];
    for (name, response) in proof.hidden {
        factors.push(key.power(key.r(name), response));
    }
    for (name, value) in proof.revealed {
        // TODO: the exponent of a revealed attribute is not its value alone.
        factors.push(key.power(key.r(name), value));
    }
    key.product(&factors)
}

/// Returns whether a proof holds.
fn holds(key: &ToyKey, proof: &ToyProof) -> bool {
    let t = recompute(key, proof);
    // TODO: `key.challenge(t, proof)` hashes T, A' and the nonce. With what is it to be compared?
    key.challenge(t, proof) >= 0
}

fn main() -> ExitCode {
    finish("numbers_equation", numbers::equation(recompute, holds))
}
