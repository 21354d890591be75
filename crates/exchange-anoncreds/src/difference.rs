//! The visible difference between two credentials.

use std::collections::BTreeMap;

use serde_json::Value;

/// The parts of a credential by which a verifier can tell it from others.
///
/// There are two. The first is the issuer's key: a signature that verifies with one modulus does
/// not verify with another. (It is not enough that the identifiers of the credential definitions
/// differ: one key may be published under two of them, or one of them be spelled in two ways, and
/// then one credential answers for both.) The second is an attribute that both show with different
/// values. An attribute that only one of them shows proves no difference.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Visible {
    /// The modulus of the key, in decimal; none if it is not known.
    modulus: Option<String>,
    /// The values that are shown, as they are signed, by folded name.
    values: BTreeMap<String, String>,
}

impl Visible {
    /// Returns the parts of a credential; `cred_def` is its credential definition in JSON.
    pub fn new(cred_def: &Value, values: BTreeMap<String, String>) -> Self {
        let modulus = cred_def.pointer("/value/primary/n").and_then(Value::as_str);
        Self { modulus: modulus.map(str::to_owned), values }
    }

    /// Returns whether the two cannot be one credential.
    pub fn differs_from(&self, other: &Self) -> bool {
        let other_key = match (&self.modulus, &other.modulus) {
            (Some(own), Some(other)) => own != other,
            _ => false,
        };
        let mut shown = self.values.iter();
        other_key
            || shown.any(|(name, value)| {
                other.values.get(name).is_some_and(|of_other| of_other != value)
            })
    }
}
