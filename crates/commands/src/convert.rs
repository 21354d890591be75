//! `negotiate-proof convert`: objects of Indy in the form of AnonCreds 1.0, and back.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, Error, Result, anyhow, ensure};
use clap::{Args, ValueEnum, ValueHint};
use proofs::{
    Case, PublicData,
    forms::{self, ConversionError, Converted, Need, Note, Sources},
    kinds::{Form, ObjectKind, recognise},
    limits::MAX_CASE_BYTES,
    objects,
};
use serde_json::{Value, json};
use stdx::text::{self, Whole};
use tutorial::{Format, Status, format, input, options::OutputOptions, output, report};

use crate::records::documents;

pub(crate) const EXAMPLES: &str = "\
Examples:
  negotiate-proof convert --to anoncreds schema.json
  negotiate-proof convert --to anoncreds --schema schema.json cred-def.json
  negotiate-proof convert --to indy cred-def.json \\
    --id GXTcLV6BkgoL2Lu9UPRRNu:3:CL:8:TAG1
  negotiate-proof convert --to anoncreds alex.json | negotiate-proof verify -";

/// The objects to convert.
#[derive(Debug, Clone, Args)]
pub struct Convert {
    /// Files with an object each, or several after each other; - for standard input
    #[arg(required = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    files: Vec<PathBuf>,
    /// The form to convert to
    #[arg(long, value_enum)]
    to: Target,
    /// The object's identifier, which AnonCreds 1.0's form does not contain
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    /// Its issuer's identifier, if the object's does not begin with it
    #[arg(long, value_name = "ID")]
    issuer_id: Option<String>,
    /// The schema of a credential definition, in either form
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    schema: Option<PathBuf>,
    /// The identifier of that schema
    #[arg(long, value_name = "ID")]
    schema_id: Option<String>,
    /// The sequence number of that schema, or of the schema itself, on the ledger
    #[arg(long, value_name = "N")]
    seq_no: Option<u64>,
    /// The definition of a revocation registry, in either form
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    registry: Option<PathBuf>,
    /// The revocation status list that a change of the registry continues
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    earlier: Option<PathBuf>,
    /// Since when a change of the registry is valid, in seconds since 1970
    #[arg(long, value_name = "SECONDS")]
    timestamp: Option<u64>,
    /// How results are printed.
    #[command(flatten)]
    output: OutputOptions,
}

/// The form to convert to.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Target {
    /// As Indy's ledgers and libraries have it
    Indy,
    /// As AnonCreds 1.0 specifies it
    Anoncreds,
}

impl From<Target> for Form {
    fn from(target: Target) -> Self {
        match target {
            Target::Indy => Self::Indy,
            Target::Anoncreds => Self::AnonCreds,
        }
    }
}

impl Convert {
    /// Converts each object and prints it.
    pub(crate) async fn run(&self) -> Result<Status> {
        let sources = self.sources().await?;
        let mut status = Status::Good;
        for path in &self.files {
            let text = match input::text_up_to(path, "an object", MAX_CASE_BYTES).await {
                Ok(text) => text,
                Err(error) => {
                    report::error(&error.into());
                    status = Status::Undecided;
                    continue;
                }
            };
            let documents = documents(&text);
            ensure!(
                sources.id.is_none() || (self.files.len() == 1 && documents.len() == 1),
                "--id is the identifier of one object; convert one at a time"
            );
            for document in documents {
                if let Err(error) = self.convert(path, document, &sources) {
                    // that the reader of standard output has closed it ends everything
                    if error.is::<io::Error>() {
                        return Err(error);
                    }
                    let place = format!("{}: ", path.display());
                    report::error_in(&Whole(&place).to_string(), &error, None);
                    status = Status::Undecided;
                }
            }
        }
        Ok(status)
    }

    async fn sources(&self) -> Result<Sources> {
        Ok(Sources {
            id: self.id.clone(),
            issuer_id: self.issuer_id.clone(),
            schema: read(self.schema.as_deref(), "a schema").await?,
            schema_id: self.schema_id.clone(),
            seq_no: self.seq_no,
            registry: read(self.registry.as_deref(), "a revocation registry definition").await?,
            earlier: read(self.earlier.as_deref(), "a revocation status list").await?,
            timestamp: self.timestamp,
        })
    }

    /// Converts the object of a text, and prints it.
    fn convert(&self, path: &Path, document: &str, sources: &Sources) -> Result<()> {
        let value = parse(document)?;
        let to = Form::from(self.to);
        let (value, sources) = unwrapped(value, sources);
        let done = match recognise(&value) {
            ObjectKind::Case => case(value, to)?,
            ObjectKind::OtherObject => match PublicData::from_json(document) {
                Ok(data) => public_data(data, to)?,
                Err(_) => return Err(explain(ConversionError::OtherKind(ObjectKind::OtherObject))),
            },
            _ => forms::convert(&value, to, &sources).map_err(explain)?,
        };
        Ok(self.print(path, &done)?)
    }

