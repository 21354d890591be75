//! Issuers with test keys, holders, credentials and presentations of `indy-credx`, and its
//! verdicts.
//!
//! Values in predicates are in the signed 32-bit range, because the library computes in 32 bits.

pub mod keys;

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;

use cl::kernel::Engine;
use cl::{PreparedKey, Presentation as OurPresentation, ProofRequest, PublicKey, Rejection};
use indy_credx::types::{
    AttributeNames, Credential, CredentialDefinition, CredentialDefinitionId,
    CredentialDefinitionPrivate, CredentialKeyCorrectnessProof, CredentialValues, DidValue,
    LinkSecret, MakeCredentialValues, PresentCredentials, Presentation, PresentationRequest,
    Schema, SchemaId,
};
use indy_credx::{issuer, prover, verifier};
use serde_json::{Value, json};

use keys::Key;

const ISSUER_DID: &str = "NcYxiDXkpYi6ov5FcYDi1e";
const PROVER_DID: &str = "VsKV7grR1BUE29mG2Fm2kX";

/// An issuer with one credential definition.
pub struct Issuer {
    pub schema: Schema,
    pub definition: CredentialDefinition,
    /// The credential definition as ledgers store it.
    pub definition_json: Value,
    private: CredentialDefinitionPrivate,
    correctness_proof: CredentialKeyCorrectnessProof,
    portable: OnceLock<PreparedKey>,
    ifma: OnceLock<PreparedKey>,
}

impl Issuer {
    /// Creates an issuer of credentials with the attributes of a key. Each issuer has its own tag.
    pub fn new(key: &Key, tag: &str) -> Self {
        Self::with_names(key, tag, &key.attributes())
    }

    /// As [`new`](Self::new), with the attribute names of the schema in another spelling.
    pub fn with_names(key: &Key, tag: &str, names: &[String]) -> Self {
        let did = DidValue(ISSUER_DID.into());
        let names = AttributeNames::from(names.to_vec());
        let schema = issuer::create_schema(&did, tag, "1.0", names, Some(15)).unwrap();
        let definition_json = json!({
            "ver": "1.0",
            "id": format!("{ISSUER_DID}:3:CL:15:{tag}"),
            "schemaId": "15",
            "type": "CL",
            "tag": tag,
            "value": {"primary": key.primary},
        });
        Self::from_json(schema, definition_json, key.private.clone(), key.correctness_proof.clone())
    }

    /// Creates an issuer from the JSON of all parts of a credential definition.
    pub fn from_json(
        schema: Schema,
        definition_json: Value,
        private: Value,
        correctness_proof: Value,
    ) -> Self {
        Self {
            schema,
            definition: serde_json::from_value(definition_json.clone()).unwrap(),
            definition_json,
            private: serde_json::from_value(private).unwrap(),
            correctness_proof: serde_json::from_value(correctness_proof).unwrap(),
            portable: OnceLock::new(),
            ifma: OnceLock::new(),
        }
    }

    /// Returns the key, prepared for an engine.
    pub fn prepared(&self, engine: Engine) -> &PreparedKey {
        let cell = match engine {
            Engine::Portable => &self.portable,
            Engine::Ifma => &self.ifma,
        };
        cell.get_or_init(|| {
            let key = PublicKey::from_credential_definition(&self.definition_json).unwrap();
            PreparedKey::with_engine(&key, engine).unwrap()
        })
    }
}

/// A holder with a link secret.
pub struct Holder {
    pub link_secret: LinkSecret,
}

impl Holder {
    pub fn new() -> Self {
        Self { link_secret: prover::create_link_secret().unwrap() }
    }

    /// Returns a credential with these raw values, from the complete issuing protocol.
    pub fn receive(&self, issuer: &Issuer, values: &[(&str, &str)]) -> Credential {
        let offer = issuer::create_credential_offer(
            issuer.schema.id(),
            &issuer.definition,
            &issuer.correctness_proof,
        )
        .unwrap();
        let (request, metadata) = prover::create_credential_request(
            &DidValue(PROVER_DID.into()),
            &issuer.definition,
            &self.link_secret,
            "default",
            &offer,
        )
        .unwrap();
        let (mut credential, _, _) = issuer::create_credential(
            &issuer.definition,
            &issuer.private,
            &offer,
            &request,
            encoded(values),
            None,
        )
        .unwrap();
        prover::process_credential(
            &mut credential,
            &metadata,
            &self.link_secret,
            &issuer.definition,
            None,
        )
        .unwrap();
        credential
    }

