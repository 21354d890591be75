//! A verifiable credential whose attributes are signed one by one.

use std::collections::HashSet;

use serde_json::Value;

use super::{
    CredentialKind, Message, Proof, Rule,
    proof::{Signs, proofs},
    reader::{Bounds, Place, Read, Reader},
    texts::{any_string, date, did_string, id, some_contexts, string, types},
};

/// A credential has at most this many attributes.
const MAX_ATTRIBUTES: usize = 500;

/// Each attribute's signature covers the metadata, so that long metadata is hashed, or brought into canonical
/// form, once for each attribute. A few hundred bytes are usual.
const MAX_METADATA_BYTES: usize = 16 << 10;

/// Members of a credential that would change what it means, and on which no verifier here can act: none looks up a
/// status, or knows terms of use. The signatures in `claimProofs`, of the later library of the draft's authors, do not
/// cover whom an attribute is about.
const NOT_ACTED_ON: [&str; 4] = ["credentialStatus", "revoked", "termsOfUse", "claimProofs"];

/// A credential as its holder stores it, or the part of it that is shown.
///
/// It has one of two forms. In the draft's, each attribute has a signature of its own, so that any of them can be left
/// out: section "Selective Disclosure via Individually Signed Attributes". In that of Verifiable Credentials
/// (`issuer`, `credentialSubject`), one signature covers the whole credential, which is shown as a whole or not at all.
#[derive(Debug, Clone, PartialEq)]
pub struct VerifiableCredential {
    /// The contexts; the first is that of Verifiable Credentials.
    pub context: Vec<Value>,
    /// The attributes: `credentialSubjects`, or the members of `credentialSubject` but its id.
    pub attributes: Vec<SignedAttribute>,
    /// The credential's own id: a UUID or a URI. It is unique among those of its issuer.
    pub id: String,
    /// When its validity begins, in RFC 3339: `issuanceDate` or `validFrom`, the later of both.
    pub issuance_date: String,
    /// When its validity ends, in RFC 3339: `expirationDate` or `validUntil`, the earlier of both; never if absent.
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

/// One attribute: an entry of `credentialSubjects` with its signature, or a member of `credentialSubject`.
#[derive(Debug, Clone, PartialEq)]
pub struct SignedAttribute {
    /// The DID of its subject.
    pub id: String,
    /// Its name.
    pub key: String,
    /// Its value. A member of `credentialSubject` that is not a text is written in JSON.
    pub value: String,
    /// The issuer's signature of this entry and of the credential's metadata; empty where it covers the whole
    /// credential.
    pub proof: Vec<Proof>,
    /// The JSON pointer to it in its document.
    pub pointer: String,
}

impl VerifiableCredential {
    /// Returns what identifies it: its issuer and its id.
    pub fn identity(&self) -> (&str, &str) {
        (&self.issuer_did, &self.id)
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
}

impl Read for VerifiableCredential {
    fn read(at: &Place, reader: &mut Reader) -> Option<Self> {
        credential(at, reader)
    }
}

pub(super) fn credential(at: &Place, reader: &mut Reader) -> Option<VerifiableCredential> {
    reader.object(at)?;
    let is_whole = at.has("credentialSubject") && !at.has("credentialSubjects");
    let context = some_contexts(at, reader);
    let credential_id = reader.required(at, "id", id);
    // its issuer's signature covers the name, so that it may be of another form than the message around it
    let kind = if at.has("@type") { "@type" } else { "type" };
    if at.has("@type") && at.has("type") {
        return reader.refuse(Rule::OneForm, at, "`@type` or `type`, not both");
    }
    let types = types(at, kind, "VerifiableCredential", reader);
    let schema_id = reader.optional(at, "schemaId", string);
    let issuer_did = match is_whole {
        true => reader.required(at, "issuer", |at, reader| match at.value {
            Value::Object(_) => reader.required(at, "id", did_string),
            _ => did_string(at, reader),
        }),
        false => reader.required(at, "issuerDid", did_string),
    };
    let (attributes, whole) = match is_whole {
        true => {
            let attributes = reader.required(at, "credentialSubject", members);
            (attributes, proofs(at, Signs::Credential, reader).map(Some))
        }
        false => (reader.required(at, "credentialSubjects", entries), Some(None)),
    };
    let validity = validity(at, is_whole, reader);
    reader.none_of(at, &NOT_ACTED_ON);
    check_metadata(at, reader);
    let (context, types) = (context?, types?);
    if !at.has("schemaId") && (context.len() < 2 || types.len() < 2) {
        reader.refuse_found::<()>(
            Rule::CredentialKind,
            at,
            "`schemaId`, or a second context and a second type",
            format!("no `schemaId`, contexts: {}, types: {}", context.len(), types.len()),
        );
    }
    let [from, until] = validity?;
    let date_members = [&from, &until].map(|date| date.map_or("expirationDate", |date| date.1));
    Some(VerifiableCredential {
        context,
        attributes: attributes?,
        id: credential_id?,
        issuance_date: from?.0.to_owned(),
        expiration_date: until.map(|(text, _)| text.to_owned()),
        date_members,
        issuer_did: issuer_did?,
        schema_id,
        types,
        whole: whole?,
        pointer: at.pointer(),
    })
}

/// Reads the dates between which a credential is valid, each with the name of its member.
fn validity<'v>(
    at: &Place<'v, '_>,
    is_whole: bool,
    reader: &mut Reader,
) -> Option<[Option<(&'v str, &'static str)>; 2]> {
    let mut read = |name| reader.optional(at, name, date).map(|(text, date)| (date, text, name));
    let begin = [read("issuanceDate"), read("validFrom")].into_iter().flatten().max();
    let ends = [read("expirationDate"), read("validUntil")];
    if !(is_whole && at.has("validFrom")) {
        reader.required(at, "issuanceDate", |_, _| Some(()))?;
    }
    for (end, _, name) in ends.into_iter().flatten() {
        if begin.is_some_and(|(begin, ..)| end < begin)
            && let Some(at) = at.member(name)
        {
            let expected = "a date after the beginning of its validity";
            return reader.refuse(Rule::DatesInOrder, &at, expected);
        }
    }
    let end = ends.into_iter().flatten().min();
    Some([begin, end].map(|date| date.map(|(_, text, name)| (text, name))))
}

/// Reads the attributes of the draft's form.
fn entries(at: &Place, reader: &mut Reader) -> Option<Vec<SignedAttribute>> {
    let mut keys = HashSet::new();
    reader.list(at, Bounds::some_up_to(MAX_ATTRIBUTES), |at, reader| {
        reader.object(at)?;
        let subject = reader.required(at, "id", did_string);
        let key = reader.required(at, "key", string);
        let value = reader.required(at, "value", any_string);
        let proof = reader.required(at, "proof", |_, reader| proofs(at, Signs::Credential, reader));
        let (key, proof) = (key?, proof?);
        reader.once(Rule::ClaimOnce, at.member("key"), &mut keys, key.clone());
        reader.attribute_proofs += proof.len();
        Some(SignedAttribute { id: subject?, key, value: value?, proof, pointer: at.pointer() })
    })
}

/// Reads the attributes of a credential with one signature: the members of its subject.
fn members(at: &Place, reader: &mut Reader) -> Option<Vec<SignedAttribute>> {
    let members = reader.object(at)?;
    let subject = reader.required(at, "id", did_string)?;
    if members.len() < 2 || members.len() > MAX_ATTRIBUTES {
        let expected = format!("`id`, and 1 to {MAX_ATTRIBUTES} attributes");
        return reader.refuse(Rule::Schema, at, expected);
    }
    let attributes = members.keys().filter(|name| *name != "id").filter_map(|name| {
        let at = at.member(name)?;
        Some(SignedAttribute {
            id: subject.clone(),
            key: name.clone(),
            value: at.value.as_str().map_or_else(|| at.value.to_string(), str::to_owned),
            proof: Vec::new(),
            pointer: at.pointer(),
        })
    });
    Some(attributes.collect())
}

/// The members of a credential that are not metadata.
const NOT_METADATA: [&str; 3] = ["credentialSubjects", "credentialSubject", "proof"];

fn check_metadata(at: &Place, reader: &mut Reader) {
    let members = at.value.as_object().into_iter().flatten();
    let metadata = members.filter(|(name, _)| !NOT_METADATA.contains(&&***name));
    let lengths = metadata.map(|(name, value)| name.len() + value.to_string().len());
    let bytes: usize = lengths.sum();
    if bytes > MAX_METADATA_BYTES {
        reader.refuse_found::<()>(
            Rule::TooMany,
            at,
            format!("at most {MAX_METADATA_BYTES} bytes beside `credentialSubjects`"),
            format!("{bytes} bytes"),
        );
    }
}
