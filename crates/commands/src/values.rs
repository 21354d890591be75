//! The values of a credential as an issuer writes them, and the integers that are signed for them.
//!
//! | in JSON | raw value | signed |
//! |---|---|---|
//! | a text | the text | the number that it reads as, if it has 32 bits; otherwise its SHA-256 |
//! | a number | as it is written | the same |
//! | `true`, `false` | `true`, `false` | the SHA-256 of that |
//! | a date as `"2001-05-17"`, of an attribute whose name ends in `_dateint` | `20010517` | `20010517` |
//! | `{"file": "photo.jpg"}` | the bytes in base64 | the SHA-256 of that text |
//! | `{"raw": "...", "encoded": "..."}`, as libindy has them | `raw` | `encoded`, which must be the standard encoding |
//!
//! A predicate compares what is signed, so only numbers of 32 bits and dates can be compared.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io::{Read, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};
use base64::{Engine, prelude::BASE64_STANDARD};
use indy::anoncreds::{CredentialValues, credential_values};
use proofs::{
    encoding::{encode, encodes_to, integer},
    limits::MAX_BYTES,
    lint::Date,
    names::{fold, holds_date},
    objects,
};
use serde::Deserialize;
use serde_json::{Value, json, value::RawValue};
use stdx::{
    pointer,
    text::{Plain, Quoted, shorten_numbers},
};
use tutorial::{input, output};

/// The most bytes of a file that is a value. In base64 it is a quarter of a presentation.
const MAX_FILE_BYTES: usize = MAX_BYTES / 4 / 4 * 3;

/// The raw values of a credential's attributes, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AttributeValues(BTreeMap<String, String>);

/// A value that is an object.
#[derive(Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum ValueObject {
    /// The content of a file.
    File { file: PathBuf },
    /// A value with its encoding.
    Encoded { raw: String, encoded: String },
}

impl AttributeValues {
    /// Reads the values in a file, or on standard input if it is `-`. Files that it names are found
    /// beside it.
    ///
    /// # Errors
    ///
    /// When it cannot be read, or a value cannot be used.
    pub async fn read(path: &Path) -> Result<Self> {
        let text = input::text_up_to(path, "a credential's values", MAX_BYTES).await?;
        let directory = path.parent().unwrap_or(Path::new(""));
        Self::from_json(&text, directory).with_context(|| format!("cannot use {}", path.display()))
    }

    /// Reads the values in a JSON object from names to values. The files that it names are found in
    /// a directory.
    ///
    /// # Errors
    ///
    /// When it is not such an object, or a value cannot be used; the error has a JSON pointer.
    pub fn from_json(json: &str, directory: &Path) -> Result<Self> {
        objects::check_json(json)?;
        let values: BTreeMap<String, Box<RawValue>> = serde_json::from_str(json).ok().context(
            "expected an object from attribute names to values: {\"name\": \"Alex\", \"age\": 28}",
        )?;
        let values = values.iter().map(|(name, value)| {
            let raw = raw_value(name, value.get(), directory);
            Ok((name.clone(), raw.with_context(|| pointer::child("", name))?))
        });
        Ok(Self(values.collect::<Result<_>>()?))
    }

    /// Checks that there is a value for each attribute of a schema, and no other.
    ///
    /// # Errors
    ///
    /// When there is not; the error names the attributes.
    pub fn check_attributes<'a>(&self, schema: impl IntoIterator<Item = &'a str>) -> Result<()> {
        let wanted: BTreeMap<String, &str> =
            schema.into_iter().map(|name| (fold(name), name)).collect();
        let mut given = BTreeMap::new();
        for name in self.0.keys() {
            if let Some(other) = given.insert(fold(name), name.as_str()) {
                bail!("{} and {} are one attribute; remove one", Quoted(other), Quoted(name));
            }
        }
        let missing = named(&wanted, |name| !given.contains_key(name));
        ensure!(
            missing.is_empty(),
            "there is no value for {missing}; the schema has it, so add it"
        );
        let unknown = named(&given, |name| !wanted.contains_key(name));
        let known = named(&wanted, |_| true);
        ensure!(
            unknown.is_empty(),
            "{unknown} is not an attribute of the schema, which has {known}; remove or rename it"
        );
        Ok(())
    }

    /// Returns the values in the form that is signed.
    pub fn credential_values(&self) -> CredentialValues {
        credential_values(self.0.iter().map(|(name, raw)| (name.as_str(), raw.as_str())))
    }

    /// Returns each raw value with its encoding, for a program.
    pub fn to_json(&self) -> Value {
        let values = self.0.iter();
        values
            .map(|(name, raw)| (name.clone(), json!({"raw": raw, "encoded": encode(raw)})))
            .collect()
    }

    /// Prints each value with what is signed for it, for a person.
    ///
    /// # Errors
    ///
    /// When standard output cannot be written.
    pub fn print(&self) -> std::io::Result<()> {
        let mut out = output::text();
        let width = self.0.keys().map(|name| Plain(name).to_string().chars().count()).max();
        for (name, raw) in &self.0 {
            let (name, width) = (Plain(name).to_string(), width.unwrap_or_default());
            let encoded = encode(raw);
            let signed = match integer(&encoded) {
                Some(_) => format!("signed as the number {encoded}"),
                None => format!("signed as its SHA-256, {}", shorten_numbers(&encoded)),
            };
            writeln!(out, "  {name:width$}  {}, {signed}", Quoted(raw))?;
        }
        Ok(())
    }
}

