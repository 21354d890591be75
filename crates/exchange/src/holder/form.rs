//! In which syntax, and with which proof type, a holder answers.

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
    wanted(accepted), listed(possible), because(*without_uris)
)]
pub struct NoAcceptedType {
    /// What the request accepts; empty where it accepts anything.
    pub accepted: Vec<Accepted>,
    /// What the holder can do with its key, for these credentials.
    pub possible: Vec<Accepted>,
    /// Whether JSON-LD is ruled out because the id of a credential is no URI.
    pub without_uris: bool,
}

fn wanted(accepted: &[Accepted]) -> String {
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
pub(super) struct Form {
    pub syntax: Syntax,
    pub proof_type: ProofType,
}

/// Forms in which the holder can answer, at least one.
pub(super) struct Forms {
    pub first: Form,
    pub others: Vec<Form>,
}

/// The forms that the request accepts and the holder can do, in the request's order. Where a request
/// accepts anything, they are all that the holder can do.
///
/// AnonCreds has no signature for messages. So where a request accepts only [`CL_PRESENTATION`] in a syntax, the
/// messages of that syntax may be signed in any way.
pub(super) fn forms(
    accept: Option<&[Accepted]>,
    key: KeyKind,
    has_uris: bool,
) -> Result<Forms, NoAcceptedType> {
    let possible = possible(key, has_uris);
    let mut forms: Vec<Form> = match accept {
        None => possible.clone(),
        Some(accepted) => accepted
            .iter()
            .flat_map(|one| {
                possible
                    .iter()
                    .filter(move |form| admits(accepted, one, form))
            })
            .copied()
            .collect(),
    };
    if forms.is_empty() {
        return Err(none(accept.unwrap_or_default(), &possible, has_uris));
    }
    let first = forms.remove(0);
    Ok(Forms {
        first,
        others: forms,
    })
}

/// Whether one element of `accept` admits a form.
fn admits(accepted: &[Accepted], one: &Accepted, form: &Form) -> bool {
    let mut alike = accepted.iter().filter(|other| other.syntax == one.syntax);
    let any = alike.all(|other| other.proof_type == CL_PRESENTATION);
    form.syntax == one.syntax && (any || form.proof_type.name() == one.proof_type)
}

fn none(accepted: &[Accepted], possible: &[Form], has_uris: bool) -> NoAcceptedType {
    let possible = possible.iter().map(|form| Accepted {
        syntax: form.syntax,
        proof_type: form.proof_type.name().to_owned(),
    });
    NoAcceptedType {
        accepted: accepted.to_vec(),
        possible: possible.collect(),
        without_uris: !has_uris,
    }
}

/// What can be done with a key, best first. A type is of the syntax that its bytes are made from.
fn possible(key: KeyKind, has_uris: bool) -> Vec<Form> {
    let forms = ProofType::ALL.into_iter().map(|proof_type| Form {
        syntax: match linked_data::is_needed_by(proof_type) {
            true => Syntax::JsonLd,
            false => Syntax::Json,
        },
        proof_type,
    });
    forms
        .filter(|form| form.proof_type.key_kind() == key)
        .filter(|form| has_uris || form.syntax == Syntax::Json)
        .collect()
}
