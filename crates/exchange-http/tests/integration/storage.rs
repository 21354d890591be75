//! The desk whose requests and accepted responses are files.

use std::{
    fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use exchange::{
    check::ExchangeCheck,
    http::{
        AcceptedShelf, Desk, FileError, Judge, Posted, Receipt, RequestShelf, Unavailable,
        VerifierDesk,
    },
    message::{Mode, ProofRequest, Received},
};
use proofs::Verdict;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::Barrier;

use crate::scene::{OPEN, failed, verified};

/// When a request is answered.
const NOW: &str = "2026-03-01T12:00:00Z";
const RESPONSE: &[u8] = b"{ \"id\" : \"r\",\n \"n\": 1.0 }";

/// Finds what it is told to find.
struct Oracle {
    finds: Result<Verdict<ExchangeCheck>, Unavailable>,
    asked: AtomicUsize,
    /// Where that many judgements meet before any of them ends.
    together: Barrier,
}

impl Oracle {
    fn new(finds: Result<Verdict<ExchangeCheck>, Unavailable>) -> Arc<Self> {
        Self::meeting(finds, 1)
    }

    fn meeting(finds: Result<Verdict<ExchangeCheck>, Unavailable>, together: usize) -> Arc<Self> {
        Arc::new(Self {
            finds,
            asked: AtomicUsize::new(0),
            together: Barrier::new(together),
        })
    }
}

#[async_trait]
impl Judge for Oracle {
    async fn judge(
        &self,
        request: &Received<ProofRequest>,
        _response: &[u8],
        now: DateTime<Utc>,
    ) -> Result<Verdict<ExchangeCheck>, Unavailable> {
        assert_eq!(
            request.document()["proof"]["nonce"],
            "70b5a966-e818-44a5-8d0f-3873bb10980a"
        );
        assert_eq!(now, NOW.parse::<DateTime<Utc>>().unwrap());
        self.asked.fetch_add(1, Ordering::SeqCst);
        self.together.wait().await;
        self.finds.clone()
    }
}

fn request(id: &str, expires: Option<&str>) -> Received<ProofRequest> {
    let mut document = json!({
        "id": id,
        "proofURL": "https://verifier.example/responses/1",
        "proofRequest": {
            "criteria": [{
                "description": "Contact Information",
                "reason": "Send information regarding your application",
                "issuers": {"dids": ["did:work:M1dAMR7zmHD18wELKQTcTU"]},
                "max": 1,
                "min": 1,
                "schema": "did:work:D7jC1h6LibDbZiF6E9uzhz;schema=1234;version=1.0",
                "properties": [{"name": "emailAddress", "required": true}]
            }],
            "description": "Credit card application information",
            "verifier": "did:work:WrgHL2icHVN8vwZtY9YmjY"
        },
        "proof": {
            "created": "2019-04-01T11:38:12Z",
            "creator": "did:work:WrgHL2icHVN8vwZtY9YmjY#key-1",
            "nonce": "70b5a966-e818-44a5-8d0f-3873bb10980a",
            "signatureValue": "3FQAREE3D9YCgHjqj54gQ9BZnRhkCur1tTUoovBUuFRhD34mkusNLRuwi4QVRkwc7cEiichmHx7U2957iK4BgVss",
            "type": "Ed25519VerificationKey2018"
        }
    });
    if let Some(expires) = expires {
        document["proofRequest"]["expires"] = expires.into();
    }
    Received::of(document, Mode::Usual).unwrap()
}

/// A verifier's directory, with one request that is open.
struct Office {
    directory: TempDir,
}

impl Office {
    fn new() -> Self {
        let office = Self {
            directory: tempfile::tempdir().unwrap(),
        };
        office.requests().put(&request(OPEN, None)).unwrap();
        office
    }

    fn requests(&self) -> RequestShelf {
        RequestShelf::open(self.directory.path().join("requests")).unwrap()
    }

    fn accepted(&self) -> AcceptedShelf {
        AcceptedShelf::open(self.directory.path().join("accepted")).unwrap()
    }

    fn desk(&self, judge: Arc<Oracle>) -> VerifierDesk {
        VerifierDesk::new(self.requests(), self.accepted(), judge)
            .with_clock(Arc::new(|| NOW.parse().unwrap()))
    }

    /// The names of the files of accepted responses.
    fn stored(&self) -> Vec<String> {
        files_in(&self.directory.path().join("accepted"))
    }
}

fn files_in(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name != ".lock").collect()
}

