//! `proof-exchange serve`: requests are published, responses received and verified.

use std::{
    io::{self, Write},
    path::Path,
    sync::Arc,
};

use anyhow::{Context, Result, anyhow};
use exchange::{check::ExchangeCheck, verifier::ExchangeVerifier};
use exchange_http::{
    Limits, Listen, ListenError, RequestStore, ResponseStore, TlsFiles, VerifierService,
};
use serde_json::json;
use stdx::text::Whole;
use tutorial::{Format, Status, format, output, program::shutdown_signal, report};
use verdict::Verdict;

use crate::cli::Serve;

/// Serves the requests in a directory until Ctrl-C, and stores the accepted responses there.
pub async fn serve(
    args: &Serve,
    directory: &Path,
    verifier: ExchangeVerifier,
    format: Format,
) -> Result<Status> {
    let accepted = directory.join("accepted");
    let service = VerifierService::new(
        RequestStore::open(directory.join("requests"))?,
        ResponseStore::open(&accepted)?,
        Arc::new(verifier),
    )
    .with_observer(Arc::new(move |request: &str, verdict: &Verdict<_>| {
        // the reader of standard output may have gone; the server has not
        let _ = print_decision(format, request, verdict);
    }));
    let mut bound = listen(args).await?.bind().map_err(|error| match error {
        ListenError::Plain { .. } => anyhow!("{error} with --allow-plain"),
        ListenError::Address { .. } => {
            anyhow!("{error}, for example a free port with --listen 127.0.0.1:0")
        }
        error => error.into(),
    })?;
    bound = bound.with_command("proof-exchange respond --home DIR");
    if let Some(url) = &args.url {
        bound = bound.with_url(url.clone());
    }
    if let Some(warning) = bound.warning() {
        report::warning(warning);
    }
    // before the message: its reader may end the server at once
    let stop = shutdown_signal().context("cannot listen for Ctrl-C")?;
    report::message(
        format,
        &format!(
            "Serving {}; accepted responses go to {}. End with Ctrl-C.",
            bound.url(),
            accepted.display()
        ),
        &json!({"serving": bound.url().as_str(), "accepted": accepted}),
    )?;
    bound.serve(Arc::new(service), Limits::default(), stop).await?;
    Ok(Status::Good)
}

async fn listen(args: &Serve) -> Result<Listen, ListenError> {
    let tls = match (&args.certificate, &args.key) {
        (Some(certificate), Some(key)) => {
            Some(TlsFiles { certificate: certificate.clone(), key: key.clone() })
        }
        _ => None,
    };
    let addresses = args.listen.resolve().await?;
    Ok(Listen { addresses, tls, allow_plain: args.allow_plain })
}

fn print_decision(
    output: Format,
    request: &str,
    verdict: &Verdict<ExchangeCheck>,
) -> io::Result<()> {
    match output {
        Format::Quiet => Ok(()),
        Format::Json => format::line(&json!({"request": request, "verdict": verdict})),
        Format::Text => {
            let mut out = output::text();
            let request = Whole(request);
            match verdict.reason() {
                None => writeln!(out, "request {request}: answered, and verified"),
                Some(reason) => writeln!(out, "request {request}: rejected; {}", Whole(&reason)),
            }
        }
    }
}
