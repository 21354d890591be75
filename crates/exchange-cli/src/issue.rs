//! `negotiate-proof exchange issue`: credentials are signed, attribute by attribute, and kept or written to a file.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use chrono::{DateTime, Utc};
use indy::wallet::Wallet;
use proof_exchange::{
    did::Did,
    fresh::RandomIds,
    holder,
    issuer::{self, Order},
    message::Wanted,
    signature::{KeyMember, ProofType},
};
use serde_json::json;

use super::{
    Desk,
    anoncreds::AnoncredsDesk,
    command::Issue,
    orders::{CredentialOrder, OrderedProof, Orders},
    party::{self, Role},
    write_file,
};
use crate::{
    input,
    report::{self, Ending, counted},
};

/// Issue what is ordered.
pub async fn issue(desk: &Desk<'_>, order: &Issue) -> Result<Ending> {
    let orders = read(order).await?;
    let issuers = party::wallet(desk.stage, Role::Issuer).await?;
    let prover = party::wallet(desk.stage, Role::Holder).await?;
    let mut signers = BTreeMap::new();
    for issuer in &orders.issuers {
        let seed = issuer.seed.as_ref().map(|seed| seed.as_str());
        let signer = party::issuer(&issuers, &issuer.did, seed, &desk.registry).await?;
        signers.insert(issuer.did.as_str(), signer);
    }
    let subject: Did = match &order.subject {
        Some(did) => did.parse()?,
        None => {
            party::party(&prover, Role::Holder, None, &desk.registry)
                .await?
                .did
        }
    };
    let mut written = String::new();
    let mut counts = Counts::default();
    for ordered in &orders.credentials {
        if ordered.proof_type == OrderedProof::CLSignature2019 {
            continue;
        }
        let signer = signers
            .get(ordered.issuer.as_str())
            .context("an issuer was lost")?;
        if order.output.is_none() && is_held(&prover, ordered).await? {
            counts.held += 1;
            continue;
        }
        let credential = issuer::issue(
            &signed_order(ordered, &subject)?,
            signer,
            &mut RandomIds,
            &desk.contexts,
        )
        .await
        .with_context(|| format!("cannot issue {}", name_of(ordered)))?;
        match &order.output {
            Some(_) => {
                written.push_str(&credential.document().to_string());
                written.push('\n');
            }
            None => {
                holder::keep(&prover, &credential).await?;
            }
        }
        counts.signed += 1;
    }
    if let Some(path) = &order.output {
        write_file(path, &written)?;
    }
    issue_anoncreds(desk, &orders, &issuers, &prover, &mut counts).await?;
    counts.tell(desk, order)?;
    Ok(Ending::Done)
}

async fn read(order: &Issue) -> Result<Orders> {
    let text = input::text(&order.orders, "orders").await?;
    let shown = order.orders.display();
    let orders = Orders::read(&text).with_context(|| {
        format!(
            "cannot use {shown}; see `negotiate-proof exchange issue --help` for what orders look like"
        )
    })?;
    let is_cl =
        |credential: &CredentialOrder| credential.proof_type == OrderedProof::CLSignature2019;
    if order.subject.is_some() && orders.credentials.iter().any(is_cl) {
        bail!(
            "an AnonCreds credential is issued together with its holder's wallet; leave --subject out, or the \
             credentials with CLSignature2019"
        );
    }
    Ok(orders)
}

async fn is_held(prover: &Wallet, ordered: &CredentialOrder) -> Result<bool> {
    let Some(id) = &ordered.id else {
        return Ok(false);
    };
    match holder::get(prover, id).await {
        Ok(held) => Ok(held.is_some()),
        Err(error) => Err(error.into()),
    }
}

fn name_of(ordered: &CredentialOrder) -> String {
    let kind = ordered.schema.as_deref().or(ordered.kind.as_deref());
    match (&ordered.id, kind) {
        (Some(id), _) => format!("the credential {id}"),
        (None, kind) => format!("a credential of {}", kind.unwrap_or("no kind")),
    }
}

