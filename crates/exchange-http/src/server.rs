//! The server: its limits, and its life from the first connection to the last.

use std::{num::NonZero, sync::Arc, thread::available_parallelism, time::Duration};

use axum_server::{
    Handle,
    accept::Accept,
    tls_rustls::{RustlsAcceptor, RustlsConfig},
};
use hyper_util::rt::TokioTimer;

use super::{
    connection::Door,
    desk::Desk,
    listen::{Bound, ListenError},
    routes,
};

/// What a server allows its clients, none of whom it knows.
#[derive(Debug, Clone)]
pub struct Limits {
    /// How long the head of an HTTP request may take to arrive, how long its body and its answer may take together,
    /// and how long a client may take nothing of an answer. 10 s.
    pub time: Duration,
    /// How many responses are checked at once; as many as the machine has cores.
    pub checked_at_once: usize,
    /// How many responses wait to be checked; 256. Further ones are refused with status 503.
    pub waiting: usize,
    /// How many connections there are at once; 512. Further ones are closed. Each may hold a body of 1 MiB.
    pub connections: usize,
    /// How long what has begun may take to end after the server is told to stop. 10 s.
    pub farewell: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            time: Duration::from_secs(10),
            checked_at_once: available_parallelism().map_or(2, NonZero::get),
            waiting: 256,
            connections: 512,
            farewell: Duration::from_secs(10),
        }
    }
}

impl Bound {
    /// Serves until `stop` is done; then takes no more connections, and ends what has begun.
    ///
    /// Must run in a Tokio runtime with time and network.
    ///
    /// # Errors
    ///
    /// [`ListenError::Ended`].
    pub async fn serve(
        self,
        desk: Arc<dyn Desk>,
        limits: Limits,
        stop: impl Future<Output = ()>,
    ) -> Result<(), ListenError> {
        let door = Door::new(limits.connections, limits.time);
        match self.tls.clone() {
            None => self.serve_with(door, desk, limits, stop).await,
            Some(config) => {
                let acceptor = RustlsAcceptor::new(RustlsConfig::from_config(config))
                    .handshake_timeout(limits.time)
                    .acceptor(door);
                self.serve_with(acceptor, desk, limits, stop).await
            }
        }
    }

    async fn serve_with<A>(
        self,
        acceptor: A,
        desk: Arc<dyn Desk>,
        limits: Limits,
        stop: impl Future<Output = ()>,
    ) -> Result<(), ListenError>
    where
        A: Accept<tokio::net::TcpStream, axum::Router, Service = axum::Router>
            + Clone
            + Send
            + Sync
            + 'static,
        A::Stream: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send,
        A::Future: Send,
    {
        let address = self.address;
        let ended = |source| ListenError::Ended { address, source };
        let handle = Handle::new();
        let mut server = axum_server::from_tcp(self.listener)
            .map_err(ended)?
            .handle(handle.clone())
            .acceptor(acceptor)
            // last, for `acceptor` forgets it; without it a silent client is waited for without a limit
            .http1_only();
        server
            .http_builder()
            .http1()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.time)
            .max_buf_size(MAX_HEAD);
        let app = routes::router(desk, self.url, &limits);
        let serving = server.serve(app.into_make_service());
        tokio::pin!(serving);
        tokio::select! {
            result = &mut serving => return result.map_err(ended),
            () = stop => handle.graceful_shutdown(Some(limits.farewell)),
        }
        serving.await.map_err(ended)
    }
}

/// The head of an HTTP request, and what is read at once, have at most this many bytes.
const MAX_HEAD: usize = 64 << 10;
