//! The member `proof`: the signer's key, the date, the proof type, and the signature.

use serde::Serialize;
use serde_json::{Map, Value};

use super::{
    Rule,
    reader::{Place, shortened},
    texts::{date, text},
};

/// A message has at most this many proofs in one place.
const MAX_PROOFS: usize = 10;

/// A signature with what is needed to check it: `Proof` in section "Proof Request Message Structure" of the draft.
///
/// Two shapes occur in the draft: `{created, creator, nonce, signatureValue, type}` in the JSON form, and
/// `{type, created, proofPurpose, verificationMethod, jws}` in the JSON-LD form. A third is that of W3C Data
/// Integrity: `{type, cryptosuite, proofPurpose, verificationMethod, proofValue}`. A member that a shape does not have is
/// absent. Members that no shape has are refused, since this crate would not act on them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Proof {
    /// The proof type, for example `Ed25519VerificationKey2018`: it decides which bytes are signed, and with
    /// which algorithm.
    #[serde(rename = "type")]
    pub kind: String,
    /// When it was signed, in RFC 3339. Only a proof of Data Integrity may leave it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    /// When it expires, in RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
    /// The signer's key, as the draft of 2019 names it: `did:work:...#key-1`, or `key-1` alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub creator: Option<String>,
    /// The signer's key, as later drafts of Verifiable Credentials name it.
    #[serde(rename = "verificationMethod", skip_serializing_if = "Option::is_none")]
    pub verification_method: Option<String>,
    /// What the signature is for, for example `assertionMethod`.
    #[serde(rename = "proofPurpose", skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// A random text that makes every signature unique.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// The signature in base58btc.
    #[serde(rename = "signatureValue", skip_serializing_if = "Option::is_none")]
    pub signature_value: Option<String>,
    /// The signature as a detached JWS: header, two dots, signature.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jws: Option<String>,
    /// Which bytes are signed, and how, where the type is [`DATA_INTEGRITY`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cryptosuite: Option<String>,
    /// The signature of such a proof, in multibase.
    #[serde(rename = "proofValue", skip_serializing_if = "Option::is_none")]
    pub proof_value: Option<String>,
    /// The contexts of what is signed, which such a proof repeats.
    #[serde(rename = "@context", skip_serializing_if = "Option::is_none")]
    pub context: Option<Value>,
    /// The JSON pointer to it in its document; empty in one that is not in a document yet.
    #[serde(skip)]
    pub pointer: String,
}

/// The type of proofs of W3C Data Integrity, all of which are told apart by their `cryptosuite`.
pub const DATA_INTEGRITY: &str = "DataIntegrityProof";

impl Proof {
    /// Returns the reference to the key that signed: `verificationMethod`, else `creator`.
    pub fn key_reference(&self) -> Option<&str> {
        self.verification_method.as_deref().or(self.creator.as_deref())
    }

    /// Returns the name by which `accept` lists it: its type, or the cryptosuite of a [`DATA_INTEGRITY`] proof.
    pub fn type_name(&self) -> &str {
        self.cryptosuite.as_deref().unwrap_or(&self.kind)
    }
}

/// What a proof signs: it decides for what purposes it may have been made.
#[derive(Clone, Copy)]
pub(super) enum Signs {
    /// A request, a presentation, a response: for themselves.
    Message,
    /// A credential or an attribute.
    Credential,
}

/// The members of a proof that are acted on. Any other is refused.
pub(crate) const PROOF_MEMBERS: [&str; 14] = [
    "@context",
    "created",
    "creator",
    "cryptosuite",
    "expires",
    "id",
    "jws",
    "nonce",
    "presentationPurpose",
    "proofPurpose",
    "proofValue",
    "signatureValue",
    "type",
    "verificationMethod",
];

/// Reads the proofs of a part of a message: none, one, or a list. Whether they are needed and right is for the
/// verification of signatures.
pub(super) fn proofs(of: &Place, signs: Signs) -> Vec<Proof> {
    let proofs = of
        .optional("proof", |at| at.one_or_many(MAX_PROOFS, |at| at.object(|at| proof(at, signs))));
    proofs.unwrap_or_default()
}

fn proof(at: &Place, signs: Signs) -> Proof {
    let before = at.reader.violations();
    let mut members = at.value.as_object().into_iter().flat_map(Map::keys);
    if let Some(name) = members.find(|name| !PROOF_MEMBERS.contains(&&***name)) {
        let expected =
            format!("no member {:?}, on which no verifier here can act", shortened(name));
        at.refuse_found(Rule::NotActedOn, expected, "a proof with it");
    }
    let kind = at.required("type", text);
    let proof = Proof {
        created: match &*kind {
            DATA_INTEGRITY => at.optional("created", date),
            _ => Some(at.required("created", date)),
        },
        expires: at.optional("expires", date),
        creator: at.optional("creator", text),
        verification_method: at.optional("verificationMethod", text),
        // the revision of December 2019 writes it like this once
        purpose: at
            .optional("proofPurpose", text)
            .or_else(|| at.optional("presentationPurpose", text)),
        nonce: at.optional("nonce", text),
        signature_value: at.optional("signatureValue", text),
        jws: at.optional("jws", text),
        cryptosuite: at.optional("cryptosuite", text),
        proof_value: at.optional("proofValue", text),
        context: at.member("@context").map(|at| at.value.clone()),
        pointer: at.pointer(),
        kind,
    };
    if at.reader.violations() > before {
        return proof;
    }
    let (expected, is_right) = match (signs, proof.purpose.as_deref()) {
        (_, None | Some("assertionMethod")) => ("", true),
        (Signs::Message, purpose) => {
            ("the purpose assertionMethod or authentication", purpose == Some("authentication"))
        }
        (Signs::Credential, _) => ("the purpose assertionMethod", false),
    };
    if !is_right {
        let got = format!("{:?}", shortened(proof.purpose.as_deref().unwrap_or_default()));
        at.refuse_found(Rule::ProofPurpose, expected, got);
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

impl Proof {
    /// Returns whether it has all members of one shape, and none of another.
    fn has_a_shape(&self) -> bool {
        let is_data_integrity = self.kind == DATA_INTEGRITY;
        let signature = (&self.signature_value, &self.jws, &self.proof_value);
        let key = (&self.creator, &self.verification_method);
        match (signature, key) {
            ((Some(_), None, None), (Some(_), None) | (None, Some(_))) => {
                self.nonce.is_some() && self.cryptosuite.is_none() && !is_data_integrity
            }
            ((None, Some(_), None), (None, Some(_))) => {
                self.purpose.is_some() && self.cryptosuite.is_none() && !is_data_integrity
            }
            ((None, None, Some(_)), (None, Some(_))) => {
                self.purpose.is_some() && self.cryptosuite.is_some() && is_data_integrity
            }
            _ => false,
        }
    }
}
