//! The limits of a request, which every reader keeps.

use serde::Deserialize;
use serde_json::{Map, Value, value::RawValue};

use super::ProofRequest;
use crate::error::{Fault, RequestError};
use crate::limits::{MAX_PREDICATES, MAX_REFERENTS, MAX_REQUEST_BYTES, MAX_TERMS};
use crate::objects::{Kind, check_form};

const OF_BYTES: &str = "at most 256 KiB of JSON";
const OF_PREDICATES: &str = "at most 64 requested predicates";
const OF_REFERENTS: &str = "at most 256 requested attributes and predicates";
const OF_TERMS: &str = "at most 4096 names, operators and values in groups and restrictions";

/// Parses the text of a request, which is measured before it takes memory.
pub(crate) fn parse(json: &str) -> Result<Value, RequestError> {
    let refused = |fault, expected, got: String| RequestError {
        pointer: String::new(),
        fault,
        expected,
        got,
    };
    let bytes = json.bytes().filter(|byte| !byte.is_ascii_whitespace()).count();
    if bytes > MAX_REQUEST_BYTES {
        return Err(refused(Fault::TooLarge, OF_BYTES, format!("{bytes} bytes")));
    }
    let value = serde_json::from_str(json)
        .map_err(|error| refused(Fault::NotJson, "a proof request in JSON", error.to_string()))?;
    match check_form(Kind::Json, json) {
        Ok(()) => Ok(with_exact_nonce(value, json)),
        Err(fault) => Err(RequestError {
            pointer: fault.pointer,
            fault: Fault::RepeatedMember,
            expected: fault.expected,
            got: fault.got,
        }),
    }
}

/// Replaces a nonce that is too long a number for 64 bits by its digits, which a [`Value`] has
/// rounded.
pub(crate) fn with_exact_nonce(mut request: Value, json: &str) -> Value {
    let is_rounded = request.get("nonce").is_some_and(Value::is_f64);
    if let Some(digits) = number_nonce(json).filter(|_| is_rounded) {
        request["nonce"] = Value::from(digits);
    }
    request
}

/// Returns the digits of the nonce of a request in JSON, if it is a number in decimal digits.
pub(crate) fn number_nonce(json: &str) -> Option<&str> {
    #[derive(Deserialize)]
    struct Request<'j> {
        #[serde(borrow)]
        nonce: &'j RawValue,
    }
    let digits = serde_json::from_str::<Request<'_>>(json).ok()?.nonce.get();
    digits.bytes().all(|byte| byte.is_ascii_digit()).then_some(digits)
}

/// Checks how much is asked for, before any of it is read.
///
/// # Errors
/// When there are too many referents, or too many predicates among them.
pub(crate) fn check_referents(request: &Map<String, Value>) -> Result<(), RequestError> {
    let count = |key: &str| request.get(key).and_then(Value::as_object).map_or(0, Map::len);
    let predicates = count("requested_predicates");
    let referents = count("requested_attributes") + predicates;
    if predicates > MAX_PREDICATES {
        Err(RequestError {
            pointer: "/requested_predicates".to_owned(),
            fault: Fault::TooManyPredicates,
            expected: OF_PREDICATES,
            got: predicates.to_string(),
        })
    } else if referents > MAX_REFERENTS {
        Err(RequestError {
            pointer: String::new(),
            fault: Fault::TooManyReferents,
            expected: OF_REFERENTS,
            got: referents.to_string(),
        })
    } else {
        Ok(())
    }
}

/// Checks how much all restrictions and groups together take to decide.
///
/// # Errors
/// When they have too many names, operators and values.
pub(crate) fn check_terms(request: &ProofRequest) -> Result<(), RequestError> {
    let attributes = request.requested_attributes.values();
    let names: usize = attributes.clone().map(|requested| requested.names().len()).sum();
    let of_attributes = attributes.filter_map(|requested| requested.restriction());
    let predicates = request.requested_predicates.values();
    let of_predicates = predicates.filter_map(|requested| requested.restriction());
    let terms = of_attributes.chain(of_predicates).map(|restriction| restriction.terms());
    let terms = names + terms.sum::<usize>();
    if terms <= MAX_TERMS {
        return Ok(());
    }
    Err(RequestError {
        pointer: String::new(),
        fault: Fault::TooManyTerms,
        expected: OF_TERMS,
        got: terms.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_have_the_limits() {
        assert!(OF_BYTES.contains(&(MAX_REQUEST_BYTES >> 10).to_string()));
        assert!(OF_PREDICATES.contains(&MAX_PREDICATES.to_string()));
        assert!(OF_REFERENTS.contains(&MAX_REFERENTS.to_string()));
        assert!(OF_TERMS.contains(&MAX_TERMS.to_string()));
    }
}