    /// Creates a presentation with the library.
    pub fn present(&self, request: &Value, uses: &[Use<'_>]) -> Value {
        self.try_present(request, uses, &[]).unwrap()
    }

    /// As [`present`](Self::present), with self-attested attributes. Returns the library's error.
    pub fn try_present(
        &self,
        request: &Value,
        uses: &[Use<'_>],
        self_attested: &[(&str, &str)],
    ) -> Result<Value, String> {
        let request: PresentationRequest = serde_json::from_value(request.clone()).unwrap();
        let mut credentials = PresentCredentials::new();
        for used in uses {
            let mut chosen = credentials.add_credential(used.credential, None, None);
            for (referent, revealed) in used.attributes {
                chosen.add_requested_attribute(*referent, *revealed);
            }
            for referent in used.predicates {
                chosen.add_requested_predicate(*referent);
            }
        }
        let self_attested = self_attested
            .iter()
            .map(|(referent, value)| ((*referent).into(), (*value).into()))
            .collect();
        let issuers: Vec<&Issuer> = uses.iter().map(|used| used.issuer).collect();
        let presentation = prover::create_presentation(
            &request,
            credentials,
            Some(self_attested),
            &self.link_secret,
            &schemas(&issuers),
            &definitions(&issuers),
        )
        .map_err(|error| error.to_string())?;
        Ok(serde_json::to_value(presentation).unwrap())
    }
}

/// The use of a credential in a presentation.
pub struct Use<'a> {
    pub issuer: &'a Issuer,
    pub credential: &'a Credential,
    /// Referents of attributes, and whether the attributes are revealed.
    pub attributes: &'a [(&'a str, bool)],
    /// Referents of predicates.
    pub predicates: &'a [&'a str],
}

/// Returns whether the library accepts a presentation. If it cannot read the presentation, returns
/// an error or panics, it does not accept.
pub fn library_accepts(request: &Value, presentation: &Value, issuers: &[&Issuer]) -> bool {
    let accepts = || -> Option<bool> {
        let request: PresentationRequest = serde_json::from_value(request.clone()).ok()?;
        let presentation: Presentation = serde_json::from_value(presentation.clone()).ok()?;
        verifier::verify_presentation(
            &presentation,
            &request,
            &schemas(issuers),
            &definitions(issuers),
            None,
            None,
        )
        .ok()
    };
    catch_unwind(AssertUnwindSafe(accepts)).ok().flatten().unwrap_or(false)
}

/// Returns this crate's verdict on a well-formed presentation. `issuers` are those of its
/// sub-proofs.
pub fn verdict(
    engine: Engine,
    request: &Value,
    presentation: &Value,
    issuers: &[&Issuer],
) -> Result<(), Rejection> {
    let request = ProofRequest::from_json(request).unwrap();
    let presentation = OurPresentation::parse(&presentation.to_string()).unwrap();
    let keys: Vec<&PreparedKey> = issuers.iter().map(|issuer| issuer.prepared(engine)).collect();
    cl::verify(&request, &presentation, &keys)
}

/// Returns a proof request with a fixed nonce.
pub fn request(attributes: Value, predicates: Value) -> Value {
    json!({
        "nonce": "1298236098237469872",
        "name": "test",
        "version": "1.0",
        "requested_attributes": attributes,
        "requested_predicates": predicates,
    })
}

/// Returns raw values with their standard encoding: a 32-bit number encodes as itself, any other
/// value as its hash.
pub fn encoded(values: &[(&str, &str)]) -> CredentialValues {
    let mut encoded = MakeCredentialValues::default();
    for (name, raw) in values {
        encoded.add_raw(*name, *raw).unwrap();
    }
    encoded.into()
}

pub fn schemas<'a>(issuers: &[&'a Issuer]) -> HashMap<SchemaId, &'a Schema> {
    issuers.iter().map(|issuer| (issuer.schema.id().clone(), &issuer.schema)).collect()
}

pub fn definitions<'a>(
    issuers: &[&'a Issuer],
) -> HashMap<CredentialDefinitionId, &'a CredentialDefinition> {
    issuers.iter().map(|issuer| (issuer.definition.id().clone(), &issuer.definition)).collect()
}
