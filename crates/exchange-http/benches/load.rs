//! The load that the server sustains: the draft's credit-card response, six payslips and some fifty
//! signatures, each for a request of its own, over HTTP on this machine. The clients are a process
//! of their own, and share the processors with the server. Every response that is counted has been
//! checked, and is on the disk.
//!
//! ```console
//! $ cargo bench -p negotiate-exchange-http
//! ```
//!
//! It prints how many responses a second are answered as verified when clients send one after the
//! other, and how much processor time the server takes for each, against that of its signatures
//! verified one by one; and then how long single responses take at half that rate, and at half the
//! rate that is asked for, sent at fixed moments whether or not the earlier ones are answered. The
//! time counts from the moment at which a response was due.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a benchmark may stop at the first error"
)]

extern crate negotiate_exchange_http as exchange_http;

#[path = "../../exchange/tests/credit_card/mod.rs"]
mod credit_card;

use std::{
    collections::BTreeMap,
    env,
    io::{self, BufRead, BufReader, BufWriter, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use cpu_time::ProcessTime;
use credit_card::{TestResolver, bytes, now};
use ed25519_dalek::{Signer, SigningKey, Verifier};
use exchange::{
    did::{Did, DidDocument, ResolveError, Resolver},
    message::Syntax,
    verifier::ExchangeVerifier,
};
use exchange_http::{
    Client, ClientOptions, Limits, Listen, RequestStore, ResponseStore, VerifierService,
    response_url,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::task::{JoinSet, block_in_place};
use url::Url;

/// Clients that send one response after the other.
const CLIENTS: usize = 16;
/// Responses of each measurement.
const RESPONSES: usize = 2000;
/// Responses between two looks at the processor time.
const BATCH: usize = 100;
/// Responses a second that the server should sustain.
const TARGET_RATE: f64 = 500.0;
/// At half that rate, 99 of 100 responses should take at most this long.
const TARGET_TIME: Duration = Duration::from_millis(50);
/// The server's processor time is at most this many times that of the signatures alone.
const TARGET_RATIO: f64 = 2.8;

/// What the clients' process does. A line of JSON; as many lines with a URL and a response follow.
#[derive(Serialize, Deserialize)]
struct Task {
    count: usize,
    /// Responses a second; as many as the server takes if absent.
    rate: Option<f64>,
}

/// What it found.
#[derive(Serialize, Deserialize)]
struct Found {
    seconds: f64,
    /// Sorted.
    milliseconds: Vec<f64>,
}

/// A response that is ready to be sent.
type Ready = (Url, String);

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() {
    if env::args().any(|argument| argument == "--clients") {
        return clients().await;
    }
    let directory = tempfile::tempdir().unwrap();
    let requests = RequestStore::open(directory.path().join("requests")).unwrap();
    let accepted = ResponseStore::open(directory.path().join("accepted")).unwrap();
    let bound = Listen::loopback().bind().unwrap();
    let mut ready = prepare(&bound.url, &requests, BATCH + 3 * RESPONSES).await;
    let size = ready.first().unwrap().1.len();
    let signatures = Signatures::like(&ready.first().unwrap().1);
    println!(
        "{} responses of {size} bytes, each with {} signatures.\n",
        ready.len(),
        signatures.0.len()
    );

    let verifier = Arc::new(ExchangeVerifier::new(Arc::new(Resolved::default())));
    let mut service = VerifierService::new(requests, accepted, verifier);
    service.clock = Arc::new(now);
    let serving = bound.serve(Arc::new(service), Limits::default(), std::future::pending());
    tokio::spawn(async { serving.await.unwrap() });
    let mut clients = Clients::start();

    clients.run(ready.split_off(ready.len() - BATCH), None);
    let (mut ratios, mut times) = (Vec::new(), Vec::new());
    let mut seconds = 0.0;
    for _ in 0..RESPONSES / BATCH {
        let alone = signatures.verify();
        let batch = ready.split_off(ready.len() - BATCH);
        let start = ProcessTime::now();
        seconds += clients.run(batch, None).seconds;
        let each = start.elapsed() / BATCH as u32;
        times.push(each.as_secs_f64() * 1000.0);
        ratios.push(each.as_secs_f64() / alone.as_secs_f64());
    }
    let sustained = RESPONSES as f64 / seconds;
    println!(
        "{CLIENTS} clients      {sustained:>8.0} responses a second  (at least {TARGET_RATE}: {})",
        sustained >= TARGET_RATE
    );
    times.sort_unstable_by(f64::total_cmp);
    ratios.sort_unstable_by(f64::total_cmp);
    println!(
        "processor time  {:>6.2} ms each, {:.2} times its signatures one by one  (quartiles {:.2} and {:.2}; at most \
         {TARGET_RATIO}: {})",
        quantile(&times, 0.5),
        quantile(&ratios, 0.5),
        quantile(&ratios, 0.25),
        quantile(&ratios, 0.75),
        quantile(&ratios, 0.5) <= TARGET_RATIO
    );
    for rate in [sustained / 2.0, TARGET_RATE / 2.0] {
        if rate > sustained {
            println!(
                "{rate:>5.0} a second    is more than the server sustains here, so that it refuses some"
            );
            continue;
        }
        let found = clients.run(ready.split_off(ready.len() - RESPONSES), Some(rate));
        let at = |at| quantile(&found.milliseconds, at);
        println!(
            "{rate:>5.0} a second    quartiles {:.2}, {:.2} and {:.2} ms    p99 {:>6.2} ms  (at most {TARGET_TIME:?}: {})",
            at(0.25),
            at(0.5),
            at(0.75),
            at(0.99),
            at(0.99) <= TARGET_TIME.as_secs_f64() * 1000.0
        );
    }
}

/// Resolves each DID once: the fixture makes its keys anew each time, which is not the server's
/// work.
#[derive(Default)]
struct Resolved(Mutex<BTreeMap<Did, DidDocument>>);

#[async_trait::async_trait]
impl Resolver for Resolved {
    async fn resolve(&self, did: &Did) -> Result<DidDocument, ResolveError> {
        if let Some(document) = self.0.lock().unwrap().get(did) {
            return Ok(document.clone());
        }
        let document = TestResolver.resolve(did).await?;
        self.0.lock().unwrap().insert(did.clone(), document.clone());
        Ok(document)
    }
}

/// Signatures of as many messages as those of a response, and as long.
struct Signatures(Vec<(Vec<u8>, ed25519_dalek::Signature)>, SigningKey);

impl Signatures {
    fn like(response: &str) -> Self {
        fn lengths(part: &Value, found: &mut Vec<usize>) {
            match part {
                Value::Object(members) => {
                    if members.contains_key("proof") {
                        found.push(part.to_string().len());
                    }
                    members.values().for_each(|member| lengths(member, found));
                }
                Value::Array(elements) => elements.iter().for_each(|part| lengths(part, found)),
                _ => {}
            }
        }
        // the request is signed too
        let mut found = vec![5000];
        lengths(&serde_json::from_str(response).unwrap(), &mut found);
        let key = SigningKey::from_bytes(&[7; 32]);
        let signed = found.into_iter().map(|length| {
            let message = vec![b'a'; length];
            let signature = key.sign(&message);
            (message, signature)
        });
        Self(signed.collect(), key)
    }

    /// Returns the processor time of verifying them one by one.
    fn verify(&self) -> Duration {
        let key = self.1.verifying_key();
        let times = (0..5).map(|_| {
            let start = ProcessTime::now();
            assert!(
                self.0.iter().all(|(message, signature)| key.verify(message, signature).is_ok())
            );
            start.elapsed()
        });
        times.min().unwrap()
    }
}

/// The clients' process.
struct Clients {
    process: Child,
    tasks: BufWriter<ChildStdin>,
    found: BufReader<ChildStdout>,
}

impl Clients {
    fn start() -> Self {
        let mut clients = Command::new(env::current_exe().unwrap());
        clients.arg("--clients").stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = clients.spawn().unwrap();
        let tasks = BufWriter::with_capacity(1 << 20, process.stdin.take().unwrap());
        let found = BufReader::new(process.stdout.take().unwrap());
        Self { process, tasks, found }
    }

    /// Has the responses sent.
    fn run(&mut self, ready: Vec<Ready>, rate: Option<f64>) -> Found {
        block_in_place(|| {
            let task = Task { count: ready.len(), rate };
            writeln!(self.tasks, "{}", serde_json::to_string(&task).unwrap()).unwrap();
            for (url, body) in ready {
                writeln!(self.tasks, "{url}\t{body}").unwrap();
            }
            self.tasks.flush().unwrap();
            let mut line = String::new();
            self.found.read_line(&mut line).unwrap();
            serde_json::from_str(&line).expect("what the clients found")
        })
    }
}

impl Drop for Clients {
    fn drop(&mut self) {
        let _ = self.process.kill();
    }
}

async fn clients() {
    let client = Client::new(ClientOptions::default()).unwrap();
    let mut lines = io::stdin().lines().map(Result::unwrap);
    while let Some(line) = lines.next() {
        let task: Task = serde_json::from_str(&line).unwrap();
        let ready = lines.by_ref().take(task.count).map(|line| {
            let (url, body) = line.split_once('\t').unwrap();
            (url.parse().unwrap(), body.to_owned())
        });
        let ready: Vec<Ready> = ready.collect();
        let start = Instant::now();
        let times = match task.rate {
            None => one_after_the_other(&client, ready).await,
            Some(rate) => at_rate(&client, ready, rate).await,
        };
        let seconds = start.elapsed().as_secs_f64();
        let mut milliseconds: Vec<f64> =
            times.iter().map(|time| time.as_secs_f64() * 1000.0).collect();
        milliseconds.sort_unstable_by(f64::total_cmp);
        println!("{}", serde_json::to_string(&Found { seconds, milliseconds }).unwrap());
    }
}

/// Publishes requests, and returns the response to each.
async fn prepare(server: &Url, store: &RequestStore, count: usize) -> Vec<Ready> {
    let credentials = [
        vec![credit_card::email().await],
        vec![credit_card::licence().await],
        vec![credit_card::address().await],
        credit_card::payslips(1..=6).await,
    ];
    let mut ready = Vec::with_capacity(count);
    for number in 0..count {
        let id = format!("00000000-0000-4000-8000-{number:012}");
        let url = response_url(server, &id);
        let mut request = credit_card::unsigned_request();
        request["id"] = id.as_str().into();
        request["proofURL"] = url.as_str().into();
        let request = credit_card::signed_request(request).await;
        store.put(&request).unwrap();
        let answers = credentials.iter().enumerate();
        let answers = answers.map(|(at, list)| credit_card::answer(&request, at, list.clone()));
        let mut response = json!({
            "id": "672841fc-10a6-4c13-b3e0-349da08ae9f3",
            "proofRequestId": id,
            "FulfilledCriteria": answers.collect::<Value>(),
        });
        credit_card::sign(&mut response).await;
        ready.push((url, String::from_utf8(bytes(&response)).unwrap()));
    }
    ready
}

async fn send(client: &Client, (url, body): Ready) {
    client.send_response(&url, body.into_bytes(), Syntax::Json).await.unwrap();
}

/// Has each client wait for an answer before it sends the next. Returns how long each took.
async fn one_after_the_other(client: &Client, mut ready: Vec<Ready>) -> Vec<Duration> {
    let share = ready.len().div_ceil(CLIENTS);
    let mut clients = JoinSet::new();
    while !ready.is_empty() {
        let own = ready.split_off(ready.len().saturating_sub(share));
        let client = client.clone();
        clients.spawn(async move {
            let mut times = Vec::with_capacity(own.len());
            for response in own {
                let start = Instant::now();
                send(&client, response).await;
                times.push(start.elapsed());
            }
            times
        });
    }
    clients.join_all().await.concat()
}

/// Returns how long each response takes from the moment at which it was due.
async fn at_rate(client: &Client, ready: Vec<Ready>, rate: f64) -> Vec<Duration> {
    let start = Instant::now();
    let mut sending = JoinSet::new();
    for (number, response) in ready.into_iter().enumerate() {
        let due = start + Duration::from_secs_f64(number as f64 / rate);
        tokio::time::sleep_until(due.into()).await;
        let client = client.clone();
        sending.spawn(async move {
            send(&client, response).await;
            due.elapsed()
        });
    }
    sending.join_all().await
}

fn quantile(sorted: &[f64], at: f64) -> f64 {
    let index = (sorted.len().saturating_sub(1) as f64 * at).round() as usize;
    sorted.get(index).copied().unwrap_or_default()
}
