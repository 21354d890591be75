//! The verifier's calls.
//!
//! A presentation is checked as JSON, by the twenty checks of [`proofs::checks`]. This module gives them their
//! engines and nonces, and turns the arguments of libindy's calls into a case.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock},
    time::Duration,
};
use stdx::task::boxed;

use indy_credx::{types::Presentation, verifier};
use proofs::{
    Case, Check, ClEngine, EngineSet, Failure, Policy, ProofRequest, UsedNonces, Verdict,
    case::ById, explain,
};
use serde::Serialize;
use serde_json::Value;

use crate::{
    engine::Library,
    error::AnoncredsError,
    library,
    nonces::NonceMemory,
    types::{CredDefs, RevocationRegistries, RevocationRegistryDefinitions, Schemas},
};

/// How long the library may take for one presentation, unless a [`Verifier`] has another deadline. An
/// honest presentation takes tens of milliseconds for each credential.
pub const DEADLINE: Duration = Duration::from_secs(10);

/// The issuers' keys that [`verifier_explain_proof`] has prepared, for the whole process.
static CL: LazyLock<Arc<ClEngine>> = LazyLock::new(Arc::default);

/// A verifier for many presentations: a policy, a deadline for the library, the issuers' keys that our own
/// engine has prepared, and optionally a memory of nonces.
///
/// Clones share the keys and the nonces.
///
/// ```no_run
/// # async fn verify(line: &str) {
/// use negotiate_anoncreds::{Case, Check, MemoryNonces, Policy, Verdict, Verifier};
///
/// let verifier = Verifier::new(Policy::default()).with_nonces(MemoryNonces::new());
/// let verdict = match Case::from_json(line) {
///     Ok(case) => verifier.explain(case).await,
///     Err(error) => Verdict::failed_at(Check::Size, error.id, error.failure),
/// };
/// print!("{verdict}");
/// # }
/// ```
#[derive(Clone)]
pub struct Verifier {
    policy: Policy,
    library: Arc<Library>,
    cl: Arc<ClEngine>,
    nonces: Option<Arc<dyn NonceMemory>>,
}

impl Verifier {
    /// Returns a verifier with the default deadline, [`DEADLINE`], and no memory of nonces.
    pub fn new(policy: Policy) -> Self {
        Self { policy, library: Arc::new(Library::new(DEADLINE)), cl: Arc::default(), nonces: None }
    }

    /// Sets the deadline for the library.
    #[must_use]
    pub fn with_deadline(mut self, deadline: Duration) -> Self {
        self.library = Arc::new(Library::new(deadline));
        self
    }

    /// Sets a memory of nonces: each nonce is accepted once (check `nonce-fresh`).
    #[must_use]
    pub fn with_nonces(mut self, nonces: impl NonceMemory + 'static) -> Self {
        self.nonces = Some(Arc::new(nonces));
        self
    }

    /// Returns the verdict of all checks on a presentation. Every case gets a verdict.
    ///
    /// If the presentation is verified and there is a memory of nonces, its nonce is recorded.
    #[boxed]
    pub async fn explain(&self, case: Case) -> Verdict {
        let (verifier, id) = (self.clone(), case.id.clone());
        let verdict = stdx::task::blocking(move || verifier.explain_blocking(&case));
        verdict.await.unwrap_or_else(|_aborted| {
            Verdict::failed_at(
                Check::Size,
                id,
                Failure::new(
                    "checks that finish",
                    "one of them panicked",
                    "do not accept it; keep the case and report it",
                ),
            )
        })
    }

    /// Does the same as [`explain`](Self::explain) on the calling thread, which is busy for tens of milliseconds.
    pub fn explain_blocking(&self, case: &Case) -> Verdict {
        let Some(nonces) = &self.nonces else {
            return self.check(case, None);
        };
        let verdict = self.check(case, Some(&**nonces));
        let nonce = case.presentation_request["nonce"].as_str();
        let Some(nonce) = nonce.filter(|_| verdict.verified()) else {
            return verdict;
        };
        match nonces.accept(nonce) {
            Ok(true) => verdict,
            // another presentation was accepted in between, or the nonce cannot be recorded
            refused => {
                let used = refused.map(|is_first| !is_first);
                self.check(case, Some(&KnownUse(used)))
            }
        }
    }

    fn check(&self, case: &Case, nonces: Option<&dyn UsedNonces>) -> Verdict {
        let engines = EngineSet { library: Some(&*self.library), cl: Some(&*self.cl) };
        explain(case, &self.policy, engines, nonces)
    }
}

