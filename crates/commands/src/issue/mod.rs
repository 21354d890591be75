//! `negotiate-proof issue`: credentials with one's own schema and values.
//!
//! In one home, the whole at once; between an issuer's home and a holder's, in four parts with a
//! file after each: offer, request, credential.
//!
//! | module | subject |
//! |---|---|
//! | `issuer` | the issuer's part: DID, schema, credential definition, offer, credential |
//! | `holder` | the holder's part: request, storing |

pub(crate) mod holder;
mod issuer;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use clap::{
    ArgMatches, Args, FromArgMatches, Subcommand, ValueHint, builder::NonEmptyStringValueParser,
};
use indy::anoncreds::{self, CredentialOffer, CredentialRequest, KeySource, ReceivedCredential};
use proofs::kinds::ObjectKind;
use serde_json::{Value, json};
use tutorial::{
    Format, Status, Tutorial, TutorialOptions,
    data::CRED_DEF_TAG,
    input,
    options::{HomeOptions, KeyOptions, OutputOptions},
    report,
};

use zeroize::Zeroizing;

use crate::{holder::HolderOptions, messages, open_existing, values::AttributeValues};
use holder::Holder;
use issuer::{Issuer, SchemaFile};

pub(crate) const EXAMPLES: &str = "\
Examples:
  negotiate-proof issue --schema degree.json --values ann.json --home college
      issuer and holder in one home

  negotiate-proof issue offer --schema degree.json --home college --output offer.json
  negotiate-proof public export --home college --output public.json
  negotiate-proof public import public.json --home ann
  negotiate-proof issue accept offer.json --home ann --output request.json
  negotiate-proof issue sign request.json --offer offer.json --values ann.json \\
    --home college --output credential.json
  negotiate-proof issue store credential.json --home ann
      the same between two homes, which may be on two machines

