//! The service, with its requests and accepted responses on the disk.

use std::{
    fs,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use exchange::{
    check::ExchangeCheck,
    message::{Mode, ProofRequest, Received},
};
use exchange_http::{
    Acceptance, Event, FileError, RequestStore, ResponseStore, ResponseVerifier, ServiceError,
    Unavailable, VerifierService,
};
use serde_json::Value;
use tempfile::TempDir;
use tokio::{sync::Barrier, task::JoinSet};
use verdict::Verdict;

use crate::{
    requests::{NONCE, document, expiring_request, failed, now, request, verified},
    server::OPEN,
};

const RESPONSE: &[u8] = b"{ \"id\" : \"r\",\n \"n\": 1.0 }";
/// Another spelling of the same.
const OTHER: &[u8] = b"{\"id\": \"r\", \"n\": 1.0}";

/// Always gives the same result.
struct FixedVerifier {
    result: Result<Verdict<ExchangeCheck>, Unavailable>,
    calls: AtomicUsize,
    /// As many checks must run at the same time before any of them ends.
    together: Barrier,
}

impl FixedVerifier {
    fn new(result: Result<Verdict<ExchangeCheck>, Unavailable>) -> Arc<Self> {
        Self::meeting(result, 1)
    }

    fn meeting(result: Result<Verdict<ExchangeCheck>, Unavailable>, together: usize) -> Arc<Self> {
        Arc::new(Self { result, calls: AtomicUsize::new(0), together: Barrier::new(together) })
    }
}

#[async_trait]
impl ResponseVerifier for FixedVerifier {
    async fn verify(
        &self,
        request: &Received<ProofRequest>,
        _response: &[u8],
        now: DateTime<Utc>,
    ) -> Result<Verdict<ExchangeCheck>, Unavailable> {
        assert_eq!(request.document()["proof"]["nonce"], NONCE);
        assert_eq!(now, crate::requests::now());
        self.calls.fetch_add(1, Ordering::SeqCst);
        self.together.wait().await;
        self.result.clone()
    }
}

/// A verifier's directories, with one request that is open.
struct Stores {
    directory: TempDir,
}

impl Stores {
    fn new() -> Self {
        let stores = Self { directory: tempfile::tempdir().unwrap() };
        stores.requests().put(&request(OPEN)).unwrap();
        stores
    }

    fn requests(&self) -> RequestStore {
        RequestStore::open(self.directory.path().join("requests")).unwrap()
    }

    fn accepted(&self) -> ResponseStore {
        ResponseStore::open(self.directory.path().join("accepted")).unwrap()
    }

    fn service(&self, verifier: Arc<FixedVerifier>) -> VerifierService {
        let mut service = VerifierService::new(self.requests(), self.accepted(), verifier);
        service.clock = Arc::new(now);
        service
    }

    /// Returns the names of the files of accepted responses.
    fn stored(&self) -> Vec<String> {
        files_in(&self.directory.path().join("accepted"))
    }
}

fn files_in(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name != ".lock").collect()
}

/// Has the service look up the request, and receive a response to it.
async fn receive(
    service: &VerifierService,
    id: &str,
    response: &[u8],
) -> Result<Acceptance, ServiceError> {
    let request = service.look_up(id).await?;
    service.receive(&request, response.to_vec().into()).await
}

/// What becomes of a response.
#[derive(Debug, PartialEq)]
enum Sent {
    Accepted,
    /// At this time before.
    Again(String),
    /// For this check.
    Rejected(ExchangeCheck),
}

async fn send(service: &VerifierService, id: &str) -> Sent {
    send_bytes(service, id, RESPONSE).await
}

