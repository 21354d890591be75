//! `proof-exchange keep` and `holder`: credentials from elsewhere, and the DID that they are for.

use std::path::Path;

use anyhow::{Context, Result};
use exchange::holder;
use serde_json::json;
use tokio::io::{AsyncBufRead, BufReader};
use tutorial::{
    Status, Tutorial,
    report::{self, count},
};

use crate::{
    context::CommandContext,
    identity::{self, Role},
};

/// Keeps the credentials of a file, after checking their signatures.
pub async fn keep(context: &CommandContext<'_>, file: &Path) -> Result<Status> {
    let lines: Box<dyn AsyncBufRead + Send + Unpin> = match file == Path::new("-") {
        true => Box::new(BufReader::new(tokio::io::stdin())),
        false => {
            let opened = tokio::fs::File::open(file).await;
            let opened = opened.with_context(|| {
                format!("cannot read {}; name a file of credentials, one a line", file.display())
            })?;
            Box::new(BufReader::new(opened))
        }
    };
    let public_data = context.public_data().await?;
    let wallet = identity::wallet(context.tutorial, Role::Holder).await?;
    let resolver = public_data.resolver();
    let signatures = Some((&*resolver, &context.contexts));
    let imported = holder::import(&wallet, lines, signatures, |_| {}).await;
    let imported = imported.with_context(|| format!("cannot keep {}", file.display()))?;
    let sentence = format!(
        "{} kept; there already: {}.",
        count(imported.added, "credential", "credentials"),
        imported.held_already
    );
    report::message(context.format, &sentence, &json!(imported))?;
    Ok(Status::Good)
}

/// Prints the DID of a home's holder.
pub async fn print_holder(tutorial: &Tutorial) -> Result<Status> {
    let wallet = identity::wallet(tutorial, Role::Holder).await?;
    let holder = identity::own(&wallet, Role::Holder).await?;
    let did = holder.did.as_str();
    report::message(tutorial.printer().format(), did, &json!({"holder": did}))?;
    Ok(Status::Good)
}
