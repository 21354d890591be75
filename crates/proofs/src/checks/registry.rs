//! The entries of a revocation registry, in the form of Indy or of AnonCreds 1.0.
//!
//! An entry says what the registry's accumulator is from a time on. Indy has
//! `{"value": {"accum", "prevAccum"?}}`, in the case's member `rev_regs`; AnonCreds 1.0 has status
//! lists, `{"revRegDefId", "currentAccumulator", "timestamp", "revocationList"}`, in
//! `rev_status_lists`. Both are by registry and time, and each may stand in the other's place.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry as MapEntry;

use serde_json::{Map, Value, json};
use verdict::Failure;

use super::points;
use crate::case::Case;
use crate::identifiers;

/// An entry of a registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RegistryEntry<'c> {
    /// The accumulator from this time on.
    pub(super) accumulator: &'c str,
    /// The accumulator before, where the entry says so.
    pub(super) previous: Option<&'c str>,
}

/// The entries of one registry that a case has, by time.
pub(super) struct Entries<'c>(BTreeMap<u64, RegistryEntry<'c>>);

impl<'c> Entries<'c> {
    /// Reads the entries of a registry.
    ///
    /// # Errors
    /// The first that is malformed, or two of one time that differ.
    pub(super) fn of(case: &'c Case, registry: &str) -> Result<Self, Failure> {
        let mut entries = Self(BTreeMap::new());
        for given in [&case.rev_regs, &case.rev_status_lists] {
            for (time, written) in given.get(registry).into_iter().flatten() {
                entries.add(registry, time, written)?;
            }
        }
        Ok(entries)
    }

    fn add(&mut self, registry: &str, time: &str, written: &'c Value) -> Result<(), Failure> {
        let malformed = |got: &str| {
            Failure::new(
                format!("an entry of registry {registry}, with its time in seconds since 1970"),
                got,
                "read it from the ledger again, and give it unaltered",
            )
        };
        let time: u64 = time.parse().map_err(|_| malformed(&format!("one of {time:?}")))?;
        let own = written.get("timestamp").filter(|own| !own.is_null());
        if let Some(own) = own.filter(|own| own.as_u64() != Some(time)) {
            return Err(malformed(&format!("one of {own} given as of {time}")));
        }
        let text = |pointer: &str| written.pointer(pointer).and_then(Value::as_str);
        let is_absent = |member: &str| written.get(member).is_none_or(Value::is_null);
        if !is_absent("revRegDefId") && text("/revRegDefId") != Some(registry) {
            return Err(malformed("one of another registry"));
        }
        let is_issuers = match (text("/issuerId"), identifiers::author(registry)) {
            (None, _) => is_absent("issuerId"),
            (Some(own), Some(author)) => identifiers::same_did(own, author),
            (Some(_), None) => true,
        };
        if !is_issuers {
            return Err(malformed("one by another author"));
        }
        let accumulator = text("/value/accum").or_else(|| text("/currentAccumulator"));
        let accumulator = accumulator.ok_or_else(|| malformed("one without an accumulator"))?;
        if points::second_group(accumulator).is_none() {
            return Err(malformed("one whose accumulator is not a point of the group"));
        }
        let entry = RegistryEntry { accumulator, previous: text("/value/prevAccum") };
        match self.0.entry(time) {
            MapEntry::Vacant(vacant) => {
                vacant.insert(entry);
            }
            MapEntry::Occupied(there)
                if !same_accumulator(there.get().accumulator, accumulator) =>
            {
                return Err(malformed(&format!("two of {time} that differ")));
            }
            // one form may say what the other does not
            MapEntry::Occupied(mut there) => {
                let there = there.get_mut();
                there.previous = there.previous.or(entry.previous);
            }
        }
        Ok(())
    }

    /// Returns the accumulator of the entry of exactly this time.
    pub(super) fn accumulator_at(&self, time: u64) -> Option<&'c str> {
        self.0.get(&time).map(|entry| entry.accumulator)
    }

    /// Returns the entries in the order of their times.
    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = (u64, RegistryEntry<'c>)> {
        self.0.iter().map(|(time, entry)| (*time, *entry))
    }
}

/// Returns an entry in Indy's form.
pub(super) fn entry(accumulator: &str) -> Value {
    json!({"ver": "1.0", "value": {"accum": accumulator}})
}

/// Returns a registry's definition in Indy's form, under these identifiers.
pub(super) fn definition(written: &Value, id: &str, cred_def_id: &str) -> Value {
    let mut value = Map::new();
    let members = written.get("value").and_then(Value::as_object);
    value
        .extend(members.into_iter().flatten().map(|(name, member)| (name.clone(), member.clone())));
    for (name, default) in [
        ("issuanceType", json!("ISSUANCE_BY_DEFAULT")),
        ("maxCredNum", json!(1)),
        ("tailsHash", json!("")),
        ("tailsLocation", json!("")),
    ] {
        value.entry(name).or_insert(default);
    }
    json!({
        "ver": "1.0", "id": id, "revocDefType": "CL_ACCUM", "tag": "tag", "credDefId": cred_def_id,
        "value": value,
    })
}

/// Returns whether two accumulators are the same point, which can be written in more ways than one.
pub(super) fn same_accumulator(a: &str, b: &str) -> bool {
    a == b
        || matches!((points::second_group(a), points::second_group(b)), (Some(a), Some(b)) if a == b)
}
