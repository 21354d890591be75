//! Members that several messages share: those that are only carried along, and those that hold one value or a list.

use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::{Map, Value};

/// Members that this crate does not know. They are carried along and written back, for a signature may cover them.
pub type Members = Map<String, Value>;

/// Deserializes one value, or a list of them.
pub(super) fn one_or_many<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    match Value::deserialize(deserializer)? {
        list @ Value::Array(_) => serde_json::from_value(list),
        one => serde_json::from_value(one).map(|one| vec![one]),
    }
    .map_err(serde::de::Error::custom)
}
