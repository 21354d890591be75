//! Making the presentation, and verifying it before it leaves the holder.

use std::collections::BTreeSet;

use anyhow::{Result, bail};
use indy::{
    anoncreds::{
        self, Case, Check, CredDefs, Policy, ProofRequest, RequestedCredentials, RevocationStates,
        Schemas, Verdict, Verifier,
    },
    wallet::Wallet,
};
use serde_json::json;
use stdx::text::Quoted;
use tutorial::Tutorial;

use crate::issue::holder::unknown;

/// A presentation as a case, and what a verifier says.
pub(super) struct Proven {
    pub case: Case,
    pub verdict: Verdict,
    /// The link secret that it was made with.
    pub link_secret: String,
}

/// What became of an attempt.
pub(super) enum Attempt {
    /// The presentation was made.
    Proven(Box<Proven>),
    /// These credentials are bound to another link secret than the others, or to one that the
    /// wallet does not have.
    Misfit(BTreeSet<String>),
}

/// What is needed to prove something with some credentials.
pub(super) struct Prover<'p> {
    pub tutorial: &'p Tutorial,
    pub wallet: &'p Wallet,
    pub request: &'p ProofRequest,
    /// The link secrets to try, by their names.
    link_secrets: Vec<String>,
    verifier: Verifier,
}

impl<'p> Prover<'p> {
    /// Returns a prover with a link secret, or with all that the wallet has.
    pub async fn new(
        tutorial: &'p Tutorial,
        wallet: &'p Wallet,
        request: &'p ProofRequest,
        link_secret: Option<&str>,
    ) -> Result<Self> {
        let held = anoncreds::prover_list_link_secrets(wallet).await?;
        let link_secrets = match link_secret {
            Some(name) if held.iter().any(|held| held == name) => vec![name.to_owned()],
            Some(name) => bail!(
                "the prover's wallet has no link secret {}; it has {}",
                Quoted(name),
                if held.is_empty() { "none".to_owned() } else { held.join(", ") }
            ),
            None if held.is_empty() => bail!(
                "the prover's wallet has no link secret; import the one that the credentials were issued to, with \
                 `negotiate-proof wallet import`"
            ),
            None => held,
        };
        let verifier = Verifier::new(Policy::default());
        Ok(Self { tutorial, wallet, request, link_secrets, verifier })
    }

    /// Makes the presentation of a choice. A wallet does not know for certain which of its link
    /// secrets a credential is bound to, so each is tried: with another one the mathematics does
    /// not hold.
    ///
    /// Where none fits all credentials, the one is meant that fits the credentials in `preferred`,
    /// and the most of the others.
    pub async fn prove(
        &self,
        choice: &RequestedCredentials,
        preferred: &BTreeSet<String>,
    ) -> Result<Attempt> {
        let (schemas, cred_defs) = self.public_data(&credentials(choice)).await?;
        for link_secret in &self.link_secrets {
            let (case, verdict) =
                self.attempt(self.request, choice, link_secret, &schemas, &cred_defs).await?;
            if !is_of_another_secret(&verdict) {
                let link_secret = link_secret.clone();
                return Ok(Attempt::Proven(Box::new(Proven { case, verdict, link_secret })));
            }
        }
        let mut best: Option<(usize, usize, BTreeSet<String>)> = None;
        for link_secret in &self.link_secrets {
            let mut misfits = BTreeSet::new();
            for credential in credentials(choice) {
                if !self.fits(&credential, link_secret, &schemas, &cred_defs).await? {
                    misfits.insert(credential);
                }
            }
            let unwanted = misfits.intersection(preferred).count();
            let is_better = best
                .as_ref()
                .is_none_or(|(least, fewest, _)| (unwanted, misfits.len()) < (*least, *fewest));
            if is_better {
                best = Some((unwanted, misfits.len(), misfits));
            }
        }
        match best {
            Some((_, _, misfits)) if !misfits.is_empty() => Ok(Attempt::Misfit(misfits)),
            _ => bail!(
                "the presentation does not hold, though each of its credentials does; report it"
            ),
        }
    }

    /// Returns whether a credential is bound to a link secret.
    async fn fits(
        &self,
        credential: &str,
        link_secret: &str,
        schemas: &Schemas,
        cred_defs: &CredDefs,
    ) -> Result<bool> {
        let info = anoncreds::prover_get_credential(self.wallet, credential).await?;
        let name = info.attrs.keys().next().cloned().unwrap_or_default();
        let request = ProofRequest::from_value(&json!({
            "nonce": "1", "name": "fits", "version": "1.0", "ver": "2.0",
            "requested_attributes": {"any": {"name": name}},
        }))?;
        let choice = RequestedCredentials::default().hide("any", credential);
        let (_, verdict) = self.attempt(&request, &choice, link_secret, schemas, cred_defs).await?;
        Ok(!is_of_another_secret(&verdict))
    }

    async fn attempt(
        &self,
        request: &ProofRequest,
        choice: &RequestedCredentials,
        link_secret: &str,
        schemas: &Schemas,
        cred_defs: &CredDefs,
    ) -> Result<(Case, Verdict)> {
        let presentation = anoncreds::prover_create_proof(
            self.wallet,
            request,
            choice,
            link_secret,
            schemas,
            cred_defs,
            &RevocationStates::new(),
        )
        .await?;
        let mut case = Case {
            presentation_request: serde_json::to_value(request)?,
            presentation: serde_json::to_value(&presentation)?,
            ..Case::default()
        };
        for (id, schema) in schemas {
            case.schemas.insert(id.clone(), anoncreds::schema_to_json(schema)?);
        }
        for (id, cred_def) in cred_defs {
            case.cred_defs.insert(id.clone(), serde_json::to_value(cred_def)?);
        }
        let verdict = self.verifier.explain(case.clone()).await;
        Ok((case, verdict))
    }

    /// Reads the schemas and credential definitions of credentials.
    async fn public_data(&self, credentials: &BTreeSet<String>) -> Result<(Schemas, CredDefs)> {
        let (mut schemas, mut cred_defs) = (Schemas::new(), CredDefs::new());
        for credential in credentials {
            let info = anoncreds::prover_get_credential(self.wallet, credential).await?;
            let schema = self.tutorial.read_schema(&info.schema_id).await;
            let schema = schema.map_err(|error| unknown(self.tutorial, &info.schema_id, error))?;
            let cred_def = self.tutorial.read_cred_def(&info.cred_def_id).await;
            let cred_def =
                cred_def.map_err(|error| unknown(self.tutorial, &info.cred_def_id, error))?;
            schemas.insert(info.schema_id, schema);
            cred_defs.insert(info.cred_def_id, cred_def);
        }
        Ok((schemas, cred_defs))
    }
}

/// Returns the ids of the chosen credentials.
pub(super) fn credentials(choice: &RequestedCredentials) -> BTreeSet<String> {
    let shown = choice.attributes.values().map(|chosen| chosen.credential.clone());
    shown.chain(choice.predicates.values().map(|chosen| chosen.credential.clone())).collect()
}

/// Returns whether nothing but the mathematics fails.
fn is_of_another_secret(verdict: &Verdict) -> bool {
    let mut failed = verdict.failed().peekable();
    let mathematics = [Check::MathematicsLibrary, Check::MathematicsCl];
    failed.peek().is_some() && failed.all(|report| mathematics.contains(&report.check))
}
