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
use chrono::{DateTime, Utc};
use exchange::{
    check::ExchangeCheck,
    message::{ProofRequest, Received},
};
use exchange_http::{
    FileError, RequestStore, ResponseStore, ResponseVerifier, ServiceError, Unavailable,
    VerifierService,
};
use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::Barrier;
use verdict::Verdict;

use crate::{
    requests::{NONCE, expiring_request, failed, now, request, verified},
    server::OPEN,
};

const RESPONSE: &[u8] = b"{ \"id\" : \"r\",\n \"n\": 1.0 }";

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
        VerifierService::new(self.requests(), self.accepted(), verifier).with_clock(Arc::new(now))
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

async fn send(service: &VerifierService, id: &str) -> Verdict<ExchangeCheck> {
    match service.receive(id, RESPONSE.to_vec()).await {
        Ok(verdict) | Err(ServiceError::Rejected(verdict)) => verdict,
        Err(error) => panic!("{error}"),
    }
}

fn first_failed(verdict: &Verdict<ExchangeCheck>) -> Option<ExchangeCheck> {
    verdict.failed().next().map(|report| report.check)
}

#[tokio::test]
async fn a_verified_response_is_stored_byte_for_byte_with_its_verdict() {
    let stores = Stores::new();
    let service = stores.service(FixedVerifier::new(Ok(verified())));
    assert!(send(&service, OPEN).await.verified());
    drop(service);
    assert_eq!(stores.stored(), [format!("{OPEN}.json")]);
    let stored = stores.accepted().get(OPEN).unwrap().unwrap();
    assert_eq!(stored.request_id, OPEN);
    assert_eq!(stored.response.get().as_bytes(), RESPONSE);
    assert_eq!(stored.verdict["verdict"], "verified");
    assert_eq!(stored.accepted, "2026-03-01T12:00:00+00:00");
}

