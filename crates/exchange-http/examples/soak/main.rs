//! A soak test of the server: honest and hostile clients on this machine, for as long as is asked.
//!
//! ```console
//! $ cargo run --release -p negotiate-exchange-http --example soak -- 60
//! ```
//!
//! The number is how many seconds it runs; after it, the name of one kind of hostile client, as
//! they are printed, leaves out the others. The server is a process of its own, with a real
//! verifier and real stores. Honest holders answer requests from one address; hostile clients use
//! three others: silent connections, heads and bodies that come slowly, answers that are not read,
//! forged responses in JSON and JSON-LD, bodies of 1 MiB, repetitions, and connections that break
//! off. At its end it prints how long the honest waited, what the hostile got, and how much memory
//! the server took. It fails if an honest holder was refused, a request was accepted twice, the
//! memory grew beyond its bound, or the server did not end within 5 s while the hostile clients
//! went on.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first error"
)]

extern crate negotiate_exchange_http as exchange_http;

#[path = "../../../exchange/tests/credit_card/mod.rs"]
mod credit_card;
mod hostile;

use std::{
    collections::{BTreeMap, VecDeque},
    env, fs, io,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, ExitCode, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use credit_card::{bytes, now, resolver};
use exchange::{
    message::{ProofRequest, Received, Syntax},
    verifier::ExchangeVerifier,
};
use exchange_http::{
    Client, ClientOptions, Event, Limits, Listen, RequestStore, ResponseStore, VerifierService,
    response_url,
};
use serde_json::{Value, json};
use stdx::program::runtime;
use tokio::{
    task::LocalSet,
    time::{interval, sleep},
};
use url::Url;

const HONEST: usize = 4;
/// How long an honest holder rests between two responses.
const REST: Duration = Duration::from_millis(100);
/// The server's memory, as the median of half the time, may grow by this much.
const MAX_GROWTH: u64 = 64 << 20;
/// And to this much at any time: bodies, and what two checks take.
const MAX_MEMORY: u64 = 512 << 20;
const MAX_STOP: Duration = Duration::from_secs(5);

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    // as the program has it
    runtime().unwrap().block_on(async {
        match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            ["--serve", directory] => serve(Path::new(directory)).await,
            [] => soak(Duration::from_secs(60), None).await,
            [seconds] | [seconds, _] => {
                let time = Duration::from_secs(seconds.parse().expect("a number of seconds"));
                soak(time, arguments.get(1).cloned()).await
            }
            _ => panic!("soak [SECONDS [KIND]]"),
        }
    })
}

/// The server's process: serves until standard input ends.
async fn serve(directory: &Path) -> ExitCode {
    let requests = RequestStore::open(directory.join("requests")).unwrap();
    let accepted = ResponseStore::open(directory.join("accepted")).unwrap();
    let verifier = Arc::new(ExchangeVerifier::new(resolver()));
    let mut service = VerifierService::new(requests, accepted, verifier);
    service.clock = Arc::new(now);
    service.observer = Some(Arc::new(|event| {
        if let Event::Fault { peer, what } = event {
            eprintln!("fault: {peer:?}: {what}");
        }
    }));
    let bound = Listen::loopback().bind().unwrap();
    println!("{}", bound.url);
    let (stop, stopped) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let _ = io::read_to_string(io::stdin());
        stop.send(())
    });
    let stopped = async {
        let _ = stopped.await;
    };
    bound.serve(Arc::new(service), Limits::default(), stopped).await.unwrap();
    ExitCode::SUCCESS
}

