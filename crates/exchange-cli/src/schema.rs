//! `proof-exchange schema`: the JSON Schemas of the messages.

use std::io::{self, Write};

use exchange::message::SCHEMAS;
use tutorial::{Status, output, report};

/// Returns the names of the schemas.
pub fn names() -> impl Iterator<Item = &'static str> {
    SCHEMAS.iter().map(|schema| schema.name)
}

/// Prints the schema of a name, or the list of names.
pub fn print(name: Option<&str>) -> io::Result<Status> {
    let mut out = output::data();
    for schema in SCHEMAS {
        match name {
            None => writeln!(out, "{}", schema.name)?,
            Some(name) if name == schema.name => report::print(schema.text.as_bytes())?,
            Some(_) => {}
        }
    }
    Ok(Status::Good)
}
