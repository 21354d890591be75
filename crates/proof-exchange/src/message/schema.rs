//! The draft's JSON Schemas, repaired.

use serde_json::Value;

use super::{Mode, Violation};

pub(super) fn request(_document: &Value, _mode: Mode) -> Vec<Violation> {
    Vec::new()
}

pub(super) fn response(_document: &Value, _mode: Mode) -> Vec<Violation> {
    Vec::new()
}

pub(super) fn credential(_document: &Value, _mode: Mode) -> Vec<Violation> {
    Vec::new()
}
