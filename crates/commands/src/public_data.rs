//! Public data for cases: from files, from the ledger of a home, and from a pool of nodes.
//!
//! What the command line names comes before what a record has itself, because the record may come
//! from anyone: first the files, then the home, then the pool. What none of them has stays as the
//! record has it, or is missing; the verdict then says what it needs.

use std::{
    collections::BTreeSet,
    io::{self, IsTerminal},
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, Result, anyhow, bail};
use clap::{Args, ValueHint};
use indicatif::ProgressBar;
use indy::{
    anoncreds,
    error::{LedgerError, PoolError},
    ledger,
    pool::{
        Pool, PoolLedgerConfig, close_pool_ledger, create_pool_ledger_config, open_pool_ledger_with,
    },
};
use proofs::{
    Case, PublicData, forms::ledger_id, kinds::ObjectKind, limits::MAX_CASE_BYTES,
    public_data::Needs,
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::Mutex;
use tutorial::{Format, data::POOL_NAME, home, input, options::PoolClientOptions, public};

/// How often a spinner turns.
const TICK: Duration = Duration::from_millis(100);

/// Where schemas, credential definitions and revocation registries come from.
#[derive(Debug, Clone, Args)]
pub struct PublicOptions {
    /// Take schemas, credential definitions and registries from FILE; may be repeated
    ///
    /// A file has {"schemas": {id: {...}}, "cred_defs": {id: {...}}, "rev_reg_defs": {id: {...}},
    /// "rev_regs": {id: {timestamp: {...}}}, "rev_status_lists": {id: {timestamp: {...}}}}, any of
    /// these; or one object, or a list of objects, in Indy's form or that of AnonCreds 1.0. The
    /// latter does not have its own id inside: write {"id": "...", "object": {...}}. What is in
    /// FILE comes before what a record has
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    public: Vec<PathBuf>,
    /// Take what the files do not have from the ledger of the home DIR
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    home: Option<PathBuf>,
    /// Take what is still missing from the pool that the genesis transactions in FILE describe
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    genesis: Option<PathBuf>,
    /// How the pool's nodes are reached.
    #[command(flatten)]
    pool: PoolClientOptions,
}

impl PublicOptions {
    /// Returns the home from whose ledger public data is taken.
    pub fn home(&self) -> Option<&Path> {
        self.home.as_deref()
    }

    /// Reads the files, and opens the ledgers. Nodes are not asked yet.
    ///
    /// # Errors
    ///
    /// When a file cannot be used, two files contradict each other, or a ledger cannot be opened.
    pub async fn open(&self, format: Format) -> Result<PublicSources> {
        let mut files = PublicData::default();
        for path in &self.public {
            let data = read_file(path).await?;
            let contradicts =
                || format!("{} and an earlier file contradict each other", path.display());
            files.merge(data).with_context(contradicts)?;
        }
        let mut ledgers = Vec::new();
        if let Some(home) = &self.home {
            let taken_in = public::taken_in(home)?;
            let is_complete = !taken_in.is_empty();
            let contradicts = || format!("a file contradicts what {} has taken in", home.display());
            files.merge(taken_in).with_context(contradicts)?;
            ledgers.extend(self.open_home(home, is_complete).await?);
        }
        if let Some(genesis) = &self.genesis {
            ledgers.push(self.open_pool(genesis).await?);
        }
        let watched = format == Format::Text && io::stderr().is_terminal();
        Ok(PublicSources { files, ledgers, watched })
    }

    /// Opens the ledger of a home. A home that has taken in public data may have none.
    async fn open_home(&self, home: &Path, may_have_none: bool) -> Result<Option<Ledger>> {
        let opened =
            open_pool_ledger_with(&home::pools_of(home), POOL_NAME, &self.pool.pool_options())
                .await;
        let shown = home.display();
        if matches!(opened, Err(PoolError::NotCreated { .. })) && may_have_none {
            return Ok(None);
        }
        let pool = opened.map_err(|error| match error {
            PoolError::NotCreated { .. } => {
                anyhow!("there is no ledger in {shown}; check its name, or begin there with step 2")
            }
            error => {
                anyhow::Error::new(error).context(format!("cannot open the ledger of {shown}"))
            }
        })?;
        Ok(Some(Ledger::new(format!("the ledger of {shown}"), pool, None)))
    }

    /// Opens a pool of nodes, with a configuration that is removed at the end.
    async fn open_pool(&self, genesis: &Path) -> Result<Ledger> {
        let shown = genesis.display();
        let unusable = || format!("cannot use the pool of {shown}");
        let config = PoolLedgerConfig::pool(genesis).with_context(unusable)?;
        let directory = tempfile::Builder::new().prefix("negotiate-proof-").tempdir();
        let directory = directory.context("cannot make a directory for temporary files")?;
        create_pool_ledger_config(directory.path(), POOL_NAME, &config)
            .await
            .with_context(unusable)?;
        let pool =
            open_pool_ledger_with(directory.path(), POOL_NAME, &self.pool.pool_options()).await;
        Ok(Ledger::new(
            format!("the pool of {shown}"),
            pool.with_context(unusable)?,
            Some(directory),
        ))
    }
}

/// Reads a file of public data.
pub(crate) async fn read_file(path: &Path) -> Result<PublicData> {
    let text = input::text_up_to(path, "public data", MAX_CASE_BYTES).await?;
    PublicData::from_json(&text).with_context(|| format!("cannot use {}", path.display()))
}

/// Public data that is at hand, and ledgers that are asked for the rest.
pub struct PublicSources {
    files: PublicData,
    /// In the order in which they are asked.
    ledgers: Vec<Ledger>,
    /// Whether a person sees which object is being read.
    watched: bool,
}

impl PublicSources {
    /// Gives a case the public data that its presentation names. Returns what no source has and the
    /// case neither.
    ///
    /// # Errors
    ///
    /// When a ledger cannot be read. That it does not have an object is not an error.
    pub async fn complete(&self, case: &mut Case) -> Result<Needs> {
        let mut wanted = Needs::of(case).missing_from(&self.files);
        for ledger in &self.ledgers {
            if wanted.is_empty() {
                break;
            }
            let read = ledger.read(&wanted, self.watched).await;
            let known = read.with_context(|| format!("cannot read from {}", ledger.name))?;
            wanted = wanted.missing_from(&known);
            known.put_into(case);
        }
        self.files.put_into(case);
        Ok(Needs::of(case).missing_in(case))
    }

    /// Closes the ledgers.
    ///
    /// # Errors
    ///
    /// When one cannot be closed.
    pub async fn close(self) -> Result<()> {
        for ledger in self.ledgers {
            close_pool_ledger(ledger.pool).await?;
        }
        Ok(())
    }
}

/// A ledger, and what was read from it.
struct Ledger {
    name: String,
    pool: Pool,
    answers: Mutex<Answers>,
    /// Removed when the ledger is dropped.
    _directory: Option<TempDir>,
}

/// What a ledger has answered.
#[derive(Default)]
struct Answers {
    known: PublicData,
    /// What it does not have.
    unknown: BTreeSet<String>,
}

/// An object that is to be read.
struct Wanted<'n> {
    kind: ObjectKind,
    id: &'n str,
    time: Option<u64>,
}

