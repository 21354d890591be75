//! The exchange over TLS, with the certificates of a workshop's own authority.

use std::fs;

use openssl::{
    asn1::Asn1Time,
    bn::BigNum,
    ec::{EcGroup, EcKey},
    hash::MessageDigest,
    nid::Nid,
    pkey::{PKey, Private},
    x509::{
        X509Builder, X509Name, X509NameBuilder,
        extension::{BasicConstraints, SubjectAlternativeName},
    },
};

use super::market::{Market, Server};

fn key() -> PKey<Private> {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap()
}

fn name(text: &str) -> X509Name {
    let mut name = X509NameBuilder::new().unwrap();
    name.append_entry_by_text("CN", text).unwrap();
    name.build()
}

fn builder(subject: &str, key: &PKey<Private>) -> X509Builder {
    let mut builder = X509Builder::new().unwrap();
    builder.set_version(2).unwrap();
    builder.set_subject_name(&name(subject)).unwrap();
    builder.set_issuer_name(&name("workshop")).unwrap();
    builder.set_pubkey(key).unwrap();
    let serial = BigNum::from_u32(1).unwrap().to_asn1_integer().unwrap();
    builder.set_serial_number(&serial).unwrap();
    builder
        .set_not_before(&Asn1Time::days_from_now(0).unwrap())
        .unwrap();
    builder
        .set_not_after(&Asn1Time::days_from_now(2).unwrap())
        .unwrap();
    builder
}

/// Write `authority.pem`, and `bank.pem` and `bank.key` for this machine.
fn write_certificates(market: &Market) {
    let (authority_key, bank_key) = (key(), key());
    let mut authority = builder("workshop", &authority_key);
    authority
        .append_extension(BasicConstraints::new().critical().ca().build().unwrap())
        .unwrap();
    authority
        .sign(&authority_key, MessageDigest::sha256())
        .unwrap();
    let authority = authority.build();
    let mut bank = builder("bank", &bank_key);
    let names = SubjectAlternativeName::new()
        .ip("127.0.0.1")
        .build(&bank.x509v3_context(Some(&authority), None))
        .unwrap();
    bank.append_extension(names).unwrap();
    bank.sign(&authority_key, MessageDigest::sha256()).unwrap();
    for (file, content) in [
        ("authority.pem", authority.to_pem().unwrap()),
        ("bank.pem", bank.build().to_pem().unwrap()),
        ("bank.key", bank_key.private_key_to_pem_pkcs8().unwrap()),
    ] {
        fs::write(market.path(file), content).unwrap();
    }
}

const TLS: [&str; 4] = ["--certificate", "bank.pem", "--key", "bank.key"];

#[test]
fn an_exchange_goes_over_tls_if_the_holder_trusts_the_authority() {
    let market = Market::with_credentials();
    write_certificates(&market);
    let server = Server::start(&market, &TLS);
    assert!(
        server.url.starts_with("https://127.0.0.1:"),
        "{}",
        server.url
    );
    let url = market.request(&server.url);
    for request in [&url, "request.json"] {
        let outcome = market.run(&["respond", request, "--home", "alex"]);
        outcome.failed(2, &["certificate", &server.url]);
    }
    assert!(market.accepted().is_empty());
    market
        .run(&[
            "respond",
            &url,
            "--home",
            "alex",
            "--authority",
            "authority.pem",
        ])
        .succeeded();
    assert_eq!(market.accepted().len(), 1);
}

#[test]
fn certificates_and_keys_that_cannot_be_used_are_told_with_their_files() {
    let market = Market::with_credentials();
    write_certificates(&market);
    market.request("https://127.0.0.1:8700");
    let serve = |certificate: &str, key: &str| {
        let options = ["--certificate", certificate, "--key", key];
        let serve = ["serve", "--home", "bank", "--listen", "127.0.0.1:0"];
        market.run(&[&serve[..], &options].concat())
    };
    serve("missing.pem", "bank.key").failed(2, &["missing.pem"]);
    serve("bank.key", "bank.key").failed(2, &["bank.key", "certificate"]);
    serve("bank.pem", "bank.pem").failed(2, &["bank.pem", "private key"]);
    serve("authority.pem", "bank.key").failed(2, &["authority.pem", "bank.key"]);
    let serve = ["serve", "--home", "bank", "--certificate", "bank.pem"];
    market.run(&serve).failed(2, &["--key"]);
    for authority in ["missing.pem", "criteria.json"] {
        let respond = ["respond", "request.json", "--home", "alex"];
        market
            .run(&[&respond[..], &["--authority", authority]].concat())
            .failed(2, &[authority]);
    }
}
