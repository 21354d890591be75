//! Changing each leaf and each structure of a valid case once, and comparing what implementations
//! make of it.
//!
//! | module | subject |
//! |---|---|
//! | [`change`] | the changes of a document |
//! | `report` | what the implementations said, as text and as JSON |

pub mod change;
mod report;

use std::collections::BTreeMap;

use proofs::Case;
use proofs::forms::convert_case;
use proofs::kinds::Form;
use serde_json::{Map, Value, json};

use crate::corpus::Placed;
use crate::format::{Expected, Group, Importance, Kind, Source, Test};
use crate::implementation::Verdict;
use crate::runner::{Outcome, Pool, Tested};
use change::{Change, Changed};

pub use report::{json, text};

/// The members of a case that are public data.
const PUBLIC: [&str; 5] = ["schemas", "cred_defs", "rev_reg_defs", "rev_regs", "rev_status_lists"];

/// The parts of a test that are changed, by their names in `input`.
const PARTS: [&str; 2] = ["presentation_request", "presentation"];

/// How many changed cases are held at a time: each is as large as the case.
const AT_A_TIME: usize = 64;

/// A case of the kind `verify` that is changed.
#[derive(Debug, Clone)]
pub struct Base {
    /// What it is called.
    pub name: String,
    input: Value,
    public: Value,
    features: Vec<String>,
}

/// Why a case cannot be changed.
#[derive(Debug, thiserror::Error)]
pub enum BaseError {
    /// The test is of another kind.
    #[error("{0} is a test of the kind {1}; only those of the kind verify can be changed")]
    OtherKind(String, Kind),
    /// The test gives request or presentation as texts.
    #[error("{0} is given as a text of JSON; only values can be changed")]
    IsText(String),
    /// The file does not hold a case.
    #[error(
        "{0} is not a case: {1}; it has the members \"presentation_request\", \"presentation\", \"schemas\" and \"cred_defs\""
    )]
    NotACase(String, serde_json::Error),
}

impl Base {
    /// Takes a test of the corpus.
    ///
    /// # Errors
    /// [`BaseError`] for a test of another kind, or one whose texts are what it is about.
    pub fn of_test(placed: Placed<'_>) -> Result<Self, BaseError> {
        let Placed { group, test, .. } = placed;
        if group.kind != Kind::Verify {
            return Err(BaseError::OtherKind(test.id.clone(), group.kind));
        }
        if PARTS.iter().any(|part| !test.input[*part].is_object()) {
            return Err(BaseError::IsText(test.id.clone()));
        }
        Ok(Self {
            name: test.id.clone(),
            input: test.input.clone(),
            public: group.public.clone().unwrap_or(Value::Null),
            features: test.features.clone(),
        })
    }

    /// Takes the text of a case.
    ///
    /// # Errors
    /// [`BaseError`] for anything else.
    pub fn of_case(name: &str, text: &str) -> Result<Self, BaseError> {
        let not_a_case = |error| BaseError::NotACase(name.to_owned(), error);
        let value: Value = serde_json::from_str(text).map_err(not_a_case)?;
        let case: Case = serde_json::from_value(value.clone()).map_err(not_a_case)?;
        let mut input = Map::new();
        for member in PARTS.iter().chain(&["nonrevoked_interval_override"]) {
            if let Some(given) = value.get(member) {
                input.insert((*member).to_owned(), given.clone());
            }
        }
        Ok(Self {
            name: name.to_owned(),
            input: Value::Object(input),
            public: in_both_forms(&case),
            features: vec![Kind::Verify.name().to_owned()],
        })
    }

    /// Returns its changes: of the request, of the presentation, and of the public data in Indy's
    /// form.
    #[must_use]
    pub fn changes(&self) -> Vec<Mutation> {
        let elements = change::elements(&self.input["presentation"]);
        let parts = PARTS.map(|name| (Part::Input(name), &self.input[name]));
        let public = (Part::Public, &self.public["indy"]);
        let of_part = |(part, document): (Part, &Value)| {
            let changes = change::changes(document, &elements);
            // public data is given as values only
            let possible =
                changes.into_iter().filter(move |one| part != Part::Public || !one.is_text());
            possible.map(move |change| Mutation { part, change })
        };
        parts.into_iter().chain([public]).flat_map(of_part).collect()
    }

