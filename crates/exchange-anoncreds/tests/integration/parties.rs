//! A holder with a wallet, the issuers of its credentials, and a verifier; public data is in
//! memory.

use std::{collections::BTreeSet, sync::Arc};

use anoncreds::{
    CredDefs, CredentialDefinition, CredentialDefinitionConfig, KeySource, Policy, PreparedKey,
    RequestedCredentials, RevocationStates, Schema, Schemas, Verifier, credential_values,
    issuer_create_and_store_credential_def, issuer_create_credential,
    issuer_create_credential_offer, issuer_create_schema, prover_create_credential_req,
    prover_create_master_secret, prover_create_proof, prover_store_credential,
};
use async_trait::async_trait;
use exchange::{
    did::Did,
    message::{Mode, ProofRequest, Received},
    verifier::{ZeroKnowledge, ZeroKnowledgeFindings},
};
use exchange_anoncreds::{
    BridgeError, ClChecker, ObjectError, Prover, PublicObjects, Shape, to_anoncreds,
};
use ledger::pool::Pool;
use proofs::identifiers::{IdentifierKind, to_unqualified};
use serde_json::{Value, json};
use tempfile::TempDir;
use test_support::{keys, wallets::wallet_in};
use wallet::{
    Wallet,
    did::{MyDidConfig, create_and_store_my_did},
};

pub const GOVERNMENT: &str = "NcYxiDXkpYi6ov5FcYDi1e";
pub const ACME: &str = "Th7MpTaRZVRYnPiabds81Y";
pub const GLOBEX: &str = "V4SGRU86Z58d6TV7PBUe6f";
pub const INITECH: &str = "WgWxqztrNooG92RXvxSTWv";
pub const HOLDER: &str = "did:sov:VsKV7grR1BUE29mG2Fm2kX";
const LINK_SECRET: &str = "link secret";

pub const IDENTITY: &str = "NcYxiDXkpYi6ov5FcYDi1e:2:identity:1.0";
pub const PAYSLIP: &str = "NcYxiDXkpYi6ov5FcYDi1e:2:payslip:1.0";

pub struct Parties {
    issuer: Wallet,
    holder: Wallet,
    schemas: Schemas,
    cred_defs: CredDefs,
    _directory: TempDir,
}

/// The test key of an issuer.
#[derive(Clone, Copy)]
pub enum Key {
    First,
    Second,
}

