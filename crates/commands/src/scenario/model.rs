//! What a scenario is: issuers, holders, credentials and requests, each from a file of its own.

use std::collections::{BTreeMap, BTreeSet};

use indy::anoncreds::PreparedKey;
use proofs::{HeldValue, names::fold};
use serde_json::{Value, json};

/// A scenario. Each part is named after its file, and parts are played in the order of their names.
#[derive(Default)]
pub struct Scenario {
    pub issuers: BTreeMap<String, Issuer>,
    pub holders: BTreeMap<String, Holder>,
    pub credentials: BTreeMap<String, Credential>,
    pub requests: BTreeMap<String, Request>,
}

/// An issuer. It has no `Debug`: seeds are secret.
pub struct Issuer {
    /// What it is called where it is shown.
    pub label: String,
    /// The seed of its DID; drawn if `None`.
    pub seed: Option<String>,
    /// The DID that follows from the seed.
    pub did: Option<String>,
    /// The seed of the steward who adds it to the ledger; that of the tutorial if `None`.
    pub steward: Option<String>,
    /// The DID of the steward.
    pub steward_did: String,
    pub schemas: Vec<Schema>,
}

/// A schema, and the credential definition on it.
pub struct Schema {
    pub name: String,
    pub version: String,
    pub attributes: Vec<String>,
    /// The tag of the credential definition.
    pub tag: String,
    /// The issuer's key, if it was made in advance, with the file that holds it.
    pub prepared_key: Option<(String, PreparedKey)>,
}

/// A holder, with a wallet.
pub struct Holder {
    pub name: String,
    /// The holder's DID, which is only a name; drawn if `None`.
    pub did: Option<String>,
}

/// A credential that is issued.
pub struct Credential {
    pub issuer: String,
    /// The name of one of the issuer's schemas.
    pub schema: String,
    pub holder: String,
    pub values: BTreeMap<String, HeldValue>,
    /// The names of values that cannot be used.
    pub unusable: BTreeSet<String>,
}

/// A verifier's request, and how the holder answers it.
pub struct Request {
    pub holder: String,
    /// The proof request, in which placeholders are not filled in yet.
    pub proof_request: Value,
    /// What the holder says without a credential, by referent.
    pub self_attested: BTreeMap<String, String>,
    /// The attribute referents whose values the holder does not show.
    pub hide: Vec<String>,
}

impl Issuer {
    /// Returns the schema of a name.
    pub fn schema(&self, name: &str) -> Option<&Schema> {
        self.schemas.iter().find(|schema| schema.name == name)
    }
}

impl Schema {
    /// Returns whether the schema has an attribute.
    pub fn has(&self, attribute: &str) -> bool {
        let wanted = fold(attribute);
        self.attributes.iter().any(|name| fold(name) == wanted)
    }
}

impl Scenario {
    /// Returns each schema with its issuer and the issuer's name.
    pub fn schemas(&self) -> impl Iterator<Item = (&str, &Issuer, &Schema)> {
        let issuers = self.issuers.iter();
        issuers.flat_map(|(name, issuer)| {
            issuer.schemas.iter().map(move |schema| (name.as_str(), issuer, schema))
        })
    }

    /// Returns what is issued in a form that can be hashed: a scenario that was begun is not
    /// continued when its files have become others. The keys and the labels may change, since
    /// nothing that is stored follows from them.
    pub fn issuance(&self) -> Value {
        let issuers = self.issuers.iter().map(|(name, issuer)| {
            let schemas: Vec<Value> = issuer
                .schemas
                .iter()
                .map(|schema| json!([schema.name, schema.version, schema.attributes, schema.tag]))
                .collect();
            json!([name, issuer.seed, issuer.steward, schemas])
        });
        let credentials = self.credentials.iter().map(|(name, credential)| {
            json!([
                name,
                credential.issuer,
                credential.schema,
                credential.holder,
                credential.values
            ])
        });
        let holders = self.holders.iter().map(|(name, holder)| json!([name, holder.did]));
        json!({
            "issuers": issuers.collect::<Vec<_>>(),
            "holders": holders.collect::<Vec<_>>(),
            "credentials": credentials.collect::<Vec<_>>(),
        })
    }

    /// Returns everything in the form in which homes of an older version have it hashed.
    pub fn summary(&self) -> Value {
        let mut summary = self.issuance();
        let requests = self.requests.iter().map(|(name, request)| {
            let mut parts = vec![json!(name)];
            parts.extend(request.parts());
            Value::Array(parts)
        });
        summary["requests"] = requests.collect();
        summary
    }
}

impl Request {
    /// Returns the request in a form that can be hashed: one that has changed is answered again.
    pub fn summary(&self) -> Value {
        self.parts().into_iter().collect()
    }

    fn parts(&self) -> [Value; 4] {
        [
            json!(self.holder),
            self.proof_request.clone(),
            json!(self.self_attested),
            json!(self.hide),
        ]
    }
}
