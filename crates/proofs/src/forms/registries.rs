//! Revocation registries and status lists.
//!
//! Indy's ledgers keep what was issued and revoked since an earlier entry; AnonCreds 1.0 has a list
//! with a bit for each credential, 1 for revoked. The bit of a credential is at its own index, as
//! the specification says and agents do. Indy's first index is 1, so a list needs one bit more than
//! the registry has credentials where the last of them is used.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::ids::issuer_of;
use super::issued::Outcome;
use super::members::{Members, left_out, malformed, number};
use super::{ConversionError, Need, Note, Sources};
use crate::kinds::{Form, ObjectKind, recognise};

/// Registries of which the credentials count as revoked before they are issued.
const ON_DEMAND: &str = "ISSUANCE_ON_DEMAND";

/// Converts a change of a registry to a status list, or back.
pub(super) fn convert(value: &Value, to: Form, sources: &Sources) -> Outcome {
    match (recognise(value), to) {
        (ObjectKind::StatusList, Form::AnonCreds) => {
            let list = StatusList::read(value)?;
            let id = list.id.clone().or_else(|| sources.id.clone());
            Ok((list.to_value(), id, Vec::new()))
        }
        (ObjectKind::StatusList, Form::Indy) => to_change(value, sources),
        (_, Form::AnonCreds) => to_list(value, sources),
        (_, Form::Indy) => Ok((value.clone(), sources.id.clone(), Vec::new())),
    }
}

/// A status list.
struct StatusList {
    id: Option<String>,
    issuer: Option<String>,
    /// Which credentials are revoked, by index.
    revoked: Vec<bool>,
    accumulator: Option<Value>,
    timestamp: Option<u64>,
}

impl StatusList {
    fn read(value: &Value) -> Result<Self, ConversionError> {
        let members = Members::of(value, "")?;
        let bits = members.list("revocationList")?.iter().map(|bit| match bit {
            Value::Bool(bit) => Ok(*bit),
            other => match number(other) {
                Some(0) => Ok(false),
                Some(1) => Ok(true),
                _ => Err(malformed("/revocationList".to_owned(), "bits, 0 or 1", other)),
            },
        });
        Ok(Self {
            id: members.optional_text("revRegDefId")?,
            issuer: members.optional_text("issuerId")?,
            revoked: bits.collect::<Result<_, _>>()?,
            accumulator: members.get("currentAccumulator").cloned(),
            timestamp: members.optional_number("timestamp")?,
        })
    }

    fn to_value(&self) -> Value {
        let bits: Vec<u8> = self.revoked.iter().copied().map(u8::from).collect();
        json!({
            "revRegDefId": self.id,
            "issuerId": self.issuer,
            "revocationList": bits,
            "currentAccumulator": self.accumulator,
            "timestamp": self.timestamp,
        })
    }

    /// Returns whether a credential is revoked; one beyond the end is as its registry began.
    fn at(&self, index: usize, initially: bool) -> bool {
        self.revoked.get(index).copied().unwrap_or(initially)
    }
}

/// Returns whether credentials count as revoked at the beginning, by the definition of their
/// registry.
fn is_on_demand(sources: &Sources) -> Option<bool> {
    let registry = sources.registry.as_ref()?;
    let issuance = registry.pointer("/value/issuanceType").and_then(Value::as_str);
    Some(issuance == Some(ON_DEMAND))
}

/// Converts a status list to what was issued and revoked since an earlier one, or since the
/// beginning.
fn to_change(value: &Value, sources: &Sources) -> Outcome {
    let list = StatusList::read(value)?;
    let Some(accumulator) = &list.accumulator else {
        let pointer = "/currentAccumulator".to_owned();
        return Err(malformed(pointer, "an accumulator", &Value::Null));
    };
    let mut notes = Vec::new();
    let initially = is_on_demand(sources);
    let earlier = sources.earlier.as_ref().map(StatusList::read).transpose()?;
    if initially.is_none() && earlier.is_none() {
        notes.push(Note::Assumed("the registry's issuanceType", "ISSUANCE_BY_DEFAULT"));
    }
    let initially = initially.unwrap_or(false);
    let before = |index| earlier.as_ref().map_or(initially, |list| list.at(index, initially));
    let changed = |to: bool| -> Vec<usize> {
        let indices = list.revoked.iter().enumerate();
        let changed = indices.filter(|(index, bit)| **bit == to && before(*index) != to);
        changed.map(|(index, _)| index).collect()
    };
    let mut content = json!({
        "accum": accumulator,
        "issued": changed(false),
        "revoked": changed(true),
    });
    if let Some(previous) = earlier.as_ref().and_then(|list| list.accumulator.as_ref()) {
        content["prevAccum"] = previous.clone();
    }
    if let Some(issuer) = &list.issuer {
        notes.push(left_out("issuerId", &json!(issuer)));
    }
    if let Some(timestamp) = list.timestamp {
        notes.push(left_out("timestamp", &json!(timestamp)));
    }
    let id = list.id.clone().or_else(|| sources.id.clone());
    Ok((json!({"ver": "1.0", "value": content}), id, notes))
}

