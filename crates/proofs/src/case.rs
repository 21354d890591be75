//! A presentation with all that is needed to verify it.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::{Value, value::RawValue};
use verdict::{Decision, Failure};

use crate::check::Check;
use crate::limits::{MAX_CASE_BYTES, MAX_DIGITS};
use crate::objects::{self, Kind};
use crate::request::limits::with_exact_nonce;

/// Objects by identifier.
pub type ById = BTreeMap<String, Value>;

/// Objects by identifier, then by timestamp in seconds since 1970, as text.
pub type ByTime = BTreeMap<String, BTreeMap<String, Value>>;

/// A presentation, the request that it answers, and the ledger's objects that both name.
///
/// Everything is kept as it was written: each check parses what it needs, and says where it could
/// not. A case is one JSON object, a line in a file of cases.
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
    pub rev_regs: ByTime,
    /// Status lists, the form of AnonCreds 1.0 for the same. They are also read from a list, or a
    /// list for each registry.
    #[serde(
        default,
        deserialize_with = "status_lists",
        skip_serializing_if = "BTreeMap::is_empty"
    )]
    pub rev_status_lists: ByTime,
    /// The verifier's word for which entry was in force when an interval began: by registry, then
    /// by the interval's `from`, the entry's timestamp. (The name is that of anoncreds-rs.)
    #[serde(default, deserialize_with = "null_or", skip_serializing_if = "BTreeMap::is_empty")]
    pub nonrevoked_interval_override: BTreeMap<String, BTreeMap<String, u64>>,
    /// What a regression test expects: `verified`, `rejected` or `undecided`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<Decision>,
    /// The checks that a regression test expects to fail or, where it expects "undecided", to be
    /// undecided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_failures: Option<Vec<Check>>,
}

/// Reads a value that may be null, which counts as absent.
fn null_or<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// Reads status lists by registry and time, by registry, or in a list.
fn status_lists<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ByTime, D::Error> {
    fn add<E: de::Error>(lists: &mut ByTime, registry: Option<&str>, list: Value) -> Result<(), E> {
        let registry = registry.or_else(|| list.get("revRegDefId")?.as_str()).map(str::to_owned);
        let time = list.get("timestamp").and_then(Value::as_u64);
        let (Some(registry), Some(time)) = (registry, time) else {
            return Err(E::custom("a status list without its `revRegDefId` or `timestamp`"));
        };
        let by_time = lists.entry(registry).or_default();
        match by_time.get(&time.to_string()) {
            Some(other) if *other != list => {
                Err(E::custom(format!("two status lists of {time} that differ")))
            }
            _ => {
                by_time.insert(time.to_string(), list);
                Ok(())
            }
        }
    }

    let mut lists = ByTime::new();
    match Value::deserialize(deserializer)? {
        Value::Null => {}
        Value::Array(all) => all.into_iter().try_for_each(|list| add(&mut lists, None, list))?,
        Value::Object(by_registry) => {
            for (registry, given) in by_registry {
                let mut add_one = |list| add(&mut lists, Some(&registry), list);
                match given {
                    Value::Array(all) => all.into_iter().try_for_each(add_one)?,
                    list if list.get("currentAccumulator").is_some() => add_one(list)?,
                    by_time => {
                        let by_time = BTreeMap::deserialize(by_time).map_err(D::Error::custom)?;
                        lists.insert(registry, by_time);
                    }
                }
            }
        }
        _ => return Err(D::Error::custom("`rev_status_lists` is neither a list nor an object")),
    }
    Ok(lists)
}

impl Case {
    /// Reads a case from JSON text of at most [`MAX_CASE_BYTES`].
    ///
    /// This returns soon whatever the text is: it need not be JSON, may be nested a thousand deep,
    /// or be one number of a megabyte.
    ///
    /// # Errors
    /// Why it is not a case; [`Verdict::failed_at`](crate::Verdict) makes a verdict of it, with the
    /// check `size`.
    pub fn from_json(text: &str) -> Result<Self, CaseError> {
        Self::from_json_within(text, MAX_CASE_BYTES)
    }

