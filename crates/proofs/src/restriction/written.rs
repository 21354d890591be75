//! A restriction together with the JSON that it was read from.

use serde::{Serialize, Serializer};
use serde_json::Value;

use super::Restriction;
use crate::error::RequestError;

/// A restriction as its author wrote it, and what it means.
///
/// It is shown, stored and sent as written, so that verifier and prover (and the library under
/// them) look at the same text. Only nulls, which mean nothing, are left out: libraries refuse them
/// in some places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenRestriction {
    written: Value,
    meaning: Option<Restriction>,
}

impl WrittenRestriction {
    /// Reads a restriction.
    ///
    /// # Errors
    /// As [`Restriction::parse`].
    pub fn new(written: &Value) -> Result<Self, RequestError> {
        Self::new_at(written, "")
    }

    /// Reads the restriction that stands at `pointer` in something larger.
    pub(crate) fn new_at(written: &Value, pointer: &str) -> Result<Self, RequestError> {
        // Reading comes first: it bounds the depth that `without_nulls` walks.
        let meaning = Restriction::parse_at(written, pointer)?;
        Ok(Self { written: without_nulls(written), meaning })
    }

    /// Returns the restriction as written.
    pub fn as_written(&self) -> &Value {
        &self.written
    }

    /// Returns what it means; `None` if it restricts nothing.
    pub fn meaning(&self) -> Option<&Restriction> {
        self.meaning.as_ref()
    }
}

impl Serialize for WrittenRestriction {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.written.serialize(serializer)
    }
}

fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let kept = members.iter().filter(|(_, member)| !member.is_null());
            kept.map(|(key, member)| (key.clone(), without_nulls(member))).collect()
        }
        Value::Array(items) => {
            items.iter().filter(|item| !item.is_null()).map(without_nulls).collect()
        }
        scalar => scalar.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_restriction_is_kept_as_written_but_for_nulls() {
        let json = json!([{"attr::First Name::value": "Alex", "schema_id": null}, {}, null]);
        let restriction = WrittenRestriction::new(&json).unwrap();
        assert_eq!(*restriction.as_written(), json!([{"attr::First Name::value": "Alex"}, {}]));
        assert_eq!(serde_json::to_value(&restriction).unwrap(), *restriction.as_written());
        assert_eq!(restriction.meaning(), Restriction::parse(&json).unwrap().as_ref());
    }

    #[test]
    fn an_empty_restriction_is_kept_and_means_nothing() {
        let restriction = WrittenRestriction::new(&json!({})).unwrap();
        assert_eq!(restriction.as_written(), &json!({}));
        assert_eq!(restriction.meaning(), None);
    }
}
