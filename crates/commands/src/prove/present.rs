//! Making the presentation, and verifying it before it leaves the holder.

use std::collections::BTreeSet;

use anyhow::{Result, bail};
use indy::{
    anoncreds::{
        self, Case, Check, Policy, ProofRequest, RequestedCredentials, RevocationStates, Verdict,
        Verifier,
    },
    wallet::Wallet,
};
use tutorial::Tutorial;

use crate::issue::holder::unknown;

/// A presentation as a case, and what a verifier says.
pub(super) struct Proven {
    pub case: Case,
    pub verdict: Verdict,
    /// The link secret that it was made with.
    pub link_secret: String,
}

/// Makes the presentation of a choice. A wallet does not know which of its link secrets a credential is bound to, so
/// each is tried: with another one the mathematics does not hold.
pub(super) async fn prove(
    tutorial: &Tutorial,
    wallet: &Wallet,
    request: &ProofRequest,
    choice: &RequestedCredentials,
    link_secret: Option<&str>,
) -> Result<Proven> {
    let mut ids = BTreeSet::new();
    for credential in credentials(choice) {
        let info = anoncreds::prover_get_credential(wallet, credential).await?;
        ids.insert((info.schema_id, info.cred_def_id));
    }
    let pairs = ids.iter().map(|(schema, cred_def)| (schema.as_str(), cred_def.as_str()));
    let public = tutorial.read_public_data(pairs).await;
    let (schemas, cred_defs) = public.map_err(|error| unknown(tutorial, error))?;

    let mut case = Case { presentation_request: serde_json::to_value(request)?, ..Case::default() };
    for (id, schema) in &schemas {
        case.schemas.insert(id.clone(), anoncreds::schema_to_json(schema)?);
    }
    for (id, cred_def) in &cred_defs {
        case.cred_defs.insert(id.clone(), serde_json::to_value(cred_def)?);
    }

    let held = anoncreds::prover_list_link_secrets(wallet).await?;
    let secrets = match link_secret {
        Some(name) => vec![name.to_owned()],
        None => held.clone(),
    };
    let verifier = Verifier::new(Policy::default());
    for link_secret in secrets {
        let presentation = anoncreds::prover_create_proof(
            wallet,
            request,
            choice,
            &link_secret,
            &schemas,
            &cred_defs,
            &RevocationStates::new(),
        )
        .await?;
        case.presentation = serde_json::to_value(&presentation)?;
        let verdict = verifier.explain(case.clone()).await;
        if !is_of_another_secret(&verdict) {
            return Ok(Proven { case, verdict, link_secret });
        }
    }
    bail!("{}", misfit(link_secret, &held))
}

/// Returns the ids of the chosen credentials.
fn credentials(choice: &RequestedCredentials) -> BTreeSet<&str> {
    let shown = choice.attributes.values().map(|chosen| chosen.credential.as_str());
    shown.chain(choice.predicates.values().map(|chosen| chosen.credential.as_str())).collect()
}

/// Returns whether nothing but the mathematics fails.
fn is_of_another_secret(verdict: &Verdict) -> bool {
    let mut failed = verdict.failed().peekable();
    let mathematics = [Check::MathematicsLibrary, Check::MathematicsCl];
    failed.peek().is_some() && failed.all(|report| mathematics.contains(&report.check))
}

/// Says why no link secret makes a presentation.
fn misfit(link_secret: Option<&str>, held: &[String]) -> String {
    match (link_secret, held) {
        (None, []) => "the prover's wallet has no link secret; import the one that the credentials were issued to, with \
                       `negotiate-proof wallet import`"
            .to_owned(),
        (None, held) => format!(
            "the credentials are not all bound to one of the wallet's link secrets ({}); import the one that they were \
             issued to, or choose other credentials with --use",
            held.join(", ")
        ),
        (Some(name), held) => format!(
            "the credentials are not all bound to the link secret {name}; leave --link-secret out, and {} are tried",
            held.join(", ")
        ),
    }
}
