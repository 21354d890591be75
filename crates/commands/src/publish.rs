//! `negotiate-proof public`: an issuer's public data as a file, for homes with another ledger.

use std::{
    collections::BTreeSet,
    io,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};
use clap::{Subcommand, ValueHint};
use indy::{
    anoncreds::{self, CredentialDefinition, Schema, objects},
    error::{LedgerError, PoolError},
    ledger,
    pool::{self, Pool},
};
use proofs::PublicData;
use serde_json::{Value, json};
use stdx::text::Quoted;
use tutorial::{
    Status, Tutorial, TutorialError,
    data::{ISSUER_WALLET, POOL_NAME},
    options::{HomeOptions, OutputOptions},
    report::{self, count},
};

use crate::{messages, open_existing, public_data::read_file};

/// What to do with public data.
#[derive(Clone, Subcommand)]
pub enum Public {
    /// Issuer: write the schemas and credential definitions of a home's issuers to a file
    ///
    /// It is for holders and verifiers on other machines, whose homes take it in; `verify --public`
    /// reads it too.
    Export {
        /// The file to write; it must not exist yet
        #[arg(long = "output", id = "file", value_name = "FILE", value_hint = ValueHint::FilePath)]
        file: PathBuf,
        /// The home.
        #[command(flatten)]
        home: HomeOptions,
        /// How results are printed.
        #[command(flatten)]
        output: OutputOptions,
    },
    /// Holder, verifier: take in the public data of an issuer with another ledger
    ///
    /// Take it from the issuer itself: who can change the file can make credentials of the issuer's
    /// name. What is there already is kept, and nothing that contradicts it is taken in.
    Import {
        /// The file; - for standard input
        #[arg(value_hint = ValueHint::FilePath)]
        file: PathBuf,
        /// The home.
        #[command(flatten)]
        home: HomeOptions,
        /// How results are printed.
        #[command(flatten)]
        output: OutputOptions,
    },
}

impl Public {
    pub(crate) async fn run(&self, opened: &mut Option<Tutorial>) -> Result<Status> {
        match self {
            Self::Export { file, home, output } => {
                messages::check_new(Some(file))?;
                let tutorial = open_existing(home, output.format(), opened)?;
                let data = exported(tutorial).await?;
                publish(file, &data)?;
                let sentence = format!("{} holds {}.", file.display(), described(&data));
                report::message(output.format(), &sentence, &counts(&data, Some(file)))?;
            }
            Self::Import { file, home, output } => {
                let data = read_file(file).await?;
                check(&data).with_context(|| format!("cannot use {}", file.display()))?;
                let tutorial = opened.insert(home.open(output.format())?);
                let contradicts = || format!("cannot take in {}", file.display());
                check_ledger(tutorial, &data).await.with_context(contradicts)?;
                let mut counted = counts(&data, None);
                let new = tutorial.take_in(data).with_context(contradicts)?;
                let sentence = match new.is_empty() {
                    true => "All of it was taken in before.".to_owned(),
                    false => format!("Taken in: {}.", described(&new)),
                };
                counted["new"] = counts(&new, None);
                report::message(output.format(), &sentence, &counted)?;
            }
        }
        Ok(Status::Good)
    }
}

/// Returns what the issuers of a home have published.
async fn exported(tutorial: &Tutorial) -> Result<PublicData> {
    let wallet = match tutorial.wallet(ISSUER_WALLET).await {
        Err(TutorialError::Gone { .. }) => bail!(
            "there is no wallet of an issuer in {}; name the home of an issuer",
            tutorial.home().directory().display()
        ),
        opened => opened?,
    };
    let mut data = PublicData::default();
    for id in anoncreds::issuer_list_credential_defs(&wallet).await? {
        let cred_def = anoncreds::issuer_get_credential_def(&wallet, &id).await?;
        let schema_id = anoncreds::issuer_get_schema_id(&wallet, &id).await?;
        let schema = tutorial.read_schema(&schema_id).await?;
        data.schemas.insert(schema_id, anoncreds::schema_to_json(&schema)?);
        data.cred_defs.insert(id, serde_json::to_value(&cred_def)?);
    }
    if data.is_empty() {
        bail!(
            "the issuers of this home have published nothing; begin with `negotiate-proof issue`"
        );
    }
    Ok(data)
}

