//! Lines of JSON.

use serde::Serialize;

/// The version of the lines' form.
pub(crate) const FORM: u8 = 1;

/// Adds a line, in which what a terminal does not show is escaped.
pub(crate) fn push(text: &mut String, value: &impl Serialize) {
    // strings, numbers and maps of them always have a form in JSON
    let line = serde_json::to_string(value).unwrap_or_default();
    *text += &stdx::text::json(&line);
    text.push('\n');
}
