//! `proof-exchange verify`: whether a response in a file is verified, and if not, why not.

use std::{path::Path, sync::Arc};

use anyhow::Result;
use chrono::Utc;
use exchange::{
    message::Mode,
    signature::Contexts,
    verifier::{AcceptedFile, AcceptedOnce, ExchangePolicy, ExchangeVerifier, REQUEST_IDS},
};
use exchange_anoncreds::ClChecker;
use indy::anoncreds::{Policy, Verifier};
use tutorial::{Format, Status, input, report};

use crate::{cli::Verify, public_data::PublicData};

/// Verifies a response against its request.
pub async fn verify(args: &Verify, verifier: ExchangeVerifier, format: Format) -> Result<Status> {
    let request = input::bytes(&args.request, "a proof request").await?;
    let response = input::bytes(&args.response, "a proof response").await?;
    let verifier = verifier.with_policy(ExchangePolicy {
        relaxed: args.relax.iter().copied().collect(),
        demands: args.require.iter().copied().collect(),
        mode: match args.strict {
            true => Mode::Strict,
            false => Mode::Usual,
        },
        ..ExchangePolicy::default()
    });
    let answers = args.answered.as_deref().map(open_answers).transpose()?;
    let now = Utc::now();
    let verdict = verifier.explain_texts(&request, &response, now, answers.as_ref()).await?;
    report::verdict(format, Some(args.verdict), &args.response.display().to_string(), &verdict)?;
    Ok(Status::good_if(verdict.verified()))
}

/// Returns a verifier that reads this public data, and remembers no answers.
pub fn verifier(public_data: Arc<PublicData>, contexts: Contexts) -> ExchangeVerifier {
    let anoncreds = Verifier::new(Policy::default());
    let zero_knowledge = ClChecker::new(anoncreds, public_data.clone());
    ExchangeVerifier::new(public_data.clone())
        .with_schemas(public_data)
        .with_contexts(contexts)
        .with_zero_knowledge(Arc::new(zero_knowledge))
}

/// Opens the file of answered requests, and prints what that has changed.
fn open_answers(path: &Path) -> Result<Arc<dyn AcceptedOnce>> {
    let file = AcceptedFile::open(path, REQUEST_IDS)?;
    file.notices().iter().for_each(|notice| report::warning(notice));
    Ok(Arc::new(file))
}
