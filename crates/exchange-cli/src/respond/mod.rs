//! `proof-exchange respond`: a request is answered from the prover's wallet.
//!
//! | module | subject |
//! |---|---|
//! | [`answers`] | which credentials answer each criterion |
//! | [`offer`] | what is asked and would be shown, for a person to see first |

mod answers;
mod offer;

use std::{collections::BTreeSet, path::Path};

use anyhow::{Context, Result, anyhow, ensure};
use chrono::Utc;
use exchange::{
    error::ExchangeError,
    holder::PreparedResponse,
    id::RandomIds,
    message::{Criterion, Mode, ProofRequest, Received, Syntax},
};
use exchange_http::{Client, ClientError, ClientOptions};
use serde_json::{Value, json};
use stdx::text::{Quoted, Whole};
use tutorial::{Format, Status, input, prompt, report};
use url::Url;

use crate::{
    cli::Respond,
    context::{CommandContext, write_file},
    identity, verify,
};
use answers::Planner;
use offer::Offer;

/// Answers a request.
pub async fn respond(context: &CommandContext<'_>, args: &Respond) -> Result<Status> {
    let format = context.format;
    let client = client(args)?;
    let Some(request) = fetch(format, &client, &args.request).await? else {
        return Ok(report::answered(format, false)?);
    };
    check_numbers(&request, args)?;
    let public_data = context.public_data().await?;
    let checked = verify::verifier(public_data.clone(), context.contexts.clone())
        .check_request(&request, Utc::now())
        .await;
    if !checked.verified() {
        report::verdict(format, None, "the request", &checked)?;
        return Ok(report::answered(format, false)?);
    }
    let destination = destination(request.message(), args)?;
    let wallet = identity::holder_wallet(context.tutorial).await?;
    let holder = match args.dry_run {
        true => identity::of_dry_run(&wallet, identity::HOLDER, &args.signing_key).await?,
        false => identity::of(&wallet, identity::HOLDER, &args.signing_key).await?,
    };
    let planner = Planner {
        args,
        public_data: &public_data,
        wallet: &wallet,
        holder: &holder.did,
        request: &request,
    };
    let (plans, answers) = planner.plan().await?;
    let (mut prepared, mut refusal) = (None, None);
    if let Some(answers) = &answers {
        match PreparedResponse::new(&wallet, &request, answers, &*holder.signer, Utc::now()).await {
            Ok(response) => prepared = Some(response),
            // what is asked is shown all the same
            Err(error @ ExchangeError::NoAcceptedType(_)) => refusal = Some(error),
            Err(error) => return Err(error.into()),
        }
    }
    Offer {
        request: request.message(),
        verdict: &checked,
        plans: &plans,
        prepared: prepared.as_ref(),
    }
    .print(format)?;
    if let Some(refusal) = refusal {
        let sentence = format!("There is no answer: {refusal}.");
        report::message(format, &sentence, &json!({"refusal": refusal.to_string()}))?;
    }
    let Some(prepared) = prepared else {
        return Ok(report::answered(format, false)?);
    };
    if args.dry_run {
        // it can be answered, and is not
        report::answered(format, false)?;
        return Ok(Status::Good);
    }
    let verifier = &request.message().body.verifier;
    if !consents(args, format, verifier, destination.as_ref()).await? {
        report::message(format, "Nothing is signed.", &json!({"signed": false}))?;
        return Ok(report::answered(format, false)?);
    }
    holder.publish(&context.registry)?;
    let response = prepared.sign(Utc::now(), &mut RandomIds, &context.contexts).await?;
    let text = format!("{:#}\n", response.document());
    if let Some(path) = &args.output {
        write_file(path, &text)?;
        let written = format!("The response is written to {}.", path.display());
        report::message(
            format,
            &written,
            &json!({"response": tutorial::format::path_value(path)}),
        )?;
    }
    let accepted = match destination {
        None => true,
        Some(url) => {
            let syntax = response.message().syntax();
            let sent = send(format, &client, &url, text, syntax).await;
            sent.with_context(|| match &args.output {
                Some(path) => format!(
                    "the response in {} is not known to have arrived; it can be sent later, as JSON by HTTP POST to the \
                     request's proofURL",
                    path.display()
                ),
                None => "the response is not known to have arrived".to_owned(),
            })?
        }
    };
    Ok(report::answered(format, accepted)?)
}

/// Returns whether the person agrees to what was shown, on the command line or at the terminal. The
/// question names again who asks, and where the answer goes: what was shown may be longer than the
/// screen.
async fn consents(
    args: &Respond,
    format: Format,
    verifier: &str,
    destination: Option<&Url>,
) -> Result<bool> {
    if args.yes {
        return Ok(true);
    }
    let verifier = Whole(verifier);
    let question = match destination {
        None => format!("Sign this for {verifier}?"),
        Some(url) => format!("Sign this for {verifier}, and send it to {}?", Whole(url.as_str())),
    };
    // without output, the person has seen nothing
    let answer = match format {
        Format::Quiet => None,
        Format::Json | Format::Text => prompt::confirm(&question).await,
    };
    answer.context(
        "nothing is signed: no one can be asked, since standard input, output and error are not all a terminal; look at the \
         answer with --dry-run, and add --yes to sign it",
    )
}

