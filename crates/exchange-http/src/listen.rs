//! The address at which a server listens, and its certificate.

use std::{
    io,
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    sync::Arc,
};

use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use url::Url;

/// The address at which a server listens, and how.
#[derive(Debug, Clone)]
pub struct Listen {
    /// The addresses that the server may listen on, best first: it takes the first that it can
    /// bind. Port 0 stands for a free one.
    pub addresses: Vec<SocketAddr>,
    /// The certificate and its key. Without them it is plain HTTP.
    pub tls: Option<TlsFiles>,
    /// Whether plain HTTP is served beyond this machine. Anyone on the network path can then read
    /// what holders send.
    pub allow_plain: bool,
}

/// A certificate and its private key, in PEM files.
#[derive(Debug, Clone)]
pub struct TlsFiles {
    /// The certificate, then the intermediate ones, without the root.
    pub certificate: PathBuf,
    /// The private key: PKCS#8, PKCS#1 or SEC1, not encrypted.
    pub key: PathBuf,
}

/// Why a server cannot listen.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// Plain HTTP, at an address that is not only this machine's.
    #[error(
        "{0} is reached from other machines, and plain HTTP shows them what holders send; give a TLS certificate and \
         key, or listen on 127.0.0.1, or allow plain HTTP explicitly"
    )]
    Plain(SocketAddr),
    /// None of the addresses can be bound.
    #[error("cannot listen on {}: {}; choose another address or port", listed(.0), .1)]
    Address(Vec<SocketAddr>, io::Error),
    /// The host's name, the certificate or its key cannot be used, or the server ended. No key is
    /// shown.
    #[error("{0}")]
    Other(String),
}

impl ListenError {
    pub(crate) fn ended(address: SocketAddr) -> impl Fn(io::Error) -> Self {
        move |error| Self::Other(format!("the server on {address} ended: {error}; start it again"))
    }
}

fn listed(addresses: &[SocketAddr]) -> String {
    let addresses: Vec<String> = addresses.iter().map(SocketAddr::to_string).collect();
    addresses.join(" or ")
}

/// A bound address. Requests that name its URL can be made before it serves.
#[derive(Debug)]
pub struct Bound {
    pub(crate) listener: TcpListener,
    pub(crate) tls: Option<Arc<ServerConfig>>,
    /// The address, with the port that was bound.
    pub address: SocketAddr,
    /// The server's URL as clients know it: by its address, unless the name in its certificate or
    /// that of a proxy is set.
    pub url: Url,
    /// The command that answers a request, as a holder types it before the request's URL. The page
    /// that a browser gets shows it.
    pub command: Option<Arc<str>>,
    /// A warning for the person that starts the server.
    pub warning: Option<String>,
}

impl Listen {
    /// Returns plain HTTP on this machine only, at a free port.
    pub fn loopback() -> Self {
        Self { addresses: vec![([127, 0, 0, 1], 0).into()], tls: None, allow_plain: false }
    }

    /// Binds the first address that can be bound. Plain HTTP is refused if any of them, whether or
    /// not it would be bound, is reached from other machines.
    ///
    /// # Errors
    ///
    /// [`ListenError`].
    pub fn bind(&self) -> Result<Bound, ListenError> {
        let is_plain = self.tls.is_none();
        let mut exposed = self.addresses.iter().filter(|address| !address.ip().is_loopback());
        if let Some(address) = exposed.next().filter(|_| is_plain && !self.allow_plain) {
            return Err(ListenError::Plain(*address));
        }
        let tls = self.tls.as_ref().map(TlsFiles::load).transpose()?;
        let failed = |error| ListenError::Address(self.addresses.clone(), error);
        let listener = TcpListener::bind(&*self.addresses).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let scheme = if tls.is_some() { "https" } else { "http" };
        let url = Url::parse(&format!("{scheme}://{address}/"))
            .map_err(|error| failed(io::Error::other(error)))?;
        let is_exposed = !address.ip().is_loopback();
        let warning = (is_plain && is_exposed).then(|| {
            format!(
                "plain HTTP on {address}: anyone on the network path between a holder and this server can read \
                 the data that the holder sends, and change requests and answers; use it for tests only, or \
                 give a TLS certificate and key"
            )
        });
        Ok(Bound { listener, tls, address, url, command: None, warning })
    }
}

impl TlsFiles {
    fn load(&self) -> Result<Arc<ServerConfig>, ListenError> {
        let (certificate, key) = (self.certificate.display(), self.key.display());
        let chain = read_certificates(&self.certificate).map_err(|reason| {
            ListenError::Other(format!(
                "the certificate file {certificate} cannot be used: {reason}; name a PEM file with CERTIFICATE blocks, \
                 the server's own first"
            ))
        })?;
        let private = read_key(&self.key).map_err(|reason| {
            ListenError::Other(format!(
                "the key file {key} cannot be used: {reason}; name a PEM file with one private key that is not encrypted"
            ))
        })?;
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, private));
        let mut config = config.map_err(|error| {
            ListenError::Other(format!(
                "the certificate {certificate} and the key {key} cannot be used together: {error}; name the key that the \
                 certificate was made for"
            ))
        })?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }
}

/// Reads the certificates in a PEM file; at least one.
pub(crate) fn read_certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let text = std::fs::read(path).map_err(|error| error.to_string())?;
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
    match certificates {
        Ok(certificates) if certificates.is_empty() => Err("it has no certificate".to_owned()),
        Ok(certificates) => Ok(certificates),
        Err(_) => Err("it is not PEM".to_owned()),
    }
}

fn read_key(path: &Path) -> Result<PrivateKeyDer<'static>, String> {
    let text = zeroize::Zeroizing::new(std::fs::read(path).map_err(|error| error.to_string())?);
    // the library's error may quote a line of the file, which may be the key
    PrivateKeyDer::from_pem_slice(&text).map_err(|_| "it has no private key".to_owned())
}
