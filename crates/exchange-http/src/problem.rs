//! Problem documents (RFC 9457): why a server refuses.

use std::{borrow::Cow, fmt};

use exchange::check::ExchangeCheck;
use serde::{Deserialize, Serialize};
use stdx::text::{Whole, shorten};
use verdict::{Failure, Verdict};

/// The path below which a server explains its types of problems.
const PROBLEMS_PATH: &str = "/problems/";

/// The kind of a problem. Its type is the relative reference `/problems/<name>`, at which the
/// server that reports it explains it.
#[derive(Debug, Clone)]
pub(crate) struct ProblemKind {
    /// A check's name, or that of a problem before any check.
    name: &'static str,
    status: u16,
    /// It in a few words, always the same.
    pub(crate) title: Cow<'static, str>,
    /// The rule behind it, in a sentence: the server's answer at its type.
    pub(crate) explanation: Cow<'static, str>,
}

macro_rules! kinds {
    ($($(#[$about:meta])* $kind:ident = $status:literal $name:literal: $title:literal, $explanation:literal;)*) => {
        impl ProblemKind {
            $($(#[$about])* pub(crate) const $kind: Self = Self {
                name: $name,
                status: $status,
                title: Cow::Borrowed($title),
                explanation: Cow::Borrowed($explanation),
            };)*

            /// The kinds that are not checks.
            const OTHERS: &[Self] = &[$(Self::$kind),*];
        }
    };
}

kinds! {
    /// There is no request with this id.
    UNKNOWN_REQUEST = 404 "unknown-request": "Unknown proof request",
        "The server has no proof request with this id; ask the verifier for its URL.";
    /// There is nothing at this path.
    NOT_FOUND = 404 "not-found": "Nothing here",
        "The server has /requests/<id>, /requests/<id>/qr.svg, /responses/<id>, /problems/<name> and /health.";
    /// The path is there, but not for this method.
    METHOD = 405 "method-not-allowed": "Method not allowed",
        "Requests are read with GET; a response is sent with POST to the request's proofURL.";
    /// The body is of another type than JSON.
    CONTENT_TYPE = 415 "content-type": "Not a type of JSON",
        "A response is sent as application/json or application/ld+json, not compressed.";
    /// The body is longer than any message.
    TOO_LONG = 413 "too-long": "Message too long", "A message has at most 1 MiB.";
    /// The client was too slow.
    TIME_OUT = 408 "time-out": "Too slow", "The whole response must arrive within the server's time limit.";
    /// Too many responses are being checked.
    BUSY = 503 "busy": "Too many responses at once",
        "The server takes as many responses at a time as it can check; send it again in a moment.";
    /// The server lacks something that it needs: a disk, a ledger.
    UNAVAILABLE = 503 "unavailable": "Cannot be done now",
        "The server lacks something that it needs, such as its disk or a ledger; nothing was decided, send it again later.";
    /// A fault of the server.
    INTERNAL = 500 "internal": "Fault of the server", "The server failed; nothing is said about the response.";
    /// The URL cannot be written as a QR code.
    QR_CODE = 500 "qr-code": "No QR code",
        "A QR code holds some 2,300 bytes; the URL of this request is longer.";
    /// The HTTP request is malformed.
    MALFORMED = 400 "malformed": "Malformed HTTP request",
        "The path is not UTF-8, or the body could not be read to its end.";
}

impl ProblemKind {
    /// Returns the failure of a check of the response, or of the request's own. The request is the
    /// verifier's, so that this is a fault of the server.
    pub(crate) fn check(check: ExchangeCheck) -> Self {
        Self {
            name: check.name(),
            status: match check {
                ExchangeCheck::Size => 400,
                ExchangeCheck::AnsweredOnce => 409,
                ExchangeCheck::InTime => 410,
                ExchangeCheck::RequestShape | ExchangeCheck::RequestSignature => 500,
                _ => 422,
            },
            title: format!("The check {check} failed").into(),
            explanation: format!("What is checked: {}.", check.rule()).into(),
        }
    }

    /// Returns the kind of a name.
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        let check = ExchangeCheck::parse(name).map(Self::check);
        check.or_else(|| Self::OTHERS.iter().find(|kind| kind.name == name).cloned())
    }
}

/// A problem document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Problem {
    /// The type: `/problems/<name>`, relative to the URL of the HTTP request; `about:blank` if
    /// absent.
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

impl Problem {
    /// Returns a problem of this kind; `detail` says what happened in this case and what to do.
    pub(crate) fn new(kind: ProblemKind, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("{PROBLEMS_PATH}{}", kind.name),
            title: kind.title.into(),
            status: kind.status,
            detail: detail.into(),
            instance: None,
            check: match kind.name {
                // what is too long is not parsed, and would fail there
                "too-long" => Some(ExchangeCheck::Size),
                name => ExchangeCheck::parse(name),
            }
            .map(|check| check.name().to_owned()),
            checks: Vec::new(),
        }
    }

    /// Returns the problem with a rejected response: the first failed check decides the status.
    pub(crate) fn of_verdict(verdict: &Verdict<ExchangeCheck>) -> Self {
        let mut refusing = verdict.reports.iter().filter(|report| !report.holds());
        let first =
            refusing.clone().find(|report| !report.failures.is_empty()).or_else(|| refusing.next());
        let Some(first) = first else {
            return Self::new(ProblemKind::INTERNAL, "The verdict names no failed check.");
        };
        let detail = match first.failures.first() {
            Some(failure) => format!("The check {} failed: {failure}.", first.check),
            None => format!("The check {} did not pass.", first.check),
        };
        let mut problem = Self::new(ProblemKind::check(first.check), detail);
        for report in verdict.failed().filter(|report| !report.holds()) {
            problem.checks.extend(report.failures.iter().cloned().map(
                |Failure { referent: pointer, expected, got, remedy }| {
                    let check = report.check.name().to_owned();
                    FailedCheck { check, pointer, expected, got, remedy }
                },
            ));
        }
        problem
    }
}

/// Title, status and detail. A client may have received it from any server, so that characters
/// which a terminal may obey are escaped, and long texts shortened.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MAX_CHARACTERS: usize = 1000;
        let title = shorten(&self.title, MAX_CHARACTERS);
        let detail = shorten(&self.detail, MAX_CHARACTERS);
        let status = self.status;
        match detail.starts_with(&*title) {
            // it says the title itself
            true => write!(f, "{} (status {status})", Whole(&detail)),
            false => write!(f, "{} (status {status}): {}", Whole(&title), Whole(&detail)),
        }
    }
}
