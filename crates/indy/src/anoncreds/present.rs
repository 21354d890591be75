//! `prover_create_proof`: from the prover's choice of credentials to a presentation.

use std::collections::{BTreeMap, HashMap};

use indy_credx::{
    prover,
    types::{
        Credential, CredentialDefinitionId, CredentialRevocationState, LinkSecret,
        PresentCredentials, Presentation, PresentationRequest, SchemaId,
    },
};
use proofs::ProofRequest;

use super::{
    library, stored,
    types::{CredDefs, RequestedCredentials, RevocationStates, Schemas},
};
use crate::{error::AnoncredsError, wallet::Wallet};

const OPERATION: &str = "create a proof";

/// What one credential is used for. A credential that answers several referents is presented
/// once, so one sub-proof covers all of them.
#[derive(Default)]
struct Use {
    attributes: Vec<(String, bool)>,
    predicates: Vec<String>,
}

/// Credential id and the timestamp at which it is proved unrevoked, with its use.
type Uses = BTreeMap<(String, Option<u64>), Use>;

/// Create a proof (action 20): the presentation that answers `request` from the chosen
/// credentials.
///
/// `schemas` and `cred_defs` are those of the chosen credentials, by id, as read from the ledger.
///
/// # Errors
///
/// [`AnoncredsError::UnknownReferent`] if the choice names a referent that the request does not
/// have; [`AnoncredsError::CredentialNotFound`], [`AnoncredsError::LinkSecretNotFound`];
/// [`AnoncredsError::Missing`] for a schema, credential definition or revocation state that was
/// not given; [`AnoncredsError::Library`] when the library refuses, as for a false predicate.
pub async fn prover_create_proof(
    wallet: &Wallet,
    request: &ProofRequest,
    requested: &RequestedCredentials,
    link_secret: &str,
    schemas: &Schemas,
    cred_defs: &CredDefs,
    rev_states: &RevocationStates,
) -> Result<Presentation, AnoncredsError> {
    check_referents(request, requested)?;
    let uses = uses(requested);
    let secret = stored::link_secret(wallet, link_secret).await?;
    let mut presented = Vec::with_capacity(uses.len());
    for ((id, timestamp), used) in uses {
        let credential = stored::credential(wallet, &id).await?;
        library::given("schema", &credential.schema_id.0, schemas)?;
        library::given(
            "credential definition",
            &credential.cred_def_id.0,
            cred_defs,
        )?;
        let rev_state = timestamp
            .map(|timestamp| rev_state(rev_states, &id, timestamp))
            .transpose()?;
        presented.push(Presented {
            credential,
            timestamp,
            rev_state,
            used,
        });
    }

    let request = library_request(request)?;
    let self_attested: HashMap<String, String> = requested
        .self_attested_attributes
        .clone()
        .into_iter()
        .collect();
    let schemas = schemas.clone();
    let cred_defs: CredDefs = library::copy("the credential definitions", cred_defs)?;
    library::run(OPERATION, move || {
        create(
            &request,
            &presented,
            self_attested,
            &secret,
            &schemas,
            &cred_defs,
        )
    })
    .await
}

/// A credential with all that the library needs to present it.
struct Presented {
    credential: Credential,
    timestamp: Option<u64>,
    rev_state: Option<CredentialRevocationState>,
    used: Use,
}

fn create(
    request: &PresentationRequest,
    presented: &[Presented],
    self_attested: HashMap<String, String>,
    secret: &LinkSecret,
    schemas: &Schemas,
    cred_defs: &CredDefs,
) -> Result<Presentation, AnoncredsError> {
    let mut credentials = PresentCredentials::new();
    for part in presented {
        let mut adding =
            credentials.add_credential(&part.credential, part.timestamp, part.rev_state.as_ref());
        for (referent, revealed) in &part.used.attributes {
            adding.add_requested_attribute(referent, *revealed);
        }
        for referent in &part.used.predicates {
            adding.add_requested_predicate(referent);
        }
    }
    prover::create_presentation(
        request,
        credentials,
        Some(self_attested),
        secret,
        &library::by_id(schemas, SchemaId),
        &library::by_id(cred_defs, CredentialDefinitionId),
    )
    .map_err(library::refused(OPERATION))
}

/// The request as the library's own type.
pub(super) fn library_request(
    request: &ProofRequest,
) -> Result<PresentationRequest, AnoncredsError> {
    serde_json::to_value(request)
        .and_then(serde_json::from_value)
        .map_err(|error| AnoncredsError::InvalidStructure {
            what: format!("proof request `{}`", request.name),
            reason: error.to_string(),
            remedy: "mend the request",
        })
}

fn check_referents(
    request: &ProofRequest,
    requested: &RequestedCredentials,
) -> Result<(), AnoncredsError> {
    let attributes = requested
        .self_attested_attributes
        .keys()
        .chain(requested.requested_attributes.keys());
    for referent in attributes {
        if !request.requested_attributes.contains_key(referent) {
            return Err(unknown_referent(request, referent));
        }
    }
    for referent in requested.requested_predicates.keys() {
        if !request.requested_predicates.contains_key(referent) {
            return Err(unknown_referent(request, referent));
        }
    }
    Ok(())
}

/// The error for a referent that the request does not have, with those that it has.
pub(super) fn unknown_referent(request: &ProofRequest, referent: &str) -> AnoncredsError {
    let attributes = request.requested_attributes.keys();
    let known: Vec<&str> = attributes
        .chain(request.requested_predicates.keys())
        .map(String::as_str)
        .collect();
    AnoncredsError::UnknownReferent {
        referent: referent.to_owned(),
        known: known.join(", "),
    }
}

fn uses(requested: &RequestedCredentials) -> Uses {
    let mut uses = Uses::new();
    for (referent, choice) in &requested.requested_attributes {
        let key = (choice.cred_id.clone(), choice.timestamp);
        let attributes = &mut uses.entry(key).or_default().attributes;
        attributes.push((referent.clone(), choice.revealed));
    }
    for (referent, choice) in &requested.requested_predicates {
        let key = (choice.cred_id.clone(), choice.timestamp);
        let predicates = &mut uses.entry(key).or_default().predicates;
        predicates.push(referent.clone());
    }
    uses
}

fn rev_state(
    rev_states: &RevocationStates,
    cred_id: &str,
    timestamp: u64,
) -> Result<CredentialRevocationState, AnoncredsError> {
    let state = rev_states
        .get(cred_id)
        .and_then(|states| states.get(&timestamp));
    state.cloned().ok_or_else(|| AnoncredsError::Missing {
        what: "revocation state of credential",
        id: format!("{cred_id} at {timestamp}"),
    })
}
