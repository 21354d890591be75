//! A proof request: its verifier, its criteria, and where the response goes.

use std::fmt;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{
    Criterion, Form, Message, Proof, Rule,
    criterion::criterion,
    proof::proofs,
    reader::{Bounds, Place},
    texts::{self, any_text, contexts, did, http_url, id, types_of_linked_data},
};
use crate::{date, did::Purpose};

/// A request has at most this many criteria, and a response answers at most as many.
pub(super) const MAX_CRITERIA: usize = 100;

const CRITERIA: Bounds =
    Bounds::some_up_to(MAX_CRITERIA).named(Rule::SomeCriterion, "at least one criterion");

/// The type of a presentation in zero knowledge, and the proof type that `accept` names for it.
pub const CL_PRESENTATION: &str = "CLSignature2019";

/// `accept` has at most this many elements.
const ACCEPT: Bounds = Bounds::some_up_to(50).named(
    Rule::Accept,
    "a list of at least one `json/...` or `json-ld/...`, each followed by a proof type",
);

/// A verifier's request for data. Section "Proof Request Message Structure" of the draft.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ProofRequest {
    /// The contexts of the JSON-LD form; empty in the JSON form.
    pub context: Vec<Value>,
    /// The request's own id: a UUID or a URI. The response repeats it.
    pub id: String,
    /// `ProofRequest` in the JSON-LD form; empty in the JSON form.
    pub types: Vec<String>,
    /// The URL to which the response is sent. The revision of December 2019 may leave it out.
    pub proof_url: Option<String>,
    /// The names that it uses.
    pub form: Form,
    /// The criteria, and which verifier they come from.
    pub body: RequestBody,
    /// The verifier's signature.
    pub proof: Vec<Proof>,
}

/// The member `proofRequest`: the criteria, and which verifier they come from.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RequestBody {
    /// The syntaxes and proof types that the verifier will process, best first. Absent: anything.
    pub accept: Option<Vec<Accepted>>,
    /// The criteria.
    pub criteria: Vec<Criterion>,
    /// What the request is about, for a person to read.
    pub description: String,
    /// The verifier's DID; a key of it signs the request.
    pub verifier: String,
    /// When the request expires, in RFC 3339. Our addition: the draft leaves it to the verifier.
    pub expires: Option<String>,
}

/// The syntax of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Syntax {
    /// `json`
    Json,
    /// `json-ld`
    JsonLd,
}

impl Syntax {
    fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::JsonLd => "json-ld",
        }
    }

    pub(super) fn of(contexts: &[Value]) -> Self {
        match contexts.is_empty() {
            true => Self::Json,
            false => Self::JsonLd,
        }
    }
}

/// One element of `accept`: a syntax and a proof type, for example `json-ld/CLSignature2019`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// The syntax.
    pub syntax: Syntax,
    /// The proof type, whether or not this crate knows it.
    pub proof_type: String,
}

impl Accepted {
    /// Parses `<syntax>/<proof type>`.
    pub fn parse(text: &str) -> Option<Self> {
        let (name, proof_type) = text.split_once('/')?;
        let mut syntaxes = [Syntax::Json, Syntax::JsonLd].into_iter();
        let syntax = syntaxes.find(|syntax| syntax.name() == name)?;
        let is_name =
            !proof_type.is_empty() && proof_type.bytes().all(|byte| byte.is_ascii_graphic());
        is_name.then(|| Self { syntax, proof_type: proof_type.to_owned() })
    }
}

/// Returns whether messages of a syntax may be signed with any proof type. AnonCreds has no
/// signature for messages: so it is where a request accepts nothing but [`CL_PRESENTATION`] in that
/// syntax.
pub(crate) fn any_signs(accept: &[Accepted], syntax: Syntax) -> bool {
    let mut here = accept.iter().filter(|accepted| accepted.syntax == syntax).peekable();
    here.peek().is_some() && here.all(|accepted| accepted.proof_type == CL_PRESENTATION)
}

impl fmt::Display for Accepted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.syntax.name(), self.proof_type)
    }
}

impl ProofRequest {
    /// Returns until when it could be answered, if that has passed.
    pub fn expired(&self, now: DateTime<Utc>) -> Option<&str> {
        let expires = self.body.expires.as_deref()?;
        date::parse(expires).is_none_or(|expires| expires < now).then_some(expires)
    }

    /// Returns the JSON pointer to one of its criteria.
    pub fn criterion_pointer(&self, index: usize) -> String {
        format!("/{}/criteria/{index}", self.form.names().body)
    }

    /// Returns JSON-LD if it has contexts, else JSON.
    pub fn syntax(&self) -> Syntax {
        Syntax::of(&self.context)
    }
}

impl Message for ProofRequest {
    const KIND: &'static str = "proof request";

    fn read(at: &Place) -> Self {
        at.object(request)
    }
}

/// Members that would say for whom or until when a message is, where this crate reads neither.
pub(super) const NOT_OF_A_MESSAGE: [&str; 10] = [
    "holder",
    "recipient",
    "audience",
    "aud",
    "domain",
    "challenge",
    "expires",
    "expirationDate",
    "validFrom",
    "validUntil",
];

fn request(at: &Place) -> ProofRequest {
    let form = Form::of(at);
    at.reader.form.set(form);
    let names = form.names();
    form.check(at, &[|n| n.body, |n| n.url, |n| n.id, |n| n.kind]);
    at.none_of(&["supportingCredentials", "variables"]);
    at.none_of(&NOT_OF_A_MESSAGE);
    let context = contexts(at);
    ProofRequest {
        id: at.required(names.id, id),
        types: types_of_linked_data(at, names.request, &context),
        proof_url: match form {
            Form::December2019 => at.optional(names.url, http_url),
            _ => Some(at.required(names.url, http_url)),
        },
        form,
        body: at.required(names.body, |at| at.object(body)),
        proof: proofs(at, Purpose::ALL),
        context,
    }
}

fn body(at: &Place) -> RequestBody {
    at.none_of(&["domain", "challenge", "expirationDate", "validFrom", "validUntil"]);
    RequestBody {
        accept: at
            .optional("accept", |at| at.list(ACCEPT, accepted).into_iter().flatten().collect()),
        criteria: at.required("criteria", |at| {
            let criteria = at.list(CRITERIA, criterion);
            check_distinct(at, &criteria);
            criteria
        }),
        description: at.required("description", any_text),
        verifier: at.required("verifier", did),
        expires: at.optional("expires", texts::date),
    }
}

fn accepted(at: &Place) -> Option<Accepted> {
    let accepted = at.value.as_str().and_then(Accepted::parse);
    if accepted.is_none() {
        at.refuse(
            Rule::Accept,
            "`json/` or `json-ld/` and a proof type, as json-ld/CLSignature2019",
        );
    }
    accepted
}

/// Checks that no criterion occurs twice, in whatever spelling.
fn check_distinct(at: &Place, criteria: &[Criterion]) {
    let elements = at.value.as_array().into_iter().flatten();
    for (index, (criterion, value)) in criteria.iter().zip(elements).enumerate() {
        let mut before = criteria.iter().take(index);
        if at.reader.violations() == 0 && before.any(|other| other.asks_the_same_as(criterion)) {
            let (at, expected) = (at.element(index, value), "another criterion than those before");
            at.refuse_found(Rule::CriterionOnce, expected, "one of them again");
        }
    }
}
