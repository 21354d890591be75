//! The lines that are read and written, each a JSON object.
//!
//! ```text
//! read:    {"id": 7, "request": {"identifier": ..., "operation": {...}, "reqId": ..., ...}}
//! written: {"ready": {"nodes": 4}}                       first, once
//!          {"id": 7, "reply": {"op": "REPLY", ...}}      or REQNACK, REJECT: a node's own words
//!          {"id": 8, "error": {"kind": "timeout", "message": "...", "nodes": ["Node3", "Node4"]}}
//! ```
//!
//! An `id` is a number or a text, and comes back as it was given. Answers come in any order.

use std::io::{self, BufRead, Read};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The longest line that is read, in bytes.
pub const LINE_LIMIT: u64 = 1024 * 1024;

/// Whose answer a line is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Id {
    /// A whole number.
    Number(u64),
    /// A text.
    Text(String),
}

/// A request that can be sent: it has an author's name, an operation, and a number.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    members: Map<String, Value>,
    req_id: u64,
}

impl Request {
    /// Takes an object with the members without which a node cannot answer at all.
    ///
    /// All else is for the nodes to judge, who say in a `REQNACK` what they miss.
    fn new(value: Value) -> Result<Self, Problem> {
        let refused = |message: &str| Problem::new(Kind::InvalidRequest, message);
        let Value::Object(members) = value else {
            return Err(refused("the request is not a JSON object"));
        };
        if !members.get("identifier").is_some_and(Value::is_string) {
            return Err(refused(
                "the request has no `identifier`, a text: its author's DID",
            ));
        }
        if !members.get("operation").is_some_and(Value::is_object) {
            return Err(refused("the request has no `operation`, an object"));
        }
        // indy-vdr, which tells answers apart by it, counts with a sign.
        let req_id = members.get("reqId").and_then(Value::as_u64);
        let Some(req_id) = req_id.filter(|id| i64::try_from(*id).is_ok()) else {
            return Err(refused(
                "the request has no `reqId`, a whole number from 0 to 2^63 - 1",
            ));
        };
        Ok(Self { members, req_id })
    }

    /// Its number.
    pub fn req_id(&self) -> u64 {
        self.req_id
    }

    /// The operation's `type`, if it has one.
    pub fn operation_type(&self) -> Option<&str> {
        self.members.get("operation")?.get("type")?.as_str()
    }

    /// All of it, as it is sent.
    pub fn into_json(self) -> Value {
        Value::Object(self.members)
    }
}

/// What kind of problem kept a request from being answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Too few nodes answered in time.
    Timeout,
    /// All nodes were asked, and not one gave a sign of life.
    Unreachable,
    /// The nodes' answers differ, and too few agree.
    NoConsensus,
    /// The line or the request cannot be understood, so nothing was sent.
    InvalidRequest,
    /// A fault of this program. It should be started anew.
    Internal,
}

/// Why a request was not answered.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Problem {
    kind: Kind,
    message: String,
    /// The nodes that were asked and did not answer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    nodes: Vec<String>,
}

impl Problem {
    /// A problem that has nothing to do with certain nodes.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            nodes: Vec::new(),
        }
    }

    /// The same, with the nodes that did not answer.
    pub fn with_silent_nodes(mut self, nodes: Vec<String>) -> Self {
        self.nodes = nodes;
        self
    }
}

/// What comes of a request: a node's reply, or a problem.
pub type Outcome = Result<Value, Problem>;

/// A line that is written.
#[derive(Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Told {
    /// The pool is open; requests may come.
    Ready {
        /// How many nodes the genesis file names.
        nodes: usize,
    },
}

/// An answer's line. Without an `id` when the line that it answers had none.
pub fn answer(id: Option<&Id>, outcome: &Outcome) -> String {
    let told = match outcome {
        Ok(reply) => serde_json::json!({"id": id, "reply": reply}),
        Err(problem) => serde_json::json!({"id": id, "error": problem}),
    };
    told.to_string()
}

/// A line that was read, understood or not.
pub type Asked = Result<(Id, Request), (Option<Id>, Problem)>;

/// Reads the next line; `None` at the end of the input. Of a line that is too long, only the
/// beginning is ever held.
///
/// # Errors
/// When the input cannot be read.
pub fn read_line(input: &mut impl BufRead) -> io::Result<Option<Asked>> {
    let mut line = Vec::new();
    // One byte more than is allowed, so that too much can be told from enough.
    let mut limited = input.by_ref().take(LINE_LIMIT + 1);
    if limited.read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    let is_whole = line.last() == Some(&b'\n');
    if !is_whole && line.len() as u64 > LINE_LIMIT {
        input.skip_until(b'\n')?;
        let problem = format!("the line is longer than {LINE_LIMIT} bytes");
        return Ok(Some(Err((
            None,
            Problem::new(Kind::InvalidRequest, problem),
        ))));
    }
    Ok(Some(understand(&line)))
}

