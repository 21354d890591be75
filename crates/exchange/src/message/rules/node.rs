//! The values of a document with the pointers to them, and the violations found there.

use serde_json::Value;
use stdx::{pointer, text::shorten};

use super::{MAX_VIOLATIONS, Rule, Violation};

/// A value of a document with the JSON pointer to it.
#[derive(Clone)]
pub(super) struct Node<'a> {
    pub value: &'a Value,
    pub pointer: String,
}

impl<'a> Node<'a> {
    /// Returns a member, if this is an object that has it.
    pub fn member(&self, name: &str) -> Option<Self> {
        let value = self.value.get(name)?;
        let pointer = pointer::child(&self.pointer, name);
        Some(Node { value, pointer })
    }

    /// Returns the contexts: `@context`, in either spelling.
    pub fn contexts(&self) -> Option<Self> {
        self.member("@context").or_else(|| self.member("context"))
    }

    /// Returns the elements of the list that a member holds, or the one value that stands for it; nothing if
    /// there is no such member.
    pub fn each(&self, name: &str) -> Vec<Self> {
        self.member(name).map(Self::elements).unwrap_or_default()
    }

    /// Returns the elements of a list; a value that is not a list stands for a list of itself.
    pub fn elements(self) -> Vec<Self> {
        let Value::Array(list) = self.value else {
            return vec![self];
        };
        let element = |(index, value)| Node { value, pointer: format!("{}/{index}", self.pointer) };
        list.iter().enumerate().map(element).collect()
    }

    /// Returns the text that is here; an empty one if this is not a text.
    pub fn text(&self) -> &'a str {
        self.value.as_str().unwrap_or_default()
    }
}

/// The violations found so far, at most [`MAX_VIOLATIONS`].
#[derive(Default)]
pub(super) struct Violations {
    found: Vec<Violation>,
}

impl Violations {
    /// Adds that a node is not what was expected.
    pub fn add(&mut self, rule: Rule, node: &Node, expected: impl Into<String>) {
        self.add_found(rule, node, expected, described(node.value));
    }

    /// Adds the same, with what was found in words.
    pub fn add_found(
        &mut self,
        rule: Rule,
        node: &Node,
        expected: impl Into<String>,
        got: impl Into<String>,
    ) {
        if self.found.len() < MAX_VIOLATIONS {
            self.found.push(Violation {
                rule,
                pointer: node.pointer.clone(),
                expected: expected.into(),
                got: got.into(),
                remedy: rule.remedy().to_owned(),
            });
        }
    }
}

/// Returns what a check has against a whole document.
pub(super) fn violations_of(document: &Value, check: fn(&Node, &mut Violations)) -> Vec<Violation> {
    let mut violations = Violations::default();
    let whole = Node { value: document, pointer: String::new() };
    check(&whole, &mut violations);
    violations.found
}

/// Describes a value in a few words: foreign texts are not repeated at any length.
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

/// Cuts a text that is longer than a line.
pub(in super::super) fn shortened(text: &str) -> String {
    const MAX_CHARACTERS: usize = 100;
    shorten(text, MAX_CHARACTERS).into_owned()
}
