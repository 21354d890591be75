//! Reading an object's members, texts or numbers, and noting those that were not read.

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde_json::{Map, Value};
use stdx::pointer;

use super::{ConversionError, Note};
use crate::error::describe;

/// An object that is being read.
pub(super) struct Members<'v> {
    members: &'v Map<String, Value>,
    at: String,
    read: RefCell<BTreeSet<&'static str>>,
}

impl<'v> Members<'v> {
    /// Returns the members of an object at a place.
    pub(super) fn of(value: &'v Value, at: &str) -> Result<Self, ConversionError> {
        match value {
            Value::Object(members) => {
                Ok(Self { members, at: at.to_owned(), read: RefCell::default() })
            }
            other => Err(malformed(at.to_owned(), "an object", other)),
        }
    }

    /// Returns a member; null counts as absent.
    pub(super) fn get(&self, name: &'static str) -> Option<&'v Value> {
        self.read.borrow_mut().insert(name);
        self.members.get(name).filter(|value| !value.is_null())
    }

    /// Returns a member that is needed.
    pub(super) fn required(&self, name: &'static str) -> Result<&'v Value, ConversionError> {
        let missing = || malformed(self.pointer(name), "a value", &Value::Null);
        self.get(name).ok_or_else(missing)
    }

    /// Returns a text; a number is written as text.
    pub(super) fn text(&self, name: &'static str) -> Result<String, ConversionError> {
        text(self.required(name)?, || self.pointer(name))
    }

    /// Returns a text if it is there; a number is written as text.
    pub(super) fn optional_text(
        &self,
        name: &'static str,
    ) -> Result<Option<String>, ConversionError> {
        self.get(name).map(|value| text(value, || self.pointer(name))).transpose()
    }

    /// Returns a whole number; digits in a text are read as one.
    pub(super) fn number(&self, name: &'static str) -> Result<u64, ConversionError> {
        let value = self.required(name)?;
        number(value).ok_or_else(|| malformed(self.pointer(name), "a whole number", value))
    }

    /// Returns a whole number if it is there.
    pub(super) fn optional_number(
        &self,
        name: &'static str,
    ) -> Result<Option<u64>, ConversionError> {
        self.get(name).map(|_| self.number(name)).transpose()
    }

    /// Returns an object.
    pub(super) fn object(&self, name: &'static str) -> Result<Members<'v>, ConversionError> {
        Members::of(self.required(name)?, &self.pointer(name))
    }

    /// Returns a list.
    pub(super) fn list(&self, name: &'static str) -> Result<&'v [Value], ConversionError> {
        match self.required(name)? {
            Value::Array(items) => Ok(items),
            other => Err(malformed(self.pointer(name), "a list", other)),
        }
    }

    /// Returns where a member is.
    pub(super) fn pointer(&self, name: &str) -> String {
        pointer::child(&self.at, name)
    }

    /// Notes the members that were not read.
    pub(super) fn note_others(&self, notes: &mut Vec<Note>) {
        let read = self.read.borrow();
        for (name, value) in self.members {
            if !read.contains(name.as_str()) && !value.is_null() {
                notes.push(left_out(&pointer::child(&self.at, name), value));
            }
        }
    }
}

/// Returns the note that a value is left out.
pub(super) fn left_out(pointer: &str, value: &Value) -> Note {
    let shown = match value {
        Value::Object(_) | Value::Array(_) => String::new(),
        value => describe(value),
    };
    Note::LeftOut(pointer.trim_start_matches('/').to_owned(), shown)
}

/// Returns a text; a whole number is written as text.
fn text(value: &Value, at: impl Fn() -> String) -> Result<String, ConversionError> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) if number.is_u64() => Ok(number.to_string()),
        other => Err(malformed(at(), "a text", other)),
    }
}

/// Returns a whole number; digits in a text are read as one.
pub(super) fn number(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// Returns the error that a value is another thing.
pub(super) fn malformed(pointer: String, expected: &str, got: &Value) -> ConversionError {
    let got = match got {
        Value::Null => "nothing".to_owned(),
        got => describe(got),
    };
    ConversionError::Malformed { pointer, expected: expected.to_owned(), got }
}
