//! What the commands that work in a home share.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, Result};
use exchange::{holder, signature::Contexts};
use indy::{
    anoncreds::{
        KeySource,
        objects::{Kind, check},
    },
    wallet::Wallet,
};
use serde_json::{Value, json};
use stdx::fs::{Existing, write_atomically};
use tutorial::{Format, Tutorial, TutorialOptions, data::POOL_NAME, input};
use verdict::Caution;

use crate::{cli::Place, public_data::PublicData, registry::Registry};

/// Returns the directory of a home in which requests and accepted responses are stored.
pub fn exchange_directory(home: &Path) -> PathBuf {
    home.join("exchange")
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

impl<'c> CommandContext<'c> {
    /// Opens a home, with keys of credential definitions from this source. The tutorial that it
    /// opens is left in `opened`.
    pub async fn open(
        place: &Place,
        key_source: KeySource,
        opened: &'c mut Option<Tutorial>,
    ) -> Result<Self> {
        // read first, so that a file that cannot be read makes no home
        let contexts = read_contexts(&place.public.context).await?;
        let format = place.print.format();
        let options = TutorialOptions { key_source, ..place.home.tutorial_options(format) };
        let tutorial = opened.insert(Tutorial::open(options)?);
        let registry = Registry { directory: place.public.registry.clone() };
        Ok(Self { tutorial, registry, contexts, format })
    }

    /// Returns the public data: the registry, what this home has taken in, and its ledger if it has
    /// one.
    pub async fn public_data(&self) -> Result<Arc<PublicData>> {
        let pool = match self.tutorial.pools().join(POOL_NAME).exists() {
            true => Some(self.tutorial.pool().await?),
            false => None,
        };
        PublicData::open(self.registry.clone(), Some(self.tutorial.home().directory()), pool)
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

/// Reads a file of JSON, which should hold `what`. As in a message, no member may occur twice.
pub async fn read_json(file: &Path, what: &'static str) -> Result<Value> {
    let text = input::text(file, what).await?;
    let shown = input::shown(file);
    let value = serde_json::from_str(&text)
        .with_context(|| format!("{shown} is not JSON; name a file with {what}"))?;
    check(Kind::Json, &text).with_context(|| format!("cannot use {shown}"))?;
    Ok(value)
}

/// Returns the name under which a wallet holds the credential of this id by this issuer, if it
/// does: the id, or another name where another issuer has the id too.
pub async fn held_name(wallet: &Wallet, id: &str, issuer: &str) -> Result<Option<String>> {
    for name in [id.to_owned(), format!("{id} of {issuer}")] {
        let held = holder::get(wallet, &name).await?;
        if held.is_some_and(|held| held.message().issuer_did == issuer) {
            return Ok(Some(name));
        }
    }
    Ok(None)
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
