//! Whether a presentation can be made, before the library is asked for one.
//!
//! The library fails late and says little (*"invalid structure"*), or makes a presentation that a
//! careful verifier refuses. [`check`] looks at the request, the choice of credentials and the
//! credentials first, and says for each referent what is wrong.
//!
//! ```
//! use negotiate_proofs::choice::{Choice, HeldCredential, HeldCredentials, HeldValue};
//! use negotiate_proofs::{ProofRequest, encoding, preflight};
//!
//! let request = ProofRequest::from_json(r#"{
//!     "nonce": "1", "name": "r", "version": "1",
//!     "requested_predicates": {"adult": {"name": "age", "p_type": ">=", "p_value": 18}}}"#)?;
//! let age = HeldValue { raw: "17".to_owned(), encoded: encoding::encode("17") };
//! let credential = HeldCredential::from_ids(
//!     "Th7MpTaRZVRYnPiabds81Y:2:gvt:1.0",
//!     "VsKV7grR1BUE29mG2Fm2kX:3:CL:12:TAG1",
//!     None,
//!     [("age".to_owned(), age)].into(),
//! );
//! let credentials = HeldCredentials::from([("c1".to_owned(), credential)]);
//! let choice = Choice::default().prove("adult", "c1");
//!
//! let refusals = preflight::check(&request, &choice, &credentials).unwrap_err();
//! assert_eq!(
//!     refusals[0].to_string(),
//!     "\"adult\" wants \"age\" >= 18, and it is 17 in the credential \"c1\"; the predicate is false \
//!      and cannot be proved: choose another credential, or do not answer"
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod refusal;

use std::collections::{BTreeMap, BTreeSet};

pub use refusal::Refusal;

use crate::choice::{Choice, HeldCredential, HeldCredentials};
use crate::encoding;
use crate::names;
use crate::query::ReferentQuery;
use crate::request::{ProofRequest, RequestedAttribute, RequestedPredicate};
use crate::restriction::Restriction;
use crate::tags::{Tag, Tags};

/// Checks whether a choice of credentials can become a presentation for a request.
///
/// `credentials` holds the credentials that the choice names, by their ids.
///
/// # Errors
/// All that is wrong: first what the choice answers and should not, then each requested attribute
/// and each requested predicate in the order of their referents, then what concerns several of
/// them.
pub fn check(
    request: &ProofRequest,
    choice: &Choice,
    credentials: &HeldCredentials,
) -> Result<(), Vec<Refusal>> {
    let mut preflight = Preflight {
        request,
        choice,
        credentials,
        revealed: revealed(request, choice),
        refusals: Vec::new(),
    };
    preflight.check_referents();
    for (referent, requested) in &request.requested_attributes {
        preflight.check_attribute(referent, requested);
    }
    for (referent, requested) in &request.requested_predicates {
        preflight.check_predicate(referent, requested);
    }
    preflight.check_moments();
    if preflight.refusals.is_empty() { Ok(()) } else { Err(preflight.refusals) }
}

/// The attributes (folded) that each credential reveals, with the first referent for which it does.
type Revealed<'a> = BTreeMap<&'a str, BTreeMap<String, &'a str>>;

fn revealed<'a>(request: &'a ProofRequest, choice: &'a Choice) -> Revealed<'a> {
    let mut revealed = Revealed::new();
    for (referent, chosen) in choice.attributes.iter().filter(|(_, chosen)| chosen.revealed) {
        if let Some(requested) = request.requested_attributes.get(referent) {
            let of_credential = revealed.entry(&chosen.credential).or_default();
            for name in requested.names() {
                of_credential.entry(names::fold(name)).or_insert(referent);
            }
        }
    }
    revealed
}

struct Preflight<'a> {
    request: &'a ProofRequest,
    choice: &'a Choice,
    credentials: &'a HeldCredentials,
    revealed: Revealed<'a>,
    refusals: Vec<Refusal>,
}

impl<'a> Preflight<'a> {
    fn refuse(&mut self, refusal: Refusal) {
        self.refusals.push(refusal);
    }

