//! The syntax and the proof type in which a holder answers.

use crate::{
    error::ExchangeError,
    key::KeyKind,
    message::{Accepted, CL_PRESENTATION, Syntax, any_signs},
    signature::ProofType,
};

/// Returns the proof types with which the holder can answer, and the request accepts the answer:
/// the first in the request's order, and the others. Where a request accepts anything, they are all
/// that the holder can do.
///
/// # Errors
///
/// [`ExchangeError::NoAcceptedType`].
pub(super) fn formats(
    accept: Option<&[Accepted]>,
    key: KeyKind,
    has_uris: bool,
) -> Result<(ProofType, Vec<ProofType>), ExchangeError> {
    let anything = ProofType::ALL.map(accepted);
    let accept = accept.unwrap_or(&anything);
    let is_possible =
        |one: &ProofType| one.key_kind() == key && (has_uris || one.syntax() == Syntax::Json);
    let possible: Vec<ProofType> = ProofType::ALL.into_iter().filter(is_possible).collect();
    let mut formats = accept
        .iter()
        .flat_map(|one| {
            let any = any_signs(accept, one.syntax);
            let admits = move |it: &&ProofType| any || it.name() == one.proof_type;
            possible.iter().filter(|it| it.syntax() == one.syntax).filter(admits)
        })
        .copied();
    match formats.next() {
        Some(first) => Ok((first, formats.collect())),
        None => Err(ExchangeError::NoAcceptedType(format!(
            "the request accepts {}, and this holder can answer in {}; ask the verifier to accept what this holder can \
             do, or answer with another key",
            listed(accept.iter().map(|one| format!("{one} ({})", why_not(one, key, has_uris)))),
            listed(possible.into_iter().map(|one| accepted(one).to_string()))
        ))),
    }
}

fn accepted(proof_type: ProofType) -> Accepted {
    Accepted { syntax: proof_type.syntax(), proof_type: proof_type.name().to_owned() }
}

fn listed(list: impl Iterator<Item = String>) -> String {
    match &*list.collect::<Vec<_>>() {
        [] => "nothing".to_owned(),
        some => some.join(", "),
    }
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
