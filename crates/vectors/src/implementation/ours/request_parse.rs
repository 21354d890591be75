//! Is this a proof request?

use std::collections::{BTreeMap, BTreeSet};

use anoncreds::{Case, Check, Verifier};
use proofs::ProofRequest;
use proofs::case::CaseError;
use serde_json::Value;

use super::super::Answer;
use super::super::input::text;

/// Answers as holder and verifier do: a holder reads the request, a verifier also checks its shape.
pub(super) fn answer(verifier: &Verifier, input: &Value) -> Answer {
    let written = text(input, "request");
    let read = ProofRequest::from_json(&written);
    let mut answer = of_verifier(verifier, &written);
    if let Err(error) = read {
        answer.verdict = super::super::Verdict::Invalid;
        answer.detail = error.to_string();
        answer.cautions = None;
    }
    answer
}

/// Answers by the checks of the verifier that look at the request alone.
fn of_verifier(verifier: &Verifier, written: &str) -> Answer {
    if let Err(error) = serde_json::from_str::<Value>(written)
        && !error.to_string().starts_with("recursion limit")
    {
        return Answer::failed(Check::RequestShape.name(), format!("it is not JSON: {error}"));
    }
    let case = format!(
        "{{\"presentation_request\":{written},\"presentation\":{{}},\"schemas\":{{}},\"cred_defs\":{{}}}}"
    );
    let case = match Case::from_json(&case) {
        Ok(case) => case,
        Err(CaseError { failure, .. }) => {
            return Answer::failed(Check::Size.name(), failure.to_string());
        }
    };
    let explained = verifier.explain_blocking(&case);
    let of_request = |check: &Check| matches!(check, Check::Size | Check::RequestShape);
    let failed: BTreeMap<&str, String> = explained
        .failed()
        .filter(|report| of_request(&report.check) && !report.holds())
        .map(|report| (report.check.name(), explained.reason().unwrap_or_default().to_string()))
        .collect();
    if failed.is_empty() {
        let cautions: BTreeSet<String> = explained
            .cautions()
            .filter(|(check, _)| of_request(check))
            .map(|(_, caution)| caution.name.to_owned())
            .collect();
        return Answer { cautions: Some(cautions.into_iter().collect()), ..Answer::valid() };
    }
    let detail = failed.values().next().cloned().unwrap_or_default();
    let reason = failed.into_keys().map(str::to_owned).collect();
    Answer { reason: Some(reason), ..Answer::invalid(detail) }
}
