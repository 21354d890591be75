//! The reasons why a server refuses an HTTP request, and their problem documents.

use std::{sync::Arc, time::Duration};

use axum::{
    Extension,
    extract::{
        Request, State,
        rejection::{BytesRejection, FailedToBufferBody, PathRejection},
    },
    http::{
        HeaderValue, Method, StatusCode,
        header::{CONNECTION, RETRY_AFTER},
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use exchange::{check::ExchangeCheck, message::MAX_BYTES};

use crate::{
    Event, PROBLEM_JSON, Problem, ProblemKind, Unavailable, VerifierService, accept::prefers_html,
    answer::answer, connection::Connection, page, qr::QrError, service::ServiceError,
};

/// Why a server refuses an HTTP request.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// The service refuses.
    Service(ServiceError),
    /// The request has been answered, and a browser asks for its page.
    Answered,
    /// There is nothing at the path.
    NotFound,
    /// The path is for another method.
    Method,
    /// The id in the path is not UTF-8.
    MalformedId,
    /// The body is not sent as plain JSON.
    ContentType,
    /// The body is too long; its length is unknown if it comes in chunks.
    BodyTooLong { bytes: Option<usize> },
    /// The body did not arrive in time.
    BodyTimeout { limit: Duration },
    /// The body cannot be read to its end.
    MalformedBody,
    /// Too many responses wait to be checked.
    Busy,
    /// The response waited to be checked until it was too late.
    Waited,
    /// The check did not end in time. It continues.
    CheckTimeout,
    /// The check panicked.
    CheckAborted,
    /// The URL of a request has no QR code.
    QrCode(QrError),
}

impl Refusal {
    fn problem(&self) -> Problem {
        match self {
            Self::Service(error) => service_problem(error),
            Self::Answered => Problem::new(
                ProblemKind::Check(ExchangeCheck::AnsweredOnce),
                "The request has been answered, and is answered once; ask the verifier for a new one.",
            ),
            Self::NotFound => Problem::explained(ProblemKind::NotFound),
            Self::Method => Problem::explained(ProblemKind::Method),
            Self::MalformedId => Problem::new(
                ProblemKind::Malformed,
                "The id in the path is not UTF-8; percent-encode the request's id.",
            ),
            Self::ContentType => Problem::explained(ProblemKind::ContentType),
            Self::BodyTooLong { bytes } => {
                let length = match bytes {
                    Some(bytes) => format!("{bytes} bytes, and at most {MAX_BYTES} are read"),
                    None => {
                        format!("more than {MAX_BYTES} bytes, which are the most that are read")
                    }
                };
                Problem::new(
                    ProblemKind::TooLong,
                    format!("The response has {length}; show fewer attributes or credentials."),
                )
            }
            Self::BodyTimeout { limit } => Problem::new(
                ProblemKind::TimeOut,
                format!(
                    "The body did not arrive within {} s; send it faster.",
                    limit.as_secs_f32()
                ),
            ),
            Self::MalformedBody => Problem::new(
                ProblemKind::Malformed,
                "The body ended before its end, or is malformed; send it again.",
            ),
            Self::Busy => Problem::new(
                ProblemKind::Busy,
                "As many responses as the server takes at once wait to be checked; send it again in a moment.",
            ),
            Self::Waited => Problem::new(
                ProblemKind::Busy,
                "The response waited for the server's time limit, and was not checked; send it again in a moment.",
            ),
            Self::CheckTimeout => Problem::new(
                ProblemKind::Unavailable,
                "Checking takes longer than the server's time limit; send the same bytes again later. If they are \
                 accepted in the meantime, the answer will say so.",
            ),
            Self::CheckAborted => Problem::new(
                ProblemKind::Internal,
                "Checking the response failed by a fault of the server; tell the verifier.",
            ),
            Self::QrCode(error) => Problem::new(ProblemKind::QrCode, error.to_string()),
        }
    }

    /// Returns what fails, if that is for the verifier to repair.
    fn fault(self) -> Option<Fault> {
        Some(Fault(match self {
            Self::Service(ServiceError::Unavailable(Unavailable { reason, fault, .. })) => {
                fault.unwrap_or(reason)
            }
            Self::CheckTimeout => "a check takes longer than the time limit".to_owned(),
            Self::CheckAborted => "a check panicked".to_owned(),
            _ => return None,
        }))
    }
}

/// What fails, for the verifier.
#[derive(Debug, Clone)]
struct Fault(String);

fn service_problem(error: &ServiceError) -> Problem {
    match error {
        ServiceError::UnknownRequest => Problem::explained(ProblemKind::UnknownRequest),
        ServiceError::Expired { at } => Problem::new(
            ProblemKind::Check(ExchangeCheck::InTime),
            format!("The request expired at {at}; ask the verifier for a new one."),
        ),
        ServiceError::Rejected(verdict) => Problem::of_verdict(verdict),
        ServiceError::Unavailable(unavailable) => {
            Problem::new(ProblemKind::Unavailable, unavailable.to_string())
        }
    }
}

impl From<ServiceError> for Refusal {
    fn from(error: ServiceError) -> Self {
        Self::Service(error)
    }
}

impl From<QrError> for Refusal {
    fn from(error: QrError) -> Self {
        Self::QrCode(error)
    }
}

impl From<PathRejection> for Refusal {
    fn from(_: PathRejection) -> Self {
        Self::MalformedId
    }
}

impl From<BytesRejection> for Refusal {
    fn from(rejection: BytesRejection) -> Self {
        match rejection {
            BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)) => {
                Self::BodyTooLong { bytes: None }
            }
            _ => Self::MalformedBody,
        }
    }
}

/// Leaves the body to [`write_problem`], which knows the path.
impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let problem = self.problem();
        let status =
            StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = answer(status, PROBLEM_JSON, "");
        let further = match status {
            StatusCode::SERVICE_UNAVAILABLE => Some((RETRY_AFTER, "1")),
            // the rest of the body is not read
            StatusCode::REQUEST_TIMEOUT | StatusCode::PAYLOAD_TOO_LARGE => {
                Some((CONNECTION, "close"))
            }
            _ => None,
        };
        if let Some((name, value)) = further {
            let headers = response.headers_mut();
            headers.insert(name, HeaderValue::from_static(value));
        }
        response.extensions_mut().insert(problem);
        if let Some(fault) = self.fault() {
            response.extensions_mut().insert(fault);
        }
        response
    }
}

/// Writes the problem document of a refusal, with the path of the request, as the body of the answer; for a browser,
/// a page that says the same. Tells the verifier of its own faults.
pub(crate) async fn write_problem(
    State(service): State<Arc<VerifierService>>,
    Extension(connection): Extension<Arc<Connection>>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path().to_owned();
    // a response is sent by a program, and never by a page
    let is_page = *request.method() != Method::POST && prefers_html(request.headers());
    let mut response = next.run(request).await;
    if let Some(Fault(what)) = response.extensions_mut().remove() {
        service.observe(&Event::Fault { peer: Some(connection.peer), what: &what });
    }
    let Some(problem) = response.extensions_mut().remove::<Problem>() else {
        return response;
    };
    match is_page {
        true => page::of_problem(response.status(), &problem),
        false => {
            let text = serde_json::to_string(&problem.at(&path)).unwrap_or_default();
            *response.body_mut() = text.into();
            response
        }
    }
}
