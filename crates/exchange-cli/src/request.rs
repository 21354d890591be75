//! `negotiate-proof exchange request`: a request is made, signed, and put on the shelf.

use anyhow::{Context, Result, bail};
use chrono::Utc;
use proof_exchange::{
    fresh::RandomIds,
    http::{self, RequestShelf, qr},
    signature::{KeyMember, ProofType},
    verifier::{self, Question},
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

/// Make, sign and publish a request.
pub async fn request(desk: &Desk<'_>, order: &Request) -> Result<Ending> {
    let server = Url::parse(&order.url).with_context(|| {
        format!(
            "{:?} is no URL of a server; write it as http://127.0.0.1:8700",
            order.url
        )
    })?;
    let shown = order.criteria.display();
    let Value::Object(asks) = read_json(&order.criteria, "a request's criteria").await? else {
        bail!("{shown} is no JSON object; write {{\"description\": ..., \"criteria\": [...]}}");
    };
    let wallet = party::wallet(desk.stage, Role::Verifier).await?;
    let party = party::party(
        &wallet,
        Role::Verifier,
        order.did.as_deref(),
        &desk.registry,
    )
    .await?;
    let now = Utc::now();
    let id = match order.sign_as {
        SignAs::JsonLd => Uuid::new_v4().urn().to_string(),
        SignAs::Json | SignAs::Jcs => Uuid::new_v4().to_string(),
    };
    let (proof_type, key_member) = order.sign_as.signature();
    let question = Question {
        proof_url: http::response_url(&server, &id).to_string(),
        id,
        asks,
        asked: now,
        expires: Some(now + order.expires_in),
        proof_type,
        key_member,
    };
    let request = verifier::ask(&question, &party.signer, &mut RandomIds, &desk.contexts)
        .await
        .with_context(|| format!("cannot ask what {shown} says"))?;
    RequestShelf::open(desk.directory("requests"))?.put(&request)?;
    let url = http::request_url(&server, &question.id);
    tell(desk, order, &url, request.document())
}

fn tell(desk: &Desk<'_>, order: &Request, url: &Url, document: &Value) -> Result<Ending> {
    let text = format!("{document:#}\n");
    if let Some(path) = &order.output {
        write_file(path, &text)?;
    }
    let is_story = desk.style == NarrationStyle::Story;
    if is_story && order.qr {
        crate::print(qr::terminal(url)?.as_bytes())?;
    } else if is_story && order.output.is_none() {
        // nothing else goes to standard output, so that it can go into a file or a pipe
        crate::print(text.as_bytes())?;
        return Ok(Ending::Done);
    }
    report::done(
        desk.style,
        &format!("The request is signed; `exchange serve` publishes it at {url}"),
        &json!({"request": document, "url": url.as_str()}),
    )?;
    Ok(Ending::Done)
}

impl SignAs {
    fn signature(self) -> (ProofType, KeyMember) {
        match self {
            Self::Json => (ProofType::Ed25519VerificationKey2018, KeyMember::Creator),
            Self::Jcs => (
                ProofType::JcsEd25519Signature2020,
                KeyMember::VerificationMethod,
            ),
            Self::JsonLd => (
                ProofType::Ed25519Signature2018,
                KeyMember::VerificationMethod,
            ),
        }
    }
}