A schema:  {\"name\": \"degree\", \"version\": \"1.0\", \"attributes\": [\"name\", \"grade\", \"born_dateint\"]}
Values:    {\"name\": \"Ann\", \"grade\": 2, \"born_dateint\": \"2001-05-17\"}

A value is a text, a number, true, false, a date (for an attribute whose name ends in _dateint), or
{\"file\": \"photo.jpg\"}. Numbers of 32 bits and dates are signed as numbers, which predicates compare;
everything else is signed as its SHA-256.";

/// A credential to issue, or a part of the issuing.
#[derive(Clone, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Issue {
    /// A part of it.
    #[command(subcommand)]
    part: Option<Part>,
    /// The whole in one home.
    #[command(flatten)]
    whole: WithoutPart,
}

/// What is given without a subcommand. (clap's own `Option` of flattened arguments that have
/// flattened ones themselves is always `None`.)
#[derive(Clone)]
struct WithoutPart(Option<Whole>);

impl Args for WithoutPart {
    fn augment_args(command: clap::Command) -> clap::Command {
        Whole::augment_args(command)
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Whole::augment_args_for_update(command)
    }
}

impl FromArgMatches for WithoutPart {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let is_given = matches.contains_id("values");
        Ok(Self(is_given.then(|| Whole::from_arg_matches(matches)).transpose()?))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Issuer and holder in one home.
#[derive(Clone, Args)]
struct Whole {
    /// The values of the credential, in JSON; - for standard input
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    values: PathBuf,
    /// The id of the credential in the wallet; a random one if left out
    #[arg(long, value_name = "ID", value_parser = NonEmptyStringValueParser::new())]
    id: Option<String>,
    /// What the holder chooses.
    #[command(flatten)]
    secret: SecretOptions,
    /// What the credential is of.
    #[command(flatten)]
    definition: DefinitionOptions,
    /// The holder, and how results are printed.
    #[command(flatten)]
    holder: HolderOptions,
}

/// A part of the issuing, each with a file as its result.
#[derive(Clone, Subcommand)]
enum Part {
    /// Issuer: make an offer of a credential; makes the schema and the credential definition if
    /// need be
    Offer(Offer),
    /// Holder: ask for the credential of an offer
    Accept(Accept),
    /// Issuer: sign the values for a holder's request
    Sign(Sign),
    /// Holder: store the credential that the issuer has signed
    Store(Store),
}

#[derive(Clone, Args)]
struct Offer {
    /// What the credential is of.
    #[command(flatten)]
    definition: DefinitionOptions,
    /// The file for the offer; standard output if left out
    #[arg(long = "output", id = "file", value_name = "FILE", value_hint = ValueHint::FilePath)]
    file: Option<PathBuf>,
    /// The home.
    #[command(flatten)]
    home: HomeOptions,
    /// How results are printed.
    #[command(flatten)]
    output: OutputOptions,
}

#[derive(Clone, Args)]
struct Accept {
    /// A file with the offer; - for standard input
    #[arg(value_hint = ValueHint::FilePath)]
    offer: PathBuf,
    /// The file for the request; standard output if left out
    #[arg(long = "output", id = "file", value_name = "FILE", value_hint = ValueHint::FilePath)]
    file: Option<PathBuf>,
    /// What the holder chooses.
    #[command(flatten)]
    secret: SecretOptions,
    /// The holder, and how results are printed.
    #[command(flatten)]
    holder: HolderOptions,
}

#[derive(Clone, Args)]
struct Sign {
    /// A file with the holder's request; - for standard input
    #[arg(value_hint = ValueHint::FilePath)]
    request: PathBuf,
    /// The file with the offer that the request answers
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    offer: PathBuf,
    /// The values of the credential, in JSON; - for standard input
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    values: PathBuf,
    /// The file for the credential; standard output if left out
    #[arg(long = "output", id = "file", value_name = "FILE", value_hint = ValueHint::FilePath)]
    file: Option<PathBuf>,
    /// The home.
    #[command(flatten)]
    home: HomeOptions,
    /// How results are printed.
    #[command(flatten)]
    output: OutputOptions,
}

#[derive(Clone, Args)]
struct Store {
    /// A file with the credential; - for standard input
    #[arg(value_hint = ValueHint::FilePath)]
    credential: PathBuf,
    /// The id of the credential in the wallet; a random one if left out
    #[arg(long, value_name = "ID", value_parser = NonEmptyStringValueParser::new())]
    id: Option<String>,
    /// Store it also if the issuer encodes a text in another way than the standard one
    #[arg(long)]
    any_encoding: bool,
    /// The holder, and how results are printed.
    #[command(flatten)]
    holder: HolderOptions,
}

/// What a credential is of.
#[derive(Clone, Args)]
struct DefinitionOptions {
    /// The schema, in JSON: {"name": ..., "version": ..., "attributes": [...]}
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    schema: PathBuf,
    /// Which of the home's issuers issues; one of a new name gets a DID
    #[arg(
        long,
        value_name = "NAME",
        default_value = "trust anchor",
        value_parser = NonEmptyStringValueParser::new()
    )]
    issuer: String,
    /// A file with the seed of the issuer's DID, if the ledger has that already and knows it as one
    /// that may publish
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "issuer")]
    issuer_seed: Option<PathBuf>,
    /// The tag of the credential definition
    #[arg(long, default_value = CRED_DEF_TAG)]
    tag: String,
    /// Where the issuer's key comes from.
    #[command(flatten)]
    key: KeyOptions,
}

/// What a holder chooses.
#[derive(Clone, Args)]
struct SecretOptions {
    /// The link secret to bind the credential to, by its name; made if the wallet has none
    #[arg(long, value_name = "NAME")]
    link_secret: Option<String>,
}

impl Issue {
    pub(crate) async fn run(&self, opened: &mut Option<Tutorial>) -> Result<Status> {
        match (&self.part, &self.whole) {
            (Some(Part::Offer(offer)), _) => offer.run(opened).await,
            (Some(Part::Accept(accept)), _) => accept.run(opened).await,
            (Some(Part::Sign(sign)), _) => sign.run(opened).await,
            (Some(Part::Store(store)), _) => store.run(opened).await,
            (None, WithoutPart(whole)) => {
                // the command line has one of the two
                let whole = whole.as_ref().context("name a schema and values")?;
                whole.run(opened).await
            }
        }
    }
}

