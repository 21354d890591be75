#![doc = include_str!("../README.md")]

mod accept;
mod answer;
mod client;
mod connection;
mod health;
mod limits;
mod listen;
mod listen_address;
mod page;
mod problem;
pub mod qr;
mod queue;
mod refusal;
mod response_verifier;
mod routes;
mod server;
mod service;
mod store;
mod urls;

pub use answer::{JSON, JSON_LD, PROBLEM_JSON};
pub use client::{Client, ClientError, ClientOptions, Verified};
pub use limits::Limits;
pub use listen::{Bound, Listen, ListenError, TlsFiles};
pub use listen_address::{InvalidListenAddress, ListenAddress};
pub use page::count_in_words;
pub use problem::{FailedCheck, Problem};
pub use response_verifier::{ResponseVerifier, Unavailable};
pub use service::{Acceptance, Clock, Event, Observer, ServiceError, VerifierService};
pub use store::{AcceptedResponse, FileError, RequestStore, ResponseStore};
pub use urls::{request_url, response_url};