    /// Reads a case from JSON text of at most `max_bytes`.
    ///
    /// # Errors
    /// As [`from_json`](Self::from_json).
    pub fn from_json_within(text: &str, max_bytes: usize) -> Result<Self, CaseError> {
        let error = |may_be_case, expected: &str, got: String, remedy: &str| {
            let Head { id, is_case } = Head::of(text);
            let is_case = is_case && may_be_case;
            CaseError { id, is_case, failure: Box::new(Failure::new(expected, got, remedy)) }
        };
        if text.len() > max_bytes {
            return Err(Self::too_long(text, max_bytes));
        }
        if let Some(excess) = excess(text) {
            return Err(error(
                true,
                &format!(
                    "no number of more than {MAX_DIGITS} digits, and nothing nested more than {MAX_NESTED} deep"
                ),
                excess,
                "an honest presentation has none so long or so deep; ask its sender for the original",
            ));
        }
        const CASE: &str = "a case in JSON, with no member twice: \
                            {\"presentation_request\", \"presentation\", \"schemas\", \"cred_defs\"}";
        if text.trim_start().starts_with('[') {
            return Err(error(false, CASE, "a list".to_owned(), "give its elements one by one"));
        }
        // first, since the reader of the case would stop at a member twice too
        if let Err(fault) = objects::check_form(Kind::Json, text)
            && fault.is_repeated_member()
        {
            return Err(error(
                true,
                CASE,
                format!("{}: {}", fault.pointer, fault.got),
                "do not accept it: readers differ in which of the two they take; ask for the original",
            ));
        }
        let mut case: Self = serde_json::from_str(text)
            .map_err(|fault| error(false, CASE, fault.to_string(), "correct the JSON text"))?;
        if case.presentation_request.get("nonce").is_some_and(Value::is_f64) {
            // a number of more than 64 bits, which a value has rounded
            #[derive(Deserialize)]
            struct Request<'t> {
                #[serde(borrow)]
                presentation_request: &'t RawValue,
            }
            if let Ok(Request { presentation_request: written }) = serde_json::from_str(text) {
                let request = std::mem::take(&mut case.presentation_request);
                case.presentation_request = with_exact_nonce(request, written.get());
            }
        }
        Ok(case)
    }
}

impl Case {
    /// Returns the error of a case of more than `max_bytes`, of whose text this is the beginning.
    pub fn too_long(beginning: &str, max_bytes: usize) -> CaseError {
        CaseError {
            id: Head::of(beginning).id,
            is_case: true,
            failure: Box::new(Failure::new(
                format!("a case of at most {max_bytes} bytes"),
                "a longer one",
                "give one case at a time, with no other public data than its own",
            )),
        }
    }
}

/// A case that cannot be read.
#[derive(Debug, Clone)]
pub struct CaseError {
    /// The case's own name, if it could be read.
    pub id: Option<String>,
    /// Whether the text is a case, of which the check `size` refuses to read more. If not, it may
    /// be anything.
    pub is_case: bool,
    /// Why the case cannot be read.
    pub failure: Box<Failure>,
}

/// What can be said of a text that may not be a case, or not whole.
struct Head {
    /// The member `id`; `None` if there are several.
    id: Option<String>,
    /// Whether there are a request and a presentation.
    is_case: bool,
}

impl Head {
    /// Reads a text that is an object up to where it breaks off.
    fn of(text: &str) -> Self {
        #[derive(Default)]
        struct Members {
            ids: Vec<String>,
            has_request: bool,
            has_presentation: bool,
        }
        struct IntoMembers<'m>(&'m mut Members);

        impl<'de> Visitor<'de> for IntoMembers<'_> {
            type Value = ();

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
                while let Some(name) = members.next_key::<String>()? {
                    match name.as_str() {
                        "id" => {
                            self.0.ids.push(members.next_value()?);
                            continue;
                        }
                        "presentation_request" => self.0.has_request = true,
                        "presentation" => self.0.has_presentation = true,
                        _ => {}
                    }
                    members.next_value::<IgnoredAny>()?;
                }
                Ok(())
            }
        }

        let mut members = Members::default();
        // where the text breaks off, what came before counts
        let _ = serde_json::Deserializer::from_str(text).deserialize_map(IntoMembers(&mut members));
        let Members { mut ids, has_request, has_presentation } = members;
        let id = ids.pop().filter(|_| ids.is_empty());
        Self { id, is_case: has_request && has_presentation }
    }
}

/// How deep a text may be nested: as deep as `serde_json` reads.
const MAX_NESTED: usize = 127;

/// Returns what is excessive in a text of JSON, before any of it is parsed: a number token of more
/// than [`MAX_DIGITS`] digits, or lists and objects nested more than [`MAX_NESTED`] deep. Digits in
/// a text are no number yet.
fn excess(text: &str) -> Option<String> {
    let (mut digits, mut depth, mut in_text, mut escaped) = (0, 0_usize, false, false);
    for (position, byte) in text.bytes().enumerate() {
        if in_text {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_text = false,
                _ => {}
            }
            continue;
        }
        digits = if byte.is_ascii_digit() { digits + 1 } else { 0 };
        match byte {
            b'"' => in_text = true,
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if digits > MAX_DIGITS {
            return Some(format!("a longer number from byte {}", position - MAX_DIGITS));
        }
        if depth > MAX_NESTED {
            return Some(format!("more at byte {position}"));
        }
    }
    None
}
