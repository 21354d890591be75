//! The files, and changes of them. The generator of the test vectors reads them too, from its own
//! crate.

use serde_json::Value;

/// Returns the text of a file: one of the draft's examples, or one of `fixtures/`.
pub fn bytes(name: &str) -> Vec<u8> {
    let tests = concat!(env!("CARGO_MANIFEST_DIR"), "/../exchange/tests");
    let folders = ["draft", "integration/messages/fixtures"];
    let read = |folder| std::fs::read(format!("{tests}/{folder}/{name}"));
    let mut found = folders.into_iter().filter_map(|folder| read(folder).ok());
    found.next().unwrap_or_else(|| panic!("there is no {name}"))
}

pub fn document(name: &str) -> Value {
    serde_json::from_slice(&bytes(name)).unwrap()
}

/// Puts a value where a pointer leads: as a member, an element, or at a list's end where it ends in
/// `-`.
pub fn put(document: &mut Value, pointer: &str, value: Value) {
    let (holder, last) = pointer.rsplit_once('/').unwrap();
    match document.pointer_mut(holder) {
        Some(Value::Array(list)) if last == "-" => list.push(value),
        Some(Value::Array(list)) => list[last.parse::<usize>().unwrap()] = value,
        Some(Value::Object(members)) => {
            members.insert(last.to_owned(), value);
        }
        _ => panic!("{pointer} leads nowhere"),
    }
}

/// Takes away what a pointer leads to.
pub fn remove(document: &mut Value, pointer: &str) {
    let (holder, last) = pointer.rsplit_once('/').unwrap();
    match document.pointer_mut(holder) {
        Some(Value::Array(list)) => {
            list.remove(last.parse().unwrap());
        }
        Some(Value::Object(members)) => {
            members.remove(last).expect("a member");
        }
        _ => panic!("{pointer} leads nowhere"),
    }
}
