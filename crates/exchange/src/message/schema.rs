//! The draft's JSON Schemas (sections "Proof Request JSON Schema", "Criteria JSON Schema" and "Proof Response JSON
//! Schema"), repaired. They are files in `schemas/`, each of which begins with what was repaired.

use std::sync::LazyLock;

use jsonschema::{
    Draft, JsonType, Registry, ValidationError, Validator,
    error::{TypeKind, ValidationErrorKind},
};
use serde_json::Value;

use super::{
    MAX_VIOLATIONS, Mode, Rule, Violation,
    rules::{described, shortened},
};

/// The base of the schemas' ids. It names them, and nothing is fetched from there.
const BASE: &str = "https://proof-exchange.example/";

const FILES: [(&str, &str); 7] = [
    ("common.json", include_str!("../../schemas/common.json")),
    ("criterion.json", include_str!("../../schemas/criterion.json")),
    ("credential.json", include_str!("../../schemas/credential.json")),
    ("request.json", include_str!("../../schemas/request.json")),
    ("response.json", include_str!("../../schemas/response.json")),
    ("request-strict.json", include_str!("../../schemas/request-strict.json")),
    ("response-strict.json", include_str!("../../schemas/response-strict.json")),
];

/// A validator collects all errors before it returns any. In a document of more values than this only the first
/// error is asked for, so that a hostile document of 1 MiB does not make it collect millions.
const MANY_VALUES: usize = 5_000;

static REQUEST: LazyLock<Schema> = LazyLock::new(|| Schema::of("request.json"));
static REQUEST_STRICT: LazyLock<Schema> = LazyLock::new(|| Schema::of("request-strict.json"));
static RESPONSE: LazyLock<Schema> = LazyLock::new(|| Schema::of("response.json"));
static RESPONSE_STRICT: LazyLock<Schema> = LazyLock::new(|| Schema::of("response-strict.json"));
static CREDENTIAL: LazyLock<Schema> = LazyLock::new(|| Schema::of("credential.json"));

/// The files, each parsed, to look up what a schema says of the rule that is broken.
static SOURCES: LazyLock<Vec<(&str, Value)>> = LazyLock::new(|| {
    let parsed = |(name, text)| Some((name, serde_json::from_str(text).ok()?));
    FILES.into_iter().filter_map(parsed).collect()
});

pub(super) fn request(document: &Value, mode: Mode) -> Vec<Violation> {
    match mode {
        Mode::Usual => REQUEST.violations(document),
        Mode::Strict => REQUEST_STRICT.violations(document),
    }
}

pub(super) fn response(document: &Value, mode: Mode) -> Vec<Violation> {
    match mode {
        Mode::Usual => RESPONSE.violations(document),
        Mode::Strict => RESPONSE_STRICT.violations(document),
    }
}

pub(super) fn credential(document: &Value) -> Vec<Violation> {
    CREDENTIAL.violations(document)
}

/// A schema, compiled; or why it does not compile, in which case it refuses everything. A test shows that all do.
struct Schema(Result<Validator, String>);

impl Schema {
    fn of(name: &str) -> Self {
        Self(compiled(name).map_err(|error| error.to_string()))
    }

    fn violations(&self, document: &Value) -> Vec<Violation> {
        match &self.0 {
            Ok(validator) if validator.is_valid(document) => Vec::new(),
            Ok(validator) if has_many_values(document) => {
                let first = validator.validate(document).err();
                first.iter().map(violation).collect()
            }
            Ok(validator) => {
                let errors = validator.iter_errors(document);
                errors.take(MAX_VIOLATIONS).map(|error| violation(&error)).collect()
            }
            Err(reason) => vec![Violation {
                rule: Rule::Schema,
                pointer: String::new(),
                expected: "a JSON Schema of this crate that can be used".to_owned(),
                got: shortened(reason),
                remedy: "report it as an error of this crate".to_owned(),
            }],
        }
    }
}

fn compiled(name: &str) -> Result<Validator, Box<dyn std::error::Error>> {
    let mut registry = Registry::new().draft(Draft::Draft4);
    for (name, schema) in &*SOURCES {
        registry = registry.add(format!("{BASE}{name}"), schema)?;
    }
    let registry = registry.prepare()?;
    let (_, schema) = SOURCES.iter().find(|(source, _)| *source == name).ok_or("no such schema")?;
    let options = jsonschema::options().with_draft(Draft::Draft4).offline();
    Ok(options.with_registry(&registry).build(schema)?)
}

