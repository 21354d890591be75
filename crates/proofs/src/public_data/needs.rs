//! What a case needs of what issuers publish.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{PublicData, timestamp_of};
use crate::case::{ById, ByTime, Case};
use crate::limits::MAX_SUB_PROOFS;

/// The public data that a presentation names: what a case needs to be decided.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs {
    /// The identifiers of schemas.
    pub schemas: BTreeSet<String>,
    /// The identifiers of credential definitions.
    pub cred_defs: BTreeSet<String>,
    /// The identifiers of revocation registries, whose definitions are needed.
    pub rev_reg_defs: BTreeSet<String>,
    /// Identifiers of revocation registries, and the times at which they are needed.
    pub registries: BTreeSet<(String, u64)>,
}

impl Needs {
    /// Returns what the identifiers of a case's presentation name. What cannot be read there is
    /// left out.
    pub fn of(case: &Case) -> Self {
        let mut needs = Self::default();
        let identifiers = case.presentation.get("identifiers").and_then(Value::as_array);
        for identifier in identifiers.into_iter().flatten().take(MAX_SUB_PROOFS) {
            let id = |name: &str| identifier.get(name).and_then(Value::as_str).map(str::to_owned);
            needs.schemas.extend(id("schema_id"));
            needs.cred_defs.extend(id("cred_def_id"));
            if let Some(registry) = id("rev_reg_id") {
                let time = timestamp_of(identifier).and_then(|time| time.parse().ok());
                needs.registries.extend(time.map(|time| (registry.clone(), time)));
                needs.rev_reg_defs.insert(registry);
            }
        }
        needs
    }

    /// Returns what of this is not in a case.
    pub fn missing_in(self, case: &Case) -> Self {
        self.missing(
            [&case.schemas, &case.cred_defs, &case.rev_reg_defs],
            [&case.rev_regs, &case.rev_status_lists],
        )
    }

    /// Returns what of this is not in some public data.
    pub fn missing_from(self, data: &PublicData) -> Self {
        self.missing(
            [&data.schemas, &data.cred_defs, &data.rev_reg_defs],
            [&data.rev_regs, &data.rev_status_lists],
        )
    }

    fn missing(
        mut self,
        [schemas, cred_defs, rev_reg_defs]: [&ById; 3],
        registries: [&ByTime; 2],
    ) -> Self {
        self.schemas.retain(|id| !schemas.contains_key(id));
        self.cred_defs.retain(|id| !cred_defs.contains_key(id));
        self.rev_reg_defs.retain(|id| !rev_reg_defs.contains_key(id));
        self.registries.retain(|(id, time)| {
            let time = time.to_string();
            !registries
                .iter()
                .any(|by_time| by_time.get(id).is_some_and(|times| times.contains_key(&time)))
        });
        self
    }

    /// Returns a line for each need: the kind of object, its identifier, and its time.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        let named = |kind: &'static str, ids: &BTreeSet<String>| {
            ids.iter().map(|id| format!("{kind} {id}")).collect::<Vec<_>>()
        };
        let registries = self.registries.iter();
        named("schema", &self.schemas)
            .into_iter()
            .chain(named("credential definition", &self.cred_defs))
            .chain(named("revocation registry definition", &self.rev_reg_defs))
            .chain(registries.map(|(id, time)| format!("revocation registry {id} at {time}")))
            .collect::<Vec<_>>()
            .into_iter()
    }

    /// Returns whether nothing is needed.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
