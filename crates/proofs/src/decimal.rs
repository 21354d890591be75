//! The one way of writing a number that is accepted.

use crate::limits::MAX_DIGITS;

/// Returns what is wrong with the text of a number, without quoting it; `None` for a canonical
/// decimal: ASCII digits, at most [`MAX_DIGITS`], no leading zero, nothing else.
pub(crate) fn fault(text: &str) -> Option<String> {
    if text.is_empty() {
        Some("an empty text".to_owned())
    } else if text.len() > MAX_DIGITS {
        Some(format!("a text of {} bytes", text.len()))
    } else if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        Some("a text with another character than digits".to_owned())
    } else if text.len() > 1 && text.starts_with('0') {
        Some("a leading zero".to_owned())
    } else {
        None
    }
}
