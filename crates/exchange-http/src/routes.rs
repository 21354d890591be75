//! The paths of the server.

use std::{io, sync::Arc, time::Duration};

use axum::{
    Extension, Router,
    body::{Body, Bytes},
    extract::{DefaultBodyLimit, FromRequest, Path, Request, State, rejection::PathRejection},
    http::{
        HeaderMap, HeaderName, StatusCode,
        header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, EXPECT},
    },
    middleware,
    response::Response,
    routing::{get, post},
};
use exchange::{
    check::ExchangeCheck,
    message::{MAX_BYTES, ProofRequest, Received, Syntax},
};
use http_body_util::BodyExt;
use serde_json::{Map, Value};
use tokio::time::{Instant, timeout, timeout_at};
use url::Url;

use crate::{
    JSON, JSON_LD, Limits, VerifierService,
    accept::prefers_html,
    answer::answer,
    connection::{Activity, Connection},
    health::health,
    page,
    problem::ProblemKind,
    qr,
    queue::{BodySpace, CheckQueue},
    refusal::{Refusal, write_problem},
    request_url,
    service::Acceptance,
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

/// Returns the routes of a server, whose requests have their [`Connection`] as an extension.
pub(crate) fn router(
    service: Arc<VerifierService>,
    base: Url,
    command: Option<Arc<str>>,
    limits: &Limits,
) -> io::Result<Router> {
    let app = App {
        service: Arc::clone(&service),
        queue: CheckQueue::new(limits)?,
        base: Arc::new(base),
        command,
        request_timeout: limits.request_timeout,
    };
    Ok(Router::new()
        .route("/requests/{id}", get(read_request))
        .route("/requests/{id}/qr.svg", get(read_qr_code))
        .route("/responses/{id}", post(receive_response))
        .route("/problems/{name}", get(explain_problem))
        .route("/health", get(health))
        .fallback(async || Refusal::of(ProblemKind::NOT_FOUND))
        .method_not_allowed_fallback(async || Refusal::of(ProblemKind::METHOD))
        .layer(DefaultBodyLimit::max(MAX_BYTES))
        .layer(middleware::from_fn_with_state(service, write_problem))
        .with_state(app))
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
            return Err(Refusal::new(
                ProblemKind::check(ExchangeCheck::AnsweredOnce),
                "The request has been answered, and is answered once; ask the verifier for a new one.",
            ));
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
    let image = qr::svg(&request_url(&app.base, &id));
    let image = image.map_err(|error| Refusal::new(ProblemKind::QR_CODE, error.to_string()))?;
    Ok(answer(StatusCode::OK, "image/svg+xml", image))
}

/// Checks a response, and answers with the verdict if it is verified.
async fn receive_response(
    State(app): State<App>,
    Extension(connection): Extension<Arc<Connection>>,
    id: PathId,
    request: Request,
) -> Result<Response, Refusal> {
    let Path(id) = id?;
    let deadline = Instant::now() + app.request_timeout;
    let (asked, mut space) = match app.begin(&id, &connection, request.headers()).await {
        Ok(begun) => begun,
        Err(refusal) => {
            discard(request).await;
            return Err(refusal);
        }
    };
    connection.enter(Activity::Body);
    let body = timeout_at(deadline, Bytes::from_request(request, &())).await;
    connection.enter(Activity::Working);
    let body = body.map_err(|_| {
        let limit = app.request_timeout.as_secs_f32();
        let detail = format!("The body did not arrive within {limit} s; send it faster.");
        Refusal::new(ProblemKind::TIME_OUT, detail)
    })??;
    space.shrink_to(body.len());
    let service = Arc::clone(&app.service);
    let check = async move { service.receive(&asked, body).await };
    let accepted = app.queue.run(space, &id, deadline, check).await??;
    Ok(answer(StatusCode::OK, JSON, acceptance(accepted)))
}

impl App {
    /// Does what can be done before the body is read: finds the request, and takes the memory for
    /// the body.
    async fn begin(
        &self,
        id: &str,
        connection: &Connection,
        headers: &HeaderMap,
    ) -> Result<(Received<ProofRequest>, BodySpace), Refusal> {
        check_media_type(headers)?;
        let length = header(headers, CONTENT_LENGTH).and_then(|length| length.parse().ok());
        if let Some(bytes) = length.filter(|bytes| *bytes > MAX_BYTES) {
            return Err(Refusal::too_long(Some(bytes)));
        }
        let asked = self.service.look_up(id).await?;
        let space = self.queue.body(connection.peer.into(), length.unwrap_or(MAX_BYTES));
        Ok((asked, space.inspect_err(|_| connection.end_slow_body())?))
    }
}

/// Reads a body that is not wanted, as long as it arrives without delay. A client that is still
/// sending when the connection is closed may never read the answer.
async fn discard(request: Request) {
    const PAUSE: Duration = Duration::from_millis(100);
    const TIME: Duration = Duration::from_secs(1);
    if request.headers().contains_key(EXPECT) {
        // it waits for the answer
        return;
    }
    let mut body: Body = request.into_body();
    let read = async { while let Ok(Some(Ok(_))) = timeout(PAUSE, body.frame()).await {} };
    let _ = timeout(TIME, read).await;
}

/// Returns the answer to an accepted response: the verdict, and when it had been accepted if that
/// was before.
fn acceptance(accepted: Acceptance) -> String {
    let verdict = accepted.verdict.get();
    let Some(before) = accepted.accepted_before else {
        return verdict.to_owned();
    };
    let mut verdict: Map<String, Value> = serde_json::from_str(verdict).unwrap_or_default();
    verdict.insert("acceptedBefore".to_owned(), before.into());
    Value::Object(verdict).to_string()
}

/// Answers with what a type of problem means.
async fn explain_problem(name: PathId) -> Result<Response, Refusal> {
    let kind = name.ok().and_then(|Path(name)| ProblemKind::of_name(&name));
    let kind = kind.ok_or_else(|| Refusal::of(ProblemKind::NOT_FOUND))?;
    let text = format!("{}\n{}\n", kind.title, kind.explanation);
    Ok(answer(StatusCode::OK, "text/plain; charset=utf-8", text))
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
        false => Err(Refusal::of(ProblemKind::CONTENT_TYPE)),
    }
}

fn header(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    let value = headers.get(name)?;
    Some(value.to_str().unwrap_or_default())
}
