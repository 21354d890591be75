//! What the server does at which path.

use std::sync::Arc;

use axum::{
    Router,
    body::Bytes,
    extract::{
        DefaultBodyLimit, FromRequest, Path, Request, State,
        rejection::{BytesRejection, FailedToBufferBody, PathRejection},
    },
    http::{
        HeaderMap, HeaderName, StatusCode, Uri,
        header::{
            CACHE_CONTROL, CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER,
            X_CONTENT_TYPE_OPTIONS,
        },
    },
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::Value;
use tokio::{
    sync::Semaphore,
    time::{Duration, Instant, timeout_at},
};
use url::Url;

use super::{
    JSON, JSON_LD,
    desk::{Desk, Posted, Receipt},
    problem::{PROBLEM_JSON, Problem, ProblemKind},
    qr, request_url,
    server::Limits,
};
use crate::{check::ExchangeCheck, message::MAX_BYTES};

#[derive(Clone)]
struct Service {
    desk: Arc<dyn Desk>,
    /// What clients call the server.
    base: Arc<Url>,
    /// For responses that are being checked, or wait for it.
    places: Arc<Semaphore>,
    /// For responses that are being checked.
    workers: Arc<Semaphore>,
    time: Duration,
}

pub(super) fn router(desk: Arc<dyn Desk>, base: Url, limits: &Limits) -> Router {
    let service = Service {
        desk,
        base: Arc::new(base),
        places: Arc::new(Semaphore::new(limits.checked_at_once + limits.waiting)),
        workers: Arc::new(Semaphore::new(limits.checked_at_once)),
        time: limits.time,
    };
    Router::new()
        .route("/requests/{id}", get(read_request))
        .route("/requests/{id}/qr.svg", get(read_qr_code))
        .route("/responses/{id}", post(receive_response))
        .route("/problems/{name}", get(explain_problem))
        .route("/health", get(health))
        .fallback(not_found)
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::max(MAX_BYTES))
        .with_state(service)
}

/// The signed request.
async fn read_request(
    State(service): State<Service>,
    uri: Uri,
    id: Result<Path<String>, PathRejection>,
) -> Response {
    let found = async {
        let document = service.open_request(id).await?;
        let media_type = match document.get("@context") {
            Some(_) => JSON_LD,
            None => JSON,
        };
        Ok::<_, Box<Problem>>(answer(StatusCode::OK, media_type, document.to_string()))
    };
    found
        .await
        .unwrap_or_else(|problem: Refusal| refuse(*problem, &uri))
}

/// The URL of the request as a QR code.
async fn read_qr_code(
    State(service): State<Service>,
    uri: Uri,
    id: Result<Path<String>, PathRejection>,
) -> Response {
    let drawn = async {
        let name = id_of(&id)?.to_owned();
        service.open_request(id).await?;
        let image = qr::svg(&request_url(&service.base, &name))
            .map_err(|error| refusal(ProblemKind::QrCode, error.to_string()))?;
        Ok::<_, Box<Problem>>(answer(StatusCode::OK, "image/svg+xml", image))
    };
    drawn
        .await
        .unwrap_or_else(|problem: Refusal| refuse(*problem, &uri))
}

/// Checks a response, and answers with the verdict if it is verified.
async fn receive_response(
    State(service): State<Service>,
    uri: Uri,
    id: Result<Path<String>, PathRejection>,
    request: Request,
) -> Response {
    let received = async {
        let id = id_of(&id)?.to_owned();
        let deadline = Instant::now() + service.time;
        let body = read_body(request, deadline, service.time).await?;
        service.check(id, body, deadline).await
    };
    received
        .await
        .unwrap_or_else(|problem: Refusal| refuse(*problem, &uri))
}

/// What a type of problem means.
async fn explain_problem(uri: Uri, name: Result<Path<String>, PathRejection>) -> Response {
    match name.ok().and_then(|Path(name)| ProblemKind::parse(&name)) {
        Some(kind) => {
            let text = format!("{}\n{}\n", kind.title(), kind.explanation());
            answer(StatusCode::OK, "text/plain; charset=utf-8", text)
        }
        None => refuse(
            Problem::new(ProblemKind::NotFound, ProblemKind::NotFound.explanation()),
            &uri,
        ),
    }
}

