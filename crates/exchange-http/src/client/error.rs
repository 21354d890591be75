//! The errors of a client.

use std::{error::Error, io, iter::successors, time::Duration};

use url::Url;

use crate::problem::Problem;

/// Returns a URL without a password that may be in it.
pub(super) fn shown(url: &Url) -> String {
    let mut url = url.clone();
    // a URL that cannot have them has none
    let _ = url.set_password(None);
    let _ = url.set_username("");
    url.into()
}

/// Why a client has no answer, or the answer is a refusal. URLs are shown without passwords.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The URL is plain HTTP, to another machine.
    #[error(
        "{0} is plain HTTP, which anyone on the network path can read and change; ask for an https URL, or allow plain \
         HTTP explicitly"
    )]
    Plain(String),
    /// No server answers in time, or the answer breaks off, or it is that the server cannot answer
    /// now. A response that was sent may have been accepted.
    #[error("{0}")]
    NoAnswer(String),
    /// The certificate of the URL's server is not trusted, and why.
    #[error(
        "the certificate of {0} is not trusted: {1}; if it is a workshop's own, name its authority's certificate file"
    )]
    Certificate(String, String),
    /// The verifier refuses, and says why.
    #[error("{url} refuses: {problem}")]
    Refused {
        /// The URL.
        url: String,
        /// Its problem document.
        problem: Box<Problem>,
    },
    /// Anything else: a URL or a file that cannot be used, an answer that does not belong to this
    /// exchange.
    #[error("{0}")]
    Other(String),
}

impl ClientError {
    pub(super) fn unexpected(url: &Url, status: u16, reason: &str) -> Self {
        let url = shown(url);
        Self::Other(format!(
            "{url} answered with status {status}, and {reason}; check that the URL is a verifier's"
        ))
    }

    pub(super) fn redirected(url: &Url, reason: &str) -> Self {
        let url = shown(url);
        Self::Other(format!(
            "{url} leads elsewhere, and is not followed: {reason}; ask the verifier for the right URL"
        ))
    }

    pub(super) fn of(error: reqwest::Error, url: &Url, limit: Duration) -> Self {
        let error = error.without_url();
        let url = shown(url);
        if error.is_timeout() {
            let limit = limit.as_secs_f32();
            return Self::NoAnswer(format!(
                "{url} did not answer within {limit} s; try again later, or allow more time"
            ));
        }
        match untrusted(&error) {
            Some(reason) => Self::Certificate(url, reason),
            None if error.is_connect() => Self::NoAnswer(format!(
                "cannot connect to {url}: {}; check that the URL is right and that its server runs",
                causes(&error).last().map(ToString::to_string).unwrap_or_default()
            )),
            None => Self::NoAnswer(format!(
                "{url} does not answer as it should: {}; check that the URL is right and that its server runs",
                reason(&error)
            )),
        }
    }
}

/// Returns an error with its causes.
pub(super) fn reason(error: &reqwest::Error) -> String {
    let texts: Vec<String> = causes(error).map(ToString::to_string).collect();
    texts.join(": ")
}

/// Returns why the server's certificate is not trusted, if that is the cause of an error.
fn untrusted(error: &reqwest::Error) -> Option<String> {
    causes(error).find_map(|cause| match made_from(cause).downcast_ref() {
        Some(rustls::Error::InvalidCertificate(reason)) => Some(reason.to_string()),
        _ => None,
    })
}

/// Returns the error from which an I/O error was made, which is not its source.
fn made_from<'a>(error: &'a (dyn Error + 'static)) -> &'a (dyn Error + 'static) {
    let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    match inner {
        Some(inner) => made_from(inner),
        None => error,
    }
}

fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    let first: &(dyn Error + 'static) = error;
    successors(Some(first), |error| (*error).source())
}