impl Parties {
    pub async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let parties = Self {
            issuer: wallet_in(directory.path(), "issuer").await,
            holder: wallet_in(directory.path(), "holder").await,
            schemas: Schemas::new(),
            cred_defs: CredDefs::new(),
            _directory: directory,
        };
        prover_create_master_secret(&parties.holder, LINK_SECRET).await.unwrap();
        parties
    }

    /// Returns the government's credential definition for identities.
    pub async fn identities(&mut self) -> String {
        let names = ["name", "sex", "age", "height"];
        self.define(GOVERNMENT, "identity", 15, &names, keys::GVT).await
    }

    /// Writes the same to a ledger, as the first steward. Returns the issuer, the schema and the
    /// credential definition.
    pub async fn identities_on(&mut self, pool: &Pool) -> (String, String, String) {
        let seed = MyDidConfig::from_seed("000000000000000000000000Steward1");
        let steward = create_and_store_my_did(&self.issuer, &seed).await.unwrap();
        let did = steward.did;
        let names = ["name", "sex", "age", "height"];
        let schema = issuer_create_schema(&did, "identity", "1.0", &names).unwrap();
        let write = ledger::build_schema_request(&did, &schema).unwrap();
        ledger::sign_and_submit_request(pool, &self.issuer, &did, &write).await.unwrap();
        let schema_id = schema.id().to_string();
        let schema = ledger::read_schema(pool, None, &schema_id).await.unwrap();
        let id = self.define_for(&did, schema, keys::GVT).await;
        let write = ledger::build_cred_def_request(&did, &self.cred_defs[&id]).unwrap();
        ledger::sign_and_submit_request(pool, &self.issuer, &did, &write).await.unwrap();
        (did, schema_id, id)
    }

    /// Returns an employer's credential definition for payslips.
    pub async fn payslips(&mut self, employer: &str, key: Key) -> String {
        let key = match key {
            Key::First => include_str!("../fixtures/TEST-KEY-payslip-1.json"),
            Key::Second => include_str!("../fixtures/TEST-KEY-payslip-2.json"),
        };
        let names = ["Employee", "Employer", "Month", "Net Pay"];
        self.define(employer, "payslip", 21, &names, key).await
    }

    async fn define(
        &mut self,
        issuer: &str,
        name: &str,
        number: u32,
        attributes: &[&str],
        key: &str,
    ) -> String {
        let mut schema = issuer_create_schema(GOVERNMENT, name, "1.0", attributes).unwrap();
        let Schema::SchemaV1(parts) = &mut schema;
        parts.seq_no = Some(number);
        self.define_for(issuer, schema, key).await
    }

    async fn define_for(&mut self, issuer: &str, schema: Schema, key: &str) -> String {
        let config = CredentialDefinitionConfig {
            support_revocation: false,
            key: KeySource::Prepared(PreparedKey::from_json(key).unwrap()),
            ..CredentialDefinitionConfig::default()
        };
        let cred_def =
            issuer_create_and_store_credential_def(&self.issuer, issuer, &schema, "TAG1", &config)
                .await
                .unwrap();
        let id = cred_def.id().to_string();
        self.schemas.insert(schema.id().to_string(), schema);
        self.cred_defs.insert(id.clone(), cred_def);
        id
    }

    /// Issues a credential, and stores it in the holder's wallet under each of these ids.
    pub async fn hold(&self, cred_def_id: &str, ids: &[&str], values: &[(&str, &str)]) {
        let cred_def = &self.cred_defs[cred_def_id];
        let offer = issuer_create_credential_offer(&self.issuer, cred_def_id).await.unwrap();
        let (request, metadata) = prover_create_credential_req(
            &self.holder,
            "VsKV7grR1BUE29mG2Fm2kX",
            &offer,
            cred_def,
            LINK_SECRET,
        )
        .await
        .unwrap();
        let values = credential_values(values.iter().copied());
        let credential =
            issuer_create_credential(&self.issuer, &offer, &request, values).await.unwrap();
        for id in ids {
            prover_store_credential(&self.holder, Some(id), &metadata, &credential, cred_def, None)
                .await
                .unwrap();
        }
    }

    pub async fn hold_identity(&self, cred_def_id: &str, name: &str, age: &str) {
        let values = [("name", name), ("sex", "x"), ("age", age), ("height", "175")];
        self.hold(cred_def_id, &[name], &values).await;
    }

    pub async fn hold_payslip(&self, cred_def_id: &str, ids: &[&str], month: &str, pay: &str) {
        let values =
            [("Employee", "Alex"), ("Employer", "any"), ("Month", month), ("Net Pay", pay)];
        self.hold(cred_def_id, ids, &values).await;
    }

    pub fn objects(&self) -> Objects {
        let cred_defs = self.cred_defs.iter();
        let cred_defs = cred_defs.map(|(id, cred_def)| (id.clone(), copy(cred_def)));
        Objects { schemas: self.schemas.clone(), cred_defs: cred_defs.collect() }
    }

    /// Returns the holder's answer to the first criterion.
    pub async fn answer(&self, request: &Received<ProofRequest>) -> Result<Value, BridgeError> {
        self.answer_with(request, &[]).await
    }

    /// Returns the same, with these optional attributes shown.
    pub async fn answer_with(
        &self,
        request: &Received<ProofRequest>,
        optional: &[&str],
    ) -> Result<Value, BridgeError> {
        self.answer_as(request, 0, optional, &holder()).await
    }

    /// Returns the answer of this holder to a criterion.
    pub async fn answer_as(
        &self,
        request: &Received<ProofRequest>,
        criterion: usize,
        optional: &[&str],
        holder: &Did,
    ) -> Result<Value, BridgeError> {
        let objects = self.objects();
        self.answer_reading(&objects, request, criterion, optional, holder).await
    }

    /// Returns the same, with public data from `objects`.
    pub async fn answer_reading(
        &self,
        objects: &dyn PublicObjects,
        request: &Received<ProofRequest>,
        criterion: usize,
        optional: &[&str],
        holder: &Did,
    ) -> Result<Value, BridgeError> {
        let prover = Prover { wallet: &self.holder, link_secret: LINK_SECRET, objects };
        let optional: BTreeSet<String> = optional.iter().map(|name| (*name).to_owned()).collect();
        let answer =
            exchange_anoncreds::answer(prover, request, criterion, None, &optional, holder);
        Ok(answer.await?.presentation)
    }

    /// Returns an answer to the first criterion from these credentials.
    pub async fn answer_from(
        &self,
        request: &Received<ProofRequest>,
        credentials: &[&str],
    ) -> Result<Value, BridgeError> {
        let objects = self.objects();
        let prover = Prover { wallet: &self.holder, link_secret: LINK_SECRET, objects: &objects };
        let credentials: Vec<String> = credentials.iter().map(|id| (*id).to_owned()).collect();
        let (named, optional) = (Some(&*credentials), BTreeSet::new());
        let answer =
            exchange_anoncreds::answer(prover, request, 0, named, &optional, &holder()).await?;
        let used = answer.credentials.iter().map(|credential| &credential.referent);
        assert!(used.eq(&credentials), "they are used in this order");
        Ok(answer.presentation)
    }

    /// Returns the ids of the credentials that can answer the first criterion.
    pub async fn candidates(&self, request: &Received<ProofRequest>) -> Vec<String> {
        let objects = self.objects();
        let prover = Prover { wallet: &self.holder, link_secret: LINK_SECRET, objects: &objects };
        let found = exchange_anoncreds::candidates(prover, request, 0, &BTreeSet::new()).await;
        let found = found.unwrap().into_iter();
        found.map(|credential| credential.referent).collect()
    }

    /// Returns a presentation of these credentials, without checking that they differ.
    pub async fn answer_by_choice(
        &self,
        request: &Received<ProofRequest>,
        shape: &Shape,
        choice: &RequestedCredentials,
    ) -> Value {
        let derived = to_anoncreds(request, 0, shape, &holder()).unwrap();
        let derived = proofs::ProofRequest::from_value(&derived).unwrap();
        let presentation = prover_create_proof(
            &self.holder,
            &derived,
            choice,
            LINK_SECRET,
            &self.schemas,
            &self.cred_defs,
            &RevocationStates::new(),
        )
        .await
        .unwrap();
        serde_json::to_value(presentation).unwrap()
    }

    /// Returns what a verifier finds in an answer to the first criterion.
    pub async fn check(
        &self,
        request: &Received<ProofRequest>,
        presentation: &Value,
    ) -> ZeroKnowledgeFindings {
        self.check_as(request, 0, &holder(), presentation).await
    }

    pub async fn check_as(
        &self,
        request: &Received<ProofRequest>,
        criterion: usize,
        holder: &Did,
        presentation: &Value,
    ) -> ZeroKnowledgeFindings {
        let objects: Arc<dyn PublicObjects> = Arc::new(self.objects());
        let checker = ClChecker::new(Verifier::new(Policy::default()), objects);
        checker.check(request, criterion, holder, presentation).await
    }
}

