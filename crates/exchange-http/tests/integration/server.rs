//! A server on this machine, a verifier that decides by the text of a response, and a client that
//! sends any bytes.

use std::{fs, net::SocketAddr, path::Path, sync::Arc};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use exchange::{
    check::ExchangeCheck,
    message::{ProofRequest, Received},
};
use exchange_http::{
    Event, Limits, Listen, Problem, RequestStore, ResponseStore, ResponseVerifier, Unavailable,
    VerifierService,
};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    sync::{Notify, mpsc, oneshot},
    task::JoinHandle,
};
use url::Url;
use uuid::Uuid;
use verdict::Verdict;

use crate::requests::{expiring_request, failed, linked_request, now, request, verified};

/// The id of a request that is open.
pub const OPEN: &str = "eedeec15-c364-4e4c-b7a7-871413e412f9";
/// The id of a request that is open, in JSON-LD. It is a URI.
pub const LINKED: &str = "https://verifier.example/requests?n=1";
/// The id of a request that has expired.
pub const EXPIRED: &str = "8f1f7f2e-4b6b-4a39-9d0e-7f5a2a1d9b11";
/// The id of a request that cannot be read from the disk.
pub const UNREADABLE: &str = "disk";
/// The body of a response that is checked until it is released.
pub const WAIT: &str = "\"wait\"";

/// What a browser accepts.
pub const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

/// Decides by the text of the response: the name of a check that fails, or one of a few words.
pub struct FakeVerifier {
    /// Reports that a response [`WAIT`] is being checked.
    entered: mpsc::UnboundedSender<()>,
    /// Releases a response [`WAIT`].
    release: Notify,
    /// Reports that a response [`WAIT`] has been checked.
    left: mpsc::UnboundedSender<()>,
}

#[async_trait]
impl ResponseVerifier for FakeVerifier {
    async fn verify(
        &self,
        _request: &Received<ProofRequest>,
        response: &[u8],
        _now: DateTime<Utc>,
    ) -> Result<Verdict<ExchangeCheck>, Unavailable> {
        match str::from_utf8(response.trim_ascii_end()).unwrap() {
            "disk" => Err(Unavailable::for_now("the server's disk cannot be written")),
            "panic" => panic!("a fault of the verifier"),
            WAIT => {
                self.entered.send(()).unwrap();
                self.release.notified().await;
                let _ = self.left.send(());
                Ok(verified())
            }
            name => Ok(ExchangeCheck::parse(name).map_or_else(verified, failed)),
        }
    }
}

impl FakeVerifier {
    /// Releases a response [`WAIT`].
    pub fn release(&self) {
        self.release.notify_one();
    }
}

/// A running server.
pub struct TestServer {
    pub address: SocketAddr,
    pub url: Url,
    pub verifier: Arc<FakeVerifier>,
    pub entered: mpsc::UnboundedReceiver<()>,
    pub left: mpsc::UnboundedReceiver<()>,
    /// What the server tells the verifier of its own faults, and whom it refused for them.
    pub faults: mpsc::UnboundedReceiver<(Option<SocketAddr>, String)>,
    /// The requests whose responses were checked, in the order of the verdicts.
    pub verdicts: mpsc::UnboundedReceiver<String>,
    pub service: Arc<VerifierService>,
    requests: RequestStore,
    stop: Option<oneshot::Sender<()>>,
    server: JoinHandle<()>,
    pub directory: TempDir,
}

impl TestServer {
    pub fn start() -> Self {
        Self::with(Limits::default())
    }

    pub fn with(limits: Limits) -> Self {
        Self::at(&Listen::loopback(), limits)
    }

    pub fn at(listen: &Listen, limits: Limits) -> Self {
        let bound = listen.bind().unwrap();
        let (address, url) = (bound.address, bound.url.clone());
        let (entered_sender, entered) = mpsc::unbounded_channel();
        let (left_sender, left) = mpsc::unbounded_channel();
        let verifier = Arc::new(FakeVerifier {
            entered: entered_sender,
            release: Notify::new(),
            left: left_sender,
        });
        let directory = tempfile::tempdir().unwrap();
        let requests = publish_requests(&directory.path().join("requests"));
        let accepted = ResponseStore::open(directory.path().join("accepted")).unwrap();
        let (fault_sender, faults) = mpsc::unbounded_channel();
        let (verdict_sender, verdicts) = mpsc::unbounded_channel();
        let mut service = VerifierService::new(requests.clone(), accepted, verifier.clone());
        service.clock = Arc::new(now);
        service.observer = Some(Arc::new(move |event| {
            let _ = match event {
                Event::Fault { peer, what } => {
                    fault_sender.send((*peer, (*what).to_owned())).is_ok()
                }
                Event::Verdict { request, .. } => {
                    verdict_sender.send((*request).to_owned()).is_ok()
                }
                Event::Again { .. } => true,
            };
        }));
        let service = Arc::new(service);
        let (stop, stopped) = oneshot::channel();
        let serving = bound.serve(Arc::clone(&service), limits, async {
            let _ = stopped.await;
        });
        let server = tokio::spawn(async { serving.await.unwrap() });
        Self {
            address,
            url,
            verifier,
            entered,
            left,
            faults,
            verdicts,
            service,
            requests,
            stop: Some(stop),
            server,
            directory,
        }
    }

