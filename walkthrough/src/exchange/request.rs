//! `negotiate-proof exchange request`: a request is made, signed, and put on the shelf.

use anyhow::{Context, Result, ensure};
use chrono::{SecondsFormat, Utc};
use proof_exchange::{
    http::{self, RequestShelf, qr},
    message::{Mode, ProofRequest, Received},
    signature::{self, Covers, EXCHANGE_CONTEXT, KeyMember, ProofType, SignatureOptions},
};
use serde_json::{Value, json};
use stage::narrator::NarrationStyle;
use url::Url;
use uuid::Uuid;

use super::{
    Desk,
    command::{Request, SignAs},
    party::{self, Role},
    read_json, write_file,
};
use crate::report::{self, Ending};

const CREDENTIALS_CONTEXT: &str = "https://www.w3.org/2018/credentials/v1";

/// Make, sign and publish a request.
pub async fn request(desk: &Desk<'_>, order: &Request) -> Result<Ending> {
    let server = Url::parse(&order.url).with_context(|| {
        format!(
            "cannot use {:?} as the server's URL; write it as http://127.0.0.1:8700",
            order.url
        )
    })?;
    let mut body = read_json(&order.criteria, "a request's criteria").await?;
    ensure!(
        body.is_object(),
        "{} is no JSON object; write {{\"description\": ..., \"criteria\": [...]}}",
        order.criteria.display()
    );
    let wallet = party::wallet(desk.stage, Role::Verifier).await?;
    let verifier = party::party(
        &wallet,
        Role::Verifier,
        order.did.as_deref(),
        &desk.registry,
    )
    .await?;
    let now = Utc::now();
    body["verifier"] = verifier.did.as_str().into();
    let expires = now + order.expires_in;
    body["expires"] = expires.to_rfc3339_opts(SecondsFormat::Secs, true).into();

    let id = Uuid::new_v4();
    let id = match order.sign_as {
        SignAs::JsonLd => format!("urn:uuid:{id}"),
        SignAs::Json | SignAs::Jcs => id.to_string(),
    };
    let mut document = json!({
        "id": id,
        "proofURL": http::response_url(&server, &id).as_str(),
        "proofRequest": body,
    });
    if order.sign_as == SignAs::JsonLd {
        document["@context"] = json!([CREDENTIALS_CONTEXT, EXCHANGE_CONTEXT]);
        document["type"] = json!(["ProofRequest"]);
    }
    // before it is signed: what is wrong with the criteria is said first
    Received::<ProofRequest>::of(document.clone(), Mode::Usual)
        .with_context(|| format!("cannot use {}", order.criteria.display()))?;
    let options = SignatureOptions {
        proof_type: order.sign_as.proof_type(),
        created: now,
        nonce: Uuid::new_v4().to_string(),
        key_member: order.sign_as.key_member(),
    };
    let proof = signature::sign(
        &document,
        Covers::Message,
        &options,
        &verifier.signer,
        &desk.contexts,
    )
    .await?;
    document["proof"] = serde_json::to_value(proof)?;
    let request = Received::<ProofRequest>::of(document, Mode::Usual)?;
    RequestShelf::open(desk.directory("requests"))?.put(&request)?;
    tell(
        desk,
        order,
        &http::request_url(&server, &id),
        request.document(),
    )
}

fn tell(desk: &Desk<'_>, order: &Request, url: &Url, document: &Value) -> Result<Ending> {
    let text = format!("{document:#}\n");
    match (&order.output, desk.style) {
        (Some(path), _) => write_file(path, &text)?,
        (None, NarrationStyle::Story) => crate::print(text.as_bytes())?,
        (None, _) => {}
    }
    if order.qr && desk.style == NarrationStyle::Story {
        crate::print(qr::terminal(url)?.as_bytes())?;
    }
    report::done(
        desk.style,
        &format!("The request is signed; once it is served, its URL is {url}"),
        &json!({"request": document, "url": url.as_str()}),
    )?;
    Ok(Ending::Done)
}

impl SignAs {
    fn proof_type(self) -> ProofType {
        match self {
            Self::Json => ProofType::Ed25519VerificationKey2018,
            Self::Jcs => ProofType::JcsEd25519Signature2020,
            Self::JsonLd => ProofType::Ed25519Signature2018,
        }
    }

    fn key_member(self) -> KeyMember {
        match self {
            Self::Json => KeyMember::Creator,
            Self::Jcs | Self::JsonLd => KeyMember::VerificationMethod,
        }
    }
}
