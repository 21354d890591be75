//! The hostile clients: what they send, how slowly, and what becomes of it.

use std::{
    io,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    task::JoinHandle,
    time::{sleep, timeout},
};

use crate::{
    Soak,
    credit_card::{self, bytes},
};

/// Starts the hostile clients.
pub async fn start(soak: &Arc<Soak>, only: Option<&str>) -> Vec<JoinHandle<()>> {
    let is_chosen = |kind: &str| only.is_none_or(|only| only == kind);
    let target = soak.publish().await.message().id.clone();
    let (_, genuine) = soak.publish_and_answer().await;
    let genuine: Value = serde_json::from_slice(&genuine).unwrap();
    let forged = |linked: bool| {
        let mut forged = genuine.clone();
        forged["proofRequestId"] = target.as_str().into();
        if linked {
            forged["@context"] = json!(["https://www.w3.org/2018/credentials/v1"]);
            forged["type"] = json!(["ProofResponse"]);
            forged["proof"] = json!([{
                "type": "Ed25519Signature2018",
                "created": credit_card::ANSWERED,
                "proofPurpose": "assertionMethod",
                "verificationMethod": format!("{}#key-1", credit_card::HOLDER),
                "jws": format!("eyJhbGciOiJFZERTQSIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..{}", "A".repeat(86)),
            }]);
        }
        Arc::new(bytes(&forged))
    };
    let large = |one: &str| {
        Arc::new(
            format!("[{one}]", one = vec![one; (1 << 20) / (one.len() + 1) - 1].join(","))
                .into_bytes(),
        )
    };
    let mut tasks = Vec::new();
    let mut post = |kind: &'static str, host: u8, count: usize, body: &Arc<Vec<u8>>| {
        for _ in 0..if is_chosen(kind) { count } else { 0 } {
            let (soak, body, target) = (Arc::clone(soak), Arc::clone(body), target.clone());
            tasks.push(tokio::spawn(async move {
                loop {
                    let outcome = soak.post(host, &target, &body).await;
                    soak.count(kind, outcome.unwrap_or_else(|error| error.kind().to_string()));
                }
            }));
        }
    };
    post("forged JSON", 2, 8, &forged(false));
    post("forged JSON-LD", 3, 8, &forged(true));
    post("large", 4, 8, &large("0"));
    post("large", 4, 8, &large(r#"{"a":0}"#));
    for (kind, host, count, pause) in [
        ("silent", 2, 600, Duration::MAX),
        ("slow head", 3, 100, Duration::from_millis(700)),
        ("slow body", 4, 100, Duration::from_millis(700)),
        ("slow reader", 2, 50, Duration::MAX),
        ("break off", 3, 8, Duration::from_millis(5)),
    ] {
        for _ in 0..if is_chosen(kind) { count } else { 0 } {
            tasks.push(tokio::spawn(hold(Arc::clone(soak), kind, host, pause, target.clone())));
        }
    }
    let again = Arc::clone(soak);
    tasks.push(tokio::spawn(async move {
        loop {
            sleep(Duration::from_millis(20)).await;
            let last = again.accepted.lock().unwrap().back().cloned();
            if let Some((id, response)) = last {
                let outcome = again.post(2, &id, &response).await;
                again.count("repetition", outcome.unwrap_or_else(|error| error.kind().to_string()));
            }
        }
    }));
    tasks
}

impl Soak {
    /// Connects from another address than the honest holders', if the machine has others.
    async fn connect(&self, host: u8) -> io::Result<TcpStream> {
        let socket = TcpSocket::new_v4()?;
        match socket.bind(SocketAddr::from(([127, 0, 0, host], 0))) {
            Ok(()) => socket.connect(self.address).await,
            Err(_) => TcpStream::connect(self.address).await,
        }
    }

    /// Sends a body, and returns the status.
    async fn post(&self, host: u8, id: &str, body: &[u8]) -> io::Result<String> {
        let mut stream = self.connect(host).await?;
        stream.write_all(head(id, body.len()).as_bytes()).await?;
        stream.write_all(body).await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        let status = answer.split(|byte| *byte == b' ').nth(1);
        let status = status.map(String::from_utf8_lossy).unwrap_or("no answer".into());
        Ok(format!("status {status}"))
    }
}

fn head(id: &str, length: usize) -> String {
    format!(
        "POST /responses/{id} HTTP/1.1\r\nhost: v\r\nconnection: close\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\n\r\n"
    )
}

/// Holds connections as long as the server lets it.
async fn hold(soak: Arc<Soak>, kind: &'static str, host: u8, pause: Duration, target: String) {
    loop {
        let Ok(mut stream) = soak.connect(host).await else {
            soak.count(kind, "not connected");
            sleep(Duration::from_millis(50)).await;
            continue;
        };
        let text = match kind {
            "silent" => String::new(),
            "slow head" => "POST /responses/1 HTTP/1.1\r\nx: ".to_owned(),
            "slow body" => head(&target, 1 << 20),
            "slow reader" => {
                format!("GET /requests/{target} HTTP/1.1\r\nhost: v\r\n\r\n").repeat(500)
            }
            _ => head(&target, 1 << 20) + &" ".repeat(10_000),
        };
        let _ = stream.write_all(text.as_bytes()).await;
        let start = Instant::now();
        match (kind, pause) {
            ("break off", pause) => sleep(pause).await,
            // until the server ends it; a slow reader reads nothing
            ("slow reader", _) => {
                while start.elapsed() < Duration::from_secs(60) && !is_ended(&stream) {
                    sleep(Duration::from_millis(100)).await;
                }
            }
            (_, Duration::MAX) => {
                let _ = stream.read(&mut [0; 100]).await;
            }
            (_, pause) => {
                while timeout(pause, stream.read(&mut [0; 100])).await.is_err()
                    && stream.write_all(b"a").await.is_ok()
                {}
            }
        }
        let seconds = start.elapsed().as_secs();
        soak.count(
            kind,
            if seconds < 1 {
                "under 1 s".to_owned()
            } else {
                format!("{:>2} s and more", seconds / 5 * 5)
            },
        );
    }
}

/// Returns whether the server has reset a connection that is not read.
fn is_ended(stream: &TcpStream) -> bool {
    stream.take_error().is_ok_and(|error| error.is_some())
        || matches!(stream.try_write(b"\r\n"), Err(error) if error.kind() != io::ErrorKind::WouldBlock)
}
