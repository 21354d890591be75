//! How this crate calls `indy-credx`: off the async threads, panics caught.

use std::{
    collections::{BTreeMap, HashMap},
    hash::Hash,
};

use serde::{Serialize, de::DeserializeOwned};
use zeroize::Zeroizing;

use crate::error::AnoncredsError;

/// Run a computation of the library on a blocking thread; `operation` names it in errors.
///
/// A proof takes tens of milliseconds and a key takes seconds, so none of it may run on an
/// async thread. A panic inside the library becomes [`AnoncredsError::LibraryPanicked`].
pub(super) async fn run<T, F>(operation: &'static str, computation: F) -> Result<T, AnoncredsError>
where
    T: Send + 'static,
    F: FnOnce() -> Result<T, AnoncredsError> + Send + 'static,
{
    match tokio::task::spawn_blocking(computation).await {
        Ok(outcome) => outcome,
        Err(_) => Err(AnoncredsError::LibraryPanicked { operation }),
    }
}

/// The library's refusal as an error of ours.
pub(super) fn refused(
    operation: &'static str,
) -> impl Fn(indy_credx::Error) -> AnoncredsError + Copy {
    move |error| AnoncredsError::Library {
        operation,
        reason: error.to_string(),
    }
}

/// A copy of one of the library's values that does not implement `Clone`, by way of its JSON.
///
/// The computation moves to another thread and needs its own copy; against tens of milliseconds
/// of mathematics the copy costs tens of microseconds. Some of these values are secret, so the JSON
/// is wiped, and an error tells a position only.
pub(super) fn copy<T: Serialize + DeserializeOwned>(
    what: &'static str,
    value: &T,
) -> Result<T, AnoncredsError> {
    serde_json::to_vec(value)
        .map(Zeroizing::new)
        .and_then(|json| serde_json::from_slice(&json))
        .map_err(|error| AnoncredsError::InvalidStructure {
            what: what.to_owned(),
            reason: format!(
                "the library cannot read it again (column {})",
                error.column()
            ),
            remedy: "pass it on as it was received",
        })
}

/// Objects by id, in the form that the library takes; `id` is the constructor of its id type.
pub(super) fn by_id<T, Id: Eq + Hash>(
    objects: &BTreeMap<String, T>,
    id: fn(String) -> Id,
) -> HashMap<Id, &T> {
    objects
        .iter()
        .map(|(key, object)| (id(key.clone()), object))
        .collect()
}

/// Refuse when an object that a proof needs was not given.
pub(super) fn given<T>(
    what: &'static str,
    id: &str,
    objects: &BTreeMap<String, T>,
) -> Result<(), AnoncredsError> {
    if objects.contains_key(id) {
        return Ok(());
    }
    Err(AnoncredsError::Missing {
        what,
        id: id.to_owned(),
    })
}
