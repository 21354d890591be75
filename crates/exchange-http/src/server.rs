//! The server, from the first connection to the last.

use std::sync::Arc;

use axum_server::{
    Handle,
    accept::Accept,
    tls_rustls::{RustlsAcceptor, RustlsConfig},
};
use hyper_util::rt::TokioTimer;

use crate::{
    Limits, VerifierService,
    connection::ConnectionLimit,
    listen::{Bound, ListenError},
    routes,
};

/// The head of an HTTP request has at most this many bytes, and so has each read from the connection.
const MAX_HEAD: usize = 64 << 10;

impl Bound {
    /// Serves until `stop` completes; then accepts no more connections, and ends the running requests.
    ///
    /// Must run in a Tokio runtime with time and network.
    ///
    /// # Errors
    ///
    /// [`ListenError::Ended`].
    pub async fn serve(
        self,
        service: Arc<VerifierService>,
        limits: Limits,
        stop: impl Future<Output = ()>,
    ) -> Result<(), ListenError> {
        let limit = ConnectionLimit::new(limits.max_connections, limits.request_timeout);
        match self.tls.clone() {
            None => self.serve_with(limit, service, limits, stop).await,
            Some(config) => {
                let acceptor = RustlsAcceptor::new(RustlsConfig::from_config(config))
                    .handshake_timeout(limits.request_timeout)
                    .acceptor(limit);
                self.serve_with(acceptor, service, limits, stop).await
            }
        }
    }

    async fn serve_with<A>(
        self,
        acceptor: A,
        service: Arc<VerifierService>,
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
            // after `acceptor`, which resets it; without it a silent client has no time limit
            .http1_only();
        server
            .http_builder()
            .http1()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.request_timeout)
            .max_buf_size(MAX_HEAD);
        let app = routes::router(service, self.url, self.command, &limits);
        let serving = server.serve(app.into_make_service());
        tokio::pin!(serving);
        tokio::select! {
            result = &mut serving => return result.map_err(ended),
            () = stop => handle.graceful_shutdown(Some(limits.shutdown_timeout)),
        }
        serving.await.map_err(ended)
    }
}
