//! A verifiable credential whose attributes are signed one by one.

use std::{borrow::Cow, collections::HashSet};

use serde_json::{Map, Value};
use uuid::Uuid;

use super::{
    CredentialKind, Message, Proof, Rule,
    proof::proofs,
    reader::{Bounds, Place},
    texts::{any_text, date, did, id, some_contexts, text, types},
};
use crate::{date::parse, did::Purpose};

/// A credential has at most this many attributes.
const MAX_ATTRIBUTES: usize = 500;

/// Each attribute's signature covers the metadata, so that long metadata is hashed, or brought into
/// canonical form, once for each attribute. A few hundred bytes are usual.
const MAX_METADATA_BYTES: usize = 16 << 10;

/// Members that would change what a credential, or one of its attributes, means, and on which no
/// verifier here can act: none looks up a status.
const STATUS: [&str; 11] = [
    "credentialStatus",
    "status",
    "revoked",
    "revocation",
    "revocationDate",
    "deactivated",
    "suspended",
    "expires",
    "expired",
    "expiry",
    "expiration",
];

/// The same: none knows terms of use, or whom an issuer's statement is for, and the signatures in
/// `claimProofs`, of the later library of the draft's authors, do not cover whom an attribute is
/// about.
const NOT_ACTED_ON: [&str; 7] = [
    "termsOfUse",
    "refreshService",
    "claimProofs",
    "audience",
    "domain",
    "challenge",
    "proofPurpose",
];

/// The dates of a whole credential, which mean something else, or nothing, in one of its
/// attributes.
const DATES: [&str; 4] = ["issuanceDate", "expirationDate", "validFrom", "validUntil"];

/// A credential as its holder stores it, or the part of it that is shown.
///
/// It has one of two forms. In the draft's, each attribute has a signature of its own, so that any
/// of them can be left out: section "Selective Disclosure via Individually Signed Attributes". In
/// that of Verifiable Credentials (`issuer`, `credentialSubject`), one signature covers the whole
/// credential, which is shown as a whole or not at all.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct VerifiableCredential {
    /// The contexts; the first is that of Verifiable Credentials.
    pub context: Vec<Value>,
    /// The attributes: `credentialSubjects`, or the members of `credentialSubject` but its id.
    pub attributes: Vec<SignedAttribute>,
    /// The credential's own id: a UUID or a URI. It is unique among those of its issuer.
    pub id: String,
    /// When its validity begins, in RFC 3339: `issuanceDate` or `validFrom`, the later of both.
    pub issuance_date: String,
    /// When its validity ends, in RFC 3339: `expirationDate` or `validUntil`, the earlier of both;
    /// never if absent.
    pub expiration_date: Option<String>,
    /// The issuer's DID.
    pub issuer_did: String,
    /// The id of its schema; absent where its attributes are described by linked data.
    pub schema_id: Option<String>,
    /// `VerifiableCredential`, and a type of its own where it is described by linked data.
    pub types: Vec<String>,
    /// The issuer's signatures of the whole credential; `None` in the draft's form.
    pub whole: Option<Vec<Proof>>,
    /// The members of those two dates.
    pub(crate) date_members: [&'static str; 2],
    /// The JSON pointer to it in its document.
    pub pointer: String,
}

/// One attribute: an entry of `credentialSubjects` with its signature, or a member of
/// `credentialSubject`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SignedAttribute {
    /// The DID of its subject.
    pub id: String,
    /// Its name.
    pub key: String,
    /// Its value. A member of `credentialSubject` that is not a text is written in JSON.
    pub value: String,
    /// The issuer's signature of this entry and of the credential's metadata; empty where it covers
    /// the whole credential.
    pub proof: Vec<Proof>,
    /// The JSON pointer to it in its document.
    pub pointer: String,
}

impl VerifiableCredential {
    /// Returns what identifies it: its issuer and its id. A UUID is the same in upper and lower
    /// case, and with `urn:uuid:` before it, as linked data needs it.
    pub fn identity(&self) -> (&str, Cow<'_, str>) {
        let id = match Uuid::try_parse(&self.id) {
            Ok(uuid) => Cow::Owned(uuid.to_string()),
            Err(_) => Cow::Borrowed(&*self.id),
        };
        (&self.issuer_did, id)
    }

    /// Returns the issuer's proofs, of the attributes or of the whole.
    pub fn proofs(&self) -> impl Iterator<Item = &Proof> {
        let of_attributes = self.attributes.iter().flat_map(|attribute| &attribute.proof);
        of_attributes.chain(self.whole.iter().flatten())
    }

    /// Returns the attribute of this name.
    pub fn attribute(&self, name: &str) -> Option<&SignedAttribute> {
        self.attributes.iter().find(|attribute| attribute.key == name)
    }

    /// Returns whether it is of a kind: has the schema, or the context and the type.
    pub fn is_of_kind(&self, kind: &CredentialKind) -> bool {
        match kind {
            CredentialKind::Schema(id) => self.schema_id.as_ref() == Some(id),
            CredentialKind::LinkedData { context, kind } => {
                let mut contexts = self.context.iter();
                contexts.any(|own| own.as_str() == Some(context)) && self.types.contains(kind)
            }
        }
    }
}

impl Message for VerifiableCredential {
    const KIND: &'static str = "credential";

    fn read(at: &Place) -> Self {
        at.object(credential)
    }
}

