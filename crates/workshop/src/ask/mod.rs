//! Ask and answer: a request of the learner's goes to several people, who answer if they can.
//!
//! | person | credentials |
//! |---|---|
//! | Mia | identity of the registry, born 1994-03-07; payslip of the employer, 2,950, permanent |
//! | Tom | identity of the registry, born 2012-05-20; payslip of the employer, 1,200, not permanent |
//! | Ann | identity of the registry, born 1988-11-30; no payslip |
//! | Eve | identity and payslip of an issuer that she made up, born 1990-01-01; 9,000, permanent |
//! | Bob | identity of the registry, born 1985-06-12; payslip of Eve's issuer, 5,000, permanent |
//! | Zoe | identity of Eve's issuer, born 1991-09-20; payslip of the employer, 4,000, permanent |
//!
//! | schema | attributes |
//! |---|---|
//! | identity 1.0 | `first_name`, `last_name`, `birthdate_dateint`, `address` |
//! | payslip 1.0 | `employee`, `employer`, `month`, `net_salary`, `permanent` |

mod expected;
mod people;

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    io::{self, Write as _},
    process::ExitCode,
};

use anyhow::{Context, Result};
use indy::anoncreds::{
    self, Policy, ProofRequest, RequestedCredentials, RevocationRegistries,
    RevocationRegistryDefinitions, RevocationStates, Wishes,
};
use serde_json::Value;
use tokio::runtime::Runtime;
use tutorial::handover::Verdict;

pub use people::{EMPLOYER, IDENTITY, PAYSLIP, REGISTRY};
use people::{LINK_SECRET, People, Person};

use crate::{
    gap::fill,
    outcome::{NotYet, Outcome, finish},
};

/// What a person decides before the rest of an answer is chosen. What is left open is answered with
/// the fewest credentials, and all values are shown.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// The referents of attributes whose values are not shown.
    pub hidden: Vec<&'static str>,
    /// What the person says without a credential, by referent.
    pub self_attested: Vec<(&'static str, &'static str)>,
}

/// A credential of the learner's own.
#[derive(Debug, Clone)]
pub struct Licence {
    /// The names of the schema's attributes.
    pub attributes: Vec<&'static str>,
    /// The texts of the credential, by name.
    pub values: Vec<(&'static str, &'static str)>,
}

/// Checks a request. Each person answers it as well as possible.
pub fn check(exercise: &str, request: impl FnOnce() -> Value) -> ExitCode {
    check_answer(exercise, request, Answer::default)
}

/// Checks a request and an answer to it. Each person decides as the learner says.
pub fn check_answer(
    exercise: &str,
    request: impl FnOnce() -> Value,
    answer: impl FnOnce() -> Answer,
) -> ExitCode {
    finish(exercise, ask(exercise, None, || (request(), answer())))
}

/// Checks a schema, a credential on it, and a request for it. The issuer is the registry; Kim gets
/// the credential.
pub fn check_licence(
    exercise: &str,
    licence: impl FnOnce() -> Licence,
    request: impl FnOnce() -> Value,
) -> ExitCode {
    let licence = fill(licence).map_err(|gap| NotYet::new(gap.to_string()));
    let outcome = licence.and_then(|licence| {
        people::check_licence(&licence)?;
        ask(exercise, Some(&licence), || (request(), Answer::default()))
    });
    finish(exercise, outcome)
}

fn ask(
    exercise: &str,
    licence: Option<&Licence>,
    learners: impl FnOnce() -> (Value, Answer),
) -> Outcome {
    let (request, answer) = fill(learners).map_err(|gap| NotYet::new(gap.to_string()))?;
    let request = ProofRequest::from_value(&request)
        .map_err(|error| NotYet::new(format!("your request is refused: {error}")))?;
    check_referents(&request, &answer)?;
    let expected =
        expected::of(exercise).ok_or_else(|| NotYet::new("there is no such exercise"))?;
    let asked = async {
        let people = People::meet(licence).await?;
        let (mut told, mut is_right) = (String::new(), true);
        for (name, wanted) in expected {
            let person = people.get(name).context("there is no such person")?;
            let found = answer_of(person, &people, &request, &answer).await?;
            is_right &= tell(name, *wanted, &people.with_names(found), &mut told);
        }
        anyhow::Ok((told, is_right))
    };
    let runtime = Runtime::new().map_err(|error| NotYet::new(error.to_string()))?;
    match runtime.block_on(asked) {
        Ok((told, true)) => {
            check_form(exercise, &request)?;
            // the exit code says the same where the text cannot be written
            let _ = write!(io::stdout(), "{told}");
            Ok(())
        }
        Ok((told, false)) => Err(NotYet::new(told)),
        Err(error) => Err(NotYet::new(format!("{error:#}"))),
    }
}

/// Checks that an answer speaks of referents of the request.
fn check_referents(request: &ProofRequest, answer: &Answer) -> Outcome {
    let stated = answer.self_attested.iter().map(|(referent, _)| referent);
    let unknown = |referent: &&&str| !request.requested_attributes.contains_key(**referent);
    let Some(referent) = answer.hidden.iter().chain(stated).find(unknown) else {
        return Ok(());
    };
    let referents: Vec<&str> = request.requested_attributes.keys().map(String::as_str).collect();
    Err(NotYet::new(format!(
        "your answer speaks of {referent:?}, which is not a referent of an attribute in the request; these are: {}",
        referents.join(", ")
    )))
}

