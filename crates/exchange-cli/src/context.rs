//! What the commands that work in a home share.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, Result};
use exchange::signature::Contexts;
use indy::anoncreds::objects::{Kind, check};
use serde_json::{Value, json};
use stdx::fs::{Existing, write_atomically};
use tutorial::{Format, Tutorial, data::POOL_NAME, home::Home, input};
use verdict::Caution;

use crate::{public_data::PublicData, registry::Registry};

/// Returns the directory of a home in which requests and accepted responses are stored.
pub fn exchange_directory(home: &Home) -> PathBuf {
    home.directory().join("exchange")
}

/// A home, and the options that do not belong to one command.
pub struct CommandContext<'c> {
    /// The home's wallets and ledger.
    pub tutorial: &'c Tutorial,
    /// Where issuers publish.
    pub registry: Registry,
    /// The JSON-LD contexts that documents may name.
    pub contexts: Contexts,
    /// How results are printed.
    pub format: Format,
}

impl CommandContext<'_> {
    /// Returns the public data: the registry, and this home's ledger if it has one.
    pub async fn public_data(&self) -> Result<Arc<PublicData>> {
        let pool = match self.tutorial.pools().join(POOL_NAME).exists() {
            true => Some(self.tutorial.pool().await?),
            false => None,
        };
        PublicData::open(self.registry.clone(), pool)
    }
}

/// Reads the contexts that the command line names, beside those that come with the program.
pub async fn read_contexts(files: &[(String, PathBuf)]) -> Result<Contexts> {
    let mut contexts = Contexts::new();
    for (url, file) in files {
        contexts.add(url, read_json(file, "a JSON-LD context").await?);
    }
    Ok(contexts)
}

/// Reads a file of JSON, which should hold `what`. As in a message, no member may be there twice.
pub async fn read_json(file: &Path, what: &'static str) -> Result<Value> {
    let text = input::text(file, what).await?;
    let shown = file.display();
    let value = serde_json::from_str(&text)
        .with_context(|| format!("{shown} is not JSON; name a file with {what}"))?;
    check(Kind::Json, &text).with_context(|| format!("cannot use {shown}"))?;
    Ok(value)
}

/// Returns a caution for a program.
pub fn caution_json(caution: &Caution) -> Value {
    let Caution { name, referent, what, why, .. } = caution;
    json!({"caution": name, "referent": referent, "what": what, "why": why})
}

/// Writes a file so that a crash leaves the old content, the new, or none.
pub fn write_file(path: &Path, text: &str) -> Result<()> {
    write_atomically(path, text.as_bytes(), Existing::Replace)
        .with_context(|| format!("cannot write {}", path.display()))
}
