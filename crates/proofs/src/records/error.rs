//! Why a text is not a record.

use stdx::text::shorten;

use super::RecordForm;
use crate::error::location;
use crate::kinds::ObjectKind;
use crate::limits::MAX_CASE_BYTES;
use crate::public_data;

/// A text, or an element of a list, from which no presentation with its request can be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {problem}", location(pointer))]
pub struct RecordError {
    /// The record's own identifier, if it could be read.
    pub id: Option<String>,
    /// A JSON pointer (RFC 6901) to what is wrong; empty for the whole.
    pub pointer: String,
    /// What is wrong there.
    pub problem: Problem,
}

impl RecordError {
    /// Returns the error of a whole text.
    pub(super) fn whole(problem: Problem) -> Self {
        Self { id: None, pointer: String::new(), problem }
    }
}

/// What is wrong with a record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// The text is too long.
    #[error("expected at most {MAX_CASE_BYTES} bytes, got {bytes}")]
    TooLarge {
        /// Its length in bytes.
        bytes: usize,
    },
    /// It is not JSON, is nested too deep, or has another value where a record has its parts.
    #[error("expected {expected}, got {got}")]
    Malformed {
        /// What should stand there.
        expected: &'static str,
        /// What stands there.
        got: String,
    },
    /// A member occurs twice, of which one reader takes the first and another the last.
    #[error("a member occurs twice")]
    RepeatedMember,
    /// There is no request and no presentation; this is what it looks like.
    #[error("this looks like {0}, and not like a presentation with its request")]
    NotARecord(ObjectKind),
    /// A list without elements.
    #[error("the list of records is empty")]
    Empty,
    /// One of the two parts is not there.
    #[error("there is no {part} in {}{}", form.name(), in_state(state.as_deref()))]
    Missing {
        /// The form of the record.
        form: RecordForm,
        /// The part that is missing.
        part: &'static str,
        /// The state of the exchange, as the record says.
        state: Option<String>,
    },
    /// A part is of another kind.
    #[error("expected {expected}, and this looks like {got}")]
    WrongKind {
        /// What should stand there.
        expected: &'static str,
        /// What it looks like.
        got: ObjectKind,
    },
    /// A part is there, in formats that are not those of Indy and AnonCreds.
    #[error("the {part} is not in a format of Indy or AnonCreds, but in {}", formats.join(", "))]
    OtherFormat {
        /// The part.
        part: &'static str,
        /// The formats that it has.
        formats: Vec<String>,
    },
    /// An attachment is a link to what it should contain.
    #[error("the attachment is a link; attach what it leads to")]
    Link,
    /// The public data of the record cannot be used.
    #[error(transparent)]
    PublicData(public_data::Problem),
}

fn in_state(state: Option<&str>) -> String {
    const MAX_SHOWN: usize = 40;
    state
        .map_or_else(String::new, |state| format!("; its state is {:?}", shorten(state, MAX_SHOWN)))
}
