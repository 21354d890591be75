//! The members of a request, checked one by one as a node checks them.

use serde_json::{Map, Value};

use crate::format::{
    MAX_ATTRIBUTES, MAX_NAME_LENGTH, MAX_VERSION_LENGTH, is_schema_version, is_verkey,
    python::{quoted, repr, shorten, str, type_name},
};

/// What is wrong with the form of a request, as a node words it.
pub(super) type FormError = String;

/// An object in a request, with the name that nodes have for its kind.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a> {
    kind: &'static str,
    members: &'a Map<String, Value>,
}

impl<'a> Fields<'a> {
    /// Takes the members of an object.
    ///
    /// # Errors
    /// When the value is not an object, or lacks a required member.
    pub(super) fn new(
        kind: &'static str,
        value: &'a Value,
        required: &[&str],
    ) -> Result<Self, FormError> {
        let Some(members) = value.as_object() else {
            return Err(format!(
                "validation error [{kind}]: invalid type <class '{}'>, dict expected",
                type_name(value)
            ));
        };
        let missing: Vec<&str> =
            required.iter().copied().filter(|name| !members.contains_key(*name)).collect();
        if !missing.is_empty() {
            return Err(format!(
                "validation error [{kind}]: missed fields - {}. ",
                missing.join(", ")
            ));
        }
        Ok(Self { kind, members })
    }

    /// Returns a member; `null` when it is absent.
    pub(super) fn value(&self, name: &str) -> &'a Value {
        self.members.get(name).unwrap_or(&Value::Null)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.members.contains_key(name)
    }

    /// Returns the error of a member.
    pub(super) fn invalid(&self, name: &str, problem: &str) -> FormError {
        format!(
            "validation error [{}]: {problem} ({name}={})",
            self.kind,
            shorten(&str(self.value(name)))
        )
    }

    fn wrong_type(&self, name: &str, expected: &str) -> FormError {
        let got = type_name(self.value(name));
        self.invalid(name, &format!("expected types '{expected}', got '{got}'"))
    }

    fn string(&self, name: &str) -> Result<&'a str, FormError> {
        self.value(name).as_str().ok_or_else(|| self.wrong_type(name, "str"))
    }

    /// Returns a text of one to `max` characters.
    pub(super) fn text(&self, name: &str, max: usize) -> Result<&'a str, FormError> {
        let text = self.string(name)?;
        match length_problem(text, max) {
            Some(problem) => Err(self.invalid(name, &problem)),
            None => Ok(text),
        }
    }

    /// Returns a DID: base58 of 16 or 32 bytes.
    pub(super) fn did(&self, name: &str) -> Result<&'a str, FormError> {
        let did = self.string(name)?;
        match base58_problem(did, &[16, 32]) {
            Some(problem) => Err(self.invalid(name, &problem)),
            None => Ok(did),
        }
    }

    /// Returns a verification key; `None` for `null`.
    pub(super) fn optional_verkey(&self, name: &str) -> Result<Option<&'a str>, FormError> {
        if self.value(name).is_null() {
            return Ok(None);
        }
        let verkey = self.string(name)?;
        if is_verkey(verkey) {
            return Ok(Some(verkey));
        }
        let abbreviated = match verkey.strip_prefix('~') {
            Some(rest) => base58_problem(rest, &[16]),
            None => Some("should start with a ~".to_owned()),
        };
        let problem = format!(
            "Neither a full verkey nor an abbreviated one. One of these errors should be resolved:\n {}\n{}",
            abbreviated.unwrap_or_default(),
            base58_problem(verkey, &[32]).unwrap_or_default(),
        );
        Err(self.invalid(name, &problem))
    }

    /// Returns a sequence number, which is at least 1.
    pub(super) fn seq_no(&self, name: &str) -> Result<u64, FormError> {
        let value = self.value(name);
        if !value.is_i64() && !value.is_u64() {
            return Err(self.wrong_type(name, "int"));
        }
        value
            .as_u64()
            .filter(|number| *number > 0)
            .ok_or_else(|| self.invalid(name, "cannot be smaller than 1"))
    }

    /// Returns a string; `None` for `null`.
    pub(super) fn optional_string(&self, name: &str) -> Result<Option<&'a str>, FormError> {
        match self.value(name) {
            Value::Null => Ok(None),
            Value::String(text) => Ok(Some(text)),
            _ => Err(self.wrong_type(name, "str, NoneType")),
        }
    }

    /// Checks that a member is an object. Its own members are not checked.
    pub(super) fn check_object(&self, name: &str) -> Result<(), FormError> {
        match self.value(name) {
            Value::Object(_) => Ok(()),
            _ => Err(self.wrong_type(name, "dict")),
        }
    }

    /// Returns a schema's version: two or three numbers.
    pub(super) fn schema_version(&self, name: &str) -> Result<&'a str, FormError> {
        let version = self.text(name, MAX_VERSION_LENGTH)?;
        if is_schema_version(version) {
            return Ok(version);
        }
        let parts: Vec<&str> = version.split('.').collect();
        let all_digits = parts
            .iter()
            .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
        let problem = if all_digits {
            format!("invalid number of parts {}, should contain 2 or 3", parts.len())
        } else {
            format!("Invalid version: {}", quoted(version))
        };
        Err(self.invalid(name, &problem))
    }

    /// Checks a schema's attribute names: at least one, not too many, none empty, no duplicates.
    ///
    /// Nodes accept duplicates; this ledger does not, because no credential can be issued for such
    /// a schema.
    pub(super) fn check_attribute_names(&self, name: &str) -> Result<(), FormError> {
        let Value::Array(names) = self.value(name) else {
            return Err(self.wrong_type(name, "list, tuple"));
        };
        if names.is_empty() {
            return Err(self.invalid(name, "length should be at least 1"));
        }
        if names.len() > MAX_ATTRIBUTES {
            let problem = format!("length should be at most {MAX_ATTRIBUTES}");
            return Err(self.invalid(name, &problem));
        }
        for (position, attribute) in names.iter().enumerate() {
            let problem = match attribute.as_str() {
                None => Some(format!("expected types 'str', got '{}'", type_name(attribute))),
                Some(_) if names[..position].contains(attribute) => {
                    Some(format!("duplicate attribute name {}", repr(attribute)))
                }
                Some(text) => length_problem(text, MAX_NAME_LENGTH),
            };
            if let Some(problem) = problem {
                return Err(self.invalid(name, &problem));
            }
        }
        Ok(())
    }
}

