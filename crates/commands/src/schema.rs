//! `negotiate-proof schema`: JSON Schemas of what programs read, and of the files of a scenario.
//!
//! Each names its version in `$id`, and the output has the same number as its member `format`. What
//! is added to an output keeps the number: readers ignore members that they do not know. A change
//! that a reader must know of gets the next number, and a schema of its own.

use std::io::{self, Write};

use tutorial::{output, report};

/// The schemas: their names and their texts.
const SCHEMAS: [(&str, &str); 12] = [
    ("verdict", include_str!("../schemas/verdict.json")),
    ("case", include_str!("../schemas/case.json")),
    ("policy", include_str!("../schemas/policy.json")),
    ("action", include_str!("../schemas/action.json")),
    ("search", include_str!("../schemas/search.json")),
    ("disclosure", include_str!("../schemas/disclosure.json")),
    ("finding", include_str!("../schemas/finding.json")),
    ("wallet", include_str!("../schemas/wallet.json")),
    ("scenario-issuer", include_str!("../schemas/scenario-issuer.json")),
    ("scenario-credential", include_str!("../schemas/scenario-credential.json")),
    ("scenario-holder", include_str!("../schemas/scenario-holder.json")),
    ("scenario-request", include_str!("../schemas/scenario-request.json")),
];

/// Returns the names of the schemas.
pub fn names() -> impl Iterator<Item = &'static str> {
    SCHEMAS.iter().map(|(name, _)| *name)
}

/// Prints the schema of a name, or the list of names.
///
/// # Errors
///
/// When standard output cannot be written.
pub fn print(name: Option<&str>) -> io::Result<()> {
    let mut out = output::data();
    for (known, text) in SCHEMAS {
        match name {
            None => writeln!(out, "{known}")?,
            Some(name) if name == known => return report::print(text.as_bytes()),
            Some(_) => {}
        }
    }
    Ok(())
}
