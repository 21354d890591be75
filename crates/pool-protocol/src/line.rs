//! Reading and writing messages as lines, with limits.

use std::io::{self, BufRead, Read, Write};

use serde::Serialize;
use serde_json::Value;

use crate::message::{ErrorKind, PoolMessage, PoolRequest, RequestError, RequestId};

/// The longest line that a client reads, in bytes. A node's request has at most 128 KiB.
pub const MAX_REQUEST_LINE: u64 = 1024 * 1024;

/// The longest line that is read from a client, in bytes.
pub const MAX_MESSAGE_LINE: u64 = 4 * 1024 * 1024;

/// Writes a message as one line, and flushes it.
///
/// # Errors
/// Those of the output.
pub fn write_line(output: &mut impl Write, message: &impl Serialize) -> io::Result<()> {
    let mut line = serde_json::to_vec(message)?;
    line.push(b'\n');
    output.write_all(&line)?;
    output.flush()
}

/// Reads the next request; `None` at the end of the input.
///
/// A line that is not a request gives the message to answer it with, and the next line can be read.
///
/// # Errors
/// When the input cannot be read.
pub fn read_request(
    input: &mut impl BufRead,
) -> io::Result<Option<Result<PoolRequest, PoolMessage>>> {
    Ok(match read_line(input, MAX_REQUEST_LINE)? {
        None => None,
        Some(Line::Whole(line)) => Some(parse_request(&line)),
        Some(Line::TooLong(_)) => {
            input.skip_until(b'\n')?;
            let problem = format!("the line is longer than {MAX_REQUEST_LINE} bytes");
            Some(Err(invalid_request(None, problem)))
        }
    })
}

/// Reads the next message of a client; `None` at the end of its output.
///
/// # Errors
/// When the output cannot be read, and [`io::ErrorKind::InvalidData`] for a line that is not a
/// message. Nothing that comes after such a line can be trusted.
pub fn read_message(output: &mut impl BufRead) -> io::Result<Option<PoolMessage>> {
    let Some(line) = read_line(output, MAX_MESSAGE_LINE)? else {
        return Ok(None);
    };
    let message = match &line {
        Line::Whole(line) => serde_json::from_slice(line).ok(),
        Line::TooLong(_) => None,
    };
    let not_a_message = || io::Error::new(io::ErrorKind::InvalidData, excerpt(line.bytes()));
    message.map(Some).ok_or_else(not_a_message)
}

enum Line {
    Whole(Vec<u8>),
    /// Its beginning; the rest has not been read.
    TooLong(Vec<u8>),
}

impl Line {
    fn bytes(&self) -> &[u8] {
        let (Self::Whole(bytes) | Self::TooLong(bytes)) = self;
        bytes
    }
}

/// Reads a line of at most `max` bytes, not counting its end. The last line may lack an end.
fn read_line(input: &mut impl BufRead, max: u64) -> io::Result<Option<Line>> {
    let mut line = Vec::new();
    // One byte more than allowed, which tells a line that is too long from one of full length.
    let length = input.by_ref().take(max + 1).read_until(b'\n', &mut line)? as u64;
    Ok(match length {
        0 => None,
        _ if length > max && line.last() != Some(&b'\n') => Some(Line::TooLong(line)),
        _ => Some(Line::Whole(line)),
    })
}

/// Reads the members one by one, so that the error carries the `id` if there is one.
fn parse_request(line: &[u8]) -> Result<PoolRequest, PoolMessage> {
    // serde_json stops at 128 levels of nesting, so no line exhausts the stack.
    let line: Value = serde_json::from_slice(line)
        .map_err(|error| invalid_request(None, format!("the line is not JSON: {error}")))?;
    let Value::Object(mut members) = line else {
        return Err(invalid_request(None, "the line is not a JSON object"));
    };
    let id = members.remove("id").map(serde_json::from_value::<RequestId>);
    let Some(Ok(id)) = id else {
        let problem = "the line has no `id`, a whole number or a text";
        return Err(invalid_request(None, problem));
    };
    match members.remove("request") {
        Some(request) => Ok(PoolRequest { id, request }),
        None => Err(invalid_request(Some(id), "the line has no `request`")),
    }
}

fn invalid_request(id: Option<RequestId>, problem: impl Into<String>) -> PoolMessage {
    let error = RequestError::new(ErrorKind::InvalidRequest, problem);
    PoolMessage::Error { error, id }
}

