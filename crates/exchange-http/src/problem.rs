//! Problem documents (RFC 9457): why a server did not do what it was asked.

use std::fmt;

use proofs::{Failure, Verdict};
use serde::{Deserialize, Serialize};

use super::desk::Unavailable;
use crate::check::ExchangeCheck;

/// The media type of a problem document.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// The path below which a server explains its types of problems.
pub const PROBLEMS_PATH: &str = "/problems/";

/// What kind of problem it is. Its type is the relative reference `/problems/<name>`, which the server that
/// reports it answers with a text: so that it means something wherever the server runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemKind {
    /// A check of the response failed, or the request's own.
    Check(ExchangeCheck),
    /// There is no request with this id.
    UnknownRequest,
    /// There is nothing at this path.
    NotFound,
    /// The path is there, but not for this method.
    Method,
    /// The body is of another type than JSON.
    ContentType,
    /// The body is longer than any message.
    TooLong,
    /// The client was too slow.
    TimeOut,
    /// Too many responses are being checked.
    Busy,
    /// The server lacks something that it needs: a disk, a ledger.
    Unavailable,
    /// A fault of the server.
    Internal,
    /// The URL is too long for a QR code.
    QrCode,
    /// The HTTP request is malformed.
    Malformed,
}

/// A problem document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Problem {
    /// The type: `/problems/<name>`, to be resolved against the URL that was asked; `about:blank` if absent.
    #[serde(rename = "type")]
    pub kind: String,
    /// The type in a few words, the same each time.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened this time, and what to do.
    pub detail: String,
    /// The path that was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// The name of the first check that failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check: Option<String>,
    /// Each thing that the failed checks found wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<FailedCheck>,
}

/// One thing that a check found wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FailedCheck {
    /// The check's name, as `answers-request`.
    pub check: String,
    /// Where in the response: a JSON pointer. Absent if it is not about one place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// What should be.
    pub expected: String,
    /// What is.
    pub got: String,
    /// What to do about it.
    pub remedy: String,
}

impl ProblemKind {
    /// The kinds that are no check.
    const OTHERS: [Self; 11] = [
        Self::UnknownRequest,
        Self::NotFound,
        Self::Method,
        Self::ContentType,
        Self::TooLong,
        Self::TimeOut,
        Self::Busy,
        Self::Unavailable,
        Self::Internal,
        Self::QrCode,
        Self::Malformed,
    ];

    /// Its name: a check's, or that of a problem before any check.
    pub fn name(self) -> &'static str {
        match self {
            Self::Check(check) => check.name(),
            Self::UnknownRequest => "unknown-request",
            Self::NotFound => "not-found",
            Self::Method => "method-not-allowed",
            Self::ContentType => "content-type",
            Self::TooLong => "too-long",
            Self::TimeOut => "time-out",
            Self::Busy => "busy",
            Self::Unavailable => "unavailable",
            Self::Internal => "internal",
            Self::QrCode => "qr-code",
            Self::Malformed => "malformed",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        let check = ExchangeCheck::parse(name).map(Self::Check);
        check.or_else(|| {
            let mut others = Self::OTHERS.into_iter();
            others.find(|kind| kind.name() == name)
        })
    }

    /// The status that it is reported with.
    ///
    /// The checks of the request are the verifier's own affair, so that their failure is a fault of the server.
    pub fn status(self) -> u16 {
        match self {
            Self::Check(ExchangeCheck::Size) | Self::Malformed => 400,
            Self::UnknownRequest | Self::NotFound => 404,
            Self::Method => 405,
            Self::TimeOut => 408,
            Self::Check(ExchangeCheck::AnsweredOnce) => 409,
            Self::Check(ExchangeCheck::InTime) => 410,
            Self::TooLong => 413,
            Self::ContentType => 415,
            Self::Check(ExchangeCheck::RequestShape | ExchangeCheck::RequestSignature)
            | Self::Internal
            | Self::QrCode => 500,
            Self::Check(_) => 422,
            Self::Busy | Self::Unavailable => 503,
        }
    }

    /// In a few words.
    pub fn title(self) -> String {
        match self {
            Self::Check(check) => format!("The check {check} failed"),
            Self::UnknownRequest => "Unknown proof request".to_owned(),
            Self::NotFound => "Nothing here".to_owned(),
            Self::Method => "Method not allowed".to_owned(),
            Self::ContentType => "Not a type of JSON".to_owned(),
            Self::TooLong => "Message too long".to_owned(),
            Self::TimeOut => "Too slow".to_owned(),
            Self::Busy => "Too many responses at once".to_owned(),
            Self::Unavailable => "Cannot be done now".to_owned(),
            Self::Internal => "Fault of the server".to_owned(),
            Self::QrCode => "No QR code".to_owned(),
            Self::Malformed => "Malformed HTTP request".to_owned(),
        }
    }

