//! The holder's client: fetches a request from a URL, and sends a response.

mod error;
mod retry;

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use chrono::Utc;
use exchange::message::{MAX_BYTES, Syntax};
use reqwest::{
    Certificate, Response, StatusCode,
    header::{ACCEPT, CONTENT_TYPE, LOCATION},
    redirect::Policy,
};
use serde_json::Value;
use url::{Host, Url};

use crate::{
    JSON, JSON_LD, PROBLEM_JSON, Problem, ProblemKind, listen::read_certificates,
    problem::PROBLEMS_PATH,
};
use error::shown;
use retry::{Retries, retry_after};

pub use error::ClientError;

/// The settings of a client. By default it uses HTTPS only, except with this machine, and waits 30 s.
#[derive(Debug, Clone)]
pub struct ClientBuilder {
    roots: Vec<PathBuf>,
    time: Duration,
    allow_plain: bool,
}

/// Fetches requests and sends responses, over HTTPS; over plain HTTP to this machine only, unless that is allowed.
///
/// It reads at most 1 MiB of any answer, waits a limited time, and follows at most three redirections, none to another
/// server. It uses no proxy. A server that is busy, and says after how long to try again, is asked at most five times,
/// within half a minute.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    time: Duration,
    allow_plain: bool,
}

/// The answer to a response that was accepted.
#[derive(Debug, Clone, PartialEq)]
pub struct Verified {
    /// The verdict, as the verifier wrote it: `{"verdict": "verified", "checks": [...]}`.
    pub verdict: Value,
}

impl Default for ClientBuilder {
    fn default() -> Self {
        Self { roots: Vec::new(), time: Duration::from_secs(30), allow_plain: false }
    }
}

impl ClientBuilder {
    /// Trusts the certificates in a PEM file, in addition to those that the machine trusts: for example a workshop's
    /// own authority.
    #[must_use]
    pub fn root_certificates(mut self, file: impl Into<PathBuf>) -> Self {
        self.roots.push(file.into());
        self
    }

    /// Sets how long one exchange may take in all, from connecting to the last byte; 30 s by default.
    #[must_use]
    pub fn time_limit(mut self, time: Duration) -> Self {
        self.time = time;
        self
    }

    /// Sets whether plain HTTP is used with other machines. Anyone on the network path can then read and change what is
    /// sent.
    #[must_use]
    pub fn allow_plain(mut self, allow: bool) -> Self {
        self.allow_plain = allow;
        self
    }

    /// Returns the client.
    ///
    /// # Errors
    ///
    /// [`ClientError::Roots`], [`ClientError::Setup`].
    pub fn build(self) -> Result<Client, ClientError> {
        // reqwest uses the provider of the process and panics without one; if there is one, this changes nothing
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut roots = Vec::new();
        for file in &self.roots {
            roots.extend(root_certificates(file)?);
        }
        let builder = || {
            reqwest::Client::builder()
                .redirect(Policy::none())
                .no_proxy()
                .timeout(self.time)
                .http1_only()
        };
        // a machine without root certificates can still connect to itself, and to servers with those in the files
        let http = builder()
            .tls_certs_merge(roots.clone())
            .build()
            .or_else(|_| builder().tls_certs_only(roots).build())
            .map_err(|error| ClientError::Setup { reason: error::reason(&error) })?;
        Ok(Client { http, time: self.time, allow_plain: self.allow_plain })
    }
}

impl Client {
    /// How many redirections are followed when a request is fetched.
    const MAX_REDIRECTIONS: usize = 3;

