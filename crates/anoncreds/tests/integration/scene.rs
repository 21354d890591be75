//! The scene that the tests play in: wallets in a temporary directory, test keys from files, and
//! as many credentials as a test wants.

use std::path::Path;

use indy::{
    anoncreds::{
        Credential, CredentialDefinition, CredentialDefinitionConfig, CredentialRequestMetadata,
        KeySource, PreparedKey, Schema, credential_values, issuer_create_and_store_credential_def,
        issuer_create_credential, issuer_create_credential_offer, issuer_create_schema,
        prover_create_credential_req, prover_create_master_secret, prover_store_credential,
    },
    wallet::{
        Wallet, WalletConfig, WalletCredentials, WalletStorage, create_wallet, generate_wallet_key,
        open_wallet,
    },
};
use tempfile::TempDir;

pub const GOVERNMENT: &str = "NcYxiDXkpYi6ov5FcYDi1e";
pub const UNIVERSITY: &str = "Th7MpTaRZVRYnPiabds81Y";
pub const PROVER: &str = "VsKV7grR1BUE29mG2Fm2kX";
pub const LINK_SECRET: &str = "link_secret";

/// A schema with its credential definition, as somebody would read them from a ledger.
pub struct Class {
    pub schema: Schema,
    pub cred_def: CredentialDefinition,
}

impl Class {
    pub fn schema_id(&self) -> String {
        self.schema.id().to_string()
    }

    pub fn cred_def_id(&self) -> String {
        self.cred_def.id().to_string()
    }
}

/// An issuer's and a prover's wallet, both open, the prover with a link secret.
pub struct Scene {
    pub issuer: Wallet,
    pub prover: Wallet,
    directory: TempDir,
}

impl Scene {
    pub async fn set() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let scene = Self {
            issuer: wallet(directory.path(), "issuer").await,
            prover: wallet(directory.path(), "prover").await,
            directory,
        };
        prover_create_master_secret(&scene.prover, LINK_SECRET)
            .await
            .unwrap();
        scene
    }

    /// Another wallet in the same place.
    pub async fn another_wallet(&self, id: &str) -> Wallet {
        wallet(self.directory.path(), id).await
    }

    /// The tutorial's class: age, sex, height, name.
    pub async fn gvt(&self) -> Class {
        self.class(
            GOVERNMENT,
            "gvt",
            15,
            &["age", "sex", "height", "name"],
            gvt_key(),
        )
        .await
    }

    /// A class with names that have spaces and capitals.
    pub async fn degree(&self) -> Class {
        let attributes = ["First Name", "Last Name", "degree", "year"];
        self.class(UNIVERSITY, "degree", 21, &attributes, degree_key())
            .await
    }

    pub async fn class(
        &self,
        issuer_did: &str,
        name: &str,
        seq_no: u32,
        attributes: &[&str],
        key: PreparedKey,
    ) -> Class {
        let mut schema = issuer_create_schema(issuer_did, name, "1.0", attributes).unwrap();
        let Schema::SchemaV1(parts) = &mut schema;
        parts.seq_no = Some(seq_no);
        let config = CredentialDefinitionConfig {
            support_revocation: false,
            key: KeySource::Prepared(key),
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

    /// Issue a credential up to the moment before it is stored.
    pub async fn issue(
        &self,
        class: &Class,
        values: &[(&str, &str)],
    ) -> (Credential, CredentialRequestMetadata) {
        let offer = issuer_create_credential_offer(&self.issuer, &class.cred_def_id())
            .await
            .unwrap();
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
        let credential = issuer_create_credential(&self.issuer, &offer, &request, values)
            .await
            .unwrap();
        (credential, metadata)
    }

    /// Issue a credential and store it under an id.
    pub async fn hold(&self, class: &Class, id: &str, values: &[(&str, &str)]) {
        let (credential, metadata) = self.issue(class, values).await;
        prover_store_credential(
            &self.prover,
            Some(id),
            &metadata,
            &credential,
            &class.cred_def,
            None,
        )
        .await
        .unwrap();
    }
}

/// Alex's degree.
pub const MASTER: [(&str, &str); 4] = [
    ("First Name", "Alex"),
    ("Last Name", "Ho"),
    ("degree", "MSc"),
    ("year", "2020"),
];

/// Alex of the tutorial.
pub const ALEX: [(&str, &str); 4] = [
    ("sex", "male"),
    ("name", "Alex"),
    ("height", "175"),
    ("age", "28"),
];

pub fn gvt_key() -> PreparedKey {
    PreparedKey::from_json(include_str!("../fixtures/TEST-KEY-gvt.json")).unwrap()
}

pub fn degree_key() -> PreparedKey {
    PreparedKey::from_json(include_str!("../fixtures/TEST-KEY-degree.json")).unwrap()
}

async fn wallet(directory: &Path, id: &str) -> Wallet {
    let config = WalletConfig {
        id: id.to_owned(),
        storage: WalletStorage::Sqlite {
            directory: directory.to_owned(),
        },
    };
    // a raw key, for deriving one from a passphrase takes half a second
    let key = generate_wallet_key().unwrap();
    let credentials = WalletCredentials::raw(key.as_str());
    create_wallet(&config, &credentials).await.unwrap();
    open_wallet(&config, &credentials).await.unwrap()
}
