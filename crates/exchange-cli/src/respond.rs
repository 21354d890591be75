//! `negotiate-proof exchange respond`: a request is answered from the prover's wallet.

use std::{
    collections::BTreeMap,
    io::{self, Write},
    path::Path,
};

use anyhow::{Context, Result, anyhow, ensure};
use chrono::Utc;
use proof_exchange::{
    bridge::{self, BridgeError, Prover},
    fresh::RandomIds,
    holder::{self, Answer, Disclose, Found, Moment, Shown},
    http::{Client, ClientError},
    message::{CL_PRESENTATION, Criterion, Mode, ProofRequest, Received},
};
use serde_json::{Value, json};
use stage::narrator::NarrationStyle;
use step2_issuance::LINK_SECRET;
use url::Url;

use super::{
    Desk,
    command::Respond,
    outcome::{Outcome, revealed},
    party::{self, Party, Role},
    public::Public,
    verify, write_file,
};

use crate::{
    input,
    report::{self, Ending},
};

/// Answer a request.
pub async fn respond(desk: &Desk<'_>, order: &Respond) -> Result<Ending> {
    let client = client(order)?;
    let request = fetch(&client, &order.request).await?;
    check_numbers(&request, order)?;
    let public = desk.public().await?;
    let checked = verify::verifier(&public, desk.contexts.clone())
        .check_request(&request, Utc::now())
        .await;
    if !checked.verified() {
        report::verdict(desk.style, "the request", &checked)?;
        return Ok(Ending::Answered(false));
    }
    let wallet = party::wallet(desk.stage, Role::Holder).await?;
    let holder = party::party(&wallet, Role::Holder, None, &desk.registry).await?;
    let answering = Answering {
        desk,
        order,
        public: &public,
        wallet: &wallet,
        holder: &holder,
        request: &request,
    };
    let Some(answers) = answering.answers().await? else {
        return Ok(Ending::Answered(false));
    };
    let moment = Moment {
        now: Utc::now(),
        ids: &mut RandomIds,
    };
    let response = holder::respond(
        &wallet,
        &request,
        &answers,
        &holder.signer,
        moment,
        &desk.contexts,
    )
    .await?;
    // only now is it certain that all of it can be said
    if order.dry_run {
        return Ok(Ending::Answered(true));
    }
    let text = format!("{:#}\n", response.document());
    if let Some(path) = &order.output {
        write_file(path, &text)?;
        let written = format!("The response is written to {}.", path.display());
        report::done(desk.style, &written, &json!({"response": path}))?;
    }
    if order.no_send {
        return Ok(Ending::Answered(true));
    }
    send(desk, &client, &request, text, response.message().syntax()).await
}

fn client(order: &Respond) -> Result<Client> {
    let mut builder = Client::builder().allow_plain(order.allow_plain);
    if let Some(file) = &order.authority {
        builder = builder.root_certificates(file);
    }
    Ok(builder.build()?)
}

/// Read a request from a URL or a file.
async fn fetch(client: &Client, from: &str) -> Result<Received<ProofRequest>> {
    let is_url = from.starts_with("http://") || from.starts_with("https://");
    let bytes = match is_url {
        true => {
            let url = Url::parse(from).with_context(|| format!("{from:?} is no URL"))?;
            client.fetch_request(&url).await.map_err(with_option)?
        }
        false => input::bytes(Path::new(from), "a proof request").await?,
    };
    Received::read(&bytes, Mode::Usual).with_context(|| format!("cannot use {from}"))
}

/// See that criteria that the command line numbers are there, and ask for what it names.
fn check_numbers(request: &Received<ProofRequest>, order: &Respond) -> Result<()> {
    let criteria = &request.message().body.criteria;
    let there = |number: usize| -> Result<&Criterion> {
        criteria.get(number).with_context(|| {
            format!(
                "the request has {} criteria, and no number {}",
                criteria.len(),
                number + 1
            )
        })
    };
    for (number, _) in &order.credentials {
        there(*number)?;
    }
    for (number, name) in &order.disclose {
        let criterion = there(*number)?;
        ensure!(
            criterion.optional().any(|optional| optional == name),
            "criterion {} does not ask for {name:?} as an attribute that may be left out",
            number + 1
        );
    }
    Ok(())
}