impl Wanted<'_> {
    fn describe(&self) -> String {
        match self.time {
            Some(time) => format!("{} {} at {time}", self.kind, self.id),
            None => format!("{} {}", self.kind, self.id),
        }
    }
}

impl Ledger {
    fn new(name: String, pool: Pool, directory: Option<TempDir>) -> Self {
        Self { name, pool, answers: Mutex::default(), _directory: directory }
    }

    /// Returns what the ledger has of what is needed. Each object is read once.
    async fn read(&self, needs: &Needs, watched: bool) -> Result<PublicData> {
        let mut answers = self.answers.lock().await;
        let wanted = needs.clone().missing_from(&answers.known);
        let spinner = if watched { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
        spinner.enable_steady_tick(TICK);
        let plain = |kind: ObjectKind, ids: &'_ BTreeSet<String>| {
            ids.iter().map(move |id| (kind, id.clone(), None)).collect::<Vec<_>>()
        };
        let mut all = plain(ObjectKind::Schema, &wanted.schemas);
        all.extend(plain(ObjectKind::CredentialDefinition, &wanted.cred_defs));
        all.extend(plain(ObjectKind::RegistryDefinition, &wanted.rev_reg_defs));
        let registries = wanted.registries.iter();
        all.extend(registries.map(|(id, time)| (ObjectKind::Registry, id.clone(), Some(*time))));
        for (kind, id, time) in &all {
            let wanted = Wanted { kind: *kind, id, time: *time };
            let name = wanted.describe();
            if answers.unknown.contains(&name) {
                continue;
            }
            spinner.set_message(format!("reading {name} from {}", self.name));
            match self.read_object(&wanted).await {
                Ok(object) => insert(&mut answers.known, &wanted, object),
                Err(error) if is_unknown(&error) => {
                    answers.unknown.insert(name);
                }
                Err(error) => {
                    spinner.finish_and_clear();
                    return Err(error.context(format!("cannot read {name}")));
                }
            }
        }
        spinner.finish_and_clear();
        Ok(answers.known.clone())
    }

