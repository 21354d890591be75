//! Why a request cannot be read, and what to do about it.

use serde_json::Value;
use verdict::Failure;

/// A proof request, or a restriction, that cannot be read.
///
/// The text of the error says where it is, what was expected there, what was found, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: expected {expected}, got {got}; {}", location(pointer), fault.advice())]
pub struct RequestError {
    /// Where the fault is: a JSON pointer (RFC 6901) into the request, or into the restriction if
    /// that was read alone. Empty for the whole.
    pub pointer: String,
    /// What kind of fault it is.
    pub fault: Fault,
    /// What should stand there.
    pub expected: &'static str,
    /// What stands there.
    pub got: String,
}

/// The kinds of fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The text is not JSON.
    NotJson,
    /// A member that every request needs is absent.
    Missing,
    /// A value of another JSON type.
    WrongType,
    /// A nonce with anything but decimal digits.
    NonceNotDecimal,
    /// A `ver` other than 1.0 and 2.0.
    UnknownVersion,
    /// Neither an attribute nor a predicate is requested.
    EmptyRequest,
    /// Both `name` and `names`.
    NameAndNames,
    /// Neither `name` nor `names`.
    NoName,
    /// An attribute name with no characters but spaces.
    EmptyName,
    /// A `names` with no name.
    EmptyGroup,
    /// A `p_type` other than the four comparisons.
    UnknownPredicateType,
    /// A `p_value` that is not a signed 32-bit integer.
    PredicateValueOutOfRange,
    /// A `p_value` that is written with a decimal point or an exponent.
    PredicateValueNotWhole,
    /// An operator that restrictions do not have.
    UnknownOperator,
    /// `$neq` or `$in` before a tag, or `$and`, `$or` or `$not` behind one.
    MisplacedOperator,
    /// Both names of one tag, AnonCreds 1.0's and the older one, in one restriction.
    BothNamesOfTag,
    /// Restrictions nested too deep.
    TooDeep,
    /// A member twice in one object.
    RepeatedMember,
    /// A text longer than any request.
    TooLarge,
    /// More referents than a request may have.
    TooManyReferents,
    /// More predicates than a request may have.
    TooManyPredicates,
    /// More names, operators and values than a request may have.
    TooManyTerms,
}

impl Fault {
    /// Returns what to do about it, as a clause without a full stop.
    pub fn advice(self) -> &'static str {
        match self {
            Self::NotJson => "correct the JSON text",
            Self::Missing => "add the member",
            Self::WrongType => "write the value in the expected form",
            Self::NonceNotDecimal => {
                r#"write the nonce as text of digits only, like "123432421212""#
            }
            Self::UnknownVersion => "write one of the two, or leave `ver` out, which means 1.0",
            Self::EmptyRequest => "ask for an attribute or a predicate",
            Self::NameAndNames => {
                "keep `name` for one attribute, or `names` for several from one credential"
            }
            Self::NoName => {
                "add `name` for one attribute, or `names` for several from one credential"
            }
            Self::EmptyName => "write the attribute's name",
            Self::EmptyGroup => "list the names, or remove the referent",
            Self::UnknownPredicateType => {
                "choose one of the four; equality is asked for by revealing the attribute"
            }
            Self::PredicateValueOutOfRange => {
                "choose a bound that fits 32 bits: predicates compare nothing larger"
            }
            Self::PredicateValueNotWhole => {
                "write a whole number, without a decimal point or an exponent"
            }
            Self::UnknownOperator => "say it with the operators that there are",
            Self::MisplacedOperator => {
                r#"write $and, $or and $not before what they join, $neq and $in after a tag: {"tag": {"$neq": "value"}}"#
            }
            Self::BothNamesOfTag => "they are two names of one tag: keep one",
            Self::TooDeep => "nest the restriction less",
            Self::RepeatedMember => "remove one of the two: readers differ in which they take",
            Self::TooLarge | Self::TooManyReferents | Self::TooManyPredicates => {
                "ask for less, or in several requests"
            }
            Self::TooManyTerms => "demand less, or ask in several requests",
        }
    }
}

impl RequestError {
    /// Returns a fault at a value.
    pub(crate) fn at(pointer: &str, fault: Fault, expected: &'static str, got: &Value) -> Self {
        Self { pointer: pointer.to_owned(), fault, expected, got: describe(got) }
    }

    /// Returns the failure of a check that it is.
    pub(crate) fn into_failure(self) -> Failure {
        let place = if self.pointer.is_empty() { "the request" } else { &self.pointer };
        Failure::new(self.expected, format!("{place}: {}", self.got), self.fault.advice())
    }

    /// Returns the fault that a value has another JSON type.
    pub(crate) fn wrong_type(pointer: &str, expected: &'static str, got: &Value) -> Self {
        Self::at(pointer, Fault::WrongType, expected, got)
    }

    /// Returns a fault at something that is missing.
    pub(crate) fn nothing(pointer: &str, fault: Fault, expected: &'static str) -> Self {
        Self { pointer: pointer.to_owned(), fault, expected, got: "nothing".to_owned() }
    }
}

/// Names the place that a pointer leads to.
pub(crate) fn location(pointer: &str) -> &str {
    if pointer.is_empty() { "the whole" } else { pointer }
}

/// Describes a value: a short one as it is, a long text shortened, a compound one by its kind only
/// (it may be large, or deep).
pub(crate) fn describe(value: &Value) -> String {
    const MAX_SHOWN: usize = 60;
    match value {
        Value::Array(items) => format!("a list of {}", items.len()),
        Value::Object(members) => format!("an object of {}", members.len()),
        Value::String(text) if text.chars().count() > MAX_SHOWN => {
            let start: String = text.chars().take(MAX_SHOWN).collect();
            format!("a text that begins {start:?}")
        }
        Value::String(text) => format!("the text {text:?}"),
        scalar => scalar.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_where_what_and_what_to_do() {
        let error = RequestError::at(
            "/ver",
            Fault::UnknownVersion,
            r#""1.0" or "2.0""#,
            &Value::from("3.0"),
        );
        assert_eq!(
            error.to_string(),
            r#"/ver: expected "1.0" or "2.0", got the text "3.0"; write one of the two, or leave `ver` out, which means 1.0"#
        );
    }

    #[test]
    fn a_long_text_is_shortened_and_a_compound_value_is_counted() {
        assert_eq!(
            describe(&Value::from("é".repeat(100))),
            format!("a text that begins {:?}", "é".repeat(60))
        );
        assert_eq!(describe(&serde_json::json!([1, 2])), "a list of 2");
        assert_eq!(describe(&serde_json::json!({"a": []})), "an object of 1");
    }
}
