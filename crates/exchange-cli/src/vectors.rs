//! `proof-exchange vectors`: the test vectors of messages and signatures, given to implementations.
//! What this workspace says of a test is the crate `exchange`'s, without proofs in zero knowledge.

use std::{io, sync::Arc};

use ::vectors::{
    Answer, Description, Implementation, Kind, Placed,
    command::{RunOptions, Scope},
    implementation::Reply,
    runner::Startable,
};
use anyhow::Result;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use exchange::{
    check::ExchangeCheck,
    did::{Did, DidDocument, ResolveError, Resolver, read_document},
    message::{
        Message, MessageError, Mode, ProofRequest, ProofResponse, Received, VerifiableCredential,
    },
    verifier::{AcceptedInMemory, AcceptedOnce, ExchangeVerifier},
};
use serde_json::Value;
use tokio::runtime::{self, Runtime};
use tutorial::{Status, vectors};
use verdict::Verdict;

/// Gives the corpus to implementations, and prints the report.
pub async fn run(options: &RunOptions) -> Result<Status> {
    let ours = Startable::Provided(|| Box::new(Ours::new()));
    vectors::run(options, Scope::exchange(ours)).await
}

/// The crate `exchange`.
struct Ours {
    description: Description,
    /// Each instance has its own: the tests run on threads that no runtime knows.
    runtime: io::Result<Runtime>,
}

impl Ours {
    fn new() -> Self {
        const FEATURES: [&str; 7] = [
            "exchange-message",
            "exchange-signature",
            "json-text",
            "limits",
            "answer-memory",
            "response-contents",
            "key-state",
        ];
        let features = FEATURES.map(str::to_owned).to_vec();
        let (name, version) = ("ours".to_owned(), env!("CARGO_PKG_VERSION").to_owned());
        let runtime = runtime::Builder::new_current_thread().build();
        Self { description: Description { name, version, features }, runtime }
    }

    fn answer(&self, test: Placed<'_>) -> Result<Answer, String> {
        let input = &test.test.input;
        match test.group.kind {
            Kind::ExchangeMessage => message(input),
            Kind::ExchangeSignature => {
                let runtime = self.runtime.as_ref().map_err(ToString::to_string)?;
                runtime.block_on(signatures(input)).map(|verdict| of_verdict(&verdict))
            }
            other => Ok(Answer::unsupported(format!("there is no answer to {other} here"))),
        }
    }
}

impl Implementation for Ours {
    fn description(&self) -> &Description {
        &self.description
    }

    fn ask(&mut self, test: Placed<'_>) -> Reply {
        match self.answer(test) {
            Ok(answer) => Reply::Answered(answer),
            // the test itself is not as its schema says
            Err(fault) => Reply::Silent(fault),
        }
    }
}

/// Reads a message. The reasons are the rules that it breaks, or `json` if it is none that all
/// readers understand alike.
fn message(input: &Value) -> Result<Answer, String> {
    let bytes = text(input, "document")?.into_bytes();
    let read = match input["message"].as_str() {
        Some("request") => read::<ProofRequest>(&bytes),
        Some("response") => read::<ProofResponse>(&bytes),
        Some("credential") => read::<VerifiableCredential>(&bytes),
        _ => return Err("the test names no message".to_owned()),
    };
    Ok(match read {
        Ok(()) => Answer::valid(),
        Err(error) => {
            let reason = match &error {
                MessageError::Json(_) => vec!["json".to_owned()],
                MessageError::Invalid { violations, .. } => {
                    violations.iter().map(|one| one.rule.name().to_owned()).collect()
                }
            };
            Answer { reason: Some(reason), ..Answer::invalid(error.to_string()) }
        }
    })
}

fn read<M: Message>(bytes: &[u8]) -> Result<(), MessageError> {
    Received::<M>::read(bytes, Mode::Usual).map(|_| ())
}

/// Verifies a response to a request.
async fn signatures(input: &Value) -> Result<Verdict<ExchangeCheck>, String> {
    let now = input["now"].as_str().and_then(|text| text.parse::<DateTime<Utc>>().ok());
    let now = now.ok_or("the test has no time")?;
    let documents = input["did_documents"].as_array().cloned().unwrap_or_default();
    let verifier = ExchangeVerifier::new(Arc::new(Published(documents)));
    let (request, response) = (text(input, "request")?, text(input, "response")?);
    let answered = AcceptedInMemory::new();
    for id in input["answered"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        answered.accept(id).map_err(|error| error.to_string())?;
    }
    let answered: Arc<dyn AcceptedOnce> = Arc::new(answered);
    let verdict =
        verifier.explain_texts(request.as_bytes(), response.as_bytes(), now, Some(&answered)).await;
    verdict.map_err(|error| error.to_string())
}

fn of_verdict(verdict: &Verdict<ExchangeCheck>) -> Answer {
    if verdict.verified() {
        let cautions = verdict.cautions().map(|(_, caution)| caution.name.to_owned()).collect();
        return Answer { cautions: Some(cautions), ..Answer::valid() };
    }
    let failed = verdict.failed().map(|report| report.check.name().to_owned()).collect();
    Answer { reason: Some(failed), ..Answer::invalid(verdict.reason().unwrap_or_default()) }
}

/// Returns an object as a text of JSON: as it came, where the test is about its writing.
fn text(input: &Value, name: &str) -> Result<String, String> {
    match (input.get(format!("{name}_json")), input.get(name)) {
        (Some(Value::String(text)), None) => Ok(text.clone()),
        (None, Some(value)) => Ok(value.to_string()),
        _ => Err(format!("the test has no {name}, or two")),
    }
}

/// Resolves the DIDs of the test's documents; of several for one DID, the last counts.
struct Published(Vec<Value>);

#[async_trait]
impl Resolver for Published {
    async fn resolve(&self, did: &Did) -> Result<DidDocument, ResolveError> {
        let Some(document) = self.0.iter().rfind(|document| document["id"] == did.as_str()) else {
            let remedy = "publish its document".to_owned();
            return Err(ResolveError::NotFound(did.clone(), remedy));
        };
        read_document(document)
            .map_err(|error| ResolveError::Malformed(did.clone(), error.to_string()))
    }
}
