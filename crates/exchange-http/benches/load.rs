//! The load that the server sustains: the draft's credit-card response, six payslips and some fifty
//! signatures, each for a request of its own, over HTTP on this machine. Client and server share
//! its processors. Every response that is counted has been checked, and is on the disk.
//!
//! ```console
//! $ cargo bench -p negotiate-exchange-http
//! ```
//!
//! It prints how many responses a second are answered as verified when clients send one after the other, and then
//! how long single responses take at half that rate, and at half the rate that is asked for, sent at fixed moments
//! whether or not the earlier ones are answered. The time counts from the moment at which a response was due.

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
    sync::Arc,
    time::{Duration, Instant},
};

use credit_card::{bytes, now, resolver};
use exchange::{message::Syntax, verifier::ExchangeVerifier};
use exchange_http::{
    Client, Limits, Listen, RequestStore, ResponseStore, VerifierService, response_url,
};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use url::Url;

/// Clients that send one response after the other.
const CLIENTS: usize = 16;
const WARM_UP: usize = 100;
/// Responses of each measurement.
const RESPONSES: usize = 2000;
/// Responses a second that the server should sustain.
const TARGET_RATE: f64 = 500.0;
/// At half that rate, 99 of 100 responses should take at most this long.
const TARGET_TIME: Duration = Duration::from_millis(50);

/// A response that is ready to be sent.
struct Ready {
    url: Url,
    body: Vec<u8>,
}

#[tokio::main]
async fn main() {
    let directory = tempfile::tempdir().unwrap();
    let requests = RequestStore::open(directory.path().join("requests")).unwrap();
    let accepted = ResponseStore::open(directory.path().join("accepted")).unwrap();
    let bound = Listen::loopback().bind().unwrap();
    let mut ready = prepare(bound.url(), &requests, WARM_UP + 3 * RESPONSES).await;
    let size = ready.first().unwrap().body.len();
    println!("{} responses of {size} bytes.\n", ready.len());

    let verifier = Arc::new(ExchangeVerifier::new(resolver()));
    let service = VerifierService::new(requests, accepted, verifier).with_clock(Arc::new(now));
    let serving = bound.serve(Arc::new(service), Limits::default(), std::future::pending());
    tokio::spawn(async { serving.await.unwrap() });
    let client = Client::builder().build().unwrap();

    one_after_the_other(&client, ready.split_off(ready.len() - WARM_UP)).await;
    let rate = one_after_the_other(&client, ready.split_off(ready.len() - RESPONSES)).await;
    println!(
        "{CLIENTS} clients      {rate:>8.0} responses a second  (at least {TARGET_RATE}: {})",
        rate >= TARGET_RATE
    );
    let sustained = rate;
    for rate in [sustained / 2.0, TARGET_RATE / 2.0] {
        if rate > sustained {
            println!(
                "{rate:>5.0} a second    is more than the server sustains here, so that it refuses some"
            );
            continue;
        }
        let times = at_rate(&client, ready.split_off(ready.len() - RESPONSES), rate).await;
        let (half, most) = (quantile(&times, 0.5), quantile(&times, 0.99));
        println!(
            "{rate:>5.0} a second    p50 {half:>8.2?}    p99 {most:>8.2?}  (p99 at most {TARGET_TIME:?}: {})",
            most <= TARGET_TIME
        );
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
        let body = bytes(&response);
        ready.push(Ready { url, body });
    }
    ready
}

async fn send(client: &Client, response: Ready) {
    let sent = client.send_response(&response.url, response.body, Syntax::Json);
    sent.await.unwrap();
}

/// Returns how many responses a second are verified if each client waits for an answer before it sends the next.
async fn one_after_the_other(client: &Client, mut ready: Vec<Ready>) -> f64 {
    let count = ready.len();
    let share = count.div_ceil(CLIENTS);
    let start = Instant::now();
    let mut clients = JoinSet::new();
    while !ready.is_empty() {
        let own = ready.split_off(ready.len().saturating_sub(share));
        let client = client.clone();
        clients.spawn(async move {
            for response in own {
                send(&client, response).await;
            }
        });
    }
    clients.join_all().await;
    count as f64 / start.elapsed().as_secs_f64()
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
    let mut times = sending.join_all().await;
    times.sort_unstable();
    times
}

fn quantile(sorted: &[Duration], at: f64) -> Duration {
    let index = ((sorted.len() - 1) as f64 * at).round() as usize;
    sorted.get(index).copied().unwrap_or_default()
}
