//! `size`: before anything is read into large numbers or deep structures.

use std::io;

use serde_json::Value;
use verdict::Failure;

use crate::case::Case;
use crate::error::RequestError;
use crate::limits::{
    MAX_BYTES, MAX_DEPTH, MAX_DIGITS, MAX_LEDGER_BYTES, MAX_PREDICATES, MAX_SUB_PROOFS,
};
use crate::request::limits;

const REMEDY: &str = "an honest presentation is far from this limit; ask for less at once, or ask its \
                      sender why it is so large";

/// `size`: request, presentation and public data are within the limits.
pub(super) fn check(case: &Case) -> Vec<Failure> {
    let mut failures = Vec::new();
    let proofs =
        [("the request", &case.presentation_request), ("the presentation", &case.presentation)];
    let registries = case.rev_regs.values().flat_map(|states| states.values());
    let ledger = case.schemas.values();
    let ledger = ledger
        .chain(case.cred_defs.values())
        .chain(case.rev_reg_defs.values())
        .chain(registries)
        .map(|object| ("a ledger object", object));
    failures.extend(all_within(proofs, "request and presentation", MAX_BYTES));
    failures.extend(all_within(ledger, "the ledger's objects", MAX_LEDGER_BYTES));
    failures.extend(too_many(case));
    failures
}

/// Reports the first of these values that is deep or has a long number, or that they are too long together.
fn all_within<'v>(
    values: impl IntoIterator<Item = (&'static str, &'v Value)>,
    together: &str,
    limit: usize,
) -> Option<Failure> {
    let mut left = limit;
    for (name, value) in values {
        // Depth comes first: it bounds the recursion of what follows.
        if let Err(excess) = walk(value, 0) {
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

fn walk(value: &Value, depth: usize) -> Result<(), Excess> {
    if depth > MAX_DEPTH {
        return Err(Excess::Deep);
    }
    match value {
        Value::Array(items) => items.iter().try_for_each(|item| walk(item, depth + 1)),
        Value::Object(members) => members.values().try_for_each(|item| walk(item, depth + 1)),
        Value::String(text) => {
            let digits = text.strip_prefix('-').unwrap_or(text);
            let long =
                digits.len() > MAX_DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit());
            if long { Err(Excess::LongNumber(digits.len())) } else { Ok(()) }
        }
        // A number that is not text has at most the digits of a machine's number by now.
        Value::Number(_) | Value::Null | Value::Bool(_) => Ok(()),
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
