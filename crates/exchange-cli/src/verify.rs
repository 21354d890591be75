//! `proof-exchange verify`: whether a response in a file is verified, and if not, why not.

use std::{path::Path, sync::Arc};

use anyhow::{Context, Result};
use chrono::Utc;
use exchange::{
    message::Mode,
    signature::Contexts,
    verifier::{AnswersFile, ExchangePolicy, ExchangeVerifier},
};
use exchange_anoncreds::ClChecker;
use indy::anoncreds::{Policy, Verifier};
use tutorial::{Format, Status, input, report};

use crate::{cli::Verify, public_data::PublicData};

/// Verifies a response against its request.
pub async fn verify(args: &Verify, verifier: ExchangeVerifier, format: Format) -> Result<Status> {
    let request = input::bytes(&args.request, "a proof request").await?;
    let response = input::bytes(&args.response, "a proof response").await?;
    let mut verifier = verifier.with_policy(ExchangePolicy {
        relaxed: args.relax.iter().copied().collect(),
        mode: match args.strict {
            true => Mode::Strict,
            false => Mode::Usual,
        },
        ..ExchangePolicy::default()
    });
    if let Some(path) = &args.answered {
        verifier = verifier.with_answers(Arc::new(open_answers(path)?));
    }
    let verdict = verifier.explain_texts(&request, &response, Utc::now()).await;
    report::verdict(format, Some(args.verdict), &args.response.display().to_string(), &verdict)?;
    Ok(Status::good_if(verdict.verified()))
}

/// Returns a verifier that reads this public data, and remembers no answers.
pub fn verifier(public_data: &PublicData, contexts: Contexts) -> ExchangeVerifier {
    let anoncreds = Verifier::new(Policy::default());
    let zero_knowledge = ClChecker::new(anoncreds, public_data.objects());
    ExchangeVerifier::new(public_data.resolver())
        .with_contexts(contexts)
        .with_zero_knowledge(Arc::new(zero_knowledge))
}

fn open_answers(path: &Path) -> Result<AnswersFile> {
    AnswersFile::open(path).with_context(|| format!("cannot use {}", path.display()))
}
