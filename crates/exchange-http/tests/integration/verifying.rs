//! The credit-card application of the draft, from the server's request to the stored response.

use std::{fs, path::Path, sync::Arc};

use async_trait::async_trait;
use exchange::{
    did::{Did, DidDocument, ResolveError, Resolver},
    message::{Mode, ProofRequest, Received, Syntax},
    verifier::ExchangeVerifier,
};
use exchange_http::{
    Client, ClientError, ClientOptions, Limits, Listen, Problem, RequestStore, ResponseStore,
    VerifierService, request_url, response_url,
};
use serde_json::Value;
use tempfile::TempDir;
use tokio::{io::AsyncWriteExt, net::TcpStream, task::JoinHandle};
use url::Url;

use crate::{
    credit_card::{self, TestResolver, bytes, now},
    server::{HttpAnswer, post},
};

/// A server with the request of the credit-card application, and the holder's client.
struct Application {
    directory: TempDir,
    server: Url,
    client: Client,
    _serving: JoinHandle<()>,
}

impl Application {
    async fn start(resolver: Arc<dyn Resolver>) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let bound = Listen::loopback().bind().unwrap();
        let server = bound.url.clone();
        let requests = RequestStore::open(directory.path().join("requests")).unwrap();
        requests.put(&credit_card::request().await).unwrap();
        let accepted = ResponseStore::open(directory.path().join("accepted")).unwrap();
        let verifier = Arc::new(ExchangeVerifier::new(resolver));
        let mut service = VerifierService::new(requests, accepted, verifier);
        service.clock = Arc::new(now);
        let serving = bound.serve(Arc::new(service), Limits::default(), std::future::pending());
        Self {
            directory,
            server,
            client: Client::new(ClientOptions::default()).unwrap(),
            _serving: tokio::spawn(async { serving.await.unwrap() }),
        }
    }

    async fn request(&self) -> Received<ProofRequest> {
        let url = request_url(&self.server, credit_card::REQUEST_ID);
        let text = self.client.fetch_request(&url).await.unwrap();
        Received::read(&text, Mode::Usual).unwrap()
    }

    async fn send(&self, response: &Value) -> Result<Value, Problem> {
        let url = response_url(&self.server, credit_card::REQUEST_ID);
        let sent = self.client.send_response(&url, bytes(response), Syntax::Json);
        match sent.await {
            Ok(verified) => Ok(verified.verdict),
            Err(ClientError::Refused { problem, .. }) => Err(*problem),
            Err(error) => panic!("{error}"),
        }
    }

    fn stored(&self) -> Vec<Value> {
        let entries = fs::read_dir(self.directory.path().join("accepted")).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        let records = paths.filter(|path| path.extension().is_some_and(|name| name == "json"));
        let read = |path: &Path| serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
        records.map(|path| read(&path)).collect()
    }
}

#[tokio::test]
async fn the_credit_card_application_is_answered_once() {
    let application = Application::start(credit_card::resolver()).await;
    let response = credit_card::response(&application.request().await).await;
    let verdict = application.send(&response).await.unwrap();
    assert_eq!(verdict["verdict"], "verified");
    let checks = verdict["checks"].as_array().unwrap();
    assert!(checks.iter().all(|check| check["outcome"] == "passed"), "{verdict:#}");
    let stored = application.stored();
    assert_eq!(stored.len(), 1);
    assert_eq!(stored[0]["response"], response);
    assert_eq!(stored[0]["verdict"], verdict);

    assert_eq!(application.send(&response).await.unwrap(), verdict);
    let problem = application.send(&Value::Null).await.unwrap_err();
    assert_eq!((problem.status, problem.check.as_deref()), (409, Some("answered-once")));
    assert_eq!(application.stored().len(), 1);
}

#[tokio::test]
async fn an_altered_response_is_refused_and_not_stored() {
    let application = Application::start(credit_card::resolver()).await;
    let response = credit_card::response(&application.request().await).await;

    let mut altered = response.clone();
    let pointer =
        "/FulfilledCriteria/0/Presentations/0/verifiableCredential/0/credentialSubjects/0";
    altered.pointer_mut(pointer).unwrap()["value"] = "other@example.com".into();
    let problem = application.send(&altered).await.unwrap_err();
    assert_eq!(problem.status, 422);
    let names: Vec<&str> = problem.checks.iter().map(|found| found.check.as_str()).collect();
    assert!(names.contains(&"attribute-signatures"), "{problem:#?}");
    assert!(
        problem.checks.iter().any(|found| {
            found.pointer.as_deref().is_some_and(|found| found.starts_with(pointer))
        })
    );

    let mut other = response.clone();
    other["proofRequestId"] = "8f1f7f2e-4b6b-4a39-9d0e-7f5a2a1d9b11".into();
    credit_card::sign_response(&mut other).await;
    let problem = application.send(&other).await.unwrap_err();
    assert_eq!((problem.status, problem.check.as_deref()), (422, Some("answers-request")));

    let problem = application.send(&Value::Null).await.unwrap_err();
    assert_eq!((problem.status, problem.check.as_deref()), (422, Some("response-shape")));
    let url = response_url(&application.server, credit_card::REQUEST_ID);
    for text in ["{", "", "\u{feff}{}", "{\"a\": 1, \"a\": 1}"] {
        let sent = application.client.send_response(&url, text.into(), Syntax::Json).await;
        let Err(ClientError::Refused { problem, .. }) = sent else {
            panic!("{text:?}");
        };
        assert_eq!((problem.status, problem.check.as_deref()), (400, Some("size")));
    }

    assert_eq!(application.stored(), [Value::Null; 0]);
    assert!(application.send(&response).await.is_ok(), "no refusal used up the request");
}

/// Resolves all DIDs but the employer's, whose ledger does not answer.
struct EmployerUnreachable;

#[async_trait]
impl Resolver for EmployerUnreachable {
    async fn resolve(&self, did: &Did) -> Result<DidDocument, ResolveError> {
        match did.as_str() {
            credit_card::EMPLOYER => {
                let reason = "the ledger does not answer".to_owned();
                Err(ResolveError::Unreachable(did.clone(), reason))
            }
            _ => TestResolver.resolve(did).await,
        }
    }
}

#[tokio::test]
async fn an_unreachable_ledger_is_not_a_fault_of_the_response() {
    let application = Application::start(Arc::new(EmployerUnreachable)).await;
    let response = credit_card::response(&application.request().await).await;
    let address = application.server.socket_addrs(|| None).unwrap()[0];
    let mut stream = TcpStream::connect(address).await.unwrap();
    let text = post(credit_card::REQUEST_ID, "application/json", &response.to_string());
    stream.write_all(text.as_bytes()).await.unwrap();
    let answer = HttpAnswer::read(&mut stream).await;
    assert_eq!(answer.status, 503);
    let detail = answer.problem("unavailable").detail;
    assert!(detail.contains(credit_card::EMPLOYER), "{detail}");
    assert_eq!(application.stored(), [Value::Null; 0]);
}
