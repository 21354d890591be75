//! Calling `indy-credx`: on threads that may block, with panics caught.

use std::{
    collections::{BTreeMap, HashMap},
    hash::Hash,
};

use serde::{Serialize, de::DeserializeOwned};
use zeroize::Zeroizing;

use crate::error::AnoncredsError;

/// Runs a computation of the library on a blocking thread; `operation` names it in errors.
///
/// A proof takes tens of milliseconds and a key takes seconds, so none of it may run on an
/// async thread. A panic inside the library becomes [`AnoncredsError::LibraryPanicked`].
pub(crate) async fn run<T, F>(operation: &'static str, computation: F) -> Result<T, AnoncredsError>
where
    T: Send + 'static,
    F: FnOnce() -> Result<T, AnoncredsError> + Send + 'static,
{
    stdx::task::blocking(computation)
        .await
        .map_err(|_aborted| AnoncredsError::LibraryPanicked { operation })?
}

/// Converts an error of the library.
pub(crate) fn error(
    operation: &'static str,
) -> impl Fn(indy_credx::Error) -> AnoncredsError + Copy {
    move |error| AnoncredsError::Library { operation, reason: error.to_string() }
}

/// Copies one of the library's values that does not implement `Clone`, through its JSON.
///
/// The computation moves to another thread and needs its own copy; against tens of milliseconds
/// of mathematics the copy costs tens of microseconds. Some of these values are secret, so the JSON
/// is wiped, and an error contains only a position.
pub(crate) fn copy<T: Serialize + DeserializeOwned>(
    what: &'static str,
    value: &T,
) -> Result<T, AnoncredsError> {
    serde_json::to_vec(value)
        .map(Zeroizing::new)
        .and_then(|json| serde_json::from_slice(&json))
        .map_err(|error| AnoncredsError::InvalidStructure {
            what: what.to_owned(),
            reason: format!("the library cannot read it again (column {})", error.column()),
            remedy: "pass it on as it was received",
        })
}

/// Converts objects by id to the library's form; `id` is the constructor of its id type.
pub(crate) fn by_id<T, Id: Eq + Hash>(
    objects: &BTreeMap<String, T>,
    id: fn(String) -> Id,
) -> HashMap<Id, &T> {
    objects.iter().map(|(key, object)| (id(key.clone()), object)).collect()
}

/// Checks that an object which a proof needs was given.
pub(crate) fn given<T>(
    what: &'static str,
    id: &str,
    objects: &BTreeMap<String, T>,
) -> Result<(), AnoncredsError> {
    if objects.contains_key(id) {
        return Ok(());
    }
    Err(AnoncredsError::Missing { what, id: id.to_owned() })
}
