//! Calling `indy-credx`: on threads that may block, with panics caught.

use std::{
    collections::{BTreeMap, HashMap},
    hash::Hash,
};

use credx::{Object, ObjectError};

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
    stdx::task::blocking(move || catch(operation, computation))
        .await
        .map_err(|_aborted| AnoncredsError::LibraryPanicked { operation })?
}

/// Makes a call of the library that takes no time.
pub(crate) fn call<T>(
    operation: &'static str,
    call: impl FnOnce() -> Result<T, indy_credx::Error>,
) -> Result<T, AnoncredsError> {
    catch(operation, || call().map_err(error(operation)))
}

fn catch<T>(
    operation: &'static str,
    computation: impl FnOnce() -> Result<T, AnoncredsError>,
) -> Result<T, AnoncredsError> {
    stdx::panic::catch(computation)
        .map_err(|_panicked| AnoncredsError::LibraryPanicked { operation })?
}

/// Converts an error of the library.
pub(crate) fn error(
    operation: &'static str,
) -> impl Fn(indy_credx::Error) -> AnoncredsError + Copy {
    move |error| AnoncredsError::Library { operation, reason: error.to_string() }
}

/// Copies one of the library's objects that does not implement `Clone`.
///
/// The computation moves to another thread and needs its own copy; against tens of milliseconds
/// of mathematics the copy costs tens of microseconds.
pub(crate) fn copy<T: Object>(object: &T) -> Result<T, AnoncredsError> {
    credx::copy(object).map_err(|error| unusable(error, "pass it on as it was received"))
}

/// The error of an object that cannot be read, and what to do about it.
pub(crate) fn unusable(error: ObjectError, remedy: &'static str) -> AnoncredsError {
    AnoncredsError::InvalidStructure {
        what: error.kind.name().to_owned(),
        reason: error.reason,
        remedy,
    }
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
