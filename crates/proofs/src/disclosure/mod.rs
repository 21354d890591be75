//! What a verifier would learn from a presentation, before it is made.
//!
//! [`disclose`] lists, credential by credential, which values a choice of credentials shows, which
//! predicates it proves, what stays hidden, and which issuers and schemas become known. Its
//! [`Display`](std::fmt::Display) is the preview that a holder reads before agreeing.
//!
//! ```
//! use negotiate_proofs::choice::{Choice, HeldCredential, HeldCredentials, HeldValue};
//! use negotiate_proofs::{ProofRequest, disclosure, encoding};
//!
//! let request = ProofRequest::from_json(r#"{
//!     "nonce": "1", "name": "r", "version": "1",
//!     "requested_attributes": {"given": {"name": "name"}},
//!     "requested_predicates": {"adult": {"name": "age", "p_type": ">=", "p_value": 18}}}"#)?;
//! let values = [("name", "Alex"), ("age", "28"), ("sex", "male")].map(|(name, raw)| {
//!     (name.to_owned(), HeldValue { raw: raw.to_owned(), encoded: encoding::encode(raw) })
//! });
//! let credential = HeldCredential::from_ids(
//!     "Th7MpTaRZVRYnPiabds81Y:2:gvt:1.0",
//!     "VsKV7grR1BUE29mG2Fm2kX:3:CL:12:TAG1",
//!     None,
//!     values.into(),
//! );
//! let credentials = HeldCredentials::from([("c1".to_owned(), credential)]);
//! let choice = Choice::default().reveal("given", "c1").prove("adult", "c1");
//!
//! let disclosure = disclosure::disclose(&request, &choice, &credentials, &[]);
//! assert_eq!(disclosure.credentials[0].revealed[0].raw, "Alex");
//! assert_eq!(disclosure.credentials[0].hidden, ["age", "sex"]);
//! println!("{disclosure}");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What links presentations to each other
//!
//! The mathematics gives a verifier nothing by which to recognise a credential: each presentation
//! randomises the signature anew. What is *disclosed* may still link presentations. Revealed and
//! self-attested values are the same each time; the schema, the issuer and the credential
//! definition are always known; few people may have a credential of a small issuer; and predicates
//! with ever narrower bounds narrow down the value.

mod text;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::choice::{Choice, HeldCredential, HeldCredentials};
use crate::names;
use crate::request::{Interval, PredicateType, ProofRequest};
use crate::tags::{NO_REGISTRY, Tag};

/// What a verifier would learn from a presentation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Disclosure {
    /// Each credential that would be presented.
    pub credentials: Vec<CredentialDisclosure>,
    /// What the holder would state without a credential.
    pub self_attested: Vec<SelfAttested>,
    /// What cannot be answered.
    pub unanswered: Vec<Unanswered>,
    /// Among how many credentials of the holder there was a choice, by referent, as far as the
    /// caller counted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub considered: Vec<Considered>,
}

/// What a verifier would learn about one credential.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CredentialDisclosure {
    /// The credential's id in the wallet. The verifier does not learn it.
    pub credential: String,
    /// The referents that it answers.
    pub referents: Vec<String>,
    /// Its origin, as far as it becomes known.
    pub origin: Origin,
    /// The moment for which it is shown not to be revoked, in seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<u64>,
    /// When it should not have been revoked, as the verifier asks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub intervals: Vec<AskedInterval>,
    /// The values that are shown.
    pub revealed: Vec<Revealed>,
    /// The predicates that are shown to hold.
    pub proved: Vec<Proved>,
    /// The attributes that the verifier asked for, and of which it learns only that they exist.
    pub withheld: Vec<Withheld>,
    /// The names of all attributes whose values stay hidden, even if predicates of them are proved.
    pub hidden: Vec<String>,
}

/// Where a credential comes from. A verifier learns all of it with every presentation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Origin {
    /// The schema's identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema_id: Option<String>,
    /// The schema's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema_name: Option<String>,
    /// The schema's version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema_version: Option<String>,
    /// The issuer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer_did: Option<String>,
    /// The credential definition's identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cred_def_id: Option<String>,
    /// The revocation registry, if the credential can be revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rev_reg_id: Option<String>,
}

/// A value that is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Revealed {
    /// The attribute, as the issuer spells it.
    pub name: String,
    /// Its text.
    pub raw: String,
    /// The referents for which it is shown.
    pub referents: Vec<String>,
}

/// A predicate that is shown to hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Proved {
    /// The attribute, as the issuer spells it.
    pub name: String,
    /// How its value compares with the bound.
    pub p_type: PredicateType,
    /// The bound.
    pub p_value: i32,
    /// The predicate's referent.
    pub referent: String,
}