impl Whole {
    async fn run(&self, opened: &mut Option<Tutorial>) -> Result<Status> {
        let format = self.holder.format();
        let schema = self.definition.schema().await?;
        let values = AttributeValues::read(&self.values).await?;
        check_values(&values, schema.attributes(), &self.values)?;

        let tutorial = opened.insert(self.definition.home(self.holder.home(), format)?);
        let issuer = self.definition.issuer(tutorial).await?;
        let offer = issuer.offer(&schema, &self.definition.tag).await?;
        let holder =
            Holder::open(tutorial, &self.holder, self.secret.link_secret.as_deref()).await?;
        let request = holder.request(&offer).await?;
        let credential = anoncreds::issuer_create_credential(
            issuer.wallet(),
            &offer,
            &request,
            values.credential_values(),
        )
        .await?;
        let received = match holder.held(&credential).await? {
            Some(id) => ReceivedCredential { id, is_new: false },
            None => holder.store(self.id.as_deref(), &credential).await?,
        };
        if format == Format::Text {
            issuer.print(&offer)?;
            values.print()?;
        }
        let mut object = json!({
            "issuer": issuer.did(),
            "schema_id": offer.schema_id.0,
            "cred_def_id": offer.cred_def_id.0,
        });
        object["values"] = values.to_json();
        print_received(format, &received, object)?;
        Ok(Status::Good)
    }
}

impl Offer {
    async fn run(&self, opened: &mut Option<Tutorial>) -> Result<Status> {
        messages::check_new(messages::file(&self.file))?;
        let schema = self.definition.schema().await?;
        let format = self.output.format();
        let tutorial = opened.insert(self.definition.home(&self.home, format)?);
        let issuer = self.definition.issuer(tutorial).await?;
        let offer = issuer.offer(&schema, &self.definition.tag).await?;
        messages::write(messages::file(&self.file), &offer)?;
        let object = json!({
            "issuer": issuer.did(),
            "schema_id": offer.schema_id.0,
            "cred_def_id": offer.cred_def_id.0,
        });
        written(
            format,
            messages::file(&self.file),
            "the offer: give it to the holder",
            object,
            || issuer.print(&offer),
        )
    }
}

impl Accept {
    async fn run(&self, opened: &mut Option<Tutorial>) -> Result<Status> {
        messages::check_new(messages::file(&self.file))?;
        let offer: CredentialOffer =
            messages::read(&self.offer, ObjectKind::CredentialOffer).await?;
        let format = self.holder.format();
        let tutorial = self.holder.open_home(opened)?;
        let holder =
            Holder::open(tutorial, &self.holder, self.secret.link_secret.as_deref()).await?;
        let request = holder.request(&offer).await?;
        messages::write(messages::file(&self.file), &request)?;
        let object = json!({"cred_def_id": offer.cred_def_id.0, "schema_id": offer.schema_id.0});
        let what = "the request: give it to the issuer";
        written(format, messages::file(&self.file), what, object, || Ok(()))
    }
}

impl Sign {
    async fn run(&self, opened: &mut Option<Tutorial>) -> Result<Status> {
        messages::check_new(messages::file(&self.file))?;
        let inputs = [&self.request, &self.offer, &self.values];
        ensure!(
            inputs.iter().filter(|path| **path == Path::new("-")).count() < 2,
            "only one of request, offer and values can be standard input; name files for the others"
        );
        let request: CredentialRequest =
            messages::read(&self.request, ObjectKind::CredentialRequest).await?;
        let offer: CredentialOffer =
            messages::read(&self.offer, ObjectKind::CredentialOffer).await?;
        let values = AttributeValues::read(&self.values).await?;
        let format = self.output.format();
        let tutorial = open_existing(&self.home, format, opened)?;
        let wallet = issuer::wallet(tutorial).await?;
        let attributes = issuer::attributes(&wallet, &offer).await?;
        check_values(&values, attributes.iter().map(String::as_str), &self.values)?;
        let credential = anoncreds::issuer_create_credential(
            &wallet,
            &offer,
            &request,
            values.credential_values(),
        )
        .await
        .with_context(|| {
            format!(
                "cannot sign for {}, which must answer {}",
                self.request.display(),
                self.offer.display()
            )
        })?;
        messages::write(messages::file(&self.file), &credential)?;
        let mut object =
            json!({"cred_def_id": offer.cred_def_id.0, "schema_id": offer.schema_id.0});
        object["values"] = values.to_json();
        let what = "the credential: give it to the holder, and to no one else";
        written(format, messages::file(&self.file), what, object, || Ok(values.print()?))
    }
}

