//! The server, from the first connection to the last.

use std::{sync::Arc, time::Duration};

use axum::Router;
use hyper::{
    Request, body::Incoming, server::conn::http1, service::Service as _, service::service_fn,
};
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
    time::{interval, sleep, timeout},
};
use tokio_rustls::TlsAcceptor;

use crate::{
    Event, Limits, VerifierService,
    connection::{Activity, Connection, Connections},
    health,
    listen::{Bound, ListenError},
    routes,
};

/// The head of an HTTP request has at most this many bytes, and so has each read from the
/// connection.
const MAX_HEAD: usize = 16 << 10;

impl Bound {
    /// Serves until `stop` completes; then accepts no more connections, and ends the running
    /// requests.
    ///
    /// Must run in a Tokio runtime with time and network.
    ///
    /// # Errors
    ///
    /// [`ListenError::Other`]: the server ended.
    pub async fn serve(
        self,
        service: Arc<VerifierService>,
        limits: Limits,
        stop: impl Future<Output = ()>,
    ) -> Result<(), ListenError> {
        let url = self.url.clone();
        let app = routes::router(Arc::clone(&service), url, self.command.clone(), &limits)
            .map_err(ListenError::ended(self.address))?;
        self.serve_app(app, &service, &limits, stop).await
    }

    /// Serves `/health` and `/ready` for the programs that watch this process, until `stop`
    /// completes. It has limits of its own, so that it answers when [`serve`](Self::serve) is busy.
    ///
    /// `/health` says that the process lives. `/ready` says whether the service's storage can be
    /// read and written, and is answered with 503 if not.
    ///
    /// # Errors
    ///
    /// [`ListenError::Other`]: the server ended.
    pub async fn serve_health(
        self,
        service: Arc<VerifierService>,
        stop: impl Future<Output = ()>,
    ) -> Result<(), ListenError> {
        let limits = Limits {
            request_timeout: Duration::from_secs(5),
            max_connections: 32,
            max_connections_of_client: 32,
            shutdown_timeout: Duration::ZERO,
            ..Limits::default()
        };
        self.serve_app(health::router(Arc::clone(&service)), &service, &limits, stop).await
    }

    async fn serve_app(
        self,
        app: Router,
        service: &VerifierService,
        limits: &Limits,
        stop: impl Future<Output = ()>,
    ) -> Result<(), ListenError> {
        let listener = TcpListener::from_std(self.listener);
        let listener = listener.map_err(ListenError::ended(self.address))?;
        let tls = self.tls.map(TlsAcceptor::from);
        let app = TowerToHyperService::new(app);
        let connections = Connections::new(limits);
        let mut tasks = JoinSet::new();
        let (stopping, _) = watch::channel(());
        let mut sweep = interval((limits.request_timeout / 4).max(Duration::from_millis(1)));
        tokio::pin!(stop);
        for number in 0.. {
            let (stream, peer) = tokio::select! {
                // new connections must not keep the server from its end
                biased;
                () = &mut stop => break,
                _ = sweep.tick() => {
                    connections.end_overdue();
                    continue;
                }
                Some(_) = tasks.join_next() => continue,
                accepted = listener.accept() => match accepted {
                    Ok(accepted) => accepted,
                    Err(error) => {
                        let what = format!("cannot accept a connection: {error}");
                        service.observe(&Event::Fault { peer: None, what: &what });
                        sleep(Duration::from_millis(50)).await;
                        continue;
                    }
                },
            };
            connections.add(number, peer, |connection| {
                let (app, tls, stopping) = (app.clone(), tls.clone(), stopping.subscribe());
                tasks.spawn(serve_connection(connection, stream, tls, app, stopping))
            });
        }
        drop(listener);
        let _ = stopping.send(());
        let all_end = async { while tasks.join_next().await.is_some() {} };
        // what is left is ended when it is dropped
        let _ = timeout(limits.shutdown_timeout, all_end).await;
        Ok(())
    }
}

/// Serves a connection until the client closes it, or for one more answer when the server is
/// stopping.
async fn serve_connection(
    connection: Connection,
    stream: TcpStream,
    tls: Option<TlsAcceptor>,
    app: TowerToHyperService<Router>,
    mut stopping: watch::Receiver<()>,
) {
    let connection = Arc::new(connection);
    // answers are written whole
    let _ = stream.set_nodelay(true);
    let Some(tls) = tls else {
        return serve_stream(connection, stream, app, stopping).await;
    };
    let stream = tokio::select! {
        stream = tls.accept(stream) => stream,
        _ = stopping.changed() => return,
    };
    if let Ok(stream) = stream {
        serve_stream(connection, stream, app, stopping).await;
    }
}

async fn serve_stream(
    connection: Arc<Connection>,
    stream: impl AsyncRead + AsyncWrite + Unpin,
    app: TowerToHyperService<Router>,
    mut stopping: watch::Receiver<()>,
) {
    let answer = |mut request: Request<Incoming>| {
        connection.enter(Activity::Working);
        request.extensions_mut().insert(Arc::clone(&connection));
        let answer = app.call(request);
        async {
            let answer = answer.await;
            connection.enter(Activity::Waiting);
            answer
        }
    };
    let serving = http1::Builder::new()
        .max_buf_size(MAX_HEAD)
        .serve_connection(TokioIo::new(stream), service_fn(answer));
    tokio::pin!(serving);
    tokio::select! {
        _ = &mut serving => return,
        _ = stopping.changed() => serving.as_mut().graceful_shutdown(),
    }
    let _ = serving.await;
}
