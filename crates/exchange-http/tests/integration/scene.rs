//! A server on this machine, a desk that does as it is told, and a client that says anything.

use std::{net::SocketAddr, sync::Arc};

use async_trait::async_trait;
use exchange::{
    check::ExchangeCheck,
    http::{Desk, Limits, Listen, Posted, Problem, Receipt, Unavailable},
};
use proofs::{
    Failure, Verdict,
    verdict::{Outcome, Report, Weight},
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::{Notify, mpsc, oneshot},
    task::JoinHandle,
};
use url::Url;

/// The id of a request that is open.
pub const OPEN: &str = "eedeec15-c364-4e4c-b7a7-871413e412f9";
/// The id of a request that is open, in JSON-LD. It is a URI.
pub const LINKED: &str = "https://verifier.example/requests?n=1";
/// The id of a request that has expired.
pub const EXPIRED: &str = "8f1f7f2e-4b6b-4a39-9d0e-7f5a2a1d9b11";

/// Decides by the text of the response: the name of a check that shall fail, or one of a few words.
pub struct ObedientDesk {
    /// Told when a response `wait` has come in.
    entered: mpsc::UnboundedSender<()>,
    /// Lets one response `wait` go on.
    release: Notify,
    /// Told when a response `wait` is done.
    left: mpsc::UnboundedSender<()>,
}

#[async_trait]
impl Desk for ObedientDesk {
    async fn request(&self, id: &str) -> Result<Posted, Unavailable> {
        Ok(match id {
            OPEN => Posted::Open(json!({"id": OPEN})),
            LINKED => Posted::Open(json!({"@context": ["https://example.com"], "id": LINKED})),
            EXPIRED => Posted::Expired {
                at: "2026-01-01T00:00:00Z".to_owned(),
            },
            "disk" => return Err(Unavailable::for_now("the server's disk cannot be read")),
            id if id.len() > 2000 => Posted::Open(json!({"id": id})),
            _ => Posted::Unknown,
        })
    }

    async fn receive(&self, id: &str, response: Vec<u8>) -> Result<Receipt, Unavailable> {
        if id != OPEN && id != LINKED {
            return Ok(Receipt::Unknown);
        }
        match str::from_utf8(&response).unwrap() {
            "disk" => Err(Unavailable::for_now("the server's disk cannot be written")),
            "panic" => panic!("a fault of the verifier"),
            "wait" => {
                self.entered.send(()).unwrap();
                self.release.notified().await;
                let _ = self.left.send(());
                Ok(Receipt::Judged(verified()))
            }
            name => Ok(Receipt::Judged(match ExchangeCheck::parse(name) {
                Some(check) => failed(check),
                None => verified(),
            })),
        }
    }
}

impl ObedientDesk {
    /// Lets one response `wait` go on.
    pub fn release(&self) {
        self.release.notify_one();
    }
}

pub fn verified() -> Verdict<ExchangeCheck> {
    let passed = |check: &ExchangeCheck| Report {
        check: *check,
        outcome: Outcome::Passed,
        failures: Vec::new(),
        note: None,
        weight: Weight::Required,
    };
    Verdict {
        id: None,
        reports: ExchangeCheck::ALL.iter().map(passed).collect(),
    }
}

pub fn failed(check: ExchangeCheck) -> Verdict<ExchangeCheck> {
    let failure = Failure::new("this", "that", "send this").about("/FulfilledCriteria/0");
    Verdict::failed_at(check, None, failure)
}

/// A server that runs.
pub struct Scene {
    pub address: SocketAddr,
    pub url: Url,
    pub desk: Arc<ObedientDesk>,
    pub entered: mpsc::UnboundedReceiver<()>,
    pub left: mpsc::UnboundedReceiver<()>,
    stop: oneshot::Sender<()>,
    server: JoinHandle<()>,
}

impl Scene {
    pub fn start() -> Self {
        Self::with(Limits::default())
    }

    pub fn with(limits: Limits) -> Self {
        Self::at(&Listen::loopback(), limits)
    }

    pub fn at(listen: &Listen, limits: Limits) -> Self {
        let bound = listen.bind().unwrap();
        let (address, url) = (bound.address(), bound.url().clone());
        let (entered_sender, entered) = mpsc::unbounded_channel();
        let (left_sender, left) = mpsc::unbounded_channel();
        let desk = Arc::new(ObedientDesk {
            entered: entered_sender,
            release: Notify::new(),
            left: left_sender,
        });
        let (stop, stopped) = oneshot::channel();
        let serving = bound.serve(desk.clone(), limits, async {
            let _ = stopped.await;
        });
        let server = tokio::spawn(async { serving.await.unwrap() });
        Self {
            address,
            url,
            desk,
            entered,
            left,
            stop,
            server,
        }
    }

    /// Lets one response `wait` go on.
    pub fn release(&self) {
        self.desk.release();
    }

    /// Tells the server to stop; what is returned is done when it has.
    pub fn stop(self) -> JoinHandle<()> {
        let _ = self.stop.send(());
        self.server
    }

    /// Sends a whole HTTP request, and returns the whole answer.
    pub async fn say(&self, text: &str) -> Answer {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        Answer::read(&mut stream).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.say(&format!(
            "GET {path} HTTP/1.1\r\nhost: verifier\r\nconnection: close\r\n\r\n"
        ))
        .await
    }

    pub async fn post(&self, id: &str, body: &str) -> Answer {
        self.say(&post(id, "application/json", body)).await
    }
}

/// A response as HTTP sends it.
pub fn post(id: &str, media_type: &str, body: &str) -> String {
    format!(
        "POST /responses/{id} HTTP/1.1\r\nhost: verifier\r\nconnection: close\r\ncontent-type: {media_type}\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    pub async fn read(stream: &mut TcpStream) -> Self {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await.unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).expect("an answer");
        Self {
            status: status.parse().unwrap(),
            head: head.to_lowercase(),
            body: body.to_owned(),
        }
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// The problem document, which agrees with the answer that it comes in.
    #[track_caller]
    pub fn problem(&self, name: &str) -> Problem {
        assert!(
            self.head
                .contains("content-type: application/problem+json\r\n"),
            "{self:?}"
        );
        let problem: Problem = serde_json::from_str(&self.body).unwrap();
        assert_eq!(problem.status, self.status);
        assert_eq!(problem.kind, format!("/problems/{name}"));
        assert!(!problem.title.is_empty() && !problem.detail.is_empty());
        problem
    }
}