    /// Refuses answers that were not asked for, or not in this way.
    fn check_referents(&mut self) {
        let (request, choice) = (self.request, self.choice);
        let attributes: BTreeSet<_> =
            choice.attributes.keys().chain(choice.self_attested.keys()).collect();
        for referent in attributes {
            if !request.requested_attributes.contains_key(referent) {
                let refusal = if request.requested_predicates.contains_key(referent) {
                    Refusal::PredicateAnsweredAsAttribute { referent: referent.clone() }
                } else {
                    self.unknown(referent)
                };
                self.refuse(refusal);
            }
        }
        for referent in choice.predicates.keys() {
            if !request.requested_predicates.contains_key(referent) {
                let refusal = if request.requested_attributes.contains_key(referent) {
                    Refusal::AttributeAnsweredAsPredicate { referent: referent.clone() }
                } else {
                    self.unknown(referent)
                };
                self.refuse(refusal);
            }
        }
    }

    fn unknown(&self, referent: &str) -> Refusal {
        let attributes = self.request.requested_attributes.keys();
        let known: BTreeSet<_> =
            attributes.chain(self.request.requested_predicates.keys()).collect();
        Refusal::UnknownReferent {
            referent: referent.to_owned(),
            known: known.into_iter().cloned().collect(),
        }
    }

    fn check_attribute(&mut self, referent: &str, requested: &RequestedAttribute) {
        let chosen = self.choice.attributes.get(referent);
        let is_self_attested = self.choice.self_attested.contains_key(referent);
        if is_self_attested && requested.restriction().is_some() {
            self.refuse(Refusal::SelfAttestedThoughRestricted { referent: referent.to_owned() });
        }
        match chosen {
            Some(chosen) => {
                if is_self_attested {
                    self.refuse(Refusal::AnsweredTwice {
                        referent: referent.to_owned(),
                        credential: chosen.credential.clone(),
                    });
                }
                self.check_attribute_of(referent, requested, &chosen.credential);
            }
            None if is_self_attested => {}
            None => self.unanswered(referent, self.choice.predicates.contains_key(referent)),
        }
    }

    /// Refuses to leave a referent unanswered, unless `check_referents` has refused its answer
    /// already.
    fn unanswered(&mut self, referent: &str, is_answered_as_other_kind: bool) {
        let is_shared = self.request.requested_attributes.contains_key(referent)
            && self.request.requested_predicates.contains_key(referent);
        if is_shared || !is_answered_as_other_kind {
            self.refuse(Refusal::Unanswered { referent: referent.to_owned() });
        }
    }

    fn check_attribute_of(&mut self, referent: &str, requested: &RequestedAttribute, id: &str) {
        let Some(credential) = self.credential(referent, id) else {
            return;
        };
        for name in requested.names() {
            if credential.attribute(name).is_none() {
                self.refuse(attribute_missing(referent, id, name));
            }
        }
        if let Some(restriction) = requested.restriction() {
            self.check_restriction(referent, restriction, id, credential);
        }
    }

    fn check_predicate(&mut self, referent: &str, requested: &RequestedPredicate) {
        let Some(chosen) = self.choice.predicates.get(referent) else {
            let is_answered_as_other_kind = self.choice.attributes.contains_key(referent)
                || self.choice.self_attested.contains_key(referent);
            return self.unanswered(referent, is_answered_as_other_kind);
        };
        let id = &chosen.credential;
        let Some(credential) = self.credential(referent, id) else {
            return;
        };
        if let Some(refusal) = compared(referent, requested, id, credential) {
            self.refuse(refusal);
        }
        let shown = self.revealed.get(id.as_str());
        if let Some(revealed_for) = shown.and_then(|shown| shown.get(&names::fold(&requested.name)))
        {
            let revealed_for = (*revealed_for).to_owned();
            self.refuse(Refusal::RevealedAndCompared {
                referent: referent.to_owned(),
                credential: id.clone(),
                attribute: requested.name.clone(),
                revealed_for,
            });
        }
        if let Some(restriction) = requested.restriction() {
            self.check_restriction(referent, restriction, id, credential);
        }
    }

