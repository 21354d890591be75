//! The equation of a proof: the value `T` that a verifier recomputes.

use super::toy::{KEY, proofs};
use crate::{
    gap::fill,
    outcome::{NotYet, Outcome},
};

pub use super::toy::{E_START, ToyKey, ToyProof};

/// Checks a learner's equation and what follows from it, on valid and changed proofs under a key of
/// a few digits.
///
/// # Errors
///
/// The first proof with another `T`, and, where it can be told, which factor is missing or wrong;
/// or the first proof of which the learner's code does not say whether it holds.
pub fn equation(
    recompute: impl Fn(&ToyKey, &ToyProof) -> u128,
    holds: impl Fn(&ToyKey, &ToyProof) -> bool,
) -> Outcome {
    let proofs = proofs();
    let gap = |gap: crate::gap::Gap| NotYet::new(gap.to_string());
    let mut found = Vec::new();
    for (_, proof, _) in &proofs {
        found.push(fill(|| recompute(&KEY, proof)).map_err(gap)?);
    }
    let right: Vec<u128> = proofs.iter().map(|(_, proof, _)| value(proof, [0; FACTORS])).collect();
    let first = (0..proofs.len()).find(|&index| found[index] != right[index]);
    if let Some(first) = first {
        let is_same = |choice: &Choice| {
            let values = proofs.iter().map(|(_, proof, _)| value(proof, *choice));
            values.eq(found.iter().copied())
        };
        let why = choices().into_iter().find(is_same).map(explained).unwrap_or_default();
        return Err(NotYet::new(format!(
            "This is T of {}:\n  expected  T = {}\n  found     T = {}{why}",
            proofs[first].0, right[first], found[first]
        )));
    }
    for (index, (name, proof, is_valid)) in proofs.iter().enumerate() {
        if fill(|| holds(&KEY, proof)).map_err(gap)? != *is_valid {
            let hash = KEY.challenge(right[index], proof);
            let verb = if *is_valid { "does not hold" } else { "holds" };
            return Err(NotYet::new(format!(
                "T is right for all {} proofs. Your code says that this one {verb}: {name}.\n\
                 Its T hashes, with A' and the nonce, to {hash}; its challenge is {}.",
                proofs.len(),
                proof.c
            )));
        }
    }
    Ok(())
}

/// How many factors an equation has, if those of the hidden attributes count as one.
const FACTORS: usize = 6;

/// For each factor, which of its variants is in a product: the first is right.
type Choice = [usize; FACTORS];

/// A way to write a factor: what is wrong with it, empty for the right one, and its value.
type Variant = (&'static str, fn(&ToyProof) -> u128);

const NO_FACTOR: fn(&ToyProof) -> u128 = |_| 1;

/// The factors, each with the ways in which learners write it.
const VARIANTS: [&[Variant]; FACTORS] = [
    &[
        ("", |proof| KEY.power(proof.a_prime, proof.e + proof.c * E_START)),
        ("the exponent of A' is only ê", |proof| KEY.power(proof.a_prime, proof.e)),
        ("2^10 in the exponent of A' lacks the factor c", |proof| {
            KEY.power(proof.a_prime, proof.e + E_START)
        }),
        ("there is no power of A'", NO_FACTOR),
    ],
    &[
        ("", |proof| KEY.power(KEY.s, proof.v)), //
        ("there is no power of S", NO_FACTOR),
    ],
    &[
        ("", |proof| hidden(proof)),
        ("there are no powers of R for the hidden attributes", NO_FACTOR),
        ("the link secret's power of R is missing", |proof| {
            let (name, response) = proof.hidden[1];
            KEY.power(KEY.r(name), response)
        }),
    ],
    &[("", |proof| KEY.power(KEY.rctxt, proof.m2)), ("there is no power of Rctxt", NO_FACTOR)],
    &[
        ("", |proof| revealed(proof, proof.c)),
        ("there is no power of R for the revealed attribute", NO_FACTOR),
        ("the exponent of the revealed attribute lacks the factor c", |proof| revealed(proof, 1)),
    ],
    &[
        ("", |proof| KEY.power(KEY.z, -proof.c)),
        ("there is no power of Z", NO_FACTOR),
        ("the exponent of Z is positive", |proof| KEY.power(KEY.z, proof.c)),
    ],
];

fn hidden(proof: &ToyProof) -> u128 {
    KEY.product(&proof.hidden.map(|(name, response)| KEY.power(KEY.r(name), response)))
}

fn revealed(proof: &ToyProof, factor: i128) -> u128 {
    KEY.product(&proof.revealed.map(|(name, value)| KEY.power(KEY.r(name), factor * value)))
}

/// `T = A'^(ê + c·2^10) · S^v̂ · Π R_hidden^m̂ · Rctxt^m̂2 · Π R_revealed^(c·m) · Z^-c`, or a
/// variant of it.
fn value(proof: &ToyProof, choice: Choice) -> u128 {
    let factors: Vec<u128> = VARIANTS
        .iter()
        .zip(choice)
        .filter_map(|(variants, chosen)| variants.get(chosen))
        .map(|(_, value)| value(proof))
        .collect();
    KEY.product(&factors)
}

/// Returns all variants of the equation, those with few faults first.
fn choices() -> Vec<Choice> {
    let mut choices = vec![[0; FACTORS]];
    for (factor, variants) in VARIANTS.iter().enumerate() {
        let with = |choice: &Choice| {
            let choice = *choice;
            (0..variants.len()).map(move |variant| {
                let mut choice = choice;
                choice[factor] = variant;
                choice
            })
        };
        choices = choices.iter().flat_map(with).collect();
    }
    choices.sort_by_key(|choice| choice.iter().filter(|variant| **variant != 0).count());
    choices
}

/// Returns what is wrong with a variant, as sentences on lines of their own.
fn explained(choice: Choice) -> String {
    let faults = VARIANTS.iter().zip(choice).filter_map(|(variants, chosen)| variants.get(chosen));
    let faults: Vec<&str> =
        faults.map(|(fault, _)| *fault).filter(|fault| !fault.is_empty()).collect();
    format!("\n\nIn your product:\n- {}", faults.join("\n- "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_changed_proof_fails_and_each_valid_one_holds() {
        for (name, proof, is_valid) in proofs() {
            let challenge = KEY.challenge(value(&proof, [0; FACTORS]), &proof);
            assert_eq!(challenge == proof.c, is_valid, "{name}");
        }
    }

    #[test]
    fn no_two_variants_of_the_equation_have_the_same_values() {
        let mut values: Vec<Vec<u128>> = choices()
            .into_iter()
            .map(|choice| proofs().iter().map(|(_, proof, _)| value(proof, choice)).collect())
            .collect();
        let all = values.len();
        values.sort();
        values.dedup();
        assert_eq!(values.len(), all);
    }
}
