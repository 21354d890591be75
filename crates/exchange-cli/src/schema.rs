//! `proof-exchange schema`: the JSON Schemas of the messages.

use std::io::{self, Write};

use tutorial::{output, report};

macro_rules! schemas {
    ($($name:literal),*) => {
        &[$(($name, include_str!(concat!("../../exchange/schemas/", $name, ".json")))),*]
    };
}

/// The schemas by their names, by which they also refer to each other.
const SCHEMAS: &[(&str, &str)] = schemas!(
    "request",
    "response",
    "credential",
    "criterion",
    "common",
    "request-strict",
    "response-strict"
);

/// Returns the names of the schemas.
pub fn names() -> impl Iterator<Item = &'static str> {
    SCHEMAS.iter().map(|(name, _)| *name)
}

/// Prints the schema of a name, or the list of names.
pub fn print(name: Option<&str>) -> io::Result<()> {
    let mut out = output::data();
    for (known, text) in SCHEMAS {
        match name {
            None => writeln!(out, "{known}")?,
            Some(name) if name == *known => return report::print(text.as_bytes()),
            Some(_) => {}
        }
    }
    Ok(())
}
