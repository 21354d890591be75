//! A request or a presentation, and reading it from JSON text.

use serde_json::Value;

use super::Problem;
use crate::error::describe;
use crate::kinds::{ObjectKind, recognise};
use crate::objects::{self, Kind};

/// The two parts of an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Request,
    Presentation,
}

impl Side {
    /// Returns the part's name.
    pub(super) fn part(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Presentation => "presentation",
        }
    }

    pub(super) fn expected(self) -> &'static str {
        match self {
            Self::Request => "a proof request, as an object or as JSON text",
            Self::Presentation => "a presentation, as an object or as JSON text",
        }
    }

    fn kind(self) -> ObjectKind {
        match self {
            Self::Request => ObjectKind::ProofRequest,
            Self::Presentation => ObjectKind::Presentation,
        }
    }
}

/// The format under which a part was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Indy,
    AnonCreds,
    /// It was found under none.
    Unnamed,
}

/// A request or a presentation, and where it was found.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) value: Value,
    pub(super) at: String,
    pub(super) format: Format,
}

/// A fault and where it is.
pub(super) type Fault = (String, Problem);

/// Parses JSON in which no member occurs twice. The pointer of a fault is one into this JSON.
pub(super) fn parse(text: &str) -> Result<Value, Fault> {
    const EXPECTED: &str = "JSON, nested at most 127 deep";
    // a byte order mark is not part of the text
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    objects::check_form(Kind::Json, text).map_err(|fault| {
        let problem = match fault.is_repeated_member() {
            true => Problem::RepeatedMember,
            false => Problem::Malformed { expected: EXPECTED, got: fault.got },
        };
        (fault.pointer, problem)
    })?;
    serde_json::from_str(text).map_err(|error| {
        (String::new(), Problem::Malformed { expected: EXPECTED, got: error.to_string() })
    })
}

/// Parses the JSON text that stands at a place; the pointer of a fault goes on in it.
pub(super) fn parse_at(text: &str, at: &str) -> Result<Value, Fault> {
    parse(text).map_err(|(pointer, problem)| (format!("{at}{pointer}"), problem))
}

/// Returns a request or presentation that is an object, or the text of one.
pub(super) fn whole(side: Side, value: &Value, at: &str) -> Result<Value, Fault> {
    let value = match value {
        Value::String(text) => parse_at(text, at)?,
        value => value.clone(),
    };
    match recognise(&value) {
        // what is wrong with it is for the checks to say
        ObjectKind::OtherObject => Ok(value),
        kind if kind == side.kind() => Ok(value),
        ObjectKind::List | ObjectKind::Scalar => {
            let got = describe(&value);
            Err((at.to_owned(), Problem::Malformed { expected: side.expected(), got }))
        }
        got => Err((at.to_owned(), Problem::WrongKind { expected: side.kind().name(), got })),
    }
}
