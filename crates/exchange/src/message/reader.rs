//! Reading a document: a cursor over its values, and the violations that were found on the way.

use std::{collections::HashSet, hash::Hash};

use serde_json::{Map, Number, Value};
use stdx::{pointer, text::shorten};

use super::{Form, MAX_VIOLATIONS, Mode, Rule, Violation};

/// Members that this crate does not know. They are carried along and written back, for a signature may cover them.
pub type Members = Map<String, Value>;

/// A message that can be read.
pub trait Read: Sized {
    /// Reads a whole message; `None` where there are violations.
    fn read(at: &Place, reader: &mut Reader) -> Option<Self>;
}

/// A value of a document, and the way to it. The JSON pointer is only written where it is needed.
#[derive(Clone, Copy)]
pub struct Place<'v, 'p> {
    pub value: &'v Value,
    above: Option<(&'p Place<'v, 'p>, Step<'v>)>,
}

#[derive(Clone, Copy)]
enum Step<'v> {
    Member(&'v str),
    Element(usize),
}

impl<'v, 'p> Place<'v, 'p> {
    pub fn whole(document: &'v Value) -> Self {
        Self { value: document, above: None }
    }

    /// Returns a member, if this is an object that has it.
    pub fn member<'c>(&'c self, name: &'v str) -> Option<Place<'v, 'c>> {
        let value = self.value.get(name)?;
        Some(Place { value, above: Some((self, Step::Member(name))) })
    }

    /// Returns an element of the list that is here.
    pub fn element<'c>(&'c self, index: usize, value: &'v Value) -> Place<'v, 'c> {
        Place { value, above: Some((self, Step::Element(index))) }
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
            return String::new();
        };
        let mut path = above.pointer();
        match step {
            Step::Member(name) => pointer::push(&mut path, name),
            Step::Element(index) => pointer::push(&mut path, &index.to_string()),
        }
        path
    }
}

/// Copies a value; a whole number that is written with a point or an exponent is written without, so that values
/// which are the same number are equal.
fn with_plain_numbers(value: &Value) -> Value {
    match value {
        Value::Number(number) => plain(number).into(),
        Value::Array(list) => list.iter().map(with_plain_numbers).collect(),
        Value::Object(members) => {
            let members = members.iter();
            members.map(|(name, value)| (name.clone(), with_plain_numbers(value))).collect()
        }
        other => other.clone(),
    }
}

fn plain(number: &Number) -> Number {
    match whole(number) {
        Some(whole) if number.is_f64() => whole.into(),
        _ => number.clone(),
    }
}

