//! Creating a presentation from the prover's choice of credentials.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use stdx::task::boxed;

use indy_credx::{
    prover,
    types::{
        Credential, CredentialDefinitionId, CredentialRevocationState, LinkSecret,
        PresentCredentials, Presentation, PresentationRequest, SchemaId,
    },
};
use proofs::{
    Choice, HeldCredentials, ProofRequest, RequestVersion,
    identifiers::{IdentifierKind, to_unqualified},
    preflight,
};
use wallet::Wallet;

use crate::{
    error::AnoncredsError,
    library, stored,
    types::{CredDefs, RevocationStates, Schemas},
};

const OPERATION: &str = "create a proof";

/// The referents that one credential answers. It is presented once, so one sub-proof covers all of
/// them.
#[derive(Default)]
struct Use {
    attributes: Vec<(String, bool)>,
    predicates: Vec<String>,
}

/// Uses by credential id, and by the timestamp at which the credential is proved not revoked.
type Uses = BTreeMap<(String, Option<u64>), Use>;

/// Creates a proof (action 20): the presentation that answers `request` from the chosen
/// credentials.
///
/// `schemas` and `cred_defs` are those of the chosen credentials, by id, as read from the ledger.
///
/// Before the library is called, the choice is checked ([`proofs::preflight`]): nothing is
/// presented that cannot be proved, or that a verifier would refuse.
///
/// # Errors
///
/// [`AnoncredsError::ProofRefused`] with everything that is wrong with the choice: a false
/// predicate, a referent that is not answered or not asked for, a credential that is not in the
/// wallet, and more; [`AnoncredsError::LinkSecretNotFound`]; [`AnoncredsError::Missing`] for a
/// schema, credential definition or revocation state that was not given;
/// [`AnoncredsError::Library`] when the library refuses.
#[boxed]
pub async fn prover_create_proof(
    wallet: &Wallet,
    request: &ProofRequest,
    requested: &Choice,
    link_secret: &str,
    schemas: &Schemas,
    cred_defs: &CredDefs,
    rev_states: &RevocationStates,
) -> Result<Presentation, AnoncredsError> {
    prover_check_choice(wallet, request, requested).await?;
    let uses = uses(requested);
    let secret = stored::link_secret(wallet, link_secret).await?;
    let mut presented = Vec::with_capacity(uses.len());
    for ((id, timestamp), used) in uses {
        let credential = stored::credential(wallet, &id).await?;
        library::given("schema", &credential.schema_id.0, schemas)?;
        library::given("credential definition", &credential.cred_def_id.0, cred_defs)?;
        let rev_state =
            timestamp.map(|timestamp| rev_state(rev_states, &id, timestamp)).transpose()?;
        presented.push(Presented { credential, timestamp, rev_state, used });
    }

    let version = request.ver;
    let request = library_request(request)?;
    let self_attested: HashMap<String, String> =
        requested.self_attested.clone().into_iter().collect();
    let schemas = schemas.clone();
    let copied = cred_defs.iter().map(|(id, cred_def)| Ok((id.clone(), library::copy(cred_def)?)));
    let cred_defs = copied.collect::<Result<CredDefs, AnoncredsError>>()?;
    library::run(OPERATION, move || {
        let mut presentation =
            create(&request, &presented, self_attested, &secret, &schemas, &cred_defs)?;
        name_credentials(&mut presentation, &presented, version);
        Ok(presentation)
    })
    .await
}

/// Names schema, credential definition and registry of each credential as the request's version has
/// them. The library takes every identifier of four parts for one of Indy, and shortens a
/// `did:cheqd` one to something that does not exist.
fn name_credentials(
    presentation: &mut Presentation,
    presented: &[Presented],
    version: RequestVersion,
) {
    let named = |kind, id: &str| match version {
        RequestVersion::V1 => to_unqualified(kind, id),
        RequestVersion::V2 => id.to_owned(),
    };
    for (identifier, part) in presentation.identifiers.iter_mut().zip(presented) {
        let credential = &part.credential;
        identifier.schema_id.0 = named(IdentifierKind::Schema, &credential.schema_id.0);
        identifier.cred_def_id.0 = named(IdentifierKind::CredDef, &credential.cred_def_id.0);
        if let (Some(registry), Some(id)) = (&mut identifier.rev_reg_id, &credential.rev_reg_id) {
            registry.0 = named(IdentifierKind::RevReg, &id.0);
        }
    }
}

/// Checks whether a proof can be made of a choice, and whether a verifier would accept it, as far
/// as it can be told before ([`proofs::preflight`]). [`prover_create_proof`] does the same first.
///
/// # Errors
///
/// [`AnoncredsError::ProofRefused`] with everything that is wrong with the choice;
/// [`AnoncredsError::DamagedRecord`]; [`AnoncredsError::Wallet`].
#[boxed]
pub async fn prover_check_choice(
    wallet: &Wallet,
    request: &ProofRequest,
    requested: &Choice,
) -> Result<(), AnoncredsError> {
    let held = held_credentials(wallet, requested).await?;
    preflight::check(request, requested, &held)
        .map_err(|refusals| AnoncredsError::ProofRefused { refusals })
}

/// A credential with everything that the library needs to present it.
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
    .map_err(library::error(OPERATION))
}

/// Returns those of the chosen credentials that the wallet holds.
pub(crate) async fn held_credentials(
    wallet: &Wallet,
    requested: &Choice,
) -> Result<HeldCredentials, AnoncredsError> {
    let for_attributes = requested.attributes.values();
    let for_predicates = requested.predicates.values();
    let ids: BTreeSet<&String> = for_attributes
        .map(|chosen| &chosen.credential)
        .chain(for_predicates.map(|chosen| &chosen.credential))
        .collect();
    stored::held(wallet, ids).await
}

/// Converts a request to the library's own type.
fn library_request(request: &ProofRequest) -> Result<PresentationRequest, AnoncredsError> {
    let json =
        serde_json::to_string(request).map_err(|error| AnoncredsError::InvalidStructure {
            what: "the proof request".to_owned(),
            reason: error.to_string(),
            remedy: "correct the request",
        })?;
    credx::parse(&json).map_err(|error| library::unusable(error, "correct the request"))
}

fn uses(requested: &Choice) -> Uses {
    let mut uses = Uses::new();
    for (referent, choice) in &requested.attributes {
        let key = (choice.credential.clone(), choice.timestamp);
        let attributes = &mut uses.entry(key).or_default().attributes;
        attributes.push((referent.clone(), choice.revealed));
    }
    for (referent, choice) in &requested.predicates {
        let key = (choice.credential.clone(), choice.timestamp);
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
    let state = rev_states.get(cred_id).and_then(|states| states.get(&timestamp));
    state.cloned().ok_or_else(|| AnoncredsError::Missing {
        what: "revocation state of credential",
        id: format!("{cred_id} at {timestamp}"),
    })
}
