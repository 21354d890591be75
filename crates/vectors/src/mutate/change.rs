//! The changes of a document of JSON: each leaf and each structure, once in each way.

use std::fmt;

use serde::Serialize;
use serde_json::{Value, json};
use stdx::pointer;

/// A way to change something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A member or an element is left out.
    Remove,
    /// An element occurs twice; a member also under another name.
    Duplicate,
    /// A member occurs twice under its name.
    MemberTwice,
    /// A member or an element changes places with the next.
    Swap,
    /// A value has another type.
    Retype,
    /// A number is one more, or one less.
    OffByOne,
    /// A large number is another large number of the presentation.
    OtherElement,
    /// A text has a blank at its end; true is false.
    OtherValue,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Remove,
        Self::Duplicate,
        Self::MemberTwice,
        Self::Swap,
        Self::Retype,
        Self::OffByOne,
        Self::OtherElement,
        Self::OtherValue,
    ];
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Remove => "remove",
            Self::Duplicate => "duplicate",
            Self::MemberTwice => "member twice",
            Self::Swap => "swap",
            Self::Retype => "retype",
            Self::OffByOne => "off by one",
            Self::OtherElement => "other element",
            Self::OtherValue => "other value",
        })
    }
}

/// A change of a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// What is changed.
    pub pointer: String,
    /// In which way.
    pub kind: Kind,
    edit: Edit,
}

#[derive(Debug, Clone, PartialEq)]
enum Edit {
    Remove,
    Duplicate,
    /// In a text of JSON only.
    Twice,
    /// With the element or member of this name.
    Swap(String),
    Set(Value),
}

/// A change that has been made.
#[derive(Debug, Clone, PartialEq)]
pub enum Changed {
    /// The document.
    Value(Value),
    /// The document as a text, because it cannot be a value.
    Text(String),
}

/// How many bytes of an array of bytes are changed, beside the array as a whole.
const BYTES_CHANGED: usize = 3;

/// The digits of a number that is taken for a group element.
const ELEMENT_DIGITS: usize = 100;

/// Returns all changes of a document. `elements` are the large numbers of the presentation.
pub fn changes(document: &Value, elements: &[String]) -> Vec<Change> {
    let mut found = Vec::new();
    walk(document, "", elements, &mut found);
    found
}

/// Returns the large numbers of a document, each once.
pub fn elements(document: &Value) -> Vec<String> {
    let mut found = Vec::new();
    collect_elements(document, &mut found);
    found.sort();
    found.dedup();
    found
}

fn collect_elements(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) if is_element(text) => found.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| collect_elements(item, found)),
        Value::Object(members) => {
            members.values().for_each(|member| collect_elements(member, found));
        }
        _ => {}
    }
}