/// What the verifier learns, or why there is no verified answer.
type Found = Result<Vec<String>, String>;

async fn answer_of(
    person: &Person,
    people: &People,
    request: &ProofRequest,
    answer: &Answer,
) -> Result<Found> {
    let (wallet, schemas, cred_defs) = (&person.wallet, &people.schemas, &people.cred_defs);
    let says = answer.self_attested.iter();
    let decided = RequestedCredentials {
        self_attested: says.map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect(),
        ..RequestedCredentials::default()
    };
    let hidden: BTreeSet<String> = answer.hidden.iter().map(|key| (*key).to_owned()).collect();
    let wishes = Wishes { decided, hidden, ..Wishes::default() };
    let (choice, open) = anoncreds::prover_choose_credentials_as(wallet, request, &wishes).await?;
    if let Some((referent, why)) = open.first() {
        return Ok(Err(format!("cannot answer {referent:?}: {why}")));
    }
    let states = RevocationStates::new();
    let proof = anoncreds::prover_create_proof(
        wallet,
        request,
        &choice,
        LINK_SECRET,
        schemas,
        cred_defs,
        &states,
    );
    let presentation = match proof.await {
        Ok(presentation) => presentation,
        Err(error) => return Ok(Err(error.to_string())),
    };
    let (definitions, registries) =
        (RevocationRegistryDefinitions::new(), RevocationRegistries::new());
    let policy = Policy::default();
    let reasons = anoncreds::verifier_explain_proof(
        request,
        &presentation,
        schemas,
        cred_defs,
        &definitions,
        &registries,
        &policy,
    )
    .await?;
    Ok(match Verdict::new(true, &reasons, request, &presentation)? {
        Verdict::Verified { learned, .. } => Ok(learned),
        Verdict::Rejected { reason, .. } | Verdict::Undecided { reason, .. } => {
            Err(format!("the verifier rejects the answer: {reason}"))
        }
    })
}

/// Adds a line, or two, about one person. Returns whether the answer is as expected.
fn tell(name: &str, wanted: Option<&[&str]>, found: &Found, told: &mut String) -> bool {
    let mut learned = found.clone().unwrap_or_default();
    learned.sort();
    let mut wished = wanted.unwrap_or_default().to_vec();
    wished.sort_unstable();
    let comparable = |clauses: Vec<&str>| {
        // AnonCreds compares the names of attributes without case
        let clauses = clauses.into_iter().map(with_inclusive_bound);
        let mut clauses: Vec<String> = clauses.map(|clause| clause.to_lowercase()).collect();
        clauses.sort();
        clauses
    };
    let is_same =
        comparable(learned.iter().map(String::as_str).collect()) == comparable(wished.clone());
    let is_right = wanted.is_some() == found.is_ok() && is_same;
    let (mark, found) = (
        if is_right { "✓" } else { "✗" },
        match found {
            Ok(_) if learned.is_empty() => "the verifier learns nothing".to_owned(),
            Ok(_) => format!("the verifier learns: {}", learned.join("; ")),
            Err(why) => why.clone(),
        },
    );
    // writing to a text does not fail
    let _ = writeln!(told, "{mark} {name}: {found}");
    if !is_right {
        let _ = match wanted {
            Some(_) => writeln!(told, "    expected: the verifier learns: {}", wished.join("; ")),
            None => {
                writeln!(told, "    expected: no answer, because the credentials do not suffice")
            }
        };
    }
    is_right
}

/// Returns a clause in which a bound is the least or the greatest number, because "greater than
/// 2499" says the same as "at least 2500".
fn with_inclusive_bound(clause: &str) -> String {
    for (exclusive, inclusive, step) in
        [(" is greater than ", " is at least ", 1), (" is less than ", " is at most ", -1)]
    {
        if let Some((name, bound)) = clause.split_once(exclusive)
            && let Ok(bound) = bound.parse::<i64>()
        {
            return format!("{name}{inclusive}{}", bound + step);
        }
    }
    clause.to_owned()
}

/// Checks what the answers of these people cannot show.
fn check_form(exercise: &str, request: &ProofRequest) -> Outcome {
    match exercise {
        "ask_group" if request.requested_attributes.len() != 1 => Err(NotYet::new(
            "Mia and Tom answer with one credential, but your request does not demand it: someone with two \
             identities could show the first name of one and the last name of the other.",
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_right(wanted: &[&str], learned: &[&str]) -> bool {
        let found = Ok(learned.iter().map(|clause| (*clause).to_owned()).collect());
        tell("Mia", Some(wanted), &found, &mut String::new())
    }

    #[test]
    fn a_bound_may_be_written_in_either_way() {
        assert!(is_right(&["the pay is at least 2500"], &["the pay is greater than 2499"]));
        assert!(is_right(&["the age is at most 17"], &["the age is less than 18"]));
        assert!(!is_right(&["the pay is at least 2500"], &["the pay is greater than 2500"]));
    }

    #[test]
    fn the_verifier_must_learn_neither_more_nor_less() {
        let (name, pay) = ("the name is Moss", "the pay is at least 2500");
        assert!(is_right(&[name, pay], &[pay, name]));
        assert!(!is_right(&[name], &[name, pay]));
        assert!(!is_right(&[name, pay], &[name]));
        assert!(!tell("Tom", None, &Ok(vec![]), &mut String::new()));
        assert!(tell("Tom", None, &Err("no payslip".to_owned()), &mut String::new()));
    }
}
