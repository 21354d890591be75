//! The verifier's calls.
//!
//! A presentation is checked as JSON, by the twenty checks of [`proofs::checks`]. This module gives
//! them their engines and nonces, and turns the arguments of libindy's calls into a case.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock},
    time::Duration,
};
use stdx::{
    accepted::{AcceptedOnce, MemoryFailure},
    task::boxed,
};

use indy_credx::{types::Presentation, verifier};
use proofs::{
    Case, Check, ClEngine, EngineSet, Failure, Policy, ProofRequest, Verdict, case::ById, explain,
};
use serde::Serialize;
use serde_json::Value;

use crate::{
    engine::Library,
    error::AnoncredsError,
    library,
    types::{CredDefs, RevocationRegistries, RevocationRegistryDefinitions, Schemas},
};

/// How long the library may take for one presentation, unless a [`Verifier`] has another deadline.
/// An honest presentation takes tens of milliseconds for each credential.
pub const DEADLINE: Duration = Duration::from_secs(10);

/// The issuers' keys that [`verifier_explain_proof`] has prepared, for the whole process.
static CL: LazyLock<Arc<ClEngine>> = LazyLock::new(Arc::default);

/// A verifier for many presentations: a policy, a deadline for the library, and the issuers' keys
/// that our own engine has prepared. Clones share the keys.
///
/// ```no_run
/// # async fn verify(line: &str) -> Result<(), negotiate_anoncreds::MemoryFailure> {
/// use std::sync::Arc;
/// use negotiate_anoncreds::{
///     AcceptedInMemory, AcceptedOnce, Case, Check, Policy, Verdict, Verifier,
/// };
///
/// let verifier = Verifier::new(Policy::default());
/// let nonces: Arc<dyn AcceptedOnce> = Arc::new(AcceptedInMemory::new());
/// let verdict = match Case::from_json(line) {
///     Ok(case) => verifier.explain_once(case, &nonces).await?,
///     Err(error) => Verdict::failed_at(Check::Size, error.id, *error.failure),
/// };
/// print!("{verdict}");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Verifier {
    policy: Policy,
    library: Arc<Library>,
    cl: Arc<ClEngine>,
}

impl Verifier {
    /// Returns a verifier with the default deadline, [`DEADLINE`].
    pub fn new(policy: Policy) -> Self {
        Self { policy, library: Arc::new(Library::new(DEADLINE)), cl: Arc::default() }
    }

    /// Sets the deadline for the library.
    #[must_use]
    pub fn with_deadline(mut self, deadline: Duration) -> Self {
        self.library = Arc::new(Library::new(deadline));
        self
    }

    /// Returns the verdict of all checks on a presentation but `nonce-fresh`, which needs a memory:
    /// see [`explain_once`](Self::explain_once). Every case gets a verdict.
    #[boxed]
    pub async fn explain(&self, case: Case) -> Verdict {
        let (verifier, id) = (self.clone(), case.id.clone());
        let verdict = stdx::task::blocking(move || verifier.explain_blocking(&case));
        verdict.await.unwrap_or_else(|_aborted| panicked(id))
    }

    /// Does the same as [`explain`](Self::explain) on the calling thread, which is busy for tens of
    /// milliseconds.
    pub fn explain_blocking(&self, case: &Case) -> Verdict {
        self.check(case, None)
    }

    /// Returns the verdict of all checks on a presentation, and accepts each nonce once (check
    /// `nonce-fresh`): if the presentation is verified, its nonce is recorded in the memory.
    ///
    /// # Errors
    ///
    /// The memory cannot be read or written; there is no verdict then, and nothing is accepted.
    #[boxed]
    pub async fn explain_once(
        &self,
        case: Case,
        nonces: &Arc<dyn AcceptedOnce>,
    ) -> Result<Verdict, MemoryFailure> {
        let (verifier, nonces, id) = (self.clone(), Arc::clone(nonces), case.id.clone());
        let verdict = stdx::task::blocking(move || verifier.explain_once_blocking(&case, &*nonces));
        verdict.await.unwrap_or_else(|_aborted| Ok(panicked(id)))
    }

    /// Does the same as [`explain_once`](Self::explain_once) on the calling thread.
    ///
    /// # Errors
    ///
    /// The same.
    pub fn explain_once_blocking(
        &self,
        case: &Case,
        nonces: &dyn AcceptedOnce,
    ) -> Result<Verdict, MemoryFailure> {
        // without a nonce it has no verdict but that it is malformed
        let Some(nonce) = nonce_of(case) else {
            return Ok(self.check(case, None));
        };
        let verdict = self.check(case, Some(nonces.contains(&nonce)?));
        // another presentation may be accepted in between
        match verdict.verified() && !nonces.accept(&nonce)? {
            true => Ok(self.check(case, Some(true))),
            false => Ok(verdict),
        }
    }

    fn check(&self, case: &Case, is_nonce_used: Option<bool>) -> Verdict {
        let engines = EngineSet { library: Some(&*self.library), cl: Some(&*self.cl) };
        explain(case, &self.policy, engines, is_nonce_used)
    }
}

/// Returns the nonce of a case's request as decimal digits. It may be a text or a number, and the
/// number alone counts: leading zeros make no other nonce.
fn nonce_of(case: &Case) -> Option<String> {
    let text = match &case.presentation_request["nonce"] {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let is_decimal = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.trim_start_matches('0');
    is_decimal.then(|| if number.is_empty() { "0" } else { number }.to_owned())
}

fn panicked(id: Option<String>) -> Verdict {
    let failure = Failure::new(
        "checks that finish",
        "one of them panicked",
        "do not accept it; keep the case and report it",
    );
    Verdict::failed_at(Check::Size, id, failure)
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
/// Schemas, credential definitions and registries are given by id, as read from the ledger. The
/// verdict contains everything that is wrong with the presentation, and also public data that was
/// not given, under the check that needs it (`presentation-shape`, `non-revocation`).
///
/// The issuers' keys are prepared for our own engine once, and kept for the process; nonces are not
/// recorded. A [`Verifier`] has keys of its own, accepts a nonce once where it is given a memory,
/// and takes the presentation as the text that was received: a [`Presentation`] has parsed the
/// numbers, so that `number-form` sees them in their canonical form.
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
/// `true` means that every check of [`verifier_explain_proof`] that was made passed, with both
/// engines; that call returns which one failed. libindy checked less, and returned an error when
/// the presentation did not answer the request at all; here both are `false`.
///
/// # Errors
///
/// [`AnoncredsError::Missing`] for public data that was not given, which says nothing about the
/// proof. [`AnoncredsError::InvalidStructure`] if a value cannot be written as JSON.
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
