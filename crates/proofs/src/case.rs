//! A presentation with all that is needed to verify it.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use verdict::Failure;

use crate::limits::{MAX_CASE_BYTES, MAX_DIGITS};
use crate::objects::{self, Kind};

/// Objects by identifier.
pub type ById = BTreeMap<String, Value>;

/// A presentation, the request that it answers, and the ledger's objects that both name.
///
/// Everything is kept as it was written: each check parses what it needs, and says where it could not.
/// A case is one JSON object, a line in a file of cases.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Case {
    /// The case's own name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The verifier's proof request.
    pub presentation_request: Value,
    /// The prover's answer.
    pub presentation: Value,
    /// Schemas by identifier.
    #[serde(default)]
    pub schemas: ById,
    /// Credential definitions by identifier.
    #[serde(default)]
    pub cred_defs: ById,
    /// Revocation registry definitions by identifier.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub rev_reg_defs: ById,
    /// Revocation registries by identifier, then by timestamp in seconds since 1970.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub rev_regs: BTreeMap<String, BTreeMap<String, Value>>,
}

impl Case {
    /// Reads a case from JSON text.
    ///
    /// This returns soon whatever the text is: it need not be JSON, may be nested a thousand deep, or be
    /// one number of a megabyte.
    ///
    /// # Errors
    /// Why it is not a case; [`Verdict::failed_at`](crate::Verdict) makes a verdict of it, with the check `size`.
    pub fn from_json(text: &str) -> Result<Self, CaseError> {
        let refused = |failure| CaseError { id: id_of(text), failure };
        if text.len() > MAX_CASE_BYTES {
            // it is not even read for its id
            return Err(CaseError {
                id: None,
                failure: Failure::new(
                    format!("a case of at most {MAX_CASE_BYTES} bytes"),
                    format!("{} bytes", text.len()),
                    "give one case at a time, with no other public data than its own",
                ),
            });
        }
        if let Some(position) = long_number(text) {
            return Err(refused(Failure::new(
                format!("no number of more than {MAX_DIGITS} digits"),
                format!("a longer one from byte {position}"),
                "an honest presentation has none so long; ask its sender for the original",
            )));
        }
        let unreadable = |got: String| {
            refused(Failure::new(
                "a case in JSON, nested at most 127 deep and with no member twice: \
                 {\"presentation_request\", \"presentation\", \"schemas\", \"cred_defs\"}",
                got,
                "correct the JSON text",
            ))
        };
        if text.trim_start().starts_with('[') {
            return Err(unreadable("a list".to_owned()));
        }
        let case = serde_json::from_str(text).map_err(|error| unreadable(error.to_string()))?;
        match objects::check_form(Kind::Json, text) {
            Ok(()) => Ok(case),
            Err(fault) => Err(unreadable(format!("{}: {}", fault.pointer, fault.got))),
        }
    }
}

/// A case that cannot be read.
#[derive(Debug, Clone)]
pub struct CaseError {
    /// The case's own name, if it could be read.
    pub id: Option<String>,
    /// Why the case cannot be read.
    pub failure: Failure,
}

/// Returns the `id` of a text that is an object up to there; `None` if there are several.
fn id_of(text: &str) -> Option<String> {
    struct Id<'i>(&'i mut Vec<String>);

    impl<'de> Visitor<'de> for Id<'_> {
        type Value = ();

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
            while let Some(name) = members.next_key::<String>()? {
                if name == "id" {
                    self.0.push(members.next_value()?);
                } else {
                    members.next_value::<IgnoredAny>()?;
                }
            }
            Ok(())
        }
    }

    let mut ids = Vec::new();
    // where the text breaks off, what came before counts
    let _ = serde_json::Deserializer::from_str(text).deserialize_map(Id(&mut ids));
    ids.pop().filter(|_| ids.is_empty())
}

/// Returns where a run of more than [`MAX_DIGITS`] digits begins, in bytes.
fn long_number(text: &str) -> Option<usize> {
    let mut digits = 0;
    for (position, byte) in text.bytes().enumerate() {
        digits = if byte.is_ascii_digit() { digits + 1 } else { 0 };
        if digits > MAX_DIGITS {
            return Some(position - MAX_DIGITS);
        }
    }
    None
}
