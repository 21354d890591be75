//! `size`: before anything is read into large numbers or deep structures.

use std::io;

use serde_json::Value;
use verdict::Failure;

use crate::case::Case;
use crate::error::RequestError;
use crate::limits::{
    MAX_DEPTH, MAX_DIGITS, MAX_LEDGER_BYTES, MAX_PREDICATES, MAX_REQUEST_BYTES, MAX_SUB_PROOFS,
};
use crate::policy::Policy;
use crate::request::limits;

const REMEDY: &str = "an honest presentation is far from this limit; ask for less at once, or ask its \
                      sender why it is so large";

/// `size`: request, presentation and public data are within the limits.
pub(super) fn check(case: &Case, policy: &Policy) -> Vec<Failure> {
    let mut failures = Vec::new();
    let proofs = [
        Part::new("the request", &case.presentation_request, Digits::OfNonce),
        Part::new("the presentation", &case.presentation, Digits::ButTexts),
    ];
    let ledger = case.schemas.values().chain(case.cred_defs.values());
    let registries = case.rev_regs.values().chain(case.rev_status_lists.values());
    let registries = registries.flat_map(|entries| entries.values());
    let ledger = ledger.chain(case.rev_reg_defs.values()).chain(registries);
    let ledger = ledger.map(|object| Part::new("a ledger object", object, Digits::Everywhere));
    let request = &case.presentation_request;
    // as every reader of a request
    if json_length(request, MAX_REQUEST_BYTES) > MAX_REQUEST_BYTES {
        failures.push(Failure::new(
            format!("a request of at most {MAX_REQUEST_BYTES} bytes of JSON"),
            "a longer one",
            REMEDY,
        ));
    } else {
        failures.extend(all_within(proofs, "request and presentation", policy.max_bytes));
    }
    failures.extend(all_within(ledger, "the ledger's objects", MAX_LEDGER_BYTES));
    if failures.is_empty() {
        failures.extend(long_texts(&case.presentation, policy.max_bytes / 4));
    }
    failures.extend(too_many(case));
    failures
}

/// A part of a case.
struct Part<'v> {
    name: &'static str,
    value: &'v Value,
    digits: Digits,
}

impl<'v> Part<'v> {
    fn new(name: &'static str, value: &'v Value, digits: Digits) -> Self {
        Self { name, value, digits }
    }
}

/// Where a text of digits stands for a number, which takes time to read if it is long.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Digits {
    /// Everywhere.
    Everywhere,
    /// Everywhere but in the texts that a presentation shows.
    ButTexts,
    /// In the request's nonce.
    OfNonce,
}

impl Digits {
    /// Returns where a member's texts of digits stand for numbers.
    fn of_member(self, name: &str) -> Option<Self> {
        match (self, name) {
            (Self::ButTexts, "raw" | "self_attested_attrs") => None,
            (Self::OfNonce, "nonce") => Some(Self::Everywhere),
            (Self::OfNonce, _) => None,
            _ => Some(self),
        }
    }
}

/// Reports the first of these values that is deep or has a long number, or that they are too long
/// together.
fn all_within<'v>(
    parts: impl IntoIterator<Item = Part<'v>>,
    together: &str,
    limit: usize,
) -> Option<Failure> {
    let mut left = limit;
    for Part { name, value, digits } in parts {
        // Depth comes first: it bounds the recursion of what follows.
        if let Err(excess) = walk(value, Some(digits), 0) {
            return Some(excess.failure(name));
        }
        match left.checked_sub(json_length(value, left)) {
            Some(rest) => left = rest,
            None => {
                return Some(Failure::new(
                    format!("{together} of at most {limit} bytes of JSON"),
                    "more",
                    REMEDY,
                ));
            }
        }
    }
    None
}

/// Returns the members of an object; none of anything else.
fn members(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flatten()
}

