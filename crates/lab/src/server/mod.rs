//! The server: the page for a class, with scenarios of one's own, and the teacher's view.
//!
//! It computes nothing itself: what a learner's scenario gives, the program `negotiate-proof` says,
//! which runs as a child process in a directory of the learner's session.
//!
//! | module | subject |
//! |---|---|
//! | `gate` | who may ask: tokens, the host, headers of every answer |
//! | `assets` | the embedded files |
//! | `refusal` | what a request gets instead of an answer |
//! | `files` | what a browser may send: the files of a scenario |
//! | `program` | `negotiate-proof` as a child process |
//! | `record` | a run in the form that the page shows |
//! | `session` | a learner's directory: lint, preview, run |
//! | `sessions` | all of them |
//! | `homes` | the homes that a teacher watches |
//! | `routes` | the URLs |

mod assets;
mod files;
mod gate;
mod homes;
mod program;
mod record;
mod refusal;
mod routes;
mod session;
mod sessions;

use std::{
    io,
    net::{IpAddr, SocketAddr, UdpSocket},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, Result};
use axum::{Router, response::IntoResponse};
use hyper::{
    Request, body::Incoming, server::conn::http1, service::Service as _, service::service_fn,
};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
    time::{interval, sleep, timeout},
};

use gate::{Gate, Role};
use homes::Homes;
use program::Program;
use sessions::Sessions;

/// The most connections. A browser opens about six.
const MAX_CONNECTIONS: usize = 512;

/// How long the head of a request may take.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);

/// How long answers may take after the order to stop.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(2);

/// How often sessions are looked for that are not used.
const SWEEP_INTERVAL: Duration = Duration::from_secs(60);

/// How a server is started.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where it listens; port 0 stands for a free one.
    pub listen: SocketAddr,
    /// The directory with the homes that the teacher watches.
    pub homes: Option<PathBuf>,
    /// The most sessions at once.
    pub max_sessions: usize,
}

/// A server that listens.
pub struct Server {
    listener: TcpListener,
    gate: Arc<Gate>,
    learners: Router,
    teacher: Router,
    sessions: Arc<Sessions>,
    /// The page's address, with the token.
    pub learners_url: String,
    /// The teacher's, with another token.
    pub teacher_url: String,
    /// What the person who starts the server should know.
    pub warnings: Vec<String>,
}

impl Server {
    /// Binds the address.
    ///
    /// # Errors
    ///
    /// When it cannot be bound, or the directory for temporary files cannot be written.
    pub async fn bind(options: Options) -> Result<Self> {
        let Options { listen, homes, max_sessions } = options;
        let listener = TcpListener::bind(listen).await.with_context(|| {
            format!("cannot listen on {listen}; choose another address or port with --listen")
        })?;
        let address = listener.local_addr()?;
        let gate = Arc::new(Gate::new()?);
        let mut warnings = Vec::new();
        let program = match Program::beside_this_one().await {
            Ok(program) => Some(Arc::new(program)),
            Err(advice) => {
                warnings.push(advice);
                None
            }
        };
        if !address.ip().is_loopback() {
            warnings.push(format!(
                "{address} is reached from other machines, by plain HTTP: anyone on the network path can read and change \
                 what learners send; give the addresses to the class only"
            ));
        }
        let sessions = Sessions::new(max_sessions).with_context(|| {
            format!(
                "cannot make a directory for sessions in {}; set TMPDIR to one that can be written",
                std::env::temp_dir().display()
            )
        })?;
        let sessions = Arc::new(sessions);
        let homes = Homes::new(homes, program.clone());
        let base = format!("http://{}", shown(address));
        let learners_url = format!("{base}/{}/", gate.learners());
        let teacher_url = format!("{base}/{}/teacher", gate.teacher());
        let learners = routes::learners(Arc::clone(&sessions), program);
        let teacher = routes::teacher(homes, format!("/{}/", gate.learners()));
        Ok(Self {
            listener,
            gate,
            learners,
            teacher,
            sessions,
            learners_url,
            teacher_url,
            warnings,
        })
    }

    /// Serves until `stop` completes. Then children are ended, and all sessions are removed.
    pub async fn serve(self, stop: impl Future<Output = ()>) {
        let app = Arc::new(App {
            gate: self.gate,
            learners: TowerToHyperService::new(self.learners),
            teacher: TowerToHyperService::new(self.teacher),
        });
        let (stopping, _) = watch::channel(());
        let mut tasks = JoinSet::new();
        let mut sweep = interval(SWEEP_INTERVAL);
        tokio::pin!(stop);
        loop {
            tokio::select! {
                biased;
                () = &mut stop => break,
                _ = sweep.tick() => self.sessions.end_unused(),
                Some(_) = tasks.join_next() => {}
                accepted = self.listener.accept(), if tasks.len() < MAX_CONNECTIONS => match accepted {
                    Ok((stream, _)) => {
                        tasks.spawn(serve_connection(stream, Arc::clone(&app), stopping.subscribe()));
                    }
                    // there are too many open files: some will be closed
                    Err(_) => sleep(Duration::from_millis(50)).await,
                },
            }
        }
        drop(self.listener);
        let _ = stopping.send(());
        let all_end = async { while tasks.join_next().await.is_some() {} };
        let _ = timeout(SHUTDOWN_TIMEOUT, all_end).await;
        // what is left is ended when it is dropped, and so are the children that it waits for
        tasks.shutdown().await;
        self.sessions.end_all();
    }
}

/// What a connection needs.
struct App {
    gate: Arc<Gate>,
    learners: TowerToHyperService<Router>,
    teacher: TowerToHyperService<Router>,
}

async fn serve_connection(stream: TcpStream, app: Arc<App>, mut stopping: watch::Receiver<()>) {
    let _ = stream.set_nodelay(true);
    let answer = |mut request: Request<Incoming>| {
        let app = Arc::clone(&app);
        async move {
            let answer = match app.gate.enter(&mut request) {
                Ok(Role::Learner) => app.learners.call(request).await?,
                Ok(Role::Teacher) => app.teacher.call(request).await?,
                Err(refusal) => refusal.into_response(),
            };
            Ok::<_, std::convert::Infallible>(gate::with_headers(answer))
        }
    };
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(16 << 10)
        .serve_connection(TokioIo::new(stream), service_fn(answer));
    tokio::pin!(serving);
    tokio::select! {
        _ = &mut serving => return,
        _ = stopping.changed() => serving.as_mut().graceful_shutdown(),
    }
    let _ = serving.await;
}

/// Returns an address as a browser writes it. Where all addresses are listened on, it is that of
/// this machine's network, if there is one.
fn shown(address: SocketAddr) -> SocketAddr {
    if !address.ip().is_unspecified() {
        return address;
    }
    // nothing is sent: the system only says which of its addresses it would take
    let own = || -> io::Result<IpAddr> {
        let (any, other) = match address {
            SocketAddr::V4(_) => ("0.0.0.0:0", "192.0.2.1:9"),
            SocketAddr::V6(_) => ("[::]:0", "[2001:db8::1]:9"),
        };
        let socket = UdpSocket::bind(any)?;
        socket.connect(other)?;
        Ok(socket.local_addr()?.ip())
    };
    let loopback = match address {
        SocketAddr::V4(_) => IpAddr::from([127, 0, 0, 1]),
        SocketAddr::V6(_) => IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1]),
    };
    SocketAddr::new(own().unwrap_or(loopback), address.port())
}
