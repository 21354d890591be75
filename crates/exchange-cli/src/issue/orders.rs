//! The file of orders: which credentials to issue, by which issuers, with which values.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use anyhow::{Result, bail, ensure};
use indy::anoncreds::objects::{Kind, check};
use serde::{Deserialize, Deserializer};
use serde_path_to_error::{Path, Segment};
use stdx::pointer;
use zeroize::Zeroizing;

/// A file of orders.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Orders {
    /// The issuers; their keys are made here if need be.
    #[serde(default)]
    pub issuers: Vec<OrderedIssuer>,
    /// The schemas of AnonCreds credentials.
    #[serde(default)]
    pub schemas: Vec<OrderedSchema>,
    /// The credentials.
    pub credentials: Vec<OrderedCredential>,
}

impl Orders {
    /// Reads orders. An error gives the JSON pointer, and quotes no value, which may be a seed.
    pub fn read(text: &str) -> Result<Self> {
        if let Err(malformed) = check(Kind::Json, text)
            && malformed.is_repeated_member()
        {
            bail!("{malformed}");
        }
        let mut parser = serde_json::Deserializer::from_str(text);
        let orders: Self = match serde_path_to_error::deserialize(&mut parser) {
            Ok(orders) => orders,
            Err(error) => {
                let (line, column) = (error.inner().line(), error.inner().column());
                match error.inner().is_data() {
                    true => bail!("{}{}", prefix(error.path()), reason(error.inner())),
                    false => bail!("it is not JSON from line {line}, column {column}"),
                }
            }
        };
        ensure!(parser.end().is_ok(), "something follows the closing brace; remove it");
        orders.check()?;
        Ok(orders)
    }

    /// Checks what must be true before anything is issued.
    fn check(&self) -> Result<()> {
        let issuers: BTreeSet<&str> = self.issuers.iter().map(|i| i.did.as_str()).collect();
        let mut ids = BTreeSet::new();
        for (number, credential) in self.credentials.iter().enumerate() {
            ensure!(
                issuers.contains(credential.issuer.as_str()),
                "/credentials/{number}/issuer: {} is not in \"issuers\"; add it there, with a seed if its key is to \
                 be made from one",
                credential.issuer
            );
            if let Some(id) = &credential.id {
                ensure!(
                    ids.insert(id),
                    "/credentials/{number}/id: {id} is the id of another credential too; give each its own"
                );
            }
        }
        Ok(())
    }
}

/// Returns a path as a JSON pointer with a colon; nothing for the whole document.
fn prefix(path: &Path) -> String {
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => pointer::push(&mut pointer, &index.to_string()),
            Segment::Map { key } => pointer::push(&mut pointer, key),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    match pointer.is_empty() {
        true => pointer,
        false => pointer + ": ",
    }
}

/// Returns the parser's reason where it names members and quotes no value.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match ["missing field", "unknown field", "unknown variant"]
        .iter()
        .any(|harmless| text.starts_with(harmless))
    {
        true => text,
        false => format!(
            "a value of another type is expected at line {}, column {}",
            error.line(),
            error.column()
        ),
    }
}

/// An issuer. It has no `Debug`: the seed is secret.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderedIssuer {
    /// Its DID.
    pub did: String,
    /// The seed of its key, if the wallet does not hold the key yet; a random key if left out.
    #[serde(default, deserialize_with = "secret")]
    pub seed: Option<Zeroizing<String>>,
    /// A file with its RSA private key, if it does not sign with a key of the wallet.
    #[serde(default)]
    pub key: Option<PathBuf>,
}

/// A schema of AnonCreds credentials.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderedSchema {
    /// The DID of the author, who writes it to the ledger.
    pub author: String,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The names of its attributes.
    pub attributes: Vec<String>,
}

/// How a credential is signed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub enum ProofKind {
    /// Attribute by attribute, as in the draft's examples.
    #[default]
    Ed25519VerificationKey2018,
    /// Attribute by attribute, with the proof's own members.
    JcsEd25519Signature2020,
    /// Attribute by attribute, as linked data.
    Ed25519Signature2018,
    /// Attribute by attribute, as linked data, with the issuer's RSA key.
    RsaSignature2018,
    /// As a whole, for proofs in zero knowledge: an AnonCreds credential.
    CLSignature2019,
}