#[tokio::test]
async fn a_request_is_answered_once_and_still_after_a_restart() {
    let stores = Stores::new();
    let verifier = FixedVerifier::new(Ok(verified()));
    let service = stores.service(verifier.clone());
    assert!(send(&service, OPEN).await.verified());
    assert_eq!(first_failed(&send(&service, OPEN).await), Some(ExchangeCheck::AnsweredOnce));
    drop(service);
    let service = stores.service(verifier.clone());
    assert_eq!(first_failed(&send(&service, OPEN).await), Some(ExchangeCheck::AnsweredOnce));
    assert_eq!(verifier.calls.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn of_responses_at_the_same_time_one_is_accepted() {
    const MANY: usize = 8;
    let stores = Stores::new();
    let service = stores.service(FixedVerifier::meeting(Ok(verified()), MANY));
    let service = Arc::new(service);
    let sent: Vec<_> = (0..MANY)
        .map(|_| {
            let service = service.clone();
            tokio::spawn(async move { send(&service, OPEN).await })
        })
        .collect();
    let mut accepted = 0;
    for sent in sent {
        let verdict = sent.await.unwrap();
        match verdict.verified() {
            true => accepted += 1,
            false => assert_eq!(first_failed(&verdict), Some(ExchangeCheck::AnsweredOnce)),
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
        assert_eq!(first_failed(&send(&service, OPEN).await), Some(*check));
        assert_eq!(stores.stored(), [""; 0]);
    }
    let service =
        stores.service(FixedVerifier::new(Err(Unavailable::for_now("the ledger does not answer"))));
    assert!(service.receive(OPEN, RESPONSE.to_vec()).await.is_err());
    assert_eq!(stores.stored(), [""; 0]);
}

#[tokio::test]
async fn a_refused_response_does_not_use_up_the_request() {
    let stores = Stores::new();
    let service = stores.service(FixedVerifier::new(Ok(failed(ExchangeCheck::Count))));
    send(&service, OPEN).await;
    drop(service);
    let service = stores.service(FixedVerifier::new(Ok(verified())));
    assert!(send(&service, OPEN).await.verified());
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
    let expired = ServiceError::Expired { at: past.to_owned() };
    assert_eq!(service.request("urn:past").await, Err(expired));
    assert_eq!(first_failed(&send(&service, "urn:past").await), Some(ExchangeCheck::InTime));
    assert_eq!(verifier.calls.load(Ordering::SeqCst), 0);
    assert!(service.request("urn:soon").await.is_ok());
    assert!(send(&service, "urn:soon").await.verified());
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
        let received = service.receive(id, RESPONSE.to_vec()).await;
        assert_eq!(received, Err(ServiceError::UnknownRequest), "{id:?}");
    }
}

#[tokio::test]
async fn a_verifier_that_never_ends_is_not_waited_for() {
    let stores = Stores::new();
    let service = stores
        .service(FixedVerifier::meeting(Ok(verified()), 2))
        .with_verify_timeout(Duration::from_millis(20));
    let error = service.receive(OPEN, RESPONSE.to_vec()).await.unwrap_err();
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
        assert!(matches!(stores.requests().get(id), Err(FileError::Corrupt { .. })));
    }
}

#[test]
fn a_request_is_published_under_an_id_once() {
    let stores = Stores::new();
    let other = expiring_request(OPEN, "2026-03-01T12:00:00Z");
    let error = stores.requests().put(&other).unwrap_err();
    assert!(matches!(error, FileError::Exists { .. }), "{error}");
    let stored = stores.requests().get(OPEN).unwrap().unwrap();
    assert_eq!(stored.message().body.expires, None);
}

#[test]
fn a_directory_of_accepted_responses_belongs_to_one_process() {
    let stores = Stores::new();
    let _first = stores.accepted();
    let second = ResponseStore::open(stores.directory.path().join("accepted"));
    assert!(matches!(second.unwrap_err(), FileError::InUse { .. }));
}

/// A process that is killed while it stores leaves a file without its name; a process that is killed after it has
/// stored leaves the file with its name, whether or not it answered.
#[tokio::test]
async fn a_process_that_is_killed_leaves_all_of_a_response_or_nothing() {
    let stores = Stores::new();
    drop(stores.accepted());
    let directory = stores.directory.path().join("accepted");
    fs::write(directory.join(".unfinished-x1"), r#"{"requestId": "eed"#).unwrap();
    let service = stores.service(FixedVerifier::new(Ok(verified())));
    assert_eq!(stores.stored(), [""; 0]);
    assert!(send(&service, OPEN).await.verified(), "what was not stored was not accepted");
    drop(service);

    let service = stores.service(FixedVerifier::new(Ok(verified())));
    assert_eq!(first_failed(&send(&service, OPEN).await), Some(ExchangeCheck::AnsweredOnce));
    let stored: Value = serde_json::from_str(&stores.accepted_text(&service)).unwrap();
    assert_eq!(stored["requestId"], OPEN);
}

#[tokio::test]
async fn a_request_whose_stored_response_is_damaged_or_emptied_stays_answered() {
    let stores = Stores::new();
    assert!(send(&stores.service(FixedVerifier::new(Ok(verified()))), OPEN).await.verified());
    let path = stores.directory.path().join("accepted").join(format!("{OPEN}.json"));
    let whole = fs::read(&path).unwrap();
    for damaged in [&b""[..], b"{}", &whole[..whole.len() / 2], &[0; 100]] {
        fs::write(&path, damaged).unwrap();
        let verifier = FixedVerifier::new(Ok(verified()));
        let service = stores.service(verifier.clone());
        assert_eq!(service.is_answered(OPEN).await, Ok(true));
        assert_eq!(first_failed(&send(&service, OPEN).await), Some(ExchangeCheck::AnsweredOnce));
        assert_eq!(verifier.calls.load(Ordering::SeqCst), 0);
        drop(service);
        assert!(matches!(stores.accepted().get(OPEN), Err(FileError::Corrupt { .. })));
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
async fn an_observer_sees_every_verdict_and_nothing_else() {
    let stores = Stores::new();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let sink = seen.clone();
    let service = stores.service(FixedVerifier::new(Ok(verified()))).with_observer(Arc::new(
        move |id, verdict| {
            sink.lock().unwrap().push((id.to_owned(), verdict.verified()));
        },
    ));
    send(&service, OPEN).await;
    send(&service, OPEN).await;
    let _ = service.receive("unknown", RESPONSE.to_vec()).await;
    let expected = [(OPEN.to_owned(), true), (OPEN.to_owned(), false)];
    assert_eq!(*seen.lock().unwrap(), expected);
}
