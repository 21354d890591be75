//! Why a server refuses an HTTP request, and the problem document that says so.

use std::sync::Arc;

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
    Event, PROBLEM_JSON, Problem, Unavailable, VerifierService, accept::prefers_html,
    answer::answer, connection::Connection, page, problem::ProblemKind, service::ServiceError,
};

/// Why a server refuses an HTTP request.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    problem: Box<Problem>,
    /// What fails, if that is for the verifier to repair.
    fault: Option<String>,
}

impl Refusal {
    /// Returns a refusal of this kind; `detail` says what happened in this case and what to do.
    pub(crate) fn new(kind: ProblemKind, detail: impl Into<String>) -> Self {
        Problem::new(kind, detail).into()
    }

    /// Returns a refusal that its kind alone describes.
    pub(crate) fn of(kind: ProblemKind) -> Self {
        let explanation = kind.explanation.clone();
        Self::new(kind, explanation)
    }

    /// Returns the same, with what is for the verifier to repair.
    pub(crate) fn with_fault(self, fault: impl Into<String>) -> Self {
        Self { fault: Some(fault.into()), ..self }
    }

    /// Returns that the body has so many bytes; `None` if it comes in chunks, and has more than are
    /// read.
    pub(crate) fn too_long(bytes: Option<usize>) -> Self {
        let length = match bytes {
            Some(bytes) => format!("{bytes} bytes, and at most {MAX_BYTES} are read"),
            None => format!("more than {MAX_BYTES} bytes, which are the most that are read"),
        };
        let detail = format!("The response has {length}; show fewer attributes or credentials.");
        Self::new(ProblemKind::TOO_LONG, detail)
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self { problem: Box::new(problem), fault: None }
    }
}

impl From<ServiceError> for Refusal {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::UnknownRequest => Self::of(ProblemKind::UNKNOWN_REQUEST),
            ServiceError::Expired(at) => Self::new(
                ProblemKind::check(ExchangeCheck::InTime),
                format!("The request expired at {at}; ask the verifier for a new one."),
            ),
            ServiceError::Rejected(verdict) => Problem::of_verdict(&verdict).into(),
            ServiceError::Unavailable(unavailable) => {
                let refusal = Self::new(ProblemKind::UNAVAILABLE, unavailable.to_string());
                let Unavailable { reason, fault, .. } = unavailable;
                refusal.with_fault(fault.unwrap_or(reason))
            }
        }
    }
}

impl From<PathRejection> for Refusal {
    fn from(_: PathRejection) -> Self {
        let detail = "The id in the path is not UTF-8; percent-encode the request's id.";
        Self::new(ProblemKind::MALFORMED, detail)
    }
}

impl From<BytesRejection> for Refusal {
    fn from(rejection: BytesRejection) -> Self {
        match rejection {
            BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)) => {
                Self::too_long(None)
            }
            _ => Self::new(
                ProblemKind::MALFORMED,
                "The body ended before its end, or is malformed; send it again.",
            ),
        }
    }
}

/// Leaves the body to [`write_problem`], which knows the path.
impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.problem.status);
        let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
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
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// Writes the problem document of a refusal, with the path of the request, as the body of the
/// answer; for a browser, a page that says the same. Tells the verifier of its own faults.
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
    let Some(Refusal { mut problem, fault }) = response.extensions_mut().remove() else {
        return response;
    };
    if let Some(what) = fault {
        service.observe(&Event::Fault { peer: Some(connection.peer), what: &what });
    }
    if is_page {
        return page::of_problem(response.status(), &problem);
    }
    problem.instance = Some(path);
    let text = serde_json::to_string(&problem).unwrap_or_default();
    *response.body_mut() = text.into();
    response
}
