//! Does a holder accept this credential from its issuer?

use credx::from_value;
use indy_credx::prover::process_credential;
use indy_credx::types::{Credential, CredentialDefinition, CredentialRequestMetadata, LinkSecret};
use serde_json::Value;

use super::super::Answer;

/// Answers as a holder does before it stores a credential.
pub(super) fn answer(input: &Value) -> Answer {
    let metadata: Result<CredentialRequestMetadata, _> = from_value(&input["request_metadata"]);
    let link_secret: Result<LinkSecret, _> = from_value(&input["link_secret"]);
    let (Ok(metadata), Ok(link_secret)) = (metadata, link_secret) else {
        return Answer::unsupported("what the holder has cannot be read");
    };
    let definition: Result<CredentialDefinition, _> = from_value(&input["cred_def"]);
    let credential: Result<Credential, _> = from_value(&input["credential"]);
    let (definition, mut credential) = match (definition, credential) {
        (Ok(definition), Ok(credential)) => (definition, credential),
        (Err(error), _) | (_, Err(error)) => return Answer::failed("form", error.to_string()),
    };
    if definition.id().0 != credential.cred_def_id.0 {
        return Answer::failed("definition", "the credential names another definition");
    }
    let processed = stdx::panic::catch(|| {
        process_credential(&mut credential, &metadata, &link_secret, &definition, None)
    });
    match processed {
        Ok(Ok(())) => Answer::valid(),
        Ok(Err(error)) => {
            let said = error.to_string();
            Answer::failed(part(&said), said)
        }
        Err(panicked) => Answer::failed("signature", panicked.to_string()),
    }
}

/// Returns which part the library found wrong.
fn part(said: &str) -> &'static str {
    if said.contains("c != c'") {
        "issuer-proof"
    } else if said.contains("public key") || said.contains("not provided") {
        "names"
    } else if said.ends_with("Invalid Signature correctness proof") {
        "exponent"
    } else {
        "signature"
    }
}