fn signed_order(ordered: &CredentialOrder, subject: &Did) -> Result<Order> {
    let kind = match (&ordered.schema, &ordered.context, &ordered.kind) {
        (Some(schema), None, None) => Wanted::Schema(schema.clone()),
        (None, Some(context), Some(kind)) => Wanted::LinkedData {
            context: context.clone(),
            kind: kind.clone(),
        },
        _ => bail!(
            "{} needs either `schema`, or `context` and `type`; correct the orders",
            name_of(ordered)
        ),
    };
    let (proof_type, key_member) = match ordered.proof_type {
        OrderedProof::JcsEd25519Signature2020 => (
            ProofType::JcsEd25519Signature2020,
            KeyMember::VerificationMethod,
        ),
        OrderedProof::Ed25519Signature2018 => (
            ProofType::Ed25519Signature2018,
            KeyMember::VerificationMethod,
        ),
        OrderedProof::Ed25519VerificationKey2018 | OrderedProof::CLSignature2019 => {
            (ProofType::Ed25519VerificationKey2018, KeyMember::Creator)
        }
    };
    Ok(Order {
        id: ordered.id.clone(),
        subject: subject.clone(),
        kind,
        issued: match &ordered.issuance_date {
            Some(date) => read_date(ordered, date)?,
            None => Utc::now(),
        },
        expires: match &ordered.expiration_date {
            Some(date) => Some(read_date(ordered, date)?),
            None => None,
        },
        attributes: ordered.attributes.clone().into_iter().collect(),
        proof_type,
        key_member,
    })
}

fn read_date(ordered: &CredentialOrder, date: &str) -> Result<DateTime<Utc>> {
    let read = DateTime::parse_from_rfc3339(date).with_context(|| {
        format!(
            "{}: {date:?} is no date; write it as 2026-01-31T18:00:00Z",
            name_of(ordered)
        )
    })?;
    Ok(read.to_utc())
}

/// Issue the credentials that answer in zero knowledge, if there are any.
async fn issue_anoncreds(
    desk: &Desk<'_>,
    orders: &Orders,
    issuers: &Wallet,
    prover: &Wallet,
    counts: &mut Counts,
) -> Result<()> {
    let is_cl = |order: &&CredentialOrder| order.proof_type == OrderedProof::CLSignature2019;
    let ordered: Vec<&CredentialOrder> = orders.credentials.iter().filter(is_cl).collect();
    if ordered.is_empty() && orders.schemas.is_empty() {
        return Ok(());
    }
    let mut anoncreds = AnoncredsDesk::open(desk.stage, &desk.registry, issuers, prover).await?;
    for issuer in &orders.issuers {
        if let Some(did) = issuer.did.strip_prefix("did:sov:") {
            anoncreds.register(did).await?;
        }
    }
    for schema in &orders.schemas {
        anoncreds.schema(schema).await?;
    }
    for order in ordered {
        let Some(id) = &order.id else {
            bail!("{} needs an `id`; give it one", name_of(order));
        };
        let issued = anoncreds.issue(order, id).await;
        match issued.with_context(|| format!("cannot issue {}", name_of(order)))? {
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
    fn tell(&self, desk: &Desk<'_>, order: &Issue) -> Result<()> {
        let issued = counted(self.signed + self.anoncreds, "credential", "credentials");
        let place = match &order.output {
            Some(path) => format!("written to {}", path.display()),
            None => "kept in the prover's wallet".to_owned(),
        };
        let held = match self.held {
            0 => String::new(),
            held => format!("; there already: {held}"),
        };
        report::done(
            desk.style,
            &format!("{issued} issued and {place}{held}."),
            &json!({"signed": self.signed, "anoncreds": self.anoncreds, "held_already": self.held}),
        )
    }
}