/// The server as its clients see it, and what they found.
struct Soak {
    url: Url,
    address: SocketAddr,
    directory: PathBuf,
    requests: RequestStore,
    credentials: [Vec<Value>; 4],
    number: AtomicU64,
    end: Instant,
    latencies: Mutex<Vec<Duration>>,
    faults: Mutex<Vec<String>>,
    /// What became of hostile attempts: by kind and outcome.
    outcomes: Mutex<BTreeMap<(&'static str, String), u64>>,
    /// The last accepted responses.
    accepted: Mutex<VecDeque<(String, Vec<u8>)>>,
}

async fn soak(time: Duration, only: Option<String>) -> ExitCode {
    let directory = tempfile::tempdir().unwrap();
    let (mut server, url) = start(directory.path());
    let soak = Arc::new(Soak {
        address: url.socket_addrs(|| None).unwrap()[0],
        requests: RequestStore::open(directory.path().join("requests")).unwrap(),
        directory: directory.path().to_owned(),
        credentials: [
            vec![credit_card::email().await],
            vec![credit_card::licence().await],
            vec![credit_card::address().await],
            credit_card::payslips(1..=6).await,
        ],
        url,
        number: AtomicU64::new(0),
        end: Instant::now() + time,
        latencies: Mutex::default(),
        faults: Mutex::default(),
        outcomes: Mutex::default(),
        accepted: Mutex::default(),
    });
    let hostile = hostile::start(&soak, only.as_deref()).await;
    // on this thread, which the hostile do not use
    let holders = LocalSet::new();
    for _ in 0..HONEST {
        holders.spawn_local(honest(Arc::clone(&soak)));
    }
    let watching = tokio::spawn(watch_memory(Arc::clone(&soak), server.id(), time));
    holders.await;
    let memory = watching.await.unwrap();
    // the hostile clients go on
    let stopping = Instant::now();
    drop(server.stdin.take());
    let stopped = loop {
        match server.try_wait().unwrap() {
            Some(status) => break Some((stopping.elapsed(), status)),
            None if stopping.elapsed() > 2 * MAX_STOP => break None,
            None => sleep(Duration::from_millis(10)).await,
        }
    };
    hostile.into_iter().for_each(|task| task.abort());
    match stopped {
        Some((time, status)) if time <= MAX_STOP && status.success() => {
            println!("\nended within {time:.2?}");
        }
        other => soak.fault(format!("the server did not end well within {MAX_STOP:?}: {other:?}")),
    }
    let _ = server.kill();
    soak.report(&memory)
}

fn start(directory: &Path) -> (Child, Url) {
    let mut server = Command::new(env::current_exe().unwrap());
    server.arg("--serve").arg(directory).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut server = server.spawn().unwrap();
    let mut line = String::new();
    let mut output = io::BufReader::new(server.stdout.take().unwrap());
    io::BufRead::read_line(&mut output, &mut line).unwrap();
    (server, line.trim().parse().expect("the server's URL"))
}

/// Answers requests as a holder does, sends an answer again, and then another one.
async fn honest(soak: Arc<Soak>) {
    while Instant::now() < soak.end {
        // as a process of its own would
        let client = Client::new(ClientOptions::default()).unwrap();
        let (id, response) = soak.publish_and_answer().await;
        let url = response_url(&soak.url, &id);
        let start = Instant::now();
        match client.send_response(&url, response.clone(), Syntax::Json).await {
            Ok(sent) if sent.accepted_before.is_none() => {
                soak.latencies.lock().unwrap().push(start.elapsed());
            }
            other => soak.fault(format!("an honest holder got {other:?}")),
        }
        match client.send_response(&url, response.clone(), Syntax::Json).await {
            Ok(sent) if sent.accepted_before.is_some() => {}
            other => soak.fault(format!("a repetition got {other:?}")),
        }
        let spaced = [b" ", &response[..]].concat().replace_first(b'{', b"{ ");
        if client.send_response(&url, spaced, Syntax::Json).await.is_ok() {
            soak.fault(format!("the request {id} was accepted twice"));
        }
        soak.keep(id, response);
        sleep(REST).await;
    }
}

trait ReplaceFirst {
    fn replace_first(self, byte: u8, by: &[u8]) -> Self;
}

impl ReplaceFirst for Vec<u8> {
    fn replace_first(mut self, byte: u8, by: &[u8]) -> Self {
        let at = self.iter().position(|other| *other == byte).unwrap();
        self.splice(at..=at, by.iter().copied());
        self
    }
}

impl Soak {
    fn fault(&self, fault: String) {
        let mut faults = self.faults.lock().unwrap();
        if faults.len() < 20 {
            println!("FAULT: {fault}");
        }
        faults.push(fault);
    }

    async fn publish(&self) -> Received<ProofRequest> {
        let number = self.number.fetch_add(1, Ordering::Relaxed);
        let id = format!("00000000-0000-4000-8000-{number:012}");
        let mut request = credit_card::unsigned_request();
        request["proofURL"] = response_url(&self.url, &id).as_str().into();
        request["id"] = id.into();
        let request = credit_card::signed_request(request).await;
        self.requests.put(&request).unwrap();
        request
    }

