//! `negotiate-proof exchange serve`: requests are published, responses received and judged.

use std::{
    io::{self, Write},
    sync::Arc,
};

use anyhow::{Context, Result};
use async_trait::async_trait;
use proof_exchange::http::{
    AcceptedShelf, Desk as HttpDesk, Limits, Listen, Posted, Receipt, RequestShelf, TlsFiles,
    Unavailable, VerifierDesk,
};
use serde_json::json;
use stage::narrator::{NarrationStyle, plain};

use super::{Desk, command::Serve, verify};
use crate::report::{self, Ending};

/// Serve until Ctrl-C.
pub async fn serve(desk: &Desk<'_>, order: &Serve) -> Result<Ending> {
    let public = desk.public().await?;
    let judge = verify::verifier(&public, desk.contexts.clone());
    let verifier = VerifierDesk::verifying(
        RequestShelf::open(desk.directory("requests"))?,
        AcceptedShelf::open(desk.directory("accepted"))?,
        judge,
    );
    let tls = match (&order.certificate, &order.key) {
        (Some(certificate), Some(key)) => Some(TlsFiles {
            certificate: certificate.clone(),
            key: key.clone(),
        }),
        _ => None,
    };
    let listen = Listen {
        address: order.listen,
        tls,
        allow_plain: order.allow_plain,
    };
    let bound = listen.bind()?;
    if let Some(warning) = bound.warning() {
        report::complain(&anyhow::anyhow!("{warning}"));
    }
    let accepted = desk.directory("accepted");
    report::done(
        desk.style,
        &format!(
            "Serving {}; accepted responses go to {}. End with Ctrl-C.",
            bound.url(),
            accepted.display()
        ),
        &json!({"serving": bound.url().as_str(), "accepted": accepted}),
    )?;
    let told = Told {
        verifier,
        style: desk.style,
    };
    let stop = async {
        // a signal that cannot be listened for is none that ends the server
        if crate::interruption().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    bound.serve(Arc::new(told), Limits::default(), stop).await?;
    Ok(Ending::Done)
}

/// A desk whose decisions are told as they are made.
struct Told {
    verifier: VerifierDesk,
    style: NarrationStyle,
}

#[async_trait]
impl HttpDesk for Told {
    async fn request(&self, id: &str) -> Result<Posted, Unavailable> {
        self.verifier.request(id).await
    }

    async fn receive(&self, id: &str, response: Vec<u8>) -> Result<Receipt, Unavailable> {
        let receipt = self.verifier.receive(id, response).await?;
        // whoever reads along may have gone; the server has not
        let _ = self.tell(id, &receipt);
        Ok(receipt)
    }
}

impl Told {
    fn tell(&self, id: &str, receipt: &Receipt) -> Result<()> {
        let Receipt::Judged(verdict) = receipt else {
            return Ok(());
        };
        match self.style {
            NarrationStyle::Quiet => {}
            NarrationStyle::Json => {
                let line = json!({"request": id, "verdict": verdict});
                writeln!(io::stdout().lock(), "{line}").context("cannot write")?;
            }
            NarrationStyle::Story => {
                let mut out = anstream::stdout().lock();
                let id = plain(id);
                match verdict.reason() {
                    None => writeln!(out, "request {id}: answered, and verified")?,
                    Some(reason) => writeln!(out, "request {id}: rejected; {}", plain(&reason))?,
                }
            }
        }
        Ok(())
    }
}
