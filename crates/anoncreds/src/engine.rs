//! `indy-credx` as an engine among others.

use std::{collections::HashMap, hash::Hash, time::Duration};

use indy_credx::{
    types::{
        CredentialDefinition, CredentialDefinitionId, Presentation, PresentationRequest,
        RevocationRegistry, RevocationRegistryDefinition, RevocationRegistryId, Schema, SchemaId,
        Validatable,
    },
    verifier,
};
use proofs::{Case, Mathematics, case::ById};
use serde::Deserialize;
use serde_json::Value;

use super::guarded::Guarded;

/// The library that the field uses, `indy-credx`, as an engine that may be asked about any case.
///
/// It is called on a thread of its own. What it panics with is caught, and is its answer: no. If it does not
/// answer in time, that is a no as well, and **its thread is left behind**: nothing can end it from
/// outside, so it works on until the library comes to its end or the process does. No presentation is known
/// for which that would be long; the checks before it let none through with numbers that no honest prover makes.
///
/// For its panics not to be printed, the first call replaces the process's panic hook by one that
/// passes on all others.
pub struct Library {
    guarded: Guarded<IndyCredx>,
}

impl Library {
    /// The library, with this much time for an answer.
    pub fn new(deadline: Duration) -> Self {
        Self {
            guarded: Guarded::new(IndyCredx, deadline),
        }
    }
}

impl Mathematics for Library {
    fn verify(&self, case: &Case) -> Result<bool, String> {
        self.guarded.verify(case)
    }

    fn request_problem(&self, request: &Value) -> Option<String> {
        self.guarded.request_problem(request)
    }
}

/// The library itself, without any guard.
struct IndyCredx;

impl Mathematics for IndyCredx {
    fn verify(&self, case: &Case) -> Result<bool, String> {
        let request: PresentationRequest = read("the request", &case.presentation_request)?;
        let presentation: Presentation = read("the presentation", &case.presentation)?;
        let schemas: HashMap<_, Schema> = read_all(&case.schemas, SchemaId)?;
        let cred_defs: HashMap<_, CredentialDefinition> =
            read_all(&case.cred_defs, CredentialDefinitionId)?;
        let rev_reg_defs: HashMap<_, RevocationRegistryDefinition> =
            read_all(&case.rev_reg_defs, RevocationRegistryId)?;
        let rev_regs = registries(case)?;
        let rev_regs = rev_regs
            .iter()
            .map(|(id, states)| {
                let states = states.iter().map(|(timestamp, state)| (*timestamp, state));
                (id.clone(), states.collect())
            })
            .collect();
        verifier::verify_presentation(
            &presentation,
            &request,
            &borrowed(&schemas),
            &borrowed(&cred_defs),
            Some(&borrowed(&rev_reg_defs)),
            Some(&rev_regs),
        )
        .map_err(|error| error.to_string())
    }

    fn request_problem(&self, request: &Value) -> Option<String> {
        let read: Result<PresentationRequest, _> = read("the request", request);
        match read {
            Ok(request) => request.validate().err().map(|error| error.to_string()),
            Err(problem) => Some(problem),
        }
    }
}

fn read<'v, T: Deserialize<'v>>(what: &str, written: &'v Value) -> Result<T, String> {
    T::deserialize(written).map_err(|error| format!("{what}: {error}"))
}

fn read_all<'v, T, Id>(written: &'v ById, id: fn(String) -> Id) -> Result<HashMap<Id, T>, String>
where
    T: Deserialize<'v>,
    Id: Eq + Hash,
{
    written
        .iter()
        .map(|(key, object)| Ok((id(key.clone()), read(key, object)?)))
        .collect()
}

fn registries(
    case: &Case,
) -> Result<HashMap<RevocationRegistryId, HashMap<u64, RevocationRegistry>>, String> {
    let mut registries = HashMap::new();
    for (id, written) in &case.rev_regs {
        let mut states = HashMap::new();
        for (timestamp, state) in written {
            let timestamp = timestamp
                .parse()
                .map_err(|_| format!("{id}: {timestamp:?} is no timestamp"))?;
            states.insert(timestamp, read(id, state)?);
        }
        registries.insert(RevocationRegistryId(id.clone()), states);
    }
    Ok(registries)
}

fn borrowed<Id: Clone + Eq + Hash, T>(objects: &HashMap<Id, T>) -> HashMap<Id, &T> {
    objects
        .iter()
        .map(|(id, object)| (id.clone(), object))
        .collect()
}