/// Whether the nonce of the case has been used, if that is known.
struct KnownUse(Result<bool, String>);

impl UsedNonces for KnownUse {
    fn used(&self, _: &str) -> Result<bool, String> {
        self.0.clone()
    }
}

/// Returns a fresh nonce for a proof request: 80 random bits, as a decimal string.
///
/// # Errors
///
/// When the operating system gives no random numbers.
pub fn generate_nonce() -> Result<String, AnoncredsError> {
    library::call("generate a nonce", verifier::generate_nonce).map(|nonce| nonce.to_string())
}

/// Verifies a proof, and returns the outcome of each of the twenty checks (action 21).
///
/// Schemas, credential definitions and registries are given by id, as read from the ledger. The verdict contains
/// everything that is wrong with the presentation, and also public data that was not given, under the check that
/// needs it (`presentation-shape`, `non-revocation`).
///
/// The issuers' keys are prepared for our own engine once, and kept for the process; nonces are not recorded. A
/// [`Verifier`] has keys and a memory of nonces of its own, and takes the presentation as the text that was
/// received: a [`Presentation`] has parsed the numbers, so that `number-form` sees them in their canonical form.
///
/// # Errors
///
/// [`AnoncredsError::InvalidStructure`] if a value cannot be written as JSON.
#[boxed]
pub async fn verifier_explain_proof(
    request: &ProofRequest,
    presentation: &Presentation,
    schemas: &Schemas,
    cred_defs: &CredDefs,
    rev_reg_defs: &RevocationRegistryDefinitions,
    rev_regs: &RevocationRegistries,
    policy: &Policy,
) -> Result<Verdict, AnoncredsError> {
    let mut case = Case {
        presentation_request: to_value("the proof request", request)?,
        presentation: to_value("the presentation", presentation)?,
        ..Case::default()
    };
    for identifier in &presentation.identifiers {
        add(&mut case.schemas, &identifier.schema_id.0, schemas)?;
        add(&mut case.cred_defs, &identifier.cred_def_id.0, cred_defs)?;
        if let Some(registry) = &identifier.rev_reg_id {
            add(&mut case.rev_reg_defs, &registry.0, rev_reg_defs)?;
            for (timestamp, state) in rev_regs.get(&registry.0).into_iter().flatten() {
                let states = case.rev_regs.entry(registry.0.clone()).or_default();
                let state = to_value("a revocation registry", state)?;
                states.insert(timestamp.to_string(), state);
            }
        }
    }
    let verifier = Verifier { cl: Arc::clone(&CL), ..Verifier::new(policy.clone()) };
    Ok(verifier.explain(case).await)
}

/// Verifies a proof: returns whether `presentation` answers `request`.
///
/// `true` means that all checks of [`verifier_explain_proof`] passed, with both engines; that call returns which
/// one failed. libindy checked less, and returned an error when the presentation did not answer the request at
/// all; here both are `false`.
///
/// # Errors
///
/// [`AnoncredsError::Missing`] for public data that was not given, which says nothing about the proof.
/// [`AnoncredsError::InvalidStructure`] if a value cannot be written as JSON.
#[boxed]
pub async fn verifier_verify_proof(
    request: &ProofRequest,
    presentation: &Presentation,
    schemas: &Schemas,
    cred_defs: &CredDefs,
    rev_reg_defs: &RevocationRegistryDefinitions,
    rev_regs: &RevocationRegistries,
) -> Result<bool, AnoncredsError> {
    for identifier in &presentation.identifiers {
        library::given("schema", &identifier.schema_id.0, schemas)?;
        library::given("credential definition", &identifier.cred_def_id.0, cred_defs)?;
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
    let policy = Policy::default();
    let verdict = verifier_explain_proof(
        request,
        presentation,
        schemas,
        cred_defs,
        rev_reg_defs,
        rev_regs,
        &policy,
    );
    Ok(verdict.await?.verified())
}

/// Adds the object of an id to the case, if it was given.
fn add<T: Serialize>(
    case: &mut ById,
    id: &str,
    objects: &BTreeMap<String, T>,
) -> Result<(), AnoncredsError> {
    if let Some(object) = objects.get(id)
        && !case.contains_key(id)
    {
        case.insert(id.to_owned(), to_value(id, object)?);
    }
    Ok(())
}

fn to_value(what: &str, value: &impl Serialize) -> Result<Value, AnoncredsError> {
    serde_json::to_value(value).map_err(|error| AnoncredsError::InvalidStructure {
        what: what.to_owned(),
        reason: error.to_string(),
        remedy: "pass it on as it was received",
    })
}
