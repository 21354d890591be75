//! `proof-exchange verify`: whether a response in a file is verified, and if not, why not.

use std::{path::Path, sync::Arc};

use anyhow::Result;
use chrono::Utc;
use exchange::{
    message::Mode,
    signature::Contexts,
    verifier::{AcceptedFile, AcceptedOnce, ExchangeVerifier, REQUEST_IDS},
};
use exchange_anoncreds::ClChecker;
use indy::anoncreds::{Policy, Verifier};
use tutorial::{Status, input, report};

use crate::{
    cli::{PublicOptions, Verify},
    context::read_contexts,
    public_data::PublicData,
    registry::Registry,
};

/// Verifies a response against its request.
pub async fn verify(args: &Verify) -> Result<Status> {
    let mut verifier = registry_verifier(&args.public).await?;
    verifier.policy.relaxed = args.relax.iter().copied().collect();
    verifier.policy.require_audience = !args.require.is_empty();
    if args.strict {
        verifier.policy.mode = Mode::Strict;
    }
    let request = input::bytes(&args.request, "a proof request").await?;
    let response = input::bytes(&args.response, "a proof response").await?;
    let answers = args.answered.as_deref().map(open_answers).transpose()?;
    let now = Utc::now();
    let verdict = verifier.explain_texts(&request, &response, now, answers.as_ref()).await?;
    let name = input::shown(&args.response).to_string();
    report::verdict(args.print.format(), Some(args.verdict), &name, &verdict)?;
    Ok(Status::good_if(verdict.verified()))
}

/// Returns a verifier that reads what issuers publish in the registry, and no ledger.
pub async fn registry_verifier(public: &PublicOptions) -> Result<ExchangeVerifier> {
    let contexts = read_contexts(&public.context).await?;
    let registry = Registry { directory: public.registry.clone() };
    Ok(verifier(PublicData::open(registry, None, None)?, contexts))
}

/// Returns a verifier that reads this public data, and remembers no answers.
pub fn verifier(public_data: Arc<PublicData>, contexts: Contexts) -> ExchangeVerifier {
    let anoncreds = Verifier::new(Policy::default());
    let zero_knowledge = ClChecker::new(anoncreds, public_data.clone());
    ExchangeVerifier {
        contexts,
        zero_knowledge: Some(Arc::new(zero_knowledge)),
        schemas: Some(public_data.clone()),
        ..ExchangeVerifier::new(public_data)
    }
}

/// Opens the file of answered requests, and prints what that has changed.
fn open_answers(path: &Path) -> Result<Arc<dyn AcceptedOnce>> {
    let file = AcceptedFile::open(path, REQUEST_IDS)?;
    file.notices().iter().for_each(|notice| report::warning(notice));
    Ok(Arc::new(file))
}
