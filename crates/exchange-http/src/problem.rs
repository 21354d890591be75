//! Problem documents (RFC 9457): why a server refuses.

use std::fmt;

use exchange::check::ExchangeCheck;
use serde::{Deserialize, Serialize};
use stdx::text::{Whole, shorten};
use verdict::{Failure, Verdict};

/// The path below which a server explains its types of problems.
pub const PROBLEMS_PATH: &str = "/problems/";

/// The kind of a problem. Its type is the relative reference `/problems/<name>`, at which the server that reports it
/// explains it.
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
    /// The URL cannot be written as a QR code.
    QrCode,
    /// The HTTP request is malformed.
    Malformed,
}

/// A problem document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Problem {
    /// The type: `/problems/<name>`, relative to the URL of the HTTP request; `about:blank` if absent.
    #[serde(rename = "type")]
    pub kind: String,
    /// The type in a few words, always the same.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened in this case, and what to do.
    pub detail: String,
    /// The path of the HTTP request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// The name of the first check that failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check: Option<String>,
    /// The failures of all checks that failed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<FailedCheck>,
}

/// One failure of a check.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FailedCheck {
    /// The check's name, for example `answers-request`.
    pub check: String,
    /// Where in the response: a JSON pointer. Absent if it is not about one part.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// What was expected.
    pub expected: String,
    /// What was found.
    pub got: String,
    /// What to do about it.
    pub remedy: String,
}

impl ProblemKind {
    /// The kinds that are not checks.
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

    /// Returns its name, its status, a few words, and the rule behind it in a sentence.
    ///
    /// The request is the verifier's own, so that a failed check of the request is a fault of the server.
    fn facts(self) -> (&'static str, u16, &'static str, &'static str) {
        match self {
            Self::Check(check) => {
                let status = match check {
                    ExchangeCheck::Size => 400,
                    ExchangeCheck::AnsweredOnce => 409,
                    ExchangeCheck::InTime => 410,
                    ExchangeCheck::RequestShape | ExchangeCheck::RequestSignature => 500,
                    _ => 422,
                };
                (check.name(), status, "", check.rule())
            }
            Self::UnknownRequest => (
                "unknown-request",
                404,
                "Unknown proof request",
                "The server has no proof request with this id; ask the verifier for its URL.",
            ),
            Self::NotFound => (
                "not-found",
                404,
                "Nothing here",
                "The server has /requests/<id>, /requests/<id>/qr.svg, /responses/<id>, /problems/<name> and /health.",
            ),
            Self::Method => (
                "method-not-allowed",
                405,
                "Method not allowed",
                "Requests are read with GET; a response is sent with POST to the request's proofURL.",
            ),
            Self::ContentType => (
                "content-type",
                415,
                "Not a type of JSON",
                "A response is sent as application/json or application/ld+json, not compressed.",
            ),
            Self::TooLong => ("too-long", 413, "Message too long", "A message has at most 1 MiB."),
            Self::TimeOut => (
                "time-out",
                408,
                "Too slow",
                "The whole response must arrive within the server's time limit.",
            ),
            Self::Busy => (
                "busy",
                503,
                "Too many responses at once",
                "The server takes as many responses at a time as it can check; send it again in a moment.",
            ),
            Self::Unavailable => (
                "unavailable",
                503,
                "Cannot be done now",
                "The server lacks something that it needs, such as its disk or a ledger; nothing was decided, send it again later.",
            ),
            Self::Internal => (
                "internal",
                500,
                "Fault of the server",
                "The server failed; nothing is said about the response.",
            ),
            Self::QrCode => (
                "qr-code",
                500,
                "No QR code",
                "A QR code holds some 2,300 bytes; the URL of this request is longer.",
            ),
            Self::Malformed => (
                "malformed",
                400,
                "Malformed HTTP request",
                "The path is not UTF-8, or the body could not be read to its end.",
            ),
        }
    }

    /// Returns its name: a check's, or that of a problem before any check.
    pub fn name(self) -> &'static str {
        self.facts().0
    }

    /// Parses a name.
    pub fn parse(name: &str) -> Option<Self> {
        let check = ExchangeCheck::parse(name).map(Self::Check);
        check.or_else(|| Self::OTHERS.into_iter().find(|kind| kind.name() == name))
    }

    /// Returns the HTTP status of its answer.
    pub fn status(self) -> u16 {
        self.facts().1
    }

    /// Returns it in a few words.
    pub fn title(self) -> String {
        match self {
            Self::Check(check) => format!("The check {check} failed"),
            other => other.facts().2.to_owned(),
        }
    }

    /// Returns the rule behind it, in a sentence: the server's answer at its type.
    pub fn explanation(self) -> String {
        match self {
            Self::Check(check) => format!("What is checked: {}.", check.rule()),
            other => other.facts().3.to_owned(),
        }
    }
}

impl Problem {
    /// Returns a problem of this kind; `detail` says what happened in this case and what to do.
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

    /// Returns the problem with a rejected response: the first failed check decides the status.
    pub fn of_verdict(verdict: &Verdict<ExchangeCheck>) -> Self {
        let mut refusing = verdict.reports.iter().filter(|report| !report.holds());
        let first =
            refusing.clone().find(|report| !report.failures.is_empty()).or_else(|| refusing.next());
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

    /// Returns the same with the path of the HTTP request.
    #[must_use]
    pub fn at(mut self, path: &str) -> Self {
        self.instance = Some(path.to_owned());
        self
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

/// Title, status and detail. A client may have received it from any server, so that characters which a terminal may
/// obey are escaped, and long texts shortened.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MAX_CHARACTERS: usize = 1000;
        let title = shorten(&self.title, MAX_CHARACTERS);
        let detail = shorten(&self.detail, MAX_CHARACTERS);
        let status = self.status;
        write!(f, "{} (status {status}): {}", Whole(&title), Whole(&detail))
    }
}
