//! The issuers and the credentials of the corpus. All keys are fixtures: public, and of no use
//! elsewhere.

use std::sync::LazyLock;

use cl::{Credential, ProvingKey, PublicKey};
use serde_json::Value;
use test_support::keys;

use super::issuer::Issuer;

/// The holder's link secret.
pub const LINK_SECRET: &str =
    "34940138712334873410938409182340981230948710293847102398471023984710239847102";

/// Another holder's.
pub const OTHER_LINK_SECRET: &str =
    "76201384019283740192837401928374019283740192837401928374019283740192837401923";

/// A key whose modulus has 2,048 bits.
pub const KEY_2048: &str = include_str!("../../../../cl/tests/fixtures/TEST-KEY-2048.json");

/// An issuer with its prepared key.
pub struct Party {
    pub issuer: Issuer,
    pub key: ProvingKey,
}

impl Party {
    pub fn new(fixture: &str, did: &str, name: &str, attributes: &[&str], seq_no: u64) -> Self {
        let issuer = Issuer::new(fixture, did, name, attributes, seq_no);
        let public = PublicKey::from_credential_definition(&issuer.cred_def).unwrap();
        Self { key: ProvingKey::new(&public).unwrap(), issuer }
    }
}

/// A credential in its holder's hands.
pub struct Held {
    pub party: &'static Party,
    pub json: Value,
    pub credential: Credential,
    pub link_secret: &'static str,
}

impl Held {
    pub fn new(party: &'static Party, values: &[(&str, &str)]) -> Self {
        Self::of(party, LINK_SECRET, values)
    }

    pub fn of(party: &'static Party, link_secret: &'static str, values: &[(&str, &str)]) -> Self {
        let json = party.issuer.issue(link_secret, values);
        let credential = Credential::from_json(&json).unwrap();
        Self { party, json, credential, link_secret }
    }
}

/// Persons: the tutorial's attributes. The modulus has 2,048 bits.
pub static PERSON: LazyLock<Party> = LazyLock::new(|| {
    Party::new(KEY_2048, "NcYxiDXkpYi6ov5FcYDi1e", "Person", &["name", "age", "height", "sex"], 12)
});

/// Degrees, with names that have capitals and blanks. The modulus has 2,050 bits, as the libraries
/// make them.
pub static DEGREE: LazyLock<Party> = LazyLock::new(|| {
    let attributes = ["First Name", "Last Name", "degree", "year"];
    Party::new(keys::DEGREE, "V4SGRU86Z58d6TV7PBUe6f", "Degree", &attributes, 15)
});

/// Accounts, with numbers at the ends of their range. The modulus has 2,050 bits.
pub static ACCOUNT: LazyLock<Party> = LazyLock::new(|| {
    let attributes = ["balance", "limit", "zero", "holder"];
    Party::new(keys::GVT, "GHxDG6zVWdLVgi4eC9iJkA", "Account", &attributes, 21)
});

/// Alex, as in the tutorial.
pub static ALEX: LazyLock<Held> = LazyLock::new(|| {
    Held::new(&PERSON, &[("name", "Alex"), ("age", "28"), ("height", "175"), ("sex", "male")])
});

/// A second credential of the same holder from the same issuer.
pub static ALEX_ONCE: LazyLock<Held> = LazyLock::new(|| {
    Held::new(&PERSON, &[("name", "Alexander"), ("age", "18"), ("height", "169"), ("sex", "male")])
});

/// The holder's degree.
pub static ALEX_DEGREE: LazyLock<Held> = LazyLock::new(|| {
    let values = [
        ("First Name", "Alex"),
        ("Last Name", "Garcia"),
        ("degree", "Mathematics"),
        ("year", "2024"),
    ];
    Held::new(&DEGREE, &values)
});

/// The holder's account.
pub static ALEX_ACCOUNT: LazyLock<Held> = LazyLock::new(|| {
    let values = [
        ("balance", "-2147483648"),
        ("limit", "2147483647"),
        ("zero", "0"),
        ("holder", "Alex Garcia"),
    ];
    Held::new(&ACCOUNT, &values)
});
