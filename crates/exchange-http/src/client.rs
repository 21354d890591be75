//! A holder's side: reading a request from a URL, sending a response.

mod error;

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use reqwest::{
    Certificate, Response,
    header::{ACCEPT, CONTENT_TYPE, LOCATION},
    redirect::Policy,
};
use serde_json::Value;
use url::{Host, Url};

use super::{
    JSON, JSON_LD,
    listen::read_certificates,
    problem::{PROBLEM_JSON, Problem},
};
use crate::message::{MAX_BYTES, Syntax};

pub use error::ClientError;

/// How a client behaves. [`ClientBuilder::default`] is careful and patient.
#[derive(Debug, Clone)]
pub struct ClientBuilder {
    roots: Vec<PathBuf>,
    time: Duration,
    allow_plain: bool,
}

/// Reads requests and sends responses, over HTTPS; over plain HTTP to this machine only, unless that is allowed.
///
/// It reads at most 1 MiB of any answer, waits a limited time, and follows few redirections, none to
/// another server. It uses no proxy.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    time: Duration,
    allow_plain: bool,
}

/// A response was accepted.
#[derive(Debug, Clone, PartialEq)]
pub struct Verified {
    /// The verdict, as the verifier wrote it: `{"verdict": "verified", "checks": [...]}`.
    pub verdict: Value,
}

impl Default for ClientBuilder {
    fn default() -> Self {
        Self {
            roots: Vec::new(),
            time: Duration::from_secs(30),
            allow_plain: false,
        }
    }
}

impl ClientBuilder {
    /// Trusts the certificates in a PEM file as well as those that the machine trusts: for a workshop's own
    /// authority.
    #[must_use]
    pub fn root_certificates(mut self, file: impl Into<PathBuf>) -> Self {
        self.roots.push(file.into());
        self
    }

    /// How long one exchange may take in all, from connecting to the last byte; 30 s if not set.
    #[must_use]
    pub fn time_limit(mut self, time: Duration) -> Self {
        self.time = time;
        self
    }

    /// Whether plain HTTP is used with other machines. Anybody on the way can then read and change what is sent.
    #[must_use]
    pub fn allow_plain(mut self, allow: bool) -> Self {
        self.allow_plain = allow;
        self
    }

    /// The client.
    ///
    /// # Errors
    ///
    /// [`ClientError::Roots`], [`ClientError::Setup`].
    pub fn build(self) -> Result<Client, ClientError> {
        // reqwest takes the provider of the process and panics without one; a second one is refused, and not needed
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
        // a machine without any certificates of its own can still talk to itself, and to those in the files
        let http = builder()
            .tls_certs_merge(roots.clone())
            .build()
            .or_else(|_| builder().tls_certs_only(roots).build())
            .map_err(|error| ClientError::Setup {
                reason: error::reason(&error),
            })?;
        Ok(Client {
            http,
            time: self.time,
            allow_plain: self.allow_plain,
        })
    }
}

impl Client {
    /// How many redirections are followed when a request is read.
    const REDIRECTIONS: usize = 3;