async fn health() -> Response {
    answer(StatusCode::OK, JSON, r#"{"status":"ok"}"#)
}

async fn not_found(uri: Uri) -> Response {
    let kind = ProblemKind::NotFound;
    refuse(Problem::new(kind, kind.explanation()), &uri)
}

async fn wrong_method(uri: Uri) -> Response {
    let kind = ProblemKind::Method;
    refuse(Problem::new(kind, kind.explanation()), &uri)
}

impl Service {
    async fn open_request(
        &self,
        id: Result<Path<String>, PathRejection>,
    ) -> Result<Value, Refusal> {
        match self.desk.request(id_of(&id)?).await? {
            Posted::Open(document) => Ok(document),
            Posted::Expired { at } => Err(refusal(
                ProblemKind::Check(ExchangeCheck::InTime),
                format!("The request expired at {at}; ask the verifier for a new one."),
            )),
            Posted::Unknown => Err(unknown()),
        }
    }

    /// Checks a response in a task of its own: a client that goes away does not stop what has begun, so that
    /// a response is accepted and stored, or neither.
    async fn check(&self, id: String, body: Bytes, deadline: Instant) -> Result<Response, Refusal> {
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else {
            let detail = "As many responses as the server takes at once wait to be checked; send it again in a moment.";
            return Err(refusal(ProblemKind::Busy, detail));
        };
        let (desk, workers) = (Arc::clone(&self.desk), Arc::clone(&self.workers));
        let checking = tokio::spawn(async move {
            let _place = place;
            let _worker = workers.acquire().await;
            desk.receive(&id, body.into()).await
        });
        let Ok(checked) = timeout_at(deadline, checking).await else {
            let detail = "Checking takes longer than the server's time limit; send it again later. If it is accepted \
                          in the meantime, the answer will be that the request is answered.";
            return Err(refusal(ProblemKind::Unavailable, detail));
        };
        let checked = checked.map_err(|_| {
            let detail =
                "Checking the response failed by a fault of the server; tell the verifier.";
            refusal(ProblemKind::Internal, detail)
        })?;
        match checked? {
            Receipt::Unknown => Err(unknown()),
            Receipt::Judged(verdict) if verdict.verified() => {
                let text = serde_json::to_string(&verdict).map_err(|_| {
                    let detail = "The response is accepted, but the verdict cannot be written; tell the verifier.";
                    refusal(ProblemKind::Internal, detail)
                })?;
                Ok(answer(StatusCode::OK, JSON, text))
            }
            Receipt::Judged(verdict) => Err(Problem::of_verdict(&verdict).into()),
        }
    }
}

fn unknown() -> Refusal {
    let kind = ProblemKind::UnknownRequest;
    refusal(kind, kind.explanation())
}

fn id_of(id: &Result<Path<String>, PathRejection>) -> Result<&str, Refusal> {
    match id {
        Ok(Path(id)) => Ok(id),
        Err(_) => Err(refusal(
            ProblemKind::Malformed,
            "The id in the path is not UTF-8; percent-encode the request's id.",
        )),
    }
}

/// The body, which is JSON by its type and not too long, and which arrives in time.
async fn read_body(request: Request, deadline: Instant, time: Duration) -> Result<Bytes, Refusal> {
    check_head(request.headers())?;
    let reading = Bytes::from_request(request, &());
    match timeout_at(deadline, reading).await {
        Ok(Ok(body)) => Ok(body),
        Ok(Err(BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)))) => {
            Err(too_long("more"))
        }
        Ok(Err(_)) => Err(refusal(
            ProblemKind::Malformed,
            "The body ended before its end, or is malformed; send it again.",
        )),
        Err(_) => Err(refusal(
            ProblemKind::TimeOut,
            format!(
                "The body did not arrive within {} s; send it faster.",
                time.as_secs_f32()
            ),
        )),
    }
}

fn check_head(headers: &HeaderMap) -> Result<(), Refusal> {
    let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or(""));
    let media_type = text(CONTENT_TYPE).unwrap_or_default();
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    let is_json = [JSON, JSON_LD]
        .iter()
        .any(|known| essence.eq_ignore_ascii_case(known));
    let is_plain = text(CONTENT_ENCODING)
        .is_none_or(|encoding| encoding.trim().eq_ignore_ascii_case("identity"));
    if !is_json || !is_plain {
        let kind = ProblemKind::ContentType;
        return Err(refusal(kind, kind.explanation()));
    }
    match text(CONTENT_LENGTH).map(str::parse::<usize>) {
        Some(Ok(length)) if length > MAX_BYTES => Err(too_long(&length.to_string())),
        _ => Ok(()),
    }
}

fn too_long(bytes: &str) -> Refusal {
    let detail = format!(
        "The response has {bytes} bytes, and at most {MAX_BYTES} are read; show fewer attributes or credentials."
    );
    refusal(ProblemKind::TooLong, detail)
}

/// Nothing here is to be kept by a proxy, nor taken for something else than it says.
fn answer(status: StatusCode, media_type: &'static str, body: impl Into<String>) -> Response {
    let headers = [
        (CONTENT_TYPE, media_type),
        (CACHE_CONTROL, "no-store"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (status, headers, body.into()).into_response()
}

/// Why something is not done.
type Refusal = Box<Problem>;

fn refusal(kind: ProblemKind, detail: impl Into<String>) -> Refusal {
    Box::new(Problem::new(kind, detail))
}

fn refuse(problem: Problem, uri: &Uri) -> Response {
    let problem = problem.at(uri.path());
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = serde_json::to_string(&problem).unwrap_or_default();
    let answer = answer(status, PROBLEM_JSON, body);
    match status {
        StatusCode::SERVICE_UNAVAILABLE => ([(RETRY_AFTER, "1")], answer).into_response(),
        // what is left of the body is not read
        StatusCode::REQUEST_TIMEOUT | StatusCode::PAYLOAD_TOO_LARGE => {
            ([(CONNECTION, "close")], answer).into_response()
        }
        _ => answer,
    }
}
