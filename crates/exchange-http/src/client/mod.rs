//! The holder's client: fetches a request from a URL, and sends a response.

mod error;

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use chrono::{DateTime, Utc};
use exchange::message::{MAX_BYTES, Syntax};
use reqwest::{
    Certificate, RequestBuilder, StatusCode,
    header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, LOCATION, RETRY_AFTER},
    redirect::Policy,
};
use serde_json::Value;
use url::{Host, Url};

use crate::{JSON, JSON_LD, PROBLEM_JSON, Problem, listen::read_certificates};
use error::shown;

pub use error::ClientError;

/// The settings of a client. By default it uses HTTPS only, except with this machine, and waits 30
/// s.
#[derive(Debug, Clone)]
pub struct ClientOptions {
    /// PEM files with certificates that are trusted in addition to those that the machine trusts:
    /// for example a workshop's own authority.
    pub authorities: Vec<PathBuf>,
    /// How long one exchange may take in all, from connecting to the last byte.
    pub time_limit: Duration,
    /// Whether plain HTTP is used with other machines. Anyone on the network path can then read and
    /// change what is sent.
    pub allow_plain: bool,
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self { authorities: Vec::new(), time_limit: Duration::from_secs(30), allow_plain: false }
    }
}

/// Fetches requests and sends responses, over HTTPS; over plain HTTP to this machine only, unless
/// that is allowed.
///
/// It reads at most 1 MiB of any answer, waits a limited time, and follows at most three
/// redirections, none to another server. It uses no proxy. A server that cannot answer now, and
/// says after how long to try again, is asked at most five times, within half a minute; one whose
/// answer breaks off is asked once more. A response may be sent again, since the verifier accepts
/// it once, and answers the same bytes with the same verdict.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    options: ClientOptions,
}

/// The answer to a response that was accepted.
#[derive(Debug, Clone, PartialEq)]
pub struct Verified {
    /// The verdict, as the verifier wrote it: `{"verdict": "verified", "checks": [...]}`.
    pub verdict: Value,
    /// When the same response had been accepted, as the verifier wrote it, if it was sent before
    /// and the answer was lost.
    pub accepted_before: Option<String>,
}

/// An answer, read to its end.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    fn header(&self, name: HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// Why there is no answer, and whether it may have been lost on its way.
struct Failed {
    is_lost: bool,
    error: ClientError,
}

impl Client {
    /// How many redirections are followed when a request is fetched.
    const MAX_REDIRECTIONS: usize = 3;

    /// How often a server is asked in all, and how long is waited in all.
    const MAX_TRIES: u32 = 5;
    const MAX_WAIT: Duration = Duration::from_secs(30);

    /// Returns a client.
    ///
    /// # Errors
    ///
    /// [`ClientError::Other`]: a file or the machine's set-up cannot be used.
    pub fn new(options: ClientOptions) -> Result<Self, ClientError> {
        // reqwest uses the provider of the process and panics without one; if there is one, this
        // changes nothing
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut roots = Vec::new();
        for file in &options.authorities {
            roots.extend(root_certificates(file)?);
        }
        let builder = || {
            reqwest::Client::builder()
                .redirect(Policy::none())
                .no_proxy()
                .timeout(options.time_limit)
                .http1_only()
        };
        // a machine without root certificates can still connect to itself, and to servers with
        // those in the files
        let http = builder()
            .tls_certs_merge(roots.clone())
            .build()
            .or_else(|_| builder().tls_certs_only(roots).build())
            .map_err(|error| {
                ClientError::Other(format!(
                    "HTTP cannot be used: {}; check that the machine's certificates and network are set up",
                    error::reason(&error)
                ))
            })?;
        Ok(Self { http, options })
    }