/// Quotes the beginning of what is not a message.
fn excerpt(line: &[u8]) -> String {
    const MAX_SHOWN: usize = 60;
    let text = String::from_utf8_lossy(line);
    let shown: String = text.trim_end().chars().take(MAX_SHOWN).collect();
    format!("it wrote {shown:?}, which is not a message of a pool client")
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use serde_json::json;

    use super::*;

    fn request(line: &str) -> Result<PoolRequest, PoolMessage> {
        read_request(&mut line.as_bytes()).expect("memory can be read").expect("a line")
    }

    fn refusal(line: &str) -> (Option<RequestId>, String) {
        match request(line).expect_err("refused") {
            PoolMessage::Error { error, id } => {
                assert_eq!(error.kind, ErrorKind::InvalidRequest);
                (id, error.message)
            }
            other => panic!("not an error: {other:?}"),
        }
    }

    fn message(line: &str) -> io::Result<PoolMessage> {
        read_message(&mut line.as_bytes()).map(|message| message.expect("a line"))
    }

    fn written(message: &impl Serialize) -> String {
        let mut line = Vec::new();
        write_line(&mut line, message).expect("memory can be written");
        String::from_utf8(line).expect("text")
    }

    #[test]
    fn a_request_is_read_as_it_was_written() {
        let sent = PoolRequest {
            id: RequestId::Number(7),
            request: json!({"operation": {"type": "105", "x": [1]}, "unknown": null}),
        };
        let line = written(&sent);
        assert_eq!(
            line,
            "{\"id\":7,\"request\":{\"operation\":{\"type\":\"105\",\"x\":[1]},\"unknown\":null}}\n"
        );
        assert_eq!(request(&line), Ok(sent));
    }

    #[test]
    fn a_line_without_a_request_is_refused_with_its_id() {
        let id = Some(RequestId::Text("x".to_owned()));
        assert_eq!(refusal(r#"{"id": "x"}"#).0, id);
    }

    #[test]
    fn a_line_that_is_not_a_request_is_refused_without_id() {
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
            let shown = line.get(..20).unwrap_or(line);
            assert_eq!(refusal(&format!("{line}\n")).0, None, "{shown}");
        }
        let mut not_utf8: &[u8] = b"\xff\xfe\n";
        let line = read_request(&mut not_utf8).expect("read");
        assert!(line.expect("a line").is_err());
    }

    #[test]
    fn after_a_line_that_is_too_long_the_next_one_is_read() {
        let mut text = "x".repeat(3 * 1024 * 1024);
        text.push_str("\n{\"id\": 1}\n");
        let mut input = BufReader::new(text.as_bytes());
        let mut refusal = || match read_request(&mut input).expect("read") {
            Some(Err(PoolMessage::Error { error, id })) => Some((id, error.message)),
            None => None,
            Some(other) => panic!("not refused: {other:?}"),
        };
        let (id, problem) = refusal().expect("a line");
        assert_eq!(id, None);
        assert!(problem.contains("longer"), "{problem}");
        let (id, _) = refusal().expect("the next line");
        assert_eq!(id, Some(RequestId::Number(1)));
        assert_eq!(refusal(), None);
    }

    #[test]
    fn each_message_is_one_line() {
        assert_eq!(written(&PoolMessage::ready(4)), "{\"ready\":{\"nodes\":4}}\n");
        let id = RequestId::Number(1);
        let reply = json!({"op": "REPLY", "result": "two\nlines"});
        assert_eq!(
            written(&PoolMessage::outcome(id, Ok(reply))),
            "{\"id\":1,\"reply\":{\"op\":\"REPLY\",\"result\":\"two\\nlines\"}}\n"
        );
        let mut error = RequestError::new(ErrorKind::NoConsensus, "why");
        error.nodes = vec!["Node1".to_owned()];
        assert_eq!(
            written(&PoolMessage::Error { error, id: None }),
            "{\"error\":{\"kind\":\"no-consensus\",\"message\":\"why\",\"nodes\":[\"Node1\"]},\"id\":null}\n"
        );
    }

    #[test]
    fn the_four_kinds_of_message_are_told_apart() {
        let ready = message(r#"{"ready": {"nodes": 4}}"#).expect("read");
        assert_eq!(ready, PoolMessage::ready(4));
        let reply = message(r#"{"id": 1, "reply": {"op": "REPLY"}}"#).expect("read");
        let id = RequestId::Number(1);
        assert_eq!(reply, PoolMessage::outcome(id.clone(), Ok(json!({"op": "REPLY"}))));
        let line = r#"{"id": 1, "error": {"kind": "no-consensus", "message": "m"}}"#;
        let error = RequestError::new(ErrorKind::NoConsensus, "m");
        assert_eq!(message(line).expect("read"), PoolMessage::outcome(id, Err(error)));
        let line = r#"{"id": null, "error": {"kind": "of tomorrow", "message": "m"}}"#;
        let error = RequestError::new(ErrorKind::Internal, "m");
        assert_eq!(message(line).expect("read"), PoolMessage::Error { error, id: None });
    }

    #[test]
    fn anything_else_is_an_error_that_quotes_its_beginning() {
        for line in ["hello\n", "{}\n", "null\n", "\n", r#"{"id": 1}"#] {
            let error = message(line).expect_err("not a message");
            let beginning = line.trim_end().escape_debug().to_string();
            assert!(error.to_string().contains(&beginning), "{error}");
        }
        for length in [100_000, 5 * 1024 * 1024] {
            let error = message(&"x".repeat(length)).expect_err("long");
            assert!(error.to_string().len() < 200);
        }
    }
}
