//! The rules of the messages, and violations of them, each with its JSON pointer.
//!
//! They are kept by the functions that read the messages. The JSON Schemas in `schemas/` state
//! those that a schema can express, for other programs.

use std::fmt;

use verdict::checks;

/// At most this many violations of a message are reported; correcting them brings up the next ones.
pub const MAX_VIOLATIONS: usize = 20;

checks! {
    /// A rule of the messages. Its text says what to do about a violation, as a clause.
    pub enum Rule {
        /// The members that the message's JSON Schema names are there, and of the types that it
        /// gives them.
        Schema = "schema": "correct the message as the draft's JSON Schemas describe it",
        /// No list has more elements than any exchange needs, and a credential's metadata is short:
        /// else checking a message of 1 MiB could take long.
        TooMany = "too-many": "ask for less at a time, or answer with less",
        /// `@context` may be spelled `context`, and is there once.
        OneContext = "one-context": "write `@context` once",
        /// A message uses the names of one form: those of the draft, or those of its revision of
        /// 2019-12-18.
        OneForm = "one-form": "write the names of one form throughout",
        /// Where `type` is written, it holds the message's own type; in JSON-LD it is written.
        Type = "type": "add the type",
        /// An id is a UUID or a URI.
        Id = "id": "write a UUID, or a URI as urn:example:1",
        /// A DID has the syntax of DID Core.
        Did = "did": "write did:method:id, for example did:sov:WgWxqztrNooG92RXvxSTWv",
        /// A date is written as RFC 3339 says.
        Date = "date": "write date, time and offset, for example 2019-08-23T14:29:48Z",
        /// A credential does not expire before it is issued.
        DatesInOrder = "dates-in-order": "let the credential expire after it is issued",
        /// The URL to which the response goes is absolute, and of HTTP.
        ProofUrl = "proof-url": "write the whole URL, beginning with https://",
        /// `accept` is not empty, and lists pairs of a syntax and a proof type.
        Accept = "accept": "list pairs such as json/Ed25519VerificationKey2018, or leave `accept` out to accept anything",
        /// A request has criteria, and a response answers some.
        SomeCriterion = "some-criterion": "add a criterion",
        /// A request has no criterion twice: the response names a criterion by repeating it.
        CriterionOnce = "criterion-once": "leave one of the two out, and raise `min` and `max` of the other",
        /// A criterion has either `schema`, or `context` and `type`.
        SchemaOrLinkedData = "schema-or-linked-data": "name a schema for attributes that a schema describes, and context and type for linked data",
        /// A criterion's attributes are listed in one place.
        OneListOfAttributes = "one-list-of-attributes": "list the attributes once",
        /// A criterion names an attribute once.
        AttributeOnce = "attribute-once": "leave one of the two out",
        /// A criterion names at least one issuer.
        SomeIssuer = "some-issuer": "name the issuers that are trusted for the criterion",
        /// A criterion names an issuer once.
        IssuerOnce = "issuer-once": "leave one of the two out",
        /// `min` and `max` are numbers of credentials.
        Bound = "bound": "write a whole number, 0 or greater",
        /// `min` is not above `max`. An absent `min` is 1.
        BoundsInOrder = "bounds-in-order": "lower `min`, or raise `max`",
        /// A predicate's operator is one of the four that can be proved.
        PredicateOperator = "predicate-operator": "choose one of the four operators",
        /// A predicate compares with a number of 32 bits, as AnonCreds does.
        PredicateValue = "predicate-value": "write a whole number, dates as 20060102 for example",
        /// A proof has one of the two shapes that the draft shows, or that of W3C Data Integrity.
        ProofShape = "proof-shape": "write all members of one shape, and none of the other",
        /// A proof is made for a purpose that fits what it signs.
        ProofPurpose = "proof-purpose": "have it signed for that purpose",
        /// A proof or credential has no member that would change its meaning and on which this
        /// crate cannot act.
        NotActedOn = "not-acted-on": "leave the member out where this is signed, or use a verifier that acts on it",
        /// A response has no presentation id twice.
        PresentationOnce = "presentation-once": "give each presentation an id of its own",
        /// A presentation holds credentials, or if its type says so a proof in zero knowledge.
        PresentationContent = "presentation-content": "put in what the presentation's type names, and nothing else",
        /// A credential names its schema, or has a context and a type of its own.
        CredentialKind = "credential-kind": "name `schemaId`, or add a second context and a second type",
        /// A credential has no attribute twice.
        ClaimOnce = "claim-once": "leave one of the two out",
    }
}

/// A rule that a message breaks, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Which rule.
    pub rule: Rule,
    /// Where in the document: a JSON pointer (RFC 6901), empty for the whole.
    pub pointer: String,
    /// What is expected there.
    pub expected: String,
    /// What was found, shortened.
    pub got: String,
    /// What to do about it, as a clause without a full stop.
    pub remedy: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rule, pointer, expected, got, remedy } = self;
        let location = match pointer.is_empty() {
            true => "the whole message",
            false => pointer,
        };
        write!(f, "{location}: expected {expected}; found {got}; {remedy} (rule {rule})")
    }
}
