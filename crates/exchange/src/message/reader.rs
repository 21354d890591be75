//! Reading a document: a cursor over its values, and the violations that were found on the way.

use std::{
    cell::{Cell, RefCell},
    collections::HashSet,
};

use serde_json::{Map, Number, Value};
use stdx::{pointer, text::shorten};

use super::{Form, MAX_VIOLATIONS, Mode, Rule, Violation, form::Names};
use crate::json::MAX_WHOLE;

/// Members that this crate does not know. They are carried along and written back, for a signature
/// may cover them.
pub type Members = Map<String, Value>;

/// No JSON pointer into the usual messages is longer.
const MAX_USUAL_POINTER: usize = 96;

/// A value of a document, the way to it, and what was found wrong so far. The JSON pointer is only
/// written where it is needed.
///
/// Its functions return an empty value where they add a violation: a message with violations is not
/// used.
#[derive(Clone, Copy)]
pub struct Place<'v, 'p> {
    pub value: &'v Value,
    above: Option<(&'p Place<'v, 'p>, Step<'v>)>,
    pub reader: &'p Reader,
}

#[derive(Clone, Copy)]
enum Step<'v> {
    Member(&'v str),
    Element(usize),
}

impl<'v, 'p> Place<'v, 'p> {
    pub fn whole(document: &'v Value, reader: &'p Reader) -> Self {
        Self { value: document, above: None, reader }
    }

    /// Returns a member, if this is an object that has it.
    pub fn member<'c>(&'c self, name: &'v str) -> Option<Place<'v, 'c>> {
        let value = self.value.get(name)?;
        Some(Place { value, above: Some((self, Step::Member(name))), reader: self.reader })
    }

    /// Returns an element of the list that is here.
    pub fn element<'c>(&'c self, index: usize, value: &'v Value) -> Place<'v, 'c> {
        Place { value, above: Some((self, Step::Element(index))), reader: self.reader }
    }

    /// Returns whether this is an object with this member.
    pub fn has(&self, name: &str) -> bool {
        self.value.get(name).is_some()
    }

    /// Returns the members of this object but the named ones, to be carried along.
    pub fn members_but(&self, known: &[&str]) -> Members {
        let members = self.value.as_object().into_iter().flatten();
        let others = members.filter(|(name, _)| !known.contains(&&***name));
        others.map(|(name, value)| (name.clone(), with_plain_numbers(value))).collect()
    }

    /// Returns the JSON pointer to this value.
    pub fn pointer(&self) -> String {
        let Some((above, step)) = self.above else {
            return String::with_capacity(MAX_USUAL_POINTER);
        };
        let mut path = above.pointer();
        match step {
            Step::Member(name) => pointer::push(&mut path, name),
            Step::Element(index) => pointer::push(&mut path, &index.to_string()),
        }
        path
    }

    /// Adds that this is not what was expected.
    pub fn refuse(&self, rule: Rule, expected: impl Into<String>) {
        self.refuse_found(rule, expected, described(self.value));
    }

    /// Adds the same, with what was found in words.
    pub fn refuse_found(&self, rule: Rule, expected: impl Into<String>, got: impl Into<String>) {
        let mut found = self.reader.found.borrow_mut();
        if found.len() < MAX_VIOLATIONS {
            found.push(Violation {
                rule,
                pointer: self.pointer(),
                expected: expected.into(),
                got: got.into(),
                remedy: rule.rule().to_owned(),
            });
        }
    }

    /// Reads what is here if it is an object.
    pub fn object<T: Default>(&self, read: impl FnOnce(&Self) -> T) -> T {
        if self.value.is_object() {
            return read(self);
        }
        self.refuse(Rule::Schema, "an object");
        T::default()
    }

    /// Reads a member.
    pub fn required<T: Default>(
        &self,
        name: &'static str,
        read: impl FnOnce(&Place<'v, '_>) -> T,
    ) -> T {
        let member = self.member(name);
        if member.is_none() {
            self.refuse_found(Rule::Schema, format!("the member {name:?}"), "none");
        }
        member.map(|member| read(&member)).unwrap_or_default()
    }

    /// Reads a member if it is there.
    pub fn optional<T>(
        &self,
        name: &'static str,
        read: impl FnOnce(&Place<'v, '_>) -> T,
    ) -> Option<T> {
        self.member(name).map(|member| read(&member))
    }

    /// Reads the elements of a list, until there are too many violations.
    pub fn list<T>(&self, bounds: Bounds, mut read: impl FnMut(&Place<'v, '_>) -> T) -> Vec<T> {
        let Some(list) = self.value.as_array().filter(|list| list.len() >= bounds.min) else {
            self.refuse(bounds.rule, bounds.expected);
            return Vec::new();
        };
        if list.len() > bounds.max {
            self.refuse(Rule::TooMany, format!("at most {} elements", bounds.max));
            return Vec::new();
        }
        let mut elements = Vec::with_capacity(list.len());
        for (index, value) in list.iter().enumerate() {
            if self.reader.violations() == MAX_VIOLATIONS {
                break;
            }
            elements.push(read(&self.element(index, value)));
        }
        elements
    }

    /// Reads a list that is not empty; a value that is not a list stands for a list of itself.
    pub fn one_or_many<T>(&self, max: usize, mut read: impl FnMut(&Place<'v, '_>) -> T) -> Vec<T> {
        match self.value {
            Value::Array(_) => self.list(Bounds::some_up_to(max), read),
            _ => vec![read(self)],
        }
    }

    /// Checks that this object has none of some members that would change what it means.
    pub fn none_of(&self, names: &[&'static str]) {
        for member in names.iter().filter_map(|name| self.member(name)) {
            let expected = "no such member: it changes what is meant, and nothing here acts on it";
            member.refuse(Rule::NotActedOn, expected);
        }
    }

    /// Checks that what this member, or this value, holds did not occur before.
    pub fn once(&self, rule: Rule, member: Option<&'static str>, seen: &mut HashSet<&'v str>) {
        let at = match member {
            Some(name) => self.member(name),
            None => Some(*self),
        };
        if let Some(at) = at
            && let Some(text) = at.value.as_str()
            && !seen.insert(text)
        {
            let got = format!("{} again", described(at.value));
            at.refuse_found(rule, "another than those before", got);
        }
    }
}

