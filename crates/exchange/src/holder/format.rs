//! The syntax and the proof type in which a holder answers.

use crate::{
    key::KeyKind,
    message::{Accepted, CL_PRESENTATION, Syntax},
    signature::ProofType,
};

/// The request accepts nothing that the holder can do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the request accepts {}, and this holder can answer in {}; ask the verifier to accept what this holder can do, or answer with another key",
    sentence(refused.iter().map(|(accepted, reason)| format!("{accepted} ({reason})"))),
    sentence(possible.iter().map(Accepted::to_string))
)]
pub struct NoAcceptedType {
    /// Each pair that the request accepts, all that there are where it names none, and why the holder cannot answer in
    /// it.
    pub refused: Vec<(Accepted, &'static str)>,
    /// What the holder can do with its key and these credentials.
    pub possible: Vec<Accepted>,
}

fn sentence(list: impl Iterator<Item = String>) -> String {
    let list: Vec<String> = list.collect();
    match &*list {
        [] => "nothing".to_owned(),
        some => some.join(", "),
    }
}

/// A syntax and a proof type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Format {
    pub syntax: Syntax,
    pub proof_type: ProofType,
}

impl Format {
    /// Returns the format of a proof type, which belongs to the syntax that its bytes are made from.
    fn of(proof_type: ProofType) -> Self {
        let syntax = match proof_type.is_linked() {
            true => Syntax::JsonLd,
            false => Syntax::Json,
        };
        Self { syntax, proof_type }
    }

    fn accepted(self) -> Accepted {
        Accepted { syntax: self.syntax, proof_type: self.proof_type.name().to_owned() }
    }

    fn is_possible(self, key: KeyKind, has_uris: bool) -> bool {
        self.proof_type.key_kind() == key && (has_uris || self.syntax == Syntax::Json)
    }
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
    let all = ProofType::ALL.map(Format::of);
    let anything = all.map(Format::accepted);
    let accepted = accept.unwrap_or(&anything);
    let possible: Vec<Format> =
        all.into_iter().filter(|format| format.is_possible(key, has_uris)).collect();
    let mut formats: Vec<Format> = accepted
        .iter()
        .flat_map(|one| possible.iter().filter(move |format| admits(accepted, one, format)))
        .copied()
        .collect();
    if formats.is_empty() {
        let accepted = accepted.iter();
        return Err(NoAcceptedType {
            refused: accepted.map(|one| (one.clone(), why_not(one, key, has_uris))).collect(),
            possible: possible.into_iter().map(Format::accepted).collect(),
        });
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

/// Returns why a holder cannot answer in what a request accepts.
fn why_not(accepted: &Accepted, key: KeyKind, has_uris: bool) -> &'static str {
    const NO_URIS: &str = "the ids of the credentials are not URIs, as linked data need";
    match (ProofType::of_name(&accepted.proof_type), accepted.syntax) {
        (None, Syntax::JsonLd) if accepted.proof_type == CL_PRESENTATION && !has_uris => NO_URIS,
        (None, _) if accepted.proof_type == CL_PRESENTATION => {
            "it proves criteria, and signs no messages"
        }
        (None, _) => "a proof type that is not known here",
        (Some(known), Syntax::Json) if known.is_linked() => {
            "it signs linked data, which are json-ld"
        }
        (Some(known), Syntax::JsonLd) if !known.is_linked() => "it signs JSON, and no linked data",
        (Some(known), Syntax::JsonLd) if known.key_kind() == key && !has_uris => NO_URIS,
        (Some(_), _) => match key {
            KeyKind::Ed25519 => "it needs an RSA key, and the holder's is of Ed25519",
            KeyKind::Rsa => "it needs a key of Ed25519, and the holder's is of RSA",
        },
    }
}
