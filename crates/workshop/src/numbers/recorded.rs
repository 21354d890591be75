//! Recorded presentations, and what a verifier computes of them.

use std::{collections::BTreeMap, sync::LazyLock};

use cl::{PreparedKey, Presentation, ProofRequest, PublicKey, Trace};
use dashu_int::UBig;
use proofs::Verdict;
use serde_json::Value;

use crate::{
    break_it::{self, ALEX, BEA},
    outcome::NotYet,
};

/// Two credentials of one holder in one presentation: the vector `multi_credential::two-issuers`.
pub(super) const TWO: &str = include_str!("../../fixtures/case-two-credentials.json");

/// A recorded case: a presentation, the request that it answers, and the issuers' keys. One of its
/// numbers may have been changed.
#[derive(Debug, Clone)]
pub struct Recorded {
    case: Value,
}

impl Recorded {
    /// Reads a case.
    pub(super) fn read(text: &str) -> Result<Self, NotYet> {
        let case = serde_json::from_str(text).map_err(|error| broken(&error.to_string()))?;
        Ok(Self { case })
    }

    /// Returns whether the numbers at two JSON pointers differ. A number is a decimal text, or a
    /// list of big-endian bytes. If there is no number at one of them, they differ.
    pub fn differ(&self, one: &str, other: &str) -> bool {
        let (one, other) = (self.number(one), self.number(other));
        one.is_none() || one != other
    }

    /// Returns the same case with the number at `from` written to `to` as well, in the form of the
    /// number there. If there is no number at one of them, nothing is changed.
    #[must_use]
    pub fn copied(&self, from: &str, to: &str) -> Self {
        let mut copied = self.clone();
        if let Some(number) = self.number(from) {
            copied.set(to, &number);
        }
        copied
    }

    /// Returns whether all equations hold: the values that a verifier recomputes from the responses
    /// hash, with the commitments and the nonce, to the challenge in the presentation.
    pub fn fits(&self) -> bool {
        self.trace().is_ok_and(|trace| trace.is_accepted())
    }

    /// Returns the number at a JSON pointer.
    pub(super) fn number(&self, pointer: &str) -> Option<UBig> {
        match self.case.pointer(pointer)? {
            Value::String(decimal) => decimal.parse().ok(),
            Value::Array(bytes) => {
                let byte = |byte: &Value| u8::try_from(byte.as_u64()?).ok();
                let bytes: Option<Vec<u8>> = bytes.iter().map(byte).collect();
                Some(UBig::from_be_bytes(&bytes?))
            }
            _ => None,
        }
    }

    /// Replaces the number at a JSON pointer.
    pub(super) fn set(&mut self, pointer: &str, number: &UBig) {
        match self.case.pointer_mut(pointer) {
            Some(Value::String(decimal)) => *decimal = number.to_string(),
            Some(Value::Array(bytes)) => {
                *bytes = number.to_be_bytes().iter().copied().map(Value::from).collect();
            }
            _ => {}
        }
    }

    /// Returns all values that a verifier computes.
    pub(super) fn trace(&self) -> Result<Trace, String> {
        let text = |error: cl::Malformed| error.to_string();
        let request = ProofRequest::from_json(&self.case["presentation_request"]).map_err(text)?;
        let presentation = Presentation::from_json(&self.case["presentation"]).map_err(text)?;
        let keys = presentation.credential_definitions().iter().map(|id| {
            KEYS.get(id).ok_or_else(|| format!("the key of {id} is not among the recorded ones"))
        });
        let keys: Vec<&PreparedKey> = keys.collect::<Result<_, _>>()?;
        cl::trace(&request, &presentation, &keys).map_err(|rejection| rejection.to_string())
    }

    /// Returns the verdict. The engine of the mathematics is `cl` alone.
    pub(super) fn verdict(&self) -> Verdict {
        break_it::verdict(&self.case)
    }
}

/// The issuers' keys of all recorded cases, which take longer to prepare than to use.
static KEYS: LazyLock<BTreeMap<String, PreparedKey>> = LazyLock::new(|| {
    let mut keys = BTreeMap::new();
    for text in [ALEX, BEA, TWO] {
        let case: Value = serde_json::from_str(text).unwrap_or_default();
        for (id, definition) in case["cred_defs"].as_object().into_iter().flatten() {
            let key = PublicKey::from_credential_definition(definition);
            if let Ok(key) = key.and_then(|key| PreparedKey::new(&key)) {
                keys.insert(id.clone(), key);
            }
        }
    }
    keys
});

/// Returns what to say of a recorded case that cannot be used, which no learner can mend.
pub(super) fn broken(reason: &str) -> NotYet {
    NotYet::new(format!(
        "A recorded case of this exercise cannot be used: {reason}.\n\
         This is not about your exercise; please report it."
    ))
}
