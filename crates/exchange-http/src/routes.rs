//! The paths of the server.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, FromRequest, Path, Request, State, rejection::PathRejection},
    http::{
        HeaderMap, HeaderName, StatusCode,
        header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE},
    },
    middleware,
    response::Response,
    routing::{get, post},
};
use exchange::message::{MAX_BYTES, Syntax};
use tokio::time::{Instant, timeout_at};
use url::Url;

use crate::{
    JSON, JSON_LD, Limits, ProblemKind, VerifierService,
    accept::prefers_html,
    answer::answer,
    page, qr,
    queue::CheckQueue,
    refusal::{Refusal, write_problem},
    request_url,
};

/// What the handlers share.
#[derive(Clone)]
struct App {
    service: Arc<VerifierService>,
    queue: CheckQueue,
    /// The server's URL, as clients know it.
    base: Arc<Url>,
    /// The command with which a holder answers, without the request's URL.
    command: Option<Arc<str>>,
    request_timeout: Duration,
}

/// The id in a path, percent-decoded.
type PathId = Result<Path<String>, PathRejection>;

pub(crate) fn router(
    service: Arc<VerifierService>,
    base: Url,
    command: Option<Arc<str>>,
    limits: &Limits,
) -> Router {
    let app = App {
        service,
        queue: CheckQueue::new(limits),
        base: Arc::new(base),
        command,
        request_timeout: limits.request_timeout,
    };
    Router::new()
        .route("/requests/{id}", get(read_request))
        .route("/requests/{id}/qr.svg", get(read_qr_code))
        .route("/responses/{id}", post(receive_response))
        .route("/problems/{name}", get(explain_problem))
        .route("/health", get(health))
        .fallback(async || Refusal::NotFound)
        .method_not_allowed_fallback(async || Refusal::Method)
        .layer(DefaultBodyLimit::max(MAX_BYTES))
        .layer(middleware::from_fn(write_problem))
        .with_state(app)
}

/// Answers with the signed request, or with a page about it.
async fn read_request(
    State(app): State<App>,
    id: PathId,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let Path(id) = id?;
    let request = app.service.request(&id).await?;
    if prefers_html(&headers) {
        // a program learns it when it answers, as the draft has it; a person would begin in vain
        if app.service.is_answered(&id).await? {
            return Err(Refusal::Answered);
        }
        let url = request_url(&app.base, &id);
        return Ok(page::of_request(request.message(), &url, app.command.as_deref()));
    }
    let media_type = match request.message().syntax() {
        Syntax::JsonLd => JSON_LD,
        Syntax::Json => JSON,
    };
    Ok(answer(StatusCode::OK, media_type, request.document().to_string()))
}

/// Answers with the URL of the request as a QR code.
async fn read_qr_code(State(app): State<App>, id: PathId) -> Result<Response, Refusal> {
    let Path(id) = id?;
    // there is a code only while the request can be answered
    app.service.request(&id).await?;
    let image = qr::svg(&request_url(&app.base, &id))?;
    Ok(answer(StatusCode::OK, "image/svg+xml", image))
}

/// Checks a response, and answers with the verdict if it is verified.
async fn receive_response(
    State(app): State<App>,
    id: PathId,
    request: Request,
) -> Result<Response, Refusal> {
    let Path(id) = id?;
    let deadline = Instant::now() + app.request_timeout;
    check_media_type(request.headers())?;
    check_length(request.headers())?;
    let body = timeout_at(deadline, Bytes::from_request(request, &())).await;
    let body = body.map_err(|_| Refusal::BodyTimeout { limit: app.request_timeout })??;
    let check = async move { app.service.receive(&id, body.into()).await };
    let verdict = app.queue.run(deadline, check).await??;
    let text = serde_json::to_string(&verdict).map_err(|_| Refusal::UnwrittenVerdict)?;
    Ok(answer(StatusCode::OK, JSON, text))
}

/// Answers with what a type of problem means.
async fn explain_problem(name: PathId) -> Result<Response, Refusal> {
    let Path(name) = name.map_err(|_| Refusal::NotFound)?;
    let kind = ProblemKind::parse(&name).ok_or(Refusal::NotFound)?;
    let text = format!("{}\n{}\n", kind.title(), kind.explanation());
    Ok(answer(StatusCode::OK, "text/plain; charset=utf-8", text))
}

async fn health() -> Response {
    answer(StatusCode::OK, JSON, r#"{"status":"ok"}"#)
}

/// Checks that the body is sent as JSON, and not compressed.
fn check_media_type(headers: &HeaderMap) -> Result<(), Refusal> {
    let media_type = header(headers, CONTENT_TYPE).unwrap_or_default();
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    let is_json = [JSON, JSON_LD].iter().any(|known| essence.eq_ignore_ascii_case(known));
    let is_plain = header(headers, CONTENT_ENCODING)
        .is_none_or(|encoding| encoding.trim().eq_ignore_ascii_case("identity"));
    match is_json && is_plain {
        true => Ok(()),
        false => Err(Refusal::ContentType),
    }
}

/// Refuses a body by its announced length, before it is sent.
fn check_length(headers: &HeaderMap) -> Result<(), Refusal> {
    match header(headers, CONTENT_LENGTH).map(str::parse::<usize>) {
        Some(Ok(bytes)) if bytes > MAX_BYTES => Err(Refusal::BodyTooLong { bytes: Some(bytes) }),
        _ => Ok(()),
    }
}

fn header(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    let value = headers.get(name)?;
    Some(value.to_str().unwrap_or_default())
}