impl Store {
    async fn run(&self, opened: &mut Option<Tutorial>) -> Result<Status> {
        let credential: anoncreds::Credential =
            messages::read(&self.credential, ObjectKind::Credential).await?;
        if !self.any_encoding {
            holder::check_encodings(&credential)
                .with_context(|| format!("cannot store {}", self.credential.display()))?;
        }
        let format = self.holder.format();
        let (tutorial, wallet) = self.holder.open(opened).await?;
        let holder = Holder::of(wallet, tutorial);
        let received = holder.store(self.id.as_deref(), &credential).await?;
        let object = json!({
            "schema_id": credential.schema_id.0,
            "cred_def_id": credential.cred_def_id.0,
        });
        print_received(format, &received, object)?;
        Ok(Status::Good)
    }
}

impl DefinitionOptions {
    /// Reads the schema.
    async fn schema(&self) -> Result<SchemaFile> {
        let schema = SchemaFile::read(&self.schema).await?;
        if let KeySource::Prepared(key) = self.key.source()? {
            let names: Vec<&str> = schema.attributes().collect();
            ensure!(
                key.fits(&names),
                "the prepared key is for other attributes than those of {}; make one with `negotiate-proof prepare-key FILE \
                 --attributes '{}'`",
                self.schema.display(),
                names.join(",")
            );
        }
        Ok(schema)
    }

    /// Opens the home with the issuer's key, if there is a prepared one.
    fn home(&self, home: &HomeOptions, format: Format) -> Result<Tutorial> {
        let key_source = self.key.source()?;
        Ok(Tutorial::open(TutorialOptions { key_source, ..home.tutorial_options(format) })?)
    }

    /// Opens the issuer.
    async fn issuer<'t>(&self, tutorial: &'t Tutorial) -> Result<Issuer<'t>> {
        let seed = match &self.issuer_seed {
            Some(path) => Some(Zeroizing::new(input::text(path, "a seed").await?)),
            None => None,
        };
        let seed = seed.as_ref().map(|seed| seed.trim_end_matches(['\r', '\n']));
        Issuer::open(tutorial, &self.issuer, seed).await
    }
}

fn check_values<'a>(
    values: &AttributeValues,
    attributes: impl IntoIterator<Item = &'a str>,
    file: &Path,
) -> Result<()> {
    values.check_attributes(attributes).with_context(|| format!("cannot use {}", file.display()))
}

/// Ends a part whose result went to a file, or to standard output, where nothing is added to it.
fn written(
    format: Format,
    file: Option<&Path>,
    what: &str,
    mut object: Value,
    details: impl FnOnce() -> Result<()>,
) -> Result<Status> {
    if let Some(file) = file {
        if format == Format::Text {
            details()?;
        }
        object["output"] = tutorial::format::path_value(file);
        report::message(format, &format!("{} holds {what}.", file.display()), &object)?;
    }
    Ok(Status::Good)
}

fn print_received(format: Format, received: &ReceivedCredential, mut object: Value) -> Result<()> {
    let ReceivedCredential { id, is_new } = received;
    object["credential_id"] = json!(id);
    object["is_new"] = json!(is_new);
    let sentence = match is_new {
        true => format!("The prover's wallet holds the credential {id}."),
        false => format!(
            "The prover's wallet has this credential already, {id}; it was kept, and no other was stored."
        ),
    };
    report::message(format, &sentence, &object)?;
    Ok(())
}
