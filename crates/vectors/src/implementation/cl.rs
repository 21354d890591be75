//! The mathematics of our own engine alone, without the checks around it.

use std::collections::HashMap;
use std::sync::Arc;

use ::cl::{PreparedKey, Presentation, ProofRequest, PublicKey, verify};
use serde_json::Value;

use super::{Answer, Description, Implementation, Reply};
use crate::corpus::Placed;
use crate::format::Kind;

/// The crate `cl`: equations, and the form of the numbers in them.
pub struct Cl {
    description: Description,
    /// By the credential definition's text: what is prepared once for a key serves all its tests.
    prepared: HashMap<String, Arc<PreparedKey>>,
}

impl Cl {
    /// Returns it.
    #[must_use]
    pub fn new() -> Self {
        const FEATURES: &[&str] = &[
            "verify",
            "predicates",
            "groups",
            "multi-credential",
            "self-attested",
            "unrevealed",
            "ids-legacy",
            "ids-did-indy",
            "ids-did-cheqd",
            "ids-did-webvh",
            "ids-https",
        ];
        let features = FEATURES.iter().map(|name| (*name).to_owned()).collect();
        let (name, version) = ("cl".to_owned(), env!("CARGO_PKG_VERSION").to_owned());
        Self { description: Description { name, version, features }, prepared: HashMap::new() }
    }

    fn verify(&mut self, test: Placed<'_>) -> Result<(), String> {
        let input = &test.test.input;
        let text = |fault: &dyn std::fmt::Display| fault.to_string();
        let request = ProofRequest::from_json(&input["presentation_request"]);
        let request = request.map_err(|fault| text(&fault))?;
        let presentation = Presentation::from_json(&input["presentation"]);
        let presentation = presentation.map_err(|fault| text(&fault))?;
        let public = test.group.public.as_ref().map_or(&Value::Null, |public| &public["indy"]);
        let mut keys = Vec::new();
        for id in presentation.credential_definitions() {
            let definition = public["cred_defs"].get(id).ok_or(format!("no definition {id}"))?;
            keys.push(self.prepare(definition)?);
        }
        let keys: Vec<&PreparedKey> = keys.iter().map(Arc::as_ref).collect();
        verify(&request, &presentation, &keys).map_err(|fault| text(&fault))
    }

    fn prepare(&mut self, definition: &Value) -> Result<Arc<PreparedKey>, String> {
        let written = definition.to_string();
        if let Some(prepared) = self.prepared.get(&written) {
            return Ok(Arc::clone(prepared));
        }
        let key = PublicKey::from_credential_definition(definition);
        let prepared = key.and_then(|key| PreparedKey::new(&key));
        let prepared = Arc::new(prepared.map_err(|fault| fault.to_string())?);
        self.prepared.insert(written, Arc::clone(&prepared));
        Ok(prepared)
    }
}

impl Default for Cl {
    fn default() -> Self {
        Self::new()
    }
}

impl Implementation for Cl {
    fn description(&self) -> &Description {
        &self.description
    }

    fn ask(&mut self, test: Placed<'_>) -> Reply {
        if test.group.kind != Kind::Verify {
            return Reply::Answered(Answer::unsupported("it verifies only"));
        }
        match stdx::panic::catch(|| self.verify(test)) {
            Ok(Ok(())) => Reply::Answered(Answer::valid()),
            Ok(Err(reason)) => Reply::Answered(Answer::invalid(reason)),
            Err(panicked) => Reply::Crashed(panicked.to_string()),
        }
    }
}
