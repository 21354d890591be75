//! The URLs, behind the token.
//!
//! | learners | |
//! |---|---|
//! | `/` and the files of the page | the tutorial's run |
//! | `/run/SESSION/RUN/REQUEST/` and the files of the page | a run of one's own: the same page with another `case.js` |
//! | `GET /api/lab` | what there is |
//! | `POST /api/sessions`, `DELETE /api/sessions/SESSION` | a session begins, and ends |
//! | `POST /api/sessions/SESSION/template/NAME` | the files of a scenario to begin with |
//! | `POST /api/sessions/SESSION/lint`, `preview`, `run`, `run-anew` | what is wrong, what is learned, the run |
//!
//! | teacher | |
//! |---|---|
//! | `/teacher` and its files | schedule, homes, projector |
//! | `GET /api/homes` | how far each home has come |

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Path, State},
    response::Response,
    routing::{delete, get, post},
};
use serde_json::json;
use tokio::time::timeout;

use super::{
    assets,
    files::{Files, MAX_BODY},
    homes::Homes,
    program::Program,
    refusal::{Refusal, json as answer},
    session::TEMPLATES,
    sessions::Sessions,
};

/// How long the body of a request may take.
const BODY_TIMEOUT: Duration = Duration::from_secs(30);

/// In the place of the experiments with the tutorial's own case.
const NO_EXPERIMENTS: &str = "/** @type {any[]} */\nexport const EXPERIMENTS = []\n";

/// What the learners' routes share.
#[derive(Clone)]
struct Lab {
    sessions: Arc<Sessions>,
    program: Option<Arc<Program>>,
}

impl Lab {
    fn program(&self) -> Result<&Program, Refusal> {
        self.program.as_deref().ok_or_else(|| {
            Refusal::unavailable(
                "there is no negotiate-proof beside the lab; build it with `cargo build --release`, and start the lab again",
            )
        })
    }
}

/// Returns the learners' routes.
pub fn learners(sessions: Arc<Sessions>, program: Option<Arc<Program>>) -> Router {
    Router::new()
        .route("/", get(async || assets::page()))
        .route("/{*path}", get(file))
        .route("/run/{session}/{run}/{request}/", get(async || assets::page()))
        .route("/run/{session}/{run}/{request}/{*path}", get(file_of_run))
        .route("/api/lab", get(about))
        .route("/api/sessions", post(begin))
        .route("/api/sessions/{session}", delete(end))
        .route("/api/sessions/{session}/template/{name}", post(template))
        .route("/api/sessions/{session}/{work}", post(work))
        .fallback(nothing)
        .with_state(Lab { sessions, program })
}

/// Returns the teacher's routes.
pub fn teacher(homes: Homes, learners: String) -> Router {
    let homes = Arc::new(homes);
    let read = async move || -> Result<Response, Refusal> {
        let mut found = homes.read().await?;
        found["learners"] = json!(learners);
        Ok(answer(&found))
    };
    Router::new()
        .route("/teacher", get(async || assets::teacher()))
        .route("/api/homes", get(read))
        .route("/{*path}", get(file))
        .fallback(nothing)
}

async fn nothing() -> Refusal {
    Refusal::unknown("there is nothing here")
}

async fn file(Path(path): Path<String>) -> Result<Response, Refusal> {
    assets::file(&path).ok_or_else(|| Refusal::unknown("there is no such file"))
}

async fn file_of_run(
    State(lab): State<Lab>,
    Path((session, run, request, path)): Path<(String, u64, usize, String)>,
) -> Result<Response, Refusal> {
    match path.as_str() {
        "case.js" => {
            let module = lab.sessions.find(&session)?.module(run, request).await?;
            Ok(assets::script(module))
        }
        "experiments.js" => Ok(assets::script(NO_EXPERIMENTS)),
        _ => file(Path(path)).await,
    }
}

async fn about(State(lab): State<Lab>) -> Response {
    let has_program = lab.program.is_some();
    answer(&json!({
        "version": env!("CARGO_PKG_VERSION"),
        "program": has_program,
        "templates": TEMPLATES,
        "max_bytes": MAX_BODY,
    }))
}

async fn begin(State(lab): State<Lab>) -> Result<Response, Refusal> {
    lab.program()?;
    Ok(answer(&json!({"session": lab.sessions.begin()?})))
}

async fn end(State(lab): State<Lab>, Path(session): Path<String>) -> Response {
    lab.sessions.end(&session);
    answer(&json!({}))
}

async fn template(
    State(lab): State<Lab>,
    Path((session, name)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let session = lab.sessions.find(&session)?;
    Ok(answer(&session.template(lab.program()?, &name).await?))
}

async fn work(
    State(lab): State<Lab>,
    Path((session, work)): Path<(String, String)>,
    body: Body,
) -> Result<Response, Refusal> {
    let session = lab.sessions.find(&session)?;
    let program = lab.program()?;
    let body = timeout(BODY_TIMEOUT, to_bytes(body, MAX_BODY)).await;
    let body = body.map_err(|_| Refusal::wrong("the files did not arrive in time"))?;
    let body = body.map_err(|_| {
        Refusal::too_large(format!("the files have more than {} MiB", MAX_BODY >> 20))
    })?;
    let files = || Files::read(&body);
    let done = match work.as_str() {
        "lint" => session.lint(program, files()?).await?,
        "preview" => session.preview(program, files()?).await?,
        "run" => session.run(program, files()?, false).await?,
        "run-anew" => session.run(program, files()?, true).await?,
        _ => return Err(Refusal::unknown("there is nothing here")),
    };
    session.touch();
    Ok(answer(&done))
}
