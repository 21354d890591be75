//! Records of other programs in files, and what to do about one that cannot be read.

use std::path::{Path, PathBuf};

use anyhow::{Error, Result, anyhow};
use proofs::{
    Record, RecordError,
    kinds::ObjectKind,
    limits::MAX_CASE_BYTES,
    records::{self, Problem},
};
use serde_json::value::RawValue;
use tutorial::input;

/// What files of records contain.
const WHAT: &str = "a case, or the record of a proof exchange,";

/// A record, or why it cannot be read, after the place where it is. The place names it if it does
/// not name itself.
pub(crate) type Placed = (String, Result<Record, RecordError>);

/// Reads the records of files, of which there may be several after each other in each.
pub(crate) async fn read_all(files: &[PathBuf]) -> Vec<Result<Vec<Placed>>> {
    let mut all = Vec::new();
    for path in files {
        let text = input::text_up_to(path, WHAT, MAX_CASE_BYTES).await;
        all.push(text.map(|text| read(path, &text)).map_err(Error::from));
    }
    all
}

/// Reads a request and a presentation from two files; `None` if they are not one of each, or are
/// not read twice.
///
/// # Errors
///
/// When a file cannot be read.
pub(crate) async fn read_pair(one: &Path, other: &Path) -> Result<Option<Placed>> {
    let is_stream = |path: &Path| path == Path::new("-") || !path.is_file();
    if is_stream(one) || is_stream(other) {
        return Ok(None);
    }
    let texts = (
        input::text_up_to(one, WHAT, MAX_CASE_BYTES).await?,
        input::text_up_to(other, WHAT, MAX_CASE_BYTES).await?,
    );
    let place = format!("{} and {}", one.display(), other.display());
    Ok(records::read_pair(&texts.0, &texts.1).map(|record| (place, record)))
}

/// Reads the records of a text.
fn read(path: &Path, text: &str) -> Vec<Placed> {
    let shown = path.display();
    let documents = documents(text);
    let records: Vec<_> = documents.iter().flat_map(|document| records::read(document)).collect();
    let several = records.len() > 1;
    let placed = records.into_iter().enumerate().map(|(index, record)| {
        let place = match several {
            true => format!("{shown}#{}", index + 1),
            false => shown.to_string(),
        };
        (place, record)
    });
    placed.collect()
}

/// Divides a text into the JSON documents that follow each other in it; the text as a whole if they
/// are not JSON.
pub(crate) fn documents(text: &str) -> Vec<&str> {
    let stream = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
    match stream.map(|document| document.map(RawValue::get)).collect::<Result<Vec<_>, _>>() {
        Ok(documents) if !documents.is_empty() => documents,
        _ => vec![text],
    }
}

/// Returns the error of a record, with what to do.
pub(crate) fn explain(error: &RecordError) -> Error {
    match advice(&error.problem) {
        Some(advice) => anyhow!("{error}; {advice}"),
        None => anyhow!("{error}"),
    }
}

/// Returns what to do about a record that cannot be read; `None` if the error says so itself.
fn advice(problem: &Problem) -> Option<&'static str> {
    Some(match problem {
        Problem::NotARecord(kind) | Problem::WrongKind { got: kind, .. } => of_kind(*kind),
        Problem::Missing { part: "presentation", .. } => {
            "take the record when the presentation has arrived, or give the presentation beside the request: \
             {\"presentation_request\": {...}, \"presentation\": {...}}"
        }
        Problem::Missing { .. } => {
            "take the record from the verifier's program, which keeps the request, or give the request beside the \
             presentation: {\"presentation_request\": {...}, \"presentation\": {...}}"
        }
        Problem::OtherFormat { .. } => "only presentations of AnonCreds and Indy are verified here",
        Problem::RepeatedMember => "ask its sender for the original",
        Problem::Empty => "check that the program that writes it has finished",
        _ => return None,
    })
}

fn of_kind(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::ProofRequest => "`negotiate-proof lint` reads proof requests",
        ObjectKind::Presentation => {
            "give it with the request that it answers: {\"presentation_request\": {...}, \"presentation\": {...}}"
        }
        ObjectKind::Schema
        | ObjectKind::CredentialDefinition
        | ObjectKind::RegistryDefinition
        | ObjectKind::Registry
        | ObjectKind::StatusList => "give public data with --public, beside a record",
        ObjectKind::W3cPresentation | ObjectKind::W3cCredential | ObjectKind::LinkedData => {
            "`proof-exchange verify` reads proof responses with W3C credentials; other presentations of W3C \
             credentials are not read"
        }
        ObjectKind::CredentialRecord
        | ObjectKind::Credential
        | ObjectKind::CredentialOffer
        | ObjectKind::CredentialRequest => {
            "it belongs to the issuing of a credential, not to a proof"
        }
        ObjectKind::RequestMetadata | ObjectKind::LinkSecret | ObjectKind::PrivateKey => {
            "it is a secret; keep it where it was"
        }
        ObjectKind::Message => {
            "give the messages request-presentation and presentation of one exchange, in a list"
        }
        _ => {
            "give a case, or the record of a proof exchange as ACA-Py or Credo has it: with the request and the \
             presentation"
        }
    }
}