/// Converts what was issued and revoked to a status list.
fn to_list(value: &Value, sources: &Sources) -> Outcome {
    let needs =
        |need| ConversionError::Needs { kind: ObjectKind::Registry, to: Form::AnonCreds, need };
    let members = Members::of(value, "")?;
    let content = members.object("value")?;
    let accumulator = content.required("accum")?;
    let registry = sources.registry.as_ref();
    let of_registry = |name: &str| registry?.get(name)?.as_str().map(str::to_owned);
    let earlier = sources.earlier.as_ref().map(StatusList::read).transpose()?;
    let id = sources.id.clone().or_else(|| of_registry("id"));
    let id = id.or_else(|| earlier.as_ref()?.id.clone()).ok_or_else(|| needs(Need::Identifier))?;
    let issuer = sources.issuer_id.clone().or_else(|| of_registry("issuerId"));
    let issuer = issuer.or_else(|| earlier.as_ref()?.issuer.clone());
    let issuer = issuer.or_else(|| issuer_of(&id).map(str::to_owned));
    let issuer = issuer.ok_or_else(|| needs(Need::Issuer))?;
    let timestamp = sources.timestamp.ok_or_else(|| needs(Need::Timestamp))?;
    let previous = content.get("prevAccum");
    if content.get("issued").is_none() && content.get("revoked").is_none() {
        return Err(needs(Need::Changes));
    }
    let initially = is_on_demand(sources).unwrap_or(false);
    let mut revoked = match &earlier {
        Some(earlier) => {
            if let (Some(previous), Some(known)) = (previous, &earlier.accumulator)
                && previous != known
            {
                let expected = "the accumulator of the earlier status list";
                return Err(malformed("/value/prevAccum".to_owned(), expected, previous));
            }
            earlier.revoked.clone()
        }
        None if previous.is_some() => return Err(needs(Need::Earlier)),
        None => {
            let registry = registry.ok_or_else(|| needs(Need::Registry))?;
            let size = registry.pointer("/value/maxCredNum").and_then(number);
            let size = size.and_then(|size| usize::try_from(size).ok());
            let size = size.filter(|size| *size <= MAX_CREDENTIALS);
            vec![initially; size.ok_or_else(|| needs(Need::Registry))?]
        }
    };
    let issued = indices(&content, "issued")?;
    let newly_revoked = indices(&content, "revoked")?;
    let size = revoked.len();
    for (pointer, set, bit) in
        [("/value/issued", &issued, false), ("/value/revoked", &newly_revoked, true)]
    {
        for &index in set {
            if index > size {
                let expected =
                    format!("indices up to {size}, as many as the registry has credentials");
                return Err(malformed(pointer.to_owned(), &expected, &json!(index)));
            }
            if index == revoked.len() {
                revoked.push(initially);
            }
            if let Some(entry) = revoked.get_mut(index) {
                *entry = bit;
            }
        }
    }
    let mut notes = Vec::new();
    if registry.is_none() && earlier.is_none() {
        notes.push(Note::Assumed("the registry's issuanceType", "ISSUANCE_BY_DEFAULT"));
    }
    members.get("ver");
    members.note_others(&mut notes);
    content.note_others(&mut notes);
    let list = StatusList {
        id: Some(id.clone()),
        issuer: Some(issuer),
        revoked,
        accumulator: Some(accumulator.clone()),
        timestamp: Some(timestamp),
    };
    Ok((list.to_value(), Some(id), notes))
}

/// The most credentials of a registry whose list is written. Registries have some ten thousand.
const MAX_CREDENTIALS: usize = 1 << 20;

/// Returns the indices in a member, which may be absent.
fn indices(content: &Members<'_>, name: &'static str) -> Result<BTreeSet<usize>, ConversionError> {
    let Some(value) = content.get(name) else {
        return Ok(BTreeSet::new());
    };
    let bad = |value: &Value| malformed(content.pointer(name), "a list of indices", value);
    let Value::Array(items) = value else {
        return Err(bad(value));
    };
    let index = |item: &Value| {
        number(item).and_then(|index| usize::try_from(index).ok()).ok_or_else(|| bad(item))
    };
    items.iter().map(index).collect()
}