    /// Fetches a proof request. The bytes are as untrusted as any from the network: at most 1 MiB,
    /// to be parsed with [`Received::read`](exchange::message::Received::read), whose signature is
    /// to be checked.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn fetch_request(&self, url: &Url) -> Result<Vec<u8>, ClientError> {
        let mut here = url.clone();
        for _ in 0..=Self::MAX_REDIRECTIONS {
            self.check_url(&here)?;
            let get = || {
                let get = self.http.get(here.clone());
                get.header(ACCEPT, format!("{JSON}, {JSON_LD}, {PROBLEM_JSON}"))
            };
            let answer = self.ask(get, &here).await?;
            match answer.status.is_redirection() {
                true => here = next(&here, &answer)?,
                false => return successful(answer, &here),
            }
        }
        let reason = format!("it leads on more than {} times", Self::MAX_REDIRECTIONS);
        Err(ClientError::redirected(url, &reason))
    }

    /// Sends a response to a request's `proofURL`.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] with the verifier's problem document if it is not accepted. After
    /// [`ClientError::NoAnswer`] it may have been accepted nevertheless: the same bytes, sent
    /// again, then get the same verdict.
    pub async fn send_response(
        &self,
        url: &Url,
        response: Vec<u8>,
        syntax: Syntax,
    ) -> Result<Verified, ClientError> {
        self.check_url(url)?;
        if response.len() > MAX_BYTES {
            return Err(ClientError::Other(format!(
                "the response has {} bytes, and a server reads at most {MAX_BYTES}; show fewer attributes or credentials",
                response.len()
            )));
        }
        let media_type = match syntax {
            Syntax::Json => JSON,
            Syntax::JsonLd => JSON_LD,
        };
        let post = || {
            self.http
                .post(url.clone())
                .header(CONTENT_TYPE, media_type)
                .header(ACCEPT, format!("{JSON}, {PROBLEM_JSON}"))
                .body(response.clone())
        };
        let answer = self.ask(post, url).await?;
        if answer.status.is_redirection() {
            let reason = "a response is sent to the proofURL and nowhere else";
            return Err(ClientError::redirected(url, reason));
        }
        let status = answer.status.as_u16();
        let verdict: Option<Value> = serde_json::from_slice(&successful(answer, url)?).ok();
        let mut verdict = verdict
            .filter(|verdict| verdict.get("verdict") == Some(&"verified".into()))
            .ok_or_else(|| ClientError::unexpected(url, status, "the answer is not a verdict"))?;
        let before = verdict.as_object_mut().and_then(|verdict| verdict.remove("acceptedBefore"));
        let accepted_before = before.and_then(|before| before.as_str().map(str::to_owned));
        Ok(Verified { verdict, accepted_before })
    }

    fn check_url(&self, url: &Url) -> Result<(), ClientError> {
        match url.scheme() {
            "https" => Ok(()),
            "http" if self.options.allow_plain || is_loopback(url) => Ok(()),
            "http" => Err(ClientError::Plain(shown(url))),
            _ => Err(ClientError::Other(format!(
                "{} is neither https nor http; give the URL of a verifier's server",
                shown(url)
            ))),
        }
    }

    /// Sends an HTTP request, and again as long as the server cannot answer now and wishes so, or
    /// once if the answer was lost.
    async fn ask(
        &self,
        request: impl Fn() -> RequestBuilder,
        url: &Url,
    ) -> Result<Answer, ClientError> {
        let (mut tries, mut time) = (Self::MAX_TRIES, Self::MAX_WAIT);
        let mut if_lost = Some(Duration::ZERO);
        loop {
            let (wish, error) = match self.ask_once(request(), url).await {
                Ok(answer) if answer.status == StatusCode::SERVICE_UNAVAILABLE => {
                    (retry_after(&answer, Utc::now()), busy(answer, url))
                }
                Ok(answer) => return Ok(answer),
                Err(Failed { is_lost, error }) => (if_lost.take().filter(|_| is_lost), error),
            };
            tries -= 1;
            match wish.filter(|wish| tries > 0 && *wish <= time) {
                Some(wait) => tokio::time::sleep(wait).await,
                None => return Err(error),
            }
            time -= wish.unwrap_or_default();
        }
    }

    /// Sends an HTTP request, and reads the answer, which may be as long as a message.
    async fn ask_once(&self, request: RequestBuilder, url: &Url) -> Result<Answer, Failed> {
        let failed = |error: reqwest::Error| Failed {
            is_lost: !error.is_connect() && !error.is_timeout(),
            error: ClientError::of(error, url, self.options.time_limit),
        };
        let mut answer = request.send().await.map_err(failed)?;
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(failed)? {
            if body.len() + chunk.len() > MAX_BYTES {
                let error = format!(
                    "the answer of {} has more than {MAX_BYTES} bytes; it is not a message of this exchange",
                    shown(url)
                );
                return Err(Failed { is_lost: false, error: ClientError::Other(error) });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status: answer.status(), headers: answer.headers().clone(), body })
    }
}