async fn send_bytes(service: &VerifierService, id: &str, response: &[u8]) -> Sent {
    match receive(service, id, response).await {
        Ok(Acceptance { accepted_before, verdict }) => {
            assert!(verdict.get().starts_with(r#"{"verdict":"verified""#), "{verdict}");
            accepted_before.map_or(Sent::Accepted, Sent::Again)
        }
        Err(ServiceError::Rejected(verdict)) => {
            Sent::Rejected(verdict.failed().next().unwrap().check)
        }
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn a_verified_response_is_stored_byte_for_byte_with_its_verdict() {
    let stores = Stores::new();
    let service = stores.service(FixedVerifier::new(Ok(verified())));
    assert_eq!(send(&service, OPEN).await, Sent::Accepted);
    drop(service);
    assert_eq!(stores.stored(), [format!("{OPEN}.json")]);
    let stored = stores.accepted().get(OPEN).unwrap().unwrap();
    assert_eq!(stored.request_id, OPEN);
    assert_eq!(stored.response.get().as_bytes(), RESPONSE);
    assert!(stored.verdict.get().starts_with(r#"{"verdict":"verified""#));
    assert_eq!(stored.accepted, "2026-03-01T12:00:00+00:00");
}

#[tokio::test]
async fn a_request_is_answered_once_and_still_after_a_restart() {
    let stores = Stores::new();
    let verifier = FixedVerifier::new(Ok(verified()));
    let service = stores.service(verifier.clone());
    assert_eq!(send(&service, OPEN).await, Sent::Accepted);
    let answered = Sent::Rejected(ExchangeCheck::AnsweredOnce);
    assert_eq!(send_bytes(&service, OPEN, OTHER).await, answered);
    drop(service);
    let service = stores.service(verifier.clone());
    assert_eq!(send_bytes(&service, OPEN, OTHER).await, answered);
    assert_eq!(verifier.calls.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn of_responses_at_the_same_time_one_is_accepted() {
    const MANY: usize = 8;
    let stores = Stores::new();
    let service = stores.service(FixedVerifier::meeting(Ok(verified()), MANY));
    let service = Arc::new(service);
    let sent: Vec<_> = (0..MANY)
        .map(|number| {
            let service = service.clone();
            tokio::spawn(
                async move { send_bytes(&service, OPEN, format!("{number}").as_bytes()).await },
            )
        })
        .collect();
    let mut accepted = 0;
    for sent in sent {
        match sent.await.unwrap() {
            Sent::Accepted => accepted += 1,
            other => assert_eq!(other, Sent::Rejected(ExchangeCheck::AnsweredOnce)),
        }
    }
    assert_eq!(accepted, 1);
    assert_eq!(stores.stored().len(), 1);
}

#[tokio::test]
async fn nothing_is_stored_from_a_refused_response() {
    let stores = Stores::new();
    for check in ExchangeCheck::ALL {
        let service = stores.service(FixedVerifier::new(Ok(failed(*check))));
        assert_eq!(send(&service, OPEN).await, Sent::Rejected(*check));
        assert_eq!(stores.stored(), [""; 0]);
    }
    let service =
        stores.service(FixedVerifier::new(Err(Unavailable::for_now("the ledger does not answer"))));
    assert!(receive(&service, OPEN, RESPONSE).await.is_err());
    assert_eq!(stores.stored(), [""; 0]);
}

#[tokio::test]
async fn a_refused_response_does_not_use_up_the_request() {
    let stores = Stores::new();
    let service = stores.service(FixedVerifier::new(Ok(failed(ExchangeCheck::Count))));
    send(&service, OPEN).await;
    drop(service);
    let service = stores.service(FixedVerifier::new(Ok(verified())));
    assert_eq!(send(&service, OPEN).await, Sent::Accepted);
}

#[tokio::test]
async fn an_expired_request_is_neither_served_nor_checked() {
    let stores = Stores::new();
    let soon = "2026-03-01T13:00:00+00:00";
    let past = "2026-03-01T12:00:00+01:00";
    let requests = stores.requests();
    requests.put(&expiring_request("urn:soon", soon)).unwrap();
    requests.put(&expiring_request("urn:past", past)).unwrap();
    let verifier = FixedVerifier::new(Ok(verified()));
    let service = stores.service(verifier.clone());
    let expired = ServiceError::Expired(past.to_owned());
    assert_eq!(service.request("urn:past").await, Err(expired));
    assert_eq!(send(&service, "urn:past").await, Sent::Rejected(ExchangeCheck::InTime));
    assert_eq!(verifier.calls.load(Ordering::SeqCst), 0);
    assert!(service.request("urn:soon").await.is_ok());
    assert_eq!(send(&service, "urn:soon").await, Sent::Accepted);
}

#[tokio::test]
async fn a_request_comes_back_as_it_was_signed() {
    let stores = Stores::new();
    let service = stores.service(FixedVerifier::new(Ok(verified())));
    assert_eq!(service.request(OPEN).await, Ok(request(OPEN)));
}

#[tokio::test]
async fn hostile_ids_find_nothing() {
    let stores = Stores::new();
    fs::write(stores.directory.path().join("secret.json"), "{}").unwrap();
    let service = stores.service(FixedVerifier::new(Ok(verified())));
    for id in ["../secret", "../secret.json", "", ".", "/etc/passwd", "a\0b", ".lock", "CON"] {
        let unknown = Err(ServiceError::UnknownRequest);
        assert_eq!(service.request(id).await, unknown, "{id:?}");
        let received = receive(&service, id, RESPONSE).await.unwrap_err();
        assert_eq!(received, ServiceError::UnknownRequest, "{id:?}");
    }
}

#[tokio::test]
async fn a_verifier_that_never_ends_is_not_waited_for() {
    let stores = Stores::new();
    let mut service = stores.service(FixedVerifier::meeting(Ok(verified()), 2));
    service.verify_timeout = Duration::from_millis(20);
    let error = receive(&service, OPEN, RESPONSE).await.unwrap_err();
    assert!(error.to_string().contains("longer than 0.02 s"), "{error}");
    assert_eq!(stores.stored(), [""; 0]);
}

#[tokio::test]
async fn a_damaged_request_file_is_unavailable_and_not_named() {
    let stores = Stores::new();
    let directory = stores.directory.path().join("requests");
    let moved = "8f1f7f2e-4b6b-4a39-9d0e-7f5a2a1d9b11";
    fs::copy(directory.join(format!("{OPEN}.json")), directory.join(format!("{moved}.json")))
        .unwrap();
    let empty = "11111111-4b6b-4a39-9d0e-7f5a2a1d9b11";
    fs::write(directory.join(format!("{empty}.json")), "").unwrap();
    let service = stores.service(FixedVerifier::new(Ok(verified())));
    for id in [moved, empty] {
        let text = service.request(id).await.unwrap_err().to_string();
        assert!(text.contains("tell the verifier") && !text.contains("requests"), "{text}");
        assert!(matches!(stores.requests().get(id), Err(FileError::Unusable(_))));
    }
}

#[test]
fn a_request_is_published_under_an_id_once() {
    let stores = Stores::new();
    let other = expiring_request(OPEN, "2026-03-01T12:00:00Z");
    let error = stores.requests().put(&other).unwrap_err();
    assert!(error.to_string().contains("exists already"), "{error}");
    let stored = stores.requests().get(OPEN).unwrap().unwrap();
    assert_eq!(stored.message().body.expires, None);
}

#[test]
fn a_directory_of_accepted_responses_belongs_to_one_process() {
    let stores = Stores::new();
    let _first = stores.accepted();
    let second = ResponseStore::open(stores.directory.path().join("accepted"));
    assert!(second.unwrap_err().to_string().contains("is used by another server"));
}

/// A process that is killed while it stores leaves a file without its name; a process that is
/// killed after it has stored leaves the file with its name, whether or not it answered.
#[tokio::test]
async fn a_process_that_is_killed_leaves_all_of_a_response_or_nothing() {
    let stores = Stores::new();
    drop(stores.accepted());
    let directory = stores.directory.path().join("accepted");
    fs::write(directory.join(".unfinished-x1"), r#"{"requestId": "eed"#).unwrap();
    let service = stores.service(FixedVerifier::new(Ok(verified())));
    assert_eq!(stores.stored(), [""; 0]);
    assert_eq!(send(&service, OPEN).await, Sent::Accepted, "what was not stored was not accepted");
    drop(service);

    let service = stores.service(FixedVerifier::new(Ok(verified())));
    assert_eq!(send(&service, OPEN).await, Sent::Again(now().to_rfc3339()));
    let stored: Value = serde_json::from_str(&stores.accepted_text(&service)).unwrap();
    assert_eq!(stored["requestId"], OPEN);
}

#[tokio::test]
async fn a_request_whose_stored_response_is_damaged_or_emptied_stays_answered() {
    let stores = Stores::new();
    let service = stores.service(FixedVerifier::new(Ok(verified())));
    assert_eq!(send(&service, OPEN).await, Sent::Accepted);
    drop(service);
    let path = stores.directory.path().join("accepted").join(format!("{OPEN}.json"));
    let whole = fs::read(&path).unwrap();
    for damaged in [&b""[..], b"{}", &whole[..whole.len() / 2], &[0; 100]] {
        fs::write(&path, damaged).unwrap();
        let verifier = FixedVerifier::new(Ok(verified()));
        let service = stores.service(verifier.clone());
        assert_eq!(service.is_answered(OPEN).await, Ok(true));
        assert_eq!(send(&service, OPEN).await, Sent::Rejected(ExchangeCheck::AnsweredOnce));
        assert_eq!(verifier.calls.load(Ordering::SeqCst), 0);
        drop(service);
        assert!(matches!(stores.accepted().get(OPEN), Err(FileError::Unusable(_))));
        assert_eq!(fs::read(&path).unwrap(), damaged);
    }
}

impl Stores {
    /// Returns the stored response, read while a service is open.
    fn accepted_text(&self, _service: &VerifierService) -> String {
        let path = self.directory.path().join("accepted");
        fs::read_to_string(path.join(format!("{OPEN}.json"))).unwrap()
    }
}

#[tokio::test]
async fn the_same_response_again_gets_the_stored_verdict_and_when() {
    let stores = Stores::new();
    let verifier = FixedVerifier::new(Ok(verified()));
    let expiring = "2026-03-01T12:00:00Z";
    stores.requests().put(&expiring_request("urn:soon", expiring)).unwrap();
    let mut service = stores.service(verifier.clone());
    let first = receive(&service, "urn:soon", RESPONSE).await.unwrap();
    assert_eq!(first.accepted_before, None);
    // after the request has expired, too
    service.clock = Arc::new(|| now() + TimeDelta::days(1));
    let again = receive(&service, "urn:soon", RESPONSE).await.unwrap();
    assert_eq!(again.verdict.get(), first.verdict.get());
    assert_eq!(again.accepted_before, Some(now().to_rfc3339()));
    assert_eq!(verifier.calls.load(Ordering::SeqCst), 1);
    assert_eq!(stores.stored().len(), 1);
}

#[tokio::test]
async fn of_equal_responses_at_the_same_time_one_is_first_and_all_are_accepted() {
    const MANY: usize = 8;
    let stores = Stores::new();
    let service = Arc::new(stores.service(FixedVerifier::meeting(Ok(verified()), MANY)));
    let sending = (0..MANY).map(|_| {
        let service = service.clone();
        async move { send(&service, OPEN).await }
    });
    let sent = JoinSet::from_iter(sending).join_all().await;
    assert_eq!(sent.iter().filter(|sent| **sent == Sent::Accepted).count(), 1);
    let again = Sent::Again(now().to_rfc3339());
    assert_eq!(sent.iter().filter(|sent| **sent == again).count(), MANY - 1);
    assert_eq!(stores.stored().len(), 1);
}

#[tokio::test]
async fn an_observer_sees_every_verdict_and_every_repetition() {
    let stores = Stores::new();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let sink = seen.clone();
    let mut service = stores.service(FixedVerifier::new(Ok(verified())));
    service.observer = Some(Arc::new(move |event: &Event<'_>| {
        let seen = match event {
            Event::Verdict { request, verdict } => format!("{request} {}", verdict.verified()),
            Event::Again { request, accepted } => format!("{request} {accepted}"),
            Event::Fault { .. } => "fault".to_owned(),
        };
        sink.lock().unwrap().push(seen);
    }));
    send(&service, OPEN).await;
    send(&service, OPEN).await;
    send_bytes(&service, OPEN, OTHER).await;
    let _ = receive(&service, "unknown", RESPONSE).await;
    let expected =
        [format!("{OPEN} true"), format!("{OPEN} {}", now().to_rfc3339()), format!("{OPEN} false")];
    assert_eq!(*seen.lock().unwrap(), expected);
}

#[tokio::test]
async fn stores_that_cannot_be_used_are_named_to_the_verifier_only() {
    let stores = Stores::new();
    let service = stores.service(FixedVerifier::new(Ok(verified())));
    assert_eq!(service.try_storage().await, Ok(()));
    assert_eq!(stores.stored(), [""; 0], "what was tried is removed");
    let accepted = stores.directory.path().join("accepted");
    fs::remove_dir_all(&accepted).unwrap();
    let unavailable = service.try_storage().await.unwrap_err();
    let shown = accepted.display().to_string();
    assert!(unavailable.fault.as_deref().unwrap().contains(&shown), "{unavailable:?}");
    assert!(!unavailable.to_string().contains(&shown), "{unavailable}");
    let Err(ServiceError::Unavailable(unavailable)) = receive(&service, OPEN, RESPONSE).await
    else {
        panic!("it was stored");
    };
    let fault = unavailable.fault.unwrap();
    assert!(fault.contains(&shown) && fault.contains(OPEN), "{fault}");
    // the request is not unknown: nothing is known
    fs::remove_dir_all(stores.directory.path().join("requests")).unwrap();
    let gone = service.look_up(OPEN).await;
    assert!(matches!(gone, Err(ServiceError::Unavailable(_))), "{gone:?}");
}

#[test]
fn a_request_has_a_file_of_its_own_whatever_its_id_is() {
    let stores = Stores::new();
    let hostile = [
        "../../etc/passwd",
        "/etc/passwd",
        "",
        ".",
        "..",
        "a\0b",
        "EEDEEC15-C364-4E4C-B7A7-871413E412F9",
        "{eedeec15-c364-4e4c-b7a7-871413e412f9}",
        "eedeec15c3644e4cb7a7871413e412f9",
        "urn:uuid:eedeec15-c364-4e4c-b7a7-871413e412f9",
        "CON",
    ];
    let directory = stores.directory.path().join("requests");
    for id in hostile {
        let mut document = document("other");
        document["id"] = id.into();
        let Ok(request) = Received::of(document, Mode::Usual) else { continue };
        let path = stores.requests().put(&request).expect(id);
        assert_eq!(path.parent(), Some(&*directory), "{id:?}");
        let name = path.file_name().unwrap().to_str().unwrap();
        assert_eq!(name.len(), "sha256-".len() + 64 + ".json".len(), "{id:?}");
        assert!(name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte)));
    }
    // a UUID in its usual form is its own name
    assert!(directory.join(format!("{OPEN}.json")).is_file());
}
