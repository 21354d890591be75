//! Changes of Indy's registries and AnonCreds' status lists: one from the other.
//!
//! | module | subject |
//! |---|---|
//! | `lists` | lists that follow from changes |
//! | `changes` | changes that lead from one list to another |
//! | `refused` | what is not a change or a list of the registry |

mod changes;
mod lists;
mod refused;

use serde_json::{Value, json};
use vectors::Kind;
use vectors::format::BugType;

use super::file::{Expect, File};
use super::schema::{KindSchema, object};

/// Where status lists are described.
const SPECIFICATION: &str = "https://hyperledger.github.io/anoncreds-spec/";
/// Where Indy's registries are described.
const HIPE_0011: &str =
    "https://github.com/hyperledger/indy-hipe/tree/main/text/0011-cred-revocation";

const ISSUER: &str = "GHxDG6zVWdLVgi4eC9iJkA";

/// A registry of ten credentials and its accumulators: see `examples/freeze.rs`.
const FROZEN: &str = include_str!("../../frozen/registry.json");

/// How many credentials the registry has.
const SIZE: usize = 10;

pub fn schema() -> KindSchema {
    let any = |what: &str| json!({"description": what});
    KindSchema {
        kind: Kind::StatusListDelta,
        input: object(
            json!({
                "registry": {"type": "object", "description": "the registry's definition, in Indy's form"},
                "before": any("the status list before; absent at the registry's beginning"),
                "delta": any("a change in Indy's form, of which the list after it is computed"),
                "after": any("the status list after, of which the change is computed"),
                "timestamp": {"type": "integer", "description": "the time of the list to be computed"},
            }),
            &["registry"],
        ),
        output: Some(object(
            json!({
                "after": {"type": "object", "description": "the status list, in AnonCreds 1.0's form"},
                "delta": {"type": "object", "description": "the change, indices in ascending order"},
            }),
            &[],
        )),
        has_public: false,
    }
}

/// The registry, and what its lists and changes are made from.
struct Registry {
    definition: Value,
    accumulators: Vec<Value>,
}

impl Registry {
    fn new() -> Self {
        let frozen: Value = serde_json::from_str(FROZEN).unwrap();
        let accumulators = frozen["accumulators"].as_array().unwrap().clone();
        Self { definition: frozen["registry"].clone(), accumulators }
    }

    /// Returns a list in which these are revoked, of a number of bits.
    fn list(&self, step: usize, bits: usize, revoked: &[usize]) -> Value {
        let bits: Vec<u8> = (0..bits).map(|index| u8::from(revoked.contains(&index))).collect();
        json!({
            "revRegDefId": self.definition["id"],
            "issuerId": ISSUER,
            "revocationList": bits,
            "currentAccumulator": self.accumulators[step],
            "timestamp": time(step),
        })
    }

    /// Returns the change that ends with a step's accumulator, from the beginning.
    fn change(&self, step: usize, issued: Value, revoked: Value) -> Value {
        let accum = &self.accumulators[step];
        json!({"ver": "1.0", "value": {"accum": accum, "issued": issued, "revoked": revoked}})
    }

    /// Returns the same as a change since the step before.
    fn next(&self, step: usize, issued: Value, revoked: Value) -> Value {
        let mut change = self.change(step, issued, revoked);
        change["value"]["prevAccum"] = self.accumulators[step - 1].clone();
        change
    }

    /// What a test gives of which a list is computed.
    fn to_list(&self, before: Option<Value>, step: usize, delta: Value) -> Value {
        let mut input =
            json!({"registry": self.definition, "delta": delta, "timestamp": time(step)});
        if let Some(before) = before {
            input["before"] = before;
        }
        json!({"input": input})
    }

    /// What a test gives of which a change is computed.
    fn to_change(&self, before: Option<Value>, after: Value) -> Value {
        let mut input = json!({"registry": self.definition, "after": after});
        if let Some(before) = before {
            input["before"] = before;
        }
        json!({"input": input})
    }
}

fn time(step: usize) -> u64 {
    1_700_000_000 + 86_400 * step as u64
}

fn on_demand(mut given: Value) -> Value {
    given["input"]["registry"]["value"]["issuanceType"] = json!("ISSUANCE_ON_DEMAND");
    given
}

pub fn file() -> File {
    let mut file = File::new(
        "status_list_delta",
        Kind::StatusListDelta,
        "AnonCreds revocation: changes of registries, and status lists",
        &[
            "The bit of a credential is at its own index, which Indy counts from 1. 1 means revoked.",
            "Reason: `delta`.",
            "A list of a new registry has as many bits as the registry has credentials.",
        ],
    );
    notes(&mut file);
    let registry = Registry::new();
    lists::add(&mut file, &registry);
    changes::add(&mut file, &registry);
    refused::add(&mut file, &registry);
    file
}

fn notes(file: &mut File) {
    for (flag, bug, description, effect) in [
        ("NORMAL", BugType::Basic, "Credentials are revoked, or issued again.", ""),
        (
            "ISSUANCE",
            BugType::AcceptsInvalid,
            "Credentials of a registry with issuance on demand count as revoked until they are issued.",
            "A credential that was not issued counts as valid.",
        ),
        (
            "INDEX_ZERO",
            BugType::EdgeCase,
            "Index 0, which Indy gives to no credential.",
            "The bits of all credentials are off by one.",
        ),
        (
            "LAST_INDEX",
            BugType::EdgeCase,
            "The last credential of a registry. Its index is the number of credentials, one more than the last bit of a \
             list of that length.",
            "The revocation of the last credential is lost, or the process crashes.",
        ),
        (
            "OFF_BY_ONE",
            BugType::AcceptsInvalid,
            "Neighbours of a revoked credential.",
            "A revoked credential counts as valid, and another one as revoked.",
        ),
        (
            "STALE",
            BugType::EdgeCase,
            "A change names what was so before.",
            "A credential changes its state without reason.",
        ),
        (
            "ORDER",
            BugType::Incompatible,
            "Indices in any order, or one of them twice.",
            "Honest changes are refused.",
        ),
        (
            "CONTRADICTION",
            BugType::AcceptsInvalid,
            "A credential that is issued and revoked at once is not valid afterwards.",
            "A revoked credential counts as valid.",
        ),
        (
            "PREVIOUS",
            BugType::AcceptsInvalid,
            "A change continues the list that has its previous accumulator.",
            "Revocations are lost.",
        ),
        (
            "MALFORMED",
            BugType::AcceptsInvalid,
            "What is not a change or a list of this registry.",
            "Revocations are lost, or the process crashes.",
        ),
    ] {
        file.note(flag, bug, description, effect, &[SPECIFICATION, HIPE_0011]);
    }
}

fn says(flag: &str, output: Value) -> Expect {
    Expect::valid().flags(&[flag]).output(output)
}