fn credential(at: &Place) -> VerifiableCredential {
    let before = at.reader.violations();
    let is_whole = at.has("credentialSubject") && !at.has("credentialSubjects");
    // its issuer's signature covers the name, so that it may be of another form than the message
    // around it
    let kind = if at.has("@type") { "@type" } else { "type" };
    if at.has("@type") && at.has("type") {
        at.refuse(Rule::OneForm, "`@type` or `type`, not both");
    }
    let [from, until] = validity(at, is_whole);
    let date_members = [&from, &until].map(|date| date.as_ref().map_or("", |(_, member)| member));
    let credential = VerifiableCredential {
        context: some_contexts(at),
        id: at.required("id", id),
        types: types(at, kind, "VerifiableCredential"),
        schema_id: at.optional("schemaId", text),
        issuer_did: match is_whole {
            true => at.required("issuer", |at| match at.value {
                Value::Object(_) => {
                    at.none_of(&STATUS);
                    at.none_of(&DATES);
                    at.required("id", did)
                }
                _ => did(at),
            }),
            false => at.required("issuerDid", did),
        },
        attributes: match is_whole {
            true => at.required("credentialSubject", |at| {
                match at.value.as_array().map(Vec::as_slice) {
                    Some([only]) => at.element(0, only).object(members),
                    _ => at.object(members),
                }
            }),
            false => at.required("credentialSubjects", entries),
        },
        whole: is_whole.then(|| proofs(at, Purpose::OF_CREDENTIALS)),
        issuance_date: from.map(|(date, _)| date).unwrap_or_default(),
        expiration_date: until.map(|(date, _)| date),
        date_members,
        pointer: at.pointer(),
    };
    at.none_of(&STATUS);
    at.none_of(&NOT_ACTED_ON);
    // the members of the other form, which would say something else of the same
    at.none_of(match is_whole {
        true => &["issuerDid", "credentialSubjects"],
        false => &["issuer", "credentialSubject", "proof"],
    });
    check_metadata(at);
    let (contexts, types) = (credential.context.len(), credential.types.len());
    let has_kind = at.has("schemaId") || (contexts > 1 && types > 1);
    if !has_kind && at.reader.violations() == before {
        at.refuse_found(
            Rule::CredentialKind,
            "`schemaId`, or a second context and a second type",
            format!("no `schemaId`, contexts: {contexts}, types: {types}"),
        );
    }
    credential
}

/// Reads the dates between which a credential is valid, each with the name of its member: of two
/// beginnings the later, of two ends the earlier.
fn validity(at: &Place, is_whole: bool) -> [Option<(String, &'static str)>; 2] {
    let read = |name| {
        let text = at.optional(name, date)?;
        Some((parse(&text)?, text, name))
    };
    let (issued, from) = (read("issuanceDate"), read("validFrom"));
    if !(is_whole && at.has("validFrom")) {
        at.required("issuanceDate", |_| ());
    }
    let begin = [issued, from].into_iter().flatten().max();
    let ends = [read("expirationDate"), read("validUntil")];
    for (end, _, name) in ends.iter().flatten() {
        if begin.as_ref().is_some_and(|(begin, ..)| end < begin)
            && let Some(at) = at.member(name)
        {
            at.refuse(Rule::DatesInOrder, "a date after the beginning of its validity");
        }
    }
    let end = ends.into_iter().flatten().min();
    [begin, end].map(|date| date.map(|(_, text, name)| (text, name)))
}

/// Reads the attributes of the draft's form.
fn entries(at: &Place) -> Vec<SignedAttribute> {
    let mut keys = HashSet::new();
    at.list(Bounds::some_up_to(MAX_ATTRIBUTES), |at| {
        at.once(Rule::ClaimOnce, Some("key"), &mut keys);
        at.object(|at| {
            at.none_of(&STATUS);
            at.none_of(&NOT_ACTED_ON);
            at.none_of(&DATES);
            let attribute = SignedAttribute {
                id: at.required("id", did),
                key: at.required("key", text),
                value: at.required("value", any_text),
                proof: at.required("proof", |_| proofs(at, Purpose::OF_CREDENTIALS)),
                pointer: at.pointer(),
            };
            let count = &at.reader.attribute_proofs;
            count.set(count.get() + attribute.proof.len());
            attribute
        })
    })
}

/// Reads the attributes of a credential with one signature: the members of its subject.
fn members(at: &Place) -> Vec<SignedAttribute> {
    let names: Vec<&String> = at.value.as_object().into_iter().flat_map(Map::keys).collect();
    let subject = at.required("id", did);
    if names.len() < 2 || names.len() > MAX_ATTRIBUTES {
        at.refuse(Rule::Schema, format!("`id`, and 1 to {MAX_ATTRIBUTES} attributes"));
    }
    let attributes = names.into_iter().filter(|name| *name != "id").filter_map(|name| {
        let at = at.member(name)?;
        Some(SignedAttribute {
            id: subject.clone(),
            key: name.clone(),
            value: at.value.as_str().map_or_else(|| at.value.to_string(), str::to_owned),
            proof: Vec::new(),
            pointer: at.pointer(),
        })
    });
    attributes.collect()
}

/// The members of a credential that are not metadata.
const NOT_METADATA: [&str; 3] = ["credentialSubjects", "credentialSubject", "proof"];

fn check_metadata(at: &Place) {
    let members = at.value.as_object().into_iter().flatten();
    let metadata = members.filter(|(name, _)| !NOT_METADATA.contains(&&***name));
    let bytes: usize = metadata.map(|(name, value)| name.len() + value.to_string().len()).sum();
    if bytes > MAX_METADATA_BYTES {
        let expected = format!("at most {MAX_METADATA_BYTES} bytes beside `credentialSubjects`");
        at.refuse_found(Rule::TooMany, expected, format!("{bytes} bytes"));
    }
}