/// Public data in memory, by identifier.
pub struct Objects {
    schemas: Schemas,
    cred_defs: CredDefs,
}

#[async_trait]
impl PublicObjects for Objects {
    async fn schema(&self, id: &str) -> Result<Schema, ObjectError> {
        let found = self.schemas.get(&*to_unqualified(IdentifierKind::Schema, id));
        found.cloned().ok_or_else(|| ObjectError::new("schema", id, "it is not known"))
    }

    async fn cred_def(&self, id: &str) -> Result<CredentialDefinition, ObjectError> {
        let found = self.cred_defs.get(&*to_unqualified(IdentifierKind::CredDef, id));
        let found = found.map(copy);
        found.ok_or_else(|| ObjectError::new("credential definition", id, "it is not known"))
    }
}

fn copy(cred_def: &CredentialDefinition) -> CredentialDefinition {
    serde_json::from_value(serde_json::to_value(cred_def).unwrap()).unwrap()
}

/// Returns whether an answer has no failure.
pub fn is_clean(findings: &ZeroKnowledgeFindings) -> bool {
    findings.verified.is_empty() && findings.distinct.is_empty() && findings.attributes.is_empty()
}

pub fn holder() -> Did {
    HOLDER.parse().unwrap()
}

/// Returns a shape in which all credentials show the same.
pub fn shape(credentials: usize, names: &[&str]) -> Shape {
    let names: BTreeSet<String> = names.iter().map(|name| (*name).to_owned()).collect();
    Shape { groups: vec![names; credentials] }
}

/// Returns a request with these criteria.
pub fn request(criteria: &[Value]) -> Received<ProofRequest> {
    Received::of(document(criteria), Mode::Usual).unwrap()
}

pub fn document(criteria: &[Value]) -> Value {
    json!({
        "id": "eedeec15-c364-4e4c-b7a7-871413e412f9",
        "proofURL": "https://example.com/v1/proof-response",
        "proofRequest": {
            "accept": ["json/CLSignature2019"],
            "criteria": criteria,
            "description": "Credit card application information",
            "verifier": "did:sov:V4SGRU86Z58d6TV7PBUe6f",
        },
        "proof": {
            "created": "2019-04-01T11:38:12Z",
            "creator": "did:sov:V4SGRU86Z58d6TV7PBUe6f#key-1",
            "nonce": "70b5a966-e818-44a5-8d0f-3873bb10980a",
            "signatureValue": "3FQAREE3D9YCgHjqj54gQ9BZnRhkCur1tTUoovBUuFRhD34mkusNLRuwi4QVRkwc7cEiichmHx7U2957iK4BgVss",
            "type": "Ed25519VerificationKey2018",
        },
    })
}

/// Asks for the name of a person of at least 18; the height is optional.
pub fn adult() -> Value {
    json!({
        "description": "Your name, and that you are of age",
        "reason": "We sell wine",
        "issuers": {"dids": [format!("did:sov:{GOVERNMENT}")]},
        "schema": IDENTITY,
        "properties": [{"name": "name", "required": true}, {"name": "height", "required": false}],
        "predicates": [{"name": "age", "p_type": ">=", "p_value": 18}],
        "min": 1,
        "max": 1,
    })
}

/// Asks for two payslips of different months from any of three employers; the net pay is optional.
pub fn two_payslips() -> Value {
    let dids = [ACME, GLOBEX, INITECH].map(|employer| format!("did:sov:{employer}"));
    json!({
        "description": "Two payslips",
        "reason": "To see what you can pay back",
        "issuers": {"dids": dids},
        "schema": PAYSLIP,
        "properties": [{"name": "month", "required": true}, {"name": "net pay", "required": false}],
        "min": 2,
        "max": 3,
    })
}
