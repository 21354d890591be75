//! The members of a request, each of the kind that a node wants, or the node's complaint.

use serde_json::{Map, Value};

use super::python::{repr, repr_text, shorten, str, type_name};
use crate::format::{ATTRIBUTES_LIMIT, NAME_LIMIT, is_schema_version, is_verkey};

/// What is wrong with a member, as a node words it.
pub(super) type Complaint = String;

/// An object of a request, under the name that nodes have for its kind.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a> {
    kind: &'static str,
    members: &'a Map<String, Value>,
}

impl<'a> Fields<'a> {
    /// The object's members, when it is one and has all that it must have.
    pub(super) fn new(
        kind: &'static str,
        value: &'a Value,
        required: &[&str],
    ) -> Result<Self, Complaint> {
        let Some(members) = value.as_object() else {
            return Err(format!(
                "validation error [{kind}]: invalid type <class '{}'>, dict expected",
                type_name(value)
            ));
        };
        let missing: Vec<&str> = required
            .iter()
            .copied()
            .filter(|name| !members.contains_key(*name))
            .collect();
        if !missing.is_empty() {
            return Err(format!(
                "validation error [{kind}]: missed fields - {}. ",
                missing.join(", ")
            ));
        }
        Ok(Self { kind, members })
    }

    /// A member; `null` when it is absent.
    pub(super) fn value(&self, name: &str) -> &'a Value {
        self.members.get(name).unwrap_or(&Value::Null)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.members.contains_key(name)
    }

    /// Complains about a member.
    pub(super) fn complain(&self, name: &str, problem: &str) -> Complaint {
        format!(
            "validation error [{}]: {problem} ({name}={})",
            self.kind,
            shorten(&str(self.value(name)))
        )
    }

    fn wrong_type(&self, name: &str, expected: &str) -> Complaint {
        let got = type_name(self.value(name));
        self.complain(name, &format!("expected types '{expected}', got '{got}'"))
    }

    fn string(&self, name: &str) -> Result<&'a str, Complaint> {
        self.value(name)
            .as_str()
            .ok_or_else(|| self.wrong_type(name, "str"))
    }

    /// A text of one to `limit` characters.
    pub(super) fn text(&self, name: &str, limit: usize) -> Result<&'a str, Complaint> {
        let text = self.string(name)?;
        match length_problem(text, limit) {
            Some(problem) => Err(self.complain(name, &problem)),
            None => Ok(text),
        }
    }

    /// A DID: base58 of 16 or 32 bytes.
    pub(super) fn did(&self, name: &str) -> Result<&'a str, Complaint> {
        let did = self.string(name)?;
        match base58_problem(did, &[16, 32]) {
            Some(problem) => Err(self.complain(name, &problem)),
            None => Ok(did),
        }
    }

    /// A verification key, or `null`.
    pub(super) fn optional_verkey(&self, name: &str) -> Result<Option<&'a str>, Complaint> {
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
        Err(self.complain(name, &problem))
    }

    /// A sequence number.
    pub(super) fn seq_no(&self, name: &str) -> Result<u64, Complaint> {
        let value = self.value(name);
        if !value.is_i64() && !value.is_u64() {
            return Err(self.wrong_type(name, "int"));
        }
        value
            .as_u64()
            .filter(|number| *number > 0)
            .ok_or_else(|| self.complain(name, "cannot be smaller than 1"))
    }

    /// A string or `null`.
    pub(super) fn optional_string(&self, name: &str) -> Result<Option<&'a str>, Complaint> {
        match self.value(name) {
            Value::Null => Ok(None),
            Value::String(text) => Ok(Some(text)),
            _ => Err(self.wrong_type(name, "str, NoneType")),
        }
    }

    /// An object of whatever members.
    pub(super) fn any_object(&self, name: &str) -> Result<(), Complaint> {
        match self.value(name) {
            Value::Object(_) => Ok(()),
            _ => Err(self.wrong_type(name, "dict")),
        }
    }

    /// A schema's version: two or three numbers.
    pub(super) fn schema_version(&self, name: &str) -> Result<&'a str, Complaint> {
        const LIMIT: usize = 128;
        let version = self.text(name, LIMIT)?;
        if is_schema_version(version) {
            return Ok(version);
        }
        let parts: Vec<&str> = version.split('.').collect();
        let all_digits = parts
            .iter()
            .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
        let problem = if all_digits {
            format!(
                "invalid number of parts {}, should contain 2 or 3",
                parts.len()
            )
        } else {
            format!("Invalid version: {}", repr_text(version))
        };
        Err(self.complain(name, &problem))
    }

    /// A schema's attribute names: some, not too many, none empty, none twice.
    ///
    /// That none may come twice is this ledger's own rule: nodes take `["a", "a"]`, which nobody
    /// can issue a credential for.
    pub(super) fn attribute_names(&self, name: &str) -> Result<(), Complaint> {
        let Value::Array(names) = self.value(name) else {
            return Err(self.wrong_type(name, "list, tuple"));
        };
        if names.is_empty() {
            return Err(self.complain(name, "length should be at least 1"));
        }
        if names.len() > ATTRIBUTES_LIMIT {
            let problem = format!("length should be at most {ATTRIBUTES_LIMIT}");
            return Err(self.complain(name, &problem));
        }
        for (position, attribute) in names.iter().enumerate() {
            let problem = match attribute.as_str() {
                None => Some(format!(
                    "expected types 'str', got '{}'",
                    type_name(attribute)
                )),
                Some(_) if names[..position].contains(attribute) => {
                    Some(format!("duplicate attribute name {}", repr(attribute)))
                }
                Some(text) => length_problem(text, NAME_LIMIT),
            };
            if let Some(problem) = problem {
                return Err(self.complain(name, &problem));
            }
        }
        Ok(())
    }
}

fn length_problem(text: &str, limit: usize) -> Option<String> {
    if text.is_empty() {
        return Some("empty string".to_owned());
    }
    (text.chars().count() > limit)
        .then(|| format!("{} is longer than {limit} symbols", shorten(text)))
}

fn base58_problem(text: &str, lengths: &[usize]) -> Option<String> {
    const ALPHABET: &[u8] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    // Decoding takes time quadratic in the length: what is far too long is not decoded.
    const LONGEST: usize = 128;
    let mut strangers: Vec<char> = text
        .chars()
        .filter(|c| !c.is_ascii() || !ALPHABET.contains(&(*c as u8)))
        .collect();
    if !strangers.is_empty() {
        strangers.sort_unstable();
        strangers.dedup();
        let shown: Vec<String> = strangers
            .iter()
            .take(10)
            .map(|c| repr_text(&c.to_string()))
            .collect();
        let more = if strangers.len() > 10 {
            " (truncated)"
        } else {
            ""
        };
        return Some(format!(
            "should not contain the following chars [{}]{more}",
            shown.join(", ")
        ));
    }
    if text.len() > LONGEST {
        return Some(format!("is longer than {LONGEST} symbols"));
    }
    let length = bs58::decode(text).into_vec().map_or(0, |bytes| bytes.len());
    if lengths.contains(&length) {
        return None;
    }
    let expected = match lengths {
        [one] => one.to_string(),
        several => format!("one of {several:?}"),
    };
    Some(format!(
        "b58 decoded value length {length} should be {expected}"
    ))
}