/// Returns the whole number that a number is, however it is written; not beyond 2^53 - 1, where doubles have gaps.
fn whole(number: &Number) -> Option<i64> {
    const MAX: i64 = (1 << 53) - 1;
    let whole = number.as_i64().or_else(|| {
        let double = number.as_f64()?;
        (double.fract() == 0.0 && double.abs() <= MAX as f64).then_some(double as i64)
    })?;
    (whole.unsigned_abs() <= MAX.unsigned_abs()).then_some(whole)
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

/// Reads a message, and collects the violations, at most [`MAX_VIOLATIONS`]. Its functions return `None` where they
/// added one.
pub struct Reader {
    pub mode: Mode,
    /// The form of the message that is read.
    pub form: Form,
    /// How many signatures of attributes have been read.
    pub attribute_proofs: usize,
    found: Vec<Violation>,
}

impl Reader {
    pub fn new(mode: Mode) -> Self {
        Self { mode, form: Form::default(), attribute_proofs: 0, found: Vec::new() }
    }

    pub fn into_violations(self) -> Vec<Violation> {
        self.found
    }

    /// Adds that a value is not what was expected.
    pub fn refuse<T>(&mut self, rule: Rule, at: &Place, expected: impl Into<String>) -> Option<T> {
        self.refuse_found(rule, at, expected, described(at.value))
    }

    /// Adds the same, with what was found in words.
    pub fn refuse_found<T>(
        &mut self,
        rule: Rule,
        at: &Place,
        expected: impl Into<String>,
        got: impl Into<String>,
    ) -> Option<T> {
        if !self.is_full() {
            self.found.push(Violation {
                rule,
                pointer: at.pointer(),
                expected: expected.into(),
                got: got.into(),
                remedy: rule.remedy().to_owned(),
            });
        }
        None
    }

    fn is_full(&self) -> bool {
        self.found.len() >= MAX_VIOLATIONS
    }

    /// Checks that there is an object.
    pub fn object<'v>(&mut self, at: &Place<'v, '_>) -> Option<&'v Map<String, Value>> {
        at.value.as_object().or_else(|| self.refuse(Rule::Schema, at, "an object"))
    }

    /// Reads a member.
    pub fn required<'v, T>(
        &mut self,
        of: &Place<'v, '_>,
        name: &'static str,
        read: impl FnOnce(&Place<'v, '_>, &mut Self) -> Option<T>,
    ) -> Option<T> {
        match of.member(name) {
            Some(member) => read(&member, self),
            None => self.refuse_found(Rule::Schema, of, format!("the member {name:?}"), "none"),
        }
    }

    /// Reads a member if it is there.
    pub fn optional<'v, T>(
        &mut self,
        of: &Place<'v, '_>,
        name: &'static str,
        read: impl FnOnce(&Place<'v, '_>, &mut Self) -> Option<T>,
    ) -> Option<T> {
        of.member(name).and_then(|member| read(&member, self))
    }

    /// Reads the elements of a list.
    pub fn list<'v, T>(
        &mut self,
        at: &Place<'v, '_>,
        bounds: Bounds,
        mut read: impl FnMut(&Place<'v, '_>, &mut Self) -> Option<T>,
    ) -> Option<Vec<T>> {
        let Value::Array(list) = at.value else {
            return self.refuse(bounds.rule, at, bounds.expected);
        };
        if list.len() < bounds.min {
            return self.refuse(bounds.rule, at, bounds.expected);
        }
        if list.len() > bounds.max {
            return self.refuse(Rule::TooMany, at, format!("at most {} elements", bounds.max));
        }
        let mut elements = Vec::with_capacity(list.len());
        for (index, value) in list.iter().enumerate() {
            if self.is_full() {
                return None;
            }
            elements.extend(read(&at.element(index, value), self));
        }
        (elements.len() == list.len()).then_some(elements)
    }

    /// Reads a list that is not empty; a value that is not a list stands for a list of itself.
    pub fn one_or_many<'v, T>(
        &mut self,
        at: &Place<'v, '_>,
        max: usize,
        mut read: impl FnMut(&Place<'v, '_>, &mut Self) -> Option<T>,
    ) -> Option<Vec<T>> {
        match at.value {
            Value::Array(_) => self.list(at, Bounds::some_up_to(max), read),
            _ => Some(vec![read(at, self)?]),
        }
    }

    /// Checks that an object has none of some members that would change what it means.
    pub fn none_of(&mut self, at: &Place, names: &[&'static str]) {
        for member in names.iter().filter_map(|name| at.member(name)) {
            let expected = "no such member: it changes what is meant, and nothing here acts on it";
            self.refuse::<()>(Rule::NotActedOn, &member, expected);
        }
    }

    /// Checks that something did not occur before.
    pub fn once<T: Hash + Eq>(
        &mut self,
        rule: Rule,
        at: Option<Place>,
        seen: &mut HashSet<T>,
        this: T,
    ) {
        if let Some(at) = at
            && !seen.insert(this)
        {
            let got = format!("{} again", described(at.value));
            self.refuse_found::<()>(rule, &at, "another than those before", got);
        }
    }
}

/// Reads a whole number, however it is written: `1`, `1.0` and `1e0` are one number.
pub fn whole_number(at: &Place) -> Option<i64> {
    whole(at.value.as_number()?)
}

/// Reads true or false.
pub fn flag(at: &Place, reader: &mut Reader) -> Option<bool> {
    at.value.as_bool().or_else(|| reader.refuse(Rule::Schema, at, "true or false"))
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