fn publish(file: &Path, data: &PublicData) -> Result<()> {
    let json = serde_json::to_string(data)?;
    match stdx::fs::publish(file, format!("{json}\n").as_bytes()) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            messages::check_new(Some(file))
        }
        written => written.with_context(|| {
            format!("cannot write {}; name a file in a directory that exists", file.display())
        }),
    }
}

/// Checks that the library can read each object: an error belongs here, and not to the first proof.
fn check(data: &PublicData) -> Result<()> {
    for (id, schema) in &data.schemas {
        public_object::<Schema>(id, schema)?;
    }
    for (id, cred_def) in &data.cred_defs {
        public_object::<CredentialDefinition>(id, cred_def)?;
    }
    Ok(())
}

fn public_object<T: objects::Object>(id: &str, object: &Value) -> Result<T> {
    let inside = object.get("id").and_then(Value::as_str);
    ensure!(
        inside.is_none_or(|inside| inside == id),
        "{id}: the object has another identifier inside, {}; take the issuer's own file",
        Quoted(inside.unwrap_or_default())
    );
    objects::from_value(&tutorial::public::with_id(id, object)).with_context(|| id.to_owned())
}

/// Checks that the home's own ledger does not have other objects under these identifiers.
async fn check_ledger(tutorial: &Tutorial, data: &PublicData) -> Result<()> {
    let Some(pool) = own_ledger(tutorial).await? else {
        return Ok(());
    };
    for (id, given) in &data.schemas {
        let same = match ledger::read_schema(&pool, None, id).await {
            Ok(Schema::SchemaV1(there)) => {
                let Schema::SchemaV1(given) = public_object::<Schema>(id, given)?;
                let names = |schema: &[String]| schema.iter().cloned().collect::<BTreeSet<_>>();
                there.name == given.name
                    && there.version == given.version
                    && names(&there.attr_names.0.iter().cloned().collect::<Vec<_>>())
                        == names(&given.attr_names.0.iter().cloned().collect::<Vec<_>>())
            }
            Err(error) => is_absent(error)?,
        };
        check_same(same, "schema", id)?;
    }
    for (id, given) in &data.cred_defs {
        let same = match ledger::read_cred_def(&pool, None, id).await {
            Ok(there) => serde_json::to_value(&there)?["value"] == given["value"],
            Err(error) => is_absent(error)?,
        };
        check_same(same, "credential definition", id)?;
    }
    Ok(())
}

fn check_same(same: bool, what: &str, id: &str) -> Result<()> {
    if !same {
        bail!("the home's ledger has another {what} {id}; the file is not of that ledger's issuer");
    }
    Ok(())
}

/// Opens the ledger of a home, if it has one.
async fn own_ledger(tutorial: &Tutorial) -> Result<Option<Pool>> {
    let options = tutorial.pool_options();
    match pool::open_pool_ledger_with(tutorial.pools(), POOL_NAME, options).await {
        Ok(pool) => Ok(Some(pool)),
        Err(PoolError::NotCreated { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Returns `true` if the ledger does not have the object, or cannot have one of its identifier.
fn is_absent(error: LedgerError) -> Result<bool> {
    match error {
        LedgerError::NotFound { .. } | LedgerError::InvalidInput { .. } => Ok(true),
        error => Err(error.into()),
    }
}

fn described(data: &PublicData) -> String {
    format!(
        "{} and {}",
        count(data.schemas.len() as u64, "schema", "schemas"),
        count(data.cred_defs.len() as u64, "credential definition", "credential definitions")
    )
}

fn counts(data: &PublicData, file: Option<&Path>) -> Value {
    let schemas: Vec<&String> = data.schemas.keys().collect();
    let cred_defs: Vec<&String> = data.cred_defs.keys().collect();
    let mut counted = json!({"schemas": schemas, "cred_defs": cred_defs});
    if let Some(file) = file {
        counted["output"] = tutorial::format::path_value(file);
    }
    counted
}
