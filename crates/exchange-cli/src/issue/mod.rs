//! `proof-exchange issue`: credentials are signed, and kept or written to a file.
//!
//! | module | subject |
//! |---|---|
//! | [`orders`] | which credentials to issue, from a file |
//! | [`anoncreds`] | issuing those that answer in zero knowledge |

mod anoncreds;
mod orders;

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use chrono::Utc;
use exchange::{
    did::Did,
    holder,
    id::RandomIds,
    issuer::{self, NewCredential},
    signature::KeyMember,
};
use indy::wallet::Wallet;
use serde_json::json;
use tutorial::{
    Status, input,
    report::{self, count},
};

use crate::{
    cli::Issue,
    context::{CommandContext, held_name, write_file},
    identity,
    registry::SCHEMAS,
};
use anoncreds::AnoncredsIssuer;
use orders::{OrderedCredential, Orders};

/// Issues what a file orders.
pub async fn issue(context: &CommandContext<'_>, args: &Issue) -> Result<Status> {
    let orders = read(args).await?;
    let registry = &context.registry;
    let issuers = identity::wallet(context.tutorial, identity::ISSUER).await?;
    let prover = identity::wallet(context.tutorial, identity::HOLDER).await?;
    let mut signers = BTreeMap::new();
    for issuer in &orders.issuers {
        let (file, seed) = (issuer.key.as_deref(), issuer.seed.as_deref().map(String::as_str));
        let identity = identity::published(&issuers, &issuer.did, file, seed).await?;
        identity.publish(registry)?;
        signers.insert(issuer.did.as_str(), identity.signer);
    }
    let subject: Did = match &args.subject {
        Some(did) => did.parse()?,
        None => identity::own(&prover, identity::HOLDER).await?.did,
    };
    for (id, attributes) in orders.published_schemas() {
        let schema = json!({"id": id, "attributes": attributes});
        registry.publish(SCHEMAS, id, &schema, |there| *there == schema)?;
    }
    let mut written = String::new();
    let mut counts = Counts::default();
    for ordered in &orders.credentials {
        let Some(proof_type) = ordered.proof_type else {
            continue;
        };
        let signer = signers.get(ordered.issuer.as_str()).context("an issuer was lost")?;
        if let (Some(id), None) = (&ordered.id, &args.output)
            && held_name(&prover, id, &ordered.issuer).await?.is_some()
        {
            counts.held += 1;
            continue;
        }
        let new = NewCredential {
            id: ordered.id.clone(),
            subject: subject.clone(),
            kind: ordered.kind().context("a credential's kind was lost")?,
            issued: ordered.issuance_date.unwrap_or_else(Utc::now),
            expires: ordered.expiration_date,
            attributes: ordered.attributes.clone().into_iter().collect(),
            proof_type,
            key_member: KeyMember::default(),
        };
        let issued = issuer::issue(&new, &**signer, &mut RandomIds, &context.contexts).await;
        let credential = issued.with_context(|| format!("cannot issue {}", name_of(ordered)))?;
        match &args.output {
            Some(_) => {
                written.push_str(&credential.document().to_string());
                written.push('\n');
            }
            None => {
                holder::store(&prover, &credential).await?;
            }
        }
        counts.signed += 1;
    }
    if let Some(path) = &args.output {
        write_file(path, &written)?;
    }
    issue_anoncreds(context, &orders, &issuers, &prover, &mut counts).await?;
    counts.print(context, args)?;
    Ok(Status::Good)
}

async fn read(args: &Issue) -> Result<Orders> {
    let text = input::text(&args.orders, "orders").await?;
    let shown = input::shown(&args.orders);
    let orders = Orders::read(&text).with_context(|| {
        format!("cannot use {shown}; see `proof-exchange issue --help` for what orders look like")
    })?;
    if args.subject.is_some() && orders.anoncreds().next().is_some() {
        bail!(
            "an AnonCreds credential is issued together with its holder's wallet; leave --subject out, or the \
             credentials with CLSignature2019"
        );
    }
    Ok(orders)
}

fn name_of(ordered: &OrderedCredential) -> String {
    let kind = ordered.schema.as_deref().or(ordered.kind.as_deref());
    match (&ordered.id, kind) {
        (Some(id), _) => format!("the credential {id}"),
        (None, kind) => format!("a credential of {}", kind.unwrap_or("no kind")),
    }
}

/// Issues the credentials that answer in zero knowledge, if there are any.
async fn issue_anoncreds(
    context: &CommandContext<'_>,
    orders: &Orders,
    issuers: &Wallet,
    prover: &Wallet,
    counts: &mut Counts,
) -> Result<()> {
    let mut schemas = orders.schemas.iter().filter(|schema| schema.id.is_none()).peekable();
    if orders.anoncreds().next().is_none() && schemas.peek().is_none() {
        return Ok(());
    }
    let mut issuer =
        AnoncredsIssuer::open(context.tutorial, &context.registry, issuers, prover).await?;
    for ordered in &orders.issuers {
        if let Some(did) = ordered.did.strip_prefix("did:sov:") {
            issuer.register(did).await?;
        }
    }
    for schema in schemas {
        issuer.write_schema(schema).await?;
    }
    for credential in orders.anoncreds() {
        let Some(id) = &credential.id else {
            bail!("{} needs an `id`; give it one", name_of(credential));
        };
        let issued = issuer.issue(credential, id).await;
        match issued.with_context(|| format!("cannot issue {}", name_of(credential)))? {
            true => counts.anoncreds += 1,
            false => counts.held += 1,
        }
    }
    Ok(())
}

/// What was issued.
#[derive(Default)]
struct Counts {
    signed: u64,
    anoncreds: u64,
    held: u64,
}

impl Counts {
    fn print(&self, context: &CommandContext<'_>, args: &Issue) -> Result<()> {
        let issued = count(self.signed + self.anoncreds, "credential", "credentials");
        let place = match &args.output {
            Some(path) => format!("written to {}", path.display()),
            None => "kept in the prover's wallet".to_owned(),
        };
        let held = match self.held {
            0 => String::new(),
            held => format!("; there already: {held}"),
        };
        report::message(
            context.format,
            &format!("{issued} issued and {place}{held}."),
            &json!({"signed": self.signed, "anoncreds": self.anoncreds, "held_already": self.held}),
        )?;
        Ok(())
    }
}