/// Returns the names of attributes for which a condition holds, in quotation marks.
fn named(names: &BTreeMap<String, &str>, condition: impl Fn(&str) -> bool) -> String {
    let chosen: BTreeSet<String> = names
        .iter()
        .filter(|(folded, _)| condition(folded))
        .map(|(_, name)| Quoted(name).to_string())
        .collect();
    chosen.into_iter().collect::<Vec<_>>().join(", ")
}

/// Returns the raw value that JSON gives for an attribute. A file that it names is found in a
/// directory.
///
/// # Errors
///
/// When the value cannot be used.
pub(crate) fn raw_value(name: &str, json: &str, directory: &Path) -> Result<String> {
    let raw = match serde_json::from_str(json)? {
        Value::String(text) => text,
        // as it is written: 1.50 stays 1.50
        Value::Number(_) => json.to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Object(_) => match serde_json::from_str(json) {
            Ok(ValueObject::File { file }) => return file_value(&directory.join(file)),
            Ok(ValueObject::Encoded { raw, encoded }) => {
                ensure!(
                    encodes_to(&raw, &encoded),
                    "\"encoded\" is not the encoding of \"raw\", which is {}; verifiers refuse another one, so \
                     leave \"encoded\" out: write the value alone",
                    encode(&raw)
                );
                raw
            }
            Err(_) => bail!("expected {{\"file\": \"photo.jpg\"}} or a value, got another object"),
        },
        Value::Array(_) => {
            bail!("expected a text, a number, true, false or {{\"file\": ...}}, got a list")
        }
        Value::Null => bail!("expected a value, got null; write \"\" if there is none"),
    };
    match holds_date(name) {
        true => date_value(raw),
        false => Ok(raw),
    }
}

/// Returns a date as the number YYYYMMDD; an empty text stays empty.
fn date_value(raw: String) -> Result<String> {
    let number = || Date::from_number(raw.parse().ok()?);
    match Date::parse(&raw).or_else(number) {
        Some(date) => Ok(date.number().to_string()),
        None if raw.is_empty() => Ok(raw),
        None => bail!(
            "{} is not a date, which this attribute holds by its name; write it as \"2001-05-17\" or 20010517",
            Quoted(&raw)
        ),
    }
}