fn length_problem(text: &str, max: usize) -> Option<String> {
    if text.is_empty() {
        return Some("empty string".to_owned());
    }
    (text.chars().count() > max).then(|| format!("{} is longer than {max} symbols", shorten(text)))
}

fn base58_problem(text: &str, lengths: &[usize]) -> Option<String> {
    const ALPHABET: &[u8] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    // Decoding takes time quadratic in the length, so long texts are refused undecoded.
    const MAX_LENGTH: usize = 128;
    const MAX_SHOWN: usize = 10;
    let mut invalid: Vec<char> =
        text.chars().filter(|c| !c.is_ascii() || !ALPHABET.contains(&(*c as u8))).collect();
    if !invalid.is_empty() {
        invalid.sort_unstable();
        invalid.dedup();
        let shown: Vec<String> =
            invalid.iter().take(MAX_SHOWN).map(|c| quoted(&c.to_string())).collect();
        let more = if invalid.len() > MAX_SHOWN { " (truncated)" } else { "" };
        return Some(format!(
            "should not contain the following chars [{}]{more}",
            shown.join(", ")
        ));
    }
    if text.len() > MAX_LENGTH {
        return Some(format!("is longer than {MAX_LENGTH} symbols"));
    }
    let length = bs58::decode(text).into_vec().map_or(0, |bytes| bytes.len());
    if lengths.contains(&length) {
        return None;
    }
    let expected = match lengths {
        [one] => one.to_string(),
        several => format!("one of {several:?}"),
    };
    Some(format!("b58 decoded value length {length} should be {expected}"))
}
