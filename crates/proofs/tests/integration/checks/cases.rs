//! Valid cases and altered ones, engines, and what they find.

use std::sync::LazyLock;

use proofs::{
    Case, Check, ClEngine, Decision, Engine, EngineError, EngineSet, Engines, Outcome, Policy,
    Severity, Verdict, explain,
};
use serde_json::Value;

/// One credential: a revealed attribute, a predicate. The tutorial's.
pub const ONE: &str = include_str!("../../fixtures/cases/one-credential.json");
/// Two credentials: a group, an unrevealed and a self-attested attribute, predicates.
pub const TWO: &str = include_str!("../../fixtures/cases/two-credentials.json");
/// A request of version 2.0 with restrictions that use every operator; long identifiers.
pub const OPERATORS: &str = include_str!("../../fixtures/cases/operators.json");
/// A credential that can be revoked, with a non-revocation proof.
pub const REVOCABLE: &str = include_str!("../../fixtures/cases/revocable.json");

pub const GVT_SCHEMA: &str = "NcYxiDXkpYi6ov5FcYDi1e:2:gvt:1.0";
pub const GVT_CRED_DEF: &str = "NcYxiDXkpYi6ov5FcYDi1e:3:CL:15:TAG1";

/// Our engine, with one set of prepared keys for all tests.
pub static CL: LazyLock<ClEngine> = LazyLock::new(ClEngine::new);

pub fn case(json: &str) -> Case {
    Case::from_json(json).unwrap()
}

/// A valid case after something was done to it.
pub fn altered(json: &str, alter: impl FnOnce(&mut Case)) -> Case {
    let mut case = case(json);
    alter(&mut case);
    case
}

/// Returns what stands at a JSON pointer.
pub fn at<'v>(value: &'v mut Value, pointer: &str) -> &'v mut Value {
    value.pointer_mut(pointer).unwrap_or_else(|| panic!("nothing at {pointer}"))
}

/// Sets a member of a JSON object.
pub fn set(value: &mut Value, pointer: &str, member: &str, new: impl Into<Value>) {
    at(value, pointer).as_object_mut().unwrap().insert(member.to_owned(), new.into());
}

/// Takes a member out of a JSON object.
pub fn remove(value: &mut Value, pointer: &str, member: &str) -> Value {
    at(value, pointer).as_object_mut().unwrap().remove(member).unwrap()
}

/// The verdict of all checks, `cl` the only engine.
pub fn verdict(case: &Case) -> Verdict {
    let policy = Policy { engines: Engines::Cl, ..Policy::default() };
    let engines = EngineSet { cl: Some(&*CL), ..EngineSet::default() };
    explain(case, &policy, engines, None)
}

/// In place of `indy-credx`: accepts one proof for one nonce, as its mathematics would.
pub struct Accepts {
    proof: Value,
    nonce: Value,
}

impl Accepts {
    pub fn proof_of(case: &Case) -> Self {
        Self {
            proof: case.presentation["proof"].clone(),
            nonce: case.presentation_request["nonce"].clone(),
        }
    }
}

impl Engine for Accepts {
    fn verify(&self, case: &Case) -> Result<bool, EngineError> {
        let same_proof = case.presentation["proof"] == self.proof;
        Ok(same_proof && case.presentation_request["nonce"] == self.nonce)
    }
}

/// The verdict on a case with revocation, which `cl` does not compute.
pub fn library_verdict(case: &Case, library: &dyn Engine) -> Verdict {
    let policy = Policy { engines: Engines::IndyCredx, ..Policy::default() };
    let engines = EngineSet { library: Some(library), ..EngineSet::default() };
    explain(case, &policy, engines, None)
}

pub fn failed(verdict: &Verdict) -> Vec<Check> {
    verdict.failed().map(|report| report.check).collect()
}

/// The names of the cautions, the notes left out.
pub fn cautions(verdict: &Verdict) -> Vec<&'static str> {
    let cautions = verdict.cautions().filter(|(_, one)| one.severity == Severity::Caution);
    cautions.map(|(_, one)| one.name).collect()
}

/// Asserts that a verdict is undecided by one check alone.
#[track_caller]
pub fn assert_undecided(verdict: &Verdict, check: Check) {
    assert_eq!(failed(verdict), []);
    let undecided: Vec<_> = verdict.undecided().map(|report| report.check).collect();
    assert_eq!(undecided, [check]);
    assert_eq!(verdict.decision(), Decision::Undecided);
}

/// The checks that a case fails.
pub fn failures(case: &Case) -> Vec<Check> {
    failed(&verdict(case))
}

pub fn assert_verified(case: &Case) {
    let verdict = verdict(case);
    assert!(verdict.verified(), "{:#?}", verdict.failed().collect::<Vec<_>>());
}

/// The only failure of a check, as `referent: expected / got / remedy`.
pub fn said(verdict: &Verdict, check: Check) -> String {
    let report = verdict.reports.iter().find(|report| report.check == check).unwrap();
    assert_eq!(report.outcome, Outcome::Failed, "{check}");
    let [failure] = report.failures.as_slice() else {
        panic!("not one failure: {:?}", report.failures)
    };
    let referent = failure.referent.as_deref().unwrap_or("-");
    format!("{referent}: {} / {} / {}", failure.expected, failure.got, failure.remedy)
}