/// Where each criterion gets its answer from.
struct Answering<'a> {
    desk: &'a Desk<'a>,
    order: &'a Respond,
    public: &'a Public,
    wallet: &'a indy::wallet::Wallet,
    holder: &'a Party,
    request: &'a Received<ProofRequest>,
}

impl Answering<'_> {
    /// One answer for each criterion; `None` if one has none, and then it has been told why.
    async fn answers(&self) -> Result<Option<Vec<Answer>>> {
        let request = self.request.message();
        let now = Utc::now();
        let found = holder::search(self.wallet, request, Some(&self.holder.did), now).await?;
        let mut given: BTreeMap<usize, Answer> = BTreeMap::new();
        let mut outcomes = Vec::with_capacity(found.len());
        for (number, (criterion, found)) in request.body.criteria.iter().zip(&found).enumerate() {
            let outcome = match self.named(number) {
                named if named.is_empty() => {
                    self.outcome(number, criterion, found, &mut given).await
                }
                named => self.by_hand(number, criterion, named, &mut given).await,
            };
            outcomes.push(outcome);
        }
        let is_answered = !outcomes
            .iter()
            .any(|outcome| matches!(outcome, Outcome::Missing(_)));
        let answers = match is_answered {
            true => Some(holder::choose(request, &found, given, &self.disclose())?),
            false => None,
        };
        let criteria = request.body.criteria.iter().zip(&outcomes);
        for (number, (criterion, outcome)) in criteria.enumerate() {
            let answer = answers.as_ref().and_then(|answers| answers.get(number));
            let shown = match answer {
                Some(Answer::Signed(shown)) => &**shown,
                _ => &[],
            };
            self.tell(number, criterion, outcome, shown)?;
        }
        Ok(answers)
    }

    /// How a criterion is answered: in the first way that the verifier accepts and this holder can go.
    async fn outcome(
        &self,
        number: usize,
        criterion: &Criterion,
        found: &Found<'_>,
        given: &mut BTreeMap<usize, Answer>,
    ) -> Outcome {
        if criterion.least() == 0 {
            let number = number + 1;
            return Outcome::None(format!("it is optional; --use {number}:ID would answer it"));
        }
        let mut reasons = Vec::new();
        for way in self.ways(criterion) {
            match (way, &found.shortage) {
                (Way::Signed, None) => return Outcome::Chosen,
                (Way::Signed, Some(shortage)) => {
                    reasons.extend(shortage.reasons.iter().map(ToString::to_string));
                }
                (Way::ZeroKnowledge, _) => match self.zero_knowledge(number, None).await {
                    Ok(presentation) => {
                        let shown = revealed(&presentation);
                        given.insert(number, Answer::ZeroKnowledge(presentation));
                        return Outcome::ZeroKnowledge(shown);
                    }
                    // an answer that there could never be is no reason
                    Err(error) if is_impossible(&error) && criterion.predicates.is_empty() => {}
                    Err(error) => reasons.push(format!("In zero knowledge: {error}.")),
                },
            }
        }
        Outcome::Missing(reasons.join(" "))
    }

    /// The answer from the credentials that the command line names: in zero knowledge where nothing else will do.
    async fn by_hand(
        &self,
        number: usize,
        criterion: &Criterion,
        named: Vec<Shown>,
        given: &mut BTreeMap<usize, Answer>,
    ) -> Outcome {
        if self.ways(criterion) != [Way::ZeroKnowledge] {
            given.insert(number, Answer::Signed(named));
            return Outcome::Chosen;
        }
        let ids: Vec<String> = named.into_iter().map(|shown| shown.credential_id).collect();
        match self.zero_knowledge(number, Some(&ids)).await {
            Ok(presentation) => {
                let shown = revealed(&presentation);
                given.insert(number, Answer::ZeroKnowledge(presentation));
                Outcome::ZeroKnowledge(shown)
            }
            Err(error) => Outcome::Missing(format!("In zero knowledge: {error}.")),
        }
    }

    /// In which ways a criterion may be answered, those that the verifier likes best first. Predicates are answered in
    /// zero knowledge only; where everything is accepted, signed attributes come first, for they ask less of the
    /// verifier.
    fn ways(&self, criterion: &Criterion) -> Vec<Way> {
        if !criterion.predicates.is_empty() {
            return vec![Way::ZeroKnowledge];
        }
        let Some(accept) = &self.request.message().body.accept else {
            return vec![Way::Signed, Way::ZeroKnowledge];
        };
        let mut ways: Vec<Way> = accept
            .iter()
            .map(|accepted| match accepted.proof_type == CL_PRESENTATION {
                true => Way::ZeroKnowledge,
                false => Way::Signed,
            })
            .collect();
        // the second mention of a way says nothing new
        let first = ways.first().copied();
        ways.retain(|way| Some(*way) != first);
        first.into_iter().chain(ways.into_iter().take(1)).collect()
    }

    /// The credentials that the command line names for a criterion.
    fn named(&self, number: usize) -> Vec<Shown> {
        let optional = self.disclose().remove(&number).unwrap_or_default();
        let named = self.order.credentials.iter();
        named
            .filter(|(criterion, _)| *criterion == number)
            .map(|(_, id)| Shown {
                credential_id: id.clone(),
                optional: optional.clone(),
            })
            .collect()
    }

    fn disclose(&self) -> Disclose {
        let mut disclose = Disclose::new();
        for (number, name) in &self.order.disclose {
            disclose.entry(*number).or_default().insert(name.clone());
        }
        disclose
    }

    /// An answer in zero knowledge, from these credentials or from those that the wallet finds.
    async fn zero_knowledge(
        &self,
        number: usize,
        credentials: Option<&[String]>,
    ) -> Result<Value, BridgeError> {
        let objects = self.public.objects();
        let prover = Prover {
            wallet: self.wallet,
            link_secret: LINK_SECRET,
            objects: &*objects,
        };
        let (request, holder) = (self.request, &self.holder.did);
        let optional = self.disclose().remove(&number).unwrap_or_default();
        match credentials {
            None => bridge::answer(prover, request, number, &optional, holder).await,
            Some(ids) => bridge::answer_from(prover, request, number, ids, &optional, holder).await,
        }
    }

    fn tell(
        &self,
        number: usize,
        criterion: &Criterion,
        outcome: &Outcome,
        shown: &[Shown],
    ) -> Result<()> {
        match self.desk.style {
            NarrationStyle::Quiet => Ok(()),
            NarrationStyle::Json => {
                let line = outcome.as_json(number, criterion, shown);
                writeln!(io::stdout().lock(), "{line}").context("cannot write")
            }
            NarrationStyle::Story => outcome.as_text(number, criterion, shown),
        }
    }
}

