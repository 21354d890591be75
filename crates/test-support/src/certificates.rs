//! Certificates of an authority that no one else trusts.

use std::{fs, path::Path};

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

const AUTHORITY: &str = "workshop";

/// Writes the certificate of a new authority, `authority.pem`, and a certificate by it with its
/// key, `<name>.pem` and `<name>.key`, for a server on this machine.
pub fn write(directory: &Path, name: &str) {
    let (authority_key, server_key) = (key(), key());
    let mut authority = builder(AUTHORITY, &authority_key);
    authority.append_extension(BasicConstraints::new().critical().ca().build().unwrap()).unwrap();
    authority.sign(&authority_key, MessageDigest::sha256()).unwrap();
    let authority = authority.build();
    let mut server = builder(name, &server_key);
    let names = SubjectAlternativeName::new()
        .dns("localhost")
        .ip("127.0.0.1")
        .build(&server.x509v3_context(Some(&authority), None))
        .unwrap();
    server.append_extension(names).unwrap();
    server.sign(&authority_key, MessageDigest::sha256()).unwrap();
    for (file, content) in [
        ("authority.pem", authority.to_pem().unwrap()),
        (&format!("{name}.pem"), server.build().to_pem().unwrap()),
        (&format!("{name}.key"), server_key.private_key_to_pem_pkcs8().unwrap()),
    ] {
        fs::write(directory.join(file), content).unwrap();
    }
}

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
    builder.set_issuer_name(&name(AUTHORITY)).unwrap();
    builder.set_pubkey(key).unwrap();
    let serial = BigNum::from_u32(1).unwrap().to_asn1_integer().unwrap();
    builder.set_serial_number(&serial).unwrap();
    builder.set_not_before(&Asn1Time::days_from_now(0).unwrap()).unwrap();
    builder.set_not_after(&Asn1Time::days_from_now(2).unwrap()).unwrap();
    builder
}