    fn credential(&mut self, referent: &str, id: &str) -> Option<&'a HeldCredential> {
        let credential = self.credentials.get(id);
        if credential.is_none() {
            self.refuse(Refusal::UnknownCredential {
                referent: referent.to_owned(),
                credential: id.to_owned(),
            });
        }
        credential
    }

    /// Refuses a credential that does not satisfy the restriction, or does so only by values that
    /// the verifier does not see.
    fn check_restriction(
        &mut self,
        referent: &str,
        restriction: &Restriction,
        id: &str,
        credential: &HeldCredential,
    ) {
        let version = self.request.ver;
        let rule = ReferentQuery {
            names: Vec::new(),
            restriction: Some(restriction.clone()),
            extra: None,
            predicate: None,
            interval: None,
        };
        if let Some(reason) = rule.mismatch(&credential.tags, version, |_| None) {
            return self.refuse(Refusal::RestrictionNotSatisfied {
                referent: referent.to_owned(),
                credential: id.to_owned(),
                reason,
            });
        }
        let shown = self.revealed.get(id);
        let is_hidden = |tag: &Tag| match tag {
            Tag::AttributeValue(name) => shown.is_none_or(|shown| !shown.contains_key(name)),
            _ => false,
        };
        let visible = credential.tags.iter().filter(|(tag, _)| !is_hidden(tag));
        let visible: Tags = visible.map(|(tag, value)| (tag.to_string(), value)).collect();
        if !restriction.matches(&visible, version) {
            let attribute = first_value(restriction, &is_hidden).unwrap_or_default();
            self.refuse(Refusal::RestrictedValueHidden {
                referent: referent.to_owned(),
                credential: id.to_owned(),
                attribute: attribute.to_owned(),
            });
        }
    }

    /// Refuses to present one credential at different moments.
    fn check_moments(&mut self) {
        let mut first: BTreeMap<&str, (Option<u64>, &str)> = BTreeMap::new();
        let mut refused = BTreeSet::new();
        for (id, timestamp, referent) in self.choice.uses() {
            let (earlier, before) = *first.entry(id).or_insert((timestamp, referent));
            if earlier != timestamp && refused.insert(id) {
                self.refusals.push(Refusal::PresentedTwice {
                    referent: referent.to_owned(),
                    credential: id.to_owned(),
                    timestamp,
                    before: before.to_owned(),
                    earlier,
                });
            }
        }
    }
}

fn attribute_missing(referent: &str, credential: &str, attribute: &str) -> Refusal {
    Refusal::AttributeMissing {
        referent: referent.to_owned(),
        credential: credential.to_owned(),
        attribute: attribute.to_owned(),
    }
}

/// Returns why a predicate cannot be proved of a credential, if it cannot.
fn compared(
    referent: &str,
    requested: &RequestedPredicate,
    id: &str,
    credential: &HeldCredential,
) -> Option<Refusal> {
    let (referent, id) = (referent.to_owned(), id.to_owned());
    let attribute = requested.name.clone();
    let (p_type, p_value) = (requested.p_type, requested.p_value);
    let Some((_, value)) = credential.attribute(&attribute) else {
        return Some(attribute_missing(&referent, &id, &attribute));
    };
    let Some(got) = encoding::integer(&value.encoded) else {
        return Some(Refusal::NotANumber {
            referent,
            credential: id,
            attribute,
            got: value.raw.clone(),
        });
    };
    if !requested.holds(got) {
        return Some(Refusal::PredicateFalse {
            referent,
            credential: id,
            attribute,
            p_type,
            p_value,
            got,
        });
    }
    // The library computes the distance in 32 bits.
    let distance = (i64::from(got) - i64::from(p_value)).abs();
    (distance > i64::from(i32::MAX)).then_some(Refusal::TooFarFromBound {
        referent,
        credential: id,
        attribute,
        p_type,
        p_value,
        got,
        distance,
    })
}

/// Returns the first attribute whose value a restriction needs and which is hidden.
fn first_value<'r>(
    restriction: &'r Restriction,
    is_hidden: &impl Fn(&Tag) -> bool,
) -> Option<&'r str> {
    match restriction {
        Restriction::And(parts) | Restriction::Or(parts) => {
            parts.iter().find_map(|part| first_value(part, is_hidden))
        }
        Restriction::Not(part) => first_value(part, is_hidden),
        Restriction::Eq(tag, _) | Restriction::Neq(tag, _) | Restriction::In(tag, _) => match tag {
            Tag::AttributeValue(name) if is_hidden(tag) => Some(name),
            _ => None,
        },
    }
}
