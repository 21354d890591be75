//! The verifier's calls.

use std::collections::HashMap;

use indy_credx::{
    types::{CredentialDefinitionId, Presentation, RevocationRegistryId, SchemaId},
    verifier,
};
use proofs::ProofRequest;

use super::{
    library,
    present::library_request,
    types::{CredDefs, RevocationRegistries, RevocationRegistryDefinitions, Schemas},
};
use crate::error::AnoncredsError;

/// A fresh nonce for a proof request: 80 random bits, as a decimal string.
///
/// # Errors
///
/// When the operating system gives no random numbers.
pub fn generate_nonce() -> Result<String, AnoncredsError> {
    verifier::generate_nonce()
        .map(|nonce| nonce.to_string())
        .map_err(library::refused("generate a nonce"))
}

/// Verify a proof (action 21): does `presentation` answer `request`?
///
/// Schemas, credential definitions and registries are given by id, as read from the ledger. `false`
/// means that the mathematics does not hold.
///
/// # Errors
///
/// [`AnoncredsError::ProofRejected`] if the presentation does not answer the request at all (a
/// referent without an answer, an encoded value that is not the proved one, a restriction that
/// does not hold, a number that the library cannot read); [`AnoncredsError::Missing`] for public
/// data that was not given; [`AnoncredsError::LibraryPanicked`].
pub async fn verifier_verify_proof(
    request: &ProofRequest,
    presentation: &Presentation,
    schemas: &Schemas,
    cred_defs: &CredDefs,
    rev_reg_defs: &RevocationRegistryDefinitions,
    rev_regs: &RevocationRegistries,
) -> Result<bool, AnoncredsError> {
    const OPERATION: &str = "verify a presentation";
    for identifier in &presentation.identifiers {
        library::given("schema", &identifier.schema_id.0, schemas)?;
        library::given(
            "credential definition",
            &identifier.cred_def_id.0,
            cred_defs,
        )?;
        if let Some(registry) = &identifier.rev_reg_id
            && let Some(timestamp) = identifier.timestamp
        {
            library::given("revocation registry definition", &registry.0, rev_reg_defs)?;
            let states = rev_regs.get(&registry.0);
            if !states.is_some_and(|states| states.contains_key(&timestamp)) {
                return Err(AnoncredsError::Missing {
                    what: "revocation registry",
                    id: format!("{} at {timestamp}", registry.0),
                });
            }
        }
    }

    let request = library_request(request)?;
    let presentation = library::copy("the presentation", presentation)?;
    let schemas = schemas.clone();
    let cred_defs: CredDefs = library::copy("the credential definitions", cred_defs)?;
    let (rev_reg_defs, rev_regs) = (rev_reg_defs.clone(), rev_regs.clone());
    library::run(OPERATION, move || {
        let definitions = library::by_id(&rev_reg_defs, RevocationRegistryId);
        let registries = rev_regs
            .iter()
            .map(|(id, states)| {
                let states: HashMap<u64, _> = states
                    .iter()
                    .map(|(timestamp, state)| (*timestamp, state))
                    .collect();
                (RevocationRegistryId(id.clone()), states)
            })
            .collect();
        let outcome = verifier::verify_presentation(
            &presentation,
            &request,
            &library::by_id(&schemas, SchemaId),
            &library::by_id(&cred_defs, CredentialDefinitionId),
            Some(&definitions),
            Some(&registries),
        );
        // the library reports what a presentation lacks as errors of several kinds; all that it
        // was given by us has been checked above, so whatever it refuses is the presentation
        outcome.map_err(|error| AnoncredsError::ProofRejected {
            reason: error.to_string(),
        })
    })
    .await
}
