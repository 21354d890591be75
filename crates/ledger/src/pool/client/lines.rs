//! The lines between this program and the client: JSON objects, one a line.

use std::io::{self, BufRead, Read};

use serde::Deserialize;
use serde_json::{Map, Value, json};

/// The longest line that is taken from the client. A reply is as long as a node's message, 128 KiB.
const LONGEST: u64 = 4 * 1024 * 1024;

/// A line for the client, with its end.
pub(super) fn question(id: u64, request: &Map<String, Value>) -> String {
    format!("{}\n", json!({"id": id, "request": request}))
}

/// A line from the client.
#[derive(Debug)]
pub(super) enum Told {
    /// It has read the genesis transactions and takes requests.
    Ready,
    /// What came of a request.
    Answer(u64, Answer),
    /// What is wrong with no request in particular.
    Complaint(String),
}

/// A node's reply, or why there is none.
pub(super) type Answer = Result<Value, Problem>;

/// Why a request has no reply.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Problem {
    pub(super) kind: Kind,
    pub(super) message: String,
    #[serde(default)]
    pub(super) nodes: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Kind {
    Timeout,
    Unreachable,
    NoConsensus,
    InvalidRequest,
    /// The client's own fault, or a kind of a later client.
    #[serde(other)]
    Internal,
}

/// All members that a line may have.
#[derive(Deserialize)]
struct Line {
    id: Option<u64>,
    ready: Option<Value>,
    reply: Option<Value>,
    error: Option<Problem>,
}

/// Reads a line; `None` at the end.
///
/// # Errors
/// When it cannot be read or understood. Nothing that comes after it can be trusted then.
pub(super) fn read(input: &mut impl BufRead) -> io::Result<Option<Told>> {
    let mut line = Vec::new();
    if input.by_ref().take(LONGEST).read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    understand(&line)
        .map(Some)
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, excerpt(&line)))
}

fn understand(line: &[u8]) -> Option<Told> {
    match serde_json::from_slice(line).ok()? {
        Line { ready: Some(_), .. } => Some(Told::Ready),
        Line {
            id: Some(id),
            reply: Some(reply),
            ..
        } => Some(Told::Answer(id, Ok(reply))),
        Line {
            id: Some(id),
            error: Some(problem),
            ..
        } => Some(Told::Answer(id, Err(problem))),
        Line {
            error: Some(problem),
            ..
        } => Some(Told::Complaint(problem.message)),
        _ => None,
    }
}

/// The beginning of what is no line of a client, for an error.
fn excerpt(line: &[u8]) -> String {
    const SHOWN: usize = 60;
    let text = String::from_utf8_lossy(line);
    let shown: String = text.trim_end().chars().take(SHOWN).collect();
    format!("it wrote {shown:?}, which is no line of a pool client")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(line: &str) -> io::Result<Option<Told>> {
        read(&mut line.as_bytes())
    }

    #[test]
    fn the_four_kinds_of_lines_are_told_apart() {
        let ready = told(r#"{"ready": {"nodes": 4}}"#).expect("read");
        assert!(matches!(ready, Some(Told::Ready)));
        let reply = told(r#"{"id": 1, "reply": {"op": "REPLY"}}"#).expect("read");
        assert!(matches!(reply, Some(Told::Answer(1, Ok(_)))));
        let line = r#"{"id": 1, "error": {"kind": "no-consensus", "message": "m"}}"#;
        let Some(Told::Answer(1, Err(problem))) = told(line).expect("read") else {
            panic!("a problem");
        };
        assert_eq!(problem.kind, Kind::NoConsensus);
        let line = r#"{"id": null, "error": {"kind": "of tomorrow", "message": "m"}}"#;
        let complaint = told(line).expect("read");
        assert!(matches!(complaint, Some(Told::Complaint(_))));
    }

    #[test]
    fn anything_else_is_an_error_that_shows_its_beginning() {
        for line in [
            "hello\n",
            "{}\n",
            "null\n",
            "\n",
            r#"{"id": 1}"#,
            r#"{"id": "x", "reply": {}}"#,
        ] {
            let error = told(line).expect_err("not understood");
            let beginning = line.trim_end().escape_debug().to_string();
            assert!(error.to_string().contains(&beginning), "{error}");
        }
        assert!(
            told(&"x".repeat(100_000))
                .expect_err("long")
                .to_string()
                .len()
                < 200
        );
    }
}
