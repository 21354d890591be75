//! Reading a request from JSON.
//!
//! A member that is null counts as absent. Unknown members are ignored.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use stdx::pointer;

use super::{
    AttributeNames, Interval, PredicateType, ProofRequest, RequestedAttribute, RequestedPredicate,
    limits,
};

use crate::error::{Fault, RequestError};
#[cfg(doc)]
use crate::limits::MAX_REQUEST_BYTES;
use crate::names;
use crate::restriction::WrittenRestriction;
use crate::version::RequestVersion;

impl ProofRequest {
    /// Reads a request from JSON text.
    ///
    /// # Errors
    /// When the text is not JSON, has a member twice or is longer than [`MAX_REQUEST_BYTES`] (white
    /// space does not count), and as [`ProofRequest::from_value`].
    pub fn from_json(json: &str) -> Result<Self, RequestError> {
        Self::from_value(&limits::parse(json)?)
    }

    /// Reads a request from JSON.
    ///
    /// The nonce may be a text or, as some agents write it, a number. A referent has exactly one of
    /// `name` and `names`.
    ///
    /// # Errors
    /// The first [`Fault`] found, and where it is.
    pub fn from_value(value: &Value) -> Result<Self, RequestError> {
        let request = Object::new(value, "")?;
        limits::check_referents(request.members)?;
        let parsed = Self {
            nonce: parse_nonce(&request)?,
            name: request.required_text("name")?,
            version: request.required_text("version")?,
            ver: parse_ver(&request)?,
            requested_attributes: parse_referents(
                &request,
                "requested_attributes",
                parse_attribute,
            )?,
            requested_predicates: parse_referents(
                &request,
                "requested_predicates",
                parse_predicate,
            )?,
            non_revoked: parse_interval(&request)?,
        };
        if parsed.requested_attributes.is_empty() && parsed.requested_predicates.is_empty() {
            return Err(RequestError::nothing(
                "",
                Fault::EmptyRequest,
                "at least one requested attribute or predicate",
            ));
        }
        limits::check_terms(&parsed)?;
        Ok(parsed)
    }
}

/// A JSON object and where it stands.
struct Object<'a> {
    members: &'a Map<String, Value>,
    pointer: &'a str,
}

impl<'a> Object<'a> {
    fn new(value: &'a Value, pointer: &'a str) -> Result<Self, RequestError> {
        let members = value
            .as_object()
            .ok_or_else(|| RequestError::wrong_type(pointer, "an object", value))?;
        Ok(Self { members, pointer })
    }

    fn get(&self, key: &str) -> Option<&'a Value> {
        self.members.get(key).filter(|value| !value.is_null())
    }

    fn pointer_to(&self, key: &str) -> String {
        pointer::child(self.pointer, key)
    }

    fn required(&self, key: &str, expected: &'static str) -> Result<&'a Value, RequestError> {
        self.get(key)
            .ok_or_else(|| RequestError::nothing(&self.pointer_to(key), Fault::Missing, expected))
    }

    fn required_text(&self, key: &str) -> Result<String, RequestError> {
        text(self.required(key, "a text")?, &self.pointer_to(key))
    }
}

fn text(value: &Value, pointer: &str) -> Result<String, RequestError> {
    value
        .as_str()
        .map(str::to_owned)
        .ok_or_else(|| RequestError::wrong_type(pointer, "a text", value))
}

fn parse_nonce(request: &Object) -> Result<String, RequestError> {
    const EXPECTED: &str = "a nonce: a number in decimal digits";
    let value = request.required("nonce", EXPECTED)?;
    let nonce = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        other => {
            return Err(RequestError::wrong_type(&request.pointer_to("nonce"), EXPECTED, other));
        }
    };
    if nonce.is_empty() || !nonce.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(RequestError::at(
            &request.pointer_to("nonce"),
            Fault::NonceNotDecimal,
            EXPECTED,
            value,
        ));
    }
    Ok(nonce)
}

