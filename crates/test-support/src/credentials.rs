//! An issuer and a prover, and real credentials between them.

use std::path::Path;

use anoncreds::{
    Credential, CredentialDefinition, CredentialDefinitionConfig, CredentialRequestMetadata,
    KeySource, PreparedKey, Schema, credential_values, issuer_create_and_store_credential_def,
    issuer_create_credential, issuer_create_credential_offer, issuer_create_schema,
    prover_create_credential_req, prover_create_master_secret, prover_store_credential,
};
use tempfile::TempDir;
use wallet::Wallet;

use crate::wallets::wallet_in;

/// The name of the prover's link secret.
pub const LINK_SECRET: &str = "link_secret";

/// The prover's DID.
pub const PROVER: &str = "VsKV7grR1BUE29mG2Fm2kX";

/// A schema with a credential definition, as a ledger would return them.
pub struct Class {
    /// The schema.
    pub schema: Schema,
    /// The credential definition.
    pub cred_def: CredentialDefinition,
}

impl Class {
    /// Returns the schema's id.
    pub fn schema_id(&self) -> String {
        self.schema.id().to_string()
    }

    /// Returns the credential definition's id.
    pub fn cred_def_id(&self) -> String {
        self.cred_def.id().to_string()
    }
}

/// Returns a schema to which the ledger has given a sequence number.
pub fn schema(issuer_did: &str, name: &str, seq_no: u32, attributes: &[&str]) -> Schema {
    let mut schema = issuer_create_schema(issuer_did, name, "1.0", attributes).unwrap();
    let Schema::SchemaV1(parts) = &mut schema;
    parts.seq_no = Some(seq_no);
    schema
}

/// An issuer's and a prover's wallet, both open, and the prover's link secret.
pub struct Parties {
    /// The issuer's wallet. It may issue under several DIDs.
    pub issuer: Wallet,
    /// The prover's wallet.
    pub prover: Wallet,
    directory: TempDir,
}

impl Parties {
    /// Creates the wallets and the link secret.
    pub async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let parties = Self {
            issuer: wallet_in(directory.path(), "issuer").await,
            prover: wallet_in(directory.path(), "prover").await,
            directory,
        };
        prover_create_master_secret(&parties.prover, LINK_SECRET).await.unwrap();
        parties
    }

    /// Returns the wallets' directory.
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// Creates a credential definition with a key made in advance (see [`keys`](crate::keys)).
    pub async fn define(&self, issuer_did: &str, schema: Schema, key: &str) -> Class {
        let config = CredentialDefinitionConfig {
            key: KeySource::Prepared(PreparedKey::from_json(key).unwrap()),
            ..CredentialDefinitionConfig::default()
        };
        let cred_def = issuer_create_and_store_credential_def(
            &self.issuer,
            issuer_did,
            &schema,
            "TAG1",
            &config,
        )
        .await
        .unwrap();
        Class { schema, cred_def }
    }

    /// Issues a credential up to the moment before it is stored.
    pub async fn issue(
        &self,
        class: &Class,
        values: &[(&str, &str)],
    ) -> (Credential, CredentialRequestMetadata) {
        let offer =
            issuer_create_credential_offer(&self.issuer, &class.cred_def_id()).await.unwrap();
        let (request, metadata) = prover_create_credential_req(
            &self.prover,
            PROVER,
            &offer,
            &class.cred_def,
            LINK_SECRET,
        )
        .await
        .unwrap();
        let values = credential_values(values.iter().copied());
        let credential =
            issuer_create_credential(&self.issuer, &offer, &request, values).await.unwrap();
        (credential, metadata)
    }

    /// Issues a credential and stores it under each of these ids.
    pub async fn hold(&self, class: &Class, ids: &[&str], values: &[(&str, &str)]) {
        let (credential, metadata) = self.issue(class, values).await;
        for id in ids {
            let cred_def = &class.cred_def;
            prover_store_credential(&self.prover, Some(id), &metadata, &credential, cred_def, None)
                .await
                .unwrap();
        }
    }
}