    /// How to make one.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// Reads a proof request. What comes back is as untrusted as any text from the network: at most 1 MiB, to be
    /// read with [`Received::read`](crate::message::Received::read) and checked by its signature.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn fetch_request(&self, url: &Url) -> Result<Vec<u8>, ClientError> {
        let mut here = url.clone();
        for _ in 0..=Self::REDIRECTIONS {
            self.check_url(&here)?;
            let asked = self.http.get(here.clone());
            let asked = asked.header(ACCEPT, format!("{JSON}, {JSON_LD}, {PROBLEM_JSON}"));
            let answer = self.send(asked, &here).await?;
            if answer.status().is_redirection() {
                here = next(&here, &answer)?;
                continue;
            }
            let status = answer.status();
            if !status.is_success() {
                return Err(self.refused(answer, &here).await);
            }
            return self.body(answer, &here).await;
        }
        Err(ClientError::redirected(
            url,
            format!("it leads on more than {} times", Self::REDIRECTIONS),
        ))
    }

    /// Sends a response to a request's `proofURL`.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] with the verifier's problem document if it is not accepted. After
    /// [`ClientError::TimeOut`] and [`ClientError::Unreachable`] it may have been accepted all the same: sent again,
    /// it is then refused by the check `answered-once`.
    pub async fn send_response(
        &self,
        url: &Url,
        response: Vec<u8>,
        syntax: Syntax,
    ) -> Result<Verified, ClientError> {
        self.check_url(url)?;
        if response.len() > MAX_BYTES {
            return Err(ClientError::TooLongToSend {
                bytes: response.len(),
            });
        }
        let media_type = match syntax {
            Syntax::Json => JSON,
            Syntax::JsonLd => JSON_LD,
        };
        let post = self
            .http
            .post(url.clone())
            .header(CONTENT_TYPE, media_type)
            .header(ACCEPT, format!("{JSON}, {PROBLEM_JSON}"))
            .body(response);
        let answer = self.send(post, url).await?;
        let status = answer.status();
        if status.is_redirection() {
            return Err(ClientError::redirected(
                url,
                "a response is sent to the proofURL and nowhere else".to_owned(),
            ));
        }
        if !status.is_success() {
            return Err(self.refused(answer, url).await);
        }
        let body = self.body(answer, url).await?;
        let verdict: Option<Value> = serde_json::from_slice(&body).ok();
        match verdict {
            Some(verdict) if verdict.get("verdict") == Some(&"verified".into()) => {
                Ok(Verified { verdict })
            }
            _ => Err(ClientError::unexpected(
                url,
                status.as_u16(),
                "the answer is no verdict",
            )),
        }
    }

    fn check_url(&self, url: &Url) -> Result<(), ClientError> {
        match url.scheme() {
            "https" => Ok(()),
            "http" if self.allow_plain || is_loopback(url) => Ok(()),
            "http" => Err(ClientError::Plain { url: shown(url) }),
            _ => Err(ClientError::Scheme { url: shown(url) }),
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

    /// The body of an answer, of which no more is read than a message may have.
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

    /// What an answer says that is no success.
    async fn refused(&self, answer: Response, url: &Url) -> ClientError {
        let status = answer.status().as_u16();
        let media_type = answer.headers().get(CONTENT_TYPE);
        let media_type = media_type.and_then(|value| value.to_str().ok());
        let is_problem = media_type.is_some_and(|value| value.starts_with(PROBLEM_JSON));
        if !is_problem {
            let reason = "the answer is no problem document; the URL may be another server's";
            return ClientError::unexpected(url, status, reason);
        }
        let body = match self.body(answer, url).await {
            Ok(body) => body,
            Err(error) => return error,
        };
        let document = serde_json::from_slice(&body).unwrap_or(Value::Null);
        let document = Some(document).filter(Value::is_object);
        match document.map(serde_json::from_value::<Problem>) {
            // the status that was sent is the one that counts (RFC 9457, section 3.1.2)
            Some(Ok(problem)) => ClientError::Refused {
                url: shown(url),
                problem: Box::new(Problem { status, ..problem }),
            },
            _ => ClientError::unexpected(url, status, "its problem document is malformed"),
        }
    }
}

/// Where a redirection leads: to the same server only, for a URL is asked because it is trusted to be the verifier's.
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
        None => Err(ClientError::redirected(
            here,
            "it does not say where to".to_owned(),
        )),
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

/// A URL without a password that may be in it.
fn shown(url: &Url) -> String {
    let mut url = url.clone();
    // a URL that cannot have them has none
    let _ = url.set_password(None);
    let _ = url.set_username("");
    url.into()
}

fn root_certificates(file: &Path) -> Result<Vec<Certificate>, ClientError> {
    let failed = |reason| ClientError::Roots {
        path: file.to_owned(),
        reason,
    };
    let certificates = read_certificates(file).map_err(failed)?;
    let read = certificates
        .iter()
        .map(|certificate| Certificate::from_der(certificate));
    read.collect::<Result<_, _>>()
        .map_err(|error| failed(error::reason(&error)))
}
