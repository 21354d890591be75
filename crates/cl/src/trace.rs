//! A verification with all its intermediate values.

use dashu_int::UBig;
use serde_json::{Value, json};

use crate::prepared::PreparedKey;
use crate::presentation::Presentation;
use crate::rejection::{Equation, ProofPart, Rejection};
use crate::request::ProofRequest;
use crate::verify::{Job, challenge, recompute_all};

/// All values that a verifier computes.
///
/// A hash shows that some value is wrong, but not which one. With the values of a trace, a reader
/// can follow a verification by hand and compare two implementations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// The hashed numbers, in the order of hashing: first the value of each equation, then the
    /// commitments, last the nonce.
    pub hash_inputs: Vec<HashInput>,
    /// Their hash.
    pub recomputed_challenge: UBig,
    /// The challenge in the presentation.
    pub claimed_challenge: UBig,
}

/// A hashed number. The hash covers its big-endian bytes without leading zeros.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HashInput {
    /// The part of the presentation to which the number belongs; `None` for the nonce.
    pub part: Option<ProofPart>,
    /// The equation whose value it is; `None` for numbers from the presentation or the request.
    pub equation: Option<Equation>,
    /// The name of the equation (`T`, `T0`, ..., `TDELTA`, `Q`), or of the number in the JSON
    /// (`a_prime`, `t.0`, ..., `t.DELTA`, `nonce`).
    pub name: String,
    /// The number.
    pub number: UBig,
}

impl Trace {
    /// Returns whether the presentation is accepted: both challenges are equal.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        self.recomputed_challenge == self.claimed_challenge
    }

    /// Returns the values of the equations, in the order of hashing.
    pub fn equations(&self) -> impl Iterator<Item = &HashInput> {
        self.hash_inputs.iter().filter(|input| input.equation.is_some())
    }

    /// Returns the trace as JSON, with all large numbers as decimal strings:
    ///
    /// ```json
    /// {
    ///   "hash_inputs": [{"sub_proof": 0, "predicate": null, "name": "T", "number": "..."}],
    ///   "challenge": {"recomputed": "...", "claimed": "..."}
    /// }
    /// ```
    #[must_use]
    pub fn to_json(&self) -> Value {
        let hash_inputs: Vec<Value> = self.hash_inputs.iter().map(HashInput::to_json).collect();
        json!({
            "hash_inputs": hash_inputs,
            "challenge": {
                "recomputed": self.recomputed_challenge.to_string(),
                "claimed": self.claimed_challenge.to_string(),
            },
        })
    }
}

impl HashInput {
    fn to_json(&self) -> Value {
        json!({
            "sub_proof": self.part.map(|part| part.sub_proof),
            "predicate": self.part.and_then(|part| part.predicate),
            "name": self.name,
            "number": self.number.to_string(),
        })
    }
}

/// Verifies as [`verify`](crate::verify()) does and returns all values, even if the challenge is
/// wrong.
///
/// # Errors
/// As [`verify`](crate::verify()), without [`Rejection::Challenge`].
pub fn trace(
    request: &ProofRequest,
    presentation: &Presentation,
    keys: &[&PreparedKey],
) -> Result<Trace, Rejection> {
    let mut job = Job::new((request, presentation, keys));
    recompute_all(std::slice::from_mut(&mut job));
    let values = job.values?;
    let recomputed_challenge = challenge(request, presentation, &values);
    let mut hash_inputs = Vec::new();
    for (sub_proof, values) in values.into_iter().enumerate() {
        hash_inputs.extend(values.into_iter().map(|value| HashInput {
            part: Some(ProofPart { sub_proof, predicate: value.predicate }),
            equation: Some(value.equation),
            name: value.equation.to_string(),
            number: value.value,
        }));
    }
    for (part, name, number) in presentation.commitments_in_order() {
        hash_inputs.push(HashInput {
            part: Some(part),
            equation: None,
            name: name.into(),
            number: number.clone(),
        });
    }
    hash_inputs.push(HashInput {
        part: None,
        equation: None,
        name: "nonce".into(),
        number: request.nonce.clone(),
    });
    Ok(Trace {
        hash_inputs,
        recomputed_challenge,
        claimed_challenge: presentation.challenge.clone(),
    })
}
