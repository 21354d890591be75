//! The credit-card application of the draft, from the server's request to the stored response.

use std::{fs, path::Path, sync::Arc};

use async_trait::async_trait;
use exchange::{
    did::{Did, DidDocument, ResolveError, Resolver},
    http::{
        AcceptedShelf, Client, ClientError, Limits, Listen, Problem, RequestShelf, VerifierDesk,
        request_url, response_url,
    },
    message::{Mode, ProofRequest, Received, Syntax},
    verifier::ExchangeVerifier,
};
use serde_json::Value;
use tempfile::TempDir;
use tokio::task::JoinHandle;
use url::Url;

use crate::exchange_scene::{self as scene, TestResolver, bytes, now};

/// A server with the request of the application, and the holder's client.
struct Counter {
    directory: TempDir,
    server: Url,
    client: Client,
    _serving: JoinHandle<()>,
}

impl Counter {
    async fn open(resolver: Arc<dyn Resolver>) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let bound = Listen::loopback().bind().unwrap();
        let server = bound.url().clone();
        let requests = RequestShelf::open(directory.path().join("requests")).unwrap();
        requests.put(&scene::request().await).unwrap();
        let accepted = AcceptedShelf::open(directory.path().join("accepted")).unwrap();
        let verifier = ExchangeVerifier::new(resolver);
        let desk = VerifierDesk::verifying(requests, accepted, verifier).with_clock(Arc::new(now));
        let serving = bound.serve(Arc::new(desk), Limits::default(), std::future::pending());
        Self {
            directory,
            server,
            client: Client::builder().build().unwrap(),
            _serving: tokio::spawn(async { serving.await.unwrap() }),
        }
    }

    async fn request(&self) -> Received<ProofRequest> {
        let url = request_url(&self.server, scene::REQUEST_ID);
        let text = self.client.fetch_request(&url).await.unwrap();
        Received::read(&text, Mode::Usual).unwrap()
    }

    async fn send(&self, response: &Value) -> Result<Value, Problem> {
        let url = response_url(&self.server, scene::REQUEST_ID);
        let sent = self
            .client
            .send_response(&url, bytes(response), Syntax::Json);
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
    let counter = Counter::open(scene::resolver()).await;
    let response = scene::response(&counter.request().await).await;
    let verdict = counter.send(&response).await.unwrap();
    assert_eq!(verdict["verdict"], "verified");
    let checks = verdict["checks"].as_array().unwrap();
    assert!(
        checks.iter().all(|check| check["outcome"] == "passed"),
        "{verdict:#}"
    );
    let stored = counter.stored();
    assert_eq!(stored.len(), 1);
    assert_eq!(stored[0]["response"], response);
    assert_eq!(stored[0]["verdict"], verdict);

    let problem = counter.send(&response).await.unwrap_err();
    assert_eq!(
        (problem.status, problem.check.as_deref()),
        (409, Some("answered-once"))
    );
    assert_eq!(counter.stored().len(), 1);
}

#[tokio::test]
async fn an_altered_response_is_refused_by_name_and_place_and_nothing_is_stored() {
    let counter = Counter::open(scene::resolver()).await;
    let response = scene::response(&counter.request().await).await;

    let mut altered = response.clone();
    let place = "/FulfilledCriteria/0/Presentations/0/verifiableCredential/0/credentialSubjects/0";
    altered.pointer_mut(place).unwrap()["value"] = "other@example.com".into();
    let problem = counter.send(&altered).await.unwrap_err();
    assert_eq!(problem.status, 422);
    let names: Vec<&str> = problem
        .checks
        .iter()
        .map(|found| found.check.as_str())
        .collect();
    assert!(names.contains(&"attribute-signatures"), "{problem:#?}");
    assert!(problem.checks.iter().any(|found| {
        found
            .pointer
            .as_deref()
            .is_some_and(|pointer| pointer.starts_with(place))
    }));

    let mut other = response.clone();
    other["proofRequestId"] = "8f1f7f2e-4b6b-4a39-9d0e-7f5a2a1d9b11".into();
    scene::sign_response(&mut other).await;
    let problem = counter.send(&other).await.unwrap_err();
    assert_eq!(
        (problem.status, problem.check.as_deref()),
        (422, Some("answers-request"))
    );

    let problem = counter.send(&Value::Null).await.unwrap_err();
    assert_eq!(
        (problem.status, problem.check.as_deref()),
        (422, Some("response-shape"))
    );
    let url = response_url(&counter.server, scene::REQUEST_ID);
    for text in ["{", "", "\u{feff}{}", "{\"a\": 1, \"a\": 1}"] {
        let sent = counter
            .client
            .send_response(&url, text.into(), Syntax::Json)
            .await;
        let Err(ClientError::Refused { problem, .. }) = sent else {
            panic!("{text:?}");
        };
        assert_eq!(
            (problem.status, problem.check.as_deref()),
            (400, Some("size"))
        );
    }

    assert_eq!(counter.stored(), [Value::Null; 0]);
    assert!(
        counter.send(&response).await.is_ok(),
        "no refusal used up the request"
    );
}

/// Knows everybody but the employer, whose ledger does not answer.
struct Away;

#[async_trait]
impl Resolver for Away {
    async fn resolve(&self, did: &Did) -> Result<DidDocument, ResolveError> {
        match did.as_str() {
            scene::EMPLOYER => Err(ResolveError::Unreachable {
                did: did.clone(),
                reason: "the ledger does not answer".to_owned(),
            }),
            _ => TestResolver.resolve(did).await,
        }
    }
}

#[tokio::test]
async fn a_ledger_that_does_not_answer_is_no_fault_of_the_response() {
    let counter = Counter::open(Arc::new(Away)).await;
    let response = scene::response(&counter.request().await).await;
    let problem = counter.send(&response).await.unwrap_err();
    assert_eq!((problem.status, problem.check.as_deref()), (503, None));
    assert!(problem.detail.contains(scene::EMPLOYER), "{problem}");
    assert_eq!(counter.stored(), [Value::Null; 0]);
}