    /// Returns the default settings, to be changed and built.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// Fetches a proof request. The bytes are as untrusted as any from the network: at most 1 MiB, to be parsed with
    /// [`Received::read`](exchange::message::Received::read), whose signature is to be checked.
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
            let answer = self.send_until_taken(get, &here, Repeat::Always).await?;
            if answer.status().is_redirection() {
                here = next(&here, &answer)?;
                continue;
            }
            let answer = self.successful(answer, &here).await?;
            return self.body(answer, &here).await;
        }
        Err(ClientError::redirected(
            url,
            format!("it leads on more than {} times", Self::MAX_REDIRECTIONS),
        ))
    }

    /// Sends a response to a request's `proofURL`.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] with the verifier's problem document if it is not accepted. After
    /// [`ClientError::Busy`], [`ClientError::TimeOut`] and [`ClientError::Unreachable`] it may have been accepted nevertheless: sent again,
    /// it is then refused by the check `answered-once`.
    pub async fn send_response(
        &self,
        url: &Url,
        response: Vec<u8>,
        syntax: Syntax,
    ) -> Result<Verified, ClientError> {
        self.check_url(url)?;
        if response.len() > MAX_BYTES {
            return Err(ClientError::TooLongToSend { bytes: response.len() });
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
        let answer = self.send_until_taken(post, url, Repeat::IfBusy).await?;
        if answer.status().is_redirection() {
            return Err(ClientError::redirected(
                url,
                "a response is sent to the proofURL and nowhere else".to_owned(),
            ));
        }
        let answer = self.successful(answer, url).await?;
        let status = answer.status().as_u16();
        let body = self.body(answer, url).await?;
        let verdict: Option<Value> = serde_json::from_slice(&body).ok();
        verdict
            .filter(|verdict| verdict.get("verdict") == Some(&"verified".into()))
            .map(|verdict| Verified { verdict })
            .ok_or_else(|| ClientError::unexpected(url, status, "the answer is not a verdict"))
    }

    fn check_url(&self, url: &Url) -> Result<(), ClientError> {
        match url.scheme() {
            "https" => Ok(()),
            "http" if self.allow_plain || is_loopback(url) => Ok(()),
            "http" => Err(ClientError::Plain { url: shown(url) }),
            _ => Err(ClientError::Scheme { url: shown(url) }),
        }
    }

    /// Sends an HTTP request, and again as long as the server is busy and wishes so.
    async fn send_until_taken(
        &self,
        request: impl Fn() -> reqwest::RequestBuilder,
        url: &Url,
        repeat: Repeat,
    ) -> Result<Response, ClientError> {
        let mut retries = Retries::default();
        loop {
            let answer = self.send(request(), url).await?;
            if answer.status() != StatusCode::SERVICE_UNAVAILABLE {
                return Ok(answer);
            }
            let wish = retry_after(answer.headers(), Utc::now());
            let (is_busy, error) = match self.successful(answer, url).await {
                Ok(answer) => return Ok(answer),
                Err(ClientError::Refused { url, problem }) => {
                    let kind = problem.kind.strip_prefix(PROBLEMS_PATH);
                    let is_busy = kind == Some(ProblemKind::Busy.name());
                    (is_busy, ClientError::Busy { url, reason: problem.to_string() })
                }
                // a proxy before the server
                Err(ClientError::Unexpected { url, status, .. }) => {
                    (true, ClientError::Busy { url, reason: format!("status {status}") })
                }
                Err(error) => return Err(error),
            };
            let may_repeat = is_busy || repeat == Repeat::Always;
            match wish.filter(|_| may_repeat).and_then(|wish| retries.next(wish)) {
                Some(wait) => tokio::time::sleep(wait).await,
                None => return Err(error),
            }
        }
    }

    async fn send(
        &self,
        request: reqwest::RequestBuilder,
        url: &Url,
    ) -> Result<Response, ClientError> {
        let sent = request.send().await;
        sent.map_err(|error| ClientError::of(error, url, self.time))
    }

    /// Reads the body of an answer, which may be as long as a message.
    async fn body(&self, mut answer: Response, url: &Url) -> Result<Vec<u8>, ClientError> {
        let mut body = Vec::new();
        loop {
            let chunk = answer.chunk().await;
            let chunk = chunk.map_err(|error| ClientError::of(error, url, self.time))?;
            let Some(chunk) = chunk else {
                return Ok(body);
            };
            if body.len() + chunk.len() > MAX_BYTES {
                return Err(ClientError::TooLong { url: shown(url) });
            }
            body.extend_from_slice(&chunk);
        }
    }

    /// Returns an answer that is a success; else the error is the server's problem document.
    async fn successful(&self, answer: Response, url: &Url) -> Result<Response, ClientError> {
        if answer.status().is_success() {
            return Ok(answer);
        }
        let status = answer.status().as_u16();
        let media_type = answer.headers().get(CONTENT_TYPE);
        let media_type = media_type.and_then(|value| value.to_str().ok());
        let is_problem = media_type.is_some_and(|value| value.starts_with(PROBLEM_JSON));
        if !is_problem {
            let reason = "the answer is not a problem document; the URL may be another server's";
            return Err(ClientError::unexpected(url, status, reason));
        }
        let body = self.body(answer, url).await?;
        let document = serde_json::from_slice(&body).unwrap_or(Value::Null);
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
}

/// When an HTTP request is sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Repeat {
    /// Whenever the server cannot answer it now.
    Always,
    /// If the server has not begun with it: a response that it has begun to check may be accepted in the meantime.
    IfBusy,
}

/// Returns where a redirection leads. It must lead to the same server, since the caller trusts the URL to be the
/// verifier's.
fn next(here: &Url, answer: &Response) -> Result<Url, ClientError> {
    let location = answer.headers().get(LOCATION);
    let location = location.and_then(|value| value.to_str().ok());
    let there = location.and_then(|location| here.join(location).ok());
    match there {
        Some(there) if there.origin() == here.origin() => Ok(there),
        Some(there) => Err(ClientError::redirected(
            here,
            format!("it leads to another server, {}", shown(&there)),
        )),
        None => Err(ClientError::redirected(here, "it does not say where to".to_owned())),
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
    let failed = |reason| ClientError::Roots { path: file.to_owned(), reason };
    let certificates = read_certificates(file).map_err(failed)?;
    let read = certificates.iter().map(|certificate| Certificate::from_der(certificate));
    read.collect::<Result<_, _>>().map_err(|error| failed(error::reason(&error)))
}