    /// Publishes a further request, and returns its id.
    pub fn publish(&self) -> String {
        self.publish_as(&Uuid::new_v4().to_string())
    }

    /// Publishes a further request under this id, and returns the id.
    pub fn publish_as(&self, id: &str) -> String {
        self.publish_request(&request(id));
        id.to_owned()
    }

    /// Publishes this request.
    pub fn publish_request(&self, request: &Received<ProofRequest>) {
        self.requests.put(request).unwrap();
    }

    /// Releases a response [`WAIT`].
    pub fn release(&self) {
        self.verifier.release();
    }

    /// Stops the server, which ends the running requests first.
    pub fn stop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
    }

    /// Waits until a stopped server has ended.
    pub async fn ended(self) {
        self.server.await.unwrap();
    }

    /// Sends an HTTP request, and returns the whole answer.
    pub async fn send(&self, text: &str) -> HttpAnswer {
        HttpAnswer::read(&mut self.begin(text).await).await
    }

    /// Connects, and sends this text.
    pub async fn begin(&self, text: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        stream
    }

    pub async fn get(&self, path: &str) -> HttpAnswer {
        self.send(&format!("GET {path} HTTP/1.1\r\nhost: verifier\r\nconnection: close\r\n\r\n"))
            .await
    }

    /// Reads a path as a browser does.
    pub async fn browse(&self, path: &str) -> HttpAnswer {
        self.send(&format!(
            "GET {path} HTTP/1.1\r\nhost: verifier\r\nconnection: close\r\naccept: {BROWSER}\r\n\r\n"
        ))
        .await
    }

    pub async fn post(&self, id: &str, body: &str) -> HttpAnswer {
        self.send(&post(id, "application/json", body)).await
    }
}

/// Sends a response from an address of this machine, 127.0.0.`client`: the server takes it for
/// another client's.
pub async fn post_from(client: u8, to: SocketAddr, request: &str, body: &str) -> HttpAnswer {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(([127, 0, 0, client], 0).into()).unwrap();
    let mut stream = socket.connect(to).await.unwrap();
    // a server that refuses the response may close before it has read all of it
    let _ = stream.write_all(post(request, "application/json", body).as_bytes()).await;
    HttpAnswer::read(&mut stream).await
}

fn publish_requests(directory: &Path) -> RequestStore {
    let requests = RequestStore::open(directory).unwrap();
    requests.put(&request(OPEN)).unwrap();
    requests.put(&linked_request(LINKED)).unwrap();
    let expired = expiring_request(EXPIRED, "2026-01-01T00:00:00Z");
    requests.put(&expired).unwrap();
    // a directory in place of a file cannot be read
    let unreadable = format!("sha256-{:x}.json", Sha256::digest(UNREADABLE));
    fs::create_dir(directory.join(unreadable)).unwrap();
    requests
}

/// Returns a response as HTTP sends it.
pub fn post(id: &str, media_type: &str, body: &str) -> String {
    format!(
        "POST /responses/{id} HTTP/1.1\r\nhost: verifier\r\nconnection: close\r\ncontent-type: {media_type}\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// An answer of the server.
#[derive(Debug)]
pub struct HttpAnswer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl HttpAnswer {
    pub async fn read(stream: &mut TcpStream) -> Self {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await.unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).expect("an answer");
        Self { status: status.parse().unwrap(), head: head.to_lowercase(), body: body.to_owned() }
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// Returns the problem document, which agrees with the answer that contains it.
    #[track_caller]
    pub fn problem(&self, name: &str) -> Problem {
        assert!(self.head.contains("content-type: application/problem+json\r\n"), "{self:?}");
        let problem: Problem = serde_json::from_str(&self.body).unwrap();
        assert_eq!(problem.status, self.status);
        assert_eq!(problem.kind, format!("/problems/{name}"));
        assert!(!problem.title.is_empty() && !problem.detail.is_empty());
        problem
    }
}
