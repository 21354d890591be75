//! The verifier's calls.
//!
//! A presentation is examined as JSON, by the twenty checks of [`proofs::checks`]; here they get their
//! engines and their memory, and the values of libindy's calls become such a case.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock},
    time::Duration,
};

use indy_credx::{types::Presentation, verifier};
use proofs::{
    Case, ClEngine, Failure, Means, Policy, ProofRequest, UsedNonces, Verdict, case::ById, explain,
};
use serde::Serialize;
use serde_json::Value;

use super::{
    engine::Library,
    library,
    nonces::NonceMemory,
    types::{CredDefs, RevocationRegistries, RevocationRegistryDefinitions, Schemas},
};
use crate::error::AnoncredsError;

/// How long the library may take over one presentation, unless a [`Verifier`] is told otherwise. An
/// honest presentation takes it tens of milliseconds for each credential.
pub const DEADLINE: Duration = Duration::from_secs(10);

/// The keys that [`verifier_explain_proof`] has prepared, for the whole process.
static KEYS: LazyLock<Arc<ClEngine>> = LazyLock::new(Arc::default);

/// A verifier that is used again and again: a policy, a deadline for the library, the issuers' keys that
/// our own engine has prepared, and perhaps a memory of nonces.
///
/// Its copies share keys and memory.
///
/// ```no_run
/// # async fn verify(line: &str) {
/// use negotiate_anoncreds::{Case, MemoryNonces, Policy, Verdict, Verifier};
///
/// let verifier = Verifier::new(Policy::default()).with_nonces(MemoryNonces::new());
/// let verdict = match Case::from_json(line) {
///     Ok(case) => verifier.explain(case).await,
///     Err(failure) => Verdict::unreadable(None, failure),
/// };
/// print!("{verdict}");
/// # }
/// ```
#[derive(Clone)]
pub struct Verifier {
    policy: Policy,
    library: Arc<Library>,
    keys: Arc<ClEngine>,
    nonces: Option<Arc<dyn NonceMemory>>,
}

impl Verifier {
    /// A verifier with the default deadline, [`DEADLINE`], and no memory of nonces.
    pub fn new(policy: Policy) -> Self {
        Self {
            policy,
            library: Arc::new(Library::new(DEADLINE)),
            keys: Arc::default(),
            nonces: None,
        }
    }

    /// The same, with another deadline for the library.
    #[must_use]
    pub fn with_deadline(mut self, deadline: Duration) -> Self {
        self.library = Arc::new(Library::new(deadline));
        self
    }

    /// The same, with a memory of nonces: each is accepted once (check `nonce-fresh`).
    #[must_use]
    pub fn with_nonces(mut self, nonces: impl NonceMemory + 'static) -> Self {
        self.nonces = Some(Arc::new(nonces));
        self
    }

    /// What is true of a presentation, by all the checks. Whatever the case is, this gives a verdict.
    ///
    /// The nonce of what is verified is remembered, where there is a memory.
    pub async fn explain(&self, case: Case) -> Verdict {
        let (verifier, id) = (self.clone(), case.id.clone());
        let explained = tokio::task::spawn_blocking(move || verifier.explain_blocking(&case));
        explained.await.unwrap_or_else(|_| {
            Verdict::unreadable(
                id,
                Failure::new(
                    "checks that come to their end",
                    "one of them panicked",
                    "do not accept it; keep the case and report it",
                ),
            )
        })
    }

    /// As [`explain`](Self::explain), on the calling thread, which is busy for tens of milliseconds.
    pub fn explain_blocking(&self, case: &Case) -> Verdict {
        let Some(nonces) = &self.nonces else {
            return self.by(case, None);
        };
        let verdict = self.by(case, Some(&**nonces));
        let nonce = case.presentation_request["nonce"].as_str();
        let Some(nonce) = nonce.filter(|_| verdict.verified()) else {
            return verdict;
        };
        match nonces.accept(nonce) {
            Ok(true) => verdict,
            // another presentation for it was accepted meanwhile, or it cannot be remembered
            otherwise => {
                let used = otherwise.map(|is_first| !is_first);
                self.by(case, Some(&Known(used)))
            }
        }
    }

    fn by(&self, case: &Case, nonces: Option<&dyn UsedNonces>) -> Verdict {
        let means = Means {
            library: Some(&*self.library),
            cl: Some(&*self.keys),
            nonces,
        };
        explain(case, &self.policy, means)
    }
}

/// What is known of one nonce.
struct Known(Result<bool, String>);

impl UsedNonces for Known {
    fn used(&self, _: &str) -> Result<bool, String> {
        self.0.clone()
    }
}

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

/// Verify a proof, and say of each of the twenty checks how it went (action 21).
///
/// Schemas, credential definitions and registries are given by id, as read from the ledger. Whatever is
/// wrong with the presentation is in the verdict; so is public data that was not given, under the check that
/// misses it (`presentation-shape`, `non-revocation`).
///
/// The issuers' keys are prepared for our own engine once, and kept for the process; there is no memory of
/// nonces. A [`Verifier`] has keys and a memory of its own, and takes the presentation as the text that was
/// received: [`Presentation`] has read and rewritten its numbers, so that `number-form` sees them in their
/// canonical form.
///
/// # Errors
///
/// [`AnoncredsError::InvalidStructure`] if a value cannot be written as JSON.
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
        presentation_request: written("the proof request", request)?,
        presentation: written("the presentation", presentation)?,
        ..Case::default()
    };
    for identifier in &presentation.identifiers {
        give(&mut case.schemas, &identifier.schema_id.0, schemas)?;
        give(&mut case.cred_defs, &identifier.cred_def_id.0, cred_defs)?;
        if let Some(registry) = &identifier.rev_reg_id {
            give(&mut case.rev_reg_defs, &registry.0, rev_reg_defs)?;
            for (timestamp, state) in rev_regs.get(&registry.0).into_iter().flatten() {
                let states = case.rev_regs.entry(registry.0.clone()).or_default();
                let state = written("a revocation registry", state)?;
                states.insert(timestamp.to_string(), state);
            }
        }
    }
    let verifier = Verifier {
        keys: Arc::clone(&KEYS),
        ..Verifier::new(policy.clone())
    };
    Ok(verifier.explain(case).await)
}

/// Verify a proof: does `presentation` answer `request`?
///
/// `true` says that all of the checks passed that [`verifier_explain_proof`] names, with both engines; that
/// call says which one did not. libindy checked less, and gave an error where the presentation did not answer the
/// request at all; both are `false` here.
///
/// # Errors
///
/// [`AnoncredsError::Missing`] for public data that was not given: that says nothing about the proof.
/// [`AnoncredsError::InvalidStructure`] if a value cannot be written as JSON.
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

/// Puts the object of an id into the case, if it is among those that were given.
fn give<T: Serialize>(
    case: &mut ById,
    id: &str,
    objects: &BTreeMap<String, T>,
) -> Result<(), AnoncredsError> {
    if let Some(object) = objects.get(id)
        && !case.contains_key(id)
    {
        case.insert(id.to_owned(), written(id, object)?);
    }
    Ok(())
}

fn written(what: &str, value: &impl Serialize) -> Result<Value, AnoncredsError> {
    serde_json::to_value(value).map_err(|error| AnoncredsError::InvalidStructure {
        what: what.to_owned(),
        reason: error.to_string(),
        remedy: "pass it on as it was received",
    })
}