async fn send(desk: &VerifierDesk, id: &str) -> Verdict<ExchangeCheck> {
    match desk.receive(id, RESPONSE.to_vec()).await.unwrap() {
        Receipt::Judged(verdict) => verdict,
        Receipt::Unknown => panic!("unknown"),
    }
}

fn first_failed(verdict: &Verdict<ExchangeCheck>) -> Option<ExchangeCheck> {
    verdict.failed().next().map(|report| report.check)
}

#[tokio::test]
async fn a_verified_response_is_stored_byte_for_byte_with_its_verdict() {
    let office = Office::new();
    let desk = office.desk(Oracle::new(Ok(verified())));
    assert!(send(&desk, OPEN).await.verified());
    drop(desk);
    assert_eq!(office.stored(), [format!("{OPEN}.json")]);
    let stored = office.accepted().get(OPEN).unwrap().unwrap();
    assert_eq!(stored.request_id, OPEN);
    assert_eq!(stored.response.get().as_bytes(), RESPONSE);
    assert_eq!(stored.verdict["verdict"], "verified");
    assert_eq!(stored.accepted, "2026-03-01T12:00:00+00:00");
}

#[tokio::test]
async fn a_request_is_answered_once_and_still_after_a_restart() {
    let office = Office::new();
    let judge = Oracle::new(Ok(verified()));
    let desk = office.desk(judge.clone());
    assert!(send(&desk, OPEN).await.verified());
    assert_eq!(
        first_failed(&send(&desk, OPEN).await),
        Some(ExchangeCheck::AnsweredOnce)
    );
    drop(desk);
    let desk = office.desk(judge.clone());
    assert_eq!(
        first_failed(&send(&desk, OPEN).await),
        Some(ExchangeCheck::AnsweredOnce)
    );
    assert_eq!(judge.asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn of_responses_at_the_same_time_one_is_accepted() {
    const MANY: usize = 8;
    let office = Office::new();
    let desk = office.desk(Oracle::meeting(Ok(verified()), MANY));
    let desk = Arc::new(desk);
    let sent: Vec<_> = (0..MANY)
        .map(|_| {
            let desk = desk.clone();
            tokio::spawn(async move { send(&desk, OPEN).await })
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
    assert_eq!(office.stored().len(), 1);
}

#[tokio::test]
async fn nothing_is_stored_from_a_refused_response() {
    let office = Office::new();
    for check in ExchangeCheck::ALL {
        let desk = office.desk(Oracle::new(Ok(failed(*check))));
        assert_eq!(first_failed(&send(&desk, OPEN).await), Some(*check));
        assert_eq!(office.stored(), [""; 0]);
    }
    let desk = office.desk(Oracle::new(Err(Unavailable::for_now("the ledger is away"))));
    assert!(desk.receive(OPEN, RESPONSE.to_vec()).await.is_err());
    assert_eq!(office.stored(), [""; 0]);
}

#[tokio::test]
async fn a_refused_response_does_not_use_up_the_request() {
    let office = Office::new();
    let desk = office.desk(Oracle::new(Ok(failed(ExchangeCheck::Count))));
    send(&desk, OPEN).await;
    drop(desk);
    let desk = office.desk(Oracle::new(Ok(verified())));
    assert!(send(&desk, OPEN).await.verified());
}

#[tokio::test]
async fn an_expired_request_is_neither_read_nor_judged() {
    let office = Office::new();
    let soon = "2026-03-01T13:00:00+00:00";
    let past = "2026-03-01T12:00:00+01:00";
    office
        .requests()
        .put(&request("urn:soon", Some(soon)))
        .unwrap();
    office
        .requests()
        .put(&request("urn:past", Some(past)))
        .unwrap();
    let judge = Oracle::new(Ok(verified()));
    let desk = office.desk(judge.clone());
    assert_eq!(
        desk.request("urn:past").await.unwrap(),
        Posted::Expired {
            at: past.to_owned()
        }
    );
    assert_eq!(
        first_failed(&send(&desk, "urn:past").await),
        Some(ExchangeCheck::InTime)
    );
    assert_eq!(judge.asked.load(Ordering::SeqCst), 0);
    assert!(matches!(
        desk.request("urn:soon").await.unwrap(),
        Posted::Open(_)
    ));
    assert!(send(&desk, "urn:soon").await.verified());
}

#[tokio::test]
async fn a_request_comes_back_as_it_was_signed() {
    let office = Office::new();
    let desk = office.desk(Oracle::new(Ok(verified())));
    let document = request(OPEN, None).document().clone();
    assert_eq!(desk.request(OPEN).await.unwrap(), Posted::Open(document));
}

#[tokio::test]
async fn hostile_ids_find_nothing() {
    let office = Office::new();
    fs::write(office.directory.path().join("secret.json"), "{}").unwrap();
    let desk = office.desk(Oracle::new(Ok(verified())));
    for id in [
        "../secret",
        "../secret.json",
        "",
        ".",
        "/etc/passwd",
        "a\0b",
        ".lock",
        "CON",
    ] {
        assert_eq!(desk.request(id).await.unwrap(), Posted::Unknown, "{id:?}");
        let receipt = desk.receive(id, RESPONSE.to_vec()).await.unwrap();
        assert_eq!(receipt, Receipt::Unknown, "{id:?}");
    }
}

#[tokio::test]
async fn a_judge_who_waits_for_ever_is_not_waited_for() {
    let office = Office::new();
    let desk = office
        .desk(Oracle::meeting(Ok(verified()), 2))
        .with_judge_limit(Duration::from_millis(20));
    let error = desk.receive(OPEN, RESPONSE.to_vec()).await.unwrap_err();
    assert!(error.to_string().contains("longer than 0.02 s"), "{error}");
    assert_eq!(office.stored(), [""; 0]);
}

#[tokio::test]
async fn a_request_file_that_is_damaged_is_unavailable_and_its_place_is_not_told() {
    let office = Office::new();
    let directory = office.directory.path().join("requests");
    let moved = "8f1f7f2e-4b6b-4a39-9d0e-7f5a2a1d9b11";
    fs::copy(
        directory.join(format!("{OPEN}.json")),
        directory.join(format!("{moved}.json")),
    )
    .unwrap();
    let empty = "11111111-4b6b-4a39-9d0e-7f5a2a1d9b11";
    fs::write(directory.join(format!("{empty}.json")), "").unwrap();
    let desk = office.desk(Oracle::new(Ok(verified())));
    for id in [moved, empty] {
        let text = desk.request(id).await.unwrap_err().to_string();
        assert!(
            text.contains("tell the verifier") && !text.contains("requests"),
            "{text}"
        );
        assert!(matches!(
            office.requests().get(id),
            Err(FileError::Corrupt { .. })
        ));
    }
}

#[test]
fn a_request_is_published_under_an_id_once() {
    let office = Office::new();
    let error = office
        .requests()
        .put(&request(OPEN, Some(NOW)))
        .unwrap_err();
    assert!(matches!(error, FileError::Exists { .. }), "{error}");
    let kept = office.requests().get(OPEN).unwrap().unwrap();
    assert_eq!(kept.message().body.expires, None);
}

#[test]
fn a_directory_of_accepted_responses_belongs_to_one_process() {
    let office = Office::new();
    let _first = office.accepted();
    let second = AcceptedShelf::open(office.directory.path().join("accepted"));
    assert!(matches!(second.unwrap_err(), FileError::InUse { .. }));
}

/// A process that is killed while it stores leaves a file without its name; a process that is killed after it has
/// stored leaves the file with its name, whether or not it answered.
#[tokio::test]
async fn a_process_that_is_killed_leaves_all_of_a_response_or_nothing() {
    let office = Office::new();
    drop(office.accepted());
    let directory = office.directory.path().join("accepted");
    fs::write(directory.join(".unfinished-x1"), r#"{"requestId": "eed"#).unwrap();
    let desk = office.desk(Oracle::new(Ok(verified())));
    assert_eq!(office.stored(), [""; 0]);
    assert!(
        send(&desk, OPEN).await.verified(),
        "what was not stored was not accepted"
    );
    drop(desk);

    let desk = office.desk(Oracle::new(Ok(verified())));
    assert_eq!(
        first_failed(&send(&desk, OPEN).await),
        Some(ExchangeCheck::AnsweredOnce)
    );
    let stored: Value = serde_json::from_str(office.accepted_text(&desk).as_str()).unwrap();
    assert_eq!(stored["requestId"], OPEN);
}

impl Office {
    /// The stored response, read while a desk is open.
    fn accepted_text(&self, _desk: &VerifierDesk) -> String {
        let path = self
            .directory
            .path()
            .join("accepted")
            .join(format!("{OPEN}.json"));
        fs::read_to_string(path).unwrap()
    }
}
