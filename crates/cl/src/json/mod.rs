//! JSON values with their JSON pointers, so that every error says where it occurred.

mod text;

use dashu_base::Sign;
use dashu_int::{IBig, UBig};
use jsonptr::Token;
use serde_json::Value;

pub(crate) use text::parse;

/// The largest number of decimal digits that is read. The longest number of an honest prover is the
/// response for `v`, of 3,061 bits or 922 digits.
pub const MAX_DIGITS: usize = 1300;

/// An unexpected value in a JSON document.
///
/// Contains the place and the kind of the value, never the value itself, which may be a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {expected} expected, {found} found", if .pointer.is_empty() { "the whole document" } else { .pointer })]
pub struct Malformed {
    /// A JSON pointer (RFC 6901) to the value; empty for the whole document.
    pub pointer: String,
    /// The expected value.
    pub expected: &'static str,
    /// The kind of the value that was found.
    pub found: String,
}

/// A value and its JSON pointer.
#[derive(Clone)]
pub(crate) struct Node<'a> {
    value: &'a Value,
    pointer: String,
}

impl<'a> Node<'a> {
    pub(crate) fn root(value: &'a Value) -> Self {
        Self { value, pointer: String::new() }
    }

    fn child(&self, token: &str, value: &'a Value) -> Self {
        Self { value, pointer: format!("{}/{}", self.pointer, Token::new(token).encoded()) }
    }

    /// Returns the error that this value is of the wrong kind.
    pub(crate) fn not(&self, expected: &'static str) -> Malformed {
        let found = match self.value {
            Value::Null => "null",
            Value::Bool(_) => "true or false",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        };
        self.found(expected, found)
    }

    /// Returns the error that `found` was found here.
    pub(crate) fn found(&self, expected: &'static str, found: impl Into<String>) -> Malformed {
        Malformed { pointer: self.pointer.clone(), expected, found: found.into() }
    }

    /// Returns a member of an object, or `None` if it is absent or `null`.
    pub(crate) fn optional(&self, name: &str) -> Result<Option<Self>, Malformed> {
        let object = self.value.as_object().ok_or_else(|| self.not("an object"))?;
        Ok(object.get(name).filter(|value| !value.is_null()).map(|value| self.child(name, value)))
    }

    /// Returns a required member; `expected` describes it in the error.
    pub(crate) fn member(&self, name: &str, expected: &'static str) -> Result<Self, Malformed> {
        self.optional(name)?
            .ok_or_else(|| self.child(name, &Value::Null).found(expected, "nothing"))
    }

    /// Returns all members of an object.
    pub(crate) fn members(&self) -> Result<Vec<(&'a str, Self)>, Malformed> {
        let object = self.value.as_object().ok_or_else(|| self.not("an object"))?;
        Ok(object.iter().map(|(name, value)| (name.as_str(), self.child(name, value))).collect())
    }

    /// Returns all elements of an array.
    pub(crate) fn elements(&self) -> Result<Vec<Self>, Malformed> {
        let array = self.value.as_array().ok_or_else(|| self.not("an array"))?;
        Ok(array
            .iter()
            .enumerate()
            .map(|(index, value)| self.child(&index.to_string(), value))
            .collect())
    }

    pub(crate) fn text(&self) -> Result<&'a str, Malformed> {
        self.value.as_str().ok_or_else(|| self.not("a string"))
    }

    /// Reads a canonical decimal string: digits only, without a leading zero.
    pub(crate) fn number(&self) -> Result<UBig, Malformed> {
        const EXPECTED: &str = "a decimal number in a string, without leading zeros,";
        let text = self.value.as_str().ok_or_else(|| self.not(EXPECTED))?;
        decimal(text).map_err(|problem| self.found(EXPECTED, problem))
    }

    /// Reads a canonical decimal string with an optional `-`, if the number is not zero. Returns
    /// whether it is negative, and its magnitude.
    pub(crate) fn signed(&self) -> Result<(bool, UBig), Malformed> {
        const EXPECTED: &str = "a decimal number in a string, without leading zeros,";
        let text = self.value.as_str().ok_or_else(|| self.not(EXPECTED))?;
        let (negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text),
        };
        match decimal(digits) {
            Ok(value) if negative && value == UBig::ZERO => Err(self.found(EXPECTED, "-0")),
            Ok(value) => Ok((negative, value)),
            Err(problem) => Err(self.found(EXPECTED, problem)),
        }
    }

    /// Reads the same strings as [`signed`](Self::signed), and returns a single number.
    pub(crate) fn integer(&self) -> Result<IBig, Malformed> {
        let (negative, magnitude) = self.signed()?;
        let sign = if negative { Sign::Negative } else { Sign::Positive };
        Ok(IBig::from_parts(sign, magnitude))
    }

    /// Reads a JSON number in the signed 32-bit range.
    pub(crate) fn int32(&self) -> Result<i32, Malformed> {
        const EXPECTED: &str = "a whole number in the signed 32-bit range";
        self.value
            .as_i64()
            .and_then(|value| i32::try_from(value).ok())
            .ok_or_else(|| self.not(EXPECTED))
    }

    /// Reads a JSON number that is an index.
    pub(crate) fn index(&self) -> Result<usize, Malformed> {
        const EXPECTED: &str = "a whole number from 0 to 4294967295";
        self.value
            .as_u64()
            .and_then(|value| u32::try_from(value).ok())
            .map(|value| value as usize)
            .ok_or_else(|| self.not(EXPECTED))
    }

    /// Reads an array of bytes.
    pub(crate) fn bytes(&self) -> Result<Vec<u8>, Malformed> {
        const EXPECTED: &str = "an array of numbers from 0 to 255";
        let array = self.value.as_array().ok_or_else(|| self.not(EXPECTED))?;
        array
            .iter()
            .map(|value| value.as_u64().and_then(|byte| u8::try_from(byte).ok()))
            .collect::<Option<Vec<u8>>>()
            .ok_or_else(|| self.found(EXPECTED, "an array with another element"))
    }
}

/// Parses a canonical decimal. The error describes the text without quoting it.
pub(crate) fn decimal(text: &str) -> Result<UBig, String> {
    if text.is_empty() {
        return Err("an empty string".into());
    }
    if text.len() > MAX_DIGITS {
        return Err(format!("{} characters", text.len()));
    }
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("a character that is not a digit".into());
    }
    if text.len() > 1 && text.starts_with('0') {
        return Err("a leading zero".into());
    }
    UBig::from_str_radix(text, 10).map_err(|_| "a text that is not a number".into())
}
