//! `negotiate-proof exchange serve`: requests are published, responses received and judged.

use std::{
    io::{self, Write},
    path::PathBuf,
    sync::Arc,
};

use anyhow::{Context, Result, anyhow};
use async_trait::async_trait;
use proof_exchange::{
    http::{
        AcceptedShelf, Desk, Limits, Listen, ListenError, Posted, Receipt, RequestShelf, TlsFiles,
        Unavailable, VerifierDesk,
    },
    verifier::ExchangeVerifier,
};
use serde_json::json;
use stage::narrator::{NarrationStyle, plain};

use super::command::Serve;
use crate::report::{self, Ending};

/// A verifier that is open to the public.
pub struct Shop {
    /// Where its requests and the accepted responses are.
    pub directory: PathBuf,
    /// Checks responses.
    pub judge: ExchangeVerifier,
    /// How its decisions are told.
    pub style: NarrationStyle,
}

impl Shop {
    /// Serve until Ctrl-C.
    pub async fn serve(self, order: &Serve) -> Result<Ending> {
        let accepted = self.directory.join("accepted");
        let verifier = VerifierDesk::verifying(
            RequestShelf::open(self.directory.join("requests"))?,
            AcceptedShelf::open(&accepted)?,
            self.judge,
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
        let mut bound = listen.bind().map_err(|error| match error {
            ListenError::Plain { .. } => anyhow!("{error} with --allow-plain"),
            error => error.into(),
        })?;
        if let Some(url) = &order.url {
            bound = bound.called(url.clone());
        }
        if let Some(warning) = bound.warning() {
            report::complain(&anyhow!("{warning}"));
        }
        // whoever reads that it serves may end it
        let stop = crate::interruption().context("cannot listen for Ctrl-C")?;
        report::done(
            self.style,
            &format!(
                "Serving {}; accepted responses go to {}. End with Ctrl-C.",
                bound.url(),
                accepted.display()
            ),
            &json!({"serving": bound.url().as_str(), "accepted": accepted}),
        )?;
        let told = Told {
            verifier,
            style: self.style,
        };
        bound.serve(Arc::new(told), Limits::default(), stop).await?;
        Ok(Ending::Done)
    }
}

/// A desk whose decisions are told as they are made.
struct Told {
    verifier: VerifierDesk,
    style: NarrationStyle,
}

#[async_trait]
impl Desk for Told {
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
