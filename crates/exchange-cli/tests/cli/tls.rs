//! The exchange over TLS, with the certificates of an authority of its own.

use test_support::certificates;

use crate::session::{Server, Session};

const TLS: [&str; 4] = ["--certificate", "bank.pem", "--key", "bank.key"];

#[test]
fn an_exchange_over_tls_needs_a_trusted_authority() {
    let session = Session::with_credentials();
    certificates::write(&session.path(""), "bank");
    let server = Server::start(&session, &TLS);
    assert!(server.url.starts_with("https://127.0.0.1:"), "{}", server.url);
    let url = session.request(&server.url);
    for request in [&url, "request.json"] {
        let outcome = session.run(&["respond", request, "--home", "alex", "--yes"]);
        outcome.failed(2, &["certificate", &server.url]);
    }
    assert!(session.accepted().is_empty());
    let respond = ["respond", &url, "--home", "alex", "--yes", "--authority", "authority.pem"];
    session.run(&respond).succeeded();
    assert_eq!(session.accepted().len(), 1);
}

#[test]
fn unusable_certificates_and_keys_are_named() {
    let session = Session::with_credentials();
    certificates::write(&session.path(""), "bank");
    session.request("https://127.0.0.1:8700");
    let serve = |certificate: &str, key: &str| {
        let options = ["--certificate", certificate, "--key", key];
        let serve = ["serve", "--home", "bank", "--listen", "127.0.0.1:0"];
        session.run(&[&serve[..], &options].concat())
    };
    serve("missing.pem", "bank.key").failed(2, &["missing.pem"]);
    serve("bank.key", "bank.key").failed(2, &["bank.key", "certificate"]);
    serve("bank.pem", "bank.pem").failed(2, &["bank.pem", "private key"]);
    serve("authority.pem", "bank.key").failed(2, &["authority.pem", "bank.key"]);
    let serve = ["serve", "--home", "bank", "--certificate", "bank.pem"];
    session.run(&serve).failed(2, &["--key"]);
    for authority in ["missing.pem", "criteria.json"] {
        let respond = ["respond", "request.json", "--home", "alex"];
        session.run(&[&respond[..], &["--authority", authority]].concat()).failed(2, &[authority]);
    }
}