/// Returns the content of a file in base64.
fn file_value(path: &Path) -> Result<String> {
    let read = || -> std::io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        File::open(path)?.take(MAX_FILE_BYTES as u64 + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let shown = path.display();
    let bytes =
        read().with_context(|| format!("cannot read {shown}; name a file beside the values"))?;
    ensure!(
        bytes.len() <= MAX_FILE_BYTES,
        "{shown} has more than {} KiB, the most that a value can have",
        MAX_FILE_BYTES >> 10
    );
    Ok(BASE64_STANDARD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<AttributeValues> {
        AttributeValues::from_json(json, Path::new("no-such-directory"))
    }

    fn signed(json: &str, name: &str) -> (String, String) {
        let values = read(json).unwrap().credential_values();
        let value = &values.0[name];
        (value.raw.clone(), value.encoded.clone())
    }

    fn refusal(json: &str) -> String {
        format!("{:#}", read(json).unwrap_err())
    }

    fn both(text: &str) -> (String, String) {
        (text.to_owned(), text.to_owned())
    }

    #[test]
    fn numbers_are_signed_as_themselves_within_32_bits() {
        assert_eq!(signed(r#"{"age": 28}"#, "age"), both("28"));
        assert_eq!(signed(r#"{"age": "-28"}"#, "age"), both("-28"));
        for written in ["1.50", "2147483648", "1e3"] {
            let (raw, encoded) = signed(&format!(r#"{{"n": {written}}}"#), "n");
            assert_eq!((raw.as_str(), encoded), (written, encode(written)), "{written}");
            assert_eq!(integer(&encode(written)), None);
        }
    }

    #[test]
    fn a_date_is_signed_as_the_number_of_its_digits() {
        for date in [r#""2001-05-17""#, "20010517", r#""20010517""#] {
            let json = format!(r#"{{"birth_dateint": {date}}}"#);
            assert_eq!(signed(&json, "birth_dateint"), both("20010517"), "{date}");
        }
        assert_eq!(signed(r#"{"birth": "2001-05-17"}"#, "birth").0, "2001-05-17");
        for date in [r#""2001-02-30""#, "18", r#""17.5.2001""#] {
            let refused = refusal(&format!(r#"{{"Birth_DateInt": {date}}}"#));
            assert!(refused.starts_with("/Birth_DateInt: "), "{refused}");
            assert!(refused.contains("is not a date"), "{refused}");
        }
    }

    #[test]
    fn true_and_false_are_texts() {
        let (raw, encoded) = signed(r#"{"member": true}"#, "member");
        assert_eq!((raw.as_str(), encoded), ("true", encode("true")));
    }

    #[test]
    fn a_file_is_base64() {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("photo.jpg"), [0xff, 0xd8, 0xff]).unwrap();
        let values = r#"{"photo": {"file": "photo.jpg"}}"#;
        let values = AttributeValues::from_json(values, directory.path()).unwrap();
        assert_eq!(values.credential_values().0["photo"].raw, "/9j/");
        let large = vec![0; MAX_FILE_BYTES + 1];
        std::fs::write(directory.path().join("large.jpg"), large).unwrap();
        let values = r#"{"photo": {"file": "large.jpg"}}"#;
        let refused = AttributeValues::from_json(values, directory.path()).unwrap_err();
        assert!(format!("{refused:#}").contains("more than 768 KiB"), "{refused:#}");
        assert!(refusal(r#"{"photo": {"file": "none.jpg"}}"#).contains("none.jpg"));
    }

    #[test]
    fn an_encoding_beside_a_value_must_be_the_standard_one() {
        let encoded = encode("male");
        let json = format!(r#"{{"sex": {{"raw": "male", "encoded": "{encoded}"}}}}"#);
        assert_eq!(signed(&json, "sex").0, "male");
        let refused = refusal(r#"{"sex": {"raw": "male", "encoded": "1"}}"#);
        assert!(refused.contains("leave \"encoded\" out"), "{refused}");
    }

    #[test]
    fn what_is_not_a_value_is_refused_with_its_pointer() {
        for (json, expected) in [
            (r#"{"a": null}"#, "/a: expected a value, got null"),
            (r#"{"a/b": [1]}"#, "/a~1b: expected a text"),
            (r#"{"a": {"b": 1}}"#, "got another object"),
            (r#"{"a": 1, "a": 2}"#, "/a: expected each member once"),
            ("[]", "expected an object from attribute names to values"),
        ] {
            let refused = refusal(json);
            assert!(refused.contains(expected), "{json}: {refused}");
        }
    }

    #[test]
    fn the_attributes_are_those_of_the_schema() {
        let values = read(r#"{"First Name": "Alex", "age": 28}"#).unwrap();
        values.check_attributes(["firstname", "age"]).unwrap();
        let refused = |schema: &[&str]| {
            values.check_attributes(schema.iter().copied()).unwrap_err().to_string()
        };
        assert!(refused(&["age"]).starts_with("\"First Name\" is not an attribute"));
        assert!(refused(&["firstname", "age", "sex"]).starts_with("there is no value for \"sex\""));
        let twice = read(r#"{"age": 1, "Age": 2}"#).unwrap();
        assert!(twice.check_attributes(["age"]).unwrap_err().to_string().contains("one attribute"));
    }
}
