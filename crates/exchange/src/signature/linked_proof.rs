//! The bytes that the proof types with a `jws` sign: the digests of the proof's other members and
//! of the document, both as canonical N-Quads.

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::{Contexts, SignatureError, Signed, contexts::SECURITY_CONTEXT, linked_data};

/// Returns the payload of the JWS: 64 bytes.
pub(super) fn payload(
    signed: Signed<'_>,
    proof: &Map<String, Value>,
    contexts: &Contexts,
) -> Result<Vec<u8>, SignatureError> {
    let mut options = proof.clone();
    options.remove("jws");
    // the purpose as the revision of December 2019 spells it in its example; no context defines
    // that name
    if let Some(purpose) = options.remove("presentationPurpose") {
        options.insert("proofPurpose".to_owned(), purpose);
    }
    let usual = usual_quads(&options).filter(|_| contexts.is_built_in(SECURITY_CONTEXT));
    let document = signed.document()?;
    match usual {
        Some(options) => {
            let document = linked_data::digests(&[document], contexts)?;
            Ok([&*Sha256::digest(options), &*document].concat())
        }
        None => {
            options.insert("@context".to_owned(), SECURITY_CONTEXT.into());
            linked_data::digests(&[options, document], contexts)
        }
    }
}

/// Returns the canonical N-Quads of the members that every proof with a `jws` has, in the security
/// context. They have no structure: one blank node, and four statements in their order. `None` if
/// there are other members, or texts that might need escapes; then linked data is expanded as any
/// other.
fn usual_quads(options: &Map<String, Value>) -> Option<String> {
    let text = |name: &str| options.get(name).and_then(Value::as_str);
    let (kind, created) = (text("type")?, text("created")?);
    let key = text("verificationMethod")?;
    let purpose = match text("proofPurpose")? {
        "assertionMethod" => "assertionMethod",
        "authentication" => "authenticationMethod",
        _ => return None,
    };
    let is_plain = |text: &str, others: &str| {
        text.chars().all(|c| c.is_ascii_alphanumeric() || others.contains(c))
    };
    let is_usual = options.len() == 4
        && ["Ed25519Signature2018", "RsaSignature2018"].contains(&kind)
        && is_plain(created, "-:.+")
        && key.starts_with("did:")
        && is_plain(key, "-._:#");
    is_usual.then(|| {
        format!(
            "_:c14n0 <http://purl.org/dc/terms/created> \"{created}\"^^<http://www.w3.org/2001/XMLSchema#dateTime> .\n\
             _:c14n0 <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/security#{kind}> .\n\
             _:c14n0 <https://w3id.org/security#proofPurpose> <https://w3id.org/security#{purpose}> .\n\
             _:c14n0 <https://w3id.org/security#verificationMethod> <{key}> .\n"
        )
    })
}