/// When a credential should not have been revoked, as the verifier asks for some referents. A
/// credential without a revocation registry answers as well: it cannot be revoked, and so shows
/// nothing about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AskedInterval {
    /// The referents: their own interval, or that of the request.
    pub referents: Vec<String>,
    /// The interval.
    #[serde(flatten)]
    pub interval: Interval,
}

/// Among how many credentials there was a choice for a referent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Considered {
    /// The referent.
    pub referent: String,
    /// How many credentials can answer it, counted up to some number.
    pub candidates: usize,
    /// Whether there are more candidates than were counted.
    pub more: bool,
    /// How many credentials the holder has.
    pub credentials: usize,
}

/// Attributes of which the verifier learns only that they exist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Withheld {
    /// The attributes, as the issuer spells them.
    pub names: Vec<String>,
    /// The referent that asks for them.
    pub referent: String,
}

/// A text that the holder states without a credential.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SelfAttested {
    /// The attributes that it stands for, as the request spells them.
    pub names: Vec<String>,
    /// The text.
    pub value: String,
    /// The referent.
    pub referent: String,
}

/// A referent that cannot be answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unanswered {
    /// The referent.
    pub referent: String,
    /// Why not.
    pub reason: String,
}

impl Disclosure {
    /// Returns the credential that answers each referent, by its id in the wallet.
    pub fn answers(&self) -> BTreeMap<&str, &str> {
        let pairs = self.credentials.iter().flat_map(|credential| {
            let referents = credential.referents.iter();
            referents.map(|referent| (referent.as_str(), credential.credential.as_str()))
        });
        pairs.collect()
    }
}

/// Lists what a verifier would learn if this choice were presented.
///
/// `credentials` holds the credentials that the choice names, by their ids. `unanswered` says why
/// referents are left open (a candidate's [`Mismatch`](crate::Mismatch), say); what the choice
/// leaves open besides is listed with the reason that can be seen from here. What the choice
/// answers though it was not asked for is passed over: the [preflight check](crate::preflight)
/// refuses it.
pub fn disclose(
    request: &ProofRequest,
    choice: &Choice,
    credentials: &HeldCredentials,
    unanswered: &[(String, String)],
) -> Disclosure {
    let mut preview =
        Preview { presented: BTreeMap::new(), unanswered: unanswered.iter().cloned().collect() };
    let mut self_attested = Vec::new();
    for (referent, requested) in &request.requested_attributes {
        let names = requested.names();
        if let Some(chosen) = choice.attributes.get(referent) {
            let presented = (chosen.credential.as_str(), chosen.timestamp);
            if let Some((part, credential)) = preview.part(presented, referent, names, credentials)
            {
                part.ask(requested.non_revoked.or(request.non_revoked), referent);
                if chosen.revealed {
                    part.reveal(names, credential, referent);
                } else {
                    part.withhold(names, credential, referent);
                }
            }
        } else if let Some(value) = choice.self_attested.get(referent) {
            self_attested.push(SelfAttested {
                names: names.to_vec(),
                value: value.clone(),
                referent: referent.clone(),
            });
        } else {
            preview.leave(referent, "no credential was chosen for it");
        }
    }
    for (referent, requested) in &request.requested_predicates {
        let names = std::slice::from_ref(&requested.name);
        let Some(chosen) = choice.predicates.get(referent) else {
            preview.leave(referent, "no credential was chosen for it");
            continue;
        };
        let presented = (chosen.credential.as_str(), chosen.timestamp);
        if let Some((part, credential)) = preview.part(presented, referent, names, credentials) {
            part.ask(requested.non_revoked.or(request.non_revoked), referent);
            part.proved.push(Proved {
                name: spelled(credential, &requested.name),
                p_type: requested.p_type,
                p_value: requested.p_value,
                referent: referent.clone(),
            });
        }
    }
    preview.finish(credentials, self_attested)
}

/// A credential and the moment for which it is shown not to be revoked. One credential is presented
/// once for each moment.
type CredentialAtMoment<'a> = (&'a str, Option<u64>);

struct Preview<'a> {
    presented: BTreeMap<CredentialAtMoment<'a>, Part>,
    unanswered: BTreeMap<String, String>,
}

/// What a presentation says about one credential.
#[derive(Default)]
struct Part {
    referents: BTreeSet<String>,
    /// By folded name.
    revealed: BTreeMap<String, Revealed>,
    proved: Vec<Proved>,
    withheld: Vec<Withheld>,
    intervals: Vec<AskedInterval>,
}