fn is_element(text: &str) -> bool {
    text.len() >= ELEMENT_DIGITS && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn walk(value: &Value, at: &str, elements: &[String], found: &mut Vec<Change>) {
    let mut add = |pointer: &str, kind, edit| {
        found.push(Change { pointer: pointer.to_owned(), kind, edit });
    };
    match value {
        Value::Object(members) => {
            let names: Vec<&String> = members.keys().collect();
            for (index, name) in names.iter().enumerate() {
                let child = pointer::child(at, name);
                add(&child, Kind::Remove, Edit::Remove);
                add(&child, Kind::Duplicate, Edit::Duplicate);
                add(&child, Kind::MemberTwice, Edit::Twice);
                if let Some(next) = names.get(index + 1)
                    && members.get(*name) != members.get(*next)
                {
                    add(&child, Kind::Swap, Edit::Swap((*next).clone()));
                }
            }
            for (name, member) in members {
                let child = pointer::child(at, name);
                of_value(member, &child, elements, found);
                walk(member, &child, elements, found);
            }
        }
        Value::Array(items) if is_bytes(items) => {
            let chosen =
                (0..BYTES_CHANGED).map(|nth| nth * (items.len() - 1) / (BYTES_CHANGED - 1));
            for index in chosen {
                let child = pointer::child(at, &index.to_string());
                let byte = items[index].as_u64().unwrap_or_default();
                add(&child, Kind::OffByOne, Edit::Set(json!((byte + 1) % 256)));
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                let child = pointer::child(at, &index.to_string());
                add(&child, Kind::Remove, Edit::Remove);
                add(&child, Kind::Duplicate, Edit::Duplicate);
                if items.get(index + 1).is_some_and(|next| next != item) {
                    add(&child, Kind::Swap, Edit::Swap((index + 1).to_string()));
                }
            }
            for (index, item) in items.iter().enumerate() {
                let child = pointer::child(at, &index.to_string());
                of_value(item, &child, elements, found);
                walk(item, &child, elements, found);
            }
        }
        _ => {}
    }
}

/// Adds the changes of a value that leave its place as it is.
fn of_value(value: &Value, at: &str, elements: &[String], found: &mut Vec<Change>) {
    let mut add = |kind, changed| {
        found.push(Change { pointer: at.to_owned(), kind, edit: Edit::Set(changed) });
    };
    add(Kind::Retype, retyped(value));
    match value {
        Value::Number(number) => {
            if let Some(number) = number.as_i64() {
                add(Kind::OffByOne, json!(number.saturating_add(1)));
                add(Kind::OffByOne, json!(number.saturating_sub(1)));
            }
        }
        Value::String(text) => match neighbours(text) {
            Some(neighbours) => {
                neighbours.into_iter().for_each(|one| add(Kind::OffByOne, json!(one)));
                let other = elements.iter().position(|element| element == text);
                let other = other.map(|index| &elements[(index + 1) % elements.len()]);
                if let Some(other) = other.filter(|other| *other != text) {
                    add(Kind::OtherElement, json!(other));
                }
            }
            None => add(Kind::OtherValue, json!(format!("{text} "))),
        },
        Value::Bool(is) => add(Kind::OtherValue, json!(!is)),
        _ => {}
    }
}

fn retyped(value: &Value) -> Value {
    match value {
        Value::Null => json!({}),
        Value::Bool(is) => json!(is.to_string()),
        Value::Number(number) => json!(number.to_string()),
        Value::String(text) => match text.parse::<i64>() {
            Ok(number) => json!(number),
            Err(_) => json!([text]),
        },
        Value::Array(items) => {
            let members =
                items.iter().enumerate().map(|(nth, item)| (nth.to_string(), item.clone()));
            Value::Object(members.collect())
        }
        Value::Object(members) => json!([members]),
    }
}

fn is_bytes(items: &[Value]) -> bool {
    const MIN: usize = 16;
    items.len() >= MIN && items.iter().all(|item| item.as_u64().is_some_and(|byte| byte < 256))
}

/// Returns the numbers that are one more and one less than a decimal of any length; `None` of
/// another text.
fn neighbours(text: &str) -> Option<[String; 2]> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    if digits.bytes().all(|byte| byte == b'0') {
        return Some(["1".to_owned(), "-1".to_owned()]);
    }
    let [up, down] = [stepped(digits, b'9', b'0'), stepped(digits, b'0', b'9')];
    let up = if up.bytes().all(|byte| byte == b'0') { format!("1{up}") } else { up };
    let trimmed = down.trim_start_matches('0');
    // leading zeros that were there before stay, so that only one thing changes
    let down = match (digits.starts_with('0'), trimmed) {
        (true, _) => down.clone(),
        (false, "") => "0".to_owned(),
        (false, trimmed) => trimmed.to_owned(),
    };
    Some(match digits.len() == text.len() {
        true => [up, down],
        false if down == "0" => [down, format!("-{up}")],
        false => [format!("-{down}"), format!("-{up}")],
    })
}

/// Returns the digits with the last one stepped towards `turning`, which becomes `turned` and
/// carries.
fn stepped(digits: &str, turning: u8, turned: u8) -> String {
    let mut bytes = digits.as_bytes().to_vec();
    for byte in bytes.iter_mut().rev() {
        if *byte == turning {
            *byte = turned;
            continue;
        }
        *byte = if turning == b'9' { *byte + 1 } else { *byte - 1 };
        break;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

impl Change {
    /// Returns whether the changed document can only be a text.
    #[must_use]
    pub fn is_text(&self) -> bool {
        self.edit == Edit::Twice
    }

    /// Makes the change in a copy of the document.
    #[must_use]
    pub fn of(&self, document: &Value) -> Changed {
        let mut document = document.clone();
        let (parent, token) = self.pointer.rsplit_once('/').unwrap_or_default();
        let token = token.replace("~1", "/").replace("~0", "~");
        let Some(parent) = document.pointer_mut(parent) else {
            return Changed::Value(document);
        };
        match (&self.edit, parent) {
            (Edit::Set(value), parent) => set(parent, &token, value.clone()),
            (Edit::Remove, Value::Object(members)) => {
                members.remove(&token);
            }
            (Edit::Remove, Value::Array(items)) => {
                items.remove(index(&token));
            }
            (Edit::Duplicate, Value::Object(members)) => {
                let copy = members[&token].clone();
                members.insert(format!("{token}_copy"), copy);
            }
            (Edit::Duplicate, Value::Array(items)) => {
                let copy = items[index(&token)].clone();
                items.insert(index(&token), copy);
            }
            (Edit::Swap(other), Value::Array(items)) => items.swap(index(&token), index(other)),
            (Edit::Swap(other), parent) => {
                let [first, second] = [&token, other].map(|name| parent[name.as_str()].clone());
                set(parent, &token, second);
                set(parent, other, first);
            }
            (Edit::Twice, parent) => {
                // a value cannot have it, so the second is written under a name that nothing else
                // has
                let copy = parent[token.as_str()].clone();
                let marked = format!("{token}\u{1}");
                set(parent, &marked, copy);
                let [marked, name] = [json!(marked), json!(token)].map(|name| name.to_string());
                return Changed::Text(document.to_string().replace(&marked, &name));
            }
            _ => {}
        }
        Changed::Value(document)
    }
}

fn index(token: &str) -> usize {
    token.parse().unwrap_or_default()
}

fn set(parent: &mut Value, token: &str, value: Value) {
    match parent {
        Value::Object(members) => {
            members.insert(token.to_owned(), value);
        }
        Value::Array(items) => items[index(token)] = value,
        _ => {}
    }
}
