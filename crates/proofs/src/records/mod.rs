//! Presentations in the records of other programs.
//!
//! A verifier's program keeps a presentation with its request in a record of its own form. [`read`]
//! takes the text of a file and returns the [`Case`]s in it. It reads
//!
//! - a case, or the request and the presentation under other usual names, with or without public
//!   data;
//! - a record of ACA-Py, of present-proof 1.0 or 2.0, alone or in the list that its API returns;
//! - the format data of a proof exchange in Credo;
//! - the DIDComm messages `request-presentation` and `presentation`, wherever they are in the file.
//!
//! | module | subject |
//! |---|---|
//! | `error` | why a text is not a record |
//! | `content` | a request or a presentation, from JSON text |
//! | `parts` | a request or a presentation inside its wrappers |
//! | `attachment` | attachments of DIDComm messages: base64 and JSON |
//! | `messages` | DIDComm messages, and which answers which |
//!
//! What a record says about its presentation is not believed; it is kept beside the case
//! ([`Record::claims_verified`]).
//!
//! Nothing here depends on who wrote the text: any text is read in time proportional to its length,
//! which is limited by [`MAX_CASE_BYTES`], and a member that occurs twice is refused, also in JSON
//! inside base64 or a text.

mod attachment;
mod content;
mod error;
mod messages;
mod parts;

use serde_json::{Map, Value, json};
use stdx::pointer;

use crate::case::Case;
use crate::kinds::{ObjectKind, recognise};
use crate::limits::MAX_CASE_BYTES;
use crate::public_data::PublicData;

use content::{Part, Side};
pub use error::{Problem, RecordError};

/// The forms of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RecordForm {
    /// A request and a presentation by their names, with public data or without: a case.
    Case,
    /// A record of ACA-Py's present-proof 1.0.
    AcapyV1,
    /// A record of ACA-Py's present-proof 2.0.
    AcapyV2,
    /// The format data of a proof exchange in Credo.
    Credo,
    /// DIDComm messages.
    Messages,
}

impl RecordForm {
    /// Returns the form's name, with its article.
    pub fn name(self) -> &'static str {
        match self {
            Self::Case => "a case",
            Self::AcapyV1 => "an ACA-Py record of present-proof 1.0",
            Self::AcapyV2 => "an ACA-Py record of present-proof 2.0",
            Self::Credo => "a proof exchange of Credo",
            Self::Messages => "DIDComm messages",
        }
    }
}

/// What a record contains.
#[derive(Debug, Clone)]
pub struct Record {
    /// The record's form.
    pub form: RecordForm,
    /// Request, presentation, and the public data that the record has. Its `id` is the record's
    /// own, if it has one.
    pub case: Case,
    /// Where the request was found, as a JSON pointer (RFC 6901). Of a request in base64, where the
    /// base64 is.
    pub request_at: String,
    /// Where the presentation was found.
    pub presentation_at: String,
    /// The result that the program that wrote the record noted in it.
    pub claims_verified: Option<bool>,
}

/// Reads all records of a text, in their order; an error takes the place of each that cannot be
/// read. There is at least one element: a text without a record is an error.
pub fn read(text: &str) -> Vec<Result<Record, RecordError>> {
    if text.len() > MAX_CASE_BYTES {
        return vec![Err(RecordError::whole(Problem::TooLarge { bytes: text.len() }))];
    }
    match content::parse(text) {
        Ok(value) => read_value(&value),
        Err((pointer, problem)) => vec![Err(RecordError { id: None, pointer, problem })],
    }
}

/// Reads all records of a JSON value, as [`read`].
pub fn read_value(value: &Value) -> Vec<Result<Record, RecordError>> {
    let (items, at) = match value {
        Value::Array(items) => (items, ""),
        // the list that an ACA-Py API returns
        Value::Object(members) => match members.get("results") {
            Some(Value::Array(items)) => (items, "/results"),
            _ => return read_one(value, ""),
        },
        _ => return vec![Err(RecordError::whole(Problem::NotARecord(recognise(value))))],
    };
    if items.is_empty() {
        return vec![Err(RecordError {
            id: None,
            pointer: at.to_owned(),
            problem: Problem::Empty,
        })];
    }
    let element = |index: usize| pointer::child(at, &index.to_string());
    // messages in a list belong together, each other element is a record of its own
    let mut records = Vec::new();
    let has_messages = items.iter().any(messages::is_message);
    if has_messages {
        records = messages::read(value, "");
    }
    let others = items.iter().enumerate();
    let others = others.filter(|(_, item)| !(has_messages && messages::is_any_or_has_some(item)));
    records.extend(others.flat_map(|(index, item)| read_one(item, &element(index))));
    records
}

