//! `negotiate-proof exchange verify`: what is true of a response in a file.

use std::{path::Path, sync::Arc};

use anyhow::{Context, Result};
use chrono::Utc;
use indy::anoncreds::{Policy, Verifier};
use proof_exchange::{
    bridge::ClChecker,
    message::Mode,
    signature::Contexts,
    verifier::{AnswersFile, ExchangePolicy, ExchangeVerifier},
};
use stage::narrator::NarrationStyle;

use super::{command::Verify, public::Public, registry::Registry};
use crate::{
    input,
    report::{self, Ending, Worst},
};

/// Verify a response against its request.
pub async fn verify(
    order: &Verify,
    registry: Registry,
    contexts: Contexts,
    style: NarrationStyle,
) -> Result<Ending> {
    let request = input::bytes(&order.request, "a proof request").await?;
    let response = input::bytes(&order.response, "a proof response").await?;
    let policy = ExchangePolicy {
        relaxed: order.relax.iter().copied().collect(),
        mode: match order.strict {
            true => Mode::Strict,
            false => Mode::Usual,
        },
        ..ExchangePolicy::default()
    };
    let mut verifier = verifier(&Public::open(registry, None)?, contexts).with_policy(policy);
    if let Some(path) = &order.answered {
        verifier = verifier.with_answers(Arc::new(open_answers(path)?));
    }
    let verdict = verifier
        .explain_texts(&request, &response, Utc::now())
        .await;
    report::verdict(style, &order.response.display().to_string(), &verdict)?;
    Ok(Ending::Examined(match verdict.verified() {
        true => Worst::Fine,
        false => Worst::Rejected,
    }))
}

/// A verifier with everything but a memory.
pub fn verifier(public: &Public, contexts: Contexts) -> ExchangeVerifier {
    let anoncreds = Verifier::new(Policy::default());
    ExchangeVerifier::new(public.resolver())
        .with_contexts(contexts)
        .with_zero_knowledge(Arc::new(ClChecker::new(anoncreds, public.objects())))
}

fn open_answers(path: &Path) -> Result<AnswersFile> {
    AnswersFile::open(path).with_context(|| format!("cannot use {}", path.display()))
}