    fn print(&self, path: &Path, done: &Converted) -> io::Result<()> {
        match self.output.format() {
            Format::Quiet => return Ok(()),
            Format::Json => {
                let notes: Vec<String> = done.notes.iter().map(Note::to_string).collect();
                return format::line(&json!({
                    "id": done.id,
                    "kind": done.kind.name(),
                    "object": done.object,
                    "notes": notes,
                }));
            }
            Format::Text => {}
        }
        // it may reach a terminal too
        writeln!(output::data(), "{}", text::json(&done.object.to_string()))?;
        let mut err = output::messages();
        let place = path.display();
        if let Some(id) = done.id.as_ref().filter(|_| done.object.get("id").is_none()) {
            // nothing is left to do if standard error is closed
            let _ = writeln!(err, "{}", Whole(&format!("{place}: its identifier is {id}")));
        }
        for note in &done.notes {
            let _ = writeln!(err, "{}", Whole(&format!("{place}: {note}")));
        }
        Ok(())
    }
}

/// Reads an object that is given beside those that are converted.
async fn read(path: Option<&Path>, what: &'static str) -> Result<Option<Value>> {
    let Some(path) = path else { return Ok(None) };
    let text = input::text_up_to(path, what, MAX_CASE_BYTES).await?;
    parse(&text).map(Some).with_context(|| format!("cannot use {}", path.display()))
}

/// Parses JSON in which no member occurs twice.
fn parse(text: &str) -> Result<Value> {
    objects::check_json(text).map_err(|fault| anyhow!("{fault}"))?;
    Ok(serde_json::from_str(text)?)
}

/// Takes an object out of `{"id": ..., "object": ...}`.
fn unwrapped(value: Value, sources: &Sources) -> (Value, Sources) {
    let mut sources = sources.clone();
    match (value.get("id").and_then(Value::as_str), value.get("object")) {
        (Some(id), Some(object)) => {
            sources.id.get_or_insert_with(|| id.to_owned());
            (object.clone(), sources)
        }
        _ => (value, sources),
    }
}

fn case(value: Value, to: Form) -> Result<Converted> {
    let case: Case = serde_json::from_value(value).context("cannot read the case")?;
    let (case, notes) = forms::convert_case(&case, to);
    let object = serde_json::to_value(&case)?;
    Ok(Converted { kind: ObjectKind::Case, object, id: case.id, notes })
}

/// Converts public data without a presentation.
fn public_data(data: PublicData, to: Form) -> Result<Converted> {
    let case = Case {
        schemas: data.schemas,
        cred_defs: data.cred_defs,
        rev_reg_defs: data.rev_reg_defs,
        rev_regs: data.rev_regs,
        rev_status_lists: data.rev_status_lists,
        ..Case::default()
    };
    let (case, notes) = forms::convert_case(&case, to);
    let mut object = serde_json::to_value(&case)?;
    if let Some(members) = object.as_object_mut() {
        members.retain(|_, value| !value.is_null());
    }
    Ok(Converted { kind: ObjectKind::OtherObject, object, id: None, notes })
}

/// Returns the error of an object, with what to do.
fn explain(error: ConversionError) -> Error {
    let advice = match &error {
        ConversionError::OtherKind(kind) if kind.is_secret() => {
            "it is a secret; keep it where it was"
        }
        ConversionError::OtherKind(ObjectKind::ProofRecord) => {
            "make a case of it with `negotiate-proof case from`, and convert that"
        }
        ConversionError::OtherKind(_) => {
            "give a schema, a credential definition, a revocation registry definition, a registry or a status list, a \
             request, a presentation, a credential, an offer, a request for a credential, or a case"
        }
        ConversionError::Needs { need, .. } => match need {
            Need::Identifier => "give it with --id ID",
            Need::Issuer => "give it with --issuer-id ID, or the object's identifier with --id ID",
            Need::Schema => "give it with --schema FILE or --schema-id ID",
            Need::SequenceNumber => {
                "give it with --seq-no N, with the ledger's schema in --schema FILE, or give the object's identifier \
                 with --id ID"
            }
            Need::Registry => "give it with --registry FILE",
            Need::Earlier => "give it with --earlier FILE",
            Need::Timestamp => "give it with --timestamp SECONDS",
            _ => "take the change from the ledger (GET_REVOC_REG_DELTA), which has it",
        },
        _ => return error.into(),
    };
    anyhow!("{error}; {advice}")
}