/// Reads a request and a presentation that are two texts, in either order: objects or DIDComm
/// messages. `None` if they are not one of each.
pub fn read_pair(one: &str, other: &str) -> Option<Result<Record, RecordError>> {
    let (one, other) = (content::parse(one).ok()?, content::parse(other).ok()?);
    let object = match (recognise(&one), recognise(&other)) {
        (ObjectKind::ProofRequest, ObjectKind::Presentation) => {
            json!({"presentation_request": one, "presentation": other})
        }
        (ObjectKind::Presentation, ObjectKind::ProofRequest) => {
            json!({"presentation_request": other, "presentation": one})
        }
        (ObjectKind::Message, ObjectKind::Message) => json!([one, other]),
        _ => return None,
    };
    let mut records = read_value(&object);
    // several mean that the messages belong to different exchanges
    (records.len() == 1).then(|| records.remove(0))
}

/// Reads the record that an object is; more than one if it contains messages of several exchanges.
fn read_one(value: &Value, at: &str) -> Vec<Result<Record, RecordError>> {
    let Value::Object(members) = value else {
        let problem = Problem::NotARecord(recognise(value));
        return vec![Err(RecordError { id: None, pointer: at.to_owned(), problem })];
    };
    if let Some(layout) = Layout::of(value, members) {
        let record = layout.read(members, at);
        // another object may have a member `request` too, beside the messages
        let is_half =
            matches!(&record, Err(error) if matches!(error.problem, Problem::Missing { .. }));
        let paired = if is_half { messages::read(value, at) } else { Vec::new() };
        return match paired.iter().any(Result::is_ok) {
            true => paired,
            false => vec![record],
        };
    }
    // what webhooks and logs put around a record
    for wrapper in ["payload", "record"] {
        if let Some(inner @ Value::Object(_)) = members.get(wrapper) {
            return read_one(inner, &pointer::child(at, wrapper));
        }
    }
    messages::read(value, at)
}