/// Returns the body of an answer that is a success; else the error is the server's problem
/// document.
fn successful(answer: Answer, url: &Url) -> Result<Vec<u8>, ClientError> {
    if answer.status.is_success() {
        return Ok(answer.body);
    }
    let status = answer.status.as_u16();
    if !answer.header(CONTENT_TYPE).is_some_and(|value| value.starts_with(PROBLEM_JSON)) {
        let reason = "the answer is not a problem document; the URL may be another server's";
        return Err(ClientError::unexpected(url, status, reason));
    }
    let document = serde_json::from_slice(&answer.body).unwrap_or(Value::Null);
    let document = Some(document).filter(Value::is_object);
    Err(match document.map(serde_json::from_value::<Problem>) {
        // the status of the answer counts, not that in the document (RFC 9457, section 3.1.2)
        Some(Ok(problem)) => ClientError::Refused {
            url: shown(url),
            problem: Box::new(Problem { status, ..problem }),
        },
        _ => ClientError::unexpected(url, status, "its problem document is malformed"),
    })
}

/// Returns what a server, or a proxy before it, says that cannot answer now.
fn busy(answer: Answer, url: &Url) -> ClientError {
    let status = answer.status.as_u16();
    let reason = match successful(answer, url) {
        Err(ClientError::Refused { problem, .. }) => problem.to_string(),
        _ => format!("status {status}"),
    };
    ClientError::NoAnswer(format!(
        "{} cannot answer now: {reason}; try again in a moment",
        shown(url)
    ))
}

/// Returns where a redirection leads. It must lead to the same server, since the caller trusts the
/// URL to be the verifier's.
fn next(here: &Url, answer: &Answer) -> Result<Url, ClientError> {
    let location = answer.header(LOCATION);
    let there = location.and_then(|location| here.join(location).ok());
    match there {
        Some(there) if there.origin() == here.origin() => Ok(there),
        Some(there) => {
            let reason = format!("it leads to another server, {}", shown(&there));
            Err(ClientError::redirected(here, &reason))
        }
        None => Err(ClientError::redirected(here, "it does not say where to")),
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn root_certificates(file: &Path) -> Result<Vec<Certificate>, ClientError> {
    let failed = |reason| {
        ClientError::Other(format!(
            "the file of root certificates {} cannot be used: {reason}; name a PEM file with CERTIFICATE blocks",
            file.display()
        ))
    };
    let certificates = read_certificates(file).map_err(failed)?;
    let read = certificates.iter().map(|certificate| Certificate::from_der(certificate));
    read.collect::<Result<_, _>>().map_err(|error| failed(error::reason(&error)))
}

/// Returns how long a server wishes a client to wait: `Retry-After` in seconds or as a date (RFC
/// 9110, section 10.2.3).
fn retry_after(answer: &Answer, now: DateTime<Utc>) -> Option<Duration> {
    let wish = answer.header(RETRY_AFTER)?.trim();
    if let Ok(seconds) = wish.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = DateTime::parse_from_rfc2822(wish).ok()?;
    Some((date.to_utc() - now).to_std().unwrap_or_default())
}