    /// The rule behind it, in a sentence: what the server answers at its type.
    pub fn explanation(self) -> String {
        match self {
            Self::Check(check) => format!("What is checked: {}.", check.rule()),
            Self::UnknownRequest => {
                "The server has no proof request with this id; ask the verifier for its URL.".to_owned()
            }
            Self::NotFound => {
                "The server has /requests/<id>, /requests/<id>/qr.svg, /responses/<id>, /problems/<name> and /health."
                    .to_owned()
            }
            Self::Method => {
                "Requests are read with GET; a response is sent with POST to the request's proofURL.".to_owned()
            }
            Self::ContentType => {
                "A response is sent as application/json or application/ld+json, not compressed.".to_owned()
            }
            Self::TooLong => "A message has at most 1 MiB.".to_owned(),
            Self::TimeOut => "The whole response must arrive within the server's time limit.".to_owned(),
            Self::Busy => {
                "The server checks as many responses at a time as it can; send it again in a moment.".to_owned()
            }
            Self::Unavailable => {
                "The server lacks something that it needs, such as its disk or a ledger; nothing was decided, send it again later.".to_owned()
            }
            Self::Internal => "The server failed; nothing is said about the response.".to_owned(),
            Self::QrCode => "A QR code holds some 2,300 bytes; the URL of this request is longer.".to_owned(),
            Self::Malformed => "The path is not UTF-8, or the body could not be read to its end.".to_owned(),
        }
    }
}

impl Problem {
    /// A problem of this kind; `detail` says what happened this time and what to do.
    pub fn new(kind: ProblemKind, detail: impl Into<String>) -> Self {
        let check = match kind {
            ProblemKind::Check(check) => Some(check.name().to_owned()),
            ProblemKind::TooLong => Some(ExchangeCheck::Size.name().to_owned()),
            _ => None,
        };
        Self {
            kind: format!("{PROBLEMS_PATH}{}", kind.name()),
            title: kind.title(),
            status: kind.status(),
            detail: detail.into(),
            instance: None,
            check,
            checks: Vec::new(),
        }
    }

    /// The problem with a response that was rejected: the first failed check decides the status.
    pub fn of_verdict(verdict: &Verdict<ExchangeCheck>) -> Self {
        let mut refusing = verdict.reports.iter().filter(|report| !report.holds());
        let first = refusing
            .clone()
            .find(|report| !report.failures.is_empty())
            .or_else(|| refusing.next());
        let Some(first) = first else {
            return Self::new(ProblemKind::Internal, "The verdict names no failed check.");
        };
        let detail = match first.failures.first() {
            Some(failure) => format!("The check {} failed: {failure}.", first.check),
            None => format!("The check {} did not pass.", first.check),
        };
        let mut problem = Self::new(ProblemKind::Check(first.check), detail);
        problem.checks = verdict
            .failed()
            .filter(|report| !report.holds())
            .flat_map(|report| {
                let of = |failure| FailedCheck::new(report.check, failure);
                report.failures.iter().map(of)
            })
            .collect();
        problem
    }

    /// The same, for this path.
    #[must_use]
    pub fn at(mut self, path: &str) -> Self {
        self.instance = Some(path.to_owned());
        self
    }
}

impl From<Unavailable> for Box<Problem> {
    fn from(unavailable: Unavailable) -> Self {
        let detail = unavailable.to_string();
        Self::new(Problem::new(ProblemKind::Unavailable, detail))
    }
}

impl FailedCheck {
    fn new(check: ExchangeCheck, failure: &Failure) -> Self {
        Self {
            check: check.name().to_owned(),
            pointer: failure.referent.clone(),
            expected: failure.expected.clone(),
            got: failure.got.clone(),
            remedy: failure.remedy.clone(),
        }
    }
}

/// As a person reads it; characters that a terminal may obey are escaped, for a stranger may have written it.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (title, detail) = (Plain(&self.title), Plain(&self.detail));
        write!(f, "{title} (status {}): {detail}", self.status)
    }
}

struct Plain<'a>(&'a str);

impl fmt::Display for Plain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 1000;
        for character in self.0.chars().take(SHOWN) {
            match character.is_control() {
                true => write!(f, "{}", character.escape_default())?,
                false => write!(f, "{character}")?,
            }
        }
        match self.0.chars().nth(SHOWN) {
            Some(_) => f.write_str("…"),
            None => Ok(()),
        }
    }
}