fn understand(line: &[u8]) -> Asked {
    let refused = |message: String| Problem::new(Kind::InvalidRequest, message);
    // serde_json gives up at 128 levels of nesting, so no line exhausts the stack.
    let value: Value = serde_json::from_slice(line)
        .map_err(|error| (None, refused(format!("the line is not JSON: {error}"))))?;
    let Value::Object(mut members) = value else {
        return Err((None, refused("the line is not a JSON object".to_owned())));
    };
    let id = members
        .remove("id")
        .and_then(|id| serde_json::from_value::<Id>(id).ok());
    let Some(id) = id else {
        let message = "the line has no `id`, a whole number or a text";
        return Err((None, refused(message.to_owned())));
    };
    let Some(request) = members.remove("request") else {
        return Err((Some(id), refused("the line has no `request`".to_owned())));
    };
    match Request::new(request) {
        Ok(request) => Ok((id, request)),
        Err(problem) => Err((Some(id), problem)),
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use serde_json::json;

    use super::*;

    fn read(line: &str) -> Asked {
        read_line(&mut line.as_bytes())
            .expect("memory can be read")
            .expect("a line")
    }

    fn refusal(line: &str) -> (Option<Id>, String) {
        let (id, problem) = read(line).expect_err("refused");
        assert_eq!(problem.kind, Kind::InvalidRequest);
        (id, problem.message)
    }

    #[test]
    fn a_request_is_taken_with_all_its_members() {
        let request = json!({"identifier": "A", "operation": {"type": "105", "x": [1]}, "reqId": 3,
            "signature": "s", "unheard-of": null});
        let line = json!({"id": 7, "request": request}).to_string();
        let (id, taken) = read(&line).expect("a request");
        assert_eq!(id, Id::Number(7));
        assert_eq!(taken.req_id(), 3);
        assert_eq!(taken.operation_type(), Some("105"));
        assert_eq!(taken.into_json(), request);
    }

    #[test]
    fn what_is_not_a_request_is_refused_under_its_id() {
        let id = Some(Id::Text("x".to_owned()));
        for (request, complaint) in [
            (json!(null), "not a JSON object"),
            (json!([]), "not a JSON object"),
            (json!({"operation": {}, "reqId": 1}), "`identifier`"),
            (
                json!({"identifier": 1, "operation": {}, "reqId": 1}),
                "`identifier`",
            ),
            (json!({"identifier": "A", "reqId": 1}), "`operation`"),
            (
                json!({"identifier": "A", "operation": [], "reqId": 1}),
                "`operation`",
            ),
            (json!({"identifier": "A", "operation": {}}), "`reqId`"),
            (
                json!({"identifier": "A", "operation": {}, "reqId": -1}),
                "`reqId`",
            ),
            (
                json!({"identifier": "A", "operation": {}, "reqId": 1.5}),
                "`reqId`",
            ),
            (
                json!({"identifier": "A", "operation": {}, "reqId": u64::MAX}),
                "`reqId`",
            ),
        ] {
            let line = json!({"id": "x", "request": request}).to_string();
            let (refused, message) = refusal(&line);
            assert_eq!(refused, id, "{line}");
            assert!(message.contains(complaint), "{line}: {message}");
        }
        assert_eq!(refusal(r#"{"id": "x"}"#).0, id);
    }

    #[test]
    fn what_is_not_even_a_line_is_refused_without_an_id() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        for line in [
            "",
            "{",
            "null",
            "[1]",
            "\u{0}",
            r#"{"request": {}}"#,
            r#"{"id": -1}"#,
            r#"{"id": {}}"#,
            &deep,
        ] {
            assert_eq!(
                refusal(&format!("{line}\n")).0,
                None,
                "{}",
                line.get(..20).unwrap_or(line)
            );
        }
        let bytes: &[u8] = b"\xff\xfe\n";
        assert!(
            read_line(&mut { bytes })
                .expect("read")
                .expect("a line")
                .is_err()
        );
    }

    #[test]
    fn a_line_that_is_too_long_is_refused_and_the_next_one_is_read() {
        let mut text = "x".repeat(3 * 1024 * 1024);
        text.push_str("\n{\"id\": 1}\n");
        let mut input = BufReader::new(text.as_bytes());
        let (id, problem) = read_line(&mut input)
            .expect("read")
            .expect("a line")
            .expect_err("too long");
        assert_eq!(id, None);
        assert!(problem.message.contains("longer"), "{}", problem.message);
        let (id, _) = read_line(&mut input)
            .expect("read")
            .expect("the next line")
            .expect_err("no request");
        assert_eq!(id, Some(Id::Number(1)));
        assert!(read_line(&mut input).expect("read").is_none());
    }

    #[test]
    fn an_answer_is_one_line() {
        let reply = Ok(json!({"op": "REPLY", "result": "two\nlines"}));
        let line = answer(Some(&Id::Number(1)), &reply);
        assert!(!line.contains('\n'), "{line}");
        let problem = Problem::new(Kind::NoConsensus, "why");
        let line = answer(None, &Err(problem.with_silent_nodes(vec!["Node1".into()])));
        assert_eq!(
            line,
            r#"{"error":{"kind":"no-consensus","message":"why","nodes":["Node1"]},"id":null}"#
        );
    }
}
