//! A proof response: each criterion of a request with the presentations that fulfil it.

use std::collections::HashSet;

use serde_json::Value;

use super::{
    Criterion, Form, Message, Proof, Rule, VerifiableCredential,
    criterion::criterion,
    proof::proofs,
    reader::{Bounds, Place},
    request::{CL_PRESENTATION, MAX_CRITERIA, NOT_OF_A_MESSAGE, Syntax},
    texts::{contexts, date, did, id, some_contexts, types, types_of_linked_data},
};
use crate::did::Purpose;

/// A criterion has at most this many presentations, and a presentation at most this many
/// credentials.
const MAX_PRESENTATIONS: usize = 100;

/// The most signatures of attributes in one response. The draft's own examples have a dozen;
/// checking one takes some ten microseconds, and one message must not keep a verifier busy for
/// long.
const MAX_ATTRIBUTE_SIGNATURES: usize = 1_000;

/// A holder's response to a request. Section "Proof Response Message Structure" of the draft.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ProofResponse {
    /// The contexts of the JSON-LD form; empty in the JSON form.
    pub context: Vec<Value>,
    /// The response's own id: a UUID or a URI.
    pub id: String,
    /// `ProofResponse` in the JSON-LD form; empty in the JSON form.
    pub types: Vec<String>,
    /// The id of the request that it answers.
    pub proof_request_id: String,
    /// The DID of the verifier that it is for. Our addition, which our holder always writes.
    pub verifier: Option<String>,
    /// The names that it uses.
    pub form: Form,
    /// The criteria, each with its presentations.
    pub fulfilled: Vec<FulfilledCriterion>,
    /// The holder's signature.
    pub proof: Vec<Proof>,
}

/// A criterion of the request, and the presentations that fulfil it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FulfilledCriterion {
    /// The criterion, repeated.
    pub criterion: Criterion,
    /// The presentations.
    pub presentations: Vec<Presentation>,
    /// The JSON pointer to it in its document.
    pub pointer: String,
}

/// A verifiable presentation: credentials, or a proof in zero knowledge, signed by the holder.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Presentation {
    /// The contexts.
    pub context: Vec<Value>,
    /// When it was made, in RFC 3339.
    pub created: String,
    /// The presentation's own id: a UUID or a URI.
    pub id: String,
    /// The holder's signature.
    pub proof: Vec<Proof>,
    /// `VerifiablePresentation`; beside it [`CL_PRESENTATION`] if its member `presentation` is a
    /// proof in zero knowledge.
    pub types: Vec<String>,
    /// The credentials, each with the attributes that are shown. Empty beside a proof in zero
    /// knowledge.
    pub credentials: Vec<VerifiableCredential>,
    /// The JSON pointer to it in its document.
    pub pointer: String,
}

impl ProofResponse {
    /// Returns JSON-LD if it has contexts, else JSON.
    pub fn syntax(&self) -> Syntax {
        Syntax::of(&self.context)
    }

    /// Returns all presentations.
    pub fn presentations(&self) -> impl Iterator<Item = &Presentation> {
        self.fulfilled.iter().flat_map(|fulfilled| &fulfilled.presentations)
    }

    /// Returns all credentials.
    pub fn credentials(&self) -> impl Iterator<Item = &VerifiableCredential> {
        self.fulfilled.iter().flat_map(FulfilledCriterion::credentials)
    }
}

impl FulfilledCriterion {
    /// Returns the credentials of its presentations.
    pub fn credentials(&self) -> impl Iterator<Item = &VerifiableCredential> {
        self.presentations.iter().flat_map(|presentation| &presentation.credentials)
    }

    /// Returns whether it is answered in zero knowledge.
    pub fn is_cl(&self) -> bool {
        self.presentations.iter().any(Presentation::is_cl)
    }
}

impl Presentation {
    /// Returns whether it holds a proof in zero knowledge.
    pub fn is_cl(&self) -> bool {
        self.types.iter().any(|kind| kind == CL_PRESENTATION)
    }
}

impl Message for ProofResponse {
    const KIND: &'static str = "proof response";

    fn read(at: &Place) -> Self {
        at.object(response)
    }
}

fn response(at: &Place) -> ProofResponse {
    at.none_of(&NOT_OF_A_MESSAGE);
    let form = Form::of(at);
    at.reader.form.set(form);
    let names = form.names();
    form.check(at, &[|n| n.answered, |n| n.kind]);
    let context = contexts(at);
    let mut ids = HashSet::new();
    let response = ProofResponse {
        id: at.required("id", id),
        types: types_of_linked_data(at, names.response, &context),
        proof_request_id: at.required(names.answered, id),
        verifier: at.optional("verifier", did),
        form,
        proof: proofs(at, Purpose::ALL),
        fulfilled: at.required("FulfilledCriteria", |at| {
            let bounds = Bounds::up_to(MAX_CRITERIA);
            at.list(bounds, |at| at.object(|at| fulfilled(at, &mut ids)))
        }),
        context,
    };
    let signatures = at.reader.attribute_proofs.get();
    if signatures > MAX_ATTRIBUTE_SIGNATURES {
        let expected = format!("at most {MAX_ATTRIBUTE_SIGNATURES} signatures of attributes");
        at.refuse_found(Rule::TooMany, expected, signatures.to_string());
    }
    response
}

fn fulfilled<'v>(at: &Place<'v, '_>, ids: &mut HashSet<&'v str>) -> FulfilledCriterion {
    none_of_another_message(at);
    FulfilledCriterion {
        criterion: at.required("Criterion", criterion),
        presentations: at.required("Presentations", |at| {
            at.list(Bounds::up_to(MAX_PRESENTATIONS), |at| {
                at.once(Rule::PresentationOnce, Some("id"), ids);
                at.object(presentation)
            })
        }),
        pointer: at.pointer(),
    }
}

/// Checks that a part of a response does not say by itself what it answers, for whom, and until
/// when.
fn none_of_another_message(at: &Place) {
    at.none_of(&NOT_OF_A_MESSAGE);
    at.none_of(&["verifier"]);
    at.none_of(&Form::ALL.map(|form| form.names().answered));
}

fn presentation(at: &Place) -> Presentation {
    let (before, form) = (at.reader.violations(), at.reader.form.get());
    form.check(at, &[|n| n.kind]);
    none_of_another_message(at);
    at.none_of(&["credentialStatus", "termsOfUse"]);
    let presentation = Presentation {
        context: some_contexts(at),
        id: at.required("id", id),
        created: at.required("created", date),
        types: types(at, form.names().kind, "VerifiablePresentation"),
        proof: proofs(at, Purpose::ALL),
        credentials: at.required("verifiableCredential", |at| {
            at.list(Bounds::up_to(MAX_PRESENTATIONS), VerifiableCredential::read)
        }),
        pointer: at.pointer(),
    };
    at.optional("presentation", |at| at.object(|_| ()));
    let (credentials, has_proof) = (presentation.credentials.len(), at.has("presentation"));
    let (is_right, expected) = match presentation.is_cl() {
        true => (has_proof && credentials == 0, "`presentation`, and no credential beside it"),
        false => (!has_proof && credentials > 0, "at least one credential, and no `presentation`"),
    };
    if !is_right && at.reader.violations() == before {
        let presence = if has_proof { "a" } else { "no" };
        let got = format!("{presence} `presentation`, credentials: {credentials}");
        at.refuse_found(Rule::PresentationContent, expected, got);
    }
    presentation
}
