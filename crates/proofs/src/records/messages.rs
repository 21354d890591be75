//! DIDComm messages of present-proof, and which presentation answers which request.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use stdx::pointer;

use super::content::Side;
use super::{Problem, Record, RecordError, RecordForm, attachment, case_of, parts};
use crate::kinds::recognise;
use crate::public_data::PublicData;

/// How deep in lists and objects messages are looked for: logs and invitations contain them.
const MAX_LEVELS: usize = 8;

/// A message that has one of the parts.
struct Message<'v> {
    side: Side,
    members: &'v Map<String, Value>,
    at: String,
    /// The exchange that it belongs to.
    thread: Option<&'v str>,
}

impl<'v> Message<'v> {
    fn of(value: &'v Value, at: &str) -> Option<Self> {
        let members = value.as_object()?;
        let side = side_of(members)?;
        let text = |name: &str| members.get(name).and_then(Value::as_str);
        let thread = members.get("~thread").and_then(|thread| thread.get("thid")?.as_str());
        let thread = thread.or_else(|| text("thid")).or_else(|| text("@id")).or_else(|| text("id"));
        Some(Self { side, members, at: at.to_owned(), thread })
    }
}

/// Returns which part the message has, by its type:
/// `https://didcomm.org/present-proof/2.0/presentation`, or an older prefix.
fn side_of(members: &Map<String, Value>) -> Option<Side> {
    let name = members.get("@type").or_else(|| members.get("type"))?.as_str()?;
    let (_, name) = name.split_once("/present-proof/")?;
    match name.split_once('/')? {
        (_, "request-presentation") => Some(Side::Request),
        (_, "presentation") => Some(Side::Presentation),
        _ => None,
    }
}

/// Returns whether a value is a message with one of the parts, or has one in a member `message`.
pub(super) fn is_message(value: &Value) -> bool {
    let is = |value: &Value| value.as_object().is_some_and(|members| side_of(members).is_some());
    is(value) || value.get("message").is_some_and(is)
}

/// Returns whether a value is a message of any kind, or contains one with a request or a
/// presentation.
pub(super) fn is_any_or_has_some(value: &Value) -> bool {
    let kind = value.get("@type").or_else(|| value.get("type")).and_then(Value::as_str);
    let mut found = Vec::new();
    collect(value, &mut String::new(), 0, &mut found);
    // a protocol's name is a path
    !found.is_empty() || kind.is_some_and(|kind| kind.contains('/'))
}

/// Reads the exchanges whose messages are somewhere in a value.
pub(super) fn read(value: &Value, at: &str) -> Vec<Result<Record, RecordError>> {
    let mut messages = Vec::new();
    collect(value, &mut at.to_owned(), 0, &mut messages);
    if messages.is_empty() {
        let problem = Problem::NotARecord(recognise(value));
        return vec![Err(RecordError { id: None, pointer: at.to_owned(), problem })];
    }
    let (requests, presentations): (Vec<_>, Vec<_>) =
        messages.into_iter().partition(|message| message.side == Side::Request);
    // of a request that was sent again, the last one counts
    let mut by_thread: BTreeMap<Option<&str>, &Message<'_>> =
        requests.iter().map(|request| (request.thread, request)).collect();
    let only = match (requests.as_slice(), presentations.as_slice()) {
        // of two messages alone one answers the other, even if a tool has left out the thread
        ([request], [_]) => Some(request),
        _ => None,
    };
    let mut records = Vec::new();
    for presentation in &presentations {
        let request = by_thread.get(&presentation.thread).copied().or(only);
        records.push(match request {
            Some(request) => read_pair(value, request, presentation),
            None => Err(missing(presentation, Side::Request)),
        });
    }
    for presentation in &presentations {
        by_thread.remove(&presentation.thread);
    }
    if only.is_none() {
        records.extend(
            by_thread.into_values().map(|request| Err(missing(request, Side::Presentation))),
        );
    }
    records
}

/// Finds the messages in a value, in their order.
fn collect<'v>(value: &'v Value, at: &mut String, level: usize, found: &mut Vec<Message<'v>>) {
    if let Some(message) = Message::of(value, at) {
        found.push(message);
        return;
    }
    if level == MAX_LEVELS {
        return;
    }
    let length = at.len();
    let mut visit = |token: &str, value: &'v Value| {
        pointer::push(at, token);
        collect(value, at, level + 1, found);
        at.truncate(length);
    };
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| visit(name, value)),
        Value::Array(items) => {
            // numbers, of which a presentation has thousands, contain no message
            let items =
                items.iter().enumerate().filter(|(_, item)| item.is_object() || item.is_array());
            items.for_each(|(index, item)| visit(&index.to_string(), item));
        }
        _ => {}
    }
}

fn missing(message: &Message<'_>, side: Side) -> RecordError {
    let problem = Problem::Missing { form: RecordForm::Messages, part: side.part(), state: None };
    RecordError { id: message.thread.map(str::to_owned), pointer: message.at.clone(), problem }
}

fn read_pair(
    whole: &Value,
    request: &Message<'_>,
    presentation: &Message<'_>,
) -> Result<Record, RecordError> {
    let id = presentation.thread.map(str::to_owned);
    let fault = |pointer, problem| RecordError { id: id.clone(), pointer, problem };
    let attached = |message: &Message<'_>| {
        attachment::parts(message.side, message.members, &message.at)
            .map_err(|(pointer, problem)| fault(pointer, problem))
    };
    let (found, answer) = parts::pair(attached(request)?, attached(presentation)?);
    let Some(found) = found else {
        return Err(missing(request, Side::Request));
    };
    let Some(answer) = answer else {
        return Err(missing(presentation, Side::Presentation));
    };
    let public = match whole {
        Value::Object(members) => PublicData::from_members(members, ""),
        _ => Ok(PublicData::default()),
    };
    let public =
        public.map_err(|error| fault(error.pointer, Problem::PublicData(error.problem)))?;
    let mut case = case_of(&Map::new(), found.value, answer.value)
        .map_err(|(pointer, problem)| fault(pointer, problem))?;
    case.id.clone_from(&id);
    public.put_into(&mut case);
    Ok(Record {
        form: RecordForm::Messages,
        case,
        request_at: found.at,
        presentation_at: answer.at,
        claims_verified: None,
    })
}
