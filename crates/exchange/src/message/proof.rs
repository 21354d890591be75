//! The member `proof`: the signer's key, the date, the proof type, and the signature.

use serde::Serialize;
use serde_json::{Map, Value};

use super::{
    Rule,
    reader::{Place, shortened},
    texts::{date, text},
};
use crate::did::Purpose;

/// A message has at most this many proofs in one place.
const MAX_PROOFS: usize = 10;

/// Defines a proof by its members that are texts, each with its reader.
macro_rules! proof {
    ($($(#[doc = $doc:literal])+ $field:ident = $member:literal: $read:ident,)+) => {
        /// A signature with what is needed to check it: `Proof` in section "Proof Request Message
        /// Structure" of the draft.
        ///
        /// Two shapes occur in the draft: `{created, creator, nonce, signatureValue, type}` in the
        /// JSON form, and `{type, created, proofPurpose, verificationMethod, jws}` in the JSON-LD
        /// form. A third is that of W3C Data Integrity:
        /// `{type, cryptosuite, proofPurpose, verificationMethod, proofValue}`. A member that a
        /// shape does not have is absent. Members that no shape has are refused, since this crate
        /// would not act on them.
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
        pub struct Proof {
            /// The proof type, for example `Ed25519VerificationKey2018`: it decides which bytes are
            /// signed, and with which algorithm.
            #[serde(rename = "type")]
            pub kind: String,
            $(
                $(#[doc = $doc])+
                #[serde(rename = $member, skip_serializing_if = "Option::is_none")]
                pub $field: Option<String>,
            )+
            /// The contexts of what is signed, which a proof of the type [`DATA_INTEGRITY`]
            /// repeats.
            #[serde(rename = "@context", skip_serializing_if = "Option::is_none")]
            pub context: Option<Value>,
            /// The JSON pointer to it in its document; empty in one that is not in a document yet.
            #[serde(skip)]
            pub pointer: String,
        }

        /// The members of a proof that are acted on. Any other is refused.
        pub(crate) const PROOF_MEMBERS: &[&str] =
            &["type", "@context", "id", "presentationPurpose", $($member,)+];

        fn members(at: &Place) -> Proof {
            Proof {
                kind: at.required("type", text),
                $($field: at.optional($member, $read),)+
                context: at.member("@context").map(|at| at.value.clone()),
                pointer: at.pointer(),
            }
        }
    };
}

proof! {
    /// When it was signed, in RFC 3339. Only a proof of Data Integrity may leave it out.
    created = "created": date,
    /// When it expires, in RFC 3339.
    expires = "expires": date,
    /// The signer's key, as the draft of 2019 names it: `did:work:...#key-1`, or `key-1` alone.
    creator = "creator": text,
    /// The signer's key, as later drafts of Verifiable Credentials name it.
    verification_method = "verificationMethod": text,
    /// What the signature is for, for example `assertionMethod`.
    purpose = "proofPurpose": text,
    /// A random text that makes every signature unique.
    nonce = "nonce": text,
    /// The signature in base58btc.
    signature_value = "signatureValue": text,
    /// The signature as a detached JWS: header, two dots, signature.
    jws = "jws": text,
    /// Which bytes are signed, and how, where the type is [`DATA_INTEGRITY`].
    cryptosuite = "cryptosuite": text,
    /// The signature of such a proof, in multibase.
    proof_value = "proofValue": text,
}

/// The type of proofs of W3C Data Integrity, all of which are told apart by their `cryptosuite`.
pub const DATA_INTEGRITY: &str = "DataIntegrityProof";

impl Proof {
    /// Returns the reference to the key that signed: `verificationMethod`, else `creator`.
    pub fn key_reference(&self) -> Option<&str> {
        self.verification_method.as_deref().or(self.creator.as_deref())
    }

    /// Returns the name by which `accept` lists it: its type, or the cryptosuite of a
    /// [`DATA_INTEGRITY`] proof.
    pub fn type_name(&self) -> &str {
        self.cryptosuite.as_deref().unwrap_or(&self.kind)
    }

    /// Returns whether it has all members of one shape, and none of another.
    fn has_a_shape(&self) -> bool {
        let is_data_integrity = self.kind == DATA_INTEGRITY;
        let has_key = self.creator.is_some() != self.verification_method.is_some();
        // a proof with a purpose names its key by `verificationMethod`
        let has_purpose = has_key && self.creator.is_none() && self.purpose.is_some();
        let has_members = match (&self.signature_value, &self.jws, &self.proof_value) {
            (Some(_), None, None) => has_key && self.nonce.is_some() && !is_data_integrity,
            (None, Some(_), None) => has_purpose && !is_data_integrity,
            (None, None, Some(_)) => has_purpose && is_data_integrity,
            _ => false,
        };
        has_members && self.cryptosuite.is_some() == is_data_integrity
    }
}

/// Reads the proofs of a part of a message, each for one of these purposes: none, one, or a list.
/// Whether they are needed and right is for the verification of signatures.
pub(super) fn proofs(of: &Place, purposes: &[Purpose]) -> Vec<Proof> {
    let proofs = of.optional("proof", |at| {
        at.one_or_many(MAX_PROOFS, |at| at.object(|at| proof(at, purposes)))
    });
    proofs.unwrap_or_default()
}

fn proof(at: &Place, purposes: &[Purpose]) -> Proof {
    let before = at.reader.violations();
    let mut names = at.value.as_object().into_iter().flat_map(Map::keys);
    if let Some(name) = names.find(|name| !PROOF_MEMBERS.contains(&&***name)) {
        let expected =
            format!("no member {:?}, on which no verifier here can act", shortened(name));
        at.refuse_found(Rule::NotActedOn, expected, "a proof with it");
    }
    at.optional("id", text);
    let mut proof = members(at);
    if proof.kind != DATA_INTEGRITY {
        at.required("created", |_| ());
    }
    // the revision of December 2019 writes it like this once
    proof.purpose = proof.purpose.or_else(|| at.optional("presentationPurpose", text));
    if at.reader.violations() > before {
        return proof;
    }
    let is_allowed = |named: &str| purposes.iter().any(|purpose| purpose.name() == named);
    if let Some(other) = proof.purpose.as_deref().filter(|named| !is_allowed(named)) {
        let expected = format!("the purpose {}", Purpose::names(purposes));
        at.refuse_found(Rule::ProofPurpose, expected, format!("{:?}", shortened(other)));
    } else if !proof.has_a_shape() {
        at.refuse(
            Rule::ProofShape,
            "a proof with `nonce`, `signatureValue`, and `creator` or `verificationMethod`; or one with `jws`, \
             `proofPurpose` and `verificationMethod`; or one of the type DataIntegrityProof with `cryptosuite`, \
             `proofValue`, `proofPurpose` and `verificationMethod`",
        );
    }
    proof
}
