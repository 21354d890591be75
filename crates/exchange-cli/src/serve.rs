//! `proof-exchange serve`: requests are published, responses received and verified.

use std::{
    io::{self, Write},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, Result, anyhow, ensure};
use chrono::{SecondsFormat, Utc};
use exchange::check::ExchangeCheck;
use exchange_http::{
    Bound, Event, Limits, Listen, ListenAddress, ListenError, Observer, RequestStore,
    ResponseStore, TlsFiles, VerifierService,
};
use serde_json::json;
use stdx::{program::shutdown_signal, text::Whole};
use tokio::sync::oneshot;
use tutorial::{Format, Status, background::Background, format, home::is_home, output, report};
use verdict::Verdict;

use crate::{cli::Serve, context::exchange_directory, verify::registry_verifier};

/// How long what waits to be printed may take at the end.
const LAST_OUTPUT: Duration = Duration::from_millis(500);

/// At most this many notices are printed in a second: a disk that is full is so for every client.
const NOTICES_PER_SECOND: u32 = 20;

/// Serves the requests of a home until Ctrl-C, and stores the accepted responses there.
pub async fn serve(args: &Serve) -> Result<Status> {
    let (home, format) = (args.home.display(), args.print.format());
    // one in which there is nothing to serve is not made: its name is wrong
    ensure!(
        args.home.exists(),
        "there is no {home}; check its name, or make a request there first with `proof-exchange request`"
    );
    ensure!(
        is_home(&args.home),
        "{home} is not a home; name the one in which `proof-exchange request` made the requests"
    );
    let directory = exchange_directory(&args.home);
    let mut verifier = registry_verifier(&args.public).await?;
    verifier.policy.require_audience = !args.require.is_empty();
    let (results, notices) = start_output(format).context("cannot start a thread for output")?;
    let accepted = directory.join("accepted");
    let mut service = VerifierService::new(
        RequestStore::open(directory.join("requests"))?,
        ResponseStore::open(&accepted).with_context(|| format!("cannot serve --home {home}"))?,
        Arc::new(verifier),
    );
    service.observer = Some(observer(format, Arc::clone(&results), Arc::clone(&notices)));
    let service = Arc::new(service);
    let tls = args.certificate.clone().zip(args.key.clone());
    let tls = tls.map(|(certificate, key)| TlsFiles { certificate, key });
    let mut bound = bind("--listen", &args.listen, tls, args.allow_plain).await?;
    bound.command = Some("proof-exchange respond --home DIR".into());
    if let Some(url) = &args.url {
        bound.url = url.clone();
    }
    if let Some(warning) = bound.warning.take() {
        notices.print(move || {
            report::warning(&warning);
            Ok(())
        });
    }
    let mut health = None;
    if let Some(address) = &args.health {
        // it says nothing of what holders send
        let bound = bind("--health", address, None, true).await?;
        health = Some(bound.url.clone());
        tokio::spawn(bound.serve_health(Arc::clone(&service), std::future::pending()));
    }
    // before the message: its reader may end the server at once
    let stop = shutdown_signal().context("cannot listen for Ctrl-C")?;
    let url = bound.url.clone();
    let requires = args.require.clone();
    let (told, telling) = oneshot::channel();
    results.print(move || {
        let at = health.as_ref().map(|url| format!("; {url}health and {url}ready"));
        let bound_or_not = match requires.is_empty() {
            true => " Responses that name no verifier are accepted too; --require audience refuses them.",
            false => "",
        };
        let sentence = format!(
            "Serving {url}{}; accepted responses go to {}.{bound_or_not} End with Ctrl-C.",
            at.unwrap_or_default(),
            accepted.display()
        );
        let mut object = json!({"serving": url.as_str(), "accepted": accepted, "requires": requires});
        if let Some(health) = health {
            object["health"] = health.as_str().into();
        }
        let _ = told.send(report::message(format, &sentence, &object));
        Ok(())
    });
    tokio::select! {
        served = bound.serve(service, Limits::default(), stop) => served?,
        // no one learns where it serves
        Ok(Err(error)) = telling => return Err(error.into()),
    }
    results.end(LAST_OUTPUT);
    notices.end(LAST_OUTPUT);
    Ok(Status::Good)
}

/// Listens at the address that an option gives.
async fn bind(
    option: &str,
    address: &ListenAddress,
    tls: Option<TlsFiles>,
    allow_plain: bool,
) -> Result<Bound> {
    let addresses = address.resolve().await?;
    Listen { addresses, tls, allow_plain }.bind().map_err(|error| match error {
        ListenError::Plain(_) => anyhow!("{error} with --allow-plain"),
        ListenError::Address(..) => {
            anyhow!("{error}, for example a free port with {option} 127.0.0.1:0")
        }
        error => error.into(),
    })
}

/// Starts standard output and standard error, whose readers may stop, or may have gone; the server
/// has not.
fn start_output(format: Format) -> io::Result<(Arc<Background>, Arc<Background>)> {
    let results = Background::start(Duration::ZERO, move |dropped| {
        let sentence = format!("{dropped} lines were not printed, because they were not read");
        report::message(format, &sentence, &json!({"dropped": dropped}))
    })?;
    let notices = Background::start(Duration::from_secs(1) / NOTICES_PER_SECOND, |dropped| {
        report::warning(&format!(
            "{dropped} notices were not printed, because there were too many"
        ));
        Ok(())
    })?;
    Ok((Arc::new(results), Arc::new(notices)))
}

/// Returns what prints the events of a service.
fn observer(format: Format, results: Arc<Background>, notices: Arc<Background>) -> Observer {
    Arc::new(move |event| match event {
        Event::Verdict { request, verdict } => {
            let (request, verdict) = ((*request).to_owned(), (*verdict).clone());
            results.print(move || print_decision(format, &request, &verdict));
        }
        Event::Again { request, accepted } => {
            let sentence =
                format!("request {request}: the same response again; accepted {accepted}");
            let object = json!({"request": request, "acceptedBefore": accepted});
            results.print(move || report::message(format, &sentence, &object));
        }
        Event::Fault { peer, what } => {
            let peer = peer.map_or_else(|| "-".to_owned(), |peer| peer.to_string());
            let time = Utc::now().to_rfc3339_opts(SecondsFormat::Secs, true);
            let error = anyhow!("{time} {peer}: {what}");
            notices.print(move || {
                report::error(&error);
                Ok(())
            });
        }
    })
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
