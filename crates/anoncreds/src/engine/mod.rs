//! `indy-credx` as an engine that verifies presentations.

mod isolated;

use std::{collections::HashMap, hash::Hash, time::Duration};

use credx::Object;
use indy_credx::{
    types::{
        CredentialDefinition, CredentialDefinitionId, Presentation, PresentationRequest,
        RevocationRegistry, RevocationRegistryDefinition, RevocationRegistryId, Schema, SchemaId,
    },
    verifier,
};
use proofs::{Case, Engine, EngineError, case::ById};
use serde_json::Value;

use self::isolated::Isolated;

/// The library that the field uses, `indy-credx`, as an engine that accepts any input.
///
/// It is called on a thread of its own. If it panics, the panic is caught, and the presentation is
/// rejected. If it does not answer in time, the verdict is undecided, and **its thread keeps
/// running** until the library finishes or the process ends, because a thread cannot be stopped
/// from outside. No presentation is known for which that takes long; the checks before it reject
/// numbers that no honest prover makes.
///
/// So that its panics are not printed, the first call replaces the process's panic hook with one
/// that handles all other panics as before.
pub struct Library {
    isolated: Isolated<IndyCredx>,
}

impl Library {
    /// Returns the library, with this much time for each answer.
    pub fn new(deadline: Duration) -> Self {
        Self { isolated: Isolated::new(IndyCredx, deadline) }
    }
}

impl Engine for Library {
    fn verify(&self, case: &Case) -> Result<bool, EngineError> {
        self.isolated.verify(case)
    }
}

/// The library itself, without a thread and a deadline.
struct IndyCredx;

impl Engine for IndyCredx {
    fn verify(&self, case: &Case) -> Result<bool, EngineError> {
        recompute(case).map_err(EngineError::Refused)
    }
}

fn recompute(case: &Case) -> Result<bool, String> {
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
    .map_err(|error| message(&error.to_string()))
}

/// Returns an error of the library without the values that it quotes: they come from a set, in
/// another order in each process, and the same case must get the same verdict each time.
fn message(text: &str) -> String {
    let parts = text.split_once(" for \"{").and_then(|(failed, rest)| {
        let (_, reason) = rest.split_once("}\" attributes ")?;
        Some(format!("{failed}: {reason}"))
    });
    parts.unwrap_or_else(|| text.to_owned())
}

fn read<T: Object>(what: &str, written: &Value) -> Result<T, String> {
    credx::from_value(written).map_err(|error| format!("{what}: {}", error.reason))
}

fn read_all<T: Object, Id: Eq + Hash>(
    written: &ById,
    id: fn(String) -> Id,
) -> Result<HashMap<Id, T>, String> {
    written.iter().map(|(key, object)| Ok((id(key.clone()), read(key, object)?))).collect()
}

fn registries(
    case: &Case,
) -> Result<HashMap<RevocationRegistryId, HashMap<u64, RevocationRegistry>>, String> {
    let mut registries = HashMap::new();
    for (id, written) in &case.rev_regs {
        let mut states = HashMap::new();
        for (timestamp, state) in written {
            let timestamp =
                timestamp.parse().map_err(|_| format!("{id}: {timestamp:?} is not a timestamp"))?;
            states.insert(timestamp, read(id, state)?);
        }
        registries.insert(RevocationRegistryId(id.clone()), states);
    }
    Ok(registries)
}

fn borrowed<Id: Clone + Eq + Hash, T>(objects: &HashMap<Id, T>) -> HashMap<Id, &T> {
    objects.iter().map(|(id, object)| (id.clone(), object)).collect()
}