/// Reports values that are shown in longer texts than there should be.
fn long_texts(presentation: &Value, limit: usize) -> Vec<Failure> {
    let requested = |member: &str| presentation.pointer(&format!("/requested_proof/{member}"));
    let raw = |value: &Value| value.get("raw").and_then(Value::as_str).map_or(0, str::len);
    let single =
        members(requested("revealed_attrs")).map(|(referent, value)| (referent, raw(value)));
    let groups = members(requested("revealed_attr_groups")).flat_map(|(referent, group)| {
        members(group.get("values")).map(move |(_, value)| (referent, raw(value)))
    });
    let attested = members(requested("self_attested_attrs"))
        .map(|(referent, text)| (referent, text.as_str().map_or(0, str::len)));
    let long = single.chain(groups).chain(attested).filter(|(_, length)| *length > limit);
    long.map(|(referent, length)| {
        Failure::new(format!("a value of at most {limit} bytes"), format!("{length} bytes"), REMEDY)
            .about(referent)
    })
    .collect()
}

/// What may be wrong inside a value.
enum Excess {
    Deep,
    LongNumber(usize),
}

impl Excess {
    fn failure(self, name: &str) -> Failure {
        match self {
            Self::Deep => Failure::new(
                format!("nothing nested more than {MAX_DEPTH} deep"),
                format!("{name} is"),
                REMEDY,
            ),
            Self::LongNumber(digits) => Failure::new(
                format!("no number of more than {MAX_DIGITS} digits"),
                format!("{name} has one of {digits}"),
                REMEDY,
            ),
        }
    }
}

fn walk(value: &Value, digits: Option<Digits>, depth: usize) -> Result<(), Excess> {
    if depth > MAX_DEPTH {
        return Err(Excess::Deep);
    }
    match value {
        Value::Array(items) => items.iter().try_for_each(|item| walk(item, digits, depth + 1)),
        Value::Object(members) => members.iter().try_for_each(|(name, member)| {
            walk(member, digits.and_then(|digits| digits.of_member(name)), depth + 1)
        }),
        Value::String(text) if matches!(digits, Some(Digits::Everywhere | Digits::ButTexts)) => {
            let digits = text.strip_prefix('-').unwrap_or(text);
            let long =
                digits.len() > MAX_DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit());
            if long { Err(Excess::LongNumber(digits.len())) } else { Ok(()) }
        }
        // A number that is not text has at most the digits of a machine's number by now.
        Value::String(_) | Value::Number(_) | Value::Null | Value::Bool(_) => Ok(()),
    }
}

/// Returns how long the JSON of a value is, or more than the limit if it is longer.
fn json_length(value: &Value, limit: usize) -> usize {
    let mut counted = Counted { left: limit };
    match serde_json::to_writer(&mut counted, value) {
        Ok(()) => limit - counted.left,
        Err(_) => limit + 1,
    }
}

/// Counts what is written, up to a limit.
struct Counted {
    left: usize,
}

impl io::Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.left.checked_sub(bytes.len()) {
            Some(left) => {
                self.left = left;
                Ok(bytes.len())
            }
            None => Err(io::ErrorKind::StorageFull.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Reports more referents, sub-proofs or predicates than a verifier has to compute.
fn too_many(case: &Case) -> Vec<Failure> {
    let request = case.presentation_request.as_object();
    let requested = request.and_then(|request| limits::check_referents(request).err());
    let sub_proofs = case.presentation.pointer("/proof/proofs").and_then(Value::as_array);
    let proved: usize = sub_proofs
        .into_iter()
        .flatten()
        .filter_map(|proof| proof.pointer("/primary_proof/ge_proofs")?.as_array())
        .map(Vec::len)
        .sum();
    let presented = [
        ("sub-proofs", sub_proofs.map_or(0, Vec::len), MAX_SUB_PROOFS),
        ("proved predicates", proved, MAX_PREDICATES),
    ];
    let presented = presented.into_iter().filter(|(_, number, limit)| number > limit);
    let presented = presented.map(|(things, number, limit)| {
        Failure::new(format!("at most {limit} {things}"), format!("{number}"), REMEDY)
    });
    requested.map(RequestError::into_failure).into_iter().chain(presented).collect()
}
