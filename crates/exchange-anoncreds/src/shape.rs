//! The shape of an answer: how many credentials it shows, and which attributes of each.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{BridgeError, MAX_CREDENTIALS};

/// A schema has at most this many attributes.
const MAX_NAMES: usize = 125;

/// The holder's part in the AnonCreds request that both sides derive.
///
/// A criterion leaves two choices to the holder: how many credentials between `min` and `max`, and
/// which of its optional attributes are shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shape {
    /// For each credential, the names of the attributes that are shown, as the criterion spells
    /// them.
    pub groups: Vec<BTreeSet<String>>,
}

impl Shape {
    /// Returns the shape that a presentation claims to have, by the names of its referents. Whether
    /// it really has it is for a verifier to check, against the request that is derived from this
    /// shape.
    ///
    /// # Errors
    ///
    /// [`BridgeError::Unanswerable`]: it has more credentials, or attributes of one, than any.
    pub fn of_presentation(presentation: &Value) -> Result<Self, BridgeError> {
        let mut shape = Self::default();
        let answered = |member: &str| presentation.get("requested_proof")?.get(member)?.as_object();
        for (referent, group) in answered("revealed_attr_groups").into_iter().flatten() {
            let Some(Referent { credential, predicate: None }) = Referent::parse(referent) else {
                continue;
            };
            let values = group.get("values").and_then(Value::as_object);
            let names: BTreeSet<String> = values
                .into_iter()
                .flat_map(|values| values.keys().take(MAX_NAMES + 1).cloned())
                .collect();
            if names.len() > MAX_NAMES {
                let what = format!("more than {MAX_NAMES} attributes of one credential");
                return Err(BridgeError::too_large("the presentation", &what));
            }
            *shape.credential(credential)? = names;
        }
        for referent in answered("predicates").into_iter().flatten() {
            if let Some(Referent { credential, predicate: Some(_) }) = Referent::parse(referent.0) {
                shape.credential(credential)?;
            }
        }
        Ok(shape)
    }

    /// Returns the names of a credential, by its index from 0; adds empty ones up to it.
    fn credential(&mut self, number: usize) -> Result<&mut BTreeSet<String>, BridgeError> {
        let count = self.groups.len().max(number.saturating_add(1));
        let too_many = || BridgeError::too_many_credentials("the presentation", count as u64);
        if count > MAX_CREDENTIALS {
            return Err(too_many());
        }
        self.groups.resize_with(count, BTreeSet::new);
        self.groups.get_mut(number).ok_or_else(too_many)
    }
}

/// The meaning of a referent of the derived request. Both numbers are from 0, and written from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Referent {
    pub credential: usize,
    /// Which of the criterion's predicates; the group of shown attributes if none.
    pub predicate: Option<usize>,
}

const CREDENTIAL: &str = "credential_";
const PREDICATE: &str = "_predicate_";

impl Referent {
    pub fn group(credential: usize) -> Self {
        Self { credential, predicate: None }
    }

    pub fn predicate(credential: usize, predicate: usize) -> Self {
        Self { credential, predicate: Some(predicate) }
    }

    /// Returns `credential_1` or `credential_1_predicate_1`.
    pub fn name(self) -> String {
        let credential = self.credential + 1;
        match self.predicate {
            None => format!("{CREDENTIAL}{credential}"),
            Some(predicate) => {
                format!("{CREDENTIAL}{credential}{PREDICATE}{}", predicate + 1)
            }
        }
    }

    /// Parses what [`name`](Self::name) writes, and nothing else.
    pub fn parse(name: &str) -> Option<Self> {
        let rest = name.strip_prefix(CREDENTIAL)?;
        let number = |digits: &str| digits.parse::<u32>().ok()?.checked_sub(1);
        let referent = match rest.split_once(PREDICATE) {
            None => Self::group(number(rest)? as usize),
            Some((credential, predicate)) => {
                Self::predicate(number(credential)? as usize, number(predicate)? as usize)
            }
        };
        // `credential_01` and `credential_+1` are other texts
        (referent.name() == name).then_some(referent)
    }
}
