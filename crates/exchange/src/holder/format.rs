//! The syntax and the proof type in which a holder answers.

use crate::{
    key::KeyKind,
    linked_data,
    message::{Accepted, CL_PRESENTATION, Syntax},
    signature::ProofType,
};

/// The request accepts nothing that the holder can do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the request accepts {}, and this holder can answer in {}{}; ask the verifier to accept what this holder can do, or answer with another key",
    accepted_types(accepted), listed(possible), because(*without_uris)
)]
pub struct NoAcceptedType {
    /// What the request accepts; empty where it accepts anything.
    pub accepted: Vec<Accepted>,
    /// What the holder can do with its key and these credentials.
    pub possible: Vec<Accepted>,
    /// Whether JSON-LD is ruled out because the id of a credential is not a URI.
    pub without_uris: bool,
}

fn accepted_types(accepted: &[Accepted]) -> String {
    match accepted {
        [] => "anything".to_owned(),
        some => listed(some),
    }
}

fn listed(list: &[Accepted]) -> String {
    let list: Vec<String> = list.iter().map(Accepted::to_string).collect();
    match &*list {
        [] => "nothing".to_owned(),
        some => some.join(", "),
    }
}

fn because(without_uris: bool) -> &'static str {
    match without_uris {
        true => " (not in json-ld, which needs credentials whose ids are URIs)",
        false => "",
    }
}

/// A syntax and a proof type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Format {
    pub syntax: Syntax,
    pub proof_type: ProofType,
}

/// Formats in which the holder can answer, at least one.
pub(super) struct Formats {
    pub first: Format,
    pub others: Vec<Format>,
}

/// Returns the formats that the request accepts and the holder can do, in the request's order. Where a request
/// accepts anything, they are all that the holder can do.
///
/// AnonCreds has no signature for messages. So where a request accepts only [`CL_PRESENTATION`] in a syntax, the
/// messages of that syntax may be signed in any way.
pub(super) fn formats(
    accept: Option<&[Accepted]>,
    key: KeyKind,
    has_uris: bool,
) -> Result<Formats, NoAcceptedType> {
    let possible = possible(key, has_uris);
    let mut formats: Vec<Format> = match accept {
        None => possible.clone(),
        Some(accepted) => accepted
            .iter()
            .flat_map(|one| possible.iter().filter(move |format| admits(accepted, one, format)))
            .copied()
            .collect(),
    };
    if formats.is_empty() {
        return Err(none(accept.unwrap_or_default(), &possible, has_uris));
    }
    let first = formats.remove(0);
    Ok(Formats { first, others: formats })
}

/// Returns whether one element of `accept` admits a format.
fn admits(accepted: &[Accepted], one: &Accepted, format: &Format) -> bool {
    let mut alike = accepted.iter().filter(|other| other.syntax == one.syntax);
    let any = alike.all(|other| other.proof_type == CL_PRESENTATION);
    format.syntax == one.syntax && (any || format.proof_type.name() == one.proof_type)
}

fn none(accepted: &[Accepted], possible: &[Format], has_uris: bool) -> NoAcceptedType {
    let possible = possible.iter().map(|format| Accepted {
        syntax: format.syntax,
        proof_type: format.proof_type.name().to_owned(),
    });
    NoAcceptedType {
        accepted: accepted.to_vec(),
        possible: possible.collect(),
        without_uris: !has_uris,
    }
}

/// Returns the formats that are possible with a key, best first. A proof type belongs to the syntax that its bytes
/// are made from.
fn possible(key: KeyKind, has_uris: bool) -> Vec<Format> {
    let formats = ProofType::ALL.into_iter().map(|proof_type| Format {
        syntax: match linked_data::is_needed_by(proof_type) {
            true => Syntax::JsonLd,
            false => Syntax::Json,
        },
        proof_type,
    });
    formats
        .filter(|format| format.proof_type.key_kind() == key)
        .filter(|format| has_uris || format.syntax == Syntax::Json)
        .collect()
}
