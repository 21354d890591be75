//! Reading the members of a file, so that everything that is wrong with them is found, and where.

use serde_json::{Map, Value};
use stdx::{pointer, text::Quoted};

use super::finding::{Findings, MISSING_MEMBER, Place, UNKNOWN_MEMBER, WRONG_TYPE, WRONG_VALUE};

/// An object of a file, with the place where it stands.
pub struct Object<'d> {
    file: &'d str,
    pointer: String,
    members: &'d Map<String, Value>,
}

impl<'d> Object<'d> {
    /// Takes a value as an object with no other members than the known ones.
    pub fn new(
        file: &'d str,
        pointer: &str,
        value: &'d Value,
        known: &[&str],
        findings: &mut Findings,
    ) -> Option<Self> {
        let Value::Object(members) = value else {
            wrong_type(Place { file, pointer }, "an object", value, findings);
            return None;
        };
        let object = Self { file, pointer: pointer.to_owned(), members };
        for name in members.keys().filter(|name| !known.contains(&name.as_str())) {
            let place = object.pointer_to(name);
            findings.error(
                UNKNOWN_MEMBER,
                Place { file, pointer: &place },
                format!("a member {}", Quoted(name)),
                format!("remove it, or write one of {}", known.join(", ")),
            );
        }
        Some(object)
    }

    /// Returns the pointer to a member.
    pub fn pointer_to(&self, name: &str) -> String {
        pointer::child(&self.pointer, name)
    }

    /// Returns a member that may be left out. `null` is not left out.
    pub fn optional(&self, name: &str) -> Option<&'d Value> {
        self.members.get(name)
    }

    /// Returns a member that must be there.
    pub fn required(&self, name: &str, findings: &mut Findings) -> Option<&'d Value> {
        let found = self.optional(name);
        if found.is_none() {
            findings.error(
                MISSING_MEMBER,
                Place { file: self.file, pointer: &self.pointer_to(name) },
                format!("no member {name:?}"),
                format!("write {name:?}"),
            );
        }
        found
    }

    /// Returns a text that must be there, and is not empty.
    pub fn text(&self, name: &str, findings: &mut Findings) -> Option<String> {
        let value = self.required(name, findings)?;
        self.as_text(name, value, findings)
    }

    /// Returns a text that may be left out, and is not empty.
    pub fn optional_text(&self, name: &str, findings: &mut Findings) -> Option<String> {
        let value = self.optional(name)?;
        self.as_text(name, value, findings)
    }

    fn as_text(&self, name: &str, value: &Value, findings: &mut Findings) -> Option<String> {
        let text = text(self.file, &self.pointer_to(name), value, findings)?;
        Some(text.to_owned())
    }

    /// Returns a list that must be there.
    pub fn list(&self, name: &str, findings: &mut Findings) -> Option<&'d [Value]> {
        let value = self.required(name, findings)?;
        self.as_list(name, value, findings)
    }

    /// Returns a list that may be left out.
    pub fn optional_list(&self, name: &str, findings: &mut Findings) -> &'d [Value] {
        let value = self.optional(name);
        value.and_then(|value| self.as_list(name, value, findings)).unwrap_or_default()
    }

    fn as_list(
        &self,
        name: &str,
        value: &'d Value,
        findings: &mut Findings,
    ) -> Option<&'d [Value]> {
        if let Value::Array(items) = value {
            return Some(items);
        }
        let place = Place { file: self.file, pointer: &self.pointer_to(name) };
        wrong_type(place, "a list", value, findings);
        None
    }

    /// Returns the members of an object that must be there.
    pub fn map(&self, name: &str, findings: &mut Findings) -> Option<&'d Map<String, Value>> {
        let value = self.required(name, findings)?;
        self.as_map(name, value, findings)
    }

    /// Returns the members of an object that may be left out.
    pub fn optional_map(
        &self,
        name: &str,
        findings: &mut Findings,
    ) -> Option<&'d Map<String, Value>> {
        let value = self.optional(name)?;
        self.as_map(name, value, findings)
    }

    fn as_map(
        &self,
        name: &str,
        value: &'d Value,
        findings: &mut Findings,
    ) -> Option<&'d Map<String, Value>> {
        if let Value::Object(members) = value {
            return Some(members);
        }
        let place = Place { file: self.file, pointer: &self.pointer_to(name) };
        wrong_type(place, "an object", value, findings);
        None
    }

    /// Checks the member `format`, which may be left out.
    pub fn check_format(&self, findings: &mut Findings) {
        if let Some(format) = self.optional("format").filter(|format| *format != 1) {
            findings.error(
                WRONG_VALUE,
                Place { file: self.file, pointer: &self.pointer_to("format") },
                format!("format {format}"),
                "write 1, the only format that this version of the program knows",
            );
        }
    }
}

/// Takes a value as a text that is not empty.
pub fn text<'d>(
    file: &str,
    pointer: &str,
    value: &'d Value,
    findings: &mut Findings,
) -> Option<&'d str> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text),
        Value::String(_) => {
            findings.error(WRONG_VALUE, Place { file, pointer }, "an empty text", "write a text");
            None
        }
        _ => {
            wrong_type(Place { file, pointer }, "a text", value, findings);
            None
        }
    }
}

/// Reports a value of another type.
pub fn wrong_type(place: Place<'_>, expected: &str, value: &Value, findings: &mut Findings) {
    let found = match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    };
    findings.error(WRONG_TYPE, place, found, format!("write {expected}"));
}
