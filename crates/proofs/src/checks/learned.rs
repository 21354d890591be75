//! What the verifier learns from a presentation that is verified.

use verdict::{Learned, LearnedAnswer, LearnedCredential};

use super::parsed::ParsedCase;
use super::statements::revealed_claims;
use crate::presentation::AnswerKind;

/// Returns what each referent's answer says, and which credential is behind it.
pub(super) fn learned(parsed: &ParsedCase<'_>) -> Learned {
    let mut learned = Learned::new();
    for claim in revealed_claims(parsed) {
        let answer = learned.entry(claim.referent.to_owned()).or_default();
        answer.shown.insert(claim.name.to_owned(), claim.raw.to_owned());
    }
    for (referent, text) in &parsed.presentation.requested_proof.self_attested_attrs {
        if let Some(requested) = parsed.request.requested_attributes.get(referent) {
            let answer = learned.entry(referent.clone()).or_default();
            let names = requested.names().iter().cloned();
            answer.self_attested.extend(names.map(|name| (name, text.clone())));
        }
    }
    for (referent, kind, index) in parsed.presentation.answers() {
        let answer: &mut LearnedAnswer = learned.entry(referent.to_owned()).or_default();
        match kind {
            AnswerKind::Revealed | AnswerKind::Group => {}
            AnswerKind::Unrevealed => {
                let requested = parsed.request.requested_attributes.get(referent);
                answer.held.extend(requested.into_iter().flat_map(|one| one.names().to_vec()));
            }
            AnswerKind::Predicate => {
                let requested = parsed.request.requested_predicates.get(referent);
                answer.proved =
                    requested.map(|one| format!("{} {} {}", one.name, one.p_type, one.p_value));
            }
        }
        let credential = parsed.credentials.get(index).map(|credential| LearnedCredential {
            schema_id: credential.schema.id.to_owned(),
            cred_def_id: credential.cred_def.id.to_owned(),
            issuer: credential.cred_def.author(),
        });
        // an attribute's comes before that of a predicate of the same name
        answer.credential = answer.credential.take().or(credential);
    }
    learned
}
