//! A verification with all its values, for a reader.

use dashu_int::UBig;
use serde_json::{Value, json};

use crate::prepared::PreparedKey;
use crate::presentation::Presentation;
use crate::rejection::{Equation, Place, Rejection};
use crate::request::ProofRequest;
use crate::verify::{Job, challenge, recompute_all};

/// What a verifier computes, value by value.
///
/// A hash tells that some value is wrong, not which. A trace shows all values, so that a verification can be
/// followed by hand and two implementations can be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// The numbers that are hashed, in their order: first the value of each equation, then the commitments,
    /// last the nonce.
    pub hash_inputs: Vec<HashInput>,
    /// Their hash.
    pub recomputed_challenge: UBig,
    /// The challenge in the presentation.
    pub claimed_challenge: UBig,
}

/// A number that is hashed, as its big-endian bytes, as few as possible.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HashInput {
    /// Where the number belongs; `None` for the nonce.
    pub place: Option<Place>,
    /// The equation whose value it is; `None` for what stands in presentation or request.
    pub equation: Option<Equation>,
    /// The equation's name (`T`, `T0`, ..., `TDELTA`, `Q`), or the number's in the JSON (`a_prime`, `t.0`, ...,
    /// `t.DELTA`, `nonce`).
    pub name: String,
    /// The number.
    pub number: UBig,
}

impl Trace {
    /// Whether the presentation is accepted: the challenges are equal.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        self.recomputed_challenge == self.claimed_challenge
    }

    /// The values of the equations, in their order.
    pub fn equations(&self) -> impl Iterator<Item = &HashInput> {
        self.hash_inputs
            .iter()
            .filter(|input| input.equation.is_some())
    }

    /// The trace as JSON, all large numbers as decimal strings:
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
            "sub_proof": self.place.map(|place| place.sub_proof),
            "predicate": self.place.and_then(|place| place.predicate),
            "name": self.name,
            "number": self.number.to_string(),
        })
    }
}

/// Verifies as [`verify`](crate::verify()) does and keeps all values, also if the challenge turns out to be
/// another.
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
            place: Some(Place {
                sub_proof,
                predicate: value.predicate,
            }),
            equation: Some(value.equation),
            name: value.equation.to_string(),
            number: value.value,
        }));
    }
    for (place, name, number) in presentation.commitments_in_order() {
        hash_inputs.push(HashInput {
            place: Some(place),
            equation: None,
            name: name.into(),
            number: number.clone(),
        });
    }
    hash_inputs.push(HashInput {
        place: None,
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