/// A credential.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct OrderedCredential {
    /// Its id; a new UUID if left out.
    #[serde(default)]
    pub id: Option<String>,
    /// How it is signed.
    #[serde(default)]
    pub proof_type: ProofKind,
    /// The issuer's DID.
    pub issuer: String,
    /// The id of its schema; or else `context` and `kind`.
    #[serde(default)]
    pub schema: Option<String>,
    /// The JSON-LD context of its type.
    #[serde(default)]
    pub context: Option<String>,
    /// Its type.
    #[serde(default, rename = "type")]
    pub kind: Option<String>,
    /// When its validity begins; now if left out.
    #[serde(default)]
    pub issuance_date: Option<String>,
    /// When its validity ends; never if left out.
    #[serde(default)]
    pub expiration_date: Option<String>,
    /// Its attributes, by name.
    pub attributes: BTreeMap<String, String>,
}

fn secret<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Zeroizing<String>>, D::Error> {
    Ok(Option::<String>::deserialize(from)?.map(Zeroizing::new))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error_of(text: &str) -> String {
        match Orders::read(text) {
            Ok(_) => panic!("{text} was read"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn the_orders_of_the_examples_are_read() {
        for (text, credentials, schemas) in [
            (include_str!("../../examples/credit-card/orders.json"), 10, 0),
            (include_str!("../../examples/rental/orders.json"), 5, 2),
        ] {
            let orders = Orders::read(text).unwrap();
            assert_eq!(orders.credentials.len(), credentials);
            assert_eq!(orders.schemas.len(), schemas);
        }
    }

    #[test]
    fn an_error_in_orders_gives_the_pointer() {
        let credential = r#"{"issuer": "did:work:a", "attributes": {}"#;
        let issuers = r#""issuers": [{"did": "did:work:a"}]"#;
        for (orders, said) in [
            ("", "not JSON from line 1"),
            ("{", "not JSON from line 1"),
            ("{} {}", "missing field `credentials`"),
            (r#"{"credentials": []} x"#, "something follows"),
            (r#"{"credentials": {}}"#, "/credentials: a value of another type"),
            (
                r#"{"credentials": [{"issuer": "did:work:a"}]}"#,
                "/credentials/0: missing field `attributes`",
            ),
            (
                r#"{"credentials": [{"isuer": "did:work:a"}]}"#,
                "/credentials/0/isuer: unknown field `isuer`",
            ),
            (
                &format!(r#"{{"credentials": [{credential}}}]}}"#),
                "/credentials/0/issuer: did:work:a is not in",
            ),
            (
                &format!(
                    r#"{{{issuers}, "credentials": [{credential}, "id": "x"}}, {credential}, "id": "x"}}]}}"#
                ),
                "/credentials/1/id: x is the id of another credential too",
            ),
            (
                &format!(r#"{{{issuers}, "credentials": [{credential}, "proofType": "RSA"}}]}}"#),
                "/credentials/0/proofType: unknown variant",
            ),
            (
                r#"{"credentials": [{"issuer": "a", "attributes": {"b": "1", "b": "2"}}]}"#,
                "/credentials/0/attributes/b: expected each member once",
            ),
            (
                r#"{"credentials": [{"issuer": "did:work:a", "attributes": {"a/b": 5}}]}"#,
                "/credentials/0/attributes/a~1b: a value of another type",
            ),
        ] {
            let error = error_of(orders);
            assert!(error.contains(said), "{orders}: {error}");
        }
    }

    #[test]
    fn a_seed_in_the_wrong_place_is_not_quoted() {
        for orders in [
            r#"{"issuers": [{"did": "a", "seed": ["a-secret"]}], "credentials": []}"#,
            r#"{"issuers": "a-secret", "credentials": []}"#,
            r#"{"issuers": ["a-secret"], "credentials": []}"#,
            r#"{"credentials": "a-secret"}"#,
        ] {
            let error = error_of(orders);
            assert!(!error.contains("a-secret"), "{error}");
        }
    }
}