impl<'a> Preview<'a> {
    /// Returns the part of the preview that is about a chosen credential; `None` if that credential
    /// is not there or lacks an attribute, so that it answers nothing.
    fn part<'c>(
        &mut self,
        presented: CredentialAtMoment<'a>,
        referent: &str,
        names: &[String],
        credentials: &'c HeldCredentials,
    ) -> Option<(&mut Part, &'c HeldCredential)> {
        let Some(credential) = credentials.get(presented.0) else {
            self.leave(referent, &format!("there is no credential `{}`", presented.0));
            return None;
        };
        let mut names = names.iter();
        if let Some(name) = names.find(|name| credential.attribute(name).is_none()) {
            let reason = format!("the credential `{}` has no attribute `{name}`", presented.0);
            self.leave(referent, &reason);
            return None;
        }
        let part = self.presented.entry(presented).or_default();
        part.referents.insert(referent.to_owned());
        self.unanswered.remove(referent);
        Some((part, credential))
    }

    /// Leaves a referent open. The caller's reason, if there is one, says more.
    fn leave(&mut self, referent: &str, reason: &str) {
        self.unanswered.entry(referent.to_owned()).or_insert_with(|| reason.to_owned());
    }

    fn finish(self, held: &HeldCredentials, self_attested: Vec<SelfAttested>) -> Disclosure {
        let credentials = self.presented.into_iter().filter_map(|((id, timestamp), part)| {
            let credential = held.get(id)?;
            Some(part.finish(id, timestamp, credential))
        });
        let unanswered = self.unanswered.into_iter();
        Disclosure {
            credentials: credentials.collect(),
            self_attested,
            unanswered: unanswered
                .map(|(referent, reason)| Unanswered { referent, reason })
                .collect(),
            considered: Vec::new(),
        }
    }
}

impl Part {
    /// Adds the interval that a referent asks for.
    fn ask(&mut self, interval: Option<Interval>, referent: &str) {
        let Some(interval) = interval else {
            return;
        };
        let referent = referent.to_owned();
        match self.intervals.iter_mut().find(|asked| asked.interval == interval) {
            Some(asked) => asked.referents.push(referent),
            None => self.intervals.push(AskedInterval { referents: vec![referent], interval }),
        }
    }

    fn reveal(&mut self, names: &[String], credential: &HeldCredential, referent: &str) {
        for name in names {
            let Some((own, value)) = credential.attribute(name) else {
                continue;
            };
            let revealed = self.revealed.entry(names::fold(own));
            let revealed = revealed.or_insert_with(|| Revealed {
                name: own.to_owned(),
                raw: value.raw.clone(),
                referents: Vec::new(),
            });
            revealed.referents.push(referent.to_owned());
        }
    }

    fn withhold(&mut self, names: &[String], credential: &HeldCredential, referent: &str) {
        self.withheld.push(Withheld {
            names: names.iter().map(|name| spelled(credential, name)).collect(),
            referent: referent.to_owned(),
        });
    }

    fn finish(
        self,
        id: &str,
        timestamp: Option<u64>,
        credential: &HeldCredential,
    ) -> CredentialDisclosure {
        let is_hidden = |name: &&String| !self.revealed.contains_key(&names::fold(name));
        // What is withheld under one referent and shown under another is shown.
        let mut withheld = self.withheld;
        for part in &mut withheld {
            part.names.retain(|name| is_hidden(&name));
        }
        withheld.retain(|part| !part.names.is_empty());
        CredentialDisclosure {
            credential: id.to_owned(),
            referents: self.referents.iter().cloned().collect(),
            origin: Origin::of(credential),
            timestamp,
            intervals: self.intervals,
            hidden: credential.values.keys().filter(is_hidden).cloned().collect(),
            revealed: self.revealed.into_values().collect(),
            proved: self.proved,
            withheld,
        }
    }
}

impl Origin {
    fn of(credential: &HeldCredential) -> Self {
        let get = |tag: Tag| credential.tags.get(&tag).map(str::to_owned);
        Self {
            schema_id: get(Tag::SchemaId),
            schema_name: get(Tag::SchemaName),
            schema_version: get(Tag::SchemaVersion),
            issuer_did: get(Tag::IssuerDid),
            cred_def_id: get(Tag::CredDefId),
            rev_reg_id: get(Tag::RevRegId).filter(|registry| registry != NO_REGISTRY),
        }
    }
}

/// Returns an attribute's name as the issuer spells it.
fn spelled(credential: &HeldCredential, name: &str) -> String {
    let own = credential.attribute(name).map(|(own, _)| own);
    own.unwrap_or(name).to_owned()
}