    /// Returns a test with a change, in a group of its own.
    fn changed(&self, number: usize, mutation: Option<&Mutation>) -> Group {
        let (mut input, mut public) = (self.input.clone(), self.public.clone());
        let mut features = self.features.clone();
        match mutation.map(|Mutation { part, change }| (part, change.of(self.document(*part)))) {
            None | Some((Part::Public, Changed::Text(_))) => {}
            Some((Part::Input(name), Changed::Value(value))) => input[*name] = value,
            Some((Part::Input(name), Changed::Text(text))) => {
                if let Some(members) = input.as_object_mut() {
                    members.remove(*name);
                    members.insert(format!("{name}_json"), json!(text));
                }
                features.push("json-text".to_owned());
            }
            Some((Part::Public, Changed::Value(value))) => public = self.with_public(value),
        }
        let test = Test {
            tc_id: number,
            id: format!("{}#{number}", self.name),
            comment: String::new(),
            flags: Vec::new(),
            features,
            importance: Importance::Low,
            input,
            // what is right is not known of a changed case
            result: Expected::Acceptable,
            reason: Vec::new(),
            cautions: Vec::new(),
            output: None,
            base: None,
            patch: None,
        };
        let source = Source { name: "mutation".to_owned(), version: String::new() };
        Group { kind: Kind::Verify, source, comment: None, public: Some(public), tests: vec![test] }
    }

    fn document(&self, part: Part) -> &Value {
        match part {
            Part::Input(name) => &self.input[name],
            Part::Public => &self.public["indy"],
        }
    }

    /// Returns public data of Indy's form in both forms, as far as it can be converted.
    fn with_public(&self, indy: Value) -> Value {
        let mut case = self.input.clone();
        if let (Some(case), Some(public)) = (case.as_object_mut(), indy.as_object()) {
            case.extend(public.clone());
        }
        match serde_json::from_value::<Case>(case) {
            Ok(case) => {
                let mut public = in_both_forms(&case);
                public["indy"] = indy;
                public
            }
            Err(_) => json!({"indy": indy, "anoncreds": indy}),
        }
    }
}

/// Returns the public data of a case in both forms.
fn in_both_forms(case: &Case) -> Value {
    let public = |form| {
        let (converted, _) = convert_case(case, form);
        let mut members = serde_json::to_value(converted).unwrap_or_default();
        if let Some(members) = members.as_object_mut() {
            members.retain(|name, _| PUBLIC.contains(&name.as_str()));
        }
        members
    };
    json!({"indy": public(Form::Indy), "anoncreds": public(Form::AnonCreds)})
}

/// What of a case is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The request, or the presentation.
    Input(&'static str),
    /// The public data.
    Public,
}

/// A change of a part of a case.
#[derive(Debug, Clone, PartialEq)]
pub struct Mutation {
    /// What is changed.
    pub part: Part,
    /// The change.
    pub change: Change,
}

impl Mutation {
    /// Returns where it is in the case.
    #[must_use]
    pub fn pointer(&self) -> String {
        match self.part {
            Part::Input(name) => format!("/{name}{}", self.change.pointer),
            Part::Public => self.change.pointer.clone(),
        }
    }
}

/// What an implementation made of a changed case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// In a word: a verdict, or `crash`, `hang`, `no answer`, `skipped`.
    pub word: &'static str,
    /// In its own words.
    pub detail: String,
}

impl Said {
    fn of(tested: Tested<'_>) -> Self {
        let detail = tested.answer.as_ref().map(|answer| answer.detail.clone()).unwrap_or_default();
        let (word, detail) = match (tested.outcome, tested.answer.map(|answer| answer.verdict)) {
            (Outcome::Crash(how), _) => ("crash", how),
            (Outcome::Silent(with), _) => ("no answer", with),
            (Outcome::Hang, _) => ("hang", detail),
            (Outcome::Skipped(why), _) => ("skipped", why),
            (_, Some(Verdict::Valid)) => ("valid", detail),
            (_, Some(Verdict::Undecided)) => ("undecided", detail),
            (_, Some(Verdict::Invalid)) => ("invalid", detail),
            (_, Some(Verdict::Unsupported) | None) => ("skipped", detail),
        };
        Self { word, detail }
    }

