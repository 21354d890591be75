//! `negotiate-proof exchange keep` and `holder`: credentials from elsewhere, and for whom they are.

use std::path::Path;

use anyhow::{Context, Result};
use proof_exchange::holder;
use serde_json::json;
use tokio::io::{AsyncBufRead, BufReader};

use super::{
    Desk,
    party::{self, Role},
};
use crate::report::{self, Ending, counted};

/// Keep the credentials of a file, after checking their signatures.
pub async fn keep(desk: &Desk<'_>, file: &Path) -> Result<Ending> {
    let lines: Box<dyn AsyncBufRead + Send + Unpin> = match file == Path::new("-") {
        true => Box::new(BufReader::new(tokio::io::stdin())),
        false => {
            let opened = tokio::fs::File::open(file).await;
            let opened = opened.with_context(|| {
                format!(
                    "cannot read {}; name a file of credentials, one a line",
                    file.display()
                )
            })?;
            Box::new(BufReader::new(opened))
        }
    };
    let public = desk.public().await?;
    let wallet = party::wallet(desk.stage, Role::Holder).await?;
    let resolver = public.resolver();
    let report = holder::import(&wallet, lines, Some((&*resolver, &desk.contexts)), |_| {}).await;
    let report = report.with_context(|| format!("cannot keep {}", file.display()))?;
    report::done(
        desk.style,
        &format!(
            "{} kept; there already: {}.",
            counted(report.added, "credential", "credentials"),
            report.held_already
        ),
        &json!(report),
    )?;
    Ok(Ending::Done)
}

/// Print the DID of a home's holder.
pub async fn holder(desk: &Desk<'_>) -> Result<Ending> {
    let wallet = party::wallet(desk.stage, Role::Holder).await?;
    let holder = party::party(&wallet, Role::Holder, None, &desk.registry).await?;
    report::done(
        desk.style,
        holder.did.as_str(),
        &json!({"holder": holder.did.as_str()}),
    )?;
    Ok(Ending::Done)
}