/// Where a form of record has its parts: paths of member names, the first that is there counts.
struct Layout {
    form: RecordForm,
    requests: &'static [&'static [&'static str]],
    presentations: &'static [&'static [&'static str]],
}

const ACAPY_V1: Layout = Layout {
    form: RecordForm::AcapyV1,
    requests: &[&["presentation_request"], &["presentation_request_dict"]],
    presentations: &[&["presentation"]],
};

const ACAPY_V2: Layout = Layout {
    form: RecordForm::AcapyV2,
    requests: &[&["by_format", "pres_request"], &["pres_request"]],
    presentations: &[&["by_format", "pres"], &["pres"]],
};

const NAMED: Layout = Layout {
    form: RecordForm::Case,
    requests: &[
        &["presentation_request"],
        &["presentationRequest"],
        &["pres_request"],
        &["pres_req"],
        &["proof_request"],
        &["proofRequest"],
        &["proof_req"],
        &["request"],
    ],
    presentations: &[&["presentation"], &["pres"], &["proof"]],
};

/// The same in the format data of a proof exchange: both parts are in objects by format.
const CREDO: Layout = Layout {
    form: RecordForm::Credo,
    requests: &[&["request"]],
    presentations: &[&["presentation"]],
};

/// The members of records that name them, the best first.
const IDENTIFIERS: [&str; 6] =
    ["pres_ex_id", "presentation_exchange_id", "id", "thread_id", "threadId", "name"];

impl Layout {
    /// Returns the layout of a record; `None` if it has no request and no presentation by name.
    fn of(value: &Value, members: &Map<String, Value>) -> Option<Self> {
        let has = |name: &str| members.get(name).is_some_and(|value| !value.is_null());
        let is_exchange = |name: &str| members.get(name).is_some_and(parts::is_by_format);
        if has("presentation_exchange_id") || has("presentation_request_dict") {
            Some(ACAPY_V1)
        } else if has("pres_ex_id") || has("by_format") {
            Some(ACAPY_V2)
        } else if is_exchange("request") || (is_exchange("presentation") && !has("proof")) {
            Some(CREDO)
        } else if !is_container(recognise(value)) {
            // a presentation alone has a `proof` too
            None
        } else {
            let named = |paths: &[&[&str]]| paths.iter().any(|path| find(members, path).is_some());
            (named(NAMED.requests) || named(NAMED.presentations)).then_some(NAMED)
        }
    }

    fn read(&self, members: &Map<String, Value>, at: &str) -> Result<Record, RecordError> {
        let id = IDENTIFIERS.iter().find_map(|name| members.get(*name)?.as_str());
        let fault =
            |pointer: String, problem| RecordError { id: id.map(str::to_owned), pointer, problem };
        let find_all = |side: Side, paths: &[&[&str]]| {
            self.parts(side, paths, members, at)
                .map_err(|(pointer, problem)| fault(pointer, problem))
        };
        let requests = find_all(Side::Request, self.requests)?;
        let presentations = find_all(Side::Presentation, self.presentations)?;
        let (request, presentation) = parts::pair(requests, presentations);
        let (request, presentation) = match (request, presentation) {
            (Some(request), Some(presentation)) => (request, presentation),
            (request, _) => {
                let missing = if request.is_none() { Side::Request } else { Side::Presentation };
                let state = members.get("state").and_then(Value::as_str).map(str::to_owned);
                let problem = Problem::Missing { form: self.form, part: missing.part(), state };
                return Err(fault(at.to_owned(), problem));
            }
        };
        let public = PublicData::from_members(members, at)
            .map_err(|error| fault(error.pointer, Problem::PublicData(error.problem)))?;
        let (request_at, presentation_at) = (request.at, presentation.at);
        let mut case = case_of(members, request.value, presentation.value)
            .map_err(|(pointer, problem)| fault(format!("{at}{pointer}"), problem))?;
        case.id = id.map(str::to_owned);
        case.schemas = public.schemas;
        case.cred_defs = public.cred_defs;
        case.rev_reg_defs = public.rev_reg_defs;
        case.rev_regs = public.rev_regs;
        case.rev_status_lists = public.rev_status_lists;
        let claims_verified = ["verified", "isVerified", "is_verified"]
            .iter()
            .find_map(|name| truth(members.get(*name)?));
        Ok(Record { form: self.form, case, request_at, presentation_at, claims_verified })
    }

    /// Returns what the first of these paths that leads to something has for a side.
    fn parts(
        &self,
        side: Side,
        paths: &[&[&str]],
        members: &Map<String, Value>,
        at: &str,
    ) -> Result<Vec<Part>, (String, Problem)> {
        let mut first_fault = None;
        for path in paths {
            let Some(value) = find(members, path) else { continue };
            let at = path.iter().fold(at.to_owned(), |at, name| pointer::child(&at, name));
            // an agent writes an object without members where it has none yet
            if self.form != RecordForm::Case && value.as_object().is_some_and(Map::is_empty) {
                continue;
            }
            match parts::find(side, value, &at) {
                Ok(found) if found.is_empty() => {}
                Ok(found) => return Ok(found),
                Err(fault) => first_fault = first_fault.or(Some(fault)),
            }
        }
        first_fault.map_or_else(|| Ok(Vec::new()), Err)
    }
}

/// Makes a case of its parts, with the members that a case has beside them.
fn case_of(
    members: &Map<String, Value>,
    request: Value,
    presentation: Value,
) -> Result<Case, (String, Problem)> {
    // members that are a part, or public data, are read on their own
    const OTHERS: [&str; 3] = ["nonrevoked_interval_override", "expected", "expected_failures"];
    let others =
        OTHERS.iter().filter_map(|name| Some(((*name).to_owned(), members.get(*name)?.clone())));
    let mut case: Map<String, Value> = others.collect();
    case.insert("presentation_request".to_owned(), request);
    case.insert("presentation".to_owned(), presentation);
    serde_path_to_error::deserialize(Value::Object(case)).map_err(|error| {
        let mut pointer = String::new();
        for segment in error.path().iter() {
            pointer::push(&mut pointer, &segment.to_string());
        }
        let got = error.inner().to_string();
        (pointer, Problem::Malformed { expected: "what a case has there", got })
    })
}

/// Returns whether objects of a kind can have a request and a presentation among their members.
fn is_container(kind: ObjectKind) -> bool {
    matches!(kind, ObjectKind::Case | ObjectKind::ProofRecord | ObjectKind::OtherObject)
}

/// Follows a path of member names; null counts as absent.
fn find<'v>(members: &'v Map<String, Value>, path: &[&str]) -> Option<&'v Value> {
    let (first, rest) = path.split_first()?;
    let found = rest.iter().try_fold(members.get(*first)?, |value, name| value.get(*name))?;
    (!found.is_null()).then_some(found)
}

/// Returns a truth value, which ACA-Py writes as a text.
fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(truth) => Some(*truth),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}