fn parse_ver(request: &Object) -> Result<RequestVersion, RequestError> {
    let Some(value) = request.get("ver") else {
        return Ok(RequestVersion::default());
    };
    let pointer = request.pointer_to("ver");
    RequestVersion::parse(&text(value, &pointer)?).ok_or_else(|| {
        RequestError::at(&pointer, Fault::UnknownVersion, r#""1.0" or "2.0""#, value)
    })
}

/// Reads every member of `requested_attributes` or `requested_predicates`.
fn parse_referents<Requested>(
    request: &Object,
    key: &str,
    parse: fn(&Object) -> Result<Requested, RequestError>,
) -> Result<BTreeMap<String, Requested>, RequestError> {
    let Some(value) = request.get(key) else {
        return Ok(BTreeMap::new());
    };
    let pointer = request.pointer_to(key);
    let referents = Object::new(value, &pointer)?;
    referents
        .members
        .iter()
        .map(|(referent, requested)| {
            let pointer = referents.pointer_to(referent);
            Ok((referent.clone(), parse(&Object::new(requested, &pointer)?)?))
        })
        .collect()
}

fn parse_attribute(requested: &Object) -> Result<RequestedAttribute, RequestError> {
    let one_of =
        |fault| RequestError::nothing(requested.pointer, fault, "either `name` or `names`");
    let attribute = match (requested.get("name"), requested.get("names")) {
        (Some(name), None) => AttributeNames::One(parse_name(name, &requested.pointer_to("name"))?),
        (None, Some(names)) => {
            AttributeNames::Group(parse_names(names, &requested.pointer_to("names"))?)
        }
        (Some(_), Some(_)) => {
            return Err(RequestError { got: "both".to_owned(), ..one_of(Fault::NameAndNames) });
        }
        (None, None) => {
            return Err(RequestError { got: "neither".to_owned(), ..one_of(Fault::NoName) });
        }
    };
    Ok(RequestedAttribute {
        attribute,
        restrictions: parse_restrictions(requested)?,
        non_revoked: parse_interval(requested)?,
    })
}

fn parse_name(value: &Value, pointer: &str) -> Result<String, RequestError> {
    let name = text(value, pointer)?;
    if names::fold(&name).is_empty() {
        return Err(RequestError::at(pointer, Fault::EmptyName, "the name of an attribute", value));
    }
    Ok(name)
}

fn parse_names(value: &Value, pointer: &str) -> Result<Vec<String>, RequestError> {
    const EXPECTED: &str = "a list of attribute names";
    let names =
        value.as_array().ok_or_else(|| RequestError::wrong_type(pointer, EXPECTED, value))?;
    if names.is_empty() {
        return Err(RequestError::at(pointer, Fault::EmptyGroup, EXPECTED, value));
    }
    names
        .iter()
        .enumerate()
        .map(|(index, name)| parse_name(name, &pointer::child(pointer, &index.to_string())))
        .collect()
}

fn parse_predicate(requested: &Object) -> Result<RequestedPredicate, RequestError> {
    Ok(RequestedPredicate {
        name: parse_name(
            requested.required("name", "the name of an attribute")?,
            &requested.pointer_to("name"),
        )?,
        p_type: parse_predicate_type(requested)?,
        p_value: parse_predicate_value(requested)?,
        restrictions: parse_restrictions(requested)?,
        non_revoked: parse_interval(requested)?,
    })
}

fn parse_predicate_type(requested: &Object) -> Result<PredicateType, RequestError> {
    const EXPECTED: &str = "one of >=, <=, >, <";
    let value = requested.required("p_type", EXPECTED)?;
    let pointer = requested.pointer_to("p_type");
    PredicateType::parse(&text(value, &pointer)?)
        .ok_or_else(|| RequestError::at(&pointer, Fault::UnknownPredicateType, EXPECTED, value))
}

fn parse_predicate_value(requested: &Object) -> Result<i32, RequestError> {
    const EXPECTED: &str = "a whole number from -2147483648 to 2147483647";
    let value = requested.required("p_value", EXPECTED)?;
    let pointer = requested.pointer_to("p_value");
    if !value.is_number() {
        return Err(RequestError::wrong_type(&pointer, EXPECTED, value));
    }
    let in_range = value.as_i64().and_then(|number| i32::try_from(number).ok());
    in_range.ok_or_else(|| RequestError::at(&pointer, bound_fault(value), EXPECTED, value))
}

/// Returns what is wrong with a number that cannot be a bound.
pub(crate) fn bound_fault(number: &Value) -> Fault {
    // A whole number that is too long for 64 bits is parsed as a fraction, too.
    let in_range = |value: f64| value.abs() <= f64::from(i32::MAX);
    match number.as_f64().filter(|_| number.is_f64()) {
        Some(value) if in_range(value) => Fault::PredicateValueNotWhole,
        _ => Fault::PredicateValueOutOfRange,
    }
}

fn parse_restrictions(requested: &Object) -> Result<Option<WrittenRestriction>, RequestError> {
    let written = requested.get("restrictions");
    written
        .map(|value| WrittenRestriction::new_at(value, &requested.pointer_to("restrictions")))
        .transpose()
}

fn parse_interval(requested: &Object) -> Result<Option<Interval>, RequestError> {
    let Some(value) = requested.get("non_revoked") else {
        return Ok(None);
    };
    let pointer = requested.pointer_to("non_revoked");
    let interval = Object::new(value, &pointer)?;
    Ok(Some(Interval { from: parse_time(&interval, "from")?, to: parse_time(&interval, "to")? }))
}

fn parse_time(interval: &Object, key: &str) -> Result<Option<u64>, RequestError> {
    const EXPECTED: &str = "a time in whole seconds since 1970, as a number";
    let Some(value) = interval.get(key) else {
        return Ok(None);
    };
    let time = value
        .as_u64()
        .ok_or_else(|| RequestError::wrong_type(&interval.pointer_to(key), EXPECTED, value))?;
    Ok(Some(time))
}