/// Returns whether a document has more values than [`MANY_VALUES`]; counts no further than that.
fn has_many_values(document: &Value) -> bool {
    let mut left = vec![document];
    let mut count = 0;
    while let Some(value) = left.pop() {
        count += 1;
        match value {
            Value::Array(list) => left.extend(list),
            Value::Object(members) => left.extend(members.values()),
            _ => {}
        }
        if count + left.len() > MANY_VALUES {
            return true;
        }
    }
    false
}

/// Returns what a validator found, in the words of the schema where it has any.
fn violation(error: &ValidationError) -> Violation {
    let said = source(error);
    let too_many = matches!(error.kind(), ValidationErrorKind::MaxItems { .. });
    let named = said.filter(|_| !too_many).and_then(|schema| {
        let rule = Rule::named(schema.get("rule")?.as_str()?)?;
        Some((rule, schema.get("description")?.as_str()?.to_owned()))
    });
    let (rule, expected) = named.unwrap_or_else(|| {
        let rule = if too_many { Rule::TooMany } else { Rule::Schema };
        (rule, expected(error))
    });
    let got = match error.kind() {
        ValidationErrorKind::Required { .. } => "none".to_owned(),
        _ => described(error.instance()),
    };
    Violation {
        rule,
        pointer: error.instance_path().to_string(),
        expected,
        got,
        remedy: rule.remedy().to_owned(),
    }
}

/// Returns the part of a schema that holds the keyword which an error is about.
fn source(error: &ValidationError) -> Option<&'static Value> {
    let location = error.absolute_keyword_location()?.as_str();
    let (file, pointer) = location.strip_prefix(BASE)?.split_once('#')?;
    let (_, schema) = SOURCES.iter().find(|(name, _)| *name == file)?;
    let (holder, _keyword) = pointer.rsplit_once('/')?;
    schema.pointer(holder)
}

fn expected(error: &ValidationError) -> String {
    match error.kind() {
        ValidationErrorKind::Required { property } => format!("the member {property}"),
        ValidationErrorKind::Type { kind: TypeKind::Single(kind) } => kind_of(kind).to_owned(),
        ValidationErrorKind::Type { kind: TypeKind::Multiple(kinds) } => {
            let kinds: Vec<&str> = kinds.iter().map(|kind| kind_of(&kind)).collect();
            kinds.join(" or ")
        }
        ValidationErrorKind::MinItems { limit } => format!("at least {limit} elements"),
        ValidationErrorKind::MaxItems { limit } => format!("at most {limit} elements"),
        ValidationErrorKind::MinLength { limit } => format!("at least {limit} characters"),
        ValidationErrorKind::MaxLength { limit } => format!("at most {limit} characters"),
        _ => shortened(&error.masked().to_string()),
    }
}

/// Returns a type of JSON Schema in words.
fn kind_of(kind: &JsonType) -> &'static str {
    match kind {
        JsonType::Array => "a list",
        JsonType::Boolean => "true or false",
        JsonType::Integer => "a whole number",
        JsonType::Null => "null",
        JsonType::Number => "a number",
        JsonType::Object => "an object",
        JsonType::String => "a text",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_schema_is_valid_draft_4_and_compiles() {
        for (name, text) in FILES {
            let schema: Value = serde_json::from_str(text).unwrap();
            assert!(jsonschema::draft4::meta::is_valid(&schema), "{name}");
            compiled(name).unwrap_or_else(|error| panic!("{name}: {error}"));
        }
    }

    #[test]
    fn every_schema_says_first_what_was_repaired() {
        for (name, text) in FILES {
            let schema: Value = serde_json::from_str(text).unwrap();
            assert_eq!(schema["id"], format!("{BASE}{name}"));
            assert!(schema["description"].as_str().unwrap().len() > 40, "{name}");
        }
    }

    #[test]
    fn every_rule_that_a_schema_names_exists() {
        let mut left: Vec<&Value> = SOURCES.iter().map(|(_, schema)| schema).collect();
        let mut rules = 0;
        while let Some(value) = left.pop() {
            if let Some(rule) = value.get("rule") {
                rules += 1;
                assert!(Rule::named(rule.as_str().unwrap()).is_some(), "{rule}");
                assert!(value["description"].is_string(), "{rule}");
            }
            match value {
                Value::Array(list) => left.extend(list),
                Value::Object(members) => left.extend(members.values()),
                _ => {}
            }
        }
        assert!(rules >= 12, "{rules}");
    }
}