    async fn publish_and_answer(&self) -> (String, Vec<u8>) {
        let request = self.publish().await;
        let mut response = self.unsigned(&request);
        credit_card::sign(&mut response).await;
        (request.message().id.clone(), bytes(&response))
    }

    fn unsigned(&self, request: &Received<ProofRequest>) -> Value {
        let answers = self.credentials.iter().enumerate();
        let answers = answers.map(|(at, list)| credit_card::answer(request, at, list.clone()));
        json!({
            "id": "672841fc-10a6-4c13-b3e0-349da08ae9f3",
            "proofRequestId": request.message().id,
            "FulfilledCriteria": answers.collect::<Value>(),
        })
    }

    /// Keeps an accepted response for those who repeat it; removes an old one, so that the disk
    /// does not fill up.
    fn keep(&self, id: String, response: Vec<u8>) {
        let mut accepted = self.accepted.lock().unwrap();
        accepted.push_back((id, response));
        if accepted.len() > 100 {
            let (old, _) = accepted.pop_front().unwrap();
            for directory in ["requests", "accepted"] {
                let _ = fs::remove_file(self.directory.join(directory).join(format!("{old}.json")));
            }
        }
    }

    fn count(&self, kind: &'static str, outcome: impl Into<String>) {
        if Instant::now() > self.end {
            // the server is stopping
            return;
        }
        *self.outcomes.lock().unwrap().entry((kind, outcome.into())).or_default() += 1;
    }

    /// Prints what was found.
    fn report(&self, memory: &[u64]) -> ExitCode {
        let mut latencies = self.latencies.lock().unwrap();
        latencies.sort_unstable();
        let quantile = |at: f64| {
            let index = (latencies.len().saturating_sub(1) as f64 * at).round() as usize;
            latencies.get(index).copied().unwrap_or_default()
        };
        println!(
            "honest: {} accepted, after {:.1?} (quarter), {:.1?} (half), {:.1?} (three quarters), {:.1?} (99 %), {:.1?} (all)",
            latencies.len(),
            quantile(0.25),
            quantile(0.5),
            quantile(0.75),
            quantile(0.99),
            quantile(1.0)
        );
        println!("hostile:");
        for ((kind, outcome), count) in self.outcomes.lock().unwrap().iter() {
            println!("  {kind:<14} {outcome:<22} {count:>9}");
        }
        if latencies.is_empty() {
            self.fault("no response was accepted".to_owned());
        }
        let (early, late) = memory.split_at(memory.len() / 2);
        let median = |part: &[u64]| {
            let mut part = part.to_vec();
            part.sort_unstable();
            part.get(part.len() / 2).copied().unwrap_or_default()
        };
        let most = memory.iter().max().copied().unwrap_or_default();
        let (early, late) = (median(early), median(late));
        println!(
            "memory: {} MiB in the first half, {} MiB in the second, at most {} MiB",
            early >> 20,
            late >> 20,
            most >> 20
        );
        if late > early + MAX_GROWTH || most > MAX_MEMORY {
            self.fault("the server's memory grew beyond its bound".to_owned());
        }
        match self.faults.lock().unwrap().len() {
            0 => ExitCode::SUCCESS,
            faults => {
                println!("{faults} faults");
                ExitCode::FAILURE
            }
        }
    }
}

/// Returns the memory of the server each second; nothing where the system has no `/proc`. Prints it
/// from time to time.
async fn watch_memory(soak: Arc<Soak>, process: u32, time: Duration) -> Vec<u64> {
    let mut memory = Vec::new();
    let mut seconds = interval(Duration::from_secs(1));
    let each = (time.as_secs() / 12).max(1) as usize;
    while Instant::now() < soak.end {
        seconds.tick().await;
        let Ok(status) = fs::read_to_string(format!("/proc/{process}/status")) else { continue };
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kibibytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
        memory.extend(kibibytes.map(|kibibytes| kibibytes << 10));
        if memory.len() % each == 1 || each == 1 {
            let accepted = soak.latencies.lock().unwrap().len();
            let resident = memory.last().copied().unwrap_or_default() >> 20;
            println!("{:>5} s  {resident:>5} MiB  {accepted:>7} accepted", memory.len());
        }
    }
    memory
}