    /// Reads an object under the identifier that the ledger knows, and returns it under the one
    /// that was asked for.
    async fn read_object(&self, wanted: &Wanted<'_>) -> Result<Value> {
        let id = ledger_id(wanted.kind, wanted.id);
        let mut object = match wanted.kind {
            ObjectKind::Schema => {
                let schema = ledger::read_schema(&self.pool, None, &id).await?;
                anoncreds::schema_to_json(&schema)?
            }
            ObjectKind::CredentialDefinition => {
                serde_json::to_value(ledger::read_cred_def(&self.pool, None, &id).await?)?
            }
            ObjectKind::RegistryDefinition => {
                serde_json::to_value(ledger::read_revoc_reg_def(&self.pool, None, &id).await?)?
            }
            ObjectKind::Registry => {
                let time = wanted.time.unwrap_or_default();
                let entry = ledger::read_revoc_reg(&self.pool, None, &id, time).await?;
                return Ok(serde_json::to_value(entry.registry)?);
            }
            kind => bail!("a ledger does not have {kind}"),
        };
        if let Some(members) = object.as_object_mut() {
            members.insert("id".to_owned(), json!(wanted.id));
        }
        Ok(object)
    }
}

/// Adds an object that a ledger has.
fn insert(known: &mut PublicData, wanted: &Wanted<'_>, object: Value) {
    let id = wanted.id.to_owned();
    match (wanted.kind, wanted.time) {
        (ObjectKind::Schema, _) => known.schemas.insert(id, object),
        (ObjectKind::CredentialDefinition, _) => known.cred_defs.insert(id, object),
        (ObjectKind::RegistryDefinition, _) => known.rev_reg_defs.insert(id, object),
        (_, time) => {
            let time = time.unwrap_or_default().to_string();
            known.rev_regs.entry(id).or_default().insert(time, object)
        }
    };
}

/// Returns whether an error says that the ledger does not have the object: it was not found, its
/// identifier is not one of an Indy ledger, or the ledger has no objects of its kind.
fn is_unknown(error: &anyhow::Error) -> bool {
    matches!(
        error.downcast_ref(),
        Some(
            LedgerError::NotFound { .. }
                | LedgerError::InvalidInput { .. }
                | LedgerError::Refused { .. }
        )
    )
}
