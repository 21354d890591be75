//! A place in a document, and what is found there.

use serde_json::Value;

use super::{MAX_VIOLATIONS, Rule, Violation};

/// A value of a document with the JSON pointer to it.
#[derive(Clone)]
pub(super) struct Place<'a> {
    pub value: &'a Value,
    pub pointer: String,
}

impl<'a> Place<'a> {
    /// A member, if this is an object that has it.
    pub fn member(&self, name: &str) -> Option<Self> {
        let value = self.value.get(name)?;
        // the names that are asked for hold neither `~` nor `/`, which a pointer would escape
        let pointer = format!("{}/{name}", self.pointer);
        Some(Place { value, pointer })
    }

    /// The contexts: `@context`, in either spelling.
    pub fn contexts(&self) -> Option<Self> {
        self.member("@context").or_else(|| self.member("context"))
    }

    /// The elements of the list that a member holds, or the one value that stands for it; nothing if there is none.
    pub fn each(&self, name: &str) -> Vec<Self> {
        let Some(place) = self.member(name) else {
            return Vec::new();
        };
        place.elements()
    }

    /// The elements of a list; a value that is no list stands for a list of itself.
    pub fn elements(self) -> Vec<Self> {
        let Value::Array(list) = self.value else {
            return vec![self];
        };
        let element = |(index, value)| Place {
            value,
            pointer: format!("{}/{index}", self.pointer),
        };
        list.iter().enumerate().map(element).collect()
    }

    /// The text that is here.
    pub fn text(&self) -> &'a str {
        self.value.as_str().unwrap_or_default()
    }
}

/// The violations that have been found, as many as are told.
#[derive(Default)]
pub(super) struct Findings {
    violations: Vec<Violation>,
}

impl Findings {
    /// What is at a place is not what was expected.
    pub fn add(&mut self, rule: Rule, place: &Place, expected: impl Into<String>) {
        self.add_found(rule, place, expected, described(place.value));
    }

    /// The same, with what was found in words.
    pub fn add_found(
        &mut self,
        rule: Rule,
        place: &Place,
        expected: impl Into<String>,
        got: impl Into<String>,
    ) {
        if self.violations.len() < MAX_VIOLATIONS {
            self.violations.push(Violation {
                rule,
                pointer: place.pointer.clone(),
                expected: expected.into(),
                got: got.into(),
                remedy: rule.remedy().to_owned(),
            });
        }
    }
}

/// What a check has against a whole document.
pub(super) fn findings_of(document: &Value, check: fn(&Place, &mut Findings)) -> Vec<Violation> {
    let mut findings = Findings::default();
    let whole = Place {
        value: document,
        pointer: String::new(),
    };
    check(&whole, &mut findings);
    findings.violations
}

/// A value in a few words: strangers' texts are not repeated at any length.
pub(in super::super) fn described(value: &Value) -> String {
    match value {
        Value::Array(list) if list.is_empty() => "an empty list".to_owned(),
        Value::Array(list) => format!("a list of {}", list.len()),
        Value::Object(members) if members.is_empty() => "an object without members".to_owned(),
        Value::Object(members) => {
            let names: Vec<&str> = members.keys().take(12).map(String::as_str).collect();
            shortened(&format!("an object with {}", names.join(", ")))
        }
        Value::String(text) => format!("{:?}", shortened(text)),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

/// A text, cut where it is longer than a line.
pub(in super::super) fn shortened(text: &str) -> String {
    const MOST: usize = 100;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
