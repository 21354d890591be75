//! JSON Schemas, and whether outputs are as they say.

use jsonschema::Validator;
use serde_json::{Value, json};

/// A JSON Schema of an output.
pub struct Schema {
    open: Validator,
    closed: Validator,
}

impl Schema {
    /// Reads a schema.
    pub fn new(text: &str) -> Self {
        let mut schema: Value = serde_json::from_str(text).unwrap();
        let open = jsonschema::draft202012::new(&schema).unwrap();
        close(&mut schema);
        Self { open, closed: jsonschema::draft202012::new(&schema).unwrap() }
    }

    /// Returns whether the schema allows a value.
    pub fn allows(&self, value: &Value) -> bool {
        self.open.is_valid(value)
    }

    /// Asserts that the schema allows a value, and describes each of its members: readers ignore a
    /// member that the schema does not name, and writers must not have one.
    #[track_caller]
    pub fn assert_describes(&self, value: &Value) {
        for validator in [&self.open, &self.closed] {
            let errors: Vec<String> = (validator.iter_errors(value))
                .map(|error| format!("{}: {error}", error.instance_path()))
                .collect();
            assert!(errors.is_empty(), "{errors:?} in {value}");
        }
    }
}

/// Forbids members that the schema does not name, in each object whose members it names; not where
/// one of several schemas names them.
fn close(schema: &mut Value) {
    if let Value::Object(members) = schema {
        let closes = members.contains_key("properties") && !members.contains_key("oneOf");
        if closes && !members.contains_key("additionalProperties") {
            members.insert("additionalProperties".to_owned(), json!(false));
        }
        for (name, member) in members {
            match (name.as_str(), member) {
                ("properties" | "$defs", Value::Object(named)) => {
                    named.values_mut().for_each(close)
                }
                (_, member) => close(member),
            }
        }
    } else if let Value::Array(items) = schema {
        items.iter_mut().for_each(close);
    }
}
