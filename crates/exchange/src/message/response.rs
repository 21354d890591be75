//! A proof response: each criterion of a request with the presentations that fulfil it.

use std::collections::HashSet;

use serde_json::Value;

use super::{
    Criterion, Form, Message, Proof, Rule, VerifiableCredential,
    credential::credential,
    criterion::criterion,
    proof::{Signs, proofs},
    reader::{Bounds, Place, Read, Reader},
    request::{MAX_CRITERIA, Syntax},
    texts::{any_string, contexts, date_string, id, some_contexts, types, types_of_linked_data},
};

/// The type of a presentation in zero knowledge, and the proof type that `accept` names for it.
pub const CL_PRESENTATION: &str = "CLSignature2019";

/// A criterion has at most this many presentations, and a presentation at most this many credentials.
const MAX_PRESENTATIONS: usize = 100;

/// The most signatures of attributes in one response. The draft's own examples have a dozen; checking one takes
/// some ten microseconds, and one message must not keep a verifier busy for long.
const MAX_ATTRIBUTE_SIGNATURES: usize = 1_000;

/// A holder's response to a request. Section "Proof Response Message Structure" of the draft.
#[derive(Debug, Clone, PartialEq)]
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
#[derive(Debug, Clone, PartialEq)]
pub struct FulfilledCriterion {
    /// The criterion, repeated.
    pub criterion: Criterion,
    /// The presentations.
    pub presentations: Vec<Presentation>,
    /// The JSON pointer to it in its document.
    pub pointer: String,
}

/// A verifiable presentation: credentials, or a proof in zero knowledge, signed by the holder.
#[derive(Debug, Clone, PartialEq)]
pub struct Presentation {
    /// The contexts.
    pub context: Vec<Value>,
    /// When it was made, in RFC 3339.
    pub created: String,
    /// The presentation's own id: a UUID or a URI.
    pub id: String,
    /// The holder's signature.
    pub proof: Vec<Proof>,
    /// `VerifiablePresentation`; beside it [`CL_PRESENTATION`] if its member `presentation` is a proof in zero
    /// knowledge.
    pub types: Vec<String>,
    /// The credentials, each with the attributes that are shown. Empty beside a proof in zero knowledge.
    pub credentials: Vec<VerifiableCredential>,
    /// The JSON pointer to it in its document.
    pub pointer: String,
}

impl ProofResponse {
    /// Returns JSON-LD if it has contexts, else JSON.
    pub fn syntax(&self) -> Syntax {
        match self.context.is_empty() {
            true => Syntax::Json,
            false => Syntax::JsonLd,
        }
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
}

impl Read for ProofResponse {
    fn read(at: &Place, reader: &mut Reader) -> Option<Self> {
        reader.object(at)?;
        reader.form = Form::of(at);
        let (form, names) = (reader.form, reader.form.names());
        form.check(at, &[|n| n.answered, |n| n.kind], reader);
        let context = contexts(at, reader);
        let response_id = reader.required(at, "id", id);
        let types = types_of_linked_data(at, names.response, context.as_deref(), reader);
        let proof_request_id = reader.required(at, names.answered, id);
        let verifier = reader.optional(at, "verifier", any_string);
        let proof = proofs(at, Signs::Message, reader);
        let mut ids = HashSet::new();
        let fulfilled = reader.required(at, "FulfilledCriteria", |at, reader| {
            reader
                .list(at, Bounds::up_to(MAX_CRITERIA), |at, reader| fulfilled(at, &mut ids, reader))
        });
        let signatures = reader.attribute_proofs;
        if signatures > MAX_ATTRIBUTE_SIGNATURES {
            let expected = format!("at most {MAX_ATTRIBUTE_SIGNATURES} signatures of attributes");
            return reader.refuse_found(Rule::TooMany, at, expected, signatures.to_string());
        }
        Some(Self {
            context: context?,
            id: response_id?,
            types: types?,
            proof_request_id: proof_request_id?,
            verifier,
            form,
            fulfilled: fulfilled?,
            proof: proof?,
        })
    }
}

fn fulfilled(
    at: &Place,
    ids: &mut HashSet<String>,
    reader: &mut Reader,
) -> Option<FulfilledCriterion> {
    reader.object(at)?;
    let criterion = reader.required(at, "Criterion", criterion);
    let presentations = reader.required(at, "Presentations", |at, reader| {
        reader.list(at, Bounds::up_to(MAX_PRESENTATIONS), |at, reader| {
            let presentation = presentation(at, reader)?;
            reader.once(Rule::PresentationOnce, at.member("id"), ids, presentation.id.clone());
            Some(presentation)
        })
    });
    Some(FulfilledCriterion {
        criterion: criterion?,
        presentations: presentations?,
        pointer: at.pointer(),
    })
}

fn presentation(at: &Place, reader: &mut Reader) -> Option<Presentation> {
    reader.object(at)?;
    let context = some_contexts(at, reader);
    let presentation_id = reader.required(at, "id", id);
    let created = reader.required(at, "created", date_string);
    reader.form.check(at, &[|n| n.kind], reader);
    let types = types(at, reader.form.names().kind, "VerifiablePresentation", reader);
    let proof = proofs(at, Signs::Message, reader);
    let credentials = reader.required(at, "verifiableCredential", |at, reader| {
        reader.list(at, Bounds::up_to(MAX_PRESENTATIONS), credential)
    });
    reader.optional(at, "presentation", |at, reader| reader.object(at).map(drop));
    let presentation = Presentation {
        context: context?,
        created: created?,
        id: presentation_id?,
        proof: proof?,
        types: types?,
        credentials: credentials?,
        pointer: at.pointer(),
    };
    let (credentials, has_proof) = (presentation.credentials.len(), at.has("presentation"));
    let (is_right, expected) = match presentation.is_cl() {
        true => (has_proof && credentials == 0, "`presentation`, and no credential beside it"),
        false => (!has_proof && credentials > 0, "at least one credential, and no `presentation`"),
    };
    match is_right {
        true => Some(presentation),
        false => {
            let presence = if has_proof { "a" } else { "no" };
            let got = format!("{presence} `presentation`, credentials: {credentials}");
            reader.refuse_found(Rule::PresentationContent, at, expected, got)
        }
    }
}
