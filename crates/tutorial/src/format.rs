//! For whom output is printed, and the lines that a program gets.

use std::{
    io::{self, Write},
    path::Path,
};

use serde::Serialize;
use serde_json::Value;
use stdx::text;

use crate::output;

/// For whom output is printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Format {
    /// Text for a person, coloured on a terminal.
    #[default]
    Text,
    /// JSON for a program, one object a line.
    Json,
    /// Nothing.
    Quiet,
}

/// The version of the forms that programs read, which their JSON Schemas have in `$id`.
pub const FORM: u8 = 1;

/// Returns a path as JSON has it: a name that is not UTF-8 with replacement characters.
pub fn path_value(path: &Path) -> Value {
    path.to_string_lossy().into()
}

/// Prints a line of JSON for a program, with the version of its form as the first member.
///
/// # Errors
///
/// When the value is not an object, or standard output cannot be written.
pub fn line(value: &impl Serialize) -> io::Result<()> {
    #[derive(Serialize)]
    struct Line<'v, V> {
        format: u8,
        #[serde(flatten)]
        value: &'v V,
    }
    let line = serde_json::to_string(&Line { format: FORM, value }).map_err(io::Error::from)?;
    // it may reach a terminal too
    writeln!(output::data(), "{}", text::json(&line))
}
