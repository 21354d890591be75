//! How many of each kind a wallet holds, in words.

use std::io::{self, Write};

use indy::wallet::{Count, WalletContents};
use serde::Serialize;
use serde_json::{Map, Value};
use stdx::text::Whole;
use tutorial::{
    Format, format, output,
    report::{self, count},
};

/// What is said where credentials are useless.
const NO_LINK_SECRET: &str = "the wallet has credentials, and no link secret: nothing can be proved with them; import \
                              the link secret for which they were issued, from an export that has it \
                              (`negotiate-proof wallet export --link-secret`) or from the wallet in which they were \
                              received";

/// Returns what a wallet holds, in words.
pub(super) fn words(contents: &WalletContents) -> String {
    format!(
        "{}, {} and {}",
        count(contents.credentials, "credential", "credentials"),
        count(contents.link_secrets, "link secret", "link secrets"),
        count(contents.dids, "DID", "DIDs")
    )
}

/// Returns what was imported of a kind, in words.
pub(super) fn imported(imported: Count, one: &str, many: &str) -> String {
    format!(
        "{} imported; there already: {}.",
        count(imported.imported, one, many),
        imported.skipped
    )
}

/// Prints the end of an import: what was imported, and what the wallet held before and holds after
/// it.
pub(super) fn print_import(
    format: Format,
    mut sentences: Vec<String>,
    report: &impl Serialize,
    before: &WalletContents,
    after: &WalletContents,
) -> anyhow::Result<()> {
    sentences.push(format!("The wallet held {}.", words(before)));
    sentences.push(format!("It holds {} now.", words(after)));
    let is_useless = after.credentials > 0 && after.link_secrets == 0;
    match format {
        Format::Text => {
            print_sentences(&sentences)?;
            if is_useless {
                report::warning(NO_LINK_SECRET);
            }
        }
        Format::Json => {
            let mut object = object(report)?;
            object.insert("before".to_owned(), serde_json::to_value(before)?);
            object.insert("after".to_owned(), serde_json::to_value(after)?);
            let warnings: &[&str] = if is_useless { &[NO_LINK_SECRET] } else { &[] };
            object.insert("warnings".to_owned(), serde_json::to_value(warnings)?);
            format::line(&object)?;
        }
        Format::Quiet => {}
    }
    Ok(())
}

/// Prints sentences, one a line.
pub(super) fn print_sentences(sentences: &[String]) -> io::Result<()> {
    let mut out = output::text();
    for sentence in sentences {
        writeln!(out, "{}", Whole(sentence))?;
    }
    out.flush()
}

/// Returns the members of a value.
pub(super) fn object(value: &impl Serialize) -> serde_json::Result<Map<String, Value>> {
    match serde_json::to_value(value)? {
        Value::Object(object) => Ok(object),
        other => Ok([("value".to_owned(), other)].into_iter().collect()),
    }
}