/// Copies a value; a whole number that is written with a point or an exponent is written without,
/// so that values which are the same number are equal.
fn with_plain_numbers(value: &Value) -> Value {
    match value {
        Value::Number(number) if number.is_f64() => {
            whole(number).map_or_else(|| value.clone(), Value::from)
        }
        Value::Array(list) => list.iter().map(with_plain_numbers).collect(),
        Value::Object(members) => {
            let members = members.iter();
            members.map(|(name, value)| (name.clone(), with_plain_numbers(value))).collect()
        }
        other => other.clone(),
    }
}

/// Returns the whole number that a number is, however it is written; not beyond 2^53 - 1, where
/// doubles have gaps.
fn whole(number: &Number) -> Option<i64> {
    let whole = number.as_i64().or_else(|| {
        let double = number.as_f64()?;
        (double.fract() == 0.0 && double.abs() <= MAX_WHOLE as f64).then_some(double as i64)
    })?;
    (whole.unsigned_abs() <= MAX_WHOLE).then_some(whole)
}

/// How many elements a list has, and what is said of one that has not.
#[derive(Clone, Copy)]
pub struct Bounds {
    pub min: usize,
    pub max: usize,
    pub rule: Rule,
    pub expected: &'static str,
}

impl Bounds {
    /// Returns the bounds of a list that is allowed to be empty.
    pub const fn up_to(max: usize) -> Self {
        Self { min: 0, max, rule: Rule::Schema, expected: "a list" }
    }

    /// Returns the bounds of a list that is not empty.
    pub const fn some_up_to(max: usize) -> Self {
        let expected = "a list of at least one element";
        Self { min: 1, max, rule: Rule::Schema, expected }
    }

    /// Returns the same with a rule and words of its own.
    pub const fn named(self, rule: Rule, expected: &'static str) -> Self {
        Self { rule, expected, ..self }
    }
}

/// What is known of the message that is read, and the violations, at most [`MAX_VIOLATIONS`].
pub struct Reader {
    pub mode: Mode,
    /// The form of the message that is read.
    pub form: Cell<Form>,
    /// How many signatures of attributes have been read.
    pub attribute_proofs: Cell<usize>,
    found: RefCell<Vec<Violation>>,
}

impl Reader {
    pub fn new(mode: Mode) -> Self {
        let (form, attribute_proofs) = (Cell::default(), Cell::default());
        Self { mode, form, attribute_proofs, found: RefCell::default() }
    }

    pub fn into_violations(self) -> Vec<Violation> {
        self.found.into_inner()
    }

    /// Returns the number of violations so far.
    pub fn violations(&self) -> usize {
        self.found.borrow().len()
    }
}

/// Reads a whole number, however it is written: `1`, `1.0` and `1e0` are one number.
pub fn whole_number<T: TryFrom<i64> + Default>(at: &Place, rule: Rule, expected: &str) -> T {
    let number = at.value.as_number().and_then(whole).and_then(|number| number.try_into().ok());
    if number.is_none() {
        at.refuse(rule, expected);
    }
    number.unwrap_or_default()
}

/// Reads true or false.
pub fn flag(at: &Place) -> bool {
    if !at.value.is_boolean() {
        at.refuse(Rule::Schema, "true or false");
    }
    at.value == &Value::Bool(true)
}

impl Form {
    /// Returns the form of a request or response, by the first member that only one form has.
    pub(super) fn of(message: &Place) -> Self {
        let names = |form: Self| {
            let Names { body, url, answered, kind, .. } = *form.names();
            [body, url, answered, kind]
        };
        let drafts = names(Self::August2019);
        let is_own = |name: &&str| !drafts.contains(name) && message.has(name);
        let mut later = [Self::December2019, Self::LedgerCommon].into_iter();
        later.find(|form| names(*form).iter().any(is_own)).unwrap_or_default()
    }

    /// Checks that an object has none of the other forms' names for what it has a name of its own
    /// for.
    pub(super) fn check(self, at: &Place, names: &[fn(&Names) -> &'static str]) {
        for name in names {
            let own = name(self.names());
            let others = Self::ALL.into_iter().map(|form| name(form.names()));
            if let Some(other) = others.filter(|other| *other != own).find(|other| at.has(other)) {
                let expected = format!("`{own}`, as in the rest of the message");
                at.refuse_found(Rule::OneForm, expected, format!("`{other}`"));
            }
        }
    }
}

/// Describes a value in a few words: foreign texts are not repeated at any length.
pub fn described(value: &Value) -> String {
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
pub fn shortened(text: &str) -> String {
    const MAX_CHARACTERS: usize = 100;
    shorten(text, MAX_CHARACTERS).into_owned()
}