    /// Returns whether it was given the case and said something of it.
    fn is_given(&self) -> bool {
        self.word != "skipped"
    }

    fn is_fault(&self) -> bool {
        ["crash", "hang", "no answer"].contains(&self.word)
    }
}

/// What all implementations made of a change.
#[derive(Debug, Clone)]
pub struct Compared {
    /// The change.
    pub mutation: Mutation,
    /// What they said, in their order.
    pub said: Vec<Said>,
}

impl Compared {
    /// Returns whether one accepts what another does not, or does not answer properly.
    #[must_use]
    pub fn is_disagreement(&self) -> bool {
        let given = || self.said.iter().filter(|said| said.is_given());
        let accepted = given().filter(|said| said.word == "valid").count();
        (accepted > 0 && accepted < given().count()) || self.has_fault()
    }

    /// Returns whether an implementation crashed, was late, or did not answer.
    #[must_use]
    pub fn has_fault(&self) -> bool {
        self.said.iter().any(Said::is_fault)
    }
}

/// What implementations made of the changes of a case.
#[derive(Debug, Clone)]
pub struct Mutated {
    /// The case's name.
    pub name: String,
    /// The implementations' names.
    pub implementations: Vec<String>,
    /// What they said of the case as it was.
    pub unchanged: Vec<Said>,
    /// How many changes there are, of which those below were tried.
    pub possible: usize,
    /// The changes.
    pub compared: Vec<Compared>,
}

impl Mutated {
    /// Returns how many changes of a kind an implementation was given, and how many it accepted.
    fn counts(&self, column: usize) -> BTreeMap<change::Kind, (usize, usize)> {
        let mut counts: BTreeMap<_, (usize, usize)> = BTreeMap::new();
        for one in &self.compared {
            // a run that was given up has fewer answers
            let Some(said) = one.said.get(column) else { continue };
            let (accepted, given) = counts.entry(one.mutation.change.kind).or_default();
            *given += usize::from(said.is_given());
            *accepted += usize::from(said.word == "valid");
        }
        counts
    }
}

/// Gives the changes of a case to implementations; no more than `limit` of them, from all parts of
/// the case.
pub fn run(
    base: &Base,
    pools: &mut [Pool],
    limit: Option<usize>,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Mutated {
    let all = base.changes();
    let possible = all.len();
    let chosen: Vec<Mutation> = match limit {
        Some(limit) if limit < possible => {
            (0..limit).map(|nth| all[nth * possible / limit].clone()).collect()
        }
        _ => all,
    };
    let unchanged = answers(pools, &[base.changed(0, None)]).pop().unwrap_or_default();
    let mut compared = Vec::with_capacity(chosen.len());
    for mutations in chosen.chunks(AT_A_TIME) {
        let numbered = mutations.iter().enumerate();
        let groups: Vec<Group> = numbered
            .map(|(nth, mutation)| base.changed(compared.len() + nth + 1, Some(mutation)))
            .collect();
        let said = answers(pools, &groups);
        let pairs = mutations.iter().cloned().zip(said);
        compared.extend(pairs.map(|(mutation, said)| Compared { mutation, said }));
        progress(compared.len(), chosen.len());
    }
    let implementations = pools.iter().map(|pool| pool.description().name.clone()).collect();
    Mutated { name: base.name.clone(), implementations, unchanged, possible, compared }
}

/// Returns for each group what each implementation says of its test.
fn answers(pools: &mut [Pool], groups: &[Group]) -> Vec<Vec<Said>> {
    let tests: Vec<Placed<'_>> = groups
        .iter()
        .flat_map(|group| group.tests.iter().map(|test| Placed { file: "mutation", group, test }))
        .collect();
    let mut said = vec![Vec::with_capacity(pools.len()); groups.len()];
    for pool in pools {
        for (of_test, tested) in said.iter_mut().zip(pool.run(&tests, &|| {})) {
            of_test.push(Said::of(tested));
        }
    }
    said
}
