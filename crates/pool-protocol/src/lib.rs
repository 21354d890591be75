//! The line protocol between a program and the pool client that it runs as a child process.
//!
//! Each line is a JSON object:
//!
//! ```text
//! to the client:    {"id": 7, "request": {"identifier": ..., "operation": {...}, "reqId": ..., ...}}
//! from the client:  {"ready": {"nodes": 4}}                       first, once
//!                   {"id": 7, "reply": {"op": "REPLY", ...}}      or REQNACK, REJECT: a node's reply
//!                   {"id": 8, "error": {"kind": "timeout", "message": "...", "nodes": ["Node3"]}}
//! ```
//!
//! An `id` is a number or a text, and comes back as it was given. Replies come in any order. An
//! error without an `id` concerns a line that had none, or the client itself.
//!
//! | module | subject |
//! |---|---|
//! | `message` | the messages, both ways |
//! | `line` | reading and writing them as lines, with limits |

mod line;
mod message;

pub use line::{MAX_MESSAGE_LINE, MAX_REQUEST_LINE, read_message, read_request, write_line};
pub use message::{ErrorKind, PoolMessage, PoolRequest, Ready, RequestError, RequestId};
