//! Certificates: the right one, the wrong one, and files that are not certificates.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use exchange::message::Syntax;
use exchange_http::{
    Client, ClientError, ClientOptions, Limits, Listen, ListenError, TlsFiles, request_url,
};
use tempfile::TempDir;
use test_support::certificates;
use tokio::time::timeout;
use url::Url;

use crate::server::{OPEN, TestServer};

/// An authority of a workshop, with a certificate for this machine.
struct Workshop {
    directory: TempDir,
}

impl Workshop {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        certificates::write(directory.path(), "server");
        Self { directory }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn listen(&self) -> Listen {
        listen(&self.file("server.pem"), &self.file("server.key"))
    }

    fn start(&self) -> TestServer {
        TestServer::at(&self.listen(), Limits::default())
    }

    fn client(&self) -> Client {
        let authorities = vec![self.file("authority.pem")];
        Client::new(ClientOptions { authorities, ..ClientOptions::default() }).unwrap()
    }
}

fn listen(certificate: &Path, key: &Path) -> Listen {
    let tls = TlsFiles { certificate: certificate.to_owned(), key: key.to_owned() };
    Listen { tls: Some(tls), ..Listen::loopback() }
}

#[tokio::test]
async fn a_client_that_trusts_the_workshop_talks_to_its_server() {
    let workshop = Workshop::new();
    let server = workshop.start();
    assert_eq!(server.url.scheme(), "https");
    let localhost = Url::parse(&format!("https://localhost:{}/", server.address.port())).unwrap();
    for server in [&server.url, &localhost] {
        let url = request_url(server, OPEN);
        assert!(!workshop.client().fetch_request(&url).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_client_that_trusts_another_authority_sends_nothing() {
    let workshop = Workshop::new();
    let server = workshop.start();
    let url = request_url(&server.url, OPEN);
    for client in [Client::new(ClientOptions::default()).unwrap(), Workshop::new().client()] {
        let error = client.fetch_request(&url).await.unwrap_err();
        assert!(matches!(error, ClientError::Certificate(..)), "{error:?}");
        let sent = client.send_response(&url, b"{}".to_vec(), Syntax::Json).await;
        assert!(matches!(sent.unwrap_err(), ClientError::Certificate(..)));
    }
}

// macOS has no second loopback address
#[cfg(not(target_os = "macos"))]
#[tokio::test]
async fn a_certificate_for_another_name_is_not_trusted() {
    let workshop = Workshop::new();
    let listen =
        Listen { addresses: vec![SocketAddr::from(([127, 0, 0, 2], 0))], ..workshop.listen() };
    let server = TestServer::at(&listen, Limits::default());
    let url = request_url(&server.url, OPEN);
    let error = workshop.client().fetch_request(&url).await.unwrap_err();
    assert!(matches!(error, ClientError::Certificate(..)), "{error:?}");
}

#[tokio::test]
async fn plain_http_to_a_tls_port_is_unreachable() {
    let server = Workshop::new().start();
    let url = Url::parse(&format!("http://{}/", server.address)).unwrap();
    let error = Client::new(ClientOptions::default()).unwrap().fetch_request(&url).await;
    assert!(matches!(error.unwrap_err(), ClientError::NoAnswer(_)));
}

#[tokio::test]
async fn a_handshake_that_is_not_finished_does_not_delay_the_end() {
    let mut server = Workshop::new().start();
    let _half_open = server.begin("\u{16}\u{3}\u{1}").await;
    server.stop();
    // half of what a stopped server has for running requests
    timeout(Limits::default().shutdown_timeout / 2, server.ended()).await.unwrap();
}

#[test]
fn files_that_are_not_certificates_or_keys_are_named() {
    let workshop = Workshop::new();
    let (certificate, key) = (workshop.file("server.pem"), workshop.file("server.key"));
    let missing = workshop.file("missing.pem");
    let nonsense = workshop.file("nonsense.pem");
    fs::write(&nonsense, "-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n").unwrap();
    for path in [&missing, &nonsense, &key] {
        let error = listen(path, &key).bind().unwrap_err();
        let expected = format!("the certificate file {} cannot be used", path.display());
        assert!(error.to_string().starts_with(&expected), "{error}");
    }
    for path in [&missing, &nonsense, &certificate] {
        let error = listen(&certificate, path).bind().unwrap_err();
        let expected = format!("the key file {} cannot be used", path.display());
        assert!(error.to_string().starts_with(&expected), "{error}");
    }
    for path in [&missing, &nonsense, &key] {
        let options = ClientOptions { authorities: vec![path.clone()], ..ClientOptions::default() };
        let error = Client::new(options).unwrap_err().to_string();
        let expected = format!("the file of root certificates {} cannot be used", path.display());
        assert!(error.starts_with(&expected), "{error}");
    }
}

#[test]
fn the_key_of_another_certificate_is_refused() {
    let (mine, other) = (Workshop::new(), Workshop::new());
    let error = listen(&mine.file("server.pem"), &other.file("server.key")).bind().unwrap_err();
    assert!(error.to_string().contains("cannot be used together"), "{error}");
}

#[test]
fn a_key_that_is_damaged_is_not_shown() {
    let workshop = Workshop::new();
    let key = fs::read_to_string(workshop.file("server.key")).unwrap();
    let secret = key.lines().nth(1).unwrap();
    for damaged in [
        key.replace("-----BEGIN", "-----BEGIN\n"),
        key.replace("-----END", "----END"),
        key.replace(secret, &format!("!{secret}")),
    ] {
        let path = workshop.file("damaged.key");
        fs::write(&path, damaged).unwrap();
        let error = listen(&workshop.file("server.pem"), &path).bind().unwrap_err();
        let text = format!("{error} {error:?}");
        assert!(!text.contains(secret), "{text}");
    }
}

#[test]
fn plain_http_beyond_this_machine_must_be_allowed() {
    let open = SocketAddr::from(([0, 0, 0, 0], 0));
    let open = Listen { addresses: vec![open], ..Listen::loopback() };
    let error = open.bind().unwrap_err();
    assert!(matches!(error, ListenError::Plain(_)), "{error}");
    let allowed = Listen { allow_plain: true, ..open };
    let bound = allowed.bind().unwrap();
    assert!(bound.warning.unwrap().contains("plain HTTP"));
    assert_eq!(Listen::loopback().bind().unwrap().warning, None);
    assert_eq!(Workshop::new().listen().bind().unwrap().warning, None);
}

#[test]
fn the_first_address_that_can_be_bound_is_taken() {
    let other = Listen::loopback().bind().unwrap();
    let taken = other.address;
    let free = SocketAddr::from(([127, 0, 0, 1], 0));
    let listen = Listen { addresses: vec![taken, free], ..Listen::loopback() };
    let bound = listen.bind().unwrap().address;
    assert!(bound != taken && bound.port() != 0, "{bound}");
}

#[test]
fn no_address_of_a_name_may_be_exposed_without_tls() {
    let own = SocketAddr::from(([127, 0, 0, 1], 0));
    let open = SocketAddr::from(([0, 0, 0, 0], 0));
    let listen = Listen { addresses: vec![own, open], ..Listen::loopback() };
    let error = listen.bind().unwrap_err();
    assert!(matches!(error, ListenError::Plain(address) if address == open), "{error}");
    let allowed = Listen { allow_plain: true, ..listen };
    assert_eq!(allowed.bind().unwrap().warning, None, "it is not the exposed one that is bound");
}

#[test]
fn an_address_that_is_taken_is_named() {
    let first = Listen::loopback().bind().unwrap();
    let second = Listen { addresses: vec![first.address], ..Listen::loopback() };
    let error = second.bind().unwrap_err();
    assert!(matches!(error, ListenError::Address(..)));
    assert!(error.to_string().contains(&first.address.to_string()), "{error}");
}