/// A way to answer a criterion.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// With credentials whose attributes are signed one by one.
    Signed,
    /// With an AnonCreds presentation.
    ZeroKnowledge,
}

/// Whether no wallet could answer a criterion in zero knowledge.
fn is_impossible(error: &BridgeError) -> bool {
    matches!(
        error,
        BridgeError::LinkedData { .. }
            | BridgeError::NotAnIndySchema { .. }
            | BridgeError::NoIndyIssuer { .. }
    )
}

/// Send the response to where the request wants it.
async fn send(
    desk: &Desk<'_>,
    client: &Client,
    request: &Received<ProofRequest>,
    text: String,
    syntax: proof_exchange::message::Syntax,
) -> Result<Ending> {
    let to = &request.message().proof_url;
    let url = Url::parse(to).with_context(|| format!("{to:?} is no URL; ask for a new request"))?;
    match client.send_response(&url, text.into_bytes(), syntax).await {
        Ok(verified) => {
            report::done(
                desk.style,
                &format!("The verifier at {url} says: verified."),
                &verified.verdict,
            )?;
            Ok(Ending::Answered(true))
        }
        Err(ClientError::Refused { problem, .. }) => {
            report::done(
                desk.style,
                &format!("The verifier refuses: {problem}"),
                &json!(problem),
            )?;
            Ok(Ending::Answered(false))
        }
        Err(error) => Err(with_option(error)),
    }
}

/// An error that names the option that helps.
fn with_option(error: ClientError) -> anyhow::Error {
    match error {
        ClientError::Plain { .. } => anyhow!("{error} with --allow-plain"),
        ClientError::Certificate { .. } => anyhow!("{error} with --authority"),
        error => error.into(),
    }
}