fn client(args: &Respond) -> Result<Client> {
    let authorities = args.authority.iter().cloned().collect();
    let options =
        ClientOptions { authorities, allow_plain: args.allow_plain, ..ClientOptions::default() };
    Ok(Client::new(options)?)
}

/// Reads a request from a URL or a file; `None` if its verifier refuses it by a check, which is
/// printed.
async fn fetch(
    format: Format,
    client: &Client,
    from: &str,
) -> Result<Option<Received<ProofRequest>>> {
    let scheme = from.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
    let is_url = matches!(scheme.as_deref(), Some("http" | "https"));
    let bytes = match is_url {
        true => {
            let url = Url::parse(from).with_context(|| format!("{from:?} is not a URL"))?;
            match client.fetch_request(&url).await {
                Err(ClientError::Refused { problem, .. }) if problem.check.is_some() => {
                    let sentence = format!("The verifier refuses {url}: {problem}");
                    report::message(format, &sentence, &json!(problem))?;
                    return Ok(None);
                }
                fetched => fetched.map_err(with_option)?,
            }
        }
        false => input::bytes(Path::new(from), "a proof request").await?,
    };
    let shown = input::shown(Path::new(from));
    let json: Option<Value> = serde_json::from_slice(&bytes).ok();
    ensure!(
        json.is_none_or(|json| json.get("criteria").is_none()),
        "cannot use {shown}, which holds criteria; make a request of them first with `proof-exchange request`"
    );
    Received::read(&bytes, Mode::Usual).map(Some).with_context(|| {
        format!("cannot use {shown} (`proof-exchange schema` prints the schema of a request)")
    })
}

/// Checks that the request has the criteria whose numbers the command line gives, and asks for the
/// attributes that it names.
fn check_numbers(request: &Received<ProofRequest>, args: &Respond) -> Result<()> {
    let criteria = &request.message().body.criteria;
    let criterion = |index: usize| -> Result<&Criterion> {
        criteria.get(index).with_context(|| {
            let count = criteria.len();
            let criteria = if count == 1 { "criterion" } else { "criteria" };
            format!("the request has {count} {criteria}, and no number {}", index + 1)
        })
    };
    let named = args.credentials.iter().map(|(index, _)| index);
    for index in named.chain(args.stated.iter().map(|(index, _)| index)) {
        criterion(*index)?;
    }
    let mut stated = BTreeSet::new();
    for (index, (name, _)) in &args.stated {
        ensure!(
            stated.insert((index, name)),
            "criterion {}: {name:?} is stated twice; state it once",
            index + 1
        );
    }
    for (index, name) in &args.disclose {
        let (criterion, number) = (criterion(*index)?, index + 1);
        ensure!(
            !criterion.required().any(|required| required == name),
            "criterion {number} requires {name:?}, which is shown without --disclose; leave the option out"
        );
        let optional: Vec<&str> = criterion.optional().collect();
        ensure!(
            optional.contains(&&**name),
            "criterion {number} does not ask for {name:?}; what may be disclosed there: {}",
            if optional.is_empty() { "nothing".to_owned() } else { optional.join(", ") }
        );
    }
    Ok(())
}

/// Returns where the response will be sent, if it will be.
fn destination(request: &ProofRequest, args: &Respond) -> Result<Option<Url>> {
    if args.no_send || args.dry_run {
        return Ok(None);
    }
    let to = request.proof_url.as_deref().context(
        "the request names no URL for its answer; save it with --output FILE --no-send, and bring it to the verifier",
    )?;
    let url = Url::parse(to);
    Ok(Some(url.with_context(|| format!("{to:?} is not a URL; ask for a new request"))?))
}

/// Sends the response to the request's `proofURL`. Returns whether the verifier accepts it.
async fn send(
    format: Format,
    client: &Client,
    url: &Url,
    text: String,
    syntax: Syntax,
) -> Result<bool> {
    match client.send_response(url, text.into_bytes(), syntax).await {
        Ok(verified) => {
            let before = verified.accepted_before;
            let before =
                before.map(|at| format!("; it had this response already, at {}", date(&at)));
            let before = before.unwrap_or_default();
            let sentence = format!("The verifier at {url} says: verified{before}.");
            report::message(format, &sentence, &verified.verdict)?;
            Ok(true)
        }
        Err(ClientError::Refused { problem, .. }) => {
            let sentence = format!("The verifier refuses: {problem}");
            report::message(format, &sentence, &json!(problem))?;
            Ok(false)
        }
        Err(error) => Err(with_option(error)),
    }
}

/// Returns a date as it is, and any other text that stands for one in quotation marks.
fn date(text: &str) -> String {
    match chrono::DateTime::parse_from_rfc3339(text) {
        Ok(date) => date.to_rfc3339(),
        Err(_) => Quoted(text).to_string(),
    }
}

/// Adds the option that helps to an error.
fn with_option(error: ClientError) -> anyhow::Error {
    match error {
        ClientError::Plain(_) => anyhow!("{error} with --allow-plain"),
        ClientError::Certificate(..) => anyhow!("{error} with --authority"),
        error => error.into(),
    }
}
