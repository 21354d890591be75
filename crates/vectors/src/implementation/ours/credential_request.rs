//! Does an issuer accept this credential request?

use credx::from_value;
use indy_credx::issuer::create_credential;
use indy_credx::types::{
    CredentialDefinition, CredentialDefinitionPrivate, CredentialOffer, CredentialRequest,
    CredentialValues,
};
use serde_json::Value;

use super::super::Answer;

/// Answers by issuing: what the request proves is checked before anything is signed.
pub(super) fn answer(input: &Value) -> Answer {
    let definition: Result<CredentialDefinition, _> = from_value(&input["cred_def"]);
    let private: Result<CredentialDefinitionPrivate, _> = from_value(&input["cred_def_private"]);
    let offer: Result<CredentialOffer, _> = from_value(&input["offer"]);
    let values: Result<CredentialValues, _> = serde_json::from_value(input["values"].clone());
    let (Ok(definition), Ok(private), Ok(offer), Ok(values)) = (definition, private, offer, values)
    else {
        return Answer::unsupported("what the issuer has cannot be read");
    };
    let request: Result<CredentialRequest, _> = from_value(&input["request"]);
    let request = match request {
        Ok(request) => request,
        Err(error) => return Answer::failed("form", error.to_string()),
    };
    // as the issuer's operation does: what the library panics at is refused
    let issued = stdx::panic::catch(|| {
        create_credential(&definition, &private, &offer, &request, values, None)
    });
    match issued {
        Ok(Ok(_)) => Answer::valid(),
        Ok(Err(error)) => Answer::failed("proof", error.to_string()),
        Err(panicked) => Answer::failed("proof", panicked.to_string()),
    }
}
