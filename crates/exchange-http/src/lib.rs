//! The exchange over HTTP: a verifier's server, and a holder's client. Section "Protocol Steps" of the draft: a holder
//! resolves the Proof Request, from a URL or from a QR code that holds the URL, and sends the Proof Response to the
//! request's `proofURL`.
//!
//! | method and path | answer |
//! |---|---|
//! | `GET /requests/{id}` | the signed request, as `application/json` or `application/ld+json` |
//! | `GET /requests/{id}/qr.svg` | the URL of that request as a QR code |
//! | `POST /responses/{id}` | the `proofURL` of the request `{id}`: the verdict, if the response is verified |
//! | `GET /problems/{name}` | what a type of problem means, as text |
//! | `GET /health` | `{"status":"ok"}`; it and `/ready` are also served [at an address of their own](Bound::serve_health) |
//!
//! A browser gets a page instead of a request or a problem document: a client whose `Accept` prefers `text/html` to JSON.
//! The page says who asks for what, and has the QR code.
//!
//! Every refusal is a [problem document](Problem) that names the failed check. An id that is a URI is
//! percent-encoded in a path: [`request_url`] and [`response_url`] do it.
//!
//! | status | when |
//! |---|---|
//! | 200 | the response is verified, and stored; a member `acceptedBefore` says that the same one had been before |
//! | 400 | the body is not JSON, or ambiguous JSON (check `size`), or breaks off |
//! | 404 | there is no such request, or no such path |
//! | 405 | the path is for another method |
//! | 408 | the body is too slow |
//! | 409 | the request has been answered by another response (check `answered-once`) |
//! | 410 | the request has expired (check `in-time`) |
//! | 413 | the body has more than 1 MiB (check `size`) |
//! | 415 | the body is not `application/json` or `application/ld+json` |
//! | 422 | another check failed |
//! | 500 | the server is at fault: its own request is malformed or wrongly signed, or it failed |
//! | 503 | the server lacks something for now, or too many responses wait |
//!
//! # The path of a response
//!
//! | module | what it does with a response |
//! |---|---|
//! | `connection` | limits the connections, and the time to read an answer |
//! | `routes` | reads the HTTP request, up to the limits of length and time |
//! | `queue` | limits how many responses are checked concurrently |
//! | `service` | looks up the request, checks the response, stores it once |
//! | `response_verifier` | makes the checks, with the verifier of the crate `exchange` |
//! | `store` | writes the accepted response, under a name that can be taken once |
//! | `refusal` | turns any refusal on the way into a problem document |

mod accept;
mod answer;
mod client;
mod connection;
mod health;
mod limits;
mod listen;
mod listen_address;
mod media_type;
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

pub use client::{Client, ClientError, ClientOptions, Verified};
pub use limits::Limits;
pub use listen::{Bound, Listen, ListenError, TlsFiles};
pub use listen_address::{InvalidListenAddress, ListenAddress};
pub use media_type::{JSON, JSON_LD, PROBLEM_JSON};
pub use page::count_in_words;
pub use problem::{FailedCheck, Problem};
pub use response_verifier::{ResponseVerifier, Unavailable};
pub use service::{Acceptance, Clock, Event, Observer, ServiceError, VerifierService};
pub use store::{AcceptedResponse, FileError, RequestStore, ResponseStore};
pub use urls::{request_url, response_url};
