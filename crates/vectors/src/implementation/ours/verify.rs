//! Is a presentation the answer to its request? The twenty checks, on the public data in both
//! forms.

use std::collections::{BTreeMap, BTreeSet};

use anoncreds::{AcceptedInMemory, AcceptedOnce, Case, Check, Decision, Policy, Verifier};
use proofs::{Verdict as Explained, case::CaseError};
use serde_json::Value;

use super::super::input::text;
use super::super::{Answer, Verdict};
use crate::corpus::Placed;

/// The verifiers that tests have asked for, by their policies: each keeps the keys that it has
/// prepared.
#[derive(Default)]
pub(super) struct Verifiers(BTreeMap<String, Verifier>);

/// The forms of public data, by their names in a group.
const FORMS: [&str; 2] = ["indy", "anoncreds"];

impl Verifiers {
    /// Answers by the verdict, which must be the same for both forms.
    pub(super) fn answer(&mut self, test: Placed<'_>) -> Answer {
        let input = &test.test.input;
        let Some(verifier) = self.for_policy(&input["policy"]) else {
            return Answer::unsupported("the policy cannot be read");
        };
        let [indy, anoncreds] = FORMS.map(|form| {
            let public = test.group.public.as_ref().map_or(&Value::Null, |public| &public[form]);
            explain(&verifier, input, public)
        });
        // Indy's form of an object does not say who issued it, and a URL does not either
        let is_url = test.test.features.iter().any(|feature| feature == "ids-https");
        match is_url || said(&indy) == said(&anoncreds) {
            true => answer(&anoncreds),
            false => Answer::unsupported(format!(
                "the forms have different verdicts: {:?} and {:?}",
                said(&indy),
                said(&anoncreds)
            )),
        }
    }

    pub(super) fn for_policy(&mut self, policy: &Value) -> Option<Verifier> {
        let written = policy.to_string();
        if let Some(verifier) = self.0.get(&written) {
            return Some(verifier.clone());
        }
        let policy: Policy = match policy {
            Value::Null => Policy::default(),
            given => serde_json::from_value(given.clone()).ok()?,
        };
        let verifier = Verifier::new(policy);
        self.0.insert(written, verifier.clone());
        Some(verifier)
    }
}

fn explain(verifier: &Verifier, input: &Value, public: &Value) -> Explained {
    let case = match Case::from_json(&case_text(input, public)) {
        Ok(case) => case,
        Err(CaseError { failure, .. }) => return Explained::failed_at(Check::Size, None, *failure),
    };
    let Some(used) = input["used_nonces"].as_array() else {
        return verifier.explain_blocking(&case);
    };
    let memory = AcceptedInMemory::new();
    for nonce in used.iter().filter_map(Value::as_str) {
        // in memory nothing can fail
        let _ = memory.accept(nonce);
    }
    let explained = verifier.explain_once_blocking(&case, &memory);
    explained.unwrap_or_else(|_| verifier.explain_blocking(&case))
}

/// Returns a case as a text, with request and presentation as they came.
fn case_text(input: &Value, public: &Value) -> String {
    let mut members: Vec<(&str, String)> = ["presentation_request", "presentation"]
        .into_iter()
        .map(|name| (name, text(input, name)))
        .collect();
    if let Some(asserted) = input.get("nonrevoked_interval_override") {
        members.push(("nonrevoked_interval_override", asserted.to_string()));
    }
    let public = public.as_object().into_iter().flatten();
    members.extend(public.map(|(name, objects)| (name.as_str(), objects.to_string())));
    let members: Vec<String> =
        members.into_iter().map(|(name, text)| format!("\"{name}\":{text}")).collect();
    format!("{{{}}}", members.join(","))
}

/// What a verdict says, without the words.
fn said(explained: &Explained) -> (Decision, BTreeSet<&str>, BTreeSet<&str>) {
    let decision = explained.decision();
    let reports = match decision {
        Decision::Undecided => explained.undecided().collect::<Vec<_>>(),
        _ => explained.failed().collect(),
    };
    let checks = reports.iter().filter(|report| !report.holds()).map(|report| report.check.name());
    let cautions = explained.cautions().map(|(_, caution)| caution.name);
    (decision, checks.collect(), cautions.collect())
}

fn answer(explained: &Explained) -> Answer {
    let (decision, checks, cautions) = said(explained);
    let verdict = match decision {
        Decision::Verified => Verdict::Valid,
        Decision::Rejected => Verdict::Invalid,
        Decision::Undecided => Verdict::Undecided,
    };
    let owned = |names: BTreeSet<&str>| Some(names.into_iter().map(str::to_owned).collect());
    Answer {
        reason: owned(checks),
        cautions: owned(cautions),
        ..Answer::new(verdict, explained.reason().unwrap_or_default())
    }
}
